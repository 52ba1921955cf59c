"""A full disk and free space, as the store sees them; ``tests/faults`` puts the whole program through worse."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.store.books import AT, CASE, LEDGERS, WHO, a_case, add, fill, make_book
from xiaobao_desktop.store import errors, space
from xiaobao_desktop.store.book import Book
from xiaobao_desktop.store.layout import RESERVE_FILE
from xiaobao_desktop.store.query import Query


def test_a_full_disk_costs_one_step_and_no_more(tmp_path: Path) -> None:
    book, data_key = make_book(tmp_path)
    fill(book, 5)
    assert space.keep_reserve(tmp_path, 64 * 1024)
    assert (tmp_path / RESERVE_FILE).stat().st_size == 64 * 1024
    with book:
        pages = book._db.execute("PRAGMA page_count").fetchone()[0]
        book._db.execute(f"PRAGMA max_page_count = {pages + 3}")
        before = book.anchor()
        with pytest.raises(errors.BookDiskFull, match="这一步没有保存"):
            fill(book, 50)
        assert book.anchor() == before
        assert not (tmp_path / RESERVE_FILE).exists()
        book._db.execute("PRAGMA max_page_count = 1000000")
        assert add(book, a_case())[0].number == "SX-2026-0006"
        assert all(finding.ok for finding in book.verify())
    with Book.open(tmp_path, data_key, LEDGERS) as book:
        assert book.count(CASE, Query()) == 6


def test_free_space_is_told(tmp_path: Path) -> None:
    state = space.free_space_state(tmp_path)
    assert state.free > 0
    assert state.low == (state.free < space.LOW_BYTES)
    assert not state.reserve
    assert space.keep_reserve(tmp_path, 4096)
    assert space.free_space_state(tmp_path).reserve
    assert space.release_reserve(tmp_path)
    assert not space.release_reserve(tmp_path)
    assert not space.keep_reserve(tmp_path, 1 << 60)


def test_many_changes_in_one_transaction_are_one_operation(tmp_path: Path) -> None:
    with make_book(tmp_path)[0] as book:
        with book.transaction("导入 3 件", WHO, AT) as changes:
            ids = [changes.insert(CASE, a_case()).id or 0 for _ in range(3)]
        assert {book.history(CASE, record_id)[0].operation_id for record_id in ids} == {1}
