"""The users in the settings, and the window of somebody who only reads."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from tests.ui.conftest import NOW, PASSWORD
from tests.ui.dialogs import in_dialog
from xiaobao_desktop.domain.fields import Record
from xiaobao_desktop.domain.roles import Role
from xiaobao_desktop.services import books, users
from xiaobao_desktop.services.session import NotAllowed, Session
from xiaobao_desktop.ui.dialogs.error_dialog import ErrorDialog
from xiaobao_desktop.ui.dialogs.user import UserDialog
from xiaobao_desktop.ui.main_window import MainWindow
from xiaobao_desktop.ui.pages.data_page import DataPage
from xiaobao_desktop.ui.pages.ledger_page import LedgerPage
from xiaobao_desktop.ui.pages.page import DATA
from xiaobao_desktop.ui.pages.settings_page import ABOUT, USERS, SettingsPage
from xiaobao_desktop.ui.pages.settings_page import PASSWORD as PASSWORD_TAB
from xiaobao_desktop.ui.pages.settings_users import UsersPanel
from xiaobao_desktop.ui.rights import WHY
from xiaobao_desktop.ui.tasks import tasks

READER, READER_PASSWORD = "李行长", "行长看台账 2026"
START = "行长临时 2026"


@pytest.fixture
def panel(look: QApplication, session: Session, qtbot: QtBot) -> UsersPanel:
    made = UsersPanel(session)
    qtbot.addWidget(made)
    made.show()
    return made


def fill(dialog: UserDialog, name: str, password: str, own: str) -> None:
    editor = dialog.person.editor
    assert isinstance(editor, QLineEdit)
    editor.setText(name)
    dialog.first.setText(password)
    dialog.second.setText(password)
    dialog.own.setText(own)
    dialog.yes_button.click()


def test_a_user_is_added_given_a_new_password_and_removed(panel: UsersPanel, session: Session, qtbot: QtBot) -> None:
    told: list[str] = []
    panel.done.connect(told.append)
    assert list(panel.rows) == ["周敏"]
    assert not panel.rows["周敏"].remove_button.isVisible(), "oneself"

    def add(dialog: UserDialog) -> None:
        said = "\n".join(item.text() for item in dialog.findChildren(QLabel))
        assert "第一次登录时先设只有自己知道的密码" in said
        assert "只能登录一次" in said
        fill(dialog, "", "12345678", "")
        assert dialog.person.problem.text == "请填姓名"
        assert "人人都会先试" in dialog.second_field.problem.text
        fill(dialog, READER, READER_PASSWORD, "not hers")
        qtbot.waitUntil(lambda: "还可以试 4 次" in dialog.own_field.problem.text)
        fill(dialog, "周敏", READER_PASSWORD, PASSWORD)
        qtbot.waitUntil(lambda: "已经有一位周敏" in dialog.person.problem.text)
        fill(dialog, READER, READER_PASSWORD, PASSWORD)

    in_dialog(UserDialog, add)
    panel.add_button.click()
    assert list(panel.rows) == ["周敏", READER]
    assert told == [f"已添加{READER}"]

    def reset(dialog: UserDialog) -> None:
        assert not dialog.person.isVisible()
        fill(dialog, "", "重设之后 2026", PASSWORD)

    in_dialog(UserDialog, reset)
    panel.rows[READER].reset_button.click()

    def remove(dialog: UserDialog) -> None:
        dialog.yes_button.click()
        assert dialog.own_field.problem.text == "请填您自己的密码"
        dialog.own.setText(PASSWORD)
        dialog.yes_button.click()

    in_dialog(UserDialog, remove)
    panel.rows[READER].remove_button.click()
    assert list(panel.rows) == ["周敏"]
    assert told[1:] == [f"密码已重设：{READER}", f"已移除{READER}"]


def test_the_minutes_of_the_lock_are_kept_and_off_is_not_offered(panel: UsersPanel, session: Session) -> None:
    assert panel.lock.current() == "10"
    panel.use_minutes("5")
    assert session.settings.lock_minutes == "5"


@pytest.fixture
def reader(look: QApplication, session: Session, cases: dict[str, Record]) -> Iterator[tuple[MainWindow, Session]]:
    """The window of a reader on a book with six complaints."""
    users.add(session, PASSWORD, READER, Role.READER, START)
    session.close()
    opened = books.open_book(session.directory, START, clock=lambda: NOW, new_password=READER_PASSWORD)
    window = MainWindow(opened)
    window.resize(1366, 738)
    window.show()
    look.processEvents()
    yield window, opened
    if tasks.cache_info().currsize:
        tasks().close()
    window.hide()
    window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    opened.close()


def test_a_reader_sees_masked_data_and_greyed_verbs(
    reader: tuple[MainWindow, Session], cases: dict[str, Record]
) -> None:
    window, session = reader
    case_id = int(str(cases["today"].id))
    window.open_record("complaint", case_id)
    page = window.page("complaint")
    assert isinstance(page, LedgerPage)
    said = "\n".join(label.text() for label in window.findChildren(QLabel) if label.isVisible())
    assert "刘**" in said
    assert "刘秀兰" not in said
    assert "13856215621" not in said
    greyed = {item.text().strip() for item in page.findChildren(QPushButton) if item.toolTip() == WHY}
    assert {"修改", "记一步", "关联…", "添加", "登记投诉"} <= greyed
    page.create_button.setEnabled(True)
    assert not page.create_button.isEnabled(), "whatever the page does with it"
    with pytest.raises(NotAllowed):
        page.create_record()
    before = len(session.book.history(page.ledger, case_id))
    eye = next(item for item in page.detail.findChildren(QAbstractButton) if item.toolTip().startswith("显示投诉人"))
    eye.click()
    assert any(label.text() == "刘秀兰" for label in page.detail.findChildren(QLabel))
    last = session.book.history(page.ledger, case_id)[before:]
    assert [(change.operation, change.who) for change in last] == [(f"查看{eye.toolTip()[2:]}", READER)]


def test_a_reader_may_not_take_anything_out(reader: tuple[MainWindow, Session]) -> None:
    window, _session = reader
    data = window.page(DATA)
    assert isinstance(data, DataPage)
    taking = (data.backup_button, data.restore_button, data.export_card.export_button, data.export_card.take_button)
    assert [button.isEnabled() for button in taking] == [False] * 4
    settings = window.page("settings")
    assert isinstance(settings, SettingsPage)
    assert settings._now == USERS
    for key in (USERS, PASSWORD_TAB, ABOUT):
        assert settings.open_tab(key).isEnabled()
    panel = settings.panel(USERS)
    assert isinstance(panel, UsersPanel)
    assert not panel.add_button.isEnabled()
    assert not panel.lock.isEnabled()
    for page in ("workbench", "charts", "reports"):
        assert window.show_page(page)


def test_the_keys_of_a_reader_are_refused_with_the_reason(
    reader: tuple[MainWindow, Session], cases: dict[str, Record]
) -> None:
    """Copying, pasting and dropping have no button that could be greyed."""
    window, session = reader
    window.open_record("complaint", int(str(cases["today"].id)))
    page = window.ledger_page("complaint")
    page.list.table.setFocus()
    QApplication.clipboard().setText("别处的文字")
    told: list[str] = []
    for key in (Qt.Key.Key_C, Qt.Key.Key_V):
        in_dialog(
            ErrorDialog, lambda dialog: told.append(dialog.trouble.title + dialog.trouble.explanation), leave=True
        )
        QTest.keyClick(page.list.table, key, Qt.KeyboardModifier.ControlModifier)
    assert ["查阅人员，只能看" in words for words in told] == [True, True]
    assert QApplication.clipboard().text() == "别处的文字"
    assert not page.detail.acceptDrops()
    for act in (page.create_record, page.print_page):
        with pytest.raises(NotAllowed):
            act()
    assert session.book.drafts() == []


def test_rows_that_an_officer_copies_are_an_entry(
    look: QApplication, session: Session, cases: dict[str, Record], qtbot: QtBot
) -> None:
    page = LedgerPage(session, session.ledger("complaint"))
    qtbot.addWidget(page)
    page.list.table.selectAll()
    count = len(page.list.table.selected_rows())
    QTest.keyClick(page.list.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    (note,) = session.book.notes(page.ledger.key)
    assert (note.operation, note.facts["rows"], note.facts["masked"]) == ("复制投诉列表", {"complaint": count}, True)
    assert len(QApplication.clipboard().text().splitlines()) == count


def test_opening_a_case_is_written_down_once(
    look: QApplication, session: Session, cases: dict[str, Record], qtbot: QtBot
) -> None:
    page = LedgerPage(session, session.ledger("complaint"))
    qtbot.addWidget(page)
    case_id = int(str(cases["today"].id))
    for _ in range(3):
        page.open_record(case_id)
    looks = [change for change in session.book.history(page.ledger, case_id) if change.action == "access"]
    assert [(change.operation, change.who) for change in looks] == [("查看投诉", "周敏")]
