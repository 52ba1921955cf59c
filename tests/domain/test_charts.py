"""What charts show: counts with the records behind them, folded, ranked, compared with the year before."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from xiaobao_desktop.domain import charts
from xiaobao_desktop.domain.catalog import UNFILLED
from xiaobao_desktop.domain.period import Period, parse_period
from xiaobao_desktop.domain.statistics import CaseRow, Group, Method

YEAR = parse_period("2026")
NOW = date(2026, 11, 23)
DAYS = st.dates(date(2025, 1, 1), date(2026, 12, 31))


def row(number: int, received: date, closed: date | None = None, **more: str) -> CaseRow:
    return CaseRow(number, received, closed, closed, None, **more)  # type: ignore[arg-type]


def test_a_period_that_is_not_over_is_cut_at_the_day_of_view() -> None:
    assert charts.span(YEAR, NOW) == Period(date(2026, 1, 1), NOW)
    assert charts.span(YEAR, date(2027, 2, 1)) == YEAR
    assert charts.span(YEAR, YEAR.last) == YEAR


def test_trend_ends_with_the_month_of_view_and_knows_all_of_last_year() -> None:
    rows = [
        row(1, date(2026, 1, 5)),
        row(2, date(2026, 11, 23)),
        row(3, date(2026, 11, 24)),
        row(4, date(2025, 12, 31)),
        row(5, date(2024, 12, 31)),
    ]
    marks, before = charts.trend(rows, 2026, NOW, Method())
    assert [mark.value for mark in marks] == [1, *[0] * 9, 1]
    assert marks[-1].ids == (2,)
    assert before == (*[0] * 11, 1)
    assert len(charts.trend(rows, 2026, date(2027, 1, 1), Method())[0]) == 12


def test_trend_by_closed_date_counts_ends() -> None:
    rows = [row(1, date(2025, 12, 30), date(2026, 1, 3)), row(2, date(2026, 1, 3))]
    marks, _before = charts.trend(rows, 2026, NOW, Method(basis="closed"))
    assert marks[0].ids == (1,)


def test_last_year_is_counted_over_the_same_days() -> None:
    rows = [
        row(1, date(2026, 3, 1), branch="城关支行"),
        row(2, date(2025, 3, 1), branch="城关支行"),
        row(3, date(2025, 11, 24), branch="城关支行"),
    ]
    (mark,) = charts.dimension_bars(rows, "branch", (), charts.span(YEAR, NOW), Method())
    assert (mark.value, mark.last_year, mark.share) == (1, 1, Fraction(1))


def test_other_and_unfilled_stand_last_and_too_many_names_are_folded() -> None:
    groups = [Group(f"支行{place}", tuple(range(20 - place))) for place in range(20)]
    groups[1:1] = [Group("其他", tuple(range(30))), Group(UNFILLED, (1,))]
    marks = charts.ranked(groups, {"支行19": 4}, most=6)
    assert [mark.name for mark in marks] == ["支行0", "支行1", "支行2", "其余17项", "其他", UNFILLED]
    assert marks[3].last_year == 4
    assert sum(mark.value for mark in marks) == sum(group.count for group in groups)


@given(
    st.lists(st.tuples(DAYS, st.integers(0, 90) | st.none(), st.sampled_from("甲乙丙丁") | st.just("")), max_size=40)
)
def test_every_chart_adds_up_to_the_cases_of_the_period(cases: list[tuple[date, int | None, str]]) -> None:
    rows = [
        row(place, day, day + timedelta(days=used) if used is not None else None, category=name, cause=name)
        for place, (day, used, name) in enumerate(cases)
    ]
    days = charts.span(YEAR, NOW)
    total = sum(day in days for day, _used, _name in cases)
    for marks in (
        charts.dimension_bars(rows, "category", (), days, Method()),
        charts.days_bars(rows, days, Method()),
        charts.heat(rows, {}, days, Method()).marks,
    ):
        assert sum(mark.value for mark in marks) == total
        assert len({one for mark in marks for one in mark.ids}) == total
        assert all(mark.value == len(mark.ids) for mark in marks)
    waiting = [case for case in rows if case.received_on <= NOW and not case.closed_by(NOW)]
    assert sum(mark.value for mark in charts.ageing_bars(rows, NOW, Method())) == len(waiting)


def test_heat_folds_rare_names_and_shortens_causes() -> None:
    rows = [
        row(10 * place + more, date(2026, 3, 1), category=f"类{place}", cause=f"因原因{place}引起的投诉")
        for place in range(12)
        for more in range(12 - place)
    ]
    made = charts.heat(rows, {}, YEAR, Method(), {"因原因0引起的投诉": "短名"})
    assert (len(made.rows), len(made.columns)) == (charts.MOST_HEAT_ROWS, charts.MOST_HEAT_COLUMNS)
    assert made.rows[-1] == "其余5类"
    assert made.columns[:2] == ("短名", "原因1")
    assert made.cell(0, 0).value == 12
    assert made.cell(7, 7).value == 5


def test_sums_leave_empty_names_out_and_keep_the_order() -> None:
    marks = charts.summed([("其他", (1,), 90), ("农村", (1, 2), 40), ("社区", (), 0), ("校园", (3,), 70)])
    assert [(mark.name, mark.value, mark.share) for mark in marks] == [
        ("校园", 70, None),
        ("农村", 40, None),
        ("其他", 90, None),
    ]
