"""网点考核表: quality of complaint handling by branch."""

from __future__ import annotations

from xiaobao_desktop.domain.assessment import assess
from xiaobao_desktop.domain.fields import Grade, gaps
from xiaobao_desktop.domain.ledgers.complaint import LEDGER as COMPLAINT
from xiaobao_desktop.reports import assessment
from xiaobao_desktop.reports.assessment import AssessmentInput
from xiaobao_desktop.reports.document import Document
from xiaobao_desktop.reports.sheets import Sheet
from xiaobao_desktop.services.complaint_rows import case_rows
from xiaobao_desktop.services.complaint_statistics import orders
from xiaobao_desktop.services.report_figures import complaint_figures
from xiaobao_desktop.services.report_kind import PAPER_FORMATS, ReportInfo, ReportKind, Request
from xiaobao_desktop.services.session import Session


def build(session: Session, request: Request) -> Document:
    """The table as a wide page."""
    return assessment.build(_input(session, request))


def sheets(session: Session, request: Request) -> tuple[Sheet, ...]:
    """The table as an Excel sheet."""
    return (assessment.sheet(_input(session, request)),)


def _input(session: Session, request: Request) -> AssessmentInput:
    rows = case_rows(session)
    last = min(request.period.last, request.as_of)
    ended = [row.id for row in rows if row.closed_on and request.period.first <= row.closed_on <= last]
    ledger = session.ledger(COMPLAINT.key)
    keys = tuple(field.key for field in ledger.fields if field.grade is Grade.TO_CLOSE)
    incomplete = {
        int(str(row["id"])) for row in session.book.rows(ledger, ended, keys) if gaps(ledger, row, Grade.TO_CLOSE)
    }
    return AssessmentInput(
        settings=session.settings,
        period=request.period,
        as_of=request.as_of,
        items=assess(rows, incomplete, orders(session)["branch"], request.period, request.as_of, request.method),
        merged=request.method.merge_repeats,
        signed_on=session.today(),
    )


REPORT = ReportKind(
    ReportInfo("assessment", "网点考核表", (*PAPER_FORMATS, "xlsx"), group="表格", order=130),
    build,
    sheets=sheets,
    figures=complaint_figures("branch"),
)
