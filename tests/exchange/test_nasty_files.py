"""Files made to be wrong: each is read rightly or refused with a Chinese reason, in time, and the program goes on."""

from __future__ import annotations

import io
import os
import re
import sys
import zipfile
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.exchange.biff import container, make_xls
from tests.exchange.nasty import (
    DRAWING,
    STRICT,
    cell_images,
    drawing,
    make_ods,
    make_xlsx,
    number,
    rewritten,
    row,
    sheet_xml,
    text,
    texts,
)
from xiaobao_desktop.exchange.errors import FileRefused
from xiaobao_desktop.exchange.reader_child import answer
from xiaobao_desktop.exchange.readers import read_workbook
from xiaobao_desktop.exchange.sheets import Cell, CellProblem, ReadLimits, Workbook
from xiaobao_desktop.exchange.wire import read_answer

DATA = Path(__file__).parents[1] / "data"
LIMITS = ReadLimits(seconds=30)
TABLE: list[list[Cell]] = [["姓名", "编号"], ["一二", "00123"], ["郑玉𬱖", "4"]]
BODY = "".join(texts(line, *map(str, cells)) for line, cells in enumerate(TABLE, 1))
CSV = "\r\n".join(",".join(map(str, cells)) for cells in TABLE) + "\r\n"
XLSX = sheet_xml(BODY)
Maker = Callable[[Path], object]
MAIN_PART = '<Relationships xmlns="x"><Relationship Id="a" Type="y/officeDocument" Target="{}"/></Relationships>'


def bytes_of(content: bytes) -> Maker:
    return lambda path: path.write_bytes(content)


def xlsx(*sheets: str, **more: object) -> Maker:
    return lambda path: make_xlsx(path, *(sheets or (XLSX,)), **more)  # type: ignore[arg-type]


def changed(*pairs: tuple[str, str], of: Maker | None = None) -> Maker:
    """The good workbook with texts of its parts replaced."""
    return lambda path: rewritten(path, of or xlsx(), pairs)


def locked(path: Path) -> None:
    from xiaobao_desktop.exchange.locking import locked_xlsx

    path.write_bytes(locked_xlsx((DATA / "complaint-ledger.xlsx").read_bytes(), "密码123"))


def packed(path: Path, **parts: str) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name.replace("__", "/"), content)


def presentation(path: Path) -> None:
    packed(path, **{"_rels__.rels": MAIN_PART.format("ppt/presentation.xml"), "ppt__presentation.xml": "<p/>"})


def binary_workbook(path: Path) -> None:
    packed(path, **{"_rels__.rels": MAIN_PART.format("xl/workbook.bin"), "xl__workbook.bin": "\x01\x02garbage"})


def phantom_rows(path: Path) -> None:
    ghosts = "".join(f'<row r="{line}" ht="14.25"/>' for line in range(4, 1_048_577))
    make_xlsx(path, sheet_xml(BODY + ghosts))


def looping_container(path: Path) -> None:
    whole = bytearray(container("Workbook", b"\x09\x08\x10\x00" + b"\0" * 6000))
    at = len(whole) - 512
    whole[at : at + 4] = b"\0\0\0\0"  # the first sector of the stream comes after itself
    path.write_bytes(bytes(whole))


def utf16(order: str) -> Maker:
    return bytes_of(CSV.encode(f"utf-16-{order}"))


STYLES = "".join('<xf numFmtId="14"/>' for _ in range(64_000))
DEEP = "<x>" * 50_000 + "</x>" * 50_000
BOMB = '<!DOCTYPE s [<!ENTITY a "啊啊啊啊啊啊啊啊啊啊"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
HTML = "<html><body><script>var x='<td>'</script><table><tr><td>姓名<td>编号<tr><td>一二<td>00123<tr><td>郑玉𬱖<td>4"
PHONETIC = "<c r='A2' t='inlineStr'><is><r><t>一</t></r><r><t>二</t></r><rPh sb='0' eb='1'><t>yi</t></rPh></is></c>"
CDATA = sheet_xml(BODY.replace("一二", "<![CDATA[一二]]>")).replace("<sheetData>", "<!-- 注 --><?pi x?><sheetData>")
NO_REFERENCES = sheet_xml(re.sub(r' r="[A-Z]*\d+"', "", BODY))
CHART = ('<sheet name="图" sheetId="9" r:id="c"/></sheets>', "</sheets>")
CHART_PART = '<Relationship Id="c" Type="x/chartsheet" Target="chartsheets/sheet1.xml"/></Relationships>'
ROWS_OF_ODS = "".join(
    "<table:table-row>"
    + "".join(
        f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>' for cell in line
    )
    + "</table:table-row>"
    for line in TABLE
)
TAIL_OF_ODS = (
    '<table:table-row table:number-rows-repeated="1048573">'
    '<table:table-cell table:number-columns-repeated="1024"/></table:table-row>'
)

GOOD: dict[str, tuple[str, Maker]] = {
    "xlsx named xls": ("表.xls", xlsx()),
    "xlsx named csv": ("表.csv", xlsx()),
    "no ending": ("表", xlsx()),
    "absolute targets": ("绝对.xlsx", changed(('Target="worksheets/', 'Target="/xl/worksheets/'))),
    "targets with dots": ("点.xlsx", changed(('Target="worksheets/', 'Target="./../xl/worksheets/'))),
    "backslashes in the zip": ("反.xlsx", changed(("xl/worksheets/sheet1.xml", "xl\\worksheets\\sheet1.xml"))),
    "strict namespaces": ("严格.xlsx", changed(*STRICT)),
    "prefixed parts": (
        "前缀.xlsx",
        changed(("<workbook ", "<w:workbook xmlns:w='y' "), ("</workbook>", "</w:workbook>")),
    ),
    "no styles": ("无样式.xlsx", changed(("xl/styles.xml", "xl/other.xml"))),
    "64,000 styles": ("样式.xlsx", changed(("<cellXfs>", f"<cellXfs><xf numFmtId='0'/>{STYLES}"))),
    "a style that is not there": ("缺样式.xlsx", xlsx(sheet_xml(BODY + row(4, '<c r="A4" s="99"/>')))),
    "no references": ("无坐标.xlsx", xlsx(NO_REFERENCES)),
    "CDATA and comments": ("注.xlsx", xlsx(CDATA)),
    "rich text with phonetic help": ("音.xlsx", xlsx(sheet_xml(BODY.replace(text("A2", "一二"), PHONETIC)))),
    "sheet in UTF-16": ("宽.xlsx", lambda path: rewritten(path, xlsx(), (), encoding="utf-16")),
    "chart sheet beside it": ("图.xlsx", changed(("</sheets>", CHART[0]), ("</Relationships>", CHART_PART))),
    "1,048,576 rows": ("幻.xlsx", phantom_rows),
    "merges over each other": ("叠.xlsx", xlsx(sheet_xml(BODY, merges=("A1:B1", "A1:A1", "D4:F9", "E5:G12")))),
    "deep elements": ("深.xlsx", xlsx(XLSX.replace("</worksheet>", f"{DEEP}</worksheet>"))),
    "a drawing that is not there": ("缺图.xlsx", xlsx(XLSX.replace("</worksheet>", f"{DRAWING}</worksheet>"))),
    "pictures without bytes": (
        "空图.xlsx",
        xlsx(XLSX, extra={**drawing(1, [(1, 1, "没有.png")]), **cell_images({"A": "x"})}),
    ),
    "text with tabs in GBK": ("表.txt", bytes_of(CSV.replace(",", "\t").encode("gb18030"))),
    "UTF-16 without mark": ("宽.csv", utf16("le")),
    "UTF-16 big end first without mark": ("宽大.csv", utf16("be")),
    "UTF-8 with a second mark": ("双标.csv", bytes_of("\ufeff\ufeff".encode() + CSV.encode())),
    "line ends of three kinds": ("行.csv", bytes_of(CSV.replace("\r\n", "\r", 1).encode())),
    "HTML without ends": ("网页.xls", bytes_of(HTML.encode())),
    "HTML in UTF-16": ("网页宽.xls", bytes_of(HTML.encode("utf-16"))),
    "xls of 1997": ("老.xls", lambda path: make_xls(path, [list(map(str, line)) for line in TABLE])),
    "WPS named et": ("老.et", lambda path: make_xls(path, [list(map(str, line)) for line in TABLE])),
    "xls named xlsx": ("老.xlsx", lambda path: make_xls(path, [list(map(str, line)) for line in TABLE])),
    "ods with repeated rows": ("重复.ods", lambda path: make_ods(path, ROWS_OF_ODS + TAIL_OF_ODS)),
}

REFUSED: dict[str, tuple[str, Maker, str]] = {
    "locked xlsx": ("密.xlsx", locked, "打开密码"),
    "locked xls": ("密.xls", lambda path: make_xls(path, [["甲"]], password=True), "打开密码"),
    "locked ods": ("密.ods", lambda path: make_ods(path, ROWS_OF_ODS, manifest="<m:encryption-data/>"), "打开密码"),
    "presentation": ("演.xlsx", presentation, "演示文稿"),
    "xlsb of garbage": ("坏.xlsb", binary_workbook, "损坏"),
    "nothing but a chart": ("图.xlsx", changed(('/worksheet"', '/chartsheet"')), "没有工作表"),
    "shared texts that are not there": ("共.xlsx", xlsx(sheet_xml(row(1, '<c r="A1" t="s"><v>0</v></c>'))), "对不上"),
    "a text before the first": ("负.xlsx", xlsx(sheet_xml(row(1, '<c r="A1" t="s"><v>-1</v></c>'))), "对不上"),
    "targets outside": ("外.xlsx", changed(('Target="worksheets/', 'Target="../../../../etc/')), "缺少"),
    "bomb in the shared texts": ("弹.xlsx", changed(("<workbook ", f"{BOMB}<workbook ")), "实体"),
    "bomb in the styles": ("弹2.xlsx", changed(("<styleSheet ", f"{BOMB}<styleSheet ")), "实体"),
    "bomb in a drawing": (
        "弹3.xlsx",
        changed(("<xdr:wsDr ", f"{BOMB}<xdr:wsDr "), of=xlsx(XLSX, extra=drawing(1, []))),
        "实体",
    ),
    "sheet in an encoding nobody knows": ("码.xlsx", changed(('encoding="UTF-8"', 'encoding="GB-9999"')), "损坏"),
    "200 sheets and one": ("多.xlsx", xlsx(*[XLSX] * 201), "201 张"),
    "a loop in the container": ("环.xls", looping_container, ""),
    "cut xls": ("断.xls", lambda path: path.write_bytes(make_xls(path, [["甲"] * 200]).read_bytes()[:700]), ""),
    "web archive": (
        "归档.xls",
        bytes_of(b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\n--x"),
        "网页归档",
    ),
    "bytes before the zip": (
        "前.xlsx",
        lambda path: path.write_bytes(b"\x00\x01\x02" + make_xlsx(path, XLSX).read_bytes()),
        "",
    ),
    "picture": ("图.xls", bytes_of(b"\xff\xd8\xff\xe0" + os.urandom(3000)), "图片"),
    "random bytes": ("乱.xlsx", bytes_of(bytes(range(256)) * 40), "不是文字"),
    "a quote without an end": ("引.csv", bytes_of('甲,乙\n1,"2\n'.encode() + b"3,4\n" * 2000), "双引号"),
}


ALONE = frozenset(
    {"1,048,576 rows", "64,000 styles", "deep elements", "xls of 1997", "WPS named et", "xls named xlsx"}
    | {
        "ods with repeated rows",
        "locked xls",
        "xlsb of garbage",
        "a loop in the container",
        "cut xls",
        "200 sheets and one",
    }
)
"""Files that might take a process along: read by a child of their own, as the program does it."""


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Workbook | FileRefused]:
    """Every file read: those of :data:`ALONE` in a child each, the others by what runs inside the child."""
    folder = tmp_path_factory.mktemp("nasty")

    def read(name: str, file: str, make: Maker) -> Workbook | FileRefused:
        place = folder / re.sub(r"\W", "_", name)
        place.mkdir()
        make(place / file)
        try:
            return read_workbook(place / file, limits=LIMITS) if name in ALONE else read_here(place / file)
        except FileRefused as refusal:
            return refusal

    made = {name: (file, make) for name, (file, make, _words) in REFUSED.items()}
    return {name: read(name, *case) for name, case in {**GOOD, **made}.items()}


def read_here(path: Path) -> Workbook:
    """What the child does, without one; what it does not foresee fails the test."""
    stream = io.BytesIO()
    answer(path, LIMITS, stream)
    return read_answer(stream.getvalue(), path.name)


def test_there_are_enough_of_them() -> None:
    assert len(GOOD) + len(REFUSED) >= 50
    assert not GOOD.keys() & REFUSED.keys()


@pytest.mark.parametrize("name", GOOD)
def test_read_rightly(found: dict[str, Workbook | FileRefused], name: str) -> None:
    book = found[name]
    assert isinstance(book, Workbook), book
    assert book.sheets[0].rows == TABLE


@pytest.mark.parametrize("name", REFUSED)
def test_refused_with_a_reason(found: dict[str, Workbook | FileRefused], name: str) -> None:
    refusal, (file, _make, words) = found[name], REFUSED[name]
    assert isinstance(refusal, FileRefused), refusal
    assert file in refusal.message
    assert words in refusal.message
    assert re.search("[\u4e00-\u9fff]", refusal.message.replace(file, ""))
    assert "{" not in refusal.message


def test_cells_that_are_wrong_do_not_take_the_others_along(tmp_path: Path) -> None:
    cells = (
        '<c r="A1" t="什么"><v>x</v></c>', number("B1", "1"), '<c r="C1" t="d"><v>昨天</v></c>', number("D1", "7.50"),
        f'<c r="E1" t="inlineStr"><is><t>{"长" * 3_000_000}</t></is></c>', '<c r="F1" t="e"><v>#SPILL!</v></c>',
        text("G1", "末"),
    )  # fmt: skip
    (read,) = read_workbook(make_xlsx(tmp_path / "错.xlsx", sheet_xml(row(1, *cells)))).sheets[0].rows
    assert [isinstance(cell, CellProblem) for cell in read] == [True, False, True, False, True, True, False]
    assert (read[1], read[3], read[6]) == (1, Decimal("7.50"), "末")
    assert all(re.search("[\u4e00-\u9fff]", cell.reason) for cell in read if isinstance(cell, CellProblem))


def test_a_row_of_16384_cells_is_cut_and_told(tmp_path: Path) -> None:
    wide = "<row r='1'>" + "<c t='inlineStr'><is><t>x</t></is></c>" * 16_384 + "</row>"
    (sheet,) = read_workbook(make_xlsx(tmp_path / "宽.xlsx", sheet_xml(wide))).sheets
    assert (sheet.width, len(sheet.warnings)) == (512, 1)


def test_a_date_under_a_strict_workbook(tmp_path: Path) -> None:
    made = xlsx(sheet_xml(row(1, '<c r="A1" t="d"><v>2026-03-05</v></c>', number("B1", "46086", 1))))
    path = tmp_path / "严.xlsx"
    rewritten(path, made, STRICT)
    assert read_workbook(path).sheets[0].rows == [[date(2026, 3, 5), date(2026, 3, 5)]]


@pytest.mark.skipif(sys.platform == "win32", reason="links and pipes of POSIX")
def test_links_and_what_is_no_file(tmp_path: Path) -> None:
    make_xlsx(tmp_path / "真.xlsx", XLSX)
    (tmp_path / "链.xlsx").symlink_to(tmp_path / "真.xlsx")
    assert read_workbook(tmp_path / "链.xlsx").sheets[0].rows == TABLE
    (tmp_path / "断链.xlsx").symlink_to(tmp_path / "没有.xlsx")
    (tmp_path / "圈.xlsx").symlink_to(tmp_path / "圈.xlsx")
    os.mkfifo(tmp_path / "管.xlsx")
    for name in ("断链.xlsx", "圈.xlsx", "管.xlsx"):
        with pytest.raises(FileRefused, match=name):
            read_workbook(tmp_path / name)


def test_a_file_that_vanishes_while_it_is_read(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match=r"拔了\.xlsx"):
        read_here(tmp_path / "拔了.xlsx")


def test_pictures_beyond_the_limit_are_left_out_and_told(tmp_path: Path) -> None:
    sheet = XLSX.replace("</worksheet>", f"{DRAWING}</worksheet>")
    extra = {
        **drawing(1, [(1, 0, "a.png"), (2, 0, "b.png")]),
        "xl/media/a.png": b"1" * 600,
        "xl/media/b.png": b"2" * 600,
    }
    path = make_xlsx(tmp_path / "图.xlsx", sheet, extra=extra)
    (read,) = read_workbook(path, limits=ReadLimits(picture_bytes=1000)).sheets
    assert [(picture.row, picture.data) for picture in read.pictures] == [(2, b"1" * 600)]
    assert "有 1 张没有读入" in read.warnings[0]
