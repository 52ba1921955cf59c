"""The table of a ledger list: whole rows, pixel scrolling, copy and paste, columns that fit the width."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QItemSelectionModel, QMimeData, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QTableView

from xiaobao_desktop.ui import theme
from xiaobao_desktop.ui.delegates.ledger_cell import COMPACT_ROW, ROW, LedgerCellDelegate
from xiaobao_desktop.ui.models import copied
from xiaobao_desktop.ui.models.columns import stretch_reserve
from xiaobao_desktop.ui.models.ledger_model import LedgerModel
from xiaobao_desktop.ui.widgets.ledger_header import LedgerHeader


class LedgerTable(QTableView):
    """Sends ``opened`` (row) for Enter and double click, ``picked`` (row) for a click, ``filter_asked`` (column).

    ``pasted`` is sent for Ctrl+V, ``copy_asked`` for Ctrl+C.
    """

    opened = Signal(int)
    picked = Signal(int)
    filter_asked = Signal(int)
    pasted = Signal()
    copy_asked = Signal()
    resized = Signal()

    def __init__(self, model: LedgerModel) -> None:
        super().__init__()
        self.ledger_model = model
        self.header = LedgerHeader(self)
        self.setHorizontalHeader(self.header)
        self.setModel(model)
        self._painter = LedgerCellDelegate(self)
        self.setItemDelegate(self._painter)
        self.setShowGrid(False)
        self.setMouseTracking(True)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.set_compact(compact=False)

    def set_compact(self, *, compact: bool) -> None:
        """Rows of 28 instead of 32 pixels."""
        rows = self.verticalHeader()
        rows.setMinimumSectionSize(theme.px(COMPACT_ROW))
        rows.setDefaultSectionSize(theme.px(COMPACT_ROW if compact else ROW))

    def select_row(self, row: int) -> None:
        """Make one row current, selected and visible."""
        index = self.ledger_model.index(row, 0)
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.selectionModel().setCurrentIndex(index, flags)
        self.scrollTo(index)

    def selected_rows(self) -> list[int]:
        """Selected rows in order."""
        rows: set[int] = set()
        parts = self.selectionModel().selection()
        for part in (parts.at(place) for place in range(parts.count())):
            rows.update(range(part.top(), part.bottom() + 1))
        return sorted(rows)

    def copy_rows(self) -> str:
        """Put the selected rows, masked, on the clipboard as text and as a typed table; returns the text."""
        columns = range(self.ledger_model.columnCount())
        rows = [[self.ledger_model.copied_cell(row, column) for column in columns] for row in self.selected_rows()]
        text = copied.as_text(rows)
        data = QMimeData()
        data.setText(text)
        data.setHtml(copied.as_html(rows))
        QGuiApplication.clipboard().setMimeData(data)
        return text

    def fit(self, width_of: Callable[[str], int], stretch: str) -> None:
        """Give every column its width and ``stretch`` the rest, but never less than most of its own width."""
        keys = self.ledger_model.columns
        widths = {key: width_of(key) for key in keys}
        rest = self.viewport().width() - sum(widths.values())
        if stretch in widths:
            widths[stretch] += max(rest, -stretch_reserve(widths[stretch]))
        self.header.blockSignals(True)
        for place, key in enumerate(keys):
            self.header.resizeSection(place, widths[key])
        self.header.blockSignals(False)
        self.updateGeometries()
        self.viewport().update()
        self.header.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens, Ctrl+C copies, Ctrl+V pastes, Alt+↓ opens the filter of the current column."""
        row = self.currentIndex().row()
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_asked.emit()
        elif event.matches(QKeySequence.StandardKey.Paste):
            self.pasted.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and row >= 0:
            self.opened.emit(row)
        elif event.key() == Qt.Key.Key_Down and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.filter_asked.emit(max(0, self.currentIndex().column()))
        elif event.key() == Qt.Key.Key_Escape:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A plain click picks the row."""
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
        if index.isValid() and plain and event.button() is Qt.MouseButton.LeftButton and self._one_row():
            self.picked.emit(index.row())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A double click opens the row."""
        super().mouseDoubleClickEvent(event)
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and event.button() is Qt.MouseButton.LeftButton:
            self.opened.emit(index.row())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the page fit the columns after the layout has settled."""
        super().resizeEvent(event)
        QTimer.singleShot(0, self, self.resized.emit)

    def viewportEvent(self, event: QEvent) -> bool:
        """Show the whole text of a cell that was cut; shade the row under the pointer."""
        if event.type() == QEvent.Type.ToolTip:
            self._tip(event)
        elif event.type() == QEvent.Type.MouseMove and isinstance(event, QMouseEvent):
            self._hover(self.rowAt(round(event.position().y())))
        elif event.type() == QEvent.Type.Leave:
            self._hover(-1)
        return super().viewportEvent(event)

    def _tip(self, event: QEvent) -> None:
        point: QPoint = event.pos()  # type: ignore[attr-defined]
        index = self.indexAt(point)
        text = str(index.data() or "") if index.isValid() else ""
        cut = self.fontMetrics().horizontalAdvance(text) > self.columnWidth(index.column()) - theme.px(12)
        self.viewport().setToolTip(text if text and cut else "")

    def _hover(self, row: int) -> None:
        if row != self._painter.hovered_row:
            self._painter.hovered_row = row
            self.viewport().update()

    def _one_row(self) -> bool:
        return len(self.selected_rows()) == 1
