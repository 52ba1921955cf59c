"""Paints a line of a tick list: box, name, count at the right."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from xiaobao_desktop.ui import fonts, theme
from xiaobao_desktop.ui.widgets.painting import draw_check, draw_line_text, fill_round

COUNT_ROLE = int(Qt.ItemDataRole.UserRole) + 1
LEVEL_ROLE = int(Qt.ItemDataRole.UserRole) + 2
LINE, BOX = 30, 16


class TickDelegate(QStyledItemDelegate):
    """For items that can be checked; counts and tree level come from their own roles."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """One height for every line."""
        return QSize(theme.px(120), theme.px(LINE))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint ground, box and words."""
        area: QRect = option.rect  # type: ignore[attr-defined]
        state: QStyle.StateFlag = option.state  # type: ignore[attr-defined]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
            token = "tint" if state & QStyle.StateFlag.State_Selected else "hover"
            fill_round(painter, QRectF(area), theme.color(token), theme.px(6))
        left = area.left() + theme.px(8) + theme.px(14) * int(index.data(LEVEL_ROLE) or 0)
        self._box(painter, left, area, checked=_checked(index))
        count = index.data(COUNT_ROLE)
        painter.setFont(fonts.font())
        words = area.adjusted(0, 0, -theme.px(8 if count is None else 52), 0)
        words.setLeft(left + theme.px(BOX + 8))
        draw_line_text(painter, words, str(index.data() or ""), theme.color("text"))
        if count is not None:
            painter.setFont(fonts.font(fonts.SECOND))
            room = area.adjusted(0, 0, -theme.px(8), 0)
            draw_line_text(painter, room, str(count), theme.color("text2"), Qt.AlignmentFlag.AlignRight)
        painter.restore()

    def editorEvent(
        self,
        event: QEvent,
        model: QAbstractItemModel,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> bool:
        """Tick or untick with a click anywhere in the line or with the space bar."""
        pressed = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Space
        if event.type() is QEvent.Type.MouseButtonRelease or (pressed and event.type() is QEvent.Type.KeyPress):
            state = Qt.CheckState.Unchecked if _checked(index) else Qt.CheckState.Checked
            return model.setData(index, state.value, int(Qt.ItemDataRole.CheckStateRole))
        return False

    def _box(self, painter: QPainter, left: int, area: QRect, *, checked: bool) -> None:
        size = theme.px(BOX)
        box = QRectF(left + 0.5, area.center().y() - size / 2 + 1, size - 1, size - 1)
        painter.setPen(QPen(theme.color("accent" if checked else "field_edge"), 1))
        painter.setBrush(theme.color("accent" if checked else "base"))
        painter.drawRoundedRect(box, theme.px(4), theme.px(4))
        if checked:
            draw_check(painter, box, theme.color("on_accent"))


def _checked(index: QModelIndex | QPersistentModelIndex) -> bool:
    return Qt.CheckState(index.data(Qt.ItemDataRole.CheckStateRole) or 0) is Qt.CheckState.Checked
