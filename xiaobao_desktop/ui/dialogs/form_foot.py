"""The foot of a dialog: 取消 and the button that does it, with their keys, below a line."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLayout, QPushButton, QVBoxLayout, QWidget

from xiaobao_desktop.ui import fonts, theme
from xiaobao_desktop.ui.widgets.buttons import GHOST, PRIMARY, button
from xiaobao_desktop.ui.widgets.labels import hairline, label


def save_foot(dialog: QDialog, save: Callable[[], object]) -> tuple[QHBoxLayout, QPushButton]:
    """The row of buttons, and the one that saves; Esc rejects the dialog, Ctrl+S and Enter save.

    Args:
        dialog: its owner.
        save: what 保存 does; it accepts the dialog itself.
    """
    keep = button("保存", PRIMARY, shortcut="Ctrl+S")
    keep.setDefault(True)
    keep.clicked.connect(save)
    QShortcut(QKeySequence("Ctrl+S"), dialog).activated.connect(save)
    return foot_row(dialog, keep), keep


def foot_row(dialog: QDialog, does: QPushButton) -> QHBoxLayout:
    """取消 (Esc) and the button that does it, at the right."""
    cancel = button("取消", GHOST, shortcut="Esc")
    cancel.clicked.connect(dialog.reject)
    row = QHBoxLayout()
    row.setContentsMargins(theme.px(20), theme.px(10), theme.px(16), theme.px(10))
    row.setSpacing(theme.px(8))
    row.addStretch(1)
    row.addWidget(cancel)
    row.addWidget(does)
    return row


def over_foot(dialog: QDialog, body: QWidget | QLayout, foot: QLayout) -> None:
    """Fill a dialog: ``body`` takes the room over a line and the row of buttons."""
    whole = QVBoxLayout(dialog)
    whole.setContentsMargins(0, 0, 0, 0)
    whole.setSpacing(0)
    if isinstance(body, QWidget):
        whole.addWidget(body, 1)
    else:
        whole.addLayout(body, 1)
    whole.addWidget(hairline())
    whole.addLayout(foot)


def choosing(dialog: QDialog, title: str, parts: Sequence[QWidget | QLayout], take: QPushButton) -> None:
    """Fill a dialog in which one thing is chosen: a title, ``parts`` below each other, 取消 and ``take``."""
    body = QVBoxLayout()
    edge = theme.px(20)
    body.setContentsMargins(edge, theme.px(16), edge, theme.px(14))
    body.setSpacing(theme.px(10))
    body.addWidget(label(title, fonts.PAGE_TITLE, medium=True))
    for part in parts:
        if isinstance(part, QWidget):
            body.addWidget(part)
        else:
            body.addLayout(part)
    over_foot(dialog, body, foot_row(dialog, take))
