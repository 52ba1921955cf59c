"""Rebuild ``resources/fonts`` from unpacked font packages.

In: a folder made by ``make_fonts.sh`` with the unpacked packages. Out: the font files, their licences and
``fonts.json``. The same packages give the same bytes: no time of the run goes into a file.

Each face is a TrueType font with a ``glyf`` table, because the PDF writer takes no other kind. All but the interface
face are cut down to the characters of the General Standard Chinese Character Table (通用规范汉字表, 8105 characters,
Unihan property kTGH), GB 2312 and the symbols of office texts; rarer characters come from the fallback faces.
"""

from __future__ import annotations

import argparse
import bz2
import gzip
import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fontTools import subset
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

SANS = "noto-sans-sc/package"
SERIF = "noto-serif-sc/package"
DEBIAN = "debian/usr/share"
WENKAI = f"{DEBIAN}/fonts/truetype/lxgw-wenkai/LXGWWenKai-Regular.ttf"
FANG = f"{DEBIAN}/texlive/texmf-dist/fonts/opentype/public/fandol/FandolFang-Regular.otf"
HANAZONO = f"{DEBIAN}/fonts/truetype/hanazono/HanaMinA.ttf"
UNIHAN = f"{DEBIAN}/unicode/Unihan_OtherMappings.txt.bz2"

# Latin with accents (pinyin), punctuation, currency, arrows, mathematics, boxes, shapes, enclosed numbers, CJK symbols,
# kana, enclosed CJK, units, vertical forms, full-width forms.
SYMBOLS = (
    (0x0020, 0x024F),
    (0x02C0, 0x02DF),
    (0x0370, 0x045F),
    (0x2000, 0x27BF),
    (0x3000, 0x312F),
    (0x3200, 0x33FF),
    (0xFE10, 0xFE4F),
    (0xFF00, 0xFFEF),
)
HAN = ((0x3400, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x3FFFF))
RARE_SYMBOLS = ((0x2000, 0x2BFF), (0x3000, 0x33FF))
LAYOUT_OF_PRINT: list[str] = []
LAYOUT_OF_SCREEN = ["kern", "mark", "mkmk", "ccmp", "locl", "liga"]
MOST_MOVE = 1  # largest deviation, in font units, of a converted outline


@dataclass(frozen=True)
class Face:
    """One font file: the role it plays in the program, where it comes from, and how it is made."""

    role: str
    file: str
    source: str
    package: str
    licence: str
    licence_file: str
    make: Callable[[Path, Path, set[int]], None]
    purpose: str


def office_characters(unihan: Path) -> set[int]:
    """Return the code points of the 8105-character table, GB 2312 and the symbol ranges."""
    with bz2.open(unihan, "rt", encoding="utf-8") as lines:
        table = {int(line.split("\t")[0][2:], 16) for line in lines if line.startswith("U+") and "\tkTGH\t" in line}
    if len(table) != 8105:
        raise SystemExit(f"the character table has {len(table)} characters, not 8105")
    return table | _gb2312() | _in(SYMBOLS)


def _gb2312() -> set[int]:
    """Return the code points of GB 2312, decoded cell by cell."""
    cells = (bytes((row, cell)) for row in range(0xA1, 0xF8) for cell in range(0xA1, 0xFF))
    return {ord(text) for text in (cell.decode("gb2312", errors="ignore") for cell in cells) if text}


def _in(ranges: tuple[tuple[int, int], ...]) -> set[int]:
    """Return all code points of inclusive ranges."""
    return {point for first, last in ranges for point in range(first, last + 1)}


def copy_whole(source: Path, target: Path, _wanted: set[int]) -> None:
    """Take the face as it is."""
    shutil.copyfile(source, target)


def cut_for_print(source: Path, target: Path, wanted: set[int]) -> None:
    """Keep the wanted characters and no layout features: the PDF writer places glyphs itself."""
    _save(_cut(source, wanted, LAYOUT_OF_PRINT), target)


def cut_for_screen(source: Path, target: Path, wanted: set[int]) -> None:
    """Keep the wanted characters and the layout features of horizontal text, as the whole face has them."""
    _save(_cut(source, wanted, LAYOUT_OF_SCREEN), target)


def cut_and_rename(source: Path, target: Path, wanted: set[int]) -> None:
    """Cut WenKai and give it another name: its licence reserves "LXGW" and "霞鹜" for unchanged fonts."""
    font = _cut(source, wanted, LAYOUT_OF_PRINT)
    _rename(font, "XiaoBao WenKai")
    _save(font, target)


def cut_to_remainder(source: Path, target: Path, _wanted: set[int]) -> None:
    """Keep what the whole Noto Sans SC beside it lacks: the last resort for rare characters in names."""
    base = TTFont(target.parent / "NotoSansSC-Regular.ttf", lazy=True).getBestCmap()
    lacking = (_in(HAN) | _in(RARE_SYMBOLS)) - set(base)
    font = _cut(source, lacking, LAYOUT_OF_PRINT)
    _rename(font, "XiaoBao Mincho Rest")
    _save(font, target)


def convert_to_glyf(source: Path, target: Path, wanted: set[int]) -> None:
    """Turn a font with cubic outlines (CFF) into TrueType outlines, with the wanted characters."""
    old = _cut(source, wanted, LAYOUT_OF_PRINT)
    order = old.getGlyphOrder()
    glyphs = {}
    for name in order:
        pen = TTGlyphPen(None)
        old.getGlyphSet()[name].draw(Cu2QuPen(pen, MOST_MOVE, reverse_direction=True))
        glyphs[name] = pen.glyph()
    builder = FontBuilder(unitsPerEm=old["head"].unitsPerEm, isTTF=True)
    builder.setupGlyphOrder(order)
    builder.setupCharacterMap(old.getBestCmap())
    builder.setupGlyf(glyphs)
    glyf = builder.font["glyf"]
    builder.setupHorizontalMetrics({name: (old["hmtx"][name][0], glyf[name].xMin or 0) for name in order})
    for tag in ("name", "OS/2"):
        builder.font[tag] = old[tag]
    builder.setupHorizontalHeader(ascent=old["hhea"].ascent, descent=old["hhea"].descent)
    builder.setupPost(keepGlyphNames=False)
    builder.updateHead(created=old["head"].created, modified=old["head"].modified, fontRevision=1.3)
    _rename(builder.font, "FandolFang TT")
    _save(builder.font, target)


def _cut(source: Path, wanted: set[int], features: list[str]) -> TTFont:
    """Open a font and keep the wanted code points that it has."""
    options = subset.Options()
    options.layout_features = features
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14, 16, 17]
    options.notdef_outline = True
    options.glyph_names = False
    options.legacy_cmap = False
    options.drop_tables += ["BASE", "FFTM", "STAT", "prop", "vhea", "vmtx", "VORG"]
    if not features:
        options.drop_tables += ["GDEF", "GPOS", "GSUB"]
    font = TTFont(source, recalcTimestamp=False)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=wanted & set(font.getBestCmap()))
    cutter.subset(font)
    return font


def _rename(font: TTFont, family: str) -> None:
    """Give a font another family name everywhere; its copyright and licence entries stay."""
    names = font["name"]
    postscript = family.replace(" ", "") + "-Regular"
    version = names.getDebugName(5) or "Version 1"
    names.names = [record for record in names.names if record.nameID in (0, 13, 14)]
    wanted = {1: family, 2: "Regular", 3: f"{version};{postscript}", 4: family, 5: version, 6: postscript}
    for name_id, value in wanted.items():
        names.setName(value, name_id, 3, 1, 0x409)


def _save(font: TTFont, target: Path) -> None:
    """Write a font without the time of the run in it."""
    font.recalcTimestamp = False
    font.save(target)


def _weight(folder: str, family: str, weight: str) -> str:
    """Return the path of one weight inside a Noto package."""
    return f"{folder}/{weight}/{family}_{weight}.ttf"


NOTO_SANS = {"package": "npm @expo-google-fonts/noto-sans-sc 0.4.3", "licence": "OFL-1.1"}
NOTO_SERIF = {"package": "npm @expo-google-fonts/noto-serif-sc 0.4.3", "licence": "OFL-1.1"}
SANS_LICENCE, SERIF_LICENCE = "LICENSE-NotoSansSC.txt", "LICENSE-NotoSerifSC.txt"

FACES = (
    Face(
        role="hei",
        file="NotoSansSC-Regular.ttf",
        source=_weight(SANS, "NotoSansSC", "400Regular"),
        licence_file=SANS_LICENCE,
        make=copy_whole,
        purpose="interface text; 黑体 on paper; tables and charts",
        **NOTO_SANS,
    ),
    Face(
        role="hei-medium",
        file="NotoSansSC-Medium.ttf",
        source=_weight(SANS, "NotoSansSC", "500Medium"),
        licence_file=SANS_LICENCE,
        make=cut_for_screen,
        purpose="interface text of weight 500",
        **NOTO_SANS,
    ),
    Face(
        role="hei-bold",
        file="NotoSansSC-Bold.ttf",
        source=_weight(SANS, "NotoSansSC", "700Bold"),
        licence_file=SANS_LICENCE,
        make=cut_for_print,
        purpose="totals in tables on paper",
        **NOTO_SANS,
    ),
    Face(
        role="xiaobiaosong",
        file="NotoSerifSC-Black.ttf",
        source=_weight(SERIF, "NotoSerifSC", "900Black"),
        licence_file=SERIF_LICENCE,
        make=cut_for_print,
        purpose="小标宋 on paper: titles",
        **NOTO_SERIF,
    ),
    Face(
        role="song",
        file="NotoSerifSC-Regular.ttf",
        source=_weight(SERIF, "NotoSerifSC", "400Regular"),
        licence_file=SERIF_LICENCE,
        make=cut_for_print,
        purpose="宋体 on paper: page numbers, form values, first fallback",
        **NOTO_SERIF,
    ),
    Face(
        role="kai",
        file="LXGWWenKai-Regular.ttf",
        source=WENKAI,
        package="Debian fonts-lxgw-wenkai 1.250",
        licence="OFL-1.1",
        licence_file="LICENSE-LXGWWenKai.txt",
        make=cut_and_rename,
        purpose="楷体 on paper: second-level headings, notes",
    ),
    Face(
        role="fang",
        file="FandolFang-Regular.ttf",
        source=FANG,
        package="Debian texlive-lang-chinese 2022.20230122",
        licence="GPL-3.0-or-later WITH Font-exception-2.0",
        licence_file="LICENSE-FandolFang.txt",
        make=convert_to_glyf,
        purpose="仿宋 on paper: body text",
    ),
    Face(
        role="rare",
        file="HanaMinA-Rest.ttf",
        source=HANAZONO,
        package="Debian fonts-hanazono 20170904",
        licence="Hanazono Font License",
        licence_file="LICENSE-HanaMinA.txt",
        make=cut_to_remainder,
        purpose="rare characters that no other face has; last fallback",
    ),
)
# Where a face lacks a character, these are asked in turn.
FALLBACK = ["song", "hei", "rare"]

FANDOL_NOTE = """FandolFang-Regular.ttf is FandolFang-Regular.otf 0.3 of the Fandol fonts by Clerk Ma and Jie Su,
changed in 2026: outlines converted from cubic (CFF) to quadratic (TrueType) curves, characters outside the program's
character set removed, family renamed "FandolFang TT". The script that makes it from the original font of the Debian
package texlive-lang-chinese is packaging/make_fonts.py. The original's own README and licence follow.

"""
WENKAI_NOTE = """LXGWWenKai-Regular.ttf is a reduced copy of LXGW WenKai 1.250: characters outside the program's
character set were removed, and its inner name was changed to "XiaoBao WenKai". The licence of the original follows.

"""
HANAZONO_NOTE = """HanaMinA-Rest.ttf is a reduced copy of HanaMinA (2017-09-04): only characters that Noto Sans SC
lacks were kept, and its inner name was changed to "XiaoBao Mincho Rest". The licence of the original follows.

"""


def write_licences(sources: Path, out: Path) -> None:
    """Lay the licence of each font beside it, with a note of what was changed."""
    doc = sources / DEBIAN / "doc"
    fandol = doc / "texlive-doc/fonts/fandol"
    copying = gzip.decompress((fandol / "COPYING.gz").read_bytes()).decode("utf-8")
    texts = {
        SANS_LICENCE: (sources / SANS / "LICENSE_FONT").read_text(encoding="utf-8"),
        SERIF_LICENCE: (sources / SERIF / "LICENSE_FONT").read_text(encoding="utf-8"),
        "LICENSE-LXGWWenKai.txt": WENKAI_NOTE + (doc / "fonts-lxgw-wenkai/copyright").read_text(encoding="utf-8"),
        "LICENSE-FandolFang.txt": FANDOL_NOTE + (fandol / "README").read_text(encoding="utf-8") + "\n" + copying,
        "LICENSE-HanaMinA.txt": HANAZONO_NOTE + (doc / "fonts-hanazono/copyright").read_text(encoding="utf-8"),
    }
    for name, text in texts.items():
        (out / name).write_text(text, encoding="utf-8", newline="\n")


def describe(face: Face, path: Path) -> dict[str, Any]:
    """Return the entry of ``fonts.json`` for one finished file."""
    font = TTFont(path, lazy=True)
    names = font["name"]
    return {
        "file": face.file,
        "family": names.getDebugName(16) or names.getDebugName(1),
        "postscript": names.getDebugName(6),
        "weight": font["OS/2"].usWeightClass,
        "purpose": face.purpose,
        "characters": len(font.getBestCmap()),
        "licence": face.licence,
        "licence_file": face.licence_file,
        "package": face.package,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
    }


def check(path: Path, wanted: set[int]) -> str:
    """Return one line about a finished file; stop if it has no TrueType outlines or no usable name."""
    font = TTFont(path, lazy=True)
    if "glyf" not in font or not font["name"].getDebugName(6):
        raise SystemExit(f"{path.name}: no glyf table or no PostScript name")
    has = set(font.getBestCmap())
    lacks = len((wanted & _in(HAN)) - has)
    size = path.stat().st_size / 1e6
    return f"{path.name:26} {size:6.2f} MB  {len(has):6} characters  lacks {lacks} of 8105 + GB 2312"


def main() -> None:
    """Read the two folder names and rebuild the font folder."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sources", type=Path, help="folder with the unpacked packages")
    parser.add_argument("out", type=Path, help="font folder to write")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    wanted = office_characters(args.sources / UNIHAN)
    faces = {}
    for face in FACES:
        target = args.out / face.file
        face.make(args.sources / face.source, target, wanted)
        faces[face.role] = describe(face, target)
        print(check(target, wanted))
    write_licences(args.sources, args.out)
    record = json.dumps({"faces": faces, "fallback": FALLBACK}, ensure_ascii=False, indent=2)
    (args.out / "fonts.json").write_text(record + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
