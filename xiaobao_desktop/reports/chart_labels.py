"""Words on a chart that never lie over each other: each takes the first of its places that is free."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from xiaobao_desktop.reports.chart_board import PIXELS_A_POINT, Board
from xiaobao_desktop.reports.chart_hits import Box

Point = tuple[float, float]
_HIGH = 1.1
"""Height of a line of words, in em."""
_APART = 2.0
"""Pixels between words at least."""


@dataclass(frozen=True)
class Words:
    """What is written: text, points, ink, where it hangs on its point, weight."""

    text: str
    points: float
    ink: str = "text"
    align: str = "left"
    bold: bool = False


class Labels:
    """The places taken on a board."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._taken: list[Box] = []

    def keep_clear(self, box: Box) -> None:
        """Let no words come over a box."""
        self._taken.append(box)

    def write(self, x: float, y: float, words: Words) -> None:
        """Write at a fixed place, as on an axis; others keep clear of it."""
        self._write(x, y, words, self._box(x, y, words), ground=False)

    def place(self, words: Words, places: Iterable[Point], lines: Sequence[Sequence[Point]] = ()) -> bool:
        """Write at the first of these places that is free, if one can be had also clear of ``lines``.

        Returns:
            Whether it was written; where nothing is free, nothing is written.
        """
        free = [(x, y, box) for x, y in places if self._free(box := self._box(x, y, words))]
        clear = [found for found in free if not any(_crosses(found[2], line) for line in lines)]
        for x, y, box in (clear or free)[:1]:
            self._write(x, y, words, box, ground=True)
        return bool(free)

    def _write(self, x: float, y: float, words: Words, box: Box, *, ground: bool) -> None:
        self._taken.append(box)
        self._board.text(x, y, words.text, words.points, words.ink, align=words.align, bold=words.bold, ground=ground)

    def _box(self, x: float, y: float, words: Words) -> Box:
        wide = self._board.width_of(words.text, words.points, bold=words.bold)
        high = words.points * PIXELS_A_POINT * self._board.style.scale * _HIGH
        left = x - {"left": 0.0, "center": wide / 2, "right": wide}[words.align]
        return Box(left, y - high / 2, wide, high)

    def _free(self, box: Box) -> bool:
        inside = box.x >= 0 and box.x + box.width <= self._board.width
        inside = inside and box.y >= 0 and box.y + box.height <= self._board.height
        return inside and not any(_meet(box, other) for other in self._taken)


def _meet(one: Box, other: Box) -> bool:
    across = one.x < other.x + other.width + _APART and other.x < one.x + one.width + _APART
    return across and one.y < other.y + other.height and other.y < one.y + one.height


def _crosses(box: Box, line: Sequence[Point]) -> bool:
    """Whether a line of straight pieces runs through a box."""
    return any(_piece_crosses(box, line[at], line[at + 1]) for at in range(len(line) - 1))


def _piece_crosses(box: Box, start: Point, end: Point) -> bool:
    """Liang and Barsky: the part of the piece that lies between all four edges is not empty."""
    first, last = 0.0, 1.0
    run, rise = end[0] - start[0], end[1] - start[1]
    edges = (
        (-run, start[0] - box.x),
        (run, box.x + box.width - start[0]),
        (-rise, start[1] - box.y),
        (rise, box.y + box.height - start[1]),
    )
    for towards, room in edges:
        if towards == 0:
            if room < 0:
                return False
            continue
        at = room / towards
        first, last = (max(first, at), last) if towards < 0 else (first, min(last, at))
    return first <= last
