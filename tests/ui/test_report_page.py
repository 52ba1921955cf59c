"""The report page: a real PDF in the preview, the figures beside it, saving, and printing to a PDF printer."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from zipfile import ZipFile

import pytest
from PySide6.QtCore import QSize
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from tests.ui.conftest import AddComplaint, step
from xiaobao_desktop.domain.check_figures import Check, CheckFigure
from xiaobao_desktop.domain.period import month, parse_period, period_of
from xiaobao_desktop.services.complaint_filing import Point
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui.bus import bus
from xiaobao_desktop.ui.pages.report_page import ReportPage
from xiaobao_desktop.ui.pages.report_side import ReportSide
from xiaobao_desktop.ui.widgets.pdf_printing import page_order, print_pages, render_page
from xiaobao_desktop.ui.widgets.period_selector import PeriodSelector


@pytest.fixture(autouse=True)
def defects_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    """A defect fails the test instead of waiting in its dialog."""

    def fail(error: BaseException, **_words: object) -> None:
        raise error

    monkeypatch.setattr("xiaobao_desktop.ui.pages.report_page.show_bug", fail)


@pytest.fixture
def october(add_complaint: AddComplaint) -> None:
    """Three complaints of October 2026: one ended, one open, one without a category."""
    add_complaint("2026-10-05", "张明", step("decide", "2026-10-09"), step("close", "2026-10-10"))
    add_complaint("2026-10-20", "刘秀兰", category="B.03.01.2")
    add_complaint("2026-10-21", "孙丽", category=None)


@pytest.fixture
def page(look: QApplication, qtbot: QtBot, session: Session, october: None) -> ReportPage:
    made = ReportPage(session)
    qtbot.addWidget(made)
    made.resize(1170, 680)
    made.show()
    qtbot.waitUntil(lambda: made.made is not None, timeout=20_000)
    return made


def figures(qtbot: QtBot, page: ReportPage) -> dict[str, CheckFigure]:
    """The figures beside the preview by their keys, once the report was looked at."""

    def looked() -> bool:
        busy = page.made is None or page.filing.built is not page.made.built or page.side.look is None
        return not busy and page.made is not None and page.made.place.period == page.period.period.code

    qtbot.waitUntil(looked, timeout=20_000)
    assert page.side.look is not None
    return {figure.key: figure for figure in page.side.look.figures}


def text_of(page: ReportPage) -> str:
    document = page.preview.document
    return "".join(document.getAllText(number).text() for number in range(document.pageCount()))


def test_the_month_before_is_previewed(page: ReportPage) -> None:
    assert page.period.period == month(2026, 10)
    assert page.preview.page_count >= 2
    assert page.preview.page_label.text() == f"第 1 / {page.preview.page_count} 页"
    assert "2026年10月" in text_of(page)
    assert page.status_text() == "草稿·数据截至11-23 09:41"


def test_stepping_back_makes_the_month_before(qtbot: QtBot, page: ReportPage) -> None:
    first = page.made
    page.period.previous_button.click()
    qtbot.waitUntil(lambda: page.made is not first, timeout=20_000)
    assert page.made is not None
    assert page.made.built.metadata.title.count("2026年9月") == 1


def test_changing_the_basis_makes_it_anew(qtbot: QtBot, page: ReportPage) -> None:
    first = page.made
    page.basis_button.basis_actions[1].trigger()
    qtbot.waitUntil(lambda: page.made is not first, timeout=20_000)
    assert page.made is not None
    assert figures(qtbot, page)["sum:source"].value == "1件"
    assert page.basis_button.text() == "口径：按办结日期"


def test_a_written_record_makes_it_anew(qtbot: QtBot, page: ReportPage, add_complaint: AddComplaint) -> None:
    first = page.made
    saved = add_complaint("2026-10-22", "陈伟")
    bus().announce([("complaint", int(str(saved.id)))])
    qtbot.waitUntil(lambda: page.made is not first, timeout=20_000)
    assert page.made is not None
    assert figures(qtbot, page)["received"].value == "4件"


def test_the_side_says_what_to_look_at(qtbot: QtBot, page: ReportPage) -> None:
    figures(qtbot, page)
    points = page.side.look.points if page.side.look else ()
    assert page.side.points.title.text() == f"定稿前请看 {len(points)} 处"
    words = [label.text() for label in page.side.findChildren(QLabel)]
    assert any("2 件仍未办结" in text for text in words)
    assert any("1 件没有填业务类别" in text for text in words)
    assert page.side.table.links["closed_rate"].text() == "33.33%"
    assert "1÷3" in words


def test_every_sum_of_the_check_list_holds(qtbot: QtBot, page: ReportPage) -> None:
    found = figures(qtbot, page)
    assert (found["received"].value, found["closed_rate"].value, found["ending"].value) == ("3件", "33.33%", "2件")
    assert found["ending"].calculation == "0＋3－1＝2"
    assert "占比合计99.99%" in found["sum:category"].formula
    assert all(figure.state is not Check.WRONG for figure in found.values())


def test_a_month_without_complaints_has_no_warnings(qtbot: QtBot, page: ReportPage) -> None:
    figures(qtbot, page)
    page.period.choose(month(2026, 1))
    found = figures(qtbot, page)
    assert page.side.look is not None
    assert page.side.look.points == ()
    assert found["closed_rate"].value == "—"


def test_saving_writes_the_previewed_bytes_and_word(qtbot: QtBot, page: ReportPage, tmp_path: Path) -> None:
    assert page.made is not None
    page.save_to(tmp_path / "月报.pdf", "pdf")
    page.save_to(tmp_path / "月报", "docx")
    qtbot.waitUntil(lambda: "月报.docx" in page.toast.text(), timeout=20_000)
    assert (tmp_path / "月报.pdf").read_bytes() == page.made.pdf
    with ZipFile(tmp_path / "月报.docx") as word:
        assert "受理" in word.read("word/document.xml").decode()


def test_a_folder_that_cannot_be_written_is_told(
    qtbot: QtBot, page: ReportPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(
        "xiaobao_desktop.ui.pages.report_page.show_user_error", lambda error, _parent: told.append(error.message)
    )
    (tmp_path / "file").write_text("x", encoding="utf-8")
    page.save_to(tmp_path / "file" / "月报.pdf", "pdf")
    qtbot.waitUntil(lambda: bool(told), timeout=10_000)
    assert "file" in told[0]
    assert page.print_button.isEnabled()


def test_all_pages_are_printed_at_their_size(page: ReportPage, tmp_path: Path) -> None:
    printer = pdf_printer(tmp_path / "out.pdf")
    assert page.print_to(printer) == page.preview.page_count
    printed = QPdfDocument()
    printed.load(str(tmp_path / "out.pdf"))
    assert printed.pageCount() == page.preview.page_count
    size = printed.pagePointSize(0)
    assert (round(size.width()), round(size.height())) == (595, 842)
    image = render_page(printed, 0, dpi=50)
    dark = sum(image.pixelColor(x, y).lightness() < 128 for x in range(image.width()) for y in range(image.height()))
    assert dark > 500, "the printed page must not be empty"
    assert image.pixelColor(2, 2).lightness() == 255
    printed.close()


def test_a_page_range_prints_only_those(page: ReportPage, tmp_path: Path) -> None:
    printer = pdf_printer(tmp_path / "out.pdf")
    printer.setFromTo(2, 2)
    assert print_pages(page.preview.document, printer) == 1


def test_copies_and_order_are_made_where_the_driver_cannot(tmp_path: Path) -> None:
    printer = pdf_printer(tmp_path / "out.pdf")
    printer.setPageOrder(QPrinter.PageOrder.LastPageFirst)
    assert page_order(3, printer) == [2, 1, 0]


def pdf_printer(target: Path) -> QPrinter:
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(target))
    printer.setResolution(150)
    return printer


def test_zoom_and_fit(page: ReportPage) -> None:
    before = page.preview._scale()
    page.preview.larger.click()
    assert page.preview._scale() == pytest.approx(before * 1.2, rel=0.02)
    assert page.preview.fit.text().endswith("%")
    page.preview.fit.click()
    assert page.preview.fit.text() == "适合宽度"


def test_periods_to_choose_from(look: QApplication, qtbot: QtBot) -> None:
    selector = PeriodSelector(date(2026, 11, 23))
    qtbot.addWidget(selector)
    assert selector.list.currentText() == "2026年10月"
    selector.next_button.click()
    assert selector.list.currentText() == "2026年11月"
    assert not selector.next_button.isEnabled()
    selector.set_length(3)
    assert selector.period == parse_period("2026Q3")
    assert period_of(date(2026, 2, 1), 6) == parse_period("2026H1")
    assert period_of(date(2026, 2, 1), 12) == parse_period("2026")


def test_nothing_is_cut_on_a_small_screen(page: ReportPage) -> None:
    page.resize(QSize(1036, 514))
    QApplication.processEvents()
    for button in (page.again_button, page.word_button, page.pdf_button, page.print_button, page.basis_button):
        assert button.width() >= button.sizeHint().width()
        assert page.bar.rect().contains(button.geometry())


def test_long_warnings_are_shown_whole(look: QApplication, qtbot: QtBot) -> None:
    side = ReportSide()
    qtbot.addWidget(side)
    side.resize(side.width(), 480)
    side.show()
    long = Point("1 件已办结但有待补项（联系电话、办理渠道、投诉原因、业务类别等）", "complaint", (1,))
    side.points.show_points("定稿前请看 3 处", [long] * 3)
    texts = [found for found in side.points.findChildren(QLabel) if found.wordWrap()]
    qtbot.waitUntil(lambda: all(found.height() >= found.heightForWidth(found.width()) for found in texts))


def test_the_keyboard_begins_at_the_reports_and_comes_back_to_the_button(qtbot: QtBot, page: ReportPage) -> None:
    page.focus_main()
    assert page.window().focusWidget() is page.list
    page.print_button.setFocus()
    page.refresh()
    assert page.window().focusWidget() is page.list, "not the sidebar, while there is nothing to print"
    qtbot.waitUntil(page.print_button.isEnabled, timeout=20_000)
    assert page.window().focusWidget() is page.print_button
