"""The data page: backup and restore with real files, checking the book, and what is told when it fails."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from tests.ui.conftest import PASSWORD, AddComplaint
from xiaobao_desktop.domain.fields import Record
from xiaobao_desktop.services import backup_places
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.query import Query
from xiaobao_desktop.ui.bus import bus
from xiaobao_desktop.ui.dialogs.backup_restore import RestoreDialog
from xiaobao_desktop.ui.pages.data_page import DataPage


@pytest.fixture(autouse=True)
def defects_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    """A defect fails the test instead of waiting in its dialog."""

    def fail(error: BaseException, **_words: object) -> None:
        raise error

    monkeypatch.setattr("xiaobao_desktop.ui.dialogs.error_dialog.show_bug", fail)


@pytest.fixture
def page(look: QApplication, qtbot: QtBot, session: Session) -> DataPage:
    made = DataPage(session)
    qtbot.addWidget(made)
    made.resize(1000, 600)
    made.show()
    idle(qtbot, made)
    return made


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Messages that would have been shown in the dialog of trouble."""
    messages: list[str] = []
    for place in ("pages.data_page", "dialogs.error_dialog"):
        monkeypatch.setattr(
            f"xiaobao_desktop.ui.{place}.show_user_error", lambda error, _parent: messages.append(error.message)
        )
    return messages


def idle(qtbot: QtBot, page: DataPage) -> None:
    qtbot.waitUntil(lambda: not page.busy and not page.looking, timeout=30_000)


def complaints(session: Session) -> int:
    ledger = next(item for item in session.ledgers if item.key == "complaint")
    return session.book.count(ledger, Query())


def test_at_first_the_missing_backup_is_said(page: DataPage) -> None:
    assert page.backup_notice.isVisible()
    assert "还没有备份过" in page.backup_notice.words.text()
    assert page.own_backup.text() == "这台电脑上：还没有，改动后自动做"


def test_a_backup_is_made_shown_and_remembered(
    qtbot: QtBot, page: DataPage, session: Session, other_disk: Path
) -> None:
    page.back_up(other_disk / "U 盘")
    idle(qtbot, page)
    assert backup_places.chosen_folder(session) == other_disk / "U 盘"
    found = backup_places.latest(other_disk / "U 盘")
    assert found is not None
    assert found.path.name in page.last_backup.text()
    assert "2026-11-23 09:41" in page.last_backup.text()
    assert not page.backup_notice.isVisible()


def test_a_stick_that_is_gone_is_said(qtbot: QtBot, page: DataPage, tmp_path: Path) -> None:
    page.back_up(tmp_path / "U 盘")
    idle(qtbot, page)
    (tmp_path / "U 盘").rename(tmp_path / "weg")
    page.hide()
    page.show()
    idle(qtbot, page)
    assert "现在找不到这个位置" in page.backup_notice.words.text()


def test_a_backup_that_cannot_be_written_is_told(qtbot: QtBot, page: DataPage, tmp_path: Path, told: list[str]) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    page.back_up(tmp_path / "file")
    idle(qtbot, page)
    assert len(told) == 1
    assert page.backup_button.isEnabled()


def test_backup_then_restore_brings_the_old_state_back(
    qtbot: QtBot,
    page: DataPage,
    session: Session,
    tmp_path: Path,
    cases: dict[str, Record],
    add_complaint: AddComplaint,
) -> None:
    page.back_up(tmp_path)
    idle(qtbot, page)
    add_complaint("2026-11-21", "后来的")
    assert complaints(session) == len(cases) + 1
    file = backup_places.latest(tmp_path)
    assert file is not None
    news: list[tuple[tuple[str, int], ...]] = []
    bus().changed.connect(news.append)
    page.restore_file(file.path, PASSWORD)
    idle(qtbot, page)
    bus().changed.disconnect(news.append)
    assert complaints(session) == len(cases), "the session goes on with the restored book"
    assert session.user == "周敏"
    assert {key for key, _record in news[0]} == {ledger.key for ledger in session.ledgers}
    aside = [path for path in session.directory.iterdir() if path.name.startswith("replaced-")]
    assert len(aside) == 1
    assert page.toast.text().endswith("原来的账簿在“另存的旧账簿”里"), "no name of a folder, but where it is seen"
    add_complaint("2026-11-22", "恢复以后")
    assert complaints(session) == len(cases) + 1


def test_a_wrong_password_restores_nothing(
    qtbot: QtBot, page: DataPage, session: Session, tmp_path: Path, cases: dict[str, Record], told: list[str]
) -> None:
    page.back_up(tmp_path)
    idle(qtbot, page)
    file = backup_places.latest(tmp_path)
    assert file is not None
    page.restore_file(file.path, "wrong-password")
    idle(qtbot, page)
    assert told == ["没有恢复：备份的密码不对。现在的账簿没有改动。请用做备份那天的密码再试，或用恢复密钥。"]
    assert complaints(session) == len(cases), "the present book is still open"


def test_a_damaged_backup_restores_nothing(
    qtbot: QtBot, page: DataPage, session: Session, tmp_path: Path, cases: dict[str, Record], told: list[str]
) -> None:
    page.back_up(tmp_path)
    idle(qtbot, page)
    file = backup_places.latest(tmp_path)
    assert file is not None
    content = bytearray(file.path.read_bytes())
    content[len(content) // 2] ^= 1
    file.path.write_bytes(bytes(content))
    page.restore_file(file.path, PASSWORD)
    idle(qtbot, page)
    assert len(told) == 1
    assert "不能用" in told[0]
    assert complaints(session) == len(cases)


def test_checking_the_book_lists_its_findings(qtbot: QtBot, page: DataPage, cases: dict[str, Record]) -> None:
    page.verify()
    idle(qtbot, page)
    assert page.verdict.text().endswith("项检查都正常")
    assert page.check_card.findings.count() >= 4


def test_the_restore_asks_for_the_password(look: QApplication, qtbot: QtBot) -> None:
    dialog = RestoreDialog(Path("x.xbbak"), needs_password=True)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.yes_button.click()
    assert dialog.isVisible()
    assert dialog.problem.text == "请输入备份时的密码"
    dialog.password.setText("abc")
    dialog.yes_button.click()
    assert not dialog.isVisible()
    assert dialog.secret == "abc"


def test_the_keyboard_comes_back_to_the_button_that_was_pressed(qtbot: QtBot, page: DataPage) -> None:
    page.activateWindow()
    page.verify_button.setFocus()
    QTest.keyClick(page.verify_button, Qt.Key.Key_Space)
    assert not page.verify_button.hasFocus()
    idle(qtbot, page)
    assert page.verify_button.hasFocus()


def test_enter_after_the_password_goes_on(look: QApplication, qtbot: QtBot) -> None:
    dialog = RestoreDialog(Path("x.xbbak"), needs_password=True)
    qtbot.addWidget(dialog)
    dialog.show()
    QTest.keyClicks(dialog.password, "abc")
    QTest.keyClick(dialog.password, Qt.Key.Key_Return)
    assert not dialog.isVisible()
    assert dialog.result() == RestoreDialog.DialogCode.Accepted


def test_an_import_covers_the_cards_and_goes_away(page: DataPage, session: Session) -> None:
    opened = page.begin_import(session.ledgers[0])
    assert page.stack.currentWidget() is opened
    opened.closed.emit()
    assert page.import_page is None
    assert page.stack.currentIndex() == 0


def test_after_a_restore_the_book_that_came_back_is_checked(qtbot: QtBot, page: DataPage, tmp_path: Path) -> None:
    page.back_up(tmp_path / "U 盘")
    idle(qtbot, page)
    page.verify()
    idle(qtbot, page)
    assert page.verdict.isVisible()
    file = backup_places.latest(tmp_path / "U 盘")
    assert file is not None
    page.restore_file(file.path, PASSWORD)
    idle(qtbot, page)
    assert page.verdict.text().endswith("项检查都正常"), "the restored book was checked at once"
    said = "".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())
    assert "上次备份" in said
    assert "还没有备份" not in said


def test_the_keyboard_stays_where_it_was_while_something_is_under_way(qtbot: QtBot, page: DataPage) -> None:
    first = next(iter(page.import_buttons.values()))
    first.setFocus()
    page.verify()
    idle(qtbot, page)
    assert page.window().focusWidget() is first
