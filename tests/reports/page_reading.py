"""Reading a PDF back with the places of its words, as pdftotext measures them, and naming its faces."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from itertools import groupby
from pathlib import Path

_PAGE = re.compile(r'<page width="([\d.]+)" height="([\d.]+)">(.*?)</page>', re.DOTALL)
_WORD = re.compile(r'<word xMin="([-\d.]+)" yMin="([-\d.]+)" xMax="([-\d.]+)" yMax="([-\d.]+)">(.*?)</word>')


@dataclass(frozen=True)
class Word:
    """Characters without a blank between them: edges in points from the upper left corner of the paper."""

    left: float
    top: float
    right: float
    bottom: float
    text: str

    @property
    def size(self) -> float:
        """Height of the type in points; the faces of the program fill exactly their size."""
        return self.bottom - self.top


@dataclass(frozen=True)
class ReadPage:
    """A page: its size in points and its words in the order in which they were written."""

    width: float
    height: float
    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        """All text without blanks."""
        return "".join(word.text for word in self.words)

    def lines(self, words: Sequence[Word] | None = None) -> list[tuple[Word, ...]]:
        """The words (of the page unless given) that stand beside each other, from the top, each line from the left."""
        ordered = sorted(self.words if words is None else words, key=lambda word: (round(word.bottom), word.left))
        return [tuple(line) for _bottom, line in groupby(ordered, key=lambda word: round(word.bottom))]

    def overlaps(self) -> list[tuple[str, str]]:
        """Pairs of words that are printed over each other; a face's blank above and below its signs may overlap."""
        found: list[tuple[str, str]] = []
        ordered = sorted(self.words, key=lambda word: word.top)
        for place, word in enumerate(ordered):
            for other in ordered[place + 1 :]:
                if other.top > word.bottom:
                    break
                high = min(word.bottom, other.bottom) - other.top
                wide = min(word.right, other.right) - max(word.left, other.left)
                if wide > 1.0 and high > 0.3 * min(word.size, other.size):
                    found.append((word.text, other.text))
        return found


def read_pages(file: Path) -> list[ReadPage]:
    """The pages of a PDF."""
    command = ["pdftotext", "-bbox", "-raw", str(file), "-"]
    text = subprocess.run(command, check=True, capture_output=True, text=True, encoding="utf-8").stdout
    return [ReadPage(float(width), float(height), tuple(_words(body))) for width, height, body in _PAGE.findall(text)]


def _words(body: str) -> Iterator[Word]:
    for left, top, right, bottom, text in _WORD.findall(body):
        yield Word(float(left), float(top), float(right), float(bottom), unescape(text).strip())


def faces_not_embedded(file: Path) -> list[str]:
    """What pdffonts says of every face that the file only names."""
    listed = subprocess.run(["pdffonts", str(file)], check=True, capture_output=True, text=True).stdout.splitlines()
    return [line for line in listed[2:] if line.split()[-5] != "yes"]
