"""Backup files in a folder: what their names tell, which are ours, and which may go.

A name says the occasion, the moment and the end of the history: 小保备份-20261031-093000-8-0123456789abcdef.xbbak.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from contextlib import suppress
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from xiaobao_desktop.errors import UserError
from xiaobao_desktop.files import PART_SUFFIX
from xiaobao_desktop.store import container, keyslots, thinning
from xiaobao_desktop.store.history import Anchor
from xiaobao_desktop.store.layout import BACKUP_SUFFIX
from xiaobao_desktop.store.subkeys import key_id


class BackupKind(StrEnum):
    """The occasion of a backup; its value begins the file's name."""

    BY_HAND = "小保备份"
    BY_ITSELF = "小保自动备份"
    BEFORE = "操作前备份"
    UPGRADE = "升级前备份"


_CUT_OFF = timedelta(hours=1)
"""A backup that was begun this long before another one ended is not being written any more."""
_NAME = re.compile(rf"({'|'.join(BackupKind)})-(\d{{8}}-\d{{6}})-(\d+)-([0-9a-f]{{16}}){re.escape(BACKUP_SUFFIX)}")
_ANCHOR_IN_NAME = re.compile(r"-(\d+)-([0-9a-f]{16})" + re.escape(BACKUP_SUFFIX) + r"$")


class NamedBackup(NamedTuple):
    """A file with the name of a backup: where, on what occasion, when (local time), which end of history, bytes."""

    path: Path
    kind: BackupKind
    made_at: datetime
    anchor: Anchor
    size: int


def file_name(anchor: Anchor, at: datetime, kind: BackupKind = BackupKind.BY_HAND) -> str:
    """Name of a backup made at ``at``; carries the anchor, so that the names alone can prove a cut history."""
    return f"{kind}-{at:%Y%m%d-%H%M%S}-{anchor.sequence}-{anchor.mac16}{BACKUP_SUFFIX}"


def anchors_in(folder: Path) -> list[Anchor]:
    """Anchors in the names of the backups that lie in a folder."""
    found = [_ANCHOR_IN_NAME.search(path.name) for path in sorted(folder.glob(f"*{BACKUP_SUFFIX}"))]
    return [Anchor(int(match[1]), match[2]) for match in found if match]


def named_in(folder: Path) -> list[NamedBackup]:
    """The files of a folder that have the name of a backup, the newest first; none when the folder is away."""
    try:
        paths = sorted(folder.iterdir())
    except OSError:
        return []
    found = [item for path in paths if (item := named(path)) is not None]
    return sorted(found, key=lambda item: (item.made_at, item.path.name), reverse=True)


def thin_out(folder: Path, data_key: bytes) -> list[Path]:
    """Delete the backups of a folder that :func:`thinning.kept` does not keep; what was deleted.

    Only whole files that this program named, of the book with this key, are ever touched: files with another name, of
    another book, damaged or unreadable ones stay. A file that cannot be deleted stays too. Beginnings of backups that
    were cut off go with them.
    """
    ours = [item for item in named_in(folder) if is_ours(item.path, data_key)]
    keep = thinning.kept([item.made_at for item in ours])
    gone = []
    for item in ours:
        if item.made_at not in keep:
            with suppress(OSError):
                item.path.unlink()
                gone.append(item.path)
    if ours:
        _clear_beginnings(folder, ours[0].made_at - _CUT_OFF)
    return gone


def _clear_beginnings(folder: Path, before: datetime) -> None:
    """Delete what is left of backups that were begun before a moment and never ended."""
    for path in folder.glob(f"*{BACKUP_SUFFIX}{PART_SUFFIX}"):
        begun = named(path, path.name.removesuffix(PART_SUFFIX))
        if begun is not None and begun.made_at < before:
            with suppress(OSError):
                path.unlink()


def is_ours(path: Path, data_key: bytes, retired: Collection[str] = ()) -> bool:
    """Whether a file is a backup of the book with this key, or with one of the retired keys of these ids."""
    return key_of(path) in (key_id(data_key), *retired)


def key_of(path: Path) -> str:
    """The id of the key of a backup; "" for what is no backup."""
    try:
        return keyslots.id_of(container.glance(path).keys)
    except (UserError, ValueError, KeyError, TypeError, OSError):
        return ""


def named(path: Path, name: str = "") -> NamedBackup | None:
    """What the name of a file (or ``name``) tells of it; None when it is no backup's name, or the file is gone."""
    match = _NAME.fullmatch(name or path.name)
    if match is None:
        return None
    try:
        made_at = datetime.strptime(match[2], "%Y%m%d-%H%M%S")  # noqa: DTZ007 - the PC's local time, as in the name
        size = path.stat().st_size
    except (OSError, ValueError):
        return None
    return NamedBackup(path, BackupKind(match[1]), made_at, Anchor(int(match[3]), match[4]), size)
