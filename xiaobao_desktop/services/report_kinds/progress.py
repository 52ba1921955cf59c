"""消保工作开展情况报告: education, supervision, cooperation and complaints of any period."""

from __future__ import annotations

from xiaobao_desktop.reports import progress
from xiaobao_desktop.reports.document import Document
from xiaobao_desktop.services.report_facts import closing_ways, compensations
from xiaobao_desktop.services.report_kind import ALL_TOPICS, ReportInfo, ReportKind, Request, WordsSection
from xiaobao_desktop.services.report_kinds.monthly import check_figures, periodic_input
from xiaobao_desktop.services.session import Session

SECTIONS = (
    WordsSection("cooperation", "协作配合补充", "和监管部门、公安、法院、调解组织、社区怎样协作，做了几次"),
    WordsSection("highlights", "工作成效"),
    WordsSection("problems", "存在问题"),
    WordsSection("next_steps", "下一步工作"),
)


def build(session: Session, request: Request) -> Document:
    """The report of a book."""
    data = periodic_input(session, request, SECTIONS)
    paid = compensations(session, data.rows, request, request.period)
    return progress.build(data, closing_ways(session, data.rows, request), paid)


REPORT = ReportKind(
    ReportInfo("progress", "消保工作开展情况报告", order=65),
    build,
    sections=SECTIONS,
    topics=ALL_TOPICS,
    figures=check_figures,
)
