"""Tables of ledgers, made from their declarations.

A ledger ``x`` has the table ``x``, a table ``x_<child>`` per child table, ``text_x`` (what the search compares with),
``search_x`` (its index) and, where it names fields that tell a person, ``match_x`` (their keyed hashes). Missing
tables, columns and indexes are added on opening; nothing is ever dropped here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from xiaobao_desktop.domain.fields import ChildTable, Field, Kind, Ledger
from xiaobao_desktop.store.schema import FIXED_TABLES
from xiaobao_desktop.store.sqlite import Database

RECORD_COLUMNS = {
    "id": "INTEGER PRIMARY KEY",
    "number": "TEXT NOT NULL",
    "number_year": "INTEGER NOT NULL",
    "number_seq": "INTEGER NOT NULL",
    "created_at": "TEXT NOT NULL",
    "created_by": "TEXT NOT NULL",
    "updated_at": "TEXT NOT NULL",
    "deleted_at": "TEXT",
    # Of records that came from another book: its sign, the number there, generation, digest.
    "origin": "TEXT",
    "origin_number": "TEXT",
    "origin_generation": "TEXT",
    "origin_digest": "TEXT",
}
"""Columns that every ledger has beside its fields; ``number_year`` and ``number_seq`` are the parts of the number."""
ORIGIN_COLUMNS = ("origin", "origin_number", "origin_generation", "origin_digest")
"""Those that tell of another book; books made before there was such a thing get them on opening."""
NUMBER_PARTS = ("number_year", "number_seq")
"""What sorting by number sorts by: TS-2026-10000 comes after TS-2026-9999."""
NUMBER_INDEX = "by_number"
"""The index (after the ledger's key and an underscore) that holds every living record."""
CHILD_COLUMNS = {"id": "INTEGER PRIMARY KEY", "record_id": "INTEGER NOT NULL", "position": "INTEGER NOT NULL"}

_INTEGERS = frozenset({Kind.INTEGER, Kind.MONEY, Kind.DECIMAL, Kind.YES_NO, Kind.LINK})
_INDEXED = frozenset({Kind.DATE, Kind.CHOICE, Kind.CODE, Kind.LINK, Kind.YES_NO})
_NUMBERS = frozenset({Kind.INTEGER, Kind.MONEY, Kind.DECIMAL})
_SORTED = _INDEXED | _NUMBERS | {Kind.TEXT, Kind.PERSON_NAME, Kind.PHONE, Kind.TIME}


@cache
def quoted(name: str) -> str:
    """A name as it stands in SQL; declarations may use words such as group or plan."""
    if not (name.isascii() and name.replace("_", "a").isalnum()):
        raise ValueError(f"not a column or table name: {name!r}")
    return f'"{name}"'


def child_table(ledger: Ledger, child: ChildTable) -> str:
    """Name of the table that holds the child rows."""
    return f"{ledger.key}_{child.key}"


def text_table(ledger: Ledger) -> str:
    """Name of the table with each record's searchable text."""
    return f"text_{ledger.key}"


def search_table(ledger: Ledger) -> str:
    """Name of the search index."""
    return f"search_{ledger.key}"


def match_table(ledger: Ledger) -> str:
    """Name of the table with the keyed hashes of what tells a person or a ticket."""
    return f"match_{ledger.key}"


def missing_statements(db: Database, ledgers: Sequence[Ledger]) -> list[str]:
    """SQL that brings the book's tables up to the declarations; empty when nothing is missing.

    Raises:
        ValueError: a declaration uses a reserved name, or a column has another type than declared: that needs a
            numbered migration (both are bugs).
    """
    _check_names(ledgers)
    columns = _existing_columns(db)
    indexes = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'index'")}
    known = {ledger.key for ledger in ledgers}
    statements: list[str] = []
    for ledger in ledgers:
        for table, fixed, fields in _tables(ledger):
            if table in columns:
                if table == ledger.key:
                    statements.extend(_missing_origin(table, columns[table]))
                statements.extend(_missing_columns(table, fields, columns[table], known))
            else:
                statements.append(_create(ledger, table, fixed, fields, known))
        if search_table(ledger) not in columns:
            statements.extend(_search_tables(ledger))
        if ledger.recognised_by and match_table(ledger) not in columns:
            statements.append(_match_table(ledger))
        statements.extend(sql for name, sql in _indexes(ledger) if name not in indexes)
    return statements


def _tables(ledger: Ledger) -> Iterator[tuple[str, dict[str, str], tuple[Field, ...]]]:
    yield ledger.key, RECORD_COLUMNS, ledger.fields
    for child in ledger.children:
        yield child_table(ledger, child), CHILD_COLUMNS, child.fields


def _check_names(ledgers: Iterable[Ledger]) -> None:
    tables: set[str] = set(FIXED_TABLES)
    for ledger in ledgers:
        names = [table for table, _fixed, _fields in _tables(ledger)]
        for table in (*names, text_table(ledger), search_table(ledger), match_table(ledger)):
            if table in tables or table.startswith(("sqlite_", "_")):
                raise ValueError(f"the table name {table} is taken")
            tables.add(table)
        for table, fixed, fields in _tables(ledger):
            keys = [item.key for item in fields]
            if len(set(keys)) != len(keys) or fixed.keys() & set(keys):
                raise ValueError(f"{table} declares a key twice or uses a reserved one")


def _existing_columns(db: Database) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    rows = db.execute(
        "SELECT m.name, c.name, c.type FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table'"
    )
    for table, column, kind in rows:
        found.setdefault(table, {})[column] = kind
    return found


def _type(field: Field) -> str:
    return "INTEGER" if field.kind in _INTEGERS else "TEXT"


def _column(field: Field, known: set[str]) -> str:
    text = f"{quoted(field.key)} {_type(field)}"
    if field.kind is Kind.LINK and field.options in known:
        text += f" REFERENCES {quoted(field.options)} (id)"
    if field.kind is Kind.YES_NO:
        text += f" CHECK ({quoted(field.key)} IN (0, 1))"
    return text


def _create(ledger: Ledger, table: str, fixed: dict[str, str], fields: tuple[Field, ...], known: set[str]) -> str:
    parts = [f"{quoted(name)} {kind}" for name, kind in fixed.items()]
    parts.extend(_column(field, known) for field in fields)
    if table == ledger.key:
        parts.extend(("UNIQUE (number)", "UNIQUE (number_year, number_seq)"))
    else:
        parts.append(f"FOREIGN KEY (record_id) REFERENCES {quoted(ledger.key)} (id)")
    return f"CREATE TABLE {quoted(table)} ({', '.join(parts)}) STRICT"


def _missing_origin(table: str, found: dict[str, str]) -> Iterator[str]:
    for name in ORIGIN_COLUMNS:
        if name not in found:
            yield f"ALTER TABLE {quoted(table)} ADD COLUMN {quoted(name)} {RECORD_COLUMNS[name]}"


def _missing_columns(table: str, fields: tuple[Field, ...], found: dict[str, str], known: set[str]) -> Iterator[str]:
    for field in fields:
        if field.key not in found:
            yield f"ALTER TABLE {quoted(table)} ADD COLUMN {_column(field, known)}"
        elif found[field.key] != _type(field):
            raise ValueError(f"{table}.{field.key} is {found[field.key]} in the book: a new type needs a migration")


def _search_tables(ledger: Ledger) -> tuple[str, str]:
    return (
        f"CREATE TABLE {quoted(text_table(ledger))}"
        " (id INTEGER PRIMARY KEY, text TEXT NOT NULL, extra TEXT NOT NULL) STRICT",
        f"CREATE VIRTUAL TABLE {quoted(search_table(ledger))} USING fts5"
        "(grams, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii')",
    )


def _match_table(ledger: Ledger) -> str:
    return (
        f"CREATE TABLE {quoted(match_table(ledger))} (record_id INTEGER NOT NULL, field TEXT NOT NULL,"
        " mac TEXT NOT NULL, PRIMARY KEY (record_id, field)) STRICT, WITHOUT ROWID"
    )


def order_is_indexed(ledger: Ledger, keys: Sequence[str]) -> bool:
    """Whether a list sorted by these keys can be read from an index, without the wide rows."""
    wanted = {part for key in keys for part in (NUMBER_PARTS if key == "number" else (key,))}
    return bool(wanted) and any(wanted <= set(columns) for _suffix, columns in _list_indexes(ledger))


def _list_indexes(ledger: Ledger) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Indexes over living records: the end of the name, and the columns.

    A filter's index goes on with what the list is sorted by: filtering and sorting by it read the index alone.
    """
    shown = {column.key for column in ledger.columns if column.shown}
    keys = [key for key, _descending in ledger.sort]
    listed = tuple(part for key in keys for part in (NUMBER_PARTS if key == "number" else (key,)))
    for field in ledger.fields:
        if field.key in (*ledger.filters, *keys, ledger.dated_by) and field.kind in _INDEXED:
            rest = () if field.kind is Kind.DATE else tuple(name for name in listed if name != field.key)
            yield f"by_{field.key}", (field.key, *rest)
        elif field.key in shown and field.kind in _SORTED:
            yield f"by_{field.key}", (field.key,)
        elif field.kind is Kind.LINK and field.options == ledger.key:
            # A record is asked for what points to it.
            yield f"by_{field.key}", (field.key,)
    if len(keys) > 1:
        yield "as_listed", listed
    yield NUMBER_INDEX, NUMBER_PARTS


def _indexes(ledger: Ledger) -> Iterator[tuple[str, str]]:
    """Name and SQL of every index of a ledger."""
    for suffix, columns in _list_indexes(ledger):
        yield _index(ledger.key, suffix, columns, " WHERE deleted_at IS NULL")
    yield _index(ledger.key, "bin", ("deleted_at",), " WHERE deleted_at IS NOT NULL")
    yield _index(ledger.key, "by_origin", ("origin", "origin_number"), " WHERE origin IS NOT NULL")
    for child in ledger.children:
        yield _index(child_table(ledger, child), "rows", ("record_id", "position"), "")
        if child.dated_by:
            yield _index(child_table(ledger, child), "by_day", (child.dated_by, "record_id"), "")
        for field in child.fields:
            if field.kind is Kind.RECORD or (field.kind is Kind.LINK and field.options == ledger.key):
                yield _index(child_table(ledger, child), f"by_{field.key}", (field.key,), "")
    if ledger.recognised_by:
        yield _index(match_table(ledger), "by_mac", ("mac",), "")


def _index(table: str, suffix: str, columns: tuple[str, ...], where: str) -> tuple[str, str]:
    name = f"{table}_{suffix}"
    listed = ", ".join(quoted(column) for column in columns)
    return name, f"CREATE INDEX {quoted(name)} ON {quoted(table)} ({listed}){where}"
