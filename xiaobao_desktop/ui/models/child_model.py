"""The child rows of a record as a table model: texts as shown, yes/no as ticks, some cells editable."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from xiaobao_desktop.domain.dates import read_bool
from xiaobao_desktop.domain.fields import ChildTable, Field, Kind, Value, Values, is_empty
from xiaobao_desktop.services import listing
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui.editors.day import read_day

RAW_ROLE = int(Qt.ItemDataRole.UserRole) + 1
"""The raw value of a cell."""
EDITED_IN_PLACE = (Kind.TEXT, Kind.LONG_TEXT, Kind.PERSON_NAME, Kind.CHOICE, Kind.DATE)
Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class ChildModel(QAbstractTableModel):
    """Rows of one child table; columns are its fields in declared order."""

    def __init__(self, session: Session, table: ChildTable) -> None:
        super().__init__()
        self._session, self.table = session, table
        self._rows: list[dict[str, Value]] = []

    def field(self, column: int) -> Field:
        """The field of a column."""
        return self.table.fields[column]

    @property
    def rows(self) -> tuple[Values, ...]:
        """The rows as they go into the record."""
        return tuple(dict(row) for row in self._rows)

    def set_rows(self, rows: Iterable[Values]) -> None:
        """Show these rows."""
        self.beginResetModel()
        self._rows = [dict(row) for row in rows]
        self.endResetModel()

    def add(self, rows: Iterable[Values]) -> None:
        """Append rows."""
        added = [dict(row) for row in rows]
        if not added:
            return
        first = len(self._rows)
        self.beginInsertRows(_NOWHERE, first, first + len(added) - 1)
        self._rows.extend(added)
        self.endInsertRows()

    def remove(self, places: Iterable[int]) -> None:
        """Take rows away."""
        for place in sorted(set(places), reverse=True):
            self.beginRemoveRows(_NOWHERE, place, place)
            del self._rows[place]
            self.endRemoveRows()

    def set_all(self, key: str, value: Value) -> None:
        """Give one field the same value in every row."""
        if not self._rows:
            return
        column = next(place for place, item in enumerate(self.table.fields) if item.key == key)
        for row in self._rows:
            row[key] = value
        self.dataChanged.emit(self.index(0, column), self.index(len(self._rows) - 1, column))

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """How many rows."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        """How many fields."""
        return 0 if parent.isValid() else len(self.table.fields)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Labels of the fields, running numbers of the rows."""
        if role == Qt.ItemDataRole.TextAlignmentRole and orientation is Qt.Orientation.Horizontal:
            centred = self.field(section).kind is Kind.YES_NO
            return (
                Qt.AlignmentFlag.AlignCenter if centred else Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
            )
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return self.field(section).label if orientation is Qt.Orientation.Horizontal else str(section + 1)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Text, tick or raw value of a cell."""
        item = self.field(index.column())
        value = self._rows[index.row()].get(item.key)
        if role == RAW_ROLE:
            return value
        if item.kind is Kind.YES_NO:
            if role == Qt.ItemDataRole.CheckStateRole:
                return Qt.CheckState.Checked if value else Qt.CheckState.Unchecked
            if role == Qt.ItemDataRole.AccessibleTextRole:
                return f"{item.label}：{'是' if value else '否'}"
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return listing.display(self._session, item, value, masked=False)
        if role == Qt.ItemDataRole.EditRole:
            return value if item.kind is Kind.CHOICE else str(value or "")
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Take a tick, a text or the id of a choice."""
        item, row = self.field(index.column()), self._rows[index.row()]
        if role == Qt.ItemDataRole.CheckStateRole and item.kind is Kind.YES_NO:
            row[item.key] = Qt.CheckState(value) is Qt.CheckState.Checked
        elif role == Qt.ItemDataRole.EditRole and item.kind in EDITED_IN_PLACE:
            row[item.key] = self._read(item, value)
        else:
            return False
        self.dataChanged.emit(index, index)
        return True

    def take_text(self, place: int, column: int, text: str) -> None:
        """Put a pasted text into a cell: a day is read, a choice or yes/no found by its name."""
        item = self.field(column)
        if item.kind is Kind.YES_NO:
            self._rows[place][item.key] = read_bool(text).value
        elif item.kind is Kind.CHOICE:
            found = self._session.rules.catalog.list(item.options).find(text) if text else None
            self._rows[place][item.key] = found.id if found else None
        elif item.kind in EDITED_IN_PLACE:
            self._rows[place][item.key] = self._read(item, text)
        self.dataChanged.emit(self.index(place, column), self.index(place, column))

    def _read(self, item: Field, value: Any) -> Value:
        """What is kept of an edited value: a day as ISO text; a text that is no day stays, the form refuses it."""
        if is_empty(value):
            return None
        if item.kind is Kind.DATE and (day := read_day(str(value), self._session.today()).value):
            return day.isoformat()
        return str(value).strip()

    def flags(self, index: Index) -> Qt.ItemFlag:
        """What can be done with a cell."""
        found = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        kind = self.field(index.column()).kind
        if kind is Kind.YES_NO:
            found |= Qt.ItemFlag.ItemIsUserCheckable
        elif kind in EDITED_IN_PLACE:
            found |= Qt.ItemFlag.ItemIsEditable
        return found
