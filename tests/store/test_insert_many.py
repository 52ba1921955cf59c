"""Many records stored at once stand in the book as if stored one by one: numbers, children, history, search, hashes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.services.support import AT, COMPLAINT, a_complaint, new_book
from xiaobao_desktop.domain.fields import Record
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.book import NewRecord
from xiaobao_desktop.store.query import Query
from xiaobao_desktop.store.sqlite import DriverError

MANY = 502
"""More than go into one table at a time."""
STEP = {"kind": "received", "happened_on": "2026-10-08"}


def entered(place: int) -> Record:
    return a_complaint(
        "2026-10-08", STEP, content=f"第{place}件", special_groups=("elderly",), face_to_face=place % 2 == 0
    )


def stored(session: Session, *, at_once: bool) -> list[Record]:
    new = [NewRecord(entered(place), f"print {place}", f"词{place}") for place in range(MANY)]
    with session.book.transaction("导入", "王芳", AT, many=at_once) as changes:
        if at_once:
            return changes.insert_many(COMPLAINT, new)
        return [
            changes.insert(COMPLAINT, one.record, fingerprint=one.fingerprint, extra_text=one.extra_text) for one in new
        ]


def test_at_once_is_as_one_by_one(tmp_path: Path) -> None:
    books = [new_book(tmp_path / name) for name in ("at once", "singly")]
    try:
        told = [stored(session, at_once=place == 0) for place, session in enumerate(books)]
        assert told[0] == told[1]
        for session, records in zip(books, told, strict=True):
            ids = [record.id or 0 for record in records]
            assert session.book.records(COMPLAINT, ids) == records, "what is told is what stands there"
            assert records[-1].number == f"TS-2026-0{MANY}"
            assert len(session.book.fingerprints(COMPLAINT)) == MANY
            assert session.book.ids(COMPLAINT, Query(search=f"词{MANY - 1}")) == ids[-1:]
            assert session.book.ids(COMPLAINT, Query(search="第501件")) == ids[-1:]
            assert len(session.book.history(COMPLAINT, ids[-1])) == 1
            assert len(session.book.marks_of(COMPLAINT, ids)) == MANY
            assert all(finding.ok for finding in session.book.verify())
    finally:
        for session in books:
            session.close()


def test_a_fault_in_the_midst_leaves_nothing(tmp_path: Path) -> None:
    session = new_book(tmp_path / "book")
    try:
        twice = [NewRecord(entered(place), f"print {place % MANY}") for place in range(MANY + 1)]
        anchor = session.book.anchor()
        with (
            pytest.raises(DriverError, match="UNIQUE"),
            session.book.transaction("导入", "王芳", AT, many=True) as changes,
        ):
            changes.insert_many(COMPLAINT, twice)
        assert (session.book.count(COMPLAINT, Query()), session.book.anchor()) == (0, anchor)
        assert session.book.fingerprints(COMPLAINT) == {}
    finally:
        session.close()
