"""A pill as a widget: state of a record in a header, 待补 marks."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from xiaobao_desktop.ui import theme
from xiaobao_desktop.ui.widgets.labels import set_shown
from xiaobao_desktop.ui.widgets.painting import PILL_HEIGHT, draw_pill, pill_width


class Pill(QWidget):
    """One or two words on a tint; tone as in :data:`xiaobao_desktop.ui.theme_tokens.TONES`."""

    def __init__(self, text: str = "", tone: str = "grey", *, solid: bool = False) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._text, self._tone, self._solid = "", "", False
        self.show_text(text, tone, solid=solid)

    def text(self) -> str:
        """The words on it."""
        return self._text

    def show_text(self, text: str, tone: str, *, solid: bool = False) -> None:
        """Show other words; nothing at all for an empty text."""
        self._text, self._tone, self._solid = text, tone, solid
        self.setAccessibleName(text)
        set_shown(self, shown=bool(text))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as the words need."""
        return QSize(pill_width(self._text), theme.px(PILL_HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the pill over the whole widget."""
        draw_pill(QPainter(self), self.rect(), self._text, self._tone, solid=self._solid)
