"""What can be done to a book inside one transaction; each step writes its history and its search index with it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from xiaobao_desktop.domain.fields import Ledger, Record
from xiaobao_desktop.store import attachments, matching, records, search, tables
from xiaobao_desktop.store.attachments import NewFile
from xiaobao_desktop.store.history import RESTORED, Action, Anchor, Chain
from xiaobao_desktop.store.origins import FIRST_NUMBER, Origin, shown_number
from xiaobao_desktop.store.records import Raw
from xiaobao_desktop.store.schema import CHOICE_ITEM, SETTING
from xiaobao_desktop.store.sqlite import Database
from xiaobao_desktop.store.tables import ORIGIN_COLUMNS, quoted
from xiaobao_desktop.store.undoing import MARK

_AT_A_TIME = 500
"""Records whose rows go into one table after the other."""

CHOICE_DEFAULTS: Mapping[str, Any] = {
    "aliases": [],
    "group": "",
    "active": True,
    "position": None,
    "code_parent": "",
    "official": "",
    "extra": {},
}
"""Keys of a choice row beside list_name, id and name, with the values of a new one."""


class NewRecord(NamedTuple):
    """A record to be stored, as the arguments of :meth:`Transaction.insert` say."""

    record: Record
    fingerprint: str | None = None
    extra_text: str = ""
    origin: Origin | None = None


class Transaction:
    """Made by ``Book.transaction``; useless after its block."""

    def __init__(
        self, db: Database, chain: Chain, match_key: bytes, who: str, at: datetime, ledgers: Sequence[Ledger] = ()
    ) -> None:
        self._db = db
        self._match_key = match_key
        # History must tell of the whole record: fields the bank has added count also where the caller knows none.
        self._declared = {ledger.key: ledger for ledger in ledgers}
        self._chain = chain
        self._who = who
        self._at = at
        self._moment = at.isoformat(timespec="seconds")
        self._changed: dict[tuple[str, int], None] = {}
        # Nobody else gives numbers while this transaction is open: the last one is read once.
        self._last_numbers: dict[tuple[str, int, bool], int] = {}

    @property
    def changed(self) -> list[tuple[str, int]]:
        """(ledger key, record id) of everything changed so far, in order, each once.

        Settings and choices stand as ("setting", 0) and ("choice_item", 0).
        """
        return list(self._changed)

    def insert(
        self,
        ledger: Ledger,
        record: Record,
        *,
        fingerprint: str | None = None,
        extra_text: str = "",
        origin: Origin | None = None,
    ) -> Record:
        """Store a new record and return it as stored, with id, number and the ids of its child rows.

        The number is PREFIX-YEAR-RUNNING; the year comes from the field ``ledger.dated_by``, else from the moment of
        the transaction. A number is never given twice, not even after its record went to the recycle bin.

        Args:
            ledger: where to.
            record: values and child rows; its own id and number are not read.
            fingerprint: of the source row, for imported records.
            extra_text: further words to find the record by.
            origin: of a record of another book; it gets a number apart from the book's own (TS-2026-H00001).

        Raises:
            KeyError: a value for a field that is not declared.
            TypeError: a value that does not fit its field.
        """
        return self.insert_many(ledger, [NewRecord(record, fingerprint, extra_text, origin)])[0]

    def insert_many(self, ledger: Ledger, items: Sequence[NewRecord]) -> list[Record]:
        """Store new records, each as :meth:`insert` does; faster where there are many."""
        ledger = self._whole(ledger)
        stored: list[Record] = []
        for start in range(0, len(items), _AT_A_TIME):
            stored += self._insert_some(ledger, items[start : start + _AT_A_TIME])
        return stored

    def _insert_some(self, ledger: Ledger, items: Sequence[NewRecord]) -> list[Record]:
        """Records first, then what goes with them, table by table."""
        new = records.NewRows(self._db)
        stored = [self._insert_record(new, ledger, item.record, item.origin) for item in items]
        new.write()
        ids = [record.id or 0 for record in stored]
        prints = [(item.fingerprint, record_id) for item, record_id in zip(items, ids, strict=True) if item.fingerprint]
        self._db.conn.executemany(
            "INSERT INTO import_row (ledger, fingerprint, record_id) VALUES (?, ?, ?)",
            [(ledger.key, *one) for one in prints],
        )
        texts = [search.searchable_text(ledger, record) for record in stored]
        search.write_many(self._db, ledger, list(zip(ids, texts, (item.extra_text for item in items), strict=True)))
        matching.add_many(self._db, self._match_key, ledger, [(record.id or 0, record.values) for record in stored])
        self._chain.append_many(
            [("insert", ledger.key, record.id or 0, None, records.snapshot(record)) for record in stored]
        )
        self._changed.update(dict.fromkeys((ledger.key, record_id) for record_id in ids))
        return stored

    def _insert_record(self, new: records.NewRows, ledger: Ledger, record: Record, origin: Origin | None) -> Record:
        """Take up the row of a record and those of its children; the record as it will be stored."""
        year, seq = self._next_number(ledger, record, foreign=origin is not None)
        moment, raws = self._moment, records.encoded(ledger.by_key, record.values)
        columns: dict[str, Raw] = {
            "number": shown_number(ledger.prefix, year, seq),
            "number_year": year,
            "number_seq": seq,
            "created_at": moment,
            "created_by": self._who,
            "updated_at": moment,
            **(origin.columns() if origin else {}),
            **raws,
        }
        record_id = new.add(quoted(ledger.key), columns)
        children = records.add_children(new, ledger, record_id, record.children)
        return Record(records.as_stored(ledger, raws), children, record_id, str(columns["number"]))

    def update(self, ledger: Ledger, record: Record, *, extra_text: str | None = None) -> Record:
        """Store changed values of a record and return it as stored.

        Fields and child tables that ``record`` does not speak of stay as they are. When nothing differs, nothing is
        written to history.

        Args:
            ledger: of the record.
            record: with its id; its number is not read.
            extra_text: further words to find the record by; None keeps those it has.

        Raises:
            LookupError: no record has that id, or a value is for a field that is not declared.
            TypeError: a value that does not fit its field.
        """
        ledger = self._whole(ledger)
        before = self._load(ledger, record.id)
        record_id = before.id or 0
        self._set(ledger, record_id, records.encoded(ledger.by_key, record.values))
        replaced = {key: rows for key, rows in record.children.items() if tuple(rows) != before.children.get(key, ())}
        records.write_children(self._db, ledger, record_id, replaced)
        after = self._load(ledger, record_id)
        extra = search.extra_of(self._db, ledger, record_id) if extra_text is None else extra_text
        if after != before:
            self._set(ledger, record_id, {"updated_at": self._moment})
            matching.write(self._db, self._match_key, ledger, record_id, after.values)
            self._note("update", ledger.key, record_id, records.snapshot(before), records.snapshot(after))
        if after != before or extra_text is not None:
            search.write(self._db, ledger, record_id, search.searchable_text(ledger, after), extra)
        return after

    def set_origins(self, ledger: Ledger, some: Sequence[tuple[int, Origin]]) -> None:
        """Note with which package records of another book came last; their contents are written by ``update``."""
        parts = ", ".join(f"{quoted(name)} = ?" for name in ORIGIN_COLUMNS)
        sql = f"UPDATE {quoted(ledger.key)} SET {parts} WHERE id = ?"
        self._db.conn.executemany(sql, [(*origin, record_id) for record_id, origin in some])

    def delete(self, ledger: Ledger, record_id: int) -> None:
        """Move a record to the recycle bin; nothing happens when it is there. LookupError for an unknown id."""
        self._move(ledger, record_id, deleted=True)

    def restore(self, ledger: Ledger, record_id: int) -> None:
        """Take a record out of the recycle bin; nothing happens when it lives. LookupError for an unknown id."""
        self._move(ledger, record_id, deleted=False)

    def take_back(self, ledger: Ledger, record_id: int) -> None:
        """Undo an insert: the record goes to the recycle bin, and its source row may be imported again.

        Raises:
            LookupError: no record has that id.
        """
        self._move(ledger, record_id, deleted=True)
        self._db.execute("DELETE FROM import_row WHERE ledger = ? AND record_id = ?", (ledger.key, record_id))

    def attach(
        self,
        ledger: Ledger,
        record_id: int,
        file: NewFile,
        *,
        evidence: str,
        caption: str = "",
        child_id: int | None = None,
    ) -> int:
        """Put a file, whose bytes are in the pool, at a record; the id of its place.

        Args:
            ledger: of the record.
            record_id: which one.
            file: its content is an id that ``Book.keep_content`` gave.
            evidence: key of its kind.
            caption: words under a picture.
            child_id: row of a child table it belongs to.

        Raises:
            LookupError: no record has that id.
        """
        self._load(ledger, record_id)
        place = attachments.Place(ledger.key, record_id, child_id, evidence, caption)
        link_id = attachments.add(self._db, file, place, at=self._moment, who=self._who)
        self._note("attach", ledger.key, record_id, None, attachments.text(self._attached(link_id)))
        return link_id

    def detach(self, link_id: int) -> None:
        """Take a file away from its record; the file itself stays. LookupError for an unknown place."""
        kept = self._attached(link_id)
        attachments.remove(self._db, link_id)
        self._note("detach", kept["ledger"], kept["record_id"], attachments.text(kept), None)

    def set_caption(self, link_id: int, caption: str) -> None:
        """Change the words under a picture; LookupError for an unknown place."""
        kept = self._attached(link_id)
        if kept["caption"] == caption:
            return
        after = {**kept, "caption": caption}
        attachments.put_back(self._db, after)
        self._note("caption", kept["ledger"], kept["record_id"], attachments.text(kept), attachments.text(after))

    def put_attachment_back(self, kept: Mapping[str, Any]) -> None:
        """Put a file that was taken away back to its place, as history tells of it."""
        attachments.put_back(self._db, kept)
        self._note("attach", kept["ledger"], kept["record_id"], None, attachments.text(kept))

    def mark_undo(self, operation_id: int) -> None:
        """Begin this transaction as the undo of another; must come before every change."""
        self._chain.append("access", MARK, 0, None, records.canonical({"operation": operation_id}))

    def declare(self, ledgers: Sequence[Ledger]) -> None:
        """Add the columns and indexes that these declarations have and the book lacks."""
        for statement in tables.missing_statements(self._db, ledgers):
            self._db.execute(statement)

    def set_setting(self, key: str, value: str | None) -> None:
        """Keep a setting; None takes it away."""
        row = self._db.execute("SELECT value FROM setting WHERE key = ?", (key,)).fetchone()
        before = str(row[0]) if row else None
        if before == value:
            return
        if value is None:
            self._db.execute("DELETE FROM setting WHERE key = ?", (key,))
        else:
            self._db.execute("INSERT OR REPLACE INTO setting (key, value) VALUES (?, ?)", (key, value))
        self._note("setting", SETTING, 0, _setting_text(key, before), _setting_text(key, value))

    def put_choice(self, row: Mapping[str, Any]) -> None:
        """Add or change an entry of the bank's own (or its override of a default) in a choice list or code tree.

        Args:
            row: ``list_name``, ``id``, ``name``, and any key of :data:`CHOICE_DEFAULTS`; what is left out stays, or
                gets its default.

        Raises:
            KeyError: the row lacks one of the first three, or has an unknown key.
        """
        key = (row["list_name"], row["id"])
        unknown = row.keys() - CHOICE_DEFAULTS.keys() - {"list_name", "id", "name"}
        if unknown:
            raise KeyError(f"unknown keys of a choice: {sorted(unknown)}")
        found = self._db.execute(f"{CHOICE_SELECT} WHERE list_name = ? AND id = ?", key).fetchone()
        before = choice_row(found) if found else None
        after = {**CHOICE_DEFAULTS, **(before or {}), **row, "name": row["name"]}
        if after == before:
            return
        raws = {
            name: records.canonical(value) if name in _CHOICE_JSON else int(value) if name == "active" else value
            for name, value in after.items()
        }
        names = ", ".join(quoted(name) for name in raws)
        marks = ", ".join("?" * len(raws))
        self._db.execute(f"INSERT OR REPLACE INTO choice_item ({names}) VALUES ({marks})", tuple(raws.values()))
        self._note("choice", CHOICE_ITEM, 0, records.canonical(before) if before else None, records.canonical(after))

    def note(self, ledger_key: str, record_id: int | None, facts: Mapping[str, Any]) -> None:
        """Write into the history that something was looked at or taken out, which changes no record.

        Args:
            ledger_key: whose records.
            record_id: which one; None for several.
            facts: what to keep about it, as JSON values.
        """
        self._chain.append("access", ledger_key, record_id or 0, None, records.canonical(dict(facts)))

    def note_restored(self, made_at: str, left_behind: Sequence[Anchor]) -> None:
        """Write into the history that this book came back from a backup.

        Args:
            made_at: ISO moment of the backup.
            left_behind: ends of the history of the book it replaced, as the names of other backups tell them.
        """
        anchors = [[anchor.sequence, anchor.mac16] for anchor in left_behind]
        facts = records.canonical({"backup_of": made_at, "left_behind": anchors})
        self._chain.append("access", RESTORED, 0, None, facts)

    def _attached(self, link_id: int) -> Mapping[str, Any]:
        kept = attachments.facts(self._db, link_id)
        if kept is None:
            raise LookupError(f"no attachment {link_id}")
        return kept

    def _whole(self, ledger: Ledger) -> Ledger:
        return self._declared.get(ledger.key, ledger)

    def _next_number(self, ledger: Ledger, record: Record, *, foreign: bool) -> tuple[int, int]:
        dated = record.values.get(ledger.dated_by) if ledger.dated_by else None
        year = int(dated[:4]) if isinstance(dated, str) and dated else self._at.year
        sign, before = (">=", FIRST_NUMBER - 1) if foreign else ("<", 0)
        given = (ledger.key, year, foreign)
        if given not in self._last_numbers:
            sql = f"SELECT max(number_seq) FROM {quoted(ledger.key)} WHERE number_year = ? AND number_seq {sign} ?"
            self._last_numbers[given] = int(self._db.execute(sql, (year, FIRST_NUMBER)).fetchone()[0] or before)
        self._last_numbers[given] += 1
        return year, self._last_numbers[given]

    def _load(self, ledger: Ledger, record_id: int | None) -> Record:
        found = None if record_id is None else records.load(self._db, ledger, record_id)
        if found is None:
            raise LookupError(f"no record {record_id} in {ledger.key}")
        return found

    def _set(self, ledger: Ledger, record_id: int, columns: Mapping[str, Raw]) -> None:
        if not columns:
            return
        parts = ", ".join(f"{quoted(name)} = ?" for name in columns)
        self._db.execute(f"UPDATE {quoted(ledger.key)} SET {parts} WHERE id = ?", (*columns.values(), record_id))

    def _move(self, ledger: Ledger, record_id: int, *, deleted: bool) -> None:
        ledger = self._whole(ledger)
        before = self._load(ledger, record_id)
        if before.deleted == deleted:
            return
        self._set(ledger, record_id, {"deleted_at": self._moment if deleted else None, "updated_at": self._moment})
        after = replace(before, deleted=deleted)
        action: Action = "delete" if deleted else "restore"
        self._note(action, ledger.key, record_id, records.snapshot(before), records.snapshot(after))

    def _note(self, action: Action, ledger: str, record_id: int, before: str | None, after: str | None) -> None:
        self._chain.append(action, ledger, record_id, before, after)
        self._changed[ledger, record_id] = None


_CHOICE_COLUMNS = ("list_name", "id", "name", *CHOICE_DEFAULTS)
_CHOICE_JSON = frozenset({"aliases", "extra"})
CHOICE_SELECT = f"SELECT {', '.join(quoted(name) for name in _CHOICE_COLUMNS)} FROM choice_item"


def choice_row(raws: tuple[Raw, ...]) -> dict[str, Any]:
    """A choice as given to ``put_choice``, of a row of :data:`CHOICE_SELECT`."""
    row: dict[str, Any] = dict(zip(_CHOICE_COLUMNS, raws, strict=True))
    row.update({name: json.loads(row[name]) for name in _CHOICE_JSON})
    row["active"] = bool(row["active"])
    return row


def _setting_text(key: str, value: str | None) -> str | None:
    return None if value is None else records.canonical({"key": key, "value": value})
