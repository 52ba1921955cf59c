"""年度消保工作报告: the report of a year, with the parts that a rural bank's yearly summary has by custom.

The order follows the yearly summary of a village bank: own opinion, organisation, internal control, assessment of
products, findings from outside, then problems and plans.
"""

from __future__ import annotations

from xiaobao_desktop.reports import periodic
from xiaobao_desktop.reports.document import Document
from xiaobao_desktop.services.report_kind import ALL_TOPICS, ReportInfo, ReportKind, Request, WordsSection
from xiaobao_desktop.services.report_kinds.monthly import check_figures, periodic_input
from xiaobao_desktop.services.session import Session

SECTIONS = (
    WordsSection("opinion", "自评价总体意见", "本行对全年消保工作的总体评价"),
    WordsSection("organisation", "部门、组织的建立和调整", "领导小组、牵头部门、岗位有什么变化"),
    WordsSection("control", "内控、绩效考核、产品制度和系统的调整与执行"),
    WordsSection("products", "自主开发产品和服务的消保评估"),
    WordsSection("inspections", "外部检查发现的问题", "谁检查的、发现什么、整改到哪一步；没有就写“本年未接受外部检查”"),
    WordsSection("problems", "存在问题"),
    WordsSection("next_steps", "下一年工作计划"),
)


def build(session: Session, request: Request) -> Document:
    """The yearly report of a book."""
    return periodic.build(periodic_input(session, request, SECTIONS))


REPORT = ReportKind(
    ReportInfo("annual", "年度消保工作报告", months=(12,), order=40),
    build,
    sections=SECTIONS,
    topics=ALL_TOPICS,
    figures=check_figures,
)
