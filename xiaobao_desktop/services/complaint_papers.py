"""Papers of one complaint, from 登记处理单 to 核查决定书: which make sense, what they lack, their documents."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from xiaobao_desktop import __version__
from xiaobao_desktop.domain import case
from xiaobao_desktop.domain.case import Case, Step
from xiaobao_desktop.domain.case_steps import REVIEW_DECIDED, REVIEW_REQUESTED, last
from xiaobao_desktop.domain.fields import Record
from xiaobao_desktop.domain.period import chinese_date
from xiaobao_desktop.reports import case_forms, case_letters, case_sheet
from xiaobao_desktop.reports.case_facts import PLACEHOLDERS, CaseFacts
from xiaobao_desktop.reports.case_letters import Letter
from xiaobao_desktop.reports.document import Document, Metadata, Paragraph, Run
from xiaobao_desktop.services import letter_templates
from xiaobao_desktop.services.complaint_facts import EXTENSIONS, TRANSFER, facts
from xiaobao_desktop.services.papers import Paper
from xiaobao_desktop.services.report_kind import ReportInfo
from xiaobao_desktop.services.reporting import Built
from xiaobao_desktop.services.session import Session

NOT_OURS = "not_ours"
"""Closing way of a matter that is not the bank's."""
_OWN = "本行"


@dataclass(frozen=True)
class View:
    """A case as the rules below look at it."""

    record: Record
    case: Case
    steps: tuple[Step, ...]

    def on(self, *kinds: str) -> date | None:
        """Day of the last step of some kinds."""
        found = [step.on for kind in kinds if (step := last(self.steps, kind)) is not None]
        return max(found, default=None)

    @property
    def not_ours(self) -> bool:
        """Whether the matter is not the bank's."""
        return self.record.values.get("closing_way") == NOT_OURS

    @property
    def decided(self) -> bool:
        """Whether there is a decision, as a step or as a text."""
        return self.case.decided_on is not None or bool(self.record.values.get("decision"))


@dataclass(frozen=True)
class CasePaper:
    """A paper of a complaint.

    Attributes:
        paper: how it is called.
        refusal: why it makes no sense yet, "" when it does.
        filed: the day under which it lies in the archived case; None when it does not belong there.
        needs: texts that should be filled, attributes of :class:`CaseFacts`.
        by: attribute with who made it (责任者); "" for the bank.
        letter: of a letter.
        signed: kinds of steps whose day stands below the signature; without such a step, today does.
    """

    paper: Paper
    refusal: Callable[[View], str]
    filed: Callable[[View], date | None]
    needs: tuple[str, ...]
    by: str = ""
    letter: Letter | None = None
    signed: tuple[str, ...] = ()


def view(session: Session, record: Record) -> View:
    """A case with its steps."""
    steps = case.read_steps(record.children.get("step", ()), session.rules)
    return View(record, case.of_record(record, session.rules), steps)


def refusal(session: Session, record: Record, key: str) -> str:
    """Why a paper makes no sense yet, "" when it does."""
    return case_paper(key).refusal(view(session, record))


def advice(session: Session, record: Record, key: str) -> tuple[str, ...]:
    """待补: the texts that a paper lacks; and why the bank's own wording was not used."""
    found, texts = case_paper(key), facts(session, record)
    lacking = [PLACEHOLDERS[name] for name in found.needs if not getattr(texts, name)]
    told = [f"待补：{'、'.join(lacking)}。没有填的地方印成空白，可以手写"] if lacking else []
    name = found.letter.template if found.letter else _REQUESTS.get(key, "")
    fault = letter_templates.compose(session, name, texts).fault if name else ""
    return (*told, *([fault] if fault else []))


def document(session: Session, record: Record, key: str) -> Document:
    """One paper of a case."""
    found, texts = case_paper(key), facts(session, record)
    if found.letter is not None:
        paragraphs = letter_templates.compose(session, found.letter.template, texts).paragraphs
        signed = view(session, record).on(*found.signed) if found.signed else None
        return case_letters.build(found.letter, texts, paragraphs, chinese_date(signed or session.today()))
    if key == SHEET:
        return case_sheet.build(texts)
    request = letter_templates.compose(session, _REQUESTS[key], texts).paragraphs
    return case_forms.transfer(texts, request) if key == TRANSFER_SLIP else case_forms.approval(texts, request)


def example(session: Session, name: str, text: str) -> Built:
    """A paper made of a template as it is typed, each placeholder standing for itself.

    Raises:
        LetterTemplateBroken: the text names an unknown placeholder or cannot be read.
    """
    paragraphs = letter_templates.example(name, text)
    marks: dict[str, Any] = {key: f"〔{label}〕" for key, label in PLACEHOLDERS.items()}
    texts = replace(
        CaseFacts(**marks),
        bank=session.settings.bank,
        short_name=session.settings.printed_name,
        today=chinese_date(session.today()),
    )
    title = letter_templates.template(name).title
    found = next((item for item in CASE_PAPERS if item.letter and item.letter.template == name), None)
    if found is not None and found.letter is not None:
        made = case_letters.build(found.letter, texts, paragraphs, texts.today)
    elif name in _REQUESTS.values():
        made = (case_forms.transfer if name == _REQUESTS[TRANSFER_SLIP] else case_forms.approval)(texts, paragraphs)
    else:
        made = Document((title,), tuple(Paragraph((Run(line),)) for line in paragraphs), numbers_from=2)
    metadata = Metadata(title, session.settings.printed_name, session.now(), f"小保 {__version__}")
    return Built(ReportInfo(name, title), made, metadata, f"{title}（样张）")


def case_paper(key: str) -> CasePaper:
    """The paper called ``key``; KeyError when there is none (a bug)."""
    return _BY_KEY[key]


def responsible(found: CasePaper, texts: CaseFacts) -> str:
    """责任者 of a paper in the index."""
    return str(getattr(texts, found.by)) if found.by else _OWN


def _no_extension(seen: View) -> str:
    return "" if seen.on(*EXTENSIONS) else "还没有记延期，请先记一步“延期”"


def _no_approval(seen: View) -> str:
    return "" if seen.on(*EXTENSIONS) or seen.case.open else "这一件已经结束，没有延期"


def _no_reply(seen: View) -> str:
    if seen.not_ours:
        return "办结方式是“不属本行”，请用不属本行处理告知"
    if seen.case.decided_on is None and seen.case.ended_by == case.WITHDRAWN:
        return "已撤诉，请用撤诉确认书"
    return "" if seen.decided else "还没有处理决定，请先填“处理结果”或记一步“处理决定”"


def _no_withdrawal(seen: View) -> str:
    ended = seen.case.ended_by
    return "" if seen.case.open or ended == case.WITHDRAWN else "这一件不是撤诉结束的"


def _extended(seen: View) -> date | None:
    return seen.on(*EXTENSIONS)


def _replied(seen: View) -> date | None:
    return None if seen.not_ours else seen.case.informed_on or seen.case.decided_on


def _told_not_ours(seen: View) -> date | None:
    return (seen.case.informed_on or seen.case.decided_on or seen.case.closed_on) if seen.not_ours else None


SHEET, TRANSFER_SLIP, APPROVAL = "sheet", "transfer", "extension-approval"
_REQUESTS = {TRANSFER_SLIP: "case_transfer", APPROVAL: "case_approval"}
"""Templates of the requests on working forms."""

CASE_PAPERS = (
    CasePaper(
        Paper(SHEET, "登记处理单", "消费投诉登记处理单"),
        lambda _seen: "",
        lambda seen: seen.case.received_on,
        ("complainant", "phone", "source", "category", "cause", "channel", "branch", "content"),
        by="department_in_charge",
    ),
    CasePaper(
        Paper(TRANSFER_SLIP, "转办单", "消费投诉转办单"),
        lambda seen: "" if seen.on(TRANSFER) else "还没有记转办，请先记一步“转办”",
        lambda seen: seen.on(TRANSFER),
        ("transfer_department", "content", "due"),
        by="department_in_charge",
    ),
    CasePaper(
        Paper(APPROVAL, "延期审批表", "消费投诉延期办理审批表"),
        _no_approval,
        _extended,
        ("extension_reason", "content", "inquiry"),
        by="department",
    ),
    CasePaper(
        Paper("extension-notice", "延期告知书", "消费投诉延期办理告知书"),
        _no_extension,
        _extended,
        ("complainant", "subject", "extension_reason", "contact_phone"),
        letter=case_letters.EXTENSION,
        signed=EXTENSIONS,
    ),
    CasePaper(
        Paper("reply", "答复函", "消费投诉处理结果答复函"),
        _no_reply,
        _replied,
        ("complainant", "subject", "investigation", "basis", "decision", "contact_phone"),
        letter=case_letters.REPLY,
        signed=(case.INFORMED,),
    ),
    CasePaper(
        Paper("not-ours", "不属本行处理告知", "不属本行处理告知书"),
        lambda seen: "" if seen.not_ours else "办结方式不是“不属本行”",
        _told_not_ours,
        ("complainant", "subject", "decision", "contact_phone"),
        letter=case_letters.NOT_OURS,
        signed=(case.INFORMED,),
    ),
    CasePaper(
        Paper("withdrawal", "撤诉确认书", "撤回消费投诉确认书"),
        _no_withdrawal,
        lambda seen: seen.on(case.WITHDRAWN),
        ("complainant", "phone", "subject"),
        by="complainant",
        letter=case_letters.WITHDRAWAL,
    ),
    CasePaper(
        Paper("review", "核查决定书", "消费投诉核查决定书"),
        lambda seen: "" if seen.on(REVIEW_REQUESTED, REVIEW_DECIDED) else "还没有核查申请，请先记一步“核查申请”",
        lambda seen: seen.on(REVIEW_DECIDED),
        ("complainant", "review_asked", "review_grounds", "decision", "review_result", "contact_phone"),
        letter=case_letters.REVIEW,
        signed=(REVIEW_DECIDED,),
    ),
)
PAPERS = tuple(item.paper for item in CASE_PAPERS)
_BY_KEY = {item.paper.key: item for item in CASE_PAPERS}
