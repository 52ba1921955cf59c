"""The clocks of one case, from its steps: the term of the answer, the review (核查), the report of a leak.

Each says by which rule it runs and what moved it, so that the officer can be told why it is this day
(``case_words.py``). Sources: CBIRC order 3 of 2020 (15/30/60 days from receipt; appraisal and mediation do not count;
new facts restart), PBOC order 5 of 2020 art. 43 (15/60 days) and art. 34 (72 hours).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from xiaobao_desktop.domain.case_steps import (
    DECIDED,
    INFORMED,
    LEAK,
    LEAK_REPORTED,
    PAUSED,
    RECEIVED,
    RESUMED,
    REVIEW_DECIDED,
    REVIEW_REQUESTED,
    Step,
    first,
    last_of_each,
)
from xiaobao_desktop.domain.deadline import LastDay, Pause, Profile, Stage, last_day
from xiaobao_desktop.domain.rules import Rules

REVIEW_RULE, LEAK_RULE = "review", "leak"
"""Ids of the rule profiles of the two clocks that a case may have beside its term."""


class Due(NamedTuple):
    """The term of the answer, and why it is this day.

    Attributes:
        on: the day that counts: by the rule, or the agency's own day where that is earlier.
        by_rule: the last day by the rule, with pauses and moves.
        profile: the version of the rule that is followed.
        stage: the stage that runs or ran last.
        start: day 0.
        started_by: kind of the step that started the clock.
        agency_on: the day set by the agency that transferred the case (反馈期限).
        late_extensions: days of extensions recorded when the term had already run out; they move nothing.
    """

    on: date
    by_rule: LastDay
    profile: Profile
    stage: Stage
    start: date
    started_by: str
    agency_on: date | None = None
    late_extensions: tuple[date, ...] = ()

    @property
    def by_agency(self) -> bool:
        """Whether the agency's day is the one that counts."""
        return self.agency_on is not None and self.agency_on < self.by_rule.on


class Review(NamedTuple):
    """The review of a decision by the superior institution.

    Attributes:
        until: last day on which it may be asked for; None before a decision.
        requested_on: day of the (last) request.
        late: asked for after ``until``.
        due_on: last day of its decision.
        decided_on: day of its decision.
        profile: the rule.
    """

    until: date | None
    requested_on: date | None
    late: bool
    due_on: date | None
    decided_on: date | None
    profile: Profile

    @property
    def running(self) -> bool:
        """Whether a request waits for its decision."""
        return self.requested_on is not None and self.decided_on is None


class Leak(NamedTuple):
    """The duty to report a leak of consumers' financial information.

    Attributes:
        found_at: when it was discovered, local time.
        due_at: by when it has to be reported; the moment of discovery where that is at once.
        at_once: it may endanger persons or property.
        reported_on: day of the report; None while it is owed.
        profile: the rule.
    """

    found_at: datetime
    due_at: datetime
    at_once: bool
    reported_on: date | None
    profile: Profile


def due_of(
    steps: Sequence[Step], profile: Profile | None, rules: Rules, ended: Step | None, agency_on: date | None
) -> Due | None:
    """The term of a case that was received; None when its rule has no stages.

    Args:
        steps: in timeline order.
        profile: the version that is followed.
        rules: the calendar.
        ended: the step that ended the procedure: what comes after it moves nothing.
        agency_on: the day set by the agency.
    """
    running = list(steps[: steps.index(ended) + 1]) if ended is not None else list(steps)
    received = first(running, RECEIVED)
    if received is None or profile is None or not profile.stages:
        return None
    anew = [step for step in running if step.kind in profile.restarts and step.on >= received.on]
    starting = max([received, *anew], key=lambda step: step.on) if anew else received
    pauses = pauses_of(running, rules)
    calendar = rules.calendar.as_known(ended.on if ended else None)

    def until(stage: Stage, day: date | None) -> LastDay:
        return last_day(profile, stage.days, starting.on, pauses, calendar, day)

    stage = min((item for item in profile.stages if not item.opened_by), key=lambda item: item.days)
    late: list[date] = []
    for step in running:
        longer = [item for item in profile.stages if item.opened_by == step.kind and item.days >= stage.days]
        if longer and step.on >= starting.on:
            if step.on <= until(stage, step.on).on:
                stage = max(longer, key=lambda item: item.days)
            else:
                late.append(step.on)
    found = until(stage, _known_until(running, ended))
    on = min(found.on, agency_on) if agency_on is not None else found.on
    return Due(on, found, profile, stage, starting.on, starting.kind, agency_on, tuple(late))


def pauses_of(steps: Sequence[Step], rules: Rules) -> tuple[Pause, ...]:
    """The pauses of a timeline; several at a time end with the last of them. One that lasts has no end."""
    if not any(step.kind == PAUSED for step in steps):
        return ()
    reasons = rules.catalog.list("pause_reason")
    found: list[Pause] = []
    deep, since, why = 0, date.min, ""
    for step in steps:
        if step.kind == PAUSED:
            if deep == 0:
                since, why = step.on, str(reasons.label(str(step.values.get("pause_for") or "")))
            deep += 1
        elif step.kind == RESUMED and deep > 0:
            deep -= 1
            if deep == 0:
                found.append(Pause(since, step.on, why))
    if deep:
        found.append(Pause(since, None, why))
    return tuple(found)


def review_of(steps: Sequence[Step], rules: Rules) -> Review | None:
    """The review of a case; None while there is nothing to review."""
    last = last_of_each(steps)
    told = last.get(INFORMED) or last.get(DECIDED)
    asked = last.get(REVIEW_REQUESTED)
    if told is None and asked is None:
        return None
    answered = last.get(REVIEW_DECIDED)
    if asked is None or (answered is not None and answered.on < asked.on):
        answered = None
    on = asked.on if asked else told.on if told else date.min
    profile = rules.profile_for(REVIEW_RULE, on, answered.on if answered else None)
    if profile is None or not profile.stages:
        return None
    until = told.on + timedelta(days=profile.window_days) if told and profile.window_days else None
    due = last_day(profile, profile.stages[0].days, on, (), rules.calendar, None).on if asked else None
    return Review(
        until=until,
        requested_on=asked.on if asked else None,
        late=bool(asked and until and asked.on > until),
        due_on=due,
        decided_on=answered.on if answered else None,
        profile=profile,
    )


def leak_of(steps: Sequence[Step], rules: Rules) -> Leak | None:
    """The report of the leak that was found last; None when none was found."""
    found = last_of_each(steps).get(LEAK)
    if found is None:
        return None
    reported = next((step for step in steps if step.kind == LEAK_REPORTED and step.on >= found.on), None)
    profile = rules.profile_for(LEAK_RULE, found.on, reported.on if reported else None)
    if profile is None:
        return None
    moment = datetime.combine(found.on, time.fromisoformat(found.at) if found.at else time())
    at_once = bool(found.values.get("endangers"))
    due = moment if at_once else moment + timedelta(hours=profile.hours)
    return Leak(moment, due, at_once, reported.on if reported else None, profile)


def _known_until(steps: Sequence[Step], ended: Step | None) -> date | None:
    """Up to when a pause that still lasts is known to have lasted: the end of the case, or its last pause or resume."""
    if ended is not None:
        return ended.on
    return max((step.on for step in steps if step.kind in (PAUSED, RESUMED)), default=None)
