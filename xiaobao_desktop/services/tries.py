"""Wrong passwords are counted beside the book: five are free, then every further one makes the pause longer.

The count outlives the program, so that closing and opening it again gains nothing. The derivation of the key is what
stops a machine that guesses; this stops a person at the keyboard. Source of the figures: project decision.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO, NamedTuple

from xiaobao_desktop.errors import UserError
from xiaobao_desktop.files import write_atomically
from xiaobao_desktop.store import keyslots
from xiaobao_desktop.store.errors import WrongPassword
from xiaobao_desktop.store.layout import KEY_FILE

FREE = 5
"""Wrong passwords before the first pause."""
FIRST_PAUSE, LONGEST_PAUSE = 30, 900
"""Seconds; the pause doubles with every wrong password until it is a quarter of an hour."""
FILE, PAST = "tries.json", "tries-before.json"


class Past(NamedTuple):
    """Wrong passwords before a right one: how many, and when the last was tried."""

    number: int
    last: datetime


class TooManyTries(UserError):
    """密码连续输错 {failed} 次，先停一停：请等 {seconds} 秒再试。忘记密码时，可以用打印的恢复密钥打开。"""  # noqa: D415


def failed(directory: Path) -> int:
    """Wrong passwords since the last right one."""
    return _read(directory)[0]


def left(directory: Path) -> int:
    """Wrong passwords that are still free; 0 when the next one makes a pause."""
    return max(0, FREE - failed(directory))


def seconds_to_wait(directory: Path, now: datetime) -> int:
    """Seconds until the next password may be tried; 0 when it may be tried now.

    A clock that was set back makes no pause longer than the one that is due.
    """
    count, last = _read(directory)
    if count < FREE or last is None:
        return 0
    pause: int = min(FIRST_PAUSE * 2 ** (count - FREE), LONGEST_PAUSE)
    passed = max(timedelta(), _plain(now) - last)
    return max(0, pause - int(passed.total_seconds()))


def check(directory: Path, now: datetime) -> None:
    """Refuse while a pause is on.

    Raises:
        TooManyTries: says how long to wait.
    """
    seconds = seconds_to_wait(directory, now)
    if seconds:
        raise TooManyTries(failed=failed(directory), seconds=seconds)


@contextmanager
def counted(directory: Path, secret: str, now: datetime) -> Iterator[None]:
    """A try in the block: refused during a pause, counted when it was wrong; a right one begins the count anew.

    Without a secret nothing was guessed, so nothing is counted.

    Raises:
        TooManyTries: a pause is on.
    """
    if not secret:
        yield
        return
    check(directory, now)
    try:
        yield
    except WrongPassword:
        _write(directory, failed(directory) + 1, _plain(now))
        raise
    # Put aside for the log of the book, which is open only from now on.
    with suppress(OSError):
        (directory / FILE).replace(directory / PAST)


def prove(directory: Path, secret: str, user: str | None, now: datetime) -> keyslots.Unlocked:
    """What ``secret`` opens, without opening the book; a wrong one is counted.

    Args:
        directory: folder of the book.
        secret: password or recovery key.
        user: whose password it must be; None for anybody's.
        now: moment of the try.

    Raises:
        TooManyTries: a pause is on; the secret was not tried.
        WrongPassword: it opens nothing.
        KeyFileMissing, KeyFileDamaged: the key file cannot be read.
    """
    with counted(directory, secret, now):
        return keyslots.unlock(directory / KEY_FILE, secret, user)


def take_past(directory: Path) -> Past | None:
    """The wrong passwords before the last right one, told once; None when there were none."""
    count, last = _read(directory, PAST)
    with suppress(OSError):
        (directory / PAST).unlink(missing_ok=True)
    return Past(count, last) if count and last is not None else None


def _plain(moment: datetime) -> datetime:
    return moment.replace(tzinfo=None, microsecond=0)


def _read(directory: Path, name: str = FILE) -> tuple[int, datetime | None]:
    try:
        kept = json.loads((directory / name).read_text(encoding="utf-8"))
        return min(int(kept["failed"]), 2 * FREE), datetime.fromisoformat(kept["last"]).replace(tzinfo=None)
    except (OSError, ValueError, KeyError, TypeError):
        return 0, None


def _write(directory: Path, count: int, last: datetime) -> None:
    content = json.dumps({"failed": count, "last": last.isoformat()}).encode()

    def write(stream: BinaryIO) -> None:
        stream.write(content)

    # A folder that cannot be written has no count; its book cannot be opened for writing either.
    with suppress(UserError):
        write_atomically(directory / FILE, write)
