"""Statistics over complaints: pure functions from narrow rows to exact numbers with the ids behind them.

口径 (the stated basis of counting): which date decides (received or closed), whether merged repeats count, which
natures count. Every figure has an as-of date: a case closed after it is open in the report.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Literal

from xiaobao_desktop.domain.catalog import UNFILLED
from xiaobao_desktop.domain.numbers import growth, share
from xiaobao_desktop.domain.period import Period

Basis = Literal["received", "closed"]


@dataclass(frozen=True, slots=True)
class CaseRow:
    """What statistics need to know of one complaint; names are resolved already, "" counts as 未填写.

    Attributes:
        satisfaction: "satisfied", "unsatisfied" or "" (no valid follow-up).
        repeat: a repeat or merged into another complaint.
        department: the complained-of unit is a head-office department, not an outlet.
        told: the complainant has been told the decision, only the closing is missing: no term runs any more.
        limit_days: days of the stage that ran last, approved extensions included; 0 when unknown.
        first_limit: days of the first stage of its rule profile.
    """

    id: int
    received_on: date
    closed_on: date | None
    answered_on: date | None
    due_on: date | None
    source: str = ""
    category: str = ""
    subcategory: str = ""
    cause: str = ""
    channel: str = ""
    branch: str = ""
    region: str = ""
    nature: str = "complaint"
    satisfaction: str = ""
    repeat: bool = False
    major: bool = False
    withdrawn: bool = False
    told: bool = False
    limit_days: int = 0
    first_limit: int = 0
    department: bool = False
    regulator: bool = False

    def closed_by(self, day: date) -> bool:
        """Whether the case had ended on ``day``."""
        return self.closed_on is not None and self.closed_on <= day

    def overdue_on(self, day: date) -> bool:
        """Whether the case, open on ``day``, had passed its limit without an answer."""
        return not self.told and self.due_on is not None and self.due_on < day

    @property
    def days(self) -> int | None:
        """Calendar days from receipt to the end; None while open."""
        return (self.closed_on - self.received_on).days if self.closed_on else None

    @property
    def extended(self) -> bool:
        """Whether an approved extension was needed: one was recorded and the first limit was passed."""
        return self.limit_days > self.first_limit and (self.days or 0) > self.first_limit

    @property
    def in_time(self) -> bool:
        """Whether the answer (or the end) came within the limit, approved extensions included."""
        answered = self.answered_on or self.closed_on
        return answered is not None and (self.due_on is None or answered <= self.due_on)


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


DIMENSIONS: Mapping[str, Callable[[CaseRow], str]] = {
    "source": lambda row: row.source,
    "category": lambda row: row.category,
    "subcategory": lambda row: row.subcategory,
    "cause": lambda row: row.cause,
    "channel": lambda row: row.channel,
    "branch": lambda row: row.branch,
    "region": lambda row: row.region,
    "month": lambda row: f"{row.received_on:%Y-%m}",
}
"""The breakdowns by name; the function gives the name a row is counted under."""


def countable(rows: Iterable[CaseRow], method: Method) -> list[CaseRow]:
    """The rows that count under the 口径 (nature; merged repeats left out when they count once)."""
    return [row for row in rows if row.nature in method.natures and not (method.merge_repeats and row.repeat)]


def in_period(rows: Iterable[CaseRow], period: Period, as_of: date, method: Method) -> list[CaseRow]:
    """The rows of a period under the 口径: by receipt, or by the end when ``basis`` is "closed"."""
    last = min(period.last, as_of)
    if method.basis == "closed":
        return [row for row in rows if row.closed_on is not None and period.first <= row.closed_on <= last]
    return [row for row in rows if period.first <= row.received_on <= last]


def figures(rows: Sequence[CaseRow], period: Period, as_of: date, method: Method) -> Figures:
    """All headline figures of a period.

    Args:
        rows: every complaint known (earlier ones too, for the opening backlog).
        period: the period reported on.
        as_of: the day from which the report looks; later ends are not yet known.
        method: 口径; ``basis`` does not change the headline figures, which name their date themselves.
    """
    counted = countable(rows, method)
    known = [row for row in counted if row.received_on <= as_of]
    received = [row for row in known if row.received_on in period]
    last = min(period.last, as_of)
    closed = [row for row in known if row.closed_on is not None and period.first <= row.closed_on <= last]
    still_open = [row for row in received if not row.closed_by(as_of)]
    before = [row for row in known if row.received_on < period.first]
    followed = [row for row in closed if row.satisfaction in ("satisfied", "unsatisfied")]
    all_natures = [
        row for row in rows if row.nature in method.natures and row.received_on in period and row.received_on <= as_of
    ]
    return Figures(
        period=period,
        as_of=as_of,
        received=_group("受理", received),
        received_closed=_group("受理中办结", [row for row in received if row.closed_by(as_of)]),
        received_open=_group("受理中未办结", still_open),
        open_overdue=_group("超期未办结", [row for row in still_open if row.overdue_on(as_of)]),
        closed=_group("本期办结", closed),
        closed_in_time=_group("期限内办结", [row for row in closed if row.in_time]),
        closed_late=_group("逾期办结", [row for row in closed if not row.in_time]),
        closed_extended=_group("延期办结", [row for row in closed if row.in_time and row.extended]),
        carried_over=_group("上期结转", [row for row in closed if row.received_on < period.first]),
        opening=_group(
            "期初未结", [row for row in before if not (row.closed_on is not None and row.closed_on < period.first)]
        ),
        ending=_group("期末未结", [row for row in known if row.received_on <= last and not row.closed_by(last)]),
        repeats=_group("重复投诉", [row for row in all_natures if row.repeat]),
        major=_group("重大投诉", [row for row in received if row.major]),
        withdrawn=_group("撤诉", [row for row in received if row.withdrawn and row.closed_by(as_of)]),
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
    found: dict[str, list[int]] = {}
    for row in rows:
        found.setdefault(name_of(row) or UNFILLED, []).append(row.id)
    place = {name: index for index, name in enumerate(order)}
    groups = [Group(name, tuple(ids)) for name, ids in found.items()]
    if dimension == "month":
        return tuple(sorted(groups, key=lambda group: group.name))
    return tuple(sorted(groups, key=lambda g: (g.name == UNFILLED, -g.count, place.get(g.name, len(place)), g.name)))


def compare(
    rows: Sequence[CaseRow], period: Period, as_of: date, method: Method, dimension: str, order: Sequence[str]
) -> tuple[Comparison, ...]:
    """A dimension's names in 本期, 上期, 上年同期 and 本年累计, every name of ``order`` included, zero or not.

    Args:
        rows: every complaint known.
        period: the period reported on.
        as_of: day of view.
        method: 口径.
        dimension: key of :data:`DIMENSIONS`.
        order: names to show, in their order; names found in the data but not here follow, 未填写 last.
    """
    counted = countable(rows, method)

    def by_name(span: Period) -> dict[str, Group]:
        return {group.name: group for group in breakdown(in_period(counted, span, as_of, method), dimension)}

    now, before, last_year = by_name(period), by_name(period.before()), by_name(period.year_before())
    to_date = by_name(period.year_to_date())
    extra = [name for name in {**now, **before, **last_year, **to_date} if name not in order and name != UNFILLED]
    names = [*order, *sorted(extra)]
    if any(UNFILLED in groups for groups in (now, before, last_year, to_date)):
        names.append(UNFILLED)

    def count(groups: dict[str, Group], name: str) -> int:
        return groups[name].count if name in groups else 0

    return tuple(
        Comparison(
            name, now.get(name, Group(name, ())), count(before, name), count(last_year, name), count(to_date, name)
        )
        for name in names
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
    for row in rows:
        if not row.closed_by(as_of):
            bands["open"] += 1
            continue
        bands[next(name for name, low, high in DAY_BANDS if low <= (row.days or 0) <= high)] += 1
    return bands


def monthly_counts(rows: Sequence[CaseRow], year: int, last_month: int, as_of: date, method: Method) -> list[int]:
    """Received per month from January to ``last_month`` of ``year``."""
    counts = [0] * last_month
    for row in countable(rows, replace(method, basis="received")):
        if row.received_on.year == year and row.received_on.month <= last_month and row.received_on <= as_of:
            counts[row.received_on.month - 1] += 1
    return counts


def _group(name: str, rows: Iterable[CaseRow]) -> Group:
    return Group(name, tuple(row.id for row in rows))
