"""The bundled fonts: whole, licensed, usable by the PDF writer, and with the characters an office needs."""

from __future__ import annotations

import hashlib
from functools import cache
from typing import Any

import pytest
from fontTools.ttLib import TTFont
from reportlab.pdfbase.ttfonts import TTFont as PdfFont

from xiaobao_desktop import resources

RECORD: dict[str, Any] = resources.json_data("fonts", "fonts.json")
FACES: dict[str, dict[str, Any]] = RECORD["faces"]
# GB 2312 level 1: the 3755 commonest characters, rows 16 to 55.
COMMON_BYTES = b"".join(bytes((row, cell)) for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF))
COMMON = COMMON_BYTES.decode("gb2312", "ignore")
OFFICE = "0123456789abcxyzABCXYZ，。、；：？！“”‘’（）《》〔〕【】—…·％%+-×÷=①②③㎡℃〇"
RARE_NAMES = "㛃䶮𬱖堃喆镕昇淼燚"

every_face = pytest.mark.parametrize("role", sorted(FACES))


@cache
def characters(role: str) -> frozenset[int]:
    """Return the code points of a face."""
    return frozenset(opened(role).getBestCmap())


def opened(role: str) -> TTFont:
    """Open the file of a face."""
    return TTFont(resources.path("fonts", FACES[role]["file"]), lazy=True)


def lacking(role: str, text: str) -> str:
    """Return the characters of a text that a face does not have."""
    return "".join(sign for sign in text if ord(sign) not in characters(role))


@every_face
def test_file_is_the_recorded_one(role: str) -> None:
    data = resources.path("fonts", FACES[role]["file"]).read_bytes()
    assert hashlib.sha256(data).hexdigest() == FACES[role]["sha256"]


def test_every_font_file_has_a_record_and_a_licence() -> None:
    folder = resources.path("fonts")
    assert {path.name for path in folder.glob("*.ttf")} == {face["file"] for face in FACES.values()}
    assert {path.name for path in folder.glob("LICENSE-*.txt")} == {face["licence_file"] for face in FACES.values()}


def test_fonts_stay_within_their_size() -> None:
    total = sum(path.stat().st_size for path in resources.path("fonts").iterdir())
    assert total < 40_000_000


@every_face
def test_outlines_and_names(role: str) -> None:
    font = opened(role)
    assert "glyf" in font
    assert font["name"].getDebugName(6) == FACES[role]["postscript"]
    assert (font["name"].getDebugName(16) or font["name"].getDebugName(1)) == FACES[role]["family"]
    assert FACES[role]["family"].isascii()


def test_reserved_names_are_not_used_for_changed_fonts() -> None:
    reserved = ("LXGW", "霞鹜", "Hanazono", "HanaMin", "花園", "Source")
    for role, face in FACES.items():
        shown = [str(record) for record in opened(role)["name"].names if record.nameID in (1, 3, 4, 6, 16)]
        assert not [name for name in shown for word in reserved if word in name], face["file"]


@every_face
def test_pdf_writer_takes_it(role: str) -> None:
    font = PdfFont(f"test-{role}", str(resources.path("fonts", FACES[role]["file"])))
    assert font.face.name


@pytest.mark.parametrize("role", sorted(set(FACES) - {"rare"}))
def test_common_characters_are_in_each_face(role: str) -> None:
    assert len(COMMON) == 3755
    assert lacking(role, COMMON) == ""
    assert set(lacking(role, OFFICE)) <= {"㎡"} if role == "fang" else lacking(role, OFFICE) == ""


@pytest.mark.parametrize("role", sorted(set(FACES) - {"rare", "fang"}))
def test_rare_names_are_in_each_face_but_fang(role: str) -> None:
    assert lacking(role, RARE_NAMES) == ""


@every_face
def test_fallback_reaches_every_han_character_of_the_basic_plane(role: str) -> None:
    chain = [role, *RECORD["fallback"]]
    everything = "".join(map(chr, [*range(0x3400, 0x4DB6), *range(0x4E00, 0x9FCD)]))
    left = everything
    for face in chain:
        left = lacking(face, left)
    assert left == ""


@pytest.mark.parametrize("role", ["hei", "hei-medium", "hei-bold"])
def test_digits_of_tables_and_screens_have_one_width(role: str) -> None:
    font = opened(role)
    assert len({font["hmtx"][font.getBestCmap()[ord(digit)]][0] for digit in "0123456789"}) == 1


def test_screen_weights_share_their_line_height() -> None:
    heads = [opened(role)["hhea"] for role in ("hei", "hei-medium")]
    assert len({(head.ascent, head.descent, head.lineGap) for head in heads}) == 1
