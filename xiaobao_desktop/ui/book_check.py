"""Looks at the book's file a while after the start, beside the officer's work: every page, and once a week everything.

Damage is told at once: the book is closed, examined and mended before anything more is written into it.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QDialog, QWidget

from xiaobao_desktop.errors import UserError
from xiaobao_desktop.services import health
from xiaobao_desktop.services.health import Health, NoRoomForCheck
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui.bus import bus
from xiaobao_desktop.ui.dialogs.confirm import ConfirmDialog
from xiaobao_desktop.ui.dialogs.error_dialog import show_bug
from xiaobao_desktop.ui.tasks import Progress, tasks

_FIRST_MS, _AGAIN_MS = 20_000, 30_000


class BookCheck(QObject):
    """One round after the start.

    Signals:
        found: what the last check of the round found (:class:`Health`).
        skipped: why the weekly check of everything could not be done, in a sentence; sent once, not on every day.
    """

    found = Signal(object)
    skipped = Signal(str)

    def __init__(self, session: Session, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._window = session, window
        self.timer = QTimer(self)
        self.timer.setSingleShot(True)
        self.timer.timeout.connect(self.run)
        self.timer.start(_FIRST_MS)

    def run(self) -> None:
        """Check now; a moment later while the worker has other things to do or the book is locked."""
        if tasks().busy or self._session.book.closed:
            self.timer.start(_AGAIN_MS)
            return
        session = self._session

        def work(progress: Progress) -> Health:
            quick = health.quick_check(session, lambda: progress.cancelled)
            if not quick.sound or not health.full_check_due(session):
                return quick
            return health.full_check(session, lambda: progress.cancelled)

        tasks().run(work, self._judge, self._failed, self)

    def _failed(self, error: BaseException) -> None:
        # Stopped: the next start tries again. Without room for the copy that is checked the next day does.
        if isinstance(error, NoRoomForCheck):
            if error.first:
                self.skipped.emit(error.message)
        elif not isinstance(error, UserError):
            show_bug(error, parent=self._window)

    def _judge(self, health_now: Health) -> None:
        self.found.emit(health_now)
        if not health_now.sound:
            offer_repair(self._session, health_now, self._window)


def offer_repair(session: Session, found: Health, window: QWidget) -> None:
    """Tell of the damage; if she wants it, close the book, mend it and go on, else leave her to her work."""
    reason = _reason(found)
    text = f"{reason}为了不再写进坏的地方，请现在就关上账簿检查。没有保存的草稿会留着；检查要一两分钟。"
    dialog = ConfirmDialog("账簿的文件有损坏，要现在检查吗？", text, yes="关上账簿检查", no="稍后", parent=window)
    wanted = dialog.exec() == QDialog.DialogCode.Accepted
    dialog.deleteLater()
    if wanted:
        mend(session, reason, window)


def mend(session: Session, reason: str, window: QWidget) -> None:
    """Close the book and show what can be done for it; without a mended book the window is closed."""
    from xiaobao_desktop.ui.dialogs.repair_dialog import repaired

    session.book.close()
    mended = repaired(session.directory, reason, window)
    if mended is None:
        window.close()
        return
    session.book = mended.book
    session.forget()
    bus().settings_changed.emit()
    bus().announce((ledger.key, 0) for ledger in session.ledgers)


def _reason(found: Health) -> str:
    if found.broken:
        return f"自动检查时发现有 {found.broken} 页和写进去的不一样，多半是硬盘、U 盘或断电造成的。"
    first = found.faults[0]
    return f"自动检查时发现：{first.what}{first.detail.rstrip('。')}。"
