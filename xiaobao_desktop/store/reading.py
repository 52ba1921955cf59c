"""Reads of one ledger for lists, filters and reports."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, TypeVar

from xiaobao_desktop.domain.fields import ChildTable, Field, Kind, Ledger, Value
from xiaobao_desktop.store.query import Query, column, order_sql, where_sql
from xiaobao_desktop.store.records import Raw, decode
from xiaobao_desktop.store.sqlite import Database
from xiaobao_desktop.store.tables import NUMBER_INDEX, child_table, quoted

T = TypeVar("T")


def ids(db: Database, ledger: Ledger, query: Query) -> list[int]:
    """Ids of the records a query asks for, in its order."""
    where, bound = where_sql(ledger, query)
    sql = f"SELECT id FROM {quoted(ledger.key)} WHERE {where}{order_sql(ledger, query)}"
    return [row[0] for row in db.execute(sql, bound)]


def count(db: Database, ledger: Ledger, query: Query) -> int:
    """How many records a query asks for, its limit aside."""
    where, bound = where_sql(ledger, query)
    source = quoted(ledger.key)
    if not (query.where or query.search or query.deleted):
        # Left alone, SQLite counts by reading the wide rows.
        source += f" INDEXED BY {quoted(f'{ledger.key}_{NUMBER_INDEX}')}"
    return int(db.execute(f"SELECT count(*) FROM {source} WHERE {where}", bound).fetchone()[0])


def rows(db: Database, ledger: Ledger, record_ids: Sequence[int], keys: Sequence[str]) -> list[dict[str, Value]]:
    """Values of the given keys (and id and number) of the given records, in the order of the ids."""
    names = list(dict.fromkeys(("id", "number", *keys)))
    fields = [column(ledger, name) for name in names]
    sql = (
        f"SELECT {', '.join(quoted(name) for name in names)} FROM {quoted(ledger.key)}"
        " WHERE id IN (SELECT value FROM json_each(?))"
    )
    read = _decoded(db.execute(sql, (json.dumps(list(record_ids)),)), names, fields)
    found = {row["id"]: row for row in read}
    return [found[record_id] for record_id in record_ids if record_id in found]


def select(db: Database, ledger: Ledger, query: Query, keys: Sequence[str]) -> list[dict[str, Value]]:
    """Values of the given keys (and id and number) of every record of a query, in its order, in one pass."""
    names = list(dict.fromkeys(("id", "number", *keys)))
    fields = [column(ledger, name) for name in names]
    where, bound = where_sql(ledger, query)
    columns = ", ".join(quoted(name) for name in names)
    sql = f"SELECT {columns} FROM {quoted(ledger.key)} WHERE {where}{order_sql(ledger, query)}"
    return _decoded(db.execute(sql, bound), names, fields)


def _decoded(
    rows: Iterable[tuple[Any, ...]], names: Sequence[str], fields: Sequence[Field | None]
) -> list[dict[str, Value]]:
    """Rows of columns as values by name; most kinds are kept as they are."""
    found: list[dict[str, Value]] = [dict(zip(names, raws, strict=True)) for raws in rows]
    for name, field in zip(names, fields, strict=True):
        if field is not None and field.kind in (Kind.YES_NO, Kind.CHOICES):
            for row in found:
                row[name] = decode(field, row[name])  # type: ignore[arg-type]  # still as it stands in the book
    return found


def each(
    db: Database, ledger: Ledger, query: Query, keys: Sequence[str], make: Callable[[tuple[Any, ...]], T]
) -> list[T]:
    """What ``make`` makes of the values of the given keys, for every record of a query in its order.

    The values come as they lie in the columns, one record at a time: for very many records, of which little is kept.
    """
    for key in keys:
        column(ledger, key)
    where, bound = where_sql(ledger, query)
    columns = ", ".join(quoted(key) for key in keys)
    sql = f"SELECT {columns} FROM {quoted(ledger.key)} WHERE {where}{order_sql(ledger, query)}"
    return [make(raws) for raws in db.execute(sql, bound)]


def child_values(
    db: Database, ledger: Ledger, child: ChildTable, keys: Sequence[str], record_ids: Sequence[int]
) -> dict[int, frozenset[tuple[Raw, ...]]]:
    """What some columns hold in the child rows of many records, each different tuple once, by record id."""
    names = ", ".join(quoted(child.field(key).key) for key in keys)
    sql = (
        f"SELECT record_id, {names} FROM {quoted(child_table(ledger, child))}"
        " WHERE record_id IN (SELECT value FROM json_each(?)) ORDER BY record_id"
    )
    # Very many records have the same few sets: one of each is kept.
    shared: dict[frozenset[tuple[Raw, ...]], frozenset[tuple[Raw, ...]]] = {}
    rows = groupby(db.execute(sql, (json.dumps(list(record_ids)),)), itemgetter(0))
    return {
        record_id: shared.setdefault(one := frozenset(raws[1:] for raws in group), one) for record_id, group in rows
    }


def moved_after(db: Database, ledger: Ledger, child: ChildTable, day: str) -> set[int]:
    """Ids of the records with a child row of a later day (``dated_by``) than ``day``."""
    table, name = quoted(child_table(ledger, child)), quoted(child.dated_by)
    return {row[0] for row in db.execute(f"SELECT record_id FROM {table} WHERE {name} > ?", (day,))}


def distinct(db: Database, ledger: Ledger, key: str, query: Query) -> list[tuple[Value, int]]:
    """The values of a field among the records of a query with their counts; None (not filled in) comes last.

    Of a field with several choices each choice counts by itself.
    """
    field = column(ledger, key)
    name = quoted(key)
    where, bound = where_sql(ledger, query)
    source = quoted(ledger.key)
    if field is not None and field.kind is Kind.CHOICES:
        name, source = "choice.value", f"{source} LEFT JOIN json_each({name}) AS choice"
        inner = f"SELECT id FROM {quoted(ledger.key)} WHERE {where}"
        sql = f"SELECT {name}, count(*) FROM {source} WHERE {quoted(ledger.key)}.id IN ({inner}) GROUP BY 1"
        field = None
    else:
        sql = f"SELECT {name}, count(*) FROM {source} WHERE {where} GROUP BY 1"
    found = db.execute(f"{sql} ORDER BY {name} IS NULL, {name}", bound)
    return [(raw if field is None else decode(field, raw), number) for raw, number in found]


def fingerprints(db: Database, ledger: Ledger) -> dict[str, str]:
    """Fingerprints of imported source rows, each with the number of its record (also of those in the bin)."""
    sql = (
        f"SELECT i.fingerprint, r.number FROM import_row i JOIN {quoted(ledger.key)} r ON r.id = i.record_id"
        " WHERE i.ledger = ?"
    )
    return dict(db.execute(sql, (ledger.key,)).fetchall())
