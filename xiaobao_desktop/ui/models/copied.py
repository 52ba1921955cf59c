"""Rows of a list on the clipboard: tab-separated text, and the same as HTML that WPS and Excel take with its types."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from typing import NamedTuple

_FORMULA_STARTS = ("=", "+", "-", "@")
_STYLES = {
    "text": "mso-number-format:'\\@'",
    "number": "",
    "day": "mso-number-format:'yyyy\\-mm\\-dd'",
}
"""How a spreadsheet is told what a cell is; a text stays a text, with all its digits."""


class CopiedCell(NamedTuple):
    """A cell that was copied: its text, masked, and what it is: ``text``, ``number`` or ``day`` (ISO)."""

    text: str
    kind: str = "text"


def as_text(rows: Sequence[Sequence[CopiedCell]]) -> str:
    """Lines of columns with tabs between; no text is read as a formula."""
    return "\n".join("\t".join(_plain(cell) for cell in row) for row in rows)


def as_html(rows: Sequence[Sequence[CopiedCell]]) -> str:
    """A table for WPS and Excel, which they prefer to the text."""
    lines = "".join(f"<tr>{''.join(_cell(cell) for cell in row)}</tr>" for row in rows)
    return f'<html><head><meta charset="utf-8"></head><body><table>{lines}</table></body></html>'


def _cell(cell: CopiedCell) -> str:
    style = _STYLES[cell.kind]
    value = html.escape(" ".join(cell.text.split()))
    return f'<td style="{style}">{value}</td>' if style else f"<td>{value}</td>"


def _plain(cell: CopiedCell) -> str:
    """One line, no column breaks, never read as a formula; a negative number stays one."""
    flat = " ".join(cell.text.split())
    guarded = cell.kind == "text" and flat.startswith(_FORMULA_STARTS) and not re.fullmatch(r"[+-]?[\d.,]+%?", flat)
    return f"'{flat}" if guarded else flat
