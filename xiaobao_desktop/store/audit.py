"""Reading the history as a log: entries by moment, person, kind and words, the newest first, page by page.

The log is the chain itself (``history.py``); nothing is kept beside it. Ids are sequences of the chain, so that a list
of 100,000 entries is a list of numbers and only the looked-at entries are read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from xiaobao_desktop.domain.fields import Ledger
from xiaobao_desktop.store.history import Action, Anchor, left_behind
from xiaobao_desktop.store.records import canonical
from xiaobao_desktop.store.sqlite import Database
from xiaobao_desktop.store.subkeys import key_id
from xiaobao_desktop.store.tables import quoted

SIGN_IN, LOCK, BACKUP, CHECK = "sign_in", "lock", "backup", "check"
"""Names of notes that the program writes about its own running."""
KEYS, CLOCK = "keys", "clock"
"""Names of notes about passwords and about the PC's clock."""

RUNNING = (SIGN_IN, LOCK, BACKUP, CHECK)
"""Notes that are no work of the officer: a book with nothing but these behind its last backup needs no new one."""

_NUMBER = re.compile(r"[A-Za-z]{2}-[0-9H-]*")


class Sort(NamedTuple):
    """One kind of operation: entries with one of the actions, about one of the names, whose words begin so.

    An empty tuple asks for nothing; ``apart`` names and ``unlike`` beginnings are never meant. What fulfils one of
    ``also`` is meant too.
    """

    actions: tuple[Action, ...] = ()
    about: tuple[str, ...] = ()
    begins: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()
    unlike: tuple[str, ...] = ()
    also: tuple[Sort, ...] = ()

    def means(self, entry: LogEntry) -> bool:
        """Whether an entry is of this kind; the same as the query says."""
        own = (
            (not self.actions or entry.action in self.actions)
            and (not self.about or entry.about in self.about)
            and entry.about not in self.apart
            and (not self.begins or entry.operation.startswith(self.begins))
            and not (self.unlike and entry.operation.startswith(self.unlike))
        )
        return own or any(other.means(entry) for other in self.also)


class LogQuery(NamedTuple):
    """Which entries are wanted; what is left empty asks for nothing.

    Attributes:
        since: ISO day of the first, by the time written in the entry.
        until: ISO day of the last.
        who: real name.
        sort: kind of operation.
        ledger: key of a ledger.
        words: part of the operation or of the name, or the beginning of a record's number.
    """

    since: str = ""
    until: str = ""
    who: str = ""
    sort: Sort | None = None
    ledger: str = ""
    words: str = ""


class LogEntry(NamedTuple):
    """One link of the chain with its content; ``before`` and ``after`` are JSON, None when there is none (any more).

    ``number`` is that of the record, "" when the entry is about none or its table is gone.
    """

    sequence: int
    operation: str
    at: datetime
    who: str
    action: Action
    about: str
    record_id: int
    number: str
    mac16: str
    before: str | None
    after: str | None


@dataclass
class _Where:
    parts: list[str] = field(default_factory=list)
    values: list[str] = field(default_factory=list)

    def add(self, part: str, *values: str) -> None:
        self.parts.append(part)
        self.values += values

    def sql(self) -> str:
        return f" WHERE {' AND '.join(self.parts)}" if self.parts else ""


class Log:
    """The history of an open book, read; every call may come from any thread.

    Attributes:
        sign: what tells this book from any other; says nothing of its key.
    """

    def __init__(
        self,
        reading: Callable[[], AbstractContextManager[None]],
        book: Callable[[], tuple[Database, Sequence[Ledger]]],
        data_key: bytes,
    ) -> None:
        """Made by ``Book``: ``reading`` lets one call in at a time, ``book`` gives connection and ledgers of now."""
        self._reading = reading
        self._book = book
        self.sign = key_id(data_key)

    def sequences(self, query: LogQuery) -> list[int]:
        """Sequences of the wanted entries, the newest first."""
        with self._reading():
            db, ledgers = self._book()
            return _sequences(db, query, ledgers)

    def entries(self, sequences: Sequence[int]) -> list[LogEntry]:
        """The entries with these sequences, in their order; unknown ones are left out."""
        with self._reading():
            db, ledgers = self._book()
            return _entries(db, sequences, ledgers)

    def people(self) -> list[str]:
        """Everyone who stands in the log."""
        with self._reading():
            return [row[0] for row in self._book()[0].execute("SELECT DISTINCT who FROM change ORDER BY who")]

    def last_work(self) -> int:
        """Sequence of the last entry that is more than a note about the program's own running, 0 for none."""
        marks = ", ".join("?" * len(RUNNING))
        sql = f"SELECT seq FROM change WHERE NOT (action = 'access' AND ledger IN ({marks})) ORDER BY seq DESC LIMIT 1"
        with self._reading():
            row = self._book()[0].execute(sql, RUNNING).fetchone()
        return int(row[0]) if row else 0

    def moments(self, after: int, most: int) -> list[datetime]:
        """When the last entries behind a sequence were written, the newest first, at most so many."""
        with self._reading():
            rows = self._book()[0].execute(
                "SELECT at FROM change WHERE seq > ? ORDER BY seq DESC LIMIT ?", (after, most)
            )
            return [datetime.fromisoformat(row[0]) for row in rows]

    def anchor_at(self, sequence: int) -> Anchor | None:
        """What an anchor of this place would say now; None when the history does not go so far."""
        with self._reading():
            row = self._book()[0].execute("SELECT mac FROM change WHERE seq = ?", (sequence,)).fetchone()
        return Anchor(sequence, str(row[0])[:16]) if row else None

    def left_behind(self) -> set[Anchor]:
        """Anchors of books that a backup took the place of; they prove nothing lost."""
        with self._reading():
            return left_behind(self._book()[0])


def _sequences(db: Database, query: LogQuery, ledgers: Sequence[Ledger]) -> list[int]:
    where = _Where()
    if query.since:
        where.add("at >= ?", query.since)
    if query.until:
        where.add("substr(at, 1, 10) <= ?", query.until)
    if query.who:
        where.add("who = ?", query.who)
    if query.ledger:
        where.add("ledger = ?", query.ledger)
    if query.sort is not None:
        _add_sort(where, query.sort)
    for word in query.words.split():
        _add_word(db, where, word, ledgers)
    rows = db.execute(f"SELECT seq FROM change{where.sql()} ORDER BY seq DESC", tuple(where.values))
    return [row[0] for row in rows]


def _entries(db: Database, wanted: Sequence[int], ledgers: Sequence[Ledger]) -> list[LogEntry]:
    rows = db.execute(
        "SELECT c.seq, operation, at, who, action, ledger, record_id, substr(mac, 1, 16), before, after FROM change c"
        " LEFT JOIN change_content t ON t.seq = c.seq WHERE c.seq IN (SELECT value FROM json_each(?))",
        (canonical(list(wanted)),),
    ).fetchall()
    numbers = _numbers(db, {(row[5], row[6]) for row in rows if row[6]}, ledgers)
    found = {
        row[0]: LogEntry(
            row[0],
            row[1],
            datetime.fromisoformat(row[2]),
            row[3],
            row[4],
            row[5],
            row[6],
            numbers.get((row[5], row[6]), ""),
            *row[7:],
        )
        for row in rows
    }
    return [found[sequence] for sequence in wanted if sequence in found]


def _add_sort(where: _Where, sort: Sort) -> None:
    alternatives = [_of_sort(one) for one in (sort, *sort.also)]
    sql = " OR ".join(f"({' AND '.join(one.parts) or '1'})" for one in alternatives)
    where.add(f"({sql})", *(value for one in alternatives for value in one.values))


def _of_sort(sort: Sort) -> _Where:
    """What a kind of operation asks for, the other kinds that are meant too left out."""
    asked = _Where()
    for column, values in (("action", sort.actions), ("ledger", sort.about)):
        if values:
            asked.add(f"{column} IN ({', '.join('?' * len(values))})", *values)
    if sort.apart:
        asked.add(f"ledger NOT IN ({', '.join('?' * len(sort.apart))})", *sort.apart)
    if sort.begins:
        asked.add(f"({' OR '.join(['operation LIKE ?'] * len(sort.begins))})", *(f"{word}%" for word in sort.begins))
    for word in sort.unlike:
        asked.add("operation NOT LIKE ?", f"{word}%")
    return asked


def _add_word(db: Database, where: _Where, word: str, ledgers: Sequence[Ledger]) -> None:
    """A word that looks like a number is looked up among the records; any other in the words of the entries."""
    part = f"%{_escaped(word)}%"
    alternatives, values = ["operation LIKE ? ESCAPE '\\'", "who LIKE ? ESCAPE '\\'"], [part, part]
    if _NUMBER.fullmatch(word):
        for ledger in ledgers:
            found = db.execute(
                f"SELECT id FROM {quoted(ledger.key)} WHERE number LIKE ? ESCAPE '\\'", (f"{_escaped(word.upper())}%",)
            ).fetchall()
            if found:
                alternatives.append("(ledger = ? AND record_id IN (SELECT value FROM json_each(?)))")
                values += [ledger.key, canonical([row[0] for row in found])]
    where.add(f"({' OR '.join(alternatives)})", *values)


def _escaped(word: str) -> str:
    return re.sub(r"([%_\\])", r"\\\1", word)


def _numbers(db: Database, wanted: set[tuple[str, int]], ledgers: Sequence[Ledger]) -> dict[tuple[str, int], str]:
    found: dict[tuple[str, int], str] = {}
    for ledger in ledgers:
        ids = [record_id for key, record_id in wanted if key == ledger.key]
        if ids:
            sql = f"SELECT id, number FROM {quoted(ledger.key)} WHERE id IN (SELECT value FROM json_each(?))"
            rows = db.execute(sql, (canonical(ids),))
            found.update({(ledger.key, record_id): number for record_id, number in rows})
    return found
