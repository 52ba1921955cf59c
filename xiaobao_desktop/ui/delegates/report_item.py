"""Paints a line of the list of reports: its title, and below it the period and how far the report is."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from xiaobao_desktop.ui import fonts, theme
from xiaobao_desktop.ui.widgets.painting import draw_line_text, draw_pill, fill_round, pill_width

STATE_ROLE = Qt.ItemDataRole.UserRole + 1
HEIGHT, EDGE, GAP = 44, 10, 6


@dataclass(frozen=True)
class ShownState:
    """What stands below a title: the period, and a pill in words with its tone ("" for none yet)."""

    period: str = ""
    pill: str = ""
    tone: str = "grey"


class ReportItemDelegate(QStyledItemDelegate):
    """Lines without a state (the headings of groups) are left to Qt."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Two lines of text."""
        if not isinstance(index.data(STATE_ROLE), ShownState):
            return super().sizeHint(option, index)
        return QSize(0, theme.px(HEIGHT))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint one line."""
        state = index.data(STATE_ROLE)
        if not isinstance(state, ShownState):
            super().paint(painter, option, index)
            return
        flags: QStyle.StateFlag = option.state  # type: ignore[attr-defined]
        area: QRect = option.rect  # type: ignore[attr-defined]
        selected = bool(flags & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._ground(painter, QRectF(area).adjusted(1, 1, -1, -1), flags)
        inner = area.adjusted(theme.px(EDGE), theme.px(2), -theme.px(EDGE), -theme.px(4))
        upper, lower = QRect(inner), QRect(inner)
        upper.setHeight(inner.height() // 2)
        lower.setTop(upper.bottom() + 1)
        painter.setFont(fonts.font(medium=selected))
        draw_line_text(painter, upper, str(index.data()), theme.color("link" if selected else "text"))
        self._below(painter, lower, state)
        painter.restore()

    def _ground(self, painter: QPainter, box: QRectF, flags: QStyle.StateFlag) -> None:
        """The tint of the chosen line, with an edge while the list has the keyboard."""
        selected = bool(flags & QStyle.StateFlag.State_Selected)
        if selected or flags & QStyle.StateFlag.State_MouseOver:
            fill_round(painter, box, theme.color("tint" if selected else "hover"), theme.px(6))
        if selected and flags & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(theme.color("accent"), theme.px(2)))
            painter.drawRoundedRect(box, theme.px(6), theme.px(6))

    def _below(self, painter: QPainter, area: QRect, state: ShownState) -> None:
        """The period, and the pill at the right, which is told in full."""
        room = QRect(area)
        if state.pill:
            draw_pill(painter, area, state.pill, state.tone, right=True)
            room.setRight(area.right() - pill_width(state.pill) - theme.px(GAP))
        painter.setFont(fonts.font(fonts.HEADER))
        draw_line_text(painter, room, state.period, theme.color("text2"))
