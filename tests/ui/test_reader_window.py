"""The real window of somebody who only reads: on no page and in no dialog is there a way to change or to take out."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QWidget

from tests.e2e.waiting import until
from tests.ui.conftest import NOW
from tests.ui.reader_controls import forbidden
from xiaobao_desktop.domain.period import parse_period
from xiaobao_desktop.domain.roles import Role
from xiaobao_desktop.services import attachments, books, checking, demo, records, reporting
from xiaobao_desktop.services.saved_filters import SavedFilter
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.query import Query
from xiaobao_desktop.ui.dialogs.anchor_check import AnchorDialog
from xiaobao_desktop.ui.dialogs.check_page import CheckPageDialog
from xiaobao_desktop.ui.dialogs.erasing import ErasingDialog
from xiaobao_desktop.ui.dialogs.export_log import ExportLogDialog
from xiaobao_desktop.ui.dialogs.file_report import FiledDialog
from xiaobao_desktop.ui.dialogs.month_close import MonthCloseDialog
from xiaobao_desktop.ui.dialogs.paper_dialog import PaperDialog
from xiaobao_desktop.ui.dialogs.quick_answers import QuickAnswersDialog
from xiaobao_desktop.ui.dialogs.review_words import ReviewWordsDialog
from xiaobao_desktop.ui.main_window import MainWindow
from xiaobao_desktop.ui.pages.inspection_work import InspectionWork
from xiaobao_desktop.ui.pages.ledger_history import HistoryDialog
from xiaobao_desktop.ui.pages.ledger_page import LedgerPage
from xiaobao_desktop.ui.pages.page import DATA
from xiaobao_desktop.ui.tasks import tasks
from xiaobao_desktop.ui.widgets.file_chip import FileChip
from xiaobao_desktop.ui.widgets.saved_filters_panel import SavedFiltersPanel

READER = "李行长"


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed book with records in every ledger, each with a file."""
    place = tmp_path_factory.mktemp("reader") / "账簿"
    demo.make_demo(place, complaints=8, end="2026-11", today=date(2026, 11, 23))
    opened = books.open_book(place, None, clock=lambda: NOW)
    note = place.parent / "记录.txt"
    note.write_text("来电记录", encoding="utf-8")
    for ledger in opened.ledgers:
        for record_id in opened.book.ids(ledger, Query())[:1]:
            if ledger.evidence and not ledger.evidence[0].made:
                attachments.add(opened, ledger, record_id, ledger.evidence[0].key, note)
    opened.close()
    return place


@pytest.fixture
def reader(kept: Path, tmp_path: Path, look: QApplication) -> Iterator[Session]:
    """The book opened by somebody who only reads."""
    shutil.copytree(kept, tmp_path / "账簿")
    opened = books.open_book(tmp_path / "账簿", None, clock=lambda: NOW)
    opened.user, opened.role = READER, Role.READER
    yield opened
    if tasks.cache_info().currsize:
        tasks().close()
    opened.close()


@pytest.fixture
def window(reader: Session, look: QApplication) -> Iterator[MainWindow]:
    made = MainWindow(reader)
    made.resize(1366, 738)
    made.show()
    look.processEvents()
    yield made
    made.hide()
    made.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def rest() -> None:
    """Wait until nothing is read or drawn any more."""
    until(lambda: not tasks().busy)


def test_no_page_of_a_reader_offers_a_change_or_a_way_out(window: MainWindow, reader: Session) -> None:
    found: dict[str, list[str]] = {"window": forbidden(window)}
    for key, spec in window._specs.items():
        assert window.show_page(key)
        page = window.page(key)
        rest()
        found[key] = forbidden(page)
        if not isinstance(page, LedgerPage) or spec.ledger is None:
            continue
        for record_id in reader.book.ids(spec.ledger, Query())[:1]:
            window.open_record(key, record_id)
            found[f"{key} opened"] = forbidden(page)
            for chip in page.detail.findChildren(FileChip):
                found[f"{key} file"] = forbidden(chip.menu())
    assert "complaint file" in found
    tell(found)


def test_no_dialog_of_a_reader_offers_a_change_or_a_way_out(window: MainWindow, reader: Session) -> None:
    complaint = reader.ledger("complaint")
    record = records.get(reader, complaint, reader.book.ids(complaint, Query())[0])
    review = reader.ledger("review")
    reviewed = records.get(reader, review, reader.book.ids(review, Query())[0])
    report = reporting.build(reader, "monthly", parse_period("2026-10"))
    way = reporting.way_out(reader, report)
    dialogs: dict[str, Callable[[], QWidget]] = {
        "answers": lambda: QuickAnswersDialog(reader, window),
        "month": lambda: MonthCloseDialog(reader, window),
        "history": lambda: HistoryDialog(reader, complaint, record, window),
        "words": lambda: ReviewWordsDialog(reader, review, window, reviewed),
        "exports": lambda: ExportLogDialog(reader, window),
        "code": lambda: AnchorDialog(reader, window),
        "erasing": lambda: ErasingDialog(reader, window),
        "check page": lambda: CheckPageDialog(reader, checking.page(reader, report, ()), window),
        "paper": lambda: PaperDialog(way, report, window),
        "filed": lambda: FiledDialog(way, "定稿", "月报", {"pdf": reporting.render(report, "pdf")}, window),
        "filters": lambda: SavedFiltersPanel(window, reader, complaint, SavedFilter("", "all", "刘", None, ()), "刘"),
        "log": lambda: window.page(DATA).open_log(),  # type: ignore[attr-defined]
        "checklist": lambda: InspectionWork(reader, inspection, reader.book.ids(inspection, Query())[0]),
    }
    inspection = reader.ledger("inspection")
    found: dict[str, list[str]] = {}
    for name, make in dialogs.items():
        dialog = make()
        if isinstance(dialog, InspectionWork):
            dialog.reload()
        dialog.show()
        rest()
        found[name] = forbidden(dialog)
        dialog.hide()
        dialog.deleteLater()
    tell(found)


def tell(found: dict[str, list[str]]) -> None:
    """Fail with what was found where."""
    left = [f"{where}: {name}" for where, names in found.items() for name in names]
    assert not left, "\n".join(left)
