"""The lock: every window of the program gone from the screen, the book closed, its key forgotten.

Windows and dialogs are put away, not closed: what was typed in them is there again after the password, at the same
place. What a form holds is kept as a draft in the book before, in case the program is ended while it is locked.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QRect, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QToolTip, QWidget
from shiboken6 import isValid

from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import clipboard
from xiaobao_desktop.ui.bus import bus
from xiaobao_desktop.ui.tasks import tasks

if TYPE_CHECKING:
    from xiaobao_desktop.ui.dialogs.login import LoginDialog

_SHORT_MS = 10_000
"""Timers up to this wait for the officer's hands to rest, then read the book: they rest while it is closed."""

KEPT = "没保存的内容已经留好，解锁后接着填"


class Lock(QObject):
    """The lock of one window; :attr:`unlocked` is sent when the password was given."""

    unlocked = Signal()

    def __init__(self, session: Session, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._window = session, window
        self._dialog: LoginDialog | None = None
        self._away: list[QWidget] = []
        self._paused: list[QTimer] = []
        self._closed, self._way = False, ""

    @property
    def locked(self) -> bool:
        """Whether the program is locked now."""
        return self._dialog is not None

    def hold(self, why: str, may_end: Callable[[], bool]) -> bool:
        """Lock, and stay until the password was given.

        Work under way goes on behind the lock and is told of after it; the book closes when it is done.

        Args:
            why: words under the card, "" for none.
            may_end: whether giving up at the lock may end the program.

        Returns:
            True when the password was given, False when the officer wants to end the program; the book stays closed.
        """
        self._closed, self._way = False, "自动锁定" if why else "锁定"
        keyboard = QApplication.focusWidget()
        place, bank = self._window.geometry(), self._session.settings.printed_name
        bus().locking.emit()
        self._put_away()
        tasks().hold()
        tasks().quiet.connect(self._suspend)
        # While the windows are away the lock is the only one: closing it must not end the program.
        QGuiApplication.setQuitOnLastWindowClosed(False)
        app = QApplication.instance()
        assert app is not None
        app.installEventFilter(self)
        try:
            given = self._ask(place, bank, why, "" if may_end() else KEPT)
            while not given and not may_end():
                given = self._ask(place, bank, why, KEPT)
        except BaseException:
            # Nobody could give the password any more: what was typed is kept in the book.
            QApplication.quit()
            raise
        finally:
            app.removeEventFilter(self)
            tasks().quiet.disconnect(self._suspend)
            QGuiApplication.setQuitOnLastWindowClosed(True)
        if given:
            self._bring_back(keyboard)
        return given

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A window that opens behind the lock waits until it is gone."""
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            dialog = self._dialog
            if dialog is not None and watched is not dialog and not dialog.isAncestorOf(watched):
                QTimer.singleShot(0, watched, lambda: self._put_one_away(watched))
        return super().eventFilter(watched, event)

    def _ask(self, place: QRect, bank: str, why: str, kept: str) -> bool:
        from xiaobao_desktop.ui.dialogs.login import LoginDialog

        self._dialog = dialog = LoginDialog(
            self._session.directory, locked=self._session, bank=bank, why=why, kept=kept
        )
        dialog.setGeometry(place)
        QTimer.singleShot(0, self, self._suspend)
        given = dialog.exec() == QDialog.DialogCode.Accepted and dialog.session is not None
        self._dialog = None
        dialog.deleteLater()
        return given

    def _suspend(self) -> None:
        """Close the book, unless work still needs it or the password was given meanwhile."""
        from xiaobao_desktop.services import audit, opened_files

        dialog = self._dialog
        if dialog is None or dialog.session is not None or tasks().holding or self._session.book.closed:
            return
        audit.locked(self._session, self._way)
        # What was written out for other programs; what one of them still holds open goes at the end.
        opened_files.wipe()
        self._session.book.suspend()
        self._closed = True

    def _put_away(self) -> None:
        QToolTip.hideText()
        clipboard.clear_now()
        while (popup := QApplication.activePopupWidget()) is not None:
            popup.close()
        shown = [item for item in QApplication.topLevelWidgets() if item.isVisible()]
        # Dialogs first: a window that goes before its dialog would take it along.
        for item in sorted(shown, key=lambda item: item is self._window):
            self._put_one_away(item)
        timers = [timer for item in QApplication.topLevelWidgets() for timer in item.findChildren(QTimer)]
        self._paused = [timer for timer in timers if timer.isActive() and timer.interval() <= _SHORT_MS]
        for timer in self._paused:
            timer.stop()

    def _put_one_away(self, item: QWidget) -> None:
        """Not by its own ``hide``: that of a dialog which blocks would answer it."""
        if item.isVisible() and item is not self._dialog:
            QWidget.setVisible(item, False)
            self._away.append(item)

    def _bring_back(self, keyboard: QWidget | None) -> None:
        away, self._away = self._away, []
        for item in sorted((item for item in away if isValid(item)), key=lambda item: item is not self._window):
            QWidget.setVisible(item, True)
        if self._closed:
            from xiaobao_desktop.services import audit

            audit.locked(self._session, "解锁")
        for timer in filter(isValid, self._paused):
            timer.start()
        if keyboard is not None and isValid(keyboard):
            keyboard.window().activateWindow()
            keyboard.setFocus()
        tasks().release()
        self.unlocked.emit()
