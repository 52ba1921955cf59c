"""A paper of one record (签到表, 情况表): looked at, printed, saved as PDF or Word."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from xiaobao_desktop import paths
from xiaobao_desktop.errors import UserError
from xiaobao_desktop.files import write_atomically
from xiaobao_desktop.services import reporting
from xiaobao_desktop.ui import help_key, theme
from xiaobao_desktop.ui.dialogs.error_dialog import show_bug, show_user_error
from xiaobao_desktop.ui.tasks import Progress, tasks
from xiaobao_desktop.ui.widgets import buttons, pdf_printing
from xiaobao_desktop.ui.widgets.labels import hairline, label
from xiaobao_desktop.ui.widgets.pdf_preview import PdfPreview

WIDTH, HEIGHT = 760, 680


class PaperDialog(QDialog):
    """Shows a paper that was built; it is drawn beside the window."""

    def __init__(self, built: reporting.Built, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        help_key.bind(self, "reports")
        self.built = built
        self.preview = PdfPreview()
        self.words = label("正在生成…", tone="2")
        self.print_button = buttons.button("打印", buttons.PRIMARY, icon="printer", shortcut="Ctrl+P")
        self.pdf_button = buttons.button("PDF 另存", icon="download")
        self.word_button = buttons.button("Word", icon="file-down")
        self.close_button = buttons.button("关闭")
        self._printer: QPrinter | None = None
        self._build()
        self.print_button.clicked.connect(self.print_paper)
        self.pdf_button.clicked.connect(lambda: self.save("pdf"))
        self.word_button.clicked.connect(lambda: self.save("docx"))
        self.close_button.clicked.connect(self.reject)
        self._enable(False)
        tasks().run(lambda _progress: reporting.render(built, "pdf"), self._show, self._failed, self)

    def print_paper(self) -> None:
        """Ask for the printer and print the previewed pages."""
        try:
            printer = pdf_printing.choose_printer(self, self.built.file_name, self.preview.page_count)
            if printer is not None:
                self.print_to(printer)
        except UserError as error:
            show_user_error(error, self)

    def print_to(self, printer: QPrinter) -> int:
        """Print on ``printer``; returns how many sides were sent.

        Raises:
            PrintingStopped: the printer refused.
        """
        # Qt works with the printer after this function has returned, so a reference is kept.
        self._printer = printer
        sent = pdf_printing.print_pages(self.preview.document, printer)
        self.words.setText(f"已送去打印 {sent} 页")
        return sent

    def save(self, file_format: str) -> None:
        """Ask where to, and write the paper as ``pdf`` or ``docx``."""
        kinds = {"pdf": "PDF 文件 (*.pdf)", "docx": "Word 文档 (*.docx)"}
        proposed = paths.documents_dir() / f"{self.built.file_name}.{file_format}"
        chosen, _kind = QFileDialog.getSaveFileName(self, "另存为", str(proposed), kinds[file_format])
        if chosen:
            self.save_to(Path(chosen), file_format)

    def save_to(self, target: Path, file_format: str) -> None:
        """Write the paper to ``target``, beside the window."""
        built = self.built
        target = target if target.suffix else target.with_suffix(f".{file_format}")

        def work(_progress: Progress) -> Path:
            content = reporting.render(built, file_format)

            def put(stream: BinaryIO) -> None:
                stream.write(content)

            write_atomically(target, put)
            return target

        self.words.setText("正在保存…")
        tasks().run(work, self._saved, self._failed, self)

    def _build(self) -> None:
        self.setWindowTitle(self.built.info.title)
        over = self.parentWidget()
        most = over.window().height() - theme.px(20) if over is not None else theme.px(HEIGHT)
        self.resize(theme.px(WIDTH), min(theme.px(HEIGHT), most))
        foot = QHBoxLayout()
        edge = theme.px(16)
        foot.setContentsMargins(edge, theme.px(10), edge, theme.px(10))
        foot.setSpacing(theme.px(8))
        foot.addWidget(self.words, 1)
        for made in (self.close_button, self.word_button, self.pdf_button, self.print_button):
            foot.addWidget(made)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.preview, 1)
        whole.addWidget(hairline())
        whole.addLayout(foot)

    def _enable(self, on: bool) -> None:
        for made in (self.print_button, self.pdf_button, self.word_button):
            made.setEnabled(on)

    def _show(self, pdf: bytes) -> None:
        self.preview.show_pdf(pdf)
        self.words.setText("")
        self._enable(True)
        self.print_button.setFocus()

    def _saved(self, file: Path) -> None:
        self.words.setText(f"已另存：{file.name}")

    def _failed(self, error: BaseException) -> None:
        self.words.setText("没有完成")
        if isinstance(error, UserError):
            show_user_error(error, self)
        else:
            show_bug(error, parent=self)
