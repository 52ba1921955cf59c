"""Tables of the report of a period, as finished strings."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from xiaobao_desktop.domain.catalog import UNFILLED
from xiaobao_desktop.domain.charts import short_cause
from xiaobao_desktop.domain.numbers import NO_BASE, growth, percent, share, signed
from xiaobao_desktop.domain.statistics import Comparison, Figures, Group
from xiaobao_desktop.reports.document import Column, ColumnKind, Table, TableStyle
from xiaobao_desktop.reports.period_words import PeriodWords

if TYPE_CHECKING:
    from xiaobao_desktop.reports.periodic import DueItem


def headline(
    now: Figures, before: Figures, last_year: Figures, to_date: Figures, digits: int, words: PeriodWords
) -> Table:
    """表1: the main indicators of this period, the one before, the same one last year and the year so far.

    For a year the last three would say the same: it is compared with the year before alone.
    """
    spans = (now, before, last_year, to_date)
    rows = [
        _count_row("受理投诉（件）", [item.received.count for item in spans], digits),
        _count_row("　其中：监管部门转送", [item.regulator.count for item in spans], digits),
        _count_row("　其中：期末已办结", [item.received_closed.count for item in spans], digits),
        _count_row("办结投诉（含结转，件）", [item.closed.count for item in spans], digits),
        _count_row("　其中：期限内办结", [item.closed_in_time.count for item in spans], digits),
        _rate_row("办结率（%）", [item.closed_rate for item in spans], digits),
        _rate_row("及时率（%）", [item.in_time_rate for item in spans], digits),
        _rate_row("满意度（%）", [item.satisfaction_rate for item in spans], digits),
        _count_row("期末在办（件）", [item.ending.count for item in spans], digits),
    ]
    columns = (
        Column("指标", 46),
        Column(words.this, 16, ColumnKind.NUMBER),
        Column(words.before, 16, ColumnKind.NUMBER),
        Column("环比", 26.5, ColumnKind.NUMBER),
        Column(words.last_year, 17, ColumnKind.NUMBER),
        Column("同比", 26.5, ColumnKind.NUMBER),
        Column("本年累计", 17, ColumnKind.NUMBER),
    )
    caption = "表1  消费投诉办理主要指标"
    if words.before == words.last_year:
        kept = (0, 1, 4, 5)
        return Table(tuple(columns[i] for i in kept), tuple(tuple(row[i] for i in kept) for row in rows), caption)
    return Table(columns, tuple(rows), caption)


def due_items(items: Sequence[DueItem], month: str) -> Table:
    """表2: what is due in the next period."""
    columns = (
        Column("序号", 12, ColumnKind.CENTER),
        Column("到期日", 20, ColumnKind.CENTER),
        Column("事项", 66),
        Column("类别", 16, ColumnKind.CENTER),
        Column("责任部门", 38),
    )
    rows = tuple(
        (str(number), f"{item.day.month}月{item.day.day}日", item.what, item.kind, item.department or "—")
        for number, item in enumerate(items, start=1)
    )
    return Table(columns, rows, caption=f"表2  {month}到期事项")


def breakdown_table(
    caption: str,
    head: str,
    items: Sequence[Comparison],
    digits: int,
    words: PeriodWords,
    style: TableStyle = TableStyle.ANNEX,
) -> Table:
    """One annex table: count and share, the period before, change, last year, change; total in the last row."""
    total = sum(item.now.count for item in items)
    rows = [_breakdown_row(short_cause(item.name), item, total, digits) for item in items]
    whole = Comparison(
        "合　计",
        Group("合计", tuple(row_id for item in items for row_id in item.now.ids)),
        sum(item.before for item in items),
        sum(item.year_before for item in items),
        sum(item.year_to_date for item in items),
    )
    rows.append(_breakdown_row(whole.name, whole, total, digits))
    columns = (
        Column(head, 54.5),
        Column("件数", 11, ColumnKind.NUMBER, words.this),
        Column("占比(%)", 14, ColumnKind.NUMBER, words.this),
        Column(_counted(words.before), 12, ColumnKind.NUMBER),
        Column("增减", 11.5, ColumnKind.NUMBER, "环比"),
        Column("增幅(%)", 14.5, ColumnKind.NUMBER, "环比"),
        Column(_counted(words.last_year), 13, ColumnKind.NUMBER),
        Column("增减", 11.5, ColumnKind.NUMBER, "同比"),
        Column("增幅(%)", 14, ColumnKind.NUMBER, "同比"),
    )
    if words.before == words.last_year:
        # The period before a year is the year before: told once, as 同比.
        kept = (0, 1, 2, 6, 7, 8)
        told = tuple(tuple(row[i] for i in kept) for row in rows)
        heads = tuple(columns[i] for i in kept)
        return Table(heads, told, caption, "单位：件", total=True, style=style)
    return Table(columns, tuple(rows), caption, "单位：件", total=True, style=style)


def fold_zeros(items: Sequence[Comparison]) -> tuple[tuple[Comparison, ...], bool]:
    """Rows that are zero in all three periods as one row 其余N类, when there are at least two; 未填写 stays last."""
    zero = [item for item in items if not (item.now.count or item.before or item.year_before)]
    if len(zero) < 2:
        return tuple(items), False
    kept = [item for item in items if item not in zero]
    to_date = sum(item.year_to_date for item in zero)
    row = Comparison(f"其余{len(zero)}类", Group("其余", ()), 0, 0, to_date)
    unfilled = [item for item in kept if item.name == UNFILLED]
    return (*(item for item in kept if item.name != UNFILLED), row, *unfilled), True


def _counted(name: str) -> str:
    """The head of a narrow column with the counts of a period, in lines of three characters: 上年同/月件数."""
    return f"{name[:3]}\n{name[3:]}件数" if len(name) <= 4 else f"{name[:3]}\n{name[3:]}\n件数"


def _breakdown_row(name: str, item: Comparison, total: int, digits: int) -> tuple[str, ...]:
    return (
        name,
        str(item.now.count),
        percent(share(item.now.count, total), digits),
        str(item.before),
        signed(str(item.change)),
        signed(percent(item.growth, digits)),
        str(item.year_before),
        signed(str(item.year_change)),
        signed(percent(item.year_growth, digits)),
    )


def _count_row(name: str, counts: list[int], digits: int) -> tuple[str, ...]:
    now, before, last_year, to_date = counts
    return (
        name,
        str(now),
        str(before),
        _with_sign(growth(now, before), digits),
        str(last_year),
        _with_sign(growth(now, last_year), digits),
        str(to_date),
    )


def _rate_row(name: str, rates: list[Fraction | None], digits: int) -> tuple[str, ...]:
    now, before, last_year, to_date = rates
    return (
        name,
        percent(now, digits),
        percent(before, digits),
        _points(now, before, digits),
        percent(last_year, digits),
        _points(now, last_year, digits),
        percent(to_date, digits),
    )


def _with_sign(rate: Fraction | None, digits: int) -> str:
    text = signed(percent(rate, digits))
    return text if text == NO_BASE else f"{text}%"


def _points(now: Fraction | None, base: Fraction | None, digits: int) -> str:
    """Difference of two rates in percentage points, from the exact fractions."""
    if now is None or base is None:
        return NO_BASE
    return f"{signed(percent(now - base, digits))}百分点"
