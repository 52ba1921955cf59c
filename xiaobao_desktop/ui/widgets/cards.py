"""Small parts that pages and dialogs are put together from: titled cards, notices, field errors, painted marks."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from xiaobao_desktop.ui import fonts, icons, theme
from xiaobao_desktop.ui.widgets.labels import label, set_shown


class Card(QFrame):
    """A framed white box with a title and an optional sentence; ``body`` takes the contents."""

    def __init__(self, title: str, hint: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "card")
        self.title = label(title, fonts.CARD_TITLE, medium=True)
        self.hint = label(hint, fonts.SECOND, tone="2", wrap=True)
        self.body = QVBoxLayout(self)
        edge = theme.px(16)
        self.body.setContentsMargins(edge, theme.px(14), edge, edge)
        self.body.setSpacing(theme.px(8))
        self.body.addWidget(self.title)
        self.body.addWidget(self.hint)
        self.hint.setVisible(bool(hint))


class _Disc(QWidget):
    """An icon on a tinted disc."""

    def __init__(self, icon: str, tone: str, size: int, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._icon, self._tone = icon, tone
        self.setFixedSize(QSize(theme.px(size), theme.px(size)))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The disc, then the icon over its middle half."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(f"{self._tone}_tint"))
        painter.drawEllipse(self.rect())
        side = self.width() / 2
        icons.draw(painter, QRectF(side / 2, side / 2, side, side), self._icon, f"{self._tone}_text")
        painter.end()


def icon_disc(icon: str, tone: str, parent: QWidget | None = None, size: int = 36) -> QWidget:
    """An icon on a tinted disc of ``size`` sheet pixels; ``tone`` is red, amber, green, blue or grey."""
    return _Disc(icon, tone, size, parent)


class Initial(QWidget):
    """The first character of a person's name on a disc."""

    def __init__(self, name: str, size: int = 56, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._letter = name[:1]
        self.setFixedSize(QSize(theme.px(size), theme.px(size)))

    def set_name(self, name: str) -> None:
        """Show another person."""
        self._letter = name[:1]
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The disc with the character in its middle."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("tint_edge"))
        painter.drawEllipse(self.rect())
        painter.setFont(fonts.font(17 * self.width() / theme.px(56), medium=True))
        painter.setPen(theme.color("link"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._letter)
        painter.end()


class AppMark(QWidget):
    """The program's mark."""

    def __init__(self, size: int = 36, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(QSize(theme.px(size), theme.px(size)))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The drawing in its own colours."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        icons.draw(painter, QRectF(self.rect()), "app", "accent")
        painter.end()


class Notice(QFrame):
    """A tinted strip with an icon and a sentence, such as a warning; ``tone`` is amber, red, blue, green or grey."""

    def __init__(
        self, text: str, tone: str = "amber", icon: str = "triangle-alert", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("look", tone)
        self._icon = _Plain(icon, f"{tone}_text", self)
        self.words = label(text, fonts.SECOND, tone=tone if tone in ("amber", "red", "green") else "", wrap=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(12), theme.px(8), theme.px(12), theme.px(8))
        row.setSpacing(theme.px(8))
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.words, 1)

    def set_text(self, text: str) -> None:
        """Say something else; nothing hides the strip."""
        self.words.setText(text)
        set_shown(self, shown=bool(text))


class _Plain(QWidget):
    """A bare line icon that follows a switch of colours."""

    def __init__(self, icon: str, token: str, parent: QWidget | None = None, size: int = 16) -> None:
        super().__init__(parent)
        self._icon, self._token = icon, token
        self.setFixedSize(QSize(theme.px(size + 1), theme.px(size + 3)))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The icon, centred."""
        painter = QPainter(self)
        side = theme.px(16)
        top = (self.height() - side) / 2
        icons.draw(painter, QRectF(0, top, side, side), self._icon, self._token)
        painter.end()


def line_icon(icon: str, token: str, parent: QWidget | None = None) -> _Plain:
    """A bare line icon of 16 sheet pixels in a token's colour."""
    return _Plain(icon, token, parent)


class FieldError(QWidget):
    """The red sentence under a field; hidden while there is nothing wrong."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = label("", fonts.SECOND, tone="red", wrap=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, theme.px(2), 0, 0)
        row.setSpacing(theme.px(4))
        row.addWidget(line_icon("circle-alert", "red_text", self), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._words, 1)
        self.setVisible(False)

    def say(self, text: str) -> None:
        """Show ``text``, or hide when it is empty."""
        self._words.setText(text)
        self.setVisible(bool(text))

    @property
    def text(self) -> str:
        """What is said at present."""
        return self._words.text()


def mark_wrong(field: QWidget, wrong: bool) -> None:
    """Give an input field the red border, or take it away."""
    if bool(field.property("wrong")) != wrong:
        field.setProperty("wrong", wrong)
        field.style().unpolish(field)
        field.style().polish(field)


class _Scroll(QScrollArea):
    """A scroll area that asks for the whole height of what it holds."""

    def sizeHint(self) -> QSize:
        """The size of the contents, not the few lines a stock scroll area asks for."""
        content = self.widget()
        hint = content.sizeHint()
        if content.hasHeightForWidth() and self.width() > 0:
            return QSize(hint.width(), content.heightForWidth(max(self.width(), content.minimumSizeHint().width())))
        return hint


def scrolling(content: QWidget, parent: QWidget | None = None) -> QScrollArea:
    """``content`` in an area that scrolls down when the window is low; the ground of the owner shows through."""
    area = _Scroll(parent)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    # A viewport of our own: to hand out its own one, Qt for Python would load all kinds of widgets there are (10 ms).
    area.setViewport(QWidget())
    area.setWidget(content)
    content.setAutoFillBackground(False)
    return area


class TopBar(QWidget):
    """The head of a page: its title, what belongs to it at the left, buttons at the right."""

    def __init__(self, title: str) -> None:
        super().__init__()
        theme.surface(self)
        self.setFixedHeight(theme.px(56))
        self.title = label(title, fonts.PAGE_TITLE, medium=True)
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(theme.px(20), 0, theme.px(20), 0)
        self.row.setSpacing(theme.px(8))
        self.row.addWidget(self.title)
        self.row.addSpacing(theme.px(8))
