from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import zipfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from tests.exchange.nasty import make_ods, make_xlsx, number, row, sheet_xml, text, texts
from xiaobao_desktop.exchange import reader_process
from xiaobao_desktop.exchange.errors import (
    EncodingUnknown,
    FileEmpty,
    FileEncrypted,
    FileHostile,
    FileMissing,
    FileRefused,
    FileTimeout,
    FileTooLarge,
    FileUnreadable,
    NotAWorkbook,
    ReadCancelled,
    ReaderNotStarted,
)
from xiaobao_desktop.exchange.readers import read_workbook
from xiaobao_desktop.exchange.sheets import (
    Cell,
    CellProblem,
    MergedRange,
    ReadLimits,
    column_letters,
    split_range,
    split_reference,
)

DATA = Path(__file__).parents[1] / "data"
SHARED = Path(__file__).parents[3] / "shared" / "data"


def first_rows(path: Path) -> list[list[Cell]]:
    return read_workbook(path).sheets[0].rows


def refused(path: Path, kind: type[FileRefused], words: str = "") -> None:
    with pytest.raises(kind) as caught:
        read_workbook(path)
    assert path.name in str(caught.value)
    assert words in str(caught.value)
    assert "{" not in str(caught.value)


# --- the ledger as banks keep it -------------------------------------------------------------------------------------


def test_ledger_cells_are_exact() -> None:
    book = read_workbook(DATA / "complaint-ledger.xlsx")
    (sheet,) = book.sheets
    rows = dict(zip(sheet.row_numbers, sheet.rows, strict=True))
    assert (book.format, sheet.name, sheet.hidden, sheet.width) == ("xlsx", "投诉台账", False, 16)
    assert len(rows) == 146  # 149 rows less the blank ones: 45, 96 and 148
    assert rows[6] == [
        2, date(2025, 1, 10), "人民银行转办", "董春䶮", 17171708598, "410122198401134795", "柳林支行", "支付结算",
        "账户管理",
        "因服务态度及服务质量引起的投诉", "客户反映账户被限制非柜面交易，柳林支行未说明解除办法。", "2025-02-28",
        "已向客户解释说明，客户表示理解", "是", "基本满意",
    ]  # fmt: skip
    assert rows[44][3] == "郑玉𬱖"
    assert rows[5][4] == 15590302945
    assert rows[13][11] == 45709
    assert rows[144][1] == "2026.2.30"
    assert MergedRange(3, 16, 4, 16) in sheet.merged
    assert len(sheet.merged) == 5  # "O3" alone is no merge
    assert sheet.warnings == ()


def shared_workbooks() -> list[Path]:
    return sorted((SHARED / "workbooks").glob("*")) if SHARED.is_dir() else []


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared is not here")
@pytest.mark.parametrize("path", shared_workbooks(), ids=lambda path: path.name)
def test_workbooks_of_other_programs_agree_with_calamine(path: Path) -> None:
    import python_calamine

    book = read_workbook(path)
    if book.format == "text":
        assert [row[0] for row in book.sheets[0].rows] == ["姓名", *(f"姓名{place}" for place in range(10))]
        return
    other = python_calamine.load_workbook(str(path))
    assert [sheet.name for sheet in book.sheets] == other.sheet_names
    for sheet in book.sheets:
        theirs = other.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
        for index, cells in zip(sheet.row_numbers, sheet.rows, strict=True):
            for place, cell in enumerate(cells):
                assert comparable(cell) == comparable(theirs[index - 1][place]), (sheet.name, index, place)


def comparable(cell: object) -> object:
    if isinstance(cell, (int, float, Decimal)) and not isinstance(cell, bool):
        return round(float(cell), 9)
    if isinstance(cell, date) and not isinstance(cell, datetime):
        return datetime.combine(cell, datetime.min.time())
    return "" if cell is None or isinstance(cell, CellProblem) else cell


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared is not here")
def test_a_big_real_workbook_is_read_whole() -> None:
    (sheet,) = read_workbook(SHARED / "messages-with-replies.xlsx").sheets
    assert (len(sheet.rows), sheet.width) == (2817, 7)


# --- values -----------------------------------------------------------------------------------------------------------


def test_numbers_stay_exact(tmp_path: Path) -> None:
    values = ("15590302945", "12.50", "0.30000000000000004", "4.10121200211075E+17", "410121200211074852", "-3", "1E3")
    cells = [number(f"{column_letters(place)}1", value) for place, value in enumerate(values, 1)]
    (read,) = first_rows(make_xlsx(tmp_path / "数.xlsx", sheet_xml(row(1, *cells))))
    assert read == [
        15590302945, Decimal("12.50"), Decimal("0.3"), 410121200211075000, 410121200211074852, -3, 1000,
    ]  # fmt: skip
    assert str(read[1]) == "12.50"


def test_numbers_that_are_none_are_problems(tmp_path: Path) -> None:
    values = ("abc", "1E999999999", "NaN", "Infinity")
    cells = [number(f"{column_letters(place)}1", value) for place, value in enumerate(values, 1)]
    (read,) = first_rows(make_xlsx(tmp_path / "数.xlsx", sheet_xml(row(1, *cells))))
    assert all(isinstance(cell, CellProblem) for cell in read)
    assert len(read) == 4


def test_dates_by_format(tmp_path: Path) -> None:
    cells = [
        number("A1", "46086", 1), number("B1", "46086", 2), number("C1", "46086.385416667", 3), number("D1", "46086"),
        number("E1", "0.385416667", 4), number("F1", "46086", 5), number("G1", "0", 1), number("H1", "60", 1),
        '<c r="I1" t="d"><v>2026-03-05T09:15:00</v></c>', number("J1", "9999999", 1), number("K1", "59", 1),
    ]  # fmt: skip
    (read,) = first_rows(make_xlsx(tmp_path / "日.xlsx", sheet_xml(row(1, *cells))))
    assert read[:6] == [
        date(2026, 3, 5), date(2026, 3, 5), datetime.fromisoformat("2026-03-05T09:15"), 46086, "09:15", 46086,
    ]  # fmt: skip
    assert isinstance(read[6], CellProblem)
    assert isinstance(read[7], CellProblem)
    assert read[8] == datetime.fromisoformat("2026-03-05T09:15")
    assert isinstance(read[9], CellProblem)
    assert read[10] == date(1900, 2, 28)


def test_dates_counted_from_1904(tmp_path: Path) -> None:
    path = make_xlsx(tmp_path / "1904.xlsx", sheet_xml(row(1, number("A1", "44624", 1))), date_1904=True)
    (sheet,) = read_workbook(path).sheets
    assert sheet.rows == [[date(2026, 3, 5)]]
    assert sheet.date_1904


def test_error_cells_and_formulas_say_why(tmp_path: Path) -> None:
    cells = (
        '<c r="A1" t="e"><f>VLOOKUP(1,B:C,2)</f><v>#N/A</v></c><c r="B1"><f>1+1</f></c>'
        '<c r="C1" t="str"><f>A1</f><v></v></c><c r="D1"><f>1+1</f><v>2</v></c><c r="E1" t="b"><v>1</v></c>'
        '<c r="F1" t="str"><f>x</f><v>=DISPIMG("ID_1",1)</v></c>'
    )
    (read,) = first_rows(make_xlsx(tmp_path / "错.xlsx", sheet_xml(row(1, cells))))
    assert read[0] == CellProblem("公式没有查到对应的值（#N/A）", "#N/A")
    assert isinstance(read[1], CellProblem)
    assert "保存一次" in read[1].reason
    assert read[2:5] == [None, 2, True]
    assert isinstance(read[5], CellProblem)
    assert "图片" in read[5].reason


def test_shared_texts_without_phonetic_help(tmp_path: Path) -> None:
    shared = "<si><r><t>张</t></r><r><t>三</t></r><rPh><t>zhang</t></rPh></si><si><t>a_x000D_\nb_x0000_</t></si>"
    sheet = sheet_xml(row(1, '<c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"/>'))
    assert first_rows(make_xlsx(tmp_path / "共.xlsx", sheet, shared=shared)) == [["张三", "a\nb"]]


def test_hidden_rows_columns_and_sheets(tmp_path: Path) -> None:
    first = sheet_xml(
        texts(1, "甲", "乙") + texts(2, "1", "2", hidden=True) + '<row r="3" hidden="1"><c r="A3" s="1"/></row>',
        columns='<cols><col min="2" max="16384" hidden="1"/></cols>',
    )
    book = read_workbook(make_xlsx(tmp_path / "藏.xlsx", first, first, states=("visible", "veryHidden")))
    sheet = book.sheets[0]
    assert sheet.hidden_rows == {2}
    assert 2 in sheet.hidden_columns
    assert 1 not in sheet.hidden_columns
    assert [part.hidden for part in book.sheets] == [False, True]


def test_phantom_rows_are_skipped(tmp_path: Path) -> None:
    ghosts = "".join(f'<row r="{index}"><c r="A{index}" s="1"/></row>' for index in range(3, 3000))
    path = make_xlsx(tmp_path / "空.xlsx", sheet_xml(texts(1, "甲") + texts(2, "1") + ghosts + texts(3000, "　 ")))
    assert read_workbook(path).sheets[0].row_numbers == [1, 2]


def test_private_use_characters_are_told(tmp_path: Path) -> None:
    (sheet,) = read_workbook(make_xlsx(tmp_path / "造.xlsx", sheet_xml(texts(1, "张\ue123")))).sheets
    assert "A1" in sheet.warnings[0]
    assert sheet.rows == [["张\ue123"]]


def test_prefixed_names_and_missing_references(tmp_path: Path) -> None:
    sheet = (
        '<x:worksheet xmlns:x="http://purl.oclc.org/ooxml/spreadsheetml/main"><x:sheetData><x:row>'
        '<x:c t="inlineStr"><x:is><x:t>甲</x:t></x:is></x:c><x:c><x:v>7</x:v></x:c></x:row></x:sheetData></x:worksheet>'
    )
    assert first_rows(make_xlsx(tmp_path / "x.xlsx", sheet)) == [["甲", 7]]


# --- hostile and damaged files ---------------------------------------------------------------------------------------


def test_zip_bomb_by_ratio(tmp_path: Path) -> None:
    bomb = make_xlsx(tmp_path / "弹.xlsx", sheet_xml(""), extra={"xl/media/a": b"\0" * (40 * 1024 * 1024)})
    refused(bomb, FileHostile, "倍")


def test_zip_unpacking_too_much(tmp_path: Path) -> None:
    path = make_xlsx(tmp_path / "大.xlsx", sheet_xml(texts(1, "甲")), extra={"xl/media/a": os.urandom(3_000_000)})
    with pytest.raises(FileTooLarge):
        read_workbook(path, limits=ReadLimits(unpacked_bytes=2_000_000))


def test_zip_that_lies_about_its_size(tmp_path: Path) -> None:
    path = make_xlsx(tmp_path / "谎.xlsx", sheet_xml(texts(1, "甲")), extra={"xl/sharedStrings.xml": b" " * 5_000_000})
    size, lie = (5_000_000).to_bytes(4, "little"), (100).to_bytes(4, "little")
    path.write_bytes(path.read_bytes().replace(size, lie))
    refused(path, FileUnreadable)


def test_zip_with_too_many_parts(tmp_path: Path) -> None:
    extra = {f"xl/media/{index}": b"" for index in range(1001)}
    refused(make_xlsx(tmp_path / "多.xlsx", sheet_xml(""), extra=extra), FileTooLarge, "个部件")


def test_far_cell_costs_nothing(tmp_path: Path) -> None:
    far = row(1_048_576, '<c r="XFD1048576" s="1"/>')
    path = make_xlsx(tmp_path / "远.xlsx", sheet_xml(texts(1, "甲", "乙") + texts(2, "1", "2") + far))
    started = time.monotonic()
    assert first_rows(path) == [["甲", "乙"], ["1", "2"]]
    assert time.monotonic() - started < 10


def test_far_cell_with_a_value_is_left_out_and_told(tmp_path: Path) -> None:
    path = make_xlsx(tmp_path / "远.xlsx", sheet_xml(texts(1, "甲") + row(1_048_576, number("XFD1048576", "1"))))
    (sheet,) = read_workbook(path).sheets
    assert sheet.rows == [["甲"]]
    assert "XFD1048576" in sheet.warnings[0]


def test_far_row_with_a_value_is_one_row(tmp_path: Path) -> None:
    path = make_xlsx(tmp_path / "远.xlsx", sheet_xml(texts(1, "甲") + texts(1_048_576, "尾")))
    assert read_workbook(path).sheets[0].row_numbers == [1, 1_048_576]


def test_merge_over_the_whole_sheet(tmp_path: Path) -> None:
    path = make_xlsx(tmp_path / "并.xlsx", sheet_xml(texts(1, "甲"), merges=("A1:XFD1048576",)))
    assert read_workbook(path).sheets[0].merged == (MergedRange(1, 1, 1_048_576, 16_384),)


BILLION = "".join(f'<!ENTITY l{level} "{"&l" + str(level - 1) + ";"}">' for level in range(1, 10))


@pytest.mark.parametrize(
    "doctype",
    [
        f'<!DOCTYPE x [<!ENTITY l0 "lol">{BILLION}]>',
        '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE x SYSTEM "http://127.0.0.1/x.dtd">',
    ],
    ids=["bomb", "file", "dtd"],
)
def test_entities_are_refused(tmp_path: Path, doctype: str) -> None:
    body = row(1, '<c r="A1" t="inlineStr"><is><t>&l9;&f;</t></is></c>')
    refused(make_xlsx(tmp_path / "实体.xlsx", sheet_xml(body, doctype=doctype)), FileHostile, "实体")


@pytest.mark.parametrize("keep", [0.1, 0.5, 0.9, 0.999])
def test_truncated_zip(tmp_path: Path, keep: float) -> None:
    whole = (DATA / "complaint-ledger.xlsx").read_bytes()
    path = tmp_path / "半.xlsx"
    path.write_bytes(whole[: int(len(whole) * keep)])
    refused(path, FileUnreadable)


def test_damaged_part(tmp_path: Path) -> None:
    data = bytearray((DATA / "complaint-ledger.xlsx").read_bytes())
    with zipfile.ZipFile(DATA / "complaint-ledger.xlsx") as packed:
        offset = packed.getinfo("xl/worksheets/sheet1.xml").header_offset
    data[offset + 2000 : offset + 2010] = b"\xff" * 10
    path = tmp_path / "坏.xlsx"
    path.write_bytes(bytes(data))
    refused(path, FileUnreadable)


@pytest.mark.parametrize(
    "rows",
    [
        "<row r='1'><c r='A1'>",
        '<row r="1"><c r="A0"><v>1</v></c></row>',
        '<row r="1"><c r="ZZZZ1"><v>1</v></c></row>',
        '<row r="1"><c r="A1" t="s"><v>7</v></c></row>',
        '<row r="2"/><row r="1"/>',
        '<row r="99999999"/>',
        '<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row>',
    ],
    ids=["cut", "row 0", "far letters", "no shared text", "rows backwards", "row beyond", "cells backwards"],
)
def test_sheets_that_make_no_sense(tmp_path: Path, rows: str) -> None:
    refused(make_xlsx(tmp_path / "乱.xlsx", sheet_xml(rows)), FileUnreadable)


def test_missing_part(tmp_path: Path) -> None:
    path = make_xlsx(tmp_path / "缺.xlsx", sheet_xml(""))
    bare = tmp_path / "缺件.xlsx"
    with zipfile.ZipFile(path) as whole, zipfile.ZipFile(bare, "w") as packed:
        for name in whole.namelist():
            if "sheet1" not in name:
                packed.writestr(name, whole.read(name))
    refused(bare, FileUnreadable, "缺少")


def ole(path: Path, *streams: str) -> Path:
    names = b"".join(name.encode("utf-16-le") for name in streams)
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + names + b"\0" * 512)
    return path


def test_office_containers(tmp_path: Path) -> None:
    refused(ole(tmp_path / "密.xlsx", "EncryptionInfo", "EncryptedPackage"), FileEncrypted, "密码")
    refused(ole(tmp_path / "文.xls", "WordDocument"), NotAWorkbook, "Word")
    refused(ole(tmp_path / "坏.xls", "Workbook"), FileUnreadable)


def test_zip_with_password(tmp_path: Path) -> None:
    path = make_xlsx(tmp_path / "锁.xlsx", sheet_xml(""))
    data = bytearray(path.read_bytes())
    place = data.find(b"PK\x01\x02")
    data[place + 8] |= 1
    path.write_bytes(bytes(data))
    refused(path, FileEncrypted)


def test_a_very_long_cell_is_a_problem_and_the_rest_is_read(tmp_path: Path) -> None:
    (read,) = first_rows(make_xlsx(tmp_path / "长.xlsx", sheet_xml(texts(1, "长" * 100_000, "乙"))))
    assert isinstance(read[0], CellProblem)
    assert "100000 个字" in read[0].reason
    assert read[1] == "乙"


def test_more_cells_than_allowed(tmp_path: Path) -> None:
    path = make_xlsx(tmp_path / "格.xlsx", sheet_xml("".join(texts(index, "1", "2") for index in range(1, 60))))
    with pytest.raises(FileTooLarge):
        read_workbook(path, limits=ReadLimits(cells=100))


@pytest.mark.parametrize(
    ("content", "kind", "words"),
    [
        (b"", FileEmpty, ""),
        (b"  \r\n\t ", FileEmpty, ""),
        (b"%PDF-1.7 x", NotAWorkbook, "PDF"),
        (b"\x89PNG\r\n\x1a\n....", NotAWorkbook, "图片"),
        (b"Rar!\x1a\x07", NotAWorkbook, "压缩包"),
        (b"PK\x05\x06" + b"\0" * 18, NotAWorkbook, "压缩包"),
        (b"MZ\x90\0", NotAWorkbook, "程序"),
        ("姓名,电\0话\n张,1\n".encode(), NotAWorkbook, "文字"),
        (b"\x01\x02\x03\x04binary", NotAWorkbook, "文字"),
        (b"\xff\xfe\x00\xd8\x00", EncodingUnknown, "不符"),
        ("姓名,编号\n张\ue5e5,1\n".encode(), EncodingUnknown, "认不出的字"),
        ("姓名\n张三\n".encode("gb18030") + b"\xff\xff", EncodingUnknown, "GB18030"),
        ('姓名,内容\n张,"没有结束\n李,好\n'.encode(), FileUnreadable, "双引号"),
        ("<html><body>没有</body></html>".encode(), NotAWorkbook, "没有表格"),
        (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', FileUnreadable, ""),
    ],
)
def test_files_that_are_no_tables(tmp_path: Path, content: bytes, kind: type[FileRefused], words: str) -> None:
    path = tmp_path / "文件.xls"
    path.write_bytes(content)
    refused(path, kind, words)


def test_word_file_and_plain_zip(tmp_path: Path) -> None:
    from docx import Document

    Document().save(str(tmp_path / "文.xlsx"))
    refused(tmp_path / "文.xlsx", NotAWorkbook, "Word")
    with zipfile.ZipFile(tmp_path / "包.xlsx", "w") as packed:
        packed.writestr("a.txt", "1")
    refused(tmp_path / "包.xlsx", NotAWorkbook, "压缩包")


def test_missing_file_folder_and_size(tmp_path: Path) -> None:
    refused(tmp_path / "没有.xlsx", FileMissing)
    refused(tmp_path, NotAWorkbook, "文件夹")
    big = tmp_path / "大.csv"
    with big.open("wb") as stream:
        stream.truncate(21 * 1024 * 1024)
    refused(big, FileTooLarge, "21 MB")


# --- text and HTML ---------------------------------------------------------------------------------------------------

TABLE = '姓名,证件号,内容\r\n董春䶮,="410122198401134795","一行\n又一行，""引""号"\r郑玉𬱖,\t00123\t,\n\n末,1,2'
READ: list[list[Cell]] = [
    ["姓名", "证件号", "内容"],
    ["董春䶮", "410122198401134795", '一行\n又一行，"引"号'],
    ["郑玉𬱖", "00123"],
    ["末", "1", "2"],
]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-be", "utf-16-le-with-mark", "utf-32"]
)
def test_text_in_every_encoding_with_mixed_line_ends(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "名单.xls"
    if encoding == "utf-16-le-with-mark":
        path.write_bytes(b"\xff\xfe" + TABLE.encode("utf-16-le"))
    elif encoding == "utf-16-be":
        path.write_bytes(b"\xfe\xff" + TABLE.encode("utf-16-be"))
    else:
        path.write_bytes(TABLE.encode(encoding))
    book = read_workbook(path)
    assert book.format == "text"
    assert book.sheets[0].rows == READ
    assert book.sheets[0].row_numbers == [1, 2, 3, 5]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_mark(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "无标.csv"
    path.write_bytes("name,id\nWang,1\n".encode(encoding))
    assert first_rows(path) == [["name", "id"], ["Wang", "1"]]


@pytest.mark.parametrize("mark", [",", "\t", ";", "|"])
def test_delimiters(tmp_path: Path, mark: str) -> None:
    path = tmp_path / "分隔.csv"
    path.write_text(f"甲{mark}乙{mark}丙\n1{mark}2{mark}3\n", encoding="utf-8")
    assert first_rows(path) == [["甲", "乙", "丙"], ["1", "2", "3"]]


def test_rare_gb18030_characters_get_their_own_place(tmp_path: Path) -> None:
    path = tmp_path / "生僻.csv"
    path.write_bytes("姓名,备注\n张".encode("gb18030") + b"\xfe\x59,1\n")
    assert first_rows(path)[1] == ["张龴", "1"]


def test_html_named_xls(tmp_path: Path) -> None:
    page = (
        '<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312"><style>td{}</style></head>'
        "<table><tr><th rowspan=2>序号</th><th colspan='2'>投诉人&nbsp;</th></tr><tr><th>姓名</th><th>电话</th></tr>"
        "<tr><td>1<td>董春䶮<br>又名<td>017171708598</tr>"
        "<tr style='DISPLAY: none'><td>2</td><td>&lt;乙&gt;</td><td></td></tr></table></html>"
    )
    path = tmp_path / "导出.xls"
    path.write_bytes(page.encode("gb18030"))
    book = read_workbook(path)
    (sheet,) = book.sheets
    assert book.format == "html"
    assert sheet.rows == [
        ["序号", "投诉人"], [None, "姓名", "电话"], ["1", "董春䶮\n又名", "017171708598"], ["2", "<乙>"],
    ]  # fmt: skip
    assert sheet.merged == (MergedRange(1, 1, 2, 1), MergedRange(1, 2, 1, 3))
    assert sheet.hidden_rows == {4}


def test_html_with_absurd_spans(tmp_path: Path) -> None:
    path = tmp_path / "跨.xls"
    path.write_text(
        "<table><tr><td rowspan=99999999 colspan=99999999>甲</td><td>乙</td></tr></table>", encoding="utf-8"
    )
    assert first_rows(path) == [["甲"]]


# --- the child process -----------------------------------------------------------------------------------------------


def test_a_dying_child_is_a_refusal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make_xlsx(tmp_path / "死.xlsx", sheet_xml(texts(1, "甲")))
    script = "import os, sys; sys.stdout.write('[1,[\"half'); sys.stdout.flush(); os.abort()"
    monkeypatch.setattr(reader_process, "child_command", lambda: [sys.executable, "-c", script])
    refused(path, FileHostile, "停住")


def test_a_slow_child_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make_xlsx(tmp_path / "慢.xlsx", sheet_xml(texts(1, "甲")))
    monkeypatch.setattr(reader_process, "child_command", lambda: [sys.executable, "-c", "import time; time.sleep(60)"])
    started = time.monotonic()
    with pytest.raises(FileTimeout, match="超过 1 秒"):
        read_workbook(path, limits=ReadLimits(seconds=1))
    with pytest.raises(ReadCancelled):
        read_workbook(path, cancelled=lambda: True)
    assert time.monotonic() - started < 10


def test_a_child_that_cannot_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make_xlsx(tmp_path / "无.xlsx", sheet_xml(texts(1, "甲")))
    monkeypatch.setattr(reader_process, "child_command", lambda: [str(tmp_path / "no such program")])
    with pytest.raises(ReaderNotStarted):
        read_workbook(path)


@pytest.mark.skipif(sys.platform == "win32", reason="address space is limited on POSIX only")
def test_memory_is_limited(tmp_path: Path) -> None:
    many = "".join(f"<si><t>{index:030d}</t></si>" for index in range(1_000_000))
    path = make_xlsx(tmp_path / "忆.xlsx", sheet_xml(texts(1, "甲")), shared=many)
    with pytest.raises(FileTooLarge, match="内存"):
        read_workbook(path, limits=ReadLimits(memory_bytes=100 * 1024 * 1024))


def test_frozen_program_starts_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert reader_process.child_command() == [sys.executable, "--read-workbook-child"]


def test_the_child_runs_from_any_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_xlsx(tmp_path / "中文 空格.xlsx", sheet_xml(texts(1, "甲")))
    monkeypatch.chdir(tmp_path)
    assert first_rows(Path("中文 空格.xlsx")) == [["甲"]]


def test_excel_libraries_stay_out_of_the_program() -> None:
    script = (
        "import sys\nfrom pathlib import Path\nfrom xiaobao_desktop.exchange.readers import read_workbook\n"
        f"read_workbook(Path({str(DATA / 'complaint-ledger.xlsx')!r}))\n"
        "print(sorted({'python_calamine', 'openpyxl', 'lxml', 'zipfile'} & set(sys.modules)))"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", script], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# --- references ------------------------------------------------------------------------------------------------------


def test_references() -> None:
    assert split_reference("$P$144") == (144, 16)
    assert split_range("B3:A1") == MergedRange(1, 1, 3, 2)
    assert [column_letters(column) for column in (1, 26, 27, 16_384)] == ["A", "Z", "AA", "XFD"]
    for bad in ("", "A", "1", "A0", "XFE1", "A1048577", "AAAA1", "A1B", "É1"):
        with pytest.raises(ValueError, match=f"^{bad}$"):
            split_reference(bad)


@pytest.mark.parametrize("name", ["表.ods", "表.xls"])
def test_open_document_whatever_its_name(tmp_path: Path, name: str) -> None:
    cells = (
        '<table:table-cell office:value-type="string"><text:p>董春䶮</text:p></table:table-cell>'
        '<table:table-cell office:value-type="float" office:value="15590302945"/>'
        '<table:table-cell office:value-type="date" office:date-value="2026-03-05"/>'
    )
    path = make_ods(tmp_path / name, f"<table:table-row>{cells}</table:table-row>")
    book = read_workbook(path)
    assert book.format == "ods"
    assert book.sheets[0].rows == [["董春䶮", 15590302945, date(2026, 3, 5)]]
    assert "隐藏" in book.warnings[0]


@pytest.mark.skipif(sys.platform == "win32", reason="signals are a POSIX thing")
def test_processor_time_is_told_as_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make_xlsx(tmp_path / "忙.xlsx", sheet_xml(texts(1, "甲")))
    script = f"import os; os.kill(os.getpid(), {int(signal.SIGXCPU)})"
    monkeypatch.setattr(reader_process, "child_command", lambda: [sys.executable, "-c", script])
    refused(path, FileTimeout)


def test_text_of_a_cell_with_markup(tmp_path: Path) -> None:
    cells = (
        text("A1", "a<b & c>d")
        + '<c r="B1" t="inlineStr"><is><r><t xml:space="preserve">前 </t></r><r><t>后</t></r></is></c>'
    )
    assert first_rows(make_xlsx(tmp_path / "标.xlsx", sheet_xml(row(1, cells)))) == [["a<b & c>d", "前 后"]]


@pytest.mark.skipif(sys.platform == "win32", reason="address space is limited on POSIX only")
def test_open_document_with_a_far_cell_cannot_take_the_machine(tmp_path: Path) -> None:
    cell = '<table:table-cell office:value-type="float" office:value="1"/>'
    rows = (
        '<table:table-row table:number-rows-repeated="1048575">'
        f'<table:table-cell table:number-columns-repeated="16383"/>{cell}</table:table-row>'
        f"<table:table-row>{cell}</table:table-row>"
    )
    started = time.monotonic()
    with pytest.raises(FileRefused):
        read_workbook(make_ods(tmp_path / "远.ods", rows), limits=ReadLimits(seconds=20))
    assert time.monotonic() - started < 25
