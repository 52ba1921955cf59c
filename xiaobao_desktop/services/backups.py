"""Backup, restore and verification of the book."""

from __future__ import annotations

from pathlib import Path

from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store import container
from xiaobao_desktop.store.restore import RestoreResult
from xiaobao_desktop.store.restore import restore as restore_file
from xiaobao_desktop.store.verify import Finding


def backup(session: Session, folder: Path) -> Path:
    """Write one verified, encrypted backup file into ``folder`` (made when missing).

    Raises:
        TargetRefused: nothing was left behind.
        BackupNotMade: what was written did not read back equal.
    """
    return session.book.backup(folder, at=session.now())


def backup_needs_password(file: Path) -> bool:
    """Whether a backup asks for a password (that of a demo book does not).

    Raises:
        BackupMissing, BackupDamaged: it cannot be read.
    """
    return container.needs_password(file)


def restore(file: Path, directory: Path, secret: str | None, *, with_attachments: bool = True) -> RestoreResult:
    """Put the book of a backup file into ``directory``; a book already there is kept aside.

    Files of attachments that the folder lacks are brought back too, unless ``with_attachments`` is false.

    Raises:
        BackupDamaged, WrongPassword, BookInUse, TargetNotWritable, DiskFull: the old book is as it was.
    """
    return restore_file(file, directory, secret, with_attachments=with_attachments)


def verify(session: Session) -> list[Finding]:
    """Check pages, audit chain and counts; one finding a line."""
    return session.book.verify()
