"""What answered complaints still wait for: the proof of the answer, the call about satisfaction, the review window."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from xiaobao_desktop.domain.case_clock import REVIEW_RULE
from xiaobao_desktop.domain.case_steps import FOLLOW_UP, INFORMED
from xiaobao_desktop.domain.deadline import profile_for
from xiaobao_desktop.domain.fields import Values
from xiaobao_desktop.domain.ledgers.complaint import LEDGER
from xiaobao_desktop.services.complaint_filing import PROOF, STEP
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.query import Condition, Query

RECENT_DAYS = 60
"""Cases answered longer ago are no longer on the day's list; the check before a report still names them."""


def waiting(session: Session, today: date) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """What recently answered cases still need, in words with the records; what nothing waits for is left out."""
    answered = _answered(session, today, RECENT_DAYS)
    steps = session.book.child_rows(LEDGER, LEDGER.child(STEP), answered)
    told = [one for one in answered if any(row.get("kind") == INFORMED for row in steps.get(one, ()))]
    have = session.book.attachment_kinds(LEDGER, told)
    rated = {int(str(row["id"])) for row in session.book.rows(LEDGER, told, ("satisfaction",)) if row["satisfaction"]}
    called = {one for one in told if any(row.get("kind") == FOLLOW_UP for row in steps.get(one, ()))}
    found = (
        ("已答复，没有答复凭证", [one for one in told if PROOF not in have.get(one, frozenset())]),
        ("已答复，待回访满意度", [one for one in told if one not in rated | called]),
        _review(session, today),
    )
    return tuple((f"{len(ids)} {LEDGER.unit}{words}", tuple(ids)) for words, ids in found if ids)


def _review(session: Session, today: date) -> tuple[str, list[int]]:
    """Cases whose complainant may still ask for a review (核查, CBIRC order 3 of 2020)."""
    rule = profile_for(session.rules.profiles, REVIEW_RULE, today)
    if rule is None or not rule.window_days:
        return "", []
    answered = _answered(session, today, rule.window_days)
    steps = session.book.child_rows(LEDGER, LEDGER.child(STEP), answered)
    first = (today - timedelta(days=rule.window_days)).isoformat()
    return f"还在 {rule.window_days} 日核查申请期内", [
        one for one in answered if _told_since(steps.get(one, ()), first)
    ]


def _told_since(rows: Sequence[Values], first: str) -> bool:
    return any(row.get("kind") == INFORMED and str(row.get("happened_on") or "") >= first for row in rows)


def _answered(session: Session, today: date, days: int) -> list[int]:
    """Cases answered within so many days, the latest first."""
    span = ((today - timedelta(days=days)).isoformat(), today.isoformat())
    where = (Condition("answered_on", "between", span),)
    return session.book.ids(LEDGER, Query(where=where, order=(("answered_on", True),)))
