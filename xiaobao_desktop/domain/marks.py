"""What tells a person or a ticket for certain: phone, ID number, ticket number, in the form in which they are compared.

Pure functions. The store keeps keyed hashes of these texts beside the records of a ledger that names such fields
(``Ledger.recognised_by``), so that equal ones are found at once.
"""

from __future__ import annotations

import re

from xiaobao_desktop.domain.catalog import plain
from xiaobao_desktop.domain.fields import Field, Kind, Ledger, Values
from xiaobao_desktop.domain.masking import ERASED

_COUNTRY = re.compile(r"^(?:00)?86(?=1\d{10}$)")
SHORTEST = {Kind.PHONE: 7, Kind.ID_NUMBER: 15}
"""Fewer characters than this are not a whole number; other kinds of fields need :data:`SHORTEST_TEXT`."""
SHORTEST_TEXT = 5


def marks(ledger: Ledger, values: Values) -> dict[str, str]:
    """The marks of a record by field key; fields that hold nothing certain are left out."""
    found = {key: mark_text(ledger.field(key), str(values.get(key) or "")) for key in ledger.recognised_by}
    return {key: text for key, text in found.items() if text}


def mark_text(field: Field, text: str) -> str:
    """A value in the form in which it is compared; "" when it is masked, destroyed, cut short or empty.

    Phones lose blanks, dashes and the country code; ID numbers and tickets lose blanks and signs.
    """
    if not text or "*" in text or "＊" in text or text == ERASED:
        return ""
    kept = plain(text)
    if field.kind is Kind.PHONE:
        kept = _COUNTRY.sub("", "".join(ch for ch in kept if ch.isdigit()))
    return kept if len(kept) >= SHORTEST.get(field.kind, SHORTEST_TEXT) else ""
