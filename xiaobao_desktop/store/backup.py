"""Making a backup that counts: a compact encrypted copy, opened and compared, then packed into one file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from xiaobao_desktop.files import DiskFull, explain, sha256_of, write_atomically
from xiaobao_desktop.store import container, history, keyslots, schema
from xiaobao_desktop.store.errors import BackupNotMade, BookDamaged, BookDiskFull
from xiaobao_desktop.store.history import Anchor
from xiaobao_desktop.store.layout import BACKUP_SUFFIX, BOOK_FILE, KEY_FILE
from xiaobao_desktop.store.sqlite import Database, in_user_words, open_database

COPY_FILE = "backup-copy.tmp"
"""The copy while it is checked, in the book's folder; encrypted like the book."""

_ANCHOR_IN_NAME = re.compile(r"-(\d+)-([0-9a-f]{16})" + re.escape(BACKUP_SUFFIX) + r"$")


@dataclass(frozen=True)
class Contents:
    """What a copy has to agree on with the book it was made from."""

    schema: int
    anchor: Anchor
    counts: dict[str, int]


def file_name(anchor: Anchor, at: datetime, title: str = "小保备份") -> str:
    """Name of a backup made at ``at``; carries the anchor, so that the names alone can prove a cut history."""
    return f"{title}-{at:%Y%m%d-%H%M%S}-{anchor.sequence}-{anchor.mac16}{BACKUP_SUFFIX}"


def anchors_in(folder: Path) -> list[Anchor]:
    """Anchors in the names of the backups that lie in a folder."""
    found = [_ANCHOR_IN_NAME.search(path.name) for path in sorted(folder.glob(f"*{BACKUP_SUFFIX}"))]
    return [Anchor(int(match[1]), match[2]) for match in found if match]


def contents(db: Database) -> Contents:
    """Schema version, anchor and row counts of an open database."""
    tables = db.execute(
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%'"
    ).fetchall()
    counts = {name: int(db.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]) for (name,) in sorted(tables)}
    return Contents(schema.version_of(db)[1], history.anchor(db), counts)


def copy_book(db: Database, directory: Path) -> tuple[Path, Contents]:
    """Write a compact copy of the book beside it; the caller holds the book meanwhile.

    Raises:
        DiskFull: the copy has no room beside the book.
        BookDamaged and others: as driver errors are told apart.
    """
    copy = directory / COPY_FILE
    copy.unlink(missing_ok=True)
    try:
        with in_user_words(directory / BOOK_FILE):
            found = contents(db)
            db.execute("VACUUM INTO ?", (str(copy),))
    except BaseException as error:
        copy.unlink(missing_ok=True)
        if isinstance(error, BookDiskFull):
            raise DiskFull(file=copy.name, folder=str(directory)) from error
        raise
    return copy, found


@contextmanager
def cleared_on_failure(copy: Path) -> Iterator[None]:
    """Delete the copy when the block raises."""
    try:
        yield
    except BaseException:
        with suppress(OSError):
            copy.unlink(missing_ok=True)
        raise


def pack(copy: Path, expected: Contents, data_key: bytes, target: Path, at: datetime) -> None:
    """Check the copy, pack it with the key slots and write the backup.

    Args:
        copy: from :func:`copy_book`; deleted in any case.
        expected: what the book held.
        data_key: the book's key.
        target: the backup file.
        at: moment of the backup.

    Raises:
        BackupNotMade: the copy differs from the book.
        TargetRefused: the target cannot be written.
        KeyFileMissing, KeyFileDamaged: the key slots cannot be read.
    """
    try:
        check_copy(copy, expected, data_key)
        keys = keyslots.file_bytes(copy.with_name(KEY_FILE))
        sums = {KEY_FILE: container.sha256_of_bytes(keys), BOOK_FILE: sha256_of(copy)}
        moment = at.isoformat(timespec="seconds")
        manifest = container.Manifest(moment, expected.schema, expected.anchor, expected.counts, sums)

        def write(stream: BinaryIO) -> None:
            container.write(stream, manifest, keys, copy, at)

        write_atomically(target, write, verify=True)
    finally:
        with suppress(OSError):
            copy.unlink(missing_ok=True)


def check_copy(copy: Path, expected: Contents, data_key: bytes) -> None:
    """Open a finished copy and compare: page by page authenticated, structure sound, same rows, same history.

    Raises:
        BackupNotMade: something differs.
    """
    try:
        with in_user_words(copy):
            db = open_database(copy, data_key, "still")
            try:
                faults = page_faults(db)
                found = contents(db)
            finally:
                db.conn.close()
    except BookDamaged as error:
        raise BackupNotMade(reason="写出的副本读不回来") from error
    if faults or found != expected:
        raise BackupNotMade(reason="写出的副本和台账不一致")


def page_faults(db: Database) -> list[str]:
    """What SQLCipher and SQLite find wrong with the pages and the structure of a database; empty when sound."""
    found = [str(row[0]) for row in db.execute("PRAGMA cipher_integrity_check")]
    found += [str(row[0]) for row in db.execute("PRAGMA integrity_check") if row[0] != "ok"]
    found += [f"row {row[1]} of {row[0]} points to nothing" for row in db.execute("PRAGMA foreign_key_check")]
    return found


def target_file(target: Path, anchor: Anchor, at: datetime) -> Path:
    """The file to write for a target that may be a folder.

    Raises:
        TargetRefused: the folder can be neither found nor made.
    """
    if target.suffix == BACKUP_SUFFIX and not target.is_dir():
        return target
    file = target / file_name(anchor, at)
    try:
        target.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise explain(error, file) from error
    return file
