"""汇总 in charts: what each 来源机构 has, by month, and where nothing was sent; exact, with the records behind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from xiaobao_desktop.domain.charts import MOST_BARS, MOST_HEAT_ROWS, Bars, Heat, Mark, Trend, shorter
from xiaobao_desktop.domain.numbers import share
from xiaobao_desktop.domain.period import Period, month
from xiaobao_desktop.domain.reported import NOT_SENT, Reported, months_of, nobody_sent

Item = tuple[date, int, int]
"""Day, record id and amount of a thing that is counted."""
NAMED = 3
"""At most so many banks are named in a line below a title."""


@dataclass(frozen=True)
class OriginItems:
    """What is counted in a ledger, by 来源机构.

    Attributes:
        items: by name, in the order for equal amounts; names without any are here too.
        reported: for which days each has sent its records, by name.
        unit: measure word.
    """

    items: Mapping[str, Sequence[Item]]
    reported: Mapping[str, Reported]
    unit: str

    def lacking(self, days: Period) -> tuple[str, ...]:
        """Names of those that sent nothing for the days and of which nothing is known."""
        return tuple(
            name for name, book in self.reported.items() if book.lacks(days) and not _within(self.items[name], days)
        )


def with_gaps(chart: Trend, year: int, as_of: date, chosen: Sequence[Reported]) -> Trend:
    """A trend that marks the months for which none of the chosen books sent anything; without records they are gaps."""
    marks = [
        replace(mark, missing=nobody_sent(chosen, _begun(year, number, as_of)))
        for number, mark in enumerate(chart.marks, start=1)
    ]
    before = [
        None if not count and nobody_sent(chosen, month(year - 1, number)) else count
        for number, count in enumerate(chart.last_year, start=1)
    ]
    told = [replace(mark, last_year=count) for mark, count in zip(marks, before, strict=False)]
    return replace(chart, marks=tuple(told), last_year=tuple(before))


def bars(found: OriginItems, days: Period) -> Bars:
    """Amounts by 来源机构, the largest first, the rest folded; who sent nothing is named below the title."""
    amounts = {name: _within(items, days) for name, items in found.items.items()}
    total = sum(amount for some in amounts.values() for _day, _id, amount in some)
    lacking = found.lacking(days)
    unsent = [name for name, book in found.reported.items() if book.lacks(days)]
    before = days.year_before()
    marks = [
        Mark(
            name,
            tuple(record_id for _day, record_id, _amount in some),
            value := sum(amount for _day, _id, amount in some),
            share(value, total),
            _last_year(found, name, before),
        )
        for name, some in amounts.items()
        if name not in lacking
    ]
    ordered = tuple(sorted(marks, key=lambda mark: -mark.value)) if total else ()
    told = _told(months_of(days), found)
    late = [name for name, book in found.reported.items() if any(map(book.lacks, told))]
    hint = "各机构都已报送"
    if unsent or late:
        hint = f"{len(unsent)}家{NOT_SENT}：{_some(unsent)}" if unsent else f"{len(late)}家缺月份：{_some(late)}"
    return shorter(Bars("origin", "按来源机构", hint, ordered, found.unit), MOST_BARS)


def months(found: OriginItems, year: int, as_of: date) -> Heat:
    """来源机构 × month of a year up to a day: who sent nothing for a month stands first, then the largest.

    Months before the first and after the last for which anybody sent something are left out.
    """
    spans = _told([_begun(year, number, as_of) for number in range(1, 13) if date(year, number, 1) <= as_of], found)
    rows = {name: [_cell(found, name, days) for days in spans] for name in found.items}
    order = sorted(rows, key=lambda name: (-sum(one.missing for one in rows[name]), -sum(m.value for m in rows[name])))
    late = sum(any(one.missing for one in marks) for marks in rows.values())
    kept, rest = order, []
    if len(order) > MOST_HEAT_ROWS:
        kept, rest = order[: MOST_HEAT_ROWS - 1], order[MOST_HEAT_ROWS - 1 :]
    named = [(name, rows[name]) for name in kept]
    if rest:
        name = f"其余{len(rest)}家"
        named.append((name, [_folded(name, [rows[one][place] for one in rest]) for place in range(len(spans))]))
    columns = tuple(f"{days.first.month}月" for days in spans)
    hint = f"“缺”是{NOT_SENT}；{late}家有缺的月份" if late else f"{year}年各机构各月都已报送"
    marks = tuple(mark for _name, marks in named for mark in marks)
    names = tuple(name for name, _marks in named)
    return Heat("origin_months", "来源机构×月份", hint, names, columns, marks, found.unit)


def _told(spans: Sequence[Period], found: OriginItems) -> list[Period]:
    """The months from the first to the last of which anything is known."""
    known = [place for place, days in enumerate(spans) if len(found.lacking(days)) < len(found.reported)]
    return list(spans[known[0] : known[-1] + 1]) if known else []


def _cell(found: OriginItems, name: str, days: Period) -> Mark:
    some = _within(found.items[name], days)
    ids = tuple(record_id for _day, record_id, _amount in some)
    amount = sum(amount for _day, _id, amount in some)
    missing = found.reported[name].lacks(days)
    return Mark(f"{name}×{days.first.month}月", ids, amount, missing=missing)


def _folded(name: str, marks: Sequence[Mark]) -> Mark:
    """The same month of several banks as one cell; missing only when nobody sent anything."""
    ids = tuple(record_id for mark in marks for record_id in mark.ids)
    column = marks[0].name.rpartition("×")[2]
    missing = all(mark.missing for mark in marks)
    return Mark(f"{name}×{column}", ids, sum(mark.value for mark in marks), folded=len(marks), missing=missing)


def _last_year(found: OriginItems, name: str, days: Period) -> int | None:
    """The amount of the same days of the year before; None when nothing was sent for them."""
    some = _within(found.items[name], days)
    return None if not some and found.reported[name].lacks(days) else sum(amount for _day, _id, amount in some)


def _begun(year: int, number: int, as_of: date) -> Period:
    """The days of a month up to the day of view."""
    whole = month(year, number)
    return Period(whole.first, as_of) if whole.first <= as_of < whole.last else whole


def _within(items: Iterable[Item], days: Period) -> list[Item]:
    return [item for item in items if days.first <= item[0] <= days.last]


def _some(names: Sequence[str]) -> str:
    return "、".join(names[:NAMED]) + ("等" if len(names) > NAMED else "")
