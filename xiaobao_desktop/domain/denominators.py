"""Yearly denominators: outlets, personal customers, staff; complaints per outlet and per ten thousand customers.

The indicators are those that regulators publish (每营业网点投诉量, 每万个人客户投诉量); the bank fills the numbers in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from xiaobao_desktop.domain.period import Period

TEN_THOUSAND = 10_000


@dataclass(frozen=True)
class Denominators:
    """The numbers of one year; None = not filled in."""

    outlets: int | None = None
    customers: int | None = None
    staff: int | None = None


ByYear = Mapping[int, Denominators]


def of_period(known: ByYear, period: Period) -> Denominators:
    """The numbers of the year that a period lies in; nothing for a period over several years."""
    if period.first.year != period.last.year:
        return Denominators()
    return known.get(period.first.year, Denominators())


def per_outlet(count: int, numbers: Denominators) -> Fraction | None:
    """Complaints per outlet, exact; None when the number of outlets is missing or zero."""
    return Fraction(count, numbers.outlets) if numbers.outlets else None


def per_10k_customers(count: int, numbers: Denominators) -> Fraction | None:
    """Complaints per ten thousand personal customers, exact; None when their number is missing or zero."""
    return Fraction(count * TEN_THOUSAND, numbers.customers) if numbers.customers else None
