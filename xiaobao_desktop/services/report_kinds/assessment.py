"""网点考核表: quality of complaint handling by branch."""

from __future__ import annotations

from xiaobao_desktop.domain.assessment import assess, whole
from xiaobao_desktop.domain.check_figures import OVER, CheckFigure, Collector, total
from xiaobao_desktop.domain.fields import Grade, gaps
from xiaobao_desktop.domain.ledgers.complaint import LEDGER as COMPLAINT
from xiaobao_desktop.reports import assessment
from xiaobao_desktop.reports.assessment import AssessmentInput
from xiaobao_desktop.services.complaint_as_of import case_rows_at
from xiaobao_desktop.services.complaint_statistics import orders
from xiaobao_desktop.services.report_figures import complaint_figures
from xiaobao_desktop.services.report_kind import PAPER_FORMATS, ReportInfo, Request
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.services.table_report import table_report


def _input(session: Session, request: Request) -> AssessmentInput:
    rows = case_rows_at(session, request.as_of)
    last = min(request.period.last, request.as_of)
    ended = [row.id for row in rows if row.closed_on and request.period.first <= row.closed_on <= last]
    ledger = session.ledger(COMPLAINT.key)
    keys = tuple(field.key for field in ledger.fields if field.grade is Grade.TO_CLOSE)
    incomplete = {
        int(str(row["id"])) for row in session.book.rows(ledger, ended, keys) if gaps(ledger, row, Grade.TO_CLOSE)
    }
    return AssessmentInput(
        settings=request.settings(session),
        period=request.period,
        as_of=request.as_of,
        items=assess(rows, incomplete, orders(session)["branch"], request.period, request.as_of, request.method),
        merged=request.method.merge_repeats,
        signed_on=session.today(),
    )


def check_figures(session: Session, request: Request) -> tuple[CheckFigure, ...]:
    """The figures about complaints, then 及时率, 合格率 and 满意度 of all branches together."""
    told = complaint_figures("branch")(session, request)
    data = _input(session, request)
    every = whole(assessment.TOTAL, data.items)
    collect = Collector(int(request.settings(session).percent_digits))
    collect.section = "三、考核指标"
    closed, ids = every.closed.count, every.closed.ids
    parts = [item.sound.count for item in data.items]
    collect.add(
        "sound", "要素齐全", f"{every.sound.count}件", "期限内办结且办结必填项都填了", total(parts), every.sound.ids
    )
    for key, name, formula, part, base in (
        ("sound_rate", "合格率", f"要素齐全{OVER}办结", every.sound.count, closed),
        ("assessed_in_time", "考核及时率", f"期限内办结{OVER}办结", every.in_time.count, closed),
        ("assessed_satisfaction", "考核满意度", f"满意{OVER}有效回访", every.satisfied.count, every.followed_up.count),
    ):
        collect.share(key, name, formula, part, base, ids)
    return (*told, *collect.found)


REPORT = table_report(
    ReportInfo("assessment", "网点考核表", (*PAPER_FORMATS, "xlsx"), group="表格", order=130),
    _input,
    assessment.build,
    assessment.sheet,
    figures=check_figures,
)
