"""Between the filters of a list and what is kept of them under a name."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from xiaobao_desktop.domain.fields import Kind, Ledger
from xiaobao_desktop.services import origins
from xiaobao_desktop.services.saved_filters import SavedPart
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui.models import filters
from xiaobao_desktop.ui.models.filters import Filter


def remember(session: Session, ledger: Ledger, chosen: Iterable[Filter]) -> tuple[SavedPart, ...]:
    """What to keep of the filters in force; filters that are on no field of the ledger are left out."""
    return tuple(_part(session, ledger, one) for one in chosen if _known(ledger, one.key))


def revive(session: Session, ledger: Ledger, parts: Iterable[SavedPart]) -> dict[str, Filter]:
    """The filters by field, as they are meant today; fields that are gone are left out."""
    made = {part.key: _filter(session, ledger, part) for part in parts if _known(ledger, part.key)}
    return {key: found for key, found in made.items() if found is not None}


def _known(ledger: Ledger, key: str) -> bool:
    return key == origins.FIELD.key or ledger.has(key)


def _part(session: Session, ledger: Ledger, chosen: Filter) -> SavedPart:
    condition, key = chosen.condition, chosen.key
    if condition.op == "empty":
        return SavedPart(key, "unfilled")
    if origins.field_of(ledger, key).kind in filters.TICKED:
        return SavedPart(key, "ticked", chosen.picked)
    if condition.op == "between":
        named = [span.name for span in filters.spans(session.today()) if span.words == chosen.words]
        return SavedPart(key, "span", (named[0],)) if named else SavedPart(key, "period", chosen.picked)
    return SavedPart(key, "text", chosen.picked)


def _filter(session: Session, ledger: Ledger, part: SavedPart) -> Filter | None:
    item = origins.field_of(ledger, part.key)
    if part.way == "unfilled":
        return filters.unfilled(part.key)
    if part.way == "ticked":
        return filters.ticked(session, ledger, item, part.values) if item.kind in filters.TICKED else None
    if part.way == "text":
        return filters.containing(part.key, str(part.values[0] if part.values else ""))
    if item.kind is not Kind.DATE:
        return None
    if part.way == "span":
        found = [span for span in filters.spans(session.today()) if (span.name,) == part.values]
        return filters.in_period(part.key, found[0].first, found[0].last, found[0].words) if found else None
    first, last = (date.fromisoformat(str(value)) if value else None for value in part.values)
    return filters.in_period(part.key, first, last)
