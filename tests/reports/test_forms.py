"""Form sheets: what is printed can be read back, nothing is lost when it is long, Word says the same."""

from __future__ import annotations

import io
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from tests.reports.reading import METADATA, pages, word_text
from xiaobao_desktop.reports import outreach_sheet, sign_in
from xiaobao_desktop.reports.forms import Box, CellKind, FormCell, FormGrid, FormRow, Photo
from xiaobao_desktop.reports.outreach_sheet import OutreachSheetInput
from xiaobao_desktop.reports.pdf import write_pdf
from xiaobao_desktop.reports.sign_in import Signer, SignInInput

SHEET = SignInInput(
    number="PX-2026-0022",
    department="消费者权益保护部",
    topic="金融产品适当性管理专题培训",
    time="2026年11月18日14:30—17:00",
    place="总行三楼会议室",
    lecturer="",
    hours="3学时",
    groups=(Box("中高级管理人员"), Box("基层业务人员", ticked=True), Box("新入职人员")),
)
EVENT = OutreachSheetInput(
    number="XC-2026-0067",
    branch="青石支行",
    name="“金融知识进农村”集中宣传活动",
    time="2026年10月15日9:00—11:30",
    day="2026年10月15日",
    place="青石镇王家村文化广场",
    topic="防范电信网络诈骗、存款保险",
    campaigns=(Box("3·15宣传"), Box("常态化", ticked=True)),
    forms=(Box("外拓宣传", ticked=True),),
    venues=(Box("农村", ticked=True), Box("社区")),
    groups=(Box("老年人", ticked=True),),
    counters=(("参与员工", "8人次"), ("受众", "360人次"), ("发放资料", "500份"), ("解答咨询", "32人次")),
    content="青石支行在王家村文化广场设置宣传台1个，解答村民咨询32人次。",
    highlights="亮点：方言讲解。",
    attachments="现场照片6张（附后）",
)


def picture(width: int = 160, height: int = 120) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (width, height), (90, 120, 150)).save(stream, "JPEG")
    return stream.getvalue()


def test_an_empty_sign_in_sheet_has_forty_places(tmp_path: Path) -> None:
    (page,) = pages(sign_in.build(SHEET), tmp_path)
    for words in (
        "消费者权益保护培训签到表",
        "编号：PX-2026-0022",
        "主办部门：消费者权益保护部",
        "2026年11月18日14:30—17:00",
    ):
        assert words in page
    assert page.count("签名") == 2 + 1, "two heads and the note"
    assert "40" in page
    assert page.endswith("第1页共1页注：由本人签名，不得代签；线上培训以系统导出的签到记录代替，打印后附于本表之后。")


def test_a_long_topic_keeps_the_sheet_on_one_page(tmp_path: Path) -> None:
    assert len(pages(sign_in.build(replace(SHEET, topic="金融产品适当性管理专题培训" * 10)), tmp_path)) == 1


def test_more_people_than_places_take_more_sheets(tmp_path: Path) -> None:
    found = pages(sign_in.build(replace(SHEET, expected=81)), tmp_path)
    assert len(found) == 3
    assert "第3页共3页" in found[2]
    assert len(pages(sign_in.build(replace(SHEET, expected=80)), tmp_path)) == 2


def test_a_named_sheet_holds_everybody_once(tmp_path: Path) -> None:
    people = [Signer(f"王一{chr(0x4E00 + number)}", "高铁新区支行", "客户经理") for number in range(56)]
    people[3] = replace(people[3], remark="未到")
    document = sign_in.build(replace(SHEET, signers=people))
    first, second = pages(document, tmp_path)
    assert [first.count(person.name) for person in people[:40]] == [1] * 40
    assert [second.count(person.name) for person in people[40:]] == [1] * 16
    assert first.count("未到") == 1
    in_word = word_text(document)
    assert [in_word.count(person.name) for person in people] == [1] * 56


def test_the_outreach_sheet_with_photos(tmp_path: Path) -> None:
    photos = tuple(Photo(picture(160, 120 if number % 2 else 240), f"现场{number}") for number in range(8))
    document = outreach_sheet.build(replace(EVENT, photos=photos))
    first, second = pages(document, tmp_path)
    for words in (EVENT.name, EVENT.place, "8人次", "360人次", "活动内容", EVENT.highlights, "现场照片6张（附后）"):
        assert words in first
    assert first.index("活") < first.index("第1页共2页")
    assert "宣传教育活动现场照片" in second
    assert [f"图{number}现场{number - 1}" in second for number in range(1, 8)] == [True] * 6 + [False]
    listed = subprocess.run(
        ["pdfimages", "-list", str(tmp_path / "read.pdf")], check=True, capture_output=True, encoding="utf-8"
    ).stdout
    assert listed.count("jpeg") == 6, "JPEG files go in as they are"


def test_without_photos_there_is_one_page(tmp_path: Path) -> None:
    assert len(pages(outreach_sheet.build(EVENT), tmp_path)) == 1


@pytest.mark.parametrize("length", [600, 3000])
def test_a_long_story_goes_on_and_loses_nothing(length: int, tmp_path: Path) -> None:
    story = "".join(chr(0x4E00 + number) for number in range(length))
    document = outreach_sheet.build(replace(EVENT, content=story))
    found = pages(document, tmp_path)
    printed = "".join(found)
    missing = [char for char in story if char not in printed]
    assert len(missing) <= 3, "glyphs that pdftotext writes as another character of the same shape"
    assert f"第{len(found)}页共{len(found)}页" in found[-1]
    assert "填报日期" in found[-1]
    assert story in word_text(document)


def test_a_row_that_does_not_fill_its_columns_is_a_mistake() -> None:
    cell = FormCell("名称", CellKind.LABEL)
    with pytest.raises(ValueError, match="row 2 fills 1 of 2 columns"):
        FormGrid((80, 86), (FormRow((cell, cell), 20), FormRow((cell,), 20)))
    FormGrid((80, 86), (FormRow((FormCell(rows=2), cell), 20), FormRow((cell,), 20)))


def test_the_same_sheet_gives_the_same_bytes() -> None:
    first, second = io.BytesIO(), io.BytesIO()
    for stream in (first, second):
        write_pdf(sign_in.build(SHEET), stream, metadata=METADATA)
    assert first.getvalue() == second.getvalue()


def test_boxes_are_ticked_in_word() -> None:
    text = word_text(sign_in.build(SHEET))
    assert "□中高级管理人员☑基层业务人员□新入职人员" in text
