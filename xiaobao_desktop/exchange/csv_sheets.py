"""A sheet as CSV for other systems: UTF-8 with a byte order mark, CRLF, texts that look like formulas guarded."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from decimal import Decimal

CsvCell = str | int | Decimal | date | None

_FORMULA = re.compile(r"[\s\u200b-\u200f\u2060\ufeff\u3000]*[=＝+＋\-－@＠\t\r\u200b\ufeff]")
"""Beginnings that Excel or WPS would calculate, blanks and invisible signs before them included."""
_NUMBER = re.compile(r"[+\-]?\d[\d ()\-.,]*%?")
"""Numbers and phones (+86 139…, -12.50) are no formulas."""


def guarded(text: str) -> str:
    """``text`` with an apostrophe before it when a spreadsheet would take it for a formula."""
    if _FORMULA.match(text) and not _NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def csv_bytes(headers: list[str], rows: list[tuple[CsvCell, ...]]) -> bytes:
    """A table as CSV: dates 2026-10-31, numbers exact, texts guarded; every text of more than one line is quoted."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([guarded(header) for header in headers])
    writer.writerows([[_text(cell) for cell in row] for row in rows])
    return b"\xef\xbb\xbf" + buffer.getvalue().encode("utf-8", "replace")


def _text(cell: CsvCell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return guarded(cell)
    return cell.isoformat() if isinstance(cell, date) else str(cell)
