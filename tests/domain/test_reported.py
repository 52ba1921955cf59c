"""报送情况: what is missing of a period is told by month, never counted as 0."""

from __future__ import annotations

from datetime import date

import pytest

from xiaobao_desktop.domain.period import Period, parse_period
from xiaobao_desktop.domain.reported import OWN, Reported, months_of, nobody_sent, reported

END = date(2026, 12, 31)


def sent(*codes: str) -> Reported:
    """What packages of these periods have."""
    return reported((parse_period(code).first, parse_period(code).last) for code in codes)


@pytest.mark.parametrize(
    ("codes", "period", "as_of", "told"),
    [
        (("2026Q3",), "2026Q3", END, ""),
        (("2026-07", "2026-08", "2026-09"), "2026Q3", END, ""),
        (("2026-07", "2026-09"), "2026Q3", END, "缺8月"),
        (("2026-09",), "2026Q3", END, "缺7月、8月"),
        ((), "2026Q3", END, "未报送"),
        (("2026-06",), "2026Q3", END, "未报送"),
        (("2026-07", "2026-08"), "2026Q3", date(2026, 8, 31), ""),
        (("2026-07-01..2026-08-20",), "2026Q3", date(2026, 9, 30), "缺9月，8月报到20日"),
        (("2026-07-10..2026-09-30",), "2026Q3", END, "7月不全"),
        (("2026-11-01..2026-12-31",), "2026-11-01..2027-01-31", date(2027, 1, 31), "缺2027年1月"),
        (("2026-07",), "2026Q3", date(2026, 6, 1), ""),
    ],
)
def test_what_is_missing_is_told_by_month(codes: tuple[str, ...], period: str, as_of: date, told: str) -> None:
    assert sent(*codes).told(parse_period(period), as_of) == told
    assert OWN.told(parse_period(period), as_of) == ""


def test_several_packages_reach_as_far_as_they_join() -> None:
    book = sent("2026-07-01..2026-07-15", "2026-07-10..2026-07-20")
    assert book.until(parse_period("2026-07")) == date(2026, 7, 20)
    assert sent("2026-07-02..2026-07-31").until(parse_period("2026-07")) is None
    assert reported([(date(2026, 8, 1), date(2026, 7, 20))]).lacks(parse_period("2026-08")), "made before its period"


def test_nobody_sent_asks_all_of_them() -> None:
    july = parse_period("2026-07")
    assert nobody_sent([sent("2026-08"), sent()], july)
    assert not nobody_sent([sent("2026-08"), sent("2026-07")], july)
    assert not nobody_sent([sent("2026-08"), OWN], july)
    assert not nobody_sent([], july)


def test_months_are_cut_to_the_period() -> None:
    parts = months_of(Period(date(2026, 1, 30), date(2026, 3, 2)))
    assert [(part.first.day, part.last.day, part.months) for part in parts] == [(30, 31, 0), (1, 28, 1), (1, 2, 0)]
