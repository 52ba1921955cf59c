"""A block copied in WPS or Excel as a workbook of one sheet: tab-separated text, or the table of an HTML page.

Text is read here and not in the child process: it can hold nothing that unpacks, and it must not lie on the disk.
"""

from __future__ import annotations

import io
from dataclasses import replace

from xiaobao_desktop.exchange.errors import FileEmpty, FileTooLarge
from xiaobao_desktop.exchange.html_sheets import looks_like_html, write_html_sheets
from xiaobao_desktop.exchange.sheets import MEGABYTE, ReadLimits, Workbook
from xiaobao_desktop.exchange.text_sheets import write_text_sheet
from xiaobao_desktop.exchange.wire import WireWriter, read_answer

NAME = "剪贴板"
_LIMITS = ReadLimits(file_bytes=10 * MEGABYTE)


def read_pasted(text: str, html: str = "") -> Workbook:
    """The block that was copied.

    Args:
        text: as plain text, columns by tabs.
        html: the same as HTML; read only where the text has no columns.

    Raises:
        FileEmpty: there is nothing.
        FileRefused: one of its kinds: too large, a quotation mark without a partner, no table.
    """
    as_page = "\t" not in text and looks_like_html(html[:4096].encode("utf-8", "replace"))
    content = (html if as_page else text).encode("utf-8", "replace")
    if not content.strip():
        raise FileEmpty(file=NAME)
    if len(content) > _LIMITS.file_bytes:
        raise FileTooLarge(file=NAME, reason=f"有 {len(content) // MEGABYTE} MB，请存成文件再导入")
    answer = io.BytesIO()
    wire = WireWriter(answer)
    if as_page:
        write_html_sheets(content, NAME, _LIMITS, wire)
    else:
        write_text_sheet(content.decode(), NAME, _LIMITS, wire)
    wire.end("html" if as_page else "text", [])
    return read_answer(answer.getvalue(), NAME)


def with_header(source: Workbook, labels: list[str]) -> Workbook:
    """The block with a header above its rows, for one that was copied without; its rows count from 2."""
    sheets = [
        replace(
            sheet,
            rows=[list(labels), *sheet.rows],
            row_numbers=[1, *(number + 1 for number in sheet.row_numbers)],
            merged=tuple(
                item._replace(top=item.top + 1, bottom=item.bottom + 1)  # the header moves everything down
                for item in sheet.merged
            ),
            hidden_rows=frozenset(number + 1 for number in sheet.hidden_rows),
        )
        for sheet in source.sheets
    ]
    return replace(source, sheets=tuple(sheets))
