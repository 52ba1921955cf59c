"""The figures of a report one by one: value, formula, reckoning, the records behind it, and whether its check holds.

The same list is printed as 复核页, shown beside the preview and frozen with a filed report. Values are reckoned from
statistics rows; nothing here reads a book.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from xiaobao_desktop.domain.ledgers.complaint import LEDGER as COMPLAINT
from xiaobao_desktop.domain.numbers import MINUS, NO_BASE, growth, percent, round_half_up, share, signed

PLUS, LESS, OVER, IS = "＋", "－", "÷", "＝"
_EXACT_DIGITS = 4
_MOST_TERMS = 24


class Check(StrEnum):
    """Whether a figure agrees with its check: yes, yes with a remark, no."""

    OK = "ok"
    NOTE = "note"
    WRONG = "wrong"


@dataclass(frozen=True)
class CheckFigure:
    """One figure of a report.

    Attributes:
        key: English name, the same in every version of the report.
        section: heading under which it stands.
        name: Chinese name.
        value: as the report prints it, with its unit.
        formula: in words (口径).
        calculation: the same in numbers.
        ids: the records behind it, each once.
        ledger: key of the ledger they stand in.
        state: whether the check holds.
    """

    key: str
    section: str
    name: str
    value: str
    formula: str
    calculation: str
    ids: tuple[int, ...]
    ledger: str = COMPLAINT.key
    state: Check = Check.OK


def verdict(figures: Sequence[CheckFigure]) -> str:
    """How the checks went: 39项全部通过, or which do not."""
    wrong = sum(figure.state is Check.WRONG for figure in figures)
    noted = sum(figure.state is Check.NOTE for figure in figures)
    if wrong:
        return f"{len(figures)}项中{wrong}项未通过"
    return f"{len(figures)}项全部通过" + (f"，其中{noted}项有附注" if noted else "")


def unique(*groups: Iterable[int]) -> tuple[int, ...]:
    """The ids of all groups, each once, in order of first appearance."""
    first, *others = groups or ((),)
    if not others and isinstance(first, tuple) and len(set(first)) == len(first):
        return first  # Many figures stand on the same thousands of records: one tuple is enough.
    return tuple(dict.fromkeys(one for group in groups for one in group))


def number(value: int) -> str:
    """An integer with thousands separated and the minus of the reports."""
    return f"{value:,}".replace("-", MINUS)


def rate(value: Fraction | None, digits: int) -> str:
    """A share as the reports print it."""
    return NO_BASE if value is None else f"{percent(value, digits)}%"


def exact(value: Fraction, unit: str = "") -> str:
    """An exact number as far as it goes: 12.5, or cut after four decimals with … where it goes on."""
    scaled = abs(value) * 10**_EXACT_DIGITS
    whole, fraction = divmod(scaled.numerator // scaled.denominator, 10**_EXACT_DIGITS)
    sign = MINUS if value < 0 else ""
    decimals = f"{fraction:0{_EXACT_DIGITS}d}"
    if scaled.denominator == 1:
        decimals = decimals.rstrip("0").ljust(2, "0")
        return f"{sign}{whole:,}.{decimals}{unit}"
    return f"{sign}{whole:,}.{decimals}…{unit}"


def division(part: int, whole: int) -> str:
    """33÷37＝89.1891…%; at a zero base the reason why there is no rate."""
    found = share(part, whole)
    return f"{number(part)}{OVER}{number(whole)}，基数为0" if found is None else _divided(part, whole, found)


def _divided(part: int, whole: int, found: Fraction) -> str:
    return f"{number(part)}{OVER}{number(whole)}{IS}{exact(found * 100, '%')}"


def total(terms: Sequence[int], unit_text: str = "") -> str:
    """15＋9＋5＝29; very long sums name only how many terms there are."""
    if len(terms) < 2:
        return f"{number(terms[0])}（只有1项）" if terms else f"没有明细{IS}0"
    if len(terms) > _MOST_TERMS:
        return f"{len(terms)}项相加{IS}{number(sum(terms))}"
    return f"{PLUS.join(number(term) for term in terms)}{IS}{number(sum(terms))}{unit_text}"


class Collector:
    """Collects the figures of one section after the other."""

    def __init__(self, digits: int) -> None:
        """Start empty; ``digits`` are the decimals of percentages."""
        self.digits = digits
        self.section = ""
        self.found: list[CheckFigure] = []

    def add(
        self,
        key: str,
        name: str,
        value: str,
        formula: str,
        calculation: str,
        ids: Iterable[int],
        *,
        ledger: str = COMPLAINT.key,
        holds: bool = True,
        note: bool = False,
    ) -> None:
        """Add a figure; ``holds`` is its check, ``note`` a remark on it."""
        state = Check.WRONG if not holds else Check.NOTE if note else Check.OK
        self.found.append(CheckFigure(key, self.section, name, value, formula, calculation, unique(ids), ledger, state))

    def share(
        self, key: str, name: str, formula: str, part: int, whole: int, ids: Iterable[int], *, ledger: str = ""
    ) -> None:
        """Add a share of two counts; the part may not be larger than the whole."""
        value = rate(share(part, whole), self.digits)
        used = ledger or COMPLAINT.key
        self.add(key, name, value, formula, division(part, whole), ids, ledger=used, holds=0 <= part <= whole)

    def change(
        self, key: str, name: str, words: tuple[str, str], now: int, base: int, ids: Iterable[int], *, ledger: str = ""
    ) -> None:
        """Add a relative change; ``words`` name the two periods (本月, 上月)."""
        found = growth(now, base)
        this, before = words
        top = f"（{number(now)}{LESS}{number(base)}）{OVER}{number(base)}"
        value = NO_BASE if found is None else f"{signed(percent(found, self.digits))}%"
        reckoned = f"{number(base)}为基数，不计算增幅" if found is None else f"{top}{IS}{exact(found * 100, '%')}"
        formula = f"（{this}{LESS}{before}）{OVER}{before}"
        self.add(key, name, value, formula, reckoned, ids, ledger=ledger or COMPLAINT.key)

    def average(self, key: str, name: str, formula: str, sum_of: int, count: int, ids: Iterable[int]) -> None:
        """Add an average in days."""
        found = share(sum_of, count)
        if found is None:
            self.add(key, name, NO_BASE, formula, f"{sum_of}{OVER}0，基数为0", ids)
            return
        value = f"{round_half_up(found, max(self.digits, 1))}日"
        self.add(key, name, value, formula, f"{number(sum_of)}{OVER}{number(count)}{IS}{exact(found)}", ids)
