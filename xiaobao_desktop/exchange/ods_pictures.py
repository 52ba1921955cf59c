"""Pictures of an .ods and the cells that hold them (OpenDocument 1.3 part 3, chapters 9 and 10.4).

A picture anchored to a cell is a frame inside that cell; one anchored to the page stands before the rows and belongs to
none of them. What a chart or another object looks like is no picture.
"""

from __future__ import annotations

import posixpath
from typing import Final

from xiaobao_desktop.exchange.archive import Archive
from xiaobao_desktop.exchange.sheets import LAST_COLUMN, LAST_ROW
from xiaobao_desktop.exchange.xlsx_pictures import Placed
from xiaobao_desktop.exchange.xml_pass import attribute, walk

_CONTENT: Final = "content.xml"
_CELLS: Final = frozenset({"table-cell", "covered-table-cell"})
_OBJECTS: Final = frozenset({"object", "object-ole", "plugin", "floating-frame"})


class _Content:
    """Collects the pictures of each sheet: row and column from 1 (0 for none), and where their bytes lie."""

    def __init__(self) -> None:
        self.found: dict[str, list[tuple[int, int, str]]] = {}
        self._sheet = ""
        self._depth = 0
        self._row = self._column = 0
        self._rows = self._columns = 1
        self._in_cell = False
        self._frame: list[str] | None = None
        self._is_object = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "table":
            self._depth += 1
            if self._depth == 1:
                self._begin(attribute(attributes, "name"))
        elif self._depth == 1 and name == "table-row":
            self._row += self._rows
            self._rows = _repeated(attributes, "number-rows-repeated")
            self._column, self._columns = 0, 1
        elif self._depth == 1 and name in _CELLS:
            self._column += self._columns
            self._columns = _repeated(attributes, "number-columns-repeated")
            self._in_cell = True
        elif name == "frame":
            self._frame, self._is_object = [], False
        elif name in _OBJECTS:
            self._is_object = True
        elif name == "image" and self._frame is not None:
            self._frame.append(attribute(attributes, "href"))

    def _begin(self, sheet: str) -> None:
        self._sheet = sheet
        self._row, self._rows = 0, 1

    def end(self, name: str) -> None:
        if name == "table":
            self._depth -= 1
        elif self._depth == 1 and name in _CELLS:
            self._in_cell = False
        elif name == "frame":
            self._take()

    def _take(self) -> None:
        """Note the picture of the frame that ends; of several forms of one picture the first that is no drawing."""
        forms, self._frame = self._frame or [], None
        if self._is_object or not forms or not self._sheet:
            return
        chosen = next((form for form in forms if not form.lower().endswith(".svg")), forms[0])
        row, column = (self._row, self._column) if self._in_cell else (0, 0)
        self.found.setdefault(self._sheet, []).append((row, column, posixpath.normpath(chosen)))

    def text(self, text: str) -> None: ...


def _repeated(attributes: dict[str, str], name: str) -> int:
    """How often a row or cell stands there."""
    text = attribute(attributes, name)
    return max(1, int(text)) if text.isdecimal() and len(text) < 9 else 1


def ods_pictures(archive: Archive, file: str) -> dict[str, list[Placed]]:
    """The pictures of each sheet by its name, top to bottom; row 0 for those that no cell holds.

    Pictures whose bytes are not in the file are left out.

    Raises:
        FileUnreadable, FileHostile, FileTooLarge: as the content deserves.
    """
    content = _Content()
    walk(archive.chunks(_CONTENT), content, file, mixed=True)
    return {
        sheet: sorted(
            Placed(row, column, part)
            for row, column, part in found
            if part in archive.names and row <= LAST_ROW and column <= LAST_COLUMN
        )
        for sheet, found in content.found.items()
    }
