"""Backups while the program runs and when it ends: made by themselves, offered for the stick, skipped, refused."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.services.support import Clock, a_complaint, new_book
from xiaobao_desktop.domain.ledgers import ledger
from xiaobao_desktop.services import backup_places, records
from xiaobao_desktop.services.backups import BackupKind
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store import space
from xiaobao_desktop.ui.auto_backup import AutoBackup
from xiaobao_desktop.ui.dialogs import closing_backup
from xiaobao_desktop.ui.dialogs.closing_backup import ClosingBackupDialog
from xiaobao_desktop.ui.tasks import tasks


@pytest.fixture
def session(look: QApplication, tmp_path: Path) -> Iterator[Session]:
    opened = new_book(tmp_path / "book", Clock())
    yield opened
    if tasks.cache_info().currsize:
        tasks().close()
    opened.close()


@pytest.fixture
def made(qtbot: QtBot, session: Session) -> ClosingBackupDialog:
    dialog = ClosingBackupDialog(session)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def through(qtbot: QtBot, dialog: ClosingBackupDialog) -> None:
    qtbot.waitUntil(lambda: not dialog.working, timeout=30_000)


def files(folder: Path) -> int:
    return len(list(folder.glob("*.xbbak")))


def change(session: Session) -> None:
    records.save(session, ledger("complaint"), a_complaint())


def test_it_backs_up_and_goes_by_itself(qtbot: QtBot, session: Session, made: ClosingBackupDialog) -> None:
    assert made.title.text() == "正在备份…"
    assert made.progress.isVisible()
    through(qtbot, made)
    assert not made.isVisible()
    assert made.result() == ClosingBackupDialog.DialogCode.Accepted
    assert not backup_places.changed(session)


def test_nothing_is_shown_when_nothing_changed(
    session: Session, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    shown: list[object] = []
    monkeypatch.setattr(ClosingBackupDialog, "exec", lambda self: shown.append(self))
    closing_backup.back_up_at_end(session)
    assert len(shown) == 1
    backup_places.back_up_if_changed(session)
    closing_backup.back_up_at_end(session)
    assert len(shown) == 1
    backup_places.choose_folder(session, tmp_path / "U 盘")
    backup_places.back_up_if_changed(session)
    closing_backup.back_up_at_end(session)
    assert len(shown) == 2, "the stick may be there now"


def test_a_stick_that_is_there_is_offered_and_may_be_pulled_afterwards(
    qtbot: QtBot, session: Session, tmp_path: Path
) -> None:
    stick = tmp_path / "U 盘"
    backup_places.back_up_to_second(session, stick, BackupKind.BY_HAND)
    change(session)
    made = ClosingBackupDialog(session)
    qtbot.addWidget(made)
    made.show()
    through(qtbot, made)
    assert made.isVisible()
    assert str(stick) in made.words.text()
    assert (made.yes_button.text(), made.skip_button.isVisible()) == ("备份", True)
    made.yes_button.click()
    through(qtbot, made)
    assert made.title.text() == "已备份并查验"
    assert "安全拔出" in made.words.text()
    assert files(stick) == 2
    made.yes_button.click()
    assert not made.isVisible()
    assert not backup_places.second_lacks(session)


def test_a_stick_that_is_away_is_not_asked_for_here(qtbot: QtBot, session: Session, tmp_path: Path) -> None:
    backup_places.back_up_to_second(session, tmp_path / "U 盘", BackupKind.BY_HAND)
    shutil.rmtree(tmp_path / "U 盘")
    change(session)
    made = ClosingBackupDialog(session)
    qtbot.addWidget(made)
    made.show()
    through(qtbot, made)
    assert not made.isVisible()
    assert not backup_places.changed(session)


def test_skipping_loses_nothing(session: Session, made: ClosingBackupDialog) -> None:
    made.skip_button.click()
    assert not made.isVisible()
    tasks().close()
    change(session)
    assert all(finding.ok for finding in session.book.verify())
    assert backup_places.trouble(session) == ""


def test_a_backup_that_fails_is_told_loudly(qtbot: QtBot, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(space, "LOW_BYTES", 1 << 62)
    made = ClosingBackupDialog(session)
    qtbot.addWidget(made)
    made.show()
    through(qtbot, made)
    assert made.isVisible()
    assert made.title.text() == "备份没有做成"
    assert "清出一些空间" in made.notice.words.text()
    made.yes_button.click()
    assert not made.isVisible()


def test_where_the_disk_is_full_the_stick_is_still_offered(
    qtbot: QtBot, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup_places.back_up_to_second(session, tmp_path / "U 盘", BackupKind.BY_HAND)
    change(session)
    monkeypatch.setattr(space, "LOW_BYTES", 1 << 62)
    made = ClosingBackupDialog(session)
    qtbot.addWidget(made)
    made.show()
    through(qtbot, made)
    made.yes_button.click()
    assert made.title.text() == "也备一份到这里？"
    made.yes_button.click()
    through(qtbot, made)
    assert files(tmp_path / "U 盘") == 2
    made.yes_button.click()
    assert not made.isVisible()


def test_while_the_program_runs_changes_are_backed_up(
    qtbot: QtBot, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = QObject()
    auto = AutoBackup(session, owner)
    assert auto.timer.interval() == 30 * 60_000
    told: list[str] = []
    auto.failed.connect(told.append)
    own = backup_places.own_folder(session)
    for _ in range(2):
        auto.run()
        qtbot.waitUntil(lambda: not tasks().busy, timeout=30_000)
    assert files(own) == 1, "once for one change"
    assert auto.timer.isActive()
    monkeypatch.setattr(space, "LOW_BYTES", 1 << 62)
    change(session)
    auto.run()
    auto.run()
    assert auto.timer.interval() == 30_000, "a moment later: the worker is busy"
    qtbot.waitUntil(lambda: bool(told), timeout=30_000)
    assert "自动备份没有做" in told[0]
    assert auto.timer.interval() == 30 * 60_000
