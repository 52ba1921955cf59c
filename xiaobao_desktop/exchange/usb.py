"""Sticks: which drives are there, whether there is room, and writing a file so that it counts only when proven.

Drives are suggested, never prescribed: the officer may choose any folder. What is on the stick already stays as it is:
a new file gets a name of its own, is written beside it, read back from the device, compared, and only then named.
"""

# ruff: noqa: D415 - the docstrings of the errors are the sentences shown to the officer

from __future__ import annotations

import hashlib
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

from xiaobao_desktop.files import PART_SUFFIX, TargetRefused, explain, write_atomically

CHUNK: Final = 256 * 1024
SPARE: Final = 1024 * 1024
"""Bytes that stay free beside the file: folders and tables of the file system grow too."""
FAT32_LARGEST: Final = 4 * 1024**3 - 1
_FORBIDDEN: Final = '<>:"/\\|?*'
_LONGEST_NAME: Final = 60
"""Characters; in UTF-8 three bytes each, of the 255 that a name may have with its ending."""
_MEGABYTE: Final = 1024 * 1024
_SYSTEM_PLACES: Final = ("/", "/boot", "/boot/efi", "/home", "/usr", "/var")

Told = Callable[[int, int], None]
"""Hears how far the writing is: (bytes done, bytes in all)."""


class StickTooSmall(TargetRefused):
    """没有写成“{file}”：要 {needed} MB，“{folder}”只剩 {free} MB。请清出一些空间，或换一个 U 盘。"""


class FileTooLargeForStick(TargetRefused):
    """没有写成“{file}”：它超过 4 GB，这种 U 盘（FAT32）放不下。请少选几本台账，或把期间分开导出。"""


class WritingCancelled(TargetRefused):
    """已取消，没有写“{file}”。U 盘上原来的文件没有动。"""


class Drive(NamedTuple):
    """A drive that may be pulled out: where it is, its name, its free bytes (0 when it does not tell)."""

    path: Path
    name: str
    free: int


class Mount(NamedTuple):
    """A mounted file system: device, place, kind."""

    device: str
    place: str
    kind: str


def parse_mounts(text: str) -> list[Mount]:
    r"""The mounts of ``/proc/mounts``; blanks and the like in names are written ``\040`` there."""
    found = []
    for line in text.splitlines():
        parts = line.split()
        if len(parts) >= 3:
            found.append(Mount(_unescaped(parts[0]), _unescaped(parts[1]), parts[2]))
    return found


def _unescaped(text: str) -> str:
    out, place = bytearray(), 0
    raw = text.encode("utf-8", "surrogateescape")
    while place < len(raw):
        octal = raw[place + 1 : place + 4]
        if raw[place : place + 1] == b"\\" and len(octal) == 3 and all(48 <= sign <= 55 for sign in octal):
            out.append(int(octal, 8) & 0xFF)
            place += 4
        else:
            out.append(raw[place])
            place += 1
    return out.decode("utf-8", "surrogateescape")


def removable_mounts(mounts: list[Mount], pulled: Callable[[str], bool]) -> list[Mount]:
    """Mounts of devices that may be pulled out, each device and place once, the system's own left out.

    Args:
        mounts: as parsed.
        pulled: whether a block device (``sdb1``) sits in a removable drive or on a USB line.
    """
    found: dict[str, Mount] = {}
    for mount in mounts:
        name = mount.device.removeprefix("/dev/")
        if mount.device.startswith("/dev/") and mount.place not in _SYSTEM_PLACES and pulled(name):
            found.setdefault(mount.place, mount)
    return list(found.values())


def drives() -> tuple[Drive, ...]:
    """The removable drives that are plugged in now; () where the system does not tell."""
    return tuple(_drive(Path(place), name) for place, name in _places())


def _places() -> list[tuple[str, str]]:
    """(folder, name) of each removable drive."""
    if sys.platform == "win32":
        from xiaobao_desktop.exchange.usb_windows import removable_roots

        return removable_roots()
    else:  # noqa: RET505 - the type checker reads one branch for each system
        try:
            text = Path("/proc/mounts").read_text(encoding="utf-8", errors="surrogateescape")
        except OSError:
            return []
        return [(mount.place, Path(mount.place).name) for mount in removable_mounts(parse_mounts(text), _pulled)]


def _pulled(device: str) -> bool:
    """Whether sysfs calls a block device removable or shows it behind a USB port."""
    block = Path("/sys/class/block") / device.rpartition("/")[2]
    try:
        real = block.resolve(strict=True)
    except OSError:
        return False
    for folder in (real, real.parent):
        try:
            if (folder / "removable").read_text(encoding="ascii").strip() == "1":
                return True
        except OSError:
            continue
    return "/usb" in str(real)


def _drive(path: Path, name: str) -> Drive:
    try:
        free = shutil.disk_usage(path).free
    except OSError:
        free = 0
    return Drive(path, name, free)


def is_removable(folder: Path) -> bool:
    """Whether a folder lies on one of the drives that can be pulled out."""
    place = folder.absolute()
    return any(drive.path == place or drive.path in place.parents for drive in drives())


def safe_name(name: str) -> str:
    """A file name that FAT32 and Windows take: no forbidden signs, no dot or blank at its end, not too long."""
    plain = "".join("_" if sign in _FORBIDDEN or ord(sign) < 32 else sign for sign in name)
    return plain[:_LONGEST_NAME].strip(" .") or "小保"


def free_target(folder: Path, stem: str, suffix: str) -> Path:
    """A file that is not there yet: ``stem.suffix``, else ``stem（2）.suffix`` and so on.

    Raises:
        TargetRefused: the folder cannot be looked at.
    """
    number = 1
    while True:
        tail = "" if number == 1 else f"（{number}）"
        target = folder / f"{safe_name(stem)}{tail}{suffix}"
        try:
            if not target.exists():
                return target
        except OSError as error:
            raise explain(error, target) from error
        number += 1


def check_room(folder: Path, file: str, size: int) -> None:
    """Refuse before the first byte is written.

    Raises:
        StickTooSmall, FileTooLargeForStick: as their names say.
        TargetRefused: the folder is not there, or cannot be asked.
    """
    if size > FAT32_LARGEST:
        raise FileTooLargeForStick(file=file)
    try:
        free = shutil.disk_usage(folder).free
    except OSError as error:
        raise explain(error, folder / file) from error
    if free < size + SPARE:
        needed, left = -(-(size + SPARE) // _MEGABYTE), free // _MEGABYTE
        raise StickTooSmall(file=file, folder=str(folder), needed=needed, free=left)


def _never() -> bool:
    return False


def write_proven(
    target: Path,
    content: bytes,
    *,
    told: Told | None = None,
    cancelled: Callable[[], bool] = _never,
    ready: Callable[[], None] | None = None,
) -> str:
    """Write a file that counts only when the device gave back what was to be written; returns its SHA-256.

    Args:
        target: the file; an existing one is left as it was until the new one is proven. Its folder must exist: where a
            stick was, no folder is made on the disk below.
        content: its bytes.
        told: hears how far it is.
        cancelled: asked between the pieces; True ends without a trace.
        ready: called when all is proven, before the file gets its name.

    Raises:
        TargetRefused: one of its kinds, :class:`WritingCancelled` among them; nothing of the file is left.
    """
    digest = hashlib.sha256(content).hexdigest()
    # What an earlier cut left behind takes room that this file may need.
    left_over = target.with_name(target.name + PART_SUFFIX)
    try:
        left_over.unlink(missing_ok=True)
    except OSError as error:
        raise explain(error, target) from error
    check_room(target.parent, target.name, len(content))

    def write(stream: BinaryIO) -> None:
        for start in range(0, len(content), CHUNK):
            if cancelled():
                raise WritingCancelled(file=target.name)
            stream.write(content[start : start + CHUNK])
            if told is not None:
                told(min(start + CHUNK, len(content)), len(content))
        if cancelled():
            raise WritingCancelled(file=target.name)

    write_atomically(target, write, expected=digest, ready=ready)
    return digest
