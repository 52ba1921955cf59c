"""The recovery key on paper: 48 digits in 8 groups of 6.

Each group is five random digits and a check digit, so that a mistyped group is named at once. 40 random digits are
132 bits. The check digit follows Damm (2004): it notices every single wrong digit and every swap of neighbours;
starting from the group's place also notices groups typed in the wrong order.
"""

from __future__ import annotations

import secrets
import unicodedata

GROUPS = 8
GROUP_DIGITS = 6

_DAMM = (
    "0317598642",
    "7092154863",
    "4206871359",
    "1750983426",
    "6123045978",
    "3674209581",
    "5869720134",
    "8945362017",
    "9438617205",
    "2581436790",
)
"""Damm's table of order 10: row = state, column = digit, entry = next state."""


def new_recovery_key() -> str:
    """A random recovery key, written as eight groups with blanks between."""
    groups = []
    for place in range(GROUPS):
        digits = f"{secrets.randbelow(10 ** (GROUP_DIGITS - 1)):0{GROUP_DIGITS - 1}d}"
        groups.append(digits + _check_digit(place, digits))
    return " ".join(groups)


def digits_of(text: str) -> str | None:
    """The 48 digits of a typed recovery key, or None when the text is no recovery key or a group is mistyped.

    Blanks, dashes and full-width digits are accepted.
    """
    digits = _only_digits(text)
    if digits is None or len(digits) != GROUPS * GROUP_DIGITS:
        return None
    return digits if not wrong_groups(text) else None


def wrong_groups(text: str) -> tuple[int, ...]:
    """Places (1 to 8) of the groups whose check digit does not fit; missing groups do not fit either."""
    digits = _only_digits(text) or ""
    return tuple(
        place + 1
        for place in range(GROUPS)
        if not group_fits(place + 1, digits[place * GROUP_DIGITS : (place + 1) * GROUP_DIGITS])
    )


def group_fits(place: int, text: str) -> bool:
    """Whether a typed group can be the one at ``place`` (1 to 8): six digits with the right check digit."""
    digits = _only_digits(text)
    if digits is None or len(digits) != GROUP_DIGITS:
        return False
    return _check_digit(place - 1, digits[:-1]) == digits[-1]


def _only_digits(text: str) -> str | None:
    folded = unicodedata.normalize("NFKC", text)
    kept = "".join(ch for ch in folded if not ch.isspace() and unicodedata.category(ch) != "Pd")
    return kept if kept.isascii() and kept.isdigit() else None


def _check_digit(place: int, digits: str) -> str:
    state = place
    for digit in digits:
        state = int(_DAMM[state][int(digit)])
    # In Damm's table the check digit of a state is the state itself: its own column leads to 0.
    return str(state)
