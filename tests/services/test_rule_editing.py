"""Rules that the bank edits: from which day they hold, whom they leave alone, how they are taken back. A real book."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.services.support import AT, COMPLAINT, STAFF, Clock, a_complaint, add_branch, new_book
from xiaobao_desktop.domain import case
from xiaobao_desktop.domain.calendar import RollOver
from xiaobao_desktop.domain.deadline import Profile, profile_for
from xiaobao_desktop.domain.fields import Record, Value, Values
from xiaobao_desktop.domain.period import parse_period
from xiaobao_desktop.domain.statistics import Method, figures
from xiaobao_desktop.errors import RecordRefused
from xiaobao_desktop.services import books, records, rule_editing, todo, undo
from xiaobao_desktop.services.complaint_rows import case_rows
from xiaobao_desktop.services.rule_editing import EXTENDED, EXTENDED_AGAIN, FIRST, RuleInForce, RuleUnfit
from xiaobao_desktop.services.session import Session

TODAY = AT.date()  # 3 November 2026


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed empty book, copied for each test."""
    folder = tmp_path_factory.mktemp("rules") / "book"
    new_book(folder).close()
    return folder


@pytest.fixture
def session(tmp_path: Path, template: Path, clock: Clock) -> Iterator[Session]:
    shutil.copytree(template, tmp_path / "book")
    opened = books.open_book(tmp_path / "book", None, clock=clock)
    yield opened
    opened.close()


def current(session: Session, profile_id: str = "order3") -> Profile:
    found = profile_for(session.rules.profiles, profile_id, session.today())
    assert found is not None
    return found


def version(session: Session, since: date, first: int = 10, **more: Any) -> Profile:
    old = current(session)
    typed: dict[str, Any] = {
        "effective_from": since,
        "name": "新办法",
        "basis": "金融监管总局令2027年第1号",
        "article": "第二十条",
        "days": {FIRST: first, EXTENDED: 20, EXTENDED_AGAIN: 40},
        "workdays": False,
        "roll_over": RollOver.NONE,
        "window_days": 0,
        "hours": 0,
    }
    return rule_editing.reworked(old, rule_editing.Typed(**{**typed, **more}))


def step(kind: str, on: str, **more: Value) -> Values:
    return {"kind": kind, "happened_on": on, **more}


def saved(session: Session, received: str, *steps: Values, **more: Value) -> Record:
    rows = (step("received", received), *steps) if steps else ()
    return records.save(session, COMPLAINT, a_complaint(received, *rows, **more)).record


def again(session: Session, record: Record) -> Record:
    return records.get(session, COMPLAINT, record.id or 0)


def columns_agree(session: Session, record: Record) -> None:
    """Kept columns equal what the steps say."""
    found = case.of_record(record, session.rules)
    assert record.values["due_on"] == (str(found.due_on) if found.due_on else None)


def test_a_version_is_for_cases_received_from_its_day_on(session: Session, clock: Clock) -> None:
    old, new = saved(session, "2026-10-30"), saved(session, "2026-11-02")
    ended = saved(session, "2026-11-01", step("decide", "2026-11-02"), step("close", "2026-11-02"))
    added = version(session, date(2026, 11, 1))
    assert rule_editing.affected(session, added) == 1
    changed = rule_editing.add_version(session, added)
    assert ("complaint", new.id) in changed
    assert again(session, old).values["due_on"] == "2026-11-14"
    assert again(session, new).values["due_on"] == "2026-11-12"
    assert again(session, ended).values["due_on"] == "2026-11-16"
    for record in (old, new, ended):
        columns_agree(session, again(session, record))
    # Saving the ended case again for another reason does not change it either.
    touched = records.save(session, COMPLAINT, replace(again(session, ended), values={"remark": "补记"})).record
    assert touched.values["due_on"] == "2026-11-16"
    clock.move(days=3)
    assert saved(session, "2026-11-05").values["due_on"] == "2026-11-15"
    assert records.history(session, COMPLAINT, new.id or 0)[0].operation == "修改规则：新办法（2026-11-01 起）"


def test_a_version_of_a_later_day_waits_for_it_and_can_be_withdrawn(session: Session, clock: Clock) -> None:
    record = saved(session, "2026-11-02")
    rule_editing.add_version(session, version(session, date(2026, 12, 1)))
    assert current(session).name == "3号令"
    assert [item.state for item in rule_editing.versions(session, "order3")] == ["later", "now"]
    later = rule_editing.versions(session, "order3")[0].profile
    rule_editing.withdraw(session, later)
    found = rule_editing.versions(session, "order3")
    assert [(item.state, item.recorded_by) for item in found] == [("withdrawn", session.user), ("now", "")]
    clock.move(days=40)
    assert saved(session, "2026-12-05").values["due_on"] == "2026-12-20"
    assert again(session, record) == record


def test_a_version_that_holds_is_followed_by_another_not_withdrawn(session: Session) -> None:
    rule_editing.add_version(session, version(session, TODAY))
    assert current(session).name == "新办法"
    with pytest.raises(RuleInForce, match="已经适用"):
        rule_editing.withdraw(session, current(session))
    rule_editing.add_version(session, version(session, TODAY, first=12))
    assert saved(session, "2026-11-03").values["due_on"] == "2026-11-15"
    assert len(rule_editing.versions(session, "order3")) == 3


def test_undo_takes_a_version_back_and_the_terms_with_it(session: Session) -> None:
    record = saved(session, "2026-11-02")
    rule_editing.add_version(session, version(session, date(2026, 11, 1)))
    assert again(session, record).values["due_on"] == "2026-11-12"
    assert undo.undo(session).name == "修改规则：新办法（2026-11-01 起）"
    assert again(session, record).values["due_on"] == "2026-11-17"
    assert current(session).name == "3号令"


def test_versions_and_years_are_in_the_book(session: Session, clock: Clock) -> None:
    rule_editing.add_version(session, version(session, TODAY, roll_over=RollOver.HOLIDAYS))
    known = rule_editing.read_year("元旦：1月1日（周五）至3日（周日）放假，共3天。", 2027)
    rule_editing.put_year(session, 2027, known)
    directory = session.directory
    session.close()
    opened = books.open_book(directory, None, clock=clock)
    try:
        found = current(opened)
        assert (found.name, found.roll_over, found.recorded_on) == ("新办法", RollOver.HOLIDAYS, TODAY)
        assert opened.rules.calendar.holiday(date(2027, 1, 2)) == "元旦"
    finally:
        opened.close()


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ({"days": {FIRST: 0, EXTENDED: 20, EXTENDED_AGAIN: 40}}, "天数请填 1 到 366"),
        ({"days": {FIRST: None, EXTENDED: 20, EXTENDED_AGAIN: 40}}, "请填写一般期限"),
        ({"days": {FIRST: 30, EXTENDED: 20, EXTENDED_AGAIN: 40}}, "不能比前一段少"),
        ({"name": " "}, "请填写规则名称和依据"),
    ],
)
def test_numbers_that_cannot_be_are_refused(session: Session, typed: dict[str, Any], reason: str) -> None:
    with pytest.raises(RuleUnfit, match=reason):
        version(session, TODAY, **typed)


def test_a_version_that_changes_nothing_is_refused(session: Session) -> None:
    old = current(session)
    same: dict[str, Any] = {
        "name": old.name,
        "basis": old.basis,
        "article": old.article,
        "days": {stage.opened_by: stage.days for stage in old.stages},
    }
    with pytest.raises(RuleUnfit, match="没有改动"):
        version(session, TODAY, **same)


def test_a_year_of_days_off_moves_open_terms_only(session: Session, clock: Clock) -> None:
    clock.move(days=50)  # 23 December 2026
    rule_editing.add_version(session, version(session, date(2026, 12, 1), first=15, roll_over=RollOver.HOLIDAYS))
    waiting = saved(session, "2026-12-17")
    ended = saved(session, "2026-12-17", step("decide", "2026-12-20"), step("close", "2026-12-20"))
    assert rule_editing.missing_years(session) == (2027,)
    assert waiting.values["due_on"] == "2027-01-01"
    rule_editing.put_year(session, 2027, rule_editing.read_year("元旦：1月1日（周五）至3日（周日）放假。", 2027))
    assert again(session, waiting).values["due_on"] == "2027-01-04"
    assert again(session, ended).values["due_on"] == "2027-01-01"
    assert rule_editing.missing_years(session) == ()
    for record in (waiting, ended):
        columns_agree(session, again(session, record))


def test_a_notice_that_cannot_be_read_says_what_to_paste(session: Session) -> None:
    with pytest.raises(rule_editing.NoticeUnread, match="贴进来"):
        rule_editing.read_year("各单位要合理安排好值班。", 2027)
    with pytest.raises(rule_editing.NoticeUnread, match="2月30日"):
        rule_editing.read_year("春节：2月28日至2月30日放假。", 2027)


def test_the_person_complained_of_cannot_handle_the_case(session: Session) -> None:
    branch = add_branch(session, "城关支行")
    values: dict[str, Value] = {**STAFF.defaults(), "name": "刘 某", "branch": branch, "staff_no": "1"}
    person = records.save(session, STAFF, Record(values)).record
    with pytest.raises(RecordRefused, match="应当回避"):
        records.save(session, COMPLAINT, a_complaint(respondent="刘某", handler=person.id))
    rows = (step("received", "2026-10-08"), step("investigate", "2026-10-09", person="刘某"))
    with pytest.raises(RecordRefused, match="“调查”（2026-10-09）的人员就是被投诉人员"):
        records.save(session, COMPLAINT, a_complaint("2026-10-08", *rows, respondent="刘某"))
    assert records.save(session, COMPLAINT, a_complaint(respondent="张某", handler=person.id)).record.id


def test_a_case_cannot_be_closed_without_a_decision_but_an_old_one_comes_in(session: Session) -> None:
    opened = saved(session, "2026-10-08")
    with pytest.raises(RecordRefused, match="之前没有处理决定"):
        records.save(session, COMPLAINT, replace(opened, values={"closed_on": "2026-10-20"}))
    old = saved(session, "2025-03-01", closed_on="2025-04-20")
    found = case.of_record(old, session.rules)
    assert (found.state, found.undecided, found.closed_on) == ("closed", True, date(2025, 4, 20))
    later = records.save(session, COMPLAINT, replace(old, values={"remark": "补录"})).record
    assert later.values["closed_on"] == "2025-04-20"
    rows = (*later.children["step"], step("decide", "2025-04-18"), step("inform", "2025-04-19", way="phone"))
    told = records.save(session, COMPLAINT, replace(later, children={"step": rows})).record
    assert not case.of_record(told, session.rules).undecided
    assert told.values["answered_on"] == "2025-04-19"


def test_reviews_and_leaks_are_due_also_after_the_end(session: Session) -> None:
    told = (step("decide", "2026-10-02"), step("inform", "2026-10-02", way="phone"), step("close", "2026-10-03"))
    reviewed = saved(session, "2026-10-01", *told, step("review_request", "2026-10-06"))
    leaking = saved(session, "2026-10-31", step("leak", "2026-11-02", happened_at="09:00", note="误发名单"))
    heard = (step("decide", "2026-10-30"), step("inform", "2026-10-30", way="phone"))
    answered = saved(session, "2026-10-28", *heard, source="hotline_12345", feedback_due_on="2026-11-04")
    items = {item.record_id: item for band in todo.bands(session, TODAY) for item in band.items}
    assert items[answered.id or 0].due_on == date(2026, 11, 4)
    assert items[answered.id or 0].subject.startswith("向转办单位反馈·")
    assert items[reviewed.id or 0].due_on == date(2026, 11, 5)
    assert items[reviewed.id or 0].subject.startswith("核查·")
    assert items[leaking.id or 0].due_on == date(2026, 11, 5)
    assert items[leaking.id or 0].subject.startswith("信息泄露报告·")
    for record, done in ((reviewed, step("review_decide", "2026-11-03")),
                         (answered, step("feedback", "2026-11-03", department="12345")),
                         (leaking, step("leak_report", "2026-11-03", department="人民银行"))):  # fmt: skip
        rows = (*record.children["step"], done)
        records.save(session, COMPLAINT, replace(record, children={"step": rows}))
    assert all(not band.items for band in todo.bands(session, TODAY))


def test_a_merged_case_counts_once_where_repeats_are_merged(session: Session) -> None:
    first = saved(session, "2026-10-08")
    merged = saved(session, "2026-10-10", step("merge", "2026-10-11"), merged_into=first.id)
    rows = case_rows(session)
    october = parse_period("2026-10")
    apart = figures(rows, october, october.last, Method())
    together = figures(rows, october, october.last, Method(merge_repeats=True))
    assert apart.received.ids == (first.id, merged.id)
    assert together.received.ids == (first.id,)
    assert again(session, merged).values["closed_on"] == "2026-10-11"


def test_a_follow_up_fills_the_satisfaction_in(session: Session) -> None:
    record = saved(session, "2026-10-08", step("decide", "2026-10-09"), step("inform", "2026-10-09", way="phone"))
    rows = (*record.children["step"], step("follow_up", "2026-10-12", satisfaction="satisfied"))
    followed = records.save(session, COMPLAINT, replace(record, children={"step": rows})).record
    assert followed.values["satisfaction"] == "satisfied"
    typed = records.save(session, COMPLAINT, replace(followed, values={"satisfaction": "fair"})).record
    assert typed.values["satisfaction"] == "fair"
