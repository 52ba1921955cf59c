"""Saving, refusing, deleting, restoring records; what history says. On real encrypted books."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services.support import AT, BRANCH, COMPLAINT, OFFICER, STAFF, Clock, a_complaint, add_branch, new_book
from xiaobao_desktop.domain.fields import Record, Value, Values
from xiaobao_desktop.errors import RecordMissing, RecordRefused
from xiaobao_desktop.services import listing, records
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.query import Query


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def session(tmp_path: Path, clock: Clock) -> Iterator[Session]:
    opened = new_book(tmp_path / "账 簿", clock)
    yield opened
    opened.close()


def step(kind: str, day: str, **more: str) -> Values:
    return {"kind": kind, "happened_on": day, **more}


def save_id(session: Session, record: Record) -> int:
    return int(str(records.save(session, COMPLAINT, record).record.id))


def changed(record: Record, **values: Value) -> Record:
    return Record({**record.values, **values}, record.children, record.id)


def test_a_blank_complaint_starts_today_with_the_declared_defaults(session: Session) -> None:
    blank = records.blank(session, COMPLAINT)
    assert blank.id is None
    assert blank.values["received_on"] == "2026-11-03"
    assert blank.values["nature"] == "complaint"
    assert "received_on" not in records.blank(session, BRANCH).values


def test_a_saved_complaint_gets_number_steps_and_due_date(session: Session) -> None:
    saved = records.save(session, COMPLAINT, a_complaint("2026-10-08"))
    assert saved.record.number == "TS-2026-0001"
    assert saved.changed == (("complaint", saved.record.id),)
    again = records.get(session, COMPLAINT, int(str(saved.record.id)))
    assert again == saved.record
    assert again.values["due_on"] == "2026-10-23"  # order 3: 15 calendar days, the day of receipt is day 0
    assert again.values["state"] == "new"
    assert [(row["kind"], row["happened_on"]) for row in again.children["step"]] == [("received", "2026-10-08")]


def test_preview_shows_the_due_date_and_writes_nothing(session: Session) -> None:
    anchor = session.book.anchor()
    assert records.preview(session, COMPLAINT, a_complaint("2026-10-08")).values["due_on"] == "2026-10-23"
    assert records.check(session, COMPLAINT, a_complaint("2026-10-08")) == ()
    assert session.book.anchor() == anchor


def test_hints_do_not_refuse_but_are_told(session: Session) -> None:
    saved = records.save(session, COMPLAINT, a_complaint(phone="1390799123", by_agent=True))
    told = {problem.field: problem for problem in saved.problems}
    assert told.keys() == {"phone", "agent"}
    assert told["phone"].message == "手机号少 1 位，应为 11 位"
    assert not any(problem.blocking for problem in saved.problems)


@pytest.mark.parametrize(
    ("record", "field", "says"),
    [
        (a_complaint(""), "received_on", "收到日期"),
        (a_complaint("2026-02-30"), "received_on", "2026-02-30"),
        (a_complaint("2026-11-04"), "received_on", "在今天之后"),
        (a_complaint("2026-10-08", closed_on="2026-10-07"), "closed_on", "早于收到日"),
        (a_complaint("1926-10-08"), "received_on", "1926"),
        (a_complaint(amount=-1), "amount", "不能小于 0"),
        (a_complaint(people_count=0), "people_count", "不能小于 1"),
        (a_complaint(received_time="25:00"), "received_time", "14:20"),
        (a_complaint(face_to_face=True, people_count=20), "level", "重大"),
    ],
)
def test_what_is_refused_says_why_at_its_field_and_keeps_nothing(
    session: Session, record: Record, field: str, says: str
) -> None:
    anchor = session.book.anchor()
    with pytest.raises(RecordRefused) as refused:
        records.save(session, COMPLAINT, record)
    problems = refused.value.values["problems"]
    assert isinstance(problems, tuple)
    assert [problem.field for problem in problems if says in problem.message] == [field]
    assert all(problem.blocking for problem in problems)
    assert says in refused.value.message
    assert "改好后再保存" in refused.value.message
    assert session.book.anchor() == anchor
    assert listing.count(session, COMPLAINT, Query()) == 0


@pytest.mark.parametrize(
    ("steps", "says"),
    [
        ((step("received", "2026-10-08"), step("decide", "2026-10-07")), "早于收到日"),
        ((step("received", "2026-10-08"), step("extend_60", "2026-10-09", reason="复杂")), "批准人"),
        ((step("received", "2026-10-08"), step("inform", "2026-10-09", way="phone")), "先记“处理决定”"),
        (
            (step("received", "2026-10-08"), step("decide", "2026-10-12"), step("inform", "2026-10-10", way="phone")),
            "早于处理决定",
        ),
        ((step("received", "2026-10-08"), step("", "2026-10-09")), "没有选"),
        ((step("received", "2026-10-08"), step("transfer", "")), "没有填日期"),
    ],
)
def test_impossible_timelines_are_refused(session: Session, steps: tuple[Values, ...], says: str) -> None:
    with pytest.raises(RecordRefused, match=says):
        records.save(session, COMPLAINT, a_complaint("2026-10-08", *steps))
    assert listing.count(session, COMPLAINT, Query()) == 0


def test_a_refused_change_leaves_the_record_as_it_was(session: Session) -> None:
    first = records.save(session, COMPLAINT, a_complaint()).record
    with pytest.raises(RecordRefused):
        records.save(session, COMPLAINT, changed(first, closed_on="2026-01-01", complainant="改名"))
    assert records.get(session, COMPLAINT, int(str(first.id))) == first


def test_steps_move_state_and_due_date_and_typed_dates_move_steps(session: Session) -> None:
    record = records.save(
        session,
        COMPLAINT,
        a_complaint("2026-10-08", step("received", "2026-10-08"), step("transfer", "2026-10-09", department="零售部")),
    ).record
    assert record.values["state"] == "transferred"
    with pytest.raises(RecordRefused, match="之前没有处理决定"):
        records.save(session, COMPLAINT, changed(record, closed_on="2026-10-20"), operation="办结")
    steps = (*record.children["step"], step("decide", "2026-10-20"))
    decided = records.save(session, COMPLAINT, Record(record.values, {"step": steps}, id=record.id)).record
    closed = records.save(session, COMPLAINT, changed(decided, closed_on="2026-10-20"), operation="办结").record
    assert closed.values["state"] == "closed"
    assert [row["kind"] for row in closed.children["step"]] == ["received", "transfer", "decide", "close"]
    moved = records.save(session, COMPLAINT, changed(closed, received_on="2026-10-06")).record
    assert moved.children["step"][0]["happened_on"] == "2026-10-06"
    assert moved.values["due_on"] == "2026-10-21"
    reopened = records.save(session, COMPLAINT, changed(moved, closed_on=None)).record
    assert reopened.values["closed_on"] is None
    assert [row["kind"] for row in reopened.children["step"]] == ["received", "transfer", "decide"]


def test_nothing_changed_writes_no_history(session: Session) -> None:
    record = records.save(session, COMPLAINT, a_complaint()).record
    anchor = session.book.anchor()
    again = records.save(session, COMPLAINT, record)
    assert again.changed == ()
    assert session.book.anchor() == anchor


def test_delete_and_restore(session: Session) -> None:
    record_id = save_id(session, a_complaint())
    assert records.delete(session, COMPLAINT, record_id) == (("complaint", record_id),)
    assert listing.ids(session, COMPLAINT, Query()) == []
    assert listing.ids(session, COMPLAINT, Query(deleted=True)) == [record_id]
    assert records.get(session, COMPLAINT, record_id).deleted
    second = save_id(session, a_complaint())
    assert records.get(session, COMPLAINT, second).number == "TS-2026-0002"  # a number is never given twice
    assert records.restore(session, COMPLAINT, record_id) == (("complaint", record_id),)
    assert listing.ids(session, COMPLAINT, Query(order=(("number", False),))) == [record_id, second]


def test_what_is_gone_is_named(session: Session) -> None:
    with pytest.raises(RecordMissing, match="投诉里没有编号为 99 的记录"):
        records.delete(session, COMPLAINT, 99)
    with pytest.raises(RecordMissing):
        records.save(session, COMPLAINT, Record(a_complaint().values, {}, 99))


def test_history_is_chinese_masked_and_newest_first(session: Session, clock: Clock) -> None:
    branch = add_branch(session, "城关支行")
    record = records.save(session, COMPLAINT, a_complaint()).record
    records.save(
        session,
        COMPLAINT,
        changed(record, complainant="张三", phone="13907990000", branch=branch, category="B.03.01", amount=460000),
    )
    clock.move(days=1)
    records.delete(session, COMPLAINT, int(str(record.id)))
    gone, edited, made = records.history(session, COMPLAINT, int(str(record.id)))
    # The first two changes were made within one second.
    assert [entry.operation for entry in (gone, edited, made)] == ["删除投诉 TS-2026-0001", "修改投诉", "登记投诉"]
    assert gone.at.date().isoformat() == "2026-11-04"
    assert (made.who, made.at) == (OFFICER, AT)
    assert {(line.label, line.old, line.new) for line in edited.lines} == {
        ("投诉人", "刘**", "张**"),
        ("联系电话", "139****1234", "139****0000"),
        ("业务类别", "", session.rules.catalog.tree("B").label("B.03.01")),
        ("被投诉机构", "", "城关支行"),
        ("涉及金额", "", "4,600.00"),
    }
    assert ("来源", "", "来电") in {(line.label, line.old, line.new) for line in made.lines}
    assert [(line.label, line.old, line.new) for line in gone.lines] == [("回收站", "否", "是")]
    everything = repr((gone, edited, made))
    assert "刘秀兰" not in everything
    assert "13907991234" not in everything


def test_a_change_under_the_mask_is_still_in_the_history(session: Session) -> None:
    record = records.save(session, COMPLAINT, a_complaint(complainant="刘秀兰")).record
    records.save(session, COMPLAINT, changed(record, complainant="刘秀英"))
    newest = records.history(session, COMPLAINT, int(str(record.id)))[0]
    assert [(line.label, line.old, line.new) for line in newest.lines] == [("投诉人", "刘**", "刘**")]


def test_what_a_change_does_not_speak_of_stays(session: Session) -> None:
    record = records.save(session, COMPLAINT, a_complaint("2026-10-08")).record
    only = records.save(session, COMPLAINT, Record({"remark": "补记"}, {}, record.id)).record
    assert only.values == {**record.values, "remark": "补记"}
    assert only.children == record.children


def test_a_new_step_is_one_line_of_history(session: Session) -> None:
    record = records.save(session, COMPLAINT, a_complaint("2026-10-08")).record
    rows = (*record.children["step"], step("transfer", "2026-10-09", department="零售金融部"))
    records.save(session, COMPLAINT, Record(record.values, {"step": rows}, record.id), operation="记一步：转办")
    newest = records.history(session, COMPLAINT, int(str(record.id)))[0]
    assert newest.operation == "记一步：转办"
    steps = [(line.old, line.new) for line in newest.lines if line.label == "办理过程"]
    assert len(steps) == 1
    assert steps[0][0] == ""
    assert "2026-10-09" in steps[0][1]
    assert "零售金融部" in steps[0][1]


def test_a_record_is_found_by_the_names_it_shows(session: Session) -> None:
    branch = add_branch(session, "城关支行")
    record_id = save_id(session, a_complaint(branch=branch, category="B.03.01", rights=("know",)))
    names = ("城关", "来电", "刘秀兰", "13907991234", session.rules.catalog.tree("B").label("B.03.01"))
    for words in (*names, "城关 刘秀兰"):
        assert listing.ids(session, COMPLAINT, Query(search=words)) == [record_id], words
    assert listing.ids(session, COMPLAINT, Query(search="河东")) == []


def test_another_ledger_is_saved_the_same_way(session: Session) -> None:
    branch = add_branch(session, "城关支行")
    values = {**STAFF.defaults(), "name": "李强", "branch": branch, "phone": "13812345678"}
    saved = records.save(session, STAFF, Record(values)).record
    assert saved.number == "RY-2026-0001"
    assert session.link_names("staff") == {saved.id: "李强"}
    records.save(session, STAFF, Record({**saved.values, "name": "李刚"}, {}, saved.id))
    assert session.link_names("staff") == {saved.id: "李刚"}


def test_every_problem_of_the_steps_is_told_but_one_of_a_plain_field(session: Session) -> None:
    rows = (step("received", "2026-11-08"), step("extend_60", "2026-11-10"), step("inform", "2026-11-11"))
    entered = records.blank(session, COMPLAINT)
    found = records.check(session, COMPLAINT, Record({**entered.values, "phone": "1"}, {"step": rows}))
    told = [problem.message for problem in found if problem.field == "steps"]
    assert len(told) >= 2
    assert len(set(told)) == len(told)
    plain = [problem.field for problem in found if COMPLAINT.has(problem.field)]
    assert "phone" in plain
    assert len(set(plain)) == len(plain)
