"""到期可销毁 in the window: the list, the questions, what is told afterwards; with a real book of 2026 in 2032."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QPushButton, QTableWidgetItem
from pytestqt.qtbot import QtBot

from tests.services.support import COMPLAINT, Clock, a_complaint, new_book
from tests.ui.conftest import step
from tests.ui.dialogs import answer, in_dialog
from xiaobao_desktop.domain.roles import Role
from xiaobao_desktop.services import backup_places, erasing, records, retention
from xiaobao_desktop.services.session import NotAllowed, Session
from xiaobao_desktop.ui.dialogs.erasing import ErasingDialog, ErasingListDialog
from xiaobao_desktop.ui.dialogs.erasing_questions import ApprovalDialog, HoldDialog, YearsDialog
from xiaobao_desktop.ui.pages.data_page import DataPage
from xiaobao_desktop.ui.pages.ledger_detail import RecordDetail
from xiaobao_desktop.ui.pages.ledger_origin import origin_blocks
from xiaobao_desktop.ui.pages.ledger_presenter import presenter_for

BEGUN, LATER = datetime(2026, 11, 23, 9, 41), datetime(2032, 3, 1, 9)  # noqa: DTZ001 - the bank's local time


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """Two closed complaints and an open one of 2026, looked at in 2032."""
    clock = Clock(BEGUN.astimezone())
    opened = new_book(tmp_path / "账簿", clock)
    ended = [step(kind, "2026-10-12") for kind in ("decide", "inform", "close")]
    for name in ("吴桂英", "陈伟"):
        records.save(opened, COMPLAINT, a_complaint("2026-10-08", *ended, complainant=name))
    records.save(opened, COMPLAINT, a_complaint("2026-10-10", complainant="赵国强"))
    clock.now = LATER.astimezone()
    yield opened
    opened.close()


@pytest.fixture
def dialog(look: QApplication, qtbot: QtBot, session: Session) -> ErasingDialog:
    made = ErasingDialog(session)
    qtbot.addWidget(made)
    made.show()
    idle(qtbot, made)
    return made


def idle(qtbot: QtBot, dialog: ErasingDialog) -> None:
    qtbot.waitUntil(lambda: not dialog.busy, timeout=30_000)


def cell(dialog: ErasingDialog, row: int, column: int) -> QTableWidgetItem:
    found = dialog.table.item(row, column)
    assert found is not None
    return found


def fill(question: ApprovalDialog, typed: str) -> None:
    question.approver.setText("李建国（行长）")
    question.document.setText("某行消保〔2032〕3号")
    question.confirmation.setText(typed)
    question.yes_button.click()


def test_the_list_says_what_may_go_and_what_may_not(dialog: ErasingDialog) -> None:
    assert dialog.count.text() == "可销毁 2 件，还不能销毁 1 件"
    assert [one.number for one in dialog.shown] == ["TS-2026-0001", "TS-2026-0002"]
    assert cell(dialog, 0, 3).text().startswith("吴**")
    assert not dialog.erase_button.isEnabled()
    dialog.parts.choose("not_yet")
    dialog.parts.chosen.emit("not_yet")
    assert cell(dialog, 0, 6).text() == "还没有办结"
    assert dialog.erase_button.isHidden()


def test_destroying_asks_who_agreed_and_tells_what_was_done(
    dialog: ErasingDialog, qtbot: QtBot, session: Session
) -> None:
    dialog.choose_all()
    assert dialog.chosen_words.text() == "已选 2 件"
    refused: list[str] = []

    def act(question: ApprovalDialog) -> None:
        question.yes_button.click()
        refused.extend(found.text() for found in question.findChildren(QLabel) if found.text().startswith("请"))
        fill(question, "销毁2件")

    in_dialog(ApprovalDialog, act)
    dialog.erase_button.click()
    idle(qtbot, dialog)
    assert "请填批准人" in refused
    assert dialog.told.words.text().startswith("已销毁 2 件记录的内容")
    assert dialog.count.text() == "可销毁 0 件，还不能销毁 1 件"
    gone = session.book.by_number(COMPLAINT, "TS-2026-0001")
    assert gone is not None
    assert gone.values["complainant"] == "已销毁"
    notices = origin_blocks(session, COMPLAINT, gone)
    assert "按规定销毁，不能恢复" in " ".join(found.text() for found in notices[0].findChildren(QLabel))


def test_escape_destroys_nothing(dialog: ErasingDialog, session: Session) -> None:
    dialog.choose_all()
    before = session.book.anchor()
    in_dialog(ApprovalDialog, QDialog.reject)
    dialog.erase_button.click()
    assert session.book.anchor() == before


def test_old_backups_are_told_and_go_when_asked(dialog: ErasingDialog, qtbot: QtBot, session: Session) -> None:
    old = backup_places.backup_here(session)
    chosen = [one for one in dialog.found if one.ready]
    approval = erasing.Approval("李建国", LATER.date(), "", "保管期满")
    erasing.erase(session, chosen, approval, erasing.phrase(2))
    dialog.read()
    idle(qtbot, dialog)
    assert "这 1 份旧备份（2032-03-01）还含有已销毁的内容" in dialog.leftovers_notice.words.text()
    answer("删除")
    dialog.drop_button.click()
    idle(qtbot, dialog)
    assert not old.exists()
    assert dialog.leftovers_notice.isHidden()


def test_a_mark_keeps_a_record_until_it_is_taken_away(dialog: ErasingDialog, qtbot: QtBot) -> None:
    def act(question: HoldDialog) -> None:
        question.line.setText("法院正在审理")
        question.yes_button.click()

    in_dialog(HoldDialog, act)
    dialog.hold_button.click()
    idle(qtbot, dialog)
    assert [one.number for one in dialog.shown] == ["TS-2026-0002"]
    dialog.parts.choose("not_yet")
    dialog.parts.chosen.emit("not_yet")
    row = next(row for row, one in enumerate(dialog.shown) if one.held)
    assert cell(dialog, row, 6).text() == "已标记保留：法院正在审理"
    dialog.table.selectRow(row)
    assert dialog.hold_button.text() == "取消保留"
    dialog.hold_button.click()
    idle(qtbot, dialog)
    assert sum(one.ready for one in dialog.found) == 2


def test_years_below_the_floor_are_refused_where_they_are_typed(dialog: ErasingDialog, session: Session) -> None:
    years = YearsDialog(session, dialog)
    line = years.lines[COMPLAINT.key]
    line.setText("2")
    years.save()
    assert "要填 3 到 99 的整数" in years.problem.text
    line.setText("10")
    years.save()
    assert years.result() == QDialog.DialogCode.Accepted
    assert retention.candidates(session, session.today()) == []


def test_the_list_is_previewed_and_the_data_page_leads_here(look: QApplication, qtbot: QtBot, session: Session) -> None:
    page = DataPage(session)
    qtbot.addWidget(page)
    page.show()
    qtbot.waitUntil(lambda: not page.looking, timeout=30_000)
    seen: list[int] = []

    def act(dialog: ErasingDialog) -> None:
        qtbot.waitUntil(lambda: not dialog.busy, timeout=30_000)
        cell(dialog, 0, 0).setCheckState(Qt.CheckState.Checked)
        preview = ErasingListDialog(session, dialog.chosen(), dialog)
        qtbot.waitUntil(lambda: preview.preview.page_count > 0, timeout=30_000)
        seen.append(preview.preview.page_count)

    in_dialog(ErasingDialog, act, leave=True)
    page.erasing_button.click()
    assert seen == [1]


def test_a_reader_sees_the_list_and_can_do_nothing(look: QApplication, qtbot: QtBot, session: Session) -> None:
    session.role = Role.READER
    dialog = ErasingDialog(session)
    qtbot.addWidget(dialog)
    dialog.show()
    idle(qtbot, dialog)
    dialog.choose_all()
    assert dialog.count.text() == "可销毁 2 件，还不能销毁 1 件"
    for thing in (dialog.erase_button, dialog.hold_button, dialog.sheet_button, dialog.years_button):
        assert not thing.isEnabled()
    with pytest.raises(NotAllowed):
        erasing.erase(session, dialog.chosen(), erasing.Approval("李", LATER.date(), "", "满"), erasing.phrase(2))


def test_a_destroyed_record_offers_nothing_that_would_be_refused(
    look: QApplication, qtbot: QtBot, session: Session
) -> None:
    chosen = [one for one in retention.candidates(session, session.today()) if one.ready]
    erasing.erase(session, chosen, erasing.Approval("李建国", LATER.date(), "", "保管期满"), erasing.phrase(2))
    detail = RecordDetail(session, COMPLAINT, presenter_for(session, COMPLAINT))
    qtbot.addWidget(detail)
    detail.resize(420, 700)
    detail.show()
    detail.show_record(chosen[0].id)
    buttons = {found.text().strip(): found for found in detail.findChildren(QPushButton) if found.text()}
    assert not buttons["修改"].isEnabled()
    assert not buttons["记一步"].isEnabled()
    names = [found.accessibleName() for found in detail.findChildren(QPushButton)]
    assert "遮盖投诉人" not in names
    assert "显示投诉人" not in names
