"""The backup file: an uncompressed zip of the book, its key slots and a manifest, with a seal over every byte.

The seal is the SHA-256 of everything before it; it stands in the zip's own comment, at the very end, so that any zip
program opens the file and one flipped bit anywhere is noticed.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO, NamedTuple

from xiaobao_desktop.files import said
from xiaobao_desktop.store import keyslots
from xiaobao_desktop.store.errors import BackupDamaged, BackupMissing, KeyFileDamaged
from xiaobao_desktop.store.history import Anchor
from xiaobao_desktop.store.layout import BOOK_FILE, KEY_FILE

FORMAT = 1
MANIFEST = "manifest.json"
PARTS = (KEY_FILE, BOOK_FILE)
TEXTS = "texts.bin"
"""The bank's own texts of reports (``own_texts.py``); only in backups of books that have some."""
_SEAL_MARK = b"xiaobao sha256 "
_SEAL_DIGITS = 64
_CHUNK = 1024 * 1024
_UNREADABLE = (OSError, zipfile.BadZipFile, KeyError, ValueError, TypeError, NotImplementedError)
_NO_BACKUP = "它读不出来，或者不是小保的备份文件"


@dataclass(frozen=True)
class Manifest:
    """What a backup holds.

    Attributes:
        made_at: ISO moment.
        schema: schema version of the book.
        anchor: end of its history.
        counts: rows by table.
        sha256: by name of the part.
    """

    made_at: str
    schema: int
    anchor: Anchor
    counts: Mapping[str, int]
    sha256: Mapping[str, str]


class _Sealing:
    """Passes bytes on and hashes all but the last 64, which the seal will take the place of."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._digest = hashlib.sha256()
        self._held = b""

    def write(self, data: bytes) -> int:
        self._held += bytes(data)
        self._pass_on(len(self._held) - _SEAL_DIGITS)
        return len(data)

    def flush(self) -> None:
        """Nothing is kept back but the place of the seal."""

    def seal(self) -> None:
        """Write the seal instead of the 64 bytes held back."""
        self._stream.write(self._digest.hexdigest().encode("ascii"))

    def _pass_on(self, size: int) -> None:
        if size > 0:
            self._digest.update(self._held[:size])
            self._stream.write(self._held[:size])
            self._held = self._held[size:]


def write(
    stream: BinaryIO, manifest: Manifest, keys: bytes, book: Path, at: datetime, texts: bytes | None = None
) -> None:
    """Write the container.

    Args:
        stream: open for writing, at its beginning.
        manifest: of the parts.
        keys: content of the key file.
        book: the finished, closed copy of the book.
        at: moment shown on the entries.
        texts: the bank's own texts of reports, sealed; None for none.
    """
    sealing = _Sealing(stream)
    # zipfile writes straight through to a target that cannot seek.
    with zipfile.ZipFile(sealing, "w", zipfile.ZIP_STORED) as archive:  # type: ignore[call-overload]
        archive.comment = _SEAL_MARK + b"0" * _SEAL_DIGITS
        end = {"sequence": manifest.anchor.sequence, "mac16": manifest.anchor.mac16}
        body = {"format": FORMAT, **asdict(manifest), "anchor": end}
        archive.writestr(_entry(MANIFEST, at), json.dumps(body, ensure_ascii=False, indent=1))
        archive.writestr(_entry(KEY_FILE, at), keys)
        with book.open("rb") as source, archive.open(_entry(BOOK_FILE, at), "w", force_zip64=True) as target:
            shutil.copyfileobj(source, target, _CHUNK)
        if texts is not None:
            archive.writestr(_entry(TEXTS, at), texts)
    sealing.seal()


def read(path: Path) -> Manifest:
    """Check the seal over the whole file and return its manifest.

    Raises:
        BackupMissing: there is no such file.
        BackupDamaged: it is no backup, or not every byte is as it was written.
    """
    if not path.is_file():
        raise BackupMissing(file=path)
    try:
        _check_seal(path)
        with zipfile.ZipFile(path) as archive:
            return _manifest(path, archive)
    except _UNREADABLE as error:
        raise BackupDamaged(file=path, reason=_NO_BACKUP) from error


def _manifest(path: Path, archive: zipfile.ZipFile) -> Manifest:
    body: dict[str, Any] = json.loads(archive.read(MANIFEST))
    if body["format"] != FORMAT:
        raise BackupDamaged(file=path, reason="它由更新版本的小保做成，请先升级小保")
    return Manifest(body["made_at"], body["schema"], Anchor(**body["anchor"]), body["counts"], body["sha256"])


class Glance(NamedTuple):
    """What a backup says of itself: manifest and key file, neither checked against the seal."""

    manifest: Manifest
    keys: bytes


def glance(path: Path) -> Glance:
    """The two small parts of a backup, read without going through the whole file; for lists.

    Raises:
        BackupMissing: there is no such file.
        BackupDamaged: it is no backup, or of a newer program.
    """
    if not path.is_file():
        raise BackupMissing(file=path)
    try:
        with zipfile.ZipFile(path) as archive:
            return Glance(_manifest(path, archive), archive.read(KEY_FILE))
    except _UNREADABLE as error:
        raise BackupDamaged(file=path, reason=_NO_BACKUP) from error


def needs_password(path: Path) -> bool:
    """Whether the book of a backup asks for a password; the seal is checked when it is restored.

    Raises:
        BackupMissing, BackupDamaged: the file is gone, or no backup.
    """
    keys = glance(path).keys
    with TemporaryDirectory() as folder:
        file = Path(folder) / KEY_FILE
        file.write_bytes(keys)
        try:
            return keyslots.needs_password(file)
        except KeyFileDamaged as error:
            raise BackupDamaged(file=path, reason=_NO_BACKUP) from error


def sha256_of_bytes(data: bytes) -> str:
    """SHA-256 in 64 hexadecimal digits, as the manifest has it."""
    return hashlib.sha256(data).hexdigest()


def extract(path: Path, manifest: Manifest, folder: Path) -> None:
    """Unpack the two parts into ``folder``, each compared with the manifest.

    Raises:
        BackupDamaged: a part is missing or differs.
        OSError: the folder cannot be written.
    """
    with zipfile.ZipFile(path) as archive:
        for name in PARTS:
            digest = hashlib.sha256()
            with archive.open(name) as source, (folder / name).open("wb") as target:
                while chunk := source.read(_CHUNK):
                    digest.update(chunk)
                    target.write(chunk)
            if digest.hexdigest() != manifest.sha256[name]:
                raise BackupDamaged(file=path, reason=f"里面的{said(folder / name)}和清单不一致")


def texts(path: Path, manifest: Manifest) -> bytes | None:
    """The bank's own texts of reports as they were sealed, None when the backup has none.

    Raises:
        BackupDamaged: they are not what the manifest says.
    """
    if TEXTS not in manifest.sha256:
        return None
    with zipfile.ZipFile(path) as archive:
        found = archive.read(TEXTS)
    if sha256_of_bytes(found) != manifest.sha256[TEXTS]:
        raise BackupDamaged(file=path, reason="里面的报表文字和清单不一致")
    return found


def _check_seal(path: Path) -> None:
    size = path.stat().st_size
    with path.open("rb") as stream:
        digest, left = hashlib.sha256(), size - _SEAL_DIGITS
        tail = b""
        while left > 0 and (chunk := stream.read(min(_CHUNK, left))):
            digest.update(chunk)
            left -= len(chunk)
            tail = (tail + chunk)[-len(_SEAL_MARK) :]
        seal = stream.read()
    if tail != _SEAL_MARK:
        raise BackupDamaged(file=path, reason="它不是小保的备份文件，或者没有写完")
    if seal != digest.hexdigest().encode("ascii"):
        raise BackupDamaged(file=path, reason="内容和做备份时不一样，文件坏了")


def _entry(name: str, at: datetime) -> zipfile.ZipInfo:
    return zipfile.ZipInfo(name, at.timetuple()[:6])
