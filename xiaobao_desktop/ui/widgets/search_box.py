"""The search field of the top bar: live after 200 ms, deaf to half-typed input-method text, Ctrl+F goes to it."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction, QFontMetrics, QInputMethodEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QStyle, QStyleOptionFrame

from xiaobao_desktop.ui import fonts, icons, theme

DELAY_MS = 200
SHORTCUT = "Ctrl+F"
_GLASS, _APART = 30, 6
"""Pixels of the design sheet: what the glass takes, the least between hint and shortcut."""


class SearchBox(QLineEdit):
    """Sends ``searched`` with the text when typing has paused, at once on Enter, ↓ and on clearing.

    ``entered`` says that Enter or ↓ asks for what was found.
    """

    searched = Signal(str)
    entered = Signal()

    def __init__(self, hint: str = "搜索编号、姓名、内容…") -> None:
        super().__init__()
        self._composing = False
        self._sent = ""
        self.setPlaceholderText(hint)
        self.setAccessibleName("搜索")
        glass = QAction(self)
        icons.put(glass, "search")
        self.addAction(glass, QLineEdit.ActionPosition.LeadingPosition)
        self._clear = QAction("清除搜索", self)
        icons.put(self._clear, "x")
        self._clear.triggered.connect(self.clear)
        self.addAction(self._clear, QLineEdit.ActionPosition.TrailingPosition)
        self._clear.setVisible(False)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DELAY_MS)
        self._timer.timeout.connect(self._send)
        self.textChanged.connect(self._typed)
        self.returnPressed.connect(self._enter)

    def forget(self) -> None:
        """Empty the field without searching again."""
        self._sent = ""
        self.clear()

    def show_text(self, text: str) -> None:
        """Show words that are searched for already, without searching again."""
        self._sent = text
        self.setText(text)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Remember whether the input method is still composing; its half-typed letters are no search."""
        self._composing = bool(event.preeditString())
        super().inputMethodEvent(event)
        if not self._composing and self.text() != self._sent:
            self._timer.start()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc clears a search; in an empty field it goes on to the page. ↓ goes to what was found, as Enter does."""
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
            return
        if event.key() == Qt.Key.Key_Down:
            self._enter()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the shortcut at the right end of the empty field, unless the hint needs the room."""
        super().paintEvent(event)
        if self.text() or self._composing or self.hasFocus():
            return
        option = QStyleOptionFrame()
        self.initStyleOption(option)
        area = self.style().subElementRect(QStyle.SubElement.SE_LineEditContents, option, self)
        hint = self.fontMetrics().horizontalAdvance(self.placeholderText())
        keys = QFontMetrics(fonts.font(fonts.HEADER)).horizontalAdvance(SHORTCUT)
        if theme.px(_GLASS) + hint + theme.px(_APART) + keys > area.width():
            return
        painter = QPainter(self)
        painter.setFont(fonts.font(fonts.HEADER))
        painter.setPen(theme.color("text2"))
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, SHORTCUT)

    def _typed(self, text: str) -> None:
        self._clear.setVisible(bool(text))
        if not text:
            self._send()
        elif not self._composing:
            self._timer.start()

    def _enter(self) -> None:
        self._send()
        if not self._composing:
            self.entered.emit()

    def _send(self) -> None:
        self._timer.stop()
        if self._composing or self.text() == self._sent:
            return
        self._sent = self.text()
        self.searched.emit(self._sent.strip())
