"""Records that belong together: any record of any ledger with any other, by rows that every ledger has.

A relation is one row at one of the two records; it holds for both. It is a child row like any other, so that history,
undo and restore know it without a word of their own.
"""

from __future__ import annotations

from dataclasses import replace

from xiaobao_desktop.domain.fields import ChildTable, Field, Grade, Kind, Ledger

OTHER, ADDED_ON = "other", "added_on"
RELATED = ChildTable(
    key="related",
    label="相关记录",
    fields=(
        Field(OTHER, "相关记录", Kind.RECORD, Grade.TO_SAVE),
        Field(ADDED_ON, "关联日期", Kind.DATE),
    ),
)
"""The rows of related records; no form edits them."""


def with_relations(ledger: Ledger) -> Ledger:
    """The declaration with the table of related records."""
    return replace(ledger, children=(*ledger.children, RELATED))


def reference(ledger_key: str, record_id: int) -> str:
    """The value of a RECORD field that names a record."""
    return f"{ledger_key}/{record_id}"


def read_reference(text: str) -> tuple[str, int] | None:
    """Key of the ledger and row id that a RECORD value names; None when it names nothing."""
    key, _slash, number = text.partition("/")
    return (key, int(number)) if key and number.isascii() and number.isdecimal() else None
