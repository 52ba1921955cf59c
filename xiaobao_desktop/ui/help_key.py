"""F1: opens the manual at what the officer is looking at. Dialogs bind it for themselves, they stand before the window.

The manual itself is loaded with the first F1.
"""

from __future__ import annotations

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

KEY = "F1"


def bind(dialog: QWidget, topic: str) -> None:
    """Let F1 in ``dialog`` open the chapter that explains ``topic``."""
    QShortcut(QKeySequence(KEY), dialog).activated.connect(lambda: open_manual(dialog, topic))


def open_manual(owner: QWidget, topic: str) -> None:
    """Show the manual of the window of ``owner`` at the chapter on ``topic``."""
    from xiaobao_desktop.ui.dialogs.manual import manual_of

    manual_of(owner.window()).open_topic(topic)
