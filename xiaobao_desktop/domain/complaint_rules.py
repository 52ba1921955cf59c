"""How a complaint is made whole from what was entered, and what is refused about it.

The dated steps are the truth: dates typed in the form or imported (收到, 办结) move their steps, all else is derived.
"""

from __future__ import annotations

from datetime import date

from xiaobao_desktop.domain import case
from xiaobao_desktop.domain.case_checks import recusal_problems, step_problems
from xiaobao_desktop.domain.case_steps import ASSUMED, DECIDED
from xiaobao_desktop.domain.fields import Problem, Record, Value, Values
from xiaobao_desktop.domain.rules import Rules

Rows = tuple[Values, ...]

MANY = 20
"""Order 3 of CBIRC 2020: so many people complaining together face to face make a major complaint."""


def complete(before: Record | None, entered: Record, rules: Rules) -> Record:
    """The record with its steps and derived values in agreement.

    Args:
        before: the record as it is in the book, None for a new one.
        entered: the record as entered; its child rows are the steps to keep.
        rules: step kinds, deadline profiles, choice lists.
    """
    rows = tuple(entered.children.get("step", ()))
    known: Values = _derived(rows, entered.values, rules) if rows or before else {}
    values = dict(entered.values)
    old: Values = before.values if before is not None else {}
    for key, kind, time_key in (("received_on", case.RECEIVED, "received_time"), ("closed_on", case.CLOSED, "")):
        keys = (key, time_key) if time_key else (key,)
        typed = [item for item in keys if values.get(item) != known.get(item) and values.get(item) != old.get(item)]
        if typed:
            at = values.get(time_key) if time_key else None
            rows = case.with_step_on(rows, _ending_kind(rows, kind, rules), values.get(key), at)
    rows = _with_assumed_end(before, rows, started=tuple(entered.children.get("step", ())))
    values["rule_profile"] = _rule_profile(old, values, rules)
    values["satisfaction"] = _satisfaction(before, rows, values, rules)
    values.update(_filled(before, rows, values, rules))
    values.update(_derived(rows, values, rules))
    return Record(values, {**entered.children, "step": rows}, entered.id, entered.number, entered.deleted)


def _rule_profile(old: Values, values: Values, rules: Rules) -> str:
    """The profile that was chosen; where none was, that of the source, also when the source is put right later."""
    chosen = str(values.get("rule_profile") or "")
    untouched = chosen == old.get("rule_profile") and chosen == _profile_of_source(old, rules)
    return _profile_of_source(values, rules) if not chosen or untouched else chosen


def _profile_of_source(values: Values, rules: Rules) -> str:
    source = rules.catalog.list("source").get(str(values.get("source") or ""))
    return (source.extra.get("profile") if source else None) or case.DEFAULT_PROFILE


def _ending_kind(rows: Rows, kind: str, rules: Rules) -> str:
    """A changed end date moves the step that ended the case (a withdrawal stays a withdrawal)."""
    if kind != case.CLOSED:
        return kind
    return next((str(row["kind"]) for row in rows if row.get("kind") in rules.ending_kinds), kind)


def _with_assumed_end(before: Record | None, rows: Rows, started: Rows) -> Rows:
    """Mark the end of a case of which only the day is known: nothing is refused about it, its decision is 待补.

    That is a new record whose closing came as a date alone (an old ledger, a late registration), and one that already
    stands in the book closed without a decision.
    """
    if any(row.get("kind") == DECIDED for row in rows):
        return rows
    if before is None:
        assumed = not any(row.get("kind") == case.CLOSED for row in started)
    else:
        kept = [row for row in before.children.get("step", ()) if row.get("kind") in (case.CLOSED, DECIDED)]
        assumed = [row["kind"] for row in kept] == [case.CLOSED]
    if not assumed:
        return rows
    return tuple({**row, ASSUMED: True} if row.get("kind") == case.CLOSED else row for row in rows)


def _satisfaction(before: Record | None, rows: Rows, values: Values, rules: Rules) -> Value:
    """What a new follow-up found goes into the form; what the form said before stays without one."""
    heard = _followed_up(rows, rules)
    earlier = _followed_up(tuple(before.children.get("step", ())), rules) if before else None
    return heard if heard is not None and heard != earlier else values.get("satisfaction")


def _filled(before: Record | None, rows: Rows, values: Values, rules: Rules) -> dict[str, Value]:
    """What a new step says and the form need not be told again; what she wrote into the form herself stays."""
    known = tuple(before.children.get("step", ())) if before else ()
    if rows == known:
        return {}
    now, earlier = _said(rows, rules), _said(known, rules)
    return {
        key: text
        for key, text in now.items()
        if text != earlier.get(key) and (not values.get(key) or values.get(key) == earlier.get(key))
    }


def _said(rows: Rows, rules: Rules) -> dict[str, Value]:
    """By field of the case, what the last step that fills it says."""
    found: dict[str, Value] = {}
    if not any(row.get(key) for row in rows for key in ("department", "note")):
        # The many cases of an import: their steps are dates alone.
        return found
    for step in case.read_steps(rows, rules):
        kind = rules.step_kind(step.kind)
        fills = kind.fills if kind else {}
        found.update({target: step.values[key] for key, target in fills.items() if step.values.get(key)})
    return found


def _followed_up(rows: Rows, rules: Rules) -> Value:
    if not any(row.get("satisfaction") for row in rows):
        return None
    steps = [step for step in case.read_steps(rows, rules) if step.kind == case.FOLLOW_UP]
    return next((step.values["satisfaction"] for step in reversed(steps) if step.values.get("satisfaction")), None)


def _derived(rows: Rows, values: Values, rules: Rules) -> dict[str, Value]:
    profile = str(values.get("rule_profile") or case.DEFAULT_PROFILE)
    found = case.derive(case.read_steps(rows, rules), profile, rules, None, case.agency_day(values))
    review = found.review.due_on if found.review and found.review.running else None
    leak = found.leak.due_at.date() if found.leak and found.leak.reported_on is None else None
    days: dict[str, date | None] = {
        "received_on": found.received_on,
        "closed_on": found.closed_on,
        "due_on": found.due_on,
        "paused_on": found.paused_on,
        "answered_on": found.answered_on,
        "review_due_on": review,
        "leak_due_on": leak,
        "reply_due_on": found.reply_due_on,
    }
    derived: dict[str, Value] = {key: day.isoformat() if day else None for key, day in days.items()}
    return {
        **derived,
        "received_time": found.received_at or None,
        "state": found.state or None,
        "limit_days": found.stage.days if found.stage else None,
        "ended_by": found.ended_by or None,
    }


def check(record: Record, today: str, rules: Rules) -> tuple[Problem, ...]:
    """Refusals and hints over the whole record (timeline, recusal, agents, joint complaints, merging)."""
    values = record.values
    rows = record.children.get("step", ())
    profile = str(values.get("rule_profile") or case.DEFAULT_PROFILE)
    steps = case.read_steps(rows, rules)
    problems = list(step_problems(rows, rules, today, profile, case.agency_day(values), steps))
    problems.extend(recusal_problems(values, steps, rules))
    if values.get("by_agent") and not values.get("agent"):
        problems.append(Problem("agent", "代理投诉要填代理人", blocking=False))
    people = values.get("people_count")
    if values.get("face_to_face") and isinstance(people, int) and people >= MANY and values.get("level") != "major":
        problems.append(Problem("level", f"{people} 人当面共同投诉，等级应为“重大”"))
    if record.id is not None and values.get("merged_into") == record.id:
        problems.append(Problem("merged_into", "不能并入它自己，请选先收到的那一件"))
    if values.get("ended_by") == case.MERGED and not values.get("merged_into"):
        problems.append(Problem("merged_into", "记了并案，请填并入哪一件（先收到的那一件）", blocking=False))
    return tuple(problems)
