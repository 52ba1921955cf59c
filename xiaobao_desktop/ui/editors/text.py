"""Editors for words: one line (names, telephone, papers, accounts) and several lines."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QSizePolicy, QWidget

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


class Lines(QPlainTextEdit):
    """Several lines: Shift+Enter begins a new line, Tab leaves; grows with its text.

    In a form Enter goes on to the next field (the form sees to it); elsewhere it begins a new line too.
    """

    left = Signal()
    """The keyboard went elsewhere in the window."""

    def __init__(self, most: int = 8) -> None:
        """Grow up to ``most`` lines."""
        super().__init__()
        self._most = most
        self._wanted = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setTabChangesFocus(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # Not the change of the text: its lines are broken only after that has been told.
        self.document().documentLayout().documentSizeChanged.connect(lambda _size: self._fit())
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Shift+Enter types a plain new line; Qt would type a soft one."""
        shift = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and shift:
            self.textCursor().insertBlock()
            self.ensureCursorVisible()
            return
        super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        """As high as the text asks for; the layout alone sets the height, so that nothing comes to overlap."""
        return QSize(super().sizeHint().width(), self._wanted)

    def minimumSizeHint(self) -> QSize:
        """Never lower than that."""
        return QSize(super().minimumSizeHint().width(), self._wanted)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tell that the text was left; a menu or another program is only a pause."""
        super().focusOutEvent(event)
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            self.left.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll the page, unless the text itself has the keyboard and is longer than its box."""
        if self.hasFocus() and self.verticalScrollBar().maximum() > 0:
            super().wheelEvent(event)
        else:
            event.ignore()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A narrower box needs more lines; a layout at work hears of that only when it is done."""
        super().resizeEvent(event)
        QTimer.singleShot(0, self, self._fit)

    def _fit(self) -> None:
        written = int(self.document().size().height())
        # A bar that comes for a moment takes width, breaks lines anew, and so asks for another height.
        bar = Qt.ScrollBarPolicy
        self.setVerticalScrollBarPolicy(bar.ScrollBarAsNeeded if written > self._most else bar.ScrollBarAlwaysOff)
        lines = max(2, min(self._most, written))
        height = lines * self.fontMetrics().lineSpacing() + theme.px(22)
        if self._wanted != height:
            self._wanted = height
            self.updateGeometry()


class LongTextEditor(Editor):
    """Several lines of text."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self._loading = False
        self.lines = Lines()
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
