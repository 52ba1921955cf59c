"""The rows of the log: all sequences of the result, the entries read page by page when they are looked at."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from xiaobao_desktop.services import audit_log
from xiaobao_desktop.services.audit_log import Row
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import theme

PAGE = 200
"""Entries read at once."""
PAGES_KEPT = 20
HEADS = ("时间", "人员", "类型", "做了什么", "哪一条", "说明")

AnyIndex = QModelIndex | QPersistentModelIndex


class AuditModel(QAbstractTableModel):
    """Read-only table of the entries that were asked for, the newest first."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._sequences: Sequence[int] = ()
        self._pages: OrderedDict[int, list[Row]] = OrderedDict()

    def show_entries(self, sequences: Sequence[int]) -> None:
        """Show these entries."""
        self.beginResetModel()
        self._sequences = sequences
        self._pages.clear()
        self.endResetModel()

    def entry(self, row: int) -> Row:
        """The entry in a row."""
        number = row // PAGE
        page = self._pages.get(number)
        if page is None:
            page = audit_log.rows(self._session, self._sequences[number * PAGE : (number + 1) * PAGE])
            self._pages[number] = page
            if len(self._pages) > PAGES_KEPT:
                self._pages.popitem(last=False)
        else:
            self._pages.move_to_end(number)
        return page[row % PAGE]

    def rowCount(self, parent: AnyIndex | None = None) -> int:
        """Number of entries."""
        return 0 if parent is not None and parent.isValid() else len(self._sequences)

    def columnCount(self, parent: AnyIndex | None = None) -> int:
        """Number of columns."""
        return 0 if parent is not None and parent.isValid() else len(HEADS)

    def data(self, index: AnyIndex, role: int = int(Qt.ItemDataRole.DisplayRole)) -> object:
        """The words of a cell; the whole of them as a tooltip."""
        if not index.isValid() or index.row() >= len(self._sequences):
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            found = self.entry(index.row())
            when = f"{found.at:%Y-%m-%d %H:%M:%S}"
            return (when, found.who, found.sort, found.operation, found.what, found.note)[index.column()]
        if role == Qt.ItemDataRole.ForegroundRole and index.column() in (0, 5):
            return theme.color("text2")
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = int(Qt.ItemDataRole.DisplayRole)
    ) -> object:
        """Chinese head of a column."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return HEADS[section]
        return None
