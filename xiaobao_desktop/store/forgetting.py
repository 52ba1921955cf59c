"""Persons told of elsewhere than in their records, when these are erased: notes, settings, drafts, names of operations.

Part of :mod:`xiaobao_desktop.store.erasing`; everything here happens inside its transaction.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, NamedTuple

from xiaobao_desktop.domain.masking import ERASED
from xiaobao_desktop.store import history, records
from xiaobao_desktop.store.schema import SETTING
from xiaobao_desktop.store.sqlite import Database

if TYPE_CHECKING:
    from xiaobao_desktop.store.transaction import Transaction

Place = tuple[str, int | None]
"""Key of the ledger and row id of a record."""


class Noted(NamedTuple):
    """Where else a person may be told of: whatever holds one of the words goes.

    Attributes:
        keys: of the facts of notes.
        words: names and numbers of the persons.
        settings: what the keys of settings begin with in which somebody may have written such words.
    """

    keys: tuple[str, ...]
    words: frozenset[str]
    settings: tuple[str, ...] = ()


def names(db: Database, gone: Collection[Place], files: Iterable[str], noted: Noted) -> dict[str, str]:
    """Take persons and names of files out of the names of operations on the records, and on such settings.

    Args:
        db: where the history may be written anew.
        gone: the records.
        files: names of the files that they had.
        noted: what tells of a person, and which settings may.

    Returns:
        By id of each operation the digest of its entries as they stand now, for the chain.
    """
    words = sorted({*noted.words, *files}, key=len, reverse=True)
    operations = {
        operation_id: name
        for place in gone
        for operation_id, name in db.execute(
            "SELECT DISTINCT operation_id, operation FROM change WHERE ledger = ? AND record_id = ?", place
        )
    }
    for _sequence, operation_id, name in _settings_changed(db, noted):
        operations[operation_id] = name
    renamed = {}
    for operation_id, name in operations.items():
        if (other := _without(words, name)) != name:
            db.execute("UPDATE change SET operation = ? WHERE operation_id = ?", (other, operation_id))
            renamed[str(operation_id)] = history.operation_digest(db, operation_id)
    return renamed


def _without(words: Iterable[str], text: str) -> str:
    for word in words:
        text = text.replace(word, ERASED)
    return text


def _settings_changed(db: Database, noted: Noted) -> list[tuple[int, int, str]]:
    """Changes of the settings in which persons may be told of: sequence, id and name of the operation."""
    rows = db.execute(
        "SELECT c.seq, c.operation_id, c.operation, coalesce(t.after, t.before) FROM change c"
        " JOIN change_content t ON t.seq = c.seq WHERE c.action = 'setting'"
    ).fetchall()
    return [row[:3] for row in rows if row[3] and str(json.loads(row[3])["key"]).startswith(noted.settings)]


def settings(writing: Transaction, noted: Noted) -> list[int]:
    """Take persons out of settings, and delete what the history tells of the former ones; its sequences."""
    db, found = writing._db, []
    words = sorted(noted.words, key=len, reverse=True)
    for sequence, _operation_id, _name in _settings_changed(db, noted):
        before, after = db.execute("SELECT before, after FROM change_content WHERE seq = ?", (sequence,)).fetchone()
        if any(word in f"{before}{after}" for word in words):
            db.execute("DELETE FROM change_content WHERE seq = ?", (sequence,))
            found.append(sequence)
    for key, value in db.execute("SELECT key, value FROM setting").fetchall():
        if key.startswith(noted.settings) and (kept := _without(words, value)) != value:
            db.execute("UPDATE setting SET value = ? WHERE key = ?", (kept, key))
            text = records.canonical({"key": key, "value": kept})
            writing._chain.append("setting", SETTING, 0, None, text)
    return found


def drafts(db: Database, words: Iterable[str]) -> None:
    """Delete the drafts in which persons are told of; those of the records themselves went before."""
    for draft_id, body in db.execute("SELECT id, body FROM draft").fetchall():
        if any(word in body for word in words):
            db.execute("DELETE FROM draft WHERE id = ?", (draft_id,))


def notes(db: Database, noted: Noted) -> list[int]:
    """Delete the content of notes that tell of one of the persons; their sequences."""
    rows = db.execute(
        "SELECT c.seq, t.after FROM change c JOIN change_content t ON t.seq = c.seq"
        " WHERE c.action = 'access' AND t.after IS NOT NULL"
    ).fetchall()
    found = []
    for sequence, text in rows:
        facts = json.loads(text)
        told = "\n".join(str(facts.get(key) or "") for key in noted.keys)
        if any(word in told for word in noted.words):
            db.execute("DELETE FROM change_content WHERE seq = ?", (sequence,))
            found.append(sequence)
    return found
