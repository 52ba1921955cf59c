"""报表: choose a report and its period, look at the PDF, print it, save it as PDF or Word.

The report is built and drawn beside the window; the preview shows the very bytes that are saved and printed.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from xiaobao_desktop import paths
from xiaobao_desktop.domain.period import Period
from xiaobao_desktop.domain.statistics import Method
from xiaobao_desktop.errors import UserError
from xiaobao_desktop.files import write_atomically
from xiaobao_desktop.services import complaint_statistics, reporting
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import fonts, theme
from xiaobao_desktop.ui.bus import bus
from xiaobao_desktop.ui.dialogs.error_dialog import show_bug, show_user_error
from xiaobao_desktop.ui.pages.page import Page
from xiaobao_desktop.ui.pages.report_side import ReportSide
from xiaobao_desktop.ui.tasks import Progress, Task, tasks
from xiaobao_desktop.ui.widgets import buttons, pdf_printing
from xiaobao_desktop.ui.widgets.cards import TopBar
from xiaobao_desktop.ui.widgets.labels import hairline, label
from xiaobao_desktop.ui.widgets.method_button import MethodButton
from xiaobao_desktop.ui.widgets.pdf_preview import PdfPreview
from xiaobao_desktop.ui.widgets.period_selector import PeriodSelector
from xiaobao_desktop.ui.widgets.toast import Toast


@dataclass(frozen=True)
class Made:
    """A report made beside the window: what it says, its PDF, and the figures behind it."""

    built: reporting.Built
    pdf: bytes
    statistics: complaint_statistics.Statistics


def make(session: Session, name: str, period: Period, method: Method) -> Made:
    """Build and draw a report; runs in the worker.

    Raises:
        UserError: the report cannot be made, with what to do.
    """
    built = reporting.build(session, name, period, method=method)
    as_of = min(period.last, max(session.today(), period.first))
    return Made(built, reporting.render(built, "pdf"), complaint_statistics.statistics(session, period, as_of, method))


class ReportPage(Page):
    """The page: reports at the left, the paper in the middle, the check list at the right."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.made: Made | None = None
        self._task: Task | None = None
        self._stale = True
        self._status = ""
        self._printers: list[QPrinter] = []
        self.bar = TopBar("报表")
        self.period = PeriodSelector(session.today())
        self.basis_button = MethodButton()
        self.again_button = buttons.button("重新生成", icon="refresh-cw")
        self.word_button = buttons.button("Word", icon="file-down")
        self.pdf_button = buttons.button("PDF 另存", icon="download")
        self.print_button = buttons.button("打印", buttons.PRIMARY, icon="printer")
        self.list = QListWidget()
        self.preview = PdfPreview()
        self.side = ReportSide()
        self._build()
        self._connect()
        self._enable(False)

    def status_text(self) -> str:
        """Whether the report is made, and up to when the data go."""
        return self._status

    def print_page(self) -> bool:
        """Print the previewed report."""
        self.print_report()
        return True

    def showEvent(self, event: QShowEvent) -> None:
        """Make the report when the page is first seen, and again after records changed."""
        super().showEvent(event)
        if self._stale:
            self.refresh()

    @property
    def report(self) -> reporting.ReportInfo:
        """The chosen report."""
        return reporting.info(str(self.list.currentItem().data(Qt.ItemDataRole.UserRole)))

    def refresh(self) -> None:
        """Make the chosen report anew; a report still under way is dropped."""
        if self._task is not None:
            self._task.cancel()
        self._stale = False
        self._enable(False)
        self._say("正在生成…")
        session, name, period, method = self.session, self.report.name, self.period.period, self.basis_button.method

        def work(_progress: Progress) -> Made:
            return make(session, name, period, method)

        self._task = tasks().run(work, self._show, self._failed, self)

    def save(self, file_format: str) -> None:
        """Ask where to, and write the report as ``pdf`` or ``docx``."""
        if self.made is None:
            return
        kinds = {"pdf": "PDF 文件 (*.pdf)", "docx": "Word 文档 (*.docx)"}
        proposed = paths.documents_dir() / f"{self.made.built.file_name}.{file_format}"
        chosen, _kind = QFileDialog.getSaveFileName(self, "报表另存为", str(proposed), kinds[file_format])
        if chosen:
            self.save_to(Path(chosen), file_format)

    def save_to(self, target: Path, file_format: str) -> None:
        """Write the report to ``target``: the previewed PDF, or Word drawn from the same document."""
        made = self.made
        if made is None:
            return
        target = target if target.suffix else target.with_suffix(f".{file_format}")

        def work(_progress: Progress) -> Path:
            content = made.pdf if file_format == "pdf" else reporting.render(made.built, file_format)
            write_atomically(target, lambda file: _put(file, content))
            return target

        tasks().run(work, self._saved, self._failed, self)

    def print_report(self) -> None:
        """Ask for the printer and print the previewed pages."""
        if self.made is None:
            return
        try:
            printer = pdf_printing.choose_printer(self, self.made.built.file_name, self.preview.page_count)
            if printer is not None:
                self.print_to(printer)
        except UserError as error:
            show_user_error(error, self)

    def print_to(self, printer: QPrinter) -> int:
        """Print the previewed pages on ``printer``; returns how many were sent.

        Raises:
            PrintingStopped: the printer refused.
        """
        # Qt works with the printer after this function has returned, so a reference is kept.
        self._printers = [printer]
        sent = pdf_printing.print_pages(self.preview.document, printer)
        self.toast.tell(f"已送去打印 {sent} 页")
        return sent

    def _build(self) -> None:
        for info in reporting.reports():
            item = QListWidgetItem(info.title)
            item.setData(Qt.ItemDataRole.UserRole, info.name)
            item.setSizeHint(QSize(0, theme.px(36)))
            self.list.addItem(item)
        self.list.setProperty("look", "menu")
        self.list.setAccessibleName("报表")
        self.list.setCurrentRow(0)
        for widget in (self.period, self.basis_button):
            self.bar.row.addWidget(widget)
        self.bar.row.addStretch(1)
        for button in (self.again_button, self.word_button, self.pdf_button, self.print_button):
            self.bar.row.addWidget(button)
        self.print_button.setToolTip("Ctrl+P")
        body = QHBoxLayout()
        body.setSpacing(0)
        body.addWidget(self._list_panel())
        body.addWidget(hairline(vertical=True))
        body.addWidget(self.preview, 1)
        body.addWidget(hairline(vertical=True))
        body.addWidget(self.side)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.bar)
        whole.addWidget(hairline())
        whole.addLayout(body, 1)
        self.toast = Toast(self)

    def _list_panel(self) -> QWidget:
        panel = QWidget()
        panel.setFixedWidth(theme.px(196))
        column = QVBoxLayout(panel)
        edge = theme.px(8)
        column.setContentsMargins(edge, theme.px(10), edge, edge)
        column.setSpacing(theme.px(4))
        head: QLabel = label("常用", fonts.SECOND, tone="2")
        head.setContentsMargins(theme.px(10), 0, 0, 0)
        column.addWidget(head)
        column.addWidget(self.list, 1)
        return panel

    def _connect(self) -> None:
        self.period.chosen.connect(lambda _period: self.refresh())
        self.basis_button.chosen.connect(lambda _method: self.refresh())
        self.list.currentRowChanged.connect(lambda _row: self._report_changed())
        self.again_button.clicked.connect(self.refresh)
        self.word_button.clicked.connect(lambda: self.save("docx"))
        self.pdf_button.clicked.connect(lambda: self.save("pdf"))
        self.print_button.clicked.connect(self.print_report)
        bus().changed.connect(lambda _news: self._changed())
        bus().settings_changed.connect(self._changed)

    def _report_changed(self) -> None:
        self.period.set_length(self.report.months)
        self.refresh()

    def _changed(self) -> None:
        """Records or settings were written: make the report anew, at once when it is seen."""
        self._stale = True
        if self.isVisible():
            self.refresh()

    def _show(self, made: Made) -> None:
        self._task = None
        self.made = made
        self.preview.show_pdf(made.pdf)
        self.side.show_statistics(made.statistics, int(self.session.settings.percent_digits))
        now = self.session.now()
        self._say(f"草稿·数据截至{now:%m-%d %H:%M}")
        self._enable(True)

    def _failed(self, error: BaseException) -> None:
        self._task = None
        self._say("没有生成" if self.made is None else "")
        self._enable(self.made is not None)
        if isinstance(error, UserError):
            show_user_error(error, self)
        else:
            show_bug(error, parent=self)

    def _saved(self, target: Path) -> None:
        self.toast.tell(f"已另存：{target.name}")

    def _say(self, status: str) -> None:
        self._status = status
        self.status_changed.emit(status)

    def _enable(self, ready: bool) -> None:
        for button in (self.word_button, self.pdf_button, self.print_button):
            button.setEnabled(ready)
        self.again_button.setEnabled(True)


def _put(file: BinaryIO, content: bytes) -> None:
    file.write(content)
