"""Reading typed or foreign values with the names that the open book knows."""

from __future__ import annotations

from xiaobao_desktop.domain.catalog import plain
from xiaobao_desktop.domain.dates import DateHints
from xiaobao_desktop.domain.fields import Field, Grade, Kind, Ledger, Privacy, Value
from xiaobao_desktop.errors import ValueRefused
from xiaobao_desktop.exchange.cell_values import Lookups, read_cells
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.query import OWN, Query


def lookups(session: Session, target: Ledger) -> Lookups:
    """Names that the fields of a ledger may take from: lists, trees, and records of linked ledgers."""
    wanted = {item.options for item in target.entered_fields if item.kind is Kind.LINK}
    by_name = frozenset(key for key in wanted if _made_by_name(session.ledger(key)))
    return Lookups(session.rules.catalog, {key: _links(session, key) for key in wanted}, by_name)


def read_for_search(session: Session, item: Field, text: str) -> Value:
    """The value behind a typed text, for a condition on the command line.

    Raises:
        ValueRefused: the text is no value of this field.
    """
    known = Lookups(
        session.rules.catalog, {item.options: _links(session, item.options)} if item.kind is Kind.LINK else {}
    )
    found = read_cells(item, [text], known, DateHints(year=session.today().year))
    if found.problem or found.unknown:
        raise ValueRefused(label=item.label, reason=found.problem or f"没有“{text}”这一项")
    return found.value


def _links(session: Session, key: str) -> dict[str, int]:
    """Records of a ledger by plain name, short name and number; the first of equal names wins.

    Where the name is that of a private person, only the number tells records apart.
    """
    target = session.ledger(key)
    names = (target.title[0], "short_name") if _named(target) else ()
    keys = [name for name in names if target.has(name)]
    rows = session.book.rows(target, session.book.ids(target, Query(where=(OWN,), order=(("number", False),))), keys)
    found: dict[str, int] = {}
    for row in rows:
        for name in ("number", *keys):
            if row[name]:
                found.setdefault(plain(str(row[name])), int(str(row["id"])))
    return found


def _named(target: Ledger) -> bool:
    """Whether records of a ledger go by a name that is not personal data."""
    return target.field(target.title[0]).privacy is not Privacy.C2


def _made_by_name(target: Ledger) -> bool:
    """Whether a record can be made from its name alone: nothing else has to be there to save it."""
    needed = {item.key for item in target.fields if item.grade is Grade.TO_SAVE and item.default is None}
    return _named(target) and needed <= {target.title[0]}
