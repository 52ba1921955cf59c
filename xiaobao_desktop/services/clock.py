"""The only clock of the program; everything below gets the time as an argument."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

Clock = Callable[[], datetime]
"""Gives the local time."""


def wall_clock() -> datetime:
    """The PC's local time to the second, with the offset of its zone."""
    return datetime.now().astimezone().replace(microsecond=0)
