"""A card whose head line sums up what stands below a hairline, and the grid with heads that such cards hold."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from xiaobao_desktop.ui import fonts, theme
from xiaobao_desktop.ui.widgets.labels import hairline, label

_EDGE = 17


class SummaryCard(QFrame):
    """Title, ``summary`` and at the right ``remark`` over the contents, which take the room."""

    def __init__(self, title: str, contents: QWidget) -> None:
        super().__init__()
        self.setProperty("look", "card")
        self.summary = label("", fonts.SECOND, tone="2")
        self.remark = label("", fonts.SECOND, tone="2")
        whole = QVBoxLayout(self)
        whole.setContentsMargins(1, 1, 1, 1)
        whole.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(theme.px(_EDGE), theme.px(8), theme.px(_EDGE), theme.px(8))
        head.setSpacing(theme.px(8))
        head.addWidget(label(title, fonts.CARD_TITLE, medium=True))
        head.addWidget(self.summary)
        head.addStretch(1)
        head.addWidget(self.remark)
        whole.addLayout(head)
        whole.addWidget(hairline())
        whole.addWidget(contents, 1)


def headed_grid(inner: QWidget, heads: Sequence[tuple[str, int]], gap: int) -> QGridLayout:
    """A grid in ``inner`` whose first line holds heads, each with the share of the width that its column takes.

    Args:
        inner: what the grid fills.
        heads: words and share of each column.
        gap: between two lines, in pixels of the design sheet.
    """
    grid = QGridLayout(inner)
    grid.setContentsMargins(theme.px(_EDGE), theme.px(6), theme.px(_EDGE), theme.px(8))
    grid.setHorizontalSpacing(theme.px(12))
    grid.setVerticalSpacing(theme.px(gap))
    for place, (text, share) in enumerate(heads):
        grid.addWidget(label(text, fonts.HEADER, medium=True, tone="2"), 0, place)
        grid.setColumnStretch(place, share)
    return grid
