"""The pages of a book's file one by one, without SQLite: which are sound, and the rows that lie in them.

SQLite gives up a table at the first page it cannot follow. Every page of an encrypted book carries its own seal
(HMAC-SHA512 under a key of the book), so that each can be judged alone, and rows are found wherever their page is
sound, whatever became of the tree that led to it. Formats: SQLCipher 4 (4,096 bytes a page, the last 80 hold the start
value and the seal), https://www.sqlite.org/fileformat2.html for pages, records and the write-ahead log.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from xiaobao_desktop.store.sqlite import SALT_BYTES, header_salt

PAGE: Final = 4096
_START, _SEAL = 16, 64
USABLE: Final = PAGE - _START - _SEAL
_LOG_HEAD, _FRAME_HEAD = 32, 24

Cell = int | float | str | bytes | None
"""A value of a column."""


class Row(NamedTuple):
    """A row of a table: its row id and the stored columns; an INTEGER PRIMARY KEY column is None in them."""

    rowid: int
    cells: tuple[Cell, ...]


class Seals:
    """Judges and opens the pages of the book with one key."""

    def __init__(self, data_key: bytes) -> None:
        """Derive the key of the seals, as SQLCipher does it."""
        self._key, salt = data_key, header_salt(data_key)
        mixed = bytes(byte ^ 0x3A for byte in salt)
        seal_key = hashlib.pbkdf2_hmac("sha512", data_key, mixed, 2, len(data_key))
        self._fresh = hmac.new(seal_key, digestmod="sha512")

    def fits(self, number: int, page: bytes) -> bool:
        """Whether page ``number`` is as it was written; the clear salt of the first page is not looked at."""
        if len(page) != PAGE:
            return False
        seal = self._fresh.copy()
        seal.update(page[SALT_BYTES if number == 1 else 0 : -_SEAL])
        seal.update(number.to_bytes(4, "little"))
        return hmac.compare_digest(seal.digest(), page[-_SEAL:])

    def opened(self, number: int, page: bytes) -> bytes:
        """The content of a sound page, :data:`USABLE` bytes."""
        start = SALT_BYTES if number == 1 else 0
        opening = Cipher(AES(self._key), CBC(page[USABLE : USABLE + _START])).decryptor()
        return bytes(start) + opening.update(page[start:USABLE]) + opening.finalize()


def unsound(read: Callable[[int, int], bytes], size: int, data_key: bytes, stop: Callable[[], bool]) -> list[int]:
    """Numbers of the pages whose seal is broken, read piece by piece.

    Args:
        read: gives at most so many bytes (second argument) from a place (first) on.
        size: bytes of the file.
        data_key: of the book.
        stop: asked between the pieces; when true, what was found so far is returned.
    """
    seals, found = Seals(data_key), []
    piece = 256 * PAGE
    for start in range(0, size, piece):
        if stop():
            break
        content = read(start, min(piece, size - start))
        for at in range(0, len(content), PAGE):
            number = (start + at) // PAGE + 1
            if not seals.fits(number, content[at : at + PAGE]):
                found.append(number)
    return found


class Sound(NamedTuple):
    """The sound pages of a book by number, opened, and how many pages are not sound."""

    pages: Mapping[int, bytes]
    broken: int


def sound(file: Path, data_key: bytes) -> Sound:
    """All sound pages of a book, those in its write-ahead log over those in the file."""
    seals = Seals(data_key)
    found: dict[int, bytes] = {}
    broken: set[int] = set()
    with file.open("rb") as stream:
        number = 0
        while page := stream.read(PAGE):
            number += 1
            if seals.fits(number, page):
                found[number] = seals.opened(number, page)
            else:
                broken.add(number)
    for number, page in _committed(file.with_name(file.name + "-wal"), seals):
        found[number] = seals.opened(number, page)
        broken.discard(number)
    # The first page tells how many there should be: a file that was cut short lacks some.
    wanted = int.from_bytes(found[1][28:32], "big") if 1 in found else 0
    broken.update(number for number in range(1, wanted + 1) if number not in found)
    return Sound(found, len(broken))


def _committed(log: Path, seals: Seals) -> Iterator[tuple[int, bytes]]:
    """Number and page of the frames of a write-ahead log up to its last sound commit."""
    content = log.read_bytes() if log.is_file() else b""
    salts, waiting = content[16:24], []
    for at in range(_LOG_HEAD, len(content), _FRAME_HEAD + PAGE):
        head = content[at : at + _FRAME_HEAD]
        page = content[at + _FRAME_HEAD : at + _FRAME_HEAD + PAGE]
        number = int.from_bytes(head[:4], "big")
        if head[8:16] != salts or not seals.fits(number, page):
            break
        waiting.append((number, page))
        if int.from_bytes(head[4:8], "big"):
            yield from waiting
            waiting.clear()


class Tree(NamedTuple):
    """The rows that a walk from a table's root reached, and whether it reached all of them."""

    rows: tuple[Row, ...]
    whole: bool


def tree(pages: Mapping[int, bytes], root: int) -> Tree:
    """Every readable row of the table, or index, with this root page.

    Rows of a WITHOUT ROWID table, which is an index, have the row id 0.
    """
    found: list[Row] = []
    whole, waiting, seen = True, [root], set[int]()
    while waiting:
        number = waiting.pop()
        page = pages.get(number)
        if page is None or number in seen:
            whole = False
            continue
        seen.add(number)
        head = 100 if number == 1 else 0
        if page[head] in _INNER:
            waiting.append(int.from_bytes(page[head + 8 : head + 12], "big"))
        for at in _places(page, head):
            try:
                if page[head] in _INNER:
                    waiting.append(int.from_bytes(page[at : at + 4], "big"))
                if page[head] != _TABLE_INNER:
                    found.append(_row(pages, page, at, page[head]))
            except _UNREADABLE:
                whole = False
    return Tree(tuple(found), whole)


def scattered(pages: Mapping[int, bytes], columns: int) -> Iterator[Row]:
    """Every readable row with at least so many columns in the leaves of tables, whichever table it belongs to.

    Rows on pages that were given up can turn up too: the caller proves what it takes.
    """
    for number, page in pages.items():
        head = 100 if number == 1 else 0
        if page[head] != _LEAF:
            continue
        for at in _places(page, head):
            try:
                row = _row(pages, page, at, _LEAF)
            except _UNREADABLE:
                continue
            if len(row.cells) >= columns:
                yield row


_LEAF, _TABLE_INNER, _INDEX_INNER, _INDEX_LEAF = 0x0D, 0x05, 0x02, 0x0A
_INNER: Final = (_TABLE_INNER, _INDEX_INNER)
_UNREADABLE: Final = (IndexError, KeyError, ValueError)


def _places(page: bytes, head: int) -> Iterator[int]:
    """Where the cells of a page of a tree begin; none for a page of another sort."""
    if page[head] not in (*_INNER, _LEAF, _INDEX_LEAF):
        return
    first = head + (12 if page[head] in _INNER else 8)
    count = int.from_bytes(page[head + 3 : head + 5], "big")
    for place in range(first, min(first + 2 * count, USABLE - 1), 2):
        yield int.from_bytes(page[place : place + 2], "big")


def _row(pages: Mapping[int, bytes], page: bytes, at: int, sort: int) -> Row:
    """The row of a cell; the rest of a long one is gathered from its overflow pages."""
    rowid = 0
    size, at = _varint(page, at + 4 if sort == _INDEX_INNER else at)
    if sort == _LEAF:
        rowid, at = _varint(page, at)
        rowid -= (rowid >> 63) << 64
    local = _local(size, USABLE - 35 if sort == _LEAF else (USABLE - 12) * 64 // 255 - 23)
    body = bytearray(page[at : at + local])
    if local < size:
        follow = int.from_bytes(page[at + local : at + local + 4], "big")
        while follow and len(body) < size:
            body += pages[follow][4:USABLE]
            follow = int.from_bytes(pages[follow][:4], "big")
    if len(body) < size:
        raise ValueError("a row ends before its size")
    return Row(rowid, tuple(_cells(bytes(body[:size]))))


def _local(size: int, most: int) -> int:
    """How many bytes of a row of this size lie on its own page; the rest is on overflow pages."""
    if size <= most:
        return size
    least = (USABLE - 12) * 32 // 255 - 23
    kept = least + (size - least) % (USABLE - 4)
    return kept if kept <= most else least


def _cells(body: bytes) -> Iterator[Cell]:
    head, at = _varint(body, 0)
    place = head
    while at < head:
        kind, at = _varint(body, at)
        cell, place = _cell(body, kind, place)
        yield cell


_WIDTHS: Final = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}


def _cell(body: bytes, kind: int, at: int) -> tuple[Cell, int]:
    """A value of a serial type and the place behind it."""
    if kind in (0, 8, 9):
        return (None if kind == 0 else kind - 8), at
    width = _WIDTHS.get(kind) or (8 if kind == 7 else (kind - 12) // 2)
    raw = body[at : at + width]
    if kind < 7:
        return int.from_bytes(raw, "big", signed=True), at + width
    if kind < 12 or len(raw) < width:
        raise ValueError("no type of a book's columns")
    return (raw.decode("utf-8") if kind % 2 else raw), at + width


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for place in range(at, at + 8):
        value = value << 7 | data[place] & 0x7F
        if data[place] < 0x80:
            return value, place + 1
    return value << 8 | data[at + 8], at + 9
