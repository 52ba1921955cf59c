"""What answered complaints still wait for: the proof of the answer, the call about satisfaction, the review window."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from xiaobao_desktop.domain.case_clock import REVIEW_RULE
from xiaobao_desktop.domain.case_steps import FOLLOW_UP, INFORMED
from xiaobao_desktop.domain.deadline import profile_for
from xiaobao_desktop.domain.ledgers.complaint import LEDGER
from xiaobao_desktop.services.complaint_filing import PROOF, STEP
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.query import OWN, Condition, Query

RECENT_DAYS = 60
"""Cases answered longer ago are no longer on the day's list; the check before a report still names them."""


def waiting(session: Session, today: date) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """What recently answered cases still need, in words with the records; what nothing waits for is left out."""
    window = _window(session, today)
    answered = _answered(session, today, max(RECENT_DAYS, window))
    steps = session.book.child_values(LEDGER, LEDGER.child(STEP), ("kind", "happened_on"), answered)
    recent = set(_answered(session, today, RECENT_DAYS))
    told = [one for one in answered if one in recent and _told_since(steps.get(one, ()), "")]
    have = session.book.attachment_kinds(LEDGER, told)
    rated = {int(str(row["id"])) for row in session.book.rows(LEDGER, told, ("satisfaction",)) if row["satisfaction"]}
    asked = rated | {one for one in told if any(kind == FOLLOW_UP for kind, _day in steps[one])}
    first = (today - timedelta(days=window)).isoformat()
    review = [one for one in answered if _told_since(steps.get(one, ()), first)] if window else []
    found = (
        ("已答复，没有答复凭证", [one for one in told if PROOF not in have.get(one, frozenset())]),
        ("已答复，待回访满意度", [one for one in told if one not in asked]),
        (f"还在 {window} 日核查申请期内", review),
    )
    return tuple((f"{len(ids)} {LEDGER.unit}{words}", tuple(ids)) for words, ids in found if ids)


def _window(session: Session, today: date) -> int:
    """Days in which a complainant may ask for a review (核查, CBIRC order 3 of 2020); 0 where there is no such rule."""
    rule = profile_for(session.rules.profiles, REVIEW_RULE, today)
    return rule.window_days or 0 if rule else 0


def _told_since(steps: Iterable[Sequence[object]], first: str) -> bool:
    return any(kind == INFORMED and str(day or "") >= first for kind, day in steps)


def _answered(session: Session, today: date, days: int) -> list[int]:
    """Cases answered within so many days, the latest first."""
    span = ((today - timedelta(days=days)).isoformat(), today.isoformat())
    where = (OWN, Condition("answered_on", "between", span))
    return session.book.ids(LEDGER, Query(where=where, order=(("answered_on", True),)))
