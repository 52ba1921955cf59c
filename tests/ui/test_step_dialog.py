from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from tests.ui.conftest import AddComplaint, step
from tests.ui.dialogs import answer, answer_if_asked
from tests.ui.form_keys import ALT, CONTROL, Key, here, press, show, write
from xiaobao_desktop.domain.fields import Record
from xiaobao_desktop.domain.ledgers import ledger
from xiaobao_desktop.services import records
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui.bus import bus
from xiaobao_desktop.ui.dialogs.step_dialog import StepDialog

COMPLAINT = ledger("complaint")


@pytest.fixture
def case(add_complaint: AddComplaint) -> Record:
    return add_complaint("2026-11-08", "刘秀兰", step("transfer", "2026-11-09", department="城关支行", note="尽快"))


def open_dialog(session: Session, record: Record, qtbot: QtBot, index: int | None = None, kind: str = "") -> StepDialog:
    dialog = StepDialog(session, COMPLAINT, record, index=index, kind=kind)
    qtbot.addWidget(dialog, before_close_func=lambda _dialog: answer_if_asked("放弃"))
    show(dialog, dialog.width(), dialog.height())
    return dialog


def key_here(dialog: StepDialog) -> str:
    return next((key for key, cell in dialog.cells.items() if cell.editor.control is here()), "")


def errors(dialog: StepDialog) -> dict[str, str]:
    return {key: cell.error for key, cell in dialog.cells.items() if cell.error}


def steps(session: Session, record: Record) -> list[tuple[object, ...]]:
    rows = records.get(session, COMPLAINT, int(str(record.id))).children["step"]
    return [(row["kind"], row["happened_on"], row.get("note")) for row in rows]


def test_a_step_by_keyboard_alone(session: Session, look: QApplication, case: Record, qtbot: QtBot) -> None:
    dialog = open_dialog(session, case, qtbot)
    assert here() is dialog.kinds
    assert dialog.kinds.kind() is None
    press(Key.Key_4, ALT)
    assert list(dialog.cells) == ["happened_on", "happened_at", "person", "note", "proof"]
    assert key_here(dialog) == "happened_on"
    write("2026.11.12")
    press(Key.Key_Return)
    write("15:05")
    press(Key.Key_Return)
    press(Key.Key_Return)
    write("调取开户凭证")
    with qtbot.waitSignals([dialog.accepted, bus().changed]):
        press(Key.Key_S, CONTROL)
    assert steps(session, case)[2] == ("investigate", "2026-11-12", "调取开户凭证")
    assert dialog.saved is not None
    assert dialog.saved.record.values["state"] == "investigating"
    assert records.history(session, COMPLAINT, int(str(case.id)))[0].operation == "记一步：调查"


def test_kinds_are_found_by_initials_and_receipt_is_offered_once(
    session: Session, look: QApplication, case: Record, qtbot: QtBot
) -> None:
    dialog = open_dialog(session, case, qtbot)
    dialog.kinds.pause_ms = 60_000
    write("hf")
    kind = dialog.kinds.kind()
    assert kind is not None
    assert kind.name == "回访", "all of its name, though 恢复计时 begins with the same letters and stands before it"
    write("js")
    kind = dialog.kinds.kind()
    assert kind is not None
    assert kind.name == "恢复计时"
    offered = [dialog.kinds.item(row).text() for row in range(dialog.kinds.count())]
    assert "收到" not in offered
    assert len(offered) == len(session.rules.step_kinds) - 1


def test_a_pause_begins_a_new_search(session: Session, look: QApplication, case: Record, qtbot: QtBot) -> None:
    dialog = open_dialog(session, case, qtbot)
    dialog.kinds.pause_ms = -1  # any two letters have a longer pause between them
    for letters in ("hf", "f"):
        write(letters)
        kind = dialog.kinds.kind()
        assert kind is not None
        assert kind.name == "反馈监管"


def test_arrow_down_begins_with_the_first_kind(
    session: Session, look: QApplication, case: Record, qtbot: QtBot
) -> None:
    dialog = open_dialog(session, case, qtbot)
    assert not dialog.save()
    assert dialog.cells == {}
    press(Key.Key_Down)
    kind = dialog.kinds.kind()
    assert kind is not None
    assert kind.name == "补充材料"
    press(Key.Key_Return)
    assert key_here(dialog) == "happened_on"


def test_what_a_kind_needs_is_marked_and_refused_at_the_field(
    session: Session, look: QApplication, case: Record, qtbot: QtBot
) -> None:
    dialog = open_dialog(session, case, qtbot, kind="extend_60")
    assert [key for key, cell in dialog.cells.items() if cell.required] == [
        "happened_on",
        "reason",
        "approver",
        "told_on",
    ]
    press(Key.Key_S, CONTROL)
    assert errors(dialog) == {
        "reason": "请填写原因",
        "approver": "请填写批准人",
        "told_on": "请填写告知投诉人日期",
    }
    assert key_here(dialog) == "reason"
    assert len(steps(session, case)) == 2


def test_an_impossible_order_is_said_at_the_date(
    session: Session, look: QApplication, case: Record, qtbot: QtBot
) -> None:
    dialog = open_dialog(session, case, qtbot, kind="decide")
    write("2026-11-06")
    press(Key.Key_Return)
    assert errors(dialog) == {"happened_on": "处理决定（2026-11-06）早于收到日（2026-11-08），请核对日期"}
    assert not dialog.save()
    assert key_here(dialog) == "happened_on"
    write("2026-11-12")
    press(Key.Key_Return)
    assert errors(dialog) == {}
    assert dialog.save()


def test_changing_a_step_keeps_the_others(session: Session, look: QApplication, case: Record, qtbot: QtBot) -> None:
    dialog = open_dialog(session, case, qtbot, index=1)
    assert dialog.cells["department"].editor.value() == "城关支行"
    assert not dialog.dirty
    dialog.cells["note"].editor.control.setFocus()
    press(Key.Key_End)
    write("办")
    assert dialog.save()
    assert steps(session, case) == [("received", "2026-11-08", None), ("transfer", "2026-11-09", "尽快办")]
    assert records.history(session, COMPLAINT, int(str(case.id)))[0].operation == "修改步骤：转办"


def test_another_kind_keeps_what_both_ask_for(session: Session, look: QApplication, case: Record, qtbot: QtBot) -> None:
    dialog = open_dialog(session, case, qtbot, index=1)
    dialog.kinds.choose("investigate")
    assert dialog.cells["note"].editor.value() == "尽快"
    assert dialog.save()
    row = records.get(session, COMPLAINT, int(str(case.id))).children["step"][1]
    assert (row["kind"], row["note"], row.get("department")) == ("investigate", "尽快", None)


def test_a_kind_has_its_own_words_and_its_text_goes_into_the_form(
    session: Session, look: QApplication, case: Record, qtbot: QtBot
) -> None:
    dialog = open_dialog(session, case, qtbot, kind="decide")
    assert dialog.cells["note"].field.label == "处理结果"
    dialog.cells["note"].editor.set_value("退还 146 元。")
    assert dialog.save()
    assert dialog.told == "已记：处理决定"
    assert records.get(session, COMPLAINT, int(str(case.id))).values["decision"] == "退还 146 元。"


def test_what_the_step_itself_fills_is_not_named_as_a_gap(
    session: Session, look: QApplication, case: Record, qtbot: QtBot
) -> None:
    dialog = open_dialog(session, case, qtbot, kind="close")
    assert "处理结果" in dialog.gaps.labels
    dialog.kinds.choose("withdraw")
    assert not dialog.gaps.isHidden()
    assert dialog.gaps.labels
    assert "处理结果" not in dialog.gaps.labels


def test_deleting_a_step_asks_first(session: Session, look: QApplication, case: Record, qtbot: QtBot) -> None:
    dialog = open_dialog(session, case, qtbot, index=1)
    answer("保留")
    assert not dialog.remove()
    answer("删除这一步")
    assert dialog.remove()
    assert dialog.told == "已删除：转办"
    assert dialog.result() == QDialog.DialogCode.Accepted
    assert steps(session, case) == [("received", "2026-11-08", None)]
    assert records.history(session, COMPLAINT, int(str(case.id)))[0].operation == "删除这一步：转办"


def test_the_receipt_cannot_be_deleted(session: Session, look: QApplication, case: Record, qtbot: QtBot) -> None:
    dialog = open_dialog(session, case, qtbot, index=0)
    answer("删除这一步")
    assert not dialog.remove()
    assert dialog.isVisible()
    assert len(steps(session, case)) == 2


def test_esc_asks_only_when_something_was_typed(
    session: Session, look: QApplication, case: Record, qtbot: QtBot
) -> None:
    dialog = open_dialog(session, case, qtbot, kind="transfer")
    assert not dialog.dirty
    dialog.cells["note"].editor.control.setFocus()
    write("ab")
    answer("继续填写")
    press(Key.Key_Escape)
    assert dialog.isVisible()
    show(dialog, dialog.width(), dialog.height())
    answer("放弃")
    dialog.cells["note"].editor.control.setFocus()
    press(Key.Key_Escape)
    assert not dialog.isVisible()


def test_looking_at_kinds_is_nothing_to_lose(session: Session, look: QApplication, case: Record, qtbot: QtBot) -> None:
    dialog = open_dialog(session, case, qtbot)
    press(Key.Key_Down)
    press(Key.Key_Down)
    press(Key.Key_Escape)
    assert not dialog.isVisible()


def test_the_dialog_fits_a_low_screen(session: Session, look: QApplication, case: Record, qtbot: QtBot) -> None:
    dialog = open_dialog(session, case, qtbot, kind="extend_60")
    assert 420 <= dialog.width() <= 820
    assert dialog.height() <= 520
    assert dialog.minimumSizeHint().height() <= 520


def test_a_rule_that_asks_for_more_marks_it_as_needed(
    session: Session, look: QApplication, add_complaint: AddComplaint, qtbot: QtBot
) -> None:
    by_source = {"visit": ["happened_on", "reason"], "pboc": ["happened_on", "reason", "approver", "told_on"]}
    for source, wanted in by_source.items():
        record = add_complaint("2026-11-08", "刘秀兰", source=source)
        dialog = open_dialog(session, record, qtbot, kind="extend_30")
        assert [key for key, cell in dialog.cells.items() if cell.required] == wanted


def test_a_kind_is_picked_by_its_number_from_anywhere_but_a_field(
    session: Session, look: QApplication, case: Record, qtbot: QtBot
) -> None:
    dialog = open_dialog(session, case, qtbot)
    dialog._cancel.setFocus()
    press(Key.Key_4, ALT)
    kind = dialog.kinds.kind()
    assert kind is not None
    assert kind.name == "调查"
    control = dialog.cells["happened_on"].editor.control
    assert here() is control
    before = dialog.cells["happened_on"].editor.value()
    press(Key.Key_3, ALT)
    assert dialog.kinds.kind() == kind
    assert dialog.cells["happened_on"].editor.value() == before
