"""The re-encryption in the window: each page, giving up, the work, the old backups, and who logs in afterwards."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.services.support import pdf_text
from tests.ui.conftest import NOW, PASSWORD
from xiaobao_desktop.domain.roles import Role
from xiaobao_desktop.services import anchors, backup_places, backups, books, credentials, reencrypting, restoring, users
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.layout import KEY_FILE
from xiaobao_desktop.ui.dialogs import old_copies, reencrypt
from xiaobao_desktop.ui.dialogs.login import LoginDialog
from xiaobao_desktop.ui.dialogs.old_copies import DropDialog
from xiaobao_desktop.ui.dialogs.reencrypt import ReencryptDialog
from xiaobao_desktop.ui.dialogs.start_passwords import print_slips
from xiaobao_desktop.ui.main_window import MainWindow
from xiaobao_desktop.ui.pages.settings_page import SettingsPage
from xiaobao_desktop.ui.pages.settings_panels import PasswordPanel
from xiaobao_desktop.ui.tasks import tasks

NEW_PASSWORD, READER = "zhoumin-2027", "赵行长"


@pytest.fixture
def dialog(look: QApplication, qtbot: QtBot, session: Session) -> ReencryptDialog:
    users.add(session, PASSWORD, READER, Role.READER, "hangzhang-2026")
    backups.backup(session, backup_places.own_folder(session))
    made = ReencryptDialog(session, reencrypting.look(session))
    qtbot.addWidget(made)
    made.show()
    return made


def filled(qtbot: QtBot, dialog: ReencryptDialog, password: str = PASSWORD) -> None:
    """Fill the page of the passwords and go on."""
    dialog.go_on()
    person = dialog.person
    for field, text in (
        (person.old, password),
        (person.first, NEW_PASSWORD),
        (person.second, NEW_PASSWORD),
        (person.reason, "U 盘丢失"),
    ):
        field.setText(text)
    dialog.go_on()
    qtbot.waitUntil(lambda: not dialog.busy, timeout=30_000)


def prove(dialog: ReencryptDialog) -> None:
    """Type the two asked groups of the key, and tick that the slips are there."""
    panel = dialog.key_panel
    assert panel is not None
    assert not dialog.next_button.isEnabled()
    for place, field in zip(panel.asked, panel.fields, strict=True):
        field.setText(panel.groups[place])
        field.textEdited.emit(field.text())
    dialog.go_on()
    assert dialog.pages.currentIndex() == reencrypt.STARTS
    assert not dialog.next_button.isEnabled()
    assert dialog.start_panel is not None
    dialog.start_panel.kept.setChecked(True)


def test_what_is_missing_or_wrong_is_said_at_the_field(
    qtbot: QtBot, dialog: ReencryptDialog, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (session.directory / KEY_FILE).read_bytes()
    dialog.go_on()
    dialog.go_on()
    person = dialog.person
    assert person.old_field.problem.text == "请填现在的密码"
    assert person.first_field.problem.text.startswith("请设一个密码")
    assert person.reason_field.problem.text == "请写明原因"
    filled(qtbot, dialog, "not the password")
    assert "密码不对" in person.old_field.problem.text
    person.old.setText(NEW_PASSWORD)
    dialog.go_on()
    assert person.first_field.problem.text.startswith("新密码不能和现在的一样")
    filled(qtbot, dialog)
    assert dialog.pages.currentIndex() == reencrypt.KEY
    asked: list[str] = []

    def answer(_parent: object, title: str, *_words: str, **_more: object) -> bool:
        asked.append(title)
        return len(asked) > 1

    monkeypatch.setattr(reencrypt, "confirm", answer)
    dialog.reject()
    assert asked == ["不重新加密了？"]
    assert dialog.isVisible(), "it was taken back"
    dialog.reject()
    assert not dialog.isVisible()
    assert (session.directory / KEY_FILE).read_bytes() == before


def test_the_whole_way_and_the_old_backups(
    qtbot: QtBot, dialog: ReencryptDialog, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(qtbot, dialog)
    prove(dialog)
    assert dialog.ready is not None
    (start,) = dialog.ready.starts
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "条子.pdf"))
    print_slips(printer, [start], session.settings.bank)
    # Qt leaves digits out of the text of its PDF; on the paper they are.
    slip = pdf_text(tmp_path / "条子.pdf")
    assert re.sub("[0-9]", "", start.password) in slip
    assert "赵行长（查阅）" in slip
    dialog.go_on()
    assert dialog.pages.currentIndex() == reencrypt.WORK
    qtbot.waitUntil(lambda: not dialog.busy, timeout=30_000)
    assert dialog.pages.currentIndex() == reencrypt.DONE
    assert "以后用新密码打开" in dialog.result_page.good.words.text()
    assert credentials.recovery_kept(session)
    (old,) = dialog.old.shown
    assert not dialog.old.drop_button.isEnabled()
    dialog.old.choose_all()

    def answer(question: DropDialog) -> DropDialog.DialogCode:
        question.accept()
        assert question.result() != DropDialog.DialogCode.Accepted, "what is asked for must be typed"
        question.confirmation.setText("删除1份")
        return DropDialog.DialogCode.Accepted

    monkeypatch.setattr(old_copies.DropDialog, "exec", answer)
    dialog.old.drop()
    assert dialog.old.shown == ()
    assert not old.path.exists()
    dialog.go_on()
    assert dialog.done_with is not None
    # Who was not there logs in with the slip and sets a password first.
    directory = session.directory
    session.close()
    login = LoginDialog(directory)
    qtbot.addWidget(login)
    login.show()
    login.use_person(READER)
    login.password.setText(start.password)
    login.submit()
    qtbot.waitUntil(lambda: login.pages.currentIndex() == 1, timeout=30_000)
    assert login.new_password.title.text() == "请设一个只有自己知道的密码"
    for own, ends in ((start.password, False), ("zhao-lao-2027", True)):
        login.new_password.first.setText(own)
        login.new_password.second.setText(own)
        login.new_password.save_button.click()
        qtbot.waitUntil(lambda: not login.busy, timeout=30_000)
        assert (login.session is not None) == ends
    assert login.session is not None
    assert (login.session.user, login.session.role) == (READER, Role.READER)
    login.session.close()


def test_it_can_be_cancelled_while_it_works(qtbot: QtBot, dialog: ReencryptDialog, session: Session) -> None:
    before = (session.directory / KEY_FILE).read_bytes()
    filled(qtbot, dialog)
    prove(dialog)
    dialog.go_on()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not dialog.busy, timeout=30_000)
    assert dialog.pages.currentIndex() == reencrypt.PASSWORD
    assert dialog.person.stopped.words.text().startswith("已停下，没有重新加密")
    assert (session.directory / KEY_FILE).read_bytes() == before
    dialog.reject()
    assert not dialog.isVisible()


@pytest.fixture
def window(look: QApplication, session: Session) -> Iterator[MainWindow]:
    made = MainWindow(session)
    made.resize(1092, 540)
    made.show()
    look.processEvents()
    yield made
    if tasks.cache_info().currsize:
        tasks().close()
    made.hide()
    made.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def test_an_old_backup_brought_back_is_told_above_every_page(session: Session, window: MainWindow) -> None:
    old = backups.backup(session, backup_places.own_folder(session))
    ready = reencrypting.prepare(session, PASSWORD, NEW_PASSWORD, "U 盘丢失")
    reencrypting.carry_out(session, ready)
    window.show_page("settings")
    page = window.page("settings")
    assert isinstance(page, SettingsPage)
    panel = page.open_tab("password")
    assert isinstance(panel, PasswordPanel)
    assert panel.old_copies_button.isVisible()
    window.notices.look_at_key()
    assert window.notices.retired.title() == ""
    restoring.restore_into(session, old, PASSWORD)
    window.notices.look_at_key()
    assert window.notices.retired.title() == "这本账簿用的是已经作废的旧密钥"
    assert anchors.retired_at(session) == NOW
    assert books.needs_password(session.directory)
