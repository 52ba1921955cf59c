"""What a re-encryption (``rekeying.py``) leaves in the book of the keys before: only there, and encrypted with it.

For each key that was put out of use its id, its audit key and how far the chain of the history goes under it: entries
of then still prove themselves, and nobody who has an old copy can add one. Beside it the former names of the
attachments, which they still have in the pools of old backups. The old data key itself is kept nowhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from xiaobao_desktop.store.schema import RETIRED_CONTENT, RETIRED_KEY
from xiaobao_desktop.store.sqlite import Database

_STATEMENTS = (
    f"CREATE TABLE IF NOT EXISTS {RETIRED_KEY}"
    " (upto INTEGER PRIMARY KEY, key_id TEXT NOT NULL, audit_key TEXT NOT NULL) STRICT",
    # "became" is the name under the key of now, as long as the book has the file.
    f"CREATE TABLE IF NOT EXISTS {RETIRED_CONTENT}"
    " (id INTEGER PRIMARY KEY, key_id TEXT NOT NULL, content TEXT NOT NULL, became TEXT NOT NULL) STRICT",
)


class RetiredKey(NamedTuple):
    """A key out of use: up to which sequence of the history it signed, its id, its audit key."""

    upto: int
    key_id: str
    audit_key: bytes


class Signing:
    """With which key each row of the history must be signed.

    Attributes:
        retired_to: the last sequence under a key out of use, 0 for none.
    """

    def __init__(self, db: Database, key: bytes) -> None:
        """Read the keys out of use; ``key`` is the audit key of now."""
        self._key, self._past = key, keys(db)
        self.retired_to = self._past[-1].upto if self._past else 0

    def key_at(self, sequence: int) -> bytes:
        """The audit key of a row."""
        if sequence > self.retired_to:
            return self._key
        return next(one.audit_key for one in self._past if sequence <= one.upto)


def make(db: Database) -> None:
    """Make the tables where they are missing."""
    for statement in _STATEMENTS:
        db.execute(statement)


def keys(db: Database) -> list[RetiredKey]:
    """The keys out of use, the first first."""
    if not db.has_table(RETIRED_KEY):
        return []
    rows = db.execute(f"SELECT upto, key_id, audit_key FROM {RETIRED_KEY} ORDER BY upto")
    return [RetiredKey(upto, name, bytes.fromhex(audit_key)) for upto, name, audit_key in rows]


def ids(db: Database) -> frozenset[str]:
    """Ids of the keys out of use."""
    return frozenset(one.key_id for one in keys(db))


def add(db: Database, key: RetiredKey, renamed: Mapping[str, str]) -> None:
    """Note a key that goes out of use now, and the new name of each attachment by its old one."""
    make(db)
    db.execute(f"INSERT INTO {RETIRED_KEY} VALUES (?, ?, ?)", (key.upto, key.key_id, key.audit_key.hex()))
    for old, new in renamed.items():
        db.execute(f"UPDATE {RETIRED_CONTENT} SET became = ? WHERE became = ?", (new, old))
        db.execute(f"INSERT INTO {RETIRED_CONTENT} (key_id, content, became) VALUES (?, ?, ?)", (key.key_id, old, new))


def former_names(db: Database, contents: Iterable[str]) -> set[str]:
    """The names that files had under keys out of use, by their names of now."""
    wanted = set(contents)
    return {old for _key, old, new in _contents(db) if new in wanted}


def names_under(db: Database, key_ids: Iterable[str]) -> set[str]:
    """The names of all files under some keys out of use."""
    wanted = set(key_ids)
    return {old for key, old, _new in _contents(db) if key in wanted}


def _contents(db: Database) -> list[tuple[str, str, str]]:
    if not db.has_table(RETIRED_CONTENT):
        return []
    return [tuple(row) for row in db.execute(f"SELECT key_id, content, became FROM {RETIRED_CONTENT}")]
