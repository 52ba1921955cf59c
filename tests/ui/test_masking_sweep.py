"""A person's name, phone and ID stand nowhere in the window where they are masked: pages, lists, tooltips, titles, bar.

The person is entered wherever a record takes free words too, so that masking by the declaration alone would not do.
Clear by declaration, and so not looked for here: names of the bank's own people (staff, 主持人, 记录人, 责任人, 送审人,
审查人, 报送人, 主讲, 网点负责人, 被投诉人员, 经办人, 批准人).
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QEvent, QModelIndex, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

from tests.e2e.waiting import until
from tests.ui.conftest import step
from xiaobao_desktop.domain.fields import Record
from xiaobao_desktop.domain.ledgers import ledger
from xiaobao_desktop.domain.relations import reference
from xiaobao_desktop.domain.roles import Role
from xiaobao_desktop.services import audit_log, audit_paper, records, relations
from xiaobao_desktop.services.audit_log import LogQuery
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui.dialogs.recycle_bin import RecycleBinDialog
from xiaobao_desktop.ui.main_window import MainWindow
from xiaobao_desktop.ui.pages.data_page import DataPage
from xiaobao_desktop.ui.pages.ledger_history import HistoryDialog
from xiaobao_desktop.ui.tasks import tasks

NAME, PHONE, ID_NUMBER = "欧阳标记人", "13800138765", "110101199003070134"
MARKERS = (NAME, PHONE, ID_NUMBER)
COMPLAINT = ledger("complaint")
TOLD = f"{NAME}来电 {PHONE}，证件 {ID_NUMBER}"


@pytest.fixture
def marked(session: Session) -> int:
    """A complaint that names the person in every field that takes words, and in the words of its steps."""
    values = {
        **COMPLAINT.defaults(),
        "received_on": "2026-11-08",
        "complainant": NAME,
        "phone": PHONE,
        "id_number": ID_NUMBER,
        "agent": NAME,
        "source": "visit",
        "category": "B.01",
        "content": TOLD,
        "request": TOLD,
    }
    steps = (step("received", "2026-11-08", note=TOLD), step("investigate", "2026-11-09", note=TOLD))
    saved = records.save(session, COMPLAINT, Record(values, {"step": steps})).record
    record_id = int(str(saved.id))
    records.save(session, COMPLAINT, Record({"request": f"{TOLD}，请退费"}, {}, record_id))
    # The same person once more: it looks like a repeat, and the two cases speak of each other.
    again = records.save(
        session, COMPLAINT, Record({**values, "received_on": "2026-11-12"}, {"step": steps[:1]})
    ).record
    gone = records.save(session, COMPLAINT, Record({**values, "received_on": "2026-11-13"}, {"step": steps[:1]})).record
    records.delete(session, COMPLAINT, int(str(gone.id)))
    related = reference(COMPLAINT.key, int(str(again.id)))
    relations.add(session, COMPLAINT, record_id, related)
    return record_id


@pytest.fixture
def window(session: Session, marked: int, look: QApplication, request: pytest.FixtureRequest) -> Iterator[MainWindow]:
    """The window of an officer, or of a reader."""
    session.role = request.param
    made = MainWindow(session)
    made.resize(1366, 738)
    made.show()
    yield made
    if tasks.cache_info().currsize:
        tasks().close()
    made.hide()
    made.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def words_of(root: QWidget) -> Iterator[str]:
    """Everything that can be read of a widget and what is in it, shown or to be shown on hovering."""
    for item in (root, *root.findChildren(QWidget)):
        yield from (item.windowTitle(), item.toolTip(), item.accessibleName(), item.accessibleDescription())
        if isinstance(item, QLabel | QAbstractButton | QLineEdit):
            yield item.text()
        if isinstance(item, QPlainTextEdit):
            yield item.toPlainText()
        if isinstance(item, QAbstractItemView):
            yield from cells_of(item.model())


def cells_of(model: QAbstractItemModel | None) -> Iterator[str]:
    """Every cell of a table with its tooltip."""
    if model is None:
        return
    top = QModelIndex()
    columns = 1 if isinstance(model, QAbstractListModel) else model.columnCount(top)
    for row in range(min(model.rowCount(top), 50)):
        for column in range(columns):
            index = model.index(row, column)
            for role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
                yield str(index.data(role) or "")


def told(root: QWidget, where: str) -> list[str]:
    """Which markers stand in clear, and in which words."""
    texts = set(words_of(root))
    return [f"{where}: {marker} in {words!r}" for words in texts for marker in MARKERS if marker in words]


@pytest.mark.parametrize("window", [Role.OFFICER], indirect=True)
def test_no_page_or_list_names_the_person(window: MainWindow, session: Session) -> None:
    found: list[str] = []
    for key in window._specs:
        window.show_page(key)
        until(lambda: not tasks().busy)
        found += told(window, key)
    window.show_page("workbench")
    page = window.page("workbench")
    assert page.search_for("退费")  # type: ignore[attr-defined]
    found += told(window, "search")
    complaints = window.ledger_page("complaint")
    window.show_page("complaint")
    for column in COMPLAINT.columns:
        complaints.list.columns.set_shown(column.key, shown=True)
    complaints.list.refresh()
    assert "content" in complaints.list.model.columns
    found += told(complaints, "all columns")
    complaints.list.table.selectAll()
    found += [f"copied: {marker}" for marker in MARKERS if marker in complaints.list.table.copy_rows()]
    data = window.page("data")
    assert isinstance(data, DataPage)
    window.show_page("data")
    found += told(data.open_log(), "log")
    bin_dialog = RecycleBinDialog(session, window)
    found += told(bin_dialog, "recycle bin")
    bin_dialog.deleteLater()
    assert not found, "\n".join(found)


@pytest.mark.parametrize("window", [Role.READER], indirect=True)
def test_the_opened_case_names_him_to_a_reader_only_on_a_click(
    window: MainWindow, session: Session, marked: int
) -> None:
    window.open_record("complaint", marked)
    found = told(window, "opened")
    record = records.get(session, COMPLAINT, marked)
    dialog = HistoryDialog(session, COMPLAINT, record, window)
    found += told(dialog, "history")
    dialog.deleteLater()
    assert any("TS-2026-0002" in words for words in words_of(window.ledger_page("complaint").detail)), "the other case"
    assert not found, "\n".join(found)


def test_the_log_on_paper_and_in_a_workbook_names_nobody(session: Session, marked: int) -> None:
    listed = str(audit_log.cells(session, LogQuery()))
    printed = str(audit_paper.sheet(session, LogQuery()).document)
    assert "欧**" in listed
    assert [marker for marker in MARKERS if marker in listed or marker in printed] == []
