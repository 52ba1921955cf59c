"""消保工作总结: a year or half a year in the order of the banks' own summaries."""

from __future__ import annotations

from xiaobao_desktop.domain.check_figures import CheckFigure
from xiaobao_desktop.reports import summary
from xiaobao_desktop.reports.document import Document
from xiaobao_desktop.services.report_facts import compensations
from xiaobao_desktop.services.report_kind import ALL_TOPICS, ReportInfo, ReportKind, Request, WordsSection
from xiaobao_desktop.services.report_kinds.monthly import check_figures, check_figures_to_date, periodic_input
from xiaobao_desktop.services.session import Session

SECTIONS = (
    WordsSection("system", "完善制度体系", "制定、修订了哪些制度，怎样纳入考核"),
    WordsSection("service", "优化服务流程", "简化了哪些手续，特殊群体有什么便利"),
    WordsSection("security", "保护客户信息安全", "实名、权限、审计三方面做了什么"),
    WordsSection("problems", "存在问题"),
    WordsSection("next_steps", "下一步工作"),
)


def build(session: Session, request: Request) -> Document:
    """The summary of a book."""
    data = periodic_input(session, request, SECTIONS)
    return summary.build(data, compensations(session, data.rows, request, request.period))


def figures(session: Session, request: Request) -> tuple[CheckFigure, ...]:
    """The figures of the summary one by one; those of a second half-year do not run from January."""
    from_january = request.period.first.month == 1
    return (check_figures_to_date if from_january else check_figures)(session, request)


REPORT = ReportKind(
    ReportInfo("summary", "消保工作总结", months=(12, 6), order=70),
    build,
    sections=SECTIONS,
    topics=ALL_TOPICS,
    figures=figures,
)
