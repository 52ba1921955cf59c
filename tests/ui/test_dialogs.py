"""The helper that works in dialogs: it waits for the right one; what goes wrong ends in a failure, never in a hang."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QVBoxLayout
from pytestqt.qtbot import QtBot

from tests.ui.dialogs import answer, in_dialog, watched
from tests.ui.form_keys import write
from xiaobao_desktop.ui.dialogs.confirm import ConfirmDialog, confirm
from xiaobao_desktop.ui.dialogs.error_dialog import show_bug


class Stubborn(QDialog):
    """Has a line to type into, and cannot be left."""

    def __init__(self) -> None:
        super().__init__()
        self.line = QLineEdit()
        QVBoxLayout(self).addWidget(self.line)

    def reject(self) -> None:
        """No."""

    def done(self, result: int) -> None:
        """No."""


@pytest.fixture
def stubborn(look: QApplication, qtbot: QtBot) -> Stubborn:
    made = Stubborn()
    qtbot.addWidget(made)
    return made


def failures(caught: Sequence[tuple[object, BaseException, object]]) -> list[str]:
    return [str(error).splitlines()[0] for _kind, error, _trace in caught]


def test_what_is_typed_goes_into_the_dialog(stubborn: Stubborn) -> None:
    def fill(dialog: Stubborn) -> None:
        write("a1")
        dialog.hide()

    assert not in_dialog(Stubborn, fill).done
    stubborn.exec()
    assert stubborn.line.text() == "a1"


def test_a_visit_in_a_visit(stubborn: Stubborn) -> None:
    answers: list[bool] = []

    def ask(dialog: Stubborn) -> None:
        for verb in ("删除", "取消"):
            answer(verb)
            answers.append(confirm(dialog, "删除吗？", "可以恢复。", yes="删除"))
        dialog.hide()

    in_dialog(Stubborn, ask)
    stubborn.exec()
    assert answers == [True, False]


def test_a_failure_in_the_dialog_closes_it_and_is_told(stubborn: Stubborn, qtbot: QtBot) -> None:
    def fail(_dialog: Stubborn) -> None:
        raise ValueError("as meant")

    in_dialog(Stubborn, fail)
    with qtbot.captureExceptions() as caught:
        stubborn.exec()
    assert failures(caught) == ["as meant"]
    assert not stubborn.isVisible()


def test_another_dialog_than_the_one_waited_for_is_closed_and_told(stubborn: Stubborn, qtbot: QtBot) -> None:
    visit = in_dialog(ConfirmDialog, lambda dialog: dialog.accept(), seconds=0.2)
    with qtbot.captureExceptions() as caught:
        stubborn.exec()
    assert failures(caught) == ["ConfirmDialog did not take the keyboard in 200 ms; closed now: ['Stubborn']"]
    assert not visit.done


def test_a_dialog_that_does_not_close_is_closed_and_told(stubborn: Stubborn, qtbot: QtBot) -> None:
    in_dialog(Stubborn, lambda dialog: dialog.line.setText("a"), leave=True, seconds=0.2)
    with qtbot.captureExceptions() as caught:
        stubborn.exec()
    assert failures(caught) == ["Stubborn was not closed in 200 ms; closed now: ['Stubborn']"]


def test_a_button_that_the_question_does_not_have_is_told(look: QApplication, qtbot: QtBot) -> None:
    answer("撤回")
    with qtbot.captureExceptions() as caught:
        assert not confirm(None, "删除吗？", "可以恢复。", yes="删除")
    assert len(caught) == 1


def test_a_visit_that_was_never_made_fails_the_test(look: QApplication) -> None:
    with pytest.raises(AssertionError, match=r"never opened: \['ConfirmDialog'\]"), watched():
        answer("删除")


def test_dialogs_that_nobody_closes_do_not_block_for_ever(stubborn: Stubborn, qtbot: QtBot) -> None:
    with qtbot.captureExceptions() as caught, watched(0.2):
        stubborn.exec()
        stubborn.exec()
    assert failures(caught) == ["open for 200 ms and now closed: ['Stubborn']"] * 2


def test_a_defect_told_in_its_dialog_fails_the_test(look: QApplication, qtbot: QtBot) -> None:
    with qtbot.captureExceptions() as caught:
        show_bug(ZeroDivisionError("as meant"))
    ((_kind, error, _trace),) = caught
    assert "ZeroDivisionError: as meant" in str(error)
