"""Backup, verification and restore through the services, there and back."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.services.support import BANK, COMPLAINT, KEY, OFFICER, PASSWORD, Clock, a_complaint, imported, new_book
from xiaobao_desktop.files import TargetRefused
from xiaobao_desktop.services import backup_places, backups, books, listing, records
from xiaobao_desktop.services.restoring import restore_into
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.errors import BackupDamaged, BackupMissing, BookInUse, WrongPassword
from xiaobao_desktop.store.query import Query


def content_of(session: Session) -> list[object]:
    """Every record of every ledger, whole."""
    found: list[object] = []
    for target in session.ledgers:
        for deleted in (False, True):
            ids = listing.ids(session, target, Query(order=(("id", False),), deleted=deleted))
            found += session.book.records(target, ids)
    return found


def test_there_and_back_with_a_password(tmp_path: Path) -> None:
    place = tmp_path / "账簿"
    session, recovery = books.create_book(place, bank=BANK, officer=OFFICER, password=PASSWORD, clock=Clock())
    imported(session)
    records.delete(session, COMPLAINT, 3)
    before, anchor = content_of(session), session.book.anchor()
    file = backups.backup(session, tmp_path / "U 盘" / "备份")
    session.close()
    assert backups.backup_needs_password(file)
    for secret in ("不是这个", None):
        with pytest.raises(WrongPassword):
            backups.restore(file, tmp_path / "新", secret)
    for number, secret in enumerate((PASSWORD, recovery)):
        result = backups.restore(file, tmp_path / f"恢复{number}", secret)
        assert result.replaced is None
        session = books.open_book(tmp_path / f"恢复{number}", PASSWORD)
        assert content_of(session) == before
        assert session.book.log.anchor_at(anchor.sequence) == anchor
        assert all(finding.ok for finding in backups.verify(session))
        assert listing.count(session, COMPLAINT, Query()) == KEY["records"] - 1
        session.close()


def test_a_restore_keeps_the_present_book_aside(tmp_path: Path) -> None:
    place = tmp_path / "book"
    session = new_book(place)
    records.save(session, COMPLAINT, a_complaint(complainant="早"))
    file = backups.backup(session, tmp_path / "backup")
    assert not backups.backup_needs_password(file)
    records.save(session, COMPLAINT, a_complaint(complainant="晚"))
    with pytest.raises(BookInUse):
        backups.restore(file, place, None)
    session.close()
    result = backups.restore(file, place, None)
    session = books.open_book(place, None)
    assert listing.count(session, COMPLAINT, Query()) == 1
    session.close()
    assert result.replaced is not None
    old = books.open_book(result.replaced, None)
    assert listing.count(old, COMPLAINT, Query()) == 2
    old.close()


def test_restoring_into_the_open_window_goes_on_with_the_restored_book(tmp_path: Path) -> None:
    session = new_book(tmp_path / "book")
    records.save(session, COMPLAINT, a_complaint(complainant="早"))
    file = backup_places.backup_here(session)
    records.save(session, COMPLAINT, a_complaint(complainant="晚"))
    damaged = tmp_path / "坏.xbbak"
    damaged.write_bytes(file.read_bytes()[:-600])
    with pytest.raises(BackupDamaged, match=r"坏\.xbbak"):
        restore_into(session, damaged, None)
    assert listing.count(session, COMPLAINT, Query()) == 2
    restore_into(session, file, None)
    assert listing.count(session, COMPLAINT, Query()) == 1
    records.save(session, COMPLAINT, a_complaint(complainant="后"))
    assert session.user == OFFICER
    session.close()


def test_what_is_no_backup_is_told(tmp_path: Path) -> None:
    with pytest.raises(BackupMissing, match="U 盘"):
        backups.backup_needs_password(tmp_path / "没有.xbbak")
    other = tmp_path / "别的.xbbak"
    other.write_bytes(b"PK\x05\x06" + bytes(18))
    with pytest.raises(BackupDamaged):
        backups.restore(other, tmp_path / "book", None)
    assert not books.book_at(tmp_path / "book")


def test_a_backup_that_cannot_be_written_leaves_nothing_and_the_book_works(tmp_path: Path) -> None:
    session = new_book(tmp_path / "book")
    (tmp_path / "文件").write_text("", encoding="utf-8")
    with pytest.raises(TargetRefused):
        backups.backup(session, tmp_path / "文件" / "备份")
    records.save(session, COMPLAINT, a_complaint())
    assert all(finding.ok for finding in backups.verify(session))
    session.close()


def test_the_chosen_folder_and_its_latest_backup_are_known(tmp_path: Path) -> None:
    clock = Clock()
    session = new_book(tmp_path / "book", clock)
    folder = tmp_path / "U 盘"
    assert backup_places.chosen_folder(session) is None
    assert backup_places.latest(folder) is None
    backup_places.choose_folder(session, folder)
    anchor = session.book.anchor()
    backup_places.choose_folder(session, folder)
    assert session.book.anchor() == anchor
    assert backup_places.chosen_folder(session) == folder
    first = backups.backup(session, folder)
    clock.move(minutes=5)
    second = backups.backup(session, folder)
    (folder / "notes.xbbak").write_bytes(b"")
    found = backup_places.latest(folder)
    assert found is not None
    assert (found.path, found.size) == (second, second.stat().st_size)
    assert found.made_at == clock.now.replace(tzinfo=None)
    assert first != second
    session.close()
