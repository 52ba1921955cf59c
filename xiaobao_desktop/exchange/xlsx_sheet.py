"""One sheet of an .xlsx in one streaming pass: exact values, merged and hidden parts, cells that cannot be read.

Memory follows what is filled, not where it stands: a lone cell at XFD1048576 costs one line.
Element and attribute names are those of ECMA-376 part 1, chapter 18.3.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from functools import lru_cache
from typing import Final

from xiaobao_desktop.exchange.errors import FileTooLarge, FileUnreadable
from xiaobao_desktop.exchange.numbers import day_or_moment, exact_number, moment_of
from xiaobao_desktop.exchange.sheets import (
    LAST_COLUMN,
    LAST_ROW,
    Cell,
    CellProblem,
    MergedRange,
    ReadLimits,
    column_letters,
    split_range,
    split_reference,
)
from xiaobao_desktop.exchange.text_encoding import has_private_use
from xiaobao_desktop.exchange.text_sheets import checked_text
from xiaobao_desktop.exchange.wire import WireWriter
from xiaobao_desktop.exchange.xlsx_parts import CLOCK, NUMBER, BookParts
from xiaobao_desktop.exchange.xlsx_pictures import picture_name, rich_name
from xiaobao_desktop.exchange.xml_pass import is_on, plain_text

_MOST_MERGES: Final = 100_000
_ERRORS: Final = {
    "#N/A": "公式没有查到对应的值（#N/A）",
    "#REF!": "公式引用的单元格已不存在（#REF!）",
    "#DIV/0!": "公式除以了零（#DIV/0!）",
    "#VALUE!": "公式里的内容类型不对（#VALUE!）",
    "#NAME?": "公式里有认不出的名称（#NAME?）",
    "#NUM!": "公式的数字算不出来（#NUM!）",
    "#NULL!": "公式的区域没有交叉（#NULL!）",
}
_NO_RESULT: Final = "这一格是公式，文件里没有存下结果；请用 WPS 或 Excel 打开，保存一次再导入"
_PICTURE: Final = "这一格是图片，但文件里没有存下它；请从原来的文件里重新复制"


class SheetPass:
    """Handler of :func:`xml_pass.walk` for one worksheet part; rows go to a wire writer as they close."""

    def __init__(
        self,
        file: str,
        parts: BookParts,
        limits: ReadLimits,
        wire: WireWriter,
        cells_left: int,
        in_cells: Collection[str] = (),
    ) -> None:
        """Read for ``file``; at most ``cells_left`` cells may still come; ``in_cells`` are pictures that it holds."""
        self._file, self._parts, self._limits, self._wire = file, parts, limits, wire
        self.cells_left = cells_left
        self.merged: list[MergedRange] = []
        self.hidden_rows: list[int] = []
        self.hidden_columns: set[int] = set()
        self.warnings: list[str] = []
        self.pictures: list[tuple[int, int, str]] = []
        self._in_cells = in_cells
        self._row_number = 0
        self._row_hidden = False
        self._row: list[Cell] = []
        self._column = 0
        self._columns: dict[str, int] = {}
        self._cell_type = "n"
        self._style, self._metadata = "0", ""
        self._kinds = {str(index): kind for index, kind in enumerate(parts.styles)}
        self._has_formula = self._has_value = False
        self._text: list[str] = []
        self._inside_text = False
        self._phonetic = 0
        self._too_far = ""
        self._private_use = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        if name == "c":
            reference = attributes.get("r")
            if reference is None:
                self._column += 1
            else:
                letters = reference.rstrip("0123456789")
                self._column = self._columns.get(letters) or self._new_column(letters, reference)
            self._cell_type = attributes.get("t", "n")
            self._style = attributes.get("s", "0")
            self._metadata = attributes.get("vm", "")
            self._has_formula = self._has_value = False
            self._text = []
        elif name == "v":
            self._has_value = self._inside_text = True
        elif name == "t":
            self._has_value = True
            self._inside_text = not self._phonetic
        elif name == "f":
            self._has_formula = True
        elif name == "row":
            self._start_row(attributes)
        elif name == "rPh":
            self._phonetic += 1
        elif name == "mergeCell":
            self._merge(attributes.get("ref", ""))
        elif name == "col":
            self._column_range(attributes)

    def end(self, name: str) -> None:
        """An element ends."""
        if name == "c":
            self._end_cell()
        elif name in ("v", "t"):
            self._inside_text = False
        elif name == "row":
            self._end_row()
        elif name == "rPh":
            self._phonetic -= 1

    def text(self, text: str) -> None:
        """Characters of a value; formulas and phonetic helps are passed over."""
        if self._inside_text:
            self._text.append(text)

    def finish(self) -> None:
        """The part is complete: say what was left out."""
        if self._too_far:
            last = column_letters(self._limits.columns)
            self.warnings.append(f"{self._too_far} 等单元格太靠右（超过 {last} 列），没有读入")
        if self._private_use:
            self.warnings.append(f"{self._private_use} 等单元格有本机自造的字，别的电脑上显示不出，请核对姓名")

    def _start_row(self, attributes: dict[str, str]) -> None:
        number = attributes.get("r", "")
        row = int(number) if number.isdecimal() and len(number) < 9 else self._row_number + 1
        if not self._row_number < row <= LAST_ROW:
            raise FileUnreadable(file=self._file, reason="行号乱了，文件可能已损坏")
        self._row_number = row
        self._row_hidden = is_on(attributes, "hidden")
        self._row = []
        self._column = 0

    def _end_row(self) -> None:
        if not self._row:
            return
        self.cells_left -= len(self._row)
        if self.cells_left < 0:
            raise FileTooLarge(file=self._file, reason=f"单元格超过 {self._limits.cells // 10_000} 万个")
        self._wire.row(self._row_number, self._row)
        if self._row_hidden:
            self.hidden_rows.append(self._row_number)
        self._row = []

    def _new_column(self, letters: str, reference: str) -> int:
        """The column of a reference whose letters are met for the first time."""
        try:
            column = split_reference(reference)[1]
        except ValueError as error:
            raise FileUnreadable(file=self._file, reason="单元格的位置看不懂，文件可能已损坏") from error
        self._columns[letters] = column
        return column

    def _end_cell(self) -> None:
        value = self._value("".join(self._text))
        if value is None:
            return
        if self._column > self._limits.columns:
            self._too_far = self._too_far or self._here()
            return
        gap = self._column - len(self._row) - 1
        if gap < 0:
            raise FileUnreadable(file=self._file, reason="单元格的顺序乱了，文件可能已损坏")
        self._row.extend([None] * gap)
        self._row.append(value)

    def _here(self) -> str:
        return f"{column_letters(self._column)}{self._row_number}"

    def _value(self, text: str) -> Cell:
        if self._has_formula and not self._has_value:
            return CellProblem(_NO_RESULT)
        match self._cell_type:
            case "s":
                return self._shared(text) if text else None
            case "n":
                return self._number(text) if text.strip() else None
            case "str" | "inlineStr":
                return self._words(text)
            case "b":
                return text.strip() == "1" if text else None
            case "e":
                if self._metadata and (name := rich_name(self._metadata)) in self._in_cells:
                    self.pictures.append((self._row_number, self._column, name))
                    return None
                return CellProblem(_ERRORS.get(text, "公式出错，没有结果"), text[:20])
            case "d":
                return self._iso_date(text)
        return self._number(text) if text.strip() else None

    def _shared(self, text: str) -> Cell:
        index = int(text) if text.isdecimal() and len(text) < 10 else LAST_ROW * LAST_COLUMN
        if index >= len(self._parts.shared):
            raise FileUnreadable(file=self._file, reason="文字和单元格对不上，文件可能已损坏")
        found = self._parts.shared[index]
        return self._note_private_use(found) if index in self._parts.private else found

    def _words(self, text: str) -> Cell:
        if text.startswith("=") and (name := picture_name(text)):
            if name not in self._in_cells:
                return CellProblem(_PICTURE)
            self.pictures.append((self._row_number, self._column, name))
            return None
        return self._note_private_use(checked_text(plain_text(text), self._limits))

    def _note_private_use(self, text: Cell) -> Cell:
        if not isinstance(text, str):
            return text
        if not self._private_use and not text.isascii() and has_private_use(text):
            self._private_use = self._here()
        return text

    def _number(self, text: str) -> Cell:
        kind = self._kinds.get(self._style, NUMBER)
        return exact_number(text) if kind == NUMBER else _moment(text, self._parts.date_1904, kind == CLOCK)

    def _iso_date(self, text: str) -> Cell:
        try:
            return day_or_moment(datetime.fromisoformat(text.strip()).replace(tzinfo=None))
        except ValueError:
            return CellProblem("这一格标为日期，内容却不是日期", text[:50])

    def _merge(self, reference: str) -> None:
        try:
            merged = split_range(reference)
        except ValueError as error:
            raise FileUnreadable(file=self._file, reason="合并单元格的位置看不懂，文件可能已损坏") from error
        if merged.width * merged.height > 1 and len(self.merged) < _MOST_MERGES:
            self.merged.append(merged)

    def _column_range(self, attributes: dict[str, str]) -> None:
        first, last = attributes.get("min", ""), attributes.get("max", "")
        if is_on(attributes, "hidden") and first.isdecimal() and last.isdecimal() and len(first + last) < 12:
            self.hidden_columns.update(range(int(first), min(int(last), self._limits.columns) + 1))


@lru_cache(maxsize=10_000)
def _moment(text: str, date_1904: bool, clock_only: bool) -> Cell:
    """What a number shows under a date format; the days of a ledger come again and again."""
    number = exact_number(text)
    if isinstance(number, CellProblem):
        return number
    return moment_of(number, date_1904=date_1904, clock_only=clock_only)
