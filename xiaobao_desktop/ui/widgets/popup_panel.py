"""A panel that drops down from a button and may hold an input field.

It is a child of the window and not a ``Qt.Popup``: inside a real popup the Chinese input method is dead
(QTBUG-83490). It closes on Esc, on a click elsewhere and when the focus leaves it.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from xiaobao_desktop.ui import theme
from xiaobao_desktop.ui.widgets.buttons import GHOST, button
from xiaobao_desktop.ui.widgets.labels import hairline
from xiaobao_desktop.ui.widgets.painting import fill_round

SHADOW = 12
"""Width of the soft edge on the design sheet."""


class PopupPanel(QWidget):
    """Put content into ``body``; then ``open_below`` an anchor. Sends ``closed`` once and deletes itself."""

    closed = Signal()

    def __init__(self, window: QWidget) -> None:
        """Lie over ``window``, the top-level widget."""
        super().__init__(window)
        self._window = window
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        edge = theme.px(SHADOW)
        self.frame = QFrame()
        self.frame.setProperty("look", "popup")
        self.body = QVBoxLayout(self.frame)
        self.body.setContentsMargins(theme.px(8), theme.px(8), theme.px(8), theme.px(8))
        self.body.setSpacing(theme.px(6))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(edge, edge, edge, edge)
        outer.addWidget(self.frame)
        self._open = False
        self._anchor: QWidget | None = None

    def add_foot(self, words: str, act: Callable[[], object]) -> None:
        """Below all else a line, a button called ``words`` that does ``act``, and 完成, which closes."""
        self.body.addWidget(hairline())
        other, done = button(words, GHOST), button("完成")
        other.clicked.connect(lambda: act())
        done.clicked.connect(lambda: self.close_panel())
        row = QHBoxLayout()
        row.addWidget(other)
        row.addStretch(1)
        row.addWidget(done)
        self.body.addLayout(row)

    def open_below(self, anchor: QWidget, focus: QWidget | None = None, *, at: QRect | None = None) -> None:
        """Show the panel under ``anchor`` (or under the part ``at`` of it), kept inside the window.

        Args:
            anchor: the button; gets the focus back on Esc.
            focus: gets the focus now; the panel itself when None.
            at: a part of the anchor, in its coordinates.
        """
        self._anchor = anchor
        self.adjustSize()
        part = at or anchor.rect()
        window = self._window
        edge, margin = theme.px(SHADOW), theme.px(4)
        under = anchor.mapTo(window, QPoint(part.left(), part.bottom() + margin))
        left = max(margin - edge, min(under.x() - edge, window.width() - self.width() + edge - margin))
        top = under.y() - edge
        if top + self.height() > window.height() + edge:
            top = max(margin - edge, window.height() - self.height() + edge - margin)
        self.move(left, top)
        self.show()
        self.raise_()
        (focus or self).setFocus(Qt.FocusReason.PopupFocusReason)
        self._open = True
        application = QApplication.instance()
        assert application is not None
        application.installEventFilter(self)

    def close_panel(self, *, back: bool = True) -> None:
        """Close; ``back`` gives the focus to the anchor again."""
        if not self._open:
            return
        self._open = False
        application = QApplication.instance()
        if application is not None:
            application.removeEventFilter(self)
        self.hide()
        if back and self._anchor is not None:
            self._anchor.setFocus(Qt.FocusReason.PopupFocusReason)
        self.closed.emit()
        self.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Close when the officer clicks or goes elsewhere, or the window changes its size."""
        if not self._open or not isinstance(watched, QWidget):
            return False
        if event.type() == QEvent.Type.MouseButtonPress and isinstance(event, QMouseEvent):
            away = not self.rect().contains(self.mapFromGlobal(event.globalPosition().toPoint()))
        elif event.type() == QEvent.Type.FocusIn:
            away = watched is not self and not self.isAncestorOf(watched)
        else:
            away = event.type() == QEvent.Type.Resize and watched is self._window
        if away:
            self.close_panel(back=False)
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes the panel and nothing else."""
        if event.key() == Qt.Key.Key_Escape:
            event.accept()
            self.close_panel()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the soft shadow around the frame."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = theme.px(SHADOW)
        strength = 10 if theme.tokens().name == "light" else 22
        for step in range(edge):
            grow = edge - step
            box = QRectF(self.frame.geometry()).adjusted(-grow, -grow + 3, grow, grow + 1)
            shade = QColor(0, 0, 0, max(1, round(strength * (step + 1) / edge / 3)))
            fill_round(painter, box, shade, theme.px(8) + grow)
