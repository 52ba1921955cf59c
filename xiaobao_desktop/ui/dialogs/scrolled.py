"""A dialog with a title and a count over contents that scroll, and buttons below."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from xiaobao_desktop.ui import fonts, help_key, theme
from xiaobao_desktop.ui.widgets.buttons import button
from xiaobao_desktop.ui.widgets.cards import scrolling
from xiaobao_desktop.ui.widgets.labels import hairline, label


class ScrolledDialog(QDialog):
    """``show_body`` puts the contents in; ``foot`` takes further buttons before the stretch and 关闭."""

    def __init__(self, title: str, topic: str, width: int, height: int, parent: QWidget | None = None) -> None:
        """Make the frame.

        Args:
            title: words of the title.
            topic: what F1 explains.
            width: of the dialog, in pixels of the design sheet.
            height: of the dialog, in the same.
            parent: owner.
        """
        super().__init__(parent)
        help_key.bind(self, topic)
        self.setWindowTitle(title)
        theme.surface(self)
        self.resize(theme.px(width), theme.px(height))
        self.count = label("", tone="2")
        self.close_button = button("关闭", shortcut="Esc")
        self.close_button.clicked.connect(self.reject)
        self.foot = QHBoxLayout()
        self.foot.setContentsMargins(theme.px(20), theme.px(10), theme.px(20), theme.px(10))
        self.foot.setSpacing(theme.px(8))
        self._area: QScrollArea = scrolling(QWidget(), self)
        head = QHBoxLayout()
        head.setContentsMargins(theme.px(20), theme.px(14), theme.px(20), theme.px(12))
        head.setSpacing(theme.px(10))
        head.addWidget(label(title, fonts.PAGE_TITLE, medium=True))
        head.addWidget(self.count)
        head.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(hairline())
        column.addWidget(self._area, 1)
        column.addWidget(hairline())
        column.addLayout(self.foot)

    @property
    def body(self) -> QWidget:
        """The contents."""
        return self._area.widget()

    def show_body(self, body: QWidget) -> None:
        """Show other contents; the former ones are gone."""
        theme.surface(body)
        self._area.setWidget(body)
