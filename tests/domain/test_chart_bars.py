"""Bars for narrow places and bars of terms: whatever is folded or split, the numbers stay whole."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from xiaobao_desktop.domain import charts
from xiaobao_desktop.domain.catalog import UNFILLED
from xiaobao_desktop.domain.charts import OTHER, Bars, Mark
from xiaobao_desktop.domain.period import parse_period
from xiaobao_desktop.domain.statistics import CaseRow, Group, Method, figures

OCTOBER = parse_period("2026-10")
DAYS = st.dates(date(2026, 9, 1), date(2026, 11, 15))


def bars(counts: list[int], *, tails: bool, ranked: bool = True) -> Bars:
    names = [f"网点{place}" for place in range(len(counts))]
    if tails:
        names[-2:] = [OTHER, UNFILLED]
    whole = sum(counts)
    marks = [
        Mark(name, tuple(range(1000 * place, 1000 * place + count)), count, Fraction(count, whole), count + 1)
        for place, (name, count) in enumerate(zip(names, counts, strict=True))
    ]
    return Bars("branch", "按网点", "", tuple(marks), ranked=ranked)


@given(st.lists(st.integers(1, 9), min_size=4, max_size=30), st.booleans(), st.integers(4, 20))
def test_shorter_bars_have_the_same_sums_and_records(counts: list[int], tails: bool, most: int) -> None:
    whole = bars(sorted(counts, reverse=True), tails=tails)
    short = charts.shorter(whole, most)
    assert len(short.marks) == min(most, len(whole.marks))
    assert sum(mark.value for mark in short.marks) == sum(counts)
    assert sum((mark.share or Fraction() for mark in short.marks), Fraction()) == 1
    assert sum(mark.last_year or 0 for mark in short.marks) == sum(counts) + len(counts)
    assert sorted(one for mark in short.marks for one in mark.ids) == sorted(one for m in whole.marks for one in m.ids)
    assert sum(mark.folded for mark in short.marks) == len(counts)
    if tails:
        assert [mark.name for mark in short.marks[-2:]] == [OTHER, UNFILLED]


def test_what_was_folded_before_counts_with_all_its_names() -> None:
    groups = [Group(f"网点{place}", tuple(range(place * 100, place * 100 + 20 - place))) for place in range(18)]
    marks = charts.ranked(groups, {})
    assert marks[-1].name == "其余5项"
    short = charts.shorter(Bars("branch", "按网点", "", marks), 6)
    assert [mark.name for mark in short.marks[-2:]] == ["网点4", "其余13项"]


def test_bars_in_an_order_of_their_own_are_never_folded() -> None:
    fixed = bars([1, 2, 3, 4, 5, 6], tails=False, ranked=False)
    assert charts.shorter(fixed, 4) is fixed


def test_a_printed_chart_knows_no_records() -> None:
    printed = charts.printed(bars([3, 2, 1, 1], tails=False))
    assert [mark.value for mark in printed.marks] == [3, 2, 1, 1]
    assert all(mark.ids == () for mark in printed.marks)


@given(st.lists(st.tuples(DAYS, st.none() | st.integers(0, 40), st.booleans()), max_size=15))
def test_terms_add_up_to_all_ended_and_all_open(cases: list[tuple[date, int | None, bool]]) -> None:
    rows = []
    for number, (received, days, extended) in enumerate(cases, start=1):
        closed = date.fromordinal(received.toordinal() + days) if days is not None else None
        due = date.fromordinal(received.toordinal() + (30 if extended else 15))
        limit = 30 if extended else 15
        rows.append(CaseRow(number, received, closed, closed, due, limit_days=limit, first_limit=15))
    marks = {mark.name: mark for mark in charts.timeliness_bars(rows, OCTOBER, Method())}
    found = figures(rows, OCTOBER, OCTOBER.last, Method())
    in_time = marks["期限内办结"].value + marks["延期后按期办结"].value
    assert in_time == found.closed_in_time.count
    assert in_time + marks["逾期办结"].value == found.closed.count
    assert marks["在办未到期"].value + marks["在办已超期"].value == found.ending.count
    late = [row for row in rows if row.id in marks["在办已超期"].ids]
    assert all(row.due_on and row.due_on < OCTOBER.last and not row.closed_by(OCTOBER.last) for row in late)
