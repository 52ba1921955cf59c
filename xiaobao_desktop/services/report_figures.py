"""The figures behind the reports of another build than that of a period: tables, ledgers, summaries of activities."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from xiaobao_desktop.domain.check_figures import CheckFigure, Collector
from xiaobao_desktop.domain.fields import Ledger
from xiaobao_desktop.reports.activity_checks import outreach_figures, training_figures
from xiaobao_desktop.reports.periodic_activities import Activities
from xiaobao_desktop.reports.periodic_checks import class_sums, headline
from xiaobao_desktop.services.complaint_as_of import case_rows_at
from xiaobao_desktop.services.complaint_statistics import orders
from xiaobao_desktop.services.report_facts import activities
from xiaobao_desktop.services.report_kind import Request
from xiaobao_desktop.services.session import Session

Figures = Callable[[Session, Request], tuple[CheckFigure, ...]]
"""Gives the figures of a report."""


def complaint_figures(*dimensions: str) -> Figures:
    """The figures of a report about complaints: its headline, and the sums of these breakdowns."""

    def found(session: Session, request: Request) -> tuple[CheckFigure, ...]:
        rows, collect = case_rows_at(session, request.as_of), _collector(session, request)
        headline(collect, rows, request.period, request.as_of, request.method)
        class_sums(collect, rows, orders(session), request.period, request.as_of, request.method, dimensions)
        return tuple(collect.found)

    return found


def of_trainings(session: Session, request: Request) -> tuple[CheckFigure, ...]:
    """The figures of the trainings of a period."""
    collect = _collector(session, request, "一、教育培训")
    training_figures(collect, activities(session), request.period, request.as_of)
    return tuple(collect.found)


def of_events(session: Session, request: Request, ids: Sequence[int]) -> tuple[CheckFigure, ...]:
    """The figures of some events of a period, such as those of one campaign."""
    collect = _collector(session, request, "一、宣传教育")
    chosen = set(ids)
    events = [row for row in activities(session).events if row.id in chosen]
    outreach_figures(collect, Activities(events=events), request.period, request.as_of, compared=False)
    return tuple(collect.found)


def of_ledger(session: Session, ledger: Ledger, name: str, ids: Sequence[int]) -> tuple[CheckFigure, ...]:
    """The one figure of a printed ledger: how many records it lists."""
    collect = Collector(int(session.settings.percent_digits))
    collect.section = "一、台账"
    count = len(ids)
    value = f"{count:,}{ledger.unit}"
    collect.add("records", name, value, "期间内登记的记录", f"明细{count}条", ids, ledger=ledger.key)
    return tuple(collect.found)


def _collector(session: Session, request: Request, section: str = "") -> Collector:
    collect = Collector(int(request.settings(session).percent_digits))
    collect.section = section
    return collect
