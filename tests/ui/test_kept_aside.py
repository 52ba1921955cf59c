"""Old books beside the present one: listed with size and date, told of when they take room, deleted when asked for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from tests.services.support import COMPLAINT, Clock, a_complaint, new_book
from tests.ui.dialogs import answer, in_dialog
from xiaobao_desktop.domain.roles import Role
from xiaobao_desktop.services import audit_log, backup_places, backups, books, kept_aside, records, restoring
from xiaobao_desktop.services.session import NotAllowed, Session
from xiaobao_desktop.store.audit import LogQuery
from xiaobao_desktop.store.layout import BOOK_FILE
from xiaobao_desktop.store.query import Query
from xiaobao_desktop.ui.dialogs.kept_aside import KeptAsideDialog
from xiaobao_desktop.ui.pages.data_page import DataPage


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def session(look: QApplication, tmp_path: Path, clock: Clock) -> Iterator[Session]:
    """A book that was restored once."""
    opened = new_book(tmp_path / "book", clock)
    records.save(opened, COMPLAINT, a_complaint())
    file = backup_places.backup_here(opened)
    restoring.restore_into(opened, file, None)
    yield opened
    opened.close()


def aged(session: Session, clock: Clock, days: int, size: int) -> Path:
    """An old book of some days ago that takes so much room."""
    folder = session.directory / f"replaced-{clock.now - timedelta(days=days):%Y%m%d-%H%M%S}"
    folder.mkdir()
    with (folder / BOOK_FILE).open("wb") as stream:
        stream.truncate(size)
    return folder


def test_only_old_books_are_listed_and_told_of_when_they_are_old_and_large(session: Session, clock: Clock) -> None:
    (session.directory / "replaced-own-notes").mkdir()
    (session.directory / "replaced-20260101-000000").symlink_to(session.directory / "backups")
    (restored,) = kept_aside.listed(session)
    assert (restored.path.name[:9], restored.whole) == ("replaced-", True)
    assert restored.size >= (restored.path / BOOK_FILE).stat().st_size > 0
    young = aged(session, clock, 29, 600 * 1024 * 1024)
    assert kept_aside.advice(session, kept_aside.listed(session)) == ""
    young.rename(young.with_name(f"replaced-{clock.now - timedelta(days=31):%Y%m%d-%H%M%S}"))
    told = kept_aside.advice(session, kept_aside.listed(session))
    assert told == "有 1 本旧账簿另存超过 30 天，占着 600 MB，确定不用的可以删除。"


def test_a_disk_that_runs_full_is_told_in_any_case(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _path: type("Usage", (), {"free": 100 * 1024 * 1024})())
    assert kept_aside.advice(session, kept_aside.listed(session)).startswith("磁盘空间不多了：另存的旧账簿占着 1 MB")
    assert kept_aside.advice(session, ()) == ""


def test_what_is_deleted_stands_in_the_log_and_a_reader_deletes_nothing(session: Session) -> None:
    chosen = kept_aside.listed(session)
    session.role = Role.READER
    with pytest.raises(NotAllowed):
        kept_aside.drop(session, chosen)
    session.role = Role.OFFICER
    assert chosen[0].path.is_dir()
    kept_aside.drop(session, chosen)
    assert kept_aside.listed(session) == ()
    rows = audit_log.rows(session, audit_log.find(session, LogQuery(sort=audit_log.SORTS["备份"])))
    assert rows[0].operation == "删除另存的旧账簿 1 本"
    assert session.book.count(COMPLAINT, Query()) == 1
    assert all(finding.ok for finding in backups.verify(session))
    session.close()
    books.open_book(session.directory, None).close()


def test_the_data_page_leads_to_the_list_and_the_chosen_one_goes(qtbot: QtBot, session: Session, clock: Clock) -> None:
    old = aged(session, clock, 40, 600 * 1024 * 1024)
    page = DataPage(session)
    qtbot.addWidget(page)
    page.resize(1100, 700)
    page.show()
    qtbot.waitUntil(lambda: page.aside_button.text() == "另存的旧账簿（2）…")
    assert "占着 600 MB" in "".join(words.text() for words in page.aside_notice.findChildren(QLabel))

    def act(dialog: KeptAsideDialog) -> None:
        assert [item.path for item in dialog.found][-1] == old
        dialog.table.selectRow(1)
        answer("留着")
        dialog.drop_button.click()
        assert old.is_dir()
        answer("删除")
        dialog.drop_button.click()
        assert not old.exists()
        assert len(dialog.found) == 1
        dialog.reject()

    in_dialog(KeptAsideDialog, act)
    page.aside_button.click()
    qtbot.waitUntil(lambda: page.aside_button.text() == "另存的旧账簿（1）…")
    assert page.aside_notice.isHidden()
