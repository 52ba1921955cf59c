"""One open encrypted book. The only door of the store for the services, beside key slots and restore."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

from xiaobao_desktop.domain.fields import Ledger
from xiaobao_desktop.files import DiskFull, explain
from xiaobao_desktop.store import (
    attachments,
    backup,
    backup_files,
    drafts,
    history,
    layout,
    matching,
    opening,
    reading,
    space,
    tables,
    undoing,
)
from xiaobao_desktop.store.attachments import Attachment, NewFile
from xiaobao_desktop.store.audit import Log, LogEntry, LogQuery
from xiaobao_desktop.store.backup_files import BackupKind
from xiaobao_desktop.store.book_checks import BookChecks
from xiaobao_desktop.store.book_records import BookRecords
from xiaobao_desktop.store.drafts import Draft
from xiaobao_desktop.store.errors import BookDiskFull, BookLocked
from xiaobao_desktop.store.history import Anchor, Chain, Change, Moved, Note
from xiaobao_desktop.store.lock import BookLock
from xiaobao_desktop.store.origins import Origin, Taken
from xiaobao_desktop.store.pool import Pool
from xiaobao_desktop.store.sqlite import Database, DriverError, header_salt, in_user_words, more_room
from xiaobao_desktop.store.transaction import CHOICE_SELECT, NewRecord, Transaction, choice_row
from xiaobao_desktop.store.undoing import Imported, Operation, RawChange
from xiaobao_desktop.store.verify import Finding

__all__ = [
    "Anchor",
    "Attachment",
    "Book",
    "Change",
    "Draft",
    "Finding",
    "Imported",
    "Log",
    "LogEntry",
    "LogQuery",
    "Moved",
    "NewFile",
    "NewRecord",
    "Note",
    "Operation",
    "Origin",
    "RawChange",
    "Taken",
    "Transaction",
]


class Book(BookChecks, BookRecords):
    """A folder with an open encrypted database. Every call may come from any thread; calls wait for each other.

    Attributes:
        directory: the book's folder.
        began: where history ended when the book was opened; undo goes back no further.
        log: the history read as a log.
        gate: asked, with the name of the operation, before anything is written; refuses by raising.
    """

    def __init__(
        self, directory: Path, data_key: bytes, ledgers: Sequence[Ledger], db: Database, lock: BookLock, raw: BinaryIO
    ) -> None:
        """For :meth:`create` and :meth:`open` only."""
        self.directory = directory
        self._file = directory / layout.BOOK_FILE
        self._ledgers = tuple(ledgers)
        self._book_lock = lock
        self._take(data_key, db, raw)
        self.gate: Callable[[str], None] = _anybody
        self._calls = threading.RLock()
        # Held by whatever needs the file to stand still, or moves the log into it; always taken before the calls.
        self._backups = threading.Lock()
        self._closing = threading.Event()
        self._closed = self._suspended = False
        self.began = 0
        self.log = Log(self._reading, lambda: (self._db, self._ledgers), data_key)

    @classmethod
    def create(cls, directory: Path, data_key: bytes, ledgers: Sequence[Ledger]) -> Book:
        """Make a new, empty book and open it.

        Args:
            directory: an existing or new folder without a book.
            data_key: 32 random bytes (``subkeys.new_data_key``).
            ledgers: declarations of all ledgers.

        Raises:
            BookExists: there is one already.
            BookInUse: another window works in this folder.
            TargetRefused: the folder cannot be written, or the disk is full.
        """
        opening.create(directory, data_key, ledgers)
        return cls.open(directory, data_key, ledgers)

    @classmethod
    def open(cls, directory: Path, data_key: bytes, ledgers: Sequence[Ledger]) -> Book:
        """Open a book: lock, key, refuse a newer one, quick check, backup if something has to be migrated, migrate.

        Columns, tables and indexes that the declarations have and the book lacks are added.

        Args:
            directory: the book's folder.
            data_key: from ``keyslots.unlock``.
            ledgers: declarations of all ledgers.

        Raises:
            BookMissing, BookEmpty, BookForeign, BookNewer, BookDamaged, BookInUse, BookReadOnly: as their names say;
                nothing was changed.
        """
        db, lock, raw = opening.open_checked(directory, data_key)
        book = cls(directory, data_key, ledgers, db, lock, raw)
        try:
            with book._reading():
                if opening.pending(db, ledgers):
                    book._backup_before_upgrade()
                    opening.bring_up(db, ledgers, data_key)
                opening.check_triggers(db, book._file)
                book.began = history.anchor(db).sequence
        except BaseException:
            book._release()
            raise
        return book

    def declare(self, ledgers: Sequence[Ledger]) -> None:
        """Work by these declarations from now on; what they have and the book lacks is added.

        For fields that the bank has added: they are known only once the book is open.
        """
        with self._reading():
            if tuple(ledgers) == self._ledgers:
                return
            missing = tables.missing_statements(self._db, ledgers)
            if missing:
                with self._db.atomic():
                    for statement in missing:
                        self._db.execute(statement)
            self._ledgers = tuple(ledgers)

    @property
    def closed(self) -> bool:
        """Whether the book was closed or suspended: nothing can be read or written."""
        return self._closed or self._suspended

    def close(self) -> None:
        """Write everything into the one file, close it and let go of the lock; may be called again.

        A backup under way is given up.
        """
        self._closing.set()
        with self._backups, self._calls:
            if self._closed:
                return
            if not self._suspended:
                self._tidy()
            self._release()

    def suspend(self) -> None:
        """Close the database and forget the keys, but keep the lock on the folder; a backup under way is given up."""
        self._closing.set()
        with self._backups, self._calls:
            if self.closed:
                return
            self._tidy()
            self._shut()
            self._suspended = True

    def resume(self, data_key: bytes) -> None:
        """Go on after :meth:`suspend`; nothing happens in an open book.

        Raises:
            BookDamaged, BookForeign, BookReadOnly: as in :meth:`open`; the book stays suspended.
        """
        with self._backups, self._calls:
            if not self._suspended or self._closed:
                return
            opening.check_header(self._file, data_key)
            db, raw = opening.open_again(self.directory, data_key)
            self._take(data_key, db, raw)
            self._suspended = False
            self._closing.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def transaction(self, operation: str, who: str, at: datetime, *, many: bool = False) -> Iterator[Transaction]:
        """All or nothing: what is done in the block is kept when it ends, and undone when it raises.

        Args:
            operation: what the officer does, in Chinese, as history will show it.
            who: real name.
            at: moment, with the offset of the clock.
            many: thousands of records are written: their pages get more memory meanwhile, so that none is encrypted
                twice.

        Raises:
            BookDiskFull: the disk is full; nothing was kept, the book goes on working.
            RuntimeError: a transaction is open already (a bug).
            UserError: the gate refuses.
        """
        self.gate(operation)
        with self._writing(operation, who, at, many=many) as writing:
            yield writing

    @contextmanager
    def noting(self, operation: str, who: str, at: datetime) -> Iterator[Transaction]:
        """A transaction that only notes what was looked at (``Transaction.note``): the gate lets everybody through."""
        with self._writing(operation, who, at, many=False) as writing:
            yield writing

    @contextmanager
    def _writing(self, operation: str, who: str, at: datetime, *, many: bool) -> Iterator[Transaction]:
        with self._reading():
            if self._db.conn.in_transaction:
                raise RuntimeError("transactions do not nest")
            with more_room(self._db, wanted=many), self._db.atomic():
                chain = Chain(self._db, self._audit_key, operation=operation, who=who, at=at)
                yield Transaction(self._db, chain, self._match_key, who, at, self._ledgers)

    def keep_content(self, data: bytes) -> str:
        """Put the bytes of an attachment into the pool, before the transaction that refers to them; their id.

        Raises:
            TargetRefused: the book's folder cannot be written.
            BookDiskFull: the disk is full; the reserve was given up.
            UserError: the gate refuses.
        """
        self.gate("添加附件")
        self._check_open()
        try:
            return self._pool.put(data)
        except DiskFull as error:
            space.release_reserve(self.directory)
            raise BookDiskFull from error

    def content(self, file: NewFile) -> bytes:
        """The bytes of an attachment.

        Raises:
            AttachmentMissing, AttachmentDamaged: as their names say.
        """
        self._check_open()
        return self._pool.read(file.content, file.name)

    def attachments(self, ledger: Ledger, record_id: int) -> list[Attachment]:
        """The attachments of a record in their order."""
        with self._reading():
            return attachments.of_record(self._db, ledger, record_id)

    def attachment(self, link_id: int) -> Attachment | None:
        """The attachment at a place, or None."""
        with self._reading():
            return attachments.by_id(self._db, link_id)

    def attachment_kinds(self, ledger: Ledger, record_ids: Sequence[int]) -> dict[int, frozenset[str]]:
        """Kinds of attachments that records have, by record id; records without any are left out."""
        with self._reading():
            return attachments.kinds(self._db, ledger, record_ids)

    def attachment_count(self) -> int:
        """How many different files the records have."""
        with self._reading():
            return len(attachments.contents(self._db))

    def put_draft(self, draft: Draft) -> int:
        """Keep what was typed and not saved, over the draft with the same id where there is one; its id."""
        self.gate("保存草稿")
        with self._reading(), self._db.atomic():
            return drafts.put(self._db, draft)

    def draft(self, ledger: Ledger, record_id: int | None) -> Draft | None:
        """The newest draft of a record (None: of a new record), or None."""
        with self._reading():
            return drafts.waiting(self._db, ledger.key, record_id)

    def named_draft(self, name: str) -> Draft | None:
        """The newest draft that was kept under a name instead of a ledger's key, or None."""
        with self._reading():
            return drafts.waiting(self._db, name, None)

    def drafts(self) -> list[Draft]:
        """Every draft, the newest first."""
        with self._reading():
            return drafts.all_waiting(self._db)

    def drop_draft(self, draft_id: int) -> None:
        """Forget a draft."""
        self.gate("放弃草稿")
        with self._reading(), self._db.atomic():
            drafts.drop(self._db, draft_id)

    def last_undoable(self) -> Operation | None:
        """The last operation since the opening that changed records, is no undo and was not undone."""
        with self._reading():
            if history.anchor(self._db).sequence == self.began:
                return None
            return undoing.last_undoable(self._db, self.began)

    def changes_of(self, operation: Operation) -> list[RawChange]:
        """Every change of an operation, first to last."""
        with self._reading():
            return undoing.changes_of(self._db, operation)

    def imports(self, ledger: Ledger) -> list[Imported]:
        """The imports into a ledger whose rows are not all taken back, the newest first."""
        with self._reading():
            return undoing.imports(self._db, ledger.key)

    def later_operation(self, ledger_key: str, record_id: int, after: int) -> str | None:
        """Name of the last operation after a sequence that changed a record, or None."""
        with self._reading():
            return undoing.later_operation(self._db, ledger_key, record_id, after)

    def setting(self, key: str) -> str | None:
        """A setting, or None."""
        return self.settings().get(key)

    def settings(self) -> dict[str, str]:
        """All settings that were set."""
        with self._reading():
            return dict(self._db.execute("SELECT key, value FROM setting ORDER BY key").fetchall())

    def own_choices(self) -> list[dict[str, Any]]:
        """The bank's own entries and overrides of choice lists and code trees, in the form ``put_choice`` takes."""
        with self._reading():
            rows = self._db.execute(f"{CHOICE_SELECT} ORDER BY list_name, position IS NULL, position, id").fetchall()
            return [choice_row(row) for row in rows]

    def fingerprints(self, ledger: Ledger) -> dict[str, str]:
        """Fingerprints of the source rows imported into a ledger, each with the number of its record."""
        with self._reading():
            return reading.fingerprints(self._db, ledger)

    def anchor(self) -> Anchor:
        """Where history ends; to be printed on reports, manifests and backup names."""
        with self._reading():
            return history.anchor(self._db)

    def misfits(self, anchors: Sequence[Anchor]) -> list[Anchor]:
        """The anchors that are no part of this book's history: of another book, or of one that was replaced."""
        with self._reading():
            return history.misfits(self._db, anchors)

    def thin_out(self, folder: Path) -> list[Path]:
        """Delete those of this book's backups in a folder that need not be kept; what was deleted."""
        return backup_files.thin_out(folder, self._data_key)

    def backup(
        self,
        target: Path,
        *,
        at: datetime | None = None,
        kind: BackupKind = BackupKind.BY_HAND,
        stop: backup.Stop = backup.never,
    ) -> Path:
        """Write a backup that was read back and proven, and return its file; other calls go on meanwhile.

        Attachments go into a pool beside the backup files, each once; the book's own folder needs no second copy.

        Args:
            target: a folder (made when missing; the name tells moment and anchor), or a file ending in ``.xbbak``.
            at: moment of the backup; now, when not given.
            kind: what the name says of its occasion.
            stop: asked during the work whether to give it up.

        Raises:
            BackupNotMade: the copy differs from the book.
            BackupStopped: ``stop`` said so, or the book is being closed; nothing was written.
            TargetRefused: the target cannot be written; a file of that name stays as it was.
            KeyFileMissing, KeyFileDamaged: the key slots cannot be read.
        """
        moment = at or datetime.now().astimezone()

        def stopped() -> bool:
            return self._closing.is_set() or stop()

        with self._backups:
            made = backup.copy_book(self._db, self._raw, self._reading, stopped)
            with backup.cleared_on_failure(made.file):
                file = backup.target_file(target, made.anchor, moment, kind)
                if file.parent != self.directory / layout.BACKUPS:
                    self._pool.copy_to(file.parent / layout.BACKUP_POOL, made.attached, stopped)
            backup.pack(made, self._data_key, file, moment, stopped)
        return file

    def free_space(self) -> space.SpaceState:
        """Room on the book's disk."""
        return space.free_space_state(self.directory)

    def _backup_before_upgrade(self) -> None:
        moment = datetime.now().astimezone()
        folder = self.directory / layout.BACKUPS
        name = backup_files.file_name(history.anchor(self._db), moment, BackupKind.UPGRADE)
        try:
            folder.mkdir(exist_ok=True)
        except OSError as error:
            raise explain(error, folder / name) from error
        self.backup(folder / name, at=moment)

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """One call at a time, driver errors in the officer's words, the reserve given up when the disk is full."""
        with self._calls:
            self._check_open()
            try:
                with in_user_words(self._file):
                    yield
            except BookDiskFull:
                space.release_reserve(self.directory)
                raise

    def _check_open(self) -> None:
        if self._closed:
            raise RuntimeError("the book is closed")
        if self._suspended:
            raise BookLocked

    def _header_fits(self) -> bool:
        expected = header_salt(self._data_key)
        return self._raw.read(0, len(expected)) == expected

    def _take(self, data_key: bytes, db: Database, raw: BinaryIO) -> None:
        self._data_key = data_key
        self._audit_key = opening.audit_key(data_key)
        self._match_key = matching.match_key(data_key)
        self._pool = Pool(self.directory / layout.ATTACHMENTS, data_key)
        self._db = db
        self._raw = backup.RawFile(self._file, raw)

    def _tidy(self) -> None:
        """Write the log into the file; a fault loses nothing (the log has it), the next opening or check names it."""
        with suppress(DriverError):
            self._db.execute("PRAGMA optimize").fetchall()
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def _shut(self) -> None:
        self._db.conn.close()
        self._raw.close()
        self._data_key = self._audit_key = self._match_key = b""
        self._pool.forget()

    def _release(self) -> None:
        if not self._suspended:
            self._shut()
        self._closed = True
        self._book_lock.release()


def _anybody(_operation: str) -> None:
    """A gate that refuses nobody."""
