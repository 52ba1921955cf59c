"""整改情况报告: what was found, what was put right, what is left, for any period."""

from __future__ import annotations

from xiaobao_desktop.domain.check_figures import CheckFigure, Collector
from xiaobao_desktop.domain.ledgers.rectification import IN_PROGRESS, OVERDUE
from xiaobao_desktop.reports import rectification
from xiaobao_desktop.reports.governance_checks import rectification_figures
from xiaobao_desktop.reports.rectification import RectificationInput
from xiaobao_desktop.services.governance_rows import governance
from xiaobao_desktop.services.report_kind import MENDING, PAPER_FORMATS, ReportInfo, Request, WordsSection
from xiaobao_desktop.services.report_kinds.monthly import periodic_input
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.services.table_report import table_report

LATE, UNDER_WAY = "逾期", "整改中"
SECTIONS = (
    WordsSection("disclosure", "提高金融产品信息透明度", "产品信息查询、收费公示、销售专区做了什么"),
    WordsSection("security", "加强客户信息安全保护", "信息采集、权限、外部合作做了什么"),
    WordsSection("problems", "存在问题和原因", "问题在制度、流程、系统、执行哪一方面"),
    WordsSection("next_steps", "下一步工作"),
)


def check_figures(session: Session, request: Request) -> tuple[CheckFigure, ...]:
    """The figures about rectification."""
    collect = Collector(int(request.settings(session).percent_digits))
    collect.section = "一、整改"
    rows = governance(session, request.as_of).rectifications
    rectification_figures(collect, rows, request.period, request.as_of)
    return tuple(collect.found)


def _input(session: Session, request: Request) -> RectificationInput:
    states = {item.id: item.name for item in session.rules.catalog.list("rectification_state").items}
    # The sentences say 逾期 and 整改中: a table beside them says the same.
    states |= {OVERDUE: LATE, IN_PROGRESS: UNDER_WAY}
    return RectificationInput(periodic_input(session, request, SECTIONS), states)


REPORT = table_report(
    ReportInfo("rectification", "整改情况报告", (*PAPER_FORMATS, "xlsx"), group="专题", order=92),
    _input,
    rectification.build,
    rectification.sheet,
    sections=SECTIONS,
    topics=(MENDING,),
    figures=check_figures,
)
