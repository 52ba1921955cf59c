"""Charts on paper: one of the screen's charts in a report, and the page on which all of them stand together.

They are drawn by the same code as on the screen, in type of the size that paper needs.
"""

from __future__ import annotations

from xiaobao_desktop.domain.charts import Bars, Chart, Heat, shorter
from xiaobao_desktop.reports.chart_board import Board, Style
from xiaobao_desktop.reports.chart_drawing import draw
from xiaobao_desktop.reports.chart_palettes import COLOUR, GREY
from xiaobao_desktop.reports.document import Dashboard, KeyFigure, ScreenChart

IN_REPORT, ON_PAGE = 0.70, 0.57
"""Scale of the type: 8.9 pt for names in a report, 7.2 pt on the page with all charts."""
TITLE, HINT, LABEL, NUMBER = 10.5, 9.0, 9.5, 17.0
FIGURES_HIGH, GAP, HEAD = 58.0, 10.0, 26.0
"""Height of the row of key figures, blank between charts, height of a chart's title; in pixels of the design sheet."""
ROW_LEAST = 15.5
"""A row of bars is at least this high; what does not fit is folded."""
FOOT = 8.0


def screen_chart(spec: ScreenChart, width: float, height: float) -> Board:
    """A chart of the screen for a report: black, grey and white, without a title, which is the caption's affair."""
    board = Board(width, height, Style(GREY, IN_REPORT, spec.digits))
    draw(board, fitted(spec.chart, height / IN_REPORT))
    return board


def dashboard(spec: Dashboard, width: float, height: float) -> Board:
    """Key figures above, below them rows of charts, each with its title; in colours that also read in grey."""
    board = Board(width, height, Style(COLOUR, ON_PAGE, spec.digits))
    _figures(board, spec.figures)
    top, gap = board.px(FIGURES_HIGH), board.px(GAP)
    room = height - top - gap * (len(spec.rows) - 1)
    whole = sum(row.height for row in spec.rows)
    for row in spec.rows:
        high = room * row.height / whole
        left, across = 0.0, width - gap * (len(row.charts) - 1)
        for chart, share in zip(row.charts, row.widths, strict=True):
            wide = across * share / sum(row.widths)
            _card(board.part(left, top, wide, high), chart)
            left += wide + gap
        top += high + gap
    return board


def fitted(chart: Chart, high: float) -> Chart:
    """The chart with no more bars than ``high`` pixels of the design sheet have room for."""
    if isinstance(chart, Bars):
        return shorter(chart, max(4, int((high - FOOT) / ROW_LEAST)))
    return chart


def _figures(board: Board, figures: tuple[KeyFigure, ...]) -> None:
    """Names small, numbers large, in one row between two lines."""
    wide = board.width / max(1, len(figures))
    bottom = board.px(FIGURES_HIGH - 12)
    for place, figure in enumerate(figures):
        x = (place + 0.5) * wide
        board.text(x, board.px(10), figure.label, LABEL, "text2", align="center")
        number = board.width_of(figure.value, NUMBER, bold=True)
        unit = board.width_of(figure.unit, LABEL)
        left = x - (number + unit) / 2
        board.text(left, board.px(32), figure.value, NUMBER, "bar_hover", bold=True)
        board.text(left + number + board.px(3), board.px(34), figure.unit, LABEL, "text2")
        if place:
            board.line([(place * wide, board.px(4)), (place * wide, bottom - board.px(4))], "line", 1.0)
    board.line([(0, bottom), (board.width, bottom)], "button_edge", 1.0)


def _card(board: Board, chart: Chart) -> None:
    """One chart with its title and, where there is room, its hint."""
    edge = board.px(4)
    board.text(edge, board.px(10), chart.title, TITLE, bold=True)
    after = edge + board.width_of(chart.title, TITLE, bold=True) + board.px(8)
    if after + board.width_of(chart.hint, HINT) <= board.width:
        board.text(after, board.px(10.5), chart.hint, HINT, "text2")
    head = board.px(HEAD)
    below = board.part(0, head, board.width, board.height - head)
    high = below.height / board.style.scale
    draw(below, chart if isinstance(chart, Heat) else fitted(chart, high))
