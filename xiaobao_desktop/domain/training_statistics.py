"""Statistics over training: pure functions from narrow rows to exact numbers with the ids behind them.

A training belongs to the period in which it begins. People are counted as 人次: who comes twice counts twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from xiaobao_desktop.domain.catalog import UNFILLED
from xiaobao_desktop.domain.numbers import share
from xiaobao_desktop.domain.period import Period
from xiaobao_desktop.domain.statistics import Group


@dataclass(frozen=True, slots=True)
class TrainingRow:
    """What statistics need to know of one training; None is not filled in.

    Attributes:
        groups: people present by group id.
        reached: ids of the groups it was meant for or that came.
        hours: 学时 in hundredths.
        examined: there was an examination.
        people: ids of the staff present, as far as they are named.
    """

    id: int
    held_on: date
    expected: int | None = None
    attended: int | None = None
    passed: int | None = None
    groups: Mapping[str, int] = field(default_factory=dict)
    reached: frozenset[str] = frozenset()
    hours: int | None = None
    examined: bool = False
    extra: bool = False
    category: str = ""
    form: str = ""
    people: frozenset[int] = frozenset()


@dataclass(frozen=True)
class TrainingFigures:
    """The figures of one period as of one day.

    Attributes:
        sessions: the trainings.
        expected: 应到 of all trainings together, in 人次.
        attended: 实到 of all trainings together, in 人次.
        uncounted: trainings where 应到 or 实到 is not filled in; the rate leaves them out.
        rate: 参训率, present of expected over the trainings with both numbers.
        groups: people present by group id.
        hours: 学时 of all trainings together, in hundredths.
        person_hours: 学时 times people present, in hundredths.
        examined: trainings with an examination and both numbers.
        passed: people who passed in ``examined``.
        pass_rate: 合格率, passed of present in ``examined``.
        extra: extra trainings for posts that draw complaints.
    """

    period: Period
    as_of: date
    sessions: Group
    expected: int
    attended: int
    uncounted: Group
    rate: Fraction | None
    groups: Mapping[str, int]
    hours: int
    person_hours: int
    examined: Group
    passed: int
    pass_rate: Fraction | None
    extra: Group


@dataclass(frozen=True)
class Coverage:
    """How far one group of staff was trained in a year.

    Attributes:
        group: id of the group.
        sessions: trainings that reached it.
        attended: people of it present, in 人次.
        people: different people of it present, as far as they are named.
        staff: people of it in the staff list.
    """

    group: str
    sessions: Group
    attended: int
    people: int
    staff: int

    @property
    def covered(self) -> bool:
        """Whether at least one training reached the group."""
        return self.sessions.count > 0


DIMENSIONS: Mapping[str, Callable[[TrainingRow], str]] = {
    "category": lambda row: row.category,
    "form": lambda row: row.form,
}
"""The breakdowns by name; the function gives the name a row is counted under."""


def in_period(rows: Iterable[TrainingRow], period: Period, as_of: date) -> list[TrainingRow]:
    """The trainings that began in a period and not after the day of view."""
    last = min(period.last, as_of)
    return [row for row in rows if period.first <= row.held_on <= last]


def figures(rows: Iterable[TrainingRow], period: Period, as_of: date) -> TrainingFigures:
    """All headline figures of a period.

    Args:
        rows: every training known.
        period: the period reported on.
        as_of: later trainings are planned and do not count yet.
    """
    chosen = in_period(rows, period, as_of)
    both = [row for row in chosen if row.expected is not None and row.attended is not None]
    examined = [row for row in chosen if row.examined and row.passed is not None and row.attended is not None]
    passed = sum(row.passed or 0 for row in examined)
    groups: dict[str, int] = {}
    for row in chosen:
        for group, count in row.groups.items():
            groups[group] = groups.get(group, 0) + count
    return TrainingFigures(
        period=period,
        as_of=as_of,
        sessions=_group("培训", chosen),
        expected=sum(row.expected or 0 for row in chosen),
        attended=sum(row.attended or 0 for row in chosen),
        uncounted=_group("未填人数", [row for row in chosen if row not in both]),
        rate=share(sum(row.attended or 0 for row in both), sum(row.expected or 0 for row in both)),
        groups=groups,
        hours=sum(row.hours or 0 for row in chosen),
        person_hours=sum((row.hours or 0) * (row.attended or 0) for row in chosen),
        examined=_group("考核", examined),
        passed=passed,
        pass_rate=share(passed, sum(row.attended or 0 for row in examined)),
        extra=_group("加训", [row for row in chosen if row.extra]),
    )


def breakdown(rows: Iterable[TrainingRow], dimension: str, order: Sequence[str] = ()) -> tuple[Group, ...]:
    """Trainings by one of :data:`DIMENSIONS`: names in ``order`` first, zeros included; 未填写 last when it occurs."""
    name_of = DIMENSIONS[dimension]
    found: dict[str, list[TrainingRow]] = {name: [] for name in order}
    for row in rows:
        found.setdefault(name_of(row) or UNFILLED, []).append(row)
    empty = found.pop(UNFILLED, [])
    groups = [_group(name, members) for name, members in found.items()]
    return tuple([*groups, _group(UNFILLED, empty)] if empty else groups)


def coverage(
    rows: Iterable[TrainingRow], year: int, as_of: date, staff: Mapping[str, frozenset[int]]
) -> tuple[Coverage, ...]:
    """How far each group was trained in a year up to a day.

    Args:
        rows: every training known.
        year: calendar year (PBOC order 5 of 2020, article 10, asks for one training a year for each group).
        as_of: later trainings do not count yet.
        staff: the groups in their order, each with the ids of its people in the staff list.
    """
    chosen = in_period(rows, Period(date(year, 1, 1), date(year, 12, 31), 12), as_of)
    found = []
    for group, members in staff.items():
        reached = [row for row in chosen if group in row.reached]
        present = frozenset(person for row in chosen for person in row.people)
        attended = sum(row.groups.get(group, 0) for row in chosen)
        found.append(Coverage(group, _group(group, reached), attended, len(members & present), len(members)))
    return tuple(found)


def _group(name: str, rows: Sequence[TrainingRow]) -> Group:
    return Group(name, tuple(row.id for row in rows))
