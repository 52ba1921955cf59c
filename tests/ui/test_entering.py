"""Typing in records as the officer does: few keys, everything in sight, nothing accepted without a word."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.conftest import AddComplaint, step
from tests.ui.dialogs import answer_if_asked, in_dialog
from tests.ui.form_keys import ALT, CONTROL, Key, here, press, show, write
from xiaobao_desktop.domain.fields import Record
from xiaobao_desktop.domain.ledgers import ledger
from xiaobao_desktop.services import records
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui.dialogs.confirm import ConfirmDialog
from xiaobao_desktop.ui.dialogs.step_dialog import StepDialog
from xiaobao_desktop.ui.pages.ledger_page import LedgerPage
from xiaobao_desktop.ui.pages.record_form import RecordForm
from xiaobao_desktop.ui.widgets.code_picker import CodePicker

COMPLAINT, TRAINING, STAFF = ledger("complaint"), ledger("training"), ledger("staff")
MOST_KEYS = 25


@pytest.fixture
def page(session: Session, look: QApplication, qtbot: QtBot) -> LedgerPage:
    made = LedgerPage(session, COMPLAINT)
    qtbot.addWidget(made, before_close_func=lambda _page: answer_if_asked("放弃"))
    show(made, 1170, 682)
    return made


@pytest.fixture
def training(session: Session, look: QApplication, qtbot: QtBot) -> RecordForm:
    form = RecordForm(session, TRAINING)
    qtbot.addWidget(form, before_close_func=lambda _form: answer_if_asked("放弃"))
    show(form, 1170, 560)
    return form


class Keyboard:
    """Types, and counts every key that is not a letter of a text to be kept."""

    def __init__(self) -> None:
        self.pressed: list[str] = []

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.pressed.append(key.name)
        press(key, modifier)

    def code(self, letters: str) -> None:
        """Letters that choose from a list."""
        self.pressed.extend(letters)
        write(letters)

    def text(self, words: str) -> None:
        """Words that are kept as they are; no key of these is counted."""
        write(words)


def key_here(form: RecordForm) -> str:
    return next((key for key, cell in form.cells.items() if cell.editor.control is here()), "")


def seen(form: RecordForm, widget: QWidget, part: QRect | None = None) -> bool:
    """Whether a widget, or a part of it, lies wholly inside what the form shows."""
    area = part or widget.rect()
    assert isinstance(form.body, QScrollArea)
    frame = form.body.viewport()
    return frame.rect().contains(QRect(widget.mapTo(frame, area.topLeft()), area.size()))


def test_a_telephone_complaint_takes_few_keys(page: LedgerPage, session: Session, qtbot: QtBot) -> None:
    keyboard = Keyboard()
    page.list.table.setFocus()
    page.create_record()  # Ctrl+N, a key of the main window
    keyboard.pressed.append("Ctrl+N")
    form = page._form
    assert form is not None
    assert (form.cells["received_on"].editor.value(), form.cells["received_time"].editor.value()) == (
        "2026-11-23",
        "09:41",
    )
    typed: list[tuple[str, Callable[[], None]]] = [
        ("source", lambda: keyboard.key(Key.Key_2, ALT)),
        ("complainant", lambda: keyboard.text("刘秀兰")),
        ("phone", lambda: keyboard.text("13856219071")),
        ("category", lambda: keyboard.code("jjk")),
        ("cause", lambda: keyboard.code("djsf")),
        ("channel", lambda: keyboard.code("yyxc")),
        ("branch", lambda: keyboard.code("cg")),
        ("content", lambda: keyboard.text("来电称借记卡扣了年费，办卡时没有告知。")),
    ]
    for key, type_it in typed:
        keyboard.key(Key.Key_F8)
        assert key_here(form) == key
        type_it()
    with qtbot.waitSignal(form.saved) as saved:
        keyboard.key(Key.Key_S, CONTROL)
    record = records.get(session, COMPLAINT, saved.args[0].record.id)
    assert {
        "received_on": "2026-11-23",
        "received_time": "09:41",
        "source": "call",
        "complainant": "刘秀兰",
        "phone": "13856219071",
        "category": "B.03.01",
        "channel": "A.1.01",
        "content": "来电称借记卡扣了年费，办卡时没有告知。",
    }.items() <= record.values.items()
    assert record.values["cause"]
    assert session.link_names("branch")[int(str(record.values["branch"]))] == "城关支行"
    assert len(keyboard.pressed) <= MOST_KEYS, keyboard.pressed


def test_tab_takes_the_row_stood_on(page: LedgerPage) -> None:
    page.create_record()
    form = page._form
    assert form is not None
    form.go_to("category")
    write("jjk")
    press(Key.Key_Down)
    wanted = form.cells["category"].editor.line.popup.current()  # type: ignore[attr-defined]
    press(Key.Key_Tab)
    assert form.cells["category"].editor.value() == wanted.value
    assert key_here(form) == "cause"


def test_the_present_time_belongs_to_today(page: LedgerPage) -> None:
    page.create_record()
    form = page._form
    assert form is not None
    time = form.cells["received_time"].editor
    write("2026-11-20")
    press(Key.Key_Return)
    assert time.value() is None
    press(Key.Key_Backtab)
    write("今天")
    press(Key.Key_Return)
    assert time.value() == "09:41"
    write("0815")
    press(Key.Key_Backtab)
    write("2026-11-20")
    press(Key.Key_Return)
    assert time.value() == "08:15", "a time that was typed stays"


def test_after_saving_one_enter_records_a_step(page: LedgerPage, session: Session, qtbot: QtBot) -> None:
    page.create_record()
    form = page._form
    assert form is not None
    form.go_to("complainant")
    write("刘秀兰")
    press(Key.Key_S, CONTROL)
    visit = in_dialog(StepDialog, lambda dialog: dialog.reject())
    press(Key.Key_Return)
    assert visit.done


def test_closing_with_gaps_names_them_and_leads_to_the_form(
    page: LedgerPage, add_complaint: AddComplaint, qtbot: QtBot
) -> None:
    record = add_complaint(
        "2026-11-08", "刘秀兰", step("decide", "2026-11-10"), step("inform", "2026-11-11", way="phone"), content="年费"
    )
    page.refresh_if_stale()
    page.open_record(int(str(record.id)))
    hints: list[tuple[bool, str]] = []

    def close_case(dialog: StepDialog) -> None:
        for kind in ("investigate", "close"):
            dialog.kinds.choose(kind)
            hints.append((dialog.gaps.isVisible(), dialog.gaps.words))
        dialog.gaps.to_form.click()
        dialog.save()

    in_dialog(StepDialog, close_case)
    page.detail.focus_first()
    press(Key.Key_Return)
    assert [shown for shown, _words in hints] == [False, True]
    assert "还缺 4 项：投诉原因、办理渠道、被投诉机构、处理结果" in hints[1][1]
    form = page._form
    assert form is not None, "the step was saved and the form opened"
    assert form.focusWidget() is form.cells["cause"].editor.control


def test_what_has_the_keyboard_is_in_sight(training: RecordForm, session: Session, qtbot: QtBot) -> None:
    for number in range(8):
        values = {**STAFF.defaults(), "name": f"员工{number}", "group": "front_line"}
        records.save(session, STAFF, Record(values))
    table = training.tables["attendee"].editor
    assert not seen(training, table.line)
    table.line.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(lambda: seen(training, table.line), timeout=20_000)
    for number in range(8):
        write(f"员工{number}")
        press(Key.Key_Return)
    last = table.model.index(7, 0)
    assert table.model.rowCount() == 8
    qtbot.waitUntil(lambda: seen(training, table.view.viewport(), table.view.visualRect(last)), timeout=20_000)
    assert seen(training, table.line)
    training.go_to("topic")
    qtbot.waitUntil(lambda: seen(training, training.cells["topic"]), timeout=20_000)
    table.view.setFocus(Qt.FocusReason.TabFocusReason)
    table.view.setCurrentIndex(last)
    qtbot.waitUntil(lambda: seen(training, table.view.viewport(), table.view.visualRect(last)), timeout=20_000)
    for cell in training.cells.values():
        cell.editor.control.setFocus(Qt.FocusReason.OtherFocusReason)
        if cell.isVisible():
            qtbot.waitUntil(lambda cell=cell: seen(training, cell), timeout=20_000)  # type: ignore[misc]


def test_a_name_too_long_for_its_field_is_told_whole(page: LedgerPage) -> None:
    page.create_record()
    form = page._form
    assert form is not None
    source = form.cells["source"].editor
    source.set_value("nfra_12378")
    source.control.resize(source.control.width() * 3 // 4, source.control.height())
    assert source.control.toolTip() == "金融监管总局12378转办"
    narrow = source.control.grab().toImage()
    source.control.resize(source.control.width() + 200, source.control.height())
    assert source.control.toolTip() == ""
    assert source.control.grab().toImage().width() > narrow.width()
    source.set_value("call")
    assert source.control.toolTip() == ""


def test_an_open_list_stays_with_its_field(page: LedgerPage) -> None:
    page.create_record()
    form = page._form
    assert form is not None
    form.go_to("category")
    write("jjk")
    line = form.cells["category"].editor.control
    popup = line.popup  # type: ignore[attr-defined]

    def distance() -> int:
        return int(popup.mapToGlobal(QPoint(0, 0)).y() - line.mapToGlobal(QPoint(0, 0)).y())

    before, place = distance(), line.mapToGlobal(QPoint(0, 0))
    assert isinstance(form.body, QScrollArea)
    form.body.verticalScrollBar().setValue(40)
    assert line.mapToGlobal(QPoint(0, 0)) != place
    assert popup.isVisible()
    assert distance() == before


@pytest.mark.parametrize("way", ["taken", "left open"])
def test_a_picker_in_a_dialog_shows_its_list_and_goes_with_it(
    way: str, page: LedgerPage, session: Session, qtbot: QtBot
) -> None:
    picker = CodePicker(session.rules.catalog.tree("B"))
    dialog = ConfirmDialog("并入哪一项？", "记录会改成选定的项。", yes="并入", extra=picker, parent=page)
    picker.setFocus()
    lists: list[tuple[int, bool]] = []

    def choose(dialog: ConfirmDialog) -> None:
        QTest.keyClicks(picker, "jjk")
        field = QRect(picker.mapToGlobal(QPoint(0, 0)), picker.size())
        lists.append((picker.popup.view.height(), picker.popup.geometry().intersects(field)))
        if way == "taken":
            QTest.keyClick(picker, Qt.Key.Key_Return)
        dialog.accept()

    in_dialog(ConfirmDialog, choose)
    assert dialog.exec() == QDialog.DialogCode.Accepted
    ((height, covers),) = lists
    assert height >= 4 * 30, "the list is not cut to the low dialog"
    assert not covers
    assert not picker.popup.isVisible()
    assert picker.value() == ("B.03.01" if way == "taken" else None)
    with qtbot.waitSignal(dialog.destroyed, timeout=20_000):
        dialog.deleteLater()
    assert page.isVisible()
