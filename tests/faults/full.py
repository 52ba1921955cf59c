"""A worker whose disk is full at one stage after the other (``python -m tests.faults.full FOLDER ROOMS``).

Runs below ``preload.c``. Prints one line of JSON a stage: act, room in pages, what was said, and whether the same act
worked once the reserve had been given up.
"""

from __future__ import annotations

import ctypes
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.faults.promises import Promises
from tests.faults.work import Worker
from xiaobao_desktop.errors import UserError
from xiaobao_desktop.services import books
from xiaobao_desktop.store.layout import RESERVE_FILE

PAGE = 4096


class FullDisk:
    """The disk of the worker, seen from its program."""

    def __init__(self) -> None:
        self._library = ctypes.CDLL(None)
        self._library.xb_set_room.argtypes = [ctypes.c_int64]

    def leave(self, pages: int) -> None:
        """So many pages may still be written below the folder; negative for no limit."""
        self._library.xb_set_room(pages * PAGE if pages >= 0 else -1)


def stage(worker: Worker, disk: FullDisk, act: str, room: int) -> dict[str, Any]:
    """One act with so little room; afterwards the disk has room again."""
    books.keep_reserve(worker.session)
    had_reserve = (worker.directory / RESERVE_FILE).exists()
    disk.leave(room)
    told, again = attempt(worker, act)
    released = had_reserve and not (worker.directory / RESERVE_FILE).exists()
    if told and released:
        again, _promise = attempt(worker, act)
    disk.leave(-1)
    if worker.session.book.closed:
        worker.session = books.open_book(worker.directory, None)
        worker.numbers = worker.known()
    return {"act": act, "room": room, "told": told, "released": released, "again": again}


def attempt(worker: Worker, act: str) -> tuple[str, Any]:
    """What a refusal said, "" for success."""
    worker.tell({"begun": act})
    try:
        doing: Callable[[], dict[str, Any]] = getattr(worker, act)
        worker.tell({"done": act, **doing()})
    except UserError as error:
        return error.message, type(error).__name__
    return "", None


def main() -> None:
    """Every act at every room; at the end the book must keep every promise."""
    folder, rooms = Path(sys.argv[1]) / "book", json.loads(sys.argv[2])
    promises, disk = Promises(), FullDisk()
    worker = Worker(folder, 1, promises.hear)
    for _ in range(4):
        attempt(worker, "enter")
    for room in rooms:
        for act in ("enter", "change", "attach", "type", "undo", "back_up", "reopen", "delete", "enter"):
            sys.stdout.write(json.dumps(stage(worker, disk, act, room)) + "\n")
    worker.session.close()
    sys.stdout.write(json.dumps({"broken": promises.broken_by(folder)}) + "\n")


if __name__ == "__main__":
    main()
