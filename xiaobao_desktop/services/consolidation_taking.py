"""One 报送包 of another book into this one: lists first, then records, then what refers to each other.

Values come in exactly as they stand in the package. Where both sides changed a record the package counts, and it is
told; what was changed here alone stays. What the other book no longer has goes to the recycle bin.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from xiaobao_desktop.domain.catalog import Catalog, plain
from xiaobao_desktop.domain.fields import ChildTable, Field, Grade, Kind, Ledger, Record, Value, Values
from xiaobao_desktop.domain.period import Period
from xiaobao_desktop.domain.relations import reference
from xiaobao_desktop.exchange.package import PackageUnreadable
from xiaobao_desktop.exchange.package_data import (
    LINKS,
    DataUnreadable,
    PackageData,
    Packed,
    PackedAttachment,
    PackedLedger,
    PackedRecord,
    fitted,
    target,
)
from xiaobao_desktop.exchange.package_reading import Opened
from xiaobao_desktop.services.origins import OtherBook
from xiaobao_desktop.services.records import search_words
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.book import NewFile, Origin, Taken, Transaction
from xiaobao_desktop.store.records import ROW_ID, snapshot
from xiaobao_desktop.store.transaction import NewRecord

_CHOSEN = (Kind.CHOICE, Kind.CHOICES, Kind.CODE)
_MEDIA_TYPE = re.compile(r"[\w.+-]{1,60}/[\w.+-]{1,90}", re.ASCII)
_LONGEST_NAME = 120


@dataclass
class TookIn:
    """What a package did.

    Attributes:
        added: new records.
        changed: records that are now as the package has them.
        same: records that were so already.
        gone: records that the other book no longer has.
        files: files that were added.
        listed: of the new ones, how many are entries of lists (branches, staff) that records of the package name.
        kept: numbers of records that were changed here alone and stay so.
        replaced: numbers of records that were changed on both sides and are now as the package has them.
        left_out: what could not be taken in, in Chinese.
    """

    added: int = 0
    changed: int = 0
    same: int = 0
    gone: int = 0
    files: int = 0
    listed: int = 0
    kept: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Ready:
    """A record of the package in the terms of this book."""

    packed: PackedRecord
    record: Record
    waits: bool
    """It links to a record that comes later."""


class _Content(NamedTuple):
    """A file of the package in the pool: its id there, SHA-256 and bytes."""

    id: str
    sha256: str
    size: int


class Taking:
    """Takes one package in; use once, inside the transaction of the run."""

    def __init__(
        self,
        session: Session,
        changes: Transaction,
        book: OtherBook,
        generation: str,
        data: PackageData,
        opened: Opened,
    ) -> None:
        """Prepare to take in ``data`` of the package ``opened``, which comes from ``book``."""
        self._session, self._changes, self._data, self._opened = session, changes, data, opened
        self._origin, self._generation = book.sign, generation
        # Records of a package that is not among these were brought by a run that was undone since.
        self._taken_before = {taken.generation for taken in book.packages}
        self._taken_open = {taken.generation for taken in book.packages if not taken.masked}
        self._masked = bool(opened.checked.manifest["masked"])
        self._entries: dict[tuple[str, str], str] = {}
        self._here: dict[str, dict[str, Taken]] = {}
        self._ids: dict[tuple[str, str], int] = {}
        self._coming = {(key, one.number) for key, packed in data.ledgers.items() for one in packed.records}
        self.took = TookIn()

    def take(self, period: Period) -> TookIn:
        """Do it.

        Raises:
            PackageUnreadable: the data is not what the ledgers say; nothing of it was written.
        """
        # Everything is read before anything is written: a package comes in whole or not at all.
        ledgers = sorted(self._known_ledgers(), key=lambda ledger: bool(ledger.dated_by))
        try:
            self._check(ledgers)
        except DataUnreadable as error:
            raise PackageUnreadable(file=self._opened.file, reason=str(error)) from error
        contents = self._kept_contents()
        self._take_entries()
        for ledger in self._session.ledgers:
            self._know(ledger)
        waiting = [self._add_new(ledger, contents, period) for ledger in ledgers]
        # What records of this package link to is here by now.
        for ledger, some in zip(ledgers, waiting, strict=True):
            self._bring_up_all(ledger, period, contents)
            for packed in some:
                self._complete(ledger, packed)
        return self.took

    # Reading

    def _known_ledgers(self) -> list[Ledger]:
        known = {ledger.key: ledger for ledger in self._session.ledgers}
        for key, packed in self._data.ledgers.items():
            if key not in known:
                self.took.left_out.append(f"{len(packed.records)} 条“{key}”，这个版本的小保没有这本台账")
        return [ledger for key, ledger in known.items() if key in self._data.ledgers]

    def _check(self, ledgers: Sequence[Ledger]) -> None:
        """Meet what is wrong with the data before anything is written; raises DataUnreadable."""
        for ledger in ledgers:
            packed = self._data.ledgers[ledger.key]
            fields = self._fields(ledger, packed)
            if len({one.number for one in packed.records}) != len(packed.records):
                raise DataUnreadable("汇总数据里有两条编号相同")
            for one in packed.records:
                for item, value in _given(fields, one.values):
                    _check_value(item, value)
                for child in ledger.children:
                    for row in one.children.get(child.key, ()):
                        for item, value in _given(child.fields, row):
                            _check_value(item, value)

    def _fields(self, ledger: Ledger, packed: PackedLedger) -> tuple[Field, ...]:
        """The fields both books have: an own field of another bank is the same only by name and kind."""
        own = {item.key: (item.label, item.kind.value) for item in self._session.own_fields.get(ledger.key, ())}
        foreign = {key for key in (*own, *packed.own_fields) if own.get(key) != packed.own_fields.get(key)}
        return tuple(item for item in ledger.fields if item.key not in foreign)

    def _kept_contents(self) -> dict[str, _Content]:
        """The bytes of the files go into the pool before a record speaks of them."""
        wanted = (item.file for packed in self._data.ledgers.values() for one in packed.records for item in one.files)
        found = {}
        for name in dict.fromkeys(wanted):
            data = self._opened.read(name)
            found[name] = _Content(self._session.book.keep_content(data), hashlib.sha256(data).hexdigest(), len(data))
        return found

    # Lists and trees

    def _take_entries(self) -> None:
        """Find the other bank's own entries by name, or add them; what they are called here is noted."""
        catalog = self._session.rules.catalog
        added = False
        for row in self._data.choices:
            name, entry = str(row["list_name"]), str(row["id"])
            parent = self._entries.get((name, str(row.get("code_parent", ""))), str(row.get("code_parent", "")))
            found = _same_entry(catalog, name, str(row.get("name", "")), parent)
            if found is None:
                continue
            if not found:
                found = f"{self._origin[:8]}-{entry}"
                kept = {"list_name": name, "id": found, "name": str(row.get("name", "")), "code_parent": parent}
                self._changes.put_choice({**kept, "group": str(row.get("group", "")), "active": True})
                added = True
            self._entries[name, entry] = found
        if added:
            self._session.forget()

    def _entry(self, item: Field, value: Value) -> Value:
        if isinstance(value, tuple):
            return tuple(self._entries.get((item.options, one), one) for one in value)
        return self._entries.get((item.options, str(value)), value)

    # Records

    def _know(self, ledger: Ledger) -> None:
        found = self._session.book.taken_in(ledger, self._origin)
        self._here[ledger.key] = found
        self._ids.update({(ledger.key, number): taken.id for number, taken in found.items()})

    def _add_new(self, ledger: Ledger, contents: Mapping[str, _Content], period: Period) -> list[PackedRecord]:
        """Store the records of a ledger that never came before; those that link to one that comes later.

        Those of before the period are news of records that are here; of a month that was not sent they would be a part.
        """
        packed, here = self._data.ledgers[ledger.key], self._here[ledger.key]
        fields = self._fields(ledger, packed)
        self._tell_left_out(ledger, packed, fields)
        unknown = (one for one in packed.records if one.number not in here)
        new = [self._ready(ledger, fields, one) for one in unknown if not is_earlier(ledger, one, period)]
        stored = self._changes.insert_many(ledger, [self._new_record(ledger, ready) for ready in new])
        for ready, record in zip(new, stored, strict=True):
            record_id = int(str(record.id))
            self._ids[ledger.key, ready.packed.number] = record_id
            if self._data.with_files:
                self._take_files(ledger, record_id, ready.packed, contents)
        self.took.added += len(new)
        self.took.listed += 0 if packed.whole else len(new)
        if not ledger.dated_by:
            # Thousands of branches of other banks are not read again for each package.
            self._session.learn(ledger.key, [int(str(record.id)) for record in stored])
        return [ready.packed for ready in new if ready.waits]

    def _new_record(self, ledger: Ledger, ready: _Ready) -> NewRecord:
        origin = Origin(self._origin, ready.packed.number, self._generation, _digest(ready.record))
        return NewRecord(ready.record, None, search_words(self._session, ledger, ready.record), origin)

    def _bring_up_all(self, ledger: Ledger, period: Period, contents: Mapping[str, _Content]) -> None:
        """Bring the records of a ledger that came before to where the package has them."""
        packed, here = self._data.ledgers[ledger.key], self._here[ledger.key]
        if not here:
            return
        fields, present = self._fields(ledger, packed), self._present(ledger)
        gone = self._gone(ledger, packed, period)
        noted: list[tuple[int, Origin]] = []
        for one in packed.records:
            taken = here.get(one.number)
            if taken is None:
                continue
            later = self._holds(taken) and taken.origin.generation > self._generation
            hides = self._masked and taken.origin.generation in self._taken_open and is_earlier(ledger, one, period)
            if later or hides:
                # A later package of another period told of it already; or the news would hide what was sent openly.
                self.took.same += 1
                continue
            noted.append((taken.id, self._bring_up(ledger, self._ready(ledger, fields, one), taken, present[taken.id])))
            if self._data.with_files:
                self._take_files(ledger, taken.id, one, contents)
        self._changes.set_origins(ledger, noted)
        for record_id in gone:
            self._changes.delete(ledger, record_id)
            self.took.gone += 1
        if not ledger.dated_by:
            self._session.learn(ledger.key, list(present))

    def _present(self, ledger: Ledger) -> dict[int, Record]:
        """The records that came from this book before, as they stand now, by id."""
        ids = [taken.id for taken in self._here[ledger.key].values()]
        return {int(str(record.id)): record for record in self._session.book.records(ledger, ids)}

    def _ready(self, ledger: Ledger, fields: Sequence[Field], one: PackedRecord) -> _Ready:
        missing: list[tuple[str, str]] = []
        values = self._values(fields, one.values, missing)
        children = {
            child.key: tuple(self._rows(child, one.children.get(child.key, ()), missing)) for child in ledger.children
        }
        waits = any(named in self._coming for named in missing)
        return _Ready(one, Record(values, children), waits)

    def _values(
        self, fields: Sequence[Field], packed: Mapping[str, Packed], missing: list[tuple[str, str]]
    ) -> dict[str, Value]:
        found: dict[str, Value] = {item.key: None for item in fields}
        for item, value in _given(fields, packed):
            if item.kind in LINKS:
                named = target(item, value)
                found[item.key] = self._named(item, named)
                if named not in self._ids:
                    missing.append(named)
            else:
                # That it fits was checked before anything was written.
                read: Value = tuple(value) if isinstance(value, list) else value  # type: ignore[assignment]
                found[item.key] = self._entry(item, read) if item.kind in _CHOSEN else read
        return found

    def _rows(
        self, child: ChildTable, rows: Sequence[Mapping[str, Packed]], missing: list[tuple[str, str]]
    ) -> Iterator[dict[str, Value]]:
        """The rows of a child table; one that is about a record which is not here says nothing and is left out."""
        about = [item.key for item in child.fields if item.kind in LINKS and item.grade is Grade.TO_SAVE]
        for row in rows:
            values = self._values(child.fields, row, missing)
            if all(values[key] is not None for key in about):
                yield values

    def _named(self, item: Field, named: tuple[str, str]) -> Value:
        """The value of a field that names a record, None when that is not here."""
        record_id = self._ids.get(named)
        if record_id is None:
            return None
        return record_id if item.kind is Kind.LINK else reference(named[0], record_id)

    def _bring_up(self, ledger: Ledger, ready: _Ready, taken: Taken, now: Record) -> Origin:
        """Bring a record that was taken in before to where the package has it; what is to be noted of it."""
        record = ready.record
        origin = Origin(self._origin, ready.packed.number, self._generation, _digest(record))
        here = _digest(now)
        edited = self._holds(taken) and here != taken.origin.digest
        if taken.deleted:
            self._changes.restore(ledger, taken.id)
        if here == origin.digest:
            self.took.changed += taken.deleted
            self.took.same += not taken.deleted
        elif edited and origin.digest == taken.origin.digest:
            self.took.kept.append(str(now.number))
        else:
            if edited:
                self.took.replaced.append(str(now.number))
            self._update(ledger, replace(record, id=taken.id), now)
            self.took.changed += 1
        return origin

    def _holds(self, taken: Taken) -> bool:
        """Whether the run that brought a record as it is noted still holds."""
        return taken.origin.generation in self._taken_before

    def _complete(self, ledger: Ledger, packed: PackedRecord) -> None:
        """Write the links of a new record to records that came after it."""
        ready = self._ready(ledger, self._fields(ledger, self._data.ledgers[ledger.key]), packed)
        record_id = self._ids[ledger.key, packed.number]
        now = self._session.book.record(ledger, record_id)
        assert now is not None
        self._update(ledger, replace(ready.record, id=record_id), now)
        origin = Origin(self._origin, packed.number, self._generation, _digest(ready.record))
        self._changes.set_origins(ledger, [(record_id, origin)])

    def _update(self, ledger: Ledger, record: Record, now: Record) -> None:
        """Write a record over what stands there; child rows in the same place keep their ids, and so their files."""
        children = {
            key: tuple(
                {**row, ROW_ID: now.children[key][place][ROW_ID]} if place < len(now.children.get(key, ())) else row
                for place, row in enumerate(rows)
            )
            for key, rows in record.children.items()
        }
        words = search_words(self._session, ledger, record)
        self._changes.update(ledger, replace(record, children=children), extra_text=words)

    def _gone(self, ledger: Ledger, packed: PackedLedger, period: Period) -> list[int]:
        """Records of the period that came before and that the package, which has the period whole, no longer has."""
        if not packed.whole:
            return []
        numbers = {one.number for one in packed.records}
        left = {
            taken.id
            for number, taken in self._here[ledger.key].items()
            if number not in numbers
            and not taken.deleted
            and not (self._holds(taken) and taken.origin.generation > self._generation)
        }
        if not ledger.dated_by:
            return sorted(left)
        first, last = period.first.isoformat(), period.last.isoformat()
        rows = self._session.book.rows(ledger, sorted(left), (ledger.dated_by,))
        return [int(str(row["id"])) for row in rows if first <= str(row[ledger.dated_by] or "") <= last]

    def _tell_left_out(self, ledger: Ledger, packed: PackedLedger, fields: Sequence[Field]) -> None:
        known = {item.key for item in fields}
        left = {key for one in packed.records for key in one.values if key not in known}
        labels = [packed.own_fields[key][0] if key in packed.own_fields else key for key in sorted(left)]
        if labels:
            self.took.left_out.append(f"{ledger.label}的“{'、'.join(labels)}”，本账簿没有这些项目")

    # Files

    def _take_files(self, ledger: Ledger, record_id: int, one: PackedRecord, contents: Mapping[str, _Content]) -> None:
        """Put the files of a record where the package has them; those it no longer has are taken away."""
        masked = bool(self._opened.checked.manifest["masked"])
        spoken_of = {kind.key for kind in ledger.evidence if kind.captions or not masked}
        there = self._session.book.attachments(ledger, record_id)
        have = {(item.file.sha256, item.place.evidence) for item in there}
        wanted = {(contents[item.file].sha256, item.evidence) for item in one.files}
        for item in there:
            if item.place.evidence in spoken_of and (item.file.sha256, item.place.evidence) not in wanted:
                self._changes.detach(item.id)
        new = [
            packed
            for packed in one.files
            if packed.evidence in spoken_of and (contents[packed.file].sha256, packed.evidence) not in have
        ]
        rows = self._row_ids(ledger, record_id) if any(packed.row for packed in new) else {}
        for packed in new:
            file = _new_file(packed, contents[packed.file])
            child_id = rows.get(packed.row) if packed.row else None
            where = (ledger, record_id, file)
            self._changes.attach(*where, evidence=packed.evidence, caption=packed.caption, child_id=child_id)
            self.took.files += 1

    def _row_ids(self, ledger: Ledger, record_id: int) -> dict[tuple[str, int], int]:
        record = self._session.book.record(ledger, record_id)
        assert record is not None
        return {
            (key, place): int(str(row[ROW_ID]))
            for key, rows in record.children.items()
            for place, row in enumerate(rows)
        }


def is_earlier(ledger: Ledger, one: PackedRecord, period: Period) -> bool:
    """Whether a record of a package is one of before its period."""
    day = one.values.get(ledger.dated_by) if ledger.dated_by else None
    return isinstance(day, str) and day < period.first.isoformat()


def _given(fields: Sequence[Field], packed: Mapping[str, Packed]) -> Iterator[tuple[Field, Packed]]:
    return ((item, packed[item.key]) for item in fields if item.key in packed)


def _check_value(item: Field, value: Packed) -> None:
    if item.kind in LINKS:
        target(item, value)
    else:
        fitted(item, value)


def _digest(record: Record) -> str:
    """A digest of the content of a record: values and rows, without ids and number."""
    bare = {key: tuple(_without_id(row) for row in rows) for key, rows in record.children.items()}
    return hashlib.sha256(snapshot(Record(record.values, bare)).encode()).hexdigest()


def _without_id(row: Values) -> dict[str, Value]:
    return {key: value for key, value in row.items() if key != ROW_ID}


def _same_entry(catalog: Catalog, list_name: str, name: str, parent: str) -> str | None:
    """The entry of this book with that name; "" when there is none, None when there is no such list."""
    if list_name in catalog.trees:
        codes = catalog.trees[list_name].codes
        return next((code.key for code in codes if code.parent == parent and plain(code.name) == plain(name)), "")
    if list_name in catalog.lists:
        found = catalog.lists[list_name].find(name)
        return found.id if found else ""
    return None


def _new_file(packed: PackedAttachment, content: _Content) -> NewFile:
    """A file as the book notes it; its name without what could be a path."""
    name = packed.name.replace("\\", "/").rsplit("/", 1)[-1][:_LONGEST_NAME] or "附件"
    media_type = packed.media_type if _MEDIA_TYPE.fullmatch(packed.media_type) else "application/octet-stream"
    return NewFile(content.id, content.sha256, name, media_type, content.size, packed.width, packed.height)
