"""A short note at the bottom of a page after something was done, with a way back. Never used for errors."""

from __future__ import annotations

from collections.abc import Callable

import shiboken6
from PySide6.QtCore import QEvent, QObject, QRectF, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QPushButton, QWidget

from xiaobao_desktop.ui import fonts, icons, theme
from xiaobao_desktop.ui.widgets.painting import fill_round

SHOWN_MS = 6000


class Toast(QWidget):
    """Lies over the bottom of its parent for six seconds; a new note replaces the old one, of the whole window.

    A note that stands ``over`` another leaves it where it is: both can be read and pressed.
    """

    def __init__(self, parent: QWidget, over: Toast | None = None) -> None:
        super().__init__(parent)
        self._parent, self._over = parent, over
        self._before: QWidget | None = None
        self._text = ""
        self._undo: Callable[[], None] | None = None
        self._icon = "check"
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
        self._timer.timeout.connect(self.go)
        parent.installEventFilter(self)
        if over is not None:
            over.installEventFilter(self)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._focus_moved)
        self.hide()

    def text(self) -> str:
        """What it says."""
        return self._text

    def tell(
        self, text: str, undo_text: str = "", undo: Callable[[], None] | None = None, *, icon: str = "check"
    ) -> None:
        """Show a note.

        Args:
            text: what was done, in Chinese.
            undo_text: verb of the way back, such as 撤销; "" for none.
            undo: called when it is pressed.
            icon: before the words; the tick is green.
        """
        self._text, self._undo, self._icon = text, undo, icon
        self.setAccessibleName(text)
        self._button.setText(undo_text)
        self._button.setAccessibleName(undo_text)
        self._button.setVisible(bool(undo_text))
        self._place()
        for other in self.window().findChildren(Toast):
            if other is not self and other is not self._over and other._over is not self:
                other.go()
        self.show()
        self.raise_()
        self._timer.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay at the bottom centre when the parent changes its size, and clear of the note below."""
        kinds = (QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide, QEvent.Type.Move)
        if event.type() in kinds and self.isVisible():
            self._place()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the dark box, the tick and the words."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        fill_round(painter, QRectF(self.rect()), theme.color("tip"), theme.px(8))
        size, middle = theme.px(16), self.height() / 2
        ink = "tip_green" if self._icon == "check" else "on_tip"
        icons.draw(painter, QRectF(theme.px(16), middle - size / 2, size, size), self._icon, ink)
        painter.setFont(fonts.font())
        painter.setPen(theme.color("on_tip"))
        words = self.rect().adjusted(theme.px(44), 0, 0, 0)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self._text)

    def go(self) -> None:
        """Disappear; the keyboard goes back to whoever had it before the button, Qt would give it to the sidebar."""
        before, self._before = self._before, None
        if before is not None and self._button.hasFocus() and shiboken6.isValid(before):
            before.setFocus(Qt.FocusReason.OtherFocusReason)
        self.hide()

    def _focus_moved(self, old: QWidget | None, new: QWidget | None) -> None:
        if new is self._button and old is not None:
            self._before = old

    def _undo_now(self) -> None:
        self.go()
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
        top = parent.height() - height - theme.px(14)
        if self._over is not None and self._over.isVisible():
            top = self._over.y() - height - theme.px(8)
        self.setGeometry((parent.width() - width) // 2, top, width, height)
