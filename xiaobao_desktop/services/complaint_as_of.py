"""Complaints as they were known on a day: what happened later is taken back.

So a report says the same whenever it is printed, and what it says of an earlier period is what the report of that
period said.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date

from xiaobao_desktop.domain import case
from xiaobao_desktop.domain.case import Step
from xiaobao_desktop.domain.fields import Values
from xiaobao_desktop.domain.ledgers.complaint import LEDGER, STEPS
from xiaobao_desktop.domain.statistics import CaseRow, Cases
from xiaobao_desktop.services.complaint_rows import case_rows, counted_as, is_told
from xiaobao_desktop.services.origins import Chosen
from xiaobao_desktop.services.session import Session

MOST_VIEWS = 8
"""Views kept at once, the oldest goes first: a report needs three, and each holds as many rows as the book."""
_KEYS = ("rule_profile", case.FEEDBACK_DUE)


def case_rows_at(session: Session, day: date, chosen: Chosen = (), since: date | None = None) -> Cases:
    """Every complaint as ``case_rows`` gives it, with what was known at the end of a day alone.

    End, last day, answer and satisfaction come from the steps up to that day; a case whose clock stands still has no
    last day. What has no date of its own (category, level, whether it is a repeat) is as it is now. Complaints
    received after the day count in nothing that is asked of it and may be missing.

    Args:
        session: the open book.
        day: the day of view.
        chosen: the 来源机构 that count; () for all.
        since: nothing is asked about earlier days: complaints that had ended by then may be missing, too.
    """
    rows = case_rows(session, chosen)
    views: dict[tuple[date, date | None], Cases] = rows.once("as of", dict)
    if (day, since) not in views:
        if len(views) >= MOST_VIEWS:
            del views[next(iter(views))]
        views[day, since] = _taken_back(session, rows, day, since or date.min)
    return views[day, since]


def _taken_back(session: Session, rows: Cases, day: date, since: date) -> Cases:
    moved = session.book.moved_after(LEDGER, STEPS, day.isoformat())
    if not moved and since == date.min:
        return rows
    received = rows[: bisect_right(rows, day, key=_received_on)]
    then = [row for row in received if row.closed_on is None or row.closed_on >= since or row.id in moved]
    changed = [(place, row) for place, row in enumerate(then) if row.id in moved]
    ids = [row.id for _place, row in changed]
    steps = session.book.child_rows(LEDGER, STEPS, ids)
    values: dict[int, Values] = {int(str(item["id"])): item for item in session.book.rows(LEDGER, ids, _KEYS)}
    for place, row in changed:
        then[place] = _then(session, row, values[row.id], steps.get(row.id, ()), day)
    return Cases(then)


def _received_on(row: CaseRow) -> date:
    return row.received_on


def _then(session: Session, row: CaseRow, values: Values, children: Sequence[Values], day: date) -> CaseRow:
    """The row of a case on a day."""
    rules = session.rules
    steps = case.read_steps(children, rules)
    found = case.derive(steps, str(values["rule_profile"] or ""), rules, day, case.agency_day(values))
    return row._replace(
        closed_on=found.closed_on,
        answered_on=found.answered_on,
        due_on=None if found.paused_on else found.due_on,
        told=is_told(session, found.state),
        withdrawn=found.ended_by == case.WITHDRAWN,
        limit_days=found.stage.days if found.stage else 0,
        satisfaction=_satisfaction(session, row, steps, day),
    )


def _satisfaction(session: Session, row: CaseRow, steps: Sequence[Step], day: date) -> str:
    """What the last follow-up by a day found; what was typed without a follow-up after it stays."""
    heard = [step for step in steps if step.kind == case.FOLLOW_UP and step.values.get("satisfaction")]
    if not heard or heard[-1].on <= day:
        return row.satisfaction
    by_then = [step for step in heard if step.on <= day]
    return counted_as(session, str(by_then[-1].values["satisfaction"])) if by_then else ""
