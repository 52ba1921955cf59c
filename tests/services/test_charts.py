"""The charts of every ledger from a demo book, against its statistics."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from xiaobao_desktop.domain.charts import Bars, Heat, Trend
from xiaobao_desktop.domain.ledgers.complaint import LEDGER as COMPLAINT
from xiaobao_desktop.domain.period import parse_period
from xiaobao_desktop.domain.statistics import Method
from xiaobao_desktop.services import books, charts, complaint_statistics, demo, outreach_statistics, training_statistics
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.query import Condition, Query

YEAR = parse_period("2026")
END = date(2026, 10, 31)


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    folder = tmp_path_factory.mktemp("demo") / "book"
    demo.make_demo(folder, complaints=120)
    opened = books.open_book(folder, None)
    yield opened
    opened.close()


def test_every_subject_has_a_tab_with_charts(session: Session) -> None:
    for subject in charts.subjects():
        made = subject.build(session, YEAR, END, Method())
        assert made.ledger == subject.key
        assert len({chart.key for chart in made.charts}) == len(made.charts) >= 5
        assert isinstance(made.charts[0], Trend)
        known = set(session.book.ids(next(one for one in session.ledgers if one.key == subject.key), _everything()))
        assert all(set(mark.ids) <= known for chart in made.charts for mark in chart.marks)


def test_charts_of_complaints_agree_with_the_statistics(session: Session) -> None:
    subject = charts.subjects()[0]
    made = {chart.key: chart for chart in subject.build(session, YEAR, END, Method()).charts}
    found = complaint_statistics.statistics(session, YEAR, END)
    for key in ("branch", "category", "source"):
        chart = made[key]
        assert isinstance(chart, Bars)
        by_name = {group.name: group.count for group in found.dimensions[key]}
        assert {
            mark.name: mark.value for mark in chart.marks if not mark.name.startswith("其余")
        }.items() <= by_name.items()
        assert sum(mark.value for mark in chart.marks) == found.total
    heat = made["heat"]
    assert isinstance(heat, Heat)
    assert sum(mark.value for mark in heat.marks) == found.total
    assert all(len(name) <= 4 for name in heat.columns if not name.startswith("其余"))
    assert sum(mark.value for mark in made["trend"].marks) == found.total


def test_merging_repeats_lowers_the_counts(session: Session) -> None:
    build = charts.subjects()[0].build
    usual = build(session, YEAR, END, Method())
    merged = build(session, YEAR, END, Method(merge_repeats=True))
    found = complaint_statistics.statistics(session, YEAR, END, Method(merge_repeats=True))
    assert sum(mark.value for mark in merged.charts[2].marks) == found.total
    assert found.total <= sum(mark.value for mark in usual.charts[2].marks)


def test_training_and_outreach_agree_with_their_statistics(session: Session) -> None:
    _complaints, training, outreach = (subject.build(session, YEAR, END, Method()) for subject in charts.subjects())
    sessions = training_statistics.statistics(session, YEAR, END)
    by_category = next(chart for chart in training.charts if chart.key == "category")
    assert sum(mark.value for mark in by_category.marks) == sessions.figures.sessions.count
    reached = outreach_statistics.statistics(session, YEAR, END)
    by_campaign = next(chart for chart in outreach.charts if chart.key == "campaign")
    assert sum(mark.value for mark in by_campaign.marks) == reached.figures.activities.audience
    assert sum(mark.value for mark in outreach.charts[0].marks) == reached.figures.activities.sessions


def test_more_ids_than_sql_has_marks_for_find_their_records(session: Session) -> None:
    everything = session.book.ids(COMPLAINT, _everything())
    many = tuple(range(1, 40_000))
    assert session.book.ids(COMPLAINT, Query(where=(Condition("id", "in", many),))) == everything
    assert session.book.count(COMPLAINT, Query(where=(Condition("id", "in", many[:3]),))) == 3


def _everything() -> Query:
    return Query()
