"""The list of the workbench: arrows pass over the heads, Enter or a click opens the record."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from xiaobao_desktop.ui.delegates.todo_row import TodoDelegate
from xiaobao_desktop.ui.models.todo_model import TodoModel, TodoRow


class TodoList(QListView):
    """Sends ``opened`` with the key of the ledger and the id of the record."""

    opened = Signal(str, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.todo = TodoModel()
        self._painter = TodoDelegate(self)
        self.setModel(self.todo)
        self.setItemDelegate(self._painter)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setMouseTracking(True)
        self.setAccessibleName("到期事项")
        self.clicked.connect(self._open)

    def select_place(self, place: int) -> None:
        """Make the record at ``place`` current and bring it into view; -1 does nothing."""
        if place >= 0:
            index = self.todo.index(place, 0)
            self.setCurrentIndex(index)
            self.scrollTo(index)

    def current_row(self) -> TodoRow | None:
        """The current record."""
        index = self.currentIndex()
        line = self.todo.lines[index.row()] if index.isValid() else None
        return line if isinstance(line, TodoRow) else None

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The first record is chosen when none is, so that Enter has something to open, and it shows."""
        super().focusInEvent(event)
        if not self.selectionModel().hasSelection() and len(self.todo.lines) > 1:
            self.setCurrentIndex(self.currentIndex() if self.current_row() else self.todo.index(1, 0))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens on every desktop, also where it is not the key of activation."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self._open(self.currentIndex())
            return
        super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Shade the row under the pointer."""
        super().mouseMoveEvent(event)
        self._hover(self.indexAt(event.position().toPoint()).row())

    def leaveEvent(self, event: QEvent) -> None:
        """No row is shaded any more."""
        super().leaveEvent(event)
        self._hover(-1)

    def _hover(self, row: int) -> None:
        if self._painter.hovered_row != row:
            self._painter.hovered_row = row
            self.viewport().update()

    def _open(self, index: QModelIndex) -> None:
        line = self.todo.lines[index.row()]
        if isinstance(line, TodoRow):
            self.opened.emit(line.ledger, line.record_id)
