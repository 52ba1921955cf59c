from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QStackedWidget, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.dialogs import answer, answer_if_asked
from tests.ui.form_keys import CONTROL, SHIFT, Key, here, press, show, write
from xiaobao_desktop.domain.fields import Field, Grade, Kind, Record, Value
from xiaobao_desktop.domain.ledgers import all_ledgers, ledger
from xiaobao_desktop.services import records
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui.editors import EDITORS, make_editor
from xiaobao_desktop.ui.editors.day import DateEditor, day_hint, read_day
from xiaobao_desktop.ui.editors.time_of_day import read_time
from xiaobao_desktop.ui.pages.record_form import RecordForm
from xiaobao_desktop.ui.pages.record_form_section import Place, places, split

COMPLAINT = ledger("complaint")


@pytest.fixture
def form(session: Session, look: QApplication, qtbot: QtBot) -> RecordForm:
    made = RecordForm(session, COMPLAINT)
    qtbot.addWidget(made, before_close_func=lambda _form: answer_if_asked("放弃"))
    show(made)
    made.focus_first()
    return made


def error(form: RecordForm, key: str) -> str:
    return form.cells[key].error


def value(form: RecordForm, key: str) -> Value:
    return form.cells[key].editor.value()


def key_here(form: RecordForm) -> str:
    return next((key for key, cell in form.cells.items() if cell.editor.control is here()), "")


def test_a_telephone_complaint_by_keyboard_alone(form: RecordForm, session: Session, qtbot: QtBot) -> None:
    write("2026.11.20")
    press(Key.Key_Return)
    write("1420")
    press(Key.Key_Return)
    assert key_here(form) == "source"
    press(Key.Key_2, Qt.KeyboardModifier.AltModifier)
    press(Key.Key_Return)
    press(Key.Key_Return)
    assert key_here(form) == "complainant"
    write("刘秀兰")
    press(Key.Key_Return)
    write("13856219071")
    press(Key.Key_Return)
    press(Key.Key_Return)
    press(Key.Key_Return)
    assert key_here(form) == "category"
    write("jjk")
    press(Key.Key_Down)
    press(Key.Key_Down)
    press(Key.Key_Return)
    assert key_here(form) == "cause"
    write("C.07")
    press(Key.Key_Return)
    write("yyxc")
    press(Key.Key_Return)
    assert key_here(form) == "branch"
    write("cg")
    press(Key.Key_Return)
    with qtbot.waitSignal(form.saved) as saved:
        press(Key.Key_S, CONTROL)
    record = records.get(session, COMPLAINT, saved.args[0].record.id)
    assert record.number == "TS-2026-0001"
    assert {
        "received_on": "2026-11-20",
        "received_time": "14:20",
        "source": "call",
        "rule_profile": "order3",
        "complainant": "刘秀兰",
        "phone": "13856219071",
        "category": "B.03.01.2",
        "cause": "C.07",
        "channel": "A.1.01",
        "due_on": "2026-12-05",
    }.items() <= record.values.items()
    assert session.link_names("branch")[int(str(record.values["branch"]))] == "城关支行"
    (step,) = record.children["step"]
    assert (step["kind"], step["happened_on"], step["happened_at"]) == ("received", "2026-11-20", "14:20")


def test_an_error_is_said_when_the_field_is_left_and_not_while_typing(form: RecordForm, qtbot: QtBot) -> None:
    form.go_to("phone")
    write("1385621907")
    QTest.qWait(200)
    assert error(form, "phone") == ""
    press(Key.Key_Return)
    assert error(form, "phone") == "手机号少 1 位，应为 11 位"
    assert form.cells["phone"].editor.control.property("wrong") is True
    assert [lack.words for lack in form.side.lacks if lack.wrong] == ["联系电话：手机号少 1 位"]
    height = form.cells["phone"].editor.control.height()
    press(Key.Key_F8)
    assert key_here(form) == "phone"
    press(Key.Key_End)
    write("1")
    qtbot.waitUntil(lambda: error(form, "phone") == "")
    assert form.cells["phone"].editor.control.height() == height


def test_the_due_date_follows_what_is_typed(form: RecordForm) -> None:
    (note,) = form.side.notes
    assert (note.headline, note.lines) == (
        "12月8日 星期二",
        ("11-23 收到为第 0 日，第 15 日到期", "依据：银保监会令2020年第3号"),
    )
    write("2026-11-10")
    press(Key.Key_Return)
    assert form.side.notes[0].headline == "11月25日 星期三"
    assert form.side.notes[0].tone == "amber"
    press(Key.Key_Backtab)
    press(Key.Key_Delete)
    press(Key.Key_Return)
    assert form.side.notes[0].lines == ("填了收到日期就算出期限",)


def test_an_impossible_date_is_refused_at_the_field(form: RecordForm, session: Session) -> None:
    write("2026.2.30")
    press(Key.Key_S, CONTROL)
    assert error(form, "received_on") == "“2026.2.30”不是日期：2月没有30日"
    assert key_here(form) == "received_on"
    assert any(label.text().startswith("没有保存：有 1 处要改") for label in form.findChildren(QLabel))
    assert session.link_names("complaint") == {}


def test_an_empty_required_field_is_named_only_after_the_refusal(
    session: Session, look: QApplication, qtbot: QtBot
) -> None:
    form = RecordForm(session, ledger("staff"))
    qtbot.addWidget(form)
    show(form)
    form.focus_first()
    press(Key.Key_Tab)
    assert error(form, "name") == ""
    assert not form.save()
    assert error(form, "name") == "请填写姓名"
    assert key_here(form) == "name"


def test_f8_goes_through_errors_and_gaps(form: RecordForm) -> None:
    names = [lack.key for lack in form.side.lacks]
    assert names == [item.key for item in COMPLAINT.fields if item.grade is Grade.TO_CLOSE and item.key in form.cells]
    visited = []
    for _ in names:
        press(Key.Key_F8)
        visited.append(key_here(form))
    assert visited == names
    press(Key.Key_F8)
    assert key_here(form) == names[0]


def test_esc_asks_only_when_something_differs(form: RecordForm, qtbot: QtBot) -> None:
    form.go_to("complainant")
    write("刘")
    answer("继续填写")
    with qtbot.assertNotEmitted(form.cancelled):
        press(Key.Key_Escape)
    assert value(form, "complainant") == "刘"
    show(form)
    press(Key.Key_Backspace)
    with qtbot.waitSignal(form.cancelled):
        press(Key.Key_Escape)


def test_giving_up_lets_the_form_go(form: RecordForm, qtbot: QtBot) -> None:
    form.go_to("complainant")
    write("刘")
    answer("放弃")
    with qtbot.waitSignal(form.cancelled):
        press(Key.Key_Escape)
    assert not form.dirty


def test_closing_the_window_asks_too(form: RecordForm) -> None:
    form.go_to("complainant")
    write("刘")
    answer("继续填写")
    assert not form.close()
    assert form.isVisible()
    answer("放弃")
    assert form.close()


def test_save_and_begin_the_next(form: RecordForm, session: Session, qtbot: QtBot) -> None:
    form.go_to("complainant")
    write("刘秀兰")
    with qtbot.waitSignal(form.saved_more) as saved:
        press(Key.Key_S, CONTROL | SHIFT)
    assert saved.args[0].record.values["complainant"] == "刘秀兰"
    assert value(form, "complainant") is None
    assert key_here(form) == "received_on"
    assert not form.dirty
    assert len(session.link_names("complaint")) == 1


def test_changing_a_record_keeps_what_was_not_touched(session: Session, look: QApplication, qtbot: QtBot) -> None:
    first = records.save(
        session, COMPLAINT, Record({"received_on": "2026-11-08", "content": " 两行\n文字 ", "amount": 12000})
    ).record
    form = RecordForm(session, COMPLAINT, first)
    qtbot.addWidget(form)
    show(form)
    assert not form.dirty
    form.go_to("amount")
    assert form.cells["amount"].editor.control.property("text") == "120.00"
    write("3.5万")
    press(Key.Key_Return)
    assert form.save()
    again = records.get(session, COMPLAINT, int(str(first.id)))
    assert again.values["amount"] == 3500000
    assert again.values["content"] == first.values["content"]
    assert records.history(session, COMPLAINT, int(str(first.id)))[0].operation == "修改投诉"


def test_seldom_used_fields_are_folded_and_open_for_an_error(form: RecordForm) -> None:
    intake = form.sections[0]
    assert [cell.field.key for cell in intake.folded] == ["source_number", "feedback_due_on", "nature", "level"]
    assert not form.cells["level"].isVisible()
    form.go_to("people_count")
    write("25")
    form.cells["face_to_face"].editor.control.setFocus()
    press(Key.Key_Space)
    press(Key.Key_S, CONTROL)
    assert error(form, "level") == "25 人当面共同投诉，等级应为“重大”"
    assert intake.unfolded
    assert form.cells["level"].isVisible()


def test_a_filled_fold_is_open_and_a_short_form_has_none(session: Session, look: QApplication, qtbot: QtBot) -> None:
    record = records.save(session, COMPLAINT, Record({"received_on": "2026-11-08", "archive_number": "D-7"})).record
    form = RecordForm(session, COMPLAINT, record)
    qtbot.addWidget(form)
    assert [box.unfolded for box in form.sections] == [False, False, False, False, True]
    short = RecordForm(session, ledger("staff"))
    qtbot.addWidget(short)
    assert all(box.more is None for box in short.sections)


def test_a_section_gets_its_tick_when_nothing_is_missing(form: RecordForm) -> None:
    assert not form.sections[0].done
    form.go_to("source")
    write("来访")
    press(Key.Key_Return)
    assert value(form, "source") == "visit"
    assert form.sections[0].done


def test_tab_order_is_reading_order(form: RecordForm, qtbot: QtBot) -> None:
    for box in form.sections:
        box.unfold(True)
    qtbot.wait(50)
    form.focus_first()
    seen: list[QWidget] = [here()]
    for _ in range(200):
        press(Key.Key_Tab)
        if here() is seen[0]:
            break
        seen.append(here())
    fields = [widget for widget in seen if any(cell.editor.control is widget for cell in form.cells.values())]
    assert fields == [cell.editor.control for cell in form.cells.values()]
    spots = [widget.mapTo(form, QPoint(0, 0)) for widget in fields]
    for before, after in pairwise(spots):
        same_row = abs(after.y() - before.y()) < 30
        assert after.x() > before.x() if same_row else after.y() > before.y()


def test_the_wheel_never_changes_a_value(form: RecordForm) -> None:
    form.go_to("source")
    write("来电")
    press(Key.Key_Return)
    before = {key: value(form, key) for key in form.cells}
    for cell in form.cells.values():
        control = cell.editor.control
        middle = QPointF(control.rect().center())
        wheel = QWheelEvent(
            middle,
            control.mapToGlobal(middle),
            QPoint(0, 0),
            QPoint(0, -120),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        control.setFocus()
        QApplication.sendEvent(control, wheel)
        form.focus_first()
        QApplication.sendEvent(control, wheel)
    assert {key: value(form, key) for key in form.cells} == before


def test_enter_and_shift_enter_in_long_text(form: RecordForm) -> None:
    form.go_to("content")
    write("ab")
    press(Key.Key_Return, SHIFT)
    write("cd")
    press(Key.Key_Return)
    assert value(form, "content") == "ab\ncd"
    assert key_here(form) == "request"


def test_every_control_has_a_name_and_a_label_leads_to_it(form: RecordForm) -> None:
    buddies = {label.buddy() for label in form.findChildren(QLabel)}
    for cell in form.cells.values():
        control = cell.editor.control
        assert control.accessibleName() == cell.field.label
        assert control.focusPolicy() == Qt.FocusPolicy.StrongFocus
        assert cell.field.kind is Kind.YES_NO or control in buddies


@pytest.mark.parametrize("size", [(1170, 738), (1036, 470)])
def test_nothing_is_cut_off(form: RecordForm, size: tuple[int, int], qtbot: QtBot) -> None:
    form.resize(*size)
    qtbot.wait(50)
    assert (form.width(), form.height()) == size
    for box in form.sections:
        for cell in box.shown:
            right = cell.mapTo(form, QPoint(cell.width(), 0)).x()
            assert right <= form.side.mapTo(form, QPoint(0, 0)).x()
            assert cell.editor.control.width() >= 120
    widths = {cell.width() for box in form.sections for cell in box.shown if cell.field.span == 1}
    assert max(widths) - min(widths) <= 1


def test_every_kind_has_an_editor_and_gives_its_value_back(session: Session, look: QApplication, qtbot: QtBot) -> None:
    options = {Kind.CHOICE: "nature", Kind.CHOICES: "rights", Kind.CODE: "B", Kind.LINK: "branch"}
    samples: dict[Kind, Value] = {
        Kind.INTEGER: 12,
        Kind.MONEY: 120050,
        Kind.DECIMAL: 150,
        Kind.DATE: "2026-03-05",
        Kind.TIME: "09:05",
        Kind.YES_NO: True,
        Kind.CHOICE: "inquiry",
        Kind.CHOICES: ("property",),
        Kind.CODE: "B.03",
        Kind.LINK: 1,
    }
    assert set(EDITORS) == set(Kind)
    for kind in Kind:
        editor = make_editor(Field("x", "名", kind, options=options.get(kind, "")), session)
        qtbot.addWidget(editor)
        assert editor.value() is None
        sample = samples.get(kind, "文字")
        editor.set_value(sample)
        assert (kind, editor.value(), editor.problem()) == (kind, sample, "")
        editor.set_value(None)
        assert editor.value() is None


@pytest.mark.parametrize(
    ("typed", "fen", "problem"),
    [
        ("120", 12000, ""),
        ("1,200.5", 120050, ""),
        ("0.07", 7, ""),
        ("￥３００元", 30000, ""),
        ("2万", 2000000, ""),
        ("0.005", None, "“0.005”多于两位小数，金额最多到分"),
        ("约三百", None, "“约三百”不是数字"),
    ],
)
def test_money_is_exact(
    session: Session, look: QApplication, qtbot: QtBot, typed: str, fen: int | None, problem: str
) -> None:
    editor = make_editor(Field("amount", "金额", Kind.MONEY), session)
    qtbot.addWidget(editor)
    editor.control.setProperty("text", typed)
    assert (editor.value(), editor.problem()) == (fen, problem)


TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2026.3.5", date(2026, 3, 5)),
        ("3月5日", date(2026, 3, 5)),
        ("26.3.5", date(2026, 3, 5)),
        ("20260305", date(2026, 3, 5)),
        ("２０２６年３月５日", date(2026, 3, 5)),
        ("今天", TODAY),
        ("昨天", date(2026, 11, 22)),
        ("3/5/2026", None),
        ("2026.13.5", None),
        ("", None),
    ],
)
def test_days_as_people_write_them(typed: str, day: date | None) -> None:
    assert read_day(typed, TODAY).value == day


@pytest.mark.parametrize(("day", "words"), [(23, "今天"), (22, "昨天"), (24, "明天"), (20, "周五"), (29, "周日")])
def test_the_day_is_named(day: int, words: str) -> None:
    assert day_hint(date(2026, 11, day), TODAY) == words


@pytest.mark.parametrize(
    ("typed", "time", "problem"),
    [
        ("14:20", "14:20", ""),
        ("14：20", "14:20", ""),
        ("1420", "14:20", ""),
        ("905", "09:05", ""),
        ("下午2点", "14:00", ""),
        ("25:00", None, "“25:00”不是时间：没有 25 时"),
        ("14:70", None, "“14:70”不是时间：没有 70 分"),
        ("早上", None, "“早上”不是时间，请写成 14:20"),
        ("", None, ""),
    ],
)
def test_times_as_people_write_them(typed: str, time: str | None, problem: str) -> None:
    assert read_time(typed) == (time, problem)


def test_the_month_is_worked_by_the_keys_of_the_field(form: RecordForm) -> None:
    editor = form.cells["received_on"].editor
    assert isinstance(editor, DateEditor)
    press(Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert editor.line.month.isVisible()
    assert key_here(form) == "received_on"
    press(Key.Key_Up)
    press(Key.Key_Left)
    press(Key.Key_PageUp)
    press(Key.Key_Return)
    assert value(form, "received_on") == "2026-10-15"
    assert not editor.line.month.isVisible()
    press(Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    press(Key.Key_Escape)
    assert form.isVisible()
    assert key_here(form) == "received_on"


def _fields(*spans: tuple[str, int, Grade]) -> list[Field]:
    return [Field(key, key, Kind.TEXT, grade, span=span) for key, span, grade in spans]


def test_places_follow_reading_order() -> None:
    fields = _fields(("a", 2, Grade.FREE), ("b", 1, Grade.FREE), ("c", 2, Grade.FREE), ("d", 4, Grade.FREE))
    assert places(fields) == (Place(0, 0, 2), Place(0, 2, 1), Place(1, 0, 2), Place(2, 0, 4))


def test_needed_fields_are_never_folded() -> None:
    keys: Callable[[tuple[Field, ...]], list[str]] = lambda fields: [item.key for item in fields]  # noqa: E731
    free = [(name, 1, Grade.FREE) for name in "abcdefgh"]
    shown, folded = split(_fields(*free, ("z", 1, Grade.TO_CLOSE)))
    assert (keys(shown), keys(folded)) == (list("abcz"), list("defgh"))
    assert split(_fields(*free[:6]))[1] == ()
    for one in all_ledgers():
        for section in one.sections:
            folded = split([one.field(key) for key in section.fields])[1]
            assert all(item.grade is Grade.FREE for item in folded)


def test_a_covered_form_still_keeps_its_window_open(session: Session, look: QApplication, qtbot: QtBot) -> None:
    window = QStackedWidget()
    qtbot.addWidget(window, before_close_func=lambda _window: answer_if_asked("放弃"))
    form, other = RecordForm(session, COMPLAINT), QWidget()
    window.addWidget(form)
    window.addWidget(other)
    show(window)
    form.go_to("complainant")
    write("刘")
    window.setCurrentWidget(other)
    answer("继续填写")
    assert not window.close()
    answer("放弃")
    assert window.close()
