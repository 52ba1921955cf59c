"""Statistics over rectifications: pure functions from narrow rows to exact numbers with the ids behind them.

A rectification is added on the day on which the fault was found and done on the day on which somebody else made sure
that it is gone; one that is finished and not yet verified counts as not done. So opening + added − done = ending.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from xiaobao_desktop.domain.ledgers.rectification import (
    DONE,
    FAILED,
    FINISHED,
    IN_PROGRESS,
    OVERDUE,
    PASSED,
)
from xiaobao_desktop.domain.numbers import share
from xiaobao_desktop.domain.period import Period
from xiaobao_desktop.domain.statistics import Group


@dataclass(frozen=True, slots=True)
class RectificationRow:
    """What reports need to know of one rectification; "" and None are not filled in.

    Attributes:
        source: id of where the fault was found.
        source_name: its Chinese name.
        found_on, planned_on, finished_on, verified_on: days.
        verdict: of the one who verified.
        owner, verifier: names as printed.
        inspection: id of the run that found it.
        item: key of the item of that run.
    """

    id: int
    found_on: date
    number: str = ""
    source: str = ""
    source_name: str = ""
    problem: str = ""
    measure: str = ""
    department: str = ""
    owner: str = ""
    planned_on: date | None = None
    finished_on: date | None = None
    verified_on: date | None = None
    verdict: str = ""
    verifier: str = ""
    accountability: str = ""
    inspection: int | None = None
    item: str = ""

    @property
    def done_on(self) -> date | None:
        """The day on which it was verified as done, None while it is not."""
        passed = self.verdict == PASSED and self.finished_on and self.verified_on
        return self.verified_on if passed else None


@dataclass(frozen=True)
class RectificationFigures:
    """The figures of one period as of one day.

    Attributes:
        opening: found before the period and not done when it began.
        added: found in the period.
        done: verified as done in the period, whenever found.
        ending: not done at the end.
        waiting: of these, finished and to be verified.
        overdue: of these, neither finished nor done after their planned day.
        in_time: of ``done``, those finished on their planned day or before; those without one are in time.
    """

    opening: Group
    added: Group
    done: Group
    ending: Group
    waiting: Group
    overdue: Group
    in_time: Group

    @property
    def concerned(self) -> int:
        """How many there were to be put right in the period."""
        return self.opening.count + self.added.count

    @property
    def balanced(self) -> bool:
        """Whether opening and added, less done, are the ending."""
        return self.concerned - self.done.count == self.ending.count

    @property
    def done_rate(self) -> Fraction | None:
        """Done of what there was to be put right; None when there was nothing."""
        return share(self.done.count, self.concerned)


def state_at(row: RectificationRow, day: date) -> str:
    """The state of a rectification at the end of a day, from what had happened by then."""
    if row.done_on and row.done_on <= day:
        return DONE
    refused_on = row.verified_on if row.verdict == FAILED else None
    finished = row.finished_on if row.finished_on and row.finished_on <= day else None
    if finished and not (refused_on and finished <= refused_on <= day):
        return FINISHED
    return OVERDUE if row.planned_on and row.planned_on < day else IN_PROGRESS


def concerned(rows: Iterable[RectificationRow], period: Period, as_of: date) -> list[RectificationRow]:
    """The rectifications that a report of a period tells about: found in it, or not done when it began."""
    last = min(period.last, as_of)
    return [row for row in rows if row.found_on <= last and not (row.done_on and row.done_on < period.first)]


def figures(rows: Sequence[RectificationRow], period: Period, as_of: date) -> RectificationFigures:
    """All figures of a period; nothing after the day of view is known."""
    last = min(period.last, as_of)
    told = concerned(rows, period, as_of)
    states = {row.id: state_at(row, last) for row in told}
    done = [row for row in told if states[row.id] == DONE]

    def group(name: str, chosen: Iterable[RectificationRow]) -> Group:
        return Group(name, tuple(row.id for row in chosen))

    return RectificationFigures(
        opening=group("opening", (row for row in told if row.found_on < period.first)),
        added=group("added", (row for row in told if row.found_on >= period.first)),
        done=group("done", done),
        ending=group("ending", (row for row in told if states[row.id] != DONE)),
        waiting=group("waiting", (row for row in told if states[row.id] == FINISHED)),
        overdue=group("overdue", (row for row in told if states[row.id] == OVERDUE)),
        in_time=group("in_time", (row for row in done if _in_time(row))),
    )


def by_source(rows: Sequence[RectificationRow]) -> dict[str, list[RectificationRow]]:
    """The rows by the Chinese name of their source, in order of first appearance."""
    found: dict[str, list[RectificationRow]] = {}
    for row in rows:
        found.setdefault(row.source_name, []).append(row)
    return found


def _in_time(row: RectificationRow) -> bool:
    return not (row.planned_on and row.finished_on) or row.finished_on <= row.planned_on
