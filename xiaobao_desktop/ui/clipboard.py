"""Personal data on the clipboard: taken off again after a minute, and when the program locks or ends.

Only what this program put there is taken off; whatever the officer copied since stays. Buttons that copy personal data
say so; of a text that was marked and copied in a field, numbers tell (phone, ID, card, as ``domain.scrub`` finds them).
"""

from __future__ import annotations

import hashlib
from functools import cache

from PySide6.QtCore import QMimeData, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication

KEPT_MS = 60_000
_LOOKED_AT = 20_000
"""Characters of a copied text that are looked at."""
NOTE = "已复制，1 分钟后从剪贴板清掉"


class _Guard(QObject):
    """Remembers what was copied by its hash alone; ``watching`` and ``cleared`` tell when it begins and ends."""

    watching = Signal()
    cleared = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._digest = b""
        self.timer = QTimer(self, singleShot=True, interval=KEPT_MS)
        self.timer.timeout.connect(self.clear)

    def watch(self, text: str) -> None:
        """Take ``text`` off in a minute."""
        self._digest = _digest(text)
        self.timer.start()
        self.watching.emit()

    def look(self) -> None:
        """Something is on the clipboard now: watch it when it came from here and names or reaches a person."""
        from xiaobao_desktop.domain.scrub import scrub

        board = QGuiApplication.clipboard()
        # Not every system tells whose it is; who has the keyboard has copied.
        if board.ownsClipboard() or QGuiApplication.focusWindow() is not None:
            text = board.text()
            if text and _digest(text) != self._digest and scrub(text[:_LOOKED_AT]) != text[:_LOOKED_AT]:
                self.watch(text)

    def clear(self) -> None:
        """Take it off now, when it is still there."""
        self.timer.stop()
        digest, self._digest = self._digest, b""
        board = QGuiApplication.clipboard()
        if digest and _digest(board.text()) == digest:
            board.clear()
            self.cleared.emit()


@cache
def guard() -> _Guard:
    """The one guard of this process."""
    return _Guard()


def copy_personal(text: str) -> None:
    """Put a text with personal data on the clipboard for a minute."""
    guard().watch(text)
    QGuiApplication.clipboard().setText(text)


def copy_personal_data(data: QMimeData) -> None:
    """The same with a text that has other forms beside."""
    guard().watch(data.text())
    QGuiApplication.clipboard().setMimeData(data)


def watch_all() -> _Guard:
    """Watch over everything that is copied in this program; the guard, for its signals."""
    found = guard()
    QGuiApplication.clipboard().dataChanged.connect(found.look, Qt.ConnectionType.UniqueConnection)
    return found


def clear_now() -> None:
    """Take personal data off now, where this program put some there."""
    if guard.cache_info().currsize:
        guard().clear()


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode(errors="surrogatepass")).digest()
