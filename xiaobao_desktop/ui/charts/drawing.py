"""Draws one chart on a board and says where its marks lie."""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

from xiaobao_desktop.domain.charts import Bars, Chart, Heat, Mark, Trend
from xiaobao_desktop.domain.numbers import percent
from xiaobao_desktop.ui.charts.board import Board, Style
from xiaobao_desktop.ui.charts.heat_drawing import draw_heat
from xiaobao_desktop.ui.charts.hits import Box, Hit

BODY, SMALL, TITLE = 9.5, 9.0, 10.5
ROW_MOST, BAR_MOST, BAR_SHARE = 26.0, 13.0, 0.62
NAME_SHARE = 0.38
"""At most this part of the width goes to the names of bars."""


@dataclass(frozen=True)
class Picture:
    """A drawn chart: RGBA bytes, size in device pixels, and where the marks lie in logical pixels."""

    rgba: bytes
    width: int
    height: int
    ratio: float
    hits: tuple[Hit, ...]


def picture(chart: Chart, width: float, height: float, ratio: float, style: Style) -> Picture:
    """Draw a chart for the screen; runs in the worker."""
    board = Board(width, height, style)
    hits = draw(board, chart)
    rgba, pixel_width, pixel_height = board.pixels(ratio)
    return Picture(rgba, pixel_width, pixel_height, ratio, hits)


def titled(chart: Chart, width: float, height: float, style: Style, note: str) -> Board:
    """A chart by itself, for the clipboard and for files: title and a note such as period and 口径 above it."""
    board = Board(width, height, style)
    edge, top = board.px(16), board.px(18)
    board.text(edge, top, chart.title, TITLE, bold=True)
    board.text(edge + board.width_of(chart.title, TITLE, bold=True) + board.px(10), top, note, SMALL, "text2")
    draw(board, chart, top=board.px(34))
    return board


def draw(board: Board, chart: Chart, top: float = 0.0) -> tuple[Hit, ...]:
    """Draw a chart below ``top``; a chart without records says so and has no marks to hit."""
    if not any(mark.value for mark in chart.marks):
        board.text(board.width / 2, (top + board.height) / 2, "本期没有记录", BODY, "text2", align="center")
        return ()
    match chart:
        case Trend():
            return _Lines(board, chart, top).draw()
        case Bars():
            return _bars(board, chart, top)
        case Heat():
            return draw_heat(board, chart, top)
        case _:
            assert_never(chart)


def share_text(mark: Mark, digits: int) -> str:
    """The share of a mark with its sign, "" where it has none."""
    return "" if mark.share is None else f"{percent(mark.share, digits)}%"


def _bars(board: Board, chart: Bars, top: float) -> tuple[Hit, ...]:
    """Bars under each other: name, bar, number, share."""
    edge, gap = board.px(16), board.px(8)
    foot = board.px(8)
    row = min(board.px(ROW_MOST), (board.height - top - foot) / max(1, len(chart.marks)))
    names = [board.fitted(mark.name, board.width * NAME_SHARE, BODY) for mark in chart.marks]
    left = edge + max(board.width_of(name, BODY) for name in names) + gap
    labels = max(
        board.width_of(f"{mark.value:,}", BODY, bold=True)
        + gap
        + board.width_of(share_text(mark, board.style.digits), SMALL)
        for mark in chart.marks
    )
    room = max(board.px(20), board.width - left - labels - gap - edge)
    most = max(mark.value for mark in chart.marks)
    thick = min(board.px(BAR_MOST), row * BAR_SHARE)
    hits = []
    for place, (mark, name) in enumerate(zip(chart.marks, names, strict=True)):
        middle = top + (place + 0.5) * row
        board.text(left - gap, middle, name, BODY, align="right")
        long = room * mark.value / most
        if mark.value:
            board.box(left, middle - thick / 2, long, thick, "bar", board.px(2))
        after = left + long + board.px(6)
        count = f"{mark.value:,}"
        board.text(after, middle, count, BODY, bold=True)
        after += board.width_of(count, BODY, bold=True) + gap
        board.text(after, middle, share_text(mark, board.style.digits), SMALL, "text2")
        area = Box(edge / 2, middle - row / 2, board.width - edge, row)
        hits.append(Hit("bar", area, Box(left, middle - thick / 2, long, thick)))
    return tuple(hits)


class _Lines:
    """This year's months as a line with numbers, last year's dashed; names at the ends of the lines."""

    def __init__(self, board: Board, chart: Trend, top: float) -> None:
        self.board, self.chart = board, chart
        self.left, self.right = board.px(42), board.width - board.px(66)
        self.top, self.foot = top + board.px(20), board.height - board.px(30)
        counts = [mark.value for mark in chart.marks]
        self.step = nice_step(max(*counts, *chart.last_year, 1))
        self.most = self.step * (-(-max(*counts, *chart.last_year, 1) // self.step))

    def draw(self) -> tuple[Hit, ...]:
        """Draw grid, lines, numbers and names; a mark is hit anywhere above or below its month."""
        self._grid()
        board, marks = self.board, self.chart.marks
        before = [self._point(place, count) for place, count in enumerate(self.chart.last_year)]
        now = [self._point(place, mark.value) for place, mark in enumerate(marks)]
        board.line(before, "last_year", 1.4, dashed=True)
        board.line(now, "bar_hover", 2.25)
        for place, (x, y) in enumerate(now):
            board.dot(x, y, board.px(8), "bar_hover")
            beside = board.px(15) if self._valley(place) else -board.px(13)
            board.text(x, y + beside, f"{marks[place].value:,}", SMALL, align="center", ground=True)
        self._names(now, before)
        step = self._point(1, 0)[0] - self._point(0, 0)[0]
        size = board.px(10)
        return tuple(
            Hit(
                "point",
                Box(x - step / 2, self.top - board.px(16), step, self.foot - self.top + board.px(40)),
                Box(x - size / 2, y - size / 2, size, size),
            )
            for x, y in now
        )

    def _grid(self) -> None:
        board = self.board
        for count in range(0, self.most + 1, self.step):
            y = self._point(0, count)[1]
            board.line([(self.left, y), (self.right, y)], "button_edge" if count == 0 else "line", 1.0)
            board.text(self.left - board.px(8), y, f"{count:,}", SMALL, "text2", align="right")
        for place in range(12):
            x = self._point(place, 0)[0]
            board.text(x, self.foot + board.px(15), f"{place + 1}月", SMALL, "text2", align="center")

    def _names(self, now: list[tuple[float, float]], before: list[tuple[float, float]]) -> None:
        board, apart = self.board, self.board.px(16)
        x, y = now[-1]
        last_x, last_y = before[-1]
        if len(now) > 10 and abs(last_y - y) < apart:
            last_y = y + (apart if last_y >= y else -apart)
        board.text(x + board.px(10), y, self.chart.this_label, BODY, "bar_hover", bold=True, ground=True)
        board.text(last_x + board.px(10), last_y, self.chart.last_label, SMALL, "text2")

    def _valley(self, place: int) -> bool:
        """Whether the number stands better below its point: both neighbours are higher."""
        values = [mark.value for mark in self.chart.marks]
        around = values[max(0, place - 1) : place] + values[place + 1 : place + 2]
        return bool(around) and all(other > values[place] for other in around) and values[place] > 0

    def _point(self, place: int, count: int) -> tuple[float, float]:
        inner = self.board.px(14)
        x = self.left + inner + (self.right - self.left - 2 * inner) * place / 11
        return x, self.foot - (self.foot - self.top) * count / self.most


def nice_step(most: int) -> int:
    """The distance of grid lines: 1, 2 or 5 times a power of ten, so that there are at most six lines."""
    size = 1
    while True:
        for step in (size, 2 * size, 5 * size):
            if most <= 5 * step:
                return step
        size *= 10
