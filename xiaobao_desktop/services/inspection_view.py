"""A run of a checklist as its page shows it: items with what the checklist says of them, progress, the run before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from xiaobao_desktop.domain.checklist import Checklist
from xiaobao_desktop.domain.fields import Record, Values
from xiaobao_desktop.domain.inspection import Change, Progress, compare, numbers, progress, score, sections
from xiaobao_desktop.domain.ledgers.inspection import ITEMS, LEDGER, worth
from xiaobao_desktop.domain.numbers import round_half_up
from xiaobao_desktop.services import attachments, checklists, inspection_findings
from xiaobao_desktop.services.inspection_findings import Rectification
from xiaobao_desktop.services.records import get
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.query import Condition, Query


@dataclass(frozen=True)
class ItemView:
    """An item of a run.

    Attributes:
        key: stable key.
        number: such as 3.2.
        row_id: of its row, to which files belong.
        how, source, evidence_from: as the checklist's version says.
        draws: records are drawn for it.
        sampled, failed: numbers of records drawn and failed, None when not told.
        files: how many files belong to it.
        change: against the run before, None without one.
        rectification: what was made of its finding.
    """

    key: str
    number: str
    section: str
    title: str
    text: str
    row_id: int
    verdict: str = ""
    evidence: str = ""
    finding: str = ""
    how: str = ""
    source: str = ""
    evidence_from: str = ""
    draws: bool = False
    sampled: int | None = None
    failed: int | None = None
    files: int = 0
    change: Change | None = None
    rectification: Rectification | None = None


@dataclass(frozen=True)
class SectionView:
    """A section of a run: its weight and least weight in hundredths, 0 for none; its own score as of the run."""

    name: str
    progress: Progress
    weight: int = 0
    minimum: int = 0
    score: str = ""


@dataclass(frozen=True)
class RunView:
    """A run.

    Attributes:
        record: the inspection.
        title: its name.
        basis: what it follows.
        items: in order.
        sections: in order.
        progress: of all items.
        score: of what was judged so far, "" when nothing counts, such as 92.50.
        before: number and day of the run that it is compared with, "" when there is none.
        ended: whether it has ended.
    """

    record: Record
    title: str
    basis: str
    items: tuple[ItemView, ...]
    sections: tuple[SectionView, ...]
    progress: Progress
    score: str
    before: str
    ended: bool


def view(session: Session, record_id: int) -> RunView:
    """A run as it is now.

    Raises:
        RecordMissing: there is no such inspection.
    """
    record = get(session, session.ledger(LEDGER.key), record_id)
    values, rows = record.values, record.children.get(ITEMS.key, ())
    listed = _version(session, record)
    earlier = previous(session, record)
    changes = compare(earlier.children.get(ITEMS.key, ()), rows) if earlier else {}
    entries = attachments.list_of(session, session.ledger(LEDGER.key), record_id)
    files = Counter(entry.step_id for entry in entries)
    names, values_of = numbers(rows), worth(session.rules)
    return RunView(
        record=record,
        title=str(values.get("name") or ""),
        basis=str(values.get("basis") or (listed.basis if listed else "")),
        items=tuple(_item(session, row, names, listed, changes, files) for row in rows),
        sections=tuple(_section(name, own, listed, values_of) for name, own in sections(rows).items()),
        progress=progress(rows),
        score=_points(score(rows, values_of)),
        before=_told(earlier) if earlier else "",
        ended=bool(values.get("finished_on")),
    )


def previous(session: Session, record: Record) -> Record | None:
    """The last run of the same checklist at the same place that had ended before this one began."""
    ledger = session.ledger(LEDGER.key)
    values = record.values
    where = (
        Condition("checklist", "eq", (values.get("checklist"),)),
        Condition("branch", "eq", (values.get("branch"),)),
        Condition("finished_on", "not_empty"),
        Condition("begun_on", "between", (None, values.get("begun_on"))),
        Condition("total", "not_empty"),
    )
    order = (("begun_on", True), ("number", True))
    found = session.book.ids(ledger, Query(where=where, order=order, limit=2))
    return next((session.book.record(ledger, one) for one in found if one != record.id), None)


def _version(session: Session, record: Record) -> Checklist | None:
    """The version that a run was begun with."""
    values = record.values
    return checklists.version(session, str(values.get("taken_from") or ""), int(str(values.get("version") or 0)))


def _item(
    session: Session,
    row: Values,
    names: Mapping[str, str],
    listed: Checklist | None,
    changes: Mapping[str, Change],
    files: Mapping[int | None, int],
) -> ItemView:
    key, linked = str(row.get("item")), row.get("rectification")
    known = listed.item(key) if listed else None
    row_id = int(str(row.get("id") or 0))
    sampled, failed = _count(row, "sampled"), _count(row, "failed")
    return ItemView(
        key=key,
        number=names[key],
        section=_text(row, "section"),
        title=_text(row, "title"),
        text=_text(row, "text"),
        row_id=row_id,
        verdict=_text(row, "verdict"),
        evidence=_text(row, "evidence"),
        finding=_text(row, "finding"),
        how=known.how if known else "",
        source=known.source if known else "",
        evidence_from=known.evidence_from if known else "",
        draws=bool(known and known.sampled) or sampled is not None or failed is not None,
        sampled=sampled,
        failed=failed,
        files=files.get(row_id, 0),
        change=changes.get(key),
        rectification=inspection_findings.shown(session, linked) if isinstance(linked, int) else None,
    )


def _text(row: Values, key: str) -> str:
    return str(row.get(key) or "")


def _count(row: Values, key: str) -> int | None:
    value = row.get(key)
    return value if isinstance(value, int) else None


def _section(
    name: str, rows: tuple[Values, ...], listed: Checklist | None, values_of: Mapping[str, Fraction]
) -> SectionView:
    weight = sum(value for row in rows if isinstance(value := row.get("weight"), int))
    least = listed.minimums.get(name, 0) if listed else 0
    return SectionView(name, progress(rows), weight, least, _points(score(rows, values_of)))


def _points(share: Fraction | None) -> str:
    """A share as points of a hundred, rounded half up to two digits; "" for none."""
    return "" if share is None else f"{round_half_up(share * 100, 2):.2f}"


def _told(record: Record) -> str:
    return f"{record.number}，{record.values.get('finished_on')}"
