"""Nothing but dialogs comes up as a window of its own: a part shown before it has its place takes the focus away."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QDialog, QMainWindow, QMenu, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.conftest import AddComplaint
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui.dialogs.custom_field import CustomFieldDialog
from xiaobao_desktop.ui.dialogs.export_dialog import ExportDialog
from xiaobao_desktop.ui.dialogs.step_dialog import StepDialog
from xiaobao_desktop.ui.dialogs.welcome import WelcomeWindow
from xiaobao_desktop.ui.main_window import SETTINGS, MainWindow
from xiaobao_desktop.ui.pages.ledger_page import LedgerPage
from xiaobao_desktop.ui.pages.settings_page import OWN_FIELDS, SettingsPage

FLEETING = (Qt.WindowType.Popup, Qt.WindowType.ToolTip)


class Watcher(QObject):
    """Notes every widget that is shown as a window and is none."""

    def __init__(self) -> None:
        super().__init__()
        self.stray: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt calls it so
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            known = isinstance(watched, (QDialog, QMainWindow, QMenu)) or watched.windowType() in FLEETING
            if not known:
                self.stray.append(f"{type(watched).__name__} {watched.accessibleName() or watched.property('text')}")
        return False


@pytest.fixture
def watcher(look: QApplication) -> Iterator[Watcher]:
    made = Watcher()
    look.installEventFilter(made)
    yield made
    look.removeEventFilter(made)


def test_pages_and_tabs_of_the_settings(
    watcher: Watcher, qtbot: QtBot, session: Session, add_complaint: AddComplaint
) -> None:
    saved = add_complaint("2026-11-02", "吴桂英")
    window = MainWindow(session)
    qtbot.addWidget(window)
    window.show()
    for key in list(window._specs):
        window.show_page(key)
        QApplication.processEvents()
    settings = window.page(SETTINGS)
    assert isinstance(settings, SettingsPage)
    for tab in ("bank", *(ledger.key for ledger in session.ledgers if not ledger.dated_by), OWN_FIELDS, "look"):
        settings.open_tab(tab)
        QApplication.processEvents()
    window.open_record("complaint", int(str(saved.id)))
    page = window.page("complaint")
    assert isinstance(page, LedgerPage)
    page.create_record()
    QApplication.processEvents()
    assert watcher.stray == []
    page._close_form()


def test_dialogs(watcher: Watcher, qtbot: QtBot, session: Session, add_complaint: AddComplaint) -> None:
    saved = add_complaint("2026-11-02", "吴桂英")
    for dialog in (
        WelcomeWindow(),
        CustomFieldDialog(session, "complaint"),
        ExportDialog(session),
        StepDialog(session, session.ledger("complaint"), saved),
    ):
        qtbot.addWidget(dialog)
        dialog.show()
        QApplication.processEvents()
    assert watcher.stray == []
