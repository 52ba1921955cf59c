"""A disk that is cut from its power: what a log of writes leaves behind when what was not synced is lost or torn.

Model: a synced file holds what was written to it before the sync. Later writes are each kept, lost or torn at sectors
of 512 bytes. Names (made, renamed, deleted) are lasting once a folder they touch was synced; later ones survive in
their order up to a random place, as journals of file systems keep them.
"""

from __future__ import annotations

import os
import random
import struct
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import NamedTuple

OPENED, WRITTEN, SIZED, SYNCED, CLOSED, RENAMED, UNLINKED, MADE, REMOVED = range(1, 10)
_HEAD = struct.Struct("<IiQI")
_SECTOR = 512


class Entry(NamedTuple):
    """One record of the log (``preload.c``)."""

    kind: int
    descriptor: int
    number: int
    data: bytes


def entries(log: Path) -> Iterator[Entry]:
    """The records of a log, in order."""
    content, at = log.read_bytes(), 0
    while at + _HEAD.size <= len(content):
        kind, descriptor, number, length = _HEAD.unpack_from(content, at)
        at += _HEAD.size
        yield Entry(kind, descriptor, number, content[at : at + length])
        at += length


class _File:
    def __init__(self) -> None:
        self.lasting = bytearray()
        self.waiting: list[tuple[int, bytes | None]] = []

    def sync(self) -> None:
        for at, data in self.waiting:
            _apply(self.lasting, at, data)
        self.waiting.clear()

    def cut(self, draw: random.Random, kept: float) -> bytes:
        """What the power cut leaves, each unsynced write surviving with this probability."""
        left = bytearray(self.lasting)
        for at, data in self.waiting:
            if draw.random() < kept:
                _apply(left, at, data)
            elif data and draw.random() < 0.5:
                start = draw.randrange(0, len(data), _SECTOR)
                end = draw.randrange(start, len(data) + 1, _SECTOR)
                _apply(left, at + start, data[start:end])
        return bytes(left)


def _apply(content: bytearray, at: int, data: bytes | None) -> None:
    """Write ``data``, or without it make the file end at ``at``."""
    end = at if data is None else at + len(data)
    if len(content) < end:
        content.extend(bytes(end - len(content)))
    if data is None:
        del content[at:]
    else:
        content[at:end] = data


_Names = dict[str, _File | None]
"""Files by path; None for folders."""


class _NameChange(NamedTuple):
    kind: int
    path: str
    other: str
    file: _File | None


class Disk:
    """Everything that happened so far below one folder."""

    def __init__(self, root: Path) -> None:
        self._root = str(root)
        self._now: _Names = {}
        self._lasting: _Names = {}
        self._waiting: list[_NameChange] = []
        self._open: dict[int, str | _File] = {}
        self.said = b""
        """What was written to the file ``acks`` so far, synced or not: what the officer saw."""

    def take(self, entry: Entry) -> None:
        """The next record of the log."""
        if entry.kind == OPENED:
            self._opened(entry)
        elif entry.kind in (WRITTEN, SIZED):
            self._written(entry)
        elif entry.kind == SYNCED:
            self._synced(self._open[entry.descriptor])
        elif entry.kind == CLOSED:
            self._open.pop(entry.descriptor, None)
        else:
            path, _, other = os.fsdecode(entry.data).partition("\0")
            self._renamed(_NameChange(entry.kind, path, other, None))

    def is_file(self, descriptor: int) -> bool:
        """Whether an open descriptor is that of a file, not of a folder."""
        return isinstance(self._open.get(descriptor), _File)

    def cut(self, target: Path, draw: random.Random, kept: float) -> None:
        """Lay out in ``target`` what a power cut now leaves; ``kept`` is the share of unsynced writes that survive."""
        names = dict(self._lasting)
        last = draw.randrange(len(self._waiting) + 1) if 0 < kept < 1 else round(kept) * len(self._waiting)
        for change in self._waiting[:last]:
            _rename(names, change)
        for path, file in sorted(names.items()):
            place = target / os.path.relpath(path, self._root)
            if file is None:
                place.mkdir(parents=True, exist_ok=True)
            else:
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(file.cut(draw, kept))

    def _opened(self, entry: Entry) -> None:
        path = os.fsdecode(entry.data)
        if PurePosixPath(path).name == "acks":
            self._open[entry.descriptor] = "acks"
            return
        file = self._now.get(path)
        if file is None and entry.number & os.O_CREAT:
            file = _File()
            self._renamed(_NameChange(OPENED, path, "", file))
        if file is not None and entry.number & os.O_TRUNC:
            file.waiting.append((0, None))
        self._open[entry.descriptor] = path if file is None else file

    def _written(self, entry: Entry) -> None:
        file = self._open[entry.descriptor]
        if file == "acks":
            self.said += entry.data
        elif isinstance(file, _File):
            file.waiting.append((entry.number, entry.data if entry.kind == WRITTEN else None))

    def _synced(self, what: str | _File) -> None:
        if isinstance(what, _File):
            what.sync()
            return
        touching = [
            place
            for place, change in enumerate(self._waiting, start=1)
            if what in (str(PurePosixPath(change.path).parent), str(PurePosixPath(change.other).parent))
        ]
        for change in self._waiting[: max(touching, default=0)]:
            _rename(self._lasting, change)
        del self._waiting[: max(touching, default=0)]

    def _renamed(self, change: _NameChange) -> None:
        _rename(self._now, change)
        self._waiting.append(change)


def _rename(names: _Names, change: _NameChange) -> None:
    """Apply one change of names; a folder takes all below it along."""
    if change.kind in (OPENED, MADE):
        names[change.path] = change.file
    elif change.kind in (UNLINKED, REMOVED):
        names.pop(change.path, None)
    elif change.path in names:
        for path in [name for name in names if name == change.path or name.startswith(f"{change.path}/")]:
            names[change.other + path.removeprefix(change.path)] = names.pop(path)
