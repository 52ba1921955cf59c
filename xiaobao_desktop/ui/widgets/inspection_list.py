"""The items of a run: 1 to 4 judge the chosen one, arrows go on, Enter goes to its words, a click judges too."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from xiaobao_desktop.services.inspection_view import ItemView
from xiaobao_desktop.ui.delegates.inspection_item import InspectionItemDelegate, Verdict
from xiaobao_desktop.ui.models.inspection_items import InspectionItems

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_CLEAR = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)


class InspectionList(QListView):
    """The list.

    Signals:
        judged: key of an item and id of the verdict, "" to take it back.
        opened: Enter: the words of the chosen item are wanted.
        moved: another item is chosen; carries its key, "" for none.
        left: Esc.
    """

    judged = Signal(str, str)
    opened = Signal()
    moved = Signal(str)
    left = Signal()

    def __init__(self, verdicts: Sequence[Verdict], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._verdicts = tuple(verdicts)
        self.items = InspectionItems([(verdict.key, verdict.name) for verdict in verdicts])
        self.painter_of_rows = InspectionItemDelegate(verdicts, self)
        self.setModel(self.items)
        self.setItemDelegate(self.painter_of_rows)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setMouseTracking(True)
        self.setAccessibleName("检查项")
        self.setAccessibleDescription("按 1 符合，2 部分符合，3 不符合，4 不涉及")
        self.selectionModel().currentChanged.connect(lambda now, _before: self._tell(now))

    def current(self) -> ItemView | None:
        """The chosen item."""
        return self.items.item(self.currentIndex())

    def choose(self, key: str) -> bool:
        """Choose an item and bring it into view; False when it is not shown."""
        place = self.items.place(key)
        if place < 0:
            return False
        index = self.items.index(place, 0)
        self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.scrollTo(index)
        return True

    def event(self, event: QEvent) -> bool:
        """The digits are verdicts here, and no keys of the window."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self.verdict_of(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Digits judge, Delete takes the verdict back, Enter goes to the words, Esc leaves."""
        item, verdict = self.current(), self.verdict_of(event)
        if item is not None and verdict:
            self.judged.emit(item.key, verdict)
        elif item is not None and event.key() in _CLEAR:
            self.judged.emit(item.key, "")
        elif item is not None and event.key() in _ENTER:
            self.opened.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press on a verdict chooses the row and judges it."""
        super().mousePressEvent(event)
        key, verdict = self._under(event)
        if event.button() == Qt.MouseButton.LeftButton and key and verdict:
            self.judged.emit(key, verdict)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Shade the verdict under the pointer."""
        super().mouseMoveEvent(event)
        index = self.indexAt(event.position().toPoint())
        self._hover((index.row(), self._under(event)[1]))

    def leaveEvent(self, event: QEvent) -> None:
        """No verdict is shaded any more."""
        super().leaveEvent(event)
        self._hover((-1, ""))

    def verdict_of(self, event: QKeyEvent) -> str:
        """The verdict that a key stands for, "" for none; the digits of the number pad count."""
        if event.modifiers() not in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier):
            return ""
        place = event.key() - int(Qt.Key.Key_1)
        return self._verdicts[place].key if 0 <= place < len(self._verdicts) else ""

    def _under(self, event: QMouseEvent) -> tuple[str, str]:
        """Key of the item and id of the verdict under the pointer, "" for none."""
        at = event.position().toPoint()
        index = self.indexAt(at)
        item = self.items.item(index)
        return (item.key, self.painter_of_rows.verdict_at(self.visualRect(index), at)) if item else ("", "")

    def _hover(self, place: tuple[int, str]) -> None:
        if self.painter_of_rows.hovered != place:
            self.painter_of_rows.hovered = place
            self.viewport().update()

    def _tell(self, index: QModelIndex) -> None:
        item = self.items.item(index)
        self.moved.emit(item.key if item else "")
