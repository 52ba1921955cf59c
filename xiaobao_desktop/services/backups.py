"""Backup, restore and verification of the book."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from xiaobao_desktop.domain.ledgers import all_ledgers
from xiaobao_desktop.services.clock import Clock, wall_clock
from xiaobao_desktop.services.credentials import users
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store import backup_files, container
from xiaobao_desktop.store.book import Book
from xiaobao_desktop.store.layout import BACKUPS
from xiaobao_desktop.store.restore import RestoreResult
from xiaobao_desktop.store.restore import restore as restore_file
from xiaobao_desktop.store.verify import Finding

BackupKind = backup_files.BackupKind

Stop = Callable[[], bool]
"""Asked during a backup whether to give it up."""


def go_on() -> bool:
    """Nothing stops the backup."""
    return False


def backup(
    session: Session, folder: Path, kind: backup_files.BackupKind = BackupKind.BY_HAND, stop: Stop = go_on
) -> Path:
    """Write one verified, encrypted backup file into ``folder`` (made when missing).

    Raises:
        TargetRefused: nothing was left behind.
        BackupNotMade: what was written did not read back equal.
        BackupStopped: ``stop`` said so.
    """
    return session.book.backup(folder, at=session.now(), kind=kind, stop=stop)


def backup_needs_password(file: Path) -> bool:
    """Whether a backup asks for a password (that of a demo book does not).

    Raises:
        BackupMissing, BackupDamaged: it cannot be read.
    """
    return container.needs_password(file)


def restore(
    file: Path, directory: Path, secret: str | None, *, with_attachments: bool = True, clock: Clock = wall_clock
) -> RestoreResult:
    """Put the book of a backup file into ``directory``; a book already there is kept aside.

    Files of attachments that the folder lacks are brought back too, unless ``with_attachments`` is false.

    Raises:
        BackupDamaged, WrongPassword, BookInUse, TargetNotWritable, DiskFull: the old book is as it was.
    """
    result = restore_file(file, directory, secret, with_attachments=with_attachments)
    with Book.open(directory, result.data_key, all_ledgers()) as book:
        note_restored(book, result, clock())
    return result


def note_restored(book: Book, result: RestoreResult, at: datetime) -> None:
    """Write into the history that a backup took the place of another book; nothing for a folder that was empty.

    Names of backups that tell of the replaced book are noted too: otherwise they would look like proof of a cut
    history.
    """
    left_behind = book.misfits(backup_files.anchors_in(book.directory / BACKUPS))
    if result.replaced is None and not left_behind:
        return
    user = result.user or users(book.directory)[0]
    with book.transaction(f"恢复到 {result.made_at[:16].replace('T', ' ')} 的备份", user, at) as writing:
        writing.note_restored(result.made_at, left_behind)


def verify(session: Session) -> list[Finding]:
    """Check pages, audit chain and counts; one finding a line."""
    return session.book.verify()
