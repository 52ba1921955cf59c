"""Records of other books: whose they are, what they are called there, as they were when they were taken in.

Every ledger has the columns for it, empty for the book's own records.
"""

from __future__ import annotations

from typing import NamedTuple

from xiaobao_desktop.domain.fields import Ledger
from xiaobao_desktop.store.records import Raw
from xiaobao_desktop.store.sqlite import Database
from xiaobao_desktop.store.tables import ORIGIN_COLUMNS, quoted

ORIGIN = "origin"
"""The column to ask for: empty for own records."""
FIRST_NUMBER = 1_000_001
"""Running numbers from here are those of records of other books; the own ones stay without gaps."""
_SELECT = "origin, origin_number, origin_generation, origin_digest"


class Origin(NamedTuple):
    """Where a record comes from.

    Attributes:
        book: sign of the other book.
        number: of the record there.
        generation: of the package it came with: moment in UTC and end of the history there, so that later is greater.
        digest: of its content as it came, hexadecimal.
    """

    book: str
    number: str
    generation: str
    digest: str

    def columns(self) -> dict[str, Raw]:
        """The values of its columns."""
        return dict(zip(ORIGIN_COLUMNS, self, strict=True))


class Taken(NamedTuple):
    """A record that was taken in: its id here, its origin, whether it is in the recycle bin."""

    id: int
    origin: Origin
    deleted: bool


def of_book(db: Database, ledger: Ledger, book: str) -> dict[str, Taken]:
    """Every record of a ledger that came from another book, by its number there."""
    sql = f"SELECT id, deleted_at, {_SELECT} FROM {quoted(ledger.key)} WHERE origin = ?"
    found = (Taken(row[0], Origin(*row[2:]), row[1] is not None) for row in db.execute(sql, (book,)))
    return {taken.origin.number: taken for taken in found}


def of_record(db: Database, ledger: Ledger, record_id: int) -> Origin | None:
    """Where a record comes from, None for an own one."""
    row = db.execute(f"SELECT {_SELECT} FROM {quoted(ledger.key)} WHERE id = ?", (record_id,)).fetchone()
    return Origin(*row) if row and row[0] else None


def shown_number(prefix: str, year: int, seq: int) -> str:
    """The number of a record here: TS-2026-0001, of one from another book TS-2026-H00001."""
    if seq < FIRST_NUMBER:
        return f"{prefix}-{year:04d}-{seq:04d}"
    return f"{prefix}-{year:04d}-H{seq - FIRST_NUMBER + 1:05d}"
