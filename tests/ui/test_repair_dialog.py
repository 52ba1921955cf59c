"""The window's way out of a damaged book: told, examined, compared, mended."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from tests.services.support import COMPLAINT, PASSWORD, Clock, a_complaint, new_book
from tests.store.books import QUICK
from xiaobao_desktop.services import backups, books, health, records
from xiaobao_desktop.store.errors import BookDamaged
from xiaobao_desktop.store.layout import BACKUPS, BOOK_FILE
from xiaobao_desktop.store.query import Query
from xiaobao_desktop.ui.book_check import BookCheck
from xiaobao_desktop.ui.dialogs.confirm import ConfirmDialog
from xiaobao_desktop.ui.dialogs.login import LoginDialog
from xiaobao_desktop.ui.dialogs.repair_dialog import RepairDialog
from xiaobao_desktop.ui.pages.data_check import CheckCard
from xiaobao_desktop.ui.tasks import tasks


@pytest.fixture
def damaged(tmp_path: Path) -> Path:
    """A closed book with a password, a backup and a later record, whose first page is damaged."""
    session, _recovery = books.create_book(
        tmp_path / "book", bank="样本农商银行", officer="王芳", password=PASSWORD, clock=Clock(), cost=QUICK
    )
    records.save(session, COMPLAINT, a_complaint())
    backups.backup(session, tmp_path / "book" / BACKUPS)
    records.save(session, COMPLAINT, a_complaint(phone="13900000001"))
    session.close()
    file = tmp_path / "book" / BOOK_FILE
    content = bytearray(file.read_bytes())
    content[2000] ^= 1
    file.write_bytes(content)
    return tmp_path / "book"


def words(dialog: RepairDialog) -> str:
    """Everything the dialog says."""
    return "\n".join(found.text() for found in dialog.findChildren(QLabel))


def test_a_damaged_book_is_examined_and_mended(qtbot: QtBot, damaged: Path) -> None:
    with pytest.raises(BookDamaged):
        books.open_book(damaged, PASSWORD)
    dialog = RepairDialog(damaged, "有的页读出来和写进去的不一样。", clock=Clock())
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.examine_button.click()
    assert "请输入账簿的密码" in words(dialog)
    dialog.password.setText("不是这个")
    dialog.examine_button.click()
    qtbot.waitUntil(lambda: "密码不对" in words(dialog))
    dialog.password.setText(PASSWORD)
    dialog.examine_button.click()
    qtbot.waitUntil(lambda: dialog.examined is not None and dialog.rescued_button.isEnabled())
    assert "只有救出的账簿里有：1 件" in words(dialog)
    assert "建议用救出的账簿" in words(dialog)
    assert dialog.backup_button.isVisible()
    dialog.rescued_button.click()
    qtbot.waitUntil(lambda: dialog.session is not None)
    assert dialog.session is not None
    with dialog.session.book as book:
        assert book.count(COMPLAINT, Query()) == 2
        assert all(finding.ok for finding in book.verify())


def test_the_backup_can_be_chosen_instead(qtbot: QtBot, damaged: Path) -> None:
    dialog = RepairDialog(damaged, "", clock=Clock(), secret=PASSWORD)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.examine_button.click()
    qtbot.waitUntil(lambda: dialog.examined is not None and dialog.backup_button.isEnabled())
    dialog.backup_button.click()
    qtbot.waitUntil(lambda: dialog.session is not None)
    assert dialog.session is not None
    with dialog.session.book as book:
        assert book.count(COMPLAINT, Query()) == 1
        assert all(finding.ok for finding in book.verify())


class Driver(QObject):
    """Answers the dialogs of a repair as an officer does who takes what is advised."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)
        self._timer.start(20)

    def _look(self) -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, ConfirmDialog):
            self.said.append(dialog.windowTitle())
            dialog.yes_button.click()
        elif isinstance(dialog, RepairDialog):
            if dialog.examined is None and dialog.examine_button.isEnabled():
                dialog.password.setText(PASSWORD)
                dialog.examine_button.click()
            elif dialog.examined is not None and dialog.rescued_button.isEnabled():
                self.said.append(words(dialog))
                dialog.rescued_button.click()


def test_logging_in_to_a_damaged_book_leads_to_the_mended_one(qtbot: QtBot, damaged: Path) -> None:
    driver = Driver()
    login = LoginDialog(damaged)
    qtbot.addWidget(login)
    login.show()
    login.password.setText(PASSWORD)
    login.submit()
    qtbot.waitUntil(lambda: login.session is not None)
    assert "建议用救出的账簿" in driver.said[-1]
    assert login.session is not None
    assert login.session.book.count(COMPLAINT, Query()) == 2
    login.session.close()


def test_damage_found_while_the_window_is_open_is_mended_and_the_work_goes_on(qtbot: QtBot, tmp_path: Path) -> None:
    session, _recovery = books.create_book(
        tmp_path / "book", bank="样本农商银行", officer="王芳", password=PASSWORD, clock=Clock(), cost=QUICK
    )
    records.save(session, COMPLAINT, a_complaint())
    session.book.broken_pages()
    with (tmp_path / "book" / BOOK_FILE).open("r+b") as stream:
        stream.seek(9 * 4096 + 50)
        stream.write(b"no page of ours")
    driver, window = Driver(), QLabel()
    qtbot.addWidget(window)
    window.show()
    check = BookCheck(session, window)
    with qtbot.waitSignal(check.found) as signal:
        check.run()
    assert signal.args[0].broken == 1
    qtbot.waitUntil(
        lambda: len(driver.said) == 2 and not session.book.closed and session.book.count(COMPLAINT, ALL) == 1
    )
    records.save(session, COMPLAINT, a_complaint(phone="13900000005"))
    assert all(finding.ok for finding in session.book.verify())
    assert window.isVisible()
    session.close()


ALL = Query()


def test_the_check_after_the_start_notices_damage_and_a_week(qtbot: QtBot, tmp_path: Path) -> None:
    clock = Clock()
    session, _recovery = books.create_book(
        tmp_path / "book", bank="样本农商银行", officer="王芳", password=PASSWORD, clock=clock, cost=QUICK
    )
    records.save(session, COMPLAINT, a_complaint())
    assert health.full_check_due(session)
    assert health.full_check(session).sound
    assert not health.full_check_due(session)
    clock.move(days=8)
    assert health.full_check_due(session)
    window = QLabel()
    qtbot.addWidget(window)
    check = BookCheck(session, window)
    with qtbot.waitSignal(check.found) as signal:
        check.run()
    assert signal.args[0].sound
    assert not health.full_check_due(session)
    file = session.directory / BOOK_FILE
    # The log goes into the file when the check begins: damage what lies there already.
    with file.open("r+b") as stream:
        stream.seek(7 * 4096 + 100)
        byte = stream.read(1)
        stream.seek(7 * 4096 + 100)
        stream.write(bytes([byte[0] ^ 1]))
    assert health.quick_check(session).broken == 1
    session.close()


def test_a_weekly_check_without_room_is_told_once_and_tried_on_the_next_day(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock()
    session = new_book(tmp_path / "book", clock)
    assert health.full_check(session).sound
    assert health.told(session) == f"每周自动完整检查，上次：{clock.now:%Y-%m-%d}"
    clock.move(days=8)
    window = QLabel()
    qtbot.addWidget(window)
    check, card = BookCheck(session, window), CheckCard(session)
    qtbot.addWidget(card)
    told: list[str] = []
    check.skipped.connect(told.append)
    with monkeypatch.context() as full:
        full.setattr("shutil.disk_usage", lambda _path: type("Usage", (), {"free": 20 * 1024 * 1024})())
        check.run()
        qtbot.waitUntil(lambda: bool(told))
        card.refresh()
        assert "本周未能检查：磁盘空间不足，需要 3" in card.weekly.text()
        assert not health.full_check_due(session), "not again on the same day"
        clock.move(days=1)
        assert health.full_check_due(session)
        check.run()
        qtbot.waitUntil(lambda: not health.full_check_due(session) and not tasks().busy)
    assert len(told) == 1
    clock.move(days=1)
    with qtbot.waitSignal(check.found) as signal:
        check.run()
    assert signal.args[0].sound
    card.refresh()
    assert "未能检查" not in card.weekly.text()
    session.close()
