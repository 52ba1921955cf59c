"""转为整改: what a complaint brought to light becomes a rectification, linked to it."""

from __future__ import annotations

from xiaobao_desktop.domain.fields import Record
from xiaobao_desktop.domain.ledgers.complaint import LEDGER
from xiaobao_desktop.domain.ledgers.rectification import LEDGER as RECTIFICATION
from xiaobao_desktop.domain.ledgers.rectification import ROOT_CAUSE
from xiaobao_desktop.services import listing
from xiaobao_desktop.services.followups import FollowUp, begin
from xiaobao_desktop.services.session import Session


def ways(session: Session, record: Record) -> tuple[FollowUp, ...]:
    """A rectification whose problem is the root cause, else the classified cause and the matter of the complaint."""
    values = record.values
    begun = begin(
        session,
        RECTIFICATION,
        {
            "source": ROOT_CAUSE,
            "found_on": session.today().isoformat(),
            "problem": _problem(session, record),
            "right": values.get("rights"),
            "department": values.get("department"),
            "accountability": values.get("accountability"),
            "complaint": record.id,
        },
    )
    return (FollowUp("转为整改", "wrench", RECTIFICATION.key, begun),)


def _problem(session: Session, record: Record) -> str:
    """In words without a name: a rectification is read by others than the complaint."""
    if root := str(record.values.get("root_cause") or "").strip():
        return root
    texts = [listing.display(session, LEDGER.field(key), record.values.get(key)) for key in ("category", "cause")]
    told = "，".join(text for text in texts if text)
    return f"{told}（{record.number}）" if told else f"{record.number} 投诉反映的问题"
