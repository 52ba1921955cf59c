from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services.support import COMPLAINT, Clock, a_complaint, new_book
from xiaobao_desktop.domain.fields import Value, Values
from xiaobao_desktop.services import books, copying, drafts, records, recycle_bin
from xiaobao_desktop.services.session import Session


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def session(tmp_path: Path, clock: Clock) -> Iterator[Session]:
    opened = new_book(tmp_path / "book", clock)
    yield opened
    opened.close()


def test_a_draft_outlives_the_program(session: Session, tmp_path: Path, clock: Clock) -> None:
    values: dict[str, Value] = {"content": "短信费", "rights": ("know", "choose"), "amount": 1200, "repeat": True}
    rows: dict[str, tuple[Values, ...]] = {"step": ({"id": 3, "kind": "received"},)}
    drafts.keep(session, COMPLAINT, None, values, rows, texts={"closed_on": "2026.1"})
    session.close()
    again = books.open_book(tmp_path / "book", None, clock=clock)
    found = drafts.pending(again, COMPLAINT, None)
    assert found is not None
    assert (found.values, found.children, found.texts) == (values, rows, {"closed_on": "2026.1"})
    assert found.saved_at == clock.now
    assert all(finding.ok for finding in again.book.verify())
    again.close()


def test_each_form_has_its_own_draft(session: Session, clock: Clock) -> None:
    record = records.save(session, COMPLAINT, a_complaint()).record
    first = drafts.keep(session, COMPLAINT, None, {"content": "甲"}, {})
    assert drafts.keep(session, COMPLAINT, None, {"content": "甲乙"}, {}, draft_id=first) == first
    clock.move(seconds=5)
    second = drafts.keep(session, COMPLAINT, None, {"content": "丙"}, {})
    changed = drafts.keep(session, COMPLAINT, record.id, {"content": "丁"}, {})
    newest, of_record = drafts.pending(session, COMPLAINT, None), drafts.pending(session, COMPLAINT, record.id)
    assert newest is not None
    assert of_record is not None
    assert (newest.id, of_record.id, of_record.values) == (second, changed, {"content": "丁"})
    drafts.drop(session, second)
    rest = drafts.pending(session, COMPLAINT, None)
    assert rest is not None
    assert (rest.id, rest.values) == (first, {"content": "甲乙"})
    # Drafts are no history.
    assert len(session.book.history(COMPLAINT, record.id or 0)) == 1


def test_fields_of_older_programs_are_left_out(session: Session) -> None:
    drafts.keep(session, COMPLAINT, None, {"content": "甲", "no_longer": "x"}, {"gone": ({"a": 1},)})
    found = drafts.pending(session, COMPLAINT, None)
    assert found is not None
    assert (found.values, found.children) == ({"content": "甲"}, {})


def test_a_copy_leaves_out_what_belongs_to_the_old_record(session: Session, clock: Clock) -> None:
    old = a_complaint(
        "2026-10-08",
        {"kind": "decide", "happened_on": "2026-10-10"},
        category="B.01",
        content="短信费",
        source_number="20261008",
        decision="已退费",
        satisfaction="satisfied",
        received_time="09:15",
    )
    record = records.save(session, COMPLAINT, old).record
    clock.move(days=3)
    copy = copying.copy_of(session, COMPLAINT, record.id or 0)
    assert (copy.id, copy.number, dict(copy.children)) == (None, None, {})
    assert copy.values["received_on"] == session.today().isoformat()
    assert (copy.values["content"], copy.values["category"]) == ("短信费", "B.01")
    left_out = ("source_number", "decision", "satisfaction", "closed_on", "state", "due_on", "received_time")
    assert [key for key in left_out if copy.values.get(key)] == []
    saved = records.save(session, COMPLAINT, copy).record
    assert saved.number == "TS-2026-0002"


def test_the_recycle_bin_lists_all_ledgers_the_last_deleted_first(session: Session, clock: Clock) -> None:
    from tests.services.support import BRANCH, add_branch

    branch = add_branch(session, "城关支行")
    record = records.save(session, COMPLAINT, a_complaint()).record
    records.delete(session, BRANCH, branch)
    clock.move(minutes=1)
    records.delete(session, COMPLAINT, record.id or 0)
    first, second = recycle_bin.entries(session)
    assert (first.number, first.who, first.deleted_at) == ("TS-2026-0001", session.user, clock.now)
    assert "刘秀兰" not in first.title
    assert (second.ledger.key, second.title) == ("branch", "城关支行")
    assert recycle_bin.count(session) == 2
    records.restore(session, COMPLAINT, record.id or 0)
    assert [entry.ledger.key for entry in recycle_bin.entries(session)] == ["branch"]
    assert not recycle_bin.holds(session, COMPLAINT, record.id or 0)
