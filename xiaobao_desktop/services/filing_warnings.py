"""What to look at before a report goes out: each warning with the records it is about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from xiaobao_desktop.domain.check_figures import Check, CheckFigure, unique
from xiaobao_desktop.domain.fields import Evidence
from xiaobao_desktop.domain.ledgers.complaint import LEDGER as COMPLAINT
from xiaobao_desktop.domain.period import Period
from xiaobao_desktop.services import evidence, filing_changes
from xiaobao_desktop.services.complaint_filing import Point, open_points
from xiaobao_desktop.services.filing import Draft
from xiaobao_desktop.services.session import Session

_OF_PERIOD = ("received", "closed")
"""Figures whose records a report of complaints is about."""
_NAMED = 3
"""Differing figures named in one sentence."""


def warnings(session: Session, draft: Draft) -> tuple[Point, ...]:
    """Everything to look at before a draft is filed, what makes it wrong first; a point may be about no record."""
    request, figures = draft.request, draft.figures
    found = [Point(words, COMPLAINT.key, ()) for words in draft.built.mistakes]
    found += [*_wrong(figures), *_other_than_filed(session, draft)]
    found += records_open(session, figures, request.period, request.as_of)
    return tuple(found)


def records_open(session: Session, figures: Sequence[CheckFigure], period: Period, as_of: date) -> list[Point]:
    """What is still open in the records behind the figures of a period."""
    by_key = {figure.key: figure for figure in figures}
    cases = unique(*(by_key[key].ids for key in _OF_PERIOD if key in by_key))
    found = []
    still_open = by_key["ending"].ids if "ending" in by_key else ()
    if still_open:
        late = len(by_key["overdue"].ids)
        told = f"，其中 {late} {COMPLAINT.unit}已超期" if late else ""
        found.append(Point(f"{len(still_open)} {COMPLAINT.unit}仍未办结{told}", COMPLAINT.key, still_open))
    found += open_points(session, cases) if cases else []
    for key in dict.fromkeys(figure.ledger for figure in figures):
        ledger = session.ledger(key)
        lacking = evidence.missing_evidence(session, ledger, period, as_of)
        for kind in evidence.wanted(ledger):
            ids = tuple(one for one, kinds in lacking.items() if kind in kinds)
            if ids:
                found.append(Point(_lacking_words(len(ids), ledger.unit, ledger.label, kind), key, ids))
    return found


def _lacking_words(count: int, unit: str, label: str, kind: Evidence) -> str:
    return f"{count} {unit}{label}没有{kind.label}"


def _wrong(figures: Sequence[CheckFigure]) -> list[Point]:
    """Figures whose check does not hold."""
    return [
        Point(f"“{figure.name}”对不上：{figure.calculation}", figure.ledger, figure.ids)
        for figure in figures
        if figure.state is Check.WRONG
    ]


def _other_than_filed(session: Session, draft: Draft) -> list[Point]:
    """Figures that differ from those of the version filed last."""
    last = next(iter(draft.versions), None)
    if last is None:
        return []
    try:
        before = filing_changes.basis(session, last.record_id)
    except filing_changes.BasisMissing:
        return []
    now = filing_changes.as_filed(session, before, draft.request, draft.figures)
    different = filing_changes.differences(before.figures, now)
    if not different:
        return []
    named = "、".join(f"{name}由{old}变为{new}" for name, old, new in different[:_NAMED])
    more = f"等 {len(different)} 个数字" if len(different) > _NAMED else ""
    names = {name for name, _old, _new in different}
    concerned = [figure for figure in draft.figures if figure.name in names]
    ledger = next(iter(figure.ledger for figure in concerned), COMPLAINT.key)
    changed = filing_changes.later_changes(session, last.record_id).ids(ledger)
    return [Point(f"与已定稿的第 {last.version} 版不同：{named}{more}", ledger, changed)]
