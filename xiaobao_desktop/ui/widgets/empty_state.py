"""What a page shows when there is nothing to show: a small drawing, one sentence why, what to do first."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from xiaobao_desktop.ui import fonts, icons, theme
from xiaobao_desktop.ui.widgets.labels import label
from xiaobao_desktop.ui.widgets.painting import fill_round


class _Drawing(QWidget):
    """Two sheets of paper and the icon of the ledger."""

    def __init__(self, icon: str) -> None:
        super().__init__()
        self._icon = icon
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Size of the drawing on the sheet."""
        return QSize(theme.px(142), theme.px(108))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(self.width() / 142, self.height() / 108)
        painter.setBrush(theme.color("base"))
        for box, token in ((QRectF(10.5, 1.5, 122, 84), "line"), (QRectF(1.5, 8.5, 122, 82), "button_edge")):
            painter.setPen(QPen(theme.color(token), 1.2))
            painter.drawRoundedRect(box, 8, 8)
        for top, width, token in ((28, 64, "tint_edge"), (45, 88, "press"), (62, 74, "press")):
            fill_round(painter, QRectF(19, top, width, 6), theme.color(token), 3)
        fill_round(painter, QRectF(101, 66, 40, 40), theme.color("tint"), 20)
        icons.draw(painter, QRectF(111, 76, 20, 20), self._icon, "link")


class EmptyState(QWidget):
    """Drawing, title, sentence, buttons, in the middle of the free room."""

    def __init__(self, icon: str, title: str, why: str = "", buttons: Sequence[QPushButton] = ()) -> None:
        """Take the words and at most three buttons, the primary one first; no icon means no drawing."""
        super().__init__()
        column = QVBoxLayout(self)
        column.setSpacing(theme.px(8))
        column.addStretch(2)
        middle = Qt.AlignmentFlag.AlignHCenter
        if icon:
            column.addWidget(_Drawing(icon), 0, middle)
            column.addSpacing(theme.px(8))
        column.addWidget(label(title, 12.0 if icon else fonts.BODY, medium=True, tone="" if icon else "2"), 0, middle)
        if why:
            column.addWidget(label(why, fonts.SECOND, tone="2"), 0, middle)
        row = QHBoxLayout()
        row.setSpacing(theme.px(8))
        row.addStretch(1)
        for made in buttons:
            row.addWidget(made)
        row.addStretch(1)
        column.addSpacing(theme.px(6))
        column.addLayout(row)
        column.addStretch(3)
