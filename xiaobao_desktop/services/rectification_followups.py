"""What puts a fault right for good: a training, a policy changed; each linked to the rectification."""

from __future__ import annotations

import re

from xiaobao_desktop.domain.fields import Record
from xiaobao_desktop.domain.ledgers.policy import LEDGER as POLICY
from xiaobao_desktop.domain.ledgers.rectification import LEDGER
from xiaobao_desktop.domain.ledgers.training import LEDGER as TRAINING
from xiaobao_desktop.services.followups import FollowUp, begin
from xiaobao_desktop.services.session import Session

_REVISED = "revised"
"""Id of the change 修订 (choice list ``policy_change``)."""
_LONGEST = 24
"""Characters of the problem that fit into the name of what answers it."""
_CLAUSE_ENDS = re.compile("[，。；：、,;:（(]")
_SOURCE = re.compile(r"（[A-Z]{2}-\d{4}-\d+）$")
"""The number of what brought the problem to light, at its end."""


def _short(problem: str) -> str:
    """The problem as part of a name: whole where it fits, else its first clause, else its beginning."""
    problem = _SOURCE.sub("", problem)
    if len(problem) <= _LONGEST:
        return problem
    clause = _CLAUSE_ENDS.split(problem, maxsplit=1)[0]
    return clause if clause and len(clause) <= _LONGEST else f"{problem[:_LONGEST]}…"


def ways(session: Session, record: Record) -> tuple[FollowUp, ...]:
    """A training about the problem, and a policy revised because of it."""
    source = (LEDGER.key, int(str(record.id)))
    problem = " ".join(str(record.values.get("problem") or "").split())
    short = _short(problem)
    content = f"针对整改 {record.number}：{problem}"
    training = begin(
        session,
        TRAINING,
        {"topic": f"{short}专题培训", "department": record.values.get("department"), "content": content},
        source,
    )
    policy = begin(
        session,
        POLICY,
        {"change": _REVISED, "department": record.values.get("department"), "summary": content},
        source,
    )
    return (
        FollowUp("安排培训", "graduation-cap", TRAINING.key, training),
        FollowUp("修订制度", "book-text", POLICY.key, policy),
    )
