"""Line icons from ``resources/icons``, coloured by a token and sharp at every scale.

``put`` gives a button or action an icon that follows a switch of colours; ``pixmap`` serves painters.
"""

from __future__ import annotations

from functools import cache, lru_cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QAction, QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton, QApplication

from xiaobao_desktop import resources
from xiaobao_desktop.ui import theme

SIZE, SMALL = 16, 14
"""Pixels of the design sheet: normal icons, and icons inside small buttons."""

_STROKE = 1.75


DISABLED = "field_edge"
"""Colour of what cannot be pressed: hints are too near to labels to tell an icon without words from one that works."""


def icon(name: str, token: str = "text2", size: int = SIZE, *, disabled: str = DISABLED) -> QIcon:
    """An icon for a button or menu, with its own pixmap for the disabled state.

    Args:
        name: file name in ``resources/icons`` without ``.svg``.
        token: colour, e.g. ``text2``, ``link``, ``on_accent``.
        size: edge in pixels of the design sheet.
        disabled: colour when the button cannot be pressed.

    Raises:
        resources.MissingResource: there is no such icon.
    """
    made = QIcon()
    for ratio in sorted({1.0, *(screen.devicePixelRatio() for screen in QGuiApplication.screens())}):
        made.addPixmap(pixmap(name, token, size, ratio), QIcon.Mode.Normal)
        made.addPixmap(pixmap(name, disabled, size, ratio), QIcon.Mode.Disabled)
    return made


def pixmap(name: str, token: str, size: int = SIZE, ratio: float = 1.0) -> QPixmap:
    """The icon drawn in a token's colour; ``ratio`` is the device pixel ratio of what it is painted on."""
    return _draw(name, theme.color(token).name(), theme.px(size), ratio)


def draw(painter: QPainter, area: QRectF, name: str, token: str) -> None:
    """Paint the icon sharply into ``area`` (logical pixels) in a token's colour."""
    _drawing(name, theme.color(token).name()).render(painter, area)


def put(
    target: QAbstractButton | QAction, name: str, token: str = "text2", size: int = SIZE, *, disabled: str = DISABLED
) -> None:
    """Give ``target`` the icon and remember it, so that it is drawn anew when the colours change."""
    _listen()
    target.setProperty("line_icon", [name, token, str(size), disabled])
    target.setIcon(icon(name, token, size, disabled=disabled))
    if isinstance(target, QAbstractButton):
        target.setIconSize(QSize(theme.px(size), theme.px(size)))


@cache
def app_icon() -> QIcon:
    """The mark of the program, for the title bar and the task bar."""
    return QIcon(str(resources.path("icons", "app.svg")))


@cache
def _listen() -> None:
    theme.notifier().changed.connect(refresh)
    app = QApplication.instance()
    if isinstance(app, QApplication):
        # Icons are drawn for the screens there are; a new one may be finer.
        app.screenAdded.connect(lambda _screen: refresh())


def refresh() -> None:
    """Draw every icon set by ``put`` in the colours now in force."""
    for widget in QApplication.allWidgets():
        targets: list[QAbstractButton | QAction] = [*widget.actions()]
        if isinstance(widget, QAbstractButton):
            targets.append(widget)
        for target in targets:
            spec = target.property("line_icon")
            if spec:
                name, token, size, disabled = spec
                target.setIcon(icon(name, token, int(size), disabled=disabled))


@lru_cache(maxsize=512)
def _draw(name: str, colour: str, size: int, ratio: float) -> QPixmap:
    made = QPixmap(QSize(round(size * ratio), round(size * ratio)))
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    _drawing(name, colour).render(painter, QRectF(made.rect()))
    painter.end()
    made.setDevicePixelRatio(ratio)
    return made


@lru_cache(maxsize=512)
def _drawing(name: str, colour: str) -> QSvgRenderer:
    """The drawing with its line colour and width filled in, read once."""
    return QSvgRenderer(QByteArray(_source(name).replace("currentColor", colour).encode()))


@cache
def _source(name: str) -> str:
    return resources.text("icons", f"{name}.svg").replace('stroke-width="2"', f'stroke-width="{_STROKE}"')
