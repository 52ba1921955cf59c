"""The charts of every ledger from a demo book, against its statistics."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tests.services.support import new_book
from xiaobao_desktop.domain.charts import Bars, Heat, Trend
from xiaobao_desktop.domain.fields import Record, Value
from xiaobao_desktop.domain.ledgers.complaint import LEDGER as COMPLAINT
from xiaobao_desktop.domain.ledgers.rectification import LEDGER as FAULTS
from xiaobao_desktop.domain.period import parse_period
from xiaobao_desktop.domain.statistics import Method
from xiaobao_desktop.services import (
    books,
    charts,
    complaint_statistics,
    demo,
    outreach_statistics,
    records,
    rectification_charts,
    training_statistics,
)
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
        made = subject.build(session, YEAR, END, Method(), ())
        assert made.ledger == subject.key
        assert len({chart.key for chart in made.charts}) == len(made.charts) >= 5
        assert isinstance(made.charts[0], Trend)
        known = set(session.book.ids(next(one for one in session.ledgers if one.key == subject.key), _everything()))
        assert all(set(mark.ids) <= known for chart in made.charts for mark in chart.marks)


def test_charts_of_complaints_agree_with_the_statistics(session: Session) -> None:
    subject = charts.subjects()[0]
    made = {chart.key: chart for chart in subject.build(session, YEAR, END, Method(), ()).charts}
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
    usual = build(session, YEAR, END, Method(), ())
    merged = build(session, YEAR, END, Method(merge_repeats=True), ())
    found = complaint_statistics.statistics(session, YEAR, END, Method(merge_repeats=True))
    assert sum(mark.value for mark in merged.charts[2].marks) == found.total
    assert found.total <= sum(mark.value for mark in usual.charts[2].marks)


def test_training_and_outreach_agree_with_their_statistics(session: Session) -> None:
    training, outreach = (subject.build(session, YEAR, END, Method(), ()) for subject in charts.subjects()[1:3])
    sessions = training_statistics.statistics(session, YEAR, END)
    by_category = next(chart for chart in training.charts if chart.key == "category")
    assert sum(mark.value for mark in by_category.marks) == sessions.figures.sessions.count
    reached = outreach_statistics.statistics(session, YEAR, END)
    by_campaign = next(chart for chart in outreach.charts if chart.key == "campaign")
    assert sum(mark.value for mark in by_campaign.marks) == reached.figures.activities.audience
    assert sum(mark.value for mark in outreach.charts[0].marks) == reached.figures.activities.sessions


def fault(on: str, **values: Value) -> Record:
    """A fault found on a day, to be put right by the end of its month."""
    entered: dict[str, Value] = {"source": "audit", "found_on": on, "problem": "收费公示不全", **values}
    return Record(entered)


def test_rectifications_are_told_as_of_the_day_of_view(tmp_path: Path) -> None:
    session = new_book(tmp_path / "book")
    ledger = session.ledger(FAULTS.key)
    verifier = records.save(session, session.ledger("staff"), Record({"name": "李明"})).record.id
    done: dict[str, Value] = {"verdict": "pass", "verifier": verifier}
    for entered in (
        fault("2026-08-03", planned_on="2026-08-31"),
        fault("2026-09-01", planned_on="2026-10-25", department="运营部"),
        fault("2026-10-05", planned_on="2026-11-20", department="运营部", right=("right_to_know",)),
        fault("2026-10-06"),
        fault("2026-10-07", planned_on="2026-10-20", finished_on="2026-10-19"),
        fault("2026-10-08", finished_on="2026-10-12", verified_on="2026-10-13", **done),
        # Finished and verified after the day of view: on that day it was under way.
        fault("2026-10-09", planned_on="2026-11-30", finished_on="2026-11-01", verified_on="2026-11-02", **done),
    ):
        records.save(session, ledger, entered)
    made = rectification_charts.build(session, parse_period("2026-10"), END, Method())
    values = {chart.key: {mark.name: mark.value for mark in chart.marks} for chart in made.charts}
    assert made.headline == ("发现 5 项", "已完成 2 项", "完成率 40.00%", "未完成 5 项")
    assert values["progress"] == {"已验证": 1, "已完成待验证": 1, "整改中未到期": 2, "已超期": 0, "没有定计划完成日": 1}
    assert values["open"] == {
        "整改中未到期": 2,
        "超期30天以内": 1,
        "超期31—90天": 1,
        "超期90天以上": 0,
        "没有定计划完成日": 1,
    }
    assert values["department"] == {"运营部": 1, "未填写": 4}
    assert sum(values["source"].values()) == 5
    assert values["trend"]["2026年8月"] == values["trend"]["2026年9月"] == 1
    later = rectification_charts.build(session, parse_period("2026-10"), date(2026, 11, 3), Method())
    assert {mark.name: mark.value for mark in later.charts[1].marks}["已验证"] == 2
    session.close()


def test_more_ids_than_sql_has_marks_for_find_their_records(session: Session) -> None:
    everything = session.book.ids(COMPLAINT, _everything())
    many = tuple(range(1, 40_000))
    assert session.book.ids(COMPLAINT, Query(where=(Condition("id", "in", many),))) == everything
    assert session.book.count(COMPLAINT, Query(where=(Condition("id", "in", many[:3]),))) == 3


def _everything() -> Query:
    return Query()
