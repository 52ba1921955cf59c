"""An amber box of things to look at, each with a link to the records it is about."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QPushButton, QVBoxLayout, QWidget

from xiaobao_desktop.services.complaint_filing import Point
from xiaobao_desktop.ui import fonts, theme
from xiaobao_desktop.ui.widgets.buttons import LINK, button
from xiaobao_desktop.ui.widgets.cards import line_icon
from xiaobao_desktop.ui.widgets.labels import label, set_shown

SHOW = "查看"


class PointList(QFrame):
    """The box; hidden while there is nothing to look at.

    Signals:
        asked: key of a ledger, ids, words of the point.
    """

    asked = Signal(str, object, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "amber")
        self.setVisible(False)
        self.title = label("", medium=True, tone="amber", wrap=True)
        self.links: list[QPushButton] = []
        self._rows: QWidget | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(theme.px(12), theme.px(10), theme.px(12), theme.px(10))
        self._column.setSpacing(theme.px(4))
        self._column.addWidget(self.title)

    def show_points(self, title: str, points: Sequence[Point]) -> None:
        """Show these points under a title."""
        if self._rows is not None:
            self._column.removeWidget(self._rows)
            self._rows.deleteLater()
        self.title.setText(title)
        self._rows = self._made(points)
        self._column.addWidget(self._rows)
        set_shown(self, shown=bool(points))

    def _made(self, points: Sequence[Point]) -> QWidget:
        rows = QWidget()
        grid = QGridLayout(rows)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.px(6))
        grid.setVerticalSpacing(theme.px(3))
        grid.setColumnStretch(1, 1)
        self.links = []
        for place, point in enumerate(points):
            grid.addWidget(line_icon("triangle-alert", "amber_text"), place, 0, Qt.AlignmentFlag.AlignTop)
            words = label(point.words, fonts.SECOND, tone="amber", wrap=True)
            grid.addWidget(words, place, 1)
            if point.ids:
                link = button(SHOW, LINK)
                link.setAccessibleName(f"{SHOW}：{point.words}")
                link.clicked.connect(partial(self._ask, point))
                grid.addWidget(link, place, 2, Qt.AlignmentFlag.AlignTop)
                self.links.append(link)
        return rows

    def _ask(self, point: Point, _checked: bool = False) -> None:
        self.asked.emit(point.ledger, point.ids, point.words)
