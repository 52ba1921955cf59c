"""Statistics: exact, as of a day, adding up to the total."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from xiaobao_desktop.domain.catalog import UNFILLED
from xiaobao_desktop.domain.period import month, parse_period
from xiaobao_desktop.domain.statistics import (
    DIMENSIONS,
    CaseRow,
    Cases,
    Method,
    breakdown,
    compare,
    days_to_close,
    figures,
    in_period,
)

OCTOBER = month(2026, 10)
PLAIN = Method()


def row(number: int, received: str, closed: str = "", **more: object) -> CaseRow:
    start = date.fromisoformat(received)
    end = date.fromisoformat(closed) if closed else None
    return CaseRow(number, start, end, end, start + timedelta(days=15), first_limit=15, limit_days=15, **more)  # type: ignore[arg-type]


def test_a_case_closed_in_november_is_open_in_octobers_report() -> None:
    rows = [row(1, "2026-10-20", "2026-11-03"), row(2, "2026-10-02", "2026-10-31"), row(3, "2026-09-28", "2026-10-05")]
    found = figures(rows, OCTOBER, OCTOBER.last, PLAIN)
    assert found.received.ids == (1, 2)
    assert found.received_closed.ids == (2,)
    assert found.closed.ids == (2, 3)
    assert found.carried_over.ids == (3,)
    assert found.balance == (1, 2, 2, 1)
    assert found.balanced
    later = figures(rows, OCTOBER, date(2026, 11, 3), PLAIN)
    assert later.received_closed.ids == (1, 2)
    assert later.balance == (1, 2, 2, 1), "what happened after the period does not change its balance"


def test_overdue_extended_and_late() -> None:
    rows = [
        row(1, "2026-10-01"),
        row(2, "2026-10-20"),
        row(3, "2026-09-25", "2026-10-15"),
        CaseRow(
            4,
            date(2026, 9, 20),
            date(2026, 10, 12),
            date(2026, 10, 12),
            date(2026, 10, 20),
            limit_days=30,
            first_limit=15,
        ),
    ]
    found = figures(rows, OCTOBER, OCTOBER.last, PLAIN)
    assert found.open_overdue.ids == (1,)
    assert found.closed_late.ids == (3,)
    assert found.closed_extended.ids == (4,)
    assert found.closed_in_time.ids == (4,)


def test_a_case_whose_complainant_was_told_is_open_but_not_overdue() -> None:
    told = row(1, "2026-10-01", told=True)
    found = figures([told, row(2, "2026-10-01")], OCTOBER, OCTOBER.last, PLAIN)
    assert found.received_open.ids == (1, 2)
    assert found.open_overdue.ids == (2,)


def test_method_decides_what_counts() -> None:
    rows = [
        row(1, "2026-10-01", "2026-10-02", repeat=True),
        row(2, "2026-10-01", "2026-11-02"),
        row(3, "2026-10-05", "2026-10-06", nature="inquiry"),
        row(4, "2026-09-30", "2026-10-01"),
    ]
    assert [r.id for r in in_period([r for r in rows if r.nature == "complaint"], OCTOBER, OCTOBER.last, PLAIN)] == [
        1,
        2,
    ]
    merged = figures(rows, OCTOBER, OCTOBER.last, Method(merge_repeats=True))
    assert merged.received.ids == (2,)
    assert merged.repeats.ids == (1,)
    closed = in_period(rows, OCTOBER, OCTOBER.last, Method(basis="closed"))
    assert [r.id for r in closed] == [1, 3, 4]


def test_empty_values_count_as_unfilled_and_stand_last() -> None:
    rows = [row(1, "2026-10-01", source=""), row(2, "2026-10-01", source=""), row(3, "2026-10-02", source="来电")]
    groups = breakdown(rows, "source")
    assert [(group.name, group.count) for group in groups] == [("来电", 1), (UNFILLED, 2)]


def test_comparison_has_every_name_and_the_year_so_far() -> None:
    rows = [
        row(1, "2026-10-01", source="来电"),
        row(2, "2026-09-01", source="来访"),
        row(3, "2025-10-01", source="来电"),
    ]
    items = {
        item.name: item for item in compare(rows, OCTOBER, OCTOBER.last, PLAIN, "source", ("来访", "来电", "来信"))
    }
    assert (items["来电"].now.count, items["来电"].before, items["来电"].year_before, items["来电"].year_to_date) == (
        1,
        0,
        1,
        1,
    )
    assert items["来电"].growth is None
    assert items["来电"].year_growth == 0
    assert (items["来访"].before, items["来访"].year_to_date) == (1, 1)
    assert items["来信"].now.count == 0


def test_days_to_close_bands() -> None:
    rows = [
        row(n, "2026-01-01", (date(2026, 1, 1) + timedelta(days=d)).isoformat())
        for n, d in enumerate((0, 15, 16, 30, 31, 60, 61))
    ]
    assert days_to_close([*rows, row(9, "2026-10-31")], date(2026, 12, 31)) == {
        "<=15": 2,
        "16-30": 2,
        "31-60": 2,
        ">60": 1,
        "open": 1,
    }


def test_a_case_that_ended_before_it_was_received_stands_in_the_first_band() -> None:
    assert days_to_close([row(1, "2026-10-05", "2026-10-01")], OCTOBER.last)["<=15"] == 1


def test_what_was_reckoned_is_kept_with_the_rows_and_the_oldest_goes() -> None:
    cases = Cases([row(1, "2026-10-01"), row(2, "2026-10-20", "2026-11-03")])
    first = figures(cases, OCTOBER, OCTOBER.last, PLAIN)
    assert figures(cases, OCTOBER, OCTOBER.last, PLAIN) is first
    assert figures(cases, OCTOBER, date(2026, 11, 3), PLAIN).received_closed.ids == (2,)
    assert Cases.of(cases) is cases
    for day in range(Cases.MOST_KEPT):
        figures(cases, OCTOBER, date(2027, 1, 1) + timedelta(days=day), PLAIN)
    again = figures(cases, OCTOBER, OCTOBER.last, PLAIN)
    assert again == first
    assert again is not first


CASES = st.lists(
    st.builds(
        lambda start, length, source, category: CaseRow(
            0,
            date(2025, 6, 1) + timedelta(days=start),
            date(2025, 6, 1) + timedelta(days=start + length) if length < 80 else None,
            None,
            None,
            source=source,
            category=category,
        ),
        st.integers(0, 700),
        st.integers(0, 90),
        st.sampled_from(["", "来电", "来访"]),
        st.sampled_from(["", "贷款", "银行卡"]),
    ),
    max_size=60,
)


def day_of(number: int) -> date:
    return date(2025, 6, 1) + timedelta(days=number)


@given(CASES, st.integers(0, 800), st.integers(0, 800))
def test_days_find_the_rows_that_looking_at_each_finds(cases: list[CaseRow], start: int, end: int) -> None:
    first, last = day_of(start), day_of(end)
    numbered = Cases(item._replace(id=number) for number, item in enumerate(cases))
    assert numbered.received(first, last) == [item for item in numbered if first <= item.received_on <= last]
    assert numbered.ended(first, last) == [
        item for item in numbered if item.closed_on and first <= item.closed_on <= last
    ]
    assert numbered.open_before(first) == [item for item in numbered if not (item.closed_on and item.closed_on < first)]


@given(CASES, st.sampled_from(["2026-10", "2026Q1", "2026", "2025-06-01..2026-12-31"]), st.integers(0, 900))
def test_every_breakdown_adds_up_and_the_balance_holds(cases: list[CaseRow], period_text: str, day: int) -> None:
    period, as_of = parse_period(period_text), date(2025, 6, 1) + timedelta(days=day)
    found = figures(cases, period, as_of, PLAIN)
    chosen = in_period(cases, period, as_of, PLAIN)
    assert found.received.count == len(chosen)
    for dimension in DIMENSIONS:
        assert sum(group.count for group in breakdown(chosen, dimension)) == len(chosen)
    assert found.received_closed.count + found.received_open.count == found.received.count
    assert found.closed_in_time.count + found.closed_late.count == found.closed.count
    if as_of >= period.first:
        assert found.balanced
    assert sum(days_to_close(chosen, as_of).values()) == len(chosen)
