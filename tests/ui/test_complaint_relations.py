"""Doubts about a complaint and the complaints that belong to it, in the opened record, the form and after an import."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from tests.services.support import imported, sheet
from tests.ui.conftest import AddComplaint
from tests.ui.dialogs import in_dialog
from xiaobao_desktop.domain.fields import Record
from xiaobao_desktop.domain.ledgers import ledger
from xiaobao_desktop.services import records
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.query import Query
from xiaobao_desktop.ui.dialogs.complaint_suspicions import SuspicionsDialog
from xiaobao_desktop.ui.dialogs.confirm import ConfirmDialog
from xiaobao_desktop.ui.pages.complaint_relations import RelatedList
from xiaobao_desktop.ui.pages.import_page import DONE, PROBLEMS, ImportPage
from xiaobao_desktop.ui.pages.ledger_page import LedgerPage
from xiaobao_desktop.ui.widgets.form_side import FormSide
from xiaobao_desktop.ui.widgets.suspicion_panel import SuspicionPanel

COMPLAINT = ledger("complaint")
TOLD = "柜台扣了短信服务费三十六元，本人没有签过短信服务协议，要求退回并取消"


@pytest.fixture
def session(kept_session: Session) -> Session:
    return kept_session


@pytest.fixture
def page(look: QApplication, session: Session, qtbot: QtBot) -> Iterator[LedgerPage]:
    made = LedgerPage(session, COMPLAINT)
    qtbot.addWidget(made)
    made.resize(1170, 700)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.hide()


@pytest.fixture
def twice(add_complaint: AddComplaint) -> tuple[Record, Record]:
    """One matter told twice by one person."""
    return (
        add_complaint("2026-10-30", "刘秀兰", content=TOLD, branch=1),
        add_complaint("2026-11-20", "刘秀兰", content=f"又来反映：{TOLD}", branch=1),
    )


def panel(page: QWidget) -> SuspicionPanel | None:
    found = page.findChild(SuspicionPanel)
    return found if isinstance(found, SuspicionPanel) else None


def related(page: LedgerPage) -> RelatedList:
    found = page.detail.findChild(RelatedList)
    assert isinstance(found, RelatedList)
    return found


def words(widget: QWidget) -> str:
    return "\n".join(found.text() for found in widget.findChildren(QLabel))


def wait_for(qtbot: QtBot, page: LedgerPage, record: Record) -> None:
    """Until a record is the opened one."""
    qtbot.waitUntil(lambda: page.detail.record is not None and page.detail.record.id == record.id)


def press(parent: QWidget, key: str) -> None:
    """Press the button of a judgement with Enter."""
    found = parent.findChild(QPushButton, f"judge_{key}")
    assert isinstance(found, QPushButton)
    found.setFocus()
    QTest.keyClick(found, Qt.Key.Key_Return)


def answer_confirm(press_button: str) -> list[str]:
    """Press yes_button or no_button of the question to come; its words are put into the list returned."""
    asked: list[str] = []

    def act(dialog: ConfirmDialog) -> None:
        asked.append(words(dialog))
        getattr(dialog, press_button).click()

    in_dialog(ConfirmDialog, act)
    return asked


def test_a_doubt_names_the_other_complaint_and_every_reason(page: LedgerPage, twice: tuple[Record, Record]) -> None:
    first, second = twice
    page.open_record(second.id or 0)
    found = panel(page.detail)
    assert found is not None
    assert str(first.number) in found.accessibleName()
    assert "同一电话·同名·同一业务类别·同一机构·内容相似 100%" in words(found)


def test_a_judgement_by_keyboard_is_kept_shown_both_ways_and_taken_back(
    page: LedgerPage, session: Session, qtbot: QtBot, twice: tuple[Record, Record]
) -> None:
    first, second = twice
    page.open_record(second.id or 0)
    press(page, "repeat")
    qtbot.waitUntil(lambda: page.detail.findChild(RelatedList) is not None)
    assert panel(page.detail) is None
    assert records.get(session, COMPLAINT, second.id or 0).values["repeat"] is True
    assert page.toast.text() == f"已判断：是重复（{first.number}）"
    assert "重复投诉" in related(page)._found[0].words
    # One key to the other one, and one back.
    page.detail.focus_first()
    for shown in (first, second):
        QTest.keyClick(page.detail, Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier)
        wait_for(qtbot, page, shown)
    assert page.list.table.currentIndex().row() == page.list.model.row_of(second.id or 0)
    QTest.mouseClick(page.toast._button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: panel(page.detail) is not None)
    assert not records.get(session, COMPLAINT, second.id or 0).values["repeat"]


def test_not_a_repetition_is_not_shown_again(page: LedgerPage, qtbot: QtBot, twice: tuple[Record, Record]) -> None:
    page.open_record(twice[1].id or 0)
    press(page, "different")
    qtbot.waitUntil(lambda: panel(page.detail) is None)
    page.open_record(twice[0].id or 0)
    assert panel(page.detail) is None
    assert page.detail.findChild(RelatedList) is None


def test_merging_asks_first_and_says_what_happens(
    page: LedgerPage, session: Session, qtbot: QtBot, twice: tuple[Record, Record]
) -> None:
    first, second = twice
    page.open_record(first.id or 0)
    asked = answer_confirm("no_button")
    press(page, "merge")
    qtbot.waitUntil(lambda: bool(asked))
    assert f"把 {second.number} 并入 {first.number}？" in asked[0]
    assert f"{second.number} 今天以并案结束" in asked[0]
    assert records.get(session, COMPLAINT, second.id or 0).values["merged_into"] is None
    asked = answer_confirm("yes_button")
    press(page, "merge")
    qtbot.waitUntil(lambda: page.detail.findChild(RelatedList) is not None)
    assert "已并入本件" in related(page)._found[0].words
    merged = records.get(session, COMPLAINT, second.id or 0)
    assert (merged.values["merged_into"], merged.values["closed_on"]) == (first.id, "2026-11-23")


def test_a_merger_into_a_closed_case_warns_of_new_facts(
    page: LedgerPage, qtbot: QtBot, add_complaint: AddComplaint
) -> None:
    steps = ({"kind": "withdraw", "happened_on": "2026-11-03"},)
    first = add_complaint("2026-11-02", "刘秀兰", *steps, content=TOLD)
    second = add_complaint("2026-11-20", "刘秀兰", content=TOLD)
    page.open_record(second.id or 0)
    asked = answer_confirm("no_button")
    press(page, "merge")
    qtbot.waitUntil(lambda: bool(asked))
    assert f"{first.number} 已经办结：如果这次有新的事实或理由" in asked[0]


def test_a_group_is_judged_at_once_and_several_are_reached_by_one_key(
    page: LedgerPage, qtbot: QtBot, add_complaint: AddComplaint
) -> None:
    names = (("刘秀兰", "13800000001"), ("赵国强", "13800000002"), ("孙丽", "13800000003"))
    cases = [
        add_complaint(f"2026-11-1{place}", name, content=TOLD, branch=1, phone=phone)
        for place, (name, phone) in enumerate(names)
    ]
    page.open_record(cases[2].id or 0)
    found = panel(page.detail)
    assert found is not None
    assert "30 天内 3 人投诉同一件事\n20 人以上当面共同投诉属于重大消费投诉，要报告" in words(found)
    press(page, "group")
    qtbot.waitUntil(lambda: page.detail.findChild(RelatedList) is not None)
    assert page.toast.text() == f"已判断：是同一群体（{cases[0].number} 等 2 件）"
    assert [item.words for item in related(page)._found] == ["同一群体"] * 2
    page.detail.focus_first()
    QTest.keyClick(page.detail, Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.focusWidget() is related(page).links[0]
    QTest.keyClick(related(page).links[0], Qt.Key.Key_Return)
    wait_for(qtbot, page, cases[0])


def test_the_form_tells_the_doubt_while_typing_and_refuses_nothing(
    page: LedgerPage, qtbot: QtBot, twice: tuple[Record, Record]
) -> None:
    page.create_record()
    form = page._form
    assert form is not None
    side = form.findChild(FormSide)
    assert isinstance(side, FormSide)
    (_due,) = side.notes
    for key, value in (("complainant", "刘秀兰"), ("phone", "138 5621 5621"), ("category", "B.01")):
        if key == "category":
            assert side.notes[1].headline == "2 件", "who calls is told before what it is about"
            assert str(twice[1].number) in side.notes[1].lines[0]
        form.cells[key].editor.set_value(value)
        form._on_left(key)
    assert len(side.notes) == 3
    told = [note for note in side.notes if note.title == "可能重复"]
    assert [note.headline for note in told] == [twice[1].number, twice[0].number]
    assert told[0].lines[0].startswith("同一电话·同名·同一业务类别")
    assert form._write() is not None


def rows(tmp_path: Path, told: str = TOLD) -> Path:
    headers = ("收到日期", "投诉来源", "投诉人", "联系电话", "投诉内容")
    return sheet(
        tmp_path / "台账.xlsx",
        headers,
        ("2026-10-08", "来电", "刘秀兰", "13907991234", told),
        ("2026-10-20", "来访", "刘秀兰", "139 0799 1234", f"又来反映：{told}"),
        ("2026-10-21", "来访", "赵国强", "13800000001", f"贷款利率调整没有提前通知，多还了利息{len(told)}元"),
    )


def test_after_an_import_what_looks_alike_is_offered_to_be_judged(
    look: QApplication, session: Session, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = ImportPage(session, COMPLAINT)
    qtbot.addWidget(page)
    page.resize(1170, 700)
    page.show()
    page.read_file(rows(tmp_path))
    qtbot.waitUntil(lambda: not page.busy, timeout=30_000)
    page.go_on()
    qtbot.waitUntil(lambda: page.planned is not None, timeout=20_000)
    page.go_on()
    assert page.pages.currentIndex() == PROBLEMS
    with qtbot.waitSignal(page.suspicions.finished, timeout=30_000):
        page.go_on()
    assert page.pages.currentIndex() == DONE
    assert page.suspicions.words.text() == "有 1 件看起来和别的重复，或属于群体，由您判断"
    in_dialog(SuspicionsDialog, judge_all, leave=True)
    page.suspicions.look_button.click()
    assert not page.suspicions.isVisibleTo(page)
    newest_first = session.book.ids(COMPLAINT, Query(order=(("received_on", True),)))
    assert [records.get(session, COMPLAINT, one).values["repeat"] for one in newest_first] == [None, True, None]


def judge_all(dialog: QDialog) -> None:
    assert isinstance(dialog, SuspicionsDialog)
    shown = [line[-13:] for line in words(dialog).splitlines() if line.startswith("TS-")]
    assert shown == ["2026-10-08 收到", "2026-10-20 收到"]
    found = panel(dialog)
    assert found is not None
    found.judged.emit(found.doubts[0], "repeat")
    assert dialog.waiting == []
    assert "都判断过了" in words(dialog)


def test_an_import_taken_back_leaves_nothing_to_judge(
    look: QApplication, session: Session, qtbot: QtBot, tmp_path: Path
) -> None:
    from xiaobao_desktop.services import undo
    from xiaobao_desktop.services.complaint_suspicion import Comparison
    from xiaobao_desktop.ui.dialogs import complaint_suspicions

    _plan, result = imported(session, rows(tmp_path, f"{TOLD}，请尽快答复"))
    comparison = Comparison(session, [one for _key, one in result.changed if one])
    comparison.go_on(comparison.total)
    assert len(comparison.found) == 1
    undo.undo(session)
    owner = QWidget()
    qtbot.addWidget(owner)
    in_dialog(SuspicionsDialog, lambda dialog: dialog.reject())
    assert complaint_suspicions.ask(session, comparison.found, owner) == []
