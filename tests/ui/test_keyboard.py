"""Everything by keyboard: every page and dialog is walked with Tab; Esc closes; nothing eats what is being typed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QBuffer, QEvent, Qt
from PySide6.QtGui import QImage, QInputMethodEvent, QPainter, QPdfWriter, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QDialog, QLineEdit, QPlainTextEdit, QTextEdit, QWidget

from tests.e2e.waiting import until
from tests.ui.keyboard_audit import Stop, backwards, interactive, name, nameless, out_of_reach, walk
from xiaobao_desktop.domain.fields import Record
from xiaobao_desktop.domain.ledgers import ledger
from xiaobao_desktop.services import papers, records, reencrypting, reporting, rule_editing, saved_filters
from xiaobao_desktop.services.attachments import FileEntry
from xiaobao_desktop.services.complaint_suspicion import Found, Suspect
from xiaobao_desktop.services.leaving import WayOut
from xiaobao_desktop.services.reencrypting import OldCopy
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import state
from xiaobao_desktop.ui.dialogs.attachment_viewer import AttachmentViewer
from xiaobao_desktop.ui.dialogs.backup_restore import RestoreDialog
from xiaobao_desktop.ui.dialogs.complaint_suspicions import SuspicionsDialog
from xiaobao_desktop.ui.dialogs.confirm import ConfirmDialog
from xiaobao_desktop.ui.dialogs.consolidation_dialog import ConsolidationDialog
from xiaobao_desktop.ui.dialogs.custom_field import CustomFieldDialog
from xiaobao_desktop.ui.dialogs.error_dialog import ErrorDialog, Trouble
from xiaobao_desktop.ui.dialogs.export_check import PassphraseDialog
from xiaobao_desktop.ui.dialogs.export_dialog import ExportDialog
from xiaobao_desktop.ui.dialogs.export_log import ExportLogDialog
from xiaobao_desktop.ui.dialogs.handover import HandoverDialog
from xiaobao_desktop.ui.dialogs.holiday_year import HolidayYearDialog
from xiaobao_desktop.ui.dialogs.login import LoginDialog
from xiaobao_desktop.ui.dialogs.manual import ManualWindow
from xiaobao_desktop.ui.dialogs.old_copies import DropDialog, OldCopiesDialog
from xiaobao_desktop.ui.dialogs.paper_dialog import PaperDialog
from xiaobao_desktop.ui.dialogs.paste_ticket import PasteTicketDialog
from xiaobao_desktop.ui.dialogs.recovery_key import KeySheet, RecoveryKeyDialog
from xiaobao_desktop.ui.dialogs.recycle_bin import RecycleBinDialog
from xiaobao_desktop.ui.dialogs.reencrypt import ReencryptDialog
from xiaobao_desktop.ui.dialogs.restore_list import RestoreListDialog
from xiaobao_desktop.ui.dialogs.rule_version import RuleVersionDialog
from xiaobao_desktop.ui.dialogs.step_dialog import StepDialog
from xiaobao_desktop.ui.dialogs.todo_sheet import TodoSheetDialog
from xiaobao_desktop.ui.dialogs.welcome import WelcomeWindow
from xiaobao_desktop.ui.main_window import MainWindow, page_specs
from xiaobao_desktop.ui.pages.ledger_history import HistoryDialog
from xiaobao_desktop.ui.pages.ledger_page import LedgerPage
from xiaobao_desktop.ui.pages.settings_about import LicenceDialog
from xiaobao_desktop.ui.pages.settings_page import SettingsPage
from xiaobao_desktop.ui.pages.workbench import WorkbenchPage
from xiaobao_desktop.ui.tasks import tasks
from xiaobao_desktop.ui.widgets.columns_panel import ColumnsPanel
from xiaobao_desktop.ui.widgets.filter_panel import FilterPanel
from xiaobao_desktop.ui.widgets.popup_panel import PopupPanel
from xiaobao_desktop.ui.widgets.search_box import SearchBox

Cases = dict[str, Record]
COMPLAINT = ledger("complaint")
TEXT = (QLineEdit, QTextEdit, QPlainTextEdit)

# Reachable in another way than by Tab, each with its reason.
BY_OTHER_KEYS = {
    "_LackRow": "F8 walks through the same gaps",
}
# The foot of a form is left through its main button: Enter in the last field presses it, the way back comes last.
FOOT = ("保存 → 保存并再登一", "保存并再登一", "保存 → 取消", "取消 → 删除这一步", "保存 → 设置")
# The last: from the page back to the sidebar, whose entry happens to lie in the row of the button.


@pytest.fixture
def window(look: QApplication, session: Session, cases: Cases) -> Iterator[MainWindow]:
    made = MainWindow(session)
    made.resize(1366, 738)
    made.show()
    look.processEvents()
    # The note about what is overdue comes when the figures are there; it is not to come in the middle of a walk.
    bench = made.page("workbench")
    assert isinstance(bench, WorkbenchPage)
    until(lambda: not bench.reading and not tasks().busy)
    made.toast.go()
    yield made
    if tasks.cache_info().currsize:
        tasks().close()
    for dialog in made.findChildren(QDialog):
        dialog.done(0)
    made.hide()
    made.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def rested() -> None:
    """Wait until nothing is under way beside the window."""
    until(lambda: not tasks().busy)
    QApplication.processEvents()


def complaints(window: MainWindow) -> LedgerPage:
    window.show_page("complaint")
    page = window.page("complaint")
    assert isinstance(page, LedgerPage)
    return page


def faults(window: QWidget) -> dict[str, list[str]]:
    """What a walk through a window finds, by kind; kinds without a finding are left out."""
    stops: list[Stop] = walk(window)
    found = {
        "out of reach": [
            line for line in out_of_reach(window, stops) if not any(line.startswith(kind) for kind in BY_OTHER_KEYS)
        ],
        "nameless": nameless(window, stops),
        "backwards": [line for line in backwards(stops) if not line.startswith(FOOT)],
    }
    return {kind: lines for kind, lines in found.items() if lines}


# Walking


def test_every_page_can_be_walked(window: MainWindow, session: Session) -> None:
    found = {}
    for spec in page_specs(session):
        assert window.show_page(spec.key)
        rested()
        found[spec.key] = faults(window)
    assert {key: lines for key, lines in found.items() if lines} == {}


def test_every_form_can_be_walked(window: MainWindow, session: Session) -> None:
    found = {}
    for spec in page_specs(session):
        if spec.ledger is None:
            continue
        window.show_page(spec.key)
        page = window.page(spec.key)
        assert isinstance(page, LedgerPage)
        page.create_record()
        rested()
        found[spec.key] = faults(window)
        page._close_form()
    assert {key: lines for key, lines in found.items() if lines} == {}


def test_every_tab_of_the_settings_can_be_walked(window: MainWindow) -> None:
    window.show_page("settings")
    page = window.page("settings")
    assert isinstance(page, SettingsPage)
    found = {}
    for part in page.tabs._group.buttons():
        key = str(getattr(part, "key", ""))
        page.open_tab(key)
        rested()
        found[key] = faults(window)
    assert {key: lines for key, lines in found.items() if lines} == {}


@pytest.mark.parametrize("size", [(1366, 738), (1092, 540)], ids=["wide", "narrow"])
def test_list_and_opened_record_can_be_walked(window: MainWindow, cases: Cases, size: tuple[int, int]) -> None:
    window.resize(*size)
    page = complaints(window)
    assert cases["today"].id is not None
    page.open_record(cases["today"].id)
    rested()
    assert faults(window) == {}


def test_calendar_of_the_workbench_can_be_walked(window: MainWindow, cases: Cases) -> None:
    page = window.page("workbench")
    assert isinstance(page, WorkbenchPage)
    page.turn_calendar()
    rested()
    assert faults(window) == {}


def make_dialogs(session: Session, record: Record, parent: QWidget, folder: Path) -> dict[str, Callable[[], QWidget]]:
    """Makers of every dialog."""
    sheet = KeySheet("云岭惠民村镇银行", "周敏", "2026-11-23")
    trouble = Trouble("没有保存", "磁盘已满。", ("清出一些空间", "再保存一次"), "A-1", "细节")
    return {
        "confirm": lambda: ConfirmDialog("删除？", "可以恢复。", yes="删除", danger=True, parent=parent),
        "error": lambda: ErrorDialog(trouble, parent),
        "step": lambda: StepDialog(session, COMPLAINT, record, parent, kind="extend_60"),
        "change a step": lambda: StepDialog(session, COMPLAINT, record, parent, index=1),
        "history": lambda: HistoryDialog(session, COMPLAINT, record, parent),
        "licence": lambda: LicenceDialog("字体", "全文", parent),
        "recovery key": lambda: RecoveryKeyDialog(" ".join(f"{group:06}" for group in range(8)), sheet, parent),
        "login": lambda: LoginDialog(folder, parent),
        "welcome": lambda: WelcomeWindow(parent),
        "paste": lambda: PasteTicketDialog(session, COMPLAINT, parent),
        "to-do sheet": lambda: TodoSheetDialog(session, parent),
        "recycle bin": lambda: RecycleBinDialog(session, parent),
        "suspicions": lambda: SuspicionsDialog(session, [doubtful(record)], parent),
        "own field": lambda: CustomFieldDialog(session, "complaint", None, parent),
        "rule": lambda: RuleVersionDialog(session, rule_editing.profiles(session)[0], parent),
        "review rule": lambda: RuleVersionDialog(session, rule_editing.profiles(session)[-2], parent),
        "days off": lambda: HolidayYearDialog(session, 2027, parent),
        "manual": lambda: ManualWindow(parent),
        "paper": lambda: PaperDialog(WayOut(session, "签到表"), a_paper(session), parent),
        "restore": lambda: RestoreDialog(Path("小保备份-20261122-180000.xbbak"), needs_password=True, parent=parent),
        "restore list": lambda: RestoreListDialog(session, parent),
        "hand-over": lambda: HandoverDialog(session, parent),
        "re-encryption": lambda: ReencryptDialog(session, reencrypting.look(session), parent),
        "old backups": lambda: OldCopiesDialog(session, (OldCopy(folder, datetime.now()),), parent),  # noqa: DTZ005
        "drop old backups": lambda: DropDialog(1, parent),
        "export": lambda: ExportDialog(session, parent),
        "consolidation": lambda: ConsolidationDialog(session, parent),
        "export log": lambda: ExportLogDialog(session, parent),
        "passphrase": lambda: PassphraseDialog(Path("报送包.zip"), parent),
        "restore the demo": lambda: RestoreDialog(Path("演示.xbbak"), needs_password=False, parent=parent),
        "picture": lambda: AttachmentViewer(an_entry("现场.png", "image/png"), a_picture(), parent),
        "pages": lambda: AttachmentViewer(an_entry("答复函.pdf", "application/pdf"), a_pdf(), parent),
    }


def a_paper(session: Session) -> reporting.Built:
    """The sign-in sheet of a training."""
    training = session.ledger("training")
    values = {**records.blank(session, training).values, "topic": "投诉处理"}
    with session.book.transaction("登记培训", "周敏", session.now()) as changes:
        saved = changes.insert(training, Record(values))
    return papers.build(session, training, int(str(saved.id)), "sign-in")


def doubtful(record: Record) -> Found:
    """A complaint that may repeat another one."""
    number = str(record.number)
    suspect = Suspect(record.id or 0, number, date(2026, 11, 8), "新收到", earlier=True, reasons=("同一电话", "同名"))
    return Found(record.id, number, (suspect,), None)


def an_entry(file_name: str, media_type: str) -> FileEntry:
    return FileEntry(1, file_name, media_type, 2048, "material", "", None, datetime(2026, 11, 23, 9, 41), "周敏")  # noqa: DTZ001


def a_picture() -> bytes:
    image = QImage(300, 200, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.red)
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]  # the stub knows bytes, Qt takes the name
    return bytes(buffer.data().data())


def a_pdf() -> bytes:
    """Two pages."""
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.newPage()
    painter = QPainter(writer)
    painter.end()
    return bytes(buffer.data().data())


DIALOGS = list(make_dialogs(None, None, None, None))  # type: ignore[arg-type]


@pytest.mark.parametrize("key", DIALOGS)
def test_every_dialog_can_be_walked_and_esc_closes_it(
    window: MainWindow, session: Session, cases: Cases, key: str
) -> None:
    made = make_dialogs(session, cases["today"], window, session.directory)[key]()
    made.show()
    rested()
    if isinstance(made, ManualWindow):
        made.open_topic("")
    assert made.isVisible()
    assert interactive(made)
    assert faults(made) == {}
    keys = {shortcut.key().toString() for shortcut in made.findChildren(QShortcut)}
    assert "F1" in keys or key in ("confirm", "licence")
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, Qt.Key.Key_Escape)
    assert not made.isVisible()


@pytest.mark.parametrize("key", ["source", "received_on", "complainant", "category"])
def test_filter_panels_can_be_walked_and_esc_gives_the_keyboard_back(window: MainWindow, key: str) -> None:
    page = complaints(window)
    chip = page.list.chips.chip(key)
    page.list._open_filter(key, chip)
    check_panel(window, FilterPanel)


def test_the_panels_of_columns_and_named_filters(window: MainWindow, session: Session) -> None:
    saved_filters.keep(session, COMPLAINT, saved_filters.SavedFilter("本月"))
    page = complaints(window)
    for words in ("显示哪些列", "常用筛选"):
        opener = next(found for found in interactive(page.list) if name(found) == words)
        opener.setFocus()
        QTest.keyClick(opener, Qt.Key.Key_Space)
        check_panel(window, PopupPanel)
        assert opener.hasFocus()


def check_panel(window: MainWindow, kind: type[PopupPanel]) -> None:
    """Walk the open panel, which Tab may leave (then it closes), and close it by Esc."""
    panel = next(found for found in window.findChildren(kind) if found.isVisible())
    assert panel.isAncestorOf(QApplication.focusWidget() or window)
    inside = [found for found in interactive(window) if panel.isAncestorOf(found)]
    assert all(name(found) for found in inside)
    assert all(found.focusPolicy() & Qt.FocusPolicy.TabFocus for found in inside)
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, Qt.Key.Key_Escape)
    assert not panel.isVisible()


# Typing


def test_digits_typed_anywhere_stay_where_they_are_typed(window: MainWindow) -> None:
    """Bare digits go to pages, but never out of a field, of any kind, nor out of a list that is typed into."""
    page = complaints(window)
    page.create_record()
    form = page._form
    assert form is not None
    fields = [found for found in interactive(form) if isinstance(found, TEXT)]
    assert len(fields) > 10
    for field in fields:
        field.setFocus()
        QTest.keyClick(field, Qt.Key.Key_3)
        assert window.current_key() == "complaint", name(field)
    form._load(form._entry.record)
    page._close_form()
    for spec in page_specs(window.session):
        window.show_page(spec.key)
        rested()
        for found in interactive(window):
            typed = isinstance(found, TEXT) and not found.isReadOnly()
            if typed or isinstance(found, QComboBox):
                found.setFocus()
                QTest.keyClick(found, Qt.Key.Key_1 if spec.key != "workbench" else Qt.Key.Key_2)
                assert window.current_key() == spec.key, name(found)
                if isinstance(found, QLineEdit):
                    found.clear()


def test_half_typed_chinese_filters_nothing(window: MainWindow) -> None:
    """While the input method is composing, no live filter looks at the letters; what it commits arrives whole."""
    page = complaints(window)
    page.list._open_filter("category", page.list.chips.chip("category"))
    panel = next(found for found in window.findChildren(FilterPanel) if found.isVisible())
    lines = [found for found in panel.findChildren(QLineEdit) if found.isVisible()]
    boxes = [found for found in window.findChildren(SearchBox) if found.isVisible()]
    assert boxes
    before = list(page.list.model.ids)
    for line in [*lines, *boxes]:
        line.setFocus()
        QApplication.sendEvent(line, QInputMethodEvent("jiejika3", []))
        QTest.qWait(250)
        assert line.text() == ""
        assert list(page.list.model.ids) == before
        commit = QInputMethodEvent("", [])
        commit.setCommitString("借记卡3")
        QApplication.sendEvent(line, commit)
        assert line.text() == "借记卡3"
        line.clear()


def test_shortcuts_leave_the_fields_of_a_form_alone(window: MainWindow) -> None:
    page = complaints(window)
    page.create_record()
    form = page._form
    assert form is not None
    field = form.cells["content"].editor.control
    assert isinstance(field, QPlainTextEdit)
    field.setFocus()
    commit = QInputMethodEvent("", [])
    commit.setCommitString("年费12元")
    QApplication.sendEvent(field, commit)
    QTest.keyClicks(field, "n1f2p?")
    assert field.toPlainText() == "年费12元n1f2p?"
    assert page._form is form
    form._load(form._entry.record)


# Columns


def test_columns_are_chosen_moved_kept_and_reset_by_keyboard(window: MainWindow, session: Session) -> None:
    page = complaints(window)
    usual = page.list.columns.shown()
    opener = next(found for found in interactive(page.list) if name(found) == "显示哪些列")
    opener.setFocus()
    QTest.keyClick(opener, Qt.Key.Key_Space)
    panel = next(found for found in window.findChildren(ColumnsPanel) if found.isVisible())
    assert panel.list.hasFocus()
    QTest.keyClick(panel.list, Qt.Key.Key_Space)
    QTest.keyClick(panel.list, Qt.Key.Key_Down)
    QTest.keyClick(panel.list, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    changed = page.list.columns.shown()
    assert usual[0] not in changed
    assert changed != tuple(key for key in usual if key != usual[0])
    QTest.keyClick(panel.list, Qt.Key.Key_Escape)
    state.state_for.cache_clear()
    again = LedgerPage(session, COMPLAINT)
    assert again.list.columns.shown() == changed
    again.deleteLater()
    QTest.keyClick(opener, Qt.Key.Key_Space)
    panel = next(found for found in window.findChildren(ColumnsPanel) if found.isVisible())
    reset = next(found for found in interactive(window) if panel.isAncestorOf(found) and name(found) == "恢复原样")
    reset.setFocus()
    QTest.keyClick(reset, Qt.Key.Key_Space)
    assert page.list.columns.shown() == usual
