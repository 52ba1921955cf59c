"""The frame of a dialog with a text at the left and what was found in it at the right."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QDialog, QHBoxLayout, QLayout, QVBoxLayout, QWidget

from xiaobao_desktop.ui import fonts, theme
from xiaobao_desktop.ui.widgets.labels import hairline, label


def lay_out(
    dialog: QDialog,
    words: QWidget,
    left: QWidget,
    right: QWidget | QLayout,
    note: str,
    buttons: Sequence[QWidget],
    *,
    widths: tuple[int, int] = (1, 1),
) -> None:
    """Fill a dialog.

    Args:
        dialog: its window title is shown large above.
        words: below the title, about what was found.
        left: the text.
        right: what was found.
        note: at the foot, beside the buttons.
        buttons: at the right of the foot.
        widths: shares of left and right.
    """
    edge = theme.px(20)
    column = QVBoxLayout(dialog)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    head = QVBoxLayout()
    head.setContentsMargins(edge, theme.px(14), edge, theme.px(12))
    head.setSpacing(theme.px(4))
    head.addWidget(label(dialog.windowTitle(), fonts.PAGE_TITLE, medium=True))
    head.addWidget(words)
    column.addLayout(head)
    column.addWidget(hairline())
    middle = QHBoxLayout()
    middle.setContentsMargins(edge, theme.px(14), edge, theme.px(14))
    middle.setSpacing(theme.px(14))
    middle.addWidget(left, widths[0])
    if isinstance(right, QWidget):
        middle.addWidget(right, widths[1])
    else:
        middle.addLayout(right, widths[1])
    column.addLayout(middle, 1)
    column.addWidget(hairline())
    foot = QHBoxLayout()
    foot.setContentsMargins(edge, theme.px(10), theme.px(16), theme.px(10))
    foot.setSpacing(theme.px(8))
    foot.addWidget(label(note, fonts.SECOND, tone="2"))
    foot.addStretch(1)
    for pressed in buttons:
        foot.addWidget(pressed)
    column.addLayout(foot)
