"""Checks of the printing parts for the self-test: written with the bundled fonts and read back."""

from __future__ import annotations

import io
from datetime import datetime
from typing import BinaryIO

from xiaobao_desktop.reports.document import Document, Metadata, MonthlyPairs, Paragraph, Run

NUMBER = "532301199001010014"
SENTENCE = "消费者权益保护工作月报：㛃、䶮、𬱖，−9.76%"
_DOCUMENT = Document(("自检",), (Paragraph((Run(SENTENCE),)),))
_METADATA = Metadata("自检", "小保", datetime(2026, 1, 1), "小保")  # noqa: DTZ001 - a fixed moment, no zone


def pdf() -> tuple[bytes, str]:
    """Write a PDF with rare characters; its bytes, and what was found, in Chinese.

    Raises:
        ValueError: the page or one of its fonts is missing.
    """
    from pdfrw import PdfReader

    from xiaobao_desktop.reports.pdf import write_pdf

    buffer = io.BytesIO()
    write_pdf(_DOCUMENT, buffer, metadata=_METADATA)
    (page,) = PdfReader(fdata=buffer.getvalue()).pages
    fonts = [str(font.BaseFont) for font in page.Resources.Font.values()]
    foreign = [name for name in fonts if "+" not in name]
    if foreign:
        raise ValueError(f"没有嵌入的字体：{'、'.join(foreign)}")
    return buffer.getvalue(), f"{len(buffer.getvalue()) // 1024} KB，嵌入 {len(fonts)} 种字体"


def word() -> str:
    """Write a Word file and read its text back.

    Raises:
        ValueError: the text is not the one written.
    """
    import docx

    from xiaobao_desktop.reports.docx import write_docx

    buffer = io.BytesIO()
    write_docx(_DOCUMENT, buffer, metadata=_METADATA)
    buffer.seek(0)
    text = "".join(paragraph.text for paragraph in docx.Document(buffer).paragraphs)
    if SENTENCE not in text:
        raise ValueError("写进去的字没有读回来")
    return "写入并读回"


def excel(target: BinaryIO) -> None:
    """Write a workbook with one sheet that holds the sentence and a whole number of 18 digits as text."""
    from xiaobao_desktop.reports.sheets import Sheet, SheetColumn
    from xiaobao_desktop.reports.xlsx import write_xlsx

    columns = (SheetColumn("内容", 40), SheetColumn("号码", 24))
    write_xlsx((Sheet("自检", "自检", columns, ((SENTENCE, NUMBER),)),), target, metadata=_METADATA)


def chart() -> str:
    """Draw a chart with Chinese labels."""
    from xiaobao_desktop.reports.figures import render_png

    spec = MonthlyPairs((1, 2), (3, 0), (4, 5), "2025年", "2026年", 2, "本月", "受理件数（件）")
    return f"{len(render_png(spec, 440, 170, dpi=100)) // 1024} KB"


def picture() -> bytes:
    """A small PNG as a photo to put into a book."""
    from PIL import Image

    buffer = io.BytesIO()
    Image.new("RGB", (64, 48), (36, 86, 158)).save(buffer, "PNG")
    return buffer.getvalue()
