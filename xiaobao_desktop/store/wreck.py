"""What can still be read of a damaged book: rows by table from its sound pages, and what its history tells.

Nothing here writes, and nothing needs SQLite to open the file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from xiaobao_desktop.store import pages, schema
from xiaobao_desktop.store.history import ERASURE, content_digest
from xiaobao_desktop.store.pages import Cell
from xiaobao_desktop.store.sqlite import columns_of

Columns = Mapping[str, Cell]
"""A row by the names of its columns."""

_SIGN = re.compile("[0-9a-f]{64}")
_SALT = re.compile("[0-9a-f]{32}")
_MASTER = ("type", "name", "tbl_name", "rootpage", "sql")


class Table(NamedTuple):
    """The readable rows of a table, and whether these are all."""

    rows: tuple[Columns, ...]
    whole: bool


class Entry(NamedTuple):
    """One entry of the history: its link of the chain and its content; either can be lost (None)."""

    sequence: int
    link: Columns | None
    content: Columns | None

    @property
    def before(self) -> Any:
        """What the content says was there before the change, read from its JSON; None when it says nothing."""
        return self._read("before")

    @property
    def after(self) -> Any:
        """What the content says came of the change, in the same way."""
        return self._read("after")

    def _read(self, side: str) -> Any:
        text = self.content[side] if self.content else None
        return json.loads(str(text)) if text is not None else None


def erased(entries: Sequence[Entry]) -> set[int]:
    """Sequences whose content was destroyed as the rules ask (``erasing.py``): that they have none is no damage."""
    records_gone: dict[tuple[str, int], int] = {}
    found: set[int] = set()
    for entry in entries:
        if entry.link is None or entry.link["action"] != "erase":
            continue
        if entry.link["ledger"] == ERASURE:
            found.update((entry.after or {}).get("also", ()))
        else:
            records_gone[str(entry.link["ledger"]), int(str(entry.link["record_id"]))] = entry.sequence
    for entry in entries:
        if entry.link is not None:
            key = (str(entry.link["ledger"]), int(str(entry.link["record_id"])))
            if entry.sequence < records_gone.get(key, 0):
                found.add(entry.sequence)
    return found


class Wreck:
    """The sound pages of one damaged book.

    Attributes:
        broken: how many pages are not sound.
    """

    def __init__(self, file: Path, data_key: bytes) -> None:
        """Read the file and its write-ahead log. OSError when that cannot be done."""
        found = pages.sound(file, data_key)
        self._pages, self.broken = found.pages, found.broken
        self._known = {str(row["name"]): row for row in self._master()}
        self._tables: dict[str, Table] = {}

    def table(self, name: str) -> Table:
        """The rows of a table that its tree leads to."""
        if name not in self._tables:
            self._tables[name] = self._read(name)
        return self._tables[name]

    def _read(self, name: str) -> Table:
        known = self._known.get(name)
        if known is None:
            return Table((), False)
        names, key = columns_of(str(known["sql"]))
        tree = pages.tree(self._pages, int(str(known["rootpage"])))
        return Table(tuple(_named(row, names, key) for row in tree.rows), tree.whole)

    def attachments(self) -> tuple[Columns, ...]:
        """The rows of attachments, also from pages that nothing leads to."""
        names = _columns(schema.ATTACHMENT)
        found = {int(str(row["id"])): row for row in self.table(schema.ATTACHMENT).rows}
        for row in pages.scattered(self._pages, len(names)):
            if _matches(row.cells[1], _SIGN) and _matches(row.cells[2], _SIGN):
                found.setdefault(row.rowid, _named(row, names, "id"))
        return tuple(found[key] for key in sorted(found))

    @cached_property
    def history(self) -> tuple[Entry, ...]:
        """Every entry of which something can be read, in the order of the chain."""
        links, contents = self._links(), self._contents()
        found = []
        for sequence in sorted(links.keys() | contents.keys()):
            link, choice = links.get(sequence), contents.get(sequence, [])
            content = next((item for item in choice if link is None or _belongs(item, link)), None)
            # What the tree leads to counts, also when its content was erased.
            if content is None and choice and choice[0].get("led"):
                content = choice[0]
            if link is not None or content is not None:
                found.append(Entry(sequence, link, content))
        return tuple(found)

    @cached_property
    def history_whole(self) -> bool:
        """Whether no entry of the history is missing."""
        if not (self.table("change").whole and self.table("change_content").whole):
            return False
        wanted, destroyed = range(1, len(self.history) + 1), erased(self.history)
        return all(
            entry.sequence == place and entry.link is not None and (entry.content is not None or place in destroyed)
            for place, entry in zip(wanted, self.history, strict=True)
        )

    def _links(self) -> dict[int, Columns]:
        names = _columns("change")
        found = {int(str(row["seq"])): row for row in self.table("change").rows}
        for row in pages.scattered(self._pages, len(names)):
            if _matches(row.cells[8], _SIGN) and _matches(row.cells[9], _SIGN):
                found.setdefault(row.rowid, _named(row, names, "seq"))
        return found

    def _contents(self) -> dict[int, list[Columns]]:
        names = _columns("change_content")
        found: dict[int, list[Columns]] = {
            int(str(row["seq"])): [{**row, "led": 1}] for row in self.table("change_content").rows
        }
        for row in pages.scattered(self._pages, len(names)):
            if _matches(row.cells[1], _SALT) and not (found.get(row.rowid) or [{}])[0].get("led"):
                found.setdefault(row.rowid, []).append(_named(row, names, "seq"))
        return found

    def _master(self) -> Iterator[Columns]:
        for row in pages.tree(self._pages, 1).rows:
            named = _named(row, _MASTER, "")
            if named["type"] == "table" and named["rootpage"]:
                yield named


def _named(row: pages.Row, names: tuple[str, ...], key: str) -> Columns:
    """Columns that were added after the row was written are not stored in it: they are NULL."""
    cells = (*row.cells, *(None for _ in range(len(names) - len(row.cells))))
    named = dict(zip(names, cells, strict=False))
    return {**named, key: row.rowid} if key else named


def _belongs(content: Columns, link: Columns) -> bool:
    before, after = content["before"], content["after"]
    texts = (None if text is None else str(text) for text in (before, after))
    return content_digest(str(content["salt"]), *texts) == link["digest"]


def _matches(cell: Cell, pattern: re.Pattern[str]) -> bool:
    return isinstance(cell, str) and pattern.fullmatch(cell) is not None


def _columns(table: str) -> tuple[str, ...]:
    """Names of the columns of a fixed table as this program makes it."""
    return columns_of(schema.statement(table))[0]
