"""The part of a 报送包 for programs: whole records with all fields and child rows as JSON.

Values stand exactly as the book keeps them (days as ISO text, money in fen, ids of choices and codes). What has a
meaning in one book only is told so that another book can read it: a link by the number of its record, an entry of the
bank's own in a list by its name, a field of the bank's own by its label and kind.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from typing import Any, Final

from xiaobao_desktop.domain.denominators import ByYear, Denominators
from xiaobao_desktop.domain.fields import Field, Kind, Value

FORMAT: Final = "xiaobao-package-data"
FORMAT_VERSION: Final = 1
NAME: Final = "小保数据.json"
"""The file in the package."""
FOLDER: Final = "附件"
"""Where the files of records lie in the package."""
_LARGEST_INTEGER: Final = 2**63 - 1
_INTEGERS: Final = (Kind.INTEGER, Kind.MONEY, Kind.DECIMAL)

Packed = str | int | bool | list[str] | dict[str, str]
"""A value in JSON; a link is ``{"number": …}``, a reference to any record ``{"ledger": …, "number": …}``."""
LINKS: Final = (Kind.LINK, Kind.RECORD)
"""Kinds of fields whose values name another record."""


class DataUnreadable(ValueError):
    """The file is no data of a package; the text says why, in Chinese."""


@dataclass(frozen=True)
class PackedAttachment:
    """A file that belongs to a record.

    Attributes:
        file: its name in the package.
        name: as shown.
        sha256: of the bytes.
        media_type: e.g. image/jpeg.
        evidence: key of its kind.
        caption: words under a picture.
        row: (key of the child table, place of the row) it belongs to, None for the record itself.
        width: of a picture in pixels, else None.
        height: of a picture in pixels, else None.
    """

    file: str
    name: str
    sha256: str
    media_type: str
    evidence: str
    caption: str = ""
    row: tuple[str, int] | None = None
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True)
class PackedRecord:
    """A record: its number, values by field key, rows by child table, files. Empty values are left out."""

    number: str
    values: Mapping[str, Packed]
    children: Mapping[str, tuple[Mapping[str, Packed], ...]] = field(default_factory=dict)
    files: tuple[PackedAttachment, ...] = ()


@dataclass(frozen=True)
class PackedLedger:
    """Records of one ledger.

    Attributes:
        key: of the ledger.
        whole: all records of the period are here; otherwise only those that others link to.
        own_fields: fields of the bank's own: key -> (label, kind).
        records: in order of number.
    """

    key: str
    whole: bool
    own_fields: Mapping[str, tuple[str, str]]
    records: tuple[PackedRecord, ...]


@dataclass(frozen=True)
class PackageData:
    """Everything for programs.

    Attributes:
        ledgers: by key.
        choices: entries of lists and trees that only the sending book has, parents first, as ``put_choice`` takes them.
        with_files: the files of the records are here; without them nothing is said of files.
        denominators: the bank's 年度基数 of the years of the package; packages of older programs have none.
    """

    ledgers: Mapping[str, PackedLedger]
    choices: tuple[Mapping[str, Any], ...] = ()
    with_files: bool = False
    denominators: ByYear = field(default_factory=dict)


def dump(data: PackageData) -> bytes:
    """The data as a JSON file."""
    body = {
        "format": FORMAT,
        "version": FORMAT_VERSION,
        "with_files": data.with_files,
        "choices": list(data.choices),
        "denominators": {str(year): asdict(numbers) for year, numbers in data.denominators.items()},
        "ledgers": {key: _ledger_body(ledger) for key, ledger in data.ledgers.items()},
    }
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def _ledger_body(ledger: PackedLedger) -> dict[str, Any]:
    return {
        "whole": ledger.whole,
        "own_fields": {key: list(told) for key, told in ledger.own_fields.items()},
        "records": [
            {
                "number": record.number,
                "values": dict(record.values),
                "children": {key: [dict(row) for row in rows] for key, rows in record.children.items() if rows},
                "files": [vars(item) for item in record.files],
            }
            for record in ledger.records
        ],
    }


def load(content: bytes) -> PackageData:
    """The data of a JSON file, checked for its shape.

    Raises:
        DataUnreadable: it is none, or one of a newer program.
    """
    try:
        body = json.loads(content)
        if body["format"] != FORMAT:
            raise DataUnreadable("汇总数据不是小保写的")
        if int(body["version"]) > FORMAT_VERSION:
            raise DataUnreadable("它由更新版本的小保写成，请先升级小保")
        return PackageData(
            {str(key): _ledger(str(key), found) for key, found in body["ledgers"].items()},
            tuple({**row, "list_name": str(row["list_name"]), "id": str(row["id"])} for row in body["choices"]),
            bool(body["with_files"]),
            {int(year): _numbers(told) for year, told in body.get("denominators", {}).items()},
        )
    except DataUnreadable:
        raise
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise DataUnreadable("汇总数据的格式不对") from error


def _numbers(body: Mapping[str, Any]) -> Denominators:
    told = {item.name: body.get(item.name) for item in fields(Denominators)}
    if any(one is not None and not (type(one) is int and 0 <= one <= _LARGEST_INTEGER) for one in told.values()):
        raise DataUnreadable("汇总数据里的年度基数不对")
    return Denominators(**told)


def _ledger(key: str, body: Mapping[str, Any]) -> PackedLedger:
    own = {str(name): (str(told[0]), str(told[1])) for name, told in body["own_fields"].items()}
    return PackedLedger(key, bool(body["whole"]), own, tuple(map(_record, body["records"])))


def _record(body: Mapping[str, Any]) -> PackedRecord:
    if not isinstance(body["number"], str) or not body["number"] or not isinstance(body["values"], dict):
        raise DataUnreadable("汇总数据里有一条没有编号")
    children = {str(key): tuple(dict(row) for row in rows) for key, rows in body["children"].items()}
    return PackedRecord(body["number"], body["values"], children, tuple(map(_attachment, body["files"])))


def _attachment(body: Mapping[str, Any]) -> PackedAttachment:
    row, width, height = body["row"], body["width"], body["height"]
    return PackedAttachment(
        file=str(body["file"]),
        name=str(body["name"]),
        sha256=str(body["sha256"]),
        media_type=str(body["media_type"]),
        evidence=str(body["evidence"]),
        caption=str(body["caption"]),
        row=None if row is None else (str(row[0]), int(row[1])),
        width=None if width is None else int(width),
        height=None if height is None else int(height),
    )


def target(item: Field, packed: Packed) -> tuple[str, str]:
    """(ledger key, number) of the record that a packed value of one of :data:`LINKS` names.

    Raises:
        DataUnreadable: it names none.
    """
    if isinstance(packed, dict) and isinstance(packed.get("number"), str):
        ledger = item.options if item.kind is Kind.LINK else packed.get("ledger")
        if isinstance(ledger, str):
            return ledger, packed["number"]
    raise DataUnreadable("汇总数据里有一处关联写得不对")


def fitted(item: Field, packed: Packed) -> Value:
    """A packed value as a value of the field; what names another record is read by :func:`target`.

    Raises:
        DataUnreadable: it cannot be a value of that kind.
    """
    if _fits(item.kind, packed):
        return tuple(packed) if isinstance(packed, list) else packed  # type: ignore[return-value]  # no link here
    raise DataUnreadable(f"汇总数据里“{item.label}”的值不对")


def _fits(kind: Kind, packed: Packed) -> bool:
    if kind is Kind.CHOICES:
        return isinstance(packed, list) and all(isinstance(part, str) for part in packed)
    if kind is Kind.YES_NO:
        return isinstance(packed, bool)
    if kind in _INTEGERS:
        return isinstance(packed, int) and not isinstance(packed, bool) and abs(packed) <= _LARGEST_INTEGER
    if not isinstance(packed, str) or "\0" in packed:
        return False
    if kind is Kind.DATE:
        try:
            return date.fromisoformat(packed).isoformat() == packed
        except ValueError:
            return False
    return kind not in LINKS
