"""Outreach statistics: 场次 and counters added up exactly, under every name an activity has."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from xiaobao_desktop.domain.catalog import UNFILLED
from xiaobao_desktop.domain.outreach_statistics import COUNTERS, OutreachRow, breakdown, figures, in_period
from xiaobao_desktop.domain.period import month, parse_period

OCTOBER, YEAR = month(2026, 10), parse_period("2026")
ROWS = (
    OutreachRow(
        1,
        date(2026, 10, 15),
        sessions=3,
        counters={"staff_count": 8, "audience_count": 360, "cost": 60000, "person_days": 400},
        campaign="常态化宣传",
        forms=("外拓宣传", "专题讲座"),
        venues=("农村",),
    ),
    OutreachRow(2, date(2026, 10, 20), counters={"audience_count": 40, "clicks": 1260}, forms=("线上宣传",)),
    OutreachRow(3, date(2026, 10, 21), sessions=0, campaign="常态化宣传"),
    OutreachRow(4, date(2026, 9, 30), sessions=9, counters={"audience_count": 1000}),
)


def test_a_month_in_figures() -> None:
    found = figures(ROWS, OCTOBER, OCTOBER.last)
    assert found.activities.ids == (1, 2, 3)
    assert found.sessions == 4, "a record without a number is one, a typed 0 is none"
    assert (found.sums["audience_count"], found.sums["staff_count"]) == (400, 8)
    assert (found.sums["cost"], found.sums["person_days"], found.sums["clicks"]) == (60000, 400, 1260)
    assert found.sums["materials"] == 0


def test_nothing_gives_zeros() -> None:
    found = figures((), OCTOBER, OCTOBER.last)
    assert found.sessions == 0
    assert set(found.sums.values()) == {0}
    assert set(found.sums) == set(COUNTERS)


def test_a_planned_activity_does_not_count_yet() -> None:
    assert figures(ROWS, OCTOBER, date(2026, 10, 16)).activities.ids == (1,)


def test_an_activity_counts_under_each_of_its_forms() -> None:
    chosen = in_period(ROWS, OCTOBER, OCTOBER.last)
    forms = {item.name: (item.count, item.sessions, item.audience) for item in breakdown(chosen, "form", ("网点宣传",))}
    assert forms == {
        "网点宣传": (0, 0, 0),
        "外拓宣传": (1, 3, 360),
        "专题讲座": (1, 3, 360),
        "线上宣传": (1, 1, 40),
        UNFILLED: (1, 0, 0),
    }
    assert [item.name for item in breakdown(chosen, "campaign")] == ["常态化宣传", UNFILLED]


rows_of = st.lists(
    st.builds(
        OutreachRow,
        id=st.integers(1, 10**6),
        held_on=st.integers(0, 364).map(lambda days: date(2026, 1, 1) + timedelta(days=days)),
        sessions=st.none() | st.integers(0, 9),
        counters=st.dictionaries(st.sampled_from(COUNTERS), st.integers(0, 10**9)),
        campaign=st.sampled_from(["", "甲", "乙"]),
        branch=st.sampled_from(["", "城关支行"]),
    ),
    max_size=30,
)


@given(rows_of)
def test_months_and_single_names_add_up_to_the_year(rows: list[OutreachRow]) -> None:
    year = figures(rows, YEAR, YEAR.last)
    months = [figures(rows, month(2026, number), YEAR.last) for number in range(1, 13)]
    assert sum(item.sessions for item in months) == year.sessions
    for key in COUNTERS:
        assert sum(item.sums[key] for item in months) == year.sums[key]
    for name in ("campaign", "branch"):
        tallies = breakdown(in_period(rows, YEAR, YEAR.last), name, ("甲",))
        assert sum(item.count for item in tallies) == year.activities.count
        assert sum(item.sessions for item in tallies) == year.sessions
