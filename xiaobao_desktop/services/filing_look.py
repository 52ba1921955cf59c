"""What stands beside a report on its page: its figures, what to look at before filing, the versions filed so far."""

from __future__ import annotations

from dataclasses import dataclass, field

from xiaobao_desktop.domain.check_figures import CheckFigure
from xiaobao_desktop.services import checking, filing, filing_changes, filing_warnings
from xiaobao_desktop.services.complaint_filing import Point
from xiaobao_desktop.services.filing import Draft, Version
from xiaobao_desktop.services.filing_changes import BasisMissing, LaterChanges
from xiaobao_desktop.services.reporting import Built
from xiaobao_desktop.services.session import Session


@dataclass(frozen=True)
class Look:
    """A report looked at.

    Attributes:
        figures: one by one, with the records behind them.
        points: what to look at before it goes out.
        versions: filed so far, the latest first.
        later: what changed since the latest one.
    """

    figures: tuple[CheckFigure, ...] = ()
    points: tuple[Point, ...] = ()
    versions: tuple[Version, ...] = ()
    later: LaterChanges = field(default_factory=LaterChanges)


def look(session: Session, built: Built) -> Look:
    """Read all that; runs beside the window."""
    request = built.request
    assert request is not None
    figures = checking.figures(session, built)
    found = filing.versions(session, built.info.name, request.period, request.subject)
    points = filing_warnings.warnings(session, Draft(built, figures, session.book.anchor(), found))
    later = later_or_none(session, found[0].record_id) if found else None
    return Look(figures, points, found, later or LaterChanges())


def later_or_none(session: Session, record_id: int) -> LaterChanges | None:
    """What changed since an issue was filed; None for one that was entered by hand."""
    try:
        return filing_changes.later_changes(session, record_id)
    except BasisMissing:
        return None
