"""The command ``self-test``: does the program itself work, and how long does its start take."""

from __future__ import annotations

import argparse
from typing import Any

from xiaobao_desktop import cli


def add_to(chosen: Any) -> None:
    """Declare the command with its arguments."""
    check = chosen.add_parser("self-test", help="检查程序本身：字体、PDF、图表、账簿、备份")
    check.add_argument("--startup", action="store_true", help="离屏打开窗口，报告各阶段秒数和内存")
    check.set_defaults(handler=run)


def run(options: argparse.Namespace) -> int:
    """Check the program itself, or measure its start."""
    from xiaobao_desktop import selftest

    if options.startup:
        directory = cli.book_directory(options)
        return selftest.startup(directory, cli.secret_of(options, directory))
    return selftest.run(options.json)
