"""数据看板: the charts of the screen on one page, to be printed for a meeting or hung on the wall."""

from __future__ import annotations

from xiaobao_desktop.domain import charts
from xiaobao_desktop.domain.charts import ChartSet
from xiaobao_desktop.domain.statistics import figures
from xiaobao_desktop.reports import dashboard
from xiaobao_desktop.reports.dashboard import DashboardInput
from xiaobao_desktop.reports.document import Document
from xiaobao_desktop.services import (
    complaint_charts,
    origins,
    outreach_charts,
    outreach_statistics,
    training_charts,
    training_statistics,
)
from xiaobao_desktop.services.checking import method_words
from xiaobao_desktop.services.complaint_as_of import case_rows_at
from xiaobao_desktop.services.report_figures import complaint_figures
from xiaobao_desktop.services.report_kind import ReportInfo, ReportKind, Request
from xiaobao_desktop.services.session import Session

COMPLAINTS = ("trend", "category", "source", "heat", "cause", "branch", "timeliness", "days", "ageing")
TRAINING, OUTREACH = "people", "campaign"
"""Keys of the charts on the page, in its order."""


def build(session: Session, request: Request) -> Document:
    """The page of a period."""
    period, as_of, method = request.period, request.as_of, request.method
    chosen = request.chosen
    days = charts.span(period, as_of)
    rows = case_rows_at(session, days.last, chosen)
    found = figures(rows, days, days.last, method)
    still_open = set(found.ending.ids)
    cases = complaint_charts.build(session, period, as_of, method, chosen)
    trained = training_charts.build(session, period, as_of, method, chosen)
    reached = outreach_charts.build(session, period, as_of, method, chosen)
    return dashboard.build(
        DashboardInput(
            settings=request.settings(session),
            period=period,
            as_of=as_of,
            method=method_words(method),
            origins=origins.names(session, chosen) if chosen else "",
            complaints=found,
            overdue=sum(row.overdue_on(days.last) for row in rows if row.id in still_open),
            trainings=training_statistics.statistics(session, period, as_of, chosen).figures,
            outreach=outreach_statistics.statistics(session, period, as_of, chosen).figures,
            charts=(
                *(_chart(cases, key) for key in COMPLAINTS),
                _chart(trained, TRAINING, "category"),
                _chart(reached, OUTREACH),
            ),
        )
    )


def _chart(made: ChartSet, key: str, instead: str = "") -> charts.Chart:
    """The chart called ``key``, or the other one where a set has none of that name."""
    found = {chart.key: chart for chart in made.charts}
    return found[key] if key in found else found[instead]


REPORT = ReportKind(
    ReportInfo("dashboard", "消费者权益保护数据看板", group="表格", order=150),
    build,
    figures=complaint_figures("branch", "category", "cause", "source"),
)
