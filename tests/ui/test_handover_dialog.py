"""The hand-over in the window: each page, giving up, and a successor who goes on working."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.conftest import PASSWORD
from xiaobao_desktop.services import backup_places, books, credentials
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.layout import KEY_FILE
from xiaobao_desktop.ui.dialogs import handover as handover_dialog
from xiaobao_desktop.ui.dialogs.handover import KEY, LIST, SUCCESSOR, HandoverDialog
from xiaobao_desktop.ui.main_window import MainWindow
from xiaobao_desktop.ui.pages.settings_page import SettingsPage

NEW_PASSWORD = "lijing-2026"


@pytest.fixture
def dialog(look: QApplication, qtbot: QtBot, session: Session) -> HandoverDialog:
    made = HandoverDialog(session)
    qtbot.addWidget(made)
    made.show()
    return made


def filled(qtbot: QtBot, dialog: HandoverDialog, password: str = PASSWORD) -> None:
    """Fill the first page and go on."""
    person = dialog.person
    for field, text in (
        (person.old, password),
        (person.name, "李静"),
        (person.first, NEW_PASSWORD),
        (person.second, NEW_PASSWORD),
    ):
        field.setText(text)
    dialog.go_on()
    qtbot.waitUntil(lambda: not dialog.busy, timeout=30_000)


def prove(dialog: HandoverDialog) -> None:
    """Type the two asked groups of the key."""
    panel = dialog.key_panel
    assert panel is not None
    for place, field in zip(panel.asked, panel.fields, strict=True):
        field.setText(panel.groups[place])
        field.textEdited.emit(field.text())


def test_what_is_missing_is_said_at_the_field(dialog: HandoverDialog) -> None:
    dialog.go_on()
    person = dialog.person
    assert person.old_field.problem.text == "请填移交人现在的密码"
    assert person.name_field.problem.text.startswith("请填接手人的姓名")
    assert person.first_field.problem.text.startswith("请设一个密码")
    person.name.setText("周敏")
    dialog.go_on()
    assert person.name_field.problem.text.startswith("接手人不能是移交人自己")
    assert dialog.pages.currentIndex() == SUCCESSOR


def test_a_wrong_password_is_said_and_nothing_is_changed(
    qtbot: QtBot, dialog: HandoverDialog, session: Session
) -> None:
    before = (session.directory / KEY_FILE).read_bytes()
    filled(qtbot, dialog, "not the password")
    assert dialog.pages.currentIndex() == SUCCESSOR
    assert "密码不对" in dialog.person.old_field.problem.text
    assert (session.directory / KEY_FILE).read_bytes() == before


def test_giving_up_on_any_page_changes_nothing(
    qtbot: QtBot, dialog: HandoverDialog, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, anchor = (session.directory / KEY_FILE).read_bytes(), session.book.anchor()
    filled(qtbot, dialog)
    assert dialog.pages.currentIndex() == LIST
    assert "未办结的投诉：0 件" in dialog.list_page.lines.text()
    dialog.go_on()
    assert dialog.pages.currentIndex() == KEY
    assert not dialog.next_button.isEnabled()
    prove(dialog)
    assert dialog.next_button.isEnabled()
    asked: list[str] = []

    def answer(_parent: object, title: str, *_words: str, **_more: object) -> bool:
        asked.append(title)
        return len(asked) > 1

    monkeypatch.setattr(handover_dialog, "confirm", answer)
    dialog.cancel_button.click()
    assert dialog.isVisible(), "she goes on after all"
    dialog.cancel_button.click()
    assert not dialog.isVisible()
    assert asked == ["不交接了？"] * 2
    assert ((session.directory / KEY_FILE).read_bytes(), session.book.anchor()) == (before, anchor)


def test_the_successor_goes_on_in_the_open_window(
    look: QApplication, qtbot: QtBot, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = MainWindow(session)
    qtbot.addWidget(window)
    window.show()
    window.show_page("settings")
    page = window.current_page()
    assert isinstance(page, SettingsPage)
    panel = page.open_tab("password")

    def hand_over(dialog: HandoverDialog) -> int:
        filled(qtbot, dialog)
        dialog.go_on()
        prove(dialog)
        dialog.go_on()
        qtbot.waitUntil(lambda: not dialog.busy, timeout=30_000)
        return dialog.result()

    monkeypatch.setattr(HandoverDialog, "exec", hand_over)
    panel.handover_button.click()  # type: ignore[attr-defined]
    assert session.user == "李静"
    assert window.sidebar._officer.text() == "李静"
    assert page.toast.text() == "已交接给李静，以后用新密码打开"
    assert credentials.recovery_kept(session)
    assert credentials.users(session.directory) == ("李静",)
    assert not backup_places.changed(session), "a backup with the new keys was made at once"
    window.close()
    directory = session.directory
    session.close()
    books.open_book(directory, NEW_PASSWORD).close()
