"""年度投诉分析报告: complaint figures of a year made public, with what was done about them."""

from __future__ import annotations

from xiaobao_desktop.reports import complaint_analysis
from xiaobao_desktop.reports.document import Document
from xiaobao_desktop.services.report_kind import COMPLAINTS, ReportInfo, ReportKind, Request, WordsSection
from xiaobao_desktop.services.report_kinds.monthly import check_figures, periodic_input
from xiaobao_desktop.services.session import Session

SECTIONS = (
    WordsSection("measures", "已采取的措施", "为减少投诉做了什么：流程、收费、培训、系统"),
    WordsSection("next_steps", "下一步工作"),
)


def build(session: Session, request: Request) -> Document:
    """The public analysis of a book's complaints in a year."""
    return complaint_analysis.build(periodic_input(session, request, SECTIONS))


REPORT = ReportKind(
    ReportInfo("complaint-analysis", "年度投诉分析报告", months=(12,), order=50),
    build,
    sections=SECTIONS,
    topics=(COMPLAINTS,),
    figures=check_figures,
)
