"""One complaint as statistics need it, and all of them together, found by their days without looking at each."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple, Self, TypeVar

T = TypeVar("T")


class CaseRow(NamedTuple):
    """What statistics need to know of one complaint; names are resolved already, "" counts as 未填写.

    Attributes:
        satisfaction: "satisfied", "unsatisfied" or "" (no valid follow-up).
        repeat: a repeat or merged into another complaint.
        department: the complained-of unit is a head-office department, not an outlet.
        told: the complainant has been told the decision, only the closing is missing: no term runs any more.
        limit_days: days of the stage that ran last, approved extensions included; 0 when unknown.
        first_limit: days of the first stage of its rule profile.
        origin: the 来源机构 once records of other books were taken in, before that "".
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
    origin: str = ""

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


class Cases(tuple[CaseRow, ...]):
    """Complaints that do not change any more, in their order; what is reckoned from them is kept with them."""

    MOST_KEPT = 64
    """Results kept at once; the oldest goes first."""

    def __init__(self, _rows: Iterable[CaseRow] = ()) -> None:
        """Take the rows."""
        self._kept: dict[Hashable, Any] = {}

    @classmethod
    def of(cls, rows: Iterable[CaseRow]) -> Self:
        """The rows as such; those that are already stay the same, with what is kept with them."""
        return rows if isinstance(rows, cls) else cls(rows)

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """What ``make`` gives, reckoned the first time and then kept; ``key`` names it."""
        kept = self._kept
        if key not in kept:
            found = make()
            if len(kept) >= self.MOST_KEPT:
                kept = self._kept = dict(list(kept.items())[1:])
            kept[key] = found
            return found
        result: T = kept[key]
        return result

    def received(self, first: date, last: date) -> list[CaseRow]:
        """Those received from ``first`` to ``last``, in their order."""
        places = self._by_receipt
        start = bisect_left(places, first, key=self._received_on)
        return self._at(places[start : bisect_right(places, last, lo=start, key=self._received_on)])

    def ended(self, first: date, last: date) -> list[CaseRow]:
        """Those that ended from ``first`` to ``last``, in their order."""
        places = self._by_end
        start = bisect_left(places, first, key=self._closed_on)
        return self._at(places[start : bisect_right(places, last, lo=start, key=self._closed_on)])

    def open_before(self, day: date) -> list[CaseRow]:
        """Those that had not ended before ``day``, received or not, in their order."""
        places = self._by_end
        return self._at(places[bisect_left(places, day, key=self._closed_on) :] + self._never_ended)

    @property
    def _by_receipt(self) -> list[int]:
        return self.once("by receipt", lambda: self._in_order([row.received_on for row in self]))

    @property
    def _by_end(self) -> list[int]:
        return self.once("by end", lambda: self._in_order([row.closed_on for row in self]))

    @staticmethod
    def _in_order(days: Sequence[date | None]) -> list[int]:
        """Places of the days there are, in order of the days."""
        known = [place for place, day in enumerate(days) if day is not None]
        return sorted(known, key=days.__getitem__)  # type: ignore[arg-type]

    @property
    def _never_ended(self) -> list[int]:
        return self.once("never ended", lambda: [place for place, row in enumerate(self) if row.closed_on is None])

    def _received_on(self, place: int) -> date:
        return self[place].received_on

    def _closed_on(self, place: int) -> date:
        return self[place].closed_on or date.max

    def _at(self, places: Sequence[int]) -> list[CaseRow]:
        return [self[place] for place in sorted(places)]
