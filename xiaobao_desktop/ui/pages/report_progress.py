"""How far the reports are, read beside the window: first all of them, then one by one what changed since each."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal

from xiaobao_desktop.domain.period import Period
from xiaobao_desktop.errors import UserError
from xiaobao_desktop.services import report_states
from xiaobao_desktop.services.report_states import ReportState
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui.dialogs.error_dialog import show_bug
from xiaobao_desktop.ui.tasks import Task, tasks

_Told = tuple[tuple[ReportState, ...], int]


class ReportProgress(QObject):
    """Reads the states for a period; a later call drops the one before.

    Signals:
        known: the states of all reports and the period they were asked for.
        changed: one state, the period, and how many records changed since it was filed.
    """

    known = Signal(object, object)
    changed = Signal(object, object, int)

    def __init__(self, session: Session, owner: QObject) -> None:
        super().__init__(owner)
        self._session = session
        self._task: Task | None = None
        self._later: dict[tuple[int, ...], int] = {}
        self._sequence = -1

    def read(self, period: Period) -> None:
        """Read how far the reports are while ``period`` is chosen."""
        if self._task is not None:
            self._task.cancel()
        session = self._session

        def work(_progress: object) -> _Told:
            return report_states.states(session, period), session.book.anchor().sequence

        self._task = tasks().run(work, lambda told: self._told(told, period), self._failed, self)

    def _told(self, told: _Told, period: Period) -> None:
        states, sequence = told
        self._task = None
        if sequence != self._sequence:
            # Something was written: what was counted before need not hold any more.
            self._later, self._sequence = {}, sequence
        self.known.emit(states, period)
        self._count([state for state in states if state.issues], period)

    def _count(self, states: list[ReportState], period: Period) -> None:
        """Count for the first of these reports, then go on with the rest, so that other work comes between."""
        self._task = None
        while states:
            state, *states = states
            key = tuple(issue.record_id for issue in state.issues)
            if key not in self._later:
                done = partial(self._counted, state, states, period)
                self._task = tasks().run(partial(self._later_of, state), done, self._failed, self)
                return
            self._tell(state, period, self._later[key])

    def _later_of(self, state: ReportState, _progress: object) -> int:
        """Runs in the worker."""
        return report_states.later(self._session, state)

    def _counted(self, state: ReportState, rest: list[ReportState], period: Period, count: int) -> None:
        self._later[tuple(issue.record_id for issue in state.issues)] = count
        self._tell(state, period, count)
        self._count(rest, period)

    def _tell(self, state: ReportState, period: Period, count: int) -> None:
        if count:
            self.changed.emit(state, period, count)

    def _failed(self, error: BaseException) -> None:
        """A file that is not to be had is told where the report itself is looked at, not for each line of a list."""
        self._task = None
        if not isinstance(error, UserError):
            show_bug(error)
