"""Room on the disk: a reserve that is given up when the disk is full, and a warning before that.

On a full disk SQLite cannot even delete: the write-ahead log has to grow first. The reserve file is deleted at the
first "disk full", so that the officer can finish, delete and save once more.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import NamedTuple

from xiaobao_desktop.store.layout import RESERVE_FILE

RESERVE_BYTES = 32 * 1024 * 1024
LOW_BYTES = 500 * 1024 * 1024
"""Below this much free space a warning is due."""


class SpaceState(NamedTuple):
    """Free bytes on the book's disk, whether that is low, and whether the reserve is there."""

    free: int
    low: bool
    reserve: bool


def free_space_state(directory: Path) -> SpaceState:
    """How much room the book has. OSError when the folder is gone."""
    free = shutil.disk_usage(directory).free
    return SpaceState(free, free < LOW_BYTES, (directory / RESERVE_FILE).exists())


def keep_reserve(directory: Path, size: int = RESERVE_BYTES) -> bool:
    """Make the reserve file when there is room for it; call it off the way of the officer, after the start.

    Args:
        directory: the book's folder.
        size: bytes to set aside.

    Returns:
        Whether the reserve is there now.
    """
    path = directory / RESERVE_FILE
    try:
        if path.exists() and path.stat().st_size == size:
            return True
        if shutil.disk_usage(directory).free < LOW_BYTES + size:
            return False
        with path.open("wb") as file:
            _fill(file.fileno(), size)
    except OSError:
        # A reserve is a precaution: without one the book works, and the state says that it is missing.
        path.unlink(missing_ok=True)
        return False
    return True


def release_reserve(directory: Path) -> bool:
    """Give up the reserve; says whether there was one."""
    path = directory / RESERVE_FILE
    try:
        path.unlink()
    except OSError:
        return False
    return True


def _fill(descriptor: int, size: int) -> None:
    """Real blocks, no hole: a sparse file would reserve nothing."""
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(descriptor, 0, size)
        return
    block = bytes(1024 * 1024)
    for start in range(0, size, len(block)):
        os.write(descriptor, block[: size - start])
