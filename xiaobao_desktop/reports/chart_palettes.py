"""The colours in which charts are drawn: in colour as the light window has them, and in grey for official papers."""

from __future__ import annotations

from typing import NamedTuple


class Palette(NamedTuple):
    """Colours as ``#RRGGBB`` by meaning.

    Attributes:
        base, alt: the ground, and the ground of a cell without records.
        text, text2, text3: numbers and names, shares and axes, zeros.
        line, button_edge: grid lines and the baseline.
        bar, bar_hover, last_year: bars, this year's line and the darkest cell, last year's line.
    """

    base: str
    alt: str
    text: str
    text2: str
    text3: str
    line: str
    button_edge: str
    bar: str
    bar_hover: str
    last_year: str


COLOUR = Palette(
    base="#FFFFFF",
    alt="#FAF9F7",
    text="#1E2227",
    text2="#565B63",
    text3="#63676E",
    line="#E5E2DC",
    button_edge="#D3CFC7",
    bar="#6B93CB",
    bar_hover="#24569E",
    last_year="#7A8088",
)
GREY = Palette(
    base="#FFFFFF",
    alt="#FFFFFF",
    text="#000000",
    text2="#333333",
    text3="#5A5A5A",
    line="#D9D9D9",
    button_edge="#000000",
    bar="#8C8C8C",
    bar_hover="#1A1A1A",
    last_year="#7A7A7A",
)
"""Black, grey and white, as the charts of PAPER §3."""
