"""Draws a trend: this year's months as a line with numbers, last year's dashed, names at the ends of the lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xiaobao_desktop.domain.charts import Trend
from xiaobao_desktop.domain.reported import NOT_SENT
from xiaobao_desktop.reports.chart_board import Board
from xiaobao_desktop.reports.chart_hits import Box, Hit
from xiaobao_desktop.reports.chart_labels import Labels, Point, Words

BODY, SMALL = 9.5, 9.0
DOT = 8.0
_ABOVE, _BELOW, _FURTHER = -13.0, 15.0, 12.0
"""Where the number of a point stands, from its middle; further away when that is taken."""
_BESIDE, _SWEEP = 10.0, 4.0
"""Where the name of a line begins, from its end; the steps in which a free place is looked for."""


def draw_trend(board: Board, chart: Trend, top: float) -> tuple[Hit, ...]:
    """Draw grid, lines, numbers and names; a mark is hit anywhere above or below its month."""
    return _Lines(board, chart, top).draw()


class _Lines:
    """One drawing."""

    def __init__(self, board: Board, chart: Trend, top: float) -> None:
        self.board, self.chart, self.labels = board, chart, Labels(board)
        counts = [mark.value for mark in chart.marks]
        most = max(*counts, *(count or 0 for count in chart.last_year), 1)
        self.step = nice_step(most)
        self.most = self.step * (-(-most // self.step))
        names = max(
            board.width_of(chart.this_label, BODY, bold=True),
            board.width_of(chart.last_label, SMALL),
        )
        self.left = board.px(16) + board.width_of(f"{self.most:,}", SMALL) + board.px(8)
        self.right = board.width - names - board.px(6)
        self.top, self.foot = top + board.px(20), board.height - board.px(30)
        self.now = [self._point(place, mark.value) for place, mark in enumerate(chart.marks)]
        self.before = [self._point(place, count or 0) for place, count in enumerate(chart.last_year)]
        self.gaps = [mark.missing and not mark.value for mark in chart.marks]

    def draw(self) -> tuple[Hit, ...]:
        """Draw everything; what is most needed takes its place first."""
        board = self.board
        self._grid()
        for part in unbroken(self.before, [count is None for count in self.chart.last_year]):
            board.line(part, "last_year", 1.4, dashed=True)
        for part in unbroken(self.now, self.gaps):
            board.line(part, "bar_hover", 2.25)
        size = board.px(DOT)
        for place, (x, y) in enumerate(self.now):
            if self.gaps[place]:
                self._gap(place)
                continue
            board.dot(x, y, size, "bar_hover")
            self.labels.keep_clear(Box(x - size / 2, y - size / 2, size, size))
        values = [mark.value for mark in self.chart.marks]
        last, highest = len(values) - 1, values.index(max(values))
        for place in dict.fromkeys((last, highest)):
            self._number(place)
        self._names()
        for place in range(len(values)):
            if place not in (last, highest):
                self._number(place)
        return self._hits()

    def _gap(self, place: int) -> None:
        """Say that nothing is known of a month, in letters under each other above its name."""
        x, board = self.now[place][0], self.board
        size = board.width_of(NOT_SENT[0], SMALL) * 1.1
        high = size * len(NOT_SENT)
        room = Box(x - size / 2, self.foot - high - board.px(2), size, high)
        board.box(room.x, room.y, room.width, room.height, "base", 0.0)
        for step, letter in enumerate(NOT_SENT):
            board.text(x, room.y + (step + 0.5) * size, letter, SMALL, "text2", align="center")
        self.labels.keep_clear(room)

    def _hits(self) -> tuple[Hit, ...]:
        board = self.board
        step, size = self._point(1, 0)[0] - self._point(0, 0)[0], board.px(10)
        high = self.foot - self.top + board.px(40)
        return tuple(
            Hit(
                "point",
                Box(x - step / 2, self.top - board.px(16), step, high),
                Box(x - size / 2, y - size / 2, size, size),
            )
            for x, y in self.now
        )

    def _grid(self) -> None:
        board = self.board
        for count in range(0, self.most + 1, self.step):
            y = self._point(0, count)[1]
            board.line([(self.left, y), (self.right, y)], "button_edge" if count == 0 else "line", 1.0)
            self.labels.write(self.left - board.px(8), y, Words(f"{count:,}", SMALL, "text2", "right"))
        apart = self._point(1, 0)[0] - self._point(0, 0)[0]
        unit = "月" if board.width_of("12月", SMALL) + board.px(4) < apart else ""
        for place in range(12):
            x = self._point(place, 0)[0]
            self.labels.write(x, self.foot + board.px(15), Words(f"{place + 1}{unit}", SMALL, "text2", "center"))

    def _number(self, place: int) -> None:
        """The number of a point: above it, below in a valley, further away when that is taken, else left out."""
        if self.gaps[place]:
            return
        (x, y), px = self.now[place], self.board.px
        above, below = px(-_ABOVE), px(_BELOW)
        near = (below, -above) if self._valley(place) else (-above, below)
        far = tuple(offset + (px(_FURTHER) if offset > 0 else -px(_FURTHER)) for offset in near)
        words = Words(f"{self.chart.marks[place].value:,}", SMALL, align="center")
        self.labels.place(words, [(x, y + offset) for offset in (*near, *far)])

    def _names(self) -> None:
        """Each name at the end of its line, as near to it as there is room."""
        this = Words(self.chart.this_label, BODY, "bar_hover", bold=True)
        last = Words(self.chart.last_label, SMALL, "text2")
        for words, line in ((this, self.now), (last, self.before)):
            self.labels.place(words, [*self._beside(line[-1]), *self._margin(line[-1])], (self.now, self.before))

    def _beside(self, end: Point) -> Iterator[Point]:
        """Places right of the end of a line, the nearest first."""
        x, y = end
        reach = int(self.board.px(32) / self.board.px(_SWEEP))
        for turn in range(reach + 1):
            for side in (-1, 1) if turn else (1,):
                yield x + self.board.px(_BESIDE), y + side * turn * self.board.px(_SWEEP)

    def _margin(self, end: Point) -> Iterator[Point]:
        """Places in the margin right of the chart, the nearest in height first."""
        rows = range(int((self.foot - self.top) / self.board.px(_SWEEP)) + 1)
        heights = (self.top + row * self.board.px(_SWEEP) for row in rows)
        for y in sorted(heights, key=lambda height: abs(height - end[1])):
            yield self.right + self.board.px(2), y

    def _valley(self, place: int) -> bool:
        """Whether the number stands better below its point: both neighbours are higher."""
        values = [mark.value for mark in self.chart.marks]
        around = values[max(0, place - 1) : place] + values[place + 1 : place + 2]
        return bool(around) and all(other > values[place] for other in around) and values[place] > 0

    def _point(self, place: int, count: int) -> Point:
        inner = self.board.px(14)
        x = self.left + inner + (self.right - self.left - 2 * inner) * place / 11
        return x, self.foot - (self.foot - self.top) * count / self.most


def unbroken(points: Sequence[Point], gaps: Sequence[bool]) -> list[list[Point]]:
    """The parts of a line between its gaps; a point by itself is no line."""
    parts: list[list[Point]] = [[]]
    for point, gap in zip(points, gaps, strict=True):
        if gap:
            parts.append([])
        else:
            parts[-1].append(point)
    return [part for part in parts if len(part) > 1]


def nice_step(most: int) -> int:
    """The distance of grid lines: 1, 2 or 5 times a power of ten, so that there are at most six lines."""
    size = 1
    while True:
        for step in (size, 2 * size, 5 * size):
            if most <= 5 * step:
                return step
        size *= 10
