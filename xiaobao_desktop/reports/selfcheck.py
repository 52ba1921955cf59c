"""Checks of the printing parts for the self-test: written with the bundled fonts and read back."""

from __future__ import annotations

import io
from datetime import datetime

from xiaobao_desktop.reports.document import Document, Metadata, MonthlyPairs, Paragraph, Run

SENTENCE = "消费者权益保护工作月报：㛃、䶮、𬱖，−9.76%"
_DOCUMENT = Document(("自检",), (Paragraph((Run(SENTENCE),)),))
_METADATA = Metadata("自检", "小保", datetime(2026, 1, 1), "小保")  # noqa: DTZ001 - a fixed moment, no zone


def pdf() -> str:
    """Write a PDF with rare characters and read its page back; what was found, in Chinese.

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
    return f"{len(buffer.getvalue()) // 1024} KB，嵌入 {len(fonts)} 种字体"


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


def chart() -> str:
    """Draw a chart with Chinese labels."""
    from xiaobao_desktop.reports.figures import render_png

    spec = MonthlyPairs((1, 2), (3, 0), (4, 5), "2025年", "2026年", 2, "本月", "受理件数（件）")
    return f"{len(render_png(spec, 440, 170, dpi=100)) // 1024} KB"
