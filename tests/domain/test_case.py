"""A complaint's clock and state, from its dated steps; expectations are written from the regulations, not the code."""

from __future__ import annotations

import itertools
from datetime import date

import pytest

from xiaobao_desktop.domain import case
from xiaobao_desktop.domain.case_checks import step_problems
from xiaobao_desktop.domain.fields import Kind, Record, Value, Values
from xiaobao_desktop.domain.ledgers import ledger
from xiaobao_desktop.services import rules as rule_files

RULES = rule_files.load()
COMPLAINT = ledger("complaint")


def steps(*pairs: tuple[str, str], **more: Value) -> tuple[Values, ...]:
    return tuple({"kind": kind, "happened_on": day, **more} for kind, day in pairs)


def derive(rows: tuple[Values, ...], profile: str = "order3", as_of: date | None = None) -> case.Case:
    return case.derive(case.read_steps(rows, RULES), profile, RULES, as_of)


@pytest.mark.parametrize(
    ("profile", "rows", "due"),
    [
        # Order 3: 15 calendar days from receipt, receive day is day 0.
        ("order3", (("received", "2026-11-08"),), "2026-11-23"),
        ("order3", (("received", "2024-02-15"),), "2024-03-01"),  # leap day counted
        ("order3", (("received", "2026-12-20"),), "2027-01-04"),  # year end
        # Complex: 30 days in all; especially complex: 60 in all.
        ("order3", (("received", "2026-10-01"), ("extend_30", "2026-10-14")), "2026-10-31"),
        (
            "order3",
            (("received", "2026-10-01"), ("extend_30", "2026-10-14"), ("extend_60", "2026-10-30")),
            "2026-11-30",
        ),
        # PBOC order 5, art. 43: 15 days, at most 60.
        ("order5", (("received", "2026-10-01"),), "2026-10-16"),
        ("order5", (("received", "2026-10-01"), ("extend_60", "2026-10-10")), "2026-11-30"),
        # An appraisal from 5th to 12th does not count: seven days later.
        ("order3", (("received", "2026-10-01"), ("pause", "2026-10-05"), ("resume", "2026-10-12")), "2026-10-23"),
        # New facts restart the clock on the day they came.
        ("order3", (("received", "2026-10-01"), ("new_facts", "2026-10-10")), "2026-10-25"),
        # An extension before the restart is spent.
        (
            "order3",
            (("received", "2026-10-01"), ("extend_30", "2026-10-12"), ("new_facts", "2026-10-20")),
            "2026-11-04",
        ),
        # Supplements without new facts change nothing.
        ("order3", (("received", "2026-10-01"), ("supplement", "2026-10-10")), "2026-10-16"),
    ],
)
def test_due_date(profile: str, rows: tuple[tuple[str, str], ...], due: str) -> None:
    assert derive(steps(*rows), profile).due_on == date.fromisoformat(due)


def test_withdrawal_ends_the_procedure_that_day() -> None:
    found = derive(steps(("received", "2026-10-01"), ("transfer", "2026-10-02"), ("withdraw", "2026-10-06")))
    assert (found.state, found.closed_on, found.ended_by) == ("withdrawn", date(2026, 10, 6), "withdraw")
    assert found.days_left(date(2026, 10, 7)) is None


def test_days_left_and_used() -> None:
    found = derive(steps(("received", "2026-11-08")))
    assert found.days_left(date(2026, 11, 23)) == 0
    assert found.days_left(date(2026, 12, 2)) == -9
    assert found.days_used(date(2026, 11, 23)) == 15
    closed = derive(steps(("received", "2026-11-08"), ("close", "2026-11-12")))
    assert closed.days_used(date(2026, 12, 31)) == 4


def test_a_running_pause_stops_the_clock() -> None:
    found = derive(steps(("received", "2026-10-01"), ("pause", "2026-10-10")))
    assert found.paused_on == date(2026, 10, 10)
    assert found.state == "paused"
    assert found.days_left(date(2026, 12, 1)) is None


def test_as_of_forgets_later_steps() -> None:
    rows = steps(("received", "2026-10-20"), ("close", "2026-11-03"))
    assert derive(rows, as_of=date(2026, 10, 31)).open
    assert derive(rows, as_of=date(2026, 11, 3)).closed_on == date(2026, 11, 3)


def test_order_of_entry_does_not_matter() -> None:
    rows = steps(
        ("received", "2026-10-01"),
        ("transfer", "2026-10-01"),
        ("investigate", "2026-10-05"),
        ("decide", "2026-10-09"),
        ("inform", "2026-10-09"),
        ("close", "2026-10-09"),
    )
    expected = derive(rows)
    assert expected.state == "closed"
    for shuffled in itertools.permutations(rows):
        assert derive(shuffled) == expected


def test_state_after_resume_is_the_one_before_the_pause() -> None:
    rows = (("received", "2026-10-01"), ("transfer", "2026-10-02"), ("pause", "2026-10-03"), ("resume", "2026-10-05"))
    assert derive(steps(*rows)).state == "transferred"


@pytest.mark.parametrize(
    ("rows", "part"),
    [
        ((("received", "2026-11-08"), ("decide", "2026-11-06")), "处理决定（2026-11-06）早于收到日（2026-11-08）"),
        ((("received", "2026-05-06"), ("close", "2026-04-01")), "办结（2026-04-01）早于收到日（2026-05-06）"),
        ((("received", "2026-11-24"),), "在今天之后"),
        ((("received", "2026-11-01"), ("inform", "2026-11-05")), "之前没有处理决定"),
        ((("received", "2026-11-01"), ("decide", "2026-11-06"), ("inform", "2026-11-05")), "早于处理决定"),
        ((("received", "2026-09-01"), ("extend_60", "2026-10-01")), "批准人"),
        ((("close", "2026-10-01"),), "要填收到日期"),
    ],
)
def test_impossible_timelines_are_refused_with_the_reason(rows: tuple[tuple[str, str], ...], part: str) -> None:
    messages = [problem.message for problem in step_problems(steps(*rows), RULES, "2026-11-23")]
    assert any(part in message for message in messages), messages


def test_entered_dates_become_steps_and_move_them() -> None:
    new = COMPLAINT.complete(None, Record({"received_on": "2026-10-01", "source": "pboc"}), RULES)
    assert new.children["step"] == ({"kind": "received", "happened_on": "2026-10-01", "happened_at": None},)
    assert (new.values["rule_profile"], new.values["due_on"], new.values["state"]) == ("order5", "2026-10-16", "new")
    moved = COMPLAINT.complete(new, Record({**new.values, "received_on": "2026-10-03"}, new.children, id=1), RULES)
    assert [row["happened_on"] for row in moved.children["step"]] == ["2026-10-03"]
    assert moved.values["due_on"] == "2026-10-18"
    closed = COMPLAINT.complete(moved, Record({**moved.values, "closed_on": "2026-10-09"}, moved.children, id=1), RULES)
    assert (closed.values["state"], closed.values["ended_by"]) == ("closed", "close")
    opened = COMPLAINT.complete(closed, Record({**closed.values, "closed_on": None}, closed.children, id=1), RULES)
    assert (opened.values["state"], opened.values["closed_on"]) == ("new", None)


def test_steps_win_over_values_that_were_not_touched() -> None:
    before = COMPLAINT.complete(None, Record({"received_on": "2026-10-01"}), RULES)
    rows = (*before.children["step"], {"kind": "close", "happened_on": "2026-10-08"})
    after = COMPLAINT.complete(before, Record(before.values, {"step": rows}, id=1), RULES)
    assert (after.values["closed_on"], after.values["state"]) == ("2026-10-08", "closed")


def test_twenty_people_face_to_face_are_a_major_complaint() -> None:
    values: dict[str, Value] = {
        "received_on": "2026-10-01",
        "people_count": 20,
        "face_to_face": True,
        "level": "normal",
    }
    record = COMPLAINT.complete(None, Record(values), RULES)
    assert any(problem.field == "level" for problem in COMPLAINT.checks(record, "2026-11-23", RULES))
    major = COMPLAINT.complete(None, Record({**values, "level": "major"}), RULES)
    assert COMPLAINT.checks(major, "2026-11-23", RULES) == ()


def test_steps_of_a_new_record_are_kept_whole() -> None:
    rows = steps(("received", "2026-10-01"), ("close", "2026-10-05"))
    new = COMPLAINT.complete(None, Record({"received_on": "2026-10-01"}, {"step": rows}), RULES)
    assert new.children["step"] == rows
    assert new.values["closed_on"] == "2026-10-05"


@pytest.mark.parametrize(
    ("rows", "part"),
    [
        ((("received", "2026-10-01"), ("extend_30", "2026-10-20")), "期限已经过了，期限不变"),
        ((("received", "2026-10-01"), ("pause", "2026-10-05")), "没有写凭证"),
        (
            (("received", "2026-10-01"), ("decide", "2026-10-05"), ("review_request", "2026-11-10")),
            "超过了申请期（到 2026-11-04）",
        ),
        (
            (("received", "2026-10-01"), ("withdraw", "2026-10-05"), ("new_facts", "2026-10-10")),
            "新事实新理由（2026-10-10）在办理结束（2026-10-05）之后",
        ),
    ],
)
def test_what_is_odd_is_hinted_and_not_refused(rows: tuple[tuple[str, str], ...], part: str) -> None:
    entered = steps(*rows, reason="复杂", pause_for="testing", note="x")
    found = step_problems(entered, RULES, "2026-11-23")
    assert [problem.message for problem in found if problem.blocking] == []
    assert any(part in problem.message for problem in found), found


def test_a_case_of_an_old_ledger_is_marked_and_a_decision_takes_the_mark_away() -> None:
    old = COMPLAINT.complete(None, Record({"received_on": "2025-03-01", "closed_on": "2025-04-20"}), RULES)
    found = case.of_record(old, RULES)
    assert (found.undecided, found.state, found.answered_on) == (True, "closed", date(2025, 4, 20))
    assert [problem for problem in COMPLAINT.checks(old, "2026-11-23", RULES) if problem.blocking] == []
    rows = (*old.children["step"], *steps(("decide", "2025-04-18"), ("inform", "2025-04-19")))
    mended = COMPLAINT.complete(old, Record(old.values, {"step": rows}, id=1), RULES)
    assert not case.of_record(mended, RULES).undecided
    assert mended.values["answered_on"] == "2025-04-19"


def test_nobody_is_asked_whether_an_old_case_was_reported_back() -> None:
    typed: dict[str, Value] = {"received_on": "2025-03-01", "closed_on": "2025-03-12", "feedback_due_on": "2025-03-15"}
    old = COMPLAINT.complete(None, Record(typed), RULES)
    assert old.values["reply_due_on"] is None
    rows = (*old.children["step"], *steps(("decide", "2025-03-10")))
    assert COMPLAINT.complete(old, Record(old.values, {"step": rows}, id=1), RULES).values["reply_due_on"]


def test_the_agencys_day_is_kept_in_the_column() -> None:
    typed = {"received_on": "2026-10-01", "source": "hotline_12345", "feedback_due_on": "2026-10-09"}
    record = COMPLAINT.complete(None, Record(typed), RULES)
    assert (record.values["rule_profile"], record.values["due_on"]) == ("hotline_12345", "2026-10-09")
    later = COMPLAINT.complete(record, Record({**record.values, "feedback_due_on": None}, record.children, id=1), RULES)
    assert later.values["due_on"] == "2026-10-16"


def test_the_rule_follows_a_source_put_right_unless_it_was_chosen() -> None:
    first = COMPLAINT.complete(None, Record({"received_on": "2026-10-01", "source": "call"}), RULES)
    assert first.values["rule_profile"] == "order3"
    right = COMPLAINT.complete(first, Record({**first.values, "source": "pboc"}, first.children, id=1), RULES)
    assert right.values["rule_profile"] == "order5"
    chosen = COMPLAINT.complete(right, Record({**right.values, "rule_profile": "local"}, right.children, id=1), RULES)
    kept = COMPLAINT.complete(chosen, Record({**chosen.values, "source": "visit"}, chosen.children, id=1), RULES)
    assert kept.values["rule_profile"] == "local"


def with_step(before: Record, kind: str, on: str, **more: Value) -> Record:
    rows = (*before.children["step"], *steps((kind, on), **more))
    return COMPLAINT.complete(before, Record(before.values, {"step": rows}, id=1), RULES)


def test_what_a_step_says_is_not_asked_for_again_in_the_form() -> None:
    first = COMPLAINT.complete(None, Record({"received_on": "2026-10-01"}), RULES)
    sent = with_step(first, "transfer", "2026-10-02", department="零售业务部")
    assert sent.values["department"] == "零售业务部"
    again = with_step(sent, "transfer", "2026-10-03", department="城关支行")
    assert again.values["department"] == "城关支行", "it still said what the step before said"
    done = with_step(again, "decide", "2026-10-08", note="退还 146 元。")
    assert done.values["decision"] == "退还 146 元。"
    fed_back = with_step(done, "feedback", "2026-10-09", department="金融监管支局", note="已录入系统")
    assert (fed_back.values["department"], fed_back.values["decision"]) == ("城关支行", "退还 146 元。")


def test_what_she_wrote_into_the_form_is_kept_and_so_is_a_field_she_emptied() -> None:
    first = COMPLAINT.complete(None, Record({"received_on": "2026-10-01", "decision": "予以退还。"}), RULES)
    decided = with_step(first, "decide", "2026-10-08", note="会上决定")
    assert decided.values["decision"] == "予以退还。"
    emptied = {**decided.values, "decision": None}
    assert COMPLAINT.complete(decided, Record(emptied, decided.children, id=1), RULES).values["decision"] is None
    without = Record(first.values, {"step": decided.children["step"][:1]}, id=1)
    assert COMPLAINT.complete(decided, without, RULES).values["decision"] == "予以退还。", "the step was taken back"


def test_a_withdrawal_tells_the_result() -> None:
    first = COMPLAINT.complete(None, Record({"received_on": "2026-10-01"}), RULES)
    assert with_step(first, "withdraw", "2026-10-05", note="已和解").values["decision"] == "已和解"


def test_every_kind_of_step_asks_for_declared_fields_and_has_its_own_place() -> None:
    declared = {field.key for field in COMPLAINT.child("step").fields}
    for kind in RULES.step_kinds:
        asked = {"happened_on", "happened_at", *kind.fields}
        assert asked <= declared, kind.id
        assert set(kind.required) <= asked, kind.id
        assert {*kind.fills, *kind.labels} <= set(kind.fields), kind.id
        assert set(kind.fills) <= {"department", "note"}, "what complaint_rules looks for before it reads the steps"
        assert all(COMPLAINT.field(key).kind is not Kind.LINK for key in kind.fills.values()), kind.id
        assert kind.hint, kind.id
    assert len({kind.order for kind in RULES.step_kinds}) == len(RULES.step_kinds)
    names = {
        "收到",
        "补充材料",
        "新事实新理由",
        "转办",
        "调查",
        "延期（至30日）",
        "再延期（至60日）",
        "暂停计时",
        "恢复计时",
    }
    names |= {"处理决定", "告知", "撤诉", "并案", "核查申请", "核查决定", "回访", "反馈监管", "办结", "归档"}
    names |= {"发现信息泄露", "报告信息泄露"}
    assert names <= {kind.name for kind in RULES.step_kinds}
