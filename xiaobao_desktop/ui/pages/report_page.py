"""报表: choose a report and its period, write the parts of one's own, look at the PDF, print it, save it.

The report is built and drawn beside the window; the preview shows the very bytes that are saved and printed.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import QSignalBlocker, Qt, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from xiaobao_desktop import paths
from xiaobao_desktop.domain.period import Period
from xiaobao_desktop.errors import UserError
from xiaobao_desktop.services import report_words, reporting
from xiaobao_desktop.services.report_kind import ReportInfo, ReportKind
from xiaobao_desktop.services.report_states import ReportState, fitting
from xiaobao_desktop.services.report_words import Place
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import rights
from xiaobao_desktop.ui.bus import bus
from xiaobao_desktop.ui.dialogs import leave
from xiaobao_desktop.ui.dialogs.error_dialog import show_bug, show_user_error
from xiaobao_desktop.ui.pages.page import Page
from xiaobao_desktop.ui.pages.report_bar import ReportBar
from xiaobao_desktop.ui.pages.report_filing import ReportFiling
from xiaobao_desktop.ui.pages.report_list import DRAFT, FILED, ReportList
from xiaobao_desktop.ui.pages.report_making import Made, Wanted, make, make_again
from xiaobao_desktop.ui.pages.report_progress import ReportProgress
from xiaobao_desktop.ui.pages.report_subjects import SubjectBar
from xiaobao_desktop.ui.pages.report_tabs import ReportTabs
from xiaobao_desktop.ui.period_choice import choice_of
from xiaobao_desktop.ui.tasks import Progress, Task, tasks
from xiaobao_desktop.ui.widgets import pdf_printing
from xiaobao_desktop.ui.widgets.empty_state import EmptyState
from xiaobao_desktop.ui.widgets.labels import hairline
from xiaobao_desktop.ui.widgets.pdf_preview import PdfPreview
from xiaobao_desktop.ui.widgets.toast import Toast

PAUSE_MS: Final = 700
"""Nothing typed for so long: the preview follows."""
_KINDS = {"pdf": "PDF 文件 (*.pdf)", "docx": "Word 文档 (*.docx)", "xlsx": "Excel 工作簿 (*.xlsx)"}


class ReportPage(Page):
    """The page: reports at the left, the paper in the middle, figures and the officer's words at the right."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.made: Made | None = None
        self._task: Task | None = None
        self._stale = True
        self._outdated = True
        self._status = ""
        self._printers: list[QPrinter] = []
        self._focus_back: QPushButton | None = None
        self._followed: tuple[Place, str] | None = None
        self.bar = ReportBar(session.today())
        self.reports = ReportList()
        self.subjects = SubjectBar()
        self.preview = PdfPreview()
        self.tabs = ReportTabs(session)
        self._middle = QStackedWidget()
        self._empty: EmptyState | None = None
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        # Short names of what the page is worked with.
        self.list, self.period, self.basis_button = self.reports.list, self.bar.period, self.bar.method
        self.again_button, self.print_button = self.bar.again_button, self.bar.print_button
        rights.restrict(session, *self.bar.file_buttons.values(), self.bar.save_button, self.bar.file_button)
        self.word_button, self.pdf_button = self.bar.file_buttons["docx"], self.bar.file_buttons["pdf"]
        self.side, self.words = self.tabs.side, self.tabs.words
        self.filing = ReportFiling(session, self.side, self)
        self.progress = ReportProgress(session, self)
        self._build()
        self._connect()
        self._offer()
        self._enable(False)

    def status_text(self) -> str:
        """Whether the report is made, and up to when the data go."""
        return self._status

    def focus_main(self) -> None:
        """The list of reports: it can be used while the first one is still being made, and Tab leads on from it."""
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def print_page(self) -> bool:
        """Print the previewed report."""
        self.print_report()
        return True

    def may_leave(self) -> bool:
        """Keep what was typed; only when the book does not take it the officer is asked."""
        if self.words.keep():
            return True
        if leave.may_leave(self.words.written, self):
            self.words.give_up()
            self._stale = True
            return True
        return False

    def has_unsaved(self) -> bool:
        """Whether something typed is not in the book for good."""
        return self.words.typed is not None

    def showEvent(self, event: QShowEvent) -> None:
        """Make the report when the page is first seen, and again after records changed."""
        super().showEvent(event)
        self._follow_choice()
        if self._stale or self._charts_came():
            self.refresh()

    def _follow_choice(self) -> None:
        """Turn to the period and 口径 chosen on the page of charts, as far as the report is made for them."""
        choice = choice_of(self.session)
        if not choice.of_others("reports") or choice.period is None or choice.method is None:
            return
        period = fitting(self.report, choice.period, self.session.today())
        if (period, choice.method) != (self.period.period, self.basis_button.method):
            with QSignalBlocker(self.period):
                self.bar.choose_length(period.months)
                self.period.choose(period)
            self.basis_button.choose(choice.method)
            self._stale = True

    def _charts_came(self) -> bool:
        """Whether charts were put into the report on their page since it was made."""
        made = self.made
        return made is not None and report_words.read(self.session, made.place).charts != made.words.charts

    def hideEvent(self, event: QHideEvent) -> None:
        """Keep what was typed, whatever takes the page away (another page, the lock)."""
        super().hideEvent(event)
        self.words.keep()
        if self._pause.isActive():
            # The preview follows when the page is seen again.
            self._pause.stop()
            self._stale = True

    @property
    def kind(self) -> ReportKind:
        """The chosen report with all that it is asked for."""
        return reporting.kind(self.report.name)

    @property
    def report(self) -> ReportInfo:
        """The chosen report."""
        return self.reports.report

    def show_report(self, name: str, period: Period) -> None:
        """Turn to a report of a period; an unknown name leaves the report as it is."""
        self.reports.choose(name)
        if period.months != self.period.period.months:
            self.bar.choose_length(period.months)
        self.period.choose(period)

    def refresh(self) -> None:
        """Make the chosen report anew; a report still under way is dropped."""
        self._stale, self._outdated = False, True
        self._say("正在生成…")
        self._run()

    def _run(self) -> None:
        """Make the report in the worker: all of it, or only its words when its figures are as they were."""
        self._pause.stop()
        if self._task is not None:
            self._task.cancel()
        self._enable(False)
        before = None if self._outdated else self.made
        session = self.session
        wanted = Wanted(
            self.report.name, self.period.period, self.basis_button.method, self.subjects.key, self.words.typed
        )

        def work(_progress: Progress) -> Made | None:
            return make(session, wanted) if before is None else make_again(session, wanted, before)

        self._task = tasks().run(work, self._show, self._failed, self)

    def save(self, file_format: str) -> None:
        """Ask where to, and write the report as ``pdf``, ``docx`` or ``xlsx``."""
        if self.made is None:
            return
        proposed = paths.documents_dir() / f"{self.made.built.file_name}.{file_format}"
        chosen, _kind = QFileDialog.getSaveFileName(self, "报表另存为", str(proposed), _KINDS[file_format])
        if chosen:
            self.save_to(Path(chosen), file_format)

    def save_to(self, target: Path, file_format: str) -> None:
        """Write the report to ``target``: the previewed PDF, or Word and Excel drawn from the same figures."""
        made, session = self.made, self.session
        if made is None:
            return
        target = target if target.suffix else target.with_suffix(f".{file_format}")

        def work(_progress: Progress) -> Path:
            return reporting.save(session, made.built, target, file_format, made.pdf if file_format == "pdf" else None)

        tasks().run(work, self._saved, self._failed, self)

    def print_report(self) -> None:
        """Ask for the printer and print the previewed pages; not while they lag behind what is chosen or typed."""
        if self.made is None or not self.print_button.isEnabled():
            self.toast.tell("报表还没有生成好，请稍等再打印")
            return
        try:
            printer = pdf_printing.choose_printer(self, self.made.built.file_name, self.preview.page_count)
            if printer is not None:
                self.print_to(printer)
        except UserError as error:
            show_user_error(error, self)

    def file_report(self) -> None:
        """定稿: ask for number and day, and keep the report as it goes out."""
        if self.made is not None and self.words.keep():
            self.filing.file()

    def print_to(self, printer: QPrinter) -> int:
        """Print the previewed pages on ``printer``; returns how many were sent.

        Raises:
            PrintingStopped: the printer refused.
        """
        # Qt works with the printer after this function has returned, so a reference is kept.
        self._printers = [printer]
        sent = pdf_printing.print_pages(self.preview.document, printer)
        if self.made is not None:
            reporting.way_out(self.session, self.made.built).printed()
        self.toast.tell(f"已送去打印 {sent} 页")
        return sent

    def _build(self) -> None:
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.subjects)
        column.addWidget(self._middle, 1)
        self._middle.addWidget(self.preview)
        body = QHBoxLayout()
        body.setSpacing(0)
        body.addWidget(self.reports)
        body.addWidget(hairline(vertical=True))
        body.addWidget(middle, 1)
        body.addWidget(hairline(vertical=True))
        body.addWidget(self.tabs)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.bar)
        whole.addWidget(hairline())
        whole.addLayout(body, 1)
        self.toast = Toast(self)

    def _connect(self) -> None:
        for chosen in (self.bar.period_chosen, self.bar.method_chosen):
            chosen.connect(self._keep_choice)
        self.bar.period_chosen.connect(self._turn)
        self.bar.method_chosen.connect(self.refresh)
        self.bar.save_asked.connect(self.save)
        self.subjects.chosen.connect(self._turn)
        self.reports.chosen.connect(self._report_changed)
        self.again_button.clicked.connect(self.refresh)
        self.print_button.clicked.connect(self.print_report)
        self.bar.file_button.clicked.connect(self.file_report)
        self.filing.told.connect(lambda words: self.toast.tell(words))
        self.filing.busy.connect(lambda busy: self._enable(not busy))
        self.filing.record_asked.connect(self.record_asked)
        self.filing.records_asked.connect(self.records_asked)
        self.progress.known.connect(self.reports.show_states)
        self.progress.known.connect(lambda states, _period: self._tell_filed(states))
        self.progress.changed.connect(self.reports.show_state)
        self.words.edited.connect(self._typed)
        self.words.kept.connect(lambda: self._say(self._status))
        self.words.kept.connect(lambda: self.progress.read(self.period.period))
        self.words.failed.connect(lambda error: show_user_error(error, self))
        self._pause.timeout.connect(self._run)
        bus().changed.connect(lambda _news: self._changed())
        bus().settings_changed.connect(self._changed)

    def _report_changed(self) -> None:
        self.words.keep()
        self._offer()
        self.refresh()

    def _offer(self) -> None:
        """Show what the chosen report is asked for."""
        kind = self.kind
        self.bar.offer(kind)
        self.subjects.offer(())
        self.tabs.offer(checks=True, words=bool(kind.sections))

    def _keep_choice(self) -> None:
        choice_of(self.session).keep(self.period.period, self.basis_button.method, "reports")

    def _turn(self) -> None:
        """Another period or subject: its words are others too."""
        self.words.keep()
        self.refresh()

    def _typed(self) -> None:
        """Words were typed: what is previewed is not the report any more until the preview has followed."""
        self._enable(False)
        self._pause.start()

    def _changed(self) -> None:
        """Records or settings were written: make the report anew, at once when it is seen."""
        self._stale = True
        if self.isVisible():
            self.refresh()

    def _show(self, made: Made | None) -> None:
        self._task = None
        same = self.made is not None and made is not None and self.made.place == made.place
        figures_stand = same and not self._outdated
        self.made, self._outdated = made, False
        if made is None:
            self._show_nothing()
            self.progress.read(self.period.period)
            return
        self._middle.setCurrentWidget(self.preview)
        self.preview.show_pdf(made.pdf, keep_place=same)
        self._follow(made)
        self.subjects.offer(made.subjects, made.place.subject)
        self.tabs.offer(checks=True, words=bool(self.kind.sections))
        title = f"{self.period.period.title}{made.built.info.title}"
        self.tabs.show_report(made, title)
        self._say(f"{DRAFT}·数据截至{self.session.now():%m-%d %H:%M}")
        self._enable(not self._pause.isActive())
        if figures_stand:
            self.filing.built = made.built
        else:
            self.filing.look_at(made.built)
            self.progress.read(self.period.period)

    def _follow(self, made: Made) -> None:
        """Turn the preview to the section that is being written, once for each: then it stays where she looks."""
        writing = (made.place, self.words.writing)
        if self.words.typed is None or writing == self._followed:
            return
        if any(self.preview.show_text(f"{mark}{self.words.writing}") for mark in ("、", "）")):
            self._followed = writing

    def _tell_filed(self, states: Sequence[ReportState]) -> None:
        """A report that was filed is not called a draft: what is seen is made from the data as they are now."""
        state = next((item for item in states if item.name == self.report.name), None)
        here = self.made is not None and state is not None and state.period.code == self.made.place.period
        if here and state is not None and state.issues:
            self._say(self._status.replace(f"{DRAFT}·", f"{FILED} {state.filed}·预览的"))

    def _show_nothing(self) -> None:
        """Say that the period has nothing to report, and what to do."""
        if self._empty is not None:
            self._middle.removeWidget(self._empty)
            self._empty.deleteLater()
        kind = self.kind
        self._empty = EmptyState(
            "file-text", f"{self.period.period.title}没有{kind.info.title}要写的内容", kind.nothing
        )
        self._middle.addWidget(self._empty)
        self._middle.setCurrentWidget(self._empty)
        self.preview.clear()
        self.filing.look_at(None)
        self.subjects.offer(())
        self.tabs.offer(checks=False, words=False)
        self._say("没有可出的内容")

    def _failed(self, error: BaseException) -> None:
        self._task = None
        if self.made is not None and self._is_other(self.made):
            # What was previewed before is not what is chosen now.
            self.made = None
            self.preview.clear()
        self._say("没有生成" if self.made is None else "")
        self._enable(self.made is not None)
        if isinstance(error, UserError):
            show_user_error(error, self)
        else:
            show_bug(error, parent=self)

    def _is_other(self, made: Made) -> bool:
        return (made.place.report, made.place.period) != (self.report.name, self.period.period.code)

    def _saved(self, target: Path) -> None:
        self.toast.tell(f"已另存：{target.name}")

    def _say(self, status: str) -> None:
        self._status = status
        self.status_changed.emit(status)

    def _enable(self, ready: bool) -> None:
        """Switch the buttons that need a report; one that had the keyboard gets it back with the report."""
        taken = self.bar.taking
        focused = self.window().focusWidget()
        if not ready and isinstance(focused, QPushButton) and focused in taken:
            # Before it is switched off: Qt would hand its keyboard to the sidebar.
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)
            self._focus_back = focused
        for button in taken:
            button.setEnabled(ready)
        if ready and self._focus_back is not None:
            if self.list.hasFocus():
                self._focus_back.setFocus(Qt.FocusReason.OtherFocusReason)
            self._focus_back = None
