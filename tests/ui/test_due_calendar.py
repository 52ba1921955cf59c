"""The calendar of what is due: whole weeks, holidays by name, words and colours of urgency, keys, opening."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.services.support import COMPLAINT, Clock, a_complaint, new_book
from xiaobao_desktop.domain.calendar import WorkingCalendar, Year
from xiaobao_desktop.domain.todo import DueItem
from xiaobao_desktop.services import records, todo
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import theme
from xiaobao_desktop.ui.models.due_days import MonthSheet, month_sheet, sheet_span
from xiaobao_desktop.ui.pages.due_calendar import DueCalendar

NOW = datetime(2026, 11, 23, 9, 41, tzinfo=timezone(timedelta(hours=8)))
TODAY = NOW.date()
KNOWN = WorkingCalendar(
    {2026: Year({date(2026, 10, day): "国庆节" for day in range(1, 8)}, frozenset({date(2026, 10, 10)}))}
)


def due(number: int, on: date) -> DueItem:
    return DueItem("complaint", number, f"TS-2026-{number:04d}", "投诉", "刘**·短信费", "城关支行", on)


def sheet_of(first: date, *items: DueItem, known: WorkingCalendar = KNOWN) -> MonthSheet:
    return month_sheet(first, items, known, TODAY)


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Session, dict[str, int]]]:
    """A book that these tests only read, with a case of each urgency and one that waits; ids by urgency."""
    opened = new_book(tmp_path_factory.mktemp("calendar") / "book", Clock(NOW))
    days = {"overdue": "2026-10-30", "today": "2026-11-08", "soon": "2026-11-10", "later": "2026-11-20"}
    found = {key: records.save(opened, COMPLAINT, a_complaint(day)).record.id or 0 for key, day in days.items()}
    steps = ({"kind": "received", "happened_on": "2026-11-01"}, {"kind": "pause", "happened_on": "2026-11-05"})
    paused = a_complaint("2026-11-01", steps[0], {**steps[1], "reason": "外部鉴定"})
    records.save(opened, COMPLAINT, paused)
    yield opened, found
    opened.close()


@pytest.fixture
def calendar(look: QApplication, bank: tuple[Session, dict[str, int]], qtbot: QtBot) -> Iterator[DueCalendar]:
    made = DueCalendar(bank[0])
    qtbot.addWidget(made)
    made.resize(740, 470)
    made.show()
    qtbot.waitExposed(made)
    made.focus_main()
    yield made
    made.hide()


def press(calendar: DueCalendar, *keys: Qt.Key) -> None:
    for key in keys:
        target = QApplication.focusWidget()
        assert target is not None
        assert calendar.isAncestorOf(target)
        QTest.keyClick(target, key)


@pytest.mark.parametrize(
    ("first", "start", "end", "weeks"),
    [
        (date(2026, 11, 1), date(2026, 10, 26), date(2026, 12, 6), 6),
        (date(2027, 2, 1), date(2027, 2, 1), date(2027, 2, 28), 4),
        (date(2028, 2, 1), date(2028, 1, 31), date(2028, 3, 5), 5),
        (date(2026, 12, 1), date(2026, 11, 30), date(2027, 1, 3), 5),
    ],
)
def test_a_sheet_holds_whole_weeks_from_monday(first: date, start: date, end: date, weeks: int) -> None:
    assert sheet_span(first) == (start, end)
    sheet = sheet_of(first)
    assert (sheet.days[0].day, sheet.days[-1].day, len(sheet.days)) == (start, end, weeks * 7)


def test_urgency_is_said_in_words_as_well_as_in_colour() -> None:
    days = (20, 23, 25, 26, 27, 30)
    sheet = sheet_of(date(2026, 11, 1), *(due(day, date(2026, 11, day)) for day in days), due(99, date(2026, 12, 1)))
    found = {entry.day.day: (entry.words, entry.tone, entry.solid) for entry in sheet.days if entry.items}
    assert found == {
        20: ("逾期 1 项", "red", True),
        23: ("今天 1 项", "amber", True),
        25: ("3 天内 1 项", "amber", False),
        26: ("3 天内 1 项", "amber", False),
        27: ("7 天内 1 项", "blue", False),
        30: ("7 天内 1 项", "blue", False),
        1: ("1 项", "grey", False),
    }
    assert [entry.brief for entry in sheet.days if entry.items][:4] == ["逾期 1", "今天 1", "急 1", "急 1"]
    # The item of December stands on the sheet, and is no item of November.
    assert sheet.total == len(days)


def test_holidays_are_named_and_worked_weekends_marked() -> None:
    days = {entry.day: entry for entry in sheet_of(date(2026, 10, 1)).days}
    assert [(days[date(2026, 10, day)].note, days[date(2026, 10, day)].works) for day in (1, 7, 8, 10, 11)] == [
        ("国庆节", False),
        ("国庆节", False),
        ("", True),
        ("班", True),
        ("", False),
    ]
    unknown = {entry.day: entry for entry in sheet_of(date(2027, 10, 1)).days}
    assert (unknown[date(2027, 10, 1)].note, unknown[date(2027, 10, 2)].works) == ("", False)


def test_everything_due_in_a_span_whatever_its_age(bank: tuple[Session, dict[str, int]]) -> None:
    session, cases = bank
    found = todo.between(session, date(2026, 11, 1), date(2026, 11, 30))
    assert [(item.record_id, item.due_on) for item in found] == [
        (cases["overdue"], date(2026, 11, 14)),
        (cases["today"], TODAY),
        (cases["soon"], date(2026, 11, 25)),
    ]
    december = todo.between(session, date(2026, 12, 1), date(2026, 12, 31))
    assert [item.record_id for item in december] == [cases["later"]]


def test_arrows_go_by_day_and_pages_by_month_across_their_ends(calendar: DueCalendar) -> None:
    assert calendar.day == TODAY
    assert calendar.title.text() == "2026年11月"
    assert calendar.hint.text() == "本月 3 项到期"
    press(calendar, Qt.Key.Key_Right, Qt.Key.Key_Down)
    assert calendar.day == date(2026, 12, 1)
    assert calendar.title.text() == "2026年12月"
    press(calendar, Qt.Key.Key_Left, Qt.Key.Key_Up)
    assert calendar.day == TODAY
    press(calendar, Qt.Key.Key_End, Qt.Key.Key_PageDown, Qt.Key.Key_PageDown, Qt.Key.Key_PageDown)
    assert calendar.day == date(2027, 2, 28)
    press(calendar, Qt.Key.Key_PageUp, Qt.Key.Key_Home)
    assert calendar.day == date(2027, 1, 1)
    assert calendar.hint.text() == "本月没有到期事项·没有 2027 年的放假安排，只标周末"
    calendar.go_to_today()
    assert calendar.day == TODAY
    assert calendar.board.accessibleName() == "2026年11月23日 星期一，今天，今天 1 项"


def test_enter_opens_the_day_and_again_the_record_and_esc_goes_back(
    calendar: DueCalendar, qtbot: QtBot, bank: tuple[Session, dict[str, int]]
) -> None:
    today = bank[1]["today"]
    press(calendar, Qt.Key.Key_Return)
    assert calendar.places.currentWidget() is calendar.list
    row = calendar.list.current_row()
    assert row is not None
    assert row.record_id == today
    with qtbot.waitSignal(calendar.opened) as opened:
        press(calendar, Qt.Key.Key_Return)
    assert opened.args == ["complaint", today]
    press(calendar, Qt.Key.Key_Escape)
    assert calendar.places.currentWidget() is calendar.board
    assert calendar.title.text() == "2026年11月"
    with qtbot.waitSignal(calendar.left):
        press(calendar, Qt.Key.Key_Escape)


def test_a_day_without_anything_stays_on_the_month(calendar: DueCalendar, qtbot: QtBot) -> None:
    press(calendar, Qt.Key.Key_Right)
    with qtbot.waitSignal(calendar.told) as told:
        press(calendar, Qt.Key.Key_Return)
    assert told.args == ["11月24日没有到期事项"]
    assert calendar.places.currentWidget() is calendar.board


def test_a_click_opens_a_day_with_items(calendar: DueCalendar) -> None:
    def middle(day: date) -> QPoint:
        sheet = calendar.board.sheet
        assert sheet is not None
        place = (day - sheet.days[0].day).days
        return calendar.board._box(place % 7, place // 7).center()

    QTest.mouseClick(calendar.board, Qt.MouseButton.LeftButton, pos=middle(date(2026, 11, 24)))
    assert calendar.day == date(2026, 11, 24)
    assert calendar.places.currentWidget() is calendar.board
    QTest.mouseClick(calendar.board, Qt.MouseButton.LeftButton, pos=middle(date(2026, 11, 25)))
    assert calendar.places.currentWidget() is calendar.list


def test_the_calendar_follows_what_was_written(calendar: DueCalendar, bank: tuple[Session, dict[str, int]]) -> None:
    session, cases = bank
    press(calendar, Qt.Key.Key_Return)
    second = records.save(session, COMPLAINT, a_complaint("2026-11-08")).record.id or 0
    calendar.refresh()
    assert len(calendar.list.todo.lines) == 3
    for one in (cases["today"], second):
        records.delete(session, COMPLAINT, one)
    calendar.refresh()
    assert calendar.places.currentWidget() is calendar.board
    assert calendar.hint.text() == "本月 2 项到期"
    records.restore(session, COMPLAINT, cases["today"])


def test_the_mark_is_painted_in_the_colour_of_its_urgency(calendar: DueCalendar) -> None:
    def colours(day: date) -> set[str]:
        sheet = calendar.board.sheet
        assert sheet is not None
        place = (day - sheet.days[0].day).days
        box = calendar.board._box(place % 7, place // 7)
        image = calendar.board.grab(box).toImage()
        return {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}

    overdue, soon = theme.color("red_solid").name(), theme.color("amber_tint").name()
    assert overdue in colours(date(2026, 11, 14))
    assert soon in colours(date(2026, 11, 25))
    assert not {overdue, soon} & colours(date(2026, 11, 26))
