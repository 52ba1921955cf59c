"""Statutory clocks as dated data: rule profiles with stages, and the arithmetic of days.

The day of receipt is day 0 (Civil Code art. 201); days are calendar days (order 3 of CBIRC 2020; PBOC order 5 art. 66).
The limits themselves are rows in ``resources/rules/deadlines.json``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Stage:
    """One stage of a clock: total ``days`` from the start, the step kind that opens it ("" for the first)."""

    days: int
    name: str
    opened_by: str = ""


@dataclass(frozen=True)
class Profile:
    """A rule profile (规则档): name, legal basis, validity and stages in rising order of days."""

    id: str
    name: str
    basis: str
    effective_from: date
    stages: tuple[Stage, ...]
    effective_to: date | None = None


@dataclass(frozen=True)
class Pause:
    """Days that do not count: from ``start`` until ``end`` (None while it lasts)."""

    start: date
    end: date | None = None


def paused_days(pauses: Sequence[Pause], start: date, until: date) -> int:
    """Calendar days of finished pauses after ``start`` (inclusive), overlapping pauses counted once.

    Args:
        pauses: in any order; open ones count up to ``until``.
        start: day the clock started; earlier parts of a pause do not count.
        until: end for pauses that still last.
    """
    total, covered = 0, start
    for pause in sorted(pauses, key=lambda item: item.start):
        first, last = max(pause.start, covered), pause.end or until
        if last > first:
            total += (last - first).days
            covered = last
    return total


def due_date(start: date, days: int, pauses: Sequence[Pause] = ()) -> date:
    """The last day of a limit of ``days`` calendar days from ``start`` (day 0), finished pauses added."""
    finished = [pause for pause in pauses if pause.end is not None]
    return start + timedelta(days=days + paused_days(finished, start, start))


def profile_for(profiles: Sequence[Profile], profile_id: str, on: date) -> Profile | None:
    """The version of profile ``profile_id`` in force on day ``on``; the earliest version when none was yet."""
    versions = sorted((item for item in profiles if item.id == profile_id), key=lambda item: item.effective_from)
    chosen = [
        item
        for item in versions
        if item.effective_from <= on and (item.effective_to is None or on <= item.effective_to)
    ]
    if chosen:
        return chosen[-1]
    return versions[0] if versions else None
