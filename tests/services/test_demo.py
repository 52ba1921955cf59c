"""The demo book: the same for the same seed, believable, and its figures in balance."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tests.services.support import BRANCH, COMPLAINT, STAFF
from xiaobao_desktop.domain.ledgers import all_ledgers
from xiaobao_desktop.domain.period import month
from xiaobao_desktop.domain.values import check_id_number, check_phone
from xiaobao_desktop.errors import UnknownPeriod
from xiaobao_desktop.services import books, complaint_statistics, demo, listing, records
from xiaobao_desktop.services.complaint_rows import case_rows
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.errors import BookExists
from xiaobao_desktop.store.query import Query

TOTAL = 420


def opened(place: Path, **options: object) -> Session:
    demo.make_demo(place, **options)  # type: ignore[arg-type]
    return books.open_book(place, None)


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    session = opened(tmp_path_factory.mktemp("demo") / "book", seed=1, complaints=TOTAL)
    yield session
    session.close()


def everything(session: Session) -> list[object]:
    found: list[object] = []
    for target in all_ledgers():
        ids = listing.ids(session, target, Query(order=(("id", False),)))
        found += [(item.number, dict(item.values), item.children) for item in session.book.records(target, ids)]
    return found


def test_the_same_seed_gives_the_same_records(tmp_path: Path) -> None:
    first, again, other = (
        opened(tmp_path / str(place), seed=seed, complaints=60) for place, seed in enumerate((1, 1, 8))
    )
    try:
        assert everything(again) == everything(first)
        assert everything(other) != everything(first)
    finally:
        for session in (first, again, other):
            session.close()


def test_a_bank_of_fourteen_outlets_with_people_and_two_years_of_complaints(shown: Session) -> None:
    assert listing.count(shown, BRANCH, Query()) == 14
    assert complaint_statistics.outlet_count(shown) == 14
    assert listing.count(shown, STAFF, Query()) >= 14
    assert listing.count(shown, COMPLAINT, Query()) == TOTAL
    months = {f"{row.received_on:%Y-%m}" for row in case_rows(shown)}
    assert (min(months), max(months), len(months)) == ("2024-11", "2026-10", 24)
    assert not books.needs_password(shown.directory)
    assert shown.settings.demo == "1"


def test_the_demo_would_pass_its_own_checks(shown: Session) -> None:
    """Every record could be saved as it is, nothing in it looks odd, and what is stored equals what follows from it."""
    for target in all_ledgers():
        for record in shown.book.records(target, listing.ids(shown, target, Query())):
            assert records.check(shown, target, record) == (), record.number
            assert records.preview(shown, target, record) == record
    values = [item.values for item in shown.book.records(COMPLAINT, listing.ids(shown, COMPLAINT, Query()))]
    assert all(check_phone(str(item["phone"])) is None for item in values)
    assert all(check_id_number(str(item["id_number"])) is None for item in values if item["id_number"])
    assert any(item["id_number"] for item in values)


def test_figures_are_in_balance_in_every_month(shown: Session) -> None:
    ending: int | None = None
    for number in range(24):
        year, index = divmod(2024 * 12 + 10 + number, 12)
        found = complaint_statistics.statistics(shown, month(year, index + 1)).figures
        assert found.balanced
        assert ending in (None, found.opening.count)
        ending = found.ending.count


def test_the_pictures_have_something_to_show(shown: Session) -> None:
    rows = case_rows(shown)
    assert len({row.source for row in rows}) >= 6
    assert len({row.category for row in rows}) >= 5
    assert any(row.closed_on is None for row in rows)
    assert any(row.extended for row in rows)
    assert any(not row.in_time for row in rows if row.closed_on)
    assert max(row.received_on for row in rows) <= date(2026, 10, 31)
    assert all(row.closed_on is None or row.closed_on <= date(2026, 10, 31) for row in rows)


def test_total_and_last_month_are_obeyed(tmp_path: Path) -> None:
    session = opened(tmp_path / "book", complaints=0, end="2025-03")
    assert listing.count(session, COMPLAINT, Query()) == 0
    session.close()
    session = opened(tmp_path / "second", complaints=30, end="2025-03")
    rows = case_rows(session)
    assert len(rows) == 30
    assert max(row.received_on for row in rows) <= date(2025, 3, 31)
    assert min(row.received_on for row in rows) >= date(2023, 4, 1)
    session.close()


def test_a_demo_up_to_today_knows_no_future(tmp_path: Path) -> None:
    today = date(2026, 10, 6)
    session = opened(tmp_path / "book", complaints=150, today=today)
    steps = [
        str(row["happened_on"])
        for item in session.book.records(COMPLAINT, listing.ids(session, COMPLAINT, Query()))
        for row in item.children["step"]
    ]
    session.close()
    assert max(steps) <= today.isoformat()


def test_a_demo_is_not_made_over_a_book_nor_for_half_a_year(shown: Session, tmp_path: Path) -> None:
    with pytest.raises(BookExists):
        demo.make_demo(shown.directory)
    with pytest.raises(UnknownPeriod, match="2026H1"):
        demo.make_demo(tmp_path / "none", end="2026H1")
    assert not books.book_at(tmp_path / "none")
