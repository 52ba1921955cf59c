"""A 报送包 that came back or came in: opened wherever it lies, every file compared with its manifest."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Final, NamedTuple, Protocol

from xiaobao_desktop.exchange.package import (
    FORMAT,
    FORMAT_VERSION,
    INNER,
    MANIFEST,
    PackageLocked,
    PackagePassphraseWrong,
    PackageUnreadable,
    typed,
)

_CHUNK: Final = 1024 * 1024
_LARGEST: Final = 2 * 1024**3
_MOST_FILES: Final = 20_000
_TOO_LARGE = "里面的文件太多或太大"
_TOLD = ("origin", "bank", "period", "period_title", "masked", "made_at", "made_by", "anchor", "files", "version")
"""What every manifest says."""
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    OSError,
    ValueError,
    KeyError,
    TypeError,
    RuntimeError,
)


class Finding(NamedTuple):
    """One line of a check: whether it is right, what was looked at, what was found."""

    ok: bool
    what: str
    detail: str = ""


class PackedTogether(Protocol):
    """The files of a package, in a zip or in a folder."""

    def sizes(self) -> Mapping[str, int]:
        """Bytes of each file by its name in the package."""

    def open(self, name: str) -> IO[bytes]:
        """A file to read from."""


@dataclass(frozen=True)
class Checked:
    """A package that was looked at: what its manifest says, and one finding a file."""

    manifest: Mapping[str, Any]
    findings: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        """Whether everything is as it was written."""
        return all(item.ok for item in self.findings)


def generation_of(manifest: Mapping[str, Any]) -> str:
    """What orders the packages of one origin: the moment in UTC, then where the history of the book stood.

    A book that was restored goes on from an earlier end of its history; so the moment comes first.
    """
    made_at = datetime.fromisoformat(str(manifest["made_at"])).astimezone(UTC)
    return f"{made_at:%Y-%m-%dT%H:%M:%SZ} {int(manifest['anchor']['sequence']):010d}"


def is_locked(path: Path) -> bool:
    """Whether a package asks for a passphrase.

    Raises:
        PackageUnreadable: it is no zip and no folder with a manifest.
    """
    if path.is_dir():
        return False
    try:
        with zipfile.ZipFile(path) as packed:
            return any(info.flag_bits & 1 for info in packed.infolist())
    except _DAMAGED as error:
        raise PackageUnreadable(file=path.name, reason=_why(error)) from error


def fits(path: Path, passphrase: str) -> bool:
    """Whether a passphrase opens an encrypted package.

    Raises:
        PackageUnreadable: it is damaged.
    """
    import pyzipper

    try:
        with pyzipper.AESZipFile(path) as outer:
            outer.setpassword(typed(passphrase).encode("utf-8"))
            with outer.open(INNER) as stream:
                stream.read(1)
    except RuntimeError:
        return False
    except (*_DAMAGED, pyzipper.BadZipFile) as error:
        raise PackageUnreadable(file=path.name, reason=_why(error)) from error
    return True


def check(path: Path, passphrase: str = "") -> Checked:
    """Read a whole package and compare every file with the manifest; errors as in :func:`opened`."""
    with opened(path, passphrase) as package:
        return package.checked


@dataclass(frozen=True)
class Opened:
    """A package that is open and was compared with its manifest.

    Attributes:
        file: its name, for messages.
        checked: what was found.
        digest: SHA-256 of the manifest, which has that of every file: the same for the same content in any container.
        source: its files.
    """

    file: str
    checked: Checked
    digest: str
    source: PackedTogether

    def first(self, kind: str) -> str:
        """Name of the first file of a kind, "" when there is none."""
        return next((str(item["name"]) for item in self.checked.manifest["files"] if item.get("kind") == kind), "")

    def read(self, name: str) -> bytes:
        """The content of a file.

        Raises:
            PackageUnreadable: it cannot be read any more, or is no file of the package.
        """
        if all(item["name"] != name for item in self.checked.manifest["files"]):
            raise PackageUnreadable(file=self.file, reason=f"里面没有“{name}”")
        try:
            with self.source.open(name) as stream:
                return stream.read()
        except _DAMAGED as error:
            raise PackageUnreadable(file=self.file, reason=_why(error)) from error


@contextmanager
def opened(path: Path, passphrase: str = "") -> Iterator[Opened]:
    """A package open for reading, every file of it compared with the manifest.

    Args:
        path: the zip or folder.
        passphrase: of an encrypted one.

    Raises:
        PackageLocked: a passphrase is needed.
        PackagePassphraseWrong: it is another one.
        PackageUnreadable: no package, or one that was cut off.
    """
    if is_locked(path) and not passphrase:
        raise PackageLocked(file=path.name)
    with ExitStack() as stack:
        try:
            source = _source(path, passphrase, stack)
            checked, digest = _checked(source, path.name)
        except _DAMAGED as error:
            raise PackageUnreadable(file=path.name, reason=_why(error)) from error
        yield Opened(path.name, checked, digest, source)


class _Zip:
    """The files of a package in a zip."""

    def __init__(self, packed: zipfile.ZipFile) -> None:
        self._packed = packed

    def sizes(self) -> Mapping[str, int]:
        """Bytes of each file by its name."""
        return {info.filename: info.file_size for info in self._packed.infolist() if not info.is_dir()}

    def open(self, name: str) -> IO[bytes]:
        """A file to read from."""
        return self._packed.open(name)


class _Folder:
    """The files of a package that was unpacked."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def sizes(self) -> Mapping[str, int]:
        """Bytes of each file by its name."""
        files = (path for path in self._folder.rglob("*") if path.is_file() and not path.is_symlink())
        return {path.relative_to(self._folder).as_posix(): path.stat().st_size for path in files}

    def open(self, name: str) -> IO[bytes]:
        """A file to read from."""
        return (self._folder / name).open("rb")


def _source(path: Path, passphrase: str, stack: ExitStack) -> PackedTogether:
    if path.is_dir():
        return _Folder(path)
    if not is_locked(path):
        return _Zip(stack.enter_context(zipfile.ZipFile(path)))
    inner = io.BytesIO(_unlocked(path, typed(passphrase)))
    return _Zip(stack.enter_context(zipfile.ZipFile(inner)))


def _unlocked(path: Path, passphrase: str) -> bytes:
    import pyzipper

    with pyzipper.AESZipFile(path) as outer:
        if sum(info.file_size for info in outer.infolist()) > _LARGEST:
            raise PackageUnreadable(file=path.name, reason=_TOO_LARGE)
        outer.setpassword(passphrase.encode("utf-8"))
        try:
            content: bytes = outer.read(INNER)
        except pyzipper.BadZipFile as error:
            # A class of its own: what stands there is not what was encrypted with this passphrase.
            raise PackageUnreadable(file=path.name, reason=_why(zipfile.BadZipFile())) from error
        except RuntimeError as error:
            # pyzipper says so for a wrong passphrase.
            raise PackagePassphraseWrong(file=path.name) from error
    return content


def _checked(source: PackedTogether, file: str) -> tuple[Checked, str]:
    sizes = source.sizes()
    if MANIFEST not in sizes:
        raise PackageUnreadable(file=file, reason="里面没有清单 manifest.json")
    if len(sizes) > _MOST_FILES or sum(sizes.values()) > _LARGEST:
        raise PackageUnreadable(file=file, reason=_TOO_LARGE)
    with source.open(MANIFEST) as stream:
        content = stream.read()
    manifest = json.loads(content)
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise PackageUnreadable(file=file, reason="清单不是小保写的")
    if not all(key in manifest for key in _TOLD):
        raise PackageUnreadable(file=file, reason="清单不完整")
    if int(manifest["version"]) > FORMAT_VERSION:
        raise PackageUnreadable(file=file, reason="它由更新版本的小保写成，请先升级小保")
    listed = {str(item["name"]): item for item in manifest["files"]}
    findings = [_compared(source, name, item) if name in sizes else _missing(name) for name, item in listed.items()]
    strangers = sorted(sizes.keys() - listed.keys() - {MANIFEST})
    findings += [Finding(False, name, "清单里没有这个文件，不是导出时放的") for name in strangers]
    return Checked(manifest, tuple(findings)), hashlib.sha256(content).hexdigest()


def _compared(source: PackedTogether, name: str, listed: Mapping[str, Any]) -> Finding:
    digest = hashlib.sha256()
    try:
        with source.open(name) as stream:
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
    except _DAMAGED:
        return Finding(False, name, "读不出来，文件有损坏")
    right = digest.hexdigest() == listed["sha256"]
    rows = f"{listed['rows']} 条，" if listed.get("rows") is not None else ""
    return Finding(right, name, f"{rows}SHA-256 一致" if right else "内容和导出时不一样")


def _missing(name: str) -> Finding:
    return Finding(False, name, "清单里有，包里没有")


def _why(error: BaseException) -> str:
    if isinstance(error, FileNotFoundError):
        return "找不到这个文件，U 盘可能已经拔出"
    if isinstance(error, OSError) and not isinstance(error, zipfile.BadZipFile):
        return "读不出来，可能 U 盘已经拔出，或文件正被别的程序打开"
    return "文件不完整或有损坏"
