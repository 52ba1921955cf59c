"""Zip files looked at before anything is unpacked: sizes, counts, passwords; then read piece by piece, counted."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from xiaobao_desktop.exchange.errors import FileEncrypted, FileHostile, FileTooLarge, FileUnreadable
from xiaobao_desktop.exchange.sheets import MEGABYTE, ReadLimits

_CHUNK = 256 * 1024
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError)


class Archive:
    """A zip file whose directory was found harmless. Use as a context manager."""

    def __init__(self, path: Path, limits: ReadLimits) -> None:
        """Open ``path`` and check its directory.

        Raises:
            FileUnreadable: no complete zip.
            FileTooLarge, FileHostile, FileEncrypted: see :class:`ReadLimits`.
        """
        self._file = path.name
        self._limits = limits
        self._left = limits.unpacked_bytes
        try:
            self._zip = zipfile.ZipFile(path)
        except _DAMAGED as error:
            raise FileUnreadable(file=self._file, reason="文件不完整，可能没有复制完或没有下载完") from error
        try:
            self._check_directory()
        except BaseException:
            self._zip.close()
            raise
        self.names = {info.filename.replace("\\", "/"): info for info in self._zip.infolist()}

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def _check_directory(self) -> None:
        entries, limits = self._zip.infolist(), self._limits
        if len(entries) > limits.entries:
            raise FileTooLarge(file=self._file, reason=f"里面有 {len(entries)} 个部件，最多读 {limits.entries} 个")
        if any(entry.flag_bits & 1 for entry in entries):
            raise FileEncrypted(file=self._file)
        unpacked = sum(entry.file_size for entry in entries)
        packed = sum(entry.compress_size for entry in entries)
        if unpacked > limits.ratio_from_bytes and unpacked > limits.ratio * max(packed, 1):
            raise FileHostile(file=self._file, reason=f"解开后是原来的 {unpacked // max(packed, 1)} 倍")
        if unpacked > limits.unpacked_bytes:
            raise FileTooLarge(
                file=self._file,
                reason=f"解开后有 {unpacked // MEGABYTE} MB，最多读 {limits.unpacked_bytes // MEGABYTE} MB",
            )

    def chunks(self, name: str) -> Iterator[bytes]:
        """The part ``name`` in pieces.

        Raises:
            FileUnreadable: the part is missing or damaged.
            FileTooLarge: more came out than the directory said.
        """
        info = self.names.get(name)
        if info is None:
            raise FileUnreadable(file=self._file, reason="文件里缺少一部分内容")
        try:
            with self._zip.open(info) as stream:
                while chunk := stream.read(_CHUNK):
                    self._left -= len(chunk)
                    if self._left < 0:
                        raise FileTooLarge(file=self._file, reason="解开后的内容比文件自己说的多")
                    yield chunk
        except _DAMAGED as error:
            raise FileUnreadable(file=self._file, reason="文件已损坏，有一部分读不出来") from error

    def size(self, name: str) -> int:
        """Bytes of the part ``name`` as the directory tells them."""
        return self.names[name].file_size

    def read(self, name: str) -> bytes:
        """The whole part ``name``; raises as :meth:`chunks`."""
        return b"".join(self.chunks(name))
