"""Names of the files of a book's folder, and the last steps of a restore that was cut off."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

BOOK_FILE = "book.db"
KEY_FILE = "keys.json"
KEY_COPY = "keys.json.bak"
LOCK_FILE = "book.lock"
RESERVE_FILE = "reserve.bin"
BACKUPS = "backups"
BACKUP_SUFFIX = ".xbbak"
ATTACHMENTS = "attachments"
"""The pool of attachments beside the book."""
BACKUP_POOL = "附件池"
"""The copy of the pool beside the backup files; shared by all of them."""
OWN_TEXTS = "报表文字"
"""Folder beside the book with the bank's own versions of the sentences of reports."""
REGISTER = "erased.bin"
"""What was destroyed as the rules ask, encrypted: beside the book and its backups, so that a restore cannot forget."""
ASIDE_BEGINS = "replaced-"
"""Folders with books that a backup took the place of."""
STAGING = "restore-new"
"""A restore that is still being checked; worthless when found."""
READY = "restore-ready"
"""A checked restore that is being moved into place; always brought to its end when found."""
RESCUE = "repair-new"
"""The book made out of what can be read of a damaged one, until the officer has chosen; worthless when found."""
CANDIDATE = "repair-backup"
"""The book of the newest good backup beside it, in the same way."""
REKEYED = "reencrypt-new"
"""The book under a new key, until it takes the place of the present one; worthless when found."""
ASIDE = "aside"
"""File in the ready folder with the name of the folder that takes the old book."""
JOURNALS = (BOOK_FILE + "-wal", BOOK_FILE + "-shm", BOOK_FILE + "-journal")


def book_at(directory: Path) -> bool:
    """Whether the folder holds a book (also one whose restore was cut off)."""
    return any((place / BOOK_FILE).is_file() for place in (directory, directory / READY))


def drop_rekeyed(directory: Path) -> None:
    """Delete what a re-encryption that was cut off left behind; the caller holds the lock."""
    shutil.rmtree(directory / REKEYED, ignore_errors=True)


def settle(directory: Path) -> None:
    """Bring a restore that was cut off to its end; does nothing in any other folder. The caller holds the lock.

    For each file of the ready folder: the old file of that name goes to the folder named in :data:`ASIDE`, the new
    one takes its place; so does the whole pool of attachments, where the ready folder brings one (a re-encryption).
    Every step can be repeated. The old write-ahead log leaves before the new book arrives: they must never meet.

    Raises:
        OSError: the folder cannot be written.
    """
    ready = directory / READY
    if not ready.is_dir():
        return
    note = ready / ASIDE
    if note.is_file():
        aside = directory / note.read_text(encoding="utf-8")
        for name in (*JOURNALS, BOOK_FILE, KEY_FILE, KEY_COPY, ATTACHMENTS):
            _exchange(name, directory, ready, aside)
        sync_folder(directory)
        note.unlink()
    ready.rmdir()


def _exchange(name: str, directory: Path, ready: Path, aside: Path) -> None:
    """Old file aside, new file in. A log belongs to the old book for as long as the new one waits."""
    waiting = BOOK_FILE if name in JOURNALS else name
    if not (ready / waiting).exists():
        return
    if (directory / name).exists():
        aside.mkdir(exist_ok=True)
        (directory / name).replace(aside / name)
    if name == waiting:
        (ready / name).replace(directory / name)


def sync_folder(directory: Path) -> None:
    """Make renames in a folder survive a power cut (POSIX; Windows writes its folder entries itself)."""
    if os.name == "nt":
        return
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
