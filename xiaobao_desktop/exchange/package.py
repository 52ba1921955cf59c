"""报送包: the files of a period in one zip with a manifest of their SHA-256; with a passphrase inside an AES-256 zip.

A plain zip, so that whoever receives it needs no program of ours: Excel and PDF for people, and for a program that
consolidates one JSON file with all fields (``package_data.py``). ``.xbpack`` is the same zip under an ending that opens
this program. Unpacked into a folder it is still a package. The encrypted one holds the whole package as its only
entry: a zip shows its file names to anybody. The manifest is JSON; of two packages of the same origin and period the
one of the later ``package_reading.generation_of`` counts.
"""

# ruff: noqa: D415 - the docstrings of the errors are the sentences shown to the officer

from __future__ import annotations

import hashlib
import io
import json
import secrets
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

from xiaobao_desktop.errors import UserError

FORMAT: Final = "xiaobao-package"
FORMAT_VERSION: Final = 1
MANIFEST, INNER, SUFFIX = "manifest.json", "报送包.zip", ".zip"
PROGRAM_SUFFIX: Final = ".xbpack"
"""Ending of a package that a double click opens in this program."""
DATA, ATTACHMENT = "data", "attachment"
"""Kinds of files for programs: the records with all fields, the files that belong to them."""
DIGITS, GROUP = 24, 4
"""The passphrase that the program makes: 80 bits; it is shown in groups and typed without blanks."""
SHORTEST_PASSPHRASE: Final = 12
_PACKED_ALREADY: Final = (".jpg", ".jpeg", ".png", ".mp3", ".mp4")
"""Endings of files that deflating makes no smaller. Zips are packed all the same: a package that was cut off must not
be taken for the workbook in it."""


class PassphraseUnfit(UserError):
    """口令不合要求：{reason}。请改好再试，或不写口令，由程序来定。"""


class PackageUnreadable(UserError):
    """“{file}”不是完好的报送包：{reason}。请重新导出一份，旧的不要用。"""


class PackageLocked(UserError):
    """“{file}”是加密的报送包，要口令才能打开。请填上口令再试。"""


class PackagePassphraseWrong(UserError):
    """口令不对，“{file}”没有打开。请向导出的人核对 24 位数字，连着输，不用空格。"""


class PackedFile(NamedTuple):
    """A file of a package.

    Attributes:
        name: with its ending, unique in the package.
        content: its bytes.
        kind: ``ledger`` (records as a table), ``report``, :data:`DATA` or :data:`ATTACHMENT`.
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
            packs = not name.lower().endswith(_PACKED_ALREADY)
            info.compress_type = zipfile.ZIP_DEFLATED if packs else zipfile.ZIP_STORED
            packed.writestr(info, content)
    return buffer.getvalue()


def _locked(plain: bytes, passphrase: str) -> bytes:
    import pyzipper

    buffer = io.BytesIO()
    with pyzipper.AESZipFile(buffer, "w", compression=pyzipper.ZIP_STORED, encryption=pyzipper.WZ_AES) as outer:
        outer.setpassword(passphrase.encode("ascii"))
        outer.writestr(INNER, plain)
    return buffer.getvalue()
