"""Re-encryption: the same book under a new random data key, for when somebody else may have an old copy and a password.

The new book is made beside the present one, which stays open: database, attachments (under new names), hashes of
persons, key slots. It is compared with the present one row by row and fully checked; then both change places as at a
restore, in one step that a cut can neither halve nor lose. The present book is not touched before that step.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from xiaobao_desktop.domain.fields import Ledger
from xiaobao_desktop.errors import UserError
from xiaobao_desktop.files import DiskFull, explain
from xiaobao_desktop.store import (
    attachments,
    backup,
    history,
    layout,
    matching,
    opening,
    retired,
    schema,
    space,
)
from xiaobao_desktop.store.audit import KEYS
from xiaobao_desktop.store.errors import (
    AttachmentDamaged,
    AttachmentMissing,
    BackupStopped,
    BookDamaged,
    BookDiskFull,
    BookUnreachable,
    RekeyHalfway,
    RekeyNoRoom,
    RekeyNotProven,
    RekeyOvertaken,
    RekeyStopped,
)
from xiaobao_desktop.store.history import Anchor, Chain
from xiaobao_desktop.store.pool import Pool
from xiaobao_desktop.store.rekeying_proof import Changed, compare
from xiaobao_desktop.store.restore import exchange
from xiaobao_desktop.store.schema import ATTACHMENT, DRAFT
from xiaobao_desktop.store.sqlite import Database, DriverError, error_code, header_salt, in_user_words, open_database
from xiaobao_desktop.store.subkeys import key_id
from xiaobao_desktop.store.tables import match_table, quoted
from xiaobao_desktop.store.transaction import Transaction

if TYPE_CHECKING:
    from xiaobao_desktop.store.book import Book

Stop = Callable[[], bool]
Tell = Callable[[int, int, str], None]
"""Told how much is done, of how much, and what is being done, in Chinese."""

_INTERRUPTED = 9
_STEPS = 200_000
"""Instructions of SQLite between two questions whether to stop."""
_MB = 1024 * 1024
_SET = (layout.BOOK_FILE, layout.KEY_FILE, layout.KEY_COPY, layout.ATTACHMENTS)
"""What is exchanged."""


class Room(NamedTuple):
    """Bytes that a re-encryption needs on the book's disk at its fullest moment, and bytes that are free."""

    needed: int
    free: int

    @property
    def enough(self) -> bool:
        """Whether there is enough."""
        return self.free >= self.needed


@dataclass(frozen=True)
class Order:
    """What is to be made.

    Attributes:
        data_key: the new one.
        keys: content of the new key file.
        operation: in Chinese, as history will show it.
        who: real name.
        at: moment.
        facts: for the entry of the history; no secrets.
        settings: to be changed with it; None takes a setting away.
    """

    data_key: bytes
    keys: bytes
    operation: str
    who: str
    at: datetime
    facts: Mapping[str, Any]
    settings: Mapping[str, str | None]


@dataclass(frozen=True)
class Made:
    """A new book that is ready to take its place.

    Attributes:
        staging: its folder.
        anchor: end of the history of the present book when it was read.
        lost: names of attachments whose files were missing or damaged before; they are so after.
    """

    staging: Path
    anchor: Anchor
    lost: tuple[str, ...]


def room(book: Book) -> Room:
    """What a re-encryption needs: the new set, two more copies of the database while it and its backup are proven."""
    database = (book.directory / layout.BOOK_FILE).stat().st_size
    pool = sum(path.stat().st_size for path in (book.directory / layout.ATTACHMENTS).glob("??/*"))
    return Room(3 * database + pool + space.RESERVE_BYTES, book.free_space().free)


def make(book: Book, order: Order, tell: Tell, stop: Stop) -> Made:
    """Make and prove the new book beside the present one; other calls go on meanwhile.

    Args:
        book: open.
        order: what to make.
        tell: told of the progress.
        stop: asked again and again; True gives up.

    Raises:
        RekeyNoRoom: there is too little room.
        RekeyStopped: ``stop`` said so.
        RekeyNotProven: the present book is not in order, or the new one differs.
        BookDamaged: a page of the present book cannot be read.
        TargetRefused: the folder cannot be written.
    """
    found = room(book)
    if not found.enough:
        raise RekeyNoRoom(needed=-(-found.needed // _MB), found=found.free // _MB)
    with book._backups:
        layout.drop_rekeyed(book.directory)
        try:
            with _in_words(book, found):
                return _Making(book, order, tell, book._stopped(stop)).run()
        except BaseException:
            layout.drop_rekeyed(book.directory)
            raise


def swap(book: Book, made: Made, order: Order) -> Path:
    """Put the new book in the place of the present one; the book goes on with it. The folder with the old set.

    Raises:
        RekeyOvertaken: the book was changed since the new one was made; it stays.
        TargetRefused: the folder cannot be written; the present book stays.
        RekeyHalfway: the new book is in force, but the program has to be started again.
    """
    with book._backups, book._calls:
        book._check_open()
        before = book._data_key
        try:
            if book.anchor() != made.anchor:
                raise RekeyOvertaken
            with _in_words(book, room(book)):
                _take_drafts(book, made, order.data_key)
        except BaseException:
            layout.drop_rekeyed(book.directory)
            raise
        book._tidy()
        book._shut()
        try:
            aside = exchange(made.staging, book.directory, order.at)
            assert aside is not None
            _go_on(book, order.data_key)
        except (OSError, UserError) as error:
            if (book.directory / layout.REKEYED).is_dir():
                _go_on(book, before)
                layout.drop_rekeyed(book.directory)
                raise (error if isinstance(error, UserError) else explain(error, book._file)) from error
            book._suspended = True
            words = error.message if isinstance(error, UserError) else "文件夹里有文件正被别的程序占用。"
            raise RekeyHalfway(reason=words) from error
        _drop_worthless(book.directory)
        return aside


class _ReadBack(Pool):
    """The new pool while it is proven; says before each file that it is its turn."""

    def __init__(self, folder: Path, data_key: bytes, each: Callable[[], None]) -> None:
        super().__init__(folder, data_key)
        self._each = each

    def read(self, content: str, name: str) -> bytes:
        """As in the pool."""
        self._each()
        return super().read(content, name)


class _Making:
    def __init__(self, book: Book, order: Order, tell: Tell, stop: Stop) -> None:
        self._book, self._order, self._tell, self._stop = book, order, tell, stop
        self._staging = book.directory / layout.REKEYED
        self._file = self._staging / layout.BOOK_FILE
        self._old_key = book._data_key
        self._old_pool = Pool(book.directory / layout.ATTACHMENTS, self._old_key)
        self._pool = Pool(self._staging / layout.ATTACHMENTS, order.data_key)
        self._renamed: dict[str, str] = {}
        self._lost: list[str] = []

    def run(self) -> Made:
        """Everything up to the proof; the staging folder then holds the new set and nothing else."""
        book = self._book
        (self._staging / layout.ATTACHMENTS).mkdir(parents=True)
        self._tell(0, 0, "正在读出账簿…")
        with backup.opened_copy(book._db, book._raw, self._old_key, book._reading, self._stop) as old:
            end = history.anchor(old)
            self._export(old)
            self._put_attachments(old)
            db = open_database(self._file, self._order.data_key, "rw")
            try:
                db.conn.set_progress_handler(self._stop, _STEPS)
                self._tell(0, 0, "正在更新索引和操作记录…")
                self._change(db, end)
                db.conn.set_progress_handler(None, _STEPS)
                db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            finally:
                db.conn.close()
            self._prove(old, end)
        self._write_keys()
        return Made(self._staging, end, tuple(self._lost))

    def _export(self, old: Database) -> None:
        """Every table, index and trigger as it stands, under the new key."""
        whole = max(1, (self._book.directory / layout.BOOK_FILE).stat().st_size)

        def look() -> bool:
            with suppress(OSError):
                self._tell(min(self._file.stat().st_size, whole), whole, "正在用新密钥写账簿…")
            return self._stop()

        key = self._order.data_key
        old.execute("ATTACH DATABASE ? AS fresh KEY ?", (str(self._file), f"x'{key.hex()}{header_salt(key).hex()}'"))
        try:
            # Worthless until it is proven: speed counts, the proof comes afterwards.
            old.execute("PRAGMA fresh.journal_mode = OFF").fetchall()
            old.execute("PRAGMA fresh.synchronous = OFF").fetchall()
            old.conn.set_progress_handler(look, _STEPS)
            application, version = schema.version_of(old)
            with self._export_words():
                old.execute("SELECT sqlcipher_export('fresh')").fetchall()
            old.execute(f"PRAGMA fresh.application_id = {application}").fetchall()
            old.execute(f"PRAGMA fresh.user_version = {version}").fetchall()
        finally:
            old.conn.set_progress_handler(None, _STEPS)
            with suppress(DriverError):
                old.execute("DETACH DATABASE fresh")

    @contextmanager
    def _export_words(self) -> Iterator[None]:
        """The export hands on what SQLite says, but not its code."""
        try:
            yield
        except DriverError as error:
            if self._stop():
                raise BackupStopped from error
            words = str(error)
            if "full" in words:
                raise BookDiskFull from error
            if "malformed" in words or "not a database" in words:
                raise BookDamaged(file=self._book._file, reason="有的页读出来和写进去的不一样") from error
            if "I/O" in words:
                raise BookUnreachable(file=self._book._file) from error
            raise

    def _put_attachments(self, old: Database) -> None:
        """Every file under its new name, read back; one that cannot be read now keeps its name and stays lost."""
        listed = attachments.contents(old)
        for place, (content, (_digest, name)) in enumerate(listed.items()):
            backup.asked(self._stop)
            self._tell(place, len(listed), "正在用新密钥写附件…")
            try:
                self._renamed[content] = self._pool.put(self._old_pool.read(content, name))
            except (AttachmentMissing, AttachmentDamaged):
                self._lost.append(name)

    def _change(self, db: Database, end: Anchor) -> None:
        """Names of files, hashes of persons, the key out of use, and the entry that tells of it."""
        order, ledgers = self._order, self._book._ledgers
        match_key = matching.match_key(order.data_key)
        with db.atomic():
            db.conn.executemany(
                f"UPDATE {ATTACHMENT} SET content = ? WHERE content = ?",
                [(new, former) for former, new in self._renamed.items()],
            )
            for ledger in _recognising(db, ledgers):
                backup.asked(self._stop)
                db.execute(f"DELETE FROM {quoted(match_table(ledger))}")
                matching.fill(db, match_key, ledger)
            past = retired.RetiredKey(end.sequence, key_id(self._old_key), opening.audit_key(self._old_key))
            retired.add(db, past, self._renamed)
            chain = Chain(db, opening.audit_key(order.data_key), operation=order.operation, who=order.who, at=order.at)
            writing = Transaction(db, chain, match_key, order.who, order.at, ledgers)
            writing.note(KEYS, None, {**order.facts, "upto": end.sequence, "retired": past.key_id})
            for key, value in order.settings.items():
                writing.set_setting(key, value)

    def _prove(self, old: Database, end: Anchor) -> None:
        from xiaobao_desktop.store import verify

        key = self._order.data_key
        db = open_database(self._file, key, "still")
        try:
            db.conn.set_progress_handler(self._stop, _STEPS)
            self._tell(0, 0, "正在逐条核对新账簿…")
            told = Changed(self._renamed, end.sequence, frozenset(self._order.settings))
            compare(old, db, told, self._book._ledgers, self._stop)
            backup.asked(self._stop)
            self._tell(0, 0, "正在检查新账簿…")
            with self._file.open("rb") as stream:
                fits = stream.read(len(header_salt(key))) == header_salt(key)
            keys = (opening.audit_key(key), matching.match_key(key))
            pool = _ReadBack(self._pool.folder, key, self._reading_back(len(self._renamed)))
            findings = verify.run(db, *keys, self._book._ledgers, [end], pool, header_fits=fits)
            wrong = [one for one in findings if not one.ok and not (self._lost and one.what == verify.FILES)]
            if wrong:
                raise RekeyNotProven(reason=f"{wrong[0].what}：{wrong[0].detail}".rstrip("。"))
            if self._lost:
                self._prove_files(db)
        finally:
            db.conn.close()

    def _reading_back(self, total: int) -> Callable[[], None]:
        """Called before each file that is read back."""
        place = iter(range(total + 1))

        def each() -> None:
            backup.asked(self._stop)
            self._tell(next(place, total), total, "正在读回附件…")

        return each

    def _prove_files(self, db: Database) -> None:
        """What ``verify`` says of files, where some were lost before: all the others must be there."""
        listed = attachments.contents(db)
        there = listed.keys() & set(self._renamed.values())
        if len(listed) - len(there) != len(self._lost):
            raise RekeyNotProven(reason="附件没有全部写好")
        for place, content in enumerate(sorted(there)):
            backup.asked(self._stop)
            self._tell(place, len(there), "正在读回附件…")
            digest, name = listed[content]
            if hashlib.sha256(self._pool.read(content, name)).hexdigest() != digest:
                raise RekeyNotProven(reason=f"附件“{name}”和原来的不一致")

    def _write_keys(self) -> None:
        for name in (layout.KEY_FILE, layout.KEY_COPY):
            with (self._staging / name).open("wb") as stream:
                stream.write(self._order.keys)
        for name in (layout.BOOK_FILE, layout.KEY_FILE, layout.KEY_COPY):
            with (self._staging / name).open("rb+") as stream:
                os.fsync(stream.fileno())
        _only_the_set(self._staging)
        # Each file was synced with its own folder; the folders are names, too.
        layout.sync_folder(self._pool.folder)
        layout.sync_folder(self._staging)


def _recognising(db: Database, ledgers: Iterable[Ledger]) -> Iterator[Ledger]:
    for ledger in ledgers:
        if ledger.recognised_by and db.has_table(match_table(ledger)):
            yield ledger


def _take_drafts(book: Book, made: Made, data_key: bytes) -> None:
    """Drafts are no part of the history: those of now go along, whatever was typed while the new book was made."""
    rows = book._db.execute(f"SELECT * FROM {DRAFT} ORDER BY id").fetchall()
    file = made.staging / layout.BOOK_FILE
    db = open_database(file, data_key, "rw")
    try:
        if db.execute(f"SELECT * FROM {DRAFT} ORDER BY id").fetchall() != rows:
            with db.atomic():
                db.execute(f"DELETE FROM {DRAFT}")
                for row in rows:
                    db.execute(f"INSERT INTO {DRAFT} VALUES ({', '.join('?' * len(row))})", row)
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    finally:
        db.conn.close()
    _only_the_set(made.staging)


def _go_on(book: Book, data_key: bytes) -> None:
    """The open book works with the file that lies there now."""
    opening.check_header(book._file, data_key)
    db, raw = opening.open_again(book.directory, data_key)
    book._take(data_key, db, raw)
    book.log.sign = key_id(data_key)


def _drop_worthless(directory: Path) -> None:
    """What a backup, restore or repair that was cut off has left is worthless, and opens with the old key."""
    for name in (layout.STAGING, layout.RESCUE, layout.CANDIDATE):
        shutil.rmtree(directory / name, ignore_errors=True)
    with suppress(OSError):
        (directory / backup.COPY_FILE).unlink(missing_ok=True)


def _only_the_set(folder: Path) -> None:
    """Nothing else may lie in what is exchanged: an opening may have left an empty log."""
    for path in folder.iterdir():
        if path.name not in _SET:
            path.unlink()


@contextmanager
def _in_words(book: Book, found: Room) -> Iterator[None]:
    """Whatever stands in the way, told of the re-encryption; the present book is as it was."""
    try:
        with in_user_words(book._file):
            yield
    except BackupStopped as error:
        raise RekeyStopped from error
    except BookDamaged as error:
        # What was read was a copy; the officer knows the book only.
        raise BookDamaged(file=book._file, reason=error.values["reason"]) from error
    except DiskFull as error:
        free = space.free_space_state(book.directory).free
        raise RekeyNoRoom(needed=-(-found.needed // _MB), found=free // _MB) from error
    except OSError as error:
        raise explain(error, book._file) from error
    except DriverError as error:
        if error_code(error) != _INTERRUPTED:
            raise
        raise RekeyStopped from error
