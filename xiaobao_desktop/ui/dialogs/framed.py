"""The frame of small dialogs: a mark beside words, and buttons at the right below a line."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from xiaobao_desktop.ui import theme
from xiaobao_desktop.ui.widgets.labels import hairline


def lay_out(
    dialog: QDialog, mark: QWidget, words: Sequence[QWidget], buttons: Sequence[QWidget], extra: QWidget | None = None
) -> None:
    """Fill a dialog: ``mark`` at the left, ``words`` below each other, ``extra`` a little apart, then ``buttons``."""
    whole = QVBoxLayout(dialog)
    whole.setContentsMargins(0, 0, 0, 0)
    whole.setSpacing(0)
    head = QHBoxLayout()
    head.setContentsMargins(theme.px(24), theme.px(22), theme.px(24), theme.px(18))
    head.setSpacing(theme.px(14))
    head.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
    column = QVBoxLayout()
    column.setSpacing(theme.px(6))
    for widget in words:
        column.addWidget(widget)
    if extra is not None:
        column.addSpacing(theme.px(6))
        column.addWidget(extra)
    head.addLayout(column, 1)
    whole.addLayout(head)
    whole.addWidget(hairline())
    foot = QHBoxLayout()
    foot.setContentsMargins(theme.px(24), theme.px(14), theme.px(20), theme.px(14))
    foot.setSpacing(theme.px(8))
    foot.addStretch(1)
    for button in buttons:
        foot.addWidget(button)
    whole.addLayout(foot)


def fit(dialog: QDialog) -> None:
    """Make a dialog of a fixed width as high as its wrapped words need."""
    layout = dialog.layout()
    if layout is not None:
        layout.activate()
        dialog.setFixedHeight(layout.totalHeightForWidth(dialog.width()))
