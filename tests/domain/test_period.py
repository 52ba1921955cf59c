"""Periods: text to days, the period before, the year before, the year to date."""

from __future__ import annotations

from datetime import date

import pytest

from xiaobao_desktop.domain.period import month, parse_period
from xiaobao_desktop.errors import UnknownPeriod


@pytest.mark.parametrize(
    ("text", "first", "last", "title"),
    [
        ("2026-10", date(2026, 10, 1), date(2026, 10, 31), "2026年10月"),
        ("2024-2", date(2024, 2, 1), date(2024, 2, 29), "2024年2月"),
        ("2026Q3", date(2026, 7, 1), date(2026, 9, 30), "2026年第三季度"),
        ("2026h1", date(2026, 1, 1), date(2026, 6, 30), "2026年上半年"),
        ("2026", date(2026, 1, 1), date(2026, 12, 31), "2026年"),
        ("2025-01-03..2026-10-31", date(2025, 1, 3), date(2026, 10, 31), "2025年1月3日至2026年10月31日"),
    ],
)
def test_parse(text: str, first: date, last: date, title: str) -> None:
    period = parse_period(text)
    assert (period.first, period.last, period.title) == (first, last, title)
    assert parse_period(period.code) == period


@pytest.mark.parametrize(
    "text", ["", "2026-13", "2026Q5", "十月", "2026-10-31..2026-10-01", "2026-02-30..2026-03-01", "26-10"]
)
def test_unknown_period_says_how_to_write_it(text: str) -> None:
    with pytest.raises(UnknownPeriod, match="2026Q3"):
        parse_period(text)


def test_neighbours() -> None:
    assert month(2026, 1).before() == month(2025, 12)
    assert month(2025, 12).after() == month(2026, 1)
    assert parse_period("2026Q1").before() == parse_period("2025Q4")
    assert parse_period("2026H1").before() == parse_period("2025H2")
    assert month(2024, 2).year_before() == month(2023, 2)
    assert month(2026, 10).year_to_date() == parse_period("2026-01-01..2026-10-31")


def test_free_range_before_has_the_same_length() -> None:
    before = parse_period("2026-10-11..2026-10-20").before()
    assert (before.first, before.last) == (date(2026, 10, 1), date(2026, 10, 10))
    assert parse_period("2024-02-29..2024-03-01").year_before().first == date(2023, 2, 28)


def test_both_ends_belong_to_the_period() -> None:
    october = month(2026, 10)
    assert date(2026, 10, 1) in october
    assert "2026-10-31" in october
    assert date(2026, 11, 1) not in october


@pytest.mark.parametrize(
    ("code", "as_of", "before", "last_year"),
    [
        ("2026-10", "2026-10-31", "2026-09-30", "2025-10-31"),
        ("2026-10", "2026-11-20", "2026-09-30", "2025-10-31"),
        ("2026-10", "2026-10-03", "2026-09-03", "2025-10-03"),
        ("2026-03", "2026-03-30", "2026-02-28", "2025-03-30"),
        ("2024-02", "2024-02-28", "2024-01-28", "2023-02-28"),
        ("2024Q1", "2024-02-29", "2023-11-29", "2023-02-28"),
        ("2026", "2026-11-03", "2025-11-03", "2025-11-03"),
        ("2026-01-11..2026-01-20", "2026-01-12", "2026-01-02", "2025-01-12"),
    ],
)
def test_a_period_that_is_not_over_is_compared_with_the_same_days(
    code: str, as_of: str, before: str, last_year: str
) -> None:
    period = parse_period(code)
    found = period.compared(date.fromisoformat(as_of))
    assert [span.last.isoformat() for span in found] == [before, last_year]
    assert [span.first for span in found] == [period.before().first, period.year_before().first]
