"""Exports with faults of the stick: no false success, what was on it stays, the log tells the truth."""

from __future__ import annotations

import errno
import hashlib
import io
import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.services.support import new_book
from xiaobao_desktop.files import TargetRefused
from xiaobao_desktop.services import export_log
from xiaobao_desktop.services.export_log import Export
from xiaobao_desktop.services.session import Session

FAULTS = (
    "none",
    "write-eio",
    "write-enospc",
    "short",
    "flip",
    "gone-writing",
    "gone-sync",
    "sync-eio",
    "name-eio",
    "read-eio",
)
"""What the device does; the moment within the file is drawn."""


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    made = new_book(tmp_path_factory.mktemp("faults") / "book")
    yield made
    made.close()


class Stick:
    """A folder whose device has one fault. It stands below the program: in the calls of the system.

    The folder that vanishes is moved away whole, as a stick that is pulled out takes everything along.
    """

    def __init__(self, folder: Path, fault: str, draw: random.Random, patch: pytest.MonkeyPatch) -> None:
        self.folder, self.away = folder, folder.with_name(f"{folder.name}-weg")
        self.fault, self.draw = fault, draw
        self.at = draw.randrange(4)
        self.calls = 0
        self.opened = Path.open
        self.fsync, self.replaced = os.fsync, os.replace
        patch.setattr(Path, "open", self._open())
        patch.setattr(os, "fsync", self._fsync)
        patch.setattr(os, "replace", self._replace)

    @property
    def place(self) -> Path:
        """Where the files of the stick can be looked at now."""
        return self.away if self.away.exists() else self.folder

    def _open(self) -> Callable[..., Any]:
        stick = self

        def opened(path: Path, mode: str = "r", *rest: Any, **named: Any) -> Any:
            if path.parent != stick.folder or "b" not in mode:
                return stick.opened(path, mode, *rest, **named)
            if "r" in mode and path.name.endswith(".part") and stick.fault == "read-eio":
                raise OSError(errno.EIO, "read error", str(path))
            stream = stick.opened(path, mode, *rest, **named)
            return _Faulty(stream, stick) if "x" in mode else stream

        return opened

    def wrote(self) -> str:
        """What happens to the next piece."""
        self.calls += 1
        if self.calls - 1 != self.at:
            return ""
        if self.fault == "gone-writing":
            self.folder.rename(self.away)
            raise OSError(errno.EIO, "gone")
        if self.fault == "write-eio":
            raise OSError(errno.EIO, "input/output error")
        if self.fault == "write-enospc":
            raise OSError(errno.ENOSPC, "no space left")
        return self.fault

    def _fsync(self, descriptor: int) -> None:
        if self.fault == "sync-eio":
            raise OSError(errno.EIO, "input/output error")
        self.fsync(descriptor)
        parts = list(self.folder.glob("*.part"))
        if self.fault == "flip" and parts:
            data = bytearray(parts[0].read_bytes())
            data[self.draw.randrange(len(data))] ^= 1 << self.draw.randrange(8)
            parts[0].write_bytes(bytes(data))
        if self.fault == "gone-sync" and parts:
            self.folder.rename(self.away)

    def _replace(self, source: Any, target: Any) -> None:
        if self.fault == "name-eio" and Path(source).parent == self.folder:
            raise OSError(errno.EIO, "input/output error", str(source))
        self.replaced(source, target)


class _Faulty(io.BufferedIOBase):
    """The stream of the new file, as a bad device takes it."""

    def __init__(self, stream: Any, stick: Stick) -> None:
        self._stream, self._stick = stream, stick

    def write(self, data: Any) -> int:
        happens = self._stick.wrote()
        self._stream.write(data[: len(data) // 2] if happens == "short" else data)
        return len(data)

    def flush(self) -> None:
        if not self._stream.closed:
            self._stream.flush()

    def fileno(self) -> int:
        return int(self._stream.fileno())

    def close(self) -> None:
        self._stream.close()
        super().close()


def one_export(session: Session, folder: Path, seed: int) -> tuple[str, bool]:
    """One export to a stick with files on it; the fault, and whether it was said to have worked."""
    draw = random.Random(seed)
    fault = FAULTS[seed % len(FAULTS)]
    folder.mkdir()
    content = draw.randbytes(draw.randrange(600_000, 1_000_000))
    before = {f"旧{number}.zip": draw.randbytes(50) for number in range(3)}
    for name, data in before.items():
        (folder / name).write_bytes(data)
    over = draw.random() < 0.3
    target = folder / ("旧0.zip" if over else "包.zip")
    known = len(export_log.entries(session))
    with pytest.MonkeyPatch.context() as patch:
        stick = Stick(folder, fault, draw, patch)
        try:
            digest = export_log.written(
                session, Export("导出报送包", "", "", {"complaint": 3}, masked=True), target, content
            )
            done = True
        except TargetRefused as error:
            assert "没有写成" in error.message  # noqa: PT017 - both outcomes are right
            done = False
    names = {path.name: path.read_bytes() for path in stick.place.iterdir()}
    log = export_log.entries(session)
    if done:
        assert hashlib.sha256(content).hexdigest() == digest
        assert names == {**before, target.name: content}
        assert log[0].sha256 == digest
        assert log[0].done
    else:
        left = {name: data for name, data in names.items() if not name.endswith(".part")}
        assert left == before
        assert ".part" not in "".join(names) or fault.startswith("gone")
        assert all(not item.done for item in log[: len(log) - known])
    return fault, done


def run(session: Session, folder: Path, seeds: range) -> None:
    worked = [one_export(session, folder / str(seed), seed) for seed in seeds]
    assert {fault for fault, done in worked if done} <= {"none", "short", "write-eio", "write-enospc", "gone-writing"}
    assert all(done for fault, done in worked if fault == "none")
    assert sum(not done for _fault, done in worked) > len(worked) // 2


def test_faulty_sticks_never_look_like_success(session: Session, tmp_path: Path) -> None:
    run(session, tmp_path, range(30))
    assert all(finding.ok for finding in session.book.verify())


@pytest.mark.full
def test_four_hundred_exports_to_faulty_sticks(session: Session, tmp_path: Path) -> None:
    run(session, tmp_path, range(1000, 1400))
