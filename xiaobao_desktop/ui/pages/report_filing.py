"""定稿 and 复核 on the report page: looking at a report, its check page, filing it, opening what was filed."""

from __future__ import annotations

from pathlib import PurePath

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog, QWidget

from xiaobao_desktop.domain.ledgers.filing import LEDGER as FILING
from xiaobao_desktop.errors import UserError
from xiaobao_desktop.services import attachments, checking, filing, filing_look, filing_warnings
from xiaobao_desktop.services.complaint_filing import Point
from xiaobao_desktop.services.filing import Details, Draft, Version
from xiaobao_desktop.services.filing_look import Look
from xiaobao_desktop.services.leaving import WayOut
from xiaobao_desktop.services.records import Saved
from xiaobao_desktop.services.reporting import Built
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui.bus import bus
from xiaobao_desktop.ui.dialogs.check_page import CheckPageDialog
from xiaobao_desktop.ui.dialogs.error_dialog import show_error, show_user_error
from xiaobao_desktop.ui.dialogs.file_report import FiledDialog, FileReportDialog
from xiaobao_desktop.ui.pages.report_side import ReportSide
from xiaobao_desktop.ui.tasks import Progress, Task, tasks

_Ready = tuple[Draft, tuple[Point, ...], str]


class ReportFiling(QObject):
    """What the report page does with a report that is shown.

    Signals:
        told: what was done, in Chinese.
        busy: whether a report is being filed.
        record_asked, records_asked: as for every page.
    """

    told = Signal(str)
    busy = Signal(bool)
    record_asked = Signal(str, int)
    records_asked = Signal(str, object, str)

    def __init__(self, session: Session, side: ReportSide, owner: QWidget) -> None:
        super().__init__(owner)
        self._session, self._side, self._owner = session, side, owner
        self._task: Task | None = None
        self.built: Built | None = None
        self.filed: Saved | None = None
        side.records_asked.connect(self.records_asked)
        side.filed.record_asked.connect(self.record_asked)
        side.filed.open_asked.connect(self.open_version)
        side.page_asked.connect(self.show_page)

    def look_at(self, built: Built | None) -> None:
        """Look at the report that is previewed now; None for none."""
        if self._task is not None:
            self._task.cancel()
            self._task = None
        self.built = built
        if built is None:
            self._side.show_look(Look())
            return
        self._side.wait()
        session = self._session
        self._task = tasks().run(lambda _progress: filing_look.look(session, built), self._looked, self._failed, self)

    def show_page(self) -> None:
        """Show the check page of the report."""
        look = self._side.look
        if self.built is None or look is None:
            return
        dialog = CheckPageDialog(
            self._session, checking.page(self._session, self.built, look.figures), self._owner.window()
        )
        dialog.exec()
        dialog.deleteLater()

    def file(self) -> None:
        """Read the report once more, ask for the details, and file it."""
        built, session = self.built, self._session
        if built is None or built.request is None:
            return
        request = built.request

        def read(_progress: Progress) -> _Ready:
            draft = filing.prepare(
                session, built.info.name, request.period, request.as_of, request.method, request.subject
            )
            number = filing.suggested_number(session, session.today())
            return draft, filing_warnings.warnings(session, draft), number

        self.busy.emit(True)
        tasks().run(read, self._ask, self._not_filed, self)

    def open_version(self, version: Version) -> None:
        """Show an issue as it went out."""
        try:
            contents = {
                PurePath(entry.name).suffix[1:]: attachments.open_bytes(self._session, entry.id)
                for entry in version.files
            }
            # One of them is what is looked at; the others wait to be saved.
            attachments.looked_at(self._session, version.files[0].id)
        except UserError as error:
            show_user_error(error, self._owner)
            return
        name = PurePath(version.files[0].name).stem
        way = WayOut(self._session, name, ledger=self._session.ledger(FILING.key), record_id=version.record_id)
        words = f"第 {version.version} 版定稿·{version.filed_on} 报出"
        dialog = FiledDialog(way, words, f"{name}（第{version.version}版）", contents, self._owner.window())
        dialog.exec()
        dialog.deleteLater()

    def _looked(self, look: Look) -> None:
        self._task = None
        self._side.show_look(look)

    def _ask(self, ready: _Ready) -> None:
        self.busy.emit(False)
        draft, points, number = ready
        dialog = FileReportDialog(self._session, draft, points, number, self._owner.window())
        accepted = dialog.exec() == QDialog.DialogCode.Accepted
        asked = dialog.asked
        details = dialog.details if accepted else None
        dialog.deleteLater()
        if details is not None:
            self._file(draft, details)
        elif asked is not None:
            self.records_asked.emit(*asked)

    def _file(self, draft: Draft, details: Details) -> None:
        session = self._session

        def work(_progress: Progress) -> Saved:
            return filing.file(session, draft, details, filing.render(draft, details))

        self.busy.emit(True)
        tasks().run(work, lambda saved: self._filed(draft, saved), self._not_filed, self)

    def _filed(self, draft: Draft, saved: Saved) -> None:
        self.filed = saved
        self.busy.emit(False)
        bus().announce(saved.changed)
        self.told.emit(f"已定稿：{draft.built.title} 第 {draft.version} 版，记在报送 {saved.record.number}")

    def _not_filed(self, error: BaseException) -> None:
        self.busy.emit(False)
        self._failed(error)

    def _failed(self, error: BaseException) -> None:
        self._task = None
        show_error(error, self._owner)
