"""Pictures of an .xls of 1997 and the cells they begin at.

The workbook stream is a row of records ([MS-XLS] 2.3); its drawings are trees of records of their own ([MS-ODRAW]): the
store of all pictures stands in the global part, shapes with an anchor and the place of their picture in each sheet.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from xiaobao_desktop.exchange.errors import FileUnreadable
from xiaobao_desktop.exchange.sheets import LAST_ROW
from xiaobao_desktop.exchange.xlsx_pictures import Placed

_BOF, _EOF, _SHEET, _CONTINUE, _OBJECT = 0x0809, 0x000A, 0x0085, 0x003C, 0x005D
_DRAWINGS, _DRAWING = 0x00EB, 0x00EC
_STORE, _ENTRY, _SHAPE, _OPTIONS, _ANCHOR = 0xF001, 0xF007, 0xF004, 0xF00B, 0xF010
_ENTRY_HEAD, _PICTURE_OF_SHAPE, _UID = 36, 0x0104, 16
_ENDINGS: Final = {0xF01D: "jpg", 0xF02A: "jpg", 0xF01E: "png", 0xF01F: "bmp", 0xF029: "tif"}
"""Pictures made of pixels; drawn ones (EMF, WMF) are left out."""
_MOST_DEEP = 20
_BITMAP_HEAD, _BIT_FIELDS = 14, 3


class XlsPictures:
    """The pictures of a workbook: :attr:`placed` by name of the sheet, their bytes by name of the part."""

    def __init__(self, path: Path) -> None:
        """Read the drawings of ``path``.

        Raises:
            FileUnreadable: the container is damaged.
        """
        self.placed: dict[str, list[Placed]] = {}
        self.drawn = 0
        """How many shapes show something that is not made of pixels."""
        self._data: dict[str, bytes] = {}
        stream = _workbook(path)
        store, sheets = _globals(stream)
        pictures = [_picture(entry) for entry in _store(store)]
        # Most files have none: their cells, a record each, need not be gone through.
        for name, place in sheets if pictures else ():
            found = []
            for shape in _shapes(_drawing(stream, place)):
                picture = pictures[shape.picture - 1] if 0 < shape.picture <= len(pictures) else None
                if picture is None:
                    self.drawn += 1
                elif shape.row <= LAST_ROW:
                    part = f"图片{shape.picture}.{picture[0]}"
                    self._data[part] = picture[1]
                    found.append(Placed(shape.row, shape.column, part))
            self.placed[name] = sorted(found)

    def size(self, part: str) -> int:
        """Bytes of a picture."""
        return len(self._data[part])

    def read(self, part: str) -> bytes:
        """A picture as a file."""
        return self._data[part]


class _Record(NamedTuple):
    """A record of a drawing: kind, the twelve bits beside it, content."""

    kind: int
    instance: int
    content: bytes


class _Shape(NamedTuple):
    """A shape: the cell at which it begins, from 1, and the place of its picture in the store, from 1."""

    row: int
    column: int
    picture: int


def _workbook(path: Path) -> bytes:
    import olefile

    try:
        with olefile.OleFileIO(io.BytesIO(path.read_bytes())) as container:
            name = next((one for one in ("Workbook", "Book") if container.exists(one)), "")
            content: bytes = container.openstream(name).read() if name else b""
    except (OSError, ValueError, IndexError, struct.error) as error:
        raise FileUnreadable(file=path.name, reason="文件已损坏，或不是完整的表格") from error
    return content


def _records(stream: bytes, place: int) -> Iterator[tuple[int, bytes]]:
    """Kind and content of the records from a place to the end of their part, parts within it left out."""
    depth = 0
    while place + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, place)
        content = stream[place + 4 : place + 4 + length]
        place += 4 + length
        depth += kind == _BOF
        if depth == 1:
            yield kind, content
        if kind == _EOF:
            depth -= 1
            if depth <= 0:
                return


def _globals(stream: bytes) -> tuple[bytes, list[tuple[str, int]]]:
    """The drawings of the whole workbook, and name and place of each sheet."""
    drawings, sheets = bytearray(), []
    before = 0
    for kind, content in _records(stream, 0):
        if kind == _DRAWINGS or (kind == _CONTINUE and before == _DRAWINGS):
            drawings += content
        elif kind == _SHEET and len(content) >= 8:
            place, _state, _type, letters, wide = struct.unpack_from("<IBBBB", content)
            text = content[8 : 8 + letters * (2 if wide & 1 else 1)]
            sheets.append((text.decode("utf-16-le" if wide & 1 else "latin-1", "replace"), place))
        before = before if kind == _CONTINUE else kind
    return bytes(drawings), sheets


def _drawing(stream: bytes, place: int) -> bytes:
    """The drawing of a sheet, put together from its pieces."""
    found = bytearray()
    before = 0
    for kind, content in _records(stream, place):
        if kind == _DRAWING or (kind == _CONTINUE and before in (_DRAWING, _OBJECT)):
            found += content
        before = before if kind == _CONTINUE else kind
    return bytes(found)


def _parts(content: bytes) -> Iterator[_Record]:
    """The records of a drawing at one level; what is cut off is left out."""
    place = 0
    while place + 8 <= len(content):
        head, kind, length = struct.unpack_from("<HHI", content, place)
        if place + 8 + length > len(content):
            length = len(content) - place - 8
        yield _Record(kind, head >> 4, content[place + 8 : place + 8 + length])
        place += 8 + length


def _all_of(content: bytes, wanted: int, depth: int = 0) -> Iterator[bytes]:
    """The contents of all records of a kind, however deep they stand."""
    place = 0
    while place + 8 <= len(content) and depth < _MOST_DEEP:
        head, kind, length = struct.unpack_from("<HHI", content, place)
        inner = content[place + 8 : place + 8 + length]
        if kind == wanted:
            yield inner
        elif head & 0xF == 0xF:
            yield from _all_of(inner, wanted, depth + 1)
        place += 8 + length


def _store(drawings: bytes) -> Iterator[_Record]:
    """The entries of the store of pictures, in their order."""
    for store in _all_of(drawings, _STORE):
        yield from _parts(store)


def _shapes(drawing: bytes) -> Iterator[_Shape]:
    """The shapes that show a picture."""
    for content in _all_of(drawing, _SHAPE):
        parts = {part.kind: part for part in _parts(content)}
        anchor, options = parts.get(_ANCHOR), parts.get(_OPTIONS)
        picture = _option(options, _PICTURE_OF_SHAPE) if options is not None else 0
        if not picture:
            continue
        row = column = -1
        if anchor is not None and len(anchor.content) >= 8:
            _flags, column, _across, row = struct.unpack_from("<HHHH", anchor.content)
        yield _Shape(row + 1, column + 1, picture)


def _option(options: _Record, wanted: int) -> int:
    """The value of an option of a shape, 0 without it."""
    for place in range(0, min(options.instance * 6, len(options.content) - 5), 6):
        key, value = struct.unpack_from("<HI", options.content, place)
        if key & 0x3FFF == wanted:
            return int(value)
    return 0


def _picture(entry: _Record) -> tuple[str, bytes] | None:
    """Ending and bytes of a picture of the store; None for one that is drawn, or is not in the file."""
    blip: _Record | None = entry
    if entry.kind == _ENTRY:
        name = entry.content[33] if len(entry.content) >= _ENTRY_HEAD else 0
        blip = next(_parts(entry.content[_ENTRY_HEAD + name :]), None)
    if blip is None or blip.kind not in _ENDINGS:
        return None
    # One digest stands before the bytes, or two, which the lowest bit of the instance tells; then one byte more.
    data = blip.content[_UID * (1 + (blip.instance & 1)) + 1 :]
    ending = _ENDINGS[blip.kind]
    return ending, _bitmap_file(data) if ending == "bmp" else data


def _bitmap_file(data: bytes) -> bytes:
    """A bitmap without the head of its file, with it."""
    if len(data) < 40:
        return data
    head, bits, packing = struct.unpack_from("<I10xHI", data)
    if head > len(data):
        return data
    (colours,) = struct.unpack_from("<I", data, 32)
    palette = 4 * min(colours or (1 << bits if bits <= 8 else 0), len(data))
    palette += 12 if packing == _BIT_FIELDS and head == 40 else 0
    return struct.pack("<2sIII", b"BM", _BITMAP_HEAD + len(data), 0, _BITMAP_HEAD + head + palette) + data
