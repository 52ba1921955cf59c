"""The report page beyond the month: other reports by key, the officer's own words, subjects, Excel, campaigns."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from PIL import Image
from PySide6.QtCore import QSize
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tests.e2e.waiting import until
from tests.ui.conftest import AddComplaint, step
from tests.ui.dialogs import answer
from tests.ui.form_keys import CONTROL, Key, compose, here, press, show, write
from xiaobao_desktop.domain.fields import Record
from xiaobao_desktop.domain.ledgers import ledger
from xiaobao_desktop.domain.period import parse_period
from xiaobao_desktop.services import attachments, records, report_words, undo
from xiaobao_desktop.services.report_kind import WordsSection
from xiaobao_desktop.services.report_suggestions import Suggestion
from xiaobao_desktop.services.report_words import Place, Words
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui.bus import bus
from xiaobao_desktop.ui.pages.report_page import ReportPage
from xiaobao_desktop.ui.pages.report_tabs import WORDS
from xiaobao_desktop.ui.pages.report_words_panel import SectionBox, SuggestionCard
from xiaobao_desktop.ui.widgets.cards import scrolling

OCTOBER, QUARTER = Place("monthly", "2026-10"), Place("quarterly", "2026Q3")
OUTREACH = ledger("outreach")


@pytest.fixture(autouse=True)
def defects_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    """A defect fails the test instead of waiting in its dialog."""

    def fail(error: BaseException, **_words: object) -> None:
        raise error

    monkeypatch.setattr("xiaobao_desktop.ui.pages.report_page.show_bug", fail)


@pytest.fixture
def page(look: QApplication, qtbot: QtBot, session: Session, add_complaint: AddComplaint) -> ReportPage:
    """The page on a book with two complaints of October 2026 and one of August."""
    add_complaint("2026-10-05", "张明", step("decide", "2026-10-09"), step("close", "2026-10-10"))
    add_complaint("2026-10-20", "刘秀兰", category="B.03.01.2", cause="C.01")
    add_complaint("2026-08-21", "孙丽", category="B.03.01.2")
    made = ReportPage(session)
    made._pause.setInterval(30)
    qtbot.addWidget(made)
    return made


def open_at(page: ReportPage, name: str) -> None:
    """Show the page with a report chosen, and wait until it is made."""
    page.reports.choose(name)
    show(page)
    until(lambda: ready(page, name))


def ready(page: ReportPage, name: str) -> bool:
    return page.print_button.isEnabled() and page.made is not None and page.made.place.report == name


def text_of(page: ReportPage) -> str:
    document = page.preview.document
    text = "".join(document.getAllText(number).text() for number in range(document.pageCount()))
    return "".join(text.split())


def lengths(page: ReportPage) -> list[str]:
    return [part.text() for part in page.bar.lengths.findChildren(QAbstractButton) if part.isVisible()]


def cards(page: ReportPage) -> dict[str, SuggestionCard]:
    return {card.suggestion.id: card for box in page.words.boxes.values() for card in box.cards}


def test_a_quarter_with_own_words_by_the_keyboard_alone(page: ReportPage, session: Session) -> None:
    open_at(page, "monthly")
    page.focus_main()
    press(Key.Key_Down)
    until(lambda: ready(page, "quarterly"))
    assert page.period.period == parse_period("2026Q3")
    for _step in range(20):
        press(Key.Key_Tab)
        if here().parent() is page.tabs.strip:
            break
    press(Key.Key_Right)
    assert page.tabs.strip.current() == WORDS
    press(Key.Key_Tab)
    box = page.words.boxes["highlights"].lines
    assert here() is box
    compose("xin zeng")
    assert page.words.typed is None, "letters of the input method are not yet words"
    write("新增手语服务窗口。")
    assert not page.print_button.isEnabled(), "the preview has not followed yet"
    press(Key.Key_Return)
    write("培训覆盖全部网点。")
    until(lambda: ready(page, "quarterly"))
    assert "六、工作亮点新增手语服务窗口。培训覆盖全部网点。" in text_of(page)
    shown = page.preview.view.pageNavigator().currentPage()
    assert "工作亮点" in page.preview.document.getAllText(shown).text(), "the preview is where she writes"
    assert here() is box, "the preview takes no keyboard"
    press(Key.Key_Tab)
    assert report_words.read(session, QUARTER).paragraphs == {
        "highlights": ("新增手语服务窗口。", "培训覆盖全部网点。")
    }
    assert undo.last_operation(session) == "填写2026年第三季度消保工作季报的文字"
    bus().announce(undo.undo(session).changed)
    until(lambda: ready(page, "quarterly") and "新增手语服务窗口" not in text_of(page))
    assert box.toPlainText() == ""


def test_typed_words_outlive_a_crash_and_a_change_of_report(page: ReportPage, session: Session) -> None:
    open_at(page, "monthly")
    page.words._quiet.setInterval(20)
    page.tabs.turn_to(WORDS)
    page.words.boxes["problems"].lines.setFocus()
    write("个别网点公示更新不及时。")
    until(lambda: session.book.named_draft(OCTOBER.key) is not None)
    assert session.book.setting(OCTOBER.key) is None, "no history for every pause"
    assert "草稿已自动保存 09:41" in page.words.note.text()
    page.reports.choose("half-year")
    assert report_words.read(session, OCTOBER).texts == {"problems": "个别网点公示更新不及时。"}
    assert session.book.named_draft(OCTOBER.key) is None
    until(lambda: ready(page, "half-year"))
    assert page.words.boxes["problems"].lines.toPlainText() == ""
    page.words.boxes["problems"].lines.setPlainText("上半年的。")
    assert page.may_leave()
    assert report_words.read(session, Place("half-year", "2026H1")).texts == {"problems": "上半年的。"}


def test_a_full_disk_asks_before_words_are_let_go(
    page: ReportPage, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(
        "xiaobao_desktop.ui.pages.report_page.show_user_error", lambda error, _parent: told.append(error.message)
    )
    open_at(page, "monthly")
    page.words.boxes["problems"].lines.setPlainText("写了很多。\n" * 20_000)
    pages = session.book._db.execute("PRAGMA page_count").fetchone()[0]
    session.book._db.execute(f"PRAGMA max_page_count = {pages}")
    answer("继续填写")
    assert not page.may_leave()
    assert page.has_unsaved()
    answer("放弃")
    assert page.may_leave()
    assert not page.has_unsaved()
    assert len(told) == 2
    assert "没有保存" in told[0]
    session.book._db.execute("PRAGMA max_page_count = 1000000")
    assert report_words.read(session, OCTOBER) == Words()


def test_words_of_the_period_before_are_carried_on(page: ReportPage, session: Session) -> None:
    report_words.keep(
        session, Place("monthly", "2026-09"), Words({"next_steps": "每月通报一次。"}), "2026年9月消保工作月报"
    )
    open_at(page, "monthly")
    page.tabs.turn_to(WORDS)
    button = page.words.earlier_button
    assert button.text().strip() == "从上期带入（2026年9月）"
    page.words.boxes["highlights"].lines.setPlainText("已经写了。")
    button.click()
    assert not button.isVisible()
    assert report_words.read(session, OCTOBER).texts == {"highlights": "已经写了。", "next_steps": "每月通报一次。"}
    until(lambda: ready(page, "monthly"))
    assert "下一步工作每月通报一次。" in text_of(page)


def test_suggestions_are_accepted_or_dropped_for_good(page: ReportPage, session: Session) -> None:
    open_at(page, "monthly")
    page.tabs.turn_to(WORDS)
    page.words.boxes["problems"].lines.setPlainText("宣传不够深入。")
    before = cards(page)
    sentence = before["most_cause"].suggestion.text
    before["most_cause"].accept_button.click()
    before["uncovered"].drop_button.click()
    assert here() is page.words.boxes["problems"].lines
    assert set(before) - set(cards(page)) == {"most_cause", "uncovered"}
    kept = report_words.read(session, OCTOBER)
    assert kept.texts == {"problems": f"宣传不够深入。\n{sentence}"}
    until(lambda: ready(page, "monthly"))
    assert f"六、存在问题宣传不够深入。{sentence}" in text_of(page)
    page.refresh()
    until(lambda: ready(page, "monthly"))
    assert set(cards(page)) == set(before) - {"most_cause", "uncovered"}
    press(Key.Key_Z, CONTROL)
    assert page.words.boxes["problems"].lines.toPlainText() == "宣传不够深入。", "the box takes the sentence back"


def test_a_growing_box_keeps_clear_of_what_stands_below(look: QApplication, qtbot: QtBot) -> None:
    """The height that belongs to the text before must not linger: the box once slid over the card below."""
    box = SectionBox(WordsSection("problems", "存在问题"))
    content = QWidget()
    column = QVBoxLayout(content)
    column.addWidget(box)
    column.addStretch(1)
    area = scrolling(content)
    qtbot.addWidget(area)
    box.show_cards([SuggestionCard(Suggestion("a", "problems", "本月投诉原因最集中的是服务态度，5件，占比29.41%。"))])
    box.lines.setPlainText("个别网点公示更新不及时，新入职人员培训没有跟上。\n第二行。\n第三行。")
    area.resize(300, 300)
    area.show()
    QApplication.processEvents()
    box.append("与上月相比，投诉原因为金融机构服务设施、设备、业务系统的投诉增加最多，由0件增加到4件。")
    wanted = 7 * box.lines.fontMetrics().lineSpacing()
    bar = box.lines.verticalScrollBar()
    qtbot.waitUntil(lambda: box.lines.height() > wanted and bar.maximum() == 0)
    assert box.lines.geometry().bottom() < box.cards[0].geometry().top()


def test_the_subject_is_chosen_and_saved_as_excel(page: ReportPage, qtbot: QtBot, tmp_path: Path) -> None:
    open_at(page, "complaint-table")
    assert "业务类别×投诉原因" in text_of(page)
    assert not page.tabs.strip.isVisible() or page.tabs.strip.current() != WORDS
    first = page.made
    page.subjects.list.setFocus()
    press(Key.Key_Down)
    until(lambda: page.made is not first and ready(page, "complaint-table"))
    chosen = page.subjects.list.currentText()
    assert page.made is not None
    assert page.made.place.subject == page.subjects.key
    assert chosen in text_of(page)
    page.save_to(tmp_path / "统计表", "xlsx")
    qtbot.waitUntil(lambda: "统计表.xlsx" in page.toast.text(), timeout=20_000)
    sheet = openpyxl.load_workbook(tmp_path / "统计表.xlsx").active
    assert sheet is not None
    cells = [cell for row in sheet.iter_rows(values_only=True) for cell in row]
    assert 2 in cells, "the two complaints of October"


def test_each_report_shows_what_it_is_asked_for(page: ReportPage) -> None:
    open_at(page, "training")
    assert lengths(page) == ["月", "季", "半年", "年"]
    assert not page.basis_button.isVisible()
    assert not page.bar.file_buttons["xlsx"].isVisible()
    page.focus_main()
    press(Key.Key_Up)
    until(lambda: ready(page, "summary"))
    assert page.report.name == "summary", "the heading between them is no report"
    assert page.basis_button.isVisible()
    assert lengths(page) == ["半年", "年"]


def test_nothing_is_cut_on_a_small_screen(page: ReportPage) -> None:
    open_at(page, "complaint-table")
    for width, in_menu in ((1724, False), (1170, True), (1036, True), (940, True)):
        page.resize(QSize(width, 514))
        QApplication.processEvents()
        assert page.bar.save_button.isVisible() is in_menu
        assert page.bar.file_buttons["xlsx"].isVisible() is not in_menu
        shown = [page.bar.lengths, page.period, page.basis_button, page.again_button, *page.bar.taking]
        for widget in (widget for widget in shown if widget.isVisible()):
            assert widget.width() >= widget.sizeHint().width(), (width, widget.accessibleName())
            assert page.bar.rect().contains(widget.geometry())
    asked: list[str] = []
    page.bar.save_asked.disconnect(page.save)
    page.bar.save_asked.connect(asked.append)
    actions: list[QAction] = page.bar.save_button.menu().actions()
    assert [action.text() for action in actions] == ["Word 文档", "PDF 文件", "Excel 工作簿"]
    actions[2].trigger()
    assert asked == ["xlsx"]


def test_a_campaign_with_its_photo_and_a_year_without(page: ReportPage, session: Session, tmp_path: Path) -> None:
    page.reports.choose("campaign")
    show(page)
    until(lambda: page.status_text() == "没有可出的内容")
    words = [label.text() for label in page.findChildren(QLabel) if label.isVisible()]
    assert "2025年没有专项活动总结要写的内容" in words
    assert any("选好“专项活动”" in text for text in words)
    assert not page.print_button.isEnabled()
    event = {**OUTREACH.defaults(), "held_on": "2025-09-16", "name": "进集市宣传", "campaign": "education_week_2025"}
    saved = records.save(session, OUTREACH, Record(event)).record
    Image.new("RGB", (400, 300), "green").save(tmp_path / "a.jpg")
    attachments.add(session, OUTREACH, saved.id or 0, "photo", tmp_path / "a.jpg", "集市现场讲解")
    bus().announce([(OUTREACH.key, saved.id or 0)])
    until(lambda: ready(page, "campaign"))
    assert page.subjects.list.currentText().startswith("2025年")
    assert "图1集市现场讲解" in text_of(page)
    assert page.made is not None
    assert b"/Subtype /Image" in page.made.pdf
