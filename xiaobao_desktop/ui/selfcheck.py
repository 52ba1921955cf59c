"""Checks of the window's parts for the self-test: a PDF read back as it is previewed, and printed as it is printed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPrintSupport import QPrinter

from xiaobao_desktop.ui.widgets.pdf_printing import print_pages, render_page

_INK = 128
"""A pixel darker than this is ink."""
_DPI = 72


def text_of(pdf: bytes) -> str:
    """All text of a PDF, without spaces and line ends."""
    with _opened(pdf) as document:
        pages = (document.getAllText(page).text() for page in range(document.pageCount()))
        return "".join("".join(pages).split())


def print_to_file(pdf: bytes, target: Path) -> int:
    """Print a PDF into a PDF file, the way of a real printer; returns the number of its pages.

    Raises:
        PrintingStopped: the printer part refused.
        ValueError: a page that came out is empty.
    """
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(target))
    with _opened(pdf) as document:
        sides = print_pages(document, printer)
    with _opened(target.read_bytes()) as printed:
        if printed.pageCount() != sides or not all(_has_ink(printed, page) for page in range(sides)):
            raise ValueError("打印出来的是空白页")
    return sides


def _has_ink(document: QPdfDocument, page: int) -> bool:
    picture = render_page(document, page, _DPI)
    return any(
        picture.pixelColor(x, y).lightness() < _INK for y in range(picture.height()) for x in range(picture.width())
    )


@contextmanager
def _opened(pdf: bytes) -> Iterator[QPdfDocument]:
    """A PDF held in memory.

    Raises:
        ValueError: the bytes are no PDF that can be drawn.
    """
    buffer, document = QBuffer(), QPdfDocument()
    buffer.setData(QByteArray(pdf))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    document.load(buffer)
    try:
        if document.status() is not QPdfDocument.Status.Ready:
            raise ValueError(f"读不出 PDF：{document.error().name}")
        yield document
    finally:
        document.close()
        buffer.close()
