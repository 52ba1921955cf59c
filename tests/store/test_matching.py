"""Keyed hashes of phones, ID numbers and tickets: written with their record, found when equal, made for older books."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.store.books import make_keyed_book
from xiaobao_desktop.domain.fields import Field, Kind, Ledger, Record, Value
from xiaobao_desktop.store.book import Book

AT = datetime(2026, 11, 23, 9, 41, tzinfo=UTC)
KEY, OTHER_KEY = bytes(range(32)), bytes(range(1, 33))
PLAIN = Ledger(
    "case",
    "件",
    "AJ",
    "件",
    (
        Field("name", "姓名", Kind.PERSON_NAME),
        Field("phone", "电话", Kind.PHONE),
        Field("ticket", "工单", Kind.TEXT),
        Field("other", "另一件", Kind.LINK, options="case"),
    ),
    (),
    (),
    ("name",),
)
KNOWN = replace(PLAIN, recognised_by=("phone", "ticket"))


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    with Book.create(tmp_path / "book", KEY, (KNOWN,)) as made:
        yield made


def put(book: Book, ledger: Ledger = KNOWN, **values: Value) -> int:
    with book.transaction("登记", "王芳", AT) as changes:
        return changes.insert(ledger, Record(values)).id or 0


def equal(book: Book, **values: Value) -> list[int]:
    return book.with_marks(KNOWN, book.marks(KNOWN, values))


def test_equal_values_are_found_however_they_are_written(book: Book) -> None:
    first, second = put(book, phone="139 0799 1234"), put(book, phone="13907991234")
    third = put(book, phone="13907991235", ticket="13907991234")
    assert equal(book, phone="+86 139-0799-1234") == [first, second]
    assert equal(book, ticket="13907991234") == [third]
    assert equal(book, phone="139****1234") == []


def test_the_hashes_follow_a_change_and_the_recycle_bin(book: Book) -> None:
    first = put(book, phone="13907991234")
    with book.transaction("修改", "王芳", AT) as changes:
        changes.update(KNOWN, Record({"phone": "13907995678"}, id=first))
    assert (equal(book, phone="13907991234"), equal(book, phone="13907995678")) == ([], [first])
    with book.transaction("删除", "王芳", AT) as changes:
        changes.delete(KNOWN, first)
    assert equal(book, phone="13907995678") == []
    with book.transaction("恢复", "王芳", AT) as changes:
        changes.restore(KNOWN, first)
    assert equal(book, phone="13907995678") == [first]


def test_a_hash_tells_nothing_without_the_key_of_the_book(book: Book, tmp_path: Path) -> None:
    one = put(book, phone="13907991234", ticket="13907991234")
    kept = book.marks_of(KNOWN, (one,))[one]
    assert set(kept) == {"phone", "ticket"}
    assert len(set(kept.values())) == 2
    assert "13907991234" not in "".join(kept.values())
    with Book.create(tmp_path / "other", OTHER_KEY, (KNOWN,)) as stranger:
        assert not set(stranger.marks(KNOWN, {"phone": "13907991234"}).values()) & set(kept.values())


def test_the_check_notices_a_hash_that_is_not_that_of_its_value(book: Book) -> None:
    one = put(book, phone="13907991234")
    assert all(finding.ok for finding in book.verify())
    with book.transaction("改动", "王芳", AT) as changes:
        changes._db.execute("UPDATE match_case SET mac = 'x' WHERE record_id = ?", (one,))
    assert [finding.detail for finding in book.verify() if not finding.ok] == [
        "1 处：AJ-2026-0001 的重复比对索引不一致。请从最近的备份恢复"
    ]


def test_records_of_an_older_book_get_their_hashes_when_it_is_opened(tmp_path: Path) -> None:
    old, key = make_keyed_book(tmp_path, (PLAIN,))
    with old:
        first = put(old, PLAIN, phone="13907991234")
        put(old, PLAIN, name="没有电话")
    with Book.open(tmp_path, key, (KNOWN,)) as opened:
        assert equal(opened, phone="139-0799-1234") == [first]
        assert all(finding.ok for finding in opened.verify())
