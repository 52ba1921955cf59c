"""Reading for lists: ids in order, rows of shown columns, facets for filters, values as text."""

from __future__ import annotations

from collections.abc import Sequence

from xiaobao_desktop.domain.catalog import UNFILLED
from xiaobao_desktop.domain.fields import Field, Kind, Ledger, Value, Values, is_empty
from xiaobao_desktop.domain.masking import hider, is_masked, mask_text
from xiaobao_desktop.domain.numbers import plain_decimal, yuan
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.query import OWN, Condition, Query


def ids(session: Session, ledger: Ledger, query: Query) -> list[int]:
    """Ids of the records a list shows, in its order."""
    return session.book.ids(ledger, query)


def count(session: Session, ledger: Ledger, query: Query) -> int:
    """How many records a query finds."""
    return session.book.count(ledger, query)


def rows(session: Session, ledger: Ledger, record_ids: Sequence[int], keys: Sequence[str]) -> list[dict[str, Value]]:
    """Raw values of some columns, with ``id`` and ``number``, in the order of ``record_ids``."""
    return session.book.rows(ledger, record_ids, keys)


def facets(session: Session, ledger: Ledger, key: str, query: Query) -> list[tuple[Value, str, int]]:
    """The values a column has under a query: raw value, text, count; 未填写 for empty ones, most frequent first."""
    item = ledger.field(key)
    counted: dict[Value, int] = {}
    for value, number in session.book.distinct(ledger, key, query):
        raw = None if is_empty(value) else value
        counted[raw] = counted.get(raw, 0) + number
    found = [(value, display(session, item, value) or UNFILLED, number) for value, number in counted.items()]
    return sorted(found, key=lambda facet: (facet[0] is None, -facet[2], facet[1]))


def under(session: Session, ledger: Ledger, key: str, code: str) -> Condition:
    """The condition "this code or one below it" for a CODE field."""
    tree = session.rules.catalog.tree(ledger.field(key).options)
    return Condition(
        key, "in", tuple(item.key for item in tree.codes if code in {node.key for node in tree.path(item.key)})
    )


def display_brief(session: Session, field: Field, value: Value, *, masked: bool = True) -> str:
    """A value as shown in a narrow list: the short name of a choice where it has one, else as :func:`display`."""
    if field.kind is Kind.CHOICE and value:
        found = session.rules.catalog.list(field.options).get(str(value))
        if found is not None and "short" in found.extra:
            return found.extra["short"]
    return display(session, field, value, masked=masked)


def display(session: Session, field: Field, value: Value, *, masked: bool = True) -> str:
    """A value as shown and exported: names for ids, yuan for money, 是 or 否; "" for nothing.

    Args:
        session: gives names of choices, codes and linked records.
        field: the declaration of the value.
        value: raw value.
        masked: hide personal data of level C2.
    """
    if is_empty(value) or value is None:
        return ""
    text = _text(session, field, value)
    return mask_text(field.kind, text) if masked and is_masked(field) else text


def title_texts(session: Session, ledger: Ledger, values: Values) -> list[str]:
    """What tells a record in one line, masked: also names and numbers of its person in its own words; "" left out."""
    hide = hider(ledger, values)
    shown = ((item, display(session, item, values.get(item.key))) for item in map(ledger.field, ledger.title))
    texts = (hide(text, item.kind) for item, text in shown)
    return [text for text in texts if text]


def _text(session: Session, field: Field, value: Value) -> str:
    catalog = session.rules.catalog
    if field.kind is Kind.CHOICE:
        return catalog.list(field.options).label(str(value))
    if field.kind is Kind.CHOICES:
        names = value if isinstance(value, tuple) else (str(value),)
        return "、".join(catalog.list(field.options).label(name) for name in names)
    if field.kind is Kind.CODE:
        return catalog.tree(field.options).label(str(value))
    if field.kind is Kind.LINK:
        return session.link_name(field.options, int(str(value))) or f"#{value}"
    if field.kind is Kind.RECORD:
        return session.record_name(str(value))
    if field.kind is Kind.YES_NO:
        return "是" if value else "否"
    if field.kind is Kind.MONEY:
        return yuan(int(str(value)))
    if field.kind is Kind.DECIMAL:
        return plain_decimal(int(str(value)))
    return str(value)


def link_options(session: Session, ledger_key: str, active_only: bool = True) -> tuple[tuple[int, str], ...]:
    """The records a LINK field may choose: (id, name); those out of use and those of other books left out."""
    target = next(item for item in session.ledgers if item.key == ledger_key)
    where = (Condition("active", "eq", (True,)),) if active_only and target.has("active") else ()
    chosen = session.book.ids(target, Query(where=(OWN, *where), order=(("number", False),)))
    names = session.link_names(ledger_key)
    return tuple((record_id, names[record_id]) for record_id in chosen)
