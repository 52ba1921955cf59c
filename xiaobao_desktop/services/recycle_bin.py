"""What lies in the recycle bin, over all ledgers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from xiaobao_desktop.domain.fields import Ledger
from xiaobao_desktop.services.listing import title_texts
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.query import Query


@dataclass(frozen=True)
class BinEntry:
    """One deleted record: its ledger, id, number, a line that tells it (masked), when and by whom it was deleted."""

    ledger: Ledger
    id: int
    number: str
    title: str
    deleted_at: datetime | None
    who: str


def entries(session: Session) -> tuple[BinEntry, ...]:
    """Every deleted record, the last deleted first."""
    found: list[tuple[int, BinEntry]] = []
    for ledger in session.ledgers:
        deletions = session.book.last_deletions(ledger)
        for row in session.book.select(ledger, Query(deleted=True), ledger.title):
            record_id = int(str(row["id"]))
            sequence, at, who = deletions.get(record_id, (0, None, ""))
            title = "·".join(title_texts(session, ledger, row))
            found.append((sequence, BinEntry(ledger, record_id, str(row["number"]), title, at, who)))
    return tuple(entry for _sequence, entry in sorted(found, key=lambda pair: -pair[0]))


def holds(session: Session, ledger: Ledger, record_id: int) -> bool:
    """Whether a record lies in the recycle bin."""
    record = session.book.record(ledger, record_id)
    return record is not None and record.deleted


def count(session: Session) -> int:
    """How many records lie in the recycle bin."""
    return sum(session.book.count(ledger, Query(deleted=True)) for ledger in session.ledgers)
