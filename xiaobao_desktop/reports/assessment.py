"""网点投诉处理质量考核表: timeliness, soundness and satisfaction by branch, for paper and for Excel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from xiaobao_desktop.domain.assessment import BranchQuality, whole
from xiaobao_desktop.domain.numbers import NO_BASE, percent, round_half_up
from xiaobao_desktop.domain.period import Period, chinese_date
from xiaobao_desktop.reports.document import (
    Column,
    ColumnKind,
    Document,
    HeadLine,
    Layout,
    Note,
    SignatureLine,
    Table,
    TableStyle,
)
from xiaobao_desktop.reports.prose import Prose
from xiaobao_desktop.reports.sheets import Cell, CellKind, Sheet, SheetColumn
from xiaobao_desktop.settings import BankSettings

TEMPLATE = "assessment.j2"
TOTAL = "合　计"
_HEADS = (
    ("被考核机构", 58),
    ("办结\n(件)", 20),
    ("期限内\n办结(件)", 24),
    ("及时率\n(%)", 24),
    ("要素齐全\n(件)", 24),
    ("合格率\n(%)", 24),
    ("有效回访\n(件)", 24),
    ("满意\n(件)", 20),
    ("满意度\n(%)", 24),
)
_RATES = (3, 5, 8)


@dataclass(frozen=True)
class AssessmentInput:
    """Everything the table is made from: the bank's names, the period, the branches, whether repeats are merged."""

    settings: BankSettings
    period: Period
    as_of: date
    items: Sequence[BranchQuality]
    merged: bool
    signed_on: date


def build(data: AssessmentInput) -> Document:
    """The table as a wide page."""
    settings = data.settings
    people = (("制表", settings.preparer), ("审核", settings.reviewer), ("负责人", settings.responsible))
    columns = tuple(
        Column(head, width, ColumnKind.CENTER if place else ColumnKind.TEXT)
        for place, (head, width) in enumerate(_HEADS)
    )
    digits = int(settings.percent_digits)
    rows = [_texts(item, digits) for item in (*data.items, whole(TOTAL, data.items))]
    table = Table(columns, tuple(rows), total=True, style=TableStyle.CROSS_DENSE)
    return Document(
        title=(_prose(data).say("title_line", period=data.period.title),),
        blocks=(table, Note(_note(data))),
        layout=Layout.LANDSCAPE,
        head_line=HeadLine(f"填报机构：{settings.printed_name}", f"统计期间：{data.period.title}", ""),
        foot_line=SignatureLine(tuple(f"{label}：{name}" for label, name in people)),
    )


def sheet(data: AssessmentInput) -> Sheet:
    """The same figures for Excel."""
    digits = int(data.settings.percent_digits)
    columns = tuple(
        SheetColumn(
            head.replace("\n", ""),
            22 if not place else 11,
            CellKind.TEXT if not place else CellKind.DECIMAL if place in _RATES else CellKind.INTEGER,
        )
        for place, (head, _width) in enumerate(_HEADS)
    )
    rows = tuple(_cells(item, digits) for item in (*data.items, whole(TOTAL, data.items)))
    return Sheet(
        name="网点考核表",
        title=_prose(data).say("title_line", period=data.period.title),
        columns=columns,
        rows=rows,
        head_line=f"填报机构：{data.settings.printed_name}　　统计期间：{data.period.title}",
        totals=1,
        notes=(_note(data),),
    )


def _texts(item: BranchQuality, digits: int) -> tuple[str, ...]:
    return (
        item.name,
        str(item.closed.count),
        str(item.in_time.count),
        percent(item.in_time_rate, digits),
        str(item.sound.count),
        percent(item.sound_rate, digits),
        str(item.followed_up.count),
        str(item.satisfied.count),
        percent(item.satisfaction_rate, digits),
    )


def _cells(item: BranchQuality, digits: int) -> tuple[Cell, ...]:
    def rate(value: Fraction | None) -> Cell:
        return NO_BASE if value is None else round_half_up(value * 100, digits)

    return (
        item.name,
        item.closed.count,
        item.in_time.count,
        rate(item.in_time_rate),
        item.sound.count,
        rate(item.sound_rate),
        item.followed_up.count,
        item.satisfied.count,
        rate(item.satisfaction_rate),
    )


def _prose(data: AssessmentInput) -> Prose:
    return Prose(TEMPLATE, int(data.settings.percent_digits))


def _note(data: AssessmentInput) -> str:
    shown = chinese_date(data.as_of) if data.as_of != data.period.last else ""
    return _prose(data).say("note", as_of=shown, merged=data.merged)
