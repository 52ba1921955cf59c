"""Draws one chart on a board and says where its marks lie."""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

from xiaobao_desktop.domain.charts import Bars, Chart, Heat, Mark, Trend
from xiaobao_desktop.domain.numbers import percent
from xiaobao_desktop.domain.reported import NOT_SENT
from xiaobao_desktop.reports.chart_board import Board, Style
from xiaobao_desktop.reports.chart_heat import draw_heat
from xiaobao_desktop.reports.chart_hits import Box, Hit
from xiaobao_desktop.reports.chart_trend import BODY, SMALL, draw_trend

TITLE = 10.5
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
        words = NOT_SENT if any(mark.missing for mark in chart.marks) else "本期没有记录"
        board.text(board.width / 2, (top + board.height) / 2, words, BODY, "text2", align="center")
        return ()
    match chart:
        case Trend():
            return draw_trend(board, chart, top)
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
