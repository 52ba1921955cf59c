"""A bar two pixels high under the top bar: work is under way. Moves while shown, costs nothing while hidden."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from xiaobao_desktop.ui import theme

_TICK_MS, _PARTS = 40, 60


class ProgressLine(QWidget):
    """Connect ``set_busy`` to ``tasks().busy_changed``."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._phase = 0
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._move)
        self.setFixedHeight(2)
        self.setAccessibleName("正在处理")
        self.hide()

    def set_busy(self, busy: bool) -> None:
        """Show and move, or hide."""
        self.setVisible(busy)
        if busy:
            self.raise_()
            self._timer.start()
        else:
            self._timer.stop()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint a third of the line in the accent colour, wandering."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("line"))
        left = (self._phase / _PARTS * 1.33 - 0.33) * self.width()
        painter.fillRect(QRectF(left, 0, self.width() / 3, self.height()), theme.color("accent"))

    def _move(self) -> None:
        self._phase = (self._phase + 1) % (_PARTS + 1)
        self.update()
