"""The statutory clock against a table of cases written from the domain facts (``tests/data/clock-cases.json``)."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from xiaobao_desktop.domain import case
from xiaobao_desktop.domain.calendar import RollOver
from xiaobao_desktop.domain.case_checks import step_problems
from xiaobao_desktop.domain.deadline import Stage
from xiaobao_desktop.domain.fields import Values
from xiaobao_desktop.domain.rules import Rules
from xiaobao_desktop.services import rules as rule_files

TODAY = "2026-11-23"
RULES = rule_files.load()
FILE = Path(__file__).resolve().parents[1] / "data" / "clock-cases.json"
CASES: list[dict[str, Any]] = json.loads(FILE.read_text(encoding="utf-8"))["cases"]


def named(cases: list[dict[str, Any]]) -> list[Any]:
    return [pytest.param(item, id=item["name"]) for item in cases]


def rows(item: Mapping[str, Any]) -> tuple[Values, ...]:
    return tuple({"kind": kind, "happened_on": day, **(more[0] if more else {})} for kind, day, *more in item["steps"])


def rules_of(item: Mapping[str, Any]) -> Rules:
    """The shipped rules, with the way of counting that the case asks for."""
    profiles = tuple(
        profile._replace(
            roll_over=RollOver(item.get("roll_over", "none")),
            workdays="workdays" in item,
            stages=(Stage(item["workdays"], "工作日"),) if "workdays" in item and profile.stages else profile.stages,
        )
        for profile in RULES.profiles
    )
    return replace(RULES, profiles=profiles)


def agency(item: Mapping[str, Any]) -> date | None:
    return date.fromisoformat(item["agency"]) if "agency" in item else None


def derived(item: Mapping[str, Any], steps: tuple[Values, ...]) -> case.Case:
    rules = rules_of(item)
    return case.derive(case.read_steps(steps, rules), item["profile"], rules, None, agency(item))


def told(found: case.Case, item: Mapping[str, Any]) -> dict[str, Any]:
    """What came out, under the names of the table."""
    due, review, leak = found.due, found.review, found.leak
    days_left = found.days_left(date.fromisoformat(item["days_left_on"])) if "days_left_on" in item else None
    return {
        "due": text(found.due_on),
        "plain_due": text(due.by_rule.plain_on if due else None),
        "moved": list(due.by_rule.moved_over) if due else None,
        "missing": list(due.by_rule.missing_years) if due else None,
        "late": [str(day) for day in due.late_extensions] if due else None,
        "state": found.state,
        "closed_on": text(found.closed_on),
        "answered_on": text(found.answered_on),
        "paused_on": text(found.paused_on),
        "ended_by": found.ended_by,
        "undecided": found.undecided,
        "days_left": days_left,
        "review_until": text(review.until if review else None),
        "review_due": text(review.due_on if review else None),
        "review_late": review.late if review else None,
        "review_running": review.running if review else None,
        "leak_due": leak.due_at.isoformat(timespec="minutes") if leak else None,
        "leak_at_once": leak.at_once if leak else None,
        "leak_reported": text(leak.reported_on if leak else None),
    }


def text(day: date | datetime | None) -> str | None:
    return day.isoformat() if day else None


def test_the_table_is_large_and_each_case_names_its_source() -> None:
    assert len(CASES) >= 120
    assert len({item["name"] for item in CASES}) == len(CASES)
    assert all(item["fact"].startswith(("FACTS §", "ISSUE ")) for item in CASES)


@pytest.mark.parametrize("item", named([item for item in CASES if "refused" not in item]))
def test_the_clock_says_what_the_rules_say(item: dict[str, Any]) -> None:
    steps = rows(item)
    found = derived(item, steps)
    said = told(found, item)
    wanted = {key: value for key, value in item.items() if key in said}
    assert wanted
    assert {key: said[key] for key in wanted} == wanted
    # Entered in any other order, the same steps say the same.
    shuffled = list(steps)
    random.Random(1).shuffle(shuffled)
    assert derived(item, tuple(shuffled)) == found
    assert derived(item, steps[::-1]) == found


@pytest.mark.parametrize("item", named([item for item in CASES if "refused" in item]))
def test_what_cannot_be_is_refused_with_the_reason(item: dict[str, Any]) -> None:
    rules = rules_of(item)
    for steps in (rows(item), rows(item)[::-1]):
        found = step_problems(steps, rules, TODAY, item["profile"], agency(item))
        reasons = [problem.message for problem in found if problem.blocking]
        if item["refused"]:
            assert any(item["refused"] in reason for reason in reasons), reasons
        else:
            assert reasons == []
