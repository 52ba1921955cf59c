"""Rectifications and plan items: states from days, who verifies, days that cannot be."""

from __future__ import annotations

import pytest

from xiaobao_desktop.domain.fields import Record, Value, Values
from xiaobao_desktop.domain.ledgers import plan, rectification
from xiaobao_desktop.domain.ledgers.rectification import LEDGER, PROGRESS
from xiaobao_desktop.services.rules import load

TODAY = "2026-11-23"
RULES = load()


def a_fault(*progress: Values, **more: Value) -> Record:
    """An entered rectification of owner 1."""
    values: dict[str, Value] = {
        "source": "self_check",
        "problem": "收费公示没有更新",
        "found_on": "2026-10-08",
        "owner": 1,
        "planned_on": "2026-11-10",
        **more,
    }
    return Record(values, {PROGRESS.key: progress} if progress else {})


def state_of(record: Record, today: str = TODAY) -> tuple[str, str]:
    """The state kept, and the one told on a day."""
    whole = LEDGER.complete(None, record, RULES)
    return str(whole.values["state"]), rectification.state_on(whole.values, today)


def complaints(record: Record, today: str = TODAY) -> dict[str, bool]:
    """Fields with problems, and whether they refuse."""
    whole = LEDGER.complete(None, record, RULES)
    found = LEDGER.checks(whole, today, RULES)
    return {item.field: any(one.blocking for one in found if one.field == item.field) for item in found}


def test_state_follows_days_and_verdict() -> None:
    step = {"on": "2026-10-20", "done": "换了公示牌"}
    finished: dict[str, Value] = {"finished_on": "2026-11-09"}
    verified: dict[str, Value] = {**finished, "verifier": 2, "verified_on": "2026-11-12"}
    assert state_of(a_fault(), "2026-11-10") == ("not_started", "not_started")
    assert state_of(a_fault()) == ("not_started", "overdue")
    assert state_of(a_fault(step), "2026-11-01") == ("in_progress", "in_progress")
    assert state_of(a_fault(step, **finished)) == ("finished", "finished")
    assert state_of(a_fault(**verified, verdict="pass")) == ("done", "done")
    assert state_of(a_fault(**verified, verdict="fail")) == ("in_progress", "overdue")
    # Finished anew after the refusal: it is to be verified once more.
    again: dict[str, Value] = {**verified, "verdict": "fail", "finished_on": "2026-11-20"}
    assert state_of(a_fault(**again)) == ("finished", "finished")


def test_the_first_planned_day_is_kept() -> None:
    first = LEDGER.complete(None, a_fault(), RULES)
    later = LEDGER.complete(first, Record({**first.values, "planned_on": "2026-12-31"}, {}, 1), RULES)
    assert (later.values["planned_on"], later.values["first_planned_on"]) == ("2026-12-31", "2026-11-10")


@pytest.mark.parametrize(
    ("more", "field", "refused"),
    [
        ({"finished_on": "2026-11-01", "verifier": 1, "verified_on": TODAY, "verdict": "pass"}, "verifier", True),
        ({"verifier": 1}, "verifier", True),
        ({"verifier": 2, "verified_on": TODAY, "verdict": "pass"}, "finished_on", True),
        ({"finished_on": "2026-11-01", "verified_on": TODAY, "verdict": "pass"}, "verifier", True),
        ({"finished_on": "2026-11-01", "verifier": 2, "verdict": "pass"}, "verified_on", True),
        ({"finished_on": "2026-11-01", "verifier": 2, "verified_on": TODAY}, "verdict", True),
        (
            {"finished_on": "2026-11-10", "verifier": 2, "verified_on": "2026-11-09", "verdict": "pass"},
            "verified_on",
            True,
        ),
        ({"finished_on": "2026-10-01"}, "finished_on", True),
        ({"finished_on": "2026-11-24"}, "finished_on", True),
        ({"found_on": "2026-11-24"}, "found_on", True),
        ({"finished_on": "2026-11-20"}, "finished_on", False),
        ({"planned_on": "2026-10-01"}, "planned_on", False),
    ],
)
def test_what_cannot_be_is_refused_and_what_looks_odd_is_told(
    more: dict[str, Value], field: str, refused: bool
) -> None:
    found = complaints(a_fault(**more))
    assert found.get(field) is refused, found


def test_a_verified_rectification_by_another_person_is_in_order() -> None:
    good = a_fault(finished_on="2026-11-09", verifier=2, verified_on="2026-11-12", verdict="pass")
    assert complaints(good) == {}


def test_a_row_of_progress_needs_day_and_words() -> None:
    assert complaints(a_fault({"on": "2026-10-20", "done": " "})) == {"progress": True}
    assert complaints(a_fault({"on": "2026-11-24", "done": "明天再做"})) == {"progress": True}


def a_task(**more: Value) -> Record:
    """An entered item of the plan, completed."""
    values: dict[str, Value] = {"title": "消保专题培训", "kind": "task", "planned_on": "2026-11-10", **more}
    return plan.LEDGER.complete(None, Record(values), RULES)


def test_plan_items_have_states_too() -> None:
    told = {
        words: (item.values["state"], plan.state_on(item.values, TODAY))
        for words, item in {
            "untouched": a_task(),
            "later": a_task(planned_on="2026-12-10"),
            "begun": a_task(planned_on="2026-12-10", progress="已定讲师"),
            "done": a_task(finished_on="2026-11-20"),
            "called off": a_task(cancelled_for="并入 12 月的培训"),
        }.items()
    }
    assert told == {
        "untouched": ("not_started", "overdue"),
        "later": ("not_started", "not_started"),
        "begun": ("in_progress", "in_progress"),
        "done": ("done", "done"),
        "called off": ("cancelled", "cancelled"),
    }
    assert a_task().values["year"] == 2026


def test_an_event_is_planned_for_the_day_it_happened_and_wants_its_report() -> None:
    event = a_task(kind="event", planned_on=None, happened_on="2026-11-20")
    assert event.values["planned_on"] == "2026-11-20"
    found = {item.field: item.blocking for item in plan.LEDGER.checks(event, TODAY, RULES)}
    assert found == {"reported_on": False}
    both = a_task(finished_on="2026-11-20", cancelled_for="不做了")
    assert [item.field for item in plan.LEDGER.checks(both, TODAY, RULES)] == ["cancelled_for"]
