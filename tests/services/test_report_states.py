"""How far each report is for a period, on a real book."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tests.services.support import COMPLAINT, a_complaint, new_book
from xiaobao_desktop.domain.fields import Record
from xiaobao_desktop.domain.ledgers import ledger
from xiaobao_desktop.domain.period import parse_period
from xiaobao_desktop.services import filing, records, report_states, report_words, reporting
from xiaobao_desktop.services.filing import Details
from xiaobao_desktop.services.report_states import ReportState
from xiaobao_desktop.services.report_words import Place, Words
from xiaobao_desktop.services.session import Session

OCTOBER = parse_period("2026-10")
TODAY = date(2026, 11, 3)
DETAILS = Details(date(2026, 11, 2))


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    opened = new_book(tmp_path / "book")
    records.save(opened, COMPLAINT, a_complaint("2026-10-08", category="B.01"))
    records.save(opened, COMPLAINT, a_complaint("2026-10-09", category="B.02"))
    yield opened
    opened.close()


def state(session: Session, name: str, period: str = "2026-10") -> ReportState:
    return next(item for item in report_states.states(session, parse_period(period)) if item.name == name)


def file_report(session: Session, name: str, period: str, subject: str = "") -> None:
    draft = filing.prepare(session, name, parse_period(period), subject=subject)
    filing.file(session, draft, DETAILS, {"pdf": b"%PDF-1.7"})


@pytest.mark.parametrize(
    ("name", "chosen", "told"),
    [
        ("monthly", "2026-10", "2026-10"),
        ("quarterly", "2026-10", "2026Q3"),
        ("half-year", "2026-10", "2026H1"),
        ("annual", "2026-10", "2025"),
        ("quarterly", "2026-09", "2026Q3"),
        ("quarterly", "2026-08", "2026Q2"),
        ("monthly", "2025", "2025-12"),
        ("monthly", "2026", "2026-10"),
        ("training", "2026H1", "2026H1"),
        ("summary", "2026Q1", "2025"),
        ("ledger", "2026Q3", "2026Q3"),
    ],
)
def test_each_report_is_told_for_a_period_of_its_own_length(name: str, chosen: str, told: str) -> None:
    assert report_states.fitting(reporting.info(name), parse_period(chosen), TODAY).code == told


def test_every_report_has_a_state_and_nothing_is_done_at_first(session: Session) -> None:
    found = report_states.states(session, OCTOBER)
    assert [item.name for item in found] == [info.name for info in reporting.reports()]
    assert not any(item.issues or item.drafted for item in found)


def test_words_make_a_draft_also_while_they_are_typed(session: Session) -> None:
    place = Place("monthly", "2026-10")
    report_words.keep_draft(session, place, Words({"problems": "人手不足。"}))
    assert state(session, "monthly").drafted
    report_words.keep(session, place, Words({"problems": "  \n"}), "月报")
    assert not state(session, "monthly").drafted, "blanks are no words"
    report_words.keep(session, place, Words({"problems": "人手不足。"}), "月报")
    assert state(session, "monthly").drafted
    assert not state(session, "monthly", "2026-09").drafted
    assert not state(session, "quarterly").drafted


def test_a_filed_report_shows_its_latest_version(session: Session) -> None:
    file_report(session, "monthly", "2026-10")
    assert state(session, "monthly").filed == "v1"
    file_report(session, "monthly", "2026-10")
    found = state(session, "monthly")
    assert (found.filed, len(found.issues)) == ("v2", 1)
    assert state(session, "monthly", "2026-09").filed == ""


def test_papers_of_one_report_are_counted(session: Session) -> None:
    papers = len(reporting.subjects(session, "complaint-table", OCTOBER))
    file_report(session, "complaint-table", "2026-10", "category-cause")
    file_report(session, "complaint-table", "2026-10", "channel-cause")
    file_report(session, "complaint-table", "2026-10", "channel-cause")
    assert state(session, "complaint-table").filed == f"2/{papers}份"


def test_later_changes_are_counted(session: Session) -> None:
    file_report(session, "monthly", "2026-10")
    assert report_states.later(session, state(session, "monthly")) == 0
    records.save(session, COMPLAINT, Record({"category": "B.03.01.2"}, {}, 1))
    records.save(session, COMPLAINT, a_complaint("2026-10-30", category="B.01"))
    assert report_states.later(session, state(session, "monthly")) == 2
    file_report(session, "monthly", "2026-10")
    assert report_states.later(session, state(session, "monthly")) == 0, "the corrected version knows them"


def test_a_filing_entered_by_hand_is_filed_and_tells_no_changes(session: Session) -> None:
    filings = ledger("filing")
    values = {**filings.defaults(), "title": "2026年10月消保工作月报", "report": "monthly", "period": "2026-10"}
    records.save(session, filings, Record({**values, "filed_on": "2026-11-02"}))
    records.save(session, COMPLAINT, Record({"category": "B.03.01.2"}, {}, 1))
    found = state(session, "monthly")
    assert found.filed == "v1"
    assert report_states.later(session, found) == 0
