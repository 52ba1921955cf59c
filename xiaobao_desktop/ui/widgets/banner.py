"""A tinted box that says one thing at the head of a page or panel: what is due, what to look at, what went wrong."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout

from xiaobao_desktop.ui import fonts, icons, theme
from xiaobao_desktop.ui.widgets.buttons import LINK, button
from xiaobao_desktop.ui.widgets.labels import label, set_shown, set_tone

_TEXT_TONE = {"amber": "amber", "red": "red", "green": "green", "blue": "link", "grey": "2"}


class Banner(QFrame):
    """Icon, a line of weight 500, lines below; tone ``amber``, ``red``, ``green``, ``blue`` or ``grey``."""

    def __init__(self, tone: str = "amber", icon: str = "clock", title: str = "", detail: str = "") -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._icon = QLabel()
        self._title = label("", medium=True, wrap=True)
        self._detail = label("", fonts.SECOND, wrap=True)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(theme.px(2))
        self._rows.addWidget(self._title)
        self._rows.addWidget(self._detail)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(12), theme.px(10), theme.px(12), theme.px(10))
        row.setSpacing(theme.px(10))
        top = QVBoxLayout()
        top.setContentsMargins(0, theme.px(2), 0, 0)
        top.addWidget(self._icon)
        top.addStretch(1)
        row.addLayout(top)
        row.addLayout(self._rows, 1)
        self._shape = (tone, icon)
        theme.notifier().changed.connect(self._redraw)
        self.tell(tone, icon, title, detail)

    def tell(self, tone: str, icon: str, title: str, detail: str = "") -> None:
        """Say something else; an empty title hides the banner."""
        set_shown(self, shown=bool(title))
        self._shape = (tone, icon)
        set_tone(self, tone, "look")
        for words, text in ((self._title, title), (self._detail, detail)):
            words.setText(text)
            words.setVisible(bool(text))
            set_tone(words, _TEXT_TONE[tone])
        self.setAccessibleName(f"{title} {detail}".strip())
        self._redraw()

    def sizeHint(self) -> QSize:
        """Room for the wrapped lines at the present width; the stock hint guesses a width of its own."""
        hint = super().sizeHint()
        return QSize(hint.width(), max(hint.height(), self.heightForWidth(self.width())))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width wraps the lines anew."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def title(self) -> str:
        """The line of weight 500."""
        return self._title.text()

    def add_action(self, text: str) -> QPushButton:
        """Add a link below the text and return it; the caller connects it."""
        made = button(text, LINK)
        row = QHBoxLayout()
        row.addWidget(made)
        row.addStretch(1)
        self._rows.addLayout(row)
        return made

    def _redraw(self) -> None:
        tone, icon = self._shape
        self._icon.setPixmap(icons.pixmap(icon, f"{tone}_text", icons.SIZE, self.devicePixelRatioF()))
