"""Drafts: what was typed into a form and not saved yet. Kept in the book, encrypted like it; not part of history."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from xiaobao_desktop.store.records import Raw, canonical, insert
from xiaobao_desktop.store.sqlite import Database


class Draft(NamedTuple):
    """One unsaved form.

    Attributes:
        id: row id, None before it is first written.
        ledger: key of the ledger.
        record_id: the record that is being changed, None for a new one.
        saved_at: ISO moment.
        who: real name.
        body: JSON values of the caller.
    """

    id: int | None
    ledger: str
    record_id: int | None
    saved_at: str
    who: str
    body: Mapping[str, Any]


def put(db: Database, draft: Draft) -> int:
    """Write a draft, over the one with the same id where there is one; its id."""
    body = canonical(dict(draft.body))
    if draft.id is not None:
        changed = db.execute(
            "UPDATE draft SET saved_at = ?, who = ?, body = ? WHERE id = ?", (draft.saved_at, draft.who, body, draft.id)
        )
        if changed.rowcount:
            return draft.id
    row: dict[str, Raw] = {"ledger": draft.ledger, "record_id": draft.record_id, "saved_at": draft.saved_at}
    return insert(db, "draft", {**row, "who": draft.who, "body": body})


def waiting(db: Database, ledger: str, record_id: int | None) -> Draft | None:
    """The newest draft of a record (None: of a new record), or None."""
    row = db.execute(
        "SELECT id, ledger, record_id, saved_at, who, body FROM draft WHERE ledger = ? AND record_id IS ?"
        " ORDER BY saved_at DESC, id DESC LIMIT 1",
        (ledger, record_id),
    ).fetchone()
    if row is None:
        return None
    return Draft(row[0], row[1], row[2], row[3], row[4], json.loads(row[5]))


def all_waiting(db: Database) -> list[Draft]:
    """Every draft, the newest first."""
    rows = db.execute("SELECT id, ledger, record_id, saved_at, who, body FROM draft ORDER BY saved_at DESC, id DESC")
    return [Draft(row[0], row[1], row[2], row[3], row[4], json.loads(row[5])) for row in rows.fetchall()]


def drop(db: Database, draft_id: int) -> None:
    """Forget a draft."""
    db.execute("DELETE FROM draft WHERE id = ?", (draft_id,))
