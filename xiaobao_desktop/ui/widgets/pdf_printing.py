"""Printing the PDF that was made: every page is rendered at 300 dpi and put on the paper at its true size.

The printed sheet is the previewed sheet; there is no second layout.
"""

from __future__ import annotations

from PySide6.QtCore import QMarginsF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo
from PySide6.QtWidgets import QDialog, QWidget

from xiaobao_desktop.errors import UserError

PRINT_DPI = 300
_POINTS_PER_INCH = 72


class NoPrinter(UserError):
    """这台电脑上没有装打印机。请先在电脑的“打印机”设置里添加，再打印一次；报表也可以先“PDF 另存”，拿到别处打印。"""  # noqa: D415


class PrintingStopped(UserError):
    """没有打印：打印机“{printer}”没有接受这份文件。请看打印机是否开机、有纸、没有卡纸，再打印一次。"""  # noqa: D415


def choose_printer(parent: QWidget, document_name: str, pages: int) -> QPrinter | None:
    """Ask for printer, pages and copies; None when the officer cancels.

    Raises:
        NoPrinter: the computer knows no printer.
    """
    if not QPrinterInfo.availablePrinterNames():
        raise NoPrinter
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(document_name)
    dialog = QPrintDialog(printer, parent)
    dialog.setOption(QPrintDialog.PrintDialogOption.PrintPageRange, pages > 1)
    dialog.setMinMax(1, max(1, pages))
    chosen = dialog.exec() == QDialog.DialogCode.Accepted
    dialog.deleteLater()
    return printer if chosen else None


def print_pages(document: QPdfDocument, printer: QPrinter) -> int:
    """Send the chosen pages of ``document`` to ``printer``; returns how many sides were sent.

    Raises:
        PrintingStopped: the printer could not be started or refused a page.
    """
    order = page_order(document.pageCount(), printer)
    if not order:
        return 0
    printer.setFullPage(True)
    _fit_paper(printer, document.pagePointSize(order[0]))
    painter = QPainter()
    if not painter.begin(printer):
        raise PrintingStopped(printer=printer.printerName() or printer.outputFileName())
    try:
        for place, page in enumerate(order):
            if place:
                _fit_paper(printer, document.pagePointSize(page))
                if not printer.newPage():
                    raise PrintingStopped(printer=printer.printerName() or printer.outputFileName())
            _draw_page(painter, printer, document, page)
    finally:
        painter.end()
    return len(order)


def page_order(page_count: int, printer: QPrinter) -> list[int]:
    """Page indexes in the order in which they are sent: page range, last-first, and copies the driver cannot make."""
    first, last = printer.fromPage() or 1, printer.toPage() or page_count
    pages = list(range(max(1, first) - 1, min(last, page_count)))
    if printer.pageOrder() == QPrinter.PageOrder.LastPageFirst:
        pages.reverse()
    copies = 1 if printer.supportsMultipleCopies() else max(1, printer.copyCount())
    if printer.collateCopies():
        return pages * copies
    return [page for page in pages for _copy in range(copies)]


def render_page(document: QPdfDocument, page: int, dpi: int = PRINT_DPI) -> QImage:
    """One page as a picture on white ground (a PDF page itself is transparent)."""
    points = document.pagePointSize(page)
    size = QSize(round(points.width() * dpi / _POINTS_PER_INCH), round(points.height() * dpi / _POINTS_PER_INCH))
    picture = QImage(size, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.white)
    painter = QPainter(picture)
    painter.drawImage(0, 0, document.render(page, size))
    painter.end()
    return picture


def _fit_paper(printer: QPrinter, points: QSizeF) -> None:
    """Paper size and direction of the coming page."""
    lying = points.width() > points.height()
    upright = QSizeF(min(points.width(), points.height()), max(points.width(), points.height()))
    layout = QPageLayout(
        QPageSize(upright, QPageSize.Unit.Point),
        QPageLayout.Orientation.Landscape if lying else QPageLayout.Orientation.Portrait,
        QMarginsF(0, 0, 0, 0),
    )
    layout.setMode(QPageLayout.Mode.FullPageMode)
    printer.setPageLayout(layout)


def _draw_page(painter: QPainter, printer: QPrinter, document: QPdfDocument, page: int) -> None:
    points = document.pagePointSize(page)
    scale = printer.resolution() / _POINTS_PER_INCH
    target = QRectF(0, 0, points.width() * scale, points.height() * scale)
    picture = render_page(document, page)
    painter.drawImage(target, picture, QRectF(picture.rect()))
