"""Exact figures: rounded half up on the fraction, once."""

from __future__ import annotations

from fractions import Fraction

import pytest

from xiaobao_desktop.domain.numbers import NO_BASE, fen, growth, percent, round_half_up, share, signed, yuan


@pytest.mark.parametrize(
    ("part", "whole", "digits", "text"),
    [
        (1, 3, 2, "33.33"),
        (2, 3, 2, "66.67"),
        (1, 8, 1, "12.5"),
        (1, 800, 2, "0.13"),  # 0.125 goes up, where binary rounding gives 0.12
        (1, 16, 1, "6.3"),  # 6.25
        (5, 1000, 0, "1"),  # 0.5
        (33, 37, 2, "89.19"),
        (11, 12, 2, "91.67"),
        (0, 7, 2, "0.00"),
        (7, 7, 2, "100.00"),
    ],
)
def test_percent_is_rounded_half_up(part: int, whole: int, digits: int, text: str) -> None:
    assert percent(share(part, whole), digits) == text


def test_nothing_is_divided_by_zero() -> None:
    assert share(3, 0) is None
    assert growth(3, 0) is None
    assert percent(None) == NO_BASE == "—"


def test_negative_halves_go_away_from_zero() -> None:
    assert str(round_half_up(Fraction(-1, 8), 2)) == "-0.13"
    assert percent(growth(37, 41)) == "-9.76"


@pytest.mark.parametrize(
    ("text", "shown"),
    [("12.12", "+12.12"), ("-9.76", "−9.76"), ("0.00", "0.00"), ("-0.00", "0.00"), ("—", "—"), ("4", "+4")],
)
def test_signs(text: str, shown: str) -> None:
    assert signed(text) == shown


def test_money_is_exact_both_ways() -> None:
    assert yuan(460000) == "4,600.00"
    assert yuan(-5) == "-0.05"
    assert fen("1,234.5") == 123450
    assert fen(" 120元 ") == 12000
    assert fen("0.07") == 7
    for text in ("1.005", "abc", "", "nan", "1e400"):
        with pytest.raises(ValueError, match=r"^"):
            fen(text)
