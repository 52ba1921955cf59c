"""Taking charts out of their page: all of them onto one printed page, one of them into a report."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from xiaobao_desktop.domain.charts import Chart
from xiaobao_desktop.domain.period import Period
from xiaobao_desktop.domain.statistics import Method
from xiaobao_desktop.errors import UserError
from xiaobao_desktop.services import chart_targets, report_charts, reporting
from xiaobao_desktop.services.charts import Subject
from xiaobao_desktop.services.origins import Chosen
from xiaobao_desktop.services.report_kinds.dashboard import REPORT
from xiaobao_desktop.services.report_words import KeptChart
from xiaobao_desktop.services.reporting import Built
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui.dialogs.chart_into_report import ChartIntoReportDialog
from xiaobao_desktop.ui.dialogs.error_dialog import show_error, show_user_error
from xiaobao_desktop.ui.dialogs.paper_dialog import PaperDialog
from xiaobao_desktop.ui.tasks import Progress, Task, tasks


class ChartsTaking(QObject):
    """What the charts page does with its charts.

    Signals:
        told: what was done, in Chinese.
        busy: whether the page is being made.
    """

    told = Signal(str)
    busy = Signal(bool)

    def __init__(self, session: Session, owner: QWidget) -> None:
        super().__init__(owner)
        self._session, self._owner = session, owner
        self._task: Task | None = None

    def print_all(self, period: Period, method: Method, chosen: Chosen = ()) -> None:
        """Make the page with all charts, then show it to be printed or saved; one at a time."""
        if self._task is not None:
            return
        session = self._session

        def work(_progress: Progress) -> Built:
            return reporting.build(session, REPORT.info.name, period, method=method, chosen=chosen)

        self.busy.emit(True)
        self._task = tasks().run(work, self._show, self._failed, self)

    def put_in(self, chart: Chart, subject: Subject, period: Period, method: Method, chosen: Chosen = ()) -> None:
        """Ask for a report and put ``chart`` of a tab into it."""
        try:
            targets = chart_targets.targets(self._session, period)
            title = report_charts.title(subject.label, chart)
            dialog = ChartIntoReportDialog(title, targets, self._owner.window())
            dialog.exec()
            target, section = dialog.target, dialog.section
            dialog.deleteLater()
            if target is None:
                return
            how = (method.basis, method.merge_repeats)
            kept = KeptChart(subject.key, chart.key, period.code, *how, section=section, title=title, origins=chosen)
            new = chart_targets.put_in(self._session, target, kept)
        except UserError as error:
            show_user_error(error, self._owner)
            return
        self.told.emit(f"已放进{target.title}" if new else f"{target.title}里已经有这幅图")

    def _show(self, built: Built) -> None:
        self._done()
        dialog = PaperDialog(reporting.way_out(self._session, built), built, self._owner.window())
        dialog.exec()
        dialog.deleteLater()

    def _failed(self, error: BaseException) -> None:
        self._done()
        show_error(error, self._owner)

    def _done(self) -> None:
        self._task = None
        self.busy.emit(False)
