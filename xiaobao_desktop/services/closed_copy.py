"""A copy of a book that nobody has open, made without its password: the installer's safeguard before an upgrade.

The copy is a folder that opens like any book, with the password of its day. Its files are compared with the book's byte
by byte; what they say cannot be checked without the key, so it does not take the place of a verified backup, which the
new program makes itself when it first opens a book of an older one.
"""

from __future__ import annotations

import os
import shutil
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import BinaryIO, Final

from xiaobao_desktop.errors import UserError
from xiaobao_desktop.files import ensure_folder, explain, sha256_of, write_atomically
from xiaobao_desktop.store.layout import ATTACHMENTS, BACKUPS, BOOK_FILE, JOURNALS, KEY_COPY, KEY_FILE
from xiaobao_desktop.store.lock import BookLock, finish_restore

NAME: Final = "升级前的账簿"
KEPT: Final = 3
"""Copies that are kept beside a book; older ones make room."""
_FILES: Final = (BOOK_FILE, *(name for name in JOURNALS if not name.endswith("-shm")), KEY_FILE, KEY_COPY)
_CHUNK: Final = 1024 * 1024


class CopyDiffers(UserError):
    """升级前没有另存好账簿：{file} 读回来和原来的不一样，盘可能坏了。请先在小保里备份到 U 盘。"""  # noqa: D415


def keep(directory: Path, at: datetime) -> Path:
    """Copy the closed book in ``directory`` into its own backup folder and compare every byte.

    Attachments never change once they are written; the copy shares them with the book where the disk can do that.

    Args:
        directory: folder of the book.
        at: moment in the name of the copy.

    Returns:
        The folder of the copy.

    Raises:
        BookInUse: the book is open.
        BookMissing, BookReadOnly: the folder is gone or cannot be written.
        CopyDiffers: what was written does not read back equal.
        TargetRefused: the disk is full, or refuses.
    """
    finish_restore(directory)
    lock = BookLock(directory)
    try:
        target = directory / BACKUPS / f"{NAME}-{at:%Y%m%d-%H%M%S}"
        ensure_folder(target)
        try:
            _copy_all(directory, target)
        except BaseException:
            shutil.rmtree(target, ignore_errors=True)
            raise
        _drop_old(target.parent)
    finally:
        lock.release()
    return target


def copies(directory: Path) -> list[Path]:
    """The copies kept beside the book in ``directory``, oldest first."""
    return sorted(place for place in (directory / BACKUPS).glob(f"{NAME}-*") if place.is_dir())


def _copy_all(directory: Path, target: Path) -> None:
    for name in _FILES:
        source = directory / name
        if source.is_file():
            _copy(source, target / name)
    pool = directory / ATTACHMENTS
    for source in sorted(path for path in pool.rglob("*") if path.is_file()):
        _share(source, target / ATTACHMENTS / source.relative_to(pool))


def _copy(source: Path, target: Path) -> None:
    """Copy one file; read back from the disk and equal to the source, or an error."""
    write_atomically(target, partial(_pour, source), verify=True)
    if sha256_of(source) != sha256_of(target):
        raise CopyDiffers(file=source.name)


def _pour(source: Path, stream: BinaryIO) -> None:
    with source.open("rb") as raw:
        shutil.copyfileobj(raw, stream, _CHUNK)


def _share(source: Path, target: Path) -> None:
    """A second name for a file that never changes; a copy where the disk (FAT) knows no second names."""
    ensure_folder(target.parent)
    try:
        os.link(source, target)
    except OSError:
        _copy(source, target)


def _drop_old(folder: Path) -> None:
    """Remove the oldest copies beyond those that are kept."""
    found = sorted(place for place in folder.glob(f"{NAME}-*") if place.is_dir())
    for place in found[:-KEPT]:
        try:
            shutil.rmtree(place)
        except OSError as error:
            raise explain(error, place) from error
