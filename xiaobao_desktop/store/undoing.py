"""What undoing needs of the history: the last operation that can be taken back, and its changes as they were written.

An undo is an operation of its own, whose first change is a note with :data:`MARK` and the operation it took back. The
history is append-only: what was undone stays in it.
"""

from __future__ import annotations

import json
from typing import NamedTuple

from xiaobao_desktop.store.history import Action
from xiaobao_desktop.store.sqlite import Database

MARK = "undo"
"""Stands in the column of the ledger's key in the note that begins an undo."""
_UNDOABLE = "('insert', 'update', 'delete', 'restore', 'attach', 'detach', 'caption')"
_WRITTEN = '{"key":"report_words.%'
"""How the content of a setting begins that holds the officer's own words; other settings are not undone."""


class Operation(NamedTuple):
    """One transaction: id (sequence of its first change), its last sequence, its name in Chinese."""

    id: int
    last: int
    name: str


class Imported(NamedTuple):
    """An import that is still in the book: its operation, ISO moment, who, how many of its rows have a record."""

    operation: Operation
    at: str
    who: str
    rows: int


class RawChange(NamedTuple):
    """One change as it lies in the history; ``before`` and ``after`` are its JSON."""

    sequence: int
    action: Action
    ledger: str
    record_id: int
    before: str | None
    after: str | None


def last_undoable(db: Database, since: int) -> Operation | None:
    """The last operation after the sequence ``since`` that changed records, is no undo and was not undone."""
    end = int(db.execute("SELECT coalesce(max(seq), 0) FROM change").fetchone()[0])
    undone: set[int] = set()
    while end > since:
        operation_id, name = db.execute("SELECT operation_id, operation FROM change WHERE seq = ?", (end,)).fetchone()
        took_back = _took_back(db, operation_id)
        if took_back:
            undone.add(took_back)
        elif operation_id not in undone and operation_id > since and _changes_records(db, operation_id, end):
            return Operation(operation_id, end, name)
        end = operation_id - 1
    return None


def imports(db: Database, ledger: str) -> list[Imported]:
    """The imports into a ledger whose rows are not all taken back, the newest first."""
    rows = db.execute(
        "SELECT operation_id, operation, at, who, count(*) FROM change WHERE ledger = ? AND action = 'insert'"
        " AND record_id IN (SELECT record_id FROM import_row WHERE ledger = ?)"
        " GROUP BY operation_id ORDER BY operation_id DESC",
        (ledger, ledger),
    ).fetchall()
    return [
        Imported(Operation(first, _last_of(db, first), name), at, who, count) for first, name, at, who, count in rows
    ]


def _last_of(db: Database, operation_id: int) -> int:
    """The last sequence of an operation: its changes follow each other."""
    row = db.execute(
        "SELECT seq FROM change WHERE seq > ? AND operation_id <> ? ORDER BY seq LIMIT 1", (operation_id, operation_id)
    ).fetchone()
    return int(row[0] if row else db.execute("SELECT max(seq) + 1 FROM change").fetchone()[0]) - 1


def changes_of(db: Database, operation: Operation) -> list[RawChange]:
    """Every change of an operation, first to last."""
    rows = db.execute(
        "SELECT c.seq, c.action, c.ledger, c.record_id, t.before, t.after FROM change c"
        " LEFT JOIN change_content t ON t.seq = c.seq WHERE c.seq BETWEEN ? AND ? ORDER BY c.seq",
        (operation.id, operation.last),
    )
    return [RawChange(*row) for row in rows]


def later_operation(db: Database, ledger: str, record_id: int, after: int) -> str | None:
    """Name of the last operation after a sequence that changed a record, or None."""
    row = db.execute(
        "SELECT operation FROM change WHERE ledger = ? AND record_id = ? AND seq > ? AND action <> 'access'"
        " ORDER BY seq DESC LIMIT 1",
        (ledger, record_id, after),
    ).fetchone()
    return str(row[0]) if row else None


def _took_back(db: Database, operation_id: int) -> int:
    """The operation that an undo took back; 0 for an operation that is no undo."""
    row = db.execute(
        "SELECT t.after FROM change c JOIN change_content t ON t.seq = c.seq WHERE c.seq = ? AND c.ledger = ?",
        (operation_id, MARK),
    ).fetchone()
    return int(json.loads(row[0])["operation"]) if row else 0


def _changes_records(db: Database, first: int, last: int) -> bool:
    """Whether an operation changed a record, a file or words that were written for a report."""
    sql = (
        "SELECT EXISTS (SELECT 1 FROM change c LEFT JOIN change_content t ON t.seq = c.seq"
        f" WHERE c.seq BETWEEN ? AND ? AND (c.action IN {_UNDOABLE}"
        " OR (c.action = 'setting' AND coalesce(t.after, t.before) LIKE ?)))"
    )
    return bool(db.execute(sql, (first, last, _WRITTEN)).fetchone()[0])
