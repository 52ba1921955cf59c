"""Header of a ledger list: label, sort arrow, ▾ for sorting and filtering; sorted or filtered columns are link blue."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QMouseEvent, QPainter
from PySide6.QtWidgets import QHeaderView, QWidget

from xiaobao_desktop.ui import fonts, icons, theme
from xiaobao_desktop.ui.widgets.painting import draw_line_text

HEIGHT, MARK = 32, 20
"""Pixels of the design sheet: height of the header, room of the ▾."""


def header_width(label: str) -> int:
    """Pixels a header needs for its label, the sort arrow and the ▾."""
    words = QFontMetrics(fonts.font(fonts.HEADER, medium=True)).horizontalAdvance(label)
    return words + theme.px(10 + 14 + 13 + 6) + 1


class LedgerHeader(QHeaderView):
    """Sends ``sort_asked`` for a click on the label and ``menu_asked`` for the ▾, both with the logical column."""

    sort_asked = Signal(int)
    menu_asked = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._sorted: tuple[int, bool] = (-1, False)
        self._filtered: set[int] = set()
        self._right: set[int] = set()
        self._menus: set[int] = set()
        self._pressed_mark = -1
        self.setSectionsClickable(True)
        self.setSectionsMovable(True)
        self.setFirstSectionMovable(False)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(theme.px(44))
        self.sectionClicked.connect(self._clicked)

    def tell(self, *, sorted_by: tuple[int, bool], filtered: set[int], right: set[int], menus: set[int]) -> None:
        """What to paint: (column, descending) of the order, filtered columns, right-aligned ones, those with a ▾."""
        self._sorted, self._filtered, self._right, self._menus = sorted_by, filtered, right, menus
        self.viewport().update()

    def sizeHint(self) -> QSize:
        """The height of the design sheet."""
        return QSize(super().sizeHint().width(), theme.px(HEIGHT))

    def section_rect(self, column: int) -> QRect:
        """Where a column's header lies, in the coordinates of the header."""
        return QRect(self.sectionViewportPosition(column), 0, self.sectionSize(column), self.height())

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:  # noqa: N803 - the name Qt gave it
        """Paint one header cell."""
        painter.save()
        painter.fillRect(rect, theme.color("alt"))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), theme.color("line"))
        blue = logicalIndex == self._sorted[0] or logicalIndex in self._filtered
        first = self.visualIndex(logicalIndex) == 0
        if not first:
            half = theme.px(8)
            painter.fillRect(QRect(rect.left(), rect.center().y() - half, 1, 2 * half), theme.color("line"))
        area = rect.adjusted(theme.px(20 if first else 10), 0, -theme.px(6), -1)
        if logicalIndex in self._menus:
            self._mark(painter, area, blue)
            area.setRight(area.right() - theme.px(13))
        self._words(painter, area, logicalIndex, blue)
        painter.restore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember whether the ▾ was pressed."""
        column = self.logicalIndexAt(event.position().toPoint())
        self._pressed_mark = column if self._on_mark(event.position().toPoint(), column) else -1
        super().mousePressEvent(event)

    def _words(self, painter: QPainter, area: QRect, column: int, blue: bool) -> None:
        text = str(self.model().headerData(column, Qt.Orientation.Horizontal) or "")
        painter.setFont(fonts.font(fonts.HEADER, medium=True))
        right = column in self._right
        arrow = theme.px(14) if column == self._sorted[0] else 0
        width = min(painter.fontMetrics().horizontalAdvance(text), max(0, area.width() - arrow))
        left = area.right() + 1 - width if right else area.left() + arrow
        if arrow:
            name = "arrow-down" if self._sorted[1] else "arrow-up"
            size = theme.px(12)
            icons.draw(painter, QRectF(left - arrow, area.center().y() - size / 2 + 1, size, size), name, "link")
        words = QRect(left, area.top(), width, area.height())
        draw_line_text(painter, words, text, theme.color("link" if blue else "text2"))

    def _mark(self, painter: QPainter, area: QRect, blue: bool) -> None:
        size = theme.px(12)
        box = QRectF(area.right() + 1 - size, area.center().y() - size / 2 + 1, size, size)
        icons.draw(painter, box, "chevron-down", "link" if blue else "text2")

    def _on_mark(self, point: QPoint, column: int) -> bool:
        if column not in self._menus:
            return False
        end = self.sectionViewportPosition(column) + self.sectionSize(column)
        # The last pixels belong to the resize handle.
        return end - theme.px(MARK) <= point.x() < end - theme.px(4)

    def _clicked(self, column: int) -> None:
        if column == self._pressed_mark:
            self.menu_asked.emit(column)
        else:
            self.sort_asked.emit(column)
