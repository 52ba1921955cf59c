"""相关 in the window: seen, opened, added, taken away; 转为整改, 列入计划 with one key; the year's plan of filings."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from tests.ui.conftest import AddComplaint
from tests.ui.dialogs import answer, in_dialog
from xiaobao_desktop.domain.fields import Record, Value
from xiaobao_desktop.domain.ledgers import ledger
from xiaobao_desktop.domain.ledgers.meeting import RESOLUTIONS
from xiaobao_desktop.domain.relations import reference
from xiaobao_desktop.services import obligations, records, relations
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.query import Condition, Query
from xiaobao_desktop.ui.dialogs.confirm import ConfirmDialog
from xiaobao_desktop.ui.dialogs.error_dialog import ErrorDialog
from xiaobao_desktop.ui.dialogs.obligation import FIXED, ObligationDialog
from xiaobao_desktop.ui.dialogs.pick_record import PickRecordDialog
from xiaobao_desktop.ui.dialogs.year_plan import YearPlanDialog
from xiaobao_desktop.ui.main_window import MainWindow
from xiaobao_desktop.ui.pages.related_panel import RelatedPanel
from xiaobao_desktop.ui.pages.settings_obligations import ObligationsPanel

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
RECTIFICATION, PLAN, MEETING, FILING = (ledger(key) for key in ("rectification", "plan", "meeting", "filing"))


@pytest.fixture
def window(look: QApplication, session: Session, qtbot: QtBot) -> Iterator[MainWindow]:
    made = MainWindow(session)
    qtbot.addWidget(made)
    made.resize(1366, 738)
    made.show()
    made.activateWindow()
    qtbot.waitExposed(made)
    yield made
    made.hide()


def panel(window: MainWindow, key: str) -> RelatedPanel:
    """The panel of the record that is opened in a ledger."""
    found = window.ledger_page(key).detail.findChildren(RelatedPanel)
    return found[-1]


def words(panel_shown: RelatedPanel) -> str:
    return "\n".join(found.text() for found in panel_shown.findChildren(QLabel))


def opened(window: MainWindow, key: str) -> int | None:
    """The id of the opened record of a ledger, when its page is the one shown."""
    record = window.ledger_page(key).detail.record
    return record.id if window.current_key() == key and record is not None else None


def saved(session: Session, key: str, **values: Value) -> int:
    return int(str(records.save(session, session.ledger(key), Record(values)).record.id))


def test_a_complaint_becomes_a_rectification_with_one_key(
    window: MainWindow, session: Session, add_complaint: AddComplaint, qtbot: QtBot
) -> None:
    complaint = add_complaint("2026-11-02", "刘秀兰", root_cause="收费没有书面确认", rights=("know",))
    window.open_record("complaint", int(str(complaint.id)))
    QTest.keyClick(window, Qt.Key.Key_T, CONTROL)
    page = window.ledger_page("rectification")
    qtbot.waitUntil(lambda: page.editing)
    form = page._form
    assert form is not None
    assert form.cells["problem"].editor.value() == "收费没有书面确认"
    form.cells["department"].editor.set_value("运营管理部")
    form.save()
    qtbot.waitUntil(lambda: not page.editing)
    (made,) = session.book.ids(RECTIFICATION, Query(where=(Condition("complaint", "eq", (complaint.id,)),)))
    values = records.get(session, RECTIFICATION, made).values
    assert (values["source"], values["right"], values["department"]) == ("root_cause", ("know",), "运营管理部")
    shown = panel(window, "rectification")
    shown.links[reference("complaint", int(str(complaint.id)))].click()
    qtbot.waitUntil(lambda: opened(window, "complaint") == complaint.id)
    panel(window, "complaint").links[reference("rectification", made)].click()
    qtbot.waitUntil(lambda: opened(window, "rectification") == made)


def test_a_training_that_answers_a_rectification_is_put_beside_it_by_the_form(
    window: MainWindow, session: Session, qtbot: QtBot
) -> None:
    fault = saved(session, "rectification", source="audit", found_on="2026-11-02", problem="柜员不熟悉流程")
    window.open_record("rectification", fault)
    panel(window, "rectification").ways[0].click()
    page = window.ledger_page("training")
    qtbot.waitUntil(lambda: page.editing)
    assert page._form is not None
    page._form.save()
    qtbot.waitUntil(lambda: not page.editing)
    assert reference("rectification", fault) in panel(window, "training").links


def test_another_record_is_put_beside_and_taken_away(
    window: MainWindow, session: Session, add_complaint: AddComplaint, qtbot: QtBot
) -> None:
    complaint = int(str(add_complaint("2026-11-02", "刘秀兰").id))
    training = saved(session, "training", held_on="2026-11-03", topic="收费政策培训", extra_for_complaints=False)
    saved(session, "training", held_on="2026-11-04", topic="反洗钱培训", extra_for_complaints=False)
    window.open_record("complaint", complaint)

    def pick(dialog: PickRecordDialog) -> None:
        assert len(dialog.found) == 2
        QTest.keyClicks(dialog.search, "sfzc")
        QTest.keyClick(dialog.search, Qt.Key.Key_Return)

    with qtbot.waitSignal(window.ledger_page("complaint").detail.told):
        in_dialog(PickRecordDialog, pick)
        QTest.keyClick(window, Qt.Key.Key_J, CONTROL | SHIFT)
    link = reference("training", training)
    qtbot.waitUntil(lambda: link in panel(window, "complaint").links)
    window.open_record("training", training)
    shown = panel(window, "training")
    assert reference("complaint", complaint) in shown.links
    cross = next(one for one in shown.findChildren(QPushButton) if one.accessibleName().startswith("取消关联"))
    cross.click()
    qtbot.waitUntil(lambda: not panel(window, "training").links)
    window.undo()
    qtbot.waitUntil(lambda: bool(panel(window, "training").links))


def test_a_resolution_goes_into_the_plan_at_once(window: MainWindow, session: Session, qtbot: QtBot) -> None:
    rows = ({"resolution": "更新收费公示", "due_on": "2026-12-01"}, {"resolution": "补齐记录"})
    made = records.save(
        session,
        session.ledger("meeting"),
        Record({"held_on": "2026-11-03", "title": "第三次会议"}, {RESOLUTIONS.key: rows}),
    ).record
    window.open_record("meeting", int(str(made.id)))
    assert [way.text().strip() for way in panel(window, "meeting").ways] == [
        "列入计划：更新收费公示",
        "列入计划：补齐记录",
    ]
    panel(window, "meeting").ways[0].click()
    qtbot.waitUntil(lambda: len(panel(window, "meeting").ways) == 1)
    (item,) = session.book.ids(PLAN, Query())
    assert reference("plan", item) in panel(window, "meeting").links
    # The other one has no day: its form asks for it.
    QTest.keyClick(window, Qt.Key.Key_T, CONTROL)
    qtbot.waitUntil(lambda: window.ledger_page("plan").editing)
    form = window.ledger_page("plan")._form
    assert form is not None
    assert form.cells["planned_on"].editor.value() is None
    form.cells["planned_on"].editor.set_value("2026-12-20")
    form.save()
    qtbot.waitUntil(lambda: not window.ledger_page("plan").editing)
    assert len(session.book.ids(PLAN, Query(where=(Condition("meeting", "eq", (made.id,)),)))) == 2


def test_a_branch_in_use_says_who_uses_it_and_is_not_deleted(
    window: MainWindow, session: Session, add_complaint: AddComplaint, qtbot: QtBot
) -> None:
    add_complaint("2026-11-02", "刘秀兰", branch=1)
    window.show_settings("branch")
    page = window.page("settings").panel("branch")  # type: ignore[attr-defined]
    page.open_record(1)
    told: list[str] = []
    answer("删除")
    in_dialog(ErrorDialog, lambda dialog: told.extend(one.text() for one in dialog.findChildren(QLabel)), leave=True)
    page._delete()
    assert any("投诉 1 件（被投诉机构）" in text for text in told)
    assert not records.get(session, session.ledger("branch"), 1).deleted


def test_deadlines_show_in_the_list_and_beside_the_navigation(window: MainWindow, session: Session) -> None:
    saved(session, "rectification", source="audit", found_on="2026-10-02", problem="公示过期", planned_on="2026-11-20")
    saved(session, "plan", title="编制计划", planned_on="2026-12-20", kind="task")
    late, task = window.ledger_page("rectification"), window.ledger_page("plan")
    assert (late.presenter.badge(), task.presenter.badge()) == ((1, True), (1, False))
    rows = session.book.rows(RECTIFICATION, session.book.ids(RECTIFICATION, Query()), ("state", "planned_on"))
    cell = late.presenter.cell("state", rows[0])
    assert (cell.text, cell.tone) == ("延期", "red")
    assert late.presenter.tabs()[0].label == "未完成"


def test_the_year_plan_is_shown_and_generated_once(window: MainWindow, session: Session, qtbot: QtBot) -> None:
    window.show_page("filing")
    page = window.ledger_page("filing")
    (way,) = page.ways

    def make(dialog: YearPlanDialog) -> None:
        assert [owed.period.code for owed in dialog.owed] == ["2026-11"]
        dialog.make_button.click()

    in_dialog(YearPlanDialog, make)
    # The empty register offers it in its middle as well.
    offered = [one for one in page.list.table.findChildren(QPushButton) if one.accessibleName() == way.label]
    offered[0].click()
    assert session.book.count(FILING, Query()) == 1
    qtbot.waitUntil(lambda: len(page.list.model.ids) == 1)

    def nothing(dialog: YearPlanDialog) -> None:
        assert not dialog.make_button.isEnabled()

    in_dialog(YearPlanDialog, nothing, leave=True)
    page.begin(way)


def test_obligations_are_changed_in_the_settings(look: QApplication, session: Session, qtbot: QtBot) -> None:
    card = ObligationsPanel(session)
    qtbot.addWidget(card)
    card.show()
    card.table.selectRow(0)
    assert card.chosen() is not None
    card.switch_button.click()
    assert not obligations.obligations(session)[0].active
    assert card.switch_button.text() == "启用"
    card.restore_button.click()
    assert obligations.obligations(session)[0].active

    def add(dialog: ObligationDialog) -> None:
        dialog.name.setText("县域年度教育计划")
        dialog.way.choose(FIXED)
        dialog.way.chosen.emit(FIXED)
        dialog.month.setText("２")
        dialog.day.setText("28")
        dialog.save()
        assert "只能用于每年一次" in dialog.problem.text
        dialog.cycle.setCurrentIndex(dialog.cycle.findData("year"))
        dialog.save()

    in_dialog(ObligationDialog, add)
    card.add_button.click()
    added = obligations.obligations(session)[-1]
    assert (added.name, added.due.month, added.due.day) == ("县域年度教育计划", 2, 28)


def test_relations_stand_in_the_history_of_the_record(session: Session, add_complaint: AddComplaint) -> None:
    complaint = int(str(add_complaint("2026-11-02", "刘秀兰").id))
    training = saved(session, "training", held_on="2026-11-03", topic="培训", extra_for_complaints=False)
    relations.add(session, session.ledger("complaint"), complaint, reference("training", training))
    first = records.history(session, session.ledger("complaint"), complaint)[0]
    assert [line.new for line in first.lines] == ["培训 PX-2026-0001 2026-11-23"]


def test_deleting_a_record_tells_what_belongs_to_it_and_leaves_it_in_its_place(
    window: MainWindow, session: Session, add_complaint: AddComplaint, qtbot: QtBot
) -> None:
    complaint = int(str(add_complaint("2026-11-02", "刘秀兰").id))
    training = saved(session, "training", held_on="2026-11-03", topic="培训", extra_for_complaints=False)
    relations.add(session, session.ledger("complaint"), complaint, reference("training", training))
    window.open_record("training", training)
    told: list[str] = []

    def agree(dialog: ConfirmDialog) -> None:
        told.extend(one.text() for one in dialog.findChildren(QLabel))
        dialog.yes_button.click()

    in_dialog(ConfirmDialog, agree)
    window.ledger_page("training")._delete()
    assert any("和它相关的有 投诉 1 件，都原样留着" in text for text in told)
    window.open_record("complaint", complaint)
    shown = panel(window, "complaint")
    assert "在回收站" in words(shown)
    assert reference("training", training) not in shown.links
