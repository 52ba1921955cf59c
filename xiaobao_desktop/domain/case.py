"""A complaint's timeline: from dated steps to state, stage, due date and end. Pure functions.

Sources: CBIRC order 3 of 2020 (15/30/60 days, withdrawal ends the procedure on the day it is received, art. 15; new
facts restart the clock), PBOC order 5 of 2020 art. 43 (15/60 days after transfer). Limits come as data.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from xiaobao_desktop.domain.case_clock import Due, Leak, Review, due_of, leak_of, pauses_of, review_of
from xiaobao_desktop.domain.case_steps import (
    ARCHIVED,
    ASSUMED,
    CLOSED,
    DECIDED,
    FEEDBACK,
    FOLLOW_UP,
    INFORMED,
    MERGED,
    NEW_FACTS,
    PAUSED,
    RECEIVED,
    RESUMED,
    SECOND_EXTENSION,
    WITHDRAWN,
    Step,
    ending,
    first,
    last_of_each,
    read_steps,
    with_step_on,
)
from xiaobao_desktop.domain.deadline import Stage
from xiaobao_desktop.domain.fields import Record, Values
from xiaobao_desktop.domain.rules import Rules

__all__ = [
    "ASSUMED",
    "CLOSED",
    "DECIDED",
    "FEEDBACK",
    "FOLLOW_UP",
    "INFORMED",
    "MERGED",
    "NEW_FACTS",
    "PAUSED",
    "RECEIVED",
    "RESUMED",
    "SECOND_EXTENSION",
    "WITHDRAWN",
    "Case",
    "Step",
    "derive",
    "of_record",
    "read_steps",
    "with_step_on",
]

DEFAULT_PROFILE = "order3"
"""Rule profile of a case that names none: the general rule for consumer complaints."""

FEEDBACK_DUE = "feedback_due_on"
"""Key of the field with the day by which the transferring agency wants its answer."""


class Case(NamedTuple):
    """What a timeline says about a complaint.

    Attributes:
        state: id from the choice list ``complaint_state``.
        received_on: day 0 of the first clock.
        due: the term and why it is this day; None without receipt.
        paused_on: since when the clock stands, None when it runs.
        answered_on: day the complainant was told (or the decision, or the closing, whichever is first known).
        fed_back_on: day the transferring agency got its answer.
        ended_by: kind of the step that ended the procedure, "" while open.
        undecided: it ended, but no decision is on record (an old ledger that gave only the day of the end).
        review: the review of the decision; None while there is none.
        leak: the report of a leak; None when none was found.
    """

    state: str = ""
    received_on: date | None = None
    received_at: str = ""
    due: Due | None = None
    paused_on: date | None = None
    decided_on: date | None = None
    informed_on: date | None = None
    answered_on: date | None = None
    fed_back_on: date | None = None
    closed_on: date | None = None
    ended_by: str = ""
    undecided: bool = False
    review: Review | None = None
    leak: Leak | None = None

    @property
    def open(self) -> bool:
        """Whether the case has not ended."""
        return self.closed_on is None

    @property
    def due_on(self) -> date | None:
        """Last day of the current stage, or the agency's earlier day; None without receipt."""
        return self.due.on if self.due else None

    @property
    def stage(self) -> Stage | None:
        """The stage that runs or ran last."""
        return self.due.stage if self.due else None

    @property
    def basis(self) -> str:
        """Legal basis of the limit, for "which rule says so"."""
        return self.due.profile.source if self.due else ""

    @property
    def reply_due_on(self) -> date | None:
        """Day by which the agency that transferred the case still waits for its answer, the complainant being told.

        None for an old case of which only the end is known: whether it was answered nobody can say.
        """
        told = self.informed_on is not None or (self.closed_on is not None and not self.undecided)
        return self.due.agency_on if self.due and told and self.fed_back_on is None else None

    def days_left(self, today: date) -> int | None:
        """Days from ``today`` to the due date (negative when overdue).

        None when nothing runs any more: ended, paused, not received, or the complainant has been told the decision.
        """
        if not self.open or self.due_on is None or self.paused_on is not None or self.informed_on is not None:
            return None
        return (self.due_on - today).days

    def days_used(self, today: date) -> int | None:
        """Calendar days from receipt to the end, or to ``today`` while open; None without receipt."""
        if self.received_on is None:
            return None
        return ((self.closed_on or today) - self.received_on).days


def of_record(record: Record, rules: Rules, as_of: date | None = None) -> Case:
    """What the steps of a record say under its rule profile and its agency's own day."""
    steps = read_steps(record.children.get("step", ()), rules)
    return derive(steps, str(record.values.get("rule_profile") or ""), rules, as_of, agency_day(record.values))


def agency_day(values: Values) -> date | None:
    """The day by which the agency wants its answer; None when it set none (or what was typed is no day)."""
    text = str(values.get(FEEDBACK_DUE) or "")
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def derive(
    steps: Sequence[Step],
    profile_id: str,
    rules: Rules,
    as_of: date | None = None,
    agency_on: date | None = None,
) -> Case:
    """State, due date and dates of a case, from its steps alone.

    Args:
        steps: in timeline order (:func:`read_steps`).
        profile_id: rule profile of the case.
        rules: profiles, step kinds and calendar.
        as_of: steps after this day are not yet known; None takes all.
        agency_on: the day set by the agency that transferred the case.
    """
    known = steps if as_of is None else [step for step in steps if step.on <= as_of]
    received = first(known, RECEIVED)
    if received is None:
        return Case()
    ended = ending(known, rules)
    closed_on = ended.on if ended else None
    profile = rules.profile_for(profile_id, received.on, closed_on)
    last = last_of_each(known)
    decided, informed, fed_back = last.get(DECIDED), last.get(INFORMED), last.get(FEEDBACK)
    answered = informed or decided or ended
    return Case(
        state=_state(known, rules),
        received_on=received.on,
        received_at=received.at,
        due=due_of(known, profile, rules, ended, agency_on),
        paused_on=_paused_on(known, rules) if ended is None else None,
        decided_on=_day(decided),
        informed_on=_day(informed),
        answered_on=_day(answered),
        fed_back_on=_day(fed_back),
        closed_on=closed_on,
        ended_by=ended.kind if ended else "",
        undecided=ended is not None and ended.kind == CLOSED and decided is None,
        review=review_of(known, rules),
        leak=leak_of(known, rules),
    )


def _day(step: Step | None) -> date | None:
    return step.on if step else None


def _paused_on(steps: Sequence[Step], rules: Rules) -> date | None:
    pauses = pauses_of(steps, rules)
    return pauses[-1].start if pauses and pauses[-1].end is None else None


def _state(steps: Sequence[Step], rules: Rules) -> str:
    """The last state that was set; the last resuming goes back to the state before the pause; an end is final."""
    state, before_pause, deep = "", "", 0
    for step in steps:
        kind = rules.step_kind(step.kind)
        if kind is None:
            continue
        if kind.id == PAUSED and deep == 0:
            before_pause = state
        if kind.id == PAUSED:
            deep += 1
        if kind.id == RESUMED:
            deep = max(deep - 1, 0)
            state = before_pause or kind.state if deep == 0 and state == "paused" else state
        else:
            state = kind.state or state
        if kind.ends:
            return "archived" if first(steps, ARCHIVED) else kind.state
    return state
