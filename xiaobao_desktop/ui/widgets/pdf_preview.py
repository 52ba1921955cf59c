"""Preview of a PDF held in memory: pages under each other, page number, zoom."""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import QBuffer, QByteArray, QEvent, QIODevice, QPointF, Qt
from PySide6.QtGui import QKeySequence, QPalette, QShortcut
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPdfWidgets import QPdfView
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollBar, QVBoxLayout, QWidget

from xiaobao_desktop.ui import theme
from xiaobao_desktop.ui.widgets import buttons

_STEP = 1.2
_SMALLEST, _LARGEST = 0.3, 4.0
_ABOVE = 120.0
"""Points of the page that stay in sight above a text that was looked for."""


class PdfPreview(QWidget):
    """A bar (page n of m, smaller, fit the width, larger) over the pages.

    The bytes are kept in a buffer owned by this widget: no temporary file is written.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._buffer = QBuffer(self)
        self.document = QPdfDocument(self)
        # It comes under this widget after the bar, so that Tab reaches the bar first.
        self.view = QPdfView()
        self.page_label = QLabel(self)
        self.smaller = buttons.icon_button("zoom-out", "缩小（Ctrl+−）")
        self.fit = buttons.button("适合宽度", buttons.GHOST)
        self.larger = buttons.icon_button("zoom-in", "放大（Ctrl++）")
        self._build()
        self._connect()
        self.fit_width()

    def show_pdf(self, data: bytes, *, keep_place: bool = False) -> None:
        """Show the PDF ``data``; the zoom stays.

        Args:
            data: the file.
            keep_place: stay where the reader was, instead of going to the first page.

        Raises:
            ValueError: the bytes are no PDF that can be drawn (a defect of the writer).
        """
        places = [bar.value() for bar in self._scroll_bars()] if keep_place else []
        self.clear()
        self._buffer.setData(QByteArray(data))
        self._buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        self.document.load(self._buffer)
        if self.document.status() is not QPdfDocument.Status.Ready:
            raise ValueError(f"PDF not readable: {self.document.error().name}")
        for bar, place in zip(self._scroll_bars(), places, strict=False):
            bar.setValue(place)
        self._tell_page()

    def show_text(self, text: str) -> bool:
        """Turn to the first place with this text (within one line); False, and nothing moves, when there is none."""
        for page in range(self.page_count):
            start = self.document.getAllText(page).text().find(text)
            if start >= 0:
                box = self.document.getSelectionAtIndex(page, start, len(text)).boundingRectangle()
                self.view.pageNavigator().jump(page, QPointF(0, max(0.0, box.top() - _ABOVE)))
                return True
        return False

    def clear(self) -> None:
        """Show nothing and let go of the bytes."""
        self.document.close()
        if self._buffer.isOpen():
            self._buffer.close()
        self._buffer.setData(QByteArray())
        self._tell_page()

    @property
    def page_count(self) -> int:
        """Pages of the PDF shown, 0 when there is none."""
        return self.document.pageCount()

    def fit_width(self) -> None:
        """Make the page as wide as the view."""
        self.view.setZoomMode(QPdfView.ZoomMode.FitToWidth)
        self.fit.setText("适合宽度")

    def zoom(self, factor: float) -> None:
        """Make the pages larger (factor above 1) or smaller."""
        now = self._scale() * factor
        self.view.setZoomMode(QPdfView.ZoomMode.Custom)
        self.view.setZoomFactor(min(_LARGEST, max(_SMALLEST, now)))
        self.fit.setText(f"{round(self.view.zoomFactor() * 100)}%")

    def changeEvent(self, event: QEvent) -> None:
        """Follow a switch between light and dark."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self._colour_ground()

    def _scroll_bars(self) -> tuple[QScrollBar, QScrollBar]:
        return self.view.verticalScrollBar(), self.view.horizontalScrollBar()

    def _build(self) -> None:
        self.view.setPageMode(QPdfView.PageMode.MultiPage)
        self.view.setDocument(self.document)
        self.view.setFrameShape(QFrame.Shape.NoFrame)
        self.view.setAccessibleName("报表预览")
        self.view.setPageSpacing(theme.px(12))
        self.fit.setToolTip("让纸张与窗口同宽（Ctrl+0）")
        bar = QWidget(self)
        row = QHBoxLayout(bar)
        row.setContentsMargins(theme.px(14), theme.px(2), theme.px(8), theme.px(2))
        row.setSpacing(0)
        row.addWidget(self.page_label)
        row.addStretch(1)
        for button in (self.smaller, self.fit, self.larger):
            row.addWidget(button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(bar)
        whole.addWidget(self.view, 1)
        self._colour_ground()

    def _connect(self) -> None:
        self.smaller.clicked.connect(lambda: self.zoom(1 / _STEP))
        self.larger.clicked.connect(lambda: self.zoom(_STEP))
        self.fit.clicked.connect(self.fit_width)
        self.view.pageNavigator().currentPageChanged.connect(lambda _page: self._tell_page())
        for keys, action in (
            (QKeySequence("Ctrl++"), self.larger.click),
            (QKeySequence("Ctrl+="), self.larger.click),
            (QKeySequence("Ctrl+-"), self.smaller.click),
            (QKeySequence("Ctrl+0"), self.fit.click),
        ):
            QShortcut(keys, self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut).activated.connect(action)

    def _tell_page(self) -> None:
        if not shiboken6.isValid(self.document):
            # The window goes away: Qt deletes the document first, and the view then turns back to its first page.
            return
        count = self.page_count
        page = min(self.view.pageNavigator().currentPage() + 1, count)
        self.page_label.setText(f"第 {page} / {count} 页" if count else "")
        for button in (self.smaller, self.fit, self.larger):
            button.setEnabled(count > 0)

    def _scale(self) -> float:
        """The present magnification, also when it comes from fitting the width."""
        if self.view.zoomMode() is QPdfView.ZoomMode.Custom or not self.page_count:
            return self.view.zoomFactor()
        margins = self.view.documentMargins()
        width = self.view.viewport().width() - margins.left() - margins.right()
        points = self.document.pagePointSize(0).width()
        return width / (points * self.view.logicalDpiX() / 72)

    def _colour_ground(self) -> None:
        colours = self.view.palette()
        if colours.color(QPalette.ColorRole.Dark) != theme.color("canvas"):
            colours.setColor(QPalette.ColorRole.Dark, theme.color("canvas"))
            self.view.setPalette(colours)
