"""Where backups go: the folder the officer chose, and the latest file found there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from xiaobao_desktop.services.backups import backup
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.layout import BACKUP_SUFFIX, BACKUPS

_FOLDER = "backup_folder"
_STAMP = re.compile(r"(\d{8}-\d{6})")


@dataclass(frozen=True)
class BackupFile:
    """A backup file: where it is, when it was made, its size in bytes."""

    path: Path
    made_at: datetime
    size: int


def own_folder(session: Session) -> Path:
    """The folder beside the book for backups before imports; it goes when the disk goes."""
    return session.directory / BACKUPS


def chosen_folder(session: Session) -> Path | None:
    """The folder the officer chose for her backups, None before the first one."""
    kept = session.book.setting(_FOLDER)
    return Path(kept) if kept else None


def choose_folder(session: Session, folder: Path) -> None:
    """Remember the folder for the next backup."""
    if chosen_folder(session) != folder:
        with session.book.transaction("选择备份位置", session.user, session.now()) as writing:
            writing.set_setting(_FOLDER, str(folder))


def backup_here(session: Session) -> Path:
    """Back the book up into its own folder, before something that changes much; errors as in ``backups.backup``."""
    return backup(session, own_folder(session))


def latest(folder: Path) -> BackupFile | None:
    """The newest backup in a folder by the time in its name; None when there is none or the folder is away."""
    try:
        files = [path for path in folder.iterdir() if path.suffix == BACKUP_SUFFIX]
    except OSError:
        return None
    found = [item for item in (_read(path) for path in files) if item is not None]
    return max(found, key=lambda item: item.made_at, default=None)


def _read(path: Path) -> BackupFile | None:
    stamp = _STAMP.search(path.name)
    if stamp is None:
        return None
    try:
        return BackupFile(path, datetime.strptime(stamp[1], "%Y%m%d-%H%M%S"), path.stat().st_size)  # noqa: DTZ007 - local
    except (OSError, ValueError):
        return None
