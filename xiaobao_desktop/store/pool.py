"""The files of the attachments: encrypted, named by what they hold, each content stored once.

A file lies in ``<folder>/ab/<content id>.bin``. The content id is an HMAC-SHA256 of the bytes under a key of the book:
it finds equal files and says nothing about them to anybody else. Layout: magic, random 7-byte nonce prefix, then
chunks of 1 MiB under AES-256-GCM with a key of their own per content; the nonce is prefix, chunk number and a mark on
the last chunk, so that chunks can be neither swapped nor cut off.
"""

from __future__ import annotations

import hmac
import shutil
from collections.abc import Callable, Iterable, Set
from functools import partial
from pathlib import Path
from secrets import token_bytes
from typing import BinaryIO, Final, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from xiaobao_desktop.files import ensure_folder, write_atomically
from xiaobao_desktop.store.errors import AttachmentDamaged, AttachmentMissing, BackupStopped
from xiaobao_desktop.store.subkeys import derive

_MAGIC: Final = b"XBA1"
_PREFIX_BYTES: Final = 7
_CHUNK: Final = 1024 * 1024
_TAG: Final = 16
_SUFFIX: Final = ".bin"


class Taken(NamedTuple):
    """What bringing files into a pool came to: how many were copied, and which content ids were not to be had."""

    copied: int
    missing: tuple[str, ...]


class Pool:
    """The pool in one folder; the folder is made with the first file."""

    def __init__(self, folder: Path, data_key: bytes) -> None:
        """Take the pool in ``folder`` of the book with this key."""
        self.folder, self._data_key = folder, data_key
        self._name_key = derive(data_key, "xiaobao attachment names")
        self._content_key = derive(data_key, "xiaobao attachment contents")

    def forget(self) -> None:
        """Forget the keys; nothing can be put or read any more."""
        self._data_key = self._name_key = self._content_key = b""

    def content_id(self, data: bytes) -> str:
        """The name of a content: 64 hexadecimal digits."""
        return hmac.digest(self._name_key, data, "sha256").hex()

    def put(self, data: bytes) -> str:
        """Keep a content and return its id; nothing is written when it is there already and sound.

        Raises:
            TargetRefused: the folder cannot be written, or the disk is full.
        """
        content = self.content_id(data)
        if not self._is_sound(content):
            target = self.path(content)
            ensure_folder(target.parent)
            write_atomically(target, lambda stream: self._encrypt(stream, content, data))
        return content

    def read(self, content: str, name: str) -> bytes:
        """The content of an id; ``name`` stands in the message when it cannot be read.

        Raises:
            AttachmentMissing: there is no such file.
            AttachmentDamaged: it is not what was put in, or the disk does not give it.
        """
        try:
            raw = self.path(content).read_bytes()
        except FileNotFoundError as error:
            raise AttachmentMissing(name=name) from error
        except OSError as error:
            raise AttachmentDamaged(name=name) from error
        try:
            data = self._decrypt(content, raw)
        except (InvalidTag, ValueError) as error:
            raise AttachmentDamaged(name=name) from error
        if not hmac.compare_digest(self.content_id(data), content):
            raise AttachmentDamaged(name=name)
        return data

    def contents(self) -> set[str]:
        """Ids of all files in the pool."""
        return {path.stem for path in self.folder.glob(f"??/*{_SUFFIX}")}

    def copy_to(self, folder: Path, wanted: Set[str], stop: Callable[[], bool] = lambda: False) -> int:
        """Copy the files of the given ids that ``folder`` lacks, each read back and compared; how many were copied.

        A file missing here is left out: the full check of the book names it, the backup of the rest goes on.

        Raises:
            TargetRefused: the folder cannot be written.
            BackupStopped: ``stop``, asked before each file, said so; what was copied stays.
        """
        copied = 0
        for content in sorted(wanted):
            if stop():
                raise BackupStopped
            source, target = self.path(content), _path(folder, content)
            if not source.is_file() or _same_size(source, target):
                continue
            ensure_folder(target.parent)
            write_atomically(target, partial(_copy, source), verify=True)
            copied += 1
        return copied

    def take_from(self, folders: tuple[Path, ...], wanted: set[str]) -> Taken:
        """Bring the files of the given ids in from other folders, each proven by its key and its name.

        Raises:
            TargetRefused: the own folder cannot be written.
        """
        others = [Pool(folder, self._data_key) for folder in folders]
        copied, missing = 0, []
        for content in sorted(wanted):
            if self._is_sound(content):
                continue
            found = next((pool for pool in others if pool._is_sound(content)), None)
            if found is None:
                missing.append(content)
                continue
            self.put(found.read(content, content))
            copied += 1
        return Taken(copied, tuple(missing))

    def remove(self, wanted: Iterable[str]) -> set[str]:
        """Delete the files of the given ids; the ids whose files are still there, because they could not be deleted."""
        left = set()
        for content in wanted:
            try:
                self.path(content).unlink(missing_ok=True)
            except OSError:
                left.add(content)
        return left

    def path(self, content: str) -> Path:
        """Where the file of an id lies."""
        return _path(self.folder, content)

    def _is_sound(self, content: str) -> bool:
        if not self.path(content).is_file():
            return False
        try:
            self.read(content, content)
        except (AttachmentMissing, AttachmentDamaged):
            return False
        return True

    def _encrypt(self, stream: BinaryIO, content: str, data: bytes) -> None:
        cipher, prefix = self._cipher(content), token_bytes(_PREFIX_BYTES)
        stream.write(_MAGIC + prefix)
        starts = range(0, max(len(data), 1), _CHUNK)
        for number, start in enumerate(starts):
            nonce = _nonce(prefix, number, last=number == len(starts) - 1)
            stream.write(cipher.encrypt(nonce, data[start : start + _CHUNK], content.encode()))

    def _decrypt(self, content: str, raw: bytes) -> bytes:
        """Raises InvalidTag or ValueError for what is not the file of the id."""
        head = len(_MAGIC) + _PREFIX_BYTES
        if raw[: len(_MAGIC)] != _MAGIC or len(raw) < head + _TAG:
            raise ValueError("no attachment")
        cipher, prefix = self._cipher(content), raw[len(_MAGIC) : head]
        starts = range(head, len(raw), _CHUNK + _TAG)
        return b"".join(
            cipher.decrypt(
                _nonce(prefix, number, last=number == len(starts) - 1),
                raw[start : start + _CHUNK + _TAG],
                content.encode(),
            )
            for number, start in enumerate(starts)
        )

    def _cipher(self, content: str) -> AESGCM:
        return AESGCM(hmac.digest(self._content_key, content.encode(), "sha256"))


def _path(folder: Path, content: str) -> Path:
    return folder / content[:2] / f"{content}{_SUFFIX}"


def _nonce(prefix: bytes, number: int, *, last: bool) -> bytes:
    return prefix + number.to_bytes(4, "big") + (b"\x01" if last else b"\x00")


def _copy(source: Path, stream: BinaryIO) -> None:
    with source.open("rb") as raw:
        shutil.copyfileobj(raw, stream, _CHUNK)


def _same_size(source: Path, target: Path) -> bool:
    return target.is_file() and target.stat().st_size == source.stat().st_size
