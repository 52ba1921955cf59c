"""Choice lists and code trees as the bank keeps them: add, rename, official codes, other names, map own entries.

The defaults of the program are never changed: edits are rows in the book that lie over them (PRODUCT §10.3). Nothing
is deleted: an entry that is no longer wanted is taken out of use, and records that have it keep it. The old name of a
renamed entry and the name of a mapped one become other names, so that the next import finds its way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from xiaobao_desktop.domain.catalog import Choice, ChoiceList, Code, CodeTree, plain
from xiaobao_desktop.domain.fields import Field, Kind, Ledger, Record, Value
from xiaobao_desktop.errors import UserError
from xiaobao_desktop.exchange.planning import own_id
from xiaobao_desktop.services.records import Changed, search_words
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.query import Condition, Query
from xiaobao_desktop.store.transaction import Transaction

_KINDS = (Kind.CHOICE, Kind.CHOICES, Kind.CODE)
# Entries of these lists are rules of the program (deadlines, kinds of steps, relations); a name alone adds none.
_FIXED = frozenset({"rule_profile", "step_kind", "relation"})


class EntryNameMissing(UserError):
    """请填写名称。"""  # noqa: D415


class EntryNameTaken(UserError):
    """{title}里已有“{name}”，不能再用这个名称。可以改那一项，或换一个名称。"""  # noqa: D415


class EntryNotOwn(UserError):
    """“{name}”是标准里的项，不能并入别的项。不想用它可以停用。"""  # noqa: D415


class TargetUnfit(UserError):
    """“{name}”不能并入“{target}”。请选另一个在用的项。"""  # noqa: D415


@dataclass(frozen=True)
class Source:
    """A list or tree that fields take from: its name, Chinese title, whether it is a tree."""

    name: str
    title: str
    tree: bool


@dataclass(frozen=True)
class Entry:
    """One entry as the officer sees it.

    Attributes:
        id: stable id, or key of the node.
        name: as shown and printed.
        aliases: other names an import knows it by.
        official: code number filled in by the bank (trees).
        active: offered for choosing.
        own: added by this bank, not part of the standard.
        parent: id of the node above ("" = first level, or a list).
        depth: levels above it.
        uses: records that have it, recycle bin excluded.
        mapped_to: name of the entry it was mapped to, "" for none.
    """

    id: str
    name: str
    aliases: tuple[str, ...]
    official: str
    active: bool
    own: bool
    parent: str
    depth: int
    uses: int
    mapped_to: str


@dataclass(frozen=True)
class Mapped:
    """What a mapping changed: how many records, and which."""

    records: int
    changed: Changed


def sources(session: Session) -> tuple[Source, ...]:
    """Lists and trees that the officer's fields take from: trees first, then lists by the order of the forms."""
    catalog = session.rules.catalog
    names = dict.fromkeys(
        item.options for ledger in session.ledgers for item in _fields(ledger) if item.entered and item.options
    )
    found = [
        Source(
            name,
            catalog.trees[name].title if name in catalog.trees else catalog.lists[name].title,
            tree=name in catalog.trees,
        )
        for name in names
        if name not in _FIXED
    ]
    return tuple(sorted(found, key=lambda source: not source.tree))


def entries(session: Session, source: str) -> tuple[Entry, ...]:
    """Every entry of a list or tree, those out of use included; nodes stand under the ones above them."""
    catalog = session.rules.catalog
    uses = _uses(session, source)
    mapped = {str(row["id"]): str(row["extra"].get("mapped_to", "")) for row in _rows(session, source)}
    if source not in catalog.trees:
        known = catalog.list(source)
        return tuple(
            Entry(
                item.id, item.name, item.aliases, "", item.active, item.own, "", 0, uses[item.id],
                known.label(mapped[item.id]) if mapped.get(item.id) else "",
            )
            for item in known.items
        )  # fmt: skip
    tree = catalog.tree(source)
    return tuple(
        Entry(
            code.key, code.name, code.aliases, code.official, code.active, code.own, code.parent,
            len(tree.path(code.key)) - 1, uses[code.key], tree.label(mapped[code.key]) if mapped.get(code.key) else "",
        )
        for code in _in_order(tree)
    )  # fmt: skip


def add(session: Session, source: str, name: str, parent: str = "") -> str:
    """Add an entry of the bank's own and return its id.

    Args:
        session: the open book.
        source: name of the list or tree.
        name: Chinese name.
        parent: node of a tree that it stands under, "" for the first level.

    Raises:
        EntryNameMissing, EntryNameTaken.
    """
    name = _checked(session, source, name, "", parent)
    entry_id = own_id(source, parent, name)
    row = {"list_name": source, "id": entry_id, "name": name, "code_parent": parent, "active": True}
    _write(session, f"新增选项：{name}", [row])
    return entry_id


def change(
    session: Session, source: str, entry_id: str, *, name: str, aliases: Sequence[str], official: str, active: bool
) -> None:
    """Rename an entry, give it other names or its official code, take it out of use or back.

    Raises:
        EntryNameMissing, EntryNameTaken.
    """
    old = _find(session, source, entry_id)
    parent = old.parent if isinstance(old, Code) else ""
    name = _checked(session, source, name, entry_id, parent)
    known = [alias.strip() for alias in aliases if alias.strip()]
    if name != old.name:
        known.append(old.name)
    row = {
        "list_name": source,
        "id": entry_id,
        "name": name,
        "aliases": [alias for alias in dict.fromkeys(known) if alias != name],
        "official": official.strip(),
        "active": active,
        "code_parent": parent,
    }
    _write(session, f"修改选项：{old.name}", [row])


def map_to(session: Session, source: str, own: str, target: str) -> Mapped:
    """Map an entry of the bank's own to another one, in one transaction.

    Records that have it get the target; its names become other names of the target, so that the next import puts them
    there; it stays out of use for old history.

    Raises:
        EntryNotOwn: it belongs to the standard.
        TargetUnfit: the target is the entry itself, stands below it, or is out of use.
    """
    mine, other = _find(session, source, own), _find(session, source, target)
    if not mine.own:
        raise EntryNotOwn(name=mine.name)
    tree = session.rules.catalog.trees.get(source)
    below = tree is not None and mine in tree.path(target)
    if own == target or below or not other.active:
        raise TargetUnfit(name=mine.name, target=other.name)
    rows = _mapped_rows(source, mine, other, tree)
    places = [(ledger, item) for ledger in session.ledgers for item in ledger.fields if _takes(item, source)]
    count = sum(len(_ids(session, ledger, item, own, deleted=False)) for ledger, item in places)
    operation = f"选项并入：{mine.name} → {other.name}（{count} 件）"
    try:
        with session.book.transaction(operation, session.user, session.now()) as changes:
            for row in rows:
                changes.put_choice(row)
            for ledger, item in places:
                _move(session, changes, ledger, item, own, target)
            changed = tuple(changes.changed)
    finally:
        session.forget()
    return Mapped(count, changed)


def _mapped_rows(
    source: str, mine: Choice | Code, other: Choice | Code, tree: CodeTree | None
) -> list[dict[str, object]]:
    """Rows that give the target its other names, take the mapped entry out of use and move what stood under it."""
    own, target = _key(mine), _key(other)
    names = dict.fromkeys((*other.aliases, mine.name, *mine.aliases))
    rows: list[dict[str, object]] = [
        {
            "list_name": source,
            "id": target,
            "name": other.name,
            "aliases": [name for name in names if name != other.name],
        },
        {"list_name": source, "id": own, "name": mine.name, "active": False, "extra": {"mapped_to": target}},
    ]
    children = [code for code in tree.codes if code.parent == own] if tree else []
    rows += [{"list_name": source, "id": code.key, "name": code.name, "code_parent": target} for code in children]
    return rows


def _move(session: Session, changes: Transaction, ledger: Ledger, item: Field, own: str, target: str) -> None:
    for deleted in (False, True):
        for record_id in _ids(session, ledger, item, own, deleted=deleted):
            record = session.book.record(ledger, record_id)
            assert record is not None
            old = record.values.get(item.key)
            new: Value = (
                tuple(dict.fromkeys(target if part == own else part for part in old))
                if isinstance(old, tuple)
                else target
            )
            whole = replace(record, values={**record.values, item.key: new})
            words = search_words(session, ledger, whole)
            changes.update(ledger, Record({item.key: new}, {}, record_id), extra_text=words)


def _ids(session: Session, ledger: Ledger, item: Field, entry_id: str, *, deleted: bool) -> list[int]:
    return session.book.ids(ledger, Query(where=(Condition(item.key, "eq", (entry_id,)),), deleted=deleted))


def _uses(session: Session, source: str) -> Counter[str]:
    found: Counter[str] = Counter()
    for ledger in session.ledgers:
        for item in ledger.fields:
            if _takes(item, source):
                for value, count in session.book.distinct(ledger, item.key, Query()):
                    for part in value if isinstance(value, tuple) else (value,):
                        if part is not None:
                            found[str(part)] += count
    return found


def _takes(item: Field, source: str) -> bool:
    return item.kind in _KINDS and item.options == source


def _fields(ledger: Ledger) -> tuple[Field, ...]:
    children = (item for table in ledger.children for item in table.fields)
    return tuple(item for item in (*ledger.fields, *children) if item.kind in _KINDS)


def _rows(session: Session, source: str) -> list[dict[str, Any]]:
    return [row for row in session.book.own_choices() if row["list_name"] == source]


def _known(session: Session, source: str) -> ChoiceList | CodeTree:
    catalog = session.rules.catalog
    return catalog.tree(source) if source in catalog.trees else catalog.list(source)


def _find(session: Session, source: str, entry_id: str) -> Choice | Code:
    found = _known(session, source).get(entry_id)
    if found is None:
        raise KeyError(entry_id)
    return found


def _key(entry: Choice | Code) -> str:
    return entry.key if isinstance(entry, Code) else entry.id


def _checked(session: Session, source: str, name: str, entry_id: str, parent: str) -> str:
    """The name without blanks around it, if no other entry in use beside it bears it."""
    wanted = " ".join(name.split())
    if not wanted:
        raise EntryNameMissing()
    known = _known(session, source)
    beside: list[Choice | Code] = (
        [code for code in known.codes if code.parent == parent] if isinstance(known, CodeTree) else list(known.items)
    )
    for other in beside:
        if other.active and _key(other) != entry_id and plain(other.name) == plain(wanted):
            raise EntryNameTaken(title=known.title, name=wanted)
    return wanted


def _write(session: Session, operation: str, rows: Sequence[dict[str, object]]) -> None:
    with session.book.transaction(operation, session.user, session.now()) as changes:
        for row in rows:
            changes.put_choice(row)
    session.forget()


def _in_order(tree: CodeTree) -> list[Code]:
    """Every node under the one above it; entries of the bank's own come after the standard's."""
    under: dict[str, list[Code]] = {}
    for code in tree.codes:
        under.setdefault(code.parent if tree.get(code.parent) else "", []).append(code)
    found: list[Code] = []

    def walk(parent: str) -> None:
        for code in under.get(parent, ()):
            found.append(code)
            walk(code.key)

    walk("")
    return found
