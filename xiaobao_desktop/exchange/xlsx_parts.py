"""The parts of an .xlsx around its sheets: which sheets there are, shared texts, which formats show dates.

Element and attribute names are those of ECMA-376 part 1 (SpreadsheetML), chapters 12 and 18.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from typing import Final

from xiaobao_desktop.exchange.archive import Archive
from xiaobao_desktop.exchange.errors import FileTooLarge, FileUnreadable
from xiaobao_desktop.exchange.sheets import Cell, ReadLimits
from xiaobao_desktop.exchange.text_encoding import has_private_use
from xiaobao_desktop.exchange.text_sheets import checked_text
from xiaobao_desktop.exchange.xml_pass import attribute, is_on, plain_text, walk

# Built-in number formats that show a day (14-17, 22, 27-31, 36, 50-54, 57, 58) or only a time (the rest);
# 27-36 and 50-58 are those of Chinese Excel.
_CLOCK_FORMATS: Final = frozenset({18, 19, 20, 21, 32, 33, 34, 35, 45, 46, 47, 55, 56})
_DAY_FORMATS: Final = frozenset({14, 15, 16, 17, 22, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58})
_NOT_FORMAT = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]|General|G/通用格式|AM/PM|A/P', re.IGNORECASE)

NUMBER, DAY, CLOCK = 0, 1, 2


@dataclass(frozen=True, slots=True)
class SheetPart:
    """One sheet of the workbook and the part that holds it."""

    name: str
    part: str
    hidden: bool


@dataclass(slots=True)
class BookParts:
    """What must be known before the sheets are read. ``styles[i]`` is NUMBER, DAY or CLOCK for style ``i``.

    ``private`` holds the places of shared texts with characters of the private-use area.
    """

    sheets: list[SheetPart] = field(default_factory=list)
    shared: list[Cell] = field(default_factory=list)
    private: frozenset[int] = frozenset()
    styles: list[int] = field(default_factory=list)
    date_1904: bool = False


class _Relations:
    """Collects identifier -> (kind, target) of a .rels part."""

    def __init__(self) -> None:
        self.found: dict[str, tuple[str, str]] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship":
            kind = attributes.get("Type", "").rpartition("/")[2]
            self.found[attributes.get("Id", "")] = (kind, attributes.get("Target", ""))

    def end(self, name: str) -> None: ...

    def text(self, text: str) -> None: ...


class _Book:
    """Collects sheets and the date system of workbook.xml."""

    def __init__(self) -> None:
        self.sheets: list[tuple[str, str, bool]] = []
        self.date_1904 = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "sheet":
            hidden = attributes.get("state", "visible") != "visible"
            self.sheets.append((attributes.get("name", ""), attribute(attributes, "id"), hidden))
        elif name == "workbookPr":
            self.date_1904 = is_on(attributes, "date1904")

    def end(self, name: str) -> None: ...

    def text(self, text: str) -> None: ...


class _SharedTexts:
    """Collects sharedStrings.xml; phonetic helps (rPh) do not belong to the text."""

    def __init__(self, limits: ReadLimits) -> None:
        self.found: list[Cell] = []
        self._limits = limits
        self._parts: list[str] = []
        self._inside_text = False
        self._phonetic = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        del attributes
        if name == "si":
            self._parts = []
        elif name == "rPh":
            self._phonetic += 1
        elif name == "t":
            self._inside_text = not self._phonetic

    def end(self, name: str) -> None:
        if name == "t":
            self._inside_text = False
        elif name == "rPh":
            self._phonetic -= 1
        elif name == "si":
            self.found.append(checked_text(plain_text("".join(self._parts)), self._limits))

    def text(self, text: str) -> None:
        if self._inside_text:
            self._parts.append(text)


class _Styles:
    """Collects which cell styles show dates."""

    def __init__(self) -> None:
        self.kinds: list[int] = []
        self._formats: dict[str, int] = {}
        self._inside_cell_styles = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "numFmt":
            self._formats[attributes.get("numFmtId", "")] = format_kind(attributes.get("formatCode", ""))
        elif name == "cellXfs":
            self._inside_cell_styles = True
        elif name == "xf" and self._inside_cell_styles:
            self.kinds.append(self._kind(attributes.get("numFmtId", "0")))

    def _kind(self, number: str) -> int:
        if number in self._formats:
            return self._formats[number]
        if not number.isdecimal():
            return NUMBER
        if int(number) in _DAY_FORMATS:
            return DAY
        return CLOCK if int(number) in _CLOCK_FORMATS else NUMBER

    def end(self, name: str) -> None:
        if name == "cellXfs":
            self._inside_cell_styles = False

    def text(self, text: str) -> None: ...


def format_kind(code: str) -> int:
    """Whether a number format shows a day, only a time, or a number."""
    letters = _NOT_FORMAT.sub("", code.partition(";")[0]).lower()
    if "y" in letters or "d" in letters or ("m" in letters and not ("h" in letters or "s" in letters)):
        return DAY
    return CLOCK if "h" in letters or "s" in letters else NUMBER


def relations_of(archive: Archive, part: str, file: str) -> dict[str, tuple[str, str]]:
    """What a part refers to: identifier -> (kind, name of the other part); nothing for a part without references."""
    folder, name = posixpath.split(part)
    rels = posixpath.join(folder, "_rels", name + ".rels")
    if rels not in archive.names:
        return {}
    found = _Relations()
    walk(archive.chunks(rels), found, file)
    return {
        key: (kind, posixpath.normpath(posixpath.join(folder, target)) if target[:1] != "/" else target[1:])
        for key, (kind, target) in found.found.items()
    }


def workbook_part(archive: Archive, file: str) -> str:
    """The name of the main part; empty when the zip is no Office file."""
    found = [target for kind, target in relations_of(archive, "", file).values() if kind == "officeDocument"]
    return found[0] if found else ""


def read_parts(archive: Archive, main: str, file: str, limits: ReadLimits) -> BookParts:
    """Everything around the sheets of the workbook whose main part is ``main``.

    Raises:
        FileUnreadable, FileHostile, FileTooLarge: as the file deserves.
    """
    book, relations = _Book(), relations_of(archive, main, file)
    walk(archive.chunks(main), book, file)
    if len(book.sheets) > limits.sheets:
        raise FileTooLarge(file=file, reason=f"有 {len(book.sheets)} 张工作表，最多读 {limits.sheets} 张")
    parts = BookParts(date_1904=book.date_1904)
    for name, key, hidden in book.sheets:
        kind, target = relations.get(key, ("", ""))
        if kind == "worksheet":
            parts.sheets.append(SheetPart(name, target, hidden))
    if not parts.sheets:
        raise FileUnreadable(file=file, reason="里面没有工作表")
    for kind, target in relations.values():
        if kind == "sharedStrings" and target in archive.names:
            texts = _SharedTexts(limits)
            walk(archive.chunks(target), texts, file)
            parts.shared = texts.found
            parts.private = frozenset(
                place for place, text in enumerate(texts.found) if isinstance(text, str) and has_private_use(text)
            )
        elif kind == "styles" and target in archive.names:
            styles = _Styles()
            walk(archive.chunks(target), styles, file)
            parts.styles = styles.kinds
    return parts
