"""Pictures of charts, for the screen and to be taken along; none of it needs the book, so it runs beside the window."""

from __future__ import annotations

from dataclasses import dataclass

from xiaobao_desktop.domain.charts import Bars, Chart, Heat
from xiaobao_desktop.reports.chart_board import Board, Style
from xiaobao_desktop.reports.chart_drawing import Picture, picture, share_text, titled
from xiaobao_desktop.reports.chart_hits import Box
from xiaobao_desktop.reports.chart_palettes import COLOUR, Palette

__all__ = ["Box", "Palette", "Picture", "Pixels", "Style", "picture", "pixels_of", "share_text", "svg_of"]

WIDTH, HEIGHT, ROW = 720, 400, 26
"""Size in pixels of a picture taken along; charts of bars are as high as their rows."""
SHARPNESS = 2.0


@dataclass(frozen=True)
class Pixels:
    """A picture: RGBA bytes, width and height in pixels."""

    rgba: bytes
    width: int
    height: int


def pixels_of(chart: Chart, note: str, digits: int) -> Pixels:
    """A chart with its title and a note, dark on white whatever the window looks like."""
    return Pixels(*_board(chart, note, digits).pixels(SHARPNESS))


def svg_of(chart: Chart, note: str, digits: int) -> bytes:
    """The same as an SVG file."""
    return _board(chart, note, digits).svg()


def _board(chart: Chart, note: str, digits: int) -> Board:
    high = HEIGHT
    if isinstance(chart, Bars | Heat):
        rows = len(chart.rows) if isinstance(chart, Heat) else len(chart.marks)
        high = max(160, 34 + ROW * rows + (80 if isinstance(chart, Heat) else 20))
    return titled(chart, WIDTH, high, Style(COLOUR, 1.0, digits), note)
