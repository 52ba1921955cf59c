"""Where marks lie, how grids are stepped, and that every cell of a heat map can be read."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from xiaobao_desktop.domain.charts import Bars, Chart, Heat, Mark, Trend
from xiaobao_desktop.domain.colours import contrast
from xiaobao_desktop.reports.chart_board import Board, Style
from xiaobao_desktop.reports.chart_drawing import draw, picture
from xiaobao_desktop.reports.chart_heat import shade
from xiaobao_desktop.reports.chart_palettes import COLOUR, GREY, Palette
from xiaobao_desktop.reports.chart_trend import nice_step
from xiaobao_desktop.ui.theme_tokens import DARK, LIGHT, Tokens

LONG = "因金融机构管理制度、业务规则与流程以及其他很长很长的说明"


def bars(*values: int) -> Bars:
    marks = tuple(Mark(f"{LONG}{place}", (place,), value, Fraction(1, 3)) for place, value in enumerate(values))
    return Bars("bars", "按原因", "", marks)


def trend(*values: int) -> Trend:
    marks = tuple(Mark(f"2026年{place}月", (place,), value) for place, value in enumerate(values, start=1))
    return Trend("trend", "各月", "", marks, tuple(range(12)), "2026年", "2025年")


def heat(rows: int, columns: int) -> Heat:
    marks = tuple(Mark("格", (place,), place % 7) for place in range(rows * columns))
    names = tuple(f"业务类别{place}" for place in range(rows))
    return Heat("heat", "热力", "", names, tuple(f"投诉原因{place}" for place in range(columns)), marks)


@pytest.mark.parametrize(
    "chart",
    [
        bars(5, 3, 0),
        bars(*range(14, 0, -1)),
        trend(3),
        trend(*[0] * 11, 4),
        trend(*range(12)),
        heat(8, 11),
        heat(1, 1),
        heat(2, 3),
    ],
)
@pytest.mark.parametrize(("width", "height"), [(554, 249), (380, 200), (900, 500)])
def test_every_mark_can_be_hit_and_lies_inside(chart: Chart, width: int, height: int) -> None:
    hits = draw(Board(width, height, Style(COLOUR)), chart)
    if not any(mark.value for mark in chart.marks):
        assert hits == ()
        return
    assert len(hits) == len(chart.marks)
    for hit in hits:
        assert hit.area.width > 0
        assert hit.area.height > 0
        for box in (hit.area, hit.shape):
            assert box.x >= -1
            assert box.y >= -1
            assert box.x + box.width <= width + 1
            assert box.y + box.height <= height + 1
    middles = [(hit.area.x + hit.area.width / 2, hit.area.y + hit.area.height / 2) for hit in hits]
    for place, (x, y) in enumerate(middles):
        assert [at for at, hit in enumerate(hits) if hit.area.holds(x, y)] == [place]


@pytest.mark.parametrize(
    ("this_year", "last_year"),
    [
        ((0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0), (1, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 1)),
        ((1,), (1, *[0] * 11)),
        ((0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1), (1, 0) * 6),
        ((5,) * 12, (5,) * 12),
        ((17, 7, 19, 16, 24, 24, 20, 15, 19, 21, 16), (14, 14, 19, 10, 12, 24, 21, 18, 11, 19, 25, 12)),
        ((12345, 12344, 12346, 12340, 98765, 12345, 12345, 12345, 12345, 12345, 12345, 12345), (12345,) * 12),
        ((3, 0), (0,) * 12),
    ],
)
@pytest.mark.parametrize(("width", "height", "scale"), [(487, 248, 1.0), (300, 160, 1.5)])
def test_words_of_a_trend_never_touch_each_other(
    this_year: tuple[int, ...], last_year: tuple[int, ...], width: int, height: int, scale: float
) -> None:
    marks = tuple(Mark(f"2026年{place}月", (place,), value) for place, value in enumerate(this_year, start=1))
    chart = Trend("trend", "各月受理", "", marks, last_year, "2026年", "2025年")
    board = Board(width * scale, height * scale, Style(COLOUR, scale))
    draw(board, chart)
    renderer = FigureCanvasAgg(board.figure).get_renderer()
    texts = [text for text in board.axes.texts if text.get_text()]
    boxes = {text: text.get_window_extent(renderer) for text in texts}
    for one, other in combinations(texts, 2):
        assert not boxes[one].overlaps(boxes[other]), (one.get_text(), other.get_text())
    said = [text.get_text() for text in texts]
    assert {"2026年", "2025年", f"{max(this_year):,}", f"{this_year[-1]:,}"} <= set(said)
    for box in boxes.values():
        assert box.x0 >= 0
        assert box.x1 <= board.width


def test_bars_are_as_long_as_their_numbers() -> None:
    first, second, none = draw(Board(554, 249, Style(COLOUR)), bars(10, 5, 0))
    assert first.shape.width == pytest.approx(2 * second.shape.width)
    assert none.shape.width == 0


@pytest.mark.parametrize(("most", "step"), [(1, 1), (5, 1), (6, 2), (25, 5), (26, 10), (99, 20), (7301, 2000)])
def test_grid_lines_stand_at_round_numbers(most: int, step: int) -> None:
    assert nice_step(most) == step


def of_window(tokens: Tokens) -> Palette:
    return Palette(*(getattr(tokens, name) for name in Palette._fields))


PALETTES = {"light": of_window(LIGHT), "dark": of_window(DARK), "grey": GREY}


def test_pictures_taken_along_have_the_colours_of_the_light_window() -> None:
    assert of_window(LIGHT) == COLOUR


@pytest.mark.parametrize("tokens", PALETTES.values(), ids=PALETTES)
def test_numbers_in_a_heat_map_stand_out(tokens: Palette) -> None:
    for part in range(14, 101):
        ground = shade(tokens.base, tokens.bar_hover, part / 100)
        assert max(contrast("#000000", ground), contrast("#FFFFFF", ground)) >= 4.5
    assert contrast(tokens.text3, tokens.alt) >= 4.5


def test_the_picture_has_the_pixels_of_the_screen() -> None:
    made = picture(bars(3, 1), 400, 200, 1.5, Style(COLOUR))
    assert (made.width, made.height) == (600, 300)
    assert len(made.rgba) == 4 * 600 * 300
