"""The ledgers of the program, one file each; a new file here is a new ledger everywhere.

A module in this package is a ledger when it has a ``LEDGER``. Its ``ORDER`` (default 100) places it in lists.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from xiaobao_desktop.domain.fields import Ledger
from xiaobao_desktop.domain.relations import with_relations
from xiaobao_desktop.errors import UnknownLedger


@cache
def all_ledgers() -> tuple[Ledger, ...]:
    """Every declared ledger in display order, each with the table of its related records."""
    found: list[tuple[int, Ledger]] = []
    for info in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{info.name}")
        ledger = getattr(module, "LEDGER", None)
        if isinstance(ledger, Ledger):
            found.append((getattr(module, "ORDER", 100), ledger))
    return tuple(with_relations(ledger) for _order, ledger in sorted(found, key=lambda item: (item[0], item[1].key)))


def ledger(key: str) -> Ledger:
    """The ledger called ``key``.

    Raises:
        UnknownLedger: no ledger has that key.
    """
    for item in all_ledgers():
        if item.key == key:
            return item
    raise UnknownLedger(key=key, known="、".join(item.key for item in all_ledgers()))
