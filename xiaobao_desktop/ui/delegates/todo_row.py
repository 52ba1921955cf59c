"""Paints a line of the workbench's list: the head of a group, or icon, number, subject, unit, day and term."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from xiaobao_desktop.ui import fonts, icons, theme
from xiaobao_desktop.ui.models.cells import Cell
from xiaobao_desktop.ui.models.todo_model import ROW_ROLE, TodoHead, TodoRow
from xiaobao_desktop.ui.widgets.painting import draw_line_text, draw_pill, fill_round

ROW, HEAD = 34, 30
EDGE, PADDING, GAP = 10, 10, 16
UNIT, TERM, UNIT_FROM = 92, 78, 460
"""Pixels of the design sheet; numbers and days take what their words need. Rows narrower than ``UNIT_FROM`` leave the
unit out, so that the subject can be read."""


class TodoDelegate(QStyledItemDelegate):
    """Heads and rows; ``hovered_row`` is the row under the pointer."""

    hovered_row = -1

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Rows are a little higher than heads."""
        head = isinstance(index.data(ROW_ROLE), TodoHead)
        return QSize(theme.px(200), theme.px(HEAD if head else ROW))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint one line."""
        line = index.data(ROW_ROLE)
        area: QRect = option.rect  # type: ignore[attr-defined]
        state: QStyle.StateFlag = option.state  # type: ignore[attr-defined]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if isinstance(line, TodoHead):
            self._head(painter, area, line)
        elif isinstance(line, TodoRow):
            selected = bool(state & QStyle.StateFlag.State_Selected)
            self._ground(painter, area, selected=selected, hovered=index.row() == self.hovered_row)
            self._row(painter, area.adjusted(theme.px(EDGE + PADDING), 0, -theme.px(EDGE + PADDING), 0), line)
        painter.restore()

    def _ground(self, painter: QPainter, area: QRect, *, selected: bool, hovered: bool) -> None:
        if selected or hovered:
            box = QRectF(area).adjusted(theme.px(EDGE), 1, -theme.px(EDGE), -1)
            fill_round(painter, box, theme.color("tint" if selected else "hover"), theme.px(6))

    def _head(self, painter: QPainter, area: QRect, line: TodoHead) -> None:
        left = area.left() + theme.px(EDGE + PADDING)
        room = QRect(left, area.top() + theme.px(4), area.right() - left, area.height() - theme.px(4))
        painter.setFont(fonts.font(medium=True))
        draw_line_text(painter, room, line.text, theme.color(f"{line.tone}_text" if line.tone else "text2"))
        if line.count:
            room.setLeft(left + painter.fontMetrics().horizontalAdvance(line.text) + theme.px(8))
            painter.setFont(fonts.font(fonts.SECOND))
            draw_line_text(painter, room, str(line.count), theme.color("text2"))

    def _row(self, painter: QPainter, area: QRect, line: TodoRow) -> None:
        side, wide = theme.px(16), area.width() >= theme.px(UNIT_FROM)
        icons.draw(painter, QRectF(area.left(), area.center().y() - side / 2 + 1, side, side), line.icon, "text2")
        area.setLeft(area.left() + theme.px(24))
        right = self._right_part(painter, area, line, unit=wide)
        metrics = QFontMetrics(fonts.font())
        number = QRect(area.left(), area.top(), metrics.horizontalAdvance(line.number) + 2, area.height())
        painter.setFont(fonts.font())
        draw_line_text(painter, number, line.number, theme.color("text2"))
        subject = QRect(number.right() + theme.px(GAP), area.top(), 0, area.height())
        subject.setRight(right - theme.px(GAP))
        draw_line_text(painter, subject, line.subject, theme.color("text"))

    def _right_part(self, painter: QPainter, area: QRect, line: TodoRow, *, unit: bool) -> int:
        """Paint term, day and, where there is room, unit from the right edge; returns where the subject has to end."""
        right = area.right() + 1
        if line.term is not None:
            self._term(painter, QRect(right - theme.px(TERM), area.top(), theme.px(TERM), area.height()), line.term)
            right -= theme.px(TERM)
        painter.setFont(fonts.font(fonts.SECOND))
        widest = painter.fontMetrics().horizontalAdvance("00-00" if len(line.day) <= len("00-00") else line.day) + 2
        day = QRect(right - widest, area.top(), widest, area.height())
        draw_line_text(painter, day, line.day, theme.color("text2"), Qt.AlignmentFlag.AlignRight)
        if not unit:
            return day.left()
        place = QRect(day.left() - theme.px(UNIT + GAP // 2), area.top(), theme.px(UNIT), area.height())
        draw_line_text(painter, place, line.unit, theme.color("text2"))
        return place.left()

    def _term(self, painter: QPainter, area: QRect, term: Cell) -> None:
        if term.look in ("pill", "solid"):
            draw_pill(painter, area, term.text, term.tone, right=True, solid=term.look == "solid")
            return
        painter.setFont(fonts.font(medium=term.look == "strong"))
        ink = theme.color(f"{term.tone}_text" if term.tone else "text2")
        draw_line_text(painter, area.adjusted(0, 0, -theme.px(6), 0), term.text, ink, Qt.AlignmentFlag.AlignRight)
