"""A pasted ticket cut into labelled pieces: "label：value" lines, several on a line, tables pasted with tabs.

Every character of the text that is no label, no separator and no blank is in exactly one piece: nothing is lost.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

_FOLD = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xA0: 0x20, 0x2003: 0x20}
"""Full-width forms made narrow, one character for one, so that places in the text stay the same."""

_MARK = r"(?:\(?(?:[一二三四五六七八九十]{1,2}|\d{1,2})[).、] *|[*●■◆▪·•-] *)?"
_UNIT = r"(?: *\([^()\n]{0,12}\))?"
_BREAKS = re.compile(r"\r\n?|[\u2028\u2029\v\f]")


@dataclass(frozen=True)
class Label:
    """What a label stands for: field key ("" = none, kept with its name) and rank (lower wins)."""

    field: str
    rank: int = 1


@dataclass(frozen=True)
class Labels:
    """Known labels by name, and the keys of fields whose value may run over several lines."""

    names: Mapping[str, Label]
    running: frozenset[str] = frozenset()

    @cached_property
    def _by_plain(self) -> dict[str, Label]:
        return {name.translate(_FOLD): label for name, label in self.names.items()}

    @cached_property
    def _any(self) -> str:
        """An expression for any label; blanks may stand between its characters (投 诉 人)."""
        ordered = sorted(self._by_plain, key=len, reverse=True)
        return "|".join(" *".join(re.escape(char) for char in name) for name in ordered)

    @cached_property
    def inside(self) -> re.Pattern[str]:
        """A label with its separator, at the beginning of a line or after a blank, tab, bar or semicolon."""
        return re.compile(
            rf"(?:^|(?<=[\s|;]))(?:{_MARK}[\[【](?P<framed>{self._any}){_UNIT}[\]】] *:? *"
            rf"|{_MARK}(?P<plain>{self._any}){_UNIT} *: *)"
        )

    @cached_property
    def alone(self) -> re.Pattern[str]:
        """A line or table cell that is nothing but a label."""
        return re.compile(rf"{_MARK}[\[【]?(?P<plain>{self._any}){_UNIT} *[\]】]? *:?")

    def get(self, written: str) -> Label:
        """The label as written, blanks aside."""
        return self._by_plain[written.replace(" ", "")]


@dataclass(frozen=True)
class Piece:
    """A part of the ticket: field key, its label as written ("" = none), rank of the label, the words."""

    field: str
    label: str
    rank: int
    words: str


@dataclass
class _Cutter:
    """Goes through the lines; the last piece is open while its value may go on in the next line."""

    labels: Labels
    pieces: list[Piece] = field(default_factory=list)
    open: bool = False

    def line(self, line: str) -> None:
        folded = line.translate(_FOLD)
        bare = folded.strip(" ")
        if not bare.strip():
            self._blank()
        elif match := self.labels.alone.fullmatch(bare):
            self._begin(match["plain"], "")
        elif "\t" in line.strip("\t "):
            self._cells(line)
        else:
            self._inline(line, folded)

    def _blank(self) -> None:
        """A blank line is a paragraph of a running text; a value that has no field ends with it."""
        if self.pieces and self.pieces[-1].label and not self.pieces[-1].field and self.pieces[-1].words:
            self.open = False
        self._add_to_last("")

    def _inline(self, line: str, folded: str) -> None:
        found = list(self.labels.inside.finditer(folded))
        self._loose(line[: found[0].start()] if found else line)
        ends = [*(match.start() for match in found[1:]), len(line)] if found else []
        for match, end in zip(found, ends, strict=True):
            words = line[match.end() : end]
            self._begin(match["framed"] or match["plain"], words if end == len(line) else words.rstrip(" \t\u3000；;"))

    def _cells(self, line: str) -> None:
        """A row of a pasted table: a label in one cell, its value in the next."""
        waiting = False
        for cell in line.split("\t"):
            folded = cell.translate(_FOLD).strip()
            if not folded:
                waiting = False
            elif match := self.labels.alone.fullmatch(folded):
                self._begin(match["plain"], "")
                waiting = True
            elif waiting:
                self.pieces[-1] = replace(self.pieces[-1], words=cell.strip())
                waiting = False
            else:
                self._inline(cell.strip(), cell.strip().translate(_FOLD))

    def _begin(self, written: str, words: str) -> None:
        label = self.labels.get(written)
        self.pieces.append(Piece(label.field, written.replace(" ", ""), label.rank, words.strip(" \t|")))
        self.open = True

    def _loose(self, words: str) -> None:
        """Words without a label: they go on with the piece above where it may run on, else stand alone."""
        if not words.strip():
            return
        last = self.pieces[-1] if self.pieces else None
        if last is not None and (not last.label or (self.open and self._runs_on(last))):
            self._add_to_last(words.strip())
        else:
            self.pieces.append(Piece("", "", 0, words.strip()))
            self.open = False

    def _runs_on(self, piece: Piece) -> bool:
        return not piece.words or piece.field in self.labels.running

    def _add_to_last(self, words: str) -> None:
        if self.pieces and (words or self.pieces[-1].words):
            last = self.pieces[-1]
            self.pieces[-1] = replace(last, words=f"{last.words}\n{words}" if last.words else words)


def cut(text: str, labels: Labels) -> tuple[Piece, ...]:
    """The pieces of a ticket in the order of the text.

    Args:
        text: as pasted.
        labels: the labels known.
    """
    lines = _BREAKS.sub("\n", text.lstrip("\ufeff")).split("\n")
    cutter = _Cutter(labels)
    skip = False
    for line, below in zip(lines, [*lines[1:], ""], strict=True):
        if skip:
            skip = False
        elif columns := _header(line, below, labels):
            for name, cell in columns:
                cutter._begin(name, cell)
            cutter.open = False
            skip = True
        else:
            cutter.line(line)
    return tuple(replace(piece, words=_tidy_lines(piece.words)) for piece in cutter.pieces)


def _header(line: str, below: str, labels: Labels) -> Sequence[tuple[str, str]]:
    """Labels of a header row with the cells of the row under it; empty when these lines are no such table."""
    names = [labels.alone.fullmatch(cell.translate(_FOLD).strip()) for cell in line.split("\t")]
    cells = [cell.strip() for cell in below.split("\t")]
    if len(names) < 2 or len(cells) > len(names) or not all(names):
        return ()
    if sum(bool(cell) for cell in cells) < 2 or any(labels.alone.fullmatch(cell.translate(_FOLD)) for cell in cells):
        return ()
    cells += [""] * (len(names) - len(cells))
    return [(name["plain"], cell) for name, cell in zip(names, cells, strict=True) if name]


def _tidy_lines(words: str) -> str:
    """Blank lines at the ends cut, several within made one."""
    return re.sub(r"\n{3,}", "\n\n", words).strip()
