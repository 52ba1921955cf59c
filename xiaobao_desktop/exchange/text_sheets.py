"""CSV and TSV text as one sheet. Every cell is text: no number loses a digit, no code its leading zeros."""

from __future__ import annotations

import csv
import io
import re
from typing import Final

from xiaobao_desktop.exchange.errors import FileEmpty, FileTooLarge, FileUnreadable
from xiaobao_desktop.exchange.sheets import Cell, CellProblem, ReadLimits
from xiaobao_desktop.exchange.wire import WireWriter

_DELIMITERS: Final = ",\t;|"
# How programs keep Excel from turning a long number into a rounded one: ="4101…" or a leading apostrophe.
_GUARDED = re.compile(r"""="([^"]*)"|'([-+=@\t\d].*)""", re.DOTALL)


def write_text_sheet(text: str, file: str, limits: ReadLimits, wire: WireWriter) -> None:
    """Send the text of ``file`` as one sheet named like the file.

    Raises:
        FileEmpty: nothing but blanks.
        FileUnreadable: a quotation mark has no partner.
        FileTooLarge: too many cells.
    """
    text = text.rstrip("\x1a")
    if not text.strip():
        raise FileEmpty(file=file)
    csv.field_size_limit(max(len(text), 1))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    wire.start_sheet(file.rpartition(".")[0] or file, hidden=False, date_1904=False)
    left, too_far = limits.cells, 0
    try:
        for number, record in enumerate(reader, 1):
            too_far = too_far or (number if len(record) > limits.columns else 0)
            cells = trimmed([_cell(field, limits) for field in record[: limits.columns]])
            left -= len(cells)
            if left < 0:
                raise FileTooLarge(file=file, reason=f"单元格超过 {limits.cells // 10_000} 万个")
            if cells:
                wire.row(number, cells)
    except csv.Error as error:
        reason = f"到第 {reader.line_num} 行，有双引号没有成对"
        raise FileUnreadable(file=file, reason=reason) from error
    warnings = [f"第 {too_far} 行等超过 {limits.columns} 列，右边的没有读入"] if too_far else []
    wire.end_sheet(merged=[], hidden_rows=[], hidden_columns=[], warnings=warnings)


def _delimiter(text: str) -> str:
    """The separator that stands most often, outside quotation marks, in the first full lines."""
    head = re.sub(r'"[^"]*"', "", text[:20_000])
    lines = [line for line in head.splitlines() if line.strip()][:20]
    counts = {mark: sum(line.count(mark) for line in lines) for mark in _DELIMITERS}
    return max(_DELIMITERS, key=lambda mark: counts[mark])


def _cell(field: str, limits: ReadLimits) -> Cell:
    text = field.strip("\t \u3000\xa0\r\n\x0b\x0c")
    if guarded := _GUARDED.fullmatch(text):
        text = guarded[1] if guarded[1] is not None else guarded[2]
    return checked_text(text.replace("\r\n", "\n").replace("\r", "\n"), limits)


def checked_text(text: str, limits: ReadLimits) -> Cell:
    """Text as a cell: None when blank, a problem when it is longer than a cell may be."""
    if not text or text.isspace():
        return None
    if len(text) > limits.cell_chars:
        return CellProblem(f"这一格有 {len(text)} 个字，最多 {limits.cell_chars} 个字，请删减", text[:50])
    return text


def trimmed(cells: list[Cell]) -> list[Cell]:
    """The row without the empty cells at its end."""
    last = len(cells)
    while last and cells[last - 1] is None:
        last -= 1
    return cells[:last]
