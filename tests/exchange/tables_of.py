"""Small recognised tables for the tests of mapping and planning."""

from __future__ import annotations

from collections.abc import Sequence

from xiaobao_desktop.exchange.sheets import Cell
from xiaobao_desktop.exchange.tables import RawRow, RawTable


def table_of(headers: Sequence[str], *rows: Sequence[Cell], first: int = 2, hidden: Sequence[int] = ()) -> RawTable:
    """A table whose records begin in sheet row ``first``."""
    records = [RawRow(number, tuple(row), number in hidden) for number, row in enumerate(rows, start=first)]
    columns = list(range(1, len(headers) + 1))
    return RawTable("表", (first - 1,), list(headers), [""] * len(headers), columns, records, [], [], [])
