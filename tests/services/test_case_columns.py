"""The kept columns of complaints equal what their steps say, for imported and invented books; old ones are no error."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.services.support import COMPLAINT, KEY
from xiaobao_desktop.domain import case
from xiaobao_desktop.domain.complaint_rules import check
from xiaobao_desktop.domain.fields import Record
from xiaobao_desktop.services import books, listing
from xiaobao_desktop.services.demo import make_demo
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.query import Query

TODAY = "2026-11-23"


def every(session: Session) -> list[Record]:
    found = (session.book.record(COMPLAINT, number) for number in listing.ids(session, COMPLAINT, Query()))
    return [record for record in found if record is not None]


def told(record: Record, session: Session) -> dict[str, object]:
    """What the steps say, under the keys of the columns."""
    found = case.of_record(record, session.rules)
    days = {
        key: getattr(found, key)
        for key in ("reply_due_on", "received_on", "due_on", "paused_on", "answered_on", "closed_on")
    }
    review = found.review.due_on if found.review and found.review.running else None
    leak = found.leak.due_at.date() if found.leak and not found.leak.reported_on else None
    texts = {
        key: str(day) if day else None for key, day in {**days, "review_due_on": review, "leak_due_on": leak}.items()
    }
    limit = found.stage.days if found.stage else None
    return {**texts, "state": found.state, "ended_by": found.ended_by or None, "limit_days": limit}


def agree(session: Session, records: list[Record]) -> None:
    for record in records:
        said = told(record, session)
        assert {key: record.values.get(key) for key in said} == said, record.number


def test_an_imported_ledger_agrees_and_nothing_of_it_is_refused(filled: Session) -> None:
    records = every(filled)
    assert len(records) == KEY["records"]
    agree(filled, records)
    assert [
        (record.number, problem.message)
        for record in records
        for problem in check(record, TODAY, filled.rules)
        if problem.blocking
    ] == []
    cases = [case.of_record(record, filled.rules) for record in records]
    assert all(found.undecided for found in cases if found.ended_by == "close")
    assert sum(not found.open for found in cases) == KEY["closed"]
    for record in records:
        kinds = [row["kind"] for row in record.children["step"]]
        assert kinds in (["received"], ["received", "close"])


@pytest.mark.parametrize("seed", [1, 7])
def test_a_demo_book_agrees_and_nothing_of_it_is_refused(tmp_path: Path, seed: int) -> None:
    make_demo(tmp_path / "book", seed=seed, complaints=60, end="2026-10", today=date(2026, 10, 31))
    session = books.open_book(tmp_path / "book", None)
    try:
        records = every(session)
        agree(session, records)
        assert [p.message for record in records for p in check(record, TODAY, session.rules) if p.blocking] == []
        assert not any(case.of_record(record, session.rules).undecided for record in records)
    finally:
        session.close()
