"""What an Excel workbook holds: sheets of typed cells, without how they are drawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

Cell: TypeAlias = str | int | Decimal | date | None
"""A cell: text, whole number, exact decimal, day, or nothing."""


class CellKind(StrEnum):
    """How the cells of a column are written: text stays text (18 digits, leading zeros), dates are dates."""

    TEXT = "text"
    INTEGER = "integer"
    MONEY = "money"
    DECIMAL = "decimal"
    DATE = "date"


@dataclass(frozen=True)
class SheetColumn:
    """A column: head, width in characters, kind of its cells, whether long texts are wrapped."""

    title: str
    width: float
    kind: CellKind = CellKind.TEXT
    wrap: bool = False


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook.

    Attributes:
        name: of the tab; shortened to what Excel takes.
        title: first line, over all columns.
        head_line: second line: who reports, which period; "" for none.
        columns: at least one.
        rows: each as long as ``columns``.
        totals: how many of the last rows are totals: set apart and left out of the filter.
        notes: lines below the table.
        portrait: printed upright; tables are printed across the page otherwise.
    """

    name: str
    title: str
    columns: tuple[SheetColumn, ...]
    rows: tuple[tuple[Cell, ...], ...]
    head_line: str = ""
    totals: int = 0
    notes: tuple[str, ...] = ()
    portrait: bool = False
