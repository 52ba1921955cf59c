"""Values of records as cells of a list on paper or in a workbook, for the one who is to read them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from enum import Enum

from xiaobao_desktop.domain.fields import Field, Kind, Value
from xiaobao_desktop.domain.masking import is_masked, mask_named
from xiaobao_desktop.domain.scrub import is_reference, scrub
from xiaobao_desktop.reports.sheets import Cell, CellKind, SheetColumn
from xiaobao_desktop.reports.xlsx import display_width
from xiaobao_desktop.services.listing import display, display_brief
from xiaobao_desktop.services.session import Session

LONG_WIDTH, MOST_WIDTH = 40, 30
"""Letters: width of a column of long texts, and of the widest other one."""
_LOOKED_AT = 500
"""Rows."""
_WIDTHS = {Kind.DATE: 12, Kind.PHONE: 16, Kind.ID_NUMBER: 22, Kind.CODE: MOST_WIDTH}
_KINDS = {
    Kind.DATE: CellKind.DATE,
    Kind.INTEGER: CellKind.INTEGER,
    Kind.MONEY: CellKind.MONEY,
    Kind.DECIMAL: CellKind.DECIMAL,
}
_FREE_TEXT = frozenset({Kind.TEXT, Kind.LONG_TEXT})


class Audience(Enum):
    """For whom a list is made (safety rules of the product).

    WORK: inside the bank, personal data masked, texts as written. OUTSIDE: also texts scrubbed of numbers of persons
    and of the masked names of the record.
    FULL: nothing hidden, for what leaves under a reason, an approver's name and a passphrase.
    """

    WORK = "work"
    OUTSIDE = "outside"
    FULL = "full"


def sheet_column(field: Field, label: str = "") -> SheetColumn:
    """The column of a field in a workbook; ``label`` where it is called otherwise in the list."""
    title = label or field.label
    if field.kind is Kind.LONG_TEXT:
        return SheetColumn(title, LONG_WIDTH, wrap=True)
    width = _WIDTHS.get(field.kind) or max(10, 2 * len(title) + 2)
    return SheetColumn(title, width, _KINDS.get(field.kind, CellKind.TEXT))


def fitted(columns: Sequence[SheetColumn], rows: Sequence[tuple[Cell, ...]]) -> tuple[SheetColumn, ...]:
    """The columns as wide as their texts in the first rows ask for, up to :data:`MOST_WIDTH` letters."""

    def needed(place: int) -> int:
        texts = (row[place] for row in rows[:_LOOKED_AT])
        return max((display_width(text) + 2 for text in texts if isinstance(text, str)), default=0)

    return tuple(
        column if column.wrap else replace(column, width=max(column.width, min(needed(place), MOST_WIDTH)))
        for place, column in enumerate(columns)
    )


def typed_cell(session: Session, field: Field, value: Value, audience: Audience) -> Cell:
    """A value as a typed cell: dates, numbers and money as such, all else as text; None for nothing."""
    if value is None or value == "":
        return None
    if audience is not Audience.FULL and is_masked(field):
        return display(session, field, value) or None
    if field.kind is Kind.DATE:
        return date.fromisoformat(str(value))
    if field.kind is Kind.INTEGER:
        return int(str(value))
    if field.kind in (Kind.MONEY, Kind.DECIMAL):
        return Decimal(int(str(value))).scaleb(-2)
    return _clean(field, display(session, field, value, masked=False), audience) or None


def without_names(cells: Iterable[Cell], names: Sequence[Value]) -> tuple[Cell, ...]:
    """The cells of one record with these names of persons masked in its texts."""
    if not any(names):
        return tuple(cells)
    return tuple(mask_named(item, names) if isinstance(item, str) else item for item in cells)


def brief(session: Session, field: Field, value: Value, audience: Audience) -> str:
    """A value as in a narrow list on paper."""
    return _clean(field, display_brief(session, field, value, masked=audience is not Audience.FULL), audience)


def _clean(field: Field, text: str, audience: Audience) -> str:
    """The text without numbers of persons; a ticket or document number in a field of its own is none."""
    if audience is not Audience.OUTSIDE or field.kind not in _FREE_TEXT:
        return text
    return text if field.kind is Kind.TEXT and is_reference(text) else scrub(text)
