"""Nothing typed in a dialog or on a page of the settings is lost: there again until it was saved or given up."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from tests.services.support import COMPLAINT, a_complaint
from tests.ui.conftest import PASSWORD
from tests.ui.dialogs import in_dialog
from xiaobao_desktop.domain.ledgers import ledger
from xiaobao_desktop.domain.roles import Role
from xiaobao_desktop.services import drafts, records, rule_editing
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import typed_draft
from xiaobao_desktop.ui.bus import bus
from xiaobao_desktop.ui.dialogs.custom_field import CustomFieldDialog
from xiaobao_desktop.ui.dialogs.erasing_questions import ApprovalDialog, HoldDialog, YearsDialog
from xiaobao_desktop.ui.dialogs.export_dialog import ExportDialog
from xiaobao_desktop.ui.dialogs.holiday_year import HolidayYearDialog
from xiaobao_desktop.ui.dialogs.login import LoginDialog
from xiaobao_desktop.ui.dialogs.obligation import ObligationDialog
from xiaobao_desktop.ui.dialogs.paste_ticket import PasteTicketDialog
from xiaobao_desktop.ui.dialogs.review_words import ReviewWordsDialog
from xiaobao_desktop.ui.dialogs.rule_version import RuleVersionDialog
from xiaobao_desktop.ui.dialogs.step_dialog import StepDialog
from xiaobao_desktop.ui.main_window import MainWindow
from xiaobao_desktop.ui.pages.settings_checklists import ChecklistsPanel
from xiaobao_desktop.ui.pages.settings_denominators import DenominatorsPanel
from xiaobao_desktop.ui.pages.settings_letters import LettersPanel
from xiaobao_desktop.ui.pages.settings_lists import ListsPanel
from xiaobao_desktop.ui.pages.settings_panels import BankPanel
from xiaobao_desktop.ui.typed_draft import TypedDraft

TEXT = "3月1日起改报分行"

DIALOGS: dict[str, tuple[Callable[[Session], QWidget], str]] = {
    "obligation": (ObligationDialog, "basis"),
    "holidays": (lambda session: HolidayYearDialog(session, 2027), "text"),
    "own field": (lambda session: CustomFieldDialog(session, "complaint"), "name"),
    "entries of an own field": (lambda session: CustomFieldDialog(session, "complaint"), "choices.line"),
    "rule": (lambda session: RuleVersionDialog(session, rule_editing.profiles(session)[0]), "article"),
    "approval": (lambda session: ApprovalDialog(session, 2), "approver"),
    "hold": (lambda session: HoldDialog(session, "TS-2026-0001"), "line"),
    "export": (ExportDialog, "recipient"),
    "ticket": (lambda session: PasteTicketDialog(session, COMPLAINT), "text"),
    "words": (lambda session: ReviewWordsDialog(session, ledger("review")), "text"),
}
PANELS: dict[str, tuple[Callable[[Session], QWidget], str]] = {
    "bank": (BankPanel, "editors.bank"),
    "letters": (LettersPanel, "editor"),
    "lists": (ListsPanel, "aliases"),
    "checklists": (ChecklistsPanel, "how"),
}


def part(owner: QWidget, name: str) -> QLineEdit | QPlainTextEdit:
    """The field of a dialog by its path."""
    found: object = owner
    for step in name.split("."):
        found = found[step] if isinstance(found, dict) else getattr(found, step)
    assert isinstance(found, QLineEdit | QPlainTextEdit)
    return found


def text_of(field: QLineEdit | QPlainTextEdit) -> str:
    return field.text() if isinstance(field, QLineEdit) else field.toPlainText()


def kill(owner: QWidget) -> None:
    """The program ends without a word to the dialog."""
    owner.hide()
    owner.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def banner_shown(owner: QWidget) -> bool:
    return any(not one.banner.isHidden() for one in owner.findChildren(TypedDraft))


@pytest.fixture(autouse=True)
def empty_clipboard(look: QApplication) -> Iterator[None]:
    QGuiApplication.clipboard().clear()
    yield
    QGuiApplication.clipboard().clear()


@pytest.mark.parametrize("name", [*DIALOGS, *PANELS])
def test_what_is_typed_outlives_the_program_until_it_is_given_up(name: str, kept_session: Session) -> None:
    make, field = {**DIALOGS, **PANELS}[name]
    owner = make(kept_session)
    before = text_of(part(owner, field))
    typed = part(owner, field)
    if isinstance(typed, QLineEdit):
        typed.setText(TEXT)
    else:
        typed.setPlainText(TEXT)
    bus().locking.emit()
    kill(owner)
    again = make(kept_session)
    shown = text_of(part(again, field)) or str(drafts.all_typed(kept_session)[0].state)
    assert TEXT in shown
    assert banner_shown(again)
    for one in again.findChildren(TypedDraft):
        one.give_up()
    assert not banner_shown(again)
    assert text_of(part(again, field)) == before
    kill(again)
    assert drafts.all_typed(kept_session) == ()


def test_years_and_numbers_are_kept_too(kept_session: Session) -> None:
    years = YearsDialog(kept_session)
    years.lines["complaint"].setText("9")
    numbers = DenominatorsPanel(kept_session)
    numbers.editors[2026][1].setText("135600")
    bus().locking.emit()
    kill(years)
    kill(numbers)
    years, numbers = YearsDialog(kept_session), DenominatorsPanel(kept_session)
    assert years.lines["complaint"].text() == "9"
    assert numbers.editors[2026][1].text() == "135600"
    numbers.give_up()
    years.reject()
    assert drafts.all_typed(kept_session) == ()
    kill(years)
    kill(numbers)


def test_a_saved_page_of_the_settings_needs_no_draft(kept_session: Session) -> None:
    panel = BankPanel(kept_session)
    line = panel.editors["department"]
    assert isinstance(line, QLineEdit)
    line.setText("合规与消保部")
    bus().locking.emit()
    assert [item.title for item in drafts.all_typed(kept_session)] == ["本行信息"]
    panel.save()
    assert drafts.all_typed(kept_session) == ()
    kill(panel)
    assert not banner_shown(BankPanel(kept_session))


def test_new_items_of_a_checklist_are_all_there(kept_session: Session) -> None:
    panel = ChecklistsPanel(kept_session)
    count = len(panel.items)
    panel.add()
    panel.text.setPlainText("柜面公示")
    bus().locking.emit()
    kill(panel)
    again = ChecklistsPanel(kept_session)
    assert len(again.items) == count + 1
    assert [item for item in again.items if item.text == "柜面公示"]
    again.give_up()
    kill(again)


def test_a_step_comes_back_with_kind_values_and_half_a_date(kept_session: Session) -> None:
    record = records.save(kept_session, COMPLAINT, a_complaint()).record
    first = StepDialog(kept_session, COMPLAINT, record)
    first.kinds.choose("transfer")
    first.cells["department"].editor.set_value("城关支行")
    part_of_day = first.cells["happened_on"].editor.control
    assert isinstance(part_of_day, QLineEdit)
    part_of_day.setText("2026.1")
    bus().locking.emit()
    (kept,) = drafts.all_typed(kept_session)
    assert kept.title == f"记一步 {record.number}"
    kill(first)
    again = StepDialog(kept_session, COMPLAINT, record)
    kind = again.kinds.kind()
    assert kind is not None
    assert kind.id == "transfer"
    assert again.cells["department"].editor.value() == "城关支行"
    day = again.cells["happened_on"].editor.control
    assert isinstance(day, QLineEdit)
    assert day.text() == "2026.1"
    assert again.dirty
    day.setText("2026-10-09")
    assert again.save(), "what came back can be saved"
    assert drafts.all_typed(kept_session) == ()
    kill(again)


def test_a_fresh_ticket_on_the_clipboard_comes_when_the_draft_is_given_up(kept_session: Session) -> None:
    first = PasteTicketDialog(kept_session, COMPLAINT)
    first.text.setPlainText("工单编号 20261123001 投诉人赵国强")
    bus().locking.emit()
    kill(first)
    QGuiApplication.clipboard().setText("另一张工单，编号 20261123002")
    again = PasteTicketDialog(kept_session, COMPLAINT)
    assert "20261123001" in again.text.toPlainText()
    again.findChildren(TypedDraft)[0].give_up()
    assert "20261123002" in again.text.toPlainText()
    kill(again)


def test_it_is_kept_while_she_types_and_a_reader_keeps_nothing(
    kept_session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert typed_draft.EVERY_MS <= 2_000
    monkeypatch.setattr(typed_draft, "EVERY_MS", 20)
    dialog = ObligationDialog(kept_session)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.name.setText("季度报告")
    qtbot.waitUntil(lambda: bool(drafts.all_typed(kept_session)))
    dialog.name.setText("")
    bus().locking.emit()
    assert drafts.all_typed(kept_session) == (), "what stands as it began needs none"
    dialog.name.setText("季度报告")
    kept_session.role = Role.READER
    bus().locking.emit()
    kept_session.role = Role.OFFICER
    assert drafts.all_typed(kept_session) == ()
    kill(dialog)


def test_the_lock_keeps_a_dialog_in_the_book_before_it_closes(look: QApplication, session: Session) -> None:
    window = MainWindow(session)
    window.show()
    seen: list[object] = []

    def lock(dialog: ObligationDialog) -> None:
        dialog.basis.setText(TEXT)

        def unlock(login: LoginDialog) -> None:
            seen.append((dialog.isVisible(), session.book.closed))
            login.password.setText(PASSWORD)
            login.submit()

        in_dialog(LoginDialog, unlock)
        window.lock()
        seen.append((dialog.isVisible(), dialog.basis.text(), [item.state for item in drafts.all_typed(session)]))
        QDialog.done(dialog, 0)

    in_dialog(ObligationDialog, lock)
    ObligationDialog(session, None, window).exec()
    assert seen == [(False, True), (True, TEXT, [{"basis": TEXT}])]
    assert drafts.all_typed(session) == ()
    window.hide()
    window.deleteLater()


NOT_KEPT = {
    "dialogs/anchor_check.py": "a number that is looked up",
    "dialogs/consolidation_dialog.py": "passphrases are never kept",
    "dialogs/error_dialog.py": "shows a text",
    "dialogs/export_check.py": "a number that is looked up",
    "dialogs/handover.py": "passwords, and a name of a few letters beside them",
    "dialogs/old_copies.py": "a confirmation is typed anew each time",
    "dialogs/quick_answers.py": "a question that is looked up",
    "dialogs/recovery_key.py": "the key is never kept",
    "dialogs/reencrypt_pages.py": "passwords, and one line beside them",
    "dialogs/user.py": "passwords, and a name of a few letters beside them",
    "dialogs/welcome_pages.py": "there is no book yet that could keep it safely",
    "pages/attachment_desk.py": "one line",
    "pages/import_names.py": "each choice is kept when it is made",
    "pages/inspection_panel.py": "kept in the record after a pause and at the lock",
    "pages/settings_about.py": "shows a text",
}
"""Dialogs and pages with fields that keep no draft, and why."""
_FIELDS = frozenset({"QLineEdit", "QPlainTextEdit", "QTextEdit", "make_editor", "Lines"})
_KEEPING = re.compile(r"TypedDraft\(|FormDraft\(|keep_draft\(")


def test_every_dialog_with_fields_keeps_what_is_typed_or_has_a_reason() -> None:
    root = Path(__file__).parents[2] / "xiaobao_desktop" / "ui"
    without = set()
    for place in ("dialogs", "pages"):
        for path in sorted((root / place).glob("*.py")):
            text = path.read_text(encoding="utf-8")
            if not any(field in text for field in _FIELDS):
                continue
            nodes = list(ast.walk(ast.parse(text)))
            named = [node.func for node in nodes if isinstance(node, ast.Call)]
            named += [base for node in nodes if isinstance(node, ast.ClassDef) for base in node.bases]
            makes = {name.id for name in named if isinstance(name, ast.Name)} & _FIELDS
            if makes and not _KEEPING.search(text):
                without.add(f"{place}/{path.name}")
    assert sorted(without) == sorted(NOT_KEPT)
