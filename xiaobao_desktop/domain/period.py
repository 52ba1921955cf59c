"""Periods of reports: months, quarters, half-years, years and free ranges, with the period before and the year before.

Days are inclusive on both ends, because that is how the reports name them (10月1日至31日).
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from xiaobao_desktop.errors import UnknownPeriod


@dataclass(frozen=True)
class Period:
    """A span of days, first and last included; ``months`` is its length in whole months, 0 for a free range."""

    first: date
    last: date
    months: int = 0

    def __contains__(self, day: object) -> bool:
        """Whether a ``date`` or ISO text lies in the period."""
        if isinstance(day, str):
            return self.first.isoformat() <= day <= self.last.isoformat()
        return isinstance(day, date) and self.first <= day <= self.last

    @property
    def code(self) -> str:
        """How the period is written on the command line: 2026-10, 2026Q3, 2026H1, 2026 or FROM..TO."""
        year, month = self.first.year, self.first.month
        if self.months == 1:
            return f"{year}-{month:02d}"
        if self.months == 3:
            return f"{year}Q{(month + 2) // 3}"
        if self.months == 6:
            return f"{year}H{1 if month == 1 else 2}"
        if self.months == 12:
            return str(year)
        return f"{self.first}..{self.last}"

    @property
    def title(self) -> str:
        """Chinese name: 2026年10月, 2026年第三季度, 2026年上半年, 2026年, or both days."""
        year = self.first.year
        if self.months == 1:
            return f"{year}年{self.first.month}月"
        if self.months == 3:
            return f"{year}年第{'一二三四'[(self.first.month - 1) // 3]}季度"
        if self.months == 6:
            return f"{year}年{'上' if self.first.month == 1 else '下'}半年"
        if self.months == 12:
            return f"{year}年"
        return f"{chinese_date(self.first)}至{chinese_date(self.last)}"

    def before(self) -> Period:
        """The period of the same length just before (for 环比)."""
        if self.months:
            return _months(*_shift(self.first.year, self.first.month, -self.months), self.months)
        length = self.last - self.first
        last = self.first - timedelta(days=1)
        return Period(last - length, last)

    def after(self) -> Period:
        """The period of the same length just after."""
        if self.months:
            return _months(*_shift(self.first.year, self.first.month, self.months), self.months)
        first = self.last + timedelta(days=1)
        return Period(first, first + (self.last - self.first))

    def year_before(self) -> Period:
        """The same period one year earlier (for 同比); 29 February becomes 28 February."""
        if self.months:
            return _months(self.first.year - 1, self.first.month, self.months)
        return Period(_year_back(self.first), _year_back(self.last))

    def compared(self, as_of: date) -> tuple[Period, Period]:
        """The period before and the same one last year, to compare with what is known on a day.

        While the period is not over, only the same days of them count: October up to the 3rd against September up to
        the 3rd.
        """
        before, last_year = self.before(), self.year_before()
        if as_of >= self.last:
            return before, last_year
        gone = months_later(as_of, -self.months) if self.months else before.first + (as_of - self.first)
        return (
            Period(before.first, min(before.last, gone)),
            Period(last_year.first, min(last_year.last, _year_back(as_of))),
        )

    def year_to_date(self) -> Period:
        """From 1 January of the year in which the period ends to its last day (for 本年累计)."""
        return Period(date(self.last.year, 1, 1), self.last)


def month(year: int, number: int) -> Period:
    """One calendar month."""
    return _months(year, number, 1)


def period_of(day: date, months: int) -> Period:
    """The calendar period of ``months`` months (1, 3, 6 or 12) in which ``day`` lies."""
    return _months(day.year, (day.month - 1) // months * months + 1, months)


def months_later(day: date, months: int) -> date:
    """The same day some months later, or earlier for a negative number; the last day of a shorter month."""
    year, number = _shift(day.year, day.month, months)
    return date(year, number, min(day.day, calendar.monthrange(year, number)[1]))


def parse_period(text: str) -> Period:
    """A period from text: 2026-10, 2026Q3, 2026H1, 2026, or 2026-01-01..2026-10-31.

    Raises:
        UnknownPeriod: the text is none of these, or its days do not exist.
    """
    wanted = text.strip().upper()
    try:
        if match := re.fullmatch(r"(\d{4})-(\d{1,2})", wanted):
            return month(int(match[1]), int(match[2]))
        if match := re.fullmatch(r"(\d{4})Q([1-4])", wanted):
            return _months(int(match[1]), 3 * int(match[2]) - 2, 3)
        if match := re.fullmatch(r"(\d{4})H([12])", wanted):
            return _months(int(match[1]), 6 * int(match[2]) - 5, 6)
        if re.fullmatch(r"\d{4}", wanted):
            return _months(int(wanted), 1, 12)
        if match := re.fullmatch(r"(\S+?)\.\.(\S+)", wanted):
            first, last = date.fromisoformat(match[1]), date.fromisoformat(match[2])
            if first <= last:
                return Period(first, last)
    except ValueError:
        pass
    raise UnknownPeriod(text=text)


def chinese_date(day: date) -> str:
    """2026年11月3日, no leading zeros (GB/T 9704)."""
    return f"{day.year}年{day.month}月{day.day}日"


def chinese_days(period: Period) -> str:
    """The first and the last day as printed: 2026年10月1日至10月31日, with both years where they differ."""
    last = period.last
    end = f"{last.month}月{last.day}日" if last.year == period.first.year else chinese_date(last)
    return f"{chinese_date(period.first)}至{end}"


def chinese_day_span(first: str, start: str = "", last: str = "", end: str = "") -> str:
    """Days and times as printed: 2026年11月18日14:30—17:00, or both days; "" without a first day.

    Args:
        first: ISO day.
        start: HH:MM or "".
        last: ISO day, "" or the first day for one day.
        end: HH:MM or "".
    """
    if not first:
        return ""
    begin = chinese_date(date.fromisoformat(first)) + _clock(start)
    if last and last != first:
        return f"{begin}至{chinese_date(date.fromisoformat(last))}{_clock(end)}"
    return f"{begin}—{_clock(end)}" if start and end else begin


def _clock(text: str) -> str:
    """09:00 as 9:00."""
    return text.removeprefix("0")


def _months(year: int, first_month: int, count: int) -> Period:
    end_year, end_month = _shift(year, first_month, count - 1)
    last = date(end_year, end_month, calendar.monthrange(end_year, end_month)[1])
    return Period(date(year, first_month, 1), last, count)


def _shift(year: int, month_number: int, by: int) -> tuple[int, int]:
    index = year * 12 + month_number - 1 + by
    return index // 12, index % 12 + 1


def _year_back(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)
