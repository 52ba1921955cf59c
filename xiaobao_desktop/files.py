"""Safe writing of files: a reader, a power cut or a pulled stick sees the old file or the whole new one, never a half.

The way: ``name.part`` beside the target, written, flushed and synced; read back if asked; renamed over the target;
the folder synced. A ``.part`` left by an earlier cut is removed by the next write. Works on Windows, where folders
cannot be synced and an open target cannot be replaced.
"""

# ruff: noqa: D415 - the docstrings of the errors are the sentences shown to the officer

from __future__ import annotations

import errno
import hashlib
import os
import re
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Final

from xiaobao_desktop.errors import UserError

PART_SUFFIX: Final = ".part"
_CHUNK: Final = 1024 * 1024

KNOWN_AS: Final = {
    "book.db": "账簿",
    "keys.json": "账簿的钥匙",
    "keys.json.bak": "账簿的钥匙",
    "backup-copy.tmp": "备份用的副本",
    "repair-new": "救出的账簿",
    "repair-backup": "备份里的账簿",
    "restore-new": "恢复用的副本",
    "reencrypt-new": "重新加密的账簿",
    "erased.bin": "销毁登记",
    "reserve.bin": "预留的空间",
    "texts.bin": "报表文字",
    "places.json": "备份位置的记录",
    "checks.json": "检查的记录",
    "tries.json": "输错密码的记录",
}
"""The program's own files as the officer calls them; a test compares with the names that the store gives."""
_POOLS: Final = ("attachments", "附件池")
_OF_POOL: Final = re.compile(r"[0-9a-f]{2}|[0-9a-f]{32,}(\.bin)?(\.part)?")
"""Files of attachments are named by a hash, in folders named by its beginning, in a pool."""

_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_FORBIDDEN: Final = frozenset({errno.EACCES, errno.EPERM, errno.EBUSY, errno.EISDIR, errno.EEXIST, errno.ENOTEMPTY})
_GONE: Final = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ENODEV, errno.ENXIO})
_FAILING: Final = frozenset({errno.EIO, errno.ETIMEDOUT})
_BAD_NAME: Final = frozenset({errno.EINVAL, errno.ENAMETOOLONG, errno.EILSEQ})
# Windows says it in its own numbers: disk full (39, 112), write protected (19), drive not ready (21), file in use (32),
# name too long (206).
_WINDOWS: Final = {
    39: errno.ENOSPC,
    112: errno.ENOSPC,
    19: errno.EROFS,
    21: errno.ENODEV,
    32: errno.EACCES,
    206: errno.ENAMETOOLONG,
}


class TargetRefused(UserError):
    """没有写成“{file}”：{reason}。原来的文件没有动。"""


class TargetNotWritable(TargetRefused):
    """没有写成“{file}”：不能写到“{folder}”，文件可能正被 WPS 打开，或没有写权限。请关掉它或换个文件夹。"""


class TargetReadOnly(TargetRefused):
    """没有写成“{file}”：“{folder}”所在的盘是只读的。请打开 U 盘的写保护开关，或换一个地方。"""


class TargetMissing(TargetRefused):
    """没有写成“{file}”：找不到文件夹“{folder}”，U 盘可能已经拔出。请插好或换一个文件夹再试。"""


class TargetBadName(TargetRefused):
    """没有写成“{file}”：这个文件名太长，或含有不能用的符号。请改一个短些的名字。"""


class DiskFull(TargetRefused):
    """没有写成“{file}”：“{folder}”所在的盘已满。请清出一些空间再试，原来的文件没有动。"""


class WriteNotProven(TargetRefused):
    """没有写成“{file}”：写到“{folder}”后读回来的内容不一致，盘可能坏了。请换一个 U 盘或文件夹，原来的文件没有动。"""


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file's content in 64 hexadecimal digits.

    Raises:
        OSError: the file cannot be read.
    """
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def write_atomically(
    target: Path,
    write: Callable[[BinaryIO], None],
    *,
    verify: bool = False,
    expected: str = "",
    ready: Callable[[], None] | None = None,
) -> None:
    """Write a whole file, or nothing.

    Args:
        target: the file to make or replace; its folder must exist. An existing file keeps its mode bits.
        write: writes the content to the open file it gets; what it raises comes through, the target stays as it was.
        verify: read the file back from the device and compare before it counts.
        expected: the SHA-256 that the content must then have, where the caller knows it (implies ``verify``).
        ready: called when the content is written and proven, before it gets its name; what it raises comes through,
            the target stays as it was.

    Raises:
        TargetRefused: one of its kinds; the target is as it was before.
    """
    verify = verify or bool(expected)
    part = _part_of(target)
    with _explained(target):
        part.unlink(missing_ok=True)
        stream = part.open("xb")
    try:
        with _explained(target), stream:
            write(stream)
            stream.flush()
            written = expected or (sha256_of(part) if verify else "")
            os.fsync(stream.fileno())
        with _explained(target):
            _keep_mode(target, part)
            if verify:
                _prove(part, written, target)
        if ready is not None:
            ready()
        with _explained(target):
            part.replace(target)
            _sync_folder(target.parent)
    except BaseException:
        # Whatever stopped us, an unplugged stick included: what is left over must not look like a result.
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise


def _part_of(target: Path) -> Path:
    return target.with_name(target.name + PART_SUFFIX)


def ensure_folder(folder: Path) -> None:
    """Make a folder with all above it, if it is missing.

    Raises:
        TargetRefused: one of its kinds.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise explain(error, folder) from error


def _prove(part: Path, written: str, target: Path) -> None:
    """Compare what the device holds with what was written."""
    _drop_cache(part)
    if sha256_of(part) != written:
        raise WriteNotProven(file=said(target), folder=str(target.parent))


def _drop_cache(path: Path) -> None:
    """Ask the system to forget its copy, so that reading goes to the device (where the system knows how)."""
    if sys.platform == "win32":
        _open_past_cache(path)
    elif hasattr(os, "posix_fadvise"):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        finally:
            os.close(descriptor)


if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes

    # winnt.h, fileapi.h, winbase.h
    _GENERIC_READ, _SHARE_ALL, _OPEN_EXISTING, _FILE_FLAG_NO_BUFFERING = 0x80000000, 7, 3, 0x20000000
    _INVALID_HANDLE = wintypes.HANDLE(-1).value
    _kernel = ctypes.WinDLL("kernel32")
    _kernel.CreateFileW.restype = wintypes.HANDLE
    _kernel.CreateFileW.argtypes = (
        wintypes.LPCWSTR,
        wintypes.DWORD,
        wintypes.DWORD,
        wintypes.LPVOID,
        wintypes.DWORD,
        wintypes.DWORD,
        wintypes.HANDLE,
    )
    _kernel.CloseHandle.argtypes = (wintypes.HANDLE,)

    def windows_handle(path: str, access: int, flags: int) -> int | None:
        r"""A handle on an existing file or device (``\\.\E:``), shared with everybody; None when it is refused."""
        handle = _kernel.CreateFileW(path, access, _SHARE_ALL, None, _OPEN_EXISTING, flags, None)
        return None if handle == _INVALID_HANDLE else handle

    def close_windows_handle(handle: int) -> None:
        """Let go of a handle."""
        _kernel.CloseHandle(handle)

    def _open_past_cache(path: Path) -> None:
        """Open a file for reading without buffers, and close it: NTFS and FAT drop what they hold of it.

        A system that refuses reads its own copy back: less of a proof, but no reason to give up what was written.
        """
        handle = windows_handle(str(path), _GENERIC_READ, _FILE_FLAG_NO_BUFFERING)
        if handle is not None:
            close_windows_handle(handle)


def _keep_mode(target: Path, part: Path) -> None:
    if os.name == "posix" and target.exists():
        # FAT sticks know no mode bits: keeping them is a courtesy, not a condition.
        with suppress(PermissionError):
            part.chmod(stat.S_IMODE(target.stat().st_mode))


def _sync_folder(folder: Path) -> None:
    """Make the new name itself lasting; some file systems cannot sync a folder, the rename stands all the same."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _explained(target: Path) -> Iterator[None]:
    """Turn the system's error into a sentence for the officer; errors with other files are not ours to explain."""
    ours = {None, str(target), str(_part_of(target)), str(target.parent)}
    try:
        yield
    except OSError as error:
        if error.filename not in ours:
            raise
        raise explain(error, target) from error


def explain(error: OSError, target: Path) -> TargetRefused:
    """The sentence for an error that writing ``target`` met."""
    pool = _pool_of(target)
    values = {"file": said(target), "folder": str((pool or target).parent)}
    number = _WINDOWS.get(getattr(error, "winerror", None) or 0, error.errno)
    if number in _FULL:
        return DiskFull(**values)
    if number == errno.EROFS:
        return TargetReadOnly(**values)
    if number in _GONE:
        return TargetMissing(**values)
    if number in _BAD_NAME:
        return TargetBadName(**values)
    if number in _FORBIDDEN:
        return TargetNotWritable(**values)
    if number in _FAILING:
        return TargetRefused(file=said(target), reason="盘读写出错，可能松了或坏了。请插好，或换一个地方再试")
    reason = f"盘没有接受（代码 {number}，可以告诉科技人员）。请换一个地方再试"
    return TargetRefused(file=said(target), reason=reason)


def said(target: Path) -> str:
    """The name of a file as the officer knows it: her own files by their names, the program's by what they are."""
    return "附件" if _pool_of(target) is not None else KNOWN_AS.get(target.name, target.name)


def _pool_of(target: Path) -> Path | None:
    """The pool of attachments that a file or folder belongs to, None for any other."""
    if target.name in _POOLS:
        return target
    above = target.parents[:2] if _OF_POOL.fullmatch(target.name) else ()
    return next((folder for folder in above if folder.name in _POOLS), None)
