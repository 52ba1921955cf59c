"""What a list asks of the book, and its SQL. Names come from declarations; everything typed is bound."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, NamedTuple

from xiaobao_desktop.domain.fields import Field, Kind, Ledger, Value
from xiaobao_desktop.store import search
from xiaobao_desktop.store.records import Raw, encode
from xiaobao_desktop.store.tables import NUMBER_PARTS, RECORD_COLUMNS, order_is_indexed, quoted

Operator = Literal["eq", "in", "between", "empty", "not_empty", "contains", "under", "from_or_empty"]


class Condition(NamedTuple):
    """One condition on a field.

    Attributes:
        field: key of a field, or ``number``, ``id``, ``created_at``, ``updated_at``, ``created_by``, ``origin``.
        op: ``eq`` one value; ``in`` any of the values; ``under`` the same for all keys of a subtree of codes;
            ``between`` two ends, both included, None = open; ``from_or_empty`` one value, included, or not filled in;
            ``empty``, ``not_empty`` without values; ``contains`` part of the text.
            Of several choices (CHOICES) one has to match. None among the values means not filled in.
        values: as they stand in a record.
    """

    field: str
    op: Operator
    values: tuple[Value, ...] = ()


@dataclass(frozen=True)
class Query:
    """Which records, in which order.

    Attributes:
        where: all conditions have to hold.
        search: typed words, all of which have to occur.
        order: (key, descending) pairs; ``number`` sorts by year and running number. Empty values come last.
        deleted: True asks for the recycle bin instead of the living records.
        limit: at most this many.
    """

    where: tuple[Condition, ...] = ()
    search: str = ""
    order: tuple[tuple[str, bool], ...] = ()
    deleted: bool = False
    limit: int | None = None


OWN = Condition("origin", "empty")
"""The records of the book itself, not those taken in from other books (汇总)."""
OTHERS = Condition("origin", "not_empty")
"""Those taken in from other books."""

MOST_MARKS = 500
"""More values than this (ids picked out by a chart) are bound as one list: SQLite limits the number of marks."""

Sql = tuple[str, list[Raw]]
"""A piece of SQL and what is bound to its question marks."""


def where_sql(ledger: Ledger, query: Query) -> Sql:
    """The WHERE clause, without the word.

    Raises:
        KeyError: a condition names no field of the ledger.
        ValueError: an operator got the wrong number of values.
    """
    parts = ["deleted_at IS NOT NULL" if query.deleted else "deleted_at IS NULL"]
    bound: list[Raw] = []
    for condition in query.where:
        text, values = _condition(ledger, condition)
        parts.append(text)
        bound.extend(values)
    keys = [key for key, _descending in query.order]
    text, words = search.condition(ledger, query.search, in_list_order=order_is_indexed(ledger, keys))
    if text:
        parts.append(text)
        bound.extend(words)
    return " AND ".join(f"({part})" if " OR " in part else part for part in parts), bound


def order_sql(ledger: Ledger, query: Query) -> str:
    """The ORDER BY and LIMIT clauses; equal records stand in order of entry. KeyError for an unknown key."""
    parts: list[str] = []
    descending = False
    for key, descending in query.order:
        column(ledger, key)
        direction = "DESC" if descending else "ASC"
        for name in NUMBER_PARTS if key == "number" else (key,):
            parts.append(f"{quoted(name)} {direction} NULLS LAST")
    parts.append(f"id {'DESC' if descending else 'ASC'}")
    limit = "" if query.limit is None else f" LIMIT {int(query.limit)}"
    return f" ORDER BY {', '.join(parts)}{limit}"


def column(ledger: Ledger, key: str) -> Field | None:
    """The field behind a key, None for a column every ledger has; KeyError for anything else."""
    return None if key in RECORD_COLUMNS else ledger.field(key)


def _condition(ledger: Ledger, condition: Condition) -> Sql:
    field = column(ledger, condition.field)
    name = quoted(condition.field)
    return _OPERATORS[condition.op](name, field, condition.values)


def _raw(field: Field | None, value: Value) -> Raw:
    if field is None or field.kind is Kind.CHOICES:
        if isinstance(value, tuple):
            raise ValueError("one choice at a time")
        return value
    return encode(field, value)


def _any_of(name: str, field: Field | None, values: tuple[Value, ...]) -> Sql:
    raws = [_raw(field, value) for value in values]
    filled = [raw for raw in raws if raw is not None]
    parts = []
    if filled:
        marks = ", ".join("?" * len(filled))
        if len(filled) > MOST_MARKS:
            marks, filled = "SELECT value FROM json_each(?)", [json.dumps(filled)]
        if field is not None and field.kind is Kind.CHOICES:
            parts.append(f"EXISTS (SELECT 1 FROM json_each({name}) WHERE value IN ({marks}))")
        else:
            parts.append(f"{name} IN ({marks})")
    if None in raws:
        parts.append(f"{name} IS NULL")
    # No value at all matches nothing, as an empty list of choices should.
    return " OR ".join(parts) or "0", list(filled)


def _equal(name: str, field: Field | None, values: tuple[Value, ...]) -> Sql:
    if len(values) != 1:
        raise ValueError("eq takes one value")
    return _any_of(name, field, values)


def _between(name: str, field: Field | None, values: tuple[Value, ...]) -> Sql:
    low, high = values
    ends = [(sign, _raw(field, value)) for sign, value in ((">=", low), ("<=", high)) if value is not None]
    return " AND ".join(f"{name} {sign} ?" for sign, _raw_value in ends) or "1", [raw for _sign, raw in ends]


def _from_or_empty(name: str, field: Field | None, values: tuple[Value, ...]) -> Sql:
    (low,) = values
    return f"{name} >= ? OR {name} IS NULL", [_raw(field, low)]


def _empty(name: str, _field: Field | None, _values: tuple[Value, ...]) -> Sql:
    return f"{name} IS NULL", []


def _not_empty(name: str, _field: Field | None, _values: tuple[Value, ...]) -> Sql:
    return f"{name} IS NOT NULL", []


def _contains(name: str, _field: Field | None, values: tuple[Value, ...]) -> Sql:
    (text,) = values
    safe = str(text).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"{name} LIKE ? ESCAPE '\\'", [f"%{safe}%"]


_OPERATORS: dict[Operator, Callable[[str, Field | None, tuple[Value, ...]], Sql]] = {
    "eq": _equal,
    "in": _any_of,
    "under": _any_of,
    "between": _between,
    "empty": _empty,
    "not_empty": _not_empty,
    "contains": _contains,
    "from_or_empty": _from_or_empty,
}
