"""Rectifications counted as of a day: states, the balance from month to month, where they came from."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

import pytest

from xiaobao_desktop.domain.ledgers.rectification import DONE, FAILED, FINISHED, IN_PROGRESS, OVERDUE, PASSED
from xiaobao_desktop.domain.period import month, parse_period
from xiaobao_desktop.domain.rectification_statistics import RectificationRow, concerned, figures, state_at

VERIFIED = RectificationRow(
    1,
    date(2026, 1, 10),
    planned_on=date(2026, 3, 31),
    finished_on=date(2026, 3, 20),
    verified_on=date(2026, 3, 25),
    verdict=PASSED,
)
OPEN = RectificationRow(2, date(2026, 7, 1), planned_on=date(2026, 9, 30))
REFUSED = RectificationRow(
    3, date(2026, 2, 1), finished_on=date(2026, 3, 5), verified_on=date(2026, 3, 10), verdict=FAILED
)


@pytest.mark.parametrize(
    ("row", "day", "state"),
    [
        (VERIFIED, "2026-03-19", IN_PROGRESS),
        (VERIFIED, "2026-03-20", FINISHED),
        (VERIFIED, "2026-03-24", FINISHED),
        (VERIFIED, "2026-03-25", DONE),
        (OPEN, "2026-09-30", IN_PROGRESS),
        (OPEN, "2026-10-01", OVERDUE),
        (REFUSED, "2026-03-09", FINISHED),
        (REFUSED, "2026-03-10", IN_PROGRESS),
    ],
)
def test_the_state_is_that_of_the_day(row: RectificationRow, day: str, state: str) -> None:
    assert state_at(row, date.fromisoformat(day)) == state


def test_finished_and_not_yet_verified_is_not_done() -> None:
    now = figures((VERIFIED, OPEN, REFUSED), month(2026, 3), date(2026, 3, 22))
    assert (now.opening.ids, now.added.ids, now.done.ids) == ((1, 3), (), ())
    assert (now.ending.ids, now.waiting.ids, now.overdue.ids) == ((1, 3), (1,), ())
    whole = figures((VERIFIED, OPEN, REFUSED), month(2026, 3), date(2026, 3, 31))
    assert (whole.done.ids, whole.in_time.ids, whole.ending.ids) == ((1,), (1,), (3,))


def test_what_was_done_before_the_period_is_not_told_again() -> None:
    april = month(2026, 4)
    assert concerned((VERIFIED, OPEN), april, april.last) == []
    assert figures((VERIFIED, OPEN), april, april.last).done_rate is None
    quarter = figures((VERIFIED, OPEN), parse_period("2026Q3"), date(2026, 9, 30))
    assert (quarter.added.ids, quarter.ending.ids, quarter.concerned) == ((2,), (2,), 1)


def test_the_end_of_each_month_is_the_beginning_of_the_next() -> None:
    found = (date(2026, 1, 1), date(2026, 2, 28), date(2026, 3, 15))
    rows = [
        RectificationRow(
            number,
            day,
            planned_on=day + timedelta(days=planned),
            finished_on=day + timedelta(days=finished),
            verified_on=day + timedelta(days=finished + verified),
            verdict=verdict,
        )
        for number, (day, planned, finished, verified, verdict) in enumerate(
            product(found, (10, 40), (0, 30, 45), (0, 1, 31), (PASSED, FAILED, ""))
        )
    ]
    before: tuple[int, ...] = ()
    for number in range(1, 8):
        span = month(2026, number)
        now = figures(rows, span, span.last)
        assert now.balanced
        assert set(now.opening.ids) == set(before)
        assert set(now.waiting.ids) | set(now.overdue.ids) <= set(now.ending.ids)
        before = now.ending.ids
    assert before, "those that were refused are still open"
