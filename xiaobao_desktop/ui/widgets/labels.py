"""Labels of the fixed sizes, hairlines and cards, so that pages agree on type and spacing."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QWidget

from xiaobao_desktop.ui import fonts, theme


def label(
    text: str = "", points: float = fonts.BODY, *, medium: bool = False, tone: str = "", wrap: bool = False
) -> QLabel:
    """A plain-text label.

    Args:
        text: what it says; never read as HTML.
        points: size of the type.
        medium: weight 500.
        tone: ``2`` for labels, ``3`` for hints, or ``red``, ``amber``, ``green``, ``link``.
        wrap: break into lines.
    """
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setFont(fonts.font(points, medium=medium))
    made.setWordWrap(wrap)
    if tone:
        made.setProperty("tone", tone)
    return made


def set_tone(widget: QWidget, tone: str, prop: str = "tone") -> None:
    """Change the tone (or another style property) of a widget that is already shown."""
    if widget.property(prop) == tone:
        return
    widget.setProperty(prop, tone)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()


def set_shown(widget: QWidget, *, shown: bool) -> None:
    """Show or hide a part that may have no place yet.

    Without a parent it would come up as a window of its own and take the focus along; it is shown with its parent.
    """
    if shown and widget.parentWidget() is None:
        widget.setAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide, on=False)
    else:
        widget.setVisible(shown)


def hairline(*, vertical: bool = False) -> QFrame:
    """A line one pixel thin."""
    made = QFrame()
    made.setProperty("look", "line")
    if vertical:
        made.setFixedWidth(1)
    else:
        made.setFixedHeight(1)
    return made


def card() -> QFrame:
    """A white box with a thin edge and round corners."""
    made = QFrame()
    made.setProperty("look", "card")
    return made


class ElidedLabel(QWidget):
    """One line of text that ends in … when there is too little room; the whole text is then the tooltip."""

    def __init__(
        self, text: str = "", points: float = fonts.BODY, *, medium: bool = False, token: str = "text"
    ) -> None:
        super().__init__()
        self._text, self._token = text, token
        self.setFont(fonts.font(points, medium=medium))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(self.fontMetrics().height())
        self.setAccessibleName(text)

    def text(self) -> str:
        """The whole text."""
        return self._text

    def set_text(self, text: str) -> None:
        """Show another text."""
        self._text = text
        self.setAccessibleName(text)
        self._tell()
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Offer the whole text as a tooltip when it does not fit."""
        super().resizeEvent(event)
        self._tell()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the text in its token's colour."""
        painter = QPainter(self)
        painter.setPen(theme.color(self._token))
        shown = self.fontMetrics().elidedText(self._text, Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(QRect(0, 0, self.width(), self.height()), Qt.AlignmentFlag.AlignVCenter, shown)

    def _tell(self) -> None:
        fits = self.fontMetrics().horizontalAdvance(self._text) <= self.width()
        self.setToolTip("" if fits else self._text)
