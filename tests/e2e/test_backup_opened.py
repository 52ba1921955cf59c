"""A double click on a backup file: the whole program as its own process, with a hand that answers its questions."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli_program import ROOT, environment, xiaobao
from tests.services.support import BANK, COMPLAINT, OFFICER, PASSWORD, Clock, a_complaint
from xiaobao_desktop.services import backups, books, listing, records
from xiaobao_desktop.store.query import Query

HAND = """
import json, sys
from PySide6.QtCore import QThread, QTimer
from PySide6.QtWidgets import QApplication, QLabel
from xiaobao_desktop import cli
from xiaobao_desktop.ui.dialogs.backup_restore import RestoreDialog
from xiaobao_desktop.ui.dialogs.error_dialog import ErrorDialog
from xiaobao_desktop.ui.dialogs.login import LoginDialog
from xiaobao_desktop.ui.main_window import MainWindow

REHEARSAL = "xiaobao_desktop.ui.rehearsal"
app = QApplication([])
seen = []

def look():
    dialog = QApplication.activeModalWidget()
    if isinstance(dialog, RestoreDialog) and not dialog.password.text():
        seen.append([label.text() for label in dialog.findChildren(QLabel)])
        dialog.password.setText(sys.argv[2])
        dialog.yes_button.click()
    elif isinstance(dialog, LoginDialog) and not dialog.password.text() and REHEARSAL in sys.modules:
        # The window was made ready while the login waited.
        dialog.password.setText(sys.argv[2])
        dialog.submit()
    elif isinstance(dialog, ErrorDialog):
        seen.append([label.text() for label in dialog.findChildren(QLabel)])
        dialog.reject()
    for window in QApplication.topLevelWidgets():
        if isinstance(window, MainWindow) and window.isVisible() and dialog is None:
            # Not while the window is still being shown: only the program's own loop ends with its window.
            page = window.current_page()
            if QThread.currentThread().loopLevel() and not getattr(page, "busy", False) and len(seen) == 1:
                window.close()

timer = QTimer()
timer.timeout.connect(look)
timer.start(50)
code = cli.run([sys.argv[1]])
print(json.dumps({"code": code, "seen": seen}))
"""


@pytest.fixture
def backup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A backup of a book with a password, on a computer that has no book."""
    session, _key = books.create_book(tmp_path / "old", bank=BANK, officer=OFFICER, password=PASSWORD, clock=Clock())
    records.save(session, COMPLAINT, a_complaint())
    file = backups.backup(session, tmp_path / "U 盘")
    session.close()
    monkeypatch.setenv("XIAOBAO_HOME", str(tmp_path / "home"))
    return file


def double_clicked(file: Path) -> dict[str, object]:
    """Open the file with the program and let the hand answer."""
    done = subprocess.run(
        [sys.executable, "-c", HAND, str(file), PASSWORD],
        cwd=ROOT,
        env=environment(QT_QPA_PLATFORM="offscreen"),
        capture_output=True,
        stdin=subprocess.DEVNULL,
        encoding="utf-8",
        timeout=60,
    )
    assert done.returncode == 0, done
    return dict(json.loads(done.stdout))


def test_it_becomes_the_book_of_a_new_computer_and_is_offered_where_there_is_one(backup: Path, tmp_path: Path) -> None:
    place = tmp_path / "home" / "小保账簿"
    told = double_clicked(backup)
    assert told["code"] == 0
    assert "在这台电脑上恢复这个备份？" in str(told["seen"])
    assert str(place) in str(told["seen"])
    assert len(list((place / "backups").glob("小保自动备份-*"))) == 1, "made when the window was closed"
    session = books.open_book(place, PASSWORD)
    try:
        assert listing.count(session, COMPLAINT, Query()) == 1
        # Now there is a book and it is open: the file is not restored over it.
        told = double_clicked(backup)
        assert told["code"] == 1
        assert "小保已经开着" in str(told["seen"])
    finally:
        session.close()
    # And closed: after the password of the book, the data page asks whether to go back to the backup.
    with_later(place)
    told = double_clicked(backup)
    assert told["code"] == 0
    assert "用这个备份替换现在的账簿？" in str(told["seen"])
    assert xiaobao("--book", place, "verify", password=PASSWORD).code == 0
    session = books.open_book(place, PASSWORD)
    assert listing.count(session, COMPLAINT, Query()) == 1
    session.close()


def with_later(place: Path) -> None:
    """One more complaint in the book."""
    session = books.open_book(place, PASSWORD)
    records.save(session, COMPLAINT, a_complaint(complainant="后来的"))
    session.close()
