"""Hands for the form tests: a keyboard that types where the cursor is."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

ALT = Qt.KeyboardModifier.AltModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
Key = Qt.Key


def show(widget: QWidget, width: int = 1170, height: int = 738) -> None:
    """Show a widget and give it the keyboard."""
    widget.resize(width, height)
    widget.show()
    widget.activateWindow()
    assert QTest.qWaitForWindowActive(widget)


def here() -> QWidget:
    """The widget that has the keyboard."""
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Press one key where the cursor is."""
    QTest.keyClick(here(), key, modifier)


def write(text: str) -> None:
    """Type text: keys for Latin letters and digits, an input method's commit for Chinese."""
    for char in text:
        if char.isascii():
            QTest.keyClicks(here(), char)
        else:
            commit(char)


def compose(text: str) -> None:
    """Let the input method show letters that are not yet written."""
    QApplication.sendEvent(here(), QInputMethodEvent(text, []))


def commit(text: str) -> None:
    """Let the input method write text for good."""
    event = QInputMethodEvent("", [])
    event.setCommitString(text)
    QApplication.sendEvent(here(), event)
