"""What the officer said of a source, kept and offered again: where its columns go, what its old names stand for.

A source is known by its headers: the next month's file of the same make finds what was said of the last one. Kept as
one setting a source.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from xiaobao_desktop.domain.catalog import plain
from xiaobao_desktop.domain.fields import Kind, Ledger
from xiaobao_desktop.exchange.mapping import OWN_HEADERS
from xiaobao_desktop.exchange.planning import Told
from xiaobao_desktop.exchange.tables import RawTable
from xiaobao_desktop.services.session import Session

SETTING = "import_names."
"""What the keys of these settings begin with."""


@dataclass(frozen=True)
class Said:
    """Everything that was said of a source.

    Attributes:
        columns: plain header -> key of the field it goes into, "" for a column left out.
        names: (key of the field, plain name) -> id of the choice, code or linked record it stands for.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    names: Told = field(default_factory=dict)


def columns(session: Session, ledger: Ledger, table: RawTable) -> dict[str, str]:
    """Where columns of this table go as it was said before: header -> key of a field, "" for one left out."""
    said = _said(session, ledger, table).columns
    keys = {"", *(item.key for item in ledger.entered_fields)}
    return {header: said[plain(header)] for header in table.headers if said.get(plain(header), None) in keys}


def told(session: Session, ledger: Ledger, table: RawTable) -> Told:
    """What was said of names of this source; what stands for nothing any more is left out."""
    names = _said(session, ledger, table).names
    return {key: target for key, target in names.items() if _exists(session, ledger, key[0], target)}


def tell_column(session: Session, ledger: Ledger, table: RawTable, header: str, key: str) -> None:
    """Keep into which field a column of this source goes, "" for a column left out."""
    said = _said(session, ledger, table)
    words = f"导入{ledger.label}时记住“{header}”列对应哪个项目"
    _keep(session, ledger, table, replace(said, columns={**said.columns, plain(header): key}), words)


def tell(session: Session, ledger: Ledger, table: RawTable, key: str, name: str, target: str | int | None) -> Told:
    """Keep what a name of this source stands for; None forgets it. All that is said of names of the source.

    Args:
        session: the open book.
        ledger: the target of the import.
        table: tells the source by its headers.
        key: of the field.
        name: as it stands in the table.
        target: id of a choice, key of a code, or id of a linked record.
    """
    names = dict(told(session, ledger, table))
    names.pop((key, plain(name)), None)
    if target is not None:
        names[key, plain(name)] = target
    what = f"记住“{name}”对应哪一项" if target is not None else f"不再对应“{name}”"
    said = replace(_said(session, ledger, table), names=names)
    _keep(session, ledger, table, said, f"导入{ledger.label}时{what}")
    return names


def _said(session: Session, ledger: Ledger, table: RawTable) -> Said:
    try:
        kept = json.loads(session.book.setting(_key(ledger, table)) or "{}")
        names = {
            (str(key), str(name)): target for key, found in kept["names"].items() for name, target in found.items()
        }
        return Said({str(header): str(key) for header, key in kept["columns"].items()}, names)
    except (ValueError, AttributeError, KeyError, TypeError):
        # Nothing was said yet, or by another version of the program: a convenience is lost, never the import.
        return Said()


def _keep(session: Session, ledger: Ledger, table: RawTable, said: Said, operation: str) -> None:
    names: dict[str, dict[str, str | int]] = {}
    for (key, name), target in said.names.items():
        names.setdefault(key, {})[name] = target
    text = json.dumps({"columns": dict(said.columns), "names": names}, ensure_ascii=False, sort_keys=True)
    with session.book.transaction(operation, session.user, session.now()) as changes:
        changes.set_setting(_key(ledger, table), text if said.columns or names else None)


def _key(ledger: Ledger, table: RawTable) -> str:
    """The setting of a source: the same for the same headers, whatever their order; those of mended rows left out."""
    own = {plain(header) for header in OWN_HEADERS}
    names = sorted({plain(header) for header in table.headers} - own)
    return f"{SETTING}{ledger.key}.{hashlib.sha256(chr(31).join(names).encode()).hexdigest()[:16]}"


def _exists(session: Session, ledger: Ledger, key: str, target: object) -> bool:
    """Whether a target is still to be had: a choice or code in use, a living record."""
    if not ledger.has(key):
        return False
    item, catalog = ledger.field(key), session.rules.catalog
    if item.kind is Kind.LINK:
        found = session.book.record(session.ledger(item.options), target) if isinstance(target, int) else None
        return found is not None and not found.deleted
    if item.kind is Kind.CODE:
        node = catalog.tree(item.options).get(str(target))
        return node is not None and node.active
    if item.kind not in (Kind.CHOICE, Kind.CHOICES):
        return False
    choice = catalog.list(item.options).get(str(target))
    return choice is not None and choice.active
