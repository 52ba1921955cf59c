"""Bringing a backup back: unpacked and proven beside the book first, then exchanged so that a cut never loses both."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from xiaobao_desktop.files import explain
from xiaobao_desktop.store import attachments, backup, container, keyslots, layout, own_texts, schema
from xiaobao_desktop.store.container import Manifest
from xiaobao_desktop.store.errors import BackupDamaged, BackupForOfficer, BackupNotMade, BookNewer, KeyFileDamaged
from xiaobao_desktop.store.history import Anchor
from xiaobao_desktop.store.lock import BookLock, finish_restore
from xiaobao_desktop.store.pool import Pool
from xiaobao_desktop.store.sqlite import in_user_words, open_database


@dataclass(frozen=True)
class RestoreResult:
    """What was brought back.

    Attributes:
        directory: the book's folder.
        replaced: folder with the book that was there before, None when there was none.
        made_at: ISO moment of the backup.
        anchor: end of the history in the backup.
        counts: rows by table.
        data_key: opens the restored book.
        user: whose password it was, "" for the recovery key.
        missing_attachments: how many files of attachments were found neither here nor beside the backup.
    """

    directory: Path
    replaced: Path | None
    made_at: str
    anchor: Anchor
    counts: Mapping[str, int]
    data_key: bytes
    user: str
    missing_attachments: int = 0


def restore(
    backup_file: Path,
    directory: Path,
    secret: str | None,
    *,
    at: datetime | None = None,
    with_attachments: bool = True,
) -> RestoreResult:
    """Put the book of a backup into ``directory``; a book that is there is kept aside in ``replaced-…``.

    Args:
        backup_file: made by ``Book.backup``.
        directory: the book's folder, or one that is empty or does not exist yet.
        secret: password or recovery key of the time of the backup; None for demo books.
        at: moment in the name of the folder that keeps the old book; now, when not given.
        with_attachments: bring back the files of attachments that the folder lacks.

    Raises:
        BackupMissing: there is no such file.
        BackupDamaged: the backup is not what was written, or does not hold a sound book.
        BookNewer: a newer program made it.
        WrongPassword: the secret does not open the backup.
        BackupForOfficer: it is the password of somebody who may only read.
        BookInUse: the book in the folder is open.
        TargetRefused: the folder cannot be written, or the disk is full.
    """
    manifest = container.read(backup_file)
    if manifest.schema > schema.SCHEMA_VERSION:
        raise BookNewer(found=manifest.schema, known=schema.SCHEMA_VERSION)
    try:
        directory.mkdir(parents=True, exist_ok=True)
        finish_restore(directory)
        lock = BookLock(directory)
        try:
            staging = _staged(backup_file, manifest, directory)
            unlocked = _proven(backup_file, manifest, staging, secret)
            missing = _attachments(backup_file, staging, directory, unlocked.data_key) if with_attachments else 0
            texts = _own_texts(backup_file, manifest, unlocked.data_key)
            replaced = exchange(staging, directory, at or datetime.now().astimezone())
            own_texts.put_back(texts, directory, replaced)
        finally:
            _clear(directory / layout.STAGING)
            lock.release()
    except OSError as error:
        raise explain(error, directory / layout.BOOK_FILE) from error
    return RestoreResult(
        directory,
        replaced,
        manifest.made_at,
        manifest.anchor,
        manifest.counts,
        unlocked.data_key,
        unlocked.user,
        missing,
    )


def _staged(backup_file: Path, manifest: Manifest, directory: Path) -> Path:
    """Unpack beside the book, on the same disk, and make it last."""
    staging = directory / layout.STAGING
    _clear(staging)
    staging.mkdir()
    container.extract(backup_file, manifest, staging)
    shutil.copyfile(staging / layout.KEY_FILE, staging / layout.KEY_COPY)
    for name in (layout.BOOK_FILE, layout.KEY_FILE, layout.KEY_COPY):
        with (staging / name).open("rb+") as file:
            os.fsync(file.fileno())
    return staging


def _proven(backup_file: Path, manifest: Manifest, staging: Path, secret: str | None) -> keyslots.Unlocked:
    """Open the unpacked book with the secret and check all of it."""
    try:
        unlocked = keyslots.unlock(staging / layout.KEY_FILE, secret)
        if not unlocked.role.may_change:
            raise BackupForOfficer(name=unlocked.user)
        found = backup.check_copy(staging / layout.BOOK_FILE, unlocked.data_key)
        if found != (manifest.schema, manifest.anchor, dict(manifest.counts)):
            raise BackupNotMade(reason="内容和清单不一致")
    except (BackupNotMade, KeyFileDamaged) as error:
        raise BackupDamaged(file=backup_file, reason="里面的台账打不开，或者不完整") from error
    return unlocked


def _own_texts(backup_file: Path, manifest: Manifest, data_key: bytes) -> dict[str, str]:
    """The bank's own texts of reports in a backup."""
    raw = container.texts(backup_file, manifest)
    try:
        return own_texts.opened(raw, data_key) if raw is not None else {}
    except ValueError as error:
        raise BackupDamaged(file=backup_file, reason="里面的报表文字读不出来") from error


def _attachments(backup_file: Path, staging: Path, directory: Path, data_key: bytes) -> int:
    """Bring in the files that the book of the backup speaks of; how many are not to be had.

    They are looked for beside the backup, in the book in whose own folder the backup lies, and in what a re-encryption
    set aside there. Adding files to the pool changes nothing for the present book.
    """
    with in_user_words(staging / layout.BOOK_FILE):
        db = open_database(staging / layout.BOOK_FILE, data_key, "still")
        try:
            wanted = set(attachments.contents(db)) if db.has_table(schema.ATTACHMENT) else set()
        finally:
            db.conn.close()
    beside = backup_file.parent.parent
    aside = sorted(beside.glob(f"{layout.ASIDE_BEGINS}*/{layout.ATTACHMENTS}"))
    places = (backup_file.parent / layout.BACKUP_POOL, beside / layout.ATTACHMENTS, *aside)
    return len(Pool(directory / layout.ATTACHMENTS, data_key).take_from(places, wanted).missing)


def exchange(staging: Path, directory: Path, at: datetime) -> Path | None:
    """Put the proven book of a folder in the place of the present one; the folder that keeps that one, if any.

    From the one rename below on it has happened: whoever opens the folder brings it to its end. The caller holds the
    lock; ``staging`` holds the book and both key files, nothing else.
    """
    aside = _free_name(directory, f"{layout.ASIDE_BEGINS}{at:%Y%m%d-%H%M%S}")
    note = staging / layout.ASIDE
    with note.open("w", encoding="utf-8") as file:
        file.write(aside.name)
        file.flush()
        os.fsync(file.fileno())
    layout.sync_folder(staging)
    staging.replace(directory / layout.READY)
    layout.sync_folder(directory)
    layout.settle(directory)
    return aside if aside.exists() else None


def _free_name(directory: Path, name: str) -> Path:
    found, number = directory / name, 1
    while found.exists():
        number += 1
        found = directory / f"{name}-{number}"
    return found


def _clear(staging: Path) -> None:
    if staging.exists():
        shutil.rmtree(staging)
