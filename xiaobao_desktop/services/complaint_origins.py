"""Complaints of each 来源机构: how many came in, ended, and ended in time, each counted as for a single bank."""

from __future__ import annotations

from collections.abc import Mapping

from xiaobao_desktop.domain.statistics import CaseRow, Figures, figures
from xiaobao_desktop.services import origins
from xiaobao_desktop.services.complaint_as_of import case_rows_at
from xiaobao_desktop.services.report_kind import Request
from xiaobao_desktop.services.session import Session


def by_origin(session: Session, request: Request) -> Mapping[str, Figures]:
    """The headline figures of the complaints of each origin, by sign, those without complaints too."""
    rows: dict[str, list[CaseRow]] = {origins.name(session, sign): [] for sign in origins.signs(session)}
    for row in case_rows_at(session, request.as_of):
        rows[row.origin].append(row)
    return {
        sign: figures(rows[origins.name(session, sign)], request.period, request.as_of, request.method)
        for sign in origins.signs(session)
    }


def in_all(session: Session, request: Request) -> Figures:
    """The same of all complaints together."""
    return figures(case_rows_at(session, request.as_of), request.period, request.as_of, request.method)
