"""Working in dialogs that block: wait until one really stands there, act in it, and never let a test hang in one.

``exec`` of a dialog returns only when the dialog is closed, so what a test does in it must be arranged before. A fixed
delay is no arrangement: on a busy machine it is over before the dialog is there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QElapsedTimer, QObject, QTimer
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from shiboken6 import isValid

from xiaobao_desktop.ui.dialogs.confirm import ConfirmDialog
from xiaobao_desktop.ui.dialogs.error_dialog import ErrorDialog

Dialog = TypeVar("Dialog", bound=QDialog)

LIMIT_SECONDS = 30.0
"""So long a visit waits for its dialog, and then for the dialog to go."""

STANDING_SECONDS = 90.0
"""So long any dialog may block a test."""

_LOOK_MS = 10
_PATROL_MS = 250
_MOST_DIALOGS = 20

_visits: list[Visit[Any]] = []


class Visit(QObject, Generic[Dialog]):
    """One visit to a dialog that is yet to open. ``done`` says whether it was made."""

    def __init__(
        self, kind: type[Dialog], act: Callable[[Dialog], object], *, leave: bool, asked_for: bool, seconds: float
    ) -> None:
        super().__init__()
        self.done, self.kind, self.asked_for = False, kind, asked_for
        self._act, self._leave, self._limit_ms = act, leave, round(seconds * 1000)
        self._before = QApplication.activeModalWidget()
        self._inside: Dialog | None = None
        self._clock = QElapsedTimer()
        self._timer = QTimer(self, interval=_LOOK_MS)
        self._timer.timeout.connect(self._look)
        self._begin()

    def stop(self) -> None:
        """Wait no longer."""
        self._timer.stop()
        if self in _visits:
            _visits.remove(self)

    def _begin(self) -> None:
        self._clock.start()
        self._timer.start()

    def _look(self) -> None:
        if self._inside is not None:
            if not isValid(self._inside) or not self._inside.isVisible():
                self.stop()
                return
        else:
            dialog = QApplication.activeModalWidget()
            if isinstance(dialog, self.kind) and dialog is not self._before and has_keyboard(dialog):
                self._timer.stop()
                self._meet(dialog)
                return
        if self._clock.hasExpired(self._limit_ms):
            self.stop()
            wanted = "was not closed" if self.done else "did not take the keyboard"
            raise AssertionError(f"{self.kind.__name__} {wanted} in {self._limit_ms} ms; closed now: {close_all()}")

    def _meet(self, dialog: Dialog) -> None:
        self._inside = dialog
        try:
            self._act(dialog)
        except BaseException:
            self.stop()
            close_all(dialog)
            raise
        self.done = True
        if self._leave and isValid(dialog) and dialog.isVisible():
            dialog.reject()
        self._begin()


def has_keyboard(dialog: QWidget) -> bool:
    """Whether a dialog stands there and what is typed goes into it; asks for the keyboard if it does not."""
    if not dialog.isVisible():
        return False
    if not dialog.isActiveWindow():
        dialog.activateWindow()
        return False
    focused = QApplication.focusWidget()
    return focused is not None and dialog.isAncestorOf(focused)


def close_all(last: QWidget | None = None) -> list[str]:
    """Close the dialogs that block, newest first, up to ``last``; their names. Nothing is asked on the way.

    Hiding ends ``exec`` without ``reject`` or ``closeEvent``, which may open a further question.
    """
    closed: list[str] = []
    popup = QApplication.activePopupWidget()
    if popup is not None:
        popup.hide()
    for _dialog in range(_MOST_DIALOGS):
        dialog = QApplication.activeModalWidget()
        if dialog is None:
            break
        closed.append(type(dialog).__name__)
        dialog.hide()
        if dialog is last:
            break
    return closed


def in_dialog(
    kind: type[Dialog], act: Callable[[Dialog], object], *, leave: bool = False, seconds: float = LIMIT_SECONDS
) -> Visit[Dialog]:
    """Act in the dialog of this kind that is about to open, once it stands there and has the keyboard.

    Args:
        kind: of the dialog; one that is open already is not meant.
        act: gets the dialog. A failure in it closes the dialog and fails the test.
        leave: reject the dialog when ``act`` has not closed it; otherwise it must go by what the test does.
        seconds: after so long without the dialog, or with it still open after ``act``, all dialogs are closed and the
            test fails. A visit that was never made fails the test at its end (see :func:`watched`).
    """
    visit = Visit(kind, act, leave=leave, asked_for=True, seconds=seconds)
    _visits.append(visit)
    return visit


def answer(verb: str) -> Visit[ConfirmDialog]:
    """Press the button ``verb`` of the question that is about to be asked; it must be asked and have such a button."""
    return in_dialog(ConfirmDialog, lambda dialog: _press(dialog, verb))


def answer_if_asked(verb: str) -> None:
    """Press the button ``verb`` of a question if one is asked before the test ends."""
    answer(verb).asked_for = False


def _press(dialog: ConfirmDialog, verb: str) -> None:
    buttons = {button.text(): button for button in (dialog.yes_button, dialog.no_button)}
    assert verb in buttons
    buttons[verb].click()


class _Watch(QObject):
    """Looks from time to time whether a dialog blocks that nobody will close."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self._limit_ms, self._late = round(seconds * 1000), False
        self._standing = QElapsedTimer()
        self._bug: QWidget | None = None
        self.timer = QTimer(self, interval=min(_PATROL_MS, self._limit_ms))
        self.timer.timeout.connect(self._patrol)
        self.timer.start()

    def _patrol(self) -> None:
        dialog = QApplication.activeModalWidget()
        if dialog is None:
            self._standing.invalidate()
            return
        if isinstance(dialog, ErrorDialog) and dialog.trouble.shows_details and not _is_visited(dialog):
            self._defect(dialog)
        if not self._standing.isValid():
            self._standing.start()
        if self._late or self._standing.hasExpired(self._limit_ms):
            self._late = True  # a test that opens one dialog after another must end too
            raise AssertionError(f"open for {self._limit_ms} ms and now closed: {close_all()}")

    def _defect(self, dialog: ErrorDialog) -> None:
        """A defect of the program that no test waits for: told at once, at the second look."""
        if self._bug is dialog:
            self._bug = None
            close_all(dialog)
            raise AssertionError(dialog.trouble.details)
        self._bug = dialog


def _is_visited(dialog: QDialog) -> bool:
    return any(isinstance(dialog, visit.kind) for visit in _visits)


@contextmanager
def watched(seconds: float = STANDING_SECONDS) -> Iterator[None]:
    """Watch over a test: no dialog blocks it for longer than ``seconds``, no arranged visit is left out.

    Raises:
        AssertionError: at the end, for a visit that was arranged and whose dialog never opened. A dialog that stood
            too long, and a defect told in its dialog, fail the test through pytest-qt.
    """
    watch = _Watch(seconds)
    try:
        yield
    finally:
        watch.timer.stop()
        left = [*_visits]
        for visit in left:
            visit.stop()
    missed = [visit.kind.__name__ for visit in left if visit.asked_for and not visit.done]
    assert not missed, f"never opened: {missed}"
