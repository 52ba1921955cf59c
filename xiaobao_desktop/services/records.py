"""Use cases on single records: blank, check, save, delete, restore, history. One transaction each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from xiaobao_desktop.domain.fields import (
    EMPTY,
    ChildTable,
    Field,
    HasFields,
    Kind,
    Ledger,
    Problem,
    Record,
    Value,
    Values,
)
from xiaobao_desktop.domain.masking import OPEN, hider
from xiaobao_desktop.domain.values import check_children, check_value, check_values
from xiaobao_desktop.errors import RecordMissing, RecordRefused, UserError
from xiaobao_desktop.services.access import looked_at
from xiaobao_desktop.services.listing import display
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.book import Transaction

_DATED = frozenset({Kind.DATE, Kind.TIME})
_NAMED = frozenset({Kind.CHOICE, Kind.CHOICES, Kind.CODE, Kind.LINK})

Changed = tuple[tuple[str, int], ...]
"""(ledger key, record id) of everything that changed."""


class RecordErased(UserError):
    """{number} 的内容已按规定销毁，只留编号、日期和代码供统计，不能再改，也不能再放附件。"""  # noqa: D415


@dataclass(frozen=True)
class Saved:
    """Result of a save: the record as it is now, hints that did not refuse it, and what changed."""

    record: Record
    problems: tuple[Problem, ...]
    changed: Changed


@dataclass(frozen=True)
class HistoryLine:
    """One changed field: its Chinese label, old and new text as shown."""

    label: str
    old: str
    new: str


@dataclass(frozen=True)
class HistoryEntry:
    """One change of a record: when, by whom, which operation, which fields."""

    at: datetime
    who: str
    operation: str
    lines: tuple[HistoryLine, ...]


def blank(session: Session, ledger: Ledger) -> Record:
    """A new record with the declared defaults; a ledger dated by a day starts today."""
    values: dict[str, Value] = ledger.defaults()
    if ledger.dated_by:
        values[ledger.dated_by] = session.today().isoformat()
    return Record(values)


def begun(session: Session, ledger: Ledger) -> Record:
    """A new record as its form begins: :func:`blank`, and the present time where the declaration says so."""
    now = {item.key: f"{session.now():%H:%M}" for item in ledger.fields if item.begins_now}
    return Record({**blank(session, ledger).values, **now})


def begins_with_moment(ledger: Ledger) -> tuple[str, ...]:
    """Keys of the fields that :func:`begun` fills with the day and the time at which the form is opened."""
    day = (ledger.dated_by,) if ledger.dated_by else ()
    return (*day, *(item.key for item in ledger.fields if item.begins_now))


def preview(session: Session, ledger: Ledger, record: Record) -> Record:
    """The record as it would be saved now: derived values filled in. Nothing is written.

    While a date or time in it is none, the record comes back as it is: nothing can be derived from it.
    """
    before = _before(session, ledger, record)
    entered = _over(before, record)
    return entered if _misread(ledger, entered) else ledger.complete(before, entered, session.rules)


def check(session: Session, ledger: Ledger, record: Record) -> tuple[Problem, ...]:
    """Everything wrong or odd about an entered record, blocking problems first. Nothing is written."""
    return completed(session, ledger, _before(session, ledger, record), record)[1]


def completed(
    session: Session, ledger: Ledger, before: Record | None, record: Record
) -> tuple[Record, tuple[Problem, ...]]:
    """An entered record with its derived values, and everything wrong or odd about it, blocking problems first.

    Dates and times that are none are told at their own fields; nothing is derived from them.

    Args:
        session: gives rules and today.
        ledger: its declaration.
        before: the record as it is in the book, None for a new one.
        record: as entered; what it does not speak of stays as it is in the book.
    """
    entered = _over(before, record)
    if _misread(ledger, entered):
        return entered, _told(ledger, (*check_values(ledger, entered.values), *check_children(ledger, entered)))
    whole = ledger.complete(before, entered, session.rules)
    checked = ledger.checks(whole, session.today().isoformat(), session.rules)
    return whole, _told(ledger, (*check_values(ledger, whole.values), *check_children(ledger, whole), *checked))


def save(
    session: Session,
    ledger: Ledger,
    record: Record,
    *,
    operation: str = "",
    also: Callable[[Transaction, Record], None] = lambda _changes, _written: None,
) -> Saved:
    """Check and write a record, new or changed.

    Args:
        session: the open book.
        ledger: its declaration.
        record: as entered; ``id`` None makes a new one.
        operation: name in the history, such as "记一步：转办"; by default 登记 or 修改 and the ledger's label.
        also: what belongs to the same operation; called with the record as written.

    Raises:
        RecordRefused: blocking problems, kept in ``values["problems"]``; nothing was written.
        RecordMissing: the record to change is gone.
        RecordErased: its content was destroyed as the rules ask.
    """
    from xiaobao_desktop.services import effects

    check_not_erased(session, ledger, record)
    before = _before(session, ledger, record)
    whole, problems = completed(session, ledger, before, record)
    refusals = [problem for problem in problems if problem.blocking]
    if refusals:
        raise RecordRefused(reasons="；".join(problem.message for problem in refusals), problems=tuple(refusals))
    name = operation or f"{'修改' if record.id else '登记'}{ledger.label}"
    with session.book.transaction(name, session.user, session.now()) as changes:
        words = search_words(session, ledger, whole)
        if whole.id is None:
            written = changes.insert(ledger, whole, extra_text=words)
        else:
            written = changes.update(ledger, whole, extra_text=words)
        also(changes, written)
        effects.after_save(session, changes, ledger, before, written)
        changed = tuple(changes.changed)
    session.forget(ledger.key)
    return Saved(written, tuple(problem for problem in problems if not problem.blocking), changed)


def check_not_erased(session: Session, ledger: Ledger, record: Record) -> None:
    """Raise RecordErased when the content of the record was destroyed: nothing is put into it again."""
    from xiaobao_desktop.store import erasing

    if record.id is not None and erasing.erased_at(session.book, ledger, record.id):
        raise RecordErased(number=record.number or ledger.label)


def delete(session: Session, ledger: Ledger, record_id: int) -> Changed:
    """Move a record to the recycle bin.

    Raises:
        StillReferred: it is an entry of a list that records name; nothing was deleted.
    """
    from xiaobao_desktop.services import relations

    record = get(session, ledger, record_id)
    relations.check_unreferred(session, ledger, record)
    with session.book.transaction(f"删除{ledger.label} {record.number}", session.user, session.now()) as changes:
        changes.delete(ledger, record_id)
        changed = tuple(changes.changed)
    session.forget(ledger.key)
    return changed


def restore(session: Session, ledger: Ledger, record_id: int) -> Changed:
    """Bring a record back from the recycle bin."""
    record = get(session, ledger, record_id)
    with session.book.transaction(f"恢复{ledger.label} {record.number}", session.user, session.now()) as changes:
        changes.restore(ledger, record_id)
        changed = tuple(changes.changed)
    session.forget(ledger.key)
    return changed


def get(session: Session, ledger: Ledger, record_id: int) -> Record:
    """A whole record with its child rows.

    Raises:
        RecordMissing: no such record.
    """
    record = session.book.record(ledger, record_id)
    if record is None:
        raise RecordMissing(ledger=ledger.label, number=record_id)
    return record


def history(session: Session, ledger: Ledger, record_id: int) -> tuple[HistoryEntry, ...]:
    """Every change of a record, newest first, as texts to show; personal data masked as in lists.

    That it was opened stands in the audit log alone: between the changes it would only be in the way.
    """
    entries = []
    for change in session.book.history(ledger, record_id):
        if change.operation == looked_at(ledger):
            continue
        lines = differences(session, ledger, change.before, change.after)
        entries.append(HistoryEntry(change.at, change.who, change.operation, lines))
    # The book gives them oldest first; times to the second, or a clock set back, would not put them in order.
    return tuple(reversed(entries))


def search_words(
    session: Session, ledger: Ledger, record: Record, known: dict[tuple[str, Value], str] | None = None
) -> str:
    """Names of the chosen choices, codes and links, so that a search finds a record by what is shown.

    ``known`` keeps the names by field key and value where many records are made at once.
    """
    known = {} if known is None else known
    texts = []
    for item in ledger.of_kinds(_NAMED):
        value = record.values.get(item.key)
        if value is not None:
            if (item.key, value) not in known:
                known[item.key, value] = display(session, item, value)
            texts.append(known[item.key, value])
    return "\n".join(text for text in texts if text)


def _before(session: Session, ledger: Ledger, record: Record) -> Record | None:
    return get(session, ledger, record.id) if record.id is not None else None


def _over(before: Record | None, record: Record) -> Record:
    """The record as entered, laid over what the book has: values and child tables it leaves out stay."""
    if before is None:
        return record
    values, children = {**before.values, **record.values}, {**before.children, **record.children}
    return Record(values, children, record.id, before.number, before.deleted)


def _misread(ledger: Ledger, record: Record) -> bool:
    """Whether a date or time, of the record or of a child row, cannot be one."""
    rows: list[tuple[HasFields, Values]] = [(ledger, record.values)]
    for table in ledger.children:
        rows += [(table, row) for row in record.children.get(table.key, ())]
    for declared, row in rows:
        for item in declared.of_kinds(_DATED):
            value = row.get(item.key)
            if value is not None and item.entered and check_value(item, value) is not None:
                return True
    return False


def _told(ledger: Ledger, found: Iterable[Problem]) -> tuple[Problem, ...]:
    """Blocking problems first: one for each field, and all of the child rows and of the record as a whole."""
    named: dict[tuple[str, str], Problem] = {}
    for problem in sorted(found, key=lambda item: not item.blocking):
        message = "" if ledger.has(problem.field) else problem.message
        named.setdefault((problem.field, message), problem)
    return tuple(named.values())


def differences(
    session: Session, ledger: Ledger, before: Record | None, after: Record | None, *, masked: bool = True
) -> tuple[HistoryLine, ...]:
    """What differs between two states of a record, field by field, as texts to show.

    Masked, the words of a record do not tell its person either: the name and the numbers in them are starred.
    """
    old = before.values if before else EMPTY
    new = after.values if after else EMPTY
    hide = hider(ledger, old, new) if masked else OPEN

    def text(item: Field, values: Values) -> str:
        return hide(display(session, item, values.get(item.key), masked=masked), item.kind)

    lines = [
        HistoryLine(item.label, text(item, old), text(item, new))
        for item in ledger.fields
        if old.get(item.key) != new.get(item.key)
    ]
    for table in ledger.children:
        lines.extend(
            HistoryLine(line.label, hide(line.old), hide(line.new))
            for line in _child_lines(session, table, before, after, masked=masked)
        )
    if before and after and before.deleted != after.deleted:
        lines.append(HistoryLine("回收站", "是" if before.deleted else "否", "是" if after.deleted else "否"))
    # A masked value may look the same before and after (刘**): that it changed is still part of the history.
    return tuple(line for line in lines if line.old or line.new)


def _child_lines(
    session: Session, table: ChildTable, before: Record | None, after: Record | None, *, masked: bool
) -> list[HistoryLine]:
    old = _child_texts(session, table, before, masked=masked)
    new = _child_texts(session, table, after, masked=masked)
    gone = [HistoryLine(table.label, text, "") for text in old if text not in new]
    return gone + [HistoryLine(table.label, "", text) for text in new if text not in old]


def _child_texts(session: Session, table: ChildTable, record: Record | None, *, masked: bool) -> list[str]:
    rows = record.children.get(table.key, ()) if record else ()
    texts = []
    for row in rows:
        shown = [display(session, item, row.get(item.key), masked=masked) for item in table.fields]
        texts.append(" ".join(text for text in shown if text))
    return texts
