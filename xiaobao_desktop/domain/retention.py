"""保管期限: when a record may be destroyed, and what is left of it then.

The numbers are dated data (``resources/rules/retention.json``); nothing is ever destroyed by itself. What stays after
an erasure is what statistics count by: codes, dates, numbers, links. Whatever tells of a person, and every free text
of a ledger that tells of customers, is written over with a tombstone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from xiaobao_desktop.domain.fields import Field, Kind, Ledger, Privacy, Record, Value, Values
from xiaobao_desktop.domain.masking import ERASED

MOST_YEARS = 99
_TEXTS = frozenset({Kind.TEXT, Kind.LONG_TEXT})
_PERSONAL = frozenset({Kind.PERSON_NAME, Kind.PHONE, Kind.ID_NUMBER, Kind.ACCOUNT, Kind.ADDRESS})


@dataclass(frozen=True)
class Retention:
    """How long the records of a ledger are kept.

    Attributes:
        ledger: key of the ledger.
        floor_years: never fewer; from the regulation that ``source`` names.
        years: what a new book begins with.
        setting: key in the book of the bank's own number.
        ends: keys of dates; the first filled one begins the term.
        open_states: ids of the states of a record that is not finished.
        pending: keys of dates that, while filled, tell of something still to be done.
        kept_texts: keys of texts that stay: codes, products, departments.
        source: the regulation, "" for none.
    """

    ledger: str
    floor_years: int
    years: int
    setting: str
    ends: tuple[str, ...]
    open_states: frozenset[str] = frozenset()
    pending: tuple[str, ...] = ()
    kept_texts: frozenset[str] = frozenset()
    source: str = ""


def years_of(rule: Retention, text: str | None) -> int:
    """Years in force: the bank's own number where it is one, never below the floor."""
    own = int(text) if text and text.strip().isdecimal() else rule.years
    return min(max(own, rule.floor_years), MOST_YEARS)


def ended_on(rule: Retention, values: Values, deleted_on: str = "") -> str:
    """The ISO day on which the term of a record begins, "" while it is not finished.

    Args:
        rule: of its ledger.
        values: of the record.
        deleted_on: ISO day on which it went to the recycle bin, which finishes a record that has no end of its own.
    """
    if str(values.get("state") or "") not in rule.open_states:
        own = next((str(values[key]) for key in rule.ends if values.get(key)), "")
        if own:
            return own
    return deleted_on


def destroyable_from(ended: str, years: int) -> str:
    """The first ISO day on which a record may be destroyed: whole years must have passed since ``ended``."""
    day = date.fromisoformat(ended)
    try:
        last = day.replace(year=day.year + years)
    except ValueError:  # 29 February
        last = date(day.year + years, 2, 28)
    return (last + timedelta(days=1)).isoformat()


def still_pending(ledger: Ledger, rule: Retention, values: Values) -> tuple[str, ...]:
    """Labels of what is still to be done about a finished record."""
    return tuple(ledger.field(key).label for key in rule.pending if values.get(key))


def of_customers(ledger: Ledger) -> bool:
    """Whether records of a ledger tell of customers: then no free text of theirs can be trusted to tell of nobody."""
    return any(item.privacy is Privacy.C2 for item in ledger.fields)


def goes(rule: Retention, field: Field, *, customers: bool) -> bool:
    """Whether the value of a field is written over.

    Args:
        rule: of the ledger.
        field: of the ledger or of a child table.
        customers: from :func:`of_customers`.
    """
    if field.key in rule.kept_texts:
        return False
    if field.kind in _PERSONAL or field.kind is Kind.LONG_TEXT:
        return True
    return field.kind in _TEXTS and (customers or field.privacy is not Privacy.NONE)


def remains(ledger: Ledger, rule: Retention, record: Record) -> Record:
    """The record as it stays: what goes says :data:`ERASED` where there was something, child rows keep their ids."""
    customers = of_customers(ledger)

    def left(fields: tuple[Field, ...], values: Values) -> Mapping[str, Value]:
        gone = {item.key: ERASED for item in fields if values.get(item.key) and goes(rule, item, customers=customers)}
        return {**values, **gone}

    children = {
        table.key: tuple(left(table.fields, row) for row in record.children.get(table.key, ()))
        for table in ledger.children
    }
    return replace(record, values=left(ledger.fields, record.values), children=children)


def personal_words(ledger: Ledger, record: Record) -> frozenset[str]:
    """What tells the customers of a record elsewhere too (in what a list was narrowed by): names and numbers of C2."""
    found = {str(record.values.get(item.key) or "").strip() for item in ledger.fields if item.privacy is Privacy.C2}
    for table in ledger.children:
        for row in record.children.get(table.key, ()):
            found |= {str(row.get(item.key) or "").strip() for item in table.fields if item.privacy is Privacy.C2}
    return frozenset(word for word in found if len(word) > 1 and word != ERASED)
