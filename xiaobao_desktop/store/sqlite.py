"""The encrypted connection: the one module that opens databases, as sqlite-utils sees them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Literal

from sqlcipher3 import dbapi2

from xiaobao_desktop.errors import UserError
from xiaobao_desktop.store import library
from xiaobao_desktop.store.errors import (
    BookDamaged,
    BookDiskFull,
    BookInUse,
    BookReadOnly,
    BookUnreachable,
    SqliteTooOld,
)
from xiaobao_desktop.store.subkeys import derive

DriverError = dbapi2.Error
"""Whatever SQLite refuses."""
APPLICATION_ID = 0x58424B31
"""Marks a database as a book ("XBK1")."""
MINIMUM_VERSION = (3, 51, 3)
"""SQLite before 3.51.3 can lose data when a write-ahead log is reset."""
SALT_BYTES = 16
"""A book's file begins with its salt in clear; the rest of every page is encrypted and authenticated."""

Mode = Literal["rw", "rwc", "still"]
"""rw: an existing book; rwc: a new one; still: a finished file that nobody writes, read only."""

# Primary result codes, https://www.sqlite.org/rescode.html
_ERROR, _BUSY, _LOCKED, _READONLY, _IOERR, _CORRUPT, _FULL, _CANTOPEN, _NOTADB = 1, 5, 6, 8, 10, 11, 13, 14, 26

_ROOM = -32_000
"""KiB (negative by SQLite's rule) that the pages may take while many records are written; 2,000 otherwise."""

_WANTED = (
    ("locking_mode", "EXCLUSIVE", "exclusive"),
    ("journal_mode", "WAL", "wal"),
    ("synchronous", "FULL", 2),
    ("foreign_keys", "ON", 1),
    ("recursive_triggers", "ON", 1),
    ("trusted_schema", "OFF", 0),
    ("cell_size_check", "ON", 1),
    ("temp_store", "MEMORY", 2),
)
"""Pragma, value set, value read back. The order matters: exclusive locking first keeps WAL out of shared memory.

Without recursive triggers ``INSERT OR REPLACE`` would take a row of the history away unseen."""


class Database(library.Database):
    """An open connection. One statement outside ``atomic`` is kept at once."""

    def has_table(self, name: str) -> bool:
        """Whether there is a table of this name."""
        found = self.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", (name,))
        return found.fetchone() is not None


def header_salt(data_key: bytes) -> bytes:
    """The first bytes of every file encrypted with this data key: tells our file from a foreign one."""
    return derive(data_key, "xiaobao book salt", SALT_BYTES)


def connect(path: Path, data_key: bytes, mode: Mode) -> Any:
    """A connection with its key set; nothing has been read yet.

    Args:
        path: the database file.
        data_key: 256-bit key, used as it is (no derivation inside SQLCipher).
        mode: see :data:`Mode`; no mode but ``rwc`` makes a file.

    Raises:
        SqliteTooOld: the library lacks fixes that the book relies on.
        dbapi2.Error: the file cannot be opened.
    """
    if dbapi2.sqlite_version_info < MINIMUM_VERSION:
        needed = ".".join(map(str, MINIMUM_VERSION))
        raise SqliteTooOld(found=dbapi2.sqlite_version, needed=needed)
    options = "mode=ro&immutable=1" if mode == "still" else f"mode={mode}"
    uri = f"{path.resolve().as_uri()}?{options}"
    connection = dbapi2.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
    # SQLCipher would write its own messages to the terminal.
    connection.execute("PRAGMA cipher_log_level = NONE")
    connection.execute(f"PRAGMA key = \"x'{data_key.hex()}{header_salt(data_key).hex()}'\"")
    return connection


def open_database(path: Path, data_key: bytes, mode: Mode) -> Database:
    """A database whose safety settings are in force and were read back.

    Raises:
        dbapi2.Error: the file cannot be opened or read with this key.
        RuntimeError: a setting did not take (a bug, or a library without encryption).
    """
    connection = connect(path, data_key, mode)
    try:
        if not connection.execute("PRAGMA cipher_version").fetchone():
            raise RuntimeError("the SQLite library cannot encrypt")
        for name, value, expected in _WANTED:
            if mode == "still" and name in ("locking_mode", "journal_mode"):
                continue
            connection.execute(f"PRAGMA {name} = {value}").fetchall()
            found = connection.execute(f"PRAGMA {name}").fetchone()[0]
            if found != expected:
                raise RuntimeError(f"PRAGMA {name} is {found}, not {expected}")
        return Database(connection, execute_plugins=False)
    except BaseException:
        connection.close()
        raise


def opens(path: Path, data_key: bytes) -> bool:
    """Whether the first page of a file can be read with this key; nothing is written."""
    connection = connect(path, data_key, "still")
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except dbapi2.DatabaseError:
        return False
    finally:
        connection.close()
    return True


def columns_of(statement: str) -> tuple[tuple[str, ...], str]:
    """Names of the columns of a table, of its CREATE statement, and the one that is the row id ("" for none)."""
    with closing(dbapi2.connect(":memory:")) as scratch:
        scratch.execute(statement)
        name = scratch.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchone()[0]
        rows = scratch.execute("SELECT name, type, pk FROM pragma_table_info(?)", (name,)).fetchall()
        keys = [column for column, kind, key in rows if key and kind == "INTEGER"]
        alone = sum(1 for _column, _kind, key in rows if key) == 1
    return tuple(column for column, _kind, _key in rows), keys[0] if keys and alone else ""


def is_damage(error: BaseException) -> bool:
    """Whether a driver error says that pages or structure are damaged, and not that disk or lock stood in the way."""
    return error_code(error) in (_CORRUPT, _NOTADB, _ERROR)


def error_code(error: BaseException) -> int:
    """Primary SQLite result code of a driver error, 0 for anything else."""
    return int(getattr(error, "sqlite_errorcode", 0) or 0) & 0xFF


@contextmanager
def in_user_words(path: Path) -> Iterator[None]:
    """Turn driver errors that are no bugs into errors of the officer's world about the file ``path``."""
    try:
        yield
    except dbapi2.Error as error:
        found = _user_error(error_code(error), path)
        if found is None:
            raise
        raise found from error


def _user_error(code: int, path: Path) -> UserError | None:
    if code in (_CORRUPT, _NOTADB):
        return BookDamaged(file=path, reason="有的页读出来和写进去的不一样")
    if code == _FULL:
        return BookDiskFull()
    if code in (_BUSY, _LOCKED):
        return BookInUse(folder=path.parent)
    if code in (_READONLY, _CANTOPEN):
        return BookReadOnly(folder=path.parent)
    if code == _IOERR:
        return BookUnreachable(file=path)
    return None


@contextmanager
def more_room(db: Database, *, wanted: bool) -> Iterator[None]:
    """More memory for pages while many records are written, where that is ``wanted``."""
    if not wanted:
        yield
        return
    before = int(db.execute("PRAGMA cache_size").fetchone()[0])
    db.execute(f"PRAGMA cache_size = {_ROOM}")
    try:
        yield
    finally:
        db.execute(f"PRAGMA cache_size = {before}")
