"""A short note at the bottom of a page after something was done, with a way back. Never used for errors."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from xiaobao_desktop.ui import fonts, icons, theme
from xiaobao_desktop.ui.widgets.painting import fill_round

SHOWN_MS = 6000


class Toast(QWidget):
    """Lies over the bottom of its parent for six seconds; a new note replaces the old one, of the whole window."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._parent = parent
        self._text = ""
        self._undo: Callable[[], None] | None = None
        self._button = QPushButton(self)
        self._button.setProperty("look", "toast")
        self._button.clicked.connect(self._undo_now)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(44), 0, theme.px(10), 0)
        row.addStretch(1)
        row.addWidget(self._button)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SHOWN_MS)
        self._timer.timeout.connect(self.hide)
        parent.installEventFilter(self)
        self.hide()

    def text(self) -> str:
        """What it says."""
        return self._text

    def tell(self, text: str, undo_text: str = "", undo: Callable[[], None] | None = None) -> None:
        """Show a note.

        Args:
            text: what was done, in Chinese.
            undo_text: verb of the way back, such as 撤销; "" for none.
            undo: called when it is pressed.
        """
        self._text, self._undo = text, undo
        self.setAccessibleName(text)
        self._button.setText(undo_text)
        self._button.setAccessibleName(undo_text)
        self._button.setVisible(bool(undo_text))
        self._place()
        for other in self.window().findChildren(Toast):
            if other is not self:
                other.hide()
        self.show()
        self.raise_()
        self._timer.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay at the bottom centre when the parent changes its size."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the dark box, the tick and the words."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        fill_round(painter, QRectF(self.rect()), theme.color("tip"), theme.px(8))
        size, middle = theme.px(16), self.height() / 2
        icons.draw(painter, QRectF(theme.px(16), middle - size / 2, size, size), "check", "tip_green")
        painter.setFont(fonts.font())
        painter.setPen(theme.color("on_tip"))
        words = self.rect().adjusted(theme.px(44), 0, 0, 0)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self._text)

    def _undo_now(self) -> None:
        self.hide()
        if self._undo is not None:
            self._undo()

    def _place(self) -> None:
        parent = self._parent
        self.ensurePolished()
        self.setFont(fonts.font())
        words = self.fontMetrics().horizontalAdvance(self._text)
        tail = self._button.sizeHint().width() + theme.px(16) if self._button.text() else theme.px(8)
        width = min(theme.px(44) + words + tail + theme.px(14), parent.width() - theme.px(16))
        height = theme.px(40)
        self.setGeometry((parent.width() - width) // 2, parent.height() - height - theme.px(14), width, height)
