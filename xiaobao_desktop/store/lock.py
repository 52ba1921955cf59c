"""One program at a time: an advisory lock on a file in the book's folder.

The lock belongs to the open file, not to the file's existence: after a crash the system has let go of it already.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import BinaryIO

from xiaobao_desktop.store.errors import BookInUse, BookMissing, BookReadOnly
from xiaobao_desktop.store.layout import LOCK_FILE, READY, settle

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


class BookLock:
    """Held from construction until :meth:`release`."""

    def __init__(self, directory: Path) -> None:
        """Take the lock of the book in ``directory``.

        Raises:
            BookInUse: another process, or another Book in this one, holds it.
            BookMissing: the folder does not exist.
            BookReadOnly: the lock file cannot be written there.
        """
        try:
            self._file: BinaryIO | None = (directory / LOCK_FILE).open("a+b")
        except FileNotFoundError as error:
            raise BookMissing(folder=directory) from error
        except OSError as error:
            raise BookReadOnly(folder=directory) from error
        try:
            _lock(self._file)
        except OSError as error:
            self.release()
            raise BookInUse(folder=directory) from error

    def release(self) -> None:
        """Let go; may be called again."""
        if self._file is not None:
            self._file.close()
            self._file = None


def finish_restore(directory: Path) -> None:
    """Bring a restore that was cut off to its end before anything of the folder is read.

    Raises:
        BookInUse: the restore is running in another window right now.
        BookReadOnly: the folder cannot be written.
    """
    if not (directory / READY).is_dir():
        return
    lock = BookLock(directory)
    try:
        settle(directory)
    except OSError as error:
        raise BookReadOnly(folder=directory) from error
    finally:
        lock.release()


def _lock(file: BinaryIO) -> None:
    """Lock without waiting; OSError when someone else holds it."""
    if sys.platform == "win32":
        file.seek(0, os.SEEK_SET)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
