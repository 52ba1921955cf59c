"""报送情况: for which days another book sent its records, so that a month without any is told and not counted as 0."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from xiaobao_desktop.domain.period import Period, month

NOT_SENT = "未报送"
Span = tuple[date, date]
"""First and last day, both included."""


@dataclass(frozen=True)
class Reported:
    """The days for which a book sent its records; ``always`` for the own book, which need not send any."""

    spans: tuple[Span, ...] = ()
    always: bool = False

    def lacks(self, days: Period) -> bool:
        """Whether not a single one of the days was sent."""
        return not self.always and not any(first <= days.last and last >= days.first for first, last in self.spans)

    def until(self, days: Period) -> date | None:
        """The last of the days up to which all were sent, from the first on; None when the first is missing."""
        if self.always:
            return days.last
        day = days.first
        for first, last in self.spans:
            if first > day:
                break
            if last >= day:
                day = last + timedelta(days=1)
        return min(day - timedelta(days=1), days.last) if day > days.first else None

    def told(self, period: Period, as_of: date) -> str:
        """What is missing of a period up to a day, in Chinese: "", 未报送, 缺8月、9月，10月报到23日.

        Days after ``as_of`` are not asked for.
        """
        whole = Period(period.first, min(period.last, as_of))
        if self.always or whole.first > whole.last:
            return ""
        if self.lacks(whole):
            return NOT_SENT
        one_year = whole.first.year == whole.last.year
        missing, parts = [], []
        for days in months_of(whole):
            name = f"{days.first.month}月" if one_year else f"{days.first.year}年{days.first.month}月"
            until = self.until(days)
            if self.lacks(days):
                missing.append(name)
            elif until is None:
                parts.append(f"{name}不全")
            elif until < days.last:
                parts.append(f"{name}报到{until.day}日")
        return "，".join([*(["缺" + "、".join(missing)] if missing else []), *parts])


OWN = Reported(always=True)
"""The own book."""


def reported(spans: Iterable[Span]) -> Reported:
    """The days of several packages together; ends before their beginnings are left out."""
    return Reported(tuple(sorted((first, last) for first, last in spans if first <= last)))


def months_of(period: Period) -> tuple[Period, ...]:
    """The calendar months that a period touches, the first and the last cut to its own days."""
    found = []
    day = period.first
    while day <= period.last:
        whole = month(day.year, day.month)
        cut = Period(max(whole.first, period.first), min(whole.last, period.last))
        found.append(whole if cut.first == whole.first and cut.last == whole.last else cut)
        day = whole.last + timedelta(days=1)
    return tuple(found)


def nobody_sent(books: Sequence[Reported], days: Period) -> bool:
    """Whether none of several books sent anything for these days; False without any book."""
    return bool(books) and all(book.lacks(days) for book in books)
