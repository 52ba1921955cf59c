"""Child rows that name records of another ledger: attendees from the staff list, by name, number or a pasted list."""

from __future__ import annotations

import re
from dataclasses import dataclass

from xiaobao_desktop.domain.catalog import plain
from xiaobao_desktop.domain.fields import EMPTY, ChildTable, Field, Kind, Ledger, Value, Values
from xiaobao_desktop.services.listing import display, link_options
from xiaobao_desktop.services.session import Session

_ALSO_KNOWN_BY = ("staff_no", "code", "short_name")
"""Fields besides the name that tell records apart in a pasted list."""
_HEADS = {"姓名", "序号", "编号", "签名", "名单", "员工姓名"}
_BETWEEN_NAMES = r"[、,，;；/\s]+"


@dataclass(frozen=True)
class Matched:
    """What a pasted list came to.

    Attributes:
        ids: records found, each once, in the order of the list.
        unknown: texts that name none.
        several: names that more than one record has.
    """

    ids: tuple[int, ...] = ()
    unknown: tuple[str, ...] = ()
    several: tuple[str, ...] = ()


def link_field(table: ChildTable) -> Field | None:
    """The field of a child table that says which record a row stands for: its first link."""
    return next((item for item in table.fields if item.kind is Kind.LINK), None)


def new_row(session: Session, table: ChildTable, record_id: int, values: Values = EMPTY) -> Values:
    """A row for a linked record, added by hand.

    Fields that both declare under the same key are taken over as they are today; the others begin as the table says
    for a record with these ``values``.
    """
    link = link_field(table)
    if link is None:
        raise ValueError(f"child table {table.key} links to nothing")
    target = _target(session, link)
    shared = [item.key for item in table.fields if item is not link and _same(item, target)]
    (found,) = session.book.rows(target, (record_id,), shared) or ({},)
    row: dict[str, Value] = {key: found.get(key) for key in shared}
    return {**row, **table.row_start(values, session.today().isoformat()), link.key: record_id}


def notes(session: Session, ledger_key: str) -> dict[int, str]:
    """What tells records with the same name apart, by id: place of work and post of a person."""
    target = next(item for item in session.ledgers if item.key == ledger_key)
    keys = [key for key in (target.branch_by, *target.title[1:]) if key]
    if not keys:
        return {}
    ids = [record_id for record_id, _name in link_options(session, ledger_key)]
    return {
        int(str(row["id"])): " ".join(
            text for key in keys if (text := display(session, target.field(key), row[key])) and text
        )
        for row in session.book.rows(target, ids, keys)
    }


def by_branch(session: Session, table: ChildTable) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """The records in use that a row can stand for, by the branch they belong to: its name and their ids.

    Branches are in the order of their list, those without anybody left out; nothing for a ledger that knows none.
    """
    link = link_field(table)
    target = _target(session, link) if link is not None else None
    if target is None or not target.branch_by:
        return ()
    ids = [record_id for record_id, _name in link_options(session, target.key)]
    found: dict[int, list[int]] = {}
    for row in session.book.rows(target, ids, (target.branch_by,)):
        if isinstance(branch := row[target.branch_by], int):
            found.setdefault(branch, []).append(int(str(row["id"])))
    branches = link_options(session, target.field(target.branch_by).options)
    return tuple((name, tuple(found[branch])) for branch, name in branches if branch in found)


def match(session: Session, table: ChildTable, text: str) -> Matched:
    """Find the records that a pasted list names: one a line, columns apart by tabs, or several on a line.

    Of a line with columns (序号, 姓名, 部门 …) the first cell that names a record counts.
    """
    link = link_field(table)
    if link is None:
        return Matched()
    known = _known(session, _target(session, link))
    found: dict[int, None] = {}
    unknown: list[str] = []
    several: list[str] = []
    for line in text.replace("\r", "\n").split("\n"):
        for cells in _entries(line):
            hit = next((cell for cell in cells if plain(cell) in known), "")
            ids = known.get(plain(hit), ())
            if len(ids) == 1:
                found[ids[0]] = None
            elif ids:
                several.append(hit)
            elif words := _words(cells):
                unknown.append(words)
    return Matched(tuple(found), tuple(dict.fromkeys(unknown)), tuple(dict.fromkeys(several)))


def _entries(line: str) -> list[list[str]]:
    """The entries of a line, each as its cells: a line with tabs is one, else every name is one."""
    if "\t" in line:
        return [[cell.strip() for cell in line.split("\t") if cell.strip()]]
    return [[name] for name in re.split(_BETWEEN_NAMES, line.strip()) if name]


def _words(cells: list[str]) -> str:
    """What to tell of an entry that names nobody; heads and running numbers are not worth telling."""
    if not _HEADS.isdisjoint(cells):
        return ""
    return next((cell for cell in cells if not cell.isdigit()), "")


def _known(session: Session, target: Ledger) -> dict[str, tuple[int, ...]]:
    keys = [target.title[0], *(key for key in _ALSO_KNOWN_BY if target.has(key))]
    ids = [record_id for record_id, _name in link_options(session, target.key)]
    found: dict[str, tuple[int, ...]] = {}
    for row in session.book.rows(target, ids, keys):
        for key in ("number", *keys):
            name = plain(str(row[key] or ""))
            if name and row["id"] not in found.get(name, ()):
                found[name] = (*found.get(name, ()), int(str(row["id"])))
    return found


def _same(item: Field, target: Ledger) -> bool:
    return target.has(item.key) and target.field(item.key).kind is item.kind


def _target(session: Session, link: Field) -> Ledger:
    return next(item for item in session.ledgers if item.key == link.options)
