"""The page of a ledger on a real book: list, order, filters, search, columns, opened record, deletion."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QListWidget, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.conftest import AddComplaint, step
from tests.ui.dialogs import in_dialog
from xiaobao_desktop.domain.fields import Column, Field, Grade, Kind, Ledger, Privacy, Record, Section
from xiaobao_desktop.domain.ledgers import ledger
from xiaobao_desktop.services import records, todo
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import state
from xiaobao_desktop.ui.bus import bus
from xiaobao_desktop.ui.dialogs.confirm import ConfirmDialog
from xiaobao_desktop.ui.models import filters
from xiaobao_desktop.ui.models.ledger_model import PAGE, RAW_ROLE
from xiaobao_desktop.ui.pages.ledger_detail import RecordDetail
from xiaobao_desktop.ui.pages.ledger_facts import Facts
from xiaobao_desktop.ui.pages.ledger_history import HistoryDialog
from xiaobao_desktop.ui.pages.ledger_page import LedgerPage
from xiaobao_desktop.ui.pages.ledger_presenter import Presenter, presenter_for
from xiaobao_desktop.ui.widgets.banner import Banner
from xiaobao_desktop.ui.widgets.columns_panel import ColumnsPanel
from xiaobao_desktop.ui.widgets.empty_state import EmptyState
from xiaobao_desktop.ui.widgets.filter_panel import FilterPanel
from xiaobao_desktop.ui.widgets.pill import Pill
from xiaobao_desktop.ui.widgets.timeline import Timeline

Cases = dict[str, Record]
Open = Callable[..., LedgerPage]


@pytest.fixture
def open_page(look: QApplication, session: Session, qtbot: QtBot) -> Iterator[Open]:
    """Opens the page of a ledger in a window of its own."""
    opened: list[LedgerPage] = []

    def make(key: str = "complaint", width: int = 1170, height: int = 700) -> LedgerPage:
        page = LedgerPage(session, ledger(key))
        qtbot.addWidget(page)
        page.resize(width, height)
        page.show()
        look.processEvents()
        opened.append(page)
        return page

    yield make
    for page in opened:
        page.hide()


def column(page: LedgerPage, key: str) -> list[str]:
    """The shown texts of one column."""
    model = page.list.model
    place = model.columns.index(key)
    return [model.cell(row, place).text for row in range(model.rowCount())]


def numbers(page: LedgerPage) -> list[str]:
    """The shown numbers, in order."""
    return column(page, "number")


def open_record(page: LedgerPage, record: Record) -> None:
    """Open a record as a click would."""
    assert record.id is not None
    assert page.list.select(record.id)
    page._picked(record.id)


def texts(page: LedgerPage) -> str:
    """Everything the facts of the opened record show."""
    from PySide6.QtWidgets import QLabel

    return "\n".join(found.text() for found in page.detail.findChildren(QLabel))


def test_list_shows_every_record_by_term_with_words(open_page: Open, cases: Cases) -> None:
    page = open_page()
    assert column(page, "due_on") == ["逾期 9 天", "今天", "剩 2 天", "剩 12 天", "暂停 18 天", "用时 5 天"]
    assert page.list.model.cell(0, page.list.model.columns.index("due_on")).look == "solid"
    assert page.status_text() == "6 件·在办 5·逾期 1"


def test_names_and_phones_are_masked_in_the_list_and_in_what_is_copied(open_page: Open, cases: Cases) -> None:
    page = open_page()
    page.list.columns.set_shown("phone", shown=True)
    page.list.refresh()
    assert set(column(page, "complainant")) == {"张**", "刘**", "赵**", "孙**", "陈**", "吴**"}
    assert set(column(page, "phone")) == {"138****5621"}
    page.list.table.selectAll()
    QTest.keyClick(page.list.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    copied = QGuiApplication.clipboard().text()
    assert len(copied.splitlines()) == 6
    assert "\t刘**\t" in copied
    assert "刘秀兰" not in copied
    assert "13856215621" not in copied


def test_f9_shows_names_for_a_while_on_record_but_copies_them_masked(open_page: Open, cases: Cases) -> None:
    page = open_page()
    before = page.session.book.anchor().sequence
    QTest.keyClick(page.list.table, Qt.Key.Key_F9)
    assert "刘秀兰" in column(page, "complainant")
    assert page.session.book.anchor().sequence == before + 1
    page.list.table.selectAll()
    assert "刘秀兰" not in page.list.table.copy_rows()
    page._hide_again.timeout.emit()
    assert "刘秀兰" not in column(page, "complainant")


def test_sorting_uses_raw_values(open_page: Open, cases: Cases) -> None:
    page = open_page()
    page.list.columns.set_shown("amount", shown=True)
    page.list.sort("amount", descending=False)
    # As text 12,345.00 would stand before 50.00.
    assert [text for text in column(page, "amount") if text] == ["50.00", "120.00", "12,345.00"]
    place = page.list.model.columns.index("amount")
    assert page.list.model.index(0, place).data(RAW_ROLE) == 5000


def test_a_header_click_goes_up_down_and_back(open_page: Open, cases: Cases) -> None:
    page = open_page()
    usual = numbers(page)
    place = page.list.model.columns.index("received_on")
    rect = page.list.table.header.section_rect(place)
    point = QPoint(rect.left() + 20, rect.center().y())
    orders = []
    for _click in range(3):
        QTest.mouseClick(page.list.table.header.viewport(), Qt.MouseButton.LeftButton, pos=point)
        orders.append(column(page, "received_on"))
    assert orders[0] == ["10-30", "11-01", "11-02", "11-08", "11-10", "11-20"]
    assert orders[1] == orders[0][::-1]
    assert numbers(page) == usual


def test_order_is_remembered(open_page: Open, cases: Cases) -> None:
    first = open_page()
    first.list.sort("received_on", descending=True)
    again = open_page()
    assert again.list.order()[0] == ("received_on", True)


def test_tabs_narrow_and_count(open_page: Open, cases: Cases, add_complaint: Callable[..., Record]) -> None:
    add_complaint("2025-12-30", "郑海")
    page = open_page()
    counts = [part.count for part in page.tabs._group.buttons()]  # type: ignore[attr-defined]
    assert counts == ["6", "6", "7"]
    page.tabs._group.buttons()[0].click()
    assert len(numbers(page)) == 6
    assert "用时 5 天" not in column(page, "due_on")
    page._choose_tab("all")
    assert len(numbers(page)) == 7
    assert "2025-12-30" in column(page, "received_on")


def test_filter_panel_narrows_by_ticked_values(open_page: Open, cases: Cases, qtbot: QtBot) -> None:
    page = open_page()
    page.list.chips.chip("source").click()
    panel = page.findChild(FilterPanel)
    assert panel is not None
    lines = panel.findChild(QListWidget)
    assert lines is not None
    names = {lines.item(row).text(): row for row in range(lines.count())}
    assert set(names) == {"来访", "来电", "来信"}
    lines.setCurrentRow(names["来信"])
    QTest.keyClick(lines, Qt.Key.Key_Space)
    assert numbers(page) == [cases["later"].number]
    assert page.list.chips.chip("source").text().strip() == "来源：来信"
    lines.setCurrentRow(names["来电"])
    QTest.keyClick(lines, Qt.Key.Key_Space)
    assert len(numbers(page)) == 2
    with qtbot.waitSignal(panel.closed):
        QTest.keyClick(panel, Qt.Key.Key_Escape)
    page.list.clear_filters()
    assert len(numbers(page)) == 6


def test_a_code_filter_takes_everything_below_it(open_page: Open, cases: Cases) -> None:
    page = open_page()
    item = page.ledger.field("category")
    found = filters.facets(page.session, page.ledger, item, page.list.query)
    counted = {facet.value: (facet.count, facet.level) for facet in found}
    assert counted["B.03"] == (1, 0)
    assert counted["B.03.01.2"] == (1, 2)
    page.list.set_filter("category", filters.ticked(page.session, page.ledger, item, ["B.03"]))
    assert numbers(page) == [cases["soon"].number]


def test_a_period_replaces_the_year_of_the_tab(open_page: Open, cases: Cases) -> None:
    page = open_page()
    assert page.list.chips.chip("received_on").text().strip() == "收到：2026年"
    october = next(span for span in filters.spans(page.session.today()) if span.name == "上月")
    page.list.set_filter("received_on", filters.in_period("received_on", october.first, october.last, october.words))
    assert numbers(page) == [cases["overdue"].number]
    assert page.list.chips.chip("received_on").text().strip() == "收到：2026年10月"
    page.list._remove_chip("received_on")
    page.list._remove_chip("received_on")
    assert page.tabs.current() == "all"


def test_spans_have_both_ends() -> None:
    from datetime import date

    spans = {span.name: (span.first, span.last) for span in filters.spans(date(2026, 1, 31))}
    assert spans["本月"] == (date(2026, 1, 1), date(2026, 1, 31))
    assert spans["上月"] == (date(2025, 12, 1), date(2025, 12, 31))
    assert spans["本季"] == (date(2026, 1, 1), date(2026, 3, 31))
    assert spans["去年"] == (date(2025, 1, 1), date(2025, 12, 31))
    for month in range(1, 13):
        for span in filters.spans(date(2024, month, 28)):
            assert span.first <= span.last
            assert (span.last + timedelta(days=1)).day == 1 or span.name == "今天"


def test_a_period_typed_backwards_or_wrong_is_told(open_page: Open, cases: Cases) -> None:
    page = open_page()
    page.list.chips.chip("received_on").click()
    panel = page.findChild(FilterPanel)
    assert panel is not None
    panel._from.setText("2026.13.5")
    panel._from.editingFinished.emit()
    assert "13" in panel._fault.text()
    panel._from.setText("2026.11.5")
    panel._to.setText("2026.11.1")
    panel._to.editingFinished.emit()
    assert "晚于" in panel._fault.text()
    panel._to.setText("2026年11月10日")
    panel._to.editingFinished.emit()
    assert panel._fault.text() == ""
    assert len(numbers(page)) == 2


def test_search_narrows_after_a_pause_and_ignores_half_typed_letters(
    open_page: Open, cases: Cases, qtbot: QtBot
) -> None:
    page = open_page()
    heard: list[str] = []
    page.search_box.searched.connect(heard.append)
    page.search_box.setFocus()
    QApplication.sendEvent(page.search_box, QInputMethodEvent("nianfei", []))
    qtbot.wait(300)
    assert heard == []
    commit = QInputMethodEvent("", [])
    commit.setCommitString("年费")
    with qtbot.waitSignal(page.search_box.searched, timeout=20_000):
        QApplication.sendEvent(page.search_box, commit)
    assert heard == ["年费"]
    assert numbers(page) == [cases["today"].number]
    QTest.keyClick(page.search_box, Qt.Key.Key_Escape)
    assert len(numbers(page)) == 6


def test_status_counts_open_and_overdue_of_what_was_searched(open_page: Open, cases: Cases) -> None:
    page = open_page()
    page.list.search("138")
    assert page.status_text() == "6 件·在办 5·逾期 1"
    page.list.search("刘秀兰")
    assert page.status_text() == "1 件·在办 1"
    page.list.search("吴桂英")
    assert page.status_text() == "1 件·在办 0"


def test_nothing_found_offers_to_clear(open_page: Open, cases: Cases) -> None:
    page = open_page()
    page.search_box.setText("没有这样的内容")
    page.search_box._send()
    assert page.list.model.rowCount() == 0
    empty = page.list.findChild(EmptyState)
    assert empty is not None
    empty.findChildren(QPushButton)[0].click()
    assert len(numbers(page)) == 6
    assert page.search_box.text() == ""


def test_an_empty_ledger_says_so_and_offers_the_first_record(open_page: Open) -> None:
    page = open_page()
    empty = page.list.findChild(EmptyState)
    assert empty is not None
    assert [made.accessibleName() for made in empty.findChildren(QPushButton)] == ["登记投诉", "从 Excel 导入"]


def test_columns_are_remembered_by_key(open_page: Open, cases: Cases) -> None:
    first = open_page()
    panel = ColumnsPanel(first, first.presenter, first.list.columns)
    panel.list.item(first.list.columns.keys.index("source")).setCheckState(Qt.CheckState.Unchecked)
    panel.list.setCurrentRow(0)
    QTest.keyClick(panel.list, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    first.list.columns.set_width("state", 111)
    panel.deleteLater()
    state.state_for.cache_clear()
    again = open_page()
    assert "source" not in again.list.model.columns
    assert again.list.columns.keys[:2] == ("source", "received_on")
    place = again.list.model.columns.index("state")
    assert again.list.table.columnWidth(place) == 111
    again.list.columns.reset()
    again.list.refresh()
    assert "source" in again.list.model.columns


def test_a_broken_state_file_does_not_stop_the_page(open_page: Open, session: Session, cases: Cases) -> None:
    file = session.directory / state.FILE
    for content in (
        "{",
        "[]",
        '{"columns": {"complaint": [["gone", 1, true], 5]}, "sort": {"complaint": {"year": 3}}}',
    ):
        file.write_text(content, encoding="utf-8")
        state.state_for.cache_clear()
        assert len(numbers(open_page())) == 6


def test_opened_record_shows_what_is_due_the_steps_and_the_facts(open_page: Open, cases: Cases) -> None:
    page = open_page()
    open_record(page, cases["today"])
    banner = page.detail.findChild(Banner)
    assert banner is not None
    assert banner.title() == "今天到期：作出处理决定并告知（第 15 日）"
    timeline = page.detail.findChild(Timeline)
    assert timeline is not None
    assert [line.title for line in timeline.steps] == ["收到", "转办", "调查", "处理决定并告知"]
    assert timeline.steps[1].when == "11-09 10:40"
    assert timeline.steps[1].detail == "城关支行·王建国"
    assert not timeline.steps[-1].done
    shown = texts(page)
    assert "刘秀兰" in shown
    assert "13856215621" in shown
    assert "11010119900307803X" not in shown
    assert "120.00 元" in shown


@pytest.mark.parametrize(
    ("told_on", "words"),
    [
        ("2026-11-06", "11-06 已告知投诉人，待办结"),
        ("2026-11-20", "11-20 已告知投诉人，待办结，答复超期 3 天"),
    ],
)
def test_a_case_told_but_not_closed_has_no_running_term(
    open_page: Open, add_complaint: AddComplaint, told_on: str, words: str
) -> None:
    record = add_complaint("2026-11-02", "吴桂英", step("decide", "2026-11-05"), step("inform", told_on, way="phone"))
    page = open_page()
    open_record(page, record)
    banner = page.detail.findChild(Banner)
    assert banner is not None
    assert banner.title() == words
    timeline = page.detail.findChild(Timeline)
    assert timeline is not None
    assert (timeline.steps[-1].title, timeline.steps[-1].when) == ("办结", "")
    assert "逾期" not in page.status_text()
    assert "已告知" in [page.list.model.cell(0, place).text for place in range(page.list.model.columnCount())]
    assert sum(len(band.items) for band in todo.bands(page.session, page.session.today())) == 0


def test_a_masked_fact_is_shown_by_its_eye_and_that_is_recorded(open_page: Open, cases: Cases) -> None:
    page = open_page()
    open_record(page, cases["today"])
    before = page.session.book.anchor().sequence
    eye = next(made for made in page.detail.findChildren(QPushButton) if made.accessibleName() == "显示证件号")
    eye.click()
    assert "11010119900307803X" in texts(page)
    assert page.session.book.anchor().sequence == before + 1
    eye.click()
    assert "11010119900307803X" not in texts(page)
    assert page.session.book.anchor().sequence == before + 1


def test_gaps_show_as_chips(open_page: Open, cases: Cases) -> None:
    page = open_page()
    open_record(page, cases["overdue"])
    shown = {pill.text() for pill in page.detail.findChildren(Pill)}
    assert {"投诉内容", "办理渠道", "处理结果"} <= shown
    assert "投诉人" not in shown


def test_arrows_and_enter_and_escape_go_through_the_list(open_page: Open, cases: Cases) -> None:
    page = open_page()
    table = page.list.table
    table.select_row(0)
    QTest.keyClick(table, Qt.Key.Key_Return)
    assert page.detail.isVisible()
    assert page.detail.record is not None
    assert page.detail.record.number == cases["overdue"].number
    focused = QApplication.focusWidget()
    assert isinstance(focused, QPushButton)
    assert focused.accessibleName() == "记一步"
    QTest.keyClick(focused, Qt.Key.Key_Down)
    assert page.detail.record.number == cases["today"].number
    again = QApplication.focusWidget()
    assert again is not None
    QTest.keyClick(again, Qt.Key.Key_Up)
    assert page.detail.record.number == cases["overdue"].number
    table.select_row(1)
    QTest.keyClick(table, Qt.Key.Key_Down)
    assert page.detail.record.number == cases["soon"].number
    QTest.keyClick(page.detail, Qt.Key.Key_Escape)
    assert not page.detail.isVisible()
    assert table.hasFocus()


def test_on_a_narrow_window_the_record_covers_the_list(open_page: Open, cases: Cases) -> None:
    page = open_page(width=1036, height=514)
    page.set_narrow(narrow=True)
    page.list.table.select_row(1)
    page._picked(page.list.model.record_id(1))
    assert not page.detail.isVisible()
    page._open_and_focus(page.list.model.record_id(1))
    assert page.detail.isVisible()
    assert not page.list.isVisible()
    QTest.keyClick(page.detail, Qt.Key.Key_Escape)
    assert page.list.isVisible()


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Down])
def test_what_was_searched_for_is_shown_instead_of_the_record_opened_before(
    open_page: Open, cases: Cases, key: Qt.Key
) -> None:
    page = open_page()
    open_record(page, cases["soon"])
    page.search_box.setFocus()
    page.search_box.setText("年费")
    QTest.keyClick(page.search_box, key)
    assert page.list.table.hasFocus()
    assert page.detail.record is not None
    assert page.detail.record.number == cases["today"].number
    page.search_box.setFocus()
    page.search_box.setText("没有这样的内容")
    QTest.keyClick(page.search_box, key)
    assert page.search_box.hasFocus(), "there is nothing to go to"


def test_on_a_narrow_window_a_search_or_a_tab_shows_the_list_again(open_page: Open, cases: Cases, qtbot: QtBot) -> None:
    page = open_page(width=1036, height=514)
    page.set_narrow(narrow=True)
    page._open_and_focus(page.list.model.record_id(0))
    page.search_box.setFocus()
    page.search_box.setText("年费")
    with qtbot.waitSignal(page.search_box.searched, timeout=20_000):
        QTest.keyClick(page.search_box, Qt.Key.Key_Return)
    assert page.list.isVisible()
    assert numbers(page) == [cases["today"].number]
    page._open_and_focus(page.list.model.record_id(0))
    assert not page.list.isVisible()
    page.tabs._group.buttons()[0].click()
    assert page.list.isVisible()


def test_deleting_names_the_verb_and_can_be_taken_back(open_page: Open, cases: Cases) -> None:
    page = open_page()
    open_record(page, cases["today"])
    seen: list[str] = []

    def delete(dialog: ConfirmDialog) -> None:
        made = {button.text().strip(): button for button in dialog.findChildren(QPushButton)}
        seen.extend(made)
        made["删除"].click()

    in_dialog(ConfirmDialog, delete)
    page.detail.delete_asked.emit()
    assert "删除" in seen
    assert cases["today"].number not in numbers(page)
    assert page.toast.text() == f"已删除 {cases['today'].number}"
    page.toast._undo_now()
    assert cases["today"].number in numbers(page)


def test_history_lists_who_when_and_old_to_new(open_page: Open, cases: Cases) -> None:
    page = open_page()
    record = cases["today"]
    records.save(
        page.session,
        page.ledger,
        Record({**record.values, "source": "letter"}, record.children, record.id, record.number),
    )
    dialog = HistoryDialog(page.session, page.ledger, record, page)
    from PySide6.QtWidgets import QLabel

    words = [found.text() for found in dialog.findChildren(QLabel)]
    assert "来访 → 来信" in words
    assert "周敏·2026-11-23 09:41" in words
    assert not [text for text in words if "刘秀兰" in text or "13856215621" in text]
    dialog.deleteLater()


def test_the_list_follows_news_and_keeps_the_current_record(
    open_page: Open, cases: Cases, add_complaint: Callable[..., Record]
) -> None:
    page = open_page()
    page.list.table.select_row(2)
    current = page.list.current_id()
    added = add_complaint("2026-11-22", "冯军")
    assert added.number not in numbers(page)
    assert added.id is not None
    bus().announce((("complaint", added.id),))
    assert added.number in numbers(page)
    assert page.list.current_id() == current


def test_status_sums_the_selection(open_page: Open, cases: Cases) -> None:
    page = open_page()
    page.list.select(cases["today"].id or 0)
    assert page.status_text().endswith("已选 1 件·金额 120.00 元")
    page.list.table.selectAll()
    assert page.status_text().endswith("已选 6 件·金额 12,515.00 元")


def test_rows_are_fetched_page_by_page(open_page: Open, session: Session) -> None:
    branch = ledger("branch")
    for place in range(PAGE + 5):
        records.save(session, branch, Record({**branch.defaults(), "name": f"网点{place}"}))
    page = open_page("branch")
    assert page.list.model.rowCount() == PAGE + 7
    assert set(page.list.model._pages) == {0}
    page.list.table.scrollToBottom()
    QApplication.processEvents()
    assert set(page.list.model._pages) == {0, 1}
    assert page.list.model.cell(PAGE + 6, 1).text == f"网点{PAGE + 4}"


def test_the_whole_row_under_the_pointer_is_shaded(open_page: Open, cases: Cases) -> None:
    page = open_page()
    table = page.list.table
    before = table.viewport().grab().toImage()
    cell = table.visualRect(page.list.model.index(2, 3)).center()
    QTest.mouseMove(table.viewport(), cell)
    QApplication.processEvents()
    after = table.viewport().grab().toImage()
    far = table.visualRect(page.list.model.index(2, 1)).bottomRight() - QPoint(4, 6)
    assert before.pixelColor(far) != after.pixelColor(far)


def test_every_icon_button_and_field_has_a_name(open_page: Open, cases: Cases) -> None:
    page = open_page()
    open_record(page, cases["today"])
    shown = [made for made in page.findChildren(QPushButton) if made.isVisibleTo(page)]
    nameless = [made for made in shown if not made.text().strip() and not made.accessibleName()]
    assert len(shown) > 10
    assert nameless == []
    assert page.search_box.accessibleName()
    assert page.list.table.accessibleName()


def test_a_ledger_without_a_way_of_its_own_gets_the_plain_presenter(session: Session) -> None:
    assert type(presenter_for(session, ledger("branch"))) is Presenter
    assert type(presenter_for(session, ledger("complaint"))) is not Presenter
    assert [tab.label for tab in presenter_for(session, ledger("branch")).tabs()] == ["在用", "全部"]


def test_facts_come_from_any_declaration(look: QApplication, session: Session, qtbot: QtBot) -> None:
    invented = Ledger(
        key="gift",
        label="礼品",
        prefix="LP",
        unit="份",
        fields=(
            Field("name", "名称", Kind.TEXT, Grade.TO_SAVE),
            Field("cost", "费用", Kind.MONEY),
            Field("card", "卡号", Kind.ACCOUNT, privacy=Privacy.C2),
            Field("sent", "已送出", Kind.YES_NO),
        ),
        sections=(Section("礼品", ("name", "cost", "card", "sent")),),
        columns=(Column("name", 10, stretch=True), Column("cost", 8)),
        title=("name",),
    )
    record = Record({"name": "雨伞", "cost": 3550, "card": "6222020012345678", "sent": False}, id=1, number="LP-1")
    from xiaobao_desktop.ui.pages.ledger_facts import filled

    fields = filled(invented, record, [item.key for item in invented.fields])
    assert [item.key for item in fields] == ["name", "cost", "card"]
    facts = Facts(session, invented, record, fields, 90)
    qtbot.addWidget(facts)
    from PySide6.QtWidgets import QLabel

    words = [found.text() for found in facts.findChildren(QLabel)]
    assert "35.50 元" in words
    assert "************5678" in words


def test_a_chip_is_taken_off_by_its_cross_or_the_delete_key(open_page: Open, cases: Cases) -> None:
    page = open_page()
    item = page.ledger.field("source")
    page.list.set_filter("source", filters.ticked(page.session, page.ledger, item, ["letter"]))
    chip = page.list.chips.chip("source")
    assert chip.filled
    assert chip.on_icon(chip.width() - 12)
    QTest.keyClick(chip, Qt.Key.Key_Delete)
    assert len(numbers(page)) == 6
    assert not chip.filled


def test_the_model_forgets_nothing_when_columns_move(open_page: Open, cases: Cases) -> None:
    page = open_page()
    header = page.list.table.header
    place = page.list.model.columns.index("source")
    header.moveSection(place, 1)
    QApplication.processEvents()
    assert page.list.model.columns[1] == "source"
    assert [header.visualIndex(number) for number in range(header.count())] == list(range(header.count()))


def test_the_keyboard_stays_in_its_block_when_the_record_is_shown_anew(open_page: Open, cases: Cases) -> None:
    page = open_page()
    page.open_record(int(str(cases["today"].id)))
    for name in ("查看修改记录", "添加附件", "记一步"):
        button = next(found for found in page.detail.findChildren(QPushButton) if found.accessibleName() == name)
        button.setFocus()
        bus().announce((("complaint", int(str(cases["today"].id))),))
        focused = page.window().focusWidget()
        assert focused is not None
        assert focused is not button
        assert focused.accessibleName() == name


def test_f9_leaves_the_offer_to_undo_where_it_is(open_page: Open, cases: Cases) -> None:
    page = open_page()
    page.open_record(int(str(cases["today"].id)))
    record = page.detail.record
    assert record is not None
    changed = Record({**record.values, "request": "退还年费"}, record.children, record.id)
    page._saved(records.save(page.session, page.ledger, changed))
    QTest.keyClick(page.list.table, Qt.Key.Key_F9)
    assert masked(page) == [False]
    assert page.toast.isVisible()
    assert page.shown_note.isVisible()
    assert not page.toast.geometry().intersects(page.shown_note.geometry())
    page.shown_note._button.click()
    assert masked(page) == [True]
    page.toast._button.click()
    assert records.get(page.session, page.ledger, record.id or 0).values["request"] == record.values.get("request")


def masked(page: LedgerPage) -> list[bool]:
    """Whether the name in the list is masked."""
    return ["*" in column(page, "complainant")[0]]


def test_names_of_facts_stand_on_one_line(open_page: Open, add_complaint: AddComplaint) -> None:
    page = open_page()
    page.open_record(int(str(add_complaint("2026-11-20", "孙丽", source_number="202611200001").id)))
    names = [found for found in page.detail.findChildren(QLabel) if found.text() == "来源文号或工单号"]
    assert len(names) == 1
    assert names[0].height() < 2 * names[0].fontMetrics().height()


def test_a_wide_record_stands_in_two_columns(look: QApplication, session: Session, cases: Cases, qtbot: QtBot) -> None:
    detail = RecordDetail(session, ledger("complaint"), presenter_for(session, ledger("complaint")))
    qtbot.addWidget(detail)
    detail.resize(700, 460)
    detail.show()
    detail.show_record(int(str(cases["today"].id)))
    line, first = detail.findChildren(Timeline)[-1], detail.findChildren(Facts)[-1]

    def left_of(widget: QWidget) -> int:
        return widget.mapTo(detail, QPoint(0, 0)).x()

    qtbot.waitUntil(lambda: line.width() > 0.9 * detail.width())
    assert left_of(line) == left_of(first)
    detail.resize(1040, 460)
    qtbot.waitUntil(lambda: left_of(line) > left_of(first) + first.width())
    assert left_of(line) + line.width() > 0.9 * detail.width()


def test_long_names_and_texts_stay_within_the_panel(open_page: Open, add_complaint: AddComplaint) -> None:
    content = "客户反映在柜台办理业务时等候时间过长，工作人员态度生硬。" * 140 + "https://example.invalid/" + "a" * 200
    name = "欧阳" + "阿布都热依木江" * 4
    page = open_page()
    page.open_record(int(str(add_complaint("2026-11-20", name, content=content).id)))
    QApplication.processEvents()
    for facts in page.detail.findChildren(Facts):
        room = page.detail.mapTo(page, page.detail.rect().topRight()).x()
        assert facts.mapTo(page, facts.rect().topRight()).x() <= room
    assert name in texts(page)
    whole = next(made for made in page.detail.findChildren(QPushButton) if "看全文" in made.text())
    assert whole.text() == f"看全文（{len(content)} 字）"
    assert content not in texts(page).replace("\u200b", "")
    whole.click()
    assert content in texts(page).replace("\u200b", "")
    whole.click()
    assert "看全文" in whole.text()
