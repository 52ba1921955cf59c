"""Blocks under each other, or in two columns where there is room: what is read first at the left."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from xiaobao_desktop.ui import theme
from xiaobao_desktop.ui.widgets.labels import hairline

_EDGE, _GAP, _BETWEEN = 16, 10, 16
"""Pixels of the design sheet: around everything, between blocks, at both sides of the line between the columns."""


@dataclass(frozen=True)
class _Block:
    """A block, whether it stands at the right where there are two columns, and the line above it."""

    widget: QWidget
    side: bool
    line: QFrame | None


class TwoColumns(QWidget):
    """``add`` the blocks in the order in which they are read, then ``arrange``."""

    def __init__(self) -> None:
        super().__init__()
        self.columns = 0
        self._blocks: list[_Block] = []
        self._between = hairline(vertical=True)
        edge = theme.px(_EDGE)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(edge, theme.px(4), edge, edge)
        whole.setSpacing(theme.px(_BETWEEN))
        self._left, self._right = QVBoxLayout(), QVBoxLayout()
        whole.addLayout(self._left, 1)
        whole.addWidget(self._between)
        whole.addLayout(self._right, 1)
        for column in (self._left, self._right):
            column.setSpacing(theme.px(_GAP))

    def add(self, block: QWidget, *, side: bool = False, line: bool = False) -> None:
        """Add a block at the end.

        Args:
            block: what to show.
            side: it stands in the right column where there are two.
            line: a hairline above it, unless it is the first of its column.
        """
        rule = hairline() if line else None
        for part in (rule, block):
            if part is not None:
                part.setParent(self)
        self._blocks.append(_Block(block, side, rule))

    def arrange(self, columns: int) -> None:
        """Put the blocks into one or two columns; Tab goes down the left one first."""
        if columns == self.columns:
            return
        self.columns = columns
        left = [block for block in self._blocks if columns == 1 or not block.side]
        right = [block for block in self._blocks if columns == 2 and block.side]
        for column, blocks in ((self._left, left), (self._right, right)):
            _refill(column, blocks)
        self._between.setVisible(bool(right))
        whole = self.layout()
        if isinstance(whole, QHBoxLayout):
            whole.setStretch(2, 1 if right else 0)
        stops = [stop for block in (*left, *right) for stop in _stops(block.widget)]
        for before, after in pairwise(stops):
            QWidget.setTabOrder(before, after)


def _refill(column: QVBoxLayout, blocks: list[_Block]) -> None:
    while column.count():
        column.takeAt(0)
    for place, block in enumerate(blocks):
        if block.line is not None:
            column.addWidget(block.line)
            block.line.setVisible(place > 0)
        column.addWidget(block.widget)
    column.addStretch(1)


def _stops(block: QWidget) -> list[QWidget]:
    """What takes the keyboard in a block, in the order of the layouts."""
    found = [block, *block.findChildren(QWidget)]
    return [widget for widget in found if widget.focusPolicy() & Qt.FocusPolicy.TabFocus]
