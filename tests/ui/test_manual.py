"""The manual: whole, its links and pictures there, its keys bound; opened by F1 at the right chapter; searched."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, Qt, QUrl
from PySide6.QtGui import QImage, QKeySequence, QShortcut, QTextDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from xiaobao_desktop import resources
from xiaobao_desktop.domain.fields import Record
from xiaobao_desktop.domain.ledgers import ledger
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui.dialogs.manual import ManualWindow, manual_of
from xiaobao_desktop.ui.dialogs.paste_ticket import PasteTicketDialog
from xiaobao_desktop.ui.main_window import MainWindow, page_specs
from xiaobao_desktop.ui.models import manual
from xiaobao_desktop.ui.models.manual import Chapter
from xiaobao_desktop.ui.pages.data_page import DataPage
from xiaobao_desktop.ui.pages.ledger_page import LedgerPage
from xiaobao_desktop.ui.tasks import tasks

CHAPTERS = manual.chapters()
MOST_BYTES = 120 * 1024

# Keys that are no QShortcut of the window, form or dialog: a widget hears them itself. Each is pressed in the test
# named behind it.
HEARD_BY_WIDGETS = {
    "Tab": "test_keyboard: order of every page",
    "Shift+Tab": "test_keyboard: order of every page",
    "Enter": "test_record_form and test_ledger_page",
    "Shift+Enter": "test_record_form",
    "Alt+↓": "test_ledger_page and test_code_picker",
    "Alt+1–9": "test_code_picker and test_step_dialog",
    "Ctrl+C": "test_ledger_page",
    "Ctrl+V": "test_list_exchange",
    "F9": "test_ledger_page",
    "F2": "test_saved_filters",
    "Delete": "test_ledger_page and test_saved_filters",
    "Esc": "test_ledger_page and test_keyboard",
    "Ctrl+T": "test_related_panel: bound while a record is opened",
    "Ctrl+Shift+J": "test_related_panel: bound while a record is opened",
    "1–4": "test_inspection_page",
    "F6": "test_inspection_page: bound while a run is worked through",
    "F7": "test_inspection_page: bound while a run is worked through",
    "Insert": "test_settings_checklists: bound while the table has the keyboard",
    "Ctrl+J": "test_complaint_relations: bound while an opened complaint has others",
}


@pytest.fixture
def window(look: QApplication, session: Session, cases: dict[str, Record]) -> Iterator[MainWindow]:
    made = MainWindow(session)
    made.resize(1366, 738)
    made.show()
    look.processEvents()
    yield made
    if tasks.cache_info().currsize:
        tasks().close()
    for child in made.findChildren(ManualWindow):
        child.close()
    made.hide()
    made.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


@pytest.fixture
def opened(look: QApplication) -> Iterator[ManualWindow]:
    owner = QWidget()
    made = manual_of(owner)
    made.open_topic("welcome")
    look.processEvents()
    yield made
    owner.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def manual_at(window: QWidget) -> str:
    """Key of the chapter that the manual of a window shows."""
    found = [child for child in window.findChildren(ManualWindow) if child.isVisible()]
    assert len(found) == 1
    return found[0].key


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda item: item.key)
def test_every_picture_and_link_of_a_chapter_is_there(chapter: Chapter) -> None:
    keys = {item.key for item in CHAPTERS}
    for name in chapter.pictures:
        file = resources.path(manual.FOLDER, manual.PICTURES, name)
        assert file.stat().st_size <= MOST_BYTES, name
        assert QImage(str(file)).width() >= 700, name
    for target in chapter.links:
        assert target.startswith(manual.LINK), target
        assert target.removeprefix(manual.LINK) in keys, target


def test_no_picture_is_left_over() -> None:
    used = {name for item in CHAPTERS for name in item.pictures}
    assert {file.name for file in resources.path(manual.FOLDER, manual.PICTURES).glob("*.png")} == used


def test_every_page_of_the_window_has_a_chapter(session: Session) -> None:
    explained = {topic for item in CHAPTERS for topic in item.topics}
    keys = {spec.key for spec in page_specs(session)}
    forms = {f"{item.key}.form" for item in session.ledgers}
    assert (keys | forms | {"steps", "import", "password", "errors", "welcome"}) <= explained


def test_every_topic_belongs_to_one_chapter() -> None:
    topics = [topic for item in CHAPTERS for topic in item.topics]
    assert len(topics) == len(set(topics))


def test_every_shortcut_the_manual_names_is_bound(window: MainWindow, opened: ManualWindow) -> None:
    window.show_page("filing")
    window.show_page("reports")
    window.show_page("complaint")
    page = window.page("complaint")
    assert isinstance(page, LedgerPage)
    page.create_record()
    ticket = PasteTicketDialog(window.session, page.ledger, window)
    bound = {
        shortcut.key().toString(QKeySequence.SequenceFormat.PortableText)
        for place in (window, opened, ticket)
        for shortcut in place.findChildren(QShortcut)
    }
    named = {key for item in CHAPTERS for key in item.shortcuts}
    assert named
    for key in sorted(named - set(HEARD_BY_WIDGETS)):
        wanted = key.replace("←", "Left").replace("1–9", "1")
        assert wanted in bound, f"{key} is named in the manual, but nothing is bound to it"
    assert set(HEARD_BY_WIDGETS) <= named


def test_f1_opens_the_chapter_of_what_is_shown(window: MainWindow) -> None:
    expected = {"complaint": "find", "reports": "report", "data": "backup", "settings": "settings"}
    for key, chapter in expected.items():
        window.show_page(key)
        QTest.keyClick(window, Qt.Key.Key_F1)
        assert manual_at(window) == chapter
    assert len(window.findChildren(ManualWindow)) == 1
    page = window.page("complaint")
    assert isinstance(page, LedgerPage)
    window.show_page("complaint")
    page.create_record()
    focused = QApplication.focusWidget() or window
    QTest.keyClick(focused, Qt.Key.Key_F1)
    assert manual_at(window) == "record"
    data = window.page("data")
    assert isinstance(data, DataPage)
    data.begin_import(ledger("complaint"))
    assert data.help_topic() == "import"


def test_the_question_mark_opens_it_too_and_the_window_stays_usable(window: MainWindow) -> None:
    window.sidebar._help.click()
    shown = window.findChild(ManualWindow)
    assert isinstance(shown, ManualWindow)
    assert not shown.isModal()
    window.show_page("reports")
    assert window.current_key() == "reports"
    QTest.keyClick(shown, Qt.Key.Key_Escape)
    assert not shown.isVisible()


def test_a_dialog_opens_its_own_manual(window: MainWindow, session: Session, cases: dict[str, Record]) -> None:
    from xiaobao_desktop.ui.dialogs.step_dialog import StepDialog

    dialog = StepDialog(session, ledger("complaint"), cases["today"], window)
    dialog.open()
    QApplication.processEvents()
    focused = QApplication.focusWidget()
    assert focused is not None
    assert dialog.isAncestorOf(focused)
    QTest.keyClick(focused, Qt.Key.Key_F1)
    assert manual_at(dialog) == "steps"
    dialog.done(0)


def test_the_way_back_goes_through_what_was_read(opened: ManualWindow) -> None:
    assert not opened.back_button.isEnabled()
    opened.text.anchorClicked.emit(QUrl("chapter:import"))
    opened.contents.setCurrentRow([item.key for item in CHAPTERS].index("keys"))
    assert opened.key == "keys"
    QTest.keyClick(opened, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert opened.key == "import"
    opened.back_button.click()
    assert opened.key == "start"
    assert not opened.back_button.isEnabled()


def test_search_leaves_only_chapters_that_have_the_words(opened: ManualWindow) -> None:
    opened.search_box.setText("恢复密钥 48")
    QTest.keyClick(opened.search_box, Qt.Key.Key_Return)
    lines = [opened.contents.item(row) for row in range(opened.contents.count())]
    shown = [item.key for item, line in zip(CHAPTERS, lines, strict=True) if not line.isHidden()]
    assert shown == ["start", "password"]
    assert opened.key in shown
    assert opened.text.extraSelections()
    assert opened.text.textCursor().selectedText() == "恢复密钥"
    opened.search_box.clear()
    assert not any(line.isHidden() for line in lines)
    assert opened.text.extraSelections() == []


def test_words_that_are_nowhere_are_said_to_be_nowhere(opened: ManualWindow) -> None:
    opened._search("量子力学")
    assert opened._nothing.isVisible()
    assert "量子力学" in opened._nothing.text()


def test_pictures_are_as_wide_as_the_column(opened: ManualWindow) -> None:
    opened.resize(900, 600)
    QApplication.processEvents()
    opened.text.redraw()
    name = CHAPTERS[0].pictures[0]
    kind = QTextDocument.ResourceType.ImageResource.value
    drawn = opened.text.loadResource(kind, QUrl(f"{name}?{opened.text._picture_width()}"))
    assert isinstance(drawn, QImage)
    assert drawn.width() <= opened.text.viewport().width()
    assert opened.text.document().idealWidth() <= opened.text.viewport().width()
