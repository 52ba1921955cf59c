"""Steps of making and opening a book, in the order that keeps a foreign, newer or damaged file untouched."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from xiaobao_desktop.domain.fields import Ledger
from xiaobao_desktop.files import explain
from xiaobao_desktop.store import history, layout, matching, schema, tables
from xiaobao_desktop.store.errors import (
    BookDamaged,
    BookEmpty,
    BookExists,
    BookForeign,
    BookMissing,
    BookNewer,
    BookReadOnly,
)
from xiaobao_desktop.store.lock import BookLock, finish_restore
from xiaobao_desktop.store.sqlite import (
    APPLICATION_ID,
    SALT_BYTES,
    Database,
    header_salt,
    in_user_words,
    open_database,
    opens,
)
from xiaobao_desktop.store.subkeys import derive

_NEW_FILE = layout.BOOK_FILE + ".new"
"""A book while it is being made; it gets its name when it is whole."""


def audit_key(data_key: bytes) -> bytes:
    """The key of the history's chain."""
    return derive(data_key, "xiaobao audit chain")


def create(directory: Path, data_key: bytes, ledgers: Sequence[Ledger]) -> None:
    """Make an empty book in ``directory``; errors as in ``Book.create``."""
    file = directory / layout.BOOK_FILE
    try:
        directory.mkdir(parents=True, exist_ok=True)
        if layout.book_at(directory):
            raise BookExists(folder=directory)
        lock = BookLock(directory)
        try:
            _make(directory / _NEW_FILE, data_key, ledgers)
            (directory / _NEW_FILE).replace(file)
            layout.sync_folder(directory)
        finally:
            lock.release()
    except OSError as error:
        raise explain(error, file) from error


def open_checked(directory: Path, data_key: bytes) -> tuple[Database, BookLock, BinaryIO]:
    """Lock the book, open it with its key and refuse what is not a sound book of a known version.

    Returns:
        The database, the lock, and a handle on the raw file that has to stay open as long as the database.
    """
    finish_restore(directory)
    check_header(directory / layout.BOOK_FILE, data_key)
    lock = BookLock(directory)
    try:
        db, raw = open_again(directory, data_key)
    except BaseException:
        lock.release()
        raise
    return db, lock, raw


def open_again(directory: Path, data_key: bytes) -> tuple[Database, BinaryIO]:
    """The database of :func:`open_checked` and the handle on its file, where the lock is held already."""
    file = directory / layout.BOOK_FILE
    raw = _raw_handle(file)
    try:
        with in_user_words(file):
            db = open_database(file, data_key, "rw")
            try:
                _check_version(db, file)
                _check_tail(db, file, data_key)
            except BaseException:
                db.conn.close()
                raise
    except BaseException:
        raw.close()
        raise
    return db, raw


def pending(db: Database, ledgers: Sequence[Ledger]) -> bool:
    """Whether the book lacks something: a migration, or a table, column or index of the declarations."""
    return schema.version_of(db)[1] < schema.SCHEMA_VERSION or bool(tables.missing_statements(db, ledgers))


def bring_up(db: Database, ledgers: Sequence[Ledger], data_key: bytes) -> None:
    """Migrate to this program's schema and declarations; the stamp of the new version comes last."""
    schema.migrate(db)
    with db.atomic():
        unmatched = matching.missing(db, ledgers)
        for statement in tables.missing_statements(db, ledgers):
            db.execute(statement)
        for ledger in unmatched:
            matching.fill(db, matching.match_key(data_key), ledger)
        schema.stamp(db)


def check_triggers(db: Database, file: Path) -> None:
    """Refuse a book whose history could be rewritten. Raises BookDamaged."""
    if schema.trigger_faults(db):
        raise BookDamaged(file=file, reason="防止改写历史的保护不全")


def check_header(file: Path, data_key: bytes) -> None:
    """Tell a missing, empty, foreign or damaged file by its size and first bytes, before anything is written.

    Raises:
        BookMissing, BookEmpty, BookForeign, BookDamaged, BookReadOnly.
    """
    if not file.is_file():
        raise BookMissing(folder=file.parent)
    try:
        with file.open("rb") as stream:
            start = stream.read(SALT_BYTES)
    except OSError as error:
        raise BookReadOnly(folder=file.parent) from error
    if not start:
        raise BookEmpty(file=file)
    if start == header_salt(data_key):
        return
    # Our pages behind a wrong beginning: the book is ours, its first bytes were damaged.
    if opens(file, data_key):
        raise BookDamaged(file=file, reason="文件开头和写进去的不一样")
    raise BookForeign(file=file)


def _raw_handle(file: Path) -> BinaryIO:
    try:
        # Unbuffered: what was read before must not be told again after the file has changed.
        return file.open("rb", buffering=0)
    except OSError as error:
        raise BookReadOnly(folder=file.parent) from error


def _make(file: Path, data_key: bytes, ledgers: Sequence[Ledger]) -> None:
    _clear(file)
    try:
        with in_user_words(file):
            db = open_database(file, data_key, "rwc")
            try:
                bring_up(db, ledgers, data_key)
                db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            finally:
                db.conn.close()
    except BaseException:
        _clear(file)
        raise


def _clear(file: Path) -> None:
    """Take away what a creation that was cut off left behind."""
    for journal in ("", *(name.removeprefix(layout.BOOK_FILE) for name in layout.JOURNALS)):
        file.with_name(file.name + journal).unlink(missing_ok=True)


def _check_version(db: Database, file: Path) -> None:
    application, version = schema.version_of(db)
    if application != APPLICATION_ID:
        raise BookForeign(file=file)
    if version > schema.SCHEMA_VERSION:
        raise BookNewer(found=version, known=schema.SCHEMA_VERSION)


def _check_tail(db: Database, file: Path, data_key: bytes) -> None:
    if not history.tail_fits(db, audit_key(data_key)):
        raise BookDamaged(file=file, reason="最后一条修改历史被改动过")
