"""Whether a book under a new key says what the one before says, row by row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any, NamedTuple

from xiaobao_desktop.domain.fields import Ledger
from xiaobao_desktop.store import backup
from xiaobao_desktop.store.errors import RekeyNotProven
from xiaobao_desktop.store.schema import ATTACHMENT, RETIRED_CONTENT, RETIRED_KEY, SETTING
from xiaobao_desktop.store.sqlite import Database
from xiaobao_desktop.store.tables import match_table

_CHAIN = ("change", "change_content")


class Changed(NamedTuple):
    """What may differ: names of files (old to new), entries of the history after a sequence, some settings."""

    renamed: Mapping[str, str]
    end: int
    settings: frozenset[str]


def compare(
    old: Database, new: Database, changed: Changed, ledgers: Sequence[Ledger], stop: Callable[[], bool]
) -> None:
    """Compare both books: their structure, and every row of every table.

    Args:
        old: the book before.
        new: the one under the new key.
        changed: what may differ.
        ledgers: declarations.
        stop: asked before each table; True gives up.

    Raises:
        RekeyNotProven: they differ in anything else.
        BackupStopped: ``stop`` said so.
    """
    # Their rows depend on the key; the full check computes the hashes anew.
    keyed = {RETIRED_CONTENT, *(match_table(ledger) for ledger in ledgers)}
    if _structure(old) != _structure(new):
        raise RekeyNotProven(reason="新账簿的表和原来的不一致")
    for table in _tables(old):
        backup.asked(stop)
        if table not in keyed and not _same(old, new, table, changed):
            raise RekeyNotProven(reason="新账簿的内容和原来的不一致，盘可能坏了")


def _same(old: Database, new: Database, table: str, changed: Changed) -> bool:
    """Whether the rows of one table are the same, but for what may differ."""
    rows = _rows(old, table)
    if table == RETIRED_KEY:
        known = list(rows)
        return list(_rows(new, table))[: len(known)] == known
    if table in _CHAIN:
        return _equal(rows, new.execute(f"SELECT * FROM {table} WHERE seq <= ? ORDER BY seq", (changed.end,)))
    if table == SETTING:
        then, now = (dict(db.execute("SELECT key, value FROM setting").fetchall()) for db in (old, new))
        return {key for key, _value in then.items() ^ now.items()} <= changed.settings
    if table == ATTACHMENT:
        rows = (_with_name(row, changed.renamed) for row in rows)
    return _equal(rows, _rows(new, table))


def _with_name(row: tuple[Any, ...], renamed: Mapping[str, str]) -> tuple[Any, ...]:
    """A row of attachments under its new name, which is its second column."""
    return (row[0], renamed.get(row[1], row[1]), *row[2:])


def _equal(one: Iterable[Any], other: Iterable[Any]) -> bool:
    return all(first == second for first, second in zip_longest(one, other))


def _rows(db: Database, table: str) -> Iterator[tuple[Any, ...]]:
    """All rows of a table in the order in which they lie."""
    rows: Iterator[tuple[Any, ...]] = db.execute(f'SELECT * FROM "{table}"')
    return rows


def _tables(db: Database) -> list[str]:
    """Every table with rows of its own, those that a search index keeps its pieces in included."""
    rows = db.execute(
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'shadow')"
        " AND name <> 'sqlite_schema' ORDER BY name"
    )
    return [row[0] for row in rows.fetchall()]


def _structure(db: Database) -> list[tuple[str, str, str | None]]:
    """What the database consists of, but for the tables of keys out of use."""
    rows = db.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE tbl_name NOT IN (?, ?) ORDER BY 1, 2",
        (
            RETIRED_KEY,
            RETIRED_CONTENT,
        ),
    )
    return [tuple(row) for row in rows.fetchall()]
