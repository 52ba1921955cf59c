"""Tables of an HTML file (many systems name such an export .xls): one sheet for each table, every cell text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

from xiaobao_desktop.exchange.errors import FileTooLarge, NotAWorkbook
from xiaobao_desktop.exchange.sheets import Cell, MergedRange, ReadLimits
from xiaobao_desktop.exchange.text_encoding import decode_text
from xiaobao_desktop.exchange.text_sheets import checked_text, trimmed
from xiaobao_desktop.exchange.wire import WireWriter

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]+)", re.IGNORECASE)
_LONGEST_SPAN: Final = 10_000
_SILENT: Final = frozenset({"style", "script", "title"})


def looks_like_html(head: bytes) -> bool:
    """Whether the first kilobytes of a text file hold an HTML page or table."""
    lower = head.replace(b"\0", b"").lower()
    return lower.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"<") and (b"<html" in lower or b"<table" in lower)


def write_html_sheets(data: bytes, file: str, limits: ReadLimits, wire: WireWriter) -> None:
    """Send every table of the page.

    Raises:
        EncodingUnknown, NotAWorkbook: no text, or no table in it.
        FileTooLarge: too many cells.
    """
    declared = _CHARSET.search(data[:4096])
    # What calls itself GB2312 or GBK is read as their superset.
    encoding = declared[1].decode("ascii").lower() if declared else ""
    text = decode_text(data, file, "gb18030" if encoding in ("gb2312", "gbk", "x-gbk") else encoding)
    page = _Page(file, limits)
    page.feed(text)
    page.close()
    page.end()
    tables = [table for table in page.tables if table.rows]
    if not tables:
        raise NotAWorkbook(file=file, reason="是一张网页，里面没有表格")
    if len(tables) > limits.sheets:
        raise FileTooLarge(file=file, reason=f"有 {len(tables)} 张表，最多读 {limits.sheets} 张")
    for index, table in enumerate(tables, 1):
        wire.start_sheet(f"表{index}", hidden=False, date_1904=False)
        for number, row in sorted(table.rows.items()):
            wire.row(number, row)
        wire.end_sheet(merged=table.merged, hidden_rows=table.hidden_rows, hidden_columns=[], warnings=[])


@dataclass
class _Table:
    """One table while it is read; ``open_spans`` holds, by column, the last row that a cell above still covers."""

    rows: dict[int, list[Cell]] = field(default_factory=dict)
    merged: list[MergedRange] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    open_spans: dict[int, int] = field(default_factory=dict)
    row: int = 0
    column: int = 0
    row_hidden: bool = False
    span: tuple[int, int] = (1, 1)


class _Page(HTMLParser):
    """Collects the cells of all tables, nested ones as tables of their own."""

    def __init__(self, file: str, limits: ReadLimits) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[_Table] = []
        self._open: list[_Table] = []
        self._texts: list[list[str] | None] = []
        self._silent = 0
        self._file, self._limits, self._left = file, limits, limits.cells

    def end(self) -> None:
        """The text is through: cells that were never closed end here."""
        while self._open:
            self.handle_endtag("table")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element begins."""
        values = {key: value or "" for key, value in attrs}
        if tag in _SILENT:
            self._silent += 1
        elif tag == "table":
            self.tables.append(_Table())
            self._open.append(self.tables[-1])
            self._texts.append(None)
        elif not self._open:
            return
        elif tag == "tr":
            self._end_cell()
            table = self._open[-1]
            table.row, table.column = table.row + 1, 0
            table.row_hidden = "display:none" in values.get("style", "").replace(" ", "").lower()
        elif tag in ("td", "th"):
            self._end_cell()
            self._start_cell(values)
        elif tag in ("br", "p", "div") and self._texts[-1]:
            self._texts[-1].append("\n")

    def handle_endtag(self, tag: str) -> None:
        """An element ends."""
        if tag in _SILENT:
            self._silent = max(self._silent - 1, 0)
        elif self._open and tag in ("td", "th", "tr"):
            self._end_cell()
        elif self._open and tag == "table":
            self._end_cell()
            self._open.pop()
            self._texts.pop()

    def handle_data(self, data: str) -> None:
        """Text; outside a cell it is passed over."""
        if self._texts and not self._silent:
            text = self._texts[-1]
            if text is not None:
                text.append(data)

    def _start_cell(self, values: dict[str, str]) -> None:
        table = self._open[-1]
        table.row = table.row or 1
        table.column += 1
        while table.open_spans.get(table.column, 0) >= table.row:
            table.column += 1
        table.span = (_span(values.get("rowspan", "")), min(_span(values.get("colspan", "")), self._limits.columns))
        self._texts[-1] = []

    def _end_cell(self) -> None:
        text, table = self._texts[-1], self._open[-1]
        if text is None:
            return
        self._texts[-1] = None
        (height, width), row, column = table.span, table.row, table.column
        if height * width > 1:
            table.merged.append(MergedRange(row, column, row + height - 1, column + width - 1))
            table.open_spans.update(dict.fromkeys(range(column, column + width), row + height - 1))
        table.column += width - 1
        lines = (" ".join(line.split()) for line in "".join(text).replace("\xa0", " ").split("\n"))
        cell = checked_text("\n".join(line for line in lines if line), self._limits)
        if cell is None or column > self._limits.columns:
            return
        self._left -= 1
        if self._left < 0:
            raise FileTooLarge(file=self._file, reason=f"单元格超过 {self._limits.cells // 10_000} 万个")
        cells = table.rows.setdefault(row, [])
        cells.extend([None] * (column - len(cells) - 1))
        cells.append(cell)
        table.rows[row] = trimmed(cells)
        if table.row_hidden and table.hidden_rows[-1:] != [row]:
            table.hidden_rows.append(row)


def _span(text: str) -> int:
    return min(max(int(text), 1), _LONGEST_SPAN) if text.isdecimal() and len(text) < 9 else 1
