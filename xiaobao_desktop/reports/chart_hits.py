"""Where the marks of a drawn chart lie."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Box:
    """A rectangle in logical pixels."""

    x: float
    y: float
    width: float
    height: float

    def holds(self, x: float, y: float) -> bool:
        """Whether a point lies in it."""
        return self.x <= x < self.x + self.width and self.y <= y < self.y + self.height


@dataclass(frozen=True)
class Hit:
    """One mark: ``area`` answers to the pointer, ``shape`` is what is drawn."""

    kind: Literal["bar", "point", "cell"]
    area: Box
    shape: Box
