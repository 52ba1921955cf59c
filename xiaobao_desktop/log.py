"""What the program notes about itself on this PC: defects (never values, names or texts of records), open runs."""

from __future__ import annotations

import atexit
import faulthandler
import hashlib
import os
import re
from contextlib import suppress
from datetime import datetime
from pathlib import Path, PurePath
from typing import TextIO

from xiaobao_desktop import __version__, paths

FILE = "defects.log"
LONGEST = 256 * 1024
_NATIVE = "native-"
_RUNNING = "running-"
_NAMED_FILE = re.compile(r'File "([^"]+)"')
_native: list[TextIO] = []
"""The open file that the fault handler writes into: it lives as long as the program."""


def keep(trace: str, at: datetime) -> Path | None:
    """Add a masked trace to the log of defects, the oldest half cut off when it grows too long.

    Args:
        trace: without values of variables.
        at: when it happened.

    Returns:
        The file, or None when it cannot be written.
    """
    file = paths.program_data_dir() / FILE
    entry = f"==== {at:%Y-%m-%d %H:%M:%S} {__version__}\n{trace.rstrip()}\n"
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        old = file.read_text(encoding="utf-8") if file.exists() else ""
        file.write_text((old[-LONGEST // 2 :] if len(old) > LONGEST else old) + entry, encoding="utf-8")
    except OSError:
        return None
    return file


def short_path(filename: str) -> str:
    """A source file from the package's folder on, else its last two parts: never the name of the home folder."""
    parts = PurePath(filename).parts
    if "xiaobao_desktop" in parts:
        at = len(parts) - 1 - parts[::-1].index("xiaobao_desktop")
        return "/".join(parts[at:])
    return "/".join(parts[-2:])


def watch_native_crashes() -> None:
    """Let a crash below Python (of Qt or a library) leave where it was, file and line alone, in a file of this run."""
    folder = paths.program_data_dir()
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        _native.append((folder / f"{_NATIVE}{os.getpid()}.txt").open("w", encoding="utf-8"))
        faulthandler.enable(_native[-1], all_threads=True)
        atexit.register(end_native_watch)


def end_native_watch() -> None:
    """The program ends as it should: nothing is left to tell."""
    faulthandler.disable()
    while _native:
        stream = _native.pop()
        stream.close()
        with suppress(OSError):
            Path(stream.name).unlink()


def native_crash() -> str:
    """What earlier runs left of a crash below Python, masked; "" for none. The files are deleted."""
    found = []
    for file in sorted(paths.program_data_dir().glob(f"{_NATIVE}*.txt")):
        if any(Path(stream.name) == file for stream in _native):
            continue
        with suppress(OSError):
            found.append(file.read_text(encoding="utf-8", errors="replace"))
            file.unlink()
    text = "\n".join(part.strip() for part in found if part.strip())
    return _NAMED_FILE.sub(lambda match: f'File "{short_path(match[1])}"', text)


def run_begins(book: Path, at: datetime) -> datetime | None:
    """Note that a book is open; whoever calls this holds its lock.

    Args:
        book: folder of the book; its name is not written down.
        at: now.

    Returns:
        When the last run opened it, if that run did not end as it should (a crash, a kill, a power cut).
    """
    file = _run_file(book)
    before = None
    with suppress(OSError, ValueError):
        before = datetime.fromisoformat(file.read_text(encoding="utf-8").strip())
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(at.isoformat(timespec="seconds"), encoding="utf-8")
    return before


def run_ends(book: Path) -> None:
    """Note that a book was closed as it should be."""
    with suppress(OSError):
        _run_file(book).unlink(missing_ok=True)


def _run_file(book: Path) -> Path:
    mark = hashlib.sha256(os.fsencode(book.resolve())).hexdigest()[:16]
    return paths.program_data_dir() / f"{_RUNNING}{mark}.txt"
