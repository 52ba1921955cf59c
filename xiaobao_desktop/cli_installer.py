"""What the Windows installer asks the program: keep the closed book before an upgrade, say where it lies.

The answer is a short Chinese text for the installer's own window. It goes into a file in UTF-16, because an installer
reads the output of a program in the code page of the system.
"""

from __future__ import annotations

import argparse
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xiaobao_desktop import cli
from xiaobao_desktop.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Callable

UPGRADE, UNINSTALL = "upgrade", "uninstall"


def add_to(chosen: Any) -> None:
    """Declare the command."""
    command = chosen.add_parser("installer", help="安装程序用：升级前另存账簿，卸载前说明账簿在哪里")
    command.add_argument("step", choices=(UPGRADE, UNINSTALL))
    command.add_argument("--note", metavar="FILE", help="把说明另写进这个文件")
    command.set_defaults(handler=run)


def run(options: argparse.Namespace) -> int:
    """Carry out a step; exit code 1 when the book could not be kept."""
    work: Callable[[argparse.Namespace], dict[str, str]] = {UPGRADE: _upgrade, UNINSTALL: _uninstall}[options.step]
    try:
        result = work(options)
    except UserError as error:
        _note(options, error.message)
        raise
    _note(options, result["text"])
    cli.emit(options, result, result["text"])
    return 0


def _upgrade(options: argparse.Namespace) -> dict[str, str]:
    from xiaobao_desktop.services import closed_copy

    directory = _book(options)
    if directory is None:
        return {"text": "这台电脑上没有找到账簿，没有要另存的。"}
    copy = closed_copy.keep(directory, datetime.now().astimezone())
    return {"book": str(directory), "copy": str(copy), "text": f"升级前的账簿已另存并核对：\n{copy}"}


def _uninstall(options: argparse.Namespace) -> dict[str, str]:
    directory = _book(options)
    if directory is None:
        return {"text": "这台电脑上没有找到账簿；自己另选了位置的，还在原处。"}
    return {"book": str(directory), "text": f"台账没有删除，还在：\n{directory}"}


def _book(options: argparse.Namespace) -> Path | None:
    """The book that is meant: the given one, the last one, or the one in the usual place."""
    from xiaobao_desktop import app

    return Path(options.book) if options.book else app.last_book()


def _note(options: argparse.Namespace, text: str) -> None:
    if options.note:
        Path(options.note).write_text(text.replace("\n", "\r\n"), encoding="utf-16", newline="")
