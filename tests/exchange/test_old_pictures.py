"""Pictures of .ods and .xls: two files that LibreOffice saved, and some made by hand to be wrong."""

from __future__ import annotations

import io
import random
import shutil
import struct
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from tests.exchange.biff import container
from tests.services.support import imported, new_book
from xiaobao_desktop.domain.ledgers import ledger
from xiaobao_desktop.exchange.errors import FileUnreadable
from xiaobao_desktop.exchange.readers import read_workbook
from xiaobao_desktop.exchange.sheets import ReadLimits, Sheet
from xiaobao_desktop.exchange.xls_pictures import XlsPictures
from xiaobao_desktop.services import attachments

DATA = Path(__file__).resolve().parents[1] / "data"
ODS, XLS = DATA / "pictures.ods", DATA / "pictures.xls"
RED, BLUE, GREEN, BLACK = (254, 0, 0), (0, 0, 255), (0, 128, 0), (0, 0, 0)
TRAINING = ledger("training")
MANIFEST = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'


def seen(sheet: Sheet) -> list[tuple[int, int, object]]:
    """Row, column and colour of each picture."""
    return [(one.row, one.column, Image.open(io.BytesIO(one.data)).getpixel((3, 3))) for one in sheet.pictures]


def test_pictures_of_an_ods_stand_at_their_cells_and_a_chart_is_none() -> None:
    first, second = read_workbook(ODS).sheets
    assert seen(first) == [(2, 3, RED), (3, 3, BLUE), (4, 3, RED)]
    assert seen(second) == [(2, 4, BLACK)]
    assert "有 1 张图片没有放在哪个单元格上" in "".join(first.warnings), "one lies on the page, not in a cell"


def test_pictures_of_an_xls_stand_at_their_cells_and_a_chart_is_none() -> None:
    first, second = read_workbook(XLS).sheets
    assert seen(first) == [(2, 3, RED), (3, 3, BLUE), (4, 3, RED), (4, 5, GREEN)]
    assert seen(second) == [(2, 4, BLACK)]
    assert first.warnings == ()


@pytest.mark.parametrize("file", [ODS, XLS], ids=["ods", "xls"])
def test_they_become_attachments_of_their_records(file: Path, tmp_path: Path) -> None:
    session = new_book(tmp_path / "book")
    _plan, result = imported(session, file, key="training")
    assert result.pictures == {ODS: 3, XLS: 4}[file]
    found = [attachments.list_of(session, TRAINING, record_id) for _key, record_id in result.changed]
    assert [len(entries) for entries in found] == {ODS: [1, 1, 1], XLS: [1, 1, 2]}[file]
    session.close()


@pytest.mark.parametrize(("file", "kept"), [(ODS, 1), (XLS, 1)], ids=["ods", "xls"])
def test_pictures_beyond_the_limit_are_left_out_and_told(file: Path, kept: int) -> None:
    sheet = read_workbook(file, limits=ReadLimits(picture_bytes=150)).sheets[0]
    assert len(sheet.pictures) == kept
    assert "没有读入，请另存后手工添加为附件" in "".join(sheet.warnings)


def an_ods(path: Path, body: str, pictures: dict[str, bytes]) -> Path:
    """An .ods with one sheet."""
    names = ("office", "table", "text", "draw")
    spaces = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in names)
    content = (
        f'<office:document-content {spaces} xmlns:xlink="http://www.w3.org/1999/xlink"><office:body>'
        f'<office:spreadsheet><table:table table:name="一">{body}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        made.writestr("content.xml", content)
        made.writestr("META-INF/manifest.xml", MANIFEST)
        for name, data in pictures.items():
            made.writestr(name, data)
    return path


def cell(text: str = "", more: str = "", name: str = "table-cell") -> str:
    value = f'office:value-type="string"><text:p>{text}</text:p>' if text else ">"
    return f"<table:{name} {value}{more}</table:{name}>"


def frame(*hrefs: str) -> str:
    images = "".join(f'<draw:image xlink:href="{href}"/>' for href in hrefs)
    return f"<draw:frame>{images}</draw:frame>"


def test_repeated_cells_and_rows_are_counted_and_drawings_give_way(tmp_path: Path) -> None:
    rows = (
        f"<table:table-row>{cell('日期')}{cell('主题')}{cell('照片')}</table:table-row>"
        f'<table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="9"/>'
        "</table:table-row>"
        f"<table:table-row>{cell('2026-03-01')}{cell('反诈')}"
        f"{cell('', frame('./Pictures/a.svg', './Pictures/a.png'))}</table:table-row>"
        f'<table:table-row><table:table-cell table:number-columns-repeated="3"/>'
        f"{cell('', frame('Pictures/b.png'), 'covered-table-cell')}</table:table-row>"
        f"<table:table-row>{cell('x', frame('Pictures/gone.png') + frame('../../etc/passwd'))}</table:table-row>"
    )
    path = an_ods(tmp_path / "a.ods", rows, {f"Pictures/{name}": name.encode() for name in ("a.svg", "a.png", "b.png")})
    (sheet,) = read_workbook(path).sheets
    assert [(one.row, one.column, one.name) for one in sheet.pictures] == [(4, 3, "a.png"), (5, 4, "b.png")]


def test_whatever_is_wrong_in_the_drawings_is_met(tmp_path: Path) -> None:
    """Bytes changed at random where the drawings are: pictures may be lost, nothing else goes wrong."""
    chance, whole = random.Random(7), XLS.read_bytes()
    path = tmp_path / "a.xls"
    read = 0
    for _turn in range(120):
        content = bytearray(whole)
        for _change in range(chance.randrange(1, 12)):
            content[chance.randrange(512, len(content))] = chance.randrange(256)
        path.write_bytes(bytes(content[: chance.choice((len(content), chance.randrange(600, len(content))))]))
        try:
            XlsPictures(path)
            read += 1
        except FileUnreadable:
            continue
    assert read > 20


def test_drawings_that_hold_each_other_end(tmp_path: Path) -> None:
    deep = b""
    for _level in range(400):
        deep = struct.pack("<HHI", 0xF, 0xF001, len(deep)) + deep
    stream = struct.pack("<HHHHHHII", 0x0809, 16, 0x0600, 5, 0, 0, 0, 0)
    stream += struct.pack("<HH", 0x00EB, len(deep)) + deep + struct.pack("<HH", 0x000A, 0)
    path = tmp_path / "深.xls"
    path.write_bytes(container("Workbook", stream))
    assert XlsPictures(path).placed == {}


def test_a_bitmap_gets_the_head_of_a_file(tmp_path: Path) -> None:
    """An .xls keeps a bitmap without it; a picture of 24 bits and one with a palette come out as they were."""
    for number, mode in enumerate(("RGB", "P")):
        image = Image.new("RGB", (5, 4), (10, 200, 30)).convert(mode)
        whole = io.BytesIO()
        image.save(whole, "BMP")
        path = tmp_path / f"{number}.xls"
        path.write_bytes(container("Workbook", a_workbook(whole.getvalue()[14:])))
        found = XlsPictures(path)
        ((placed,),) = found.placed.values()
        assert (placed.row, placed.column) == (3, 2)
        again = Image.open(io.BytesIO(found.read(placed.part)))
        assert again.convert("RGB").getpixel((2, 2)) == image.convert("RGB").getpixel((2, 2))


def a_workbook(bitmap: bytes) -> bytes:
    """The stream of a workbook with one sheet on which a bitmap lies at B3."""

    def part(kind: int, content: bytes, instance: int = 0, version: int = 0) -> bytes:
        return struct.pack("<HHI", instance << 4 | version, kind, len(content)) + content

    def record(kind: int, content: bytes = b"") -> bytes:
        return struct.pack("<HH", kind, len(content)) + content

    blip = part(0xF01F, b"\0" * 17 + bitmap, 0x7A8)
    store = part(0xF001, part(0xF007, b"\0" * 36 + blip, 7, 2), 1, 15)
    group = part(0xF000, store, 0, 15)
    options = part(0xF00B, struct.pack("<HI", 0x4104, 1), 1, 3)
    anchor = part(0xF010, struct.pack("<9H", 2, 1, 0, 2, 0, 2, 0, 4, 0))
    drawing = part(0xF002, part(0xF003, part(0xF004, options + anchor, 0, 15), 0, 15), 0, 15)
    start = struct.pack("<HHHHII", 0x0600, 5, 0, 0, 0, 0)
    first = record(0x0809, start)
    tail = record(0x00EB, group) + record(0x000A)
    listed = len(first) + 4 + 9 + len(tail)
    first += record(0x0085, struct.pack("<IBBBB", listed, 0, 0, 1, 0) + b"a") + tail
    return first + record(0x0809, start) + record(0x00EC, drawing) + record(0x000A)


def test_a_copy_named_otherwise_is_read_by_its_content(tmp_path: Path) -> None:
    path = tmp_path / "表.xlsx"
    shutil.copy(XLS, path)
    assert len(read_workbook(path).sheets[0].pictures) == 4
