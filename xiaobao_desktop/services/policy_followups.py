"""修订成新版: the next version of a policy, begun from what stays the same and linked to the one it replaces."""

from __future__ import annotations

from xiaobao_desktop.domain.fields import Record
from xiaobao_desktop.domain.ledgers.policy import LEDGER, REPEALED, REVISED
from xiaobao_desktop.services.followups import FollowUp, begin
from xiaobao_desktop.services.session import Session

_STAYS = ("name", "level", "categories", "approved_by", "department")


def ways(session: Session, record: Record) -> tuple[FollowUp, ...]:
    """A new version, unless the policy is repealed already."""
    if record.values.get("state") == REPEALED:
        return ()
    kept = {key: record.values.get(key) for key in _STAYS}
    begun = begin(session, LEDGER, {**kept, "change": REVISED, "replaces": record.id})
    return (FollowUp("修订成新版", "file-pen-line", LEDGER.key, begun),)
