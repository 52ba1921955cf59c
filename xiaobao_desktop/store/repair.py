"""A new book out of what can be read of a damaged one.

The history keeps every record as it was after each change, so that most things lie in a book twice. The beginning of
the history that is unbroken is taken over as it is; records that then stand otherwise, because later entries are lost,
are entered anew by an operation of their own. The new book is a sound one: its full check finds nothing.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from xiaobao_desktop.domain.fields import Ledger, Record, Values
from xiaobao_desktop.store import history, layout, matching, opening, records, retired, schema, search, tables
from xiaobao_desktop.store.origins import FIRST_NUMBER
from xiaobao_desktop.store.sqlite import Database, in_user_words, open_database
from xiaobao_desktop.store.tables import quoted
from xiaobao_desktop.store.wreck import Columns, Entry, Wreck, erased

OPERATION = "从受损账簿救出"
_RECORDS = frozenset(history.ON_RECORDS)
_CHAIN = ("change", "change_content")

Key = tuple[str, int]
"""Ledger and row id of a record."""


@dataclass(frozen=True)
class Rescued:
    """What was saved.

    Attributes:
        broken: pages of the file that could not be read.
        counts: records by label of their ledger, the recycle bin included.
        lost: numbers of records that were there and cannot be read.
        uncertain: numbers of those that were written back as some entry of the history has them, perhaps not the last.
        entered: how many records had to be entered anew, because the history after their last change is lost.
        history: entries of the history that were taken over.
        history_lost: how many more there were, as far as can be told.
        gaps: Chinese sentences about what else is incomplete.
    """

    broken: int
    counts: Mapping[str, int]
    lost: tuple[str, ...]
    uncertain: tuple[str, ...]
    entered: int
    history: int
    history_lost: int
    gaps: tuple[str, ...]

    @property
    def whole(self) -> bool:
        """Whether nothing at all is missing."""
        return not (self.lost or self.uncertain or self.entered or self.history_lost or self.gaps)


def rebuild(
    wreck: Wreck, directory: Path, data_key: bytes, ledgers: Sequence[Ledger], *, who: str, at: datetime
) -> Rescued:
    """Make a book in ``directory`` out of a wreck.

    Args:
        wreck: the damaged book.
        directory: an empty folder, or one that does not exist yet.
        data_key: of the damaged book; the new one gets the same.
        ledgers: declarations, with the fields that the bank has added.
        who: real name for the history.
        at: moment of the rescue.

    Raises:
        TargetRefused: the folder cannot be written, or the disk is full.
    """
    opening.create(directory, data_key, ledgers)
    file = directory / layout.BOOK_FILE
    with in_user_words(file):
        db = open_database(file, data_key, "rw")
        try:
            # Rows arrive table by table: what points to what is right only at the end.
            db.execute("PRAGMA foreign_keys = OFF")
            with db.atomic():
                found = _Rebuilding(wreck, db, data_key, ledgers, who, at).run()
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        finally:
            db.conn.close()
    with file.open("rb+") as stream:
        os.fsync(stream.fileno())
    return found


def setting(wreck: Wreck, key: str) -> str | None:
    """A setting of the wreck, from its table or from the history, or None."""
    return next((str(row["value"]) for row in _settings(wreck) if row["key"] == key), None)


class _Rebuilding:
    def __init__(
        self, wreck: Wreck, db: Database, data_key: bytes, ledgers: Sequence[Ledger], who: str, at: datetime
    ) -> None:
        self._wreck, self._db, self._ledgers = wreck, db, tuple(ledgers)
        self._key, self._match_key = opening.audit_key(data_key), matching.match_key(data_key)
        self._who, self._at = who, at
        self._gaps: list[str] = []
        self._uncertain: list[str] = []
        self._entered: list[tuple[Key, str | None, str]] = []

    def run(self) -> Rescued:
        self._take_retired()
        kept = self._take_history()
        told = _states(kept)
        last = _states(self._wreck.history)
        for ledger in self._ledgers:
            self._take_records(ledger, told, last)
        self._take_fixed()
        self._write_entries(len(kept))
        if not self._wreck.history_whole:
            self._gaps.append("修改历史有一段读不出来，救出的账簿从这一段起重新记")
        lost = tuple(number for ledger in self._ledgers for number in self._missing(ledger))
        seen = self._wreck.history[-1].sequence if self._wreck.history else 0
        return Rescued(
            self._wreck.broken,
            {ledger.label: self._count(ledger.key) for ledger in self._ledgers if self._count(ledger.key)},
            () if self._wreck.history_whole else lost,
            tuple(self._uncertain),
            len(self._entered),
            len(kept),
            max(0, seen - len(kept)),
            tuple(self._gaps),
        )

    def _take_retired(self) -> None:
        """The keys of before a re-encryption come first: without them the old part of the chain proves nothing."""
        if self._wreck.table(schema.RETIRED_KEY).rows:
            retired.make(self._db)
            for name in (schema.RETIRED_KEY, schema.RETIRED_CONTENT):
                self._insert(name, self._wreck.table(name).rows)

    def _take_history(self) -> tuple[Entry, ...]:
        """Copy the unbroken beginning of the chain; all of it or, where it does not hold, none."""
        kept = []
        destroyed = erased(self._wreck.history)
        for place, entry in enumerate(self._wreck.history, start=1):
            if entry.sequence != place or entry.link is None or (entry.content is None and place not in destroyed):
                break
            kept.append(entry)
        self._db.execute("SAVEPOINT chain")
        self._insert("change", [entry.link for entry in kept if entry.link])
        self._insert("change_content", [entry.content for entry in kept if entry.content])
        if history.check(self._db, self._key).faults:
            self._db.execute("ROLLBACK TO chain")
            kept = []
        self._db.execute("RELEASE chain")
        return tuple(kept)

    def _take_records(self, ledger: Ledger, told: Mapping[Key, Entry], last: Mapping[Key, Entry]) -> None:
        """Every record of a ledger, from its row or from its last entry in the history."""
        rows = {int(str(row["id"])): row for row in self._wreck.table(ledger.key).rows}
        children, children_whole = self._children(ledger)
        extra = {row["id"]: str(row["extra"] or "") for row in self._wreck.table(tables.text_table(ledger)).rows}
        ids = sorted(rows.keys() | {record_id for key, record_id in last if key == ledger.key})
        for record_id in ids:
            row, entry = rows.get(record_id), last.get((ledger.key, record_id))
            from_row = _of_row(ledger, row, children.get(record_id, {})) if row else None
            record = self._best(ledger, from_row if children_whole or entry is None else None, row, entry)
            if record is None:
                continue
            self._write(ledger, record, row, entry, extra.get(record_id, ""))
            then = told.get((ledger.key, record_id))
            before = str(then.content["after"]) if then and then.content else None
            after = records.snapshot(record)
            if before is None or records.snapshot(records.from_snapshot(ledger, record_id, before)) != after:
                self._entered.append(((ledger.key, record_id), before, after))

    def _best(self, ledger: Ledger, from_row: Record | None, row: Columns | None, entry: Entry | None) -> Record | None:
        """The newer of what the row and the history say; the history alone decides while it is whole."""
        if entry is None or entry.content is None:
            return from_row
        text = str(entry.content["after"])
        newer = entry.link is None or (row is not None and str(row["updated_at"]) >= str(entry.link["at"]))
        if from_row is not None and newer and not self._wreck.history_whole:
            return from_row
        record = records.from_snapshot(ledger, _record_of(entry, from_row), text)
        if from_row is None and not self._wreck.history_whole:
            self._uncertain.append(str(record.number))
        return record

    def _children(self, ledger: Ledger) -> tuple[dict[int, dict[str, list[Values]]], bool]:
        """Child rows by record id and table, and whether all could be read."""
        found: dict[int, dict[str, list[Values]]] = {}
        whole = True
        for child in ledger.children:
            table = self._wreck.table(tables.child_table(ledger, child))
            whole = whole and table.whole
            for row in sorted(table.rows, key=lambda item: int(str(item["position"]))):
                values = {item.key: records.decode(item, _raw(row.get(item.key))) for item in child.fields}
                of = found.setdefault(int(str(row["record_id"])), {})
                of.setdefault(child.key, []).append({records.ROW_ID: int(str(row["id"])), **values})
        return found, whole

    def _write(self, ledger: Ledger, record: Record, row: Columns | None, entry: Entry | None, extra: str) -> None:
        _prefix, year, seq = str(record.number).rsplit("-", 2)
        at = str(entry.link["at"]) if entry and entry.link else self._at.isoformat(timespec="seconds")
        common: dict[str, records.Raw] = {"created_at": at, "created_by": self._who, "updated_at": at}
        kept = {name: _raw(row.get(name)) for name in tables.RECORD_COLUMNS} if row else common
        raws = records.encoded(ledger.by_key, record.values)
        columns: dict[str, records.Raw] = {**kept, **raws, "id": record.id, "number": record.number}
        columns["number_year"] = int(year)
        columns["number_seq"] = _raw(row.get("number_seq")) if row else _number(seq)
        columns["deleted_at"] = (columns.get("deleted_at") or at) if record.deleted else None
        record_id = records.insert(self._db, quoted(ledger.key), columns)
        records.write_children(self._db, ledger, record_id, record.children)
        search.write(self._db, ledger, record_id, search.searchable_text(ledger, record), extra)
        matching.write(self._db, self._match_key, ledger, record_id, record.values)

    def _take_fixed(self) -> None:
        """Tables that belong to no ledger; settings, choices and places of files also from the history."""
        self._insert("setting", _settings(self._wreck))
        self._insert("choice_item", _choices(self._wreck))
        files = self._wreck.attachments()
        self._insert(schema.ATTACHMENT, files)
        self._insert(schema.ATTACHMENT_LINK, self._known_links(files))
        done = {*_CHAIN, "setting", "choice_item", schema.ATTACHMENT, schema.ATTACHMENT_LINK}
        own = {name for ledger in self._ledgers for name in _tables_of(ledger)}
        for (name,) in self._db.execute(
            "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'"
            " AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '\\_%' ESCAPE '\\'"
        ).fetchall():
            if name in done or name in own:
                continue
            table = self._wreck.table(name)
            self._insert(name, table.rows)
            if not table.whole and name in _WORDS:
                self._gaps.append(_WORDS[name])

    def _known_links(self, files: Iterable[Columns]) -> Iterator[Columns]:
        """Places of files whose rows could be read; the names of the others are told."""
        known = {row["id"] for row in files}
        names = {after["attachment_id"]: after["name"] for _action, _before, after in _replayed(self._wreck, "attach")}
        for link in _links(self._wreck):
            if link["attachment_id"] in known:
                yield link
            else:
                name = names.get(link["attachment_id"], "一个附件")
                self._gaps.append(f"“{name}”是哪个文件读不出来了，请把原来的文件重新添加一次")

    def _write_entries(self, kept: int) -> None:
        chain = history.Chain(self._db, self._key, operation=OPERATION, who=self._who, at=self._at)
        facts = {"broken": self._wreck.broken, "kept": kept, "entered": len(self._entered)}
        chain.append("access", "rescue", 0, None, records.canonical(facts))
        chain.append_many(
            ("insert" if before is None else "update", key, record_id, before, after)
            for (key, record_id), before, after in self._entered
        )

    def _missing(self, ledger: Ledger) -> Iterator[str]:
        """Numbers of which an earlier and a later one are there: numbers are given without gaps."""
        rows = self._db.execute(
            f"SELECT number_year, number_seq, number FROM {quoted(ledger.key)} WHERE origin IS NULL ORDER BY 1, 2"
        ).fetchall()
        expected: dict[int, int] = {}
        for year, seq, number in rows:
            for gap in range(expected.get(year, 1), seq):
                head, digits = number.rsplit("-", 1)
                yield f"{head}-{gap:0{len(digits)}d}"
            expected[year] = seq + 1

    def _count(self, table: str) -> int:
        return int(self._db.execute(f"SELECT count(*) FROM {quoted(table)}").fetchone()[0])

    def _insert(self, table: str, rows: Iterable[Columns]) -> None:
        """Rows by the columns that the new table has."""
        names = [row[0] for row in self._db.execute("SELECT name FROM pragma_table_info(?)", (table,)).fetchall()]
        for row in rows:
            # A column that the row does not know takes its default.
            own = [name for name in names if name in row]
            listed, marks = ", ".join(quoted(name) for name in own), ", ".join("?" * len(own))
            self._db.execute(
                f"INSERT OR IGNORE INTO {quoted(table)} ({listed}) VALUES ({marks})", tuple(row[name] for name in own)
            )


_WORDS = {
    "import_row": "导入过的行没有全部读出来：再导入同一个文件时，请留意有没有重复",
    schema.DRAFT: "没有保存的草稿可能少了",
}


def _record_of(entry: Entry, row: Record | None) -> int:
    """Row id of the record that an entry of the history is about."""
    if entry.link is not None:
        return int(str(entry.link["record_id"]))
    return (row.id if row else None) or 0


def _states(entries: Iterable[Entry]) -> dict[Key, Entry]:
    """The last entry with content of each record; a content without its link tells of nobody."""
    return {
        (str(entry.link["ledger"]), int(str(entry.link["record_id"]))): entry
        for entry in entries
        if entry.link is not None
        and entry.content is not None
        and entry.link["action"] in _RECORDS
        and entry.content["after"] is not None
    }


def _of_row(ledger: Ledger, row: Columns, children: Mapping[str, Sequence[Values]]) -> Record:
    values = {item.key: records.decode(item, _raw(row.get(item.key))) for item in ledger.fields}
    own = {child.key: tuple(children.get(child.key, ())) for child in ledger.children}
    return Record(values, own, int(str(row["id"])), str(row["number"]), row["deleted_at"] is not None)


def _raw(cell: object) -> records.Raw:
    return cell if isinstance(cell, (str, int)) else None


def _number(text: str) -> int:
    """The number behind the year; of a record of another book (H00001) it begins at the first of its kind."""
    return int(text) if text.isdigit() else FIRST_NUMBER + int(text[1:]) - 1


def _replayed(wreck: Wreck, *actions: str) -> Iterator[tuple[str, Any, Any]]:
    """Action, before and after of the entries of some actions, in order."""
    for entry in wreck.history:
        if entry.link is not None and entry.content is not None and entry.link["action"] in actions:
            yield str(entry.link["action"]), entry.before, entry.after


def _settings(wreck: Wreck) -> list[Columns]:
    table = wreck.table(schema.SETTING)
    found: dict[str, Columns] = {}
    if not table.whole:
        for _action, before, after in _replayed(wreck, "setting"):
            if after is None:
                found.pop((before or {}).get("key", ""), None)
            else:
                found[after["key"]] = after
    found.update({str(row["key"]): row for row in table.rows})
    return list(found.values())


def _choices(wreck: Wreck) -> list[Columns]:
    table = wreck.table(schema.CHOICE_ITEM)
    found: dict[tuple[object, object], Columns] = {}
    if not table.whole:
        for _action, _before, after in _replayed(wreck, "choice"):
            found[after["list_name"], after["id"]] = {
                name: int(cell)
                if isinstance(cell, bool)
                else cell
                if isinstance(cell, (str, int, type(None)))
                else records.canonical(cell)
                for name, cell in after.items()
            }
    found.update({(row["list_name"], row["id"]): row for row in table.rows})
    return list(found.values())


def _links(wreck: Wreck) -> list[Columns]:
    table = wreck.table(schema.ATTACHMENT_LINK)
    found: dict[object, Columns] = {}
    if not table.whole:
        for _action, before, after in _replayed(wreck, "attach", "detach", "caption"):
            if after is None:
                found.pop((before or {}).get("id"), None)
            else:
                found[after["id"]] = after
    found.update({row["id"]: row for row in table.rows})
    return list(found.values())


def _tables_of(ledger: Ledger) -> Iterator[str]:
    yield from (ledger.key, tables.text_table(ledger), tables.match_table(ledger), tables.search_table(ledger))
    yield from (tables.child_table(ledger, child) for child in ledger.children)
    yield from (f"{tables.search_table(ledger)}_{part}" for part in ("data", "idx", "content", "docsize", "config"))
