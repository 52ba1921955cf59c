"""The one door for a file from outside: any workbook, read in a child process, returned as plain data.

By content, not by name: .xlsx/.xlsm, .xlsb, .xls, .ods, HTML and text named .xls, CSV/TSV in UTF-8, UTF-16 or GB18030.
"""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path
from typing import Final

from xiaobao_desktop.exchange.errors import (
    FileEmpty,
    FileHostile,
    FileLocked,
    FileMissing,
    FileTimeout,
    FileTooLarge,
    NotAWorkbook,
)
from xiaobao_desktop.exchange.reader_process import ask_child
from xiaobao_desktop.exchange.sheets import MEGABYTE, ReadLimits, Workbook
from xiaobao_desktop.exchange.wire import BrokenWireError, read_answer

LIMITS: Final = ReadLimits()


def _never() -> bool:
    return False


def read_workbook(path: Path, *, limits: ReadLimits = LIMITS, cancelled: Callable[[], bool] = _never) -> Workbook:
    """Read the file at ``path``.

    Args:
        path: any file.
        limits: what it may ask of the machine.
        cancelled: asked several times a second; True stops the reading.

    Raises:
        FileRefused: one of its kinds, with a sentence for the officer. The program itself is never at risk.
    """
    path = path.absolute()
    _check_outside(path, limits)
    answer, code = ask_child(path, limits, cancelled)
    try:
        return read_answer(answer, path.name)
    except BrokenWireError as error:
        if code == -getattr(signal, "SIGXCPU", 0) and code:
            raise FileTimeout(file=path.name, seconds=limits.seconds) from error
        raise FileHostile(file=path.name, reason="读到一半停住了") from error


def _check_outside(path: Path, limits: ReadLimits) -> None:
    """What can be told without looking inside."""
    try:
        size = path.stat().st_size
        if path.is_dir():
            raise NotAWorkbook(file=path.name, reason="是一个文件夹")
        if not path.is_file():
            raise NotAWorkbook(file=path.name, reason="不是普通文件")
        with path.open("rb"):
            pass
    except (FileNotFoundError, NotADirectoryError) as error:
        raise FileMissing(file=path.name) from error
    except OSError as error:
        raise FileLocked(file=path.name) from error
    if size == 0:
        raise FileEmpty(file=path.name)
    if size > limits.file_bytes:
        raise FileTooLarge(
            file=path.name, reason=f"有 {size // MEGABYTE} MB，最多读 {limits.file_bytes // MEGABYTE} MB"
        )
