"""What a chart on the screen shows: exact numbers with the records behind them, without how they are drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from types import MappingProxyType

from xiaobao_desktop.domain.catalog import UNFILLED
from xiaobao_desktop.domain.numbers import share
from xiaobao_desktop.domain.period import Period
from xiaobao_desktop.domain.statistics import (
    DAY_BANDS,
    DIMENSIONS,
    CaseRow,
    Group,
    Method,
    breakdown,
    countable,
    figures,
    in_period,
)

OTHER = "其他"
"""A name that stands behind all others, however often it occurs."""
MOST_BARS = 14
MOST_HEAT_ROWS, MOST_HEAT_COLUMNS = 8, 11
_BAND_NAMES = {"<=15": "15 天内", "16-30": "16—30 天", "31-60": "31—60 天", ">60": "60 天以上"}
AGE_BANDS: tuple[tuple[str, int, int], ...] = (
    ("7 天内", 0, 7),
    ("8—15 天", 8, 15),
    ("16—30 天", 16, 30),
    ("31—60 天", 31, 60),
    ("60 天以上", 61, 10**6),
)
"""Name, first and last day of the bands in which open cases wait."""


@dataclass(frozen=True)
class Mark:
    """One bar, point or cell.

    Attributes:
        name: what it stands for.
        ids: the records behind it.
        value: the number shown; the count of ``ids`` for cases, a sum such as 人次 for others.
        share: of the whole chart, None where a share says nothing.
        last_year: the same days of the year before, None when not asked.
        folded: how many names stand behind it, for the mark of what was too much.
        missing: nothing was sent for it (汇总): its number is not known, or only what later packages told of it.
    """

    name: str
    ids: tuple[int, ...]
    value: int
    share: Fraction | None = None
    last_year: int | None = None
    folded: int = 1
    missing: bool = False


@dataclass(frozen=True)
class Bars:
    """Bars lying under each other, in their order; ``ranked`` when that is by falling number."""

    key: str
    title: str
    hint: str
    marks: tuple[Mark, ...]
    unit: str = "件"
    ranked: bool = True


@dataclass(frozen=True)
class Trend:
    """Two lines over the months of a year; ``marks`` reach up to the last month that has begun.

    ``last_year`` has all twelve months, None for those for which nothing was sent.
    """

    key: str
    title: str
    hint: str
    marks: tuple[Mark, ...]
    last_year: tuple[int | None, ...]
    this_label: str
    last_label: str
    unit: str = "件"


@dataclass(frozen=True)
class Heat:
    """A table of counts, the more the darker; ``marks`` row by row, one for each cell."""

    key: str
    title: str
    hint: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    marks: tuple[Mark, ...]
    unit: str = "件"

    def cell(self, row: int, column: int) -> Mark:
        """The mark of a cell."""
        return self.marks[row * len(self.columns) + column]


Chart = Bars | Trend | Heat


@dataclass(frozen=True)
class ChartSet:
    """The charts of one ledger for one period, and the headline figures beside the period."""

    ledger: str
    charts: tuple[Chart, ...]
    headline: tuple[str, ...]


def span(period: Period, as_of: date) -> Period:
    """The days of a period that are over on ``as_of``; a period still to come keeps its days."""
    if period.first <= as_of < period.last:
        return Period(period.first, as_of)
    return period


def short_cause(name: str) -> str:
    """What lies between 因 and 引起的投诉; other names as they are."""
    if name.startswith("因") and name.endswith("引起的投诉"):
        return name[1 : -len("引起的投诉")]
    return name


def month_marks(
    items: Iterable[tuple[date, int, int]], year: int, as_of: date
) -> tuple[tuple[Mark, ...], tuple[int, ...]]:
    """Marks of the months of ``year`` begun by ``as_of``, and the sums of all months of the year before.

    Args:
        items: day, record id and amount of each thing counted.
        year: the year of the marks.
        as_of: later days do not count yet.
    """
    found: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for day, record_id, amount in items:
        if day <= as_of:
            found.setdefault((day.year, day.month), []).append((record_id, amount))
    last_year = tuple(sum(amount for _id, amount in found.get((year - 1, number), ())) for number in range(1, 13))
    months = 12 if as_of.year > year else as_of.month if as_of.year == year else 0
    marks = []
    for number in range(1, months + 1):
        here = found.get((year, number), [])
        ids = tuple(record_id for record_id, _amount in here)
        total = sum(amount for _id, amount in here)
        marks.append(Mark(f"{year}年{number}月", ids, total, last_year=last_year[number - 1]))
    return tuple(marks), last_year


def trend(rows: Sequence[CaseRow], year: int, as_of: date, method: Method) -> tuple[tuple[Mark, ...], tuple[int, ...]]:
    """Complaints by month as :func:`month_marks`, by the day of receipt or of the end as the 口径 says."""
    counted = countable(rows, method)
    if method.basis == "closed":
        return month_marks(((row.closed_on, row.id, 1) for row in counted if row.closed_on), year, as_of)
    return month_marks(((row.received_on, row.id, 1) for row in counted), year, as_of)


def dimension_bars(
    rows: Sequence[CaseRow], dimension: str, order: Sequence[str], days: Period, method: Method
) -> tuple[Mark, ...]:
    """The names of a dimension as marks: by falling count, the rest folded, 其他 and 未填写 last.

    Args:
        rows: every complaint known.
        dimension: key of :data:`DIMENSIONS`.
        order: names in their official order, for equal counts.
        days: the days counted; the year before is counted over the same days.
        method: 口径.
    """
    counted = countable(rows, method)
    before = days.year_before()
    last_year = {
        group.name: group.count
        for group in breakdown(in_period(counted, before, before.last, method), dimension, order)
    }
    return ranked(breakdown(in_period(counted, days, days.last, method), dimension, order), last_year)


def ranked(groups: Sequence[Group], last_year: Mapping[str, int], most: int = MOST_BARS) -> tuple[Mark, ...]:
    """Groups, already sorted, as at most ``most`` marks; what is too much becomes one mark 其余N项 before 其他."""
    total = sum(group.count for group in groups)
    last = [group for name in (OTHER, UNFILLED) for group in groups if group.name == name]
    first = [group for group in groups if group not in last]
    room = most - len(last)
    folded = first[room - 1 :] if len(first) > room else []
    kept = first[: len(first) - len(folded)]
    marks = [_mark(group.name, group.ids, total, last_year.get(group.name, 0)) for group in kept]
    if folded:
        ids = tuple(record_id for group in folded for record_id in group.ids)
        before = sum(last_year.get(group.name, 0) for group in folded)
        marks.append(replace(_mark(f"其余{len(folded)}项", ids, total, before), folded=len(folded)))
    return (*marks, *(_mark(group.name, group.ids, total, last_year.get(group.name, 0)) for group in last))


def shorter(bars: Bars, most: int) -> Bars:
    """The bars in at most ``most`` rows: the smallest become one 其余N项 before 其他; bars in a fixed order are kept.

    The sum of numbers and shares stays the same; ``most`` is at least 3.
    """
    if len(bars.marks) <= most or not bars.ranked:
        return bars
    tails = (OTHER, UNFILLED)
    last = [mark for mark in bars.marks if mark.name in tails]
    first = [mark for mark in bars.marks if mark.name not in tails]
    kept, rest = first[: most - len(last) - 1], first[most - len(last) - 1 :]
    return replace(bars, marks=(*kept, _together(rest), *last))


def _together(marks: Sequence[Mark]) -> Mark:
    """Several marks as one; where a share or last year says nothing for one, it says nothing for all."""
    count = sum(mark.folded for mark in marks)
    ids = tuple(dict.fromkeys(record_id for mark in marks for record_id in mark.ids))
    shares = [mark.share for mark in marks if mark.share is not None]
    before = [mark.last_year for mark in marks if mark.last_year is not None]
    return Mark(
        f"其余{count}项",
        ids,
        sum(mark.value for mark in marks),
        sum(shares, Fraction()) if len(shares) == len(marks) else None,
        sum(before) if len(before) == len(marks) else None,
        count,
    )


def printed(chart: Chart) -> Chart:
    """The chart without the records behind it: what a paper shows needs only the numbers."""
    return replace(chart, marks=tuple(replace(mark, ids=()) for mark in chart.marks))


def days_bars(rows: Sequence[CaseRow], days: Period, method: Method) -> tuple[Mark, ...]:
    """Cases of a period by days from receipt to end, the open ones last."""
    chosen = in_period(countable(rows, method), days, days.last, method)
    ended = [row for row in chosen if row.closed_by(days.last)]
    marks = [
        _mark(_BAND_NAMES[key], tuple(row.id for row in ended if low <= (row.days or 0) <= high), len(chosen))
        for key, low, high in DAY_BANDS
    ]
    still_open = tuple(row.id for row in chosen if not row.closed_by(days.last))
    return (*marks, _mark("尚未办结", still_open, len(chosen))) if chosen else ()


def timeliness_bars(rows: Sequence[CaseRow], days: Period, method: Method) -> tuple[Mark, ...]:
    """How the terms were kept: cases ended in the period, of all ended; cases open at its end, of all open.

    In time and late are those of 及时率 (:attr:`~xiaobao_desktop.domain.statistics.Figures.in_time_rate`).
    """
    found = figures(rows, days, days.last, method)
    extended, open_ids = set(found.closed_extended.ids), set(found.ending.ids)
    late = {row.id for row in rows if row.id in open_ids and row.overdue_on(days.last)}
    ended = (
        ("期限内办结", tuple(one for one in found.closed_in_time.ids if one not in extended)),
        ("延期后按期办结", found.closed_extended.ids),
        ("逾期办结", found.closed_late.ids),
    )
    waiting = (
        ("在办未到期", tuple(one for one in found.ending.ids if one not in late)),
        ("在办已超期", tuple(one for one in found.ending.ids if one in late)),
    )
    closed = tuple(_mark(name, ids, found.closed.count) for name, ids in ended)
    return (*closed, *(_mark(name, ids, found.ending.count) for name, ids in waiting))


def ageing_bars(rows: Sequence[CaseRow], as_of: date, method: Method) -> tuple[Mark, ...]:
    """All cases open on ``as_of``, whenever received, by days of waiting."""
    waiting = [row for row in countable(rows, method) if row.received_on <= as_of and not row.closed_by(as_of)]

    def within(low: int, high: int) -> tuple[int, ...]:
        return tuple(row.id for row in waiting if low <= (as_of - row.received_on).days <= high)

    marks = tuple(_mark(name, within(low, high), len(waiting)) for name, low, high in AGE_BANDS)
    return marks if waiting else ()


def heat(
    rows: Sequence[CaseRow],
    orders: Mapping[str, Sequence[str]],
    days: Period,
    method: Method,
    short: Mapping[str, str] = MappingProxyType({}),
) -> Heat:
    """业务类别 × 投诉原因: the most frequent of both, the rest folded into the last row and column.

    ``short`` gives short names of causes for the heads of columns.
    """
    chosen = in_period(countable(rows, method), days, days.last, method)
    row_of, row_names = _folding(chosen, "category", orders, MOST_HEAT_ROWS, "类")
    column_of, column_names = _folding(chosen, "cause", orders, MOST_HEAT_COLUMNS, "种")
    columns = tuple(short.get(name, short_cause(name)) for name in column_names)
    cells: dict[tuple[str, str], list[int]] = {}
    for row in chosen:
        cells.setdefault((row_of(row), column_of(row)), []).append(row.id)
    marks = tuple(
        _mark(f"{one}×{shown}", tuple(cells.get((one, other), ())), len(chosen))
        for one in row_names
        for other, shown in zip(column_names, columns, strict=True)
    )
    return Heat("heat", "业务类别×投诉原因", "件数，颜色越深越多", row_names, columns, marks)


def _folding(
    rows: Sequence[CaseRow], dimension: str, orders: Mapping[str, Sequence[str]], most: int, unit: str
) -> tuple[Callable[[CaseRow], str], tuple[str, ...]]:
    """How a row is named when rare names are folded, and the names in order."""
    groups = breakdown(rows, dimension, orders.get(dimension, ()))
    kept = [group.name for group in groups]
    rest = ""
    if len(kept) > most:
        rest = f"其余{len(kept) - most + 1}{unit}"
        kept = kept[: most - 1]
    names = set(kept)

    def name_of(row: CaseRow) -> str:
        name = DIMENSIONS[dimension](row) or UNFILLED
        return name if name in names else rest

    return name_of, tuple([*kept, rest] if rest else kept)


def shortened(marks: Sequence[Mark]) -> tuple[Mark, ...]:
    """The marks with short names of causes."""
    return tuple(replace(mark, name=short_cause(mark.name)) for mark in marks)


def summed(groups: Iterable[tuple[str, tuple[int, ...], int]]) -> tuple[Mark, ...]:
    """Marks of (name, ids, amount) by falling amount, 其他 and 未填写 last; names with nothing behind them left out.

    Without shares: a thing may stand under several names.
    """
    filled = [Mark(name, ids, amount) for name, ids, amount in groups if ids]
    last = (OTHER, UNFILLED)
    place = {name: index for index, name in enumerate(last, start=1)}
    return tuple(sorted(filled, key=lambda mark: (place.get(mark.name, 0), -mark.value)))[:MOST_BARS]


def _mark(name: str, ids: tuple[int, ...], total: int, last_year: int | None = None) -> Mark:
    return Mark(name, ids, len(ids), share(len(ids), total), last_year)
