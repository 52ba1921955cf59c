"""保护站建设报告: how the bank's station for consumers was founded, equipped and staffed, and what it achieved."""

from __future__ import annotations

from xiaobao_desktop.domain.ledgers.training import LEDGER as TRAINING
from xiaobao_desktop.domain.training_statistics import in_period
from xiaobao_desktop.reports import station
from xiaobao_desktop.reports.document import Document
from xiaobao_desktop.services.report_kind import ALL_TOPICS, ReportInfo, ReportKind, Request, WordsSection
from xiaobao_desktop.services.report_kinds.monthly import check_figures, periodic_input
from xiaobao_desktop.services.session import Session

SECTIONS = (
    WordsSection("founding", "项目立项", "什么时候立项、谁批准；站长和小组成员由“人员”里的领导小组职务印出"),
    WordsSection("site", "站点建设", "场地、设备、系统、分区的部署情况"),
    WordsSection("results", "工作成果补充", "群众反映、获得的评价；满意度、投诉和宣传的数字由台账写好"),
    WordsSection("problems", "存在问题"),
    WordsSection("next_steps", "下一步工作"),
)


def build(session: Session, request: Request) -> Document:
    """The report of a book."""
    data = periodic_input(session, request, SECTIONS)
    ids = [row.id for row in in_period(data.activities.trainings, request.period, request.as_of)]
    topics = [str(row["topic"] or "") for row in session.book.rows(TRAINING, ids, ("topic",))]
    return station.build(data, topics)


REPORT = ReportKind(
    ReportInfo("station", "保护站建设报告", months=(12, 6, 3, 1), group="专题", order=96),
    build,
    sections=SECTIONS,
    topics=ALL_TOPICS,
    figures=check_figures,
)
