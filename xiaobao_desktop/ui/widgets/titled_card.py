"""A card with a head line: title, hint, and room for small buttons at the right."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from xiaobao_desktop.ui import fonts, theme
from xiaobao_desktop.ui.widgets.labels import ElidedLabel, label

EDGE, HEAD = 17, 42


class TitledCard(QFrame):
    """A card with a head line, its title and a hint, over the contents."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.setProperty("look", "card")
        self.title = label(title, fonts.CARD_TITLE, medium=True)
        self.hint = ElidedLabel("", fonts.SECOND, token="text2")  # noqa: S106 - a colour
        self.head = QHBoxLayout()
        self.head.setContentsMargins(theme.px(EDGE), 0, theme.px(EDGE), 0)
        self.head.setSpacing(theme.px(8))
        self.head.addWidget(self.title)
        self.head.addWidget(self.hint, 1)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(1, 0, 1, 1)
        self.column.setSpacing(0)
        head = QFrame()
        head.setLayout(self.head)
        head.setFixedHeight(theme.px(HEAD))
        self.column.addWidget(head)
