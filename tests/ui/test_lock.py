"""The lock: nothing left to read, the key forgotten, and everything at its place again after the password."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.conftest import PASSWORD, ShowWindow
from tests.ui.dialogs import in_dialog
from xiaobao_desktop.domain.fields import Record
from xiaobao_desktop.services import options
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import clipboard
from xiaobao_desktop.ui.auto_backup import AutoBackup
from xiaobao_desktop.ui.dialogs.login import LoginDialog
from xiaobao_desktop.ui.idle import JUMP_SECONDS, IdleWatch
from xiaobao_desktop.ui.lock import KEPT
from xiaobao_desktop.ui.main_window import MainWindow
from xiaobao_desktop.ui.pages.ledger_page import LedgerPage
from xiaobao_desktop.ui.tasks import Progress, tasks

MARKERS = ("刘秀兰", "13856215621", "11010119900307803X", "借记卡年费未告知", "冯军")


@pytest.fixture
def window(show_window: ShowWindow, cases: dict[str, Record]) -> MainWindow:
    return show_window()


def type_password(dialog: LoginDialog, password: str = PASSWORD) -> None:
    dialog.password.setText(password)
    dialog.submit()


def readable() -> str:
    """All that a passer-by could read: titles, texts and tool tips of whatever is on the screen."""
    found = []
    for widget in QApplication.allWidgets():
        if not widget.isVisible():
            continue
        found += [widget.windowTitle(), widget.toolTip(), widget.accessibleName()]
        if isinstance(widget, QLabel | QLineEdit):
            found.append(widget.text())
        if isinstance(widget, QPlainTextEdit):
            found.append(widget.toPlainText())
    return "\n".join(found)


def complaints(window: MainWindow) -> LedgerPage:
    page = window.page("complaint")
    assert isinstance(page, LedgerPage)
    return page


def unlock_after(look_on: Callable[[], object]) -> None:
    """Look at the locked program, then give the password."""

    def act(dialog: LoginDialog) -> None:
        look_on()
        type_password(dialog)

    in_dialog(LoginDialog, act)


def test_the_key_is_forgotten_and_the_same_place_comes_back(
    window: MainWindow, session: Session, cases: dict[str, Record]
) -> None:
    window.open_record("complaint", int(str(cases["today"].id)))
    page = complaints(window)
    assert "刘秀兰" in readable()
    seen: list[object] = []

    def look_on() -> None:
        seen.append([marker for marker in MARKERS if marker in readable()])
        seen.append((window.isVisible(), session.book.closed, session.book._data_key))

    unlock_after(look_on)
    QTest.keyClick(window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert seen == [[], (False, True, b"")]
    assert window.isVisible()
    assert not session.book.closed
    assert window.current_key() == "complaint"
    assert page.detail.isVisible()
    assert page.detail.record is not None
    assert page.detail.record.id == cases["today"].id
    page.detail.show_record(int(str(cases["soon"].id)))


def test_a_form_is_kept_as_a_draft_in_the_book_and_stands_there_again(window: MainWindow, session: Session) -> None:
    window.show_page("complaint")
    page = complaints(window)
    page.create_record()
    form = page._form
    assert form is not None
    form.cells["complainant"].editor.set_value("冯军")
    form.draft.touch()
    kept: list[object] = []
    unlock_after(lambda: kept.append(([marker for marker in MARKERS if marker in readable()], KEPT in readable())))
    window.lock()
    assert kept == [([], True)]
    assert page._form is form
    assert form.cells["complainant"].editor.value() == "冯军"
    draft = session.book.draft(session.ledger("complaint"), None)
    assert draft is not None
    assert draft.body["values"]["complainant"] == "冯军"


class Question(QDialog):
    """A dialog that blocks, with something typed."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("投诉人刘秀兰")
        self.line = QLineEdit()
        QVBoxLayout(self).addWidget(self.line)


def test_a_dialog_that_blocks_goes_and_comes_back_unanswered(window: MainWindow, session: Session) -> None:
    seen: list[object] = []

    def lock(dialog: Question) -> None:
        dialog.line.setText("冯军 13856215621")
        unlock_after(lambda: seen.append([marker for marker in MARKERS if marker in readable()]))
        window.lock()
        seen.append((dialog.isVisible(), dialog.line.text(), dialog.isModal()))
        dialog.accept()

    in_dialog(Question, lock)
    dialog = Question(window)
    assert dialog.exec() == QDialog.DialogCode.Accepted
    assert seen == [[], (True, "冯军 13856215621", True)]
    assert not session.book.closed


def test_unmasked_rows_are_masked_when_it_locks(window: MainWindow) -> None:
    window.show_page("complaint")
    page = complaints(window)
    page._reveal(revealed=True)
    assert page.presenter.revealed
    unlock_after(lambda: None)
    window.lock()
    assert not page.presenter.revealed


def test_a_list_resized_behind_the_lock_waits_for_the_password(window: MainWindow, cases: dict[str, Record]) -> None:
    window.show_page("complaint")
    page = complaints(window)
    page.list.select(int(str(cases["soon"].id)))
    unlock_after(page.list.table.resized.emit)
    window.lock()
    assert not page.list._resized_unseen
    assert page.list.current_id() == cases["soon"].id


def test_wrong_passwords_leave_it_locked(window: MainWindow, session: Session, qtbot: QtBot) -> None:
    seen: list[object] = []

    def act(dialog: LoginDialog) -> None:
        type_password(dialog, "not the password")
        qtbot.waitUntil(lambda: not dialog.busy)
        seen.append((dialog.problem.text[:4], session.book.closed, window.isVisible()))
        type_password(dialog)

    in_dialog(LoginDialog, act)
    window.lock()
    assert seen == [("密码不对", True, False)]


def test_work_under_way_goes_on_and_is_told_after_the_lock(window: MainWindow, session: Session, qtbot: QtBot) -> None:
    go_on = threading.Event()
    told: list[object] = []
    seen: list[object] = []

    def work(_progress: Progress) -> int:
        go_on.wait(20)
        return session.book.anchor().sequence

    tasks().run(work, told.append, told.append)

    def act(dialog: LoginDialog) -> None:
        QApplication.processEvents()
        seen.append(session.book.closed)
        go_on.set()
        qtbot.waitUntil(lambda: session.book.closed)
        seen.append(list(told))
        type_password(dialog)

    in_dialog(LoginDialog, act)
    window.lock()
    assert seen == [False, []]
    assert len(told) == 1
    assert isinstance(told[0], int), "the result, not an error"


def test_the_password_is_proved_while_long_work_keeps_the_worker(window: MainWindow, session: Session) -> None:
    go_on = threading.Event()
    told: list[object] = []
    tasks().run(lambda _progress: go_on.wait(20), told.append, told.append)
    unlock_after(lambda: None)
    window.lock()
    assert not told
    assert not session.book.closed, "the work needs it"
    go_on.set()


def test_backups_of_the_program_wait_for_the_unlocking(window: MainWindow, session: Session, qtbot: QtBot) -> None:
    backups = AutoBackup(session, window)
    folder = session.directory / "backups"
    seen: list[object] = []

    def look_on() -> None:
        backups.run()
        seen.append((backups.timer.isActive(), folder.exists()))

    unlock_after(look_on)
    window.lock()
    assert seen == [(True, False)]
    backups.run()
    qtbot.waitUntil(lambda: folder.is_dir() and any(folder.glob("*.xbbak")))


class Clocks:
    """Both clocks of the watch, moved by the test."""

    def __init__(self) -> None:
        self.wall, self.steady = 1_000_000.0, 500.0

    def pass_by(self, seconds: float, *, wall: float | None = None, steady: float | None = None) -> None:
        self.wall += seconds if wall is None else wall
        self.steady += seconds if steady is None else steady


@pytest.fixture
def watched(look: QApplication) -> tuple[IdleWatch, Clocks, list[object]]:
    clocks = Clocks()
    told: list[object] = []
    watch = IdleWatch(lambda: 10, wall=lambda: clocks.wall, steady=lambda: clocks.steady)
    watch.timer.stop()
    watch.due.connect(told.append)
    watch.jumped.connect(lambda: told.append("jump"))
    return watch, clocks, told


def wait_idly(watch: IdleWatch, clocks: Clocks, seconds: int) -> None:
    for _ in range(seconds // 5):
        clocks.pass_by(5)
        watch.look()


def test_nobody_at_work_for_ten_minutes(watched: tuple[IdleWatch, Clocks, list[object]], qtbot: QtBot) -> None:
    watch, clocks, told = watched
    wait_idly(watch, clocks, 595)
    assert told == []
    field = QLineEdit()
    qtbot.addWidget(field)
    field.show()
    qtbot.waitExposed(field)
    watch._listen(field.windowHandle())
    QTest.keyClick(field.windowHandle(), Qt.Key.Key_A)
    wait_idly(watch, clocks, 595)
    assert told == [], "a key was pressed meanwhile"
    wait_idly(watch, clocks, 5)
    assert told == [10]


@pytest.mark.parametrize(
    ("wall", "steady"),
    [
        (JUMP_SECONDS + 6.0, 5.0),
        (-JUMP_SECONDS - 1.0, 5.0),
        (3600.0, 3600.0),
    ],
    ids=["slept (clock stood)", "clock set back", "slept (clock ran)"],
)
def test_a_jump_of_the_clock_locks(watched: tuple[IdleWatch, Clocks, list[object]], wall: float, steady: float) -> None:
    watch, clocks, told = watched
    clocks.pass_by(0, wall=wall, steady=steady)
    watch.look()
    assert told == ["jump"]
    watch.begin_anew()
    wait_idly(watch, clocks, 300)
    assert told == ["jump"]


def test_a_closed_book_is_asked_for_no_minutes(window: MainWindow, session: Session) -> None:
    """The timer once read the settings of a book that was closed and forgotten."""
    watch = window._watch
    assert watch.timer.isActive()
    session.forget()
    session.close()
    told: list[object] = []
    watch.due.connect(told.append)
    watch._last -= 3600
    watch.look()
    assert told == []


def test_a_closed_window_watches_no_more(window: MainWindow) -> None:
    window.close()
    assert not window._watch.timer.isActive()


def test_the_window_locks_after_the_minutes_of_the_settings(window: MainWindow, session: Session) -> None:
    assert window._watch._minutes() == 10
    options.save_settings(session, lock_minutes="30")
    assert window._watch._minutes() == 30
    seen: list[str] = []

    def act(dialog: LoginDialog) -> None:
        seen.append(dialog.why.text())
        type_password(dialog)

    in_dialog(LoginDialog, act)
    window._watch.due.emit(30)
    in_dialog(LoginDialog, act)
    window._watch.jumped.emit()
    assert seen == ["空闲 30 分钟，已于 09:41 锁定", "电脑睡眠或时间有变动，已于 09:41 锁定"]


def test_personal_data_leaves_the_clipboard_by_itself(window: MainWindow) -> None:
    board = QGuiApplication.clipboard()
    clipboard.copy_personal("13856215621")
    assert clipboard.guard().timer.interval() == 60_000
    clipboard.guard().timer.timeout.emit()
    assert board.text() == ""
    clipboard.copy_personal("13856215621")
    board.setText("别的内容")
    clipboard.guard().timer.timeout.emit()
    assert board.text() == "别的内容", "what was copied since stays"
    data = QMimeData()
    data.setText("刘秀兰\t13856215621")
    clipboard.copy_personal_data(data)
    unlock_after(lambda: None)
    window.lock()
    assert board.text() == ""


def test_a_number_copied_by_hand_is_watched_and_told_other_texts_are_not(window: MainWindow, qtbot: QtBot) -> None:
    field = QLineEdit("打 13856215621 联系")
    qtbot.addWidget(field)
    field.selectAll()
    field.copy()
    assert QGuiApplication.clipboard().text() == "打 13856215621 联系"
    assert clipboard.guard().timer.isActive()
    assert window.toast.isVisible()
    assert window.toast.text() == clipboard.NOTE
    clipboard.guard().clear()
    assert QGuiApplication.clipboard().text() == ""
    field.setText("借记卡年费 120.00 元")
    field.selectAll()
    field.copy()
    assert not clipboard.guard().timer.isActive()
