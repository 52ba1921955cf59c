"""Free text on its way out: no number of a person survives, however it is written; amounts and dates do."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xiaobao_desktop.domain.scrub import id_fits, is_reference, luhn_fits, scrub

CARD = "6222021234567890128"
"""Invented; right by Luhn's rule."""
ID = "11010119900307803X"


def digits_of(text: str) -> str:
    return re.sub(r"\D", "", text.translate(str.maketrans("０１２３４５６７８９", "0123456789")))


@pytest.mark.parametrize(
    "written",
    [
        "13812345621",
        "138-1234-5621",
        "138 1234 5621",
        "１３８１２３４５６２１",
        "１３８－１２３４－５６２１",
        "+86 13812345621",
        "+86-138-1234-5621",
        "008613812345621",
        "8613812345621",
        "138—1234—5621",
        "138.1234.5621",
        "1381234 5621",
        "(138)12345621",
        "138 12 34 56 21",
        "0799-6123456",
        "07996123456",
        "(0799)6123456",
        "（0799）6123456",
        "010-12345678",
        "010 1234 5678",
        "021-19390714",
        "0799-6123456-801",
        "0799-6123456转801",
        ID,
        ID.lower(),
        "１１０１０１１９９００３０７８０３Ｘ",
        "110101 1990 0307 803X",
        "110101-19900307-803X",
        "110101 1990-03-07 803X",
        "1101 0119 9003 0780 3X",
        "110101900307803",
        CARD,
        "6222 0212 3456 7890 128",
        "6222-0212-3456-7890-128",
        "６２２２ ０２１２ ３４５６ ７８９０ １２８",
        "62220212 34567890128",
        "6 2-2.2 0 2 1-2　3 4 5.6-7 8 9 0 1 2 8",
        "110101.1990-03.07803X",
        "6222 0212 3456 7890",
        "4392250012345678",
        "80030000001234567",
        "110101199003078039",
        "6123456",
        "E12345678（护照）",
    ],
)
def test_no_number_of_a_person_survives(written: str) -> None:
    text = f"客户反映：护照或电话{written}，请回复" if "护照" in written else f"客户留{written}，请回复"
    if "护照" in written:
        text, written = "护照E12345678，请回复", "E12345678"
    cleaned = scrub(text)
    assert written not in cleaned
    assert digits_of(written) not in digits_of(cleaned)
    assert "*" in cleaned
    assert cleaned.endswith("，请回复")
    left = max((len(part) for part in re.findall(r"\d+", cleaned)), default=0)
    assert left <= 4, cleaned


@pytest.mark.parametrize(
    "kept",
    [
        "2026-10-03",
        "2026年10月3日",
        "2026.10.3",
        "2026/10/03",
        "20261003",
        "20261003093015",
        "2026-10-03 09:30:15",
        "12000元",
        "1234567元",
        "1234567.89元",
        "12345678元",
        "¥1234567",
        "￥1,234,567.89",
        "1,234,567",
        "12345.67",
        "金额1234567",
        "本金 2500000",
        "3.65%",
        "150万元",
        "TS-2026-0001",
        "TS2026-0001",
        "12378",
        "95588",
        "400-888-8888",
        "第15条",
        "银保监发〔2020〕3号",
        "2025年1月1日至2026年10月31日",
        "100000 2026-10-03",
        "账户尾号0123",
    ],
)
def test_amounts_dates_and_hotlines_survive(kept: str) -> None:
    text = f"客户说，{kept}，已核实"
    assert scrub(text) == text


def test_neighbours_are_told_apart() -> None:
    text = f"2026-10-03客户13812345621/0799-6123456从卡{CARD}转12000元到{ID}名下，100000 2026-10-04 1530"
    cleaned = scrub(text)
    assert cleaned == (
        "2026-10-03客户138****5621/079****3456从卡***************0128转12000元到110***********803X名下，"
        "100000 2026-10-04 1530"
    )


def test_units_of_time_do_not_hide_a_phone() -> None:
    assert scrub("手机13812345621日前停机") == "手机138****5621日前停机"
    assert scrub("拨打13812345621元旦无人接听") == "拨打138****5621元旦无人接听"


def test_a_number_of_a_record_and_a_bracket_stay_beside_a_phone() -> None:
    assert scrub("手机：TS-2026-0001（010-30709950）") == "手机：TS-2026-0001（010****9950）"


def test_mail_addresses_are_starred() -> None:
    assert scrub("发到 liuxl_1990@example.com 了") == "发到 l***@example.com 了"


def test_nothing_else_is_touched() -> None:
    text = "年费未告知，要求退还 3 笔共 36.00 元；\n第二次来访（10月8日 9:30）。"
    assert scrub(text) == text
    assert scrub("") == ""
    assert scrub(scrub(f"电话13812345621，{ID}")) == scrub(f"电话13812345621，{ID}")


def test_numbers_of_tickets_are_told_from_numbers_of_persons() -> None:
    assert is_reference("202610034410")
    assert is_reference("YL-20261003-0012")
    for person in ("13812345621", "138-1234-5621", "+8613812345621", ID, "0799-6123456", "工单202610034410"):
        assert not is_reference(person)


def test_check_digits() -> None:
    assert id_fits(ID)
    assert not id_fits("110101199003078031")
    assert not id_fits("1101011990030780")
    assert luhn_fits(CARD)
    assert not luhn_fits("6222021234567890127")


GAPS = st.sampled_from(["", "", "", "-", " ", "　", "－", "."])


@settings(max_examples=60, deadline=None)
@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), st.lists(GAPS, min_size=10, max_size=10), st.booleans())
def test_mobiles_with_any_gaps(number: str, gaps: list[str], wide: bool) -> None:
    written = "".join(digit + gap for digit, gap in zip(number, [*gaps, ""], strict=True))
    if wide:
        written = written.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    cleaned = scrub(f"联系人：刘女士{written}。")
    assert number not in digits_of(cleaned)
    assert number[3:7] + number[7:] not in digits_of(cleaned)


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="刘元 -0123456789.年月日Xx，转()", max_size=60))
def test_any_text_is_taken_and_no_long_bare_number_is_left(text: str) -> None:
    cleaned = scrub(text)
    for run in re.findall(r"(?<![\d.])\d{15,}(?![\d.元])", cleaned):
        pytest.fail(f"{text!r} -> {cleaned!r}: {run}")
