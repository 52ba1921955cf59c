"""One new file with three fields is a new ledger everywhere: book, list, form, import, history, window."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.services.support import Clock, a_complaint, imported, new_book, sheet
from tests.ui.form_keys import CONTROL, Key, press, show, write
from xiaobao_desktop.domain import ledgers
from xiaobao_desktop.domain.fields import Ledger, Record
from xiaobao_desktop.services import books, listing, records
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.query import Query
from xiaobao_desktop.ui import state, theme
from xiaobao_desktop.ui.bus import bus
from xiaobao_desktop.ui.main_window import MainWindow
from xiaobao_desktop.ui.pages.ledger_page import LedgerPage
from xiaobao_desktop.ui.pages.record_form import RecordForm
from xiaobao_desktop.ui.tasks import tasks

DECLARATION = '''
"""锦旗: pennants that grateful customers bring."""

from xiaobao_desktop.domain.fields import Column, Field, Grade, Kind, Ledger, Privacy, Section

ORDER = 90

LEDGER = Ledger(
    key="pennant",
    label="锦旗",
    prefix="JQ",
    unit="面",
    fields=(
        Field("received_on", "收到日期", Kind.DATE, Grade.TO_SAVE),
        Field("giver", "赠送人", Kind.PERSON_NAME, privacy=Privacy.C2, synonyms=("送旗人",)),
        Field("words", "题词", Kind.TEXT, Grade.TO_SAVE),
    ),
    sections=(Section("锦旗", ("received_on", "giver", "words")),),
    columns=(Column("received_on", 10), Column("giver", 8), Column("words", 20, stretch=True)),
    title=("words",),
    filters=("received_on",),
    sort=(("received_on", True),),
    dated_by="received_on",
)
'''


@pytest.fixture
def old_book(tmp_path: Path) -> Path:
    """A book made before the new ledger was declared."""
    session = new_book(tmp_path / "book")
    records.save(session, ledgers.ledger("complaint"), a_complaint())
    session.close()
    return tmp_path / "book"


@pytest.fixture
def pennant(old_book: Path, tmp_path: Path) -> Iterator[Ledger]:
    """The declaration, as one more file among the ledgers."""
    folder = tmp_path / "declarations"
    folder.mkdir()
    (folder / "pennant.py").write_text(DECLARATION, encoding="utf-8")
    ledgers.__path__.append(str(folder))
    importlib.invalidate_caches()
    ledgers.all_ledgers.cache_clear()
    yield ledgers.ledger("pennant")
    ledgers.__path__.remove(str(folder))
    sys.modules.pop("xiaobao_desktop.domain.ledgers.pennant", None)
    vars(ledgers).pop("pennant", None)
    ledgers.all_ledgers.cache_clear()


@pytest.fixture
def session(pennant: Ledger, old_book: Path) -> Iterator[Session]:
    """The old book, opened by the program that knows the new ledger."""
    bus.cache_clear()
    opened = books.open_book(old_book, None, clock=Clock())
    yield opened
    if tasks.cache_info().currsize:
        tasks().close()
    bus.cache_clear()
    state.state_for.cache_clear()
    opened.close()


def add(session: Session, ledger: Ledger) -> Record:
    entered = Record({"received_on": "2026-10-08", "giver": "刘秀兰", "words": "为民解忧"})
    return records.save(session, ledger, entered).record


def test_the_book_keeps_it_and_what_was_there_stays(session: Session, pennant: Ledger) -> None:
    assert "pennant" in [item.key for item in session.ledgers]
    saved = add(session, pennant)
    assert saved.number == "JQ-2026-0001"
    assert records.get(session, pennant, 1) == saved
    assert listing.count(session, ledgers.ledger("complaint"), Query()) == 1
    assert all(finding.ok for finding in session.book.verify())


def test_list_search_filter_mask_and_history(session: Session, pennant: Ledger) -> None:
    add(session, pennant)
    assert listing.ids(session, pennant, Query(search="解忧")) == [1]
    assert listing.facets(session, pennant, "words", Query()) == [("为民解忧", "为民解忧", 1)]
    row = listing.rows(session, pennant, [1], ("giver",))[0]
    assert listing.display(session, pennant.field("giver"), row["giver"]) == "刘**"
    records.save(session, pennant, Record({"words": "秉公办事"}, {}, 1))
    changed, made = records.history(session, pennant, 1)
    assert [(line.label, line.old, line.new) for line in changed.lines] == [("题词", "为民解忧", "秉公办事")]
    assert (changed.operation, made.operation) == ("修改锦旗", "登记锦旗")


def test_import_maps_its_columns_and_refuses_what_it_must(session: Session, pennant: Ledger, tmp_path: Path) -> None:
    file = sheet(
        tmp_path / "锦旗.xlsx",
        ("序号", "收到日期", "送旗人", "题词"),
        (1, "2026.10.8", "刘秀兰", "为民解忧"),
        (2, "2026.2.30", "王五", "秉公办事"),
        (3, "2026.10.9", "赵六", None),
    )
    plan, result = imported(session, file, key="pennant")
    assert list(result.numbers) == [2]
    assert [(item.row, item.column) for item in plan.rejected] == [(3, "收到日期"), (4, "题词")]
    assert imported(session, file, key="pennant")[1].numbers == {}
    assert records.get(session, pennant, 1).values["giver"] == "刘秀兰"
    assert records.history(session, pennant, 1)[0].operation == "导入锦旗 1 面（锦旗.xlsx）"


def test_the_form_is_typed_through_by_keyboard(
    session: Session, pennant: Ledger, qapp: QApplication, qtbot: QtBot
) -> None:
    theme.apply(qapp, theme.LIGHT_MODE)
    form = RecordForm(session, pennant)
    qtbot.addWidget(form)
    show(form)
    form.focus_first()
    assert list(form.cells) == ["received_on", "giver", "words"]
    write("2026.10.8")
    press(Key.Key_Return)
    write("刘秀兰")
    press(Key.Key_Return)
    write("为民解忧")
    with qtbot.waitSignal(form.saved):
        press(Key.Key_S, CONTROL)
    assert records.get(session, pennant, 1).values == {
        "received_on": "2026-10-08",
        "giver": "刘秀兰",
        "words": "为民解忧",
    }


def test_the_window_has_its_page_with_list_and_import(
    session: Session, pennant: Ledger, qapp: QApplication, qtbot: QtBot
) -> None:
    theme.apply(qapp, theme.LIGHT_MODE)
    add(session, pennant)
    window = MainWindow(session)
    qtbot.addWidget(window)
    show(window, 1366, 738)
    assert window.show_page("pennant")
    page = window.page("pennant")
    assert isinstance(page, LedgerPage)
    model = page.list.model
    assert model.rowCount() == 1
    heads = [model.headerData(column, Qt.Orientation.Horizontal) for column in range(model.columnCount())]
    assert {"收到日期", "赠送人", "题词"} <= set(heads)
    texts = {model.index(0, column).data() for column in range(model.columnCount())}
    assert {"刘**", "为民解忧"} <= texts
    window.show_page("data")
    assert "pennant" in window.page("data").import_buttons  # type: ignore[attr-defined]
