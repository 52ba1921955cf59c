"""The command line: the same program without a window, for scheduled backups, tests and checks.

Machine output goes to stdout (JSON with ``--json``), messages to stderr in Chinese. Exit code 0: ran to the end;
1: refused or failed with a reason; 2: wrong usage.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import re
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

from xiaobao_desktop import __version__, paths
from xiaobao_desktop.errors import UserError

PASSWORD_VARIABLE = "XIAOBAO_PASSWORD"  # noqa: S105 - the name of a variable, not a password

BACKUP_SUFFIX, PACKAGE_SUFFIX = ".xbbak", ".xbpack"
"""Endings of the files that a double click opens, as in the store and the exchange (a test compares)."""

_ALONE = {
    "export": "cli_export",
    "consolidate": "cli_consolidate",
    "reencrypt": "cli_reencrypt",
    "repair": "cli_repair",
    "self-test": "cli_selftest",
    "installer": "cli_installer",
}
"""Commands with a module of their own."""
_WITH_VALUE = ("--book", "--password-file")
"""Options before the command that take a value."""

_USAGE_WORDS: tuple[tuple[str, str], ...] = (
    (r"the following arguments are required: (.+)", r"缺少 \1"),
    (r"unrecognized arguments: (.+)", r"不认识 \1"),
    (r"argument (\S+): invalid choice: (.+?) \(choose from (.+)\)", r"\1 不能是 \2，可以用：\3"),
    (r"argument (\S+): invalid int value: (.+)", r"\1 应为整数，不能是 \2"),
    (r"argument (\S+): expected .*arguments?", r"\1 后面要有一个值"),
    (r"argument (\S+): ignored explicit argument .+", r"\1 后面不带值"),
    (r"ambiguous option: (\S+) could match (.+)", r"\1 不明确，可以是：\2"),
    (r"argument (\S+): (.+)", r"\1 \2"),
)
"""What argparse says (English, any version) and how we say it; the last one takes our own words over."""


class _Parser(argparse.ArgumentParser):
    """A parser that speaks Chinese."""

    def __init__(self, **options: Any) -> None:
        """As in argparse; help is our own."""
        super().__init__(add_help=False, **options)
        self._positionals.title, self._optionals.title = "参数", "选项"
        self.add_argument("-h", "--help", action="help", help="显示用法")

    def format_usage(self) -> str:
        """The usage line."""
        return super().format_usage().replace("usage: ", "用法：", 1)

    def format_help(self) -> str:
        """The whole help."""
        return super().format_help().replace("usage: ", "用法：", 1)

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and end with exit code 2."""
        words = message
        for pattern, chinese in _USAGE_WORDS:
            if found := re.fullmatch(pattern, message, re.DOTALL):
                words = found.expand(chinese)
                break
        self.print_usage(sys.stderr)
        self.exit(2, f"命令写法不对：{words}。加 --help 看用法。\n")


def run(arguments: Sequence[str]) -> int:
    """Carry out the command line and return the exit code."""
    use_utf8()
    paths.prepare_environment()
    if len(arguments) == 1 and arguments[0].lower().endswith((BACKUP_SUFFIX, PACKAGE_SUFFIX)):
        return _file_opened(Path(arguments[0]))
    as_json = "--json" in arguments
    plain = [item for item in arguments if item != "--json"]
    options = _parser(plain).parse_args(plain)
    options.json = as_json
    if options.command is None:
        return _window(options)
    handler: Callable[[argparse.Namespace], int] = options.handler
    try:
        code = handler(options)
        if sys.stdout is not None:
            sys.stdout.flush()
    except UserError as error:
        print(error.message, file=sys.stderr)
        return 1
    except BrokenPipeError:
        # The reader has seen enough (| head): the work itself is done. Nothing may be written on the way out either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("已停下。没有做完的一步没有保存，以前保存的都在。", file=sys.stderr)
        return 1
    return code


def use_utf8() -> None:
    """Write UTF-8 whatever the console's code page is, so that output can be read back."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="replace")


def _window(options: argparse.Namespace) -> int:
    from xiaobao_desktop import app

    return app.start(Path(options.book) if options.book else None, demo=options.demo_window)


def _file_opened(file: Path) -> int:
    """A double click on a backup or a package: the window asks whether to restore it, or to take it in."""
    from xiaobao_desktop import app

    if file.name.lower().endswith(PACKAGE_SUFFIX):
        return app.start(None, package=file)
    return app.start(None, backup=file)


def _parser(arguments: Sequence[str]) -> argparse.ArgumentParser:
    """The parser with every command, or with the one that is called: a start need not wait for the others."""
    parser = _Parser(prog="xiaobao-desktop", description="小保·消保台账。不带命令时打开窗口。")
    book, password_file = _WITH_VALUE
    parser.add_argument(book, metavar="DIR", help="账簿所在文件夹")
    parser.add_argument(password_file, metavar="FILE", help="从文件第一行读密码")
    parser.add_argument("--demo", dest="demo_window", action="store_true", help="打开窗口，用演示账簿（不要密码）")
    parser.add_argument("--version", action="version", version=f"小保 {__version__}", help="显示版本")
    parser.set_defaults(command=None)
    chosen = parser.add_subparsers(dest="command", metavar="COMMAND", parser_class=_Parser)
    called = _ALONE.get(_command(arguments))
    for module in (called,) if called else ("cli_commands", *_ALONE.values()):
        importlib.import_module(f"xiaobao_desktop.{module}").add_to(chosen)
    return parser


def _command(arguments: Sequence[str]) -> str:
    """The first word that is neither an option nor the value of one; "" when there is none."""
    rest = iter(arguments)
    for word in rest:
        if word in _WITH_VALUE:
            next(rest, None)
        elif not word.startswith("-"):
            return word
    return ""


def book_directory(options: argparse.Namespace) -> Path:
    """The folder of the book: ``--book``, else the usual place."""
    return Path(options.book) if options.book else paths.default_book_dir()


def password_given(options: argparse.Namespace) -> bool:
    """Whether there is a password without asking for it."""
    return bool(options.password_file) or PASSWORD_VARIABLE in os.environ


def password(options: argparse.Namespace) -> str:
    """The password: from ``--password-file``, the environment, or asked for at the terminal.

    Raises:
        UserError: the file cannot be read, or nobody can be asked.
    """
    return secret("密码", options.password_file, "--password-file", PASSWORD_VARIABLE)


def secret(what: str, file: str | None, option: str, variable: str) -> str:
    """A secret, never from an argument itself: from the first line of a file, the environment, or the terminal.

    Args:
        what: its name in Chinese.
        file: given with ``option``, or None.
        option: the option that names a file.
        variable: of the environment.

    Raises:
        UserError: the file cannot be read, or nobody can be asked.
    """
    if file:
        try:
            lines = Path(file).read_text(encoding="utf-8-sig").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise UserError(message=f"读不到{what}文件“{file}”，请核对路径。") from error
        return lines[0] if lines else ""
    if variable in os.environ:
        return os.environ[variable]
    # The window's own program has no standard input at all on Windows.
    if sys.stdin is None or not sys.stdin.isatty():
        raise UserError(message=f"没有给{what}。请用 {option} 指定文件，或设置环境变量 {variable}。")
    import getpass

    return getpass.getpass(f"{what}：")


def secret_of(options: argparse.Namespace, directory: Path) -> str | None:
    """The password of the book in a folder, asked for only where it has one; errors as for :func:`password`."""
    from xiaobao_desktop.services import books

    if books.book_at(directory) and books.needs_password(directory):
        return password(options)
    return None


def emit(options: argparse.Namespace, data: object, text: str) -> None:
    """Print a result: JSON with ``--json``, else text."""
    print(json.dumps(data, ensure_ascii=False, indent=2) if options.json else text)


def parse_day(text: str) -> date:
    """A day given on the command line, any of the ways officers write it.

    Raises:
        UserError: not a day.
    """
    from xiaobao_desktop.domain.dates import read_date

    reading = read_date(text)
    if reading.value is None:
        raise UserError(message=f"{reading.problem or reading.ask or '没有写日期'}。日期请写成 2026-10-31。")
    return reading.value
