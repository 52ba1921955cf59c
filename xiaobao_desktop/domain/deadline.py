"""Statutory clocks as dated data: rule profiles with stages, and the arithmetic of days.

The day of receipt is day 0 (Civil Code art. 201); days are calendar days (order 3 of CBIRC 2020; PBOC order 5 art. 66)
unless a profile counts working days. The limits themselves are rows in ``resources/rules/deadlines.json`` and, where
the bank has changed them, versions in its book.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from xiaobao_desktop.domain.calendar import RollOver, WorkingCalendar


class Stage(NamedTuple):
    """One stage of a clock.

    Attributes:
        days: in all, from the start.
        name: Chinese name.
        opened_by: kind of the step that opens it, "" for the first.
        needs: fields that the opening step must have besides those of its kind.
    """

    days: int
    name: str
    opened_by: str = ""
    needs: tuple[str, ...] = ()


class Profile(NamedTuple):
    """A version of a rule profile (规则档).

    Attributes:
        id: stable English id, common to all versions.
        name: Chinese name.
        basis: the legal act, or whoever sets the limit.
        effective_from: cases received from this day on follow it.
        stages: in rising order of days.
        effective_to: last day of receipt it is for; None while it is in force.
        article: of the act, as printed; "" where it is not known.
        restarts: kinds of steps from which the clock runs anew.
        workdays: whether days are working days.
        roll_over: which last days move to the next day.
        window_days: days within which the clock may be asked for (review); 0 = any time.
        hours: length of a clock that counts hours; 0 for clocks of days.
        caution: what is uncertain about the rule, one Chinese sentence.
        recorded_on: day the bank entered this version; None when it came with the program.
        key: id of the version in the book, "" for the program's own.
    """

    id: str
    name: str
    basis: str
    effective_from: date
    stages: tuple[Stage, ...]
    effective_to: date | None = None
    article: str = ""
    restarts: tuple[str, ...] = ("new_facts",)
    workdays: bool = False
    roll_over: RollOver = RollOver.NONE
    window_days: int = 0
    hours: int = 0
    caution: str = ""
    recorded_on: date | None = None
    key: str = ""

    @property
    def source(self) -> str:
        """Act and article."""
        return f"{self.basis}{self.article}"


class Pause(NamedTuple):
    """Time that does not count: from ``start`` until ``end`` (None while it lasts), and what for, in Chinese."""

    start: date
    end: date | None = None
    reason: str = ""


class LastDay(NamedTuple):
    """The last day of a limit, and how it came about.

    Attributes:
        on: the day.
        plain_on: the same without any move over days off: the earlier, cautious day.
        pauses: the pauses that moved it, overlapping ones as one, each with its end.
        paused_days: calendar days of ``pauses``.
        moved_over: names of the holidays and weekends that the last day moved over.
        missing_years: years whose holidays were needed and are not known.
    """

    on: date
    plain_on: date
    pauses: tuple[Pause, ...] = ()
    paused_days: int = 0
    moved_over: tuple[str, ...] = ()
    missing_years: tuple[int, ...] = ()


def merged(pauses: Iterable[Pause], until: date | None = None) -> tuple[Pause, ...]:
    """Pauses in order of time, overlapping and touching ones as one.

    Args:
        pauses: in any order.
        until: end for those that still last; without it they are left out.
    """
    found: list[Pause] = []
    for pause in sorted(pauses, key=lambda item: (item.start, item.end or date.max)):
        end = pause.end or until
        if end is None or end <= pause.start:
            continue
        last = found[-1] if found else None
        if last is not None and last.end is not None and pause.start <= last.end:
            reasons = dict.fromkeys(part for part in (last.reason, pause.reason) if part)
            found[-1] = Pause(last.start, max(last.end, end), "、".join(reasons))
        else:
            found.append(Pause(pause.start, end, pause.reason))
    return tuple(found)


def last_day(
    profile: Profile, days: int, start: date, pauses: Iterable[Pause], calendar: WorkingCalendar, until: date | None
) -> LastDay:
    """The last day of ``days`` days from ``start`` by the way a profile counts.

    Args:
        profile: says whether days are working days and what happens to a last day on a holiday.
        days: calendar or working days.
        start: day 0.
        pauses: in any order.
        calendar: holidays as known.
        until: end for pauses that still last; None leaves them out.
    """
    counting = _from(start, merged(pauses, until))
    if profile.workdays:
        return _working_days(start, days, counting, calendar)
    plain, used = _calendar_days(start, days, counting)
    moved = calendar.rolled(plain, profile.roll_over)
    paused = sum((pause.end - pause.start).days for pause in used if pause.end)
    return LastDay(moved.on, plain, used, paused, moved.names, moved.missing)


def _from(start: date, pauses: tuple[Pause, ...]) -> tuple[Pause, ...]:
    """The parts of pauses after the clock started."""
    return tuple(
        Pause(max(pause.start, start), pause.end, pause.reason) for pause in pauses if pause.end and pause.end > start
    )


def _calendar_days(start: date, days: int, pauses: tuple[Pause, ...]) -> tuple[date, tuple[Pause, ...]]:
    """The last day, and the pauses that moved it; one that begins later finds the limit already run out."""
    due = start + timedelta(days=days)
    used = []
    for pause in pauses:
        if pause.start > due:
            break
        assert pause.end is not None
        due += pause.end - pause.start
        used.append(pause)
    return due, tuple(used)


def _working_days(start: date, days: int, pauses: tuple[Pause, ...], calendar: WorkingCalendar) -> LastDay:
    """Working days one after the other, jumping over pauses: a day after a pause's start up to its end is none."""
    day, counted = start, 0
    names: dict[str, None] = {}
    missing: dict[int, None] = {}
    used: list[Pause] = []
    while True:
        for pause in pauses[len(used) :]:
            if pause.start <= day:
                day = max(day, pause.end or day)
                used.append(pause)
        if counted == days and (day == start or calendar.works(day)):
            break
        day += timedelta(days=1)
        if not calendar.knows(day.year):
            missing[day.year] = None
        if name := calendar.holiday(day):
            names[name] = None
        counted += counted < days and calendar.works(day)
    paused = sum((pause.end - pause.start).days for pause in used if pause.end)
    return LastDay(day, day, tuple(used), paused, tuple(names), tuple(missing))


def profile_for(
    profiles: Iterable[Profile], profile_id: str, on: date, closed_on: date | None = None
) -> Profile | None:
    """The version of a profile that a case received on a day follows; the earliest one when none was in force yet.

    Args:
        profiles: all versions of all profiles.
        profile_id: which profile.
        on: day of receipt.
        closed_on: day the case ended: versions entered on that day or later do not change it any more.
    """
    return version_for(versions_of(profiles, profile_id), on, closed_on)


def versions_of(profiles: Iterable[Profile], profile_id: str) -> tuple[Profile, ...]:
    """The versions of one profile, the earliest first."""
    found = (item for item in profiles if item.id == profile_id)
    return tuple(sorted(found, key=lambda item: (item.effective_from, item.recorded_on or date.min, item.key)))


def version_for(versions: Sequence[Profile], on: date, closed_on: date | None = None) -> Profile | None:
    """:func:`profile_for` out of :func:`versions_of` a profile."""
    for item in reversed(versions):
        if (
            item.effective_from <= on
            and (item.effective_to is None or on <= item.effective_to)
            and (closed_on is None or item.recorded_on is None or item.recorded_on < closed_on)
        ):
            return item
    return versions[0] if versions else None
