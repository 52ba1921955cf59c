"""Statistics over outreach: pure functions from narrow rows to exact sums with the ids behind them.

An activity belongs to the period in which it begins. A record without a number of 场次 counts as one; other counters
that are not filled in add nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from xiaobao_desktop.domain.catalog import UNFILLED
from xiaobao_desktop.domain.period import Period

COUNTERS = (
    "staff_count",
    "audience_count",
    "materials",
    "questions",
    "teams",
    "originals",
    "reposts",
    "clicks",
    "media_reports",
    "cost",
    "person_days",
)
"""Keys of the fields that are added up; ``cost`` is in fen and ``person_days`` in hundredths."""


@dataclass(frozen=True, slots=True)
class OutreachRow:
    """What statistics need to know of one activity; names are resolved already, "" counts as 未填写.

    Attributes:
        sessions: 场次, None when not filled in.
        counters: filled-in counters by key of :data:`COUNTERS`.
        campaign: name of the campaign of its year.
        series: name of the campaign without its year.
        forms: several names are possible, as in venues and groups.
    """

    id: int
    held_on: date
    sessions: int | None = None
    counters: Mapping[str, int] = field(default_factory=dict)
    campaign: str = ""
    series: str = ""
    forms: tuple[str, ...] = ()
    venues: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    branch: str = ""

    @property
    def times(self) -> int:
        """场次: one when not filled in."""
        return 1 if self.sessions is None else self.sessions


@dataclass(frozen=True)
class Tally:
    """A name with the activities under it, their 场次 and the audience reached."""

    name: str
    ids: tuple[int, ...]
    sessions: int
    audience: int

    @property
    def count(self) -> int:
        """How many activities."""
        return len(self.ids)


@dataclass(frozen=True)
class OutreachFigures:
    """The figures of one period as of one day: activities with their 场次, and every counter added up."""

    period: Period
    as_of: date
    activities: Tally
    sums: Mapping[str, int]

    @property
    def sessions(self) -> int:
        """场次."""
        return self.activities.sessions


DIMENSIONS: Mapping[str, Callable[[OutreachRow], tuple[str, ...]]] = {
    "campaign": lambda row: (row.campaign,),
    "series": lambda row: (row.series,),
    "form": lambda row: row.forms,
    "venue": lambda row: row.venues,
    "group": lambda row: row.groups,
    "branch": lambda row: (row.branch,),
}
"""The breakdowns by name; an activity counts under each of its names (forms, venues, groups), so these may add up to
more than the total."""


def in_period(rows: Iterable[OutreachRow], period: Period, as_of: date) -> list[OutreachRow]:
    """The activities that began in a period and not after the day of view."""
    last = min(period.last, as_of)
    return [row for row in rows if period.first <= row.held_on <= last]


def figures(rows: Iterable[OutreachRow], period: Period, as_of: date) -> OutreachFigures:
    """All headline figures of a period.

    Args:
        rows: every activity known.
        period: the period reported on.
        as_of: later activities are planned and do not count yet.
    """
    chosen = in_period(rows, period, as_of)
    sums = {key: sum(row.counters.get(key, 0) for row in chosen) for key in COUNTERS}
    return OutreachFigures(period, as_of, _tally("活动", chosen), sums)


def breakdown(rows: Iterable[OutreachRow], dimension: str, order: Sequence[str] = ()) -> tuple[Tally, ...]:
    """Activities by one of :data:`DIMENSIONS`: names in ``order`` first, zeros included; 未填写 last when it occurs."""
    names_of = DIMENSIONS[dimension]
    found: dict[str, list[OutreachRow]] = {name: [] for name in order}
    for row in rows:
        for name in names_of(row) or ("",):
            found.setdefault(name or UNFILLED, []).append(row)
    empty = found.pop(UNFILLED, [])
    tallies = [_tally(name, members) for name, members in found.items()]
    return tuple([*tallies, _tally(UNFILLED, empty)] if empty else tallies)


def _tally(name: str, rows: Sequence[OutreachRow]) -> Tally:
    audience = sum(row.counters.get("audience_count", 0) for row in rows)
    return Tally(name, tuple(row.id for row in rows), sum(row.times for row in rows), audience)
