"""The rows of the workbench's list: heads of groups and, under them, records that wait or were found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from xiaobao_desktop.domain.todo import OVERDUE, SOON, TODAY, WEEK_DAYS, Band, DueItem, band_of, days_text
from xiaobao_desktop.services.todo import Found, FoundGroup
from xiaobao_desktop.ui.models.cells import Cell

ROW_ROLE = int(Qt.ItemDataRole.UserRole) + 1
"""Gives the :class:`TodoHead` or :class:`TodoRow` to paint."""

NEXT = "next"
"""Key of the head above the first item after the bands."""
_SHORT_DATE_FROM = 5

_HEAD_TONES = {OVERDUE: "red", TODAY: "amber"}


@dataclass(frozen=True)
class TodoHead:
    """The head of a group: words, count (0: not shown), tone of the words ("" for ink); ``key`` names the group."""

    key: str
    text: str
    count: int
    tone: str = ""


@dataclass(frozen=True)
class TodoRow:
    """One record: icon, number, subject, unit, day, and the cell at the right edge if there is one."""

    ledger: str
    record_id: int
    icon: str
    number: str
    subject: str
    unit: str
    day: str
    term: Cell | None = None


Line = TodoHead | TodoRow


def due_lines(bands: Sequence[Band], today: date) -> list[Line]:
    """Heads and rows of what is due; bands without items are left out."""
    lines: list[Line] = []
    for band in bands:
        if band.items:
            lines.append(TodoHead(band.key, band.name, len(band.items), _HEAD_TONES.get(band.key, "")))
            lines += [_due_row(item, today) for item in band.items]
    return lines


def next_lines(item: DueItem, today: date) -> list[Line]:
    """What is shown when no band has items: that there is nothing, and the first item that comes after."""
    return [TodoHead(NEXT, f"{WEEK_DAYS} 天内没有到期的，最近一件", 0), _due_row(item, today)]


def found_lines(groups: Sequence[FoundGroup], today: date) -> list[Line]:
    """Heads and rows of what a search found."""
    lines: list[Line] = []
    for group in groups:
        lines.append(TodoHead(group.ledger.key, group.ledger.label, group.total))
        lines += [_found_row(item, today) for item in group.items]
    return lines


class TodoModel(QAbstractListModel):
    """Read-only; heads can be neither chosen nor opened."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[Line] = []

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Show other lines."""
        self.beginResetModel()
        self.lines = list(lines)
        self.endResetModel()

    def first_of(self, key: str) -> int:
        """Place of the first record under the head ``key``, -1 when there is none."""
        for place, line in enumerate(self.lines):
            if isinstance(line, TodoHead) and line.key == key:
                return place + 1
        return -1

    def place_of(self, ledger: str, record_id: int) -> int:
        """Place of a record, -1 when it is not here."""
        for place, line in enumerate(self.lines):
            if isinstance(line, TodoRow) and (line.ledger, line.record_id) == (ledger, record_id):
                return place
        return -1

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        """Heads and records."""
        return 0 if parent is not None and parent.isValid() else len(self.lines)

    def flags(self, index: QModelIndex | QPersistentModelIndex) -> Qt.ItemFlag:
        """Only records can be chosen."""
        if index.isValid() and isinstance(self.lines[index.row()], TodoRow):
            return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return Qt.ItemFlag.NoItemFlags

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = int(Qt.ItemDataRole.DisplayRole)) -> object:
        """The line to paint; words for screen readers."""
        if not index.isValid():
            return None
        line = self.lines[index.row()]
        if role == ROW_ROLE:
            return line
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return _spoken(line)
        return None


def _spoken(line: Line) -> str:
    if isinstance(line, TodoHead):
        return f"{line.text}，{line.count} 项" if line.count else line.text
    words = (line.number, line.subject, line.unit, line.day, line.term.text if line.term else "")
    return "，".join(word for word in words if word)


def _due_row(item: DueItem, today: date) -> TodoRow:
    band = band_of(item.due_on, today)
    text = days_text(item, today)
    term = {
        OVERDUE: Cell(text, "solid", "red", right=True),
        TODAY: Cell(text, "pill", "amber", right=True),
        SOON: Cell(text, "strong", "amber", right=True),
    }.get(band, Cell(text, "quiet", right=True))
    day = short_day(item.due_on.isoformat(), today)
    return TodoRow(item.ledger, item.record_id, item.icon, item.number, item.subject, item.unit, day, term)


def _found_row(item: Found, today: date) -> TodoRow:
    return TodoRow(
        item.ledger, item.record_id, item.icon, item.number, item.subject, item.unit, short_day(item.day, today)
    )


def short_day(day: str, today: date) -> str:
    """An ISO day without the year when it is the year of ``today``."""
    return day[_SHORT_DATE_FROM:] if day.startswith(f"{today.year}-") else day
