"""报送计划: generated once, ticked off by filing, as the bank keeps it; offered at the turn of the year."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from tests.services.support import AT, Clock, a_complaint, new_book
from xiaobao_desktop.domain.fields import Record, Value
from xiaobao_desktop.domain.ledgers.filing import LEDGER
from xiaobao_desktop.domain.obligations import DueRule, Obligation
from xiaobao_desktop.domain.period import parse_period
from xiaobao_desktop.services import filing, obligations, records, todo, undo
from xiaobao_desktop.services.filing import Details
from xiaobao_desktop.services.obligations import ObligationUnfit
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.query import Query

OCTOBER = parse_period("2026-10")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def session(tmp_path: Path, clock: Clock) -> Session:
    return new_book(tmp_path / "book", clock)


def filings(session: Session, *, deleted: bool = False) -> list[dict[str, object]]:
    """The register: title, period, last day, state."""
    query = Query(order=(("due_on", False), ("number", False)), deleted=deleted)
    rows = session.book.select(LEDGER, query, ("title", "period", "due_on", "filed_on", "state", "obligation"))
    return [dict(row) for row in rows]


def one(session: Session, key: str) -> Obligation:
    """An obligation by its id."""
    return next(item for item in obligations.obligations(session) if item.id == key)


def test_the_rest_of_the_year_is_generated_once(session: Session) -> None:
    made = obligations.generate(session)
    rows = filings(session)
    assert [(row["title"], row["due_on"], row["state"]) for row in rows] == [
        ("2026年10月消保工作月报", "2026-11-10", "pending"),
        ("2026年11月消保工作月报", "2026-12-10", "pending"),
    ]
    assert (made.count, len(made.changed)) == (2, 2)
    assert obligations.generate(session).count == 0
    assert len(filings(session)) == 2
    assert undo.undo(session).name == "生成 2026 年报送计划（2 件）"
    assert filings(session) == []


def test_january_has_the_year_and_what_is_owed_for_the_last_one(session: Session, clock: Clock) -> None:
    clock.now = datetime(2027, 1, 4, 9, tzinfo=AT.tzinfo)
    assert obligations.offered(session, clock.now.date()).startswith("2027 年的报送计划还没有生成（")
    assert any("报送计划还没有生成" in gap.words for gap in todo.gaps(session, clock.now.date()))
    obligations.generate(session)
    due = {str(row["title"]): str(row["due_on"]) for row in filings(session)}
    assert due["2026年金融消费者权益保护工作自评估报告"] == "2027-01-31"
    assert due["2026年第四季度消费投诉情况报告"] == "2027-01-10"
    assert due["2026年下半年消保工作报告"] == "2027-01-31"
    assert due["2026年12月消保工作月报"] == "2027-01-10"
    assert len(due) == 12 + 4 + 2 + 1 + 1 + 1 + 1
    assert obligations.offered(session, clock.now.date()) == ""


def test_december_plans_the_next_year_too(session: Session, clock: Clock) -> None:
    clock.now = datetime(2026, 12, 20, 9, tzinfo=AT.tzinfo)
    obligations.generate(session)
    assert {str(row["due_on"])[:4] for row in filings(session)} == {"2027"}


def test_a_deleted_one_and_one_that_is_off_do_not_come_back(session: Session) -> None:
    obligations.generate(session)
    first = session.book.ids(LEDGER, Query(order=(("due_on", False),)))[0]
    records.delete(session, session.ledger("filing"), first)
    obligations.put(session, replace(one(session, "monthly"), active=False))
    assert obligations.generate(session).count == 0
    assert [row["period"] for row in filings(session)] == ["2026-11"]


def test_filing_the_report_ticks_its_plan_off_and_a_correction_is_a_new_version(session: Session) -> None:
    records.save(session, session.ledger("complaint"), a_complaint())
    obligations.generate(session)
    before = session.book.ids(LEDGER, Query(order=(("due_on", False),)))
    draft = filing.prepare(session, "monthly", OCTOBER)
    assert draft.pending is not None
    details = Details(date(2026, 11, 3), "某银消保〔2026〕11号")
    saved = filing.file(session, draft, details, {"pdf": b"%PDF-1"})
    values = saved.record.values
    assert saved.record.id == before[0]
    assert (values["state"], values["due_on"], values["filed_on"], values["version"]) == (
        "filed",
        "2026-11-10",
        "2026-11-03",
        1,
    )
    assert todo.between(session, date(2026, 11, 4), date(2026, 11, 30)) == ()
    again = filing.file(session, filing.prepare(session, "monthly", OCTOBER), details, {"pdf": b"%PDF-2"})
    assert (again.record.values["version"], again.record.id not in before) == (2, True)
    assert obligations.generate(session).count == 0


def test_undoing_the_filing_makes_it_wait_again(session: Session) -> None:
    obligations.generate(session)
    draft = filing.prepare(session, "monthly", OCTOBER)
    filing.file(session, draft, Details(date(2026, 11, 3)), {"pdf": b"%PDF-1"})
    undo.undo(session)
    assert [row["state"] for row in filings(session)] == ["pending", "pending"]
    assert filing.pending(session, "monthly", OCTOBER) is not None


def test_a_report_filed_before_is_not_planned_again(session: Session) -> None:
    draft = filing.prepare(session, "monthly", OCTOBER)
    filing.file(session, draft, Details(date(2026, 11, 3)), {"pdf": b"%PDF-1"})
    assert [owed.period.code for owed in obligations.missing(session, 2026)] == ["2026-11"]


def test_the_bank_changes_adds_turns_off_and_takes_back(session: Session) -> None:
    monthly = one(session, "monthly")
    obligations.put(session, replace(monthly, due=DueRule(days=5), addressee="理事会"))
    changed = one(session, "monthly")
    assert (changed.due, changed.addressee, changed.changed, changed.own) == (DueRule(days=5), "理事会", True, False)
    obligations.put(session, Obligation("", "季度落实情况", "quarter", DueRule(days=15), own=True))
    added = obligations.obligations(session)[-1]
    assert (added.name, added.own, added.active) == ("季度落实情况", True, True)
    obligations.put(session, replace(added, active=False))
    assert not one(session, added.id).active
    obligations.restore(session, changed)
    assert one(session, "monthly") == monthly


def test_what_cannot_be_kept_is_refused(session: Session) -> None:
    with pytest.raises(ObligationUnfit, match="固定月日只能用于每年一次的"):
        obligations.put(session, replace(one(session, "monthly"), due=DueRule(month=1, day=31)))
    with pytest.raises(ObligationUnfit, match="已经有“消保工作月报”"):
        obligations.put(session, Obligation("", "消保工作月报", "month", DueRule(days=1)))


def test_the_addressee_comes_from_the_settings_of_the_bank(session: Session) -> None:
    assert obligations.addressee(session, one(session, "quarterly-complaints")) == ""
    with session.book.transaction("设置", session.user, session.now()) as changes:
        changes.set_setting("regulator", "国家金融监督管理总局某某监管分局")
    session.forget()
    assert obligations.addressee(session, one(session, "quarterly-complaints")).endswith("某某监管分局")
    assert obligations.addressee(session, Obligation("", "甲", "year", DueRule(days=1), addressee="{看}")) == "{看}"


def test_every_report_named_by_an_obligation_is_in_the_list(session: Session) -> None:
    listed = session.rules.catalog.list("filing_report")
    found = [item for item in obligations.obligations(session) if item.report and listed.get(item.report) is None]
    assert found == []


def test_a_filing_entered_by_hand_for_the_same_report_waits_too(session: Session) -> None:
    ledger = session.ledger("filing")
    values: dict[str, Value] = {
        "title": "十月月报",
        "report": "monthly",
        "period": "2026-10",
        "due_on": "2026-11-08",
        "version": 1,
    }
    records.save(session, ledger, Record(values))
    waiting = filing.pending(session, "monthly", OCTOBER)
    assert waiting is not None
    assert waiting.values["due_on"] == "2026-11-08"
    assert [owed.period.code for owed in obligations.missing(session, 2026)] == ["2026-11"]
