"""The list of backups to go back to: both places, chosen by keyboard, restored from the data page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.services.support import COMPLAINT, Clock, a_complaint, new_book
from xiaobao_desktop.services import backup_places, listing, records
from xiaobao_desktop.services.backups import BackupKind
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.query import Query
from xiaobao_desktop.ui.dialogs.backup_restore import RestoreDialog
from xiaobao_desktop.ui.dialogs.restore_list import RestoreListDialog, size_words
from xiaobao_desktop.ui.pages.data_page import DataPage


@pytest.fixture
def session(look: QApplication, tmp_path: Path) -> Iterator[Session]:
    clock = Clock()
    opened = new_book(tmp_path / "book", clock)
    backup_places.back_up_if_changed(opened)
    clock.move(minutes=5)
    records.save(opened, COMPLAINT, a_complaint())
    backup_places.back_up_to_second(opened, tmp_path / "U 盘", BackupKind.BY_HAND)
    yield opened
    opened.close()


def cells(dialog: RestoreListDialog) -> list[list[str]]:
    """What the rows say, without the size."""
    table = dialog.table
    found = []
    for row in range(table.rowCount()):
        items = [table.item(row, column) for column in (0, 1, 2, 4)]
        found.append([item.text() if item is not None else "" for item in items])
    return found


def test_the_newest_stands_first_and_enter_takes_the_chosen_row(qtbot: QtBot, session: Session, tmp_path: Path) -> None:
    dialog = RestoreListDialog(session)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(lambda: not dialog.looking, timeout=30_000)
    assert cells(dialog) == [
        ["2026年11月3日 09:35", "手工", "1 条", str(tmp_path / "U 盘")],
        ["2026年11月3日 09:30", "自动", "0 条", "这台电脑"],
    ]
    QTest.keyClick(dialog.table, Qt.Key.Key_Down)
    QTest.keyClick(dialog.table, Qt.Key.Key_Return)
    assert dialog.result() == RestoreListDialog.DialogCode.Accepted
    assert dialog.file == dialog.backups[1].path


def test_without_any_backup_another_file_can_be_looked_for(
    qtbot: QtBot, look: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = new_book(tmp_path / "empty", Clock())
    dialog = RestoreListDialog(empty)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(lambda: not dialog.looking, timeout=30_000)
    assert "没有找到备份" in dialog.words.text()
    assert not dialog.restore_button.isEnabled()
    monkeypatch.setattr(
        "xiaobao_desktop.ui.dialogs.restore_list.QFileDialog.getOpenFileName",
        lambda *_arguments: (str(tmp_path / "x.xbbak"), ""),
    )
    dialog.other_button.click()
    assert dialog.file == tmp_path / "x.xbbak"
    empty.close()


def test_from_the_list_to_the_restored_book(qtbot: QtBot, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    page = DataPage(session)
    qtbot.addWidget(page)
    page.show()

    def choose_the_older(dialog: RestoreListDialog) -> int:
        qtbot.waitUntil(lambda: not dialog.looking, timeout=30_000)
        dialog.table.selectRow(1)
        dialog.restore_button.click()
        return dialog.result()

    monkeypatch.setattr(RestoreListDialog, "exec", choose_the_older)
    monkeypatch.setattr(RestoreDialog, "exec", lambda _dialog: RestoreDialog.DialogCode.Accepted)
    page.restore_button.click()
    qtbot.waitUntil(lambda: not page.busy, timeout=30_000)
    assert listing.count(session, COMPLAINT, Query()) == 0
    assert page.verdict.text().endswith("项检查都正常")


def test_sizes_are_told_in_words() -> None:
    assert [size_words(size) for size in (1, 655_360, 1_048_576, 209_715_200)] == ["1 KB", "640 KB", "1 MB", "200 MB"]
