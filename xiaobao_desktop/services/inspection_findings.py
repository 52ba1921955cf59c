"""What an inspection found becomes a rectification, linked both ways, and its state is shown at the item."""

from __future__ import annotations

from dataclasses import dataclass

from xiaobao_desktop.domain.fields import Record, Value
from xiaobao_desktop.domain.inspection import numbers
from xiaobao_desktop.domain.ledgers import rectification
from xiaobao_desktop.domain.ledgers.inspection import ITEMS, LEDGER
from xiaobao_desktop.errors import UserError
from xiaobao_desktop.services import checklists, records
from xiaobao_desktop.services.inspection_run import ItemGone
from xiaobao_desktop.services.records import Saved, get
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.book import Transaction

TARGET = rectification.LEDGER.key
"""Key of the ledger that takes the findings."""


class FindingMissing(UserError):
    """没有转为整改：{item} 还没有写发现的问题。写好再转。"""  # noqa: D415


class AlreadyRectified(UserError):
    """{item} 已经转为整改 {number}，请打开它接着办。"""  # noqa: D415


@dataclass(frozen=True)
class Rectification:
    """A rectification as an item shows it: tone is that of its state's pill."""

    record_id: int
    number: str
    department: str
    planned_on: str
    state: str
    tone: str


def shown(session: Session, record_id: int) -> Rectification | None:
    """The rectification that an item links to; None when it is gone or in the recycle bin."""
    record = session.book.record(session.ledger(TARGET), record_id)
    if record is None or record.deleted:
        return None
    values = record.values
    state = rectification.state_on(values, session.today().isoformat())
    choice = session.rules.catalog.list("rectification_state").get(state)
    return Rectification(
        record_id,
        record.number or "",
        str(values.get("department") or ""),
        str(values.get("planned_on") or ""),
        choice.name if choice else state,
        choice.extra.get("tone", "grey") if choice else "grey",
    )


def rectify(session: Session, record_id: int, item: str) -> Saved:
    """Make a rectification of what was found at an item and link both, in one operation.

    Returns:
        The rectification as saved.

    Raises:
        FindingMissing: nothing was written of what was found.
        AlreadyRectified: there is one already.
        ItemGone, RecordMissing: the item or the run is gone.
    """
    ledger, target = session.ledger(LEDGER.key), session.ledger(TARGET)
    run = get(session, ledger, record_id)
    rows = run.children.get(ITEMS.key, ())
    row = next((row for row in rows if row.get("item") == item), None)
    if row is None:
        raise ItemGone(number=run.number)
    name = f"{numbers(rows)[item]} {row.get('title')}"
    if not row.get("finding"):
        raise FindingMissing(item=name)
    linked = row.get("rectification")
    before = shown(session, linked) if isinstance(linked, int) else None
    if before is not None:
        raise AlreadyRectified(item=name, number=before.number)
    made = Record({**target.defaults(), **_values(session, run, item), "problem": row["finding"]})

    def link(changes: Transaction, written: Record) -> None:
        changed = tuple({**one, "rectification": written.id} if one is row else one for one in rows)
        changes.update(ledger, Record({}, {ITEMS.key: changed}, record_id))

    saved = records.save(session, target, made, operation=f"{run.number} {name}：转为整改", also=link)
    session.forget(ledger.key)
    return saved


def _values(session: Session, run: Record, item: str) -> dict[str, Value]:
    """What is known of the fault besides its words: where it was found, by what rule, whose it is."""
    values = run.values
    kept = checklists.version(session, str(values.get("taken_from") or ""), int(str(values.get("version") or 0)))
    listed = kept.item(item) if kept else None
    branch = values.get("branch")
    return {
        "source": kept.finding_source if kept else rectification.SELF_CHECK,
        "found_on": session.today().isoformat(),
        "clause": listed.source or None if listed else None,
        "department": session.link_name("branch", branch) or None if isinstance(branch, int) else None,
        "inspection": run.id,
        "item": item,
    }
