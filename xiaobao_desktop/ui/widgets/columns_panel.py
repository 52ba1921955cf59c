"""The panel in which columns are shown, hidden and put into another order."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QListWidgetItem, QWidget

from xiaobao_desktop.ui import fonts, theme
from xiaobao_desktop.ui.delegates.tick_item import LINE, TickDelegate
from xiaobao_desktop.ui.models.columns import ColumnLayout
from xiaobao_desktop.ui.pages.ledger_presenter import Presenter
from xiaobao_desktop.ui.widgets.labels import label
from xiaobao_desktop.ui.widgets.popup_panel import PopupPanel

_KEY_ROLE = int(Qt.ItemDataRole.UserRole) + 3
LINES_SHOWN, WIDTH = 12, 240


class _ColumnList(QListWidget):
    """Tick list that can be dragged into order; Alt+↑ and Alt+↓ move a line."""

    moved = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setItemDelegate(TickDelegate(self))
        self.setMouseTracking(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("列")
        self.model().rowsMoved.connect(lambda *_rows: self.moved.emit())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the current line with Alt and the arrow keys."""
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
        if step and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            row = self.currentRow()
            if 0 <= row + step < self.count():
                line = self.takeItem(row)
                self.insertItem(row + step, line)
                self.setCurrentItem(line)
                self.moved.emit()
            return
        super().keyPressEvent(event)


class ColumnsPanel(PopupPanel):
    """Sends ``changed`` after each change, which is kept already."""

    changed = Signal()

    def __init__(self, window: QWidget, presenter: Presenter, layout: ColumnLayout) -> None:
        """Offer all columns of ``layout``."""
        super().__init__(window)
        self._presenter, self._layout = presenter, layout
        self.frame.setMinimumWidth(theme.px(WIDTH))
        self.list = _ColumnList()
        self.list.setFixedHeight(theme.px(LINE) * min(LINES_SHOWN, len(layout.keys)) + 2)
        self.body.addWidget(self.list)
        self.body.addWidget(label("拖动或按 Alt+↑↓ 换顺序", fonts.HEADER, tone="3"))
        self.add_foot("恢复原样", self._reset)
        self._fill()
        self.list.itemChanged.connect(self._tick)
        self.list.moved.connect(self._reorder)

    def _fill(self) -> None:
        self.list.blockSignals(True)
        self.list.clear()
        for key in self._layout.keys:
            line = QListWidgetItem(self._presenter.label(key))
            line.setFlags(line.flags() | Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsDragEnabled)
            line.setFlags(line.flags() & ~Qt.ItemFlag.ItemIsDropEnabled)
            line.setCheckState(Qt.CheckState.Checked if self._layout.is_shown(key) else Qt.CheckState.Unchecked)
            line.setData(_KEY_ROLE, key)
            self.list.addItem(line)
        self.list.setCurrentRow(0)
        self.list.blockSignals(False)

    def _tick(self, line: QListWidgetItem) -> None:
        self._layout.set_shown(str(line.data(_KEY_ROLE)), line.checkState() is Qt.CheckState.Checked)
        self.changed.emit()

    def _reorder(self) -> None:
        self._layout.set_order([str(self.list.item(row).data(_KEY_ROLE)) for row in range(self.list.count())])
        self.changed.emit()

    def _reset(self) -> None:
        self._layout.reset()
        self._fill()
        self.changed.emit()
