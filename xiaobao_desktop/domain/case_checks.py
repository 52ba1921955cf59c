"""What cannot be in a complaint's timeline, and what looks odd: reasons for the officer, checked over the whole set.

Refused (blocking): dates in the future or before receipt, missing entries of a step, orders that cannot be (informing
before deciding, closing with no decision, resuming what was not paused). Hinted: what may be so but should be looked
at (an extension after the term had run out, a review asked for too late).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from xiaobao_desktop.domain.case import DEFAULT_PROFILE, derive
from xiaobao_desktop.domain.case_steps import (
    ARCHIVED,
    ASSUMED,
    CLOSED,
    DECIDED,
    INFORMED,
    LEAK,
    LEAK_REPORTED,
    MERGED,
    NEW_FACTS,
    PAUSED,
    RECEIVED,
    RESUMED,
    REVIEW_DECIDED,
    REVIEW_REQUESTED,
    WITHDRAWN,
    Step,
    ending,
    first,
    read_steps,
)
from xiaobao_desktop.domain.deadline import Profile
from xiaobao_desktop.domain.fields import Problem, Values
from xiaobao_desktop.domain.rules import Rules

STEPS = "steps"
"""Key under which problems of the timeline as a whole are told."""

_DATE_FIELDS = {RECEIVED: "received_on", CLOSED: "closed_on"}
_LABELS = {
    "happened_at": "时间",
    "approver": "批准人",
    "told_on": "告知投诉人日期",
    "reason": "原因",
    "pause_for": "暂停原因",
    "department": "部门或机构",
    "note": "说明",
}
_HANDLING = (NEW_FACTS, "transfer", "investigate", "extend_30", "extend_60", PAUSED, RESUMED, DECIDED)
# A step that cannot be before one of others: its kind, the kinds one of which must come first, what to say.
_NEEDED_FIRST = (
    (INFORMED, (DECIDED,), "告知（{on}）之前没有处理决定，请先记“处理决定”"),
    (LEAK_REPORTED, (LEAK,), "报告信息泄露（{on}）之前没有“发现信息泄露”，请先记发现的日期和时间"),
    (REVIEW_REQUESTED, (DECIDED, CLOSED), "核查申请（{on}）之前没有处理决定，请先记“处理决定”"),
    (REVIEW_DECIDED, (REVIEW_REQUESTED,), "核查决定（{on}）之前没有核查申请，请先记“核查申请”"),
    (ARCHIVED, (CLOSED, WITHDRAWN, MERGED), "归档（{on}）之前没有办结，请先记“办结”"),
)


def step_problems(
    rows: Sequence[Values],
    rules: Rules,
    today: str,
    profile_id: str = DEFAULT_PROFILE,
    agency_on: date | None = None,
    steps: Sequence[Step] | None = None,
) -> tuple[Problem, ...]:
    """Reasons to refuse a timeline and hints, each a Chinese sentence; checked as a whole, in any order of entry.

    Args:
        rows: step rows of a record.
        rules: step kinds and profiles.
        today: ISO day; nothing may have happened later.
        profile_id: rule profile of the case.
        agency_on: the day by which the agency wants its answer.
        steps: what the rows say, where that was read before.
    """
    found = [problem for row in rows for problem in _row_problems(row, rules, today)]
    steps = read_steps(rows, rules) if steps is None else steps
    received = first(steps, RECEIVED)
    if received is None:
        return (*found, Problem("received_on", "要填收到日期，期限从这一天算起"))
    found.extend(_before_receipt(steps, received, rules))
    found.extend(_order_problems(steps))
    found.extend(_needed_by_profile(steps, received, profile_id, rules))
    if agency_on is not None and agency_on < received.on:
        found.append(Problem("feedback_due_on", f"反馈期限（{agency_on}）早于收到日（{received.on}），请核对日期"))
    return (*found, *_hints(steps, profile_id, rules))


def _row_problems(row: Values, rules: Rules, today: str) -> Iterator[Problem]:
    kind = rules.step_kind(str(row.get("kind") or ""))
    if kind is None:
        yield Problem(STEPS, "有一步没有选“做了什么”")
        return
    happened_on = str(row.get("happened_on") or "")
    if not happened_on:
        yield Problem(STEPS, f"“{kind.name}”没有填日期")
        return
    if happened_on > today:
        field = _DATE_FIELDS.get(kind.id, STEPS)
        yield Problem(field, f"{kind.name}（{happened_on}）在今天之后，请核对日期")
    told_on = str(row.get("told_on") or "")
    if told_on > today:
        yield Problem(STEPS, f"“{kind.name}”的告知日期（{told_on}）在今天之后，请核对日期")
    if missing := kind.missing(row):
        yield Problem(STEPS, f"“{kind.name}”还要填：{_names(missing)}")


def _names(keys: Sequence[str]) -> str:
    return "、".join(_LABELS.get(key, key) for key in keys)


def _before_receipt(steps: Sequence[Step], received: Step, rules: Rules) -> Iterator[Problem]:
    for step in steps:
        kind = rules.step_kind(step.kind)
        name = kind.name if kind else step.kind
        told_on = str(step.values.get("told_on") or "")
        if step.on < received.on:
            field = {CLOSED: "closed_on"}.get(step.kind, STEPS)
            yield Problem(field, f"{name}（{step.on}）早于收到日（{received.on}），请核对日期")
        elif told_on and told_on < received.on.isoformat():
            yield Problem(STEPS, f"“{name}”的告知日期（{told_on}）早于收到日（{received.on}），请核对日期")


def _order_problems(steps: Sequence[Step]) -> Iterator[Problem]:
    decided, informed = first(steps, DECIDED), first(steps, INFORMED)
    if informed and decided and informed.on < decided.on:
        yield Problem(STEPS, f"告知（{informed.on}）早于处理决定（{decided.on}），请核对日期")
    kinds = {step.kind for step in steps}
    for kind, wanted, words in _NEEDED_FIRST:
        if kind not in kinds:
            continue
        step = first(steps, kind)
        before = first(steps, *wanted)
        told = kind == INFORMED and before is not None
        if step is not None and not told and (before is None or before.on > step.on):
            yield Problem(STEPS, words.format(on=step.on))
    yield from _pause_problems(steps)
    closed = first(steps, CLOSED)
    if closed is not None and not closed.values.get(ASSUMED) and not _settled(steps, closed):
        words = f"办结（{closed.on}）之前没有处理决定，请先记“处理决定”和“告知”；投诉人撤回的，记“撤诉”"
        yield Problem("closed_on", words)


def _settled(steps: Sequence[Step], closed: Step) -> bool:
    """Whether the case was decided, withdrawn or merged before it was closed."""
    return first(steps[: steps.index(closed)], DECIDED, WITHDRAWN, MERGED) is not None


def _pause_problems(steps: Sequence[Step]) -> Iterator[Problem]:
    deep = 0
    for step in steps:
        if step.kind == PAUSED:
            deep += 1
        elif step.kind == RESUMED and deep == 0:
            yield Problem(STEPS, f"恢复计时（{step.on}）之前没有暂停，请先记“暂停计时”")
        elif step.kind == RESUMED:
            deep -= 1


def needs(kind_id: str, profile: Profile | None) -> tuple[str, ...]:
    """Keys that a rule asks of a step besides what every step of its kind needs (PBOC order 5, art. 43: approval)."""
    stages = profile.stages if profile else ()
    return tuple(dict.fromkeys(need for stage in stages if stage.opened_by == kind_id for need in stage.needs))


def _needed_by_profile(steps: Sequence[Step], received: Step, profile_id: str, rules: Rules) -> Iterator[Problem]:
    profile = rules.profile_for(profile_id, received.on)
    for step in steps:
        missing = [need for need in needs(step.kind, profile) if not step.values.get(need)]
        if not missing:
            continue
        kind = rules.step_kind(step.kind)
        missing = [need for need in missing if kind and need not in kind.required]
        if kind and profile and missing:
            yield Problem(STEPS, f"按{profile.name}，“{kind.name}”还要填：{_names(missing)}")


def _hints(steps: Sequence[Step], profile_id: str, rules: Rules) -> Iterator[Problem]:
    if {step.kind for step in steps} <= {RECEIVED, CLOSED}:
        return
    found = derive(steps, profile_id, rules)
    for day in found.due.late_extensions if found.due else ():
        words = f"延期（{day}）的时候期限已经过了，期限不变；请核对日期，或补记前一次延期"
        yield Problem(STEPS, words, blocking=False)
    if found.review and found.review.late and found.review.requested_on:
        words = f"核查申请（{found.review.requested_on}）超过了申请期（到 {found.review.until}），请核对是否受理"
        yield Problem(STEPS, words, blocking=False)
    for step in steps:
        if step.kind == PAUSED and not step.values.get("proof"):
            words = f"暂停计时（{step.on}）没有写凭证：请写明委托书、受理书等的编号，或附上文件"
            yield Problem(STEPS, words, blocking=False)
    ended = ending(steps, rules)
    after = [step for step in steps if ended and step.on > ended.on and step.kind in _HANDLING]
    for step in after:
        kind = rules.step_kind(step.kind)
        words = f"{kind.name if kind else step.kind}（{step.on}）在办理结束（{ended.on if ended else ''}）之后，请核对"
        yield Problem(STEPS, words, blocking=False)


def recusal_problems(values: Values, steps: Sequence[Step], rules: Rules) -> Iterator[Problem]:
    """The person complained of must not handle the case (order 3 of CBIRC 2020: a system of recusal).

    Args:
        values: of the case.
        steps: its timeline.
        rules: give the names of linked people.
    """
    person = _plain(values.get("respondent"))
    if not person:
        return
    handler = values.get("handler")
    if isinstance(handler, int) and _plain(rules.link_name("staff", handler)) == person:
        yield Problem("handler", "承办人就是被投诉人员，应当回避，请换一位承办人")
    for step in steps:
        kind = rules.step_kind(step.kind)
        if kind and "person" in kind.fields and _plain(step.values.get("person")) == person:
            yield Problem(STEPS, f"“{kind.name}”（{step.on}）的人员就是被投诉人员，应当回避，请换一位")


def _plain(name: object) -> str:
    return "".join(str(name or "").split())
