"""What a 报送包 tells another 小保: the records of a period with all fields, what they link to, their files.

In a masked package personal data is masked and texts are scrubbed as in its Excel files; of the files only photos with
captions go along, under names of the program's own: a scan or a recording cannot be masked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import PurePath

from xiaobao_desktop.domain.fields import Field, Kind, Ledger, Record, Value, Values, is_empty
from xiaobao_desktop.domain.masking import is_masked, mask_named, mask_text, name_fields
from xiaobao_desktop.domain.period import Period
from xiaobao_desktop.domain.relations import read_reference
from xiaobao_desktop.domain.scrub import is_reference, scrub
from xiaobao_desktop.exchange import package, package_data
from xiaobao_desktop.exchange.package import PackedFile
from xiaobao_desktop.exchange.package_data import (
    PackageData,
    Packed,
    PackedAttachment,
    PackedLedger,
    PackedRecord,
)
from xiaobao_desktop.services import denominators
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.book import Attachment
from xiaobao_desktop.store.query import OWN, Condition, Query

_FREE_TEXT = (Kind.TEXT, Kind.LONG_TEXT)
_CHOSEN = (Kind.CHOICE, Kind.CHOICES, Kind.CODE)
_MASKABLE = (*_FREE_TEXT, Kind.PERSON_NAME, Kind.PHONE, Kind.ID_NUMBER, Kind.ACCOUNT, Kind.ADDRESS)


_LATELY = timedelta(days=31)
"""A follow-up or a proof may come so long after the end of a matter."""


@dataclass(frozen=True)
class Gathered:
    """The data of a package: its JSON file, and the files of the records."""

    data: PackedFile
    files: tuple[PackedFile, ...]


def gather(session: Session, keys: Iterable[str], period: Period, *, masked: bool, with_files: bool) -> Gathered:
    """Read the data of a package from the book.

    Args:
        session: the open book; only its own records are given on, not those of other books.
        keys: of the ledgers.
        period: whose records, in ledgers that are dated.
        masked: hide personal data.
        with_files: also the files of the records; in a masked package the photos alone.
    """
    reader = _Reader(session, masked=masked, with_files=with_files)
    total = carried = 0
    for key in keys:
        ledger = session.ledger(key)
        within, earlier = _within(session, ledger, period), _earlier(session, ledger, period) if masked else []
        reader.take(ledger, [*earlier, *within], whole=True)
        total, carried = total + len(within), carried + len(earlier)
    reader.take_linked()
    years = range(period.first.year, period.last.year + 1)
    numbers = {year: told for year, told in denominators.load(session).items() if year in years}
    data = PackageData(reader.ledgers, tuple(reader.choices()), with_files, numbers)
    content = package_data.dump(data)
    title = "供小保汇总的数据" + (f"（另有以前期间没办完或刚办完的{carried}条）" if carried else "")
    file = PackedFile(package_data.NAME, content, package.DATA, package.DATA, title, total)
    return Gathered(file, tuple(reader.files))


def _within(session: Session, ledger: Ledger, period: Period) -> list[int]:
    """The records of a period; all of a list that is not dated."""
    days = (period.first.isoformat(), period.last.isoformat())
    return _ids(session, ledger, *((Condition(ledger.dated_by, "between", days),) if ledger.dated_by else ()))


def _earlier(session: Session, ledger: Ledger, period: Period) -> list[int]:
    """Earlier records that had not ended before a period, or only lately: there may be news of them.

    They go along masked alone: who agreed to an unmasked package agreed to its period.
    """
    since = (period.first - _LATELY).isoformat()
    before = Condition(ledger.dated_by, "between", (None, (period.first - timedelta(days=1)).isoformat()))
    found = {
        record_id
        for key in ledger.ended_by
        for record_id in _ids(session, ledger, before, Condition(key, "from_or_empty", (since,)))
    }
    return sorted(found)


def _ids(session: Session, ledger: Ledger, *where: Condition) -> list[int]:
    return session.book.ids(ledger, Query(where=(OWN, *where), order=(("number", False),)))


class _Reader:
    """Takes records out of the book, and notes what they link to and which own entries they use."""

    def __init__(self, session: Session, *, masked: bool, with_files: bool) -> None:
        self.session, self.masked, self.with_files = session, masked, with_files
        self.ledgers: dict[str, PackedLedger] = {}
        self.files: list[PackedFile] = []
        self._taken: set[tuple[str, int]] = set()
        self._linked: dict[str, set[int]] = {}
        self._numbers: dict[tuple[str, int], str] = {}
        self._used: set[tuple[str, str]] = set()

    def take(self, ledger: Ledger, ids: list[int], *, whole: bool) -> None:
        """Records of a ledger, added to those that were taken."""
        self._taken.update((ledger.key, record_id) for record_id in ids)
        records = tuple(self._record(ledger, record) for record in self.session.book.records(ledger, ids))
        before = self.ledgers.get(ledger.key)
        own = {item.key: (item.label, item.kind.value) for item in self.session.own_fields.get(ledger.key, ())}
        self.ledgers[ledger.key] = PackedLedger(
            ledger.key, whole or bool(before and before.whole), own, (*(before.records if before else ()), *records)
        )

    def take_linked(self) -> None:
        """The records of lists (branches, staff) that the taken ones link to, and what these link to."""
        while wanted := self._wanted():
            for key, ids in wanted.items():
                self.take(self.session.ledger(key), sorted(ids), whole=False)

    def _wanted(self) -> dict[str, set[int]]:
        lists = {ledger.key for ledger in self.session.ledgers if not ledger.dated_by}
        missing = {
            key: {one for one in ids if (key, one) not in self._taken}
            for key, ids in self._linked.items()
            if key in lists
        }
        return {key: ids for key, ids in missing.items() if ids}

    def choices(self) -> Iterator[Mapping[str, object]]:
        """The entries of the bank's own that were used, parents before what stands below them."""
        catalog = self.session.rules.catalog
        rows = {(row["list_name"], row["id"]): row for row in self.session.book.own_choices()}
        given: set[tuple[str, str]] = set()
        for list_name, entry in sorted(self._used):
            tree = catalog.trees.get(list_name)
            path = [code.key for code in tree.path(entry)] if tree is not None else [entry]
            for key in ((list_name, name) for name in path):
                if key in rows and key not in given and self._is_own(*key):
                    given.add(key)
                    yield rows[key]

    def _is_own(self, list_name: str, entry: str) -> bool:
        catalog = self.session.rules.catalog
        if list_name in catalog.trees:
            code = catalog.trees[list_name].get(entry)
            return bool(code and code.own)
        choice = catalog.lists[list_name].get(entry) if list_name in catalog.lists else None
        return bool(choice and choice.own)

    def _record(self, ledger: Ledger, record: Record) -> PackedRecord:
        children = {
            child.key: tuple(self._values(child.fields, row) for row in record.children.get(child.key, ()))
            for child in ledger.children
        }
        files = tuple(self._attached(ledger, record)) if self.with_files else ()
        number, values = str(record.number), self._values(ledger.fields, record.values)
        if self.masked:
            names = [record.values.get(item.key) for item in name_fields(ledger)]
            values = _without_names(values, names)
            children = {key: tuple(_without_names(row, names) for row in rows) for key, rows in children.items()}
        return PackedRecord(number, values, children, files)

    def _values(self, fields: Iterable[Field], values: Values) -> dict[str, Packed]:
        found = {}
        for item in fields:
            value = values.get(item.key)
            packed = None if is_empty(value) or value is None else self._packed(item, value)
            if packed is not None:
                found[item.key] = packed
        return found

    def _packed(self, item: Field, value: str | int | bool | tuple[str, ...]) -> Packed | None:
        """A value for the package; None for personal data that cannot be masked and stay of its kind."""
        if self.masked and is_masked(item) and item.kind not in _MASKABLE:
            return None
        if item.kind is Kind.LINK:
            return {"number": self._number(item.options, int(str(value)))}
        if item.kind is Kind.RECORD:
            named = read_reference(str(value))
            return {"ledger": named[0], "number": self._number(*named)} if named else None
        if item.kind in _CHOSEN:
            chosen = value if isinstance(value, tuple) else (str(value),)
            self._used.update((item.options, one) for one in chosen)
        if isinstance(value, tuple):
            return list(value)
        return _outside(item, value) if self.masked and isinstance(value, str) else value

    def _number(self, key: str, record_id: int) -> str:
        self._linked.setdefault(key, set()).add(record_id)
        if (key, record_id) not in self._numbers:
            row = self.session.book.rows(self.session.ledger(key), (record_id,), ())
            self._numbers[key, record_id] = str(row[0]["number"]) if row else ""
        return self._numbers[key, record_id]

    def _attached(self, ledger: Ledger, record: Record) -> Iterator[PackedAttachment]:
        photos = {kind.key for kind in ledger.evidence if kind.captions}
        rows = {
            row.get("id"): (key, place) for key, found in record.children.items() for place, row in enumerate(found)
        }
        for place, item in enumerate(self.session.book.attachments(ledger, record.id or 0), start=1):
            if self.masked and item.place.evidence not in photos:
                continue
            yield self._file(ledger, record, place, item, rows.get(item.place.child_id))

    def _file(
        self, ledger: Ledger, record: Record, place: int, item: Attachment, row: tuple[str, int] | None
    ) -> PackedAttachment:
        ending = PurePath(item.file.name).suffix.lower()
        name = f"{package_data.FOLDER}/{ledger.label}/{record.number}-{place}{ending}"
        file, where = item.file, item.place.evidence
        caption = scrub(item.place.caption) if self.masked else item.place.caption
        shown = f"照片{place}{ending}" if self.masked else file.name
        self.files.append(PackedFile(name, self.session.book.content(file), package.ATTACHMENT, ledger.key, shown))
        return PackedAttachment(name, shown, file.sha256, file.media_type, where, caption, row, file.width, file.height)


def _without_names(values: dict[str, Packed], names: Sequence[Value]) -> dict[str, Packed]:
    return {key: mask_named(value, names) if isinstance(value, str) else value for key, value in values.items()}


def _outside(item: Field, text: str) -> str:
    """A text as it may leave the bank: personal data masked, numbers of persons starred."""
    if is_masked(item):
        return mask_text(item.kind, text)
    if item.kind not in _FREE_TEXT or (item.kind is Kind.TEXT and is_reference(text)):
        return text
    return scrub(text)
