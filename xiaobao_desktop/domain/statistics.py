"""Statistics over complaints: pure functions from narrow rows to exact numbers with the ids behind them.

口径 (the stated basis of counting): which date decides (received or closed), whether merged repeats count, which
natures count. Every figure has an as-of date: a case closed after it is open in the report.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from operator import attrgetter
from typing import Literal

from xiaobao_desktop.domain.case_rows import CaseRow, Cases
from xiaobao_desktop.domain.catalog import UNFILLED
from xiaobao_desktop.domain.numbers import growth, share
from xiaobao_desktop.domain.period import Period, month

__all__ = [
    "DAY_BANDS",
    "DIMENSIONS",
    "Basis",
    "CaseRow",
    "Cases",
    "Comparison",
    "Figures",
    "Group",
    "Method",
    "breakdown",
    "compare",
    "countable",
    "days_to_close",
    "figures",
    "in_period",
    "monthly_counts",
]

Basis = Literal["received", "closed"]


@dataclass(frozen=True)
class Method:
    """口径 of a statistic."""

    basis: Basis = "received"
    merge_repeats: bool = False
    natures: tuple[str, ...] = ("complaint",)


@dataclass(frozen=True)
class Group:
    """A number with the records behind it."""

    name: str
    ids: tuple[int, ...]

    @property
    def count(self) -> int:
        """How many records."""
        return len(self.ids)


@dataclass(frozen=True)
class Figures:
    """The figures of one period as of one day."""

    period: Period
    as_of: date
    received: Group
    received_closed: Group
    received_open: Group
    open_overdue: Group
    closed: Group
    closed_in_time: Group
    closed_late: Group
    closed_extended: Group
    carried_over: Group
    opening: Group
    ending: Group
    repeats: Group
    major: Group
    withdrawn: Group
    followed_up: Group
    satisfied: Group
    regulator: Group
    days_total: int

    @property
    def closed_rate(self) -> Fraction | None:
        """办结率: closed of those received in the period."""
        return share(self.received_closed.count, self.received.count)

    @property
    def in_time_rate(self) -> Fraction | None:
        """及时率: ended in time of those ended in the period (PBOC order 5 of 2020, art. 11 names the indicator)."""
        return share(self.closed_in_time.count, self.closed.count)

    @property
    def satisfaction_rate(self) -> Fraction | None:
        """满意度: satisfied of valid follow-ups."""
        return share(self.satisfied.count, self.followed_up.count)

    @property
    def average_days(self) -> Fraction | None:
        """Average calendar days of the cases ended in the period."""
        return share(self.days_total, self.closed.count)

    @property
    def balance(self) -> tuple[int, int, int, int]:
        """期初未结, 新收, 办结, 期末未结: the first two less the third equal the fourth."""
        return self.opening.count, self.received.count, self.closed.count, self.ending.count

    @property
    def balanced(self) -> bool:
        """Whether 期初未结 + 新收 − 办结 = 期末未结."""
        opening, received, closed, ending = self.balance
        return opening + received - closed == ending


@dataclass(frozen=True)
class Comparison:
    """One name in the columns 本期, 上期, 上年同期, 本年累计."""

    name: str
    now: Group
    before: int
    year_before: int
    year_to_date: int

    @property
    def change(self) -> int:
        """增减 against the period before."""
        return self.now.count - self.before

    @property
    def growth(self) -> Fraction | None:
        """环比; None at a zero base."""
        return growth(self.now.count, self.before)

    @property
    def year_change(self) -> int:
        """增减 against the same period last year."""
        return self.now.count - self.year_before

    @property
    def year_growth(self) -> Fraction | None:
        """同比; None at a zero base."""
        return growth(self.now.count, self.year_before)


@cache
def _month_of(day: date) -> str:
    return f"{day:%Y-%m}"


DIMENSIONS: Mapping[str, Callable[[CaseRow], str]] = {
    **{
        name: attrgetter(name) for name in ("source", "category", "subcategory", "cause", "channel", "branch", "region")
    },
    "origin": attrgetter("origin"),
    "month": lambda row: _month_of(row.received_on),
}
"""The breakdowns by name; the function gives the name a row is counted under. ``origin`` says something only in a book
that took in records of others."""
_ID = attrgetter("id")


def countable(rows: Iterable[CaseRow], method: Method) -> Sequence[CaseRow]:
    """The rows that count under the 口径 (nature; merged repeats left out when they count once)."""
    if isinstance(rows, Cases):
        return _counted(rows, method)
    return [row for row in rows if row.nature in method.natures and not (method.merge_repeats and row.repeat)]


def in_period(rows: Iterable[CaseRow], period: Period, as_of: date, method: Method) -> list[CaseRow]:
    """The rows of a period under the 口径: by receipt, or by the end when ``basis`` is "closed"."""
    cases, last = Cases.of(rows), min(period.last, as_of)
    return cases.ended(period.first, last) if method.basis == "closed" else cases.received(period.first, last)


def _counted(cases: Cases, method: Method) -> Cases:
    natures, merged = method.natures, method.merge_repeats
    return cases.once(
        ("countable", natures, merged),
        lambda: Cases(row for row in cases if row.nature in natures and not (merged and row.repeat)),
    )


def figures(rows: Sequence[CaseRow], period: Period, as_of: date, method: Method) -> Figures:
    """All headline figures of a period.

    Args:
        rows: every complaint known (earlier ones too, for the opening backlog).
        period: the period reported on.
        as_of: the day from which the report looks; later ends are not yet known.
        method: 口径; ``basis`` does not change the headline figures, which name their date themselves.
    """
    cases = Cases.of(rows)
    return cases.once(("figures", period, as_of, method), lambda: _figures(cases, period, as_of, method))


def _figures(cases: Cases, period: Period, as_of: date, method: Method) -> Figures:
    counted, first, last = _counted(cases, method), period.first, min(period.last, as_of)
    received = counted.received(first, last)
    closed = [row for row in counted.ended(first, last) if row.received_on <= as_of]
    received_closed = [row for row in received if row.closed_by(as_of)]
    received_open = [row for row in received if not row.closed_by(as_of)]
    opening = [row for row in counted.open_before(first) if row.received_on < first and row.received_on <= as_of]
    ending = [row for row in counted.open_before(last + timedelta(days=1)) if row.received_on <= last]
    in_time = [row for row in closed if row.in_time]
    followed = [row for row in closed if row.satisfaction in ("satisfied", "unsatisfied")]
    every = _counted(cases, replace(method, merge_repeats=False)).received(first, last)
    return Figures(
        period=period,
        as_of=as_of,
        received=_group("受理", received),
        received_closed=_group("受理中办结", received_closed),
        received_open=_group("受理中未办结", received_open),
        open_overdue=_group("超期未办结", [row for row in received_open if row.overdue_on(as_of)]),
        closed=_group("本期办结", closed),
        closed_in_time=_group("期限内办结", in_time),
        closed_late=_group("逾期办结", [row for row in closed if not row.in_time]),
        closed_extended=_group("延期办结", [row for row in in_time if row.extended]),
        carried_over=_group("上期结转", [row for row in closed if row.received_on < first]),
        opening=_group("期初未结", opening),
        ending=_group("期末未结", ending),
        repeats=_group("重复投诉", [row for row in every if row.repeat]),
        major=_group("重大投诉", [row for row in received if row.major]),
        withdrawn=_group("撤诉", [row for row in received_closed if row.withdrawn]),
        followed_up=_group("有效回访", followed),
        satisfied=_group("满意", [row for row in followed if row.satisfaction == "satisfied"]),
        regulator=_group("监管部门转送", [row for row in received if row.regulator]),
        days_total=sum(row.days or 0 for row in closed),
    )


def breakdown(rows: Iterable[CaseRow], dimension: str, order: Sequence[str] = ()) -> tuple[Group, ...]:
    """Rows counted by name of a dimension; empty values as 未填写, so that the counts add up to the total.

    Args:
        rows: the rows of the period.
        dimension: key of :data:`DIMENSIONS`.
        order: names in their given order; the first ones when counts are equal. Months are sorted by time.

    Returns:
        Groups by falling count, 未填写 last.
    """
    name_of = DIMENSIONS[dimension]
    found: defaultdict[str, list[int]] = defaultdict(list)
    for row in rows:
        found[name_of(row) or UNFILLED].append(row.id)
    place = {name: index for index, name in enumerate(order)}
    groups = [Group(name, tuple(ids)) for name, ids in found.items()]
    if dimension == "month":
        return tuple(sorted(groups, key=lambda group: group.name))
    return tuple(sorted(groups, key=lambda g: (g.name == UNFILLED, -g.count, place.get(g.name, len(place)), g.name)))


def compare(
    rows: Sequence[CaseRow], period: Period, as_of: date, method: Method, dimension: str, order: Sequence[str]
) -> tuple[Comparison, ...]:
    """A dimension's names in 本期, 上期, 上年同期 and 本年累计, every name of ``order`` included, zero or not.

    A period that is not over on the day of view is compared with the same days of the others.

    Args:
        rows: every complaint known.
        period: the period reported on.
        as_of: day of view.
        method: 口径.
        dimension: key of :data:`DIMENSIONS`.
        order: names to show, in their order; names found in the data but not here follow, 未填写 last.
    """
    cases, names = Cases.of(rows), tuple(order)
    key = ("compare", period, as_of, method, dimension, names)
    return cases.once(key, lambda: _compare(cases, period, as_of, method, dimension, names))


def _compare(
    cases: Cases, period: Period, as_of: date, method: Method, dimension: str, order: tuple[str, ...]
) -> tuple[Comparison, ...]:
    counted, name_of = _counted(cases, method), DIMENSIONS[dimension]

    def counts(span: Period) -> Counter[str]:
        return Counter(name_of(row) or UNFILLED for row in in_period(counted, span, as_of, method))

    now = {group.name: group for group in breakdown(in_period(counted, period, as_of, method), dimension)}
    base, base_last_year = period.compared(as_of)
    others = before, last_year, to_date = counts(base), counts(base_last_year), counts(period.year_to_date())
    found = {name for names in (now, *others) for name in names}
    names = [*order, *sorted(found - {*order, UNFILLED}), *([UNFILLED] if UNFILLED in found else [])]
    return tuple(
        Comparison(name, now.get(name, Group(name, ())), before[name], last_year[name], to_date[name]) for name in names
    )


DAY_BANDS: tuple[tuple[str, int, int], ...] = (
    ("<=15", 0, 15),
    ("16-30", 16, 30),
    ("31-60", 31, 60),
    (">60", 61, 10**6),
)


def days_to_close(rows: Iterable[CaseRow], as_of: date) -> dict[str, int]:
    """Counts of rows by days from receipt to end, and "open" for those not ended on ``as_of``."""
    bands = {name: 0 for name, _low, _high in DAY_BANDS}
    bands["open"] = 0
    names, highest = [name for name, _low, _high in DAY_BANDS], [high for _name, _low, high in DAY_BANDS]
    for row in rows:
        name = names[bisect_left(highest, row.days or 0)] if row.closed_by(as_of) else "open"
        bands[name] += 1
    return bands


def monthly_counts(rows: Sequence[CaseRow], year: int, last_month: int, as_of: date, method: Method) -> list[int]:
    """Received per month from January to ``last_month`` of ``year``."""
    counted = _counted(Cases.of(rows), method)
    days = (month(year, number) for number in range(1, last_month + 1))
    return [len(counted.received(span.first, min(span.last, as_of))) for span in days]


def _group(name: str, rows: Iterable[CaseRow]) -> Group:
    return Group(name, tuple(map(_ID, rows)))
