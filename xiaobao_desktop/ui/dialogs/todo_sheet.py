"""Preview of 本周待办 with the button that prints it."""

from __future__ import annotations

from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from xiaobao_desktop.errors import UserError
from xiaobao_desktop.services import todo_print
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import help_key, theme
from xiaobao_desktop.ui.dialogs.error_dialog import show_bug, show_user_error
from xiaobao_desktop.ui.tasks import Progress, tasks
from xiaobao_desktop.ui.widgets import buttons, pdf_printing
from xiaobao_desktop.ui.widgets.labels import hairline, label
from xiaobao_desktop.ui.widgets.pdf_preview import PdfPreview

WIDTH, HEIGHT = 720, 640


class TodoSheetDialog(QDialog):
    """The sheet is read at once and drawn by the worker."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        help_key.bind(self, "workbench")
        self.sheet = todo_print.build(session, session.today())
        self.preview = PdfPreview()
        self.words = label("正在生成…", tone="2")
        self.print_button = buttons.button("打印", buttons.PRIMARY, icon="printer")
        self.close_button = buttons.button("关闭")
        self._printer: QPrinter | None = None
        self._build()
        self.print_button.clicked.connect(self.print_sheet)
        self.close_button.clicked.connect(self.reject)
        self.print_button.setEnabled(False)
        sheet = self.sheet

        def work(_progress: Progress) -> bytes:
            return todo_print.render(sheet)

        tasks().run(work, self._show, self._failed, self)

    def print_sheet(self) -> None:
        """Ask for the printer and print the previewed pages."""
        try:
            printer = pdf_printing.choose_printer(self, self.sheet.file_name, self.preview.page_count)
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

    def _build(self) -> None:
        self.setWindowTitle("本周待办")
        over = self.parentWidget()
        most = over.window().height() - theme.px(20) if over is not None else theme.px(HEIGHT)
        self.resize(theme.px(WIDTH), min(theme.px(HEIGHT), most))
        foot = QHBoxLayout()
        edge = theme.px(16)
        foot.setContentsMargins(edge, theme.px(10), edge, theme.px(10))
        foot.setSpacing(theme.px(8))
        foot.addWidget(self.words, 1)
        foot.addWidget(self.close_button)
        foot.addWidget(self.print_button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.preview, 1)
        whole.addWidget(hairline())
        whole.addLayout(foot)

    def _show(self, pdf: bytes) -> None:
        self.preview.show_pdf(pdf)
        self.words.setText("")
        self.print_button.setEnabled(True)
        self.print_button.setFocus()

    def _failed(self, error: BaseException) -> None:
        self.words.setText("没有生成")
        if isinstance(error, UserError):
            show_user_error(error, self)
        else:
            show_bug(error, parent=self)
