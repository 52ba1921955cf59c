"""Training statistics: exact, as of a day, with what is not filled in left out of the rates."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from xiaobao_desktop.domain.catalog import UNFILLED
from xiaobao_desktop.domain.period import month, parse_period
from xiaobao_desktop.domain.training_statistics import TrainingRow, breakdown, coverage, figures, in_period

OCTOBER, YEAR = month(2026, 10), parse_period("2026")
ROWS = (
    TrainingRow(
        1,
        date(2026, 10, 8),
        expected=14,
        attended=12,
        passed=9,
        groups={"managers": 12},
        reached=frozenset({"managers"}),
        hours=250,
        examined=True,
        category="专题培训",
        people=frozenset({1, 2, 3}),
    ),
    TrainingRow(
        2,
        date(2026, 10, 20),
        expected=160,
        attended=156,
        groups={"front_line": 138, "newcomers": 18},
        reached=frozenset({"front_line", "newcomers"}),
        hours=100,
        extra=True,
    ),
    TrainingRow(3, date(2026, 10, 31), attended=7, reached=frozenset({"front_line"})),
    TrainingRow(4, date(2026, 11, 1), expected=5, attended=5),
    TrainingRow(5, date(2025, 10, 1), expected=5, attended=5, reached=frozenset({"newcomers"})),
)


def test_a_month_in_figures() -> None:
    found = figures(ROWS, OCTOBER, OCTOBER.last)
    assert found.sessions.ids == (1, 2, 3)
    assert (found.expected, found.attended) == (174, 175)
    assert found.uncounted.ids == (3,)
    assert found.rate == Fraction(168, 174)
    assert found.groups == {"managers": 12, "front_line": 138, "newcomers": 18}
    assert (found.hours, found.person_hours) == (350, 250 * 12 + 100 * 156)
    assert (found.examined.ids, found.passed, found.pass_rate) == ((1,), 9, Fraction(3, 4))
    assert found.extra.ids == (2,)


def test_nothing_gives_zeros_and_no_rate() -> None:
    found = figures((), OCTOBER, OCTOBER.last)
    assert (found.sessions.count, found.expected, found.attended, found.hours) == (0, 0, 0, 0)
    assert found.rate is None
    assert found.pass_rate is None


def test_a_planned_training_does_not_count_yet() -> None:
    assert figures(ROWS, OCTOBER, date(2026, 10, 20)).sessions.ids == (1, 2)


def test_groups_not_reached_in_the_year_are_named() -> None:
    staff = {"managers": frozenset({1, 2, 9}), "front_line": frozenset({4}), "newcomers": frozenset({3})}
    found = {item.group: item for item in coverage(ROWS, 2026, date(2026, 10, 10), staff)}
    assert [group for group, item in found.items() if not item.covered] == ["front_line", "newcomers"]
    assert (found["managers"].people, found["managers"].staff, found["managers"].attended) == (2, 3, 12)
    later = {item.group: item for item in coverage(ROWS, 2026, YEAR.last, staff)}
    assert all(item.covered for item in later.values())
    assert later["front_line"].sessions.ids == (2, 3)


def test_a_breakdown_adds_up_and_names_what_is_not_filled_in() -> None:
    chosen = in_period(ROWS, OCTOBER, OCTOBER.last)
    found = breakdown(chosen, "category", ("专题培训", "岗前培训"))
    assert [(group.name, group.count) for group in found] == [("专题培训", 1), ("岗前培训", 0), (UNFILLED, 2)]


rows_of = st.lists(
    st.builds(
        TrainingRow,
        id=st.integers(1, 10**6),
        held_on=st.integers(0, 500).map(lambda days: date(2026, 1, 1) + timedelta(days=days)),
        expected=st.none() | st.integers(0, 500),
        attended=st.none() | st.integers(0, 500),
        category=st.sampled_from(["", "专题培训", "岗前培训"]),
        hours=st.none() | st.integers(0, 800),
    ),
    max_size=30,
)


@given(rows_of, st.integers(1, 12))
def test_months_add_up_to_the_year(rows: list[TrainingRow], as_of_month: int) -> None:
    as_of = month(2026, as_of_month).last
    year = figures(rows, YEAR, as_of)
    months = [figures(rows, month(2026, number), as_of) for number in range(1, 13)]
    assert sum(item.sessions.count for item in months) == year.sessions.count
    assert sum(item.attended for item in months) == year.attended
    assert sum(item.person_hours for item in months) == year.person_hours
    groups = breakdown(in_period(rows, YEAR, as_of), "category", ("专题培训",))
    assert sum(group.count for group in groups) == year.sessions.count
    both = [row for row in in_period(rows, YEAR, as_of) if row.expected is not None and row.attended is not None]
    assert year.uncounted.count == year.sessions.count - len(both)
    assert (year.rate is None) == (sum(row.expected or 0 for row in both) == 0)
