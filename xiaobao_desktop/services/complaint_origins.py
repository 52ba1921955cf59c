"""Complaints of each 来源机构: how many came in, ended, and ended in time, each counted as for a single bank."""

from __future__ import annotations

from collections.abc import Mapping

from xiaobao_desktop.domain.fields import Value
from xiaobao_desktop.domain.ledgers.complaint import LEDGER
from xiaobao_desktop.domain.statistics import CaseRow, Figures, figures
from xiaobao_desktop.services.complaint_rows import case_rows
from xiaobao_desktop.services.origins import FIELD
from xiaobao_desktop.services.report_kind import Request
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.query import Query


def by_origin(session: Session, request: Request) -> Mapping[Value, Figures]:
    """The headline figures of the complaints of each origin: sign, None for the book itself."""
    origin_of = {row["id"]: row[FIELD.key] for row in session.book.select(LEDGER, Query(), (FIELD.key,))}
    rows: dict[Value, list[CaseRow]] = {}
    for row in case_rows(session):
        rows.setdefault(origin_of.get(row.id), []).append(row)
    return {origin: figures(some, request.period, request.as_of, request.method) for origin, some in rows.items()}


def in_all(session: Session, request: Request) -> Figures:
    """The same of all complaints together."""
    return figures(case_rows(session), request.period, request.as_of, request.method)
