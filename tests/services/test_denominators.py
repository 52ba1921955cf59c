"""Yearly denominators: exact rates, kept in the book, in the statistics of the command line."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest

from tests.services.support import COMPLAINT, a_complaint, new_book
from xiaobao_desktop import cli
from xiaobao_desktop.domain.denominators import Denominators, of_period, per_10k_customers, per_outlet
from xiaobao_desktop.domain.period import parse_period
from xiaobao_desktop.services import denominators, records


def test_rates_are_exact_and_missing_without_a_denominator() -> None:
    numbers = Denominators(outlets=44, customers=135_600)
    assert per_outlet(191, numbers) == Fraction(191, 44)
    assert per_10k_customers(191, numbers) == Fraction(1_910_000, 135_600)
    for none in (Denominators(), Denominators(outlets=0, customers=0, staff=3)):
        assert per_outlet(1, none) is None
        assert per_10k_customers(1, none) is None


def test_a_period_takes_the_numbers_of_its_year() -> None:
    known = {2025: Denominators(outlets=10), 2026: Denominators(outlets=12)}
    assert of_period(known, parse_period("2026Q3")).outlets == 12
    assert of_period(known, parse_period("2025")).outlets == 10
    assert of_period(known, parse_period("2024")) == Denominators()
    assert of_period(known, parse_period("2025-12-01..2026-01-31")) == Denominators()


def test_they_are_kept_in_the_book_and_counted_with(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    session = new_book(tmp_path / "book")
    for day in ("2026-10-08", "2026-10-09"):
        records.save(session, COMPLAINT, a_complaint(day))
    assert denominators.load(session) == {}
    kept = {2026: Denominators(3, 16_000, 41), 2025: Denominators(outlets=2)}
    denominators.save(session, {**kept, 2024: Denominators()})
    assert denominators.load(session) == kept
    anchor = session.book.anchor()
    denominators.save(session, kept)
    assert session.book.anchor() == anchor
    session.close()
    for period, rates in (("2026-10", ("0.67", "1.25")), ("2025", ("0.00", None)), ("2024", (None, None))):
        assert cli.run(["--book", str(tmp_path / "book"), "stats", "--period", period, "--json"]) == 0
        found = json.loads(capsys.readouterr().out)
        assert (found.get("per_outlet"), found.get("per_10k_customers")) == rates, period
