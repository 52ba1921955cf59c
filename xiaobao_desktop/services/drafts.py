"""Drafts: kept in the book while something is typed, offered again after a crash, gone with the save.

Those of forms belong to a record; those of dialogs and settings have a place of their own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from xiaobao_desktop.domain.fields import ChildTable, Field, Ledger, Value, Values
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.book import Draft as Row


@dataclass(frozen=True)
class Draft:
    """What was typed and not saved.

    Attributes:
        id: names it in the other calls.
        saved_at: moment of the last keeping.
        values: the values that were typed, by field key.
        children: the child rows that were typed, by key of their table; tables that were not touched are left out.
        texts: what stood in fields whose text cannot be read, such as half a date, by field key.
    """

    id: int
    saved_at: datetime
    values: Values
    children: Mapping[str, tuple[Values, ...]]
    texts: Mapping[str, str]


def keep(
    session: Session,
    ledger: Ledger,
    record_id: int | None,
    values: Values,
    children: Mapping[str, Sequence[Values]],
    *,
    texts: Mapping[str, str] | None = None,
    draft_id: int | None = None,
) -> int:
    """Keep what is in a form, over its own draft where it has one; the id of the draft.

    Args:
        session: the open book.
        ledger: of the form.
        record_id: the record that is being changed, None for a new one.
        values: what was typed, by field key.
        children: the same of child tables.
        texts: texts that have no value because they cannot be read.
        draft_id: what the last call for this form gave.
    """
    body: dict[str, Any] = {
        "values": dict(values),
        "children": {key: [dict(row) for row in rows] for key, rows in children.items()},
        "texts": dict(texts or {}),
    }
    moment = session.now().isoformat(timespec="seconds")
    return session.book.put_draft(Row(draft_id, ledger.key, record_id, moment, session.user, body))


def pending(session: Session, ledger: Ledger, record_id: int | None) -> Draft | None:
    """The newest draft of a record (None: of a new record), or None; fields no longer declared are left out."""
    found = session.book.draft(ledger, record_id)
    if found is None or found.id is None:
        return None
    tables = {table.key: table for table in ledger.children}
    children = {
        key: tuple(_row(tables[key], row) for row in rows)
        for key, rows in found.body["children"].items()
        if key in tables
    }
    values = _values(ledger.fields, found.body["values"])
    return Draft(found.id, datetime.fromisoformat(found.saved_at), values, children, found.body["texts"])


@dataclass(frozen=True)
class Unsaved:
    """A form that was not saved: its ledger, the record that was being changed (None: a new one), its number, when."""

    ledger: Ledger
    record_id: int | None
    number: str
    saved_at: datetime


def unsaved(session: Session) -> tuple[Unsaved, ...]:
    """The newest draft of every form that has one, the last typed first; drafts of reports are not among them."""
    known = {ledger.key: ledger for ledger in session.ledgers}
    found: dict[tuple[str, int | None], Unsaved] = {}
    for row in session.book.drafts():
        ledger = known.get(row.ledger)
        if ledger is None or (row.ledger, row.record_id) in found:
            continue
        record = session.book.record(ledger, row.record_id) if row.record_id is not None else None
        number = str(record.number) if record is not None else ""
        moment = datetime.fromisoformat(row.saved_at)
        found[row.ledger, row.record_id] = Unsaved(ledger, row.record_id, number, moment)
    return tuple(found.values())


def drop(session: Session, draft_id: int) -> None:
    """Forget a draft: it was saved, or given up."""
    session.book.drop_draft(draft_id)


TYPED = "typed."
"""What the names of drafts of dialogs and settings begin with."""


@dataclass(frozen=True)
class Typed:
    """What was typed in a dialog or a page of the settings and not saved.

    Attributes:
        place: tells the dialog from any other, such as 报送事项 of one obligation.
        title: what the officer calls it.
        saved_at: moment of the last keeping.
        state: what differs from how the dialog began, by name of its parts.
    """

    place: str
    title: str
    saved_at: datetime
    state: Mapping[str, Any]


def keep_typed(session: Session, place: str, title: str, state: Mapping[str, Any]) -> None:
    """Keep what is typed in a dialog, over what was kept of it; a reader's typing is not kept.

    Args:
        session: the open book.
        place: see :class:`Typed`.
        title: see :class:`Typed`.
        state: JSON values.
    """
    if not session.role.may_change:
        return
    before = session.book.named_draft(TYPED + place)
    moment = session.now().isoformat(timespec="seconds")
    body = {"title": title, "state": dict(state)}
    session.book.put_draft(Row(before.id if before else None, TYPED + place, None, moment, session.user, body))


def typed(session: Session, place: str) -> Typed | None:
    """What was typed at a place and not saved, or None."""
    found = session.book.named_draft(TYPED + place)
    return _typed(found) if found is not None else None


def drop_typed(session: Session, place: str) -> None:
    """Forget what was typed at a place: it was saved, or given up."""
    found = session.book.named_draft(TYPED + place)
    if found is not None and found.id is not None:
        session.book.drop_draft(found.id)


def all_typed(session: Session) -> tuple[Typed, ...]:
    """What was typed in dialogs and settings and not saved, the last first."""
    return tuple(_typed(row) for row in session.book.drafts() if row.ledger.startswith(TYPED))


def _typed(row: Row) -> Typed:
    moment = datetime.fromisoformat(row.saved_at)
    return Typed(row.ledger.removeprefix(TYPED), row.body["title"], moment, row.body["state"])


def _row(table: ChildTable, body: Mapping[str, Any]) -> Values:
    own: dict[str, Value] = {"id": body["id"]} if "id" in body else {}
    return {**own, **_values(table.fields, body)}


def _values(fields: Sequence[Field], body: Mapping[str, Any]) -> dict[str, Value]:
    """Values of declared fields; JSON knows no tuples."""
    known = {field.key for field in fields}
    return {key: tuple(value) if isinstance(value, list) else value for key, value in body.items() if key in known}
