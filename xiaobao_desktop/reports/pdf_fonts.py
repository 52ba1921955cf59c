"""The bundled faces as the PDF writer uses them: roles, widths, fallback by character, embedding.

A *role* is a part a face plays on paper (仿宋 body, 黑体 heading …). Each role has a first face and faces that step in
for characters it lacks, so that a rare surname never prints as a box. Faces are loaded when first asked for and kept
for the life of the program (loading all takes some tenths of a second).
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any

from xiaobao_desktop import resources

if TYPE_CHECKING:
    from collections.abc import Sequence


class Role(StrEnum):
    """The parts that faces play on paper (PAPER: 小标宋 title, 黑 headings, 楷 run-in leads, 仿 body, 宋 tables)."""

    TITLE = "title"
    HEI = "hei"
    KAI = "kai"
    FANG = "fang"
    SONG = "song"


_FILES = {
    "title": "NotoSerifSC-Black.ttf",
    "hei": "NotoSansSC-Regular.ttf",
    "kai": "LXGWWenKai-Regular.ttf",
    "fang": "FandolFang-Regular.ttf",
    "song": "NotoSerifSC-Regular.ttf",
    "rare": "HanaMinA-Rest.ttf",
}
_CHAINS = {
    Role.TITLE: ("title", "song", "hei", "rare"),
    Role.HEI: ("hei", "song", "rare"),
    Role.KAI: ("kai", "song", "hei", "rare"),
    Role.FANG: ("fang", "song", "hei", "rare"),
    Role.SONG: ("song", "hei", "rare"),
}
_PADDED = frozenset({Role.SONG})
"""Roles whose digits stand in tables and must all be equally wide."""


def to_unicode_map(name: str, codes: Sequence[int]) -> str:
    """Return the ToUnicode CMap of a one-byte font subset.

    Args:
        name: base font name, tag included.
        codes: the code point behind each byte value; 0 where there is none.

    Code points above U+FFFF are written as UTF-16 surrogates, as the PDF standard asks, so that copied text keeps them.
    """
    pairs = [f"<{byte:02X}> <{chr(code).encode('utf-16-be').hex().upper()}>" for byte, code in enumerate(codes) if code]
    blocks: list[str] = []
    for start in range(0, len(pairs), 100):
        block = pairs[start : start + 100]
        blocks += [f"{len(block)} beginbfchar", *block, "endbfchar"]
    head = [
        "/CIDInit /ProcSet findresource begin",
        "12 dict begin",
        "begincmap",
        f"/CIDSystemInfo << /Registry ({name}) /Ordering ({name}) /Supplement 0 >> def",
        f"/CMapName /{name} def",
        "/CMapType 2 def",
        "1 begincodespacerange",
        "<00> <FF>",
        "endcodespacerange",
    ]
    return "\n".join([*head, *blocks, "endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end"])


class Face:
    """One bundled face: which characters it has, how wide they are, how it is embedded."""

    def __init__(self, key: str) -> None:
        """Load the face by its key; raises ``MissingResource`` when the file is absent."""
        self.key = key
        self.font = _load(f"xiaobao-{key}", str(resources.path("fonts", _FILES[key])))
        self._glyphs = self.font.face.charToGlyph
        self._widths = self.font.face.charWidths

    def has(self, char: str) -> bool:
        """Whether the face can draw the character."""
        return ord(char) in self._glyphs

    def advance(self, char: str) -> float:
        """Width of a character in em; that of the missing-glyph box where the face lacks it."""
        return float(self._widths.get(ord(char), self.font.face.defaultWidth)) / 1000.0


class RoleFont:
    """A role's chain of faces with cached answers for single characters."""

    def __init__(self, role: Role) -> None:
        self.role = role
        self._faces: dict[str, Face] = {}
        self._advances: dict[str, float] = {}
        self._digit = max(face(_CHAINS[role][0]).advance(digit) for digit in "0123456789")

    def face_for(self, char: str) -> Face:
        """Return the first face of the chain that has the character, else the first face."""
        found = self._faces.get(char)
        if found is None:
            found = next((f for f in map(face, _CHAINS[self.role]) if f.has(char)), face(_CHAINS[self.role][0]))
            self._faces[char] = found
        return found

    def advance(self, char: str) -> float:
        """Width of a character in em as it is set: digits of table roles all have the width of the widest."""
        known = self._advances.get(char)
        if known is None:
            known = self.face_for(char).advance(char) + 2 * self.padding(char)
            self._advances[char] = known
        return known

    def padding(self, char: str) -> float:
        """Blank in em put on either side of a digit that is narrower than its fellows (the Song "1")."""
        if self.role not in _PADDED or char not in "0123456789":
            return 0.0
        return (self._digit - self.face_for(char).advance(char)) / 2

    def advances(self, text: str) -> list[float]:
        """Widths of all characters in em."""
        cache = self._advances
        return [cache[char] if char in cache else self.advance(char) for char in text]

    def spans(self, text: str) -> Iterator[tuple[Face, int, int]]:
        """Cut a text into half-open ranges that one face draws."""
        start = 0
        current: Face | None = None
        for index, char in enumerate(text):
            wanted = self.face_for(char)
            if wanted is not current:
                if current is not None:
                    yield current, start, index
                current, start = wanted, index
        if current is not None:
            yield current, start, len(text)


@cache
def face(key: str) -> Face:
    """Return the face of a key, loading it at the first call."""
    return Face(key)


@cache
def role_font(role: Role) -> RoleFont:
    """Return the chain of a role."""
    return RoleFont(role)


@cache
def base_font_name() -> str:
    """Return the name of an embedded face for canvases to start with, instead of an unembedded Helvetica."""
    from reportlab.pdfbase import pdfmetrics

    font = face("song").font
    pdfmetrics.registerFont(font)
    return str(font.fontName)


def _load(name: str, file: str) -> Any:
    """Load a TrueType file as a font whose text can be copied out of the PDF, supplementary planes included."""
    from reportlab.pdfbase.ttfonts import TTFont

    class CopyableFont(TTFont):  # type: ignore[misc]  # reportlab has no types
        """A font with a correct ToUnicode map."""

        def addObjects(self, doc: Any) -> None:  # noqa: N802 - reportlab's name
            """Write the font's objects, then put our own map in place of reportlab's."""
            subsets = [list(subset) for subset in self.state[doc].subsets]
            names = [self.getSubsetInternalName(number, doc)[1:] for number in range(len(subsets))]
            super().addObjects(doc)
            fonts = doc.idToObject["BasicFonts"].dict
            for subset, internal in zip(subsets, names, strict=True):
                stream = doc.idToObject[fonts[internal].ToUnicode.name]
                stream.content = to_unicode_map(fonts[internal].BaseFont, subset)

    return CopyableFont(name, file, shapable=False)
