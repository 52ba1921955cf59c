"""Paints an item of a checklist: number, title, what has to be so, marks, and the four verdicts to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from xiaobao_desktop.domain.inspection import BETTER, NEW, OTHER, WORSE
from xiaobao_desktop.services.inspection_view import ItemView
from xiaobao_desktop.ui import fonts, theme
from xiaobao_desktop.ui.models.inspection_items import ITEM_ROLE
from xiaobao_desktop.ui.widgets.painting import draw_line_text, draw_pill, fill_round, pill_width

ROW, EDGE, NUMBER, CONTROL, PADDING, GAP = 61, 20, 40, 30, 12, 12
"""Pixels of the design sheet: row, margin, column of numbers, height of the verdicts, room beside their words."""
_CHANGES = {BETTER: ("好转", "green"), WORSE: ("变差", "red"), OTHER: ("有变", "grey"), NEW: ("新增", "blue")}


class Verdict(NamedTuple):
    """A verdict to choose: id, name, tone of its colours."""

    key: str
    name: str
    tone: str


class InspectionItemDelegate(QStyledItemDelegate):
    """Rows of the list; ``verdict_at`` tells which verdict a click means, ``hovered`` is the place under the pointer.

    Attributes:
        compared: marks say how an item stands to the run before.
        enabled: verdicts can be chosen.
    """

    def __init__(self, verdicts: Sequence[Verdict], parent: QObject) -> None:
        super().__init__(parent)
        self._verdicts = tuple(verdicts)
        self.hovered: tuple[int, str] = (-1, "")
        self.compared = False
        self.enabled = True

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Two lines and room around them."""
        return QSize(theme.px(320), theme.px(ROW))

    def verdict_at(self, area: QRect, at: QPoint) -> str:
        """The verdict at a point of a row that takes up ``area``, "" beside them."""
        return next((verdict.key for verdict, box in self._boxes(area) if box.contains(at)), "")

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint one item."""
        item = index.data(ITEM_ROLE)
        if not isinstance(item, ItemView):
            return
        area: QRect = option.rect  # type: ignore[attr-defined]
        state: QStyle.StateFlag = option.state  # type: ignore[attr-defined]
        selected = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if selected:
            painter.fillRect(area, theme.color("tint"))
            if state & QStyle.StateFlag.State_HasFocus:
                painter.fillRect(QRect(area.left(), area.top(), 3, area.height()), theme.color("accent"))
        painter.fillRect(QRect(area.left(), area.bottom(), area.width(), 1), theme.color("line"))
        self._words(painter, area, item)
        self._control(painter, area, item, index.row())
        painter.restore()

    def _words(self, painter: QPainter, area: QRect, item: ItemView) -> None:
        left, right = area.left() + theme.px(EDGE), self._outline(area).left() - theme.px(GAP)
        painter.setFont(fonts.font())
        number = QRect(left, area.top(), theme.px(NUMBER), area.height())
        draw_line_text(painter, number, item.number, theme.color("text2"))
        left += theme.px(NUMBER)
        line = QFontMetrics(fonts.font()).height()
        first = QRect(left, area.center().y() - line, right - left, line)
        second = QRect(left, area.center().y() + theme.px(2), right - left, line)
        first.setRight(self._marks(painter, first, item))
        painter.setFont(fonts.font(medium=True))
        draw_line_text(painter, first, item.title, theme.color("text"))
        painter.setFont(fonts.font(fonts.SECOND))
        draw_line_text(painter, second, item.text, theme.color("text2"))

    def _marks(self, painter: QPainter, room: QRect, item: ItemView) -> int:
        """Paint files, rectification and comparison at the right end of the first line; where the title has to end."""
        change = _CHANGES.get(item.change.kind) if self.compared and item.change is not None else None
        right = room.right()
        if change is not None:
            draw_pill(painter, room, change[0], change[1], right=True)
            right -= pill_width(change[0]) + theme.px(6)
        words = [f"附件 {item.files}"] if item.files else []
        words += ["已转整改"] if item.rectification else []
        if words:
            painter.setFont(fonts.font(fonts.SECOND))
            box = QRect(room.left(), room.top(), right - room.left(), room.height())
            text = "·".join(words)
            draw_line_text(painter, box, text, theme.color("text2"), Qt.AlignmentFlag.AlignRight)
            right -= painter.fontMetrics().horizontalAdvance(text) + theme.px(8)
        return right

    def _control(self, painter: QPainter, area: QRect, item: ItemView, row: int) -> None:
        """One outline around the verdicts; the chosen one on its tint."""
        outline = QRectF(self._outline(area)).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(theme.color("button_edge"), 1))
        painter.setBrush(theme.color("base"))
        painter.drawRoundedRect(outline, theme.px(6), theme.px(6))
        boxes = self._boxes(area)
        chosen = [verdict.key == item.verdict for verdict, _box in boxes]
        for place, (verdict, box) in enumerate(boxes):
            self._part(painter, box, verdict, chosen=chosen[place], hovered=self.hovered == (row, verdict.key))
            if place and not chosen[place] and not chosen[place - 1]:
                painter.setPen(QPen(theme.color("button_edge"), 1))
                painter.drawLine(box.left(), box.top() + theme.px(8), box.left(), box.bottom() - theme.px(8))

    def _part(self, painter: QPainter, box: QRect, verdict: Verdict, *, chosen: bool, hovered: bool) -> None:
        inner = QRectF(box).adjusted(3, 3, -3, -3)
        if chosen:
            fill_round(painter, inner, theme.color(f"{verdict.tone}_tint"), theme.px(4))
        elif hovered and self.enabled:
            fill_round(painter, inner, theme.color("hover"), theme.px(4))
        painter.setFont(fonts.font(fonts.SECOND, medium=chosen))
        painter.setPen(theme.color(f"{verdict.tone}_text") if chosen else theme.color("text2"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, verdict.name)

    def _outline(self, area: QRect) -> QRect:
        width = sum(self._widths())
        left = area.right() + 1 - theme.px(EDGE) + theme.px(4) - width
        return QRect(left, area.center().y() - theme.px(CONTROL) // 2, width, theme.px(CONTROL))

    def _boxes(self, area: QRect) -> list[tuple[Verdict, QRect]]:
        outline = self._outline(area)
        left, found = outline.left(), []
        for verdict, width in zip(self._verdicts, self._widths(), strict=True):
            found.append((verdict, QRect(left, outline.top(), width, outline.height())))
            left += width
        return found

    def _widths(self) -> list[int]:
        metrics = QFontMetrics(fonts.font(fonts.SECOND, medium=True))
        return [metrics.horizontalAdvance(item.name) + 2 * theme.px(PADDING) for item in self._verdicts]
