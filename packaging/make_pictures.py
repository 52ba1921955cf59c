"""Take the pictures of the manual from the running program into ``resources/help/pictures``.

It opens the real window without a screen, in the light look at 1366 x 738, on a demo book made in a temporary folder
with the clock standing at 2026-11-23 10:00, goes through the pages and saves what is seen. Names of pictures may be
given to take only those. Run it again after a page has changed its looks; the same program draws the same pictures.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "resources" / "help" / "pictures"
LEDGER_FILE = ROOT / "tests" / "data" / "complaint-ledger.xlsx"
TICKETS = ROOT / "tests" / "data" / "tickets" / "tickets.json"
MOMENT = datetime(2026, 11, 23, 10, 0)  # noqa: DTZ001 - the bank's local time, as the program keeps it
SIZE = (1366, 738)
COLOURS = 128
MOST_BYTES = 120 * 1024

if TYPE_CHECKING:
    from PySide6.QtGui import QPixmap
    from PySide6.QtWidgets import QWidget

    from xiaobao_desktop.ui.main_window import MainWindow
    from xiaobao_desktop.ui.pages.ledger_page import LedgerPage

Shot = Callable[["MainWindow"], "QWidget"]


def main() -> int:
    """Take all pictures, or those named on the command line; returns 0."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("names", nargs="*", help="names of pictures, without .png; all when none is given")
    wanted = parser.parse_args().names or list(SHOTS)
    unknown = [name for name in wanted if name not in SHOTS]
    if unknown:
        parser.error(f"no such picture: {', '.join(unknown)}")
    TARGET.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, demo_window(Path(folder)) as window:
        for name in wanted:
            print(f"{name}.png {take(window, name) // 1024} KB")
    return 0


@contextmanager
def demo_window(folder: Path) -> Iterator[MainWindow]:
    """The main window on a new demo book; ``folder`` becomes the working folder, so that no picture shows its path."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["XIAOBAO_HOME"] = str(folder)
    sys.path.insert(0, str(ROOT))
    os.chdir(folder)
    from xiaobao_desktop import app
    from xiaobao_desktop.services.demo import open_demo

    session = open_demo(Path("小保账簿"), lambda: MOMENT)
    running = app.application(app.Stages())
    # A defect ends the script; the window that tells it would wait for somebody to close it.
    sys.excepthook = sys.__excepthook__
    running.setCursorFlashTime(0)
    from xiaobao_desktop.services import options
    from xiaobao_desktop.ui import theme
    from xiaobao_desktop.ui.main_window import MainWindow

    options.save_settings(session, theme="light")
    theme.apply(running, theme.LIGHT_MODE)
    window = MainWindow(session)
    window.resize(*SIZE)
    window.show()
    try:
        yield window
    finally:
        window.hide()
        app.end(session)
        os.chdir(ROOT)


def take(window: MainWindow, name: str) -> int:
    """Save one picture; returns its size in bytes."""
    shown = SHOTS[name](window)
    settle()
    content = packed(shown.grab())
    (TARGET / f"{name}.png").write_bytes(content)
    clear(window)
    return len(content)


def packed(picture: QPixmap) -> bytes:
    """The picture as a small PNG: a palette of few colours where Pillow is there, else as it is."""
    from PySide6.QtCore import QBuffer, QByteArray, QIODevice

    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.toImage().save(buffer, "PNG")  # type: ignore[call-overload]  # it takes text, the stubs say bytes
    whole = bytes(data.data())
    try:
        from PIL import Image
    except ImportError:
        return whole
    small = io.BytesIO()
    found = Image.open(io.BytesIO(whole)).convert("RGB")
    found.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(small, "PNG", optimize=True)
    return small.getvalue()


def settle(ready: Callable[[], bool] = lambda: True, seconds: float = 60.0) -> None:
    """Let the window and the work beside it come to rest, until ``ready``; TimeoutError when it never is."""
    from PySide6.QtCore import QEventLoop, QTimer

    loop = QEventLoop()
    for _turn in range(round(seconds * 10)):
        QTimer.singleShot(100, loop.quit)
        loop.exec()
        if ready():
            return
    raise TimeoutError("the window did not come to rest")


def clear(window: MainWindow) -> None:
    """Close what a picture opened over the pages."""
    from PySide6.QtWidgets import QApplication, QDialog

    from xiaobao_desktop.ui.widgets.popup_panel import PopupPanel

    for panel in window.findChildren(PopupPanel):
        panel.close_panel()
    for widget in QApplication.topLevelWidgets():
        if isinstance(widget, QDialog) or (widget is not window and widget.isVisible()):
            widget.hide()
            widget.deleteLater()
    settle()


def complaints(window: MainWindow) -> LedgerPage:
    """The page of complaints, with no form and no filter."""
    from xiaobao_desktop.ui.pages.ledger_page import LedgerPage

    window.show_page("complaint")
    page = window.page("complaint")
    assert isinstance(page, LedgerPage)
    page._close_form()
    page.detail.hide()
    page.list.clear_filters()
    page.list.table.clearSelection()
    settle()
    return page


def take_list(window: MainWindow) -> QWidget:
    """The list of complaints."""
    complaints(window).list.table.select_row(1)
    return window


def take_record(window: MainWindow) -> QWidget:
    """A record beside the list, with its timeline."""
    page = complaints(window)
    page.open_record(page.list.model.record_id(2))
    return window


def take_saved(window: MainWindow) -> QWidget:
    """The panel of named filters."""
    from PySide6.QtWidgets import QPushButton

    from xiaobao_desktop.services import saved_filters
    from xiaobao_desktop.services.saved_filters import SavedFilter, SavedPart
    from xiaobao_desktop.ui.models import saved

    page = complaints(window)
    session, ledger = page.session, page.ledger
    for name in ("本月收到", "城关支行未办结"):
        saved_filters.keep(session, ledger, SavedFilter(name, "year"))
    parts = (SavedPart("source", "ticked", ("visit",)),)
    page.list.set_filter("source", saved.revive(session, ledger, parts)["source"])
    next(made for made in page.list.findChildren(QPushButton) if made.accessibleName() == "常用筛选").click()
    return window


def take_form(window: MainWindow) -> QWidget:
    """The form with the picker of categories open."""
    page = complaints(window)
    page.create_record()
    form = page._form
    assert form is not None
    for key, value in {"source": "visit", "complainant": "刘秀兰", "phone": "13800001234"}.items():
        form.cells[key].editor.set_value(value)
    form.go_to("category")
    settle()
    line = form.cells["category"].editor.control
    type_into(line, "jjk")
    settle()
    return window


def take_step(window: MainWindow) -> QWidget:
    """The dialog of one step."""
    from xiaobao_desktop.ui.dialogs.step_dialog import StepDialog

    page = complaints(window)
    record_id = page.list.model.record_id(2)
    page.open_record(record_id)
    record = page.detail.record
    assert record is not None
    dialog = StepDialog(page.session, page.ledger, record, window, kind="extend_30")
    dialog.show()
    return dialog


def take_workbench(window: MainWindow) -> QWidget:
    """The workbench with its figures."""
    window.show_page("workbench")
    settle(seconds=2)
    return window


def take_paste(window: MainWindow) -> QWidget:
    """A pasted ticket and what was recognised in it."""
    from xiaobao_desktop.ui.dialogs.paste_ticket import PasteTicketDialog

    page = complaints(window)
    dialog = PasteTicketDialog(page.session, page.ledger, window)
    dialog.text.setPlainText(json.loads(TICKETS.read_text(encoding="utf-8"))["tickets"][0]["text"])
    dialog._recognise()
    dialog.show()
    return dialog


def take_training(window: MainWindow) -> QWidget:
    """A training beside its list."""
    from xiaobao_desktop.ui.pages.ledger_page import LedgerPage

    window.show_page("training")
    page = window.page("training")
    assert isinstance(page, LedgerPage)
    page.open_record(page.list.model.record_id(1))
    return window


def take_inspection(window: MainWindow) -> QWidget:
    """A run of a checklist under way, at an item whose finding became a rectification."""
    from xiaobao_desktop.services import inspection_view
    from xiaobao_desktop.ui.pages.inspection_work import InspectionWork
    from xiaobao_desktop.ui.pages.worked_page import WorkedPage

    window.show_page("inspection")
    page = window.page("inspection")
    assert isinstance(page, WorkedPage)
    run = page.list.model.record_id(0)
    work = page.work_on(run)
    assert isinstance(work, InspectionWork)
    items = inspection_view.view(window.session, run).items
    work.go_to(next(item.key for item in items if item.rectification))
    return window


def take_charts(window: MainWindow) -> QWidget:
    """The charts of the year."""
    from xiaobao_desktop.ui.pages.charts_page import ChartsPage

    window.show_page("charts")
    page = window.page("charts")
    assert isinstance(page, ChartsPage)
    from xiaobao_desktop.ui.tasks import tasks

    for _turn in range(3):
        settle(lambda: page.shown is not None and not tasks().busy)
    return window


def take_import(window: MainWindow) -> QWidget:
    """The import at its third step: columns."""
    from xiaobao_desktop.domain.ledgers import ledger
    from xiaobao_desktop.ui.pages.data_page import DataPage

    window.show_page("data")
    data = window.page("data")
    assert isinstance(data, DataPage)
    page = data.begin_import(ledger("complaint"))
    page.read_file(LEDGER_FILE)
    settle(lambda: page.mapping is not None and not page.busy)
    page.go_on()
    settle(lambda: page.planned is not None and not page.busy)
    return window


def take_data(window: MainWindow) -> QWidget:
    """The page of backups, restoring and checking."""
    from xiaobao_desktop.ui.pages.data_page import DataPage

    window.show_page("data")
    data = window.page("data")
    assert isinstance(data, DataPage)
    data.end_import()
    return window


def take_report(window: MainWindow) -> QWidget:
    """The monthly report in its preview."""
    from xiaobao_desktop.ui.pages.report_page import ReportPage

    window.show_page("reports")
    page = window.page("reports")
    assert isinstance(page, ReportPage)
    settle(lambda: page.made is not None and page.preview.page_count > 0)
    settle()
    return window


def take_settings(window: MainWindow) -> QWidget:
    """What the bank is called in reports."""
    from xiaobao_desktop.ui.pages.settings_page import BANK, SettingsPage

    window.show_page("settings")
    page = window.page("settings")
    assert isinstance(page, SettingsPage)
    page.open_tab(BANK)
    return window


def take_welcome(_window: MainWindow) -> QWidget:
    """The first of the welcome pages."""
    from xiaobao_desktop.ui.dialogs.welcome import WelcomeWindow

    dialog = WelcomeWindow()
    dialog.resize(1000, 660)
    dialog.show()
    return dialog


def take_login(_window: MainWindow) -> QWidget:
    """The window that asks for the password."""
    from xiaobao_desktop.services import books
    from xiaobao_desktop.ui.dialogs.login import LoginDialog

    place = Path("演示账簿")
    if not books.book_at(place):
        secret = "only-for-pictures"  # noqa: S105 - the book is gone with the pictures
        made, _key = books.create_book(
            place, bank="云岭惠民村镇银行", officer="周敏", password=secret, clock=lambda: MOMENT
        )
        made.close()
    dialog = LoginDialog(place)
    dialog.resize(860, 560)
    dialog.show()
    return dialog


def type_into(line: QWidget, text: str) -> None:
    """Type letters as on a keyboard."""
    from PySide6.QtTest import QTest

    QTest.keyClicks(line, text)


SHOTS: dict[str, Shot] = {
    "workbench": take_workbench,
    "list": take_list,
    "record": take_record,
    "saved": take_saved,
    "form": take_form,
    "step": take_step,
    "paste": take_paste,
    "training": take_training,
    "inspection": take_inspection,
    "charts": take_charts,
    "import": take_import,
    "data": take_data,
    "report": take_report,
    "settings": take_settings,
    "welcome": take_welcome,
    "login": take_login,
}
"""Name of each picture and how the window is brought to show it."""


if __name__ == "__main__":
    raise SystemExit(main())
