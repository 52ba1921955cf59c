"""What a cell of a list shows and how: text, weight, tone. Made by a presenter, painted by the delegate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Look = Literal["text", "quiet", "strong", "pill", "solid"]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell.

    Attributes:
        text: as shown, personal data already masked.
        look: plain, quiet (label colour), strong (weight 500), a tinted pill, or a solid pill.
        tone: colour of a pill or of strong text: ``blue``, ``amber``, ``green``, ``grey``, ``red``; "" for ink.
        right: aligned to the right (numbers, terms).
    """

    text: str
    look: Look = "text"
    tone: str = ""
    right: bool = False
