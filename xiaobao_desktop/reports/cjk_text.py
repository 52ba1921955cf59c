"""Breaking Chinese text into lines: what may stand where, and what must stay together.

Pure functions over characters and widths; they know neither fonts nor pages. The rules are those of the house's paper
standard: no closing mark at the start of a line, no opening mark at its end, no break inside a number, between a
number and its measure word, inside 第N, a Latin word, a dash or an ellipsis; a closing mark that just does not fit
hangs into the margin by half its width while the line is squeezed a little.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

NOT_AT_START = frozenset("，。、；：？！）》」』】〕〉”’…—％%‰℃·,.;:?!)]}々ー～〞／/")
NOT_AT_END = frozenset("（《「『【〔〈“‘([{￥¥$№＃#〝＋+−±")
HANGING = frozenset("，。、；：？！）》」』】〕〉”’")
MEASURE_WORDS = (
    "百分点|工作日|个工作日|人次|场次|万元|亿元|万|亿|元|件|次|年|月|日|个|项|份|篇|人|天|时|分|秒|条|笔|户|家|名|场|页|类|"
    "期|季|号|级|章|款|倍|张|岁|台|处|学时|课时"
)
SQUEEZE_LIMIT = 0.02
"""How much of an em each gap of a line may shrink to take in one more piece."""
STRETCH_EASY = 0.04
"""A gap may grow by this much of an em before squeezing in a further number or word is the better choice."""
CELL_SQUEEZE = 1.03
"""How much wider than its column a single line in a table cell may be before it is wrapped instead of squeezed."""

_ATOM = re.compile(
    rf"(?:第|表|图|附件|附表)?[+\-−±]?\d(?:[\d,，.:：/]*\d)?(?:％|%|‰|℃)?(?:{MEASURE_WORDS})?"
    r"|[A-Za-z][A-Za-z0-9._@/&'\-]*"
    r"|—+|…+|\s|.",
    re.DOTALL,
)


@dataclass(frozen=True)
class Line:
    """A line of a paragraph: the half-open range of characters it shows, and how it is to be fitted.

    Attributes:
        start: index of its first character.
        end: index after its last character.
        natural: width of those characters at normal pitch, in the caller's unit.
        last: it ends the paragraph (or stands before a forced break) and is not justified.
        squeezed: it is wider than its room by a little and its gaps must shrink.
        hanging: its last character, a closing mark, hangs into the margin by half its width.
    """

    start: int
    end: int
    natural: float
    last: bool = False
    squeezed: bool = False
    hanging: bool = False


def atoms(text: str) -> list[str]:
    """Cut a text into pieces that must not be broken, closing and opening marks glued to what they belong to."""
    pieces: list[str] = []
    glue_next = False
    for piece in _raw_atoms(text):
        closes = piece[0] in NOT_AT_START and bool(pieces) and pieces[-1] != "\n"
        if (glue_next or closes) and pieces:
            pieces[-1] += piece
        else:
            pieces.append(piece)
        glue_next = piece != "\n" and piece[-1] in NOT_AT_END
    return pieces


def break_lines(
    text: str, advances: Sequence[float], width: float, *, indent: float = 0.0, em: float = 1.0, squeeze: bool = True
) -> list[Line]:
    r"""Break a text into lines.

    Args:
        text: the characters; "\n" forces a new line and is shown by none.
        advances: width of each character of ``text`` at normal pitch.
        width: of the full line, in the same unit.
        indent: by how much the first line is shorter.
        em: the size of a full character in the same unit, which limits squeezing and hanging.
        squeeze: whether lines may be squeezed and marks hung (body text) or not (table cells).

    Returns:
        At least one line; for an empty text one empty line. A piece wider than a line is cut between characters, and
        a line shows at least one character however narrow it is, so that the function always ends.
    """
    breaker = _Breaker(text, advances, width, indent, em if squeeze else 0.0)
    return breaker.run()


def avoid_lone_end(lines: list[Line], text: str, advances: Sequence[float]) -> list[Line]:
    """Move one character down when the last of several lines shows a single one (a table cell's rule).

    Nothing is moved where that would break a piece that must stay together.
    """
    if len(lines) < 2 or lines[-1].end - lines[-1].start != 1 or lines[-2].end - lines[-2].start < 3:
        return lines
    before, lone = lines[-2], lines[-1]
    pieces = atoms(text[before.start : lone.end])
    cut = len(pieces[-1]) if len(pieces[-1]) > 1 else len(pieces[-1]) + len(pieces[-2])
    start = lone.end - cut
    if start <= before.start or cut > 3 or "\n" in text[start : lone.end]:
        return lines
    return [
        *lines[:-2],
        Line(before.start, start, sum(advances[before.start : start])),
        Line(start, lone.end, sum(advances[start : lone.end]), last=True),
    ]


def gaps(text: str) -> list[bool]:
    """Tell for each character but the last whether the space after it takes part in justification.

    Numbers and Latin words keep their own spacing, unless nothing else could be stretched.
    """
    flexible = [not (_is_latin(text[i]) and _is_latin(text[i + 1])) for i in range(len(text) - 1)]
    return flexible if any(flexible) else [True] * len(flexible)


def _is_latin(char: str) -> bool:
    """Whether a character is set at its own width inside numbers and Latin words."""
    return char.isascii() and not char.isspace()


def _raw_atoms(text: str) -> Iterator[str]:
    """Yield numbers with their measure words, Latin words, dashes, ellipses and single characters."""
    for match in _ATOM.finditer(text):
        yield match.group()


class _Breaker:
    """State of breaking one paragraph."""

    def __init__(self, text: str, advances: Sequence[float], width: float, indent: float, em: float) -> None:
        self.text = text
        self.advances = advances
        self.width = width
        self.room = width - indent
        self.em = em
        self.lines: list[Line] = []
        self.start = 0
        self.position = 0
        self.natural = 0.0

    def run(self) -> list[Line]:
        """Break the whole text."""
        for piece in atoms(self.text):
            if piece == "\n":
                just_squeezed = bool(self.lines) and self.lines[-1].squeezed and self.lines[-1].end == self.position
                if not just_squeezed:
                    self._close(last=True)
                self.start = self.position = self.position + 1
            else:
                self._place(len(piece))
        if self.position > self.start or not self.lines or self.text.endswith("\n"):
            self._close(last=True)
        else:
            self.lines[-1] = _as_last(self.lines[-1])
        return self.lines

    def _place(self, length: int) -> None:
        """Put the next piece on this line, squeezed if need be, or on the next one."""
        end = self.position + length
        extent = sum(self.advances[self.position : end])
        if self._fits(self.natural + extent):
            self._take(end, extent)
        elif self._squeezes(end, self.natural + extent):
            self._take(end, extent)
            self._close(squeezed=True, hanging=self._hangs(end))
        elif self.position > self.start:
            self._close()
            self._place(length)
        else:
            self._cut(end)

    def _take(self, end: int, extent: float) -> None:
        """Add the characters up to ``end`` to the line."""
        self.position = end
        self.natural += extent

    def _fits(self, natural: float) -> bool:
        """Whether a line of this natural width needs no squeezing (a hair's breadth is forgiven)."""
        return natural <= self.room + 0.001 * max(self.em, 1.0)

    def _squeezes(self, end: int, natural: float) -> bool:
        """Whether the line up to ``end`` may be squeezed into its room, and better so than breaking before it."""
        if not self.em:
            return False
        hangs = self._hangs(end)
        hang = self.advances[end - 1] / 2 if hangs else 0.0
        if natural - hang - self.room > SQUEEZE_LIMIT * self.em * (end - self.start - 1):
            return False
        gap_count = max(self.position - self.start - 1, 1)
        return hangs or self.room - self.natural > STRETCH_EASY * self.em * gap_count

    def _hangs(self, end: int) -> bool:
        """Whether the character before ``end`` is a closing mark of full width."""
        return self.text[end - 1] in HANGING and self.advances[end - 1] > 0.8 * self.em

    def _cut(self, end: int) -> None:
        """Lay a piece that is wider than a whole line, character by character."""
        while self.position < end:
            extent = self.advances[self.position]
            if self.position > self.start and not self._fits(self.natural + extent):
                self._close()
            self._take(self.position + 1, extent)

    def _close(self, *, last: bool = False, squeezed: bool = False, hanging: bool = False) -> None:
        """End the line here; a line's blank ends are not shown."""
        start, end, natural = self.start, self.position, self.natural
        while not last and end > start + 1 and self.text[end - 1] == " ":
            end -= 1
            natural -= self.advances[end]
        self.lines.append(Line(start, end, natural, last, squeezed, hanging))
        self.start = self.position
        self.natural = 0.0
        self.room = self.width


def _as_last(line: Line) -> Line:
    """Return the line as the last of its paragraph; a squeezed one stays squeezed."""
    return replace(line, last=not line.squeezed)


Measure = Callable[[str], Sequence[float]]
"""Gives the advances of the characters of a text, all in one style and size."""


def wrap_cell(text: str, measure: Measure, width: float) -> list[str]:
    """Break the text of a table cell into lines; the last line of several shows at least two characters.

    A text that is too wide by no more than ``CELL_SQUEEZE`` stays on one line, to be drawn with narrower gaps.
    """
    advances = measure(text)
    if "\n" not in text and sum(advances) <= width * CELL_SQUEEZE:
        return [text]
    lines = break_lines(text, advances, width, squeeze=False)
    lines = avoid_lone_end(lines, text, advances)
    return [text[line.start : line.end] for line in lines]
