"""The bands of the workbench."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from xiaobao_desktop.domain.todo import BANDS, OVERDUE, SOON, TODAY, WEEK, DueItem, band_of, days_text, grouped, horizon

NOW = date(2026, 11, 23)


def item(days: int, number: str = "TS-2026-0001", kind: str = "投诉") -> DueItem:
    return DueItem("complaint", 1, number, kind, "年费", "城关支行", NOW + timedelta(days=days))


@pytest.mark.parametrize(
    ("days", "band"),
    [(-30, OVERDUE), (-1, OVERDUE), (0, TODAY), (1, SOON), (3, SOON), (4, WEEK), (7, WEEK), (8, ""), (300, "")],
)
def test_each_day_belongs_to_one_band(days: int, band: str) -> None:
    assert band_of(NOW + timedelta(days=days), NOW) == band


def test_the_horizon_is_the_last_day_of_the_last_band() -> None:
    assert band_of(horizon(NOW), NOW) == WEEK
    assert band_of(horizon(NOW) + timedelta(days=1), NOW) == ""


def test_groups_are_all_there_in_order_and_sorted_by_day_then_number() -> None:
    items = [item(2), item(-9, "TS-2026-0009"), item(20), item(-1), item(-1, "TS-2026-0000"), item(7)]
    bands = grouped(items, NOW)
    assert [(band.key, band.name) for band in bands] == list(BANDS)
    assert [len(band.items) for band in bands] == [3, 0, 1, 1]
    assert [found.number for found in bands[0].items] == ["TS-2026-0009", "TS-2026-0000", "TS-2026-0001"]


def test_kinds_are_counted() -> None:
    band = grouped([item(2), item(1), item(3, kind="报送")], NOW)[2]
    assert band.by_kind == (("投诉", 2), ("报送", 1))


@pytest.mark.parametrize(("days", "words"), [(-9, "逾期 9 天"), (0, "今天"), (5, "剩 5 天")])
def test_the_term_in_words(days: int, words: str) -> None:
    assert days_text(item(days), NOW) == words
