"""What is due: items with a last day, put into the four bands of the workbench. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

OVERDUE, TODAY, SOON, WEEK = "overdue", "today", "soon", "week"
SOON_DAYS, WEEK_DAYS = 3, 7
BANDS: tuple[tuple[str, str], ...] = (
    (OVERDUE, "已逾期"),
    (TODAY, "今天到期"),
    (SOON, f"{SOON_DAYS} 天内"),
    (WEEK, f"{WEEK_DAYS} 天内"),
)
"""Key and Chinese name of each band, the most pressing first; a day belongs to one band only."""


class DueItem(NamedTuple):
    """Something with a last day.

    Attributes:
        ledger: key of the ledger it stands in.
        record_id: the record behind it.
        number: such as TS-2026-0164.
        kind: Chinese name of the ledger, for counts by kind.
        subject: one line, personal data already masked.
        unit: branch or department that has to act, "" when unknown.
        due_on: last day.
        icon: name of the ledger's icon.
    """

    ledger: str
    record_id: int
    number: str
    kind: str
    subject: str
    unit: str
    due_on: date
    icon: str = "list"

    def days_left(self, today: date) -> int:
        """Days from ``today`` to the last day; negative when overdue."""
        return (self.due_on - today).days


class Band(NamedTuple):
    """One band with its items in order of their last day."""

    key: str
    name: str
    items: tuple[DueItem, ...]

    @property
    def by_kind(self) -> tuple[tuple[str, int], ...]:
        """How many items of each kind, in order of first appearance."""
        counts: dict[str, int] = {}
        for item in self.items:
            counts[item.kind] = counts.get(item.kind, 0) + 1
        return tuple(counts.items())


def horizon(today: date) -> date:
    """The last day that the bands reach."""
    return today + timedelta(days=WEEK_DAYS)


def band_of(due_on: date, today: date) -> str:
    """Key of the band of a last day, "" when it lies beyond all bands."""
    left = (due_on - today).days
    if left < 0:
        return OVERDUE
    if left == 0:
        return TODAY
    if left <= SOON_DAYS:
        return SOON
    return WEEK if left <= WEEK_DAYS else ""


def grouped(items: Iterable[DueItem], today: date) -> tuple[Band, ...]:
    """All four bands, empty ones too; within a band by last day, then by number; later items are left out."""
    ordered = sorted(items, key=lambda item: (item.due_on, item.number))
    return tuple(
        Band(key, name, tuple(item for item in ordered if band_of(item.due_on, today) == key)) for key, name in BANDS
    )


def days_text(item: DueItem, today: date) -> str:
    """逾期 9 天, 今天 or 剩 2 天."""
    left = item.days_left(today)
    if left < 0:
        return f"逾期 {-left} 天"
    return "今天" if left == 0 else f"剩 {left} 天"
