"""消保工作月报: the main job of the program."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from xiaobao_desktop.domain.case import DEFAULT_PROFILE
from xiaobao_desktop.domain.check_figures import CheckFigure
from xiaobao_desktop.domain.deadline import profile_for
from xiaobao_desktop.reports import periodic, periodic_checks
from xiaobao_desktop.reports.document import Document
from xiaobao_desktop.services.complaint_as_of import case_rows_at
from xiaobao_desktop.services.complaint_statistics import department_names, orders, outlet_count
from xiaobao_desktop.services.governance_rows import governance
from xiaobao_desktop.services.report_facts import activities, due_items
from xiaobao_desktop.services.report_kind import ALL_TOPICS, ReportInfo, ReportKind, Request, WordsSection
from xiaobao_desktop.services.session import Session

SECTIONS = (
    WordsSection("highlights", "工作亮点", "做得好的、可以推广的"),
    WordsSection("problems", "存在问题", "投诉反映出来的、检查发现的"),
    WordsSection("next_steps", "下一步工作", "针对问题准备怎么做，谁来做，什么时候做完"),
)
"""What the officer adds in her own words, after the parts that the program writes."""


def build(session: Session, request: Request) -> Document:
    """The report of a month, a quarter or half a year of a book."""
    return periodic.build(periodic_input(session, request, SECTIONS))


def check_figures(session: Session, request: Request) -> tuple[CheckFigure, ...]:
    """The figures of the report of a period one by one."""
    return periodic_checks.figures_of(periodic_input(session, request, ()))


def check_figures_to_date(session: Session, request: Request) -> tuple[CheckFigure, ...]:
    """The same for reports whose figures run from 1 January to the end of the period."""
    by_receipt = replace(request, method=replace(request.method, basis="received"))
    return periodic_checks.figures_of(periodic_input(session, by_receipt, ()), request.period.year_to_date())


def periodic_input(session: Session, request: Request, sections: Sequence[WordsSection]) -> periodic.PeriodicInput:
    """What the report of a period is made from; ``sections`` are the parts that the officer writes."""
    period, as_of, method = request.period, request.as_of, request.method
    rows = case_rows_at(session, as_of)
    before, last_year = period.compared(as_of)
    default = profile_for(session.rules.profiles, DEFAULT_PROFILE, period.last)
    return periodic.PeriodicInput(
        settings=request.settings(session),
        period=period,
        as_of=as_of,
        method=method,
        rows=rows,
        rows_before=case_rows_at(session, before.last, since=before.first),
        rows_last_year=case_rows_at(session, last_year.last, since=last_year.first.replace(month=1, day=1)),
        orders=orders(session),
        outlets=outlet_count(session),
        departments=department_names(session),
        due=due_items(session, rows, period, as_of, method),
        limits=tuple(sorted({stage.days for stage in default.stages})) if default else (),
        signed_on=session.today(),
        activities=activities(session),
        governance=governance(session, min(as_of, period.last)),
        sections=tuple((section.label, request.words.get(section.key, ())) for section in sections),
    )


REPORT = ReportKind(
    ReportInfo("monthly", "消保工作月报", months=(1,), order=10),
    build,
    sections=SECTIONS,
    topics=ALL_TOPICS,
    figures=check_figures,
)
