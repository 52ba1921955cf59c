"""The program's own backups while it runs: every half an hour, when something changed, beside the window."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from xiaobao_desktop.errors import UserError
from xiaobao_desktop.services import backup_places
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.errors import BackupStopped
from xiaobao_desktop.ui.dialogs.error_dialog import show_bug
from xiaobao_desktop.ui.tasks import Progress, tasks

_AGAIN_MS = 30_000
_MINUTE_MS = 60_000


class AutoBackup(QObject):
    """Made by the program's own loop, not by the window.

    ``failed`` carries the sentence about a backup that was not made.
    """

    failed = Signal(str)

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self.timer = QTimer(self)
        self.timer.setSingleShot(True)
        self.timer.setInterval(backup_places.INTERVAL_MINUTES * _MINUTE_MS)
        self.timer.timeout.connect(self.run)
        self.timer.start()

    def run(self) -> None:
        """Back up now if something changed; a moment later when the worker has other things to do."""
        if tasks().busy:
            self.timer.start(_AGAIN_MS)
            return
        session = self._session
        if session.book.closed:
            # Locked: it is made up for after the unlocking.
            self.timer.start(_AGAIN_MS)
            return

        def work(progress: Progress) -> None:
            backup_places.back_up_if_changed(session, lambda: progress.cancelled)

        tasks().run(work, lambda _file: self._wait(), self._told, self)

    def _told(self, error: BaseException) -> None:
        self._wait()
        if isinstance(error, BackupStopped):
            return
        if isinstance(error, UserError):
            self.failed.emit(error.message)
        else:
            show_bug(error)

    def _wait(self) -> None:
        self.timer.start(backup_places.INTERVAL_MINUTES * _MINUTE_MS)
