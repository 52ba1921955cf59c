"""数据看板: all charts of a period on one wide page, the key figures above them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from xiaobao_desktop.domain.charts import Chart, printed
from xiaobao_desktop.domain.numbers import percent, round_half_up
from xiaobao_desktop.domain.outreach_statistics import OutreachFigures
from xiaobao_desktop.domain.period import Period, chinese_date
from xiaobao_desktop.domain.statistics import Figures
from xiaobao_desktop.domain.training_statistics import TrainingFigures
from xiaobao_desktop.reports.document import (
    ChartRow,
    Dashboard,
    Document,
    Figure,
    HeadLine,
    KeyFigure,
    Layout,
    Note,
    SignatureLine,
)
from xiaobao_desktop.reports.prose import Prose
from xiaobao_desktop.settings import BankSettings

LINES = 12
"""Height of the picture in lines of the grid; the page has room for the note below it."""
_ROWS: tuple[tuple[int, tuple[int, ...]], ...] = ((27, (6, 6, 5)), (33, (9, 6, 6)), (20, (5, 4, 4, 5, 8)))
"""Height of each row of charts and the widths of its charts, as proportions."""
CHARTS = sum(len(widths) for _height, widths in _ROWS)
"""So many charts stand on the page."""


@dataclass(frozen=True)
class DashboardInput:
    """Everything the page is made from.

    Attributes:
        settings: the bank's names and decimals.
        period, as_of: what is counted, and up to which day.
        method: 口径 in words.
        complaints, trainings, outreach: the figures of the period.
        overdue: how many open cases are past their term.
        charts: :data:`CHARTS` charts, row by row.
        origins: names of the 来源机构 that count, "" for all.
    """

    settings: BankSettings
    period: Period
    as_of: date
    method: str
    complaints: Figures
    overdue: int
    trainings: TrainingFigures
    outreach: OutreachFigures
    charts: Sequence[Chart]
    origins: str = ""


def build(data: DashboardInput) -> Document:
    """The page as a document."""
    settings, digits = data.settings, int(data.settings.percent_digits)
    prose = Prose("dashboard.j2", digits)
    note = prose.say("note", as_of=chinese_date(data.as_of), digits=digits, year=data.period.last.year)
    people = (("制表", settings.preparer), ("审核", settings.reviewer), ("负责人", settings.responsible))
    method = f"口径：{data.method}"
    of = f"（来源机构：{data.origins}）" if data.origins else ""
    return Document(
        title=(prose.say("title_line", period=data.period.title),),
        blocks=(Figure("", Dashboard(_figures(data, digits), _rows(data.charts), digits), LINES), Note(note)),
        layout=Layout.LANDSCAPE,
        head_line=HeadLine(f"填报机构：{settings.printed_name}{of}", f"统计期间：{_span(data)}", method),
        foot_line=SignatureLine(tuple(f"{label}：{name}" for label, name in people)),
        numbers_from=2,
    )


def _span(data: DashboardInput) -> str:
    """The period, and up to which day while it is not over."""
    cut = data.as_of != data.period.last
    return f"{data.period.title}（至{data.as_of.month}月{data.as_of.day}日）" if cut else data.period.title


def _figures(data: DashboardInput, digits: int) -> tuple[KeyFigure, ...]:
    found, outreach = data.complaints, data.outreach.activities
    average = found.average_days
    days = KeyFigure("平均用时", "—")
    if average is not None:
        days = KeyFigure("平均用时", str(round_half_up(average, max(digits, 1))), "日")

    def rate(label: str, text: str) -> KeyFigure:
        return KeyFigure(label, text, "%" if any(char.isdigit() for char in text) else "")

    return (
        KeyFigure("受理投诉", f"{found.received.count:,}", "件"),
        KeyFigure("本期办结", f"{found.closed.count:,}", "件"),
        rate("办结率", percent(found.closed_rate, digits)),
        KeyFigure("在办", f"{found.ending.count:,}", "件"),
        KeyFigure("其中超期", f"{data.overdue:,}", "件"),
        rate("及时率", percent(found.in_time_rate, digits)),
        days,
        rate("满意度", percent(found.satisfaction_rate, digits)),
        KeyFigure("教育培训", f"{data.trainings.sessions.count:,}", "次"),
        KeyFigure("宣传活动", f"{outreach.sessions:,}", "场次"),
        KeyFigure("受众", f"{outreach.audience:,}", "人次"),
    )


def _rows(charts: Sequence[Chart]) -> tuple[ChartRow, ...]:
    rest = [printed(chart) for chart in charts]
    rows = []
    for height, widths in _ROWS:
        row, rest = rest[: len(widths)], rest[len(widths) :]
        rows.append(ChartRow(tuple(row), widths, height))
    return tuple(rows)
