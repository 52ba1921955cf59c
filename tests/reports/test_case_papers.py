"""Papers of one complaint: one sheet, whatever is in it; nothing lost; what letters say; Word says the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tests.reports.case_sample import CONTENT, FACTS
from tests.reports.reading import pages, word_text
from xiaobao_desktop.reports import case_archive, case_forms, case_letters, case_sheet
from xiaobao_desktop.reports.case_archive import Archive, Entry
from xiaobao_desktop.reports.case_facts import CaseFacts, placeholder_values
from xiaobao_desktop.reports.case_letters import Letter
from xiaobao_desktop.reports.document import Document
from xiaobao_desktop.reports.letter_text import compose

LETTERS = {
    "reply": case_letters.REPLY,
    "extension": case_letters.EXTENSION,
    "not-ours": case_letters.NOT_OURS,
    "review": case_letters.REVIEW,
    "withdrawal": case_letters.WITHDRAWAL,
}
ARCHIVE = Archive(
    bank="某某农村商业银行",
    title="韩㛃䶮关于柳河支行代理保险的投诉",
    number="TS-2026-0313",
    category="代理保险",
    span="2026年10月13日至2026年10月30日",
    department="零售金融部、柳河支行",
    year="2026",
    archive_number="XB·2026·D10·0018",
    retention="5年",
    keeper="李一",
    day="2026年11月2日",
)


def letter(kind: Letter, facts: CaseFacts = FACTS) -> Document:
    """A letter with the shipped words."""
    paragraphs = compose(kind.template, kind.title, placeholder_values(facts)).paragraphs
    return case_letters.build(kind, facts, paragraphs, "2026年10月26日")


def with_texts(texts: Mapping[str, str]) -> CaseFacts:
    """The invented case with other texts in some of its fields."""
    return CaseFacts(**{**vars(FACTS), **texts})


def request(name: str, facts: CaseFacts = FACTS) -> tuple[str, ...]:
    return compose(name, name, placeholder_values(facts)).paragraphs


def test_the_sheet_holds_the_case_on_one_page(tmp_path: Path) -> None:
    (page,) = pages(case_sheet.build(FACTS), tmp_path)
    for words in (
        "消费投诉登记处理单",
        "编号：TS-2026-0313",
        "2026年10月13日10:05",
        "韩㛃䶮",
        "18700000469",
        "未采集",
        CONTENT[:30],
        "𬱖某",
        "15/30/60日",
        "第13日",
        "15日届满",
        "刘某11月10日",
        "承办人意见",
        "分管领导意见",
        "第1页共1页",
    ):
        assert words in page, words
    assert page.count("签字：") == 3
    assert page.count("年月日") == 3


def test_an_empty_sheet_is_a_form_to_fill_by_hand(tmp_path: Path) -> None:
    (page,) = pages(case_sheet.build(CaseFacts(nodes=FACTS.nodes, extensions=FACTS.extensions)), tmp_path)
    assert "投诉内容" in page
    assert "None" not in page


@pytest.mark.parametrize("field", ["content", "inquiry", "decision"])
def test_a_long_text_goes_on_to_a_second_sheet_and_nothing_is_lost(field: str, tmp_path: Path) -> None:
    text = "".join(f"第{number:03d}句，内容。" for number in range(220))
    assert len(text) > 1900
    first, *rest = pages(case_sheet.build(with_texts({field: text})), tmp_path)
    assert "……（全文见附页）" in first
    assert "分管领导意见" in first, "the signatures stay on the first sheet"
    assert "归档日期" in first
    assert len(rest) == 2
    assert all("消费投诉登记处理单（附页）" in page for page in rest)
    whole = "".join(rest)
    assert [number for number in range(220) if f"第{number:03d}句" not in whole] == []


def test_all_texts_long_still_leave_one_signed_sheet(tmp_path: Path) -> None:
    fields = ("content", "request", "inquiry", "basis", "decision")
    long = {name: "，".join(f"见{start}{number:03d}" for number in range(150)) for start, name in enumerate(fields, 1)}
    first, *rest = pages(case_sheet.build(with_texts(long)), tmp_path)
    assert first.count("……（全文见附页）") == 5
    assert "归档日期" in first
    whole = "".join(rest)
    assert [mark for text in long.values() for mark in text.replace("见", "").split("，") if mark not in whole] == []


def test_a_text_a_little_too_long_takes_room_from_the_opinions_first(tmp_path: Path) -> None:
    (page,) = pages(case_sheet.build(replace(FACTS, content=CONTENT * 4)), tmp_path)
    assert page.count("投诉人称2026年8月") == 4


@pytest.mark.parametrize("kind", LETTERS.values(), ids=LETTERS.keys())
def test_letters_read_back_from_pdf_and_word(kind: Letter, tmp_path: Path) -> None:
    document = letter(kind)
    text = "".join(pages(document, tmp_path))
    in_word = word_text(document)
    for words in (kind.title, "韩㛃䶮", "TS-2026-0313", "代理保险" if kind is not LETTERS["review"] else "核查"):
        assert words in text, words
        assert words in in_word, words
    assert "{{" not in text


def test_the_reply_says_all_its_parts_in_order(tmp_path: Path) -> None:
    first, second = pages(letter(case_letters.REPLY), tmp_path)
    text = first + second
    parts: tuple[str, ...] = (
        "关于消费投诉处理结果的答复函",
        "某农商消保函〔2026〕号",
        "韩㛃䶮女士：",
        "您于2026年10月13日向我行柳河支行提出的",
    )
    parts += ("一、调查情况", "𬱖某", "二、处理依据", "三、处理结果", "四、其他事项", "30日内", "0000-6688123")
    parts += ("特此函复。", "某某农村商业银行股份有限公司", "2026年10月26日", "送达回证", "受送达人签名")
    places = [text.index(words) for words in parts]
    assert places == sorted(places)
    assert "—1—" in first


def test_a_letter_of_one_page_carries_no_page_number(tmp_path: Path) -> None:
    (page,) = pages(letter(case_letters.EXTENSION), tmp_path)
    assert "无法在15日内作出处理决定" in page
    assert "延长至30日，即在2026年11月12日（含当日）前" in page
    assert "—1—" not in page


def test_a_letter_with_nothing_recorded_is_a_form_with_lines(tmp_path: Path) -> None:
    text = "".join(pages(letter(case_letters.REPLY, CaseFacts()), tmp_path))
    assert "___" in text
    assert "None" not in text
    assert "送达回证" in text


def test_the_withdrawal_is_signed_by_the_complainant(tmp_path: Path) -> None:
    (page,) = pages(letter(case_letters.WITHDRAWAL), tmp_path)
    assert page.index("某某农村商业银行股份有限公司：") < page.index("本人韩㛃䶮") < page.index("投诉人（签名）：")
    assert "本行接收" in page


@pytest.mark.parametrize(
    ("build", "template", "words"),
    [
        (
            case_forms.transfer,
            "case_transfer",
            ("消费投诉转办单", "接收部门", "18700000469", "2026年10月28日前（含当日）"),
        ),
        (case_forms.approval, "case_approval", ("消费投诉延期办理审批表", "批准人意见", "申请将办理期限延长至30日")),
    ],
)
def test_working_forms(
    build: Callable[[CaseFacts, tuple[str, ...]], Document], template: str, words: tuple[str, ...], tmp_path: Path
) -> None:
    document = build(FACTS, request(template))
    (page,) = pages(document, tmp_path)
    in_word = word_text(document)
    for text in (*words, CONTENT[:20], "韩㛃䶮女士"):
        assert text in page, text
        assert text in in_word, text


def test_the_sheet_in_word_says_the_same() -> None:
    in_word = word_text(case_sheet.build(FACTS))
    for words in (CONTENT, "韩㛃䶮", "☑知情权", "□信息安全权", "未延期", "15日届满", "分管领导意见", "卷内页数"):
        assert words in in_word, words
    assert in_word.count("签字：") == 3


def test_cover_and_index(tmp_path: Path) -> None:
    entries = [Entry("投诉书", "韩㛃䶮", date(2026, 10, 13), 1, 2), Entry("答复函", "本行", date(2026, 10, 26), 3, 3)]
    entries.append(Entry("明细.xlsx", "柳河支行", None, remark="另附"))
    document = case_archive.front(ARCHIVE, entries)
    cover, index = pages(document, tmp_path)
    for words in (
        "某某农村商业银行",
        "消费投诉案卷",
        ARCHIVE.title,
        ARCHIVE.span,
        "3件",
        "3页",
        "5年",
        "档号：XB·2026·D10·0018",
    ):
        assert words in cover, words
    assert "1韩㛃䶮投诉书202610131—2" in index
    assert "2本行答复函202610263" in index
    assert "3柳河支行明细.xlsx另附" in index
    assert "说明：以下空白。本卷共3件3页，由立卷人核对无误。" in index
    in_word = word_text(document)
    assert "消费投诉案卷" in in_word
    assert "卷内目录" in in_word


def test_more_entries_than_rows_take_more_sheets(tmp_path: Path) -> None:
    entries = [Entry(f"材料{number}", "本行", None, number, number) for number in range(1, 22)]
    _cover, first, second = pages(case_archive.front(ARCHIVE, entries), tmp_path)
    assert "20本行材料20" in first
    assert "说明" not in first
    assert "21本行材料21" in second
    assert "本卷共21件21页" in second
