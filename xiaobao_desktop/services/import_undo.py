"""Taking a whole import back, also long after: what came in with it goes, what was changed since is told and stays.

Unlike the undo of the last operation it needs no untouched book. Records go to the recycle bin, their rows may be
imported again; files they brought are taken away; branches and list entries made for them go out of use where nothing
else speaks of them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from xiaobao_desktop.domain.fields import Field, Kind, Ledger, Record
from xiaobao_desktop.services.records import Changed
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.services.undo import PREFIX
from xiaobao_desktop.store.book import Imported, RawChange, Transaction
from xiaobao_desktop.store.query import Condition, Query
from xiaobao_desktop.store.records import from_snapshot, snapshot


class Kept(NamedTuple):
    """A record that stays, because it was changed since: its number, and the last thing done to it."""

    number: str
    later: str


@dataclass(frozen=True)
class PastImport:
    """An import that can be taken back: its name, when, by whom, how many of its records are still there."""

    name: str
    at: datetime
    who: str
    rows: int
    found: Imported


@dataclass(frozen=True)
class TakenBack:
    """What was taken back: the import's name, how many records went, which stay, and what changed."""

    name: str
    records: int
    kept: tuple[Kept, ...]
    changed: Changed


def past_imports(session: Session, ledger: Ledger) -> tuple[PastImport, ...]:
    """The imports into a ledger that are still in the book, the newest first."""
    return tuple(
        PastImport(found.operation.name, datetime.fromisoformat(found.at), found.who, found.rows, found)
        for found in session.book.imports(ledger)
    )


def changed_since(session: Session, ledger: Ledger, wanted: PastImport) -> tuple[Kept, ...]:
    """The records of an import that were changed since, and would stay."""
    changes = session.book.changes_of(wanted.found.operation)
    return tuple(_sorted(session, ledger, wanted, changes)[1])


def take_back(session: Session, ledger: Ledger, wanted: PastImport) -> TakenBack:
    """Take an import back in one transaction: all of it that nobody has changed since."""
    operation = wanted.found.operation
    changes = session.book.changes_of(operation)
    going, kept = _sorted(session, ledger, wanted, changes)
    with session.book.transaction(f"{PREFIX}{operation.name}", session.user, session.now(), many=True) as writing:
        writing.mark_undo(operation.id)
        filed = session.book.attachment_kinds(ledger, [change.record_id for change in going])
        for change in going:
            for attachment in session.book.attachments(ledger, change.record_id) if change.record_id in filed else ():
                writing.detach(attachment.id)
            writing.take_back(ledger, change.record_id)
        _take_back_names(session, ledger, writing, changes)
        changed = tuple(writing.changed)
    session.forget()
    return TakenBack(operation.name, sum(one[0] == ledger.key for one in changed), tuple(kept), changed)


def _sorted(
    session: Session, ledger: Ledger, wanted: PastImport, changes: Iterable[RawChange]
) -> tuple[list[RawChange], list[Kept]]:
    """The inserts to take back, and what stays; records that went to the recycle bin since go too."""
    last = wanted.found.operation.last
    going, kept = [], []
    brought: dict[int, set[int]] = {}
    mine = [change for change in changes if change.ledger == ledger.key]
    for change in mine:
        if change.action == "attach" and change.after:
            brought.setdefault(change.record_id, set()).add(int(json.loads(change.after or "{}")["id"]))
    inserts = {change.record_id: change for change in mine if change.action == "insert"}
    filed = session.book.attachment_kinds(ledger, list(inserts))
    for now in session.book.records(ledger, list(inserts)):
        change = inserts[now.id or 0]
        there = session.book.attachments(ledger, change.record_id) if change.record_id in filed else ()
        files = {found.id for found in there}
        same = _as_it_came(ledger, change, now) and files == brought.get(change.record_id, set())
        if same or (now.deleted and change.after is not None):
            going.append(change)
        else:
            later = session.book.later_operation(ledger.key, change.record_id, last)
            kept.append(Kept(str(now.number), later or "另一处操作"))
    return going, kept


def _as_it_came(ledger: Ledger, change: RawChange, now: Record) -> bool:
    """Whether a record is as it was imported; one whose content was destroyed since is not."""
    return change.after is not None and snapshot(now) == snapshot(from_snapshot(ledger, change.record_id, change.after))


def _take_back_names(session: Session, ledger: Ledger, writing: Transaction, changes: Iterable[RawChange]) -> None:
    """Linked records and list entries made by the import, where nothing speaks of them any more."""
    for change in changes:
        if change.action == "insert" and change.ledger != ledger.key:
            target = session.ledger(change.ledger)
            now = session.book.record(target, change.record_id)
            then = from_snapshot(target, change.record_id, change.after or "")
            untouched = now is not None and snapshot(now) == snapshot(then)
            if untouched and not _used(session, Kind.LINK, target.key, change.record_id):
                writing.take_back(target, change.record_id)
        elif change.action == "choice" and change.before is None:
            row = json.loads(change.after or "{}")
            if not any(_used(session, kind, row["list_name"], row["id"]) for kind in _NAMED):
                writing.put_choice({**row, "active": False})


_NAMED = (Kind.CHOICE, Kind.CHOICES, Kind.CODE)


def _used(session: Session, kind: Kind, options: str, wanted: str | int) -> bool:
    """Whether a living record, or a child row of one, holds this id in a field of this kind."""

    def takes(item: Field) -> bool:
        return item.kind is kind and item.options == options

    for ledger in session.ledgers:
        for item in filter(takes, ledger.fields):
            if session.book.count(ledger, Query(where=(Condition(item.key, "eq", (wanted,)),))):
                return True
        for table in ledger.children:
            for item in filter(takes, table.fields):
                if kind is Kind.LINK and session.book.pointing_at(ledger, table, item.key, int(wanted)):
                    return True
    return False
