"""Taking the last operation back, by name: what its changes say was before is written again as a new operation.

Undo goes back to the opening of the book, one operation after the other. It refuses when something it would have to
write back was changed since.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from xiaobao_desktop.domain.fields import Ledger, Record
from xiaobao_desktop.errors import UserError
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.book import Operation, RawChange, Transaction
from xiaobao_desktop.store.records import from_snapshot, snapshot

if TYPE_CHECKING:
    from xiaobao_desktop.services.records import Changed

PREFIX = "撤销："


class NothingToUndo(UserError):
    """打开账簿以后还没有可以撤销的操作。"""  # noqa: D415


class UndoRefused(UserError):
    """没有撤销“{operation}”：{what}后来又改过（{later}）。请打开这一条，在“修改记录”里查看后手工改回。"""  # noqa: D415


class Undoable(NamedTuple):
    """The operation that would be taken back: its name, and how many records it touched."""

    name: str
    records: int


class Undone(NamedTuple):
    """What was taken back, and what changed by it."""

    name: str
    changed: Changed


def last_operation(session: Session) -> str | None:
    """Name of the operation that would be taken back, None when there is none."""
    found = session.book.last_undoable()
    return found.name if found else None


def look(session: Session) -> Undoable | None:
    """The operation that would be taken back and how far it reaches, None when there is none."""
    found = session.book.last_undoable()
    if found is None:
        return None
    touched = {(change.ledger, change.record_id) for change in session.book.changes_of(found) if change.record_id}
    return Undoable(found.name, len(touched))


def undo(session: Session) -> Undone:
    """Take the last operation back, whole: new records go to the recycle bin, changed ones are as they were.

    Raises:
        NothingToUndo: there is no operation to take back.
        UndoRefused: something was changed since; nothing was written.
    """
    operation = session.book.last_undoable()
    if operation is None:
        raise NothingToUndo
    changes = session.book.changes_of(operation)
    _check_untouched(session, operation, changes)
    with session.book.transaction(f"{PREFIX}{operation.name}", session.user, session.now()) as writing:
        writing.mark_undo(operation.id)
        for change in reversed(changes):
            _take_back(session, writing, change)
        changed = tuple(writing.changed)
    session.forget()
    return Undone(operation.name, changed)


def _check_untouched(session: Session, operation: Operation, changes: list[RawChange]) -> None:
    """Every record and file must stand as the operation left it."""
    last: dict[tuple[str, int], RawChange] = {}
    for change in changes:
        if change.action in ("insert", "update", "delete", "restore"):
            last[change.ledger, change.record_id] = change
        elif change.action in ("attach", "detach", "caption"):
            _check_file(session, operation, change)
    for change in last.values():
        ledger = session.ledger(change.ledger)
        now = session.book.record(ledger, change.record_id)
        then = from_snapshot(ledger, change.record_id, change.after or "")
        if now is None or snapshot(now) != snapshot(then):
            raise _refusal(session, operation, ledger, change, then)


def _check_file(session: Session, operation: Operation, change: RawChange) -> None:
    told: dict[str, Any] = json.loads(change.after or change.before or "{}")
    found = session.book.attachment(told["id"])
    now = None if found is None else found.place.caption
    if now != (told["caption"] if change.after else None):
        raise _refusal(session, operation, session.ledger(change.ledger), change, None)


def _refusal(
    session: Session, operation: Operation, ledger: Ledger, change: RawChange, record: Record | None
) -> UndoRefused:
    later = session.book.later_operation(change.ledger, change.record_id, operation.last)
    shown = record or session.book.record(ledger, change.record_id)
    what = (shown.number if shown else None) or ledger.label
    return UndoRefused(operation=operation.name, what=what, later=later or "另一处操作")


def _take_back(session: Session, writing: Transaction, change: RawChange) -> None:
    """Write one change back; settings and choices that came with the operation too."""
    if change.action in ("attach", "detach", "caption"):
        _take_back_file(writing, change)
    elif change.action == "setting":
        told = json.loads(change.after or change.before or "{}")
        writing.set_setting(told["key"], json.loads(change.before)["value"] if change.before else None)
    elif change.action == "choice":
        # A new entry cannot vanish while a record may speak of it: it is put out of use.
        kept = json.loads(change.before) if change.before else {**json.loads(change.after or "{}"), "active": False}
        writing.put_choice(kept)
    elif change.action != "access":
        _take_back_record(session, writing, change)


def _take_back_record(session: Session, writing: Transaction, change: RawChange) -> None:
    from xiaobao_desktop.services.records import search_words

    ledger = session.ledger(change.ledger)
    if change.action == "insert":
        writing.take_back(ledger, change.record_id)
    elif change.action == "delete":
        writing.restore(ledger, change.record_id)
    elif change.action == "restore":
        writing.delete(ledger, change.record_id)
    else:
        before = from_snapshot(ledger, change.record_id, change.before or "")
        words = search_words(session, ledger, before)
        writing.update(ledger, replace(before, id=change.record_id), extra_text=words)


def _take_back_file(writing: Transaction, change: RawChange) -> None:
    if change.action == "attach":
        writing.detach(json.loads(change.after or "{}")["id"])
    elif change.action == "detach":
        writing.put_attachment_back(json.loads(change.before or "{}"))
    else:
        kept = json.loads(change.before or "{}")
        writing.set_caption(kept["id"], kept["caption"])
