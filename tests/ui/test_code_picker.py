from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.form_keys import ALT, Key, commit, compose, here, press, show, write
from xiaobao_desktop.domain.fields import Field, Kind, Record, Value
from xiaobao_desktop.domain.ledgers import ledger
from xiaobao_desktop.services import records
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui.editors import Editor, make_editor
from xiaobao_desktop.ui.editors.choice import PickerEditor
from xiaobao_desktop.ui.widgets.picker_line import PickerLine


class Stage(QWidget):
    """A window with one editor and a plain field behind it."""

    def __init__(self) -> None:
        super().__init__()
        self.column = QVBoxLayout(self)
        self.after = QLineEdit()
        self.done: list[Value] = []

    def put(self, editor: Editor) -> PickerLine:
        assert isinstance(editor, PickerEditor)
        self.column.addWidget(editor)
        self.column.addWidget(self.after)
        self.column.addStretch(1)
        editor.advance.connect(lambda: self.done.append(editor.value()))
        show(self, 620, 460)
        editor.line.setFocus(Qt.FocusReason.TabFocusReason)
        return editor.line


@pytest.fixture
def stage(look: QApplication, qtbot: QtBot) -> Iterator[Stage]:
    made = Stage()
    qtbot.addWidget(made)
    yield made
    made.hide()


@pytest.fixture
def picker(session: Session, stage: Stage) -> PickerLine:
    return stage.put(make_editor(Field("category", "业务类别", Kind.CODE, options="B"), session))


@pytest.fixture
def choice(session: Session, stage: Stage) -> PickerLine:
    return stage.put(make_editor(Field("source", "来源", Kind.CHOICE, options="source"), session))


@pytest.fixture
def several(session: Session, stage: Stage) -> PickerLine:
    return stage.put(make_editor(Field("groups", "特殊群体", Kind.CHOICES, options="special_group"), session))


def names(line: PickerLine) -> list[str]:
    return [option.name for option in line.popup.options]


@pytest.mark.parametrize(
    ("typed", "first", "code"),
    [
        ("jjk", "借记卡", "B.03.01"),
        ("B.03.01.2", "借记卡收费及挂失", "B.03.01.2"),
        ("b.03.01", "借记卡", "B.03.01"),
        ("收费及挂失", "借记卡收费及挂失", "B.03.01.2"),
    ],
)
def test_found_by_initials_code_and_name(picker: PickerLine, stage: Stage, typed: str, first: str, code: str) -> None:
    write(typed)
    assert picker.popup.isVisible()
    assert names(picker)[0] == first
    press(Key.Key_Return)
    assert not picker.popup.isVisible()
    assert picker.text() == f"{code}  {first}"
    assert stage.done == [code]


def test_rows_show_code_matched_part_and_path(picker: PickerLine) -> None:
    write("jjk")
    option = next(item for item in picker.popup.options if item.value == "B.03.01.2")
    assert (option.code, option.note) == ("B.03.01.2", "银行卡 › 借记卡")
    assert option.span is not None
    assert option.name[slice(*option.span)] == "借记卡"


def test_alt_and_a_digit_take_a_row(picker: PickerLine, stage: Stage) -> None:
    write("jjk")
    wanted = picker.popup.options[2].value
    press(Key.Key_3, ALT)
    assert picker.value() == wanted
    assert not picker.popup.isVisible()
    assert stage.done == []


def test_arrow_keys_move_and_esc_gives_up(picker: PickerLine, qtbot: QtBot) -> None:
    picker.set_value("B.03")
    picker.selectAll()
    write("jjk")
    press(Key.Key_Down)
    assert picker.popup.current_row() == 1
    press(Key.Key_Up)
    press(Key.Key_Up)
    assert picker.popup.current_row() == 0
    press(Key.Key_Escape)
    assert not picker.popup.isVisible()
    assert picker.value() == "B.03"
    assert picker.text() == "B.03  银行卡"


def test_a_search_that_finds_nothing_says_what_to_do(picker: PickerLine) -> None:
    write("zzzzzzzzz")
    assert picker.popup.isVisible()
    shown = [item.text() for item in picker.popup.findChildren(QLabel) if item.isVisible() and item.text()]
    assert shown == ["没有“zzzzzz…”，改一改，或按 Esc 放弃"]
    assert not picker.popup.view.isVisible()
    for _letter in range(9):
        press(Key.Key_Backspace)
    write("jjk")
    assert picker.popup.view.isVisible()


def test_letters_being_composed_are_not_searched(picker: PickerLine) -> None:
    compose("jie ji ka")
    assert not picker.popup.isVisible()
    press(Key.Key_Return)
    assert picker.value() is None
    commit("借记卡")
    assert picker.popup.isVisible()
    assert picker.hasFocus()
    assert names(picker)[0] == "借记卡"


def test_a_composition_given_up_searches_nothing(picker: PickerLine) -> None:
    compose("jie")
    compose("")
    assert not picker.popup.isVisible()
    assert picker.value() is None


def test_the_list_takes_no_keyboard_and_opens_inside_its_window(picker: PickerLine, stage: Stage) -> None:
    press(Key.Key_Down, ALT)
    assert here() is picker
    assert picker.popup.window() is stage
    assert stage.rect().contains(picker.popup.geometry().adjusted(8, 8, -8, -8))
    assert len(picker.popup.options) == len(picker.tree.codes)  # type: ignore[attr-defined]


def test_leaving_takes_what_is_beyond_doubt(picker: PickerLine, stage: Stage) -> None:
    write("B.03.01.2")
    stage.after.setFocus()
    assert picker.value() == "B.03.01.2"
    assert not picker.popup.isVisible()


def test_leaving_with_a_doubtful_text_says_so(picker: PickerLine, stage: Stage) -> None:
    write("jjk")
    stage.after.setFocus()
    assert picker.value() is None
    assert picker.problem() == "“jjk”有 7 项符合，请选定一项"
    picker.setFocus()
    picker.selectAll()
    write("qqqq")
    stage.after.setFocus()
    assert picker.problem() == "业务类别里没有“qqqq”，请换代码、拼音首字母或名称再找"


def test_deleting_the_text_empties_the_field(picker: PickerLine) -> None:
    picker.set_value("B.03")
    picker.selectAll()
    press(Key.Key_Delete)
    assert (picker.value(), picker.problem()) == (None, "")


def test_a_click_takes_a_row(picker: PickerLine) -> None:
    write("jjk")
    view = picker.popup.view
    spot = view.visualRect(view.model().index(1, 0)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, spot)
    assert picker.value() == "B.03.01.1"
    assert picker.hasFocus()


def test_a_click_elsewhere_closes_the_list(picker: PickerLine, stage: Stage) -> None:
    write("jjk")
    QTest.mouseClick(stage, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(600, 450))
    assert not picker.popup.isVisible()


def test_the_list_opens_upwards_at_the_foot_of_a_window(session: Session, stage: Stage) -> None:
    editor = make_editor(Field("category", "业务类别", Kind.CODE, options="B"), session)
    stage.column.addStretch(1)
    stage.column.addWidget(editor)
    show(stage, 620, 460)
    assert isinstance(editor, PickerEditor)
    editor.line.setFocus()
    write("jjk")
    assert editor.line.popup.geometry().bottom() < editor.mapTo(stage, QPoint(0, 12)).y()


def test_a_choice_by_number_name_alias_and_initials(choice: PickerLine) -> None:
    press(Key.Key_2, ALT)
    assert choice.value() == "call"
    assert choice.prefix() == "2"
    for typed, wanted in (("12345", "hotline_12345"), ("客服热线", "call"), ("rmyh", "pboc"), ("lx", "letter")):
        choice.selectAll()
        write(typed)
        press(Key.Key_Return)
        assert (typed, choice.value()) == (typed, wanted)


def test_several_choices_by_space_and_number(several: PickerLine, stage: Stage) -> None:
    press(Key.Key_Down, ALT)
    press(Key.Key_Space)
    press(Key.Key_3, ALT)
    assert several.popup.isVisible()
    press(Key.Key_Return)
    assert not several.popup.isVisible()
    assert several.value() == ("elderly", "student")
    assert several.text() == "老年人、学生"
    assert stage.done == [("elderly", "student")]
    several.selectAll()
    write("nh")
    press(Key.Key_Return)
    assert several.text() == "老年人、学生、农户"
    several.selectAll()
    write("x")
    press(Key.Key_Backspace)
    press(Key.Key_Escape)
    assert several.text() == "老年人、学生、农户"
    press(Key.Key_Delete)
    assert several.value() is None


def test_people_are_found_by_the_reading_of_their_family_name(session: Session, stage: Stage) -> None:
    staff = ledger("staff")
    ids = [
        records.save(session, staff, Record({"name": name, "active": True})).record.id for name in ("王建国", "单小云")
    ]
    line = stage.put(make_editor(Field("handler", "承办人", Kind.LINK, options="staff"), session))
    write("sxy")
    press(Key.Key_Return)
    assert (line.value(), line.text()) == (ids[1], "单小云")
    line.selectAll()
    write("李")
    stage.after.setFocus()
    assert line.problem() == "人员里没有“李”，请先到“设置→人员”里新增，再回来选"


def test_who_has_left_is_no_longer_offered_but_still_shown(session: Session, stage: Stage) -> None:
    staff = ledger("staff")
    gone = records.save(session, staff, Record({"name": "赵离岗", "active": False})).record
    line = stage.put(make_editor(Field("handler", "承办人", Kind.LINK, options="staff"), session))
    line.set_value(gone.id)
    assert line.text() == "赵离岗"
    press(Key.Key_Down, ALT)
    assert names(line) == []


def test_the_number_before_a_choice_gives_way_to_a_long_name(choice: PickerLine, stage: Stage) -> None:
    write("12378")
    press(Key.Key_Return)
    stage.after.setFocus()
    caption = choice.fontMetrics().horizontalAdvance(choice.text())
    wide = choice.textMargins().left()
    assert wide > 0
    choice.setFixedWidth(caption + (choice.width() - choice._room().width()) - wide // 2)
    QApplication.processEvents()
    assert choice.textMargins().left() < wide
    assert choice.toolTip() == "", "the whole name stands there"
