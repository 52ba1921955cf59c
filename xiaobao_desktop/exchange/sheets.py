"""What a file holds once it is read: workbook, sheets, cells. Plain data without any file behind it.

A cell is ``None`` (empty), text, a whole number, an exact decimal, true/false, a date, a moment, or a
:class:`CellProblem`. Rows, columns and ranges count from 1 as the officer sees them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple, TypeAlias

MEGABYTE: Final = 1024 * 1024
LAST_ROW: Final = 1_048_576
LAST_COLUMN: Final = 16_384


@dataclass(frozen=True, slots=True)
class CellProblem:
    """A cell that cannot be read; ``reason`` is a Chinese clause, ``text`` what stood there."""

    reason: str
    text: str = ""


# ``datetime`` is a ``date`` for the type checker and at run time; ask for ``datetime`` first.
Cell: TypeAlias = str | int | Decimal | bool | date | CellProblem | None


class MergedRange(NamedTuple):
    """A merged block of cells, both ends included."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def width(self) -> int:
        """Number of columns."""
        return self.right - self.left + 1

    @property
    def height(self) -> int:
        """Number of rows."""
        return self.bottom - self.top + 1


class Picture(NamedTuple):
    """A picture at a cell: sheet row and column from 1, name of the file's part, the bytes as they lie there."""

    row: int
    column: int
    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: only rows that hold something, each cut after its last filled cell.

    ``row_numbers[i]`` is the sheet row of ``rows[i]``; numbers rise. ``date_1904``: day numbers count from 1904.
    ``pictures`` are those of .xlsx, .ods and .xls files.
    """

    name: str
    rows: list[list[Cell]]
    row_numbers: list[int]
    merged: tuple[MergedRange, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    warnings: tuple[str, ...] = ()
    hidden: bool = False
    date_1904: bool = False
    pictures: tuple[Picture, ...] = ()

    @property
    def width(self) -> int:
        """Number of columns up to the last filled cell of any row."""
        return max((len(row) for row in self.rows), default=0)


@dataclass(frozen=True, slots=True)
class Workbook:
    """A file that was read. ``format`` is one of xlsx, xlsb, xls, ods, html, text."""

    name: str
    format: str
    sheets: tuple[Sheet, ...]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadLimits:
    """How much a file may ask of the machine before it is refused.

    The first four are the measured guard against zip bombs; ``seconds`` is wall time; ``memory_bytes`` is the address
    space of the child (POSIX only). 32,767 characters is the most that Excel itself lets a cell hold. Pictures beyond
    ``picture_bytes`` in all are left out and told.
    """

    file_bytes: int = 20 * MEGABYTE
    unpacked_bytes: int = 200 * MEGABYTE
    entries: int = 1_000
    ratio: int = 250
    ratio_from_bytes: int = 20 * MEGABYTE
    seconds: int = 60
    memory_bytes: int = 1024 * MEGABYTE
    cells: int = 4_000_000
    columns: int = 512
    cell_chars: int = 32_767
    sheets: int = 200
    picture_bytes: int = 60 * MEGABYTE


def column_letters(column: int) -> str:
    """The letters of a column counted from 1: 1 → A, 27 → AA."""
    letters = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def split_reference(reference: str) -> tuple[int, int]:
    """Row and column of a reference such as ``P144`` or ``$P$144``.

    Raises:
        ValueError: the text is no reference, or lies outside the largest possible sheet.
    """
    text = reference.replace("$", "").upper()
    letters = text.rstrip("0123456789")
    digits = text[len(letters) :]
    if not (1 <= len(letters) <= 3 and 1 <= len(digits) <= 7 and letters.isascii() and letters.isalpha()):
        raise ValueError(reference)
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - ord("A") + 1
    row = int(digits)
    if not (1 <= row <= LAST_ROW and column <= LAST_COLUMN):
        raise ValueError(reference)
    return row, column


def split_range(reference: str) -> MergedRange:
    """A range such as ``A1:P1``; a single cell is a range of one cell.

    Raises:
        ValueError: see :func:`split_reference`.
    """
    first, _, last = reference.partition(":")
    top, left = split_reference(first)
    bottom, right = split_reference(last or first)
    return MergedRange(min(top, bottom), min(left, right), max(top, bottom), max(left, right))
