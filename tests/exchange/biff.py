"""A small .xls of 1997 made by hand (OLE container, BIFF8 records), so that it can be as wrong as a test needs.

Record numbers and layouts are those of [MS-XLS] and [MS-CFB].
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from pathlib import Path

_SECTOR = 512
_END, _FAT, _FREE = 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF
_BOF, _EOF, _FILEPASS, _SHEET, _LABEL, _NUMBER = 0x0809, 0x000A, 0x002F, 0x0085, 0x0204, 0x0203


def make_xls(path: Path, rows: Sequence[Sequence[str | float]], *, password: bool = False) -> Path:
    """One sheet of texts and numbers; with ``password`` its first record says that all others are encrypted."""
    path.write_bytes(container("Workbook", _workbook(rows, password)))
    return path


def container(name: str, stream: bytes) -> bytes:
    """An OLE file that holds one stream, at least 4,096 bytes long."""
    stream = stream.ljust(4096, b"\0")
    sectors = -(-len(stream) // _SECTOR)
    chain = [*range(1, sectors), _END, _END]  # the stream's sectors, then the directory's one
    fat = [*chain, _FAT]
    table = struct.pack(f"<{len(fat)}I", *fat) + struct.pack("<I", _FREE) * (_SECTOR // 4 - len(fat))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16
    head += struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<IIIIIIIIII", 0, 1, sectors, 0, 4096, _END, 0, _END, 0, sectors + 1)
    head += struct.pack("<I", _FREE) * 108
    directory = _entry("Root Entry", 5, _END, 0, child=1) + _entry(name, 2, 0, len(stream)) + _entry("", 0, 0, 0) * 2
    return head + stream.ljust(sectors * _SECTOR, b"\0") + directory + table


def _entry(name: str, kind: int, start: int, size: int, child: int = _FREE) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0" if name else b""
    links = struct.pack("<III", _FREE, _FREE, child)
    return (
        text.ljust(64, b"\0")
        + struct.pack("<HBB", len(text), kind, 1)
        + links
        + b"\0" * 36
        + struct.pack("<IQ", start, size)
    )


def _workbook(rows: Sequence[Sequence[str | float]], password: bool) -> bytes:
    cells = b"".join(_cell(row, column, value) for row, line in enumerate(rows) for column, value in enumerate(line))
    sheet = _record(_BOF, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0)) + cells + _record(_EOF)
    first = _record(_BOF, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0))
    first += _record(_FILEPASS, b"\x01\x00\x01\x00\x01\x00" + b"\x11" * 48) if password else b""
    name = "投诉".encode("utf-16-le")
    tail = _record(_EOF)
    length = len(first) + 4 + 8 + len(name) + len(tail)
    listed = _record(_SHEET, struct.pack("<IBBBB", length, 0, 0, len(name) // 2, 1) + name)
    return first + listed + tail + sheet


def _cell(row: int, column: int, value: str | float) -> bytes:
    if isinstance(value, str):
        text = value.encode("utf-16-le")
        return _record(_LABEL, struct.pack("<HHHHB", row, column, 0, len(text) // 2, 1) + text)
    return _record(_NUMBER, struct.pack("<HHHd", row, column, 0, value))


def _record(number: int, data: bytes = b"") -> bytes:
    return struct.pack("<HH", number, len(data)) + data
