"""Rows of a ledger's tables to and from records, driven by the declaration."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from xiaobao_desktop.domain.fields import ChildTable, Field, Kind, Ledger, Record, Value, Values, is_empty
from xiaobao_desktop.store.sqlite import Database
from xiaobao_desktop.store.tables import child_table, quoted

Raw = str | int | None
"""A value as it lies in a column."""

ROW_ID = "id"
"""Key under which a child row carries its row id."""


def encode(field: Field, value: Value) -> Raw:
    """The column value of a field's value; empty values become NULL.

    Raises:
        TypeError: the value does not fit the kind of the field (a bug of the caller).
    """
    if value is None or is_empty(value):
        return None
    if field.kind is Kind.CHOICES:
        if isinstance(value, tuple):
            return json.dumps(list(value), ensure_ascii=False)
    elif field.kind is Kind.YES_NO:
        if isinstance(value, bool):
            return int(value)
    elif field.kind in (Kind.INTEGER, Kind.MONEY, Kind.DECIMAL, Kind.LINK):
        if isinstance(value, int) and not isinstance(value, bool):
            return value
    elif isinstance(value, str):
        return value
    raise TypeError(f"{field.key} ({field.kind.value}) cannot hold {value!r}")


def decode(field: Field, raw: Raw) -> Value:
    """The field's value of a column value."""
    if raw is None:
        return None
    if field.kind is Kind.CHOICES:
        return tuple(json.loads(str(raw)))
    return bool(raw) if field.kind is Kind.YES_NO else raw


def encoded(fields: Sequence[Field], values: Values) -> dict[str, Raw]:
    """Column values of the fields that ``values`` speaks of; KeyError for a key that is not declared."""
    known = {field.key: field for field in fields}
    return {key: encode(known[key], value) for key, value in values.items()}


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
    found: dict[int, list[Values]] = {}
    for record_id, row_id, *raws in rows:
        values: dict[str, Value] = {ROW_ID: row_id}
        values.update((field.key, decode(field, raw)) for field, raw in zip(child.fields, raws, strict=True))
        found.setdefault(record_id, []).append(values)
    return {record_id: tuple(items) for record_id, items in found.items()}


def pointing_at(
    db: Database, ledger: Ledger, child: ChildTable, key: str, record_id: int
) -> dict[int, tuple[Values, ...]]:
    """Child rows whose LINK field ``key`` names a record, by the id of the record they belong to."""
    owners = db.execute(
        f"SELECT DISTINCT record_id FROM {quoted(child_table(ledger, child))} WHERE {quoted(key)} = ? ORDER BY 1",
        (record_id,),
    )
    found = child_rows(db, ledger, child, [row[0] for row in owners])
    return {owner: tuple(row for row in rows if row[key] == record_id) for owner, rows in found.items()}


def write_children(db: Database, ledger: Ledger, record_id: int, children: Mapping[str, Sequence[Values]]) -> None:
    """Replace the child rows of the tables named in ``children``; a row that carries its id keeps it.

    An id that is not one of this record's rows (a copied row, or one written back from history) is kept only when it
    is free.
    """
    for key, rows in children.items():
        child = ledger.child(key)
        table = quoted(child_table(ledger, child))
        db.execute(f"DELETE FROM {table} WHERE record_id = ?", (record_id,))
        for position, row in enumerate(rows):
            values = {name: value for name, value in row.items() if name != ROW_ID}
            columns: dict[str, Raw] = {"record_id": record_id, "position": position, **encoded(child.fields, values)}
            row_id = row.get(ROW_ID)
            if isinstance(row_id, int) and _free(db, table, row_id):
                columns[ROW_ID] = row_id
            insert(db, table, columns)


def insert(db: Database, quoted_table: str, columns: Mapping[str, Raw]) -> int:
    """Insert one row and return its id."""
    names = ", ".join(quoted(name) for name in columns)
    marks = ", ".join("?" * len(columns))
    cursor = db.execute(f"INSERT INTO {quoted_table} ({names}) VALUES ({marks})", tuple(columns.values()))
    return int(cursor.lastrowid or 0)


def _free(db: Database, quoted_table: str, row_id: int) -> bool:
    return db.execute(f"SELECT 1 FROM {quoted_table} WHERE id = ?", (row_id,)).fetchone() is None


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
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _filled(values: Values) -> dict[str, Value]:
    return {key: value for key, value in values.items() if value is not None}


def _read(fields: Sequence[Field], body: Mapping[str, Any]) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for field in fields:
        value = body.get(field.key)
        found[field.key] = tuple(value) if isinstance(value, list) else value
    return found
