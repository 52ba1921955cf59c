"""Legal days off: the shipped years, the moves of a last day, and the reading of a notice."""

from __future__ import annotations

from datetime import date

import pytest

from xiaobao_desktop.domain.calendar import NoticeUnreadable, RollOver, WorkingCalendar, read_notice
from xiaobao_desktop.services import rules as rule_files

CALENDAR = rule_files.load().calendar

NOTICE_2026 = """各省、自治区、直辖市人民政府：现将2026年部分节假日安排通知如下。
一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（周日）至23日（周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午：6月19日（周五）至21日（周日）放假，共3天。
六、中秋：9月25日（周五）至27日（周日）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。
节假日期间，各单位要妥善安排好值班。"""


@pytest.mark.parametrize("year", range(2020, 2027))
def test_shipped_years_are_whole(year: int) -> None:
    known = CALENDAR.years[year]
    assert {"元旦", "春节", "清明", "劳动节", "端午", "国庆节"} <= set(known.days_off.values())
    assert all(day.year == year for day in (*known.days_off, *known.workdays))
    # Only weekends are worked instead, and never on a day off.
    assert all(day.weekday() >= 5 for day in known.workdays)
    assert not known.workdays & known.days_off.keys()
    assert CALENDAR.holiday(date(year, 10, 1)) in {"国庆节", "中秋"}


def test_a_year_without_data_is_unknown() -> None:
    assert not CALENDAR.knows(2027)
    assert CALENDAR.holiday(date(2027, 1, 1)) == ""
    assert CALENDAR.rolled(date(2027, 1, 1), RollOver.HOLIDAYS).missing == (2027,)
    assert WorkingCalendar().rolled(date(2026, 10, 1), RollOver.NONE).missing == ()


def test_the_notice_is_read_as_the_shipped_year_has_it() -> None:
    read = read_notice(NOTICE_2026, 2026)
    assert read.days_off == CALENDAR.years[2026].days_off
    assert read.workdays == CALENDAR.years[2026].workdays


@pytest.mark.parametrize(
    ("line", "year", "off", "worked"),
    [
        ("元旦：2024年12月30日至2025年1月1日放假。", 2025, ("2024-12-30", "2025-01-01"), ()),
        ("元旦：12月30日至1月1日放假调休。12月28日上班。", 2023, ("2022-12-30", "2023-01-01"), ("2022-12-28",)),
        ("1.春节:1月30日至2月3日放假。", 2027, ("2027-01-30", "2027-02-03"), ()),
        ("元旦：1月1日放假，与周末连休。", 2027, ("2027-01-01", "2027-01-01"), ()),
    ],
)
def test_lines_of_other_years(line: str, year: int, off: tuple[str, str], worked: tuple[str, ...]) -> None:
    read = read_notice(line, year)
    assert (str(min(read.days_off)), str(max(read.days_off))) == off
    assert tuple(map(str, sorted(read.workdays))) == worked


@pytest.mark.parametrize(("text", "part"), [("放假安排另行通知", "没有读到"), ("春节：2月30日放假。", "2月30日")])
def test_what_cannot_be_read_is_said(text: str, part: str) -> None:
    with pytest.raises(NoticeUnreadable, match=part):
        read_notice(text, 2027)
