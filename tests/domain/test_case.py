"""A complaint's clock and state, from its dated steps; expectations are written from the regulations, not the code."""

from __future__ import annotations

import itertools
from datetime import date

import pytest

from xiaobao_desktop.domain import case
from xiaobao_desktop.domain.fields import Record, Value, Values
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
    messages = [problem.message for problem in case.step_problems(steps(*rows), RULES, "2026-11-23")]
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
