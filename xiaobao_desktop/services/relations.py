"""What belongs to a record: records it links to, records that link to it, and those the officer put beside it.

The links of the declarations are read in both directions; what belongs together otherwise is a row of
:data:`~xiaobao_desktop.domain.relations.RELATED` at one of the two. No ledger is named here.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from xiaobao_desktop.domain.fields import ChildTable, Field, Kind, Ledger, Record, Value, Values
from xiaobao_desktop.domain.relations import ADDED_ON, OTHER, RELATED, read_reference, reference
from xiaobao_desktop.errors import RecordMissing, UserError
from xiaobao_desktop.pinyin import initials
from xiaobao_desktop.services import listing
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.query import Condition, Query

SHOWN = 5
"""Records of one ledger that are read in full; of more the number is told."""
OFFERED = 30
"""Records offered to be put beside another one."""
_LATEST = 300
"""Of each ledger, how many of the latest records are looked through by pinyin initials."""

Changed = tuple[tuple[str, int], ...]


class RelatedToItself(UserError):
    """没有关联：{number} 就是这一条，请选另一条记录。"""  # noqa: D415


class RelatedAlready(UserError):
    """没有再关联：{number} 已经在“相关”里了。"""  # noqa: D415


class NotRelated(UserError):
    """没有去掉：{number} 已经不在“相关”里，或者是由它自己的栏目连着的。"""  # noqa: D415


class StillReferred(UserError):
    """没有删除：还在用“{name}”的有{where}，删了它们就对不上名称。{instead}"""  # noqa: D415


@dataclass(frozen=True)
class Related:
    """A record that belongs to another.

    Attributes:
        record: the other one; it may lie in the recycle bin.
        title: one line that tells it, masked.
        day: ISO day it stands under, "" for a list.
        why: label of the link that says so, "" where the officer put it there.
        removable: the officer put it there and may take it away.
    """

    record: Record
    title: str
    day: str
    why: str
    removable: bool


@dataclass(frozen=True)
class Group:
    """Related records of one ledger, the latest first; ``ids`` are all of them, ``items`` the first :data:`SHOWN`."""

    ledger: Ledger
    ids: tuple[int, ...]
    items: tuple[Related, ...]


@dataclass(frozen=True)
class Candidate:
    """A record that may be put beside another: key of its ledger, id, number, ledger's name, a line that tells it."""

    ledger: str
    record_id: int
    number: str
    label: str
    title: str

    @property
    def reference(self) -> str:
        """How a RECORD value names it."""
        return reference(self.ledger, self.record_id)


def related(session: Session, ledger: Ledger, record: Record) -> tuple[Group, ...]:
    """Everything that belongs to a saved record, by ledger in their order; nothing for an unsaved one."""
    if record.id is None:
        return ()
    found: dict[str, dict[int, str | None]] = {}
    for key, record_id, why in _all(session, ledger, record):
        known = found.setdefault(key, {})
        # A link of a declaration says more than the officer's hand, and cannot be taken away here.
        known[record_id] = why if why is not None else known.get(record_id)
    groups = (_group(session, target, found[target.key]) for target in session.ledgers if target.key in found)
    return tuple(group for group in groups if group.ids)


def add(session: Session, ledger: Ledger, record_id: int, other: str) -> Changed:
    """Put another record beside one.

    Args:
        session: the open book.
        ledger: of the record.
        record_id: the record; the row stands at it.
        other: the other one, as a RECORD value names it.

    Raises:
        RelatedToItself: both are the same.
        RelatedAlready: they belong together already.
        RecordMissing: one of the two is gone.
    """
    record, (target, there) = _get(session, ledger, record_id), _named(session, other)
    if target.key == ledger.key and there.id == record_id:
        raise RelatedToItself(number=record.number)
    if any(there.id in group.ids for group in related(session, ledger, record) if group.ledger.key == target.key):
        raise RelatedAlready(number=there.number)
    row: Values = {OTHER: other, ADDED_ON: session.today().isoformat()}
    rows = (*record.children.get(RELATED.key, ()), row)
    return _write(session, ledger, record, rows, f"{record.number} 关联 {there.number}")


def remove(session: Session, ledger: Ledger, record_id: int, other: str) -> Changed:
    """Take a record away from beside another, whichever of the two has the row.

    Raises:
        NotRelated: no row says so.
        RecordMissing: one of the two is gone.
    """
    record, (target, there) = _get(session, ledger, record_id), _named(session, other)
    sides = ((ledger, record, other), (target, there, reference(ledger.key, record_id)))
    for owner, holder, named in sides:
        rows = holder.children.get(RELATED.key, ())
        left = tuple(row for row in rows if row.get(OTHER) != named)
        if len(left) < len(rows):
            return _write(session, owner, holder, left, f"{record.number} 取消关联 {there.number}")
    raise NotRelated(number=there.number)


def candidates(session: Session, ledger: Ledger, record_id: int, text: str) -> tuple[Candidate, ...]:
    """Records that may be put beside one: by number, words of the title, pinyin initials; the latest without a text.

    Args:
        session: the open book.
        ledger: of the record.
        record_id: the record itself is not offered.
        text: what was typed.
    """
    wanted = text.strip()
    targets = [target for target in session.ledgers if target.dated_by]
    share = max(3, OFFERED // max(1, len(targets)))
    found: list[Candidate] = []
    for target in targets:
        ids = _found(session, target, wanted)
        own = (one for one in ids if (target.key, one) != (ledger.key, record_id))
        found += _candidates(session, target, [one for _place, one in zip(range(share), own, strict=False)])
    return tuple(found[:OFFERED])


def referring(session: Session, ledger: Ledger, record_id: int) -> tuple[tuple[Ledger, Field, int], ...]:
    """How many living records name a record in which of their fields, by ledger and field; those of child rows too."""
    found = []
    for target in session.ledgers:
        for item, ids in _pointing(session, target, ledger, record_id):
            if ids:
                found.append((target, item, len(ids)))
    return tuple(found)


def told(found: Sequence[tuple[Ledger, Field, int]]) -> str:
    """投诉 12 件（被投诉机构）、宣传教育 3 次（组织网点）."""
    return "、".join(f"{target.label} {count} {target.unit}（{item.label}）" for target, item, count in found)


def what_refers(session: Session, ledger: Ledger, record: Record) -> str:
    """A sentence for the question before a record is deleted: what belongs to it stays; "" when nothing does."""
    groups = related(session, ledger, record)
    if not groups:
        return ""
    named = "、".join(f"{group.ledger.label} {len(group.ids)} {group.ledger.unit}" for group in groups)
    return f"\n和它相关的有 {named}，都原样留着；恢复后照旧连在一起。"


def check_unreferred(session: Session, ledger: Ledger, record: Record) -> None:
    """Refuse to delete an entry of a list (a branch, a person) that records still name: it is put out of use instead.

    Raises:
        StillReferred: with what names it.
    """
    if not ledger.has("active") or record.id is None:
        return
    found = referring(session, ledger, record.id)
    if found:
        field = ledger.field("active")
        instead = f"不再用它，请把“{field.label}”改为“否”：以后选不到它，旧记录不变。"
        raise StillReferred(name=_title(session, ledger, record.values), where=told(found), instead=instead)


def _all(session: Session, ledger: Ledger, record: Record) -> Iterator[tuple[str, int, str | None]]:
    """Ledger, id and label of the link (None for the officer's hand) of everything that belongs to a record."""
    record_id = int(str(record.id))
    dated = {target.key for target in session.ledgers if target.dated_by}
    itself = _tells_itself(ledger.key)
    for item in ledger.fields:
        value = record.values.get(item.key)
        outside = item.options != ledger.key or not itself
        if item.kind is Kind.LINK and item.options in dated and isinstance(value, int) and outside:
            yield item.options, value, item.label
    for target in session.ledgers:
        if target.key != ledger.key or not itself:
            for item, ids in _pointing(session, target, ledger, record_id):
                yield from ((target.key, one, item.label) for one in ids)
        rows = session.book.pointing_at(target, RELATED, OTHER, reference(ledger.key, record_id))
        yield from ((target.key, owner, None) for owner in rows)
    for row in record.children.get(RELATED.key, ()):
        named = read_reference(str(row.get(OTHER)))
        if named is not None:
            yield *named, None


def _pointing(session: Session, target: Ledger, ledger: Ledger, record_id: int) -> Iterator[tuple[Field, list[int]]]:
    """Each LINK to ``ledger`` in another one, with the living records that name the record by it."""
    for item in _links(target.fields, ledger.key):
        yield item, session.book.ids(target, Query(where=(Condition(item.key, "eq", (record_id,)),)))
    for child in target.children:
        for item in _links(child.fields, ledger.key):
            owners = tuple(session.book.pointing_at(target, child, item.key, record_id))
            living = session.book.ids(target, Query(where=(Condition("id", "in", owners),))) if owners else []
            yield _at_row(child, item), living


def _at_row(child: ChildTable, item: Field) -> Field:
    """The field of a child row under the name of its table: 参训人员."""
    return replace(item, label=child.label)


def _links(fields: Iterable[Field], key: str) -> Iterator[Field]:
    return (item for item in fields if item.kind is Kind.LINK and item.options == key)


@cache
def _tells_itself(ledger_key: str) -> bool:
    """Whether a ledger has a module of its own for what connects its records with each other."""
    return importlib.util.find_spec(f"xiaobao_desktop.services.{ledger_key}_relations") is not None


def _group(session: Session, target: Ledger, whys: dict[int, str | None]) -> Group:
    """The related records of one ledger; those put into the recycle bin come last."""
    order = ((target.dated_by, True), ("number", True)) if target.dated_by else (("number", False),)
    where = (Condition("id", "in", tuple(whys)),)
    living = session.book.ids(target, Query(where=where, order=order))
    gone = session.book.ids(target, Query(where=where, order=order, deleted=True))
    shown = session.book.records(target, [*living, *gone][:SHOWN])
    items = tuple(_related(session, target, record, whys[int(str(record.id))]) for record in shown)
    return Group(target, (*living, *gone), items)


def _related(session: Session, target: Ledger, record: Record, why: str | None) -> Related:
    return Related(
        record=record,
        title=_title(session, target, record.values),
        day=str(record.values.get(target.dated_by) or "") if target.dated_by else "",
        why=why or "",
        removable=why is None,
    )


def _title(session: Session, target: Ledger, values: Values) -> str:
    return "·".join(" ".join(text.split()) for text in listing.title_texts(session, target, values))


def _found(session: Session, target: Ledger, wanted: str) -> list[int]:
    order = ((target.dated_by, True), ("number", True))
    if not wanted:
        return session.book.ids(target, Query(order=order, limit=_LATEST))
    found = session.book.ids(target, Query(search=wanted, order=order))
    if found or not wanted.isascii():
        return found
    latest = session.book.ids(target, Query(order=order, limit=_LATEST))
    rows = session.book.rows(target, latest, target.title)
    return [int(str(row["id"])) for row in rows if wanted.lower() in initials(_title(session, target, row))]


def _candidates(session: Session, target: Ledger, ids: Sequence[int]) -> list[Candidate]:
    rows: list[dict[str, Value]] = session.book.rows(target, ids, target.title)
    return [
        Candidate(target.key, int(str(row["id"])), str(row["number"]), target.label, _title(session, target, row))
        for row in rows
    ]


def _get(session: Session, ledger: Ledger, record_id: int) -> Record:
    record = session.book.record(ledger, record_id)
    if record is None:
        raise RecordMissing(ledger=ledger.label, number=record_id)
    return record


def _named(session: Session, other: str) -> tuple[Ledger, Record]:
    named = read_reference(other)
    assert named is not None, other
    target = session.ledger(named[0])
    return target, _get(session, target, named[1])


def _write(session: Session, ledger: Ledger, record: Record, rows: tuple[Values, ...], name: str) -> Changed:
    with session.book.transaction(name, session.user, session.now()) as changes:
        changes.update(ledger, Record({}, {RELATED.key: rows}, record.id))
        return tuple(changes.changed)
