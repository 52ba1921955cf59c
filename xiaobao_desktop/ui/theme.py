"""The look of the window: palette, style sheet, measures; follows light, dark or the desktop.

``apply`` sets everything once; painted widgets read ``tokens()`` while painting and so follow a switch by themselves.
Measures are written as on the design sheet (pixels at 100 %) and scaled by ``px`` with the real font.
"""

from __future__ import annotations

import re
from functools import cache

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory, QWidget

from xiaobao_desktop import resources
from xiaobao_desktop.ui import fonts
from xiaobao_desktop.ui.theme_tokens import DARK, LIGHT, Tokens

SYSTEM, LIGHT_MODE, DARK_MODE = "system", "light", "dark"

# Height of one line of the body font on the design sheet (Noto Sans SC, 10 pt, 96 dpi): 13.33 px × 1.448.
_SHEET_LINE = 19.3


class _Notifier(QObject):
    """Tells who must redraw that the colours have changed."""

    changed = Signal()


_state: dict[str, Tokens] = {"tokens": LIGHT}


@cache
def notifier() -> _Notifier:
    """The one object whose ``changed`` signal is sent after each switch of colours."""
    return _Notifier()


def tokens() -> Tokens:
    """The colours in force."""
    return _state["tokens"]


def color(name: str) -> QColor:
    """The colour in force for the token ``name``, e.g. ``text2``; AttributeError for an unknown name."""
    return QColor(getattr(_state["tokens"], name))


def apply(app: QApplication, mode: str = SYSTEM) -> None:
    """Give ``app`` the look of ``mode`` (``system``, ``light`` or ``dark``); may be called again to switch.

    Anything but the three modes counts as ``system``.
    """
    first = app.property("look") is None
    if first:
        app.setStyle(QStyleFactory.create("Fusion"))
        app.setFont(fonts.font())
        app.styleHints().colorSchemeChanged.connect(lambda _scheme: _follow(app))
    app.setProperty("look", mode)
    wanted = _wanted(app, mode)
    # Colours in force are not laid on again: every widget there is would be styled anew for nothing.
    if first or wanted is not tokens():
        _use(app, wanted)


def px(size: float) -> int:
    """``size`` pixels of the design sheet in pixels of this screen, by the height of the real body font."""
    return max(1, round(size * _scale()))


def surface(widget: QWidget, role: QPalette.ColorRole = QPalette.ColorRole.Base) -> None:
    """Let ``widget`` fill its ground with a palette role (Base for work areas, AlternateBase for panels)."""
    widget.setAutoFillBackground(True)
    widget.setBackgroundRole(role)


def palette(look: Tokens) -> QPalette:
    """The palette made from tokens."""
    made = QPalette()
    roles = QPalette.ColorRole
    for role, name in {
        roles.Window: look.window,
        roles.Base: look.base,
        roles.Button: look.base,
        roles.AlternateBase: look.alt,
        roles.Midlight: look.line,
        roles.Mid: look.button_edge,
        roles.Dark: look.field_edge,
        roles.Shadow: look.field_edge,
        roles.Light: look.base,
        roles.Text: look.text,
        roles.WindowText: look.text,
        roles.ButtonText: look.text,
        roles.BrightText: look.on_accent,
        roles.PlaceholderText: look.text3,
        roles.Accent: look.accent,
        roles.Highlight: look.accent,
        roles.HighlightedText: look.on_accent,
        roles.Link: look.link,
        roles.LinkVisited: look.link,
        roles.ToolTipBase: look.tip,
        roles.ToolTipText: look.on_tip,
    }.items():
        made.setColor(role, QColor(name))
    for role in (roles.Text, roles.WindowText, roles.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, role, QColor(look.text3))
    made.setColor(QPalette.ColorGroup.Disabled, roles.Highlight, QColor(look.press))
    return made


def style_sheet(look: Tokens) -> str:
    """The style sheet for these tokens: ``@name`` becomes a colour, ``12u`` twelve scaled pixels."""
    text = resources.text("style", "app.qss")
    text = re.sub(r"\b(\d+(?:\.\d+)?)u\b", lambda found: f"{px(float(found[1]))}px", text)
    values = {**look._asdict(), "style_dir": resources.path("style").as_posix()}
    return re.sub(r"@([a-z_0-9]+)", lambda found: str(values[found[1]]), text)


def _wanted(app: QApplication, mode: str) -> Tokens:
    if mode == LIGHT_MODE:
        return LIGHT
    if mode == DARK_MODE:
        return DARK
    return DARK if app.styleHints().colorScheme() == Qt.ColorScheme.Dark else LIGHT


def _follow(app: QApplication) -> None:
    """Switch with the desktop when the officer left the choice to it."""
    wanted = _wanted(app, str(app.property("look") or SYSTEM))
    if wanted is not tokens():
        _use(app, wanted)


def _use(app: QApplication, look: Tokens) -> None:
    _state["tokens"] = look
    app.setPalette(palette(look))
    app.setStyleSheet(style_sheet(look))
    notifier().changed.emit()


@cache
def _scale() -> float:
    return max(1.0, QFontMetricsF(fonts.font()).height() / _SHEET_LINE)
