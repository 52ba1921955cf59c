"""Yearly denominators kept in the book: read, written with history, and the rates made of them."""

from __future__ import annotations

import json
from dataclasses import asdict

from xiaobao_desktop.domain.denominators import ByYear, Denominators, of_period, per_10k_customers, per_outlet
from xiaobao_desktop.domain.numbers import round_half_up
from xiaobao_desktop.domain.period import Period
from xiaobao_desktop.services.session import Session

_KEY = "denominators"
_DIGITS = 2


def load(session: Session) -> dict[int, Denominators]:
    """The numbers of every year that has some, by year."""
    kept = session.book.setting(_KEY)
    found = json.loads(kept) if kept else {}
    return {int(year): Denominators(**numbers) for year, numbers in sorted(found.items())}


def save(session: Session, known: ByYear) -> None:
    """Write the numbers of all years; years without any number are left out, equal numbers write nothing."""
    filled = {year: numbers for year, numbers in sorted(known.items()) if numbers != Denominators()}
    if filled == load(session):
        return
    text = json.dumps({str(year): asdict(numbers) for year, numbers in filled.items()})
    with session.book.transaction("修改年度基数", session.user, session.now()) as changes:
        changes.set_setting(_KEY, text)


def rates(session: Session, period: Period, count: int) -> dict[str, str]:
    """``per_outlet`` and ``per_10k_customers`` of a count, two digits half up; what has no denominator is left out."""
    numbers = of_period(load(session), period)
    exact = {"per_outlet": per_outlet(count, numbers), "per_10k_customers": per_10k_customers(count, numbers)}
    return {name: str(round_half_up(rate, _DIGITS)) for name, rate in exact.items() if rate is not None}
