"""下月到期事项 of the monthly report: filings, rectifications and plan items beside the complaints."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.services.support import Clock, a_complaint, new_book
from xiaobao_desktop.domain.fields import Record, Value
from xiaobao_desktop.domain.period import parse_period
from xiaobao_desktop.services import checking, filing, obligations, records, reporting
from xiaobao_desktop.services.due_next import due_next
from xiaobao_desktop.services.filing import Details
from xiaobao_desktop.services.session import Session

OCTOBER = parse_period("2026-10")
LAST = OCTOBER.last


@pytest.fixture
def session(tmp_path: Path) -> Session:
    return new_book(tmp_path / "book", Clock())


def saved(session: Session, key: str, **values: Value) -> None:
    records.save(session, session.ledger(key), Record(values))


def listed(session: Session, as_of: date = LAST) -> list[tuple[str, str, str]]:
    return [(str(item.day), item.kind, item.what) for item in due_next(session, OCTOBER, as_of)]


def test_what_is_due_next_month_and_not_done_stands_in_the_report(session: Session) -> None:
    records.save(session, session.ledger("complaint"), a_complaint("2026-10-25"))
    obligations.generate(session)
    fault: dict[str, Value] = {"source": "audit", "found_on": "2026-10-02"}
    saved(session, "rectification", **fault, problem="公示\n过期", planned_on="2026-11-20", department="运营部")
    saved(session, "rectification", **fault, problem="已改", planned_on="2026-11-20", finished_on="2026-10-20")
    saved(session, "plan", title="应急演练", planned_on="2026-11-25", kind="drill")
    saved(session, "plan", title="不做了", planned_on="2026-11-25", kind="task", cancelled_for="合并")
    saved(session, "plan", title="十二月的", planned_on="2026-12-25", kind="task")
    # The report of October itself is not named in it.
    assert listed(session) == [("2026-11-20", "整改", "公示 过期"), ("2026-11-25", "计划", "应急演练")]

    built = reporting.build(session, "monthly", OCTOBER, LAST)
    text = str(built.document)
    assert "下月到期事项共3项（见表2）：投诉1项、整改1项、计划1项。" in text
    assert "公示 过期" in text
    figures = {item.key: item for item in checking.figures(session, built)}
    assert (figures["due"].value, figures["due_other"].value) == ("1项", "2项")
    assert figures["due_other"].calculation == "整改1＋计划1＝2项"


def test_what_is_done_later_was_still_due_then(session: Session) -> None:
    saved(session, "plan", title="应急演练", planned_on="2026-11-25", kind="drill", finished_on="2026-11-02")
    saved(
        session, "filing", title="九月统计表", due_on="2026-11-15", filed_on="2026-11-01", period="2026-09", version=1
    )
    assert [what for _day, _kind, what in listed(session)] == ["九月统计表", "应急演练"]
    assert listed(session, date(2026, 11, 3)) == []


def test_a_filed_report_is_not_changed_by_what_is_done_afterwards(session: Session) -> None:
    saved(session, "plan", title="应急演练", planned_on="2026-11-25", kind="drill")
    draft = filing.prepare(session, "monthly", OCTOBER, LAST)
    kept = filing.file(session, draft, Details(date(2026, 11, 3)), {"pdf": b"%PDF-1"}).record
    plan = session.ledger("plan")
    records.save(session, plan, Record({"finished_on": "2026-11-03"}, {}, 1))
    from xiaobao_desktop.services import filing_changes

    assert filing_changes.later_changes(session, int(str(kept.id))).words == ""
