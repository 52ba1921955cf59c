"""汇总表: complaints and the other work of a period by 来源机构, once packages of other banks were taken in."""

from __future__ import annotations

from dataclasses import replace

from xiaobao_desktop.domain.fields import Ledger, Value
from xiaobao_desktop.domain.ledgers.complaint import LEDGER as COMPLAINT
from xiaobao_desktop.domain.period import Period
from xiaobao_desktop.domain.statistics import Figures
from xiaobao_desktop.reports import consolidated
from xiaobao_desktop.reports.consolidated import ConsolidatedInput, Line
from xiaobao_desktop.reports.document import Document
from xiaobao_desktop.reports.sheets import Sheet
from xiaobao_desktop.services import complaint_origins, origins
from xiaobao_desktop.services.report_figures import complaint_figures
from xiaobao_desktop.services.report_kind import PAPER_FORMATS, ReportInfo, ReportKind, Request, Subject
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.query import Condition, Query

SUBJECT = Subject("origin", "按来源机构")


def subjects(session: Session, _period: Period) -> tuple[Subject, ...]:
    """The one table, once there are records of other books."""
    return (SUBJECT,) if session.banks else ()


def build(session: Session, request: Request) -> Document:
    """The table as wide pages."""
    return consolidated.build(_input(session, request))


def sheets(session: Session, request: Request) -> tuple[Sheet, ...]:
    """The table as an Excel sheet."""
    return (consolidated.sheet(_input(session, request)),)


def _input(session: Session, request: Request) -> ConsolidatedInput:
    counted = [(ledger, _counts(session, ledger, request)) for ledger in session.ledgers if _is_counted(ledger)]
    counted = [(ledger, counts) for ledger, counts in counted if counts]
    complaints = complaint_origins.by_origin(session, request)
    signs = [None, *session.banks]
    lines = [
        _line(origins.name(session, sign), complaints.get(sign), [counts.get(sign, 0) for _ledger, counts in counted])
        for sign in signs
    ]
    lines[0] = replace(lines[0], name=session.settings.bank)
    sums = [sum(counts.values()) for _ledger, counts in counted]
    # A book that only consolidates has nothing of its own to show.
    shown = [line for place, line in enumerate(lines) if place or line.received or line.closed or any(line.counts)]
    return ConsolidatedInput(
        settings=session.settings,
        period=request.period,
        as_of=request.as_of,
        ledgers=[(ledger.label, ledger.unit) for ledger, _counts in counted],
        lines=[shown[0], *sorted(shown[1:], key=lambda line: line.name)] if shown else [],
        total=_line(consolidated.TOTAL, complaint_origins.in_all(session, request), sums),
        signed_on=session.today(),
    )


def _is_counted(ledger: Ledger) -> bool:
    return bool(ledger.dated_by) and ledger.key != COMPLAINT.key


def _counts(session: Session, ledger: Ledger, request: Request) -> dict[Value, int]:
    last = min(request.period.last, request.as_of)
    days = Condition(ledger.dated_by, "between", (request.period.first.isoformat(), last.isoformat()))
    return dict(session.book.distinct(ledger, origins.FIELD.key, Query(where=(days,))))


def _line(name: str, found: Figures | None, counts: list[int]) -> Line:
    if found is None:
        return Line(name, 0, 0, 0, 0, tuple(counts))
    return Line(
        name=name,
        received=found.received.count,
        received_closed=found.received_closed.count,
        closed=found.closed.count,
        in_time=found.closed_in_time.count,
        counts=tuple(counts),
    )


REPORT = ReportKind(
    ReportInfo("consolidated", "汇总表", (*PAPER_FORMATS, "xlsx"), group="表格", order=140),
    build,
    subjects=subjects,
    sheets=sheets,
    nothing="还没有汇总过别的机构的报送包。请到“数据”，点“汇总报送包…”。",
    figures=complaint_figures(),
)
