"""What dialogs that show a printed paper share: the preview, the words beside the buttons, printing, closing."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from xiaobao_desktop.errors import UserError
from xiaobao_desktop.services.leaving import WayOut
from xiaobao_desktop.ui import help_key, theme
from xiaobao_desktop.ui.bus import bus
from xiaobao_desktop.ui.dialogs.error_dialog import show_error, show_user_error
from xiaobao_desktop.ui.tasks import Progress, tasks
from xiaobao_desktop.ui.widgets import buttons, pdf_printing
from xiaobao_desktop.ui.widgets.labels import hairline, label
from xiaobao_desktop.ui.widgets.pdf_preview import PdfPreview

WIDTH, HEIGHT = 760, 680
"""Pixels of the design sheet; lower where the window is lower."""


class PdfDialog(QDialog):
    """Shows a PDF that is drawn beside the window; the buttons wait until it is there."""

    def __init__(self, way: WayOut, title: str, file_name: str, topic: str, parent: QWidget | None = None) -> None:
        """Prepare the dialog; the owner calls :meth:`draw` once it is built.

        Args:
            way: how the paper leaves the program; each time is written down.
            title: of the window.
            file_name: name of the paper for the printer's queue, without an ending.
            topic: what F1 explains (see ``ui/models/manual.py``).
            parent: the dialog stands over its window.
        """
        super().__init__(parent)
        help_key.bind(self, topic)
        self.setWindowTitle(title)
        self.way, self.file_name = way, file_name
        self.preview = PdfPreview()
        self.words = label("", tone="2")
        self.print_button = buttons.button("打印", buttons.PRIMARY, icon="printer", shortcut="Ctrl+P")
        self.close_button = buttons.button("关闭")
        self._printer: QPrinter | None = None
        self._waiting: list[QPushButton] = [self.print_button]
        self._build()
        self.print_button.clicked.connect(self.print_pages)
        self.close_button.clicked.connect(self.reject)

    def draw(self, work: Callable[[], bytes]) -> None:
        """Let the worker make the PDF and show it."""
        self.words.setText("正在生成…")
        self._enable(on=False)
        tasks().run(lambda _progress: work(), self._show, self.failed, self)

    def print_pages(self) -> None:
        """Ask for the printer and print the previewed pages."""
        try:
            printer = pdf_printing.choose_printer(self, self.file_name, self.preview.page_count)
            if printer is not None:
                self.print_to(printer)
        except UserError as error:
            show_user_error(error, self)

    def print_to(self, printer: QPrinter) -> int:
        """Print on ``printer`` and write it down; returns how many sides were sent.

        Raises:
            NotAllowed: a reader, and the paper names a person.
            PrintingStopped: the printer refused.
        """
        self.way.check_printing()
        # Qt works with the printer after this function has returned, so a reference is kept.
        self._printer = printer
        sent = pdf_printing.print_pages(self.preview.document, printer)
        bus().announce(self.way.printed())
        self.words.setText(f"已送去打印 {sent} 页")
        return sent

    def run(self, words: str, work: Callable[[Progress], str]) -> None:
        """Do something with the paper beside the window; ``words`` say what, the result says that it is done."""
        self.words.setText(words)
        tasks().run(work, self.words.setText, self.failed, self)

    def failed(self, error: BaseException) -> None:
        """Tell why something was not done."""
        self.words.setText("没有完成")
        show_error(error, self)

    def add_buttons(self, *made: QPushButton) -> None:
        """Put further buttons between closing and printing; they too wait for the paper."""
        for button in made:
            self._foot.insertWidget(self._foot.indexOf(self.print_button), button)
        self._waiting += made
        row = (self.close_button, *made, self.print_button)
        for before, after in pairwise(row):
            QWidget.setTabOrder(before, after)

    def _build(self) -> None:
        over = self.parentWidget()
        most = over.window().height() - theme.px(20) if over is not None else theme.px(HEIGHT)
        self.resize(theme.px(WIDTH), min(theme.px(HEIGHT), most))
        self._foot = QHBoxLayout()
        edge = theme.px(16)
        self._foot.setContentsMargins(edge, theme.px(10), edge, theme.px(10))
        self._foot.setSpacing(theme.px(8))
        self._foot.addWidget(self.words, 1)
        self._foot.addWidget(self.close_button)
        self._foot.addWidget(self.print_button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.preview, 1)
        whole.addWidget(hairline())
        whole.addLayout(self._foot)

    def _enable(self, *, on: bool) -> None:
        for button in self._waiting:
            button.setEnabled(on)

    def _show(self, pdf: bytes) -> None:
        self.preview.show_pdf(pdf)
        self.words.setText("")
        self._enable(on=True)
        self.print_button.setFocus()
