"""消保工作落实情况报告: what the bank tells its regulator about complaints and work of the year so far."""

from __future__ import annotations

from xiaobao_desktop.reports import implementation
from xiaobao_desktop.reports.document import Document
from xiaobao_desktop.services.report_facts import compensations
from xiaobao_desktop.services.report_kind import ALL_TOPICS, ReportInfo, ReportKind, Request, WordsSection
from xiaobao_desktop.services.report_kinds.monthly import check_figures_to_date, periodic_input
from xiaobao_desktop.services.session import Session

SECTIONS = (
    WordsSection("system", "消保制度建设及落实情况", "制度由台账写好，这里补充落实情况"),
    WordsSection("organisation", "消保组织管理情况", "销售专区、双录、收费公示的情况"),
    WordsSection("supervision", "监督检查情况", "自查、内审、监管检查由台账写好，这里补充结论"),
    WordsSection("problems", "存在问题"),
    WordsSection("next_steps", "下一步工作"),
)


def build(session: Session, request: Request) -> Document:
    """The report of a book, figures from 1 January to the end of the period."""
    data = periodic_input(session, request, SECTIONS)
    return implementation.build(data, compensations(session, data.rows, request))


REPORT = ReportKind(
    ReportInfo("implementation", "消保工作落实情况报告", order=60),
    build,
    sections=SECTIONS,
    topics=ALL_TOPICS,
    figures=check_figures_to_date,
)
