"""Policies, meetings and reviews in the window: state of the day, rows typed by keyboard, a text checked for words."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from tests.ui.dialogs import in_dialog
from tests.ui.form_keys import show
from xiaobao_desktop.domain.fields import Record, Value
from xiaobao_desktop.domain.ledgers import ledger
from xiaobao_desktop.services import records, undo
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui.dialogs.review_words import ReviewWordsDialog
from xiaobao_desktop.ui.editors.link import LinkLine
from xiaobao_desktop.ui.editors.row_table import RowTableEditor
from xiaobao_desktop.ui.pages.ledger_page import LedgerPage
from xiaobao_desktop.ui.pages.ledger_rows import ChildRows
from xiaobao_desktop.ui.pages.record_form import RecordForm
from xiaobao_desktop.ui.widgets.pill import Pill

POLICY, MEETING, REVIEW = (ledger(key) for key in ("policy", "meeting", "review"))
TEXT = "丰收贷，人人可贷！\n理财不保本；存款保 本。"


def page_of(qtbot: QtBot, session: Session, key: str) -> LedgerPage:
    made = LedgerPage(session, session.ledger(key))
    qtbot.addWidget(made)
    made.resize(1170, 700)
    made.show()
    return made


@pytest.fixture
def rows(session: Session, look: QApplication, qtbot: QtBot) -> RowTableEditor:
    made = RowTableEditor(session, MEETING.child("resolutions"))
    qtbot.addWidget(made)
    made.resize(900, 400)
    made.show()
    return made


def cell(editor: RowTableEditor, row: int, key: str) -> str:
    place = next(at for at, item in enumerate(editor.table.fields) if item.key == key)
    return str(editor.model.index(row, place).data() or "")


def type_into(editor: RowTableEditor, row: int, key: str, text: str) -> None:
    place = next(at for at, item in enumerate(editor.table.fields) if item.key == key)
    editor.view.setFocus()
    editor.view.setCurrentIndex(editor.model.index(row, place))
    QTest.keyClick(editor.view, Qt.Key.Key_F2)
    (typed,) = editor.view.viewport().findChildren(QLineEdit)
    typed.setText(text)
    QTest.keyClick(typed, Qt.Key.Key_Return)
    QApplication.processEvents()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def test_the_state_of_a_policy_is_that_of_today(session: Session, look: QApplication, qtbot: QtBot) -> None:
    entered: tuple[dict[str, Value], ...] = (
        {"name": "甲", "in_force_on": "2026-11-24"},
        {"name": "乙", "in_force_on": "2026-11-23"},
        {"name": "丙", "in_force_on": "2025-01-01", "review_due_on": "2026-11-23"},
        {"name": "丁", "in_force_on": "2025-01-01", "repealed_on": "2026-11-23", "review_due_on": "2025-02-02"},
    )
    ends_later: dict[str, Value] = {"name": "戊", "in_force_on": "2025-01-01", "repealed_on": "2026-11-24"}
    for values in (*entered, ends_later):
        records.save(session, POLICY, Record(values))
    page = page_of(qtbot, session, POLICY.key)
    shown = {}
    for tab in ("all", "kept", "due", "repealed"):
        page._choose_tab(tab)
        model = page.list.model
        at = [model.columns.index(key) for key in ("name", "state")]
        shown[tab] = {model.index(row, at[0]).data(): model.index(row, at[1]).data() for row in range(model.rowCount())}
    assert shown["all"] == {"甲": "待生效", "乙": "有效", "丙": "已到评估期", "丁": "已废止", "戊": "有效"}
    assert (set(shown["kept"]), set(shown["due"]), set(shown["repealed"])) == ({"甲", "乙", "丙", "戊"}, {"丙"}, {"丁"})
    assert "尚无有效制度（5 号令第 8 条）" in page.status_text()
    page.open_record(3)
    assert "已到评估期" in [pill.accessibleName() or pill._text for pill in page.detail.findChildren(Pill)]


def test_versions_of_the_same_name_are_told_apart_where_one_is_chosen(
    session: Session, look: QApplication, qtbot: QtBot
) -> None:
    for name, version in (("投诉办法", "2021年版"), ("投诉办法", "2025年版"), ("考核办法", "2025年版")):
        records.save(session, POLICY, Record({"name": name, "version": version}))
    form = RecordForm(session, POLICY)
    qtbot.addWidget(form)
    line = form.cells["replaces"].editor.control
    assert isinstance(line, LinkLine)
    assert [(option.name, option.note) for option in line.find_options("")] == [
        ("投诉办法", "2021年版"),
        ("投诉办法", "2025年版"),
        ("考核办法", ""),
    ]
    assert [option.note for option in line.find_options("ts")] == ["2021年版", "2025年版"]


def test_resolutions_are_typed_one_a_line_and_their_cells_filled_in(rows: RowTableEditor, qtbot: QtBot) -> None:
    rows.line.setFocus()
    rows.line.setText("换公示牌")
    QTest.keyClick(rows.line, Qt.Key.Key_Return)
    rows.line.setText("补充条款")
    QTest.keyClick(rows.line, Qt.Key.Key_Return)
    assert [row["resolution"] for row in rows.rows] == ["换公示牌", "补充条款"]
    assert rows.line.text() == ""
    with qtbot.waitSignal(rows.advance, timeout=20_000):
        QTest.keyClick(rows.line, Qt.Key.Key_Return)
    type_into(rows, 1, "due_on", "2026.12.5")
    type_into(rows, 1, "owner", "Wang")
    type_into(rows, 0, "due_on", "2026.13.5")
    assert [cell(rows, 1, key) for key in ("due_on", "owner")] == ["2026-12-05", "Wang"]
    assert rows.rows[0]["due_on"] == "2026.13.5", "what is no day stays for the form to refuse"
    rows.view.selectRow(0)
    QTest.keyClick(rows.view, Qt.Key.Key_Delete)
    assert [row["resolution"] for row in rows.rows] == ["补充条款"]
    assert rows.count.text() == "1 条·已落实 0"


def test_rows_of_a_workbook_are_pasted_with_their_columns(rows: RowTableEditor) -> None:
    QGuiApplication.clipboard().setText("换公示牌\t运营部\t王建国\t2026/12/5\t是\n\n补充条款\n")
    rows.paste()
    first, second = rows.rows
    assert (first["resolution"], first["department"], first["owner"]) == ("换公示牌", "运营部", "王建国")
    assert (first["due_on"], first["done"]) == ("2026-12-05", True)
    assert second["resolution"] == "补充条款"
    QGuiApplication.clipboard().clear()
    rows.paste()
    assert len(rows.rows) == 2
    assert "剪贴板里没有文字" in rows.message.text()


def test_a_meeting_is_saved_with_its_resolutions_and_shown(session: Session, look: QApplication, qtbot: QtBot) -> None:
    form = RecordForm(session, MEETING)
    qtbot.addWidget(form)
    show(form)
    form.cells["title"].editor.set_value("例会")
    editor = form.tables["resolutions"].editor
    assert isinstance(editor, RowTableEditor)
    editor.add(["换公示牌"])
    type_into(editor, 0, "due_on", "2026.13.5")
    assert not form.save()
    assert "2026.13.5" in form._notice.accessibleName() + "".join(
        found.text() for found in form._notice.findChildren(QLabel)
    )
    type_into(editor, 0, "due_on", "2026.12.5")
    assert form.save()
    page = page_of(qtbot, session, MEETING.key)
    page.open_record(1)
    (block,) = page.detail.findChildren(ChildRows)
    words = [found.text() for found in block.findChildren(QLabel)]
    assert {"换公示牌", "完成期限 2026-12-05·未落实"} <= set(words)


def test_a_pasted_text_becomes_a_review_with_its_opinion(session: Session, look: QApplication, qtbot: QtBot) -> None:
    QGuiApplication.clipboard().setText(TEXT)
    page = page_of(qtbot, session, REVIEW.key)
    (way,) = page.ways
    seen: list[tuple[str, ...]] = []

    def use(dialog: ReviewWordsDialog) -> None:
        model = dialog.table.model()
        seen.extend((model.index(row, 0).data(), model.index(row, 1).data()) for row in range(model.rowCount()))
        dialog.text.setFocus()
        QTest.keyClick(dialog.text, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)

    in_dialog(ReviewWordsDialog, use)
    page.ways[way].click()
    assert seen == [("1", "人人可贷"), ("2", "保 本")]
    form = page._form
    assert form is not None
    assert form.cells["checked_text"].editor.value() == TEXT
    assert str(form.cells["opinion"].editor.value()).startswith("1. 第1行“人人可贷”：")
    assert [(note.headline, note.lines[1]) for note in form.side.notes] == [
        ("敏感用语 2 处", "第2行“保 本”"),
    ]
    shown = form.cells["sensitive"].editor.control
    assert isinstance(shown, QLineEdit)
    assert shown.placeholderText() == "自动：无门槛、保本", "what will be filled in by itself is told by name"
    form.cells["title"].editor.set_value("折页")
    assert form.save()
    assert records.get(session, REVIEW, 1).values["sensitive"] == ("no_threshold", "capital")


def test_the_text_of_a_review_is_looked_at_and_its_opinion_added_to(
    session: Session, look: QApplication, qtbot: QtBot
) -> None:
    entered: dict[str, Value] = {
        "received_on": "2026-11-20",
        "title": "折页",
        "checked_text": TEXT,
        "opinion": "另见附件",
    }
    record = records.save(session, REVIEW, Record(entered)).record
    page = page_of(qtbot, session, REVIEW.key)
    page.open_record(int(str(record.id)))
    assert any(pill._text == "敏感用语 2 处" for pill in page.detail.findChildren(Pill))
    for _twice in range(2):
        in_dialog(ReviewWordsDialog, lambda dialog: dialog.use_button.click())
        page.presenter._check_text(  # type: ignore[attr-defined]
            records.get(session, REVIEW, int(str(record.id))), page, _Told()
        )
    opinion = str(records.get(session, REVIEW, int(str(record.id))).values["opinion"])
    assert opinion.startswith("另见附件\n1. 第1行“人人可贷”")
    assert opinion.count("人人可贷") == 1, "what stands there already is not written again"
    assert undo.last_operation(session) == "查敏感用语"


class _Told:
    """Hears what the block says."""

    def told(self, words: str) -> None:
        assert words == "已写进审查意见"
