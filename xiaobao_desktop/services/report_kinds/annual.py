"""年度消保工作报告: the report of a year, with the parts that a rural bank's yearly summary has by custom.

The order follows the yearly summary of a village bank: own opinion, organisation, internal control, assessment of
products, findings from outside, then problems and plans. What the ledgers know stands first in a part, zeros too; the
officer's own paragraphs follow it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from xiaobao_desktop.domain.ledgers.rectification import AUDIT, SUPERVISION
from xiaobao_desktop.reports import periodic
from xiaobao_desktop.reports.document import Document
from xiaobao_desktop.reports.governance_text import GovernanceText
from xiaobao_desktop.reports.work_text import INSIDE, OUTSIDE
from xiaobao_desktop.services.report_kind import ALL_TOPICS, ReportInfo, ReportKind, Request, WordsSection
from xiaobao_desktop.services.report_kinds.monthly import check_figures, periodic_input
from xiaobao_desktop.services.session import Session

OPINION = WordsSection("opinion", "自评价总体意见", "本行对全年消保工作的总体评价")
ORGANISATION = WordsSection(
    "organisation",
    "部门、组织的建立和调整",
    "有什么变化；一项写一段，段数就是报告开头“调整组织”的个数",
)
CONTROL = WordsSection(
    "control", "内控、绩效考核、产品制度和系统的调整与执行", "制度和会议由台账写好，这里补充考核、系统和执行情况"
)
PRODUCTS = WordsSection("products", "自主开发产品和服务的消保评估", "审查件数和结论由台账写好，这里补充评估的要点")
INSPECTIONS = WordsSection(
    "inspections", "外部检查发现的问题", "监管检查的问题和整改由台账写好，这里补充谁检查的、什么时候"
)
PROBLEMS, NEXT_STEPS = WordsSection("problems", "存在问题"), WordsSection("next_steps", "下一年工作计划")
SECTIONS = (OPINION, ORGANISATION, CONTROL, PRODUCTS, INSPECTIONS, PROBLEMS, NEXT_STEPS)


def build(session: Session, request: Request) -> Document:
    """The yearly report of a book."""
    data = periodic_input(session, request, ())
    known = _known(periodic.governance_text(data))
    sections = [
        (section.label, (*known.get(section.key, ()), *request.words.get(section.key, ()))) for section in SECTIONS
    ]
    adjusted = sum(bool(text.strip()) for text in request.words.get(ORGANISATION.key, ()))
    return periodic.build(replace(data, sections=sections, adjusted=adjusted, told_apart=True))


def _known(told: GovernanceText) -> dict[str, Sequence[str]]:
    """What the ledgers say in each part, by the key of the part."""
    return {
        ORGANISATION.key: (told.organisation(),),
        CONTROL.key: (told.policies(), told.meetings()),
        PRODUCTS.key: (told.reviews(),),
        INSPECTIONS.key: (told.found_by(SUPERVISION, OUTSIDE), told.inspections(), told.found_by(AUDIT, INSIDE)),
    }


REPORT = ReportKind(
    ReportInfo("annual", "年度消保工作报告", months=(12,), order=40),
    build,
    sections=SECTIONS,
    topics=ALL_TOPICS,
    figures=check_figures,
)
