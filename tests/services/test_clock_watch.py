"""A PC clock that goes back or jumps far ahead is told, written down, asked about, and settled."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.services.support import AT, COMPLAINT, Clock, a_complaint, new_book
from xiaobao_desktop.services import audit_log, books, records
from xiaobao_desktop.services.audit_log import SORTS, LogQuery
from xiaobao_desktop.services.clock_watch import TOLERANCE, ClockWatch, Jump, judge
from xiaobao_desktop.services.options import save_settings
from xiaobao_desktop.services.session import Session


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def session(tmp_path: Path, clock: Clock) -> Iterator[Session]:
    made = new_book(tmp_path / "账簿", clock)
    yield made
    made.close()


def logged(session: Session) -> list[str]:
    found = audit_log.find(session, LogQuery(sort=SORTS["电脑时间"]))
    return [row.operation for row in reversed(audit_log.rows(session, found))]


@pytest.mark.parametrize(
    ("by", "jump"),
    [
        (-TOLERANCE, None),
        (-TOLERANCE - timedelta(seconds=1), Jump.BACK),
        (timedelta(days=366), None),
        (timedelta(days=366, seconds=1), Jump.AHEAD),
    ],
)
def test_the_bounds(by: timedelta, jump: Jump | None) -> None:
    assert judge(AT, AT + by) is jump
    assert judge(None, AT) is None


def test_a_clock_set_back_is_told_until_it_is_right_again(session: Session, clock: Clock) -> None:
    watch = ClockWatch(session)
    assert watch.look() is None
    clock.move(days=-3)
    odd = watch.look()
    assert odd is not None
    assert odd.jump is Jump.BACK
    assert "2026-10-31 09:30" in odd.title
    assert "改对" in odd.detail
    records.save(session, COMPLAINT, a_complaint())
    assert watch.look() is not None, "an entry with the wrong time does not make it right"
    assert logged(session) == ["电脑时间比上一条操作记录早"], "written down once"
    assert ClockWatch(session).look() is not None, "the next start tells it again"
    clock.move(days=3, minutes=1)
    assert watch.look() is None
    assert logged(session)[-1] == "电脑时间恢复正常"
    assert watch.look() is None
    assert len(logged(session)) == 2


def test_a_year_ahead_is_asked_and_asked_again_until_answered(session: Session, clock: Clock, tmp_path: Path) -> None:
    clock.move(days=400)
    assert ClockWatch(session).look() is not None
    records.save(session, COMPLAINT, a_complaint())
    session.close()
    again = books.open_book(session.directory, None, clock=clock)
    try:
        watch = ClockWatch(again)
        odd = watch.look()
        assert odd is not None
        assert odd.jump is Jump.AHEAD
        watch.confirm()
        assert watch.look() is None
        assert logged(again) == ["电脑时间比上一条操作记录晚一年以上", "确认电脑时间没有错"]
        clock.move(days=1)
        assert watch.look() is None
    finally:
        again.close()


def test_a_future_that_was_corrected_and_confirmed_is_no_alarm_any_more(session: Session, clock: Clock) -> None:
    clock.move(days=30)
    records.save(session, COMPLAINT, a_complaint())
    clock.move(days=-30)
    watch = ClockWatch(session)
    assert watch.look() is not None, "the book has entries of a day that has not come"
    watch.confirm()
    assert watch.look() is None
    clock.move(days=-1)
    assert watch.look() is not None


def test_the_demo_book_lives_in_its_own_time(session: Session, clock: Clock) -> None:
    save_settings(session, demo="1")
    clock.move(days=-300)
    assert ClockWatch(session).look() is None
