"""Comparing many records, such as those of an import, with what the book has: which of them look alike.

A ledger that can tell has a module ``services/<key>_suspicion.py`` whose ``Comparison(session, ids)`` compares some
records at a time; it is found by its name, so that no page asks which ledger it shows.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Sequence
from typing import Any, Protocol

from xiaobao_desktop.domain.fields import Ledger
from xiaobao_desktop.services.records import Changed
from xiaobao_desktop.services.session import Session


class Comparing(Protocol):
    """A comparison under way: ``found`` so far, each with the id of its record; ``done`` of ``total`` records."""

    found: list[Any]
    done: int
    total: int

    def go_on(self, count: int) -> None:
        """Compare the next ``count`` records."""


def told(session: Session, ledger: Ledger, changed: Changed) -> list[dict[str, object]]:
    """What an import brought in that looks like other records, for the command line; [] where nothing is compared."""
    comparing = comparison(session, ledger, [record_id for key, record_id in changed if key == ledger.key])
    if comparing is None:
        return []
    comparing.go_on(comparing.total)
    return [one.told() for one in comparing.found]


def comparison(session: Session, ledger: Ledger, record_ids: Sequence[int]) -> Comparing | None:
    """A comparison of these records, None for a ledger whose records are not compared."""
    name = f"xiaobao_desktop.services.{ledger.key}_suspicion"
    if not record_ids or importlib.util.find_spec(name) is None:
        return None
    made: Comparing = importlib.import_module(name).Comparison(session, record_ids)
    return made
