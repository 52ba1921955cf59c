"""What each day of a month's sheet shows: what is due on it, how urgent that is, and its name as a holiday."""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from xiaobao_desktop.domain.calendar import WorkingCalendar
from xiaobao_desktop.domain.todo import OVERDUE, SOON, TODAY, WEEK, DueItem, band_of, days_text

WEEKDAYS = "一二三四五六日"
DAYS_OF_WEEK = 7
_TONES = {OVERDUE: "red", TODAY: "amber", SOON: "amber", WEEK: "blue"}
_WORDS = {OVERDUE: "逾期", TODAY: "今天", SOON: "3 天内", WEEK: "7 天内"}
"""Said on the mark, so that urgency does not hang on its colour."""
_BRIEF = {OVERDUE: "逾期", TODAY: "今天", SOON: "急"}


@dataclass(frozen=True)
class DueDay:
    """One day of the sheet.

    Attributes:
        day: which one.
        items: what is due, in order of the numbers.
        words: on its mark, such as 逾期 2 项; "" without items.
        brief: the same for little room: 逾期 2.
        tone: of the mark: ``red``, ``amber``, ``blue`` or ``grey``.
        solid: the mark is in the strong colour (overdue, and today).
        note: name of the holiday, 班 for a weekend day that is worked, "" otherwise.
        works: not a day off, as far as is known.
    """

    day: date
    items: tuple[DueItem, ...]
    words: str
    brief: str
    tone: str
    solid: bool
    note: str
    works: bool

    def spoken(self, today: date) -> str:
        """The day in words, for screen readers."""
        head = f"{self.day.year}年{self.day.month}月{self.day.day}日 星期{WEEKDAYS[self.day.weekday()]}"
        parts = [head, "今天" if self.day == today else "", self.note, self.words or "没有到期事项"]
        return "，".join(part for part in parts if part)


@dataclass(frozen=True)
class MonthSheet:
    """The whole weeks around a month, Monday first."""

    first: date
    days: tuple[DueDay, ...]

    def of(self, day: date) -> DueDay | None:
        """The entry of a day, None for one that is not on the sheet."""
        place = (day - self.days[0].day).days
        return self.days[place] if 0 <= place < len(self.days) else None

    @property
    def total(self) -> int:
        """How many items are due within the month itself."""
        return sum(len(item.items) for item in self.days if item.day.month == self.first.month)


def sheet_span(first: date) -> tuple[date, date]:
    """First and last day of the whole weeks around the month that begins on ``first``."""
    last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
    start = first - timedelta(days=first.weekday())
    return start, last + timedelta(days=DAYS_OF_WEEK - 1 - last.weekday())


def month_sheet(first: date, items: Iterable[DueItem], known: WorkingCalendar, today: date) -> MonthSheet:
    """The sheet of the month that begins on ``first``.

    Args:
        first: the first of the month.
        items: due on days of :func:`sheet_span`.
        known: legal days off; of a year that is not known only the weekends are days off.
        today: for the urgency.
    """
    start, end = sheet_span(first)
    by_day: dict[date, list[DueItem]] = {}
    for item in items:
        by_day.setdefault(item.due_on, []).append(item)
    days = [start + timedelta(days=after) for after in range((end - start).days + 1)]
    return MonthSheet(first, tuple(_day(day, tuple(by_day.get(day, ())), known, today) for day in days))


def _day(day: date, items: tuple[DueItem, ...], known: WorkingCalendar, today: date) -> DueDay:
    band = band_of(day, today)
    words = " ".join(part for part in (_WORDS.get(band, ""), f"{len(items)} 项") if part) if items else ""
    brief = f"{_BRIEF[band]} {len(items)}" if band in _BRIEF else f"{len(items)} 项"
    note = known.holiday(day) or ("班" if known.made_up(day) else "")
    tone, solid = _TONES.get(band, "grey"), band in (OVERDUE, TODAY)
    return DueDay(day, items, words, brief, tone, solid, note, known.works(day))


def day_title(entry: DueDay, today: date) -> str:
    """Head of the list of one day: 11月23日 星期一 今天."""
    head = f"{entry.day.month}月{entry.day.day}日 星期{WEEKDAYS[entry.day.weekday()]}"
    near = days_text(entry.items[0], today) if entry.items else ""
    return f"{head}　{near}".strip()
