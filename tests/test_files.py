from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import pytest

from xiaobao_desktop import files
from xiaobao_desktop.files import (
    DiskFull,
    TargetBadName,
    TargetMissing,
    TargetNotWritable,
    TargetReadOnly,
    TargetRefused,
    WriteNotProven,
    explain,
    sha256_of,
    write_atomically,
)

posix_only = pytest.mark.skipif(os.name != "posix", reason="mode bits and limits are a POSIX thing")


def put(content: bytes) -> Callable[[BinaryIO], None]:
    def write(stream: BinaryIO) -> None:
        stream.write(content)

    return write


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("verify", [False, True])
def test_new_and_replaced(tmp_path: Path, verify: bool) -> None:
    target = tmp_path / "月报 三月.pdf"
    write_atomically(target, put(b"first"), verify=verify)
    write_atomically(target, put(b"second" * 500_000), verify=verify)
    assert target.read_bytes() == b"second" * 500_000
    assert names(tmp_path) == ["月报 三月.pdf"]


def test_sha256(tmp_path: Path) -> None:
    target = tmp_path / "a"
    target.write_bytes(b"abc")
    assert sha256_of(target) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_the_writer_may_move_in_the_file(tmp_path: Path) -> None:
    def write(stream: BinaryIO) -> None:
        stream.write(b"....body")
        stream.seek(0)
        stream.write(b"head")

    write_atomically(tmp_path / "a", write, verify=True)
    assert (tmp_path / "a").read_bytes() == b"headbody"


def test_a_failing_writer_leaves_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "a.xlsx"
    target.write_bytes(b"old")

    def write(stream: BinaryIO) -> None:
        stream.write(b"half")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_atomically(target, write)
    assert target.read_bytes() == b"old"
    assert names(tmp_path) == ["a.xlsx"]


def test_a_left_over_part_is_removed(tmp_path: Path) -> None:
    (tmp_path / "a.part").write_bytes(b"left by a power cut, longer than the new content")
    write_atomically(tmp_path / "a", put(b"new"))
    assert names(tmp_path) == ["a"]
    assert (tmp_path / "a").read_bytes() == b"new"


def test_killed_in_the_middle_leaves_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "a"
    target.write_bytes(b"old")
    script = (
        "import os, sys\nfrom pathlib import Path\nfrom xiaobao_desktop.files import write_atomically\n"
        "def write(stream):\n    stream.write(b'half'); stream.flush(); os._exit(9)\n"
        "write_atomically(Path(sys.argv[1]), write)"
    )
    root = Path(__file__).parents[1]
    done = subprocess.run([sys.executable, "-c", script, str(target)], cwd=root, check=False)
    assert done.returncode == 9
    assert target.read_bytes() == b"old"
    assert names(tmp_path) == ["a", "a.part"]
    write_atomically(target, put(b"new"))
    assert names(tmp_path) == ["a"]


@posix_only
def test_mode_bits_are_kept(tmp_path: Path) -> None:
    target = tmp_path / "a"
    target.write_bytes(b"old")
    target.chmod(0o640)
    write_atomically(target, put(b"new"))
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


def test_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(TargetMissing, match="U 盘可能已经拔出"):
        write_atomically(tmp_path / "没有" / "a", put(b"x"))


def test_a_folder_stands_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    with pytest.raises(TargetNotWritable):
        write_atomically(tmp_path / "a", put(b"x"))
    assert names(tmp_path) == ["a"]


@posix_only
def test_name_too_long(tmp_path: Path) -> None:
    with pytest.raises(TargetBadName):
        write_atomically(tmp_path / ("长" * 200), put(b"x"))


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write everywhere")
def test_folder_without_permission(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(TargetNotWritable):
            write_atomically(tmp_path / "a", put(b"x"))
    finally:
        tmp_path.chmod(0o700)


@posix_only
def test_a_really_full_file_system_keeps_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "a"
    target.write_bytes(b"old")
    script = (
        "import resource, signal, sys\nfrom pathlib import Path\nfrom xiaobao_desktop.files import *\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\nresource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "try:\n    write_atomically(Path(sys.argv[1]), lambda stream: stream.write(b'x' * 5000))\n"
        "except DiskFull as error:\n    print('full')"
    )
    root = Path(__file__).parents[1]
    run = subprocess.run(
        [sys.executable, "-c", script, str(target)], cwd=root, check=True, capture_output=True, text=True
    )
    assert run.stdout.strip() == "full"
    assert target.read_bytes() == b"old"
    assert names(tmp_path) == ["a"]


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (errno.ENOSPC, DiskFull),
        (errno.EROFS, TargetReadOnly),
        (errno.EACCES, TargetNotWritable),
        (errno.EPERM, TargetNotWritable),
        (errno.ENOENT, TargetMissing),
        (errno.ENODEV, TargetMissing),
        (errno.EIO, TargetRefused),
    ],
)
def test_errors_of_the_device_are_told_apart(tmp_path: Path, number: int, kind: type[TargetRefused]) -> None:
    target = tmp_path / "报送包.zip"
    target.write_bytes(b"old")

    def write(stream: BinaryIO) -> None:
        stream.write(b"half")
        raise OSError(number, os.strerror(number))

    with pytest.raises(kind) as caught:
        write_atomically(target, write)
    assert type(caught.value) is kind
    assert str(caught.value).startswith("没有写成“报送包.zip”")
    assert "{" not in str(caught.value)
    assert target.read_bytes() == b"old"
    assert names(tmp_path) == ["报送包.zip"]


def test_errors_with_other_files_are_not_explained_away(tmp_path: Path) -> None:
    def write(stream: BinaryIO) -> None:
        stream.write((tmp_path / "附件.jpg").read_bytes())

    with pytest.raises(FileNotFoundError):
        write_atomically(tmp_path / "a", write)
    assert names(tmp_path) == []


def test_windows_numbers() -> None:
    error = OSError(errno.EACCES, "denied")
    for number, kind in ((112, DiskFull), (206, TargetBadName), (32, TargetNotWritable)):
        error.winerror = number  # type: ignore[attr-defined]
        assert type(explain(error, Path("a"))) is kind


def test_a_lying_device_is_found_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "a"
    target.write_bytes(b"old")

    def spoil(part: Path) -> None:
        part.write_bytes(b"what the stick kept")

    # The moment between writing and reading back is where a bad stick changes what it holds.
    monkeypatch.setattr(files, "_drop_cache", spoil)
    with pytest.raises(WriteNotProven, match="不一致"):
        write_atomically(target, put(b"what was written"), verify=True)
    assert target.read_bytes() == b"old"
    assert names(tmp_path) == ["a"]
