"""The question types that lists hand to the services; the only line of the window that names where they live."""

from __future__ import annotations

from xiaobao_desktop.store.query import OWN, Condition, Query

__all__ = ["OWN", "Condition", "Query"]
