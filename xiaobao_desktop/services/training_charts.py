"""The charts of training for the screen."""

from __future__ import annotations

from datetime import date

from xiaobao_desktop.domain import charts
from xiaobao_desktop.domain.charts import Bars, ChartSet, Mark, Trend
from xiaobao_desktop.domain.ledgers.training import LEDGER
from xiaobao_desktop.domain.numbers import percent, share
from xiaobao_desktop.domain.period import Period
from xiaobao_desktop.domain.statistics import Method
from xiaobao_desktop.services import origin_charts, training_statistics
from xiaobao_desktop.services.origins import OWN_SIGN, Chosen
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.services.training_statistics import TrainingStatistics


def build(session: Session, period: Period, as_of: date, _method: Method, chosen: Chosen = ()) -> ChartSet:
    """The charts of a period; coverage is that of the year in which the period ends, up to ``as_of``.

    The staff list is that of the book alone: there is no 参训覆盖 of other 来源机构.
    """
    rows = training_statistics.training_rows(session, chosen)
    found = training_statistics.summarise(session, rows, period, as_of)
    year = period.last.year
    items = [(row.held_on, row.id, 1) for row in rows]
    months, last_year = charts.month_marks(items, year, as_of)
    trend = Trend("trend", "各月培训", "与去年同月比", months, last_year, f"{year}年", f"{year - 1}年", "场")
    sessions, people = _coverage(found)
    names = "、".join(found.missing)
    hint = f"{year}年还没有场次：{names}" if names else f"{year}年，各类人员都已有场次"
    return ChartSet(
        LEDGER.key,
        (
            origin_charts.with_gaps(session, LEDGER, chosen, trend, year, as_of),
            *origin_charts.charts(session, LEDGER, chosen, items, period, as_of, "场"),
            Bars("sessions", "各类人员的场次", hint, sessions, "场", ranked=False),
            *((_people(year, people),) if not chosen or OWN_SIGN in chosen else ()),
            Bars("category", "按培训类别", "本期场次", _counted(found, "category"), "场"),
            Bars("form", "按培训形式", "本期场次", _counted(found, "form"), "场"),
        ),
        _headline(session, found),
    )


def _people(year: int, people: tuple[Mark, ...]) -> Bars:
    return Bars("people", "参训覆盖", f"{year}年签到的不同人员，占在册人数", people, "人", ranked=False)


def _headline(session: Session, found: TrainingStatistics) -> tuple[str, ...]:
    figures = found.figures
    rate = percent(figures.rate, int(session.settings.percent_digits))
    return (
        f"培训 {figures.sessions.count} 场",
        f"实到 {figures.attended} 人次",
        f"参训率 {rate}%" if figures.rate is not None else f"参训率 {rate}",
    )


def _coverage(found: TrainingStatistics) -> tuple[tuple[Mark, ...], tuple[Mark, ...]]:
    """Sessions of each group, and its people present with their share of the staff list."""
    named = [(found.group_names[item.group], item) for item in found.coverage]
    sessions = tuple(Mark(name, item.sessions.ids, item.sessions.count) for name, item in named)
    people = tuple(Mark(name, item.sessions.ids, item.people, share(item.people, item.staff)) for name, item in named)
    return sessions, people


def _counted(found: TrainingStatistics, dimension: str) -> tuple[Mark, ...]:
    return charts.summed((group.name, group.ids, group.count) for group in found.dimensions[dimension])
