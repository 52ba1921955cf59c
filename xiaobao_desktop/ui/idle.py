"""Whether somebody works at the program: input in any of its windows, and jumps of the clock (the PC slept).

Listens to the native windows only, so that painting and layout cost nothing. Both clocks can be given by the caller.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QWindow

TICK_MS = 5_000
JUMP_SECONDS = 60
"""So far the wall clock may run apart from the steady one, and one look from the next, before it counts as a jump."""
_INPUT = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseMove,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TouchUpdate,
        QEvent.Type.TabletMove,
        QEvent.Type.InputMethod,
    }
)

Seconds = Callable[[], float]


class IdleWatch(QObject):
    """``due`` is sent when nothing was typed or moved for the given minutes; ``jumped`` when the clock has jumped."""

    due = Signal(int)
    jumped = Signal()

    def __init__(
        self,
        minutes: Callable[[], int | None],
        parent: QObject | None = None,
        *,
        wall: Seconds = time.time,
        steady: Seconds = time.monotonic,
    ) -> None:
        """Begin to watch.

        Args:
            minutes: how long nobody may work; asked anew at every look. None while there is nothing to lock.
            parent: owner.
            wall: seconds of the PC's clock, which can be set and runs on while the PC sleeps.
            steady: seconds of a clock that never jumps.
        """
        super().__init__(parent)
        self._minutes, self._wall, self._steady = minutes, wall, steady
        self._seen = (wall(), steady())
        self._last = steady()
        QGuiApplication.instance().focusWindowChanged.connect(self._listen)  # type: ignore[union-attr]
        # Chinese is typed through the input method, whose keys never reach the window.
        QGuiApplication.inputMethod().cursorRectangleChanged.connect(self.touch)
        self._listen(QGuiApplication.focusWindow())
        self.timer = QTimer(self, interval=TICK_MS)
        self.timer.timeout.connect(self.look)
        self.timer.start()

    def touch(self) -> None:
        """Somebody works."""
        self._last = self._steady()

    def begin_anew(self) -> None:
        """Forget what was before, after an unlocking."""
        self._seen = (self._wall(), self._steady())
        self.touch()

    def look(self) -> None:
        """Compare the clocks, and tell what has come due."""
        wall, steady = self._wall(), self._steady()
        passed_wall, passed = wall - self._seen[0], steady - self._seen[1]
        self._seen = (wall, steady)
        if abs(passed_wall - passed) > JUMP_SECONDS or passed > JUMP_SECONDS + TICK_MS / 1000:
            self.jumped.emit()
            return
        minutes = self._minutes()
        if minutes is not None and steady - self._last >= minutes * 60:
            self.due.emit(minutes)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Hear input; nothing is kept back."""
        if event.type() in _INPUT:
            self.touch()
        return super().eventFilter(watched, event)

    def _listen(self, window: QWindow | None) -> None:
        if window is not None:
            window.removeEventFilter(self)
            window.installEventFilter(self)
