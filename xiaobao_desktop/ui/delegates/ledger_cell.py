"""Paints a cell of a ledger list: text, pill, term; hairline inside the cell; tint and bar of the selected row."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from xiaobao_desktop.ui import fonts, theme
from xiaobao_desktop.ui.models.cells import Cell
from xiaobao_desktop.ui.models.ledger_model import CELL_ROLE
from xiaobao_desktop.ui.widgets.painting import draw_line_text, draw_pill

ROW, COMPACT_ROW = 32, 28
FIRST_PADDING, PADDING, BAR = 20, 10, 3
"""Pixels of the design sheet: left of the first column, at both sides of the others, the accent bar."""


class LedgerCellDelegate(QStyledItemDelegate):
    """All columns of a ledger list; every row has the one height that the view was given.

    ``hovered_row`` is the row under the pointer: Qt itself marks only the cell.
    """

    hovered_row = -1

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """One height for every row."""
        return QSize(theme.px(64), theme.px(ROW))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint ground, hairline and content."""
        cell = index.data(CELL_ROLE)
        # PySide6 6.9 gives these members no types.
        area: QRect = option.rect  # type: ignore[attr-defined]
        state: QStyle.StateFlag = option.state  # type: ignore[attr-defined]
        selected = bool(state & QStyle.StateFlag.State_Selected)
        self._ground(painter, area, selected, hovered=index.row() == self.hovered_row)
        first = index.column() == 0
        if first and selected:
            painter.fillRect(QRect(area.left(), area.top(), theme.px(BAR), area.height() - 1), theme.color("accent"))
        if isinstance(cell, Cell) and cell.text:
            left = theme.px(FIRST_PADDING if first else PADDING)
            self._content(painter, area.adjusted(left, 0, -theme.px(PADDING if cell.right else 2), -1), cell)

    def _ground(self, painter: QPainter, area: QRect, selected: bool, hovered: bool) -> None:
        if selected or hovered:
            painter.fillRect(area, theme.color("tint" if selected else "hover"))
        line = QRect(area.left(), area.bottom(), area.width(), 1)
        painter.fillRect(line, theme.color("tint_edge" if selected else "line"))

    def _content(self, painter: QPainter, area: QRect, cell: Cell) -> None:
        if cell.look in ("pill", "solid"):
            # A pill at the right edge ends a little further out, so that its words stand with the other words.
            room = area.adjusted(0, 0, theme.px(PADDING - 3), 0) if cell.right else area
            draw_pill(painter, room, cell.text, cell.tone, right=cell.right, solid=cell.look == "solid")
            return
        painter.setFont(fonts.font(medium=cell.look == "strong"))
        align = Qt.AlignmentFlag.AlignRight if cell.right else Qt.AlignmentFlag.AlignLeft
        draw_line_text(painter, area, cell.text, _ink(cell), align)


def _ink(cell: Cell) -> QColor:
    if cell.tone:
        return theme.color(f"{cell.tone}_text")
    return theme.color("text2" if cell.look == "quiet" else "text")
