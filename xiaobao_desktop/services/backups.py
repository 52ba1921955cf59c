"""Backup, restore and verification of the book."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from xiaobao_desktop.domain.ledgers import all_ledgers
from xiaobao_desktop.errors import UserError
from xiaobao_desktop.services import anchors, audit
from xiaobao_desktop.services.clock import Clock, wall_clock
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store import backup_files, container, keyslots
from xiaobao_desktop.store.audit import BACKUP, CHECK
from xiaobao_desktop.store.book import Book
from xiaobao_desktop.store.layout import BACKUPS, KEY_FILE
from xiaobao_desktop.store.restore import RestoreResult
from xiaobao_desktop.store.restore import restore as restore_file
from xiaobao_desktop.store.verify import Finding

BackupKind = backup_files.BackupKind

_KINDS = {
    BackupKind.BY_HAND: "手工",
    BackupKind.BY_ITSELF: "自动",
    BackupKind.BEFORE: "操作前",
    BackupKind.UPGRADE: "升级前",
}

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
        NotAllowed: a reader.
        TargetRefused: nothing was left behind.
        BackupNotMade: what was written did not read back equal.
        BackupStopped: ``stop`` said so.
    """
    session.require("备份")
    file = session.book.backup(folder, at=session.now(), kind=kind, stop=stop)
    made = backup_files.named(file)
    # The backup is there, whether or not the book still takes a note of it.
    with suppress(UserError):
        facts = {"file": file.name, **({"anchor": [made.anchor.sequence, made.anchor.mac16]} if made else {})}
        audit.note(session, BACKUP, f"{_KINDS[kind]}备份", facts)
    anchors.remember(session)
    return file


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
    known = [item.anchor for item in anchors.elsewhere(book)]
    left_behind = book.misfits([*known, *backup_files.anchors_in(book.directory / BACKUPS)])
    if result.replaced is None and not left_behind:
        return
    user = result.user or keyslots.first_officer(book.directory / KEY_FILE)
    with book.transaction(f"恢复到 {result.made_at[:16].replace('T', ' ')} 的备份", user, at) as writing:
        writing.note_restored(result.made_at, left_behind)


def restored_before_reencryption(directory: Path) -> bool:
    """Whether the book that was restored has a key that a re-encryption has put out of use, as far as this PC knows."""
    return anchors.retired_key(keyslots.id_of(keyslots.file_bytes(directory / KEY_FILE))) is not None


@dataclass(frozen=True)
class LastCheck:
    """The last check of the book: when, by whom, how long it took, and the names of what was wrong."""

    at: datetime
    who: str
    seconds: str
    wrong: tuple[str, ...]


def verify(session: Session) -> list[Finding]:
    """Check pages, history, anchors, records and attachments; that it was done is noted, unless pages are damaged."""
    began = time.perf_counter()
    kept = [item.anchor for item in anchors.not_fitting(session.book)]
    findings = session.book.verify(kept)
    seconds = f"{time.perf_counter() - began:.1f}"
    if findings[0].ok:
        wrong = "、".join(item.what for item in findings if not item.ok)
        with suppress(UserError):
            facts = {"seconds": seconds, "wrong": wrong}
            audit.note(session, CHECK, f"检查账簿：{f'{wrong}不对' if wrong else '都正常'}", facts)
    return findings


def last_check(session: Session) -> LastCheck | None:
    """The last check that was noted, None for none."""
    found = session.book.notes(CHECK)
    if not found:
        return None
    wrong = tuple(part for part in str(found[0].facts.get("wrong", "")).split("、") if part)
    return LastCheck(found[0].at, found[0].who, str(found[0].facts.get("seconds", "")), wrong)
