"""报送包: the files of a period in one zip with a manifest of their SHA-256; with a passphrase inside an AES-256 zip.

A plain zip, so that whoever receives it needs no program of ours. The encrypted one holds the whole package as its
only entry: a zip shows its file names to anybody. The manifest is JSON; a newer package of the same origin and period
has a higher anchor.
"""

# ruff: noqa: D415 - the docstrings of the errors are the sentences shown to the officer

from __future__ import annotations

import hashlib
import io
import json
import secrets
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

from xiaobao_desktop.errors import UserError

FORMAT: Final = "xiaobao-package"
FORMAT_VERSION: Final = 1
MANIFEST, INNER, SUFFIX = "manifest.json", "报送包.zip", ".zip"
DIGITS, GROUP = 24, 4
"""The passphrase that the program makes: 80 bits; it is shown in groups and typed without blanks."""
SHORTEST_PASSPHRASE: Final = 12
_CHUNK: Final = 1024 * 1024
_LARGEST: Final = 2 * 1024**3
_MOST_FILES: Final = 1000
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


class PassphraseUnfit(UserError):
    """口令不合要求：{reason}。请改好再试，或不写口令，由程序来定。"""


class PackageUnreadable(UserError):
    """“{file}”不是完好的报送包：{reason}。请重新导出一份，旧的不要用。"""


class PackageLocked(UserError):
    """“{file}”是加密的报送包，核对里面的内容要口令。请填上口令再核对。"""


class PackagePassphraseWrong(UserError):
    """口令不对，“{file}”没有打开。请向导出的人核对 24 位数字，连着输，不用空格。"""


class PackedFile(NamedTuple):
    """A file of a package.

    Attributes:
        name: with its ending, unique in the package.
        content: its bytes.
        kind: ``ledger`` (records as a table) or ``report``.
        about: key of the ledger, name of the report.
        title: Chinese.
        rows: number of records, None where it has none.
    """

    name: str
    content: bytes
    kind: str
    about: str
    title: str
    rows: int | None = None


@dataclass(frozen=True)
class PackageFacts:
    """What the manifest says of the whole package.

    Attributes:
        origin: sign of the book it comes from; the same in every package of that book.
        bank: full name.
        period: as on the command line (2026-10).
        period_title: in Chinese.
        masked: personal data is hidden.
        program: name and version.
        made_at: with the offset of the clock.
        made_by: real name.
        recipient: for whom.
        purpose: what for.
        reason: why unmasked, "" for a masked one.
        approver: who agreed to it.
        anchor: (sequence, first 16 hex digits) where the history of the book stood.
    """

    origin: str
    bank: str
    period: str
    period_title: str
    masked: bool
    program: str
    made_at: datetime
    made_by: str
    recipient: str
    purpose: str
    reason: str
    approver: str
    anchor: tuple[int, str]


class Finding(NamedTuple):
    """One line of a check: whether it is right, what was looked at, what was found."""

    ok: bool
    what: str
    detail: str = ""


@dataclass(frozen=True)
class Checked:
    """A package that was looked at: what its manifest says, and one finding a file."""

    manifest: Mapping[str, Any]
    findings: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        """Whether everything is as it was written."""
        return all(item.ok for item in self.findings)


def new_passphrase() -> str:
    """24 random digits."""
    return "".join(secrets.choice("0123456789") for _ in range(DIGITS))


def grouped(passphrase: str) -> str:
    """A passphrase of digits as it is read out: in groups of four."""
    if not passphrase.isdigit():
        return passphrase
    return " ".join(passphrase[start : start + GROUP] for start in range(0, len(passphrase), GROUP))


def typed(text: str) -> str:
    """A passphrase as typed: without the blanks and dashes of one that was read out in groups."""
    bare = "".join(text.split()).replace("-", "")
    return bare if bare.isdigit() and bare.isascii() else text.strip()


def check_passphrase(text: str) -> None:
    """Refuse a passphrase of the officer's own that is too weak, or that not every unpacker can be given.

    Raises:
        PassphraseUnfit: says why.
    """
    if len(text) < SHORTEST_PASSPHRASE:
        raise PassphraseUnfit(reason=f"只有 {len(text)} 位，至少要 {SHORTEST_PASSPHRASE} 位")
    if not text.isascii() or not text.isprintable():
        raise PassphraseUnfit(reason="只能用英文字母、数字和常见符号")
    if len(set(text)) < 4:
        raise PassphraseUnfit(reason="重复的字符太多")


def manifest_of(files: Sequence[PackedFile], facts: PackageFacts) -> dict[str, Any]:
    """The manifest as JSON values."""
    listed = [
        {
            "name": item.name,
            "kind": item.kind,
            "about": item.about,
            "title": item.title,
            "rows": item.rows,
            "size": len(item.content),
            "sha256": hashlib.sha256(item.content).hexdigest(),
        }
        for item in files
    ]
    return {
        "format": FORMAT,
        "version": FORMAT_VERSION,
        "origin": facts.origin,
        "bank": facts.bank,
        "period": facts.period,
        "period_title": facts.period_title,
        "masked": facts.masked,
        "program": facts.program,
        "made_at": facts.made_at.isoformat(timespec="seconds"),
        "made_by": facts.made_by,
        "recipient": facts.recipient,
        "purpose": facts.purpose,
        "reason": facts.reason,
        "approver": facts.approver,
        "anchor": {"sequence": facts.anchor[0], "mac16": facts.anchor[1]},
        "files": listed,
    }


def build(files: Sequence[PackedFile], facts: PackageFacts, passphrase: str = "") -> bytes:
    """The bytes of a package; with a passphrase encrypted."""
    manifest = json.dumps(manifest_of(files, facts), ensure_ascii=False, indent=2).encode()
    made_at = facts.made_at.timetuple()[:6]
    plain = _zipped([(MANIFEST, manifest), *((item.name, item.content) for item in files)], made_at)
    return _locked(plain, passphrase) if passphrase else plain


def _zipped(entries: Sequence[tuple[str, bytes]], made_at: tuple[int, ...]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in entries:
            info = zipfile.ZipInfo(name, (made_at[0], made_at[1], made_at[2], made_at[3], made_at[4], made_at[5]))
            info.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(info, content)
    return buffer.getvalue()


def _locked(plain: bytes, passphrase: str) -> bytes:
    import pyzipper

    buffer = io.BytesIO()
    with pyzipper.AESZipFile(buffer, "w", compression=pyzipper.ZIP_STORED, encryption=pyzipper.WZ_AES) as outer:
        outer.setpassword(passphrase.encode("ascii"))
        outer.writestr(INNER, plain)
    return buffer.getvalue()


def is_locked(path: Path) -> bool:
    """Whether a package asks for a passphrase.

    Raises:
        PackageUnreadable: it is no zip.
    """
    try:
        with zipfile.ZipFile(path) as packed:
            return any(info.flag_bits & 1 for info in packed.infolist())
    except _DAMAGED as error:
        raise PackageUnreadable(file=path.name, reason=_why(error)) from error


def check(path: Path, passphrase: str = "") -> Checked:
    """Read a whole package and compare every file with the manifest.

    Args:
        path: the package.
        passphrase: of an encrypted one.

    Raises:
        PackageLocked: a passphrase is needed.
        PackagePassphraseWrong: it is another one.
        PackageUnreadable: no package, or one that was cut off.
    """
    locked = is_locked(path)
    if locked and not passphrase:
        raise PackageLocked(file=path.name)
    try:
        if not locked:
            with zipfile.ZipFile(path) as packed:
                return _checked(packed, path.name)
        with zipfile.ZipFile(io.BytesIO(_unlocked(path, typed(passphrase)))) as packed:
            return _checked(packed, path.name)
    except _DAMAGED as error:
        raise PackageUnreadable(file=path.name, reason=_why(error)) from error


def _unlocked(path: Path, passphrase: str) -> bytes:
    import pyzipper

    with pyzipper.AESZipFile(path) as outer:
        outer.setpassword(passphrase.encode("utf-8"))
        try:
            content: bytes = outer.read(INNER)
        except RuntimeError as error:
            # pyzipper says so for a wrong passphrase.
            raise PackagePassphraseWrong(file=path.name) from error
    return content


def _checked(packed: zipfile.ZipFile, file: str) -> Checked:
    infos = {info.filename: info for info in packed.infolist()}
    if MANIFEST not in infos:
        raise PackageUnreadable(file=file, reason="里面没有清单 manifest.json")
    if len(infos) > _MOST_FILES or sum(info.file_size for info in infos.values()) > _LARGEST:
        raise PackageUnreadable(file=file, reason="里面的文件太多或太大")
    manifest = json.loads(packed.read(MANIFEST))
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise PackageUnreadable(file=file, reason="清单不是小保写的")
    if not all(key in manifest for key in _TOLD):
        raise PackageUnreadable(file=file, reason="清单不完整")
    if int(manifest["version"]) > FORMAT_VERSION:
        raise PackageUnreadable(file=file, reason="它由更新版本的小保写成，请先升级小保")
    listed = {str(item["name"]): item for item in manifest["files"]}
    findings = [_compared(packed, name, item) if name in infos else _missing(name) for name, item in listed.items()]
    strangers = sorted(infos.keys() - listed.keys() - {MANIFEST})
    findings += [Finding(False, name, "清单里没有这个文件，不是导出时放的") for name in strangers]
    return Checked(manifest, tuple(findings))


def _compared(packed: zipfile.ZipFile, name: str, listed: Mapping[str, Any]) -> Finding:
    digest = hashlib.sha256()
    try:
        with packed.open(name) as stream:
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
