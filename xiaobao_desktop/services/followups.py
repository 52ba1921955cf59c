"""What is made of a record with one key: a rectification of a complaint, a plan item of a resolution.

A ledger whose records lead to others has a module ``services/<key>_followups.py`` with a function ``ways``; it is found
by its name, so that no page asks which ledger it shows.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

from xiaobao_desktop.domain.fields import Ledger, Record, Values
from xiaobao_desktop.domain.relations import ADDED_ON, OTHER, RELATED, reference
from xiaobao_desktop.services import records
from xiaobao_desktop.services.records import Saved
from xiaobao_desktop.services.session import Session


@dataclass(frozen=True)
class FollowUp:
    """Something to make of a record.

    Attributes:
        label: words on the button.
        icon: name of its icon.
        target: key of the ledger in which the new record will stand.
        begun: the new record, filled in as far as it is known, with its link to the first one; not saved.
        at_once: it may be saved as it is; otherwise its form is opened first.
    """

    label: str
    icon: str
    target: str
    begun: Record
    at_once: bool = False


def ways(session: Session, ledger: Ledger, record: Record) -> tuple[FollowUp, ...]:
    """What can be made of a saved record; () for most ledgers."""
    found = _ways(ledger.key)
    return found(session, record) if found is not None and record.id is not None and not record.deleted else ()


def carry_out(session: Session, way: FollowUp) -> Saved:
    """Save what a way has begun.

    Raises:
        RecordRefused: something is lacking that only the form can ask for; nothing was saved.
    """
    target = session.ledger(way.target)
    return records.save(session, target, way.begun, operation=way.label)


def begin(session: Session, target: Ledger, values: Values, *sources: tuple[str, int]) -> Record:
    """A new record of ``target`` with its defaults and ``values``, put beside the records it comes from.

    Args:
        session: the open book.
        target: its ledger.
        values: what is known.
        sources: (ledger key, id) of the records that no field of it links to.
    """
    start = records.begun(session, session.ledger(target.key))
    filled = {key: value for key, value in values.items() if value is not None}
    today = session.today().isoformat()
    rows = tuple({OTHER: reference(*source), ADDED_ON: today} for source in sources)
    return replace(start, values={**start.values, **filled}, children={RELATED.key: rows} if rows else {})


@cache
def _ways(ledger_key: str) -> Callable[[Session, Record], tuple[FollowUp, ...]] | None:
    name = f"xiaobao_desktop.services.{ledger_key}_followups"
    if importlib.util.find_spec(name) is None:
        return None
    found: Callable[[Session, Record], tuple[FollowUp, ...]] = importlib.import_module(name).ways
    return found
