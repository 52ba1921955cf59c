"""What is owed by when: fixed days, days after a period, leap years, in force and not."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiaobao_desktop.domain.obligations import MONTHS, DueRule, Obligation, due_words, problem, year_plan
from xiaobao_desktop.domain.period import parse_period

MONTHLY = Obligation("m", "消保工作月报", "month", DueRule(days=10))
YEARLY = Obligation("y", "自评估报告", "year", DueRule(month=1, day=31))


def test_a_month_report_is_owed_twelve_times_beginning_with_last_december() -> None:
    plan = year_plan([MONTHLY], 2026)
    assert [(owed.period.code, owed.due_on) for owed in plan[:2]] == [
        ("2025-12", date(2026, 1, 10)),
        ("2026-01", date(2026, 2, 10)),
    ]
    assert (len(plan), plan[-1].period.code, plan[-1].title) == (12, "2026-11", "2026年11月消保工作月报")


def test_the_self_assessment_of_a_year_is_owed_by_the_end_of_the_next_january() -> None:
    (owed,) = year_plan([YEARLY], 2027)
    assert (owed.period.code, owed.due_on, owed.title) == ("2026", date(2027, 1, 31), "2026年自评估报告")


def test_a_day_the_month_lacks_is_its_last_one() -> None:
    rule = DueRule(month=2, day=29)
    assert rule.after(parse_period("2026")) == date(2027, 2, 28)
    assert rule.after(parse_period("2027")) == date(2028, 2, 29)


def test_what_is_off_or_not_in_force_is_not_owed() -> None:
    off = Obligation("a", "甲", "year", DueRule(days=5), active=False)
    later = Obligation("b", "乙", "quarter", DueRule(days=5), effective_from="2026-07-01", effective_to="2026-09-30")
    assert [owed.period.code for owed in year_plan([off, later], 2026)] == ["2026Q3"]


def test_titles_of_quarters_and_years_read_well() -> None:
    quarter = Obligation("q", "季度消费投诉情况报告", "quarter", DueRule(days=10))
    annual = Obligation("n", "年度消保工作报告", "year", DueRule(days=31))
    titles = [owed.title for owed in year_plan([quarter, annual], 2026)]
    assert titles[:2] == ["2025年第四季度消费投诉情况报告", "2025年度消保工作报告"]


@pytest.mark.parametrize(
    ("item", "words"),
    [
        (Obligation("", " ", "year", DueRule(days=5)), "请填写事项名称"),
        (Obligation("", "甲", "once", DueRule(days=5)), "请选报送周期"),
        (Obligation("", "甲", "year", DueRule(days=0)), "期后天数请填 1 到 366"),
        (Obligation("", "甲", "month", DueRule(month=1, day=31)), "固定月日只能用于每年一次的"),
        (Obligation("", "甲", "year", DueRule(month=2, day=30)), "没有 2 月 30 日"),
    ],
)
def test_what_cannot_be_is_told(item: Obligation, words: str) -> None:
    assert words in problem(item)
    assert problem(MONTHLY) == problem(YEARLY) == ""


def test_the_rule_in_words() -> None:
    assert (due_words(MONTHLY.due), due_words(YEARLY.due)) == ("期后 10 天内", "次年 1 月 31 日前")


@given(cycle=st.sampled_from(sorted(MONTHS)), days=st.integers(1, 366), year=st.integers(2020, 2040))
def test_every_period_is_owed_once_and_after_its_end(cycle: str, days: int, year: int) -> None:
    item = Obligation("x", "甲", cycle, DueRule(days=days))
    owed = [one for each in (year, year + 1, year + 2) for one in year_plan([item], each)]
    codes = [one.period.code for one in owed]
    assert len(set(codes)) == len(codes)
    assert all(one.due_on == one.period.last + timedelta(days=days) for one in owed)
    # No period of the year in the middle is forgotten: they are owed in it or in the two after.
    assert len([code for code in codes if code.startswith(str(year))]) >= 12 // MONTHS[cycle] - (days > 365)
