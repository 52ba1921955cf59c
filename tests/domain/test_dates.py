from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiaobao_desktop.domain.dates import (
    DateHints,
    calendar_fault,
    from_serial,
    id_number_lost_digits,
    read_bool,
    read_date,
    read_number,
)

DAY = date(2026, 3, 5)


@pytest.mark.parametrize(
    "cell",
    [
        "2026-03-05", "2026-3-5", "2026.3.5", "2026.03.05", "2026/3/5", "2026年3月5日", "2026年03月05日",
        "2026年3月5号", "2026 年 3 月 5 日", "20260305", "２０２６．３．５", "２０２６年３月５日", "2026。3。5",
        "2026—3—5", " 2026-03-05\u3000", "2026-03-05 星期四", "2026年3月5日（周四）",
        "46086", 46086, Decimal("46086"), 46086.0, 20260305,
        DAY, datetime.fromisoformat("2026-03-05T00:00:00"),
    ],
)  # fmt: skip
def test_dates_as_people_write_them(cell: object) -> None:
    assert read_date(cell).value == DAY


@pytest.mark.parametrize(
    ("cell", "clock"),
    [
        ("2026-03-05 09:15", time(9, 15)),
        ("2026/3/5 9:15:07", time(9, 15, 7)),
        ("2026-03-05T09:15:00", time(9, 15)),
        ("2026-03-05 09:15:07.250", time(9, 15, 7)),
        ("2026年3月5日 下午3时5分", time(15, 5)),
        ("2026年3月5日9时", time(9)),
        ("20260305 09:15", time(9, 15)),
        ("20260305091507", time(9, 15, 7)),
        ("2026.3.5 １２：００", time(12)),
        (Decimal("46086.385416667"), time(9, 15)),
        ("46086.5", time(12)),
        (datetime.fromisoformat("2026-03-05T09:15:00"), time(9, 15)),
    ],
)
def test_time_of_day_behind_a_date(cell: object, clock: time) -> None:
    read = read_date(cell)
    assert (read.value, read.time) == (DAY, clock)


@pytest.mark.parametrize("cell", [None, "", "  ", "\u3000"])
def test_nothing_reads_as_nothing(cell: object) -> None:
    assert read_date(cell).is_empty
    assert read_number(cell).is_empty
    assert read_bool(cell).is_empty


@pytest.mark.parametrize(
    ("cell", "problem"),
    [
        ("2026.2.30", "“2026.2.30”不是日期：2月没有30日"),
        ("2026.13.5", "“2026.13.5”不是日期：没有 13 月"),
        ("2026-0-5", "“2026-0-5”不是日期：没有 0 月"),
        ("2026年4月31日", "“2026年4月31日”不是日期：4月没有31日"),
        ("2026-2-29", "“2026-2-29”不是日期：2026年2月没有29日"),
        ("20261305", "“20261305”不是日期：没有 13 月"),
        (20260230, "“20260230”不是日期：2月没有30日"),
        ("2026-03-05 25:00", "“2026-03-05 25:00”不是日期：没有 25 时"),
        ("2026-03-05 10:75", "“2026-03-05 10:75”不是日期：没有 75 分"),
        ("2026年3月", "“2026年3月”只有年和月，请补上是哪一日"),
        ("2026-03", "“2026-03”只有年和月，请补上是哪一日"),
        ("202603", "“202603”只有年和月，请补上是哪一日"),
        (202603, "“202603”只有年和月，请补上是哪一日"),
        ("1026-03-05", "“1026-03-05”不像这里的日期：应在 1990 年到 2100 年之间"),
        ("20260305至20260308", "“20260305至20260308”不是日期，请写成 2026-03-05 的样子"),
        ("待定", "“待定”不是日期，请写成 2026-03-05 的样子"),
        ("99999", "“99999”不是日期"),
        (12, "“12”不是日期"),
        (Decimal("2026.3"), "“2026.3”不是日期"),
        (True, "“是”不是日期"),
        ("13月5日", "“13月5日”不是日期：没有 13 月"),
        ("26.13.5", "“26.13.5”不是日期：没有 13 月"),
        ("13/32/2026", "“13/32/2026”不是日期：没有 13 月"),
    ],
)
def test_what_is_no_date_says_why(cell: object, problem: str) -> None:
    read = read_date(cell)
    assert read.value is None
    assert read.problem == problem
    assert not read.is_empty


@pytest.mark.parametrize(
    ("cell", "question", "choices"),
    [
        ("3月5日", "no_year", ()),
        ("3.5", "no_year", ()),
        ("2月29日", "no_year", ()),
        ("26.3.5", "short_year", (DAY,)),
        ("26年3月5日", "short_year", (DAY,)),
        ("3/5/2026", "year_last", (DAY, date(2026, 5, 3))),
        ("13/5/2026", "year_last", (date(2026, 5, 13),)),
        ("5/5/2026", "year_last", (date(2026, 5, 5),)),
    ],
)
def test_what_can_be_read_two_ways_is_asked(cell: str, question: str, choices: tuple[date, ...]) -> None:
    read = read_date(cell)
    assert (read.value, read.problem, read.question, read.choices) == (None, "", question, choices)
    assert cell in read.ask
    assert read.ask.endswith("？")


def test_answers_for_a_column_are_used() -> None:
    assert read_date("3月5日", hints=DateHints(year=2026)).value == DAY
    assert read_date("2月29日", hints=DateHints(year=2026)).problem == "“2月29日”不是日期：2026年2月没有29日"
    assert read_date("26.3.5", hints=DateHints(short_year=True)).value == DAY
    assert read_date("3/5/2026", hints=DateHints(year_last="month_first")).value == DAY
    assert read_date("5/3/2026", hints=DateHints(year_last="day_first")).value == DAY
    assert read_date("13/5/2026", hints=DateHints(year_last="month_first")).problem.endswith("没有 13 月")
    assert read_date(44624, hints=DateHints(date_1904=True)).value == DAY


def test_possible_range_is_the_callers() -> None:
    assert read_date("1958-07-01").problem
    assert read_date("1958-07-01", earliest=date(1900, 1, 1)).value == date(1958, 7, 1)
    assert read_date("2026-03-05", latest=date(2026, 3, 4)).problem


def test_long_texts_are_refused_quickly() -> None:
    assert read_date("2026-3-5" + " " * 100_000 + "x").problem
    assert read_number("1," * 100_000).problem


def test_serials() -> None:
    assert from_serial(1) == datetime.fromisoformat("1900-01-01")
    assert from_serial(59) == datetime.fromisoformat("1900-02-28")
    assert from_serial(60) is None
    assert from_serial(61) == datetime.fromisoformat("1900-03-01")
    assert from_serial(2_958_465) == datetime.fromisoformat("9999-12-31")
    assert from_serial(2_958_466) is None
    assert from_serial(-1) is None
    assert from_serial(0, date_1904=True) == datetime.fromisoformat("1904-01-01")


@given(st.dates(date(1990, 1, 1), date(2100, 12, 31)))
def test_every_day_is_read_in_every_form(day: date) -> None:
    serial = (day - date(1899, 12, 30)).days
    forms = (
        day.isoformat(), f"{day.year}.{day.month}.{day.day}", f"{day.year}/{day.month}/{day.day}",
        f"{day.year}年{day.month}月{day.day}日", f"{day:%Y%m%d}", int(f"{day:%Y%m%d}"), serial, str(serial),
    )  # fmt: skip
    assert [read_date(form).value for form in forms] == [day] * len(forms)


@given(st.integers(1, 9999), st.integers(-1, 14), st.integers(-1, 33))
def test_calendar_fault_agrees_with_the_calendar(year: int, month: int, day: int) -> None:
    try:
        date(year, month, day)
    except ValueError:
        assert calendar_fault(year, month, day)
    else:
        assert not calendar_fault(year, month, day)


@given(st.text(max_size=30))
def test_any_text_gets_an_answer(text: str) -> None:
    read = read_date(text)
    assert (read.value is not None) + bool(read.problem) + bool(read.question) + read.is_empty == 1
    assert "\n" not in read.problem or "\n" in text


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (12, 12), (Decimal("12.50"), Decimal("12.50")), (12.5, Decimal("12.5")), ("12", 12), ("-3", -3), ("0", 0),
        ("１２．５０", Decimal("12.50")), ("1,234,567.8", Decimal("1234567.8")), ("￥1,200.00元", Decimal("1200.00")),
        ("3.5万元", 35_000), ("2亿", 200_000_000), ("137件", 137), ("人民币 5000 元整", 5000),
        ("0.12345万", Decimal("1234.5")),
    ],
)  # fmt: skip
def test_numbers(cell: object, value: object) -> None:
    read = read_number(cell)
    assert read.value == value
    assert type(read.value) is type(value)
    assert str(read.value) == str(value) or "万" in str(cell)


@pytest.mark.parametrize("cell", ["约3万", "12%", "1,23", "12,3456", "三", "1-2", "--1", "1.2.3", True, DAY, "元"])
def test_what_is_no_number(cell: object) -> None:
    read = read_number(cell)
    assert read.value is None
    assert read.problem


def test_yes_and_no() -> None:
    yes = ["是", "有", "√", "✔", "Y", "y", "Yes", "TRUE", "1", 1, True, "１", " 是 "]
    no = ["否", "无", "×", "✗", "N", "no", "0", 0, False, "Ｎ"]
    assert [read_bool(cell).value for cell in yes] == [True] * len(yes)
    assert [read_bool(cell).value for cell in no] == [False] * len(no)
    for cell in ("也许", 2, DAY, "是否"):
        assert read_bool(cell).value is None
        assert read_bool(cell).problem


def test_id_numbers_that_lost_digits() -> None:
    assert "后 3 位已丢失" in id_number_lost_digits(410121200211074852)
    assert "后 3 位已丢失" in id_number_lost_digits(4.10121200211074e17)
    assert "后 1 位已丢失" in id_number_lost_digits(6222021234567890)
    assert "已丢失" in id_number_lost_digits("4.10121E+17")
    for whole in ("410121200211074852", "41012119771108506X", 15590302945, 410121770211074, None, "", True, DAY):
        assert id_number_lost_digits(whole) == ""
