"""How alike two texts are, as an exact fraction. Pure functions.

Texts are compared by their pairs of neighbouring characters: Chinese has no blanks between words, and pairs keep more
of the sense than single characters. Punctuation, blanks, width and case of letters do not count.
"""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction
from operator import add

SHORTEST_PART = 12
"""A text with fewer pairs than this says too little to be told as part of a longer one."""

_SIGNS = re.compile(r"[\W_]+")

Pairs = frozenset[str]
"""The pairs of neighbouring characters of a text."""


def pairs(text: str) -> Pairs:
    """The pairs of neighbouring characters of a text; empty for a text of one character or none."""
    kept = _SIGNS.sub("", unicodedata.normalize("NFKC", text).lower())
    return frozenset(map(add, kept, kept[1:]))


def likeness(one: Pairs, other: Pairs) -> Fraction:
    """Which part of two texts is the same, from 0 to 1.

    Pairs in common against all pairs of both (Jaccard); where the shorter text is long enough to speak for itself,
    also against those of the shorter one, because a complaint is often told again with more words.
    """
    common = len(one & other)
    if not common:
        return Fraction(0)
    shorter = min(len(one), len(other))
    whole = Fraction(common, len(one) + len(other) - common)
    return max(whole, Fraction(common, shorter)) if shorter >= SHORTEST_PART else whole
