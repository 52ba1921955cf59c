"""The foot of a dialog that is filled in and saved: 取消 and 保存, with their keys."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton

from xiaobao_desktop.ui import theme
from xiaobao_desktop.ui.widgets.buttons import GHOST, PRIMARY, button


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
