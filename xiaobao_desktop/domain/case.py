"""A complaint's timeline: from dated steps to state, stage, due date and end. Pure functions.

Sources: CBIRC order 3 of 2020 (15/30/60 days, withdrawal ends the procedure on the day it is received, art. 15; new
facts restart the clock), PBOC order 5 of 2020 art. 43 (15/60 days after transfer). Limits come as data.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from xiaobao_desktop.domain.deadline import Pause, Profile, Stage, due_date, profile_for
from xiaobao_desktop.domain.fields import Problem, Value, Values
from xiaobao_desktop.domain.rules import Rules

RECEIVED, CLOSED, WITHDRAWN, MERGED = "received", "close", "withdraw", "merge"
DECIDED, INFORMED, NEW_FACTS = "decide", "inform", "new_facts"
PAUSED, RESUMED, SECOND_EXTENSION, FOLLOW_UP = "pause", "resume", "extend_60", "follow_up"


@dataclass(frozen=True)
class Step:
    """One dated step: its kind, day, optional time, and the other values of its row."""

    kind: str
    on: date
    at: str
    values: Values


@dataclass(frozen=True)
class Case:
    """What a timeline says about a complaint.

    Attributes:
        state: id from the choice list ``complaint_state``.
        received_on: day 0.
        due_on: last day of the current stage; None without receipt.
        stage: the stage that runs or ran last.
        basis: legal basis of the limit, for "which rule says so".
        paused_on: since when the clock stands, None when it runs.
        answered_on: day the complainant was told (or the decision, or the closing, whichever is first known).
        ended_by: kind of the step that ended the procedure, "" while open.
    """

    state: str
    received_on: date | None
    received_at: str
    due_on: date | None
    stage: Stage | None
    basis: str
    paused_on: date | None
    decided_on: date | None
    informed_on: date | None
    answered_on: date | None
    closed_on: date | None
    ended_by: str

    @property
    def open(self) -> bool:
        """Whether the case has not ended."""
        return self.closed_on is None

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


def read_steps(rows: Iterable[Values], rules: Rules) -> tuple[Step, ...]:
    """Steps of a record in timeline order: by day, then by the fixed order of kinds, then by time.

    Rows without kind or date are left out (they are refused by :func:`step_problems`).
    """
    steps = [
        Step(str(row["kind"]), date.fromisoformat(str(row["happened_on"])), str(row.get("happened_at") or ""), row)
        for row in rows
        if row.get("kind") and row.get("happened_on")
    ]
    return tuple(sorted(steps, key=lambda step: (step.on, _order(step.kind, rules), step.at)))


def derive(steps: Sequence[Step], profile_id: str, rules: Rules, as_of: date | None = None) -> Case:
    """State, due date and dates of a case, from its steps alone.

    Args:
        steps: in timeline order (:func:`read_steps`).
        profile_id: rule profile of the case.
        rules: profiles and step kinds.
        as_of: steps after this day are not yet known; None takes all.
    """
    known = [step for step in steps if as_of is None or step.on <= as_of]
    received = _first(known, RECEIVED)
    if received is None:
        return Case("", None, "", None, None, "", None, None, None, None, None, "")
    started = max([received.on, *(step.on for step in known if step.kind == NEW_FACTS)])
    profile = profile_for(rules.profiles, profile_id, received.on)
    stage = _stage(known, profile, started)
    pauses = _pauses(known, started)
    ended = _first(known, *(kind.id for kind in rules.step_kinds if kind.ends))
    decided, informed = _last_on(known, DECIDED), _last_on(known, INFORMED)
    return Case(
        state=_state(known, rules),
        received_on=received.on,
        received_at=received.at,
        due_on=due_date(started, stage.days, pauses) if stage else None,
        stage=stage,
        basis=profile.basis if profile else "",
        paused_on=next((pause.start for pause in pauses if pause.end is None), None) if ended is None else None,
        decided_on=decided,
        informed_on=informed,
        answered_on=informed or decided or (ended.on if ended else None),
        closed_on=ended.on if ended else None,
        ended_by=ended.kind if ended else "",
    )


def step_problems(rows: Sequence[Values], rules: Rules, today: str) -> tuple[Problem, ...]:
    """Reasons to refuse a timeline, each a Chinese sentence; checked as a whole, in any order of entry."""
    found: list[Problem] = []
    for row in rows:
        found.extend(_row_problems(row, rules, today))
    steps = read_steps(rows, rules)
    received = _first(steps, RECEIVED)
    if received is None:
        found.append(Problem("received_on", "要填收到日期，期限从这一天算起"))
        return tuple(found)
    for step in steps:
        if step.on < received.on:
            name = _name(step.kind, rules)
            field = {CLOSED: "closed_on"}.get(step.kind, "steps")
            found.append(Problem(field, f"{name}（{step.on}）早于收到日（{received.on}），请核对日期"))
    found.extend(_order_problems(steps))
    return tuple(found)


def _row_problems(row: Values, rules: Rules, today: str) -> list[Problem]:
    kind = rules.step_kind(str(row.get("kind") or ""))
    if kind is None:
        return [Problem("steps", "有一步没有选“做了什么”")]
    happened_on = str(row.get("happened_on") or "")
    if not happened_on:
        return [Problem("steps", f"“{kind.name}”没有填日期")]
    field = {RECEIVED: "received_on", CLOSED: "closed_on"}.get(kind.id, "steps")
    found = []
    if happened_on > today:
        found.append(Problem(field, f"{kind.name}（{happened_on}）在今天之后，请核对日期"))
    missing = [key for key in kind.required if not row.get(key)]
    if missing:
        labels = {"approver": "批准人", "told_on": "告知投诉人日期", "reason": "原因", "note": "说明"}
        names = "、".join(labels.get(key, key) for key in missing)
        found.append(Problem("steps", f"“{kind.name}”还要填：{names}"))
    return found


def _order_problems(steps: Sequence[Step]) -> list[Problem]:
    decided, informed = _first(steps, DECIDED), _first(steps, INFORMED)
    if informed and decided and informed.on < decided.on:
        return [Problem("steps", f"告知（{informed.on}）早于处理决定（{decided.on}），请核对日期")]
    if informed and not decided:
        return [Problem("steps", f"告知（{informed.on}）之前没有处理决定，请先记“处理决定”")]
    return []


def _order(kind_id: str, rules: Rules) -> int:
    kind = rules.step_kind(kind_id)
    return kind.order if kind else 0


def _name(kind_id: str, rules: Rules) -> str:
    kind = rules.step_kind(kind_id)
    return kind.name if kind else kind_id


def _first(steps: Sequence[Step], *kinds: str) -> Step | None:
    return next((step for step in steps if step.kind in kinds), None)


def _last_on(steps: Sequence[Step], kind: str) -> date | None:
    return next((step.on for step in reversed(steps) if step.kind == kind), None)


def _stage(steps: Sequence[Step], profile: Profile | None, started: date) -> Stage | None:
    if profile is None:
        return None
    opened = {step.kind for step in steps if step.on >= started}
    return max(
        (stage for stage in profile.stages if not stage.opened_by or stage.opened_by in opened),
        key=lambda item: item.days,
    )


def _pauses(steps: Sequence[Step], started: date) -> list[Pause]:
    pauses: list[Pause] = []
    since: date | None = None
    for step in steps:
        if step.kind == PAUSED and since is None:
            since = max(step.on, started)
        elif step.kind == RESUMED and since is not None:
            pauses.append(Pause(since, step.on))
            since = None
    if since is not None:
        pauses.append(Pause(since))
    return pauses


def _state(steps: Sequence[Step], rules: Rules) -> str:
    """The last state that was set; resuming goes back to the state before the pause; an end is final."""
    state, before_pause = "", ""
    for step in steps:
        kind = rules.step_kind(step.kind)
        if kind is None:
            continue
        if kind.id == PAUSED:
            before_pause = state
        state = before_pause if kind.id == RESUMED and before_pause else (kind.state or state)
        if kind.ends:
            return "archived" if _first(steps, "archive") else kind.state
    return state


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
