"""Draws a heat map: one hue, every cell with its number, zeros too, sums at the right and below."""

from __future__ import annotations

from xiaobao_desktop.domain.charts import Heat
from xiaobao_desktop.domain.colours import contrast
from xiaobao_desktop.reports.chart_board import Board
from xiaobao_desktop.reports.chart_hits import Box, Hit

NAME, HEAD, SUM = 9.0, 8.5, 9.5
CELL_GAP = 2.0
HEAD_LETTERS = 4
"""Letters in a line of a column's head; two lines at most."""
MISSING = "缺"
"""Stands in a cell for which nothing was sent, behind the number that later packages told."""


def draw_heat(board: Board, chart: Heat, top: float) -> tuple[Hit, ...]:
    """Draw the table; a cell without records is drawn but cannot be opened."""
    edge, gap = board.px(16), board.px(8)
    names = [board.fitted(name, board.width * 0.24, NAME) for name in chart.rows]
    left = edge + max(board.width_of(name, NAME) for name in names) + gap
    sums = board.px(44)
    wide = (board.width - left - sums - edge) / len(chart.columns)
    head = board.px(34)
    row = min(board.px(28), (board.height - top - head - board.px(30)) / len(chart.rows))
    for place, name in enumerate(chart.columns):
        _column_head(board, name, left + (place + 0.5) * wide, top, wide)
    board.text(left + len(chart.columns) * wide + sums, top + board.px(24), "合计", HEAD, "text2", align="right")
    hits = []
    for line, name in enumerate(names):
        y = top + head + line * row
        board.text(left - gap, y + row / 2, name, NAME, align="right")
        for place in range(len(chart.columns)):
            box = Box(left + place * wide, y, wide, row)
            _cell(board, chart, line, place, box)
            hits.append(Hit("cell", box, _inner(board, box)))
        total = sum(chart.cell(line, place).value for place in range(len(chart.columns)))
        board.text(left + len(chart.columns) * wide + sums, y + row / 2, f"{total:,}", SUM, align="right", bold=True)
    _sums(board, chart, left, wide, top + head + len(chart.rows) * row)
    return tuple(hits)


def shade(ground: str, ink: str, part: float) -> str:
    """The colour ``part`` of the way from ``ground`` to ``ink``, both as #RRGGBB."""
    mixed = [
        round(int(ground[at : at + 2], 16) + (int(ink[at : at + 2], 16) - int(ground[at : at + 2], 16)) * part)
        for at in (1, 3, 5)
    ]
    return "#" + "".join(f"{value:02X}" for value in mixed)


def _column_head(board: Board, name: str, x: float, top: float, room: float) -> None:
    letters = max(1, min(HEAD_LETTERS, int(room / board.width_of("字", HEAD))))
    half = min(letters, -(-len(name) // 2)) if len(name) > 2 else len(name)
    short = len(name) <= HEAD_LETTERS - 1 and board.width_of(name, HEAD) <= room
    whole = short or len(name) <= half
    lines = [name] if whole else [name[:half], board.fitted(name[half:], half * room / letters, HEAD)]
    for place, words in enumerate(lines):
        y = top + board.px(24) - (len(lines) - 1 - place) * board.px(13)
        board.text(x, y, words, HEAD, "text2", align="center")


def _cell(board: Board, chart: Heat, line: int, place: int, box: Box) -> None:
    mark = chart.cell(line, place)
    value = mark.value
    most = max(mark.value for mark in chart.marks)
    palette = board.style.palette
    part = 0.14 + 0.86 * value / most if value else 0.0
    ground = shade(palette.base, palette.bar_hover, part) if value else palette.alt
    inner = _inner(board, box)
    board.box(inner.x, inner.y, inner.width, inner.height, ground, board.px(2))
    ink = max(("#000000", "#FFFFFF"), key=lambda colour: contrast(colour, ground)) if value else "text3"
    words = (f"{value:,}" if value or not mark.missing else "") + (MISSING if mark.missing else "")
    middle = (box.x + box.width / 2, box.y + box.height / 2)
    board.text(*middle, words, NAME, "text" if not value and mark.missing else ink, align="center", bold=mark.missing)


def _inner(board: Board, box: Box) -> Box:
    gap = board.px(CELL_GAP)
    return Box(box.x + gap / 2, box.y + gap / 2, box.width - gap, box.height - gap)


def _sums(board: Board, chart: Heat, left: float, wide: float, y: float) -> None:
    gap = board.px(8)
    right = left + len(chart.columns) * wide + board.px(44)
    board.line([(left - gap, y + board.px(3)), (right, y + board.px(3))], "line", 1.0)
    middle = y + board.px(17)
    board.text(left - gap, middle, "合计", NAME, align="right")
    for place in range(len(chart.columns)):
        total = sum(chart.cell(line, place).value for line in range(len(chart.rows)))
        board.text(left + (place + 0.5) * wide, middle, f"{total:,}", NAME, align="center")
    whole = sum(mark.value for mark in chart.marks)
    board.text(right, middle, f"{whole:,}", SUM, align="right", bold=True)
