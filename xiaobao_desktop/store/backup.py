"""Making a backup that counts: a copy of the encrypted book, opened and proven, then packed into one file."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

from xiaobao_desktop.files import DiskFull, explain, sha256_of, write_atomically
from xiaobao_desktop.store import attachments, container, history, keyslots, own_texts, schema
from xiaobao_desktop.store.backup_files import BackupKind, file_name
from xiaobao_desktop.store.errors import BackupNotMade, BackupStopped, BookDamaged, BookDiskFull, CopyNoRoom
from xiaobao_desktop.store.history import Anchor
from xiaobao_desktop.store.layout import BACKUP_SUFFIX, BOOK_FILE, KEY_FILE
from xiaobao_desktop.store.sqlite import Database, in_user_words, open_database

COPY_FILE = "backup-copy.tmp"
"""The copy while it is checked, in the book's folder; encrypted like the book."""

Stop = Callable[[], bool]
"""Asked during a backup whether to give it up."""

_CHUNK: Final = 1024 * 1024
_AUTOCHECKPOINT: Final = 1000
"""Pages in the log at which SQLite moves them into the file by itself: its own default."""
_LOCK_BYTES: Final = 0x40000000
"""From here on a file holds SQLite's lock bytes, which Windows lets nobody read."""


class Contents(NamedTuple):
    """What a backup holds, as its manifest tells it."""

    schema: int
    anchor: Anchor
    counts: dict[str, int]


class Copied(NamedTuple):
    """A copy and what it must hold: schema version and end of history of the book, contents of its attachments."""

    file: Path
    schema: int
    anchor: Anchor
    attached: frozenset[str]


def never() -> bool:
    """Nothing stops this backup."""
    return False


def contents(db: Database) -> Contents:
    """Schema version, anchor and row counts of an open database."""
    tables = db.execute(
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%'"
    ).fetchall()
    counts = {name: int(db.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]) for (name,) in sorted(tables)}
    return Contents(schema.version_of(db)[1], history.anchor(db), counts)


def copy_book(db: Database, raw: RawFile, turn: Callable[[], AbstractContextManager[None]], stop: Stop) -> Copied:
    """Write a copy of the book beside it, byte for byte as its pages lie encrypted on the disk.

    The book is held for the first moment only: the write-ahead log is emptied into the file, and stays where new
    changes go until the copy is done, so that the file itself stands still while it is read.

    Args:
        db: the open book.
        raw: its file.
        turn: holds the book as long as its block lasts.
        stop: asked again and again; True gives up.

    Raises:
        CopyNoRoom: the copy has no room beside the book.
        BackupStopped: ``stop`` said so.
        BookDamaged and others: as driver errors are told apart.
    """
    copy = raw.path.with_name(COPY_FILE)
    copy.unlink(missing_ok=True)
    try:
        with turn():
            found = Copied(copy, schema.version_of(db)[1], history.anchor(db), _attached(db))
            still = _stand_still(db) and raw.size() < _LOCK_BYTES
            if not still:
                db.execute("VACUUM INTO ?", (str(copy),))
        if still:
            try:
                raw.copy_to(copy, stop)
            finally:
                with turn():
                    db.execute(f"PRAGMA wal_autocheckpoint = {_AUTOCHECKPOINT}").fetchall()
    except BaseException as error:
        with suppress(OSError):
            copy.unlink(missing_ok=True)
        if isinstance(error, BookDiskFull):
            raise _no_room(raw) from error
        if isinstance(error, OSError):
            refusal = explain(error, copy)
            raise (_no_room(raw) if isinstance(refusal, DiskFull) else refusal) from error
        raise
    return found


def _no_room(raw: RawFile) -> CopyNoRoom:
    return CopyNoRoom(folder=str(raw.path.parent), needed=-(-raw.size() // _CHUNK))


@contextmanager
def opened_copy(
    db: Database, raw: RawFile, data_key: bytes, turn: Callable[[], AbstractContextManager[None]], stop: Stop
) -> Iterator[Database]:
    """A copy of the open book, open for reading and deleted afterwards; arguments, errors: see :func:`copy_book`."""
    made = copy_book(db, raw, turn, stop)
    try:
        with in_user_words(made.file):
            copy = open_database(made.file, data_key, "still")
            try:
                yield copy
            finally:
                copy.conn.close()
    finally:
        with suppress(OSError):
            made.file.unlink(missing_ok=True)


def broken_pages(
    db: Database, raw: RawFile, data_key: bytes, turn: Callable[[], AbstractContextManager[None]], stop: Stop
) -> list[int]:
    """Numbers of the pages of the open book that are not as they were written; other calls go on meanwhile.

    Only the seals are looked at, straight in the file (0.6 s for 200 MB): what :func:`page_faults` finds beyond that
    comes from a defect of a program, never from a disk.

    Args:
        db: the open book.
        raw: its file.
        data_key: of the book.
        turn: holds the book as long as its block lasts.
        stop: asked again and again; True ends the work with what was found so far.
    """
    from xiaobao_desktop.store import pages

    with turn():
        still = _stand_still(db)
    try:
        return pages.unsound(raw.read, min(raw.size(), _LOCK_BYTES), data_key, stop) if still else []
    finally:
        with turn():
            db.execute(f"PRAGMA wal_autocheckpoint = {_AUTOCHECKPOINT}").fetchall()


def _attached(db: Database) -> frozenset[str]:
    """Ids of the contents in the pool; before the migration to attachments there is no table to ask."""
    return frozenset(attachments.contents(db)) if db.has_table(schema.ATTACHMENT) else frozenset()


def _stand_still(db: Database) -> bool:
    """Empty the log into the file and keep changes in the log from now on; False when something is being read."""
    db.execute("PRAGMA wal_autocheckpoint = 0").fetchall()
    busy, _pages, left = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if not busy and not left:
        return True
    db.execute(f"PRAGMA wal_autocheckpoint = {_AUTOCHECKPOINT}").fetchall()
    return False


class RawFile:
    """The one handle on the book's raw file; several threads may read through it."""

    def __init__(self, path: Path, stream: BinaryIO) -> None:
        """Take over ``stream``, open for reading at ``path``.

        It stays open as long as the database: closing a second handle would drop SQLite's own locks (POSIX).
        """
        self.path = path
        self._stream = stream
        self._turn = threading.Lock()

    def size(self) -> int:
        """Bytes of the file now."""
        return os.fstat(self._stream.fileno()).st_size

    def read(self, start: int, length: int) -> bytes:
        """At most ``length`` bytes from ``start`` on."""
        with self._turn:
            self._stream.seek(start)
            return self._stream.read(length)

    def copy_to(self, target: Path, stop: Stop) -> None:
        """Write the whole file anew at ``target``; raises BackupStopped when ``stop`` says so."""
        start = 0
        with target.open("xb") as writing:
            while chunk := self.read(start, _CHUNK):
                asked(stop)
                writing.write(chunk)
                start += len(chunk)

    def close(self) -> None:
        """Let go of the file."""
        self._stream.close()


def asked(stop: Stop) -> None:
    """Raise BackupStopped when ``stop`` says so."""
    if stop():
        raise BackupStopped


@contextmanager
def cleared_on_failure(copy: Path) -> Iterator[None]:
    """Delete the copy when the block raises."""
    try:
        yield
    except BaseException:
        with suppress(OSError):
            copy.unlink(missing_ok=True)
        raise


def pack(made: Copied, data_key: bytes, target: Path, at: datetime, stop: Stop = never) -> None:
    """Check the copy, pack it with the key slots and write the backup.

    Args:
        made: from :func:`copy_book`; its file is deleted in any case.
        data_key: the book's key.
        target: the backup file.
        at: moment of the backup.
        stop: asked between the steps; True gives up.

    Raises:
        BackupNotMade: the copy is not a sound book of the same schema with the same end of history.
        BackupStopped: ``stop`` said so; nothing was written.
        TargetRefused: the target cannot be written.
        KeyFileMissing, KeyFileDamaged: the key slots cannot be read.
    """
    copy = made.file
    try:
        found = check_copy(copy, data_key, stop)
        if (found.schema, found.anchor) != (made.schema, made.anchor):
            raise BackupNotMade(reason="写出的副本和台账不一致")
        keys = keyslots.file_bytes(copy.with_name(KEY_FILE))
        sums = {KEY_FILE: container.sha256_of_bytes(keys), BOOK_FILE: sha256_of(copy)}
        texts = own_texts.sealed(copy.parent, data_key)
        if texts is not None:
            sums[container.TEXTS] = container.sha256_of_bytes(texts)
        moment = at.isoformat(timespec="seconds")
        manifest = container.Manifest(moment, found.schema, found.anchor, found.counts, sums)

        def write(stream: BinaryIO) -> None:
            container.write(stream, manifest, keys, copy, at, texts)
            asked(stop)

        write_atomically(target, write, verify=True)
    finally:
        with suppress(OSError):
            copy.unlink(missing_ok=True)


def check_copy(copy: Path, data_key: bytes, stop: Stop = never) -> Contents:
    """Open a finished copy and prove it: page by page authenticated, structure sound; what it holds.

    Raises:
        BackupNotMade: it is not a sound book.
        BackupStopped: ``stop`` said so.
    """
    try:
        with in_user_words(copy):
            db = open_database(copy, data_key, "still")
            try:
                asked(stop)
                faults = page_faults(db)
                asked(stop)
                found = contents(db)
            finally:
                db.conn.close()
    except BookDamaged as error:
        raise BackupNotMade(reason="写出的副本读不回来") from error
    if faults:
        raise BackupNotMade(reason="写出的副本不完整")
    return found


def page_faults(db: Database) -> list[str]:
    """What SQLCipher and SQLite find wrong with the pages and the structure of a database; empty when sound."""
    found = [str(row[0]) for row in db.execute("PRAGMA cipher_integrity_check")]
    found += [str(row[0]) for row in db.execute("PRAGMA integrity_check") if row[0] != "ok"]
    found += [f"row {row[1]} of {row[0]} points to nothing" for row in db.execute("PRAGMA foreign_key_check")]
    return found


def target_file(target: Path, anchor: Anchor, at: datetime, kind: BackupKind) -> Path:
    """The file to write for a target that may be a folder.

    Raises:
        TargetRefused: the folder can be neither found nor made.
    """
    if target.suffix == BACKUP_SUFFIX and not target.is_dir():
        return target
    file = target / file_name(anchor, at, kind)
    try:
        target.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise explain(error, file) from error
    return file
