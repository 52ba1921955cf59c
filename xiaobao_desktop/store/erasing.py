"""Destroying what records held, for good: nothing of it is left in the book's pages, its pool or its history.

What is erased is chosen and approved elsewhere. The chain of history stays whole, because it holds digests of contents
only; that a content is missing is in order exactly where the chain itself tells of an erasure (``history.check``). A
register of all erasures lies encrypted beside the book and its backups: a restored backup brings contents back.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from secrets import token_bytes, token_hex
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from xiaobao_desktop.domain.fields import Ledger, Record
from xiaobao_desktop.errors import UserError
from xiaobao_desktop.files import write_atomically
from xiaobao_desktop.store import backup_files, forgetting, history, layout, records, retired, schema, search
from xiaobao_desktop.store.forgetting import Noted, Place
from xiaobao_desktop.store.history import ERASURE
from xiaobao_desktop.store.pool import Pool
from xiaobao_desktop.store.sqlite import Database
from xiaobao_desktop.store.subkeys import derive
from xiaobao_desktop.store.tables import match_table, quoted, search_table

if TYPE_CHECKING:
    from xiaobao_desktop.store.book import Book
    from xiaobao_desktop.store.transaction import Transaction

_NO_DELETE, _NO_UPDATE = "change_content_no_delete", "change_no_update"
_NONCE = 12
_MAGIC = b"XBE1"
_SEVERAL, _LENGTH = b"XBE2", 4
"""A register with sections under several keys: each its length in 4 bytes, then as a register of one."""
_ON_FILES = ("attach", "detach", "caption")


class Remains(NamedTuple):
    """What is to stay of a record: the record without its personal data, and the further words to find it by."""

    ledger: Ledger
    record: Record
    extra_text: str


class Erasure(NamedTuple):
    """One erasure as the register tells of it.

    Attributes:
        id: tells it from any other.
        facts: of the approval, as they were given.
        at: ISO moment.
        records: key of the ledger, row id, number and first link of the history of each record.
        contents: ids of files in the pool that went with them.
        also: sequences of single notes that went too.
        renamed: digest of the entries of each operation (by its id) whose name told of a person and is another now.
    """

    id: str
    facts: Mapping[str, Any]
    at: str
    records: tuple[tuple[str, int, str, str], ...]
    contents: tuple[str, ...]
    also: tuple[int, ...]
    renamed: Mapping[str, str] = MappingProxyType({})


class Done(NamedTuple):
    """What an erasure came to: itself, and whether the file could be rewritten without what was in it."""

    erasure: Erasure
    tidied: bool


class OldCopy(NamedTuple):
    """A backup file, or the folder of a replaced book, that still holds what was destroyed."""

    path: Path
    made_at: datetime


def erase(
    book: Book,
    wanted: Sequence[Remains],
    noted: Noted,
    facts: Mapping[str, Any],
    *,
    operation: str,
    who: str,
    at: datetime,
) -> Done:
    """Destroy what records held beyond what stays, in one transaction; then rewrite the file without it.

    Args:
        book: open.
        wanted: what stays of each record.
        noted: notes to look through.
        facts: of the approval, for the register.
        operation: in Chinese, as history will show it.
        who: real name.
        at: moment.

    Raises:
        BookDiskFull and others of ``Book.transaction``: nothing was destroyed.
    """
    with book._backups, book._calls:
        with book._reading():
            book._db.execute("PRAGMA secure_delete = ON").fetchall()
        with book.transaction(operation, who, at, many=True) as writing:
            first = [_known_as(book._db, item) for item in wanted]
            with _deletable(book._db):
                renamed = forgetting.names(book._db, _places(wanted), _file_names(book._db, wanted), noted)
                contents = _forget_files(book._db, wanted)
                for item in wanted:
                    _write_over(writing, item, at)
                also = (*forgetting.notes(book._db, noted), *forgetting.settings(writing, noted))
                forgetting.drafts(book._db, noted.words)
            moment, gone = at.isoformat(timespec="seconds"), tuple(sorted(contents))
            erasure = Erasure(token_hex(8), dict(facts), moment, tuple(first), gone, also, renamed)
            writing._chain.append("erase", ERASURE, 0, None, records.canonical(_body(erasure)))
        book.began = book.anchor().sequence
        book._pool.remove(contents)
        return Done(erasure, _tidied(book, {item.ledger.key for item in wanted}))


def erased_ids(book: Book, ledger: Ledger) -> frozenset[int]:
    """Ids of the records of a ledger whose content was destroyed."""
    with book._reading():
        rows = book._db.execute("SELECT record_id FROM change WHERE ledger = ? AND action = 'erase'", (ledger.key,))
        return frozenset(row[0] for row in rows)


def erased_at(book: Book, ledger: Ledger, record_id: int) -> tuple[datetime, str] | None:
    """When the content of a record was destroyed, and by what operation; None when it was not."""
    with book._reading():
        return history.erased_at(book._db, ledger, record_id)


def of_book(book: Book) -> list[Erasure]:
    """Every erasure that the history of the book tells of, the first first."""
    with book._reading():
        return [_read(facts) for _sequence, facts in history.erasures(book._db)]


def known(book: Book, folders: Iterable[Path]) -> list[Erasure]:
    """Every erasure that the history or one of the registers tells of."""
    return list({item.id: item for item in (*_registered(book, folders), *of_book(book))}.values())


def keep_register(book: Book, folders: Iterable[Path], also: Iterable[Erasure] = ()) -> list[Path]:
    """Write every known erasure into the register of each folder; the folders that did not take it.

    ``also`` are those that the book before knew, of which a book under another key cannot read.
    """
    places = list(folders)
    told = {item.id: item for item in (*also, *known(book, places))}
    if not told:
        return []
    section = _sealed(book._data_key, [_body(item) for item in told.values()])
    return [place for place in places if not _put_section(book._data_key, place / layout.REGISTER, section)]


def returned(book: Book, folders: Iterable[Path]) -> list[tuple[Erasure, tuple[tuple[str, int, str], ...]]]:
    """Erasures of the registers whose records are in the book again, by a restored backup.

    Each with key, row id and number of those records.
    """
    done = {item.id for item in of_book(book)}
    found = []
    for item in _registered(book, folders):
        with book._reading():
            back = tuple(one[:3] for one in item.records if item.id not in done and _is_back(book._db, one))
        if back:
            found.append((item, back))
    return found


def old_copies(book: Book, folders: Iterable[Path]) -> list[OldCopy]:
    """Backups of this book in some folders, and replaced books beside it, from before its last erasure."""
    with book._reading():
        last = max((sequence for sequence, _facts in history.erasures(book._db)), default=0)
        ids = retired.ids(book._db)
    if not last:
        return []
    found = []
    for item in (one for folder in folders for one in backup_files.named_in(folder)):
        # One that is no part of this history may come from a book that was replaced: nobody knows, so it counts.
        if (item.anchor.sequence < last or book.misfits([item.anchor])) and backup_files.is_ours(
            item.path, book._data_key, ids
        ):
            found.append(OldCopy(item.path, item.made_at))
    for folder in sorted(book.directory.glob(f"{layout.ASIDE_BEGINS}*")):
        if (folder / layout.BOOK_FILE).is_file():
            found.append(OldCopy(folder, datetime.fromtimestamp(folder.stat().st_mtime)))  # noqa: DTZ006 - as above
    return sorted(found, key=lambda copy: copy.made_at)


def drop(copies: Iterable[OldCopy]) -> list[OldCopy]:
    """Delete backups and replaced books; those that could not be deleted."""
    left = []
    for copy in copies:
        try:
            if copy.path.is_dir():
                shutil.rmtree(copy.path)
            else:
                copy.path.unlink(missing_ok=True)
        except OSError:
            left.append(copy)
    return left


def clear_pools(book: Book, folders: Iterable[Path]) -> int:
    """Delete the files that went with erased records from the pools in some folders; how many are still there."""
    gone = {content for item in of_book(book) for content in item.contents}
    if not gone:
        return 0
    with book._reading():
        kept = {row[0] for row in book._db.execute("SELECT DISTINCT content FROM attachment")}
        # Beside the backups of before a re-encryption a file lies under its name of then.
        gone |= retired.former_names(book._db, gone)
        gone -= kept | retired.former_names(book._db, kept)
    return sum(len(Pool(folder, book._data_key).remove(gone)) for folder in folders if folder.is_dir())


@contextmanager
def _deletable(db: Database) -> Iterator[None]:
    """Inside the block contents of history may be deleted and names of operations be given anew.

    Undone with the transaction, should it fail.
    """
    for name in (_NO_DELETE, _NO_UPDATE):
        db.execute(f"DROP TRIGGER {name}")
    yield
    for name in (_NO_DELETE, _NO_UPDATE):
        db.execute(schema.TRIGGERS[name])


def _known_as(db: Database, item: Remains) -> tuple[str, int, str, str]:
    """Key, row id, number and first link of a record: the number alone may be given anew after a restore."""
    key, record_id = item.ledger.key, item.record.id or 0
    row = db.execute("SELECT mac FROM change WHERE ledger = ? AND record_id = ? ORDER BY seq", (key, record_id))
    return key, record_id, item.record.number or "", str(row.fetchone()[0])


def _write_over(writing: Transaction, item: Remains, at: datetime) -> None:
    """Everything that one record has in the book becomes what stays of it."""
    db, ledger, record_id = writing._db, item.ledger, item.record.id or 0
    columns = records.encoded(ledger.by_key, item.record.values)
    writing._set(ledger, record_id, {**columns, "updated_at": at.isoformat(timespec="seconds")})
    records.write_children(db, ledger, record_id, item.record.children)
    if ledger.recognised_by:
        db.execute(f"DELETE FROM {quoted(match_table(ledger))} WHERE record_id = ?", (record_id,))
    db.execute("DELETE FROM draft WHERE ledger = ? AND record_id = ?", (ledger.key, record_id))
    db.execute(
        "DELETE FROM change_content WHERE seq IN (SELECT seq FROM change WHERE ledger = ? AND record_id = ?)",
        (ledger.key, record_id),
    )
    stays = writing._load(ledger, record_id)
    search.write(db, ledger, record_id, search.searchable_text(ledger, stays), item.extra_text)
    writing._note("erase", ledger.key, record_id, records.snapshot(stays), records.snapshot(stays))


def _places(wanted: Sequence[Remains]) -> set[Place]:
    return {(item.ledger.key, item.record.id) for item in wanted}


def _file_names(db: Database, wanted: Sequence[Remains]) -> list[str]:
    """Names of all files that the records have or had."""
    query = "SELECT name FROM attachment WHERE id = ?"
    return [name for one in _touched(db, _places(wanted)) for (name,) in db.execute(query, (one,))]


def _forget_files(db: Database, wanted: Sequence[Remains]) -> set[str]:
    """Take all files away from the records, and the notes of those that nothing else has; ids for the pool to drop."""
    gone = _places(wanted)
    touched = _touched(db, gone)
    for place in gone:
        db.execute("DELETE FROM attachment_link WHERE ledger = ? AND record_id = ?", place)
    touched -= {row[0] for row in db.execute("SELECT attachment_id FROM attachment_link")}
    touched -= _remembered(db, gone) if touched else set()
    contents = set()
    for attachment_id in touched:
        contents |= {row[0] for row in db.execute("SELECT content FROM attachment WHERE id = ?", (attachment_id,))}
        db.execute("DELETE FROM attachment WHERE id = ?", (attachment_id,))
    return contents - {row[0] for row in db.execute("SELECT content FROM attachment")}


def _touched(db: Database, gone: set[Place]) -> set[int]:
    """Ids of the files that some records have, or had as their history tells."""
    touched: set[int] = set()
    for key, record_id in gone:
        for part in ("before", "after"):
            rows = db.execute(
                f"SELECT json_extract(t.{part}, '$.attachment_id') FROM change c JOIN change_content t ON t.seq = c.seq"
                f" WHERE c.ledger = ? AND c.record_id = ? AND c.action IN {_ON_FILES} AND t.{part} IS NOT NULL",
                (key, record_id),
            )
            touched |= {row[0] for row in rows}
        place = (key, record_id)
        links = db.execute("SELECT attachment_id FROM attachment_link WHERE ledger = ? AND record_id = ?", place)
        touched |= {row[0] for row in links}
    return touched


def _remembered(db: Database, gone: set[Place]) -> set[int]:
    """Files that the history of other records speaks of: taken away there, they can still be put back."""
    rows = db.execute(
        "SELECT c.ledger, c.record_id, json_extract(coalesce(t.after, t.before), '$.attachment_id') FROM change c"
        f" JOIN change_content t ON t.seq = c.seq WHERE c.action IN {_ON_FILES}"
    )
    return {attachment_id for key, record_id, attachment_id in rows if (key, record_id) not in gone}


def _tidied(book: Book, ledger_keys: set[str]) -> bool:
    """Rewrite index and file so that no page holds what was deleted; False when the disk has no room for it.

    Deleted rows were overwritten before (``secure_delete``): what is left then are the pieces of the search index.
    """
    try:
        with book._reading():
            for ledger in book._ledgers:
                if ledger.key in ledger_keys:
                    index = quoted(search_table(ledger))
                    book._db.execute(f"INSERT INTO {index} ({index}) VALUES ('optimize')")
            book._db.execute("VACUUM")
            book._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    except UserError:
        return False
    return True


def _is_back(db: Database, one: tuple[str, int, str, str]) -> bool:
    key, record_id, _number, first = one
    rows = db.execute(
        "SELECT mac, action FROM change WHERE ledger = ? AND record_id = ? ORDER BY seq", (key, record_id)
    ).fetchall()
    return bool(rows) and rows[0][0] == first and all(action != "erase" for _mac, action in rows)


def _registered(book: Book, folders: Iterable[Path]) -> list[Erasure]:
    """What the registers of some folders tell, each erasure once; a register of another book tells nothing."""
    found: dict[str, Erasure] = {}
    for folder in folders:
        with suppress(OSError, InvalidTag, ValueError, KeyError, TypeError):
            for section in _sections((folder / layout.REGISTER).read_bytes()):
                with suppress(InvalidTag):
                    for body in _opened(book._data_key, section):
                        found[body["id"]] = _read(body)
    return list(found.values())


def _put_section(data_key: bytes, target: Path, section: bytes) -> bool:
    """Write a book's own section of a register; whether that was possible.

    Sections under other keys stay: backups of before a re-encryption, and other books whose backups lie in the same
    folder, have theirs there.
    """
    others = []
    with suppress(OSError, ValueError):
        others = [one for one in _sections(target.read_bytes()) if not _opens(data_key, one)]
    if not others:
        return _put(target, section)
    parts = (len(one).to_bytes(_LENGTH, "big") + one for one in (section, *others))
    return _put(target, _SEVERAL + b"".join(parts))


def _sections(raw: bytes) -> list[bytes]:
    """The sealed sections of a register; ValueError for what is none."""
    if raw.startswith(_MAGIC):
        return [raw]
    if not raw.startswith(_SEVERAL):
        raise ValueError("no register")
    found, start = [], len(_SEVERAL)
    while start < len(raw):
        end = start + _LENGTH + int.from_bytes(raw[start : start + _LENGTH], "big")
        found.append(raw[start + _LENGTH : end])
        start = end
    return found


def _opens(data_key: bytes, section: bytes) -> bool:
    try:
        _opened(data_key, section)
    except (InvalidTag, ValueError):
        return False
    return True


def _sealed(data_key: bytes, bodies: Sequence[Mapping[str, Any]]) -> bytes:
    nonce = token_bytes(_NONCE)
    return _MAGIC + nonce + _cipher(data_key).encrypt(nonce, records.canonical(list(bodies)).encode(), _MAGIC)


def _opened(data_key: bytes, raw: bytes) -> list[dict[str, Any]]:
    head = len(_MAGIC) + _NONCE
    found: list[dict[str, Any]] = json.loads(
        _cipher(data_key).decrypt(raw[len(_MAGIC) : head], raw[head:], raw[: len(_MAGIC)])
    )
    return found


def _cipher(data_key: bytes) -> AESGCM:
    return AESGCM(derive(data_key, "xiaobao erasure register"))


def _put(target: Path, content: bytes) -> bool:
    def write(stream: BinaryIO) -> None:
        stream.write(content)

    try:
        write_atomically(target, write)
    except UserError:
        return False
    return True


def _body(erasure: Erasure) -> dict[str, Any]:
    return {**erasure.facts, **erasure._asdict(), "facts": dict(erasure.facts), "renamed": dict(erasure.renamed)}


def _read(body: Mapping[str, Any]) -> Erasure:
    known = tuple((str(one[0]), int(one[1]), str(one[2]), str(one[3])) for one in body["records"])
    also, renamed = tuple(body["also"]), dict(body.get("renamed", {}))
    return Erasure(body["id"], body["facts"], body["at"], known, tuple(body["contents"]), also, renamed)
