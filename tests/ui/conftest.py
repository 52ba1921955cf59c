"""What the tests of the window share: a real book with a few complaints, the look, a window that is closed again."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from tests.services.support import Clock, add_branch, new_book
from tests.store.books import QUICK
from tests.ui.dialogs import watched
from xiaobao_desktop.domain.fields import Record, Value, Values
from xiaobao_desktop.domain.ledgers import ledger
from xiaobao_desktop.services import books, records
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.query import Query
from xiaobao_desktop.ui import state, theme
from xiaobao_desktop.ui.bus import bus
from xiaobao_desktop.ui.tasks import tasks

if TYPE_CHECKING:
    from xiaobao_desktop.ui.main_window import MainWindow

NOW = datetime(2026, 11, 23, 9, 41)  # noqa: DTZ001 - the bank's local time, as the program keeps it
PASSWORD = "liuxi-2026"

AddComplaint = Callable[..., Record]
ShowWindow = Callable[..., "MainWindow"]


@pytest.fixture(autouse=True)
def no_dialog_hangs(qapp: QApplication) -> Iterator[None]:
    """A dialog that nobody closes fails its test instead of blocking the run."""
    with watched():
        yield


@pytest.fixture(autouse=True)
def own_bus_and_worker() -> Iterator[None]:
    """A bus, a worker and window states of its own for each test, so that no closed window hears another's news."""
    bus.cache_clear()
    yield
    if tasks.cache_info().currsize:
        tasks().close()
    bus.cache_clear()
    state.state_for.cache_clear()


@pytest.fixture
def look(qapp: QApplication) -> Iterator[QApplication]:
    """The application in the light look."""
    theme.apply(qapp, theme.LIGHT_MODE)
    yield qapp
    theme.apply(qapp, theme.LIGHT_MODE)


@pytest.fixture
def show_window(look: QApplication, session: Session) -> Iterator[ShowWindow]:
    """Shows the main window on the book, so wide and high; when the test ends, it goes with all it still had to do."""
    from xiaobao_desktop.ui.main_window import MainWindow

    shown: list[MainWindow] = []

    def show(width: int = 1366, height: int = 738) -> MainWindow:
        window = MainWindow(session)
        shown.append(window)
        window.resize(width, height)
        window.show()
        look.processEvents()
        return window

    yield show
    if tasks.cache_info().currsize:
        tasks().close()
    for window in shown:
        window.hide()
        window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


@pytest.fixture(scope="session")
def book_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed real book with two branches, made once and copied for each test; its password is checked quickly."""
    folder = tmp_path_factory.mktemp("template") / "账簿"
    made, _recovery = books.create_book(
        folder, bank="云岭惠民村镇银行", officer="周敏", password=PASSWORD, clock=lambda: NOW, cost=QUICK
    )
    branch = ledger("branch")
    for name in ("城关支行", "河口支行"):
        records.save(made, branch, Record({**branch.defaults(), "name": name, "region": "urban"}))
    made.close()
    return folder


@pytest.fixture
def session(tmp_path: Path, book_template: Path) -> Iterator[Session]:
    """A real book of its own on 23 November 2026, with two branches and nothing else; its password is PASSWORD."""
    folder = tmp_path / "账簿"
    shutil.copytree(book_template, folder)
    opened = books.open_book(folder, PASSWORD, clock=lambda: NOW)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def module_book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """A book without a password and with one branch, on 23 November 2026, for all tests of a module."""
    opened = new_book(tmp_path_factory.mktemp("module") / "账簿", Clock(NOW.astimezone()))
    add_branch(opened, "城关支行")
    yield opened
    opened.close()


@pytest.fixture
def kept_session(module_book: Session) -> Iterator[Session]:
    """The book of the module, quicker than one of its own; complaints that a test added go to the recycle bin."""
    yield module_book
    complaint = ledger("complaint")
    for one in module_book.book.ids(complaint, Query()):
        records.delete(module_book, complaint, one)


def step(kind: str, on: str, **values: Value) -> Values:
    """One dated step of a complaint."""
    return {"kind": kind, "happened_on": on, **values}


@pytest.fixture
def add_complaint(session: Session) -> AddComplaint:
    """Saves a complaint: received day, name, further steps, other values."""
    complaint = ledger("complaint")

    def add(received: str, name: str, *steps: Values, **values: Value) -> Record:
        ended = next((row["happened_on"] for row in steps if row["kind"] in ("close", "withdraw")), None)
        entered: dict[str, Value] = {
            **complaint.defaults(),
            "received_on": received,
            "complainant": name,
            "phone": "13856215621",
            "source": "visit",
            "category": "B.01",
            "closed_on": ended,
            **values,
        }
        rows = (step("received", received), *steps)
        return records.save(session, complaint, Record(entered, {"step": rows})).record

    return add


@pytest.fixture
def cases(add_complaint: AddComplaint) -> dict[str, Record]:
    """Six complaints, one of each kind of term on 23 November 2026."""
    return {
        "overdue": add_complaint("2026-10-30", "张明", source="call", amount=1234500),
        "today": add_complaint(
            "2026-11-08",
            "刘秀兰",
            step("transfer", "2026-11-09", happened_at="10:40", department="城关支行", person="王建国"),
            step("investigate", "2026-11-12", note="调取开户凭证"),
            amount=12000,
            id_number="11010119900307803X",
            content="借记卡年费未告知",
        ),
        "soon": add_complaint("2026-11-10", "赵国强", category="B.03.01.2", amount=5000),
        "later": add_complaint("2026-11-20", "孙丽", source="letter"),
        "paused": add_complaint("2026-11-01", "陈伟", step("pause", "2026-11-05", reason="外部鉴定")),
        "closed": add_complaint(
            "2026-11-02",
            "吴桂英",
            step("decide", "2026-11-05"),
            step("inform", "2026-11-06", way="phone"),
            step("close", "2026-11-07"),
        ),
    }
