"""The colours of the window, light and dark. No Qt here.

Each token has one meaning; widgets name the meaning, never a colour. Values and required contrasts come from the
design sheet; ``tests/ui/test_theme.py`` recomputes the contrasts.
"""

from __future__ import annotations

from typing import NamedTuple


class Tokens(NamedTuple):
    """Colours as ``#RRGGBB`` by meaning.

    Attributes:
        name: ``light`` or ``dark``.
        window: sidebar and lock page. base: work area, cards. alt: header, status bar, side panel.
        hover, press: rows and buttons under the pointer, or held down.
        line: hairlines. button_edge: outline of buttons. field_edge: outline of input fields.
        text, text2, text3: body, labels, hints.
        accent, accent_hover, on_accent: the one primary colour and what is written on it.
        link: words to click. tint, tint_edge: selected row, set chip, and their edge.
        red_*, amber_*, green_*: overdue, soon due, done, as text, as tint behind it, as solid.
        blue_*: work under way. grey_*: neutral pill.
        tip, on_tip: tooltips and toasts.
        bar, bar_hover, last_year: charts. canvas: ground behind paper previews.
    """

    name: str
    window: str
    base: str
    alt: str
    hover: str
    press: str
    line: str
    button_edge: str
    field_edge: str
    text: str
    text2: str
    text3: str
    accent: str
    accent_hover: str
    on_accent: str
    link: str
    tint: str
    tint_edge: str
    red_text: str
    red_tint: str
    red_solid: str
    amber_text: str
    amber_tint: str
    amber_solid: str
    green_text: str
    green_tint: str
    green_solid: str
    blue_text: str
    blue_tint: str
    blue_solid: str
    grey_text: str
    grey_tint: str
    grey_solid: str
    tip: str
    on_tip: str
    tip_link: str
    tip_green: str
    bar: str
    bar_hover: str
    last_year: str
    canvas: str
    scrollbar: str


LIGHT = Tokens(
    name="light",
    window="#F3F2EF",
    base="#FFFFFF",
    alt="#FAF9F7",
    hover="#F1EFEB",
    press="#E7E4DE",
    line="#E5E2DC",
    button_edge="#D3CFC7",
    field_edge="#958F86",
    text="#1E2227",
    text2="#565B63",
    text3="#63676E",
    accent="#24569E",
    accent_hover="#1C4785",
    on_accent="#FFFFFF",
    link="#24569E",
    tint="#E9EFF8",
    tint_edge="#D5E1F2",
    red_text="#B3261E",
    red_tint="#FBEBE9",
    red_solid="#C0362C",
    amber_text="#855000",
    amber_tint="#FCF1DC",
    amber_solid="#C77F00",
    green_text="#1E6A3A",
    green_tint="#E5F2E8",
    green_solid="#2E8B57",
    blue_text="#24569E",
    blue_tint="#E9EFF8",
    blue_solid="#24569E",
    grey_text="#565B63",
    grey_tint="#F1EFEB",
    grey_solid="#958F86",
    tip="#2B2F36",
    on_tip="#FFFFFF",
    tip_link="#9DC0F3",
    tip_green="#7FD3A0",
    bar="#6B93CB",
    bar_hover="#24569E",
    last_year="#7A8088",
    canvas="#DEDBD5",
    scrollbar="#CFCBC3",
)

DARK = Tokens(
    name="dark",
    window="#191B1E",
    base="#202327",
    alt="#25282D",
    hover="#2B2F35",
    press="#343940",
    line="#33373D",
    button_edge="#444950",
    field_edge="#757B84",
    text="#E9E7E2",
    text2="#B3B7BD",
    text3="#9EA3AB",
    accent="#3D6FBE",
    accent_hover="#4374C3",
    on_accent="#FFFFFF",
    link="#93B8EE",
    tint="#27364D",
    tint_edge="#324765",
    red_text="#F49B92",
    red_tint="#46292A",
    red_solid="#C9473D",
    amber_text="#EBC06B",
    amber_tint="#40341E",
    amber_solid="#D99A2B",
    green_text="#86CC9D",
    green_tint="#22392B",
    green_solid="#4CA873",
    blue_text="#93B8EE",
    blue_tint="#27364D",
    blue_solid="#3D6FBE",
    grey_text="#B3B7BD",
    grey_tint="#2B2F35",
    grey_solid="#757B84",
    tip="#E9E7E2",
    on_tip="#1E2227",
    tip_link="#24569E",
    tip_green="#1E6A3A",
    bar="#5D87C4",
    bar_hover="#8DB3EA",
    last_year="#9AA0A8",
    canvas="#2B2F35",
    scrollbar="#4A4F56",
)

TONES = ("blue", "amber", "green", "grey", "red")
"""Tones that a choice may carry in its data (``extra["tone"]``)."""


def tone(tokens: Tokens, name: str) -> tuple[str, str]:
    """Text colour and tint of a pill of the tone ``name``; grey for an unknown tone."""
    known = name if name in TONES else "grey"
    return str(getattr(tokens, f"{known}_text")), str(getattr(tokens, f"{known}_tint"))
