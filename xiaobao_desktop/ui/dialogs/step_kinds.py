"""The numbered list of step kinds: picked by arrow keys, Alt+1–9, pinyin initials, or a click."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QElapsedTimer, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from xiaobao_desktop.domain.rules import StepKind
from xiaobao_desktop.pinyin import initials
from xiaobao_desktop.ui import fonts, theme
from xiaobao_desktop.ui.widgets.choice_popup import NUMBERED
from xiaobao_desktop.ui.widgets.painting import draw_line_text, fill_round
from xiaobao_desktop.ui.widgets.picker_line import alt_digit

_KIND = Qt.ItemDataRole.UserRole
_ROW = 30
PAUSE_MS = 1000
"""Milliseconds after which a letter begins a new search instead of going on with the last one."""


class _Row(QStyledItemDelegate):
    """Paints number and name; the row chosen has a tint and, with the keyboard, an accent bar."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """All rows have one height."""
        return QSize(theme.px(100), theme.px(_ROW))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """One row."""
        area = QRect(option.rect)  # type: ignore[attr-defined]  # Qt's stubs leave the fields of the option out
        state = option.state  # type: ignore[attr-defined]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        if chosen or state & QStyle.StateFlag.State_MouseOver:
            fill_round(painter, QRectF(area), theme.color("tint" if chosen else "hover"), theme.px(6))
        if chosen and state & QStyle.StateFlag.State_HasFocus:
            bar = QRectF(area.left(), area.top() + 4, theme.px(3), area.height() - 8)
            fill_round(painter, bar, theme.color("accent"), 1.5)
        if index.row() < NUMBERED:
            painter.setFont(fonts.font(fonts.SECOND))
            draw_line_text(painter, area.adjusted(theme.px(10), 0, 0, 0), str(index.row() + 1), theme.color("text2"))
        painter.setFont(fonts.font(medium=chosen))
        words = area.adjusted(theme.px(30), 0, -theme.px(6), 0)
        draw_line_text(painter, words, str(index.data()), theme.color("link" if chosen else "text"))
        painter.restore()


class StepKindList(QListWidget):
    """The kinds offered. ``chosen`` carries the kind stood on, ``done`` says that Enter or Alt+digit asks to go on."""

    chosen = Signal(object)
    done = Signal()

    def __init__(self, kinds: Sequence[StepKind]) -> None:
        super().__init__()
        self._kinds = tuple(kinds)
        self._typed, self._since = "", QElapsedTimer()
        self.pause_ms = PAUSE_MS
        self.setAccessibleName("做了什么")
        self.setItemDelegate(_Row(self))
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for kind in self._kinds:
            item = QListWidgetItem(kind.name, self)
            item.setData(_KIND, kind.id)
            item.setToolTip(kind.hint)
        # Not currentRowChanged: taking the keyboard makes the first row current, which chooses nothing.
        self.itemSelectionChanged.connect(self._tell)

    def choose(self, kind_id: str) -> None:
        """Stand on the kind with this id."""
        for row, kind in enumerate(self._kinds):
            if kind.id == kind_id:
                self.setCurrentRow(row)

    def pick(self, number: int) -> bool:
        """Stand on the kind with this number and go on, as Alt+digit asks; False when there is none."""
        if number > len(self._kinds):
            return False
        self.setCurrentRow(number - 1)
        self.done.emit()
        return True

    def kind(self) -> StepKind | None:
        """The kind stood on, None before one was chosen."""
        rows = [self.row(item) for item in self.selectedItems()]
        return self._kinds[rows[0]] if rows else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Alt+digit picks, Enter goes on; a first ↓ stands on the first row."""
        number = alt_digit(event)
        if number is not None and self.pick(number):
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.kind() is not None:
            self.done.emit()
        elif event.key() == Qt.Key.Key_Down and self.kind() is None:
            self.setCurrentRow(0)
            self.item(0).setSelected(True)
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Find a kind by its name or pinyin initials, typed without long pauses; one named wholly comes first."""
        paused = not self._since.isValid() or self._since.elapsed() > self.pause_ms
        self._typed = search.lower() if paused else self._typed + search.lower()
        self._since.start()
        names = [(kind.name, initials(kind.name)) for kind in self._kinds]
        whole = [row for row, pair in enumerate(names) if self._typed in pair]
        begun = [row for row, pair in enumerate(names) if any(name.startswith(self._typed) for name in pair)]
        if whole or begun:
            self.setCurrentRow((whole or begun)[0])

    def _tell(self) -> None:
        kind = self.kind()
        if kind is not None:
            self.chosen.emit(kind)
