"""What the saving of a record does to others: a finished plan item ticks off the resolution it came from.

A ledger with such effects has a module ``services/<key>_effects.py`` with a function ``after_save``; it is found by
its name and called in the transaction of the save, so that one undo takes everything back.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable
from functools import cache

from xiaobao_desktop.domain.fields import Ledger, Record
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.transaction import Transaction

Effect = Callable[[Session, Transaction, "Record | None", Record], None]
"""(session, transaction of the save, record before, record as written)."""


def after_save(session: Session, changes: Transaction, ledger: Ledger, before: Record | None, written: Record) -> None:
    """Carry out what the saving of a record of ``ledger`` does to others."""
    effect = _effect(ledger.key)
    if effect is not None:
        effect(session, changes, before, written)


@cache
def _effect(ledger_key: str) -> Effect | None:
    name = f"xiaobao_desktop.services.{ledger_key}_effects"
    if importlib.util.find_spec(name) is None:
        return None
    found: Effect = importlib.import_module(name).after_save
    return found
