"""Rows of a ledger's tables to and from records, driven by the declaration."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from xiaobao_desktop.domain.fields import ChildTable, Field, HasFields, Kind, Ledger, Record, Value, Values, is_empty
from xiaobao_desktop.store.sqlite import Database
from xiaobao_desktop.store.tables import child_table, quoted

Raw = str | int | None
"""A value as it lies in a column."""

# Values hold no circles; looking for them takes time.
_CANONICAL = json.JSONEncoder(ensure_ascii=False, check_circular=False, sort_keys=True, separators=(",", ":")).encode
_NO_TEXT = frozenset({Kind.CHOICES, Kind.YES_NO, Kind.INTEGER, Kind.MONEY, Kind.DECIMAL, Kind.LINK})
_OTHERWISE = frozenset({Kind.CHOICES, Kind.YES_NO})
"""Kinds of which the column holds something else than the value."""
ROW_ID = "id"
"""Key under which a child row carries its row id."""


def encode(field: Field, value: Value) -> Raw:
    """The column value of a field's value; empty values become NULL.

    Raises:
        TypeError: the value does not fit the kind of the field (a bug of the caller).
    """
    if isinstance(value, str) and field.kind not in _NO_TEXT:
        return value if value.strip() else None
    if value is None or is_empty(value):
        return None
    if field.kind is Kind.CHOICES:
        if isinstance(value, tuple):
            return json.dumps(list(value), ensure_ascii=False)
    elif field.kind is Kind.YES_NO:
        if isinstance(value, bool):
            return int(value)
    elif field.kind in _NO_TEXT and isinstance(value, int) and not isinstance(value, bool):
        return value
    raise TypeError(f"{field.key} ({field.kind.value}) cannot hold {value!r}")


def decode(field: Field, raw: Raw) -> Value:
    """The field's value of a column value."""
    if raw is None:
        return None
    if field.kind is Kind.CHOICES:
        return tuple(json.loads(str(raw)))
    return bool(raw) if field.kind is Kind.YES_NO else raw


def encoded(known: Mapping[str, Field], values: Values) -> dict[str, Raw]:
    """Column values of the fields that ``values`` speaks of; KeyError for a key that is not declared."""
    return {key: None if value is None and key in known else encode(known[key], value) for key, value in values.items()}


def as_stored(declared: HasFields, raws: Mapping[str, Raw]) -> dict[str, Value]:
    """The values of all fields as :func:`load` would give them, of a new row's columns (:func:`encoded`)."""
    found: dict[str, Value] = {**dict.fromkeys(declared.by_key), **raws}
    for field in declared.of_kinds(_OTHERWISE):
        found[field.key] = decode(field, raws.get(field.key))
    return found


def load(db: Database, ledger: Ledger, record_id: int) -> Record | None:
    """The record with all its child rows, or None."""
    return next(iter(load_many(db, ledger, (record_id,))), None)


def load_many(db: Database, ledger: Ledger, record_ids: Sequence[int]) -> list[Record]:
    """Records with all their child rows, in the order of the ids; unknown ids are left out."""
    columns = ", ".join(quoted(field.key) for field in ledger.fields)
    rows = db.execute(
        f"SELECT id, number, deleted_at, {columns} FROM {quoted(ledger.key)}"
        " WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(record_ids)),),
    ).fetchall()
    children = {child.key: child_rows(db, ledger, child, record_ids) for child in ledger.children}
    found: dict[int, Record] = {}
    for record_id, number, deleted_at, *raws in rows:
        values = {field.key: decode(field, raw) for field, raw in zip(ledger.fields, raws, strict=True)}
        own = {key: rows_of.get(record_id, ()) for key, rows_of in children.items()}
        found[record_id] = Record(values, own, record_id, number, deleted_at is not None)
    return [found[record_id] for record_id in record_ids if record_id in found]


def child_rows(
    db: Database, ledger: Ledger, child: ChildTable, record_ids: Iterable[int]
) -> dict[int, tuple[Values, ...]]:
    """Child rows of many records, in their order, by record id; records without rows are left out."""
    columns = ", ".join(quoted(field.key) for field in child.fields)
    rows = db.execute(
        f"SELECT record_id, id, {columns} FROM {quoted(child_table(ledger, child))}"
        " WHERE record_id IN (SELECT value FROM json_each(?)) ORDER BY record_id, position",
        (json.dumps(list(record_ids)),),
    )
    keys, otherwise = tuple(child.by_key), child.of_kinds(_OTHERWISE)
    found: dict[int, list[Values]] = {}
    for record_id, row_id, *raws in rows:
        values: dict[str, Value] = {ROW_ID: row_id, **dict(zip(keys, raws, strict=True))}
        for field in otherwise:
            values[field.key] = decode(field, values[field.key])  # type: ignore[arg-type]
        found.setdefault(record_id, []).append(values)
    return {record_id: tuple(items) for record_id, items in found.items()}


def pointing_at(
    db: Database, ledger: Ledger, child: ChildTable, key: str, named: int | str
) -> dict[int, tuple[Values, ...]]:
    """Child rows whose LINK or RECORD field ``key`` names a record, by the id of the record they belong to."""
    owners = db.execute(
        f"SELECT DISTINCT record_id FROM {quoted(child_table(ledger, child))} WHERE {quoted(key)} = ? ORDER BY 1",
        (named,),
    )
    found = child_rows(db, ledger, child, [row[0] for row in owners])
    return {owner: tuple(row for row in rows if row[key] == named) for owner, rows in found.items()}


def write_children(db: Database, ledger: Ledger, record_id: int, children: Mapping[str, Sequence[Values]]) -> None:
    """Replace the child rows of the tables named in ``children``; a row that carries its id keeps it.

    An id that is not one of this record's rows (a copied row, or one written back from history) is kept only when it
    is free.
    """
    new = NewRows(db)
    for key, rows in children.items():
        child = ledger.child(key)
        table = quoted(child_table(ledger, child))
        db.execute(f"DELETE FROM {table} WHERE record_id = ?", (record_id,))
        for position, row in enumerate(rows):
            _add_child(new, child, table, record_id, position, row)
    new.write()


class NewRows:
    """Rows that are to be inserted together: each gets its id at once and is written with the others like it."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._next: dict[str, int] = {}
        self._waiting: dict[tuple[str, tuple[str, ...]], list[tuple[Raw, ...]]] = {}

    def add(self, quoted_table: str, columns: Mapping[str, Raw], wanted: int | None = None) -> int:
        """Take up a row and return its id: the one that is ``wanted`` when that is free, else the next."""
        free_from = self._free_from(quoted_table)
        row_id = free_from
        if wanted is not None and (wanted >= free_from or self._is_free(quoted_table, wanted)):
            row_id = wanted
        self._next[quoted_table] = max(free_from, row_id + 1)
        self._waiting.setdefault((quoted_table, tuple(columns)), []).append((row_id, *columns.values()))
        return row_id

    def write(self) -> None:
        """Insert what was taken up, table by table in the order in which they were first named: owners come first."""
        tables = list(self._next)
        for (table, names), rows in sorted(self._waiting.items(), key=lambda item: tables.index(item[0][0])):
            self._db.conn.executemany(_insertion(table, (ROW_ID, *names)), rows)
        self._waiting.clear()

    def _free_from(self, quoted_table: str) -> int:
        if quoted_table not in self._next:
            (highest,) = self._db.execute(f"SELECT coalesce(max(id), 0) FROM {quoted_table}").fetchone()
            self._next[quoted_table] = int(highest) + 1
        return self._next[quoted_table]

    def _is_free(self, quoted_table: str, row_id: int) -> bool:
        """Whether no row has this id, not even one that was taken up."""
        self.write()
        return self._db.execute(f"SELECT 1 FROM {quoted_table} WHERE id = ?", (row_id,)).fetchone() is None


def add_children(
    new: NewRows, ledger: Ledger, record_id: int, children: Mapping[str, Sequence[Values]]
) -> dict[str, tuple[Values, ...]]:
    """Take up the child rows of a record that has none yet; the rows of every child table as stored, with their ids."""
    found: dict[str, tuple[Values, ...]] = {child.key: () for child in ledger.children}
    for key, rows in children.items():
        child = ledger.child(key)
        table = quoted(child_table(ledger, child))
        found[key] = tuple(_add_child(new, child, table, record_id, position, row) for position, row in enumerate(rows))
    return found


def _add_child(
    new: NewRows, child: ChildTable, table: str, record_id: int, position: int, row: Values
) -> dict[str, Value]:
    """Take up one child row; the row as stored."""
    wanted = row.get(ROW_ID)
    if ROW_ID in row:
        row = {name: value for name, value in row.items() if name != ROW_ID}
    raws = encoded(child.by_key, row)
    columns: dict[str, Raw] = {"record_id": record_id, "position": position, **raws}
    return {
        ROW_ID: new.add(table, columns, wanted if isinstance(wanted, int) else None),
        **as_stored(child, raws),
    }


def insert(db: Database, quoted_table: str, columns: Mapping[str, Raw]) -> int:
    """Insert one row and return its id."""
    cursor = db.execute(_insertion(quoted_table, tuple(columns)), tuple(columns.values()))
    return int(cursor.lastrowid or 0)


@lru_cache(maxsize=256)
def _insertion(quoted_table: str, columns: tuple[str, ...]) -> str:
    """The statement that inserts a row with these columns."""
    names = ", ".join(quoted(name) for name in columns)
    return f"INSERT INTO {quoted_table} ({names}) VALUES ({', '.join('?' * len(columns))})"


def snapshot(record: Record) -> str:
    """A record as history keeps it: canonical JSON, empty values left out."""
    body: dict[str, Any] = {
        "number": record.number,
        "deleted": record.deleted,
        "values": _filled(record.values),
        "children": {key: [_filled(row) for row in rows] for key, rows in record.children.items() if rows},
    }
    return canonical(body)


def from_snapshot(ledger: Ledger, record_id: int, text: str) -> Record:
    """The record a snapshot tells of; fields that are no longer declared are left out."""
    body = json.loads(text)
    values = _read(ledger.fields, body["values"])
    children = {
        child.key: tuple(
            {ROW_ID: row.get(ROW_ID), **_read(child.fields, row)} for row in body["children"].get(child.key, ())
        )
        for child in ledger.children
    }
    return Record(values, children, record_id, body["number"], body["deleted"])


def canonical(body: Any) -> str:
    """JSON text that is the same for the same content."""
    return _CANONICAL(body)


def _filled(values: Values) -> dict[str, Value]:
    return {key: value for key, value in values.items() if value is not None}


def _read(fields: Sequence[Field], body: Mapping[str, Any]) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for field in fields:
        value = body.get(field.key)
        found[field.key] = tuple(value) if isinstance(value, list) else value
    return found
