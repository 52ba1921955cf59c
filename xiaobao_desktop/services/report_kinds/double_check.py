"""“双查”工作情况报告: one paper for each run of such a checklist that began in the period."""

from __future__ import annotations

from datetime import date

from xiaobao_desktop.domain.check_figures import CheckFigure
from xiaobao_desktop.domain.governance import InspectionRow, inspections_in
from xiaobao_desktop.domain.ledgers.inspection import VERDICT_LIST
from xiaobao_desktop.domain.ledgers.rectification import DOUBLE_CHECK
from xiaobao_desktop.domain.period import Period
from xiaobao_desktop.domain.rectification_statistics import RectificationRow
from xiaobao_desktop.reports import double_check
from xiaobao_desktop.reports.document import Document
from xiaobao_desktop.reports.double_check import CheckedItem, DoubleCheckInput
from xiaobao_desktop.services import inspection_view
from xiaobao_desktop.services.governance_rows import governance
from xiaobao_desktop.services.inspection_view import ItemView
from xiaobao_desktop.services.report_kind import ReportInfo, ReportKind, Request, Subject, WordsSection
from xiaobao_desktop.services.session import Session

SECTIONS = (
    WordsSection("organisation", "组织情况补充", "怎样部署的，检查了哪些部门，用了什么方法；接在组长、组员后面"),
    WordsSection("reasons", "原因分析", "从制度、架构、系统、流程、执行分析问题的原因"),
    WordsSection("next_steps", "下一步工作"),
)


def runs(session: Session, period: Period, source: str) -> list[InspectionRow]:
    """The inspections of a period whose findings become rectifications of a source, by day."""
    known = governance(session, period.last)
    return [row for row in inspections_in(known.inspections, period, period.last) if row.source == source]


def subjects(session: Session, period: Period) -> tuple[Subject, ...]:
    """The runs of the period, the latest first."""
    found = reversed(runs(session, period, DOUBLE_CHECK))
    return tuple(Subject(str(row.id), f"{row.name}（{row.begun_on}）") for row in found)


def build(session: Session, request: Request) -> Document:
    """The report on the run of the request."""
    return double_check.build(_input(session, request))


def check_figures(session: Session, request: Request) -> tuple[CheckFigure, ...]:
    """Its figures one by one."""
    return double_check.figures(_input(session, request))


def _input(session: Session, request: Request) -> DoubleCheckInput:
    run = inspection_view.view(session, int(request.subject))
    known = governance(session, request.as_of)
    by_id = {row.id: row for row in known.rectifications}
    values, people, branch = run.record.values, known.people, run.record.values.get("branch")
    typed = {key: str(values.get(key) or "") for key in ("leader", "deputy", "members", "basis", "places")}
    ended = date.fromisoformat(str(values["finished_on"])) if values.get("finished_on") else None
    # A run that names nobody is led by the leading group.
    own = any(typed[key] for key in ("leader", "deputy", "members"))
    return DoubleCheckInput(
        settings=request.settings(session),
        record_id=int(request.subject),
        as_of=request.as_of,
        begun_on=date.fromisoformat(str(values["begun_on"])),
        finished_on=ended,
        number=typed["basis"],
        leader=typed["leader"] if own else "、".join(people.leaders),
        deputy=typed["deputy"] if own else "、".join(people.deputies),
        members=typed["members"] if own else "、".join(people.members),
        branch=session.link_name("branch", branch) if isinstance(branch, int) else "",
        places=typed["places"],
        items=[_item(item, by_id) for item in run.items],
        problems=str(values.get("problems") or "").splitlines(),
        conclusion=str(values.get("conclusion") or ""),
        names={item.id: item.name for item in session.rules.catalog.list(VERDICT_LIST).items},
        sections=tuple((section.label, request.words.get(section.key, ())) for section in SECTIONS),
        signed_on=session.today(),
    )


def _item(item: ItemView, by_id: dict[int, RectificationRow]) -> CheckedItem:
    linked = by_id.get(item.rectification.record_id) if item.rectification else None
    return CheckedItem(item.section, item.title, item.text, item.verdict, item.evidence, item.finding, linked)


REPORT = ReportKind(
    ReportInfo("double-check", "“双查”工作情况报告", months=(12, 6, 3, 1), group="专题", order=90),
    build,
    subjects=subjects,
    sections=SECTIONS,
    follows_method=False,
    nothing="请先在“自查”里用“双查”检查表登记一次检查，或换一个期间。",
    figures=check_figures,
)
