"""Buttons in the five looks of the program. Texts come with a leading blank when an icon stands before them.

A screen has one primary button, rightmost. A shortcut is shown on the button itself.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QPushButton, QWidget

from xiaobao_desktop.ui import icons

PRIMARY, SECONDARY, GHOST, DANGER, LINK = "primary", "secondary", "ghost", "danger", "link"


class _Button(QPushButton):
    """Enter presses the button that has the focus, as Space does; in a dialog it would press the default one."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and Space press it."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self.click()
        else:
            super().keyPressEvent(event)


def button(
    text: str, look: str = SECONDARY, *, icon: str = "", shortcut: str = "", parent: QWidget | None = None
) -> QPushButton:
    """A button with words on it.

    Args:
        text: Chinese verb.
        look: ``primary``, ``secondary``, ``ghost``, ``danger`` (names a deletion) or ``link``.
        icon: name of a line icon before the text.
        shortcut: key combination such as ``Ctrl+N``, shown behind the text; the caller binds it.
        parent: parent widget.
    """
    shown = f"{text}  {shortcut}" if shortcut else text
    made = _Button(f" {shown}" if icon else shown, parent)
    made.setProperty("look", look)
    made.setAccessibleName(text)
    made.setCursor(Qt.CursorShape.PointingHandCursor if look == LINK else Qt.CursorShape.ArrowCursor)
    made.setAutoDefault(False)
    if look == PRIMARY:
        weight = made.font()
        weight.setWeight(QFont.Weight.Medium)
        made.setFont(weight)
    if icon:
        icons.put(made, icon, _icon_token(look))
    return made


def relabel(made: QPushButton, text: str, look: str) -> None:
    """Give a button with an icon other words and another look; the caller puts the icon."""
    made.setText(f" {text}")
    made.setAccessibleName(text)
    if made.property("look") == look:
        return
    made.setProperty("look", look)
    weight = made.font()
    weight.setWeight(QFont.Weight.Medium if look == PRIMARY else QFont.Weight.Normal)
    made.setFont(weight)
    made.style().unpolish(made)
    made.style().polish(made)


def icon_button(icon: str, tip: str, *, edged: bool = False, shortcut: str = "", size: int = icons.SIZE) -> QPushButton:
    """A square button with an icon only; ``tip`` is its tooltip and its name for screen readers.

    Args:
        icon: name of a line icon.
        tip: what it does, in Chinese.
        edged: with the outline and height of a full control.
        shortcut: key combination, bound to the button and shown in the tooltip.
        size: edge of the icon on the design sheet.
    """
    made = _Button()
    made.setProperty("look", "icon")
    made.setProperty("edged", edged)
    made.setAutoDefault(False)
    made.setAccessibleName(tip)
    made.setToolTip(f"{tip}（{shortcut}）" if shortcut else tip)
    if shortcut:
        made.setShortcut(QKeySequence(shortcut))
    icons.put(made, icon, "text2", size)
    return made


def _icon_token(look: str) -> str:
    return {PRIMARY: "on_accent", DANGER: "red_text", LINK: "link"}.get(look, "text2")
