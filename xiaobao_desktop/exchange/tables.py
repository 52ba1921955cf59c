"""A table found in a sheet: its columns by name and its records, with everything that was left out and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from xiaobao_desktop.exchange.sheets import Cell, Picture


class SkippedRow(NamedTuple):
    """A row below the header that is no record; ``reason`` is a short Chinese noun ("合计行")."""

    row: int
    reason: str


@dataclass(frozen=True, slots=True)
class RawRow:
    """One record as it stands: sheet row, one cell for each header, whether the row is hidden."""

    number: int
    cells: tuple[Cell, ...]
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class RawTable:
    """A recognised table.

    Attributes:
        sheet: name of the sheet.
        header_rows: sheet rows of the header, one or two.
        headers: column names, each once; "分组/名称" where the lower name alone would not tell.
        groups: for each header the name above it in a two-level header, else empty.
        columns: for each header its sheet column, from 1.
        rows: the records.
        skipped: rows that are no records, with the reason; blank rows are not listed.
        hidden_headers: names of hidden columns.
        warnings: Chinese sentences for the officer.
        date_1904: day numbers count from 1904.
        pictures: sheet row of a record -> the pictures that stand there, left to right.
    """

    sheet: str
    header_rows: tuple[int, ...]
    headers: list[str]
    groups: list[str]
    columns: list[int]
    rows: list[RawRow]
    skipped: list[SkippedRow]
    hidden_headers: list[str]
    warnings: list[str]
    date_1904: bool = False
    pictures: Mapping[int, tuple[Picture, ...]] = field(default_factory=dict)

    def header_of(self, picture: Picture) -> str:
        """Name of the column a picture stands in, "" beside the table."""
        return self.headers[self.columns.index(picture.column)] if picture.column in self.columns else ""
