"""Older and rarer formats (.xls, .xlsb, .ods) through the calamine library.

calamine gives values and merged cells. It gives neither hidden rows nor pictures, and shows a cell whose formula failed
as empty: the workbook carries a warning that says so. Pictures come from elsewhere, where they can be had. Its dense
tables are why the child process has a memory limit.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Final

from xiaobao_desktop.exchange.errors import FileEncrypted, FileTooLarge, FileUnreadable
from xiaobao_desktop.exchange.numbers import day_or_moment, exact_float
from xiaobao_desktop.exchange.sheets import Cell, MergedRange, ReadLimits
from xiaobao_desktop.exchange.text_encoding import has_private_use
from xiaobao_desktop.exchange.text_sheets import checked_text, trimmed
from xiaobao_desktop.exchange.wire import WireWriter
from xiaobao_desktop.exchange.xml_pass import plain_text

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

WARNING: Final = "这种旧格式里看不出隐藏的行和算错的公式；拿不准时请另存为 .xlsx 再导入"
NO_PICTURES: Final = "这种旧格式里的图片取不出来；要图片请用 WPS 或 Excel 另存为 .xlsx 再导入"

Pictures = Callable[[str], list[str]]
"""Sends the pictures of the sheet of a name; gives Chinese sentences about those left out."""


def _none(_sheet: str) -> list[str]:
    return []


def write_calamine_sheets(
    path: Path, kind: str, limits: ReadLimits, wire: WireWriter, pictures: Pictures = _none
) -> None:
    """Send every worksheet of ``path``, whose content is of ``kind`` (xls, xlsb or ods), with its ``pictures``.

    Raises:
        FileEncrypted: it asks for a password.
        FileUnreadable: it is damaged.
        FileTooLarge: too many sheets or cells.
    """
    import python_calamine as calamine

    file, left = path.name, limits.cells
    # calamine goes by the name when it gets a path (and then knows a password), by the content when it gets a stream.
    source = str(path) if path.suffix.lower() == f".{kind}" else BytesIO(path.read_bytes())
    try:
        book = calamine.load_workbook(source)
        sheets = [item for item in book.sheets_metadata if item.typ == calamine.SheetTypeEnum.WorkSheet]
        if not sheets:
            raise FileUnreadable(file=file, reason="里面没有工作表")
        if len(sheets) > limits.sheets:
            raise FileTooLarge(file=file, reason=f"有 {len(sheets)} 张工作表，最多读 {limits.sheets} 张")
        for item in sheets:
            hidden = item.visible != calamine.SheetVisibleEnum.Visible
            wire.start_sheet(item.name, hidden=hidden, date_1904=False)
            left = _write_sheet(book.get_sheet_by_name(item.name), file, limits, wire, left, pictures)
    except calamine.PasswordError as error:
        raise FileEncrypted(file=file) from error
    except FileNotFoundError:
        raise
    except (calamine.CalamineError, OSError) as error:
        raise FileUnreadable(file=file, reason="文件已损坏，或不是完整的表格") from error


def _write_sheet(
    sheet: CalamineSheet, file: str, limits: ReadLimits, wire: WireWriter, left: int, pictures: Pictures
) -> int:
    """Send the rows of one sheet; returns how many cells may still come."""
    first_row, first_column = sheet.start or (0, 0)
    warnings: list[str] = []
    for number, row in enumerate(sheet.to_python(), first_row + 1) if sheet.start else ():
        cells = trimmed([None] * first_column + [_cell(value, limits) for value in row])
        if len(cells) > limits.columns:
            warnings = [f"第 {number} 行等超过 {limits.columns} 列，右边的没有读入"]
            cells = trimmed(cells[: limits.columns])
        left -= len(cells)
        if left < 0:
            raise FileTooLarge(file=file, reason=f"单元格超过 {limits.cells // 10_000} 万个")
        if cells:
            wire.row(number, cells)
        if any(isinstance(cell, str) and has_private_use(cell) for cell in cells):
            warnings.append(f"第 {number} 行有本机自造的字，别的电脑上显示不出，请核对姓名")
    merged = [
        MergedRange(top + 1, left_edge + 1, bottom + 1, right + 1)
        for (top, left_edge), (bottom, right) in sheet.merged_cell_ranges or []
    ]
    told = [*warnings[:20], *pictures(sheet.name)]
    wire.end_sheet(merged=merged, hidden_rows=[], hidden_columns=[], warnings=told)
    return left


def _cell(value: object, limits: ReadLimits) -> Cell:
    if isinstance(value, str):
        return checked_text(plain_text(value), limits)
    if isinstance(value, float):
        return exact_float(value)
    if isinstance(value, datetime):
        return day_or_moment(value)
    if isinstance(value, time):
        return value.isoformat("minutes" if value.second == 0 else "seconds")
    if isinstance(value, (bool, int, date)):
        return value
    return str(value) if isinstance(value, timedelta) else None
