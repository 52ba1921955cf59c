"""Policies, meetings and reviews in a real book: saved, imported, due, missing, linked; the organisation."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from tests.services.support import STAFF, Clock, add_branch, imported, new_book, sheet
from xiaobao_desktop.domain import sensitive
from xiaobao_desktop.domain.fields import Record, Value, Values
from xiaobao_desktop.domain.ledgers import ledger
from xiaobao_desktop.errors import RecordRefused
from xiaobao_desktop.services import catalog_edit, followups, organisation, policy_todo, records, todo, undo
from xiaobao_desktop.services.options import save_settings
from xiaobao_desktop.services.session import Session

TODAY = date(2026, 11, 23)
POLICY, MEETING, REVIEW, PLAN = (ledger(key) for key in ("policy", "meeting", "review", "plan"))


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    opened = new_book(tmp_path / "book", Clock(datetime(2026, 11, 23, 9, tzinfo=timezone(timedelta(hours=8)))))
    yield opened
    opened.close()


def add_policy(session: Session, name: str, **values: Value) -> int:
    return int(str(records.save(session, POLICY, Record({"name": name, **values})).record.id))


def add_meeting(session: Session, *rows: Values) -> Record:
    values: dict[str, Value] = {"held_on": "2026-10-15", "title": "消保委员会2026年第2次会议"}
    return records.save(session, MEETING, Record(values, {"resolutions": rows})).record


def test_policies_that_replace_each_other_in_a_circle_are_refused(session: Session) -> None:
    old = add_policy(session, "投诉处理办法（2021年版）")
    new = add_policy(session, "投诉处理办法（2025年版）", replaces=old)
    with pytest.raises(RecordRefused) as refused:
        records.save(session, POLICY, Record({"replaces": new}, {}, old))
    assert "投诉处理办法（2025年版）" in str(refused.value)
    assert "绕成了圈" in str(refused.value)
    assert records.get(session, POLICY, old).values.get("replaces") is None


def test_a_new_version_begins_with_what_stays_the_same(session: Session) -> None:
    known: dict[str, Value] = {
        "categories": ("assessment",),
        "department": "消保部",
        "document_number": "旧〔2021〕1号",
    }
    old = add_policy(session, "考核评价办法", issued_on="2021-01-01", **known)
    (way,) = followups.ways(session, POLICY, records.get(session, POLICY, old))
    begun = way.begun.values
    assert (begun["name"], begun["categories"], begun["replaces"]) == ("考核评价办法", ("assessment",), old)
    assert "document_number" not in begun
    assert not way.at_once
    saved = records.save(session, POLICY, way.begun)
    assert [problem.message for problem in saved.problems] == [
        "《考核评价办法》还没有废止日期，填上这一项的生效日期它就有了"
    ]
    records.save(session, POLICY, Record({"in_force_on": "2026-11-01"}, {}, saved.record.id))
    assert records.get(session, POLICY, old).values["repealed_on"] == "2026-11-01"
    assert followups.ways(session, POLICY, records.get(session, POLICY, old)) == ()
    assert records.check(session, POLICY, saved.record) == ()


def test_a_new_version_ends_the_old_one_on_the_day_it_begins(session: Session) -> None:
    old = add_policy(session, "投诉办法", issued_on="2021-03-05", in_force_on="2021-04-01")

    def ended() -> object:
        return records.get(session, POLICY, old).values.get("repealed_on")

    new = add_policy(session, "投诉办法", replaces=old, in_force_on="2026-12-01")
    assert (ended(), records.get(session, POLICY, old).values["state"]) == ("2026-12-01", "repealed")
    undo.undo(session)
    assert ended() is None, "one undo takes both back"
    new = add_policy(session, "投诉办法", replaces=old, issued_on="2026-11-20")
    assert ended() == "2026-11-20", "without a day of its own it holds from the day it was issued"
    records.save(session, POLICY, Record({"in_force_on": "2026-12-15"}, {}, new))
    assert ended() == "2026-12-15", "the day written here moves along"
    records.save(session, POLICY, Record({"repealed_on": "2026-12-31"}, {}, old))
    records.save(session, POLICY, Record({"in_force_on": "2027-01-01"}, {}, new))
    assert ended() == "2026-12-31", "a day the officer entered stays"
    records.save(session, POLICY, Record({"repealed_on": None}, {}, old))
    records.save(session, POLICY, Record({"in_force_on": "2021-03-31"}, {}, new))
    assert ended() is None, "nothing ends before it began"


def test_a_register_of_policies_is_imported_with_its_words(session: Session, tmp_path: Path) -> None:
    file = sheet(
        tmp_path / "制度.xlsx",
        (
            "序号",
            "文件名称",
            "发文字号",
            "制度类别",
            "发文日期",
            "施行日期",
            "归口部门",
            "制修废",
            "下次评估日期",
            "状态",
        ),
        (
            1,
            "消费者投诉处理办法",
            "某银发〔2025〕7号",
            "投诉管理",
            "2025.3.1",
            "2025.4.1",
            "消保部",
            "修订",
            "2026.11.20",
            "有效",
        ),
        (2, "考核评价办法", "某银发〔2025〕8号", "考核", "2025年5月6日", "2025-06-01", "消保部", "制定", None, "有效"),
        (3, "旧办法", "某银发〔2019〕3号", "考核、投诉处理", "2019.1.1", None, "办公室", "废止", None, "失效"),
        (4, None, "某银发〔2025〕9号", "考核", "2025.5.6", None, None, None, None, None),
    )
    plan, result = imported(session, file, key="policy")
    assert len(result.numbers) == 3
    assert [(item.row, item.column) for item in plan.rejected] == [(5, "文件名称")]
    first = records.get(session, POLICY, 1).values
    assert first["categories"] == ("complaint_handling",)
    assert (first["change"], first["in_force_on"]) == ("revised", "2025-04-01")
    assert records.get(session, POLICY, 3).values["categories"] == ("assessment", "complaint_handling")


def test_reviews_due_stand_on_the_workbench_and_missing_systems_are_named(session: Session) -> None:
    assert policy_todo.gap_words(session, TODAY) == "", "a bank that keeps no register is not told nine times"
    add_policy(session, "投诉处理办法", categories=("complaint_handling",), review_due_on="2026-11-20")
    add_policy(session, "旧考核办法", categories=("assessment",), review_due_on="2026-11-20", repealed_on="2026-01-01")
    overdue = todo.bands(session, TODAY)[0].items
    assert [(item.kind, item.subject, item.days_left(TODAY)) for item in overdue] == [("制度评估", "投诉处理办法", -3)]
    words = next(gap.words for gap in todo.gaps(session, TODAY) if gap.ledger.key == POLICY.key and not gap.ids)
    assert words.startswith("考核评价、风险等级评估、")
    assert "投诉处理" not in words


def test_open_resolutions_are_due_until_they_are_done_or_planned(session: Session) -> None:
    meeting = add_meeting(
        session,
        {"resolution": "换公示牌", "department": "运营管理部", "due_on": "2026-11-20"},
        {"resolution": "补充合同条款", "owner": "王建国", "due_on": "2026-11-25"},
        {"resolution": "完善话术", "due_on": "2026-11-20", "done_on": "2026-11-10"},
        {"resolution": "长期坚持"},
    )
    due = todo.between(session, date(2026, 1, 1), date(2026, 12, 31))
    assert [(item.kind, item.subject, item.unit) for item in due] == [
        ("会议决议", "换公示牌", "运营管理部"),
        ("会议决议", "补充合同条款", "王建国"),
    ]
    row = meeting.children["resolutions"][0]
    carried: dict[str, Value] = {
        **PLAN.defaults(), "title": "换公示牌", "planned_on": "2026-11-20", "meeting": meeting.id,
        "resolution": int(str(row["id"])),
    }  # fmt: skip
    records.save(session, PLAN, Record(carried))
    told = todo.between(session, date(2026, 1, 1), date(2026, 12, 31))
    assert [item.subject for item in told if item.kind == "会议决议"] == ["补充合同条款"]


def test_a_resolution_keeps_its_id_when_the_meeting_is_changed(session: Session) -> None:
    meeting = add_meeting(session, {"resolution": "换公示牌"}, {"resolution": "完善话术"})
    rows = meeting.children["resolutions"]
    changed = ({**rows[1], "department": "零售业务部"}, {"resolution": "新的一条"})
    records.save(session, MEETING, Record({}, {"resolutions": changed}, meeting.id))
    kept = records.get(session, MEETING, int(str(meeting.id))).children["resolutions"]
    assert kept[0]["id"] == rows[1]["id"]
    assert kept[1]["id"] not in {row["id"] for row in rows}


def test_reviews_are_due_until_they_are_finished(session: Session) -> None:
    values: dict[str, Value] = {"received_on": "2026-11-10", "title": "宣传折页", "due_on": "2026-11-23"}
    saved = records.save(session, REVIEW, Record({**values, "department": "零售业务部"})).record
    assert [item.subject for item in todo.bands(session, TODAY)[1].items] == ["宣传折页"]
    records.save(session, REVIEW, Record({"finished_on": "2026-11-23"}, {}, saved.id))
    assert todo.bands(session, TODAY)[1].items == ()


def test_an_opinion_that_was_not_followed_needs_its_reason(session: Session) -> None:
    entered: dict[str, Value] = {"received_on": "2026-11-10", "title": "合同", "adopted": "refused"}
    with pytest.raises(RecordRefused, match="请写明原因"):
        records.save(session, REVIEW, Record(entered))
    saved = records.save(session, REVIEW, Record({**entered, "not_adopted_why": "上级行统一文本"}))
    assert saved.record.number == "SC-2026-0001"


def test_words_the_bank_adds_are_looked_for_and_those_put_out_of_use_are_not(session: Session) -> None:
    def words(text: str) -> list[str]:
        return [hit.text for hit in sensitive.find(text, session.rules.catalog.list(sensitive.LIST).items)]

    assert sensitive.LIST in {source.name for source in catalog_edit.sources(session)}
    assert words("年化收益王，名额有限") == ["名额有限"]
    catalog_edit.add(session, sensitive.LIST, "收益王")
    catalog_edit.change(
        session, sensitive.LIST, "quota", name="名额有限", aliases=("额度有限",), official="", active=False
    )
    assert words("年化收益王，名额有限") == ["收益王"]
    saved = records.save(
        session, REVIEW, Record({"received_on": "2026-11-10", "title": "海报", "checked_text": "年化收益王"})
    )
    assert session.rules.catalog.list(sensitive.LIST).label(saved.record.values["sensitive"][0]) == "收益王"  # type: ignore[index]


def test_what_was_saved_is_undone_by_name(session: Session) -> None:
    meeting = add_meeting(session, {"resolution": "换公示牌"})
    rows = ({**meeting.children["resolutions"][0], "done": True},)
    records.save(session, MEETING, Record({}, {"resolutions": rows}, meeting.id))
    undo.undo(session)
    kept = records.get(session, MEETING, int(str(meeting.id)))
    assert not kept.children["resolutions"][0].get("done")
    assert kept.values["state"] == "open"


def test_the_organisation_is_read_from_staff_and_settings(session: Session) -> None:
    branch = add_branch(session, "总行")
    people = (
        ("李四", "member", None, True),
        ("王五", "leader", None, True),
        ("赵六", "deputy", "part", True),
        ("孙七", "member", "full", True),
        ("离岗的", "member", "full", False),
        ("无关的", None, None, True),
    )
    for name, post, duty, active in people:
        values: dict[str, Value] = {"name": name, "branch": branch, "post": "经理", "active": active}
        records.save(session, STAFF, Record({**values, "group_post": post, "duty": duty}))
    save_settings(session, executive="王五 副行长")
    found = organisation.read(session)
    assert [(member.name, member.role) for member in found.members] == [
        ("王五", "组长"),
        ("赵六", "副组长"),
        ("李四", "组员"),
        ("孙七", "组员"),
    ]
    assert [(member.name, member.role) for member in found.officers] == [("孙七", "专岗"), ("赵六", "兼岗")]
    assert (found.executive, found.group) == ("王五 副行长", "消费者权益保护工作领导小组")
    assert [member.post for member in found.with_role("组长")] == ["经理"]
