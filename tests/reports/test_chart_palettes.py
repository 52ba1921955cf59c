"""The colours of charts in grey print and for people who see red and green alike: light on light is no chart."""

from __future__ import annotations

import numpy as np
import pytest

from xiaobao_desktop.domain.charts import Mark, Trend
from xiaobao_desktop.domain.colours import contrast, linear
from xiaobao_desktop.reports.chart_board import Board, Style
from xiaobao_desktop.reports.chart_drawing import draw
from xiaobao_desktop.reports.chart_palettes import COLOUR, GREY, Palette
from xiaobao_desktop.ui.theme_tokens import DARK

PALETTES = {
    "light": COLOUR,
    "dark": Palette(*(getattr(DARK, name) for name in Palette._fields)),
    "grey": GREY,
}
Matrix = tuple[tuple[float, float, float], ...]
# Machado, Oliveira and Fernandes 2009, severity 1.0, on linear light.
SEEN: dict[str, Matrix] = {
    "all colours": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
}


def lab(colour: str, matrix: Matrix) -> tuple[float, float, float]:
    """CIE L*a*b* (D65) of a colour as somebody sees it."""
    light = linear(colour)
    red, green, blue = (min(1.0, max(0.0, sum(a * b for a, b in zip(row, light, strict=True)))) for row in matrix)
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089
    fx, fy, fz = (part ** (1 / 3) if part > 0.008856 else 7.787 * part + 16 / 116 for part in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def apart(one: str, other: str, matrix: Matrix) -> float:
    """ΔE 1976: two colours side by side are told apart from about 2, at a glance from about 20."""
    pairs = zip(lab(one, matrix), lab(other, matrix), strict=True)
    return float(sum((a - b) ** 2 for a, b in pairs) ** 0.5)


@pytest.mark.parametrize("eyes", SEEN)
@pytest.mark.parametrize("name", PALETTES)
def test_both_lines_are_told_apart_by_everybody(name: str, eyes: str) -> None:
    palette = PALETTES[name]
    assert apart(palette.bar_hover, palette.last_year, SEEN[eyes]) >= 25
    assert apart(palette.bar, palette.bar_hover, SEEN[eyes]) >= 15


@pytest.mark.parametrize("name", ["light", "grey"])
def test_both_lines_are_told_apart_in_grey_print(name: str) -> None:
    palette = PALETTES[name]
    assert contrast(palette.bar_hover, palette.last_year) >= 1.5


@pytest.mark.parametrize("name", PALETTES)
def test_everything_drawn_stands_out_from_the_ground(name: str) -> None:
    palette = PALETTES[name]
    assert min(contrast(getattr(palette, part), palette.base) for part in ("bar", "bar_hover", "last_year")) >= 3
    assert min(contrast(getattr(palette, part), palette.base) for part in ("text", "text2", "text3")) >= 4.5


def test_lines_are_named_where_they_end_and_differ_without_any_colour() -> None:
    marks = tuple(Mark(f"2026年{month}月", (), 10 + month) for month in range(1, 11))
    board = Board(400, 200, Style(GREY))
    draw(board, Trend("trend", "各月受理", "", marks, (5,) * 12, "2026年", "2025年"))
    before, now = [line for line in board.axes.lines if np.asarray(line.get_xdata()).size >= 10]
    assert before.is_dashed()
    assert not now.is_dashed()
    assert now.get_linewidth() > before.get_linewidth()
    assert board.axes.get_legend() is None
    for words, line in (("2025年", before), ("2026年", now)):
        text = next(text for text in board.axes.texts if text.get_text() == words)
        away = np.asarray(text.get_position()) - np.asarray(line.get_xydata())[-1]
        assert 0 < away[0] < 40
        assert abs(away[1]) < 30
