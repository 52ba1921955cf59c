"""The items of a run as a list: those of one section, or those that a filter chose, in the order of the checklist."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from xiaobao_desktop.services.inspection_view import ItemView

ITEM_ROLE = Qt.ItemDataRole.UserRole + 1
_ROOT = QModelIndex()


class InspectionItems(QAbstractListModel):
    """The items shown; ``take`` brings them up to date and keeps which ones are shown."""

    def __init__(self, verdicts: Sequence[tuple[str, str]], parent: QObject | None = None) -> None:
        """Take the verdicts as (id, name), for the words that screen readers say."""
        super().__init__(parent)
        self._names = dict(verdicts)
        self._items: dict[str, ItemView] = {}
        self.keys: list[str] = []

    def show_keys(self, keys: Sequence[str]) -> None:
        """Show these items."""
        self.beginResetModel()
        self.keys = [key for key in keys if key in self._items]
        self.endResetModel()

    def take(self, items: Sequence[ItemView]) -> None:
        """Know the items as they are now; the shown ones stay, as far as they are still there."""
        self._items = {item.key: item for item in items}
        if all(key in self._items for key in self.keys):
            if self.keys:
                self.dataChanged.emit(self.index(0), self.index(len(self.keys) - 1))
        else:
            self.show_keys(self.keys)

    def item(self, index: QModelIndex | QPersistentModelIndex) -> ItemView | None:
        """The item of a row, None for none."""
        return self._items[self.keys[index.row()]] if 0 <= index.row() < len(self.keys) else None

    def place(self, key: str) -> int:
        """The row of an item, −1 when it is not shown."""
        return self.keys.index(key) if key in self.keys else -1

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _ROOT) -> int:
        """How many items are shown."""
        return 0 if parent.isValid() else len(self.keys)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The item for the delegate; a sentence for screen readers; the whole text as a tooltip."""
        item = self.item(index)
        if item is None:
            return None
        if role == ITEM_ROLE:
            return item
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{item.number} {item.title}，{self._names.get(item.verdict, '未检查')}"
        return item.text if role == Qt.ItemDataRole.ToolTipRole else None
