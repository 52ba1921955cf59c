from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.store.books import AT, CASE, WHO, a_case, add, make_book
from xiaobao_desktop.domain.fields import Record
from xiaobao_desktop.store.book import Book
from xiaobao_desktop.store.history import Anchor
from xiaobao_desktop.store.schema import TRIGGERS
from xiaobao_desktop.store.verify import Finding


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    made, _key = make_book(tmp_path)
    with made:
        add(made, a_case(title="甲", steps=({"kind": "received"},)), a_case(title="乙"), a_case(title="丙"))
        with made.transaction("修改", WHO, AT) as changes:
            changes.update(CASE, Record({"title": "甲二"}, id=1))
            changes.delete(CASE, 3)
            changes.note("case", 1, {"field": "电话"})
        yield made


def by_force(book: Book, *statements: str) -> None:
    """What someone with the key could do behind the program's back: triggers off and on again."""
    book._db.execute("PRAGMA foreign_keys = OFF")
    for name in TRIGGERS:
        book._db.execute(f"DROP TRIGGER {name}")
    for statement in (*statements, *TRIGGERS.values()):
        book._db.execute(statement)
    book._db.execute("PRAGMA foreign_keys = ON")


def bad(book: Book, *anchors: Anchor) -> dict[str, Finding]:
    return {finding.what: finding for finding in book.verify(anchors) if not finding.ok}


def test_an_honest_book_verifies(book: Book) -> None:
    findings = book.verify([book.anchor()])
    assert [finding.what for finding in findings] == [
        "文件页",
        "历史保护",
        "修改历史",
        "历史锚点",
        "事项",
        "地点",
        "附件",
    ]
    assert all(finding.ok for finding in findings)
    assert [change.action for change in book.history(CASE, 1)] == ["insert", "update", "access"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE change SET who = '别人' WHERE seq = 2",
        "UPDATE change SET at = '2026-10-01T00:00:00+08:00' WHERE seq = 2",
        "UPDATE change SET record_id = 3 WHERE seq = 2",
        "UPDATE change SET operation = '' WHERE seq = 2",
        "UPDATE change SET mac = (SELECT mac FROM change WHERE seq = 1) WHERE seq = 2",
        "DELETE FROM change WHERE seq = 2",
        "UPDATE change_content SET after = replace(after, '乙', '丁') WHERE seq = 2",
        "DELETE FROM change_content WHERE seq = 2",
        "INSERT INTO change SELECT 99, operation_id, operation, at, who, action, ledger, record_id, digest, mac"
        " FROM change WHERE seq = 2",
    ],
)
def test_tampering_with_history_is_found(book: Book, statement: str) -> None:
    by_force(book, statement)
    assert "修改历史" in bad(book)


def test_a_tail_cut_off_is_found_by_an_anchor_only(book: Book) -> None:
    anchor = book.anchor()
    assert anchor.sequence == 6
    by_force(book, "DELETE FROM change_content WHERE seq = 6", "DELETE FROM change WHERE seq = 6")
    assert "修改历史" not in bad(book)
    found = bad(book, anchor)
    assert "少了 1 条" in found["历史锚点"].detail


def test_a_history_grown_differently_is_found_by_an_anchor(book: Book) -> None:
    assert "历史锚点" in bad(book, Anchor(2, "0123456789abcdef"))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE \"case\" SET title = '戊' WHERE id = 2",
        'UPDATE "case" SET deleted_at = NULL WHERE id = 3',
        "UPDATE case_step SET kind = 'close'",
        'DELETE FROM "case" WHERE id = 2',
        'INSERT INTO "case" (number, number_year, number_seq, created_at, created_by, updated_at)'
        " VALUES ('SX-2026-0044', 2026, 44, '', '', '')",
        "UPDATE text_case SET text = 'x' WHERE id = 2",
    ],
)
def test_a_record_changed_behind_the_history_is_found(book: Book, statement: str) -> None:
    by_force(book, statement)
    assert "事项" in bad(book)


def test_missing_guards_are_found(book: Book) -> None:
    book._db.execute("DROP TRIGGER change_no_delete")
    assert "有 1 条缺了或被换掉" in bad(book)["历史保护"].detail


def test_a_dangling_link_is_found(book: Book) -> None:
    breaking: Callable[[str], object] = book._db.execute
    breaking("PRAGMA foreign_keys = OFF")
    breaking('UPDATE "case" SET place = 77 WHERE id = 2')
    assert "文件页" in bad(book)
