"""Keyed hashes of what tells a person or a ticket for certain, beside the records of a ledger.

A ledger with ``recognised_by`` has a table ``match_<ledger>``: one row for each such value of a record, its HMAC-SHA256
under a key derived from the book's own. Equal values are found by an index, and still when the value itself was erased.
The rows are written in the transaction of their record; those of older books are made when the table is.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterable, Mapping, Sequence

from xiaobao_desktop.domain.fields import Ledger, Values
from xiaobao_desktop.domain.marks import marks
from xiaobao_desktop.store.records import decode
from xiaobao_desktop.store.sqlite import Database
from xiaobao_desktop.store.subkeys import derive
from xiaobao_desktop.store.tables import match_table, quoted

_HEX = 32
"""128 of the 256 bits: enough that no two different values ever meet."""


def match_key(data_key: bytes) -> bytes:
    """The key of the hashes."""
    return derive(data_key, "xiaobao match of persons")


def hashes(key: bytes, ledger: Ledger, values: Values) -> dict[str, str]:
    """The hashes of a record's marks by field key; the same text in two fields gives unrelated hashes."""
    return {
        name: hmac.digest(key, f"{name}\0{text}".encode(), "sha256").hex()[:_HEX]
        for name, text in marks(ledger, values).items()
    }


def write(db: Database, key: bytes, ledger: Ledger, record_id: int, values: Values) -> None:
    """Keep the hashes of a record anew; does nothing for a ledger that has none."""
    if ledger.recognised_by:
        db.execute(f"DELETE FROM {quoted(match_table(ledger))} WHERE record_id = ?", (record_id,))
        add_many(db, key, ledger, [(record_id, values)])


def add_many(db: Database, key: bytes, ledger: Ledger, found: Iterable[tuple[int, Values]]) -> None:
    """Keep the hashes of records (id, values) that have none yet; does nothing for a ledger that has none."""
    if not ledger.recognised_by:
        return
    db.conn.executemany(
        f"INSERT INTO {quoted(match_table(ledger))} (record_id, field, mac) VALUES (?, ?, ?)",
        [(record_id, name, mac) for record_id, values in found for name, mac in hashes(key, ledger, values).items()],
    )


def missing(db: Database, ledgers: Iterable[Ledger]) -> list[Ledger]:
    """The ledgers whose table is still to be made."""
    return [item for item in ledgers if item.recognised_by and not db.has_table(match_table(item))]


def fill(db: Database, key: bytes, ledger: Ledger) -> None:
    """Make the rows of every record there is, for a table just made."""
    if not db.has_table(ledger.key):
        return
    fields = [ledger.field(name) for name in ledger.recognised_by]
    columns = ", ".join(quoted(item.key) for item in fields)
    for record_id, *raws in db.execute(f"SELECT id, {columns} FROM {quoted(ledger.key)}").fetchall():
        values = {item.key: decode(item, raw) for item, raw in zip(fields, raws, strict=True)}
        write(db, key, ledger, record_id, values)


def equal(db: Database, ledger: Ledger, wanted: Mapping[str, str]) -> list[int]:
    """Ids of living records that have one of these hashes, in order of entry."""
    rows = db.execute(
        f"SELECT DISTINCT m.record_id FROM {quoted(match_table(ledger))} m"
        f" JOIN {quoted(ledger.key)} r ON r.id = m.record_id"
        " WHERE m.mac IN (SELECT value FROM json_each(?)) AND r.deleted_at IS NULL ORDER BY 1",
        (json.dumps(list(wanted.values())),),
    )
    return [row[0] for row in rows]


def of_all(db: Database, ledger: Ledger) -> dict[int, dict[str, str]]:
    """The hashes of every record; nothing for a ledger that has none."""
    ids = [row[0] for row in db.execute(f"SELECT id FROM {quoted(ledger.key)}")] if ledger.recognised_by else []
    return of_records(db, ledger, ids) if ids else {}


def of_records(db: Database, ledger: Ledger, record_ids: Sequence[int]) -> dict[int, dict[str, str]]:
    """The hashes of records by their id and field key; records without any are left out."""
    rows = db.execute(
        f"SELECT record_id, field, mac FROM {quoted(match_table(ledger))}"
        " WHERE record_id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(record_ids)),),
    )
    found: dict[int, dict[str, str]] = {}
    for record_id, name, mac in rows:
        found.setdefault(record_id, {})[name] = mac
    return found
