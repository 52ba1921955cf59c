"""Settings: names saved and asked for when leaving, look, password, recovery key, licences."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QPlainTextEdit
from pytestqt.qtbot import QtBot

from tests.ui.conftest import PASSWORD
from tests.ui.dialogs import answer, in_dialog
from xiaobao_desktop import libraries, resources
from xiaobao_desktop.services import books, credentials
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui.bus import bus
from xiaobao_desktop.ui.pages.ledger_page import LedgerPage
from xiaobao_desktop.ui.pages.settings_about import AboutPanel, LicenceDialog
from xiaobao_desktop.ui.pages.settings_page import ABOUT, BANK, LOOK, SettingsPage
from xiaobao_desktop.ui.pages.settings_page import PASSWORD as PASSWORD_TAB
from xiaobao_desktop.ui.pages.settings_panels import BankPanel, LookPanel, PasswordPanel


@pytest.fixture(autouse=True)
def defects_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    """A defect fails the test instead of waiting in its dialog."""

    def fail(error: BaseException, **_words: object) -> None:
        raise error

    monkeypatch.setattr("xiaobao_desktop.ui.pages.settings_panels.show_bug", fail)


@pytest.fixture
def page(look: QApplication, qtbot: QtBot, session: Session) -> SettingsPage:
    made = SettingsPage(session)
    qtbot.addWidget(made)
    made.resize(1000, 600)
    made.show()
    return made


def bank(page: SettingsPage) -> BankPanel:
    panel = page.open_tab(BANK)
    assert isinstance(panel, BankPanel)
    return panel


def test_names_are_saved_and_the_window_is_told(qtbot: QtBot, page: SettingsPage, session: Session) -> None:
    panel = bank(page)
    assert not panel.save_button.isEnabled()
    panel.editors["addressee"].setText("董事会消费者权益保护委员会")  # type: ignore[union-attr]
    assert page.has_unsaved()
    with qtbot.waitSignal(bus().settings_changed):
        panel.save_button.click()
    assert session.settings.addressee == "董事会消费者权益保护委员会"
    assert session.book.setting("addressee") == "董事会消费者权益保护委员会"
    assert not page.has_unsaved()
    assert not panel.save_button.isEnabled()


def test_the_bank_must_have_a_name(page: SettingsPage, session: Session) -> None:
    panel = bank(page)
    panel.editors["bank"].setText(" ")  # type: ignore[union-attr]
    assert not panel.save()
    assert "银行全称" in panel.fields["bank"].problem.text
    assert session.settings.bank == "云岭惠民村镇银行"


@pytest.mark.parametrize("gives_up", [True, False])
def test_leaving_with_changes_asks(page: SettingsPage, gives_up: bool) -> None:
    answer("放弃" if gives_up else "继续填写")
    panel = bank(page)
    panel.editors["reviewer"].setText("王建国")  # type: ignore[union-attr]
    assert page.may_leave() is gives_up
    assert page.has_unsaved() is not gives_up


def test_lists_are_tabs(page: SettingsPage) -> None:
    panel = page.open_tab("branch")
    assert isinstance(panel, LedgerPage)
    assert page.status_text().startswith("2 个")


def test_the_keyboard_goes_with_a_tab_chosen_by_mouse(page: SettingsPage, qtbot: QtBot) -> None:
    page.activateWindow()
    first, other = (page.tabs.findChildren(QAbstractButton)[place] for place in (0, 3))
    first.setFocus()
    qtbot.waitUntil(first.hasFocus)
    QTest.mouseClick(other, Qt.MouseButton.LeftButton)
    assert other.hasFocus(), "the frame of the keyboard would stay around a tab that is not open"
    assert page.tabs.current() == "rules"


def test_the_look_is_kept(page: SettingsPage, session: Session) -> None:
    panel = page.open_tab(LOOK)
    assert isinstance(panel, LookPanel)
    panel.use("theme", "dark")
    panel.use("row_height", "compact")
    assert (session.settings.theme, session.settings.row_height) == ("dark", "compact")


def password_panel(page: SettingsPage) -> PasswordPanel:
    panel = page.open_tab(PASSWORD_TAB)
    assert isinstance(panel, PasswordPanel)
    return panel


def test_the_password_is_changed(qtbot: QtBot, page: SettingsPage, session: Session) -> None:
    panel = password_panel(page)
    panel.old.setText(PASSWORD)
    panel.first.setText("neues-2027")
    panel.second.setText("neues-2027")
    with qtbot.waitSignal(panel.done):
        panel.save_button.click()
    credentials.check_secret(session.directory, "neues-2027")
    with pytest.raises(Exception, match="密码不对"):
        credentials.check_secret(session.directory, PASSWORD)


def test_a_wrong_old_password_changes_nothing(qtbot: QtBot, page: SettingsPage, session: Session) -> None:
    panel = password_panel(page)
    panel.old.setText("wrong-password")
    panel.first.setText("neues-2027")
    panel.second.setText("neues-2027")
    panel.save_button.click()
    qtbot.waitUntil(lambda: bool(panel.old_field.problem.text), timeout=10_000)
    assert "密码没有改" in panel.old_field.problem.text
    credentials.check_secret(session.directory, PASSWORD)


def test_a_new_recovery_key_replaces_the_old(
    qtbot: QtBot, page: SettingsPage, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel = password_panel(page)
    assert panel.recovery_notice.isVisible(), "the to-do stays red until the key lies on paper"
    shown: list[str] = []

    def keep(key: str, _sheet: object, _parent: object) -> QDialog:
        shown.append(key)
        dialog = QDialog()
        dialog.exec = lambda: QDialog.DialogCode.Accepted  # type: ignore[method-assign]
        return dialog

    monkeypatch.setattr("xiaobao_desktop.ui.pages.settings_panels.RecoveryKeyDialog", keep)
    panel.renew(PASSWORD)
    qtbot.waitUntil(lambda: bool(shown), timeout=10_000)
    qtbot.waitUntil(lambda: credentials.recovery_kept(session), timeout=10_000)
    assert not panel.recovery_notice.isVisible()
    credentials.check_secret(session.directory, shown[0])


def test_the_demo_book_has_no_password(look: QApplication, qtbot: QtBot, tmp_path: Path) -> None:
    demo, _key = books.create_book(
        tmp_path / "demo", bank="演示银行", officer="周敏", password="", open_without_password=True
    )
    page = SettingsPage(demo)
    qtbot.addWidget(page)
    page.show()
    panel = password_panel(page)
    assert not panel.save_button.isEnabled()
    assert panel.demo_note.isVisible()
    assert not panel.recovery_notice.isVisible()
    demo.close()


def test_licences_can_be_read(qtbot: QtBot, page: SettingsPage) -> None:
    assert isinstance(page.open_tab(ABOUT), AboutPanel)
    faces = resources.json_data("fonts", "fonts.json")["faces"].values()
    for file in {face["licence_file"] for face in faces}:
        assert len(resources.text("fonts", file)) > 200
    assert all(len(item.text()) > 150 for item in libraries.libraries())
    panel = page.panel(ABOUT)
    assert isinstance(panel, AboutPanel)
    read: list[str] = []

    def read_and_close(dialog: LicenceDialog) -> None:
        view = dialog.findChild(QPlainTextEdit)
        assert view is not None
        read.append(view.toPlainText())
        dialog.accept()

    for name in ("Lucide 图标", "PySide6", "pdfrw"):
        in_dialog(LicenceDialog, read_and_close)
        panel.links[name].click()
    lucide, pyside, pdfrw = read
    assert "ISC" in lucide
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in pyside
    assert "GNU GENERAL PUBLIC LICENSE" in pyside
    assert "Patrick Maupin" in pdfrw


def test_every_library_we_ship_is_named() -> None:
    import tomllib

    project = tomllib.loads((Path(__file__).resolve().parents[2] / "pyproject.toml").read_text(encoding="utf-8"))
    named = {item.package.lower() for item in libraries.libraries()}
    wanted = {text.split("==")[0].lower() for text in project["project"]["dependencies"]}
    assert wanted - named == set()
