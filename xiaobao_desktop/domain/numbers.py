"""Exact figures: integers and fractions, rounded half up once, at the edge."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

MINUS = "\u2212"
NO_BASE = "—"


def share(part: int, whole: int) -> Fraction | None:
    """``part`` of ``whole`` as an exact fraction, None when ``whole`` is zero."""
    return Fraction(part, whole) if whole else None


def growth(now: int, base: int) -> Fraction | None:
    """Relative change from ``base`` to ``now``; None when the base is zero (printed as —)."""
    return Fraction(now - base, base) if base else None


def round_half_up(value: Fraction, digits: int) -> Decimal:
    """``value`` to ``digits`` decimals, ROUND_HALF_UP on the exact fraction (away from zero at the half)."""
    scaled = abs(value) * 10**digits
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(whole if value >= 0 else -whole).scaleb(-digits)


def percent(value: Fraction | None, digits: int = 2) -> str:
    """A fraction as percent text without the sign %: Fraction(1, 3) -> "33.33"; None -> "—"."""
    if value is None:
        return NO_BASE
    return f"{round_half_up(value * 100, digits):.{digits}f}"


def signed(text: str) -> str:
    """A number text with + or − (U+2212) in front; zero and "—" stay as they are."""
    if text == NO_BASE or not any(ch in "123456789" for ch in text):
        return text.lstrip("-")
    return f"{MINUS}{text[1:]}" if text.startswith("-") else f"+{text}"


def yuan(fen: int) -> str:
    """Money as text in yuan, two decimals, thousands separated: 460000 -> 4,600.00."""
    return f"{Decimal(fen).scaleb(-2):,.2f}"


def plain_decimal(hundredths: int) -> str:
    """A number kept in hundredths as short text: 300 -> 3, 150 -> 1.5, 225 -> 2.25."""
    return f"{Decimal(hundredths).scaleb(-2):,.2f}".rstrip("0").rstrip(".")


def fen(text: str) -> int:
    """Yuan as typed (1,234.5 or 1234.50 元) in fen.

    Raises:
        ValueError: not a number, or more than two decimals that are not zero.
    """
    cleaned = text.strip().rstrip("元").replace(",", "").replace("，", "").strip()
    match = re.fullmatch(r"(-?\d{1,15})(?:\.(\d*?)0*)?", cleaned)
    if match is None or len(match[2] or "") > 2:
        raise ValueError(text)
    return int(Decimal(f"{match[1]}.{match[2] or '0'}").scaleb(2))
