"""Writing sheets as an Excel workbook: typed cells, frozen heads, filters, set up to be printed on A4.

The same sheets and metadata always give the same bytes. No formula is ever written: a text that looks like one stays a
text.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, BinaryIO

from xiaobao_desktop.reports.document import Metadata
from xiaobao_desktop.reports.sheets import Cell, CellKind, Sheet

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FONT, HEAD_FONT = "宋体", "黑体"
SIZE, TITLE_SIZE = 10, 16
A4 = 9
ROW_HEIGHT, LINE_HEIGHT = 18, 14
TALLEST = 409
"""In points: of a row of one line, of each line of a higher one, and the most there is."""
NAME_LENGTH = 31
FORMATS = {
    CellKind.TEXT: "@",
    CellKind.INTEGER: "0",
    CellKind.MONEY: "#,##0.00",
    CellKind.DECIMAL: "0.00",
    CellKind.DATE: "yyyy-mm-dd",
}
"""Number formats of Excel by kind of cell."""
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")


def write_xlsx(sheets: Sequence[Sheet], target: BinaryIO, *, metadata: Metadata) -> None:
    """Write a workbook into an open binary file.

    Raises:
        OSError: the target cannot be written.
    """
    import xlsxwriter

    book = xlsxwriter.Workbook(
        target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    # The time of making is told without a zone; the bank's local time is meant.
    book.set_properties(
        {"title": metadata.title, "author": metadata.author, "created": metadata.created.replace(tzinfo=None)}
    )
    book.set_calc_mode("auto")
    names: set[str] = set()
    styles = _Styles(book)
    for sheet in sheets:
        name = sheet_name(sheet.name, names)
        names.add(name.casefold())
        _SheetWriter(book.add_worksheet(name), sheet, styles).write()
    book.close()


def sheet_name(wanted: str, taken: set[str]) -> str:
    """A tab's name as Excel takes it: no forbidden signs, at most 31 letters, none twice (``taken`` casefolded)."""
    plain = _FORBIDDEN.sub("_", wanted).strip("'")[:NAME_LENGTH] or "表"
    name, number = plain, 2
    while name.casefold() in taken:
        tail = f"（{number}）"
        name, number = plain[: NAME_LENGTH - len(tail)] + tail, number + 1
    return name


def display_width(text: str) -> int:
    """How many narrow letters wide a text is; a Chinese character is two."""
    return sum(2 if ord(sign) > 0x2000 else 1 for sign in text)


def _height(texts: Sequence[tuple[str, float]]) -> int:
    """Height in points of a row that shows texts whole in columns of these widths, as far as Excel allows."""
    lines = max(
        (
            sum(-(-display_width(part) // max(int(width) - 1, 2)) or 1 for part in text.split("\n"))
            for text, width in texts
        ),
        default=1,
    )
    return min(LINE_HEIGHT * lines + 4, TALLEST)


def _number_format(kind: CellKind, cell: Cell) -> str:
    """The number format of a cell; an exact decimal shows the places it has, also in a column of whole numbers."""
    if isinstance(cell, Decimal) and kind is not CellKind.MONEY:
        places = -int(cell.as_tuple().exponent)
        return f"0.{'0' * places}" if places > 0 else "0"
    return FORMATS[kind]


class _Styles:
    """The cell formats of a workbook, each made once."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, object], ...], Any] = {}

    def get(self, **wanted: object) -> Any:
        """The format with these properties; 宋体 10 in the middle of the row unless told."""
        whole: Mapping[str, object] = {"font_name": FONT, "font_size": SIZE, "valign": "vcenter", **wanted}
        key = tuple(sorted(whole.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(dict(whole))
        return self._made[key]


class _SheetWriter:
    """Writes one sheet."""

    def __init__(self, paper: Any, sheet: Sheet, styles: _Styles) -> None:
        self.paper, self.sheet, self.styles = paper, sheet, styles
        self.last = len(sheet.columns) - 1
        self.head = 2 if sheet.head_line else 1
        self._body_styles: dict[tuple[CellKind, str, bool, bool], Any] = {}
        self._wrapping = [(place, column.width) for place, column in enumerate(sheet.columns) if column.wrap]
        self._text_styles = {
            total: [
                self._style(CellKind.TEXT, FORMATS[CellKind.TEXT], wrap=column.wrap, total=total)
                for column in sheet.columns
            ]
            for total in ((False, True) if sheet.totals else (False,))
        }

    def write(self) -> None:
        """Write title, head, rows and notes, and set up the printing."""
        self.paper.set_default_row(ROW_HEIGHT)
        self._titles()
        head = self.styles.get(
            bold=True, font_name=HEAD_FONT, align="center", border=1, bg_color="#F2F2F2", text_wrap=True
        )
        for place, column in enumerate(self.sheet.columns):
            self.paper.set_column(place, place, column.width)
            self.paper.write_string(self.head, place, column.title, head)
        self.paper.set_row(self.head, _height([(column.title, column.width) for column in self.sheet.columns]))
        first = self.head + 1
        totals_from = len(self.sheet.rows) - self.sheet.totals
        for number, row in enumerate(self.sheet.rows):
            self._row(first + number, row, total=number >= totals_from)
        self._notes(first + len(self.sheet.rows) + 1)
        if totals_from > 0:
            self.paper.autofilter(self.head, 0, self.head + totals_from, self.last)
        self.paper.freeze_panes(first, 0)
        self._printing()

    def _titles(self) -> None:
        title = self.styles.get(bold=True, font_name=HEAD_FONT, font_size=TITLE_SIZE, align="center")
        self._across(0, self.sheet.title, title)
        self.paper.set_row(0, 30)
        if self.sheet.head_line:
            self._across(1, self.sheet.head_line, self.styles.get())

    def _across(self, row: int, text: str, style: Any) -> None:
        """Write a line over all columns."""
        if self.last:
            self.paper.merge_range(row, 0, row, self.last, "", style)
        self.paper.write_string(row, 0, text, style)

    def _row(self, row: int, cells: tuple[Cell, ...], *, total: bool) -> None:
        if self._wrapping:
            texts = [(cells[place], width) for place, width in self._wrapping]
            height = _height([(text, width) for text, width in texts if isinstance(text, str)])
            if height > ROW_HEIGHT:
                self.paper.set_row(row, height)
        # Most cells of a long list are texts: they take the short way.
        texts_look, write_text = self._text_styles[total], self.paper.write_string
        for place, cell in enumerate(cells):
            if isinstance(cell, str) and cell:
                write_text(row, place, cell, texts_look[place])
            else:
                column = self.sheet.columns[place]
                kind = column.kind if not isinstance(cell, str) else CellKind.TEXT
                style = self._style(kind, _number_format(kind, cell), wrap=column.wrap, total=total)
                self._cell(row, place, cell, style)

    def _style(self, kind: CellKind, number_format: str, *, wrap: bool, total: bool) -> Any:
        """The format of a cell in the table, worked out once for each kind."""
        key = (kind, number_format, wrap, total)
        if key not in self._body_styles:
            wanted: dict[str, object] = {"border": 1, "num_format": number_format}
            if wrap:
                wanted["text_wrap"] = True
            if kind is CellKind.DATE:
                wanted["align"] = "center"
            if total:
                wanted.update(bold=True, font_name=HEAD_FONT)
            self._body_styles[key] = self.styles.get(**wanted)
        return self._body_styles[key]

    def _cell(self, row: int, column: int, cell: Cell, style: Any) -> None:
        match cell:
            case None | "":
                self.paper.write_blank(row, column, None, style)
            case str():
                self.paper.write_string(row, column, cell, style)
            case date():
                self.paper.write_datetime(row, column, cell, style)
            case Decimal() | int():
                self.paper.write_number(row, column, cell, style)

    def _notes(self, row: int) -> None:
        for place, note in enumerate(self.sheet.notes):
            self.paper.write_string(row + place, 0, note, self.styles.get(font_size=9))

    def _printing(self) -> None:
        paper = self.paper
        paper.set_paper(A4)
        (paper.set_portrait if self.sheet.portrait else paper.set_landscape)()
        paper.fit_to_pages(1, 0)
        paper.repeat_rows(0, self.head)
        paper.set_margins(left=0.7, right=0.7, top=0.8, bottom=0.8)
        paper.center_horizontally()
        paper.set_footer("&C第 &P 页　共 &N 页")
