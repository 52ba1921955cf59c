"""Entering: wrong password, pause, recovery key, another book; the first start down to an open book."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.store.books import QUICK
from tests.ui.dialogs import in_dialog
from tests.ui.form_keys import Key, commit, here, press, show, write
from xiaobao_desktop.domain.roles import Role
from xiaobao_desktop.services import audit, audit_log, books, credentials, users
from xiaobao_desktop.services.tries import FIRST_PAUSE, FREE
from xiaobao_desktop.store.query import Query
from xiaobao_desktop.ui.dialogs.error_dialog import ErrorDialog
from xiaobao_desktop.ui.dialogs.login import LoginDialog
from xiaobao_desktop.ui.dialogs.recovery_key import KeySheet, RecoveryKeyDialog, RecoveryKeyPanel, print_sheet
from xiaobao_desktop.ui.dialogs.welcome import KEY, OFFICER, WelcomeWindow
from xiaobao_desktop.ui.dialogs.welcome_pages import branch_names, short_name_of
from xiaobao_desktop.ui.widgets.password_field import password_advice, password_problem

PASSWORD = "liuxi-2026"


@pytest.fixture
def book(tmp_path: Path) -> tuple[Path, str]:
    """A closed book and its recovery key."""
    session, key = books.create_book(
        tmp_path / "账簿", bank="云岭惠民村镇银行", officer="周敏", password=PASSWORD, cost=QUICK
    )
    session.close()
    return session.directory, key


@pytest.fixture
def login(look: QApplication, qtbot: QtBot, book: tuple[Path, str]) -> Iterator[LoginDialog]:
    dialog = LoginDialog(book[0])
    qtbot.addWidget(dialog)
    dialog.show()
    yield dialog
    if dialog.session is not None:
        dialog.session.close()


def try_secret(qtbot: QtBot, dialog: LoginDialog, secret: str) -> None:
    dialog.password.setText(secret)
    dialog.submit()
    qtbot.waitUntil(lambda: not dialog.busy)


def test_the_officer_is_named_before_the_password(login: LoginDialog, book: tuple[Path, str]) -> None:
    assert login.name.text() == "周敏"
    assert login.folder.toolTip() == str(book[0])


def test_the_right_password_opens_the_book(qtbot: QtBot, login: LoginDialog) -> None:
    with qtbot.waitSignal(login.accepted):
        login.password.setText(PASSWORD)
        login.submit()
    assert login.session is not None
    assert login.session.settings.bank == "云岭惠民村镇银行"


def test_the_window_does_not_wait_for_the_key(qtbot: QtBot, login: LoginDialog) -> None:
    login.password.setText(PASSWORD)
    login.submit()
    assert login.busy
    assert login.session is None
    login.reject()
    assert login.isVisible(), "closing must wait for the opening"
    qtbot.waitUntil(lambda: login.session is not None)


def test_a_wrong_password_is_said_at_the_field(qtbot: QtBot, login: LoginDialog) -> None:
    try_secret(qtbot, login, "wrong-password")
    assert login.problem.text.startswith(f"密码不对，还可以试 {FREE - 1} 次")
    assert login.password.property("wrong")
    assert login.session is None


def test_after_five_wrong_ones_there_is_a_pause(qtbot: QtBot, login: LoginDialog) -> None:
    for _ in range(FREE):
        try_secret(qtbot, login, "wrong-password")
    # The clock runs on: a second may have passed already.
    said = [f"连续 {FREE} 次不对，请等 {FIRST_PAUSE - late} 秒再试" for late in range(5)]
    assert login.problem.text in said
    assert not login.open_button.isEnabled()
    again = LoginDialog(login.directory)
    qtbot.addWidget(again)
    assert "次不对，请等" in again.problem.text, "closing the program gains nothing"
    assert not again.open_button.isEnabled()


def test_another_user_is_chosen_by_name(qtbot: QtBot, look: QApplication, book: tuple[Path, str]) -> None:
    session = books.open_book(book[0], PASSWORD)
    users.add(session, PASSWORD, "李行长", Role.READER, "行长看台账 2026")
    session.close()
    dialog = LoginDialog(book[0])
    qtbot.addWidget(dialog)
    dialog.show()
    assert (dialog.name.text(), dialog.place.text()) == ("周敏", "消保专员")
    assert dialog.person_link.isVisible()
    dialog.use_person("李行长")
    assert (dialog.name.text(), dialog.place.text()) == ("李行长", "查阅人员")
    assert not dialog.recovery_link.isVisible()
    try_secret(qtbot, dialog, PASSWORD)
    assert "密码不对" in dialog.problem.text, "the officer's password is not his"
    try_secret(qtbot, dialog, "行长看台账 2026")
    assert dialog.pages.currentWidget().isAncestorOf(dialog.new_password), "what another typed is good for one login"
    for field in (dialog.new_password.first, dialog.new_password.second):
        field.setText("只有行长知道 2026")
    with qtbot.waitSignal(dialog.accepted):
        dialog.new_password.save_button.click()
    assert dialog.session is not None
    assert (dialog.session.user, dialog.session.role) == ("李行长", Role.READER)
    dialog.session.close()


def test_an_own_password_set_after_the_recovery_key_is_not_asked_for_again(
    qtbot: QtBot, login: LoginDialog, book: tuple[Path, str]
) -> None:
    """The other officer had reset hers; she came in by the recovery key instead."""
    session = books.open_book(book[0], PASSWORD)
    users.add(session, PASSWORD, "赵敏", Role.OFFICER, "赵敏临时 2026")
    session.close()
    session = books.open_book(book[0], "赵敏临时 2026", new_password="赵敏自己的 2026")
    users.reset_password(session, "赵敏自己的 2026", "周敏", "周敏临时 2026")
    session.close()
    login.ask_for_recovery_key()
    try_secret(qtbot, login, book[1])
    for field in (login.new_password.first, login.new_password.second):
        field.setText("周敏再设的 2026")
    login.new_password.save_button.click()
    assert login.session is not None
    login.session.close()
    again = books.open_book(book[0], "周敏再设的 2026")
    assert again.user == "周敏"
    again.close()


def test_a_reader_who_chose_nobody_opens_as_himself_and_that_is_one_entry(
    qtbot: QtBot, look: QApplication, book: tuple[Path, str]
) -> None:
    """The officer stands there first; his own password was once taken for a wrong one of hers, and told as such."""
    session = books.open_book(book[0], PASSWORD)
    users.add(session, PASSWORD, "李行长", Role.READER, "行长临时 2026")
    session.close()
    books.open_book(book[0], "行长临时 2026", new_password="行长看台账 2026").close()
    dialog = LoginDialog(book[0])
    qtbot.addWidget(dialog)
    dialog.show()
    with qtbot.waitSignal(dialog.accepted):
        dialog.password.setText("行长看台账 2026")
        dialog.submit()
    opened = dialog.session
    assert opened is not None
    assert (opened.user, opened.role) == ("李行长", Role.READER)
    before = opened.book.anchor().sequence
    audit.signed_in(opened)
    found = audit_log.find(opened, audit_log.LogQuery())
    assert [row.operation for row in audit_log.rows(opened, found) if row.sequence > before] == ["打开账簿"]
    opened.close()


def test_an_empty_password_asks_nothing_of_the_book(login: LoginDialog) -> None:
    login.submit()
    assert not login.busy
    assert login.problem.text == "请输入密码"


def test_the_recovery_key_opens_and_a_new_password_is_set(
    qtbot: QtBot, login: LoginDialog, book: tuple[Path, str]
) -> None:
    login.ask_for_recovery_key()
    try_secret(qtbot, login, book[1].replace(" ", "-"))
    panel = login.new_password
    assert login.pages.currentIndex() == 1
    panel.first.setText("neues-2027")
    panel.second.setText("anders-2027")
    panel.save_button.click()
    assert panel.problem.text == "两次填的密码不一样"
    panel.second.setText("neues-2027")
    with qtbot.waitSignal(login.accepted):
        panel.save_button.click()
    assert login.session is not None
    login.session.close()
    books.open_book(book[0], "neues-2027").close()
    with pytest.raises(Exception, match="密码不对"):
        books.open_book(book[0], PASSWORD)


def test_leaving_without_a_new_password_closes_the_book(
    qtbot: QtBot, login: LoginDialog, book: tuple[Path, str]
) -> None:
    login.ask_for_recovery_key()
    try_secret(qtbot, login, book[1])
    login.reject()
    assert login.session is None
    books.open_book(book[0], PASSWORD).close()


def test_the_lock_opens_the_book_of_its_session_again(look: QApplication, qtbot: QtBot, book: tuple[Path, str]) -> None:
    session = books.open_book(book[0], PASSWORD)
    session.book.suspend()
    dialog = LoginDialog(book[0], locked=session, bank="云岭惠民村镇银行", why="空闲 10 分钟，已于 14:52 锁定")
    qtbot.addWidget(dialog)
    dialog.show()
    try_secret(qtbot, dialog, "wrong-password")
    assert "密码不对" in dialog.problem.text
    with qtbot.waitSignal(dialog.accepted):
        dialog.password.setText(PASSWORD)
        dialog.submit()
    assert dialog.session is session
    assert not session.book.closed
    assert dialog.place.text() == "云岭惠民村镇银行·消保专员"
    assert dialog.why.text() == "空闲 10 分钟，已于 14:52 锁定"
    assert not dialog.other_link.isVisible()
    session.close()


@pytest.mark.parametrize(
    ("password", "again", "reason"),
    [
        ("", "", "请设一个密码，至少 8 位"),
        ("abc", "abc", "密码至少 8 位，还差 5 位"),
        ("aaaaaaaa", "aaaaaaaa", "密码里来回只有一两个字符，太容易猜到，请换一个"),
        ("liuxi-26", "", "请把密码再填一遍"),
        ("liuxi-26", "liuxi-27", "两次填的密码不一样"),
        ("liuxi-26", "liuxi-26", ""),
        ("abcdefgh", "abcdefgh", "密码是键盘上连着的字符，太容易猜到，请换一个"),
        ("12345678", "12345678", "这个密码人人都会先试，太容易猜到，请换一个；可以用一句只有您知道的话"),
    ],
)
def test_what_is_wrong_with_a_new_password(password: str, again: str, reason: str) -> None:
    assert password_problem(password, again) == reason


def test_digits_alone_are_advised_against() -> None:
    assert "全是数字" in password_advice("20261123")
    assert "很好" in password_advice("春天的河口支行-2026")


def test_names_from_what_was_pasted() -> None:
    assert branch_names("营业部\t12\n\n 城关支行 \n城关支行\n") == ("营业部", "城关支行")
    assert short_name_of("云岭惠民村镇银行股份有限公司") == "云岭惠民村镇银行"
    assert short_name_of("某某农村商业银行有限责任公司") == "某某农村商业银行"


def test_first_start_makes_a_book(look: QApplication, qtbot: QtBot, tmp_path: Path) -> None:
    window = WelcomeWindow()
    qtbot.addWidget(window)
    window.show()
    window.go_on()
    assert "银行全称" in window.bank_page.bank_field.problem.text
    window.bank_page.bank.setText("云岭惠民村镇银行股份有限公司")
    window.bank_page.branches.setPlainText("营业部\n城关支行")
    window.go_on()
    assert window.pages.currentIndex() == OFFICER
    page = window.officer_page
    page.officer.setText("周敏")
    page.first.setText(PASSWORD)
    page.second.setText(PASSWORD)
    page.use_place(tmp_path / "新 账簿")
    window.go_on()
    qtbot.waitUntil(lambda: window.pages.currentIndex() == KEY, timeout=10_000)
    assert window.session is not None
    assert window.key_panel is not None
    assert not window.next_button.isEnabled()
    for field, place in zip(window.key_panel.fields, window.key_panel.asked, strict=True):
        QTest.keyClicks(field, window.key_panel.groups[place])
    assert window.next_button.isEnabled()
    window.go_on()
    session = window.session
    assert session.user == "周敏"
    assert session.settings.short_name == "云岭惠民村镇银行"
    branch = next(item for item in session.ledgers if item.key == "branch")
    assert session.book.count(branch, Query()) == 2
    assert credentials.recovery_kept(session)
    session.close()
    recovered = books.open_book(session.directory, " ".join(window.key_panel.groups))
    recovered.close()


def test_a_folder_with_a_book_is_not_taken_again(look: QApplication, qtbot: QtBot, book: tuple[Path, str]) -> None:
    window = WelcomeWindow()
    qtbot.addWidget(window)
    page = window.officer_page
    page.officer.setText("周敏")
    page.first.setText(PASSWORD)
    page.second.setText(PASSWORD)
    page.use_place(book[0])
    assert not page.ready()
    assert "已经有一本账簿" in page.place_field.problem.text


def test_a_wrong_group_does_not_prove_the_key(look: QApplication, qtbot: QtBot) -> None:
    groups = [f"{place}{place}{place}{place}{place}{place}" for place in range(1, 9)]
    panel = RecoveryKeyPanel(" ".join(groups), KeySheet("云岭惠民村镇银行", "周敏", "2026-11-23"))
    qtbot.addWidget(panel)
    QTest.keyClicks(panel.fields[0], "000000")
    assert panel.marks[0].text() == "不一样"
    panel.fields[0].clear()
    QTest.keyClicks(panel.fields[0], groups[panel.asked[0]][:4])
    assert panel.marks[0].text() == "还差 2 位"
    assert not panel.is_proved


def test_the_key_is_printed_twice_on_a_sheet(look: QApplication, tmp_path: Path) -> None:
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "key.pdf"))
    groups = tuple(str(place) * 6 for place in range(1, 9))
    print_sheet(printer, groups, KeySheet("云岭惠民村镇银行", "周敏", "2026-11-23"))
    printed = QPdfDocument()
    printed.load(str(tmp_path / "key.pdf"))
    assert printed.pageCount() == 1
    text = printed.getAllText(0).text()
    assert all(text.count(group) == 2 for group in groups)
    printed.close()


def test_the_key_is_typed_back_with_the_keyboard_alone(
    look: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a PC without a printer too; Enter never falls on 稍后再留, and digits of a Chinese keyboard count."""
    monkeypatch.setattr("xiaobao_desktop.ui.widgets.pdf_printing.QPrinterInfo.availablePrinterNames", lambda: [])
    groups = [f"{place}{place}{place}{place}{place}{place}" for place in range(1, 9)]
    dialog = RecoveryKeyDialog(" ".join(groups), KeySheet("云岭惠民村镇银行", "周敏", "2026-11-23"))
    qtbot.addWidget(dialog)
    panel = dialog.panel
    show(dialog, 640, 480)
    panel.print_button.setFocus()
    told: list[str] = []

    def read(error: ErrorDialog) -> None:
        told.extend(error.trouble.steps)
        error.accept()

    in_dialog(ErrorDialog, read)
    press(Key.Key_Space)
    assert "抄在两张纸上" in told[0]
    dialog.activateWindow()
    assert QTest.qWaitForWindowActive(dialog)
    assert here() is panel.fields[0]
    write(groups[panel.asked[0]])
    press(Key.Key_Return)
    assert here() is panel.fields[1]
    commit("".join(chr(ord(digit) + 0xFEE0) for digit in groups[panel.asked[1]]))
    assert panel.is_proved
    assert dialog.isVisible()
