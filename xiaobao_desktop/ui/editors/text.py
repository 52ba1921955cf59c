"""Editors for words: one line (names, telephone, papers, accounts) and several lines."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from xiaobao_desktop.domain.dates import tidy
from xiaobao_desktop.domain.fields import Field, Kind, Value
from xiaobao_desktop.ui import theme
from xiaobao_desktop.ui.editors.base import Editor

_LONGEST = 2_000
_INPUT_HINTS: Final = {
    Kind.PHONE: Qt.InputMethodHint.ImhPreferNumbers,
    Kind.ID_NUMBER: Qt.InputMethodHint.ImhPreferUppercase,
    Kind.ACCOUNT: Qt.InputMethodHint.ImhPreferNumbers,
}


class LineEditor(Editor):
    """One line of text; numbers typed in full width are made narrow when the field is left."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self.line = QLineEdit()
        self.line.setMaxLength(_LONGEST)
        self.line.setPlaceholderText(field.hint)
        self.line.setInputMethodHints(_INPUT_HINTS.get(field.kind, Qt.InputMethodHint.ImhNone))
        self.line.textEdited.connect(lambda _text: self.edited.emit())
        self.use(self.line)

    def value(self) -> Value:
        """The text without blanks at its ends."""
        return self._tidied() or None

    def set_value(self, value: Value) -> None:
        """Show a text from its beginning."""
        self.line.setText("" if value is None else str(value))
        self.line.setCursorPosition(0)

    def leaving(self) -> None:
        """Show the text as it will be kept."""
        if self.line.text() != self._tidied():
            self.line.setText(self._tidied())

    def _tidied(self) -> str:
        text = self.line.text()
        if self.field.kind in (Kind.PHONE, Kind.ID_NUMBER, Kind.ACCOUNT):
            text = tidy(text)
        return text.strip()


class _Lines(QPlainTextEdit):
    """Several lines: Enter goes on, Shift+Enter begins a new line, Tab leaves; grows up to eight lines."""

    def __init__(self) -> None:
        super().__init__()
        self.setTabChangesFocus(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.textChanged.connect(self._fit)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Shift+Enter types a plain new line; Qt would type a soft one."""
        shift = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and shift:
            self.textCursor().insertBlock()
            self.ensureCursorVisible()
            return
        super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll the page, unless the text itself has the keyboard and is longer than its box."""
        if self.hasFocus() and self.verticalScrollBar().maximum() > 0:
            super().wheelEvent(event)
        else:
            event.ignore()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A narrower box needs more lines."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        lines = max(2, min(8, int(self.document().size().height())))
        height = lines * self.fontMetrics().lineSpacing() + theme.px(22)
        if self.height() != height:
            self.setFixedHeight(height)


class LongTextEditor(Editor):
    """Several lines of text."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self._loading = False
        self.lines = _Lines()
        self.lines.setPlaceholderText(field.hint)
        self.lines.textChanged.connect(self._on_changed)
        self.use(self.lines)

    def value(self) -> Value:
        """The text without blank ends."""
        return self.lines.toPlainText().strip() or None

    def set_value(self, value: Value) -> None:
        """Show a text."""
        self._loading = True
        self.lines.setPlainText("" if value is None else str(value))
        self._loading = False

    def _on_changed(self) -> None:
        if not self._loading:
            self.edited.emit()
