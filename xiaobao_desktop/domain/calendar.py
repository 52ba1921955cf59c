"""The working calendar: legal days off and make-up workdays by year, as data; which day a last day moves to.

Civil Code art. 203: when the last day of a term is a legal day off, the day after it is the last day. Whether weekends
are days off in that sense is read both ways, so it is a setting (:class:`RollOver`). A year without data is unknown,
never guessed: nothing is moved for its holidays, and whoever asks is told so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import Enum
from functools import cached_property
from typing import NamedTuple

from xiaobao_desktop.domain.fields import at_hand

SATURDAY = 5


@at_hand
class RollOver(Enum):
    """Which last days move to the next day: none, those in a legal holiday, or those on any day off."""

    NONE = "none"
    HOLIDAYS = "holidays"
    DAYS_OFF = "days_off"


class Year(NamedTuple):
    """The days off of one year.

    Attributes:
        days_off: legal days off (swapped ones included) with the holiday's name.
        workdays: weekend days that are worked instead.
        recorded_on: day the bank entered the year; None when it came with the program.
    """

    days_off: Mapping[date, str]
    workdays: frozenset[date] = frozenset()
    recorded_on: date | None = None


class Moved(NamedTuple):
    """Where a last day moved.

    Attributes:
        on: the day it is now.
        names: the holidays and weekends it moved over, in order, each once; empty when it stayed.
        missing: years whose holidays are not known and would have been needed.
    """

    on: date
    names: tuple[str, ...] = ()
    missing: tuple[int, ...] = ()


@dataclass(frozen=True)
class WorkingCalendar:
    """The years that are known."""

    years: Mapping[int, Year] = field(default_factory=dict)

    def as_known(self, closed_on: date | None) -> WorkingCalendar:
        """The calendar for a case that ended on a day: years entered later do not change it any more."""
        if closed_on is None:
            return self
        later = {year for year, day in self._recorded.items() if day >= closed_on}
        return WorkingCalendar({year: self.years[year] for year in self.years if year not in later}) if later else self

    @cached_property
    def _recorded(self) -> Mapping[int, date]:
        """When the bank entered a year, for those that did not come with the program."""
        return {year: known.recorded_on for year, known in self.years.items() if known.recorded_on is not None}

    def knows(self, year: int) -> bool:
        """Whether the days off of a year are known."""
        return year in self.years

    def holiday(self, day: date) -> str:
        """Name of the legal holiday that a day off belongs to, "" when it is none or its year is unknown."""
        known = self.years.get(day.year)
        return known.days_off.get(day, "") if known else ""

    def made_up(self, day: date) -> bool:
        """Whether a weekend day is worked for a holiday."""
        known = self.years.get(day.year)
        return known is not None and day in known.workdays

    def works(self, day: date) -> bool:
        """Whether the bank works on a day, as far as is known: weekdays without holidays, and make-up workdays."""
        return not self.holiday(day) and (day.weekday() < SATURDAY or self.made_up(day))

    def rolled(self, day: date, how: RollOver) -> Moved:
        """The last day after ``how`` was applied to ``day``."""
        if how is RollOver.NONE:
            return Moved(day)
        names: dict[str, None] = {}
        missing: dict[int, None] = {}
        while True:
            if not self.knows(day.year):
                missing[day.year] = None
            if name := self._off(day, how):
                names[name] = None
                day += timedelta(days=1)
            else:
                return Moved(day, tuple(names), tuple(missing))

    def _off(self, day: date, how: RollOver) -> str:
        """Why a last day does not stay on ``day``, "" when it does."""
        if name := self.holiday(day):
            return name
        return "周末" if how is RollOver.DAYS_OFF and not self.works(day) else ""


class NoticeUnreadable(ValueError):
    """A notice of days off that cannot be read; the text says which line and why, in Chinese."""


_DAY = r"(?:(?P<{0}y>\d{{4}})年)?(?:(?P<{0}m>\d{{1,2}})月)?(?P<{0}d>\d{{1,2}})日(?:（[^）]*）|\([^)]*\))?"
_SPAN = re.compile(_DAY.format("a") + r"(?:至" + _DAY.format("b") + ")?")
_NAME = re.compile(r"^\s*(?:[一二三四五六七八九十]+、|\d+[.、])?\s*(?P<name>[^：:，。\d]{2,12})[：:]")
_DECEMBER = 12


def read_notice(text: str, year: int) -> Year:
    """Days off and make-up workdays of a year, read from the lines of the State Council's notice.

    A line looks like ``春节：2月15日（周日）至23日（周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。``

    Args:
        text: the lines; those without a name and a colon are passed over.
        year: the year the notice is for; a day may lie in the neighbouring years (New Year's holidays).

    Raises:
        NoticeUnreadable: a line names a day that does not exist, or there is no line with a day off.
    """
    off: dict[date, str] = {}
    workdays: set[date] = set()
    for line in text.splitlines():
        found = _NAME.match(line)
        if found is None:
            continue
        name = found["name"].strip()
        for sentence in re.split(r"[。；;]", line[found.end() :]):
            days = list(_days(sentence, year, name))
            if "上班" in sentence:
                workdays.update(days)
            elif "放假" in sentence:
                off.update(dict.fromkeys(days, name))
    if not off:
        raise NoticeUnreadable("没有读到放假的日子。请把通知里“春节：2月15日至23日放假……”这样的各行贴进来")
    return Year(off, frozenset(workdays))


def _days(sentence: str, year: int, name: str) -> Iterator[date]:
    """Every day that a sentence names; a December without a year that belongs to 元旦 is in the year before."""
    month, earlier = 0, "元旦" in name
    for found in _SPAN.finditer(sentence):
        month = int(found["am"] or month)
        first = _day(int(found["ay"] or year - (earlier and month == _DECEMBER)), month, int(found["ad"]), name)
        last = first
        if found["bd"]:
            ends = int(found["bm"] or month)
            last = _day(int(found["by"] or first.year + (ends < month)), ends, int(found["bd"]), name)
        yield from (first + timedelta(days=after) for after in range((last - first).days + 1))


def _day(year: int, month: int, day: int, name: str) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise NoticeUnreadable(f"“{name}”这一行有读不懂的日子：{month}月{day}日") from error
