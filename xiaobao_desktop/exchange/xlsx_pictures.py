"""Pictures of an .xlsx and the rows they belong to: floating ones by their anchor, those inside a cell by name.

Floating pictures lie in the drawing part of a sheet (ECMA-376 part 1, chapter 20.5); WPS keeps the pictures of
``=DISPIMG("ID_…",1)`` cells in a part of its own, ``cellimages.xml``, made of the same elements; Excel keeps those
placed in a cell as rich values.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple, Protocol

from xiaobao_desktop.exchange.archive import Archive
from xiaobao_desktop.exchange.sheets import LAST_COLUMN, LAST_ROW, MEGABYTE, ReadLimits
from xiaobao_desktop.exchange.wire import WireWriter
from xiaobao_desktop.exchange.xlsx_parts import relations_of
from xiaobao_desktop.exchange.xml_pass import attribute, walk

_CELL_PICTURE = re.compile(r'=(?:_xlfn\.)?DISPIMG\("([^"]{1,200})"')
_ANCHORS: Final = frozenset({"oneCellAnchor", "twoCellAnchor", "absoluteAnchor"})


class Placed(NamedTuple):
    """A picture at a cell: sheet row and column from 1, and the part that holds its bytes."""

    row: int
    column: int
    part: str


def picture_name(text: str) -> str:
    """The name inside a ``=DISPIMG(…)`` text, "" for any other text."""
    found = _CELL_PICTURE.match(text)
    return found[1] if found else ""


class _Drawing:
    """Collects the pictures of a drawing: where their anchor begins, and the identifier of their bytes."""

    def __init__(self) -> None:
        self.found: list[tuple[int, int, str]] = []
        self._inside: list[str] = []
        self._at = {"row": -1, "col": -1}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._inside.append(name)
        if name in _ANCHORS:
            self._at = {"row": -1, "col": -1}
        elif name == "blip" and attribute(attributes, "embed"):
            picture = (self._at["row"] + 1, self._at["col"] + 1, attribute(attributes, "embed"))
            if picture not in self.found:  # the same picture again, in the words of a later version
                self.found.append(picture)

    def end(self, name: str) -> None:
        del name
        self._inside.pop()

    def text(self, text: str) -> None:
        inside = self._inside[-2:]
        if len(inside) == 2 and inside[0] == "from" and inside[1] in self._at and text.strip().isdecimal():
            self._at[inside[1]] = int(text.strip()[:9])


class _CellPictures:
    """Collects the pictures that WPS keeps inside cells: name -> identifier of their bytes."""

    def __init__(self) -> None:
        self.found: dict[str, str] = {}
        self._name = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "cNvPr":
            self._name = attributes.get("name", "")
        elif name == "blip" and self._name:
            self.found.setdefault(self._name, attribute(attributes, "embed"))

    def end(self, name: str) -> None: ...

    def text(self, text: str) -> None: ...


class _Lists:
    """Collects one attribute of each element of a name in order; anew when an element ``since`` begins."""

    def __init__(self, element: str, wanted: str, since: str = "") -> None:
        self.found: list[str] = []
        self._element, self._wanted, self._since = element, wanted, since

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == self._element:
            self.found.append(attribute(attributes, self._wanted))
        elif name == self._since:
            self.found.clear()  # what came before belongs to another list (of cells, not of values)

    def end(self, name: str) -> None: ...

    def text(self, text: str) -> None: ...


class _RichValues:
    """Collects the first value of each rich value: the place of its picture among the relations."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self._first = self._inside = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        del attributes
        if name == "rv":
            self.found.append("")
            self._first = True
        elif name == "v":
            self._inside = self._first

    def end(self, name: str) -> None:
        if name == "v":
            self._inside = self._first = False

    def text(self, text: str) -> None:
        if self._inside:
            self.found[-1] += text


def cell_pictures(archive: Archive, main: str, file: str) -> dict[str, str]:
    """The pictures inside cells: name -> part that holds the bytes; parts that are missing are left out.

    Those of WPS go by the name in their formula, those of Excel by :func:`rich_name`.
    """
    return {**_of_wps(archive, main, file), **_of_excel(archive, main, file)}


def rich_name(metadata: str) -> str:
    """The name of a picture that Excel placed in a cell with this ``vm`` attribute."""
    return f"vm {metadata}"


def _of_excel(archive: Archive, main: str, file: str) -> dict[str, str]:
    """Cell -> metadata -> rich value -> relation -> part, as [MS-XLSX] has it for local images."""
    parts = {kind: target for kind, target in relations_of(archive, main, file).values() if target in archive.names}
    if not {"sheetMetadata", "rdRichValue", "richValueRel"} <= parts.keys():
        return {}

    def read(kind: str, handler: _Lists | _RichValues) -> list[str]:
        walk(archive.chunks(parts[kind]), handler, file, mixed=True)
        return handler.found

    cells, values = read("sheetMetadata", _Lists("rc", "v", "valueMetadata")), read("sheetMetadata", _Lists("rvb", "i"))
    places, keys = read("rdRichValue", _RichValues()), read("richValueRel", _Lists("rel", "id"))
    targets = relations_of(archive, parts["richValueRel"], file)
    found = {}
    for number, cell in enumerate(cells, start=1):
        key = _at(keys, _at(places, _at(values, cell)))
        part = targets.get(key, ("", ""))[1]
        if part in archive.names:
            found[rich_name(str(number))] = part
    return found


def _at(found: list[str], place: str) -> str:
    """The entry at a place given as text, "" where there is none."""
    return found[int(place)] if place.isdecimal() and len(place) < 9 and int(place) < len(found) else ""


def _of_wps(archive: Archive, main: str, file: str) -> dict[str, str]:
    for kind, target in relations_of(archive, main, file).values():
        if kind.lower() == "cellimage" and target in archive.names:
            found, targets = _CellPictures(), relations_of(archive, target, file)
            walk(archive.chunks(target), found, file, mixed=True)
            parts = {name: targets.get(key, ("", ""))[1] for name, key in found.found.items()}
            return {name: part for name, part in parts.items() if part in archive.names}
    return {}


def floating_pictures(archive: Archive, sheet_part: str, file: str) -> list[Placed]:
    """The pictures that lie over a sheet, top to bottom; row 0 for those that no cell holds."""
    found: list[Placed] = []
    for kind, target in relations_of(archive, sheet_part, file).values():
        if kind != "drawing" or target not in archive.names:
            continue
        drawing, targets = _Drawing(), relations_of(archive, target, file)
        walk(archive.chunks(target), drawing, file, mixed=True)
        for row, column, key in drawing.found:
            part = targets.get(key, ("", ""))[1]
            if part in archive.names and row <= LAST_ROW and column <= LAST_COLUMN:
                found.append(Placed(row, column, part))
    return sorted(found)


class Parts(Protocol):
    """Where the bytes of pictures lie."""

    def size(self, name: str) -> int:
        """Bytes of a part."""

    def read(self, name: str) -> bytes:
        """The whole part."""


class PictureWriter:
    """Sends pictures, each content once, as long as there is room for them."""

    def __init__(self, archive: Parts, limits: ReadLimits, wire: WireWriter) -> None:
        """Read from ``archive``, write to ``wire``."""
        self._archive, self._wire = archive, wire
        self._left, self._most = limits.picture_bytes, limits.picture_bytes
        self._sent: dict[str, int] = {}

    def write(self, placed: Iterable[Placed]) -> list[str]:
        """Send the pictures of the sheet begun last; Chinese sentences about those left out."""
        left_out = loose = 0
        for row, column, part in placed:
            if row < 1:
                loose += 1
            elif part not in self._sent and not self._send(part):
                left_out += 1
            else:
                self._wire.picture(row, column, self._sent[part], posixpath.basename(part))
        told = []
        if left_out:
            size = f"{self._most // MEGABYTE} MB"
            told.append(f"图片合计超过 {size}，有 {left_out} 张没有读入，请另存后手工添加为附件")
        if loose:
            told.append(f"有 {loose} 张图片没有放在哪个单元格上，没有读入；请锚定到单元格再导入，或手工添加为附件")
        return told

    def _send(self, part: str) -> bool:
        """Send one content; False when there is no room for it."""
        if self._archive.size(part) > self._left:
            return False
        data = self._archive.read(part)
        self._left -= len(data)
        self._sent[part] = self._wire.media(data)
        return True


def placed_cells(cells: Iterable[tuple[int, int, str]], known: Mapping[str, str]) -> list[Placed]:
    """The pictures inside cells, given as (row, column, name), that the file really holds."""
    return [Placed(row, column, known[name]) for row, column, name in cells if name in known]
