"""The dated steps of a case: read from its rows, put into their fixed order, found by kind, moved to another day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from xiaobao_desktop.domain.fields import Value, Values
from xiaobao_desktop.domain.rules import Rules

RECEIVED, SUPPLEMENT, NEW_FACTS = "received", "supplement", "new_facts"
PAUSED, RESUMED, SECOND_EXTENSION = "pause", "resume", "extend_60"
DECIDED, INFORMED, FOLLOW_UP, FEEDBACK = "decide", "inform", "follow_up", "feedback"
CLOSED, WITHDRAWN, MERGED, ARCHIVED = "close", "withdraw", "merge", "archive"
REVIEW_REQUESTED, REVIEW_DECIDED = "review_request", "review_decide"
LEAK, LEAK_REPORTED = "leak", "leak_report"

ASSUMED = "assumed"
"""Key of a closing step that says: it stands for an end of which only the day is known (an old ledger)."""


class Step(NamedTuple):
    """One dated step: its kind, day, optional time, and the other values of its row."""

    kind: str
    on: date
    at: str
    values: Values


def read_steps(rows: Iterable[Values], rules: Rules) -> tuple[Step, ...]:
    """Steps of a record in timeline order: by day, then by the fixed order of kinds, then by time.

    The order in which they were entered plays no part. Rows without kind or date are left out (they are refused by
    ``case_checks``).
    """
    steps = [
        Step(str(row["kind"]), date.fromisoformat(str(row["happened_on"])), str(row.get("happened_at") or ""), row)
        for row in rows
        if row.get("kind") and row.get("happened_on")
    ]
    if len(steps) > 1:
        places = [_place(step, rules) for step in steps]
        # What a step says is asked only where two of one kind share day and time.
        alike = len(set(places)) < len(places)
        whole = [(*place, _said(step)) for place, step in zip(places, steps, strict=True)] if alike else places
        steps = [steps[index] for index in sorted(range(len(steps)), key=whole.__getitem__)]
    return tuple(steps)


def _place(step: Step, rules: Rules) -> tuple[date, int, str, str]:
    kind = rules.step_kind(step.kind)
    return step.on, kind.order if kind else 0, step.kind, step.at


def _said(step: Step) -> str:
    """What a step says, its row id left out: the last resort to tell two like ones apart."""
    return repr(sorted((key, value) for key, value in step.values.items() if key != "id" and value is not None))


def first(steps: Sequence[Step], *kinds: str) -> Step | None:
    """The first step of these kinds."""
    for step in steps:
        if step.kind in kinds:
            return step
    return None


def last(steps: Sequence[Step], *kinds: str) -> Step | None:
    """The last step of these kinds."""
    for step in reversed(steps):
        if step.kind in kinds:
            return step
    return None


def last_of_each(steps: Sequence[Step]) -> Mapping[str, Step]:
    """The last step of each kind that there is."""
    return {step.kind: step for step in steps}


def ending(steps: Sequence[Step], rules: Rules) -> Step | None:
    """The step that ended the procedure, None while it goes on."""
    return next((step for step in steps if step.kind in rules.ending_kinds), None)


def with_step_on(rows: tuple[Values, ...], kind: str, on: Value, at: Value = None) -> tuple[Values, ...]:
    """The rows with the first step of ``kind`` moved to day ``on`` (added when absent, taken out when ``on`` is empty).

    Args:
        rows: step rows of a record.
        kind: step kind id.
        on: ISO day, or nothing.
        at: time HH:MM; kept as it was when nothing.
    """
    index = next((i for i, row in enumerate(rows) if row.get("kind") == kind), None)
    if not on:
        return rows if index is None else (*rows[:index], *rows[index + 1 :])
    old: Mapping[str, Value] = rows[index] if index is not None else {}
    row: Values = {**old, "kind": kind, "happened_on": on, "happened_at": at or old.get("happened_at")}
    return (*rows, row) if index is None else (*rows[:index], row, *rows[index + 1 :])
