"""回填: the fields that a regulator's system asks for about one complaint, in its order, each to be copied."""

from __future__ import annotations

from dataclasses import dataclass

from xiaobao_desktop.domain.ledgers.complaint import LEDGER
from xiaobao_desktop.reports.letter_text import Filled
from xiaobao_desktop.services import access, letter_templates
from xiaobao_desktop.services.complaint_facts import facts
from xiaobao_desktop.services.records import get
from xiaobao_desktop.services.session import Session

__all__ = ["FORMS", "BackFill", "Filled", "Form", "read", "usual"]


@dataclass(frozen=True)
class Form:
    """What may be filled in: template, name on its tab, where its fields come from."""

    template: str
    label: str
    basis: str


@dataclass(frozen=True)
class BackFill:
    """The fields of a case for one form; ``fault`` says why the bank's own order was not used."""

    fields: tuple[Filled, ...]
    fault: str = ""


FORMS = (
    Form("feedback_12378", "12378 系统", "栏目按常用页面拟定，以系统页面为准；栏名和次序可以在“设置—文书”里改"),
    Form("feedback_order5", "人行 5 号令", "人民银行令〔2020〕第5号第四十四条要求反馈的内容"),
)
_ORDER5_SOURCE = "pboc"


def usual(session: Session, record_id: int) -> Form:
    """The form that fits where the complaint came from."""
    source = get(session, LEDGER, record_id).values.get("source")
    return FORMS[1] if source == _ORDER5_SOURCE else FORMS[0]


def read(session: Session, record_id: int, form: Form) -> BackFill:
    """The fields of a case; that they were shown in full is written down, once while the book is open.

    Raises:
        NotAllowed: a reader.
        RecordMissing: the case is gone.
    """
    session.require("回填")
    record = get(session, LEDGER, record_id)
    if session.first_look(f"{LEDGER.key}.back_fill", record_id):
        access.reveal_one(session, LEDGER, record_id, "回填内容")
    return BackFill(*letter_templates.fields(session, form.template, facts(session, record)))
