"""The copy that the installer keeps of a closed book: opens like the book, is whole, and never replaces anything."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from tests.services.support import AT, COMPLAINT, a_complaint, new_book
from xiaobao_desktop.files import TargetRefused, sha256_of
from xiaobao_desktop.services import attachments, books, closed_copy, listing, records
from xiaobao_desktop.store.errors import BookInUse
from xiaobao_desktop.store.layout import ATTACHMENTS, BACKUPS, BOOK_FILE, KEY_FILE
from xiaobao_desktop.store.query import Query


def a_book(place: Path) -> Path:
    """A closed book with one complaint and a letter attached to it."""
    session = new_book(place)
    case = records.save(session, COMPLAINT, a_complaint()).record
    letter = place.parent / "来信.txt"
    letter.write_text("存款未到账", encoding="utf-8")
    attachments.add(session, COMPLAINT, int(str(case.id)), "material", letter)
    session.close()
    return place


def test_the_copy_opens_like_the_book_with_its_attachments(tmp_path: Path) -> None:
    place = a_book(tmp_path / "账 簿")
    before = sha256_of(place / BOOK_FILE)
    copy = closed_copy.keep(place, AT)
    assert copy == place / BACKUPS / "升级前的账簿-20261103-093000"
    assert sha256_of(place / BOOK_FILE) == sha256_of(copy / BOOK_FILE) == before
    assert sha256_of(place / KEY_FILE) == sha256_of(copy / KEY_FILE)
    # What happens to the book afterwards does not reach the copy.
    session = books.open_book(place, None)
    records.save(session, COMPLAINT, a_complaint(complainant="后来的"))
    session.close()
    shutil.rmtree(place / ATTACHMENTS)
    kept = books.open_book(copy, None)
    try:
        assert listing.count(kept, COMPLAINT, Query()) == 1
        assert all(finding.ok for finding in kept.book.verify())
    finally:
        kept.close()


def test_what_a_crash_left_in_the_log_is_in_the_copy_too(tmp_path: Path) -> None:
    place = tmp_path / "book"
    session = new_book(place)
    records.save(session, COMPLAINT, a_complaint())
    crashed = tmp_path / "crashed"
    shutil.copytree(place, crashed)
    session.close()
    assert (crashed / f"{BOOK_FILE}-wal").stat().st_size > 0
    kept = books.open_book(closed_copy.keep(crashed, AT), None)
    try:
        assert listing.count(kept, COMPLAINT, Query()) == 1
    finally:
        kept.close()


def test_an_open_book_is_not_copied(tmp_path: Path) -> None:
    session = new_book(tmp_path / "book")
    try:
        assert books.in_use(tmp_path / "book")
        with pytest.raises(BookInUse):
            closed_copy.keep(tmp_path / "book", AT)
    finally:
        session.close()
    assert not books.in_use(tmp_path / "book")
    assert closed_copy.copies(tmp_path / "book") == []


def test_only_the_latest_copies_are_kept_and_nothing_else_is_touched(tmp_path: Path) -> None:
    place = a_book(tmp_path / "book")
    backup = place / BACKUPS / "小保备份-20260101-000000-1-0123456789abcdef.xbbak"
    backup.parent.mkdir()
    backup.write_bytes(b"mine")
    made = [closed_copy.keep(place, AT + timedelta(days=day)) for day in range(closed_copy.KEPT + 2)]
    assert closed_copy.copies(place) == made[2:]
    assert backup.read_bytes() == b"mine"


def test_a_copy_that_cannot_be_written_leaves_nothing_and_the_book_closed(tmp_path: Path) -> None:
    place = a_book(tmp_path / "book")
    (place / BACKUPS).write_bytes(b"a file where the folder should be")
    with pytest.raises(TargetRefused):
        closed_copy.keep(place, AT)
    assert not books.in_use(place)
