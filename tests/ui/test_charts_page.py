"""The charts page on a real book: charts from the worker, pointing, keys, opening records, pictures taken along."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.conftest import ShowWindow
from tests.ui.dialogs import in_dialog
from xiaobao_desktop.domain.fields import Record
from xiaobao_desktop.domain.period import parse_period
from xiaobao_desktop.domain.roles import Role
from xiaobao_desktop.services import audit_log, report_words
from xiaobao_desktop.services.report_words import Place
from xiaobao_desktop.ui import theme
from xiaobao_desktop.ui.bus import bus
from xiaobao_desktop.ui.charts.card import ChartCard, png_of
from xiaobao_desktop.ui.charts.view import ChartView
from xiaobao_desktop.ui.dialogs.chart_into_report import ChartIntoReportDialog
from xiaobao_desktop.ui.dialogs.paper_dialog import PaperDialog
from xiaobao_desktop.ui.main_window import MainWindow
from xiaobao_desktop.ui.pages.charts_page import ChartsPage
from xiaobao_desktop.ui.pages.ledger_page import LedgerPage
from xiaobao_desktop.ui.pages.report_page import ReportPage

Cases = dict[str, Record]


@pytest.fixture
def window(show_window: ShowWindow, cases: Cases) -> MainWindow:
    """The window on a book with six complaints."""
    return show_window()


@pytest.fixture
def page(window: MainWindow, qtbot: QtBot) -> ChartsPage:
    """The charts page, drawn."""
    window.show_page("charts")
    shown = window.current_page()
    assert isinstance(shown, ChartsPage)
    drawn(shown, qtbot)
    return shown


def drawn(page: ChartsPage, qtbot: QtBot) -> None:
    """Wait until every chart in sight is drawn."""
    qtbot.waitUntil(
        lambda: (
            page._task is None
            and not page._stale
            and bool(page.cards)
            and all(card.view.ready for card in page.cards if card.isVisible())
        ),
        timeout=20_000,
    )


def card(page: ChartsPage, key: str) -> ChartCard:
    return next(made for made in page.cards if made.chart is not None and made.chart.key == key)


def middle(view: ChartView, place: int) -> QPoint:
    assert view._picture is not None
    area = view._picture.hits[place].area
    return QPoint(round(area.x + area.width / 2), round(area.y + area.height / 2))


def test_the_shell_stands_before_the_charts(window: MainWindow) -> None:
    window.show_page("charts")
    page = window.current_page()
    assert isinstance(page, ChartsPage)
    assert page.cards == []
    assert page._waiting.isVisibleTo(page)
    assert page.period.period.code == "2026"
    assert page.length.current() == "12"


def test_all_charts_of_complaints_come_with_numbers(page: ChartsPage) -> None:
    keys = [made.chart.key for made in page.cards if made.chart is not None]
    first = ["trend", "branch", "category", "heat", "cause", "source", "channel"]
    assert keys == [*first, "timeliness", "days", "ageing"]
    assert page.headline.text() == "至11月23日　受理 6 件　办结 1 件　办结率 16.67%"
    trend = card(page, "trend").chart
    assert trend is not None
    assert [mark.value for mark in trend.marks] == [*[0] * 9, 1, 5]
    source = card(page, "source").view
    assert "电话" in source.accessibleDescription() or "来访" in source.accessibleDescription()


def test_pointing_shows_a_tip_and_a_click_opens_the_records(
    page: ChartsPage, window: MainWindow, cases: Cases, qtbot: QtBot
) -> None:
    view = card(page, "source").view
    assert view.chart is not None
    place = next(at for at, mark in enumerate(view.chart.marks) if mark.value == 1)
    mark = view.chart.marks[place]
    page._scroll.ensureWidgetVisible(view)
    QApplication.processEvents()
    QTest.mouseMove(view, middle(view, place))
    assert view.mark() == mark
    assert "1 件，占 16.67%；去年同期 0 件" in view.accessibleName()
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=middle(view, place))
    shown = window.current_page()
    assert isinstance(shown, LedgerPage)
    assert tuple(shown.list.model.ids) == mark.ids
    assert shown.list.chips.chip("id").text().startswith(f"来自：图表·按来源·{mark.name}")


def test_arrows_go_through_the_marks_and_enter_opens(page: ChartsPage, window: MainWindow, cases: Cases) -> None:
    view = card(page, "trend").view
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Right)
    mark = view.mark()
    assert mark is not None
    # Months without records are passed over.
    assert mark.name == "2026年10月"
    QTest.keyClick(view, Qt.Key.Key_Right)
    mark = view.mark()
    assert mark is not None
    assert mark.name == "2026年11月"
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert view.mark() == mark
    QTest.keyClick(view, Qt.Key.Key_Return)
    shown = window.current_page()
    assert isinstance(shown, LedgerPage)
    assert set(shown.list.model.ids) == set(mark.ids)
    assert len(mark.ids) == 5


def test_escape_lets_go_of_a_mark(page: ChartsPage) -> None:
    view = card(page, "trend").view
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Left)
    assert view.mark() is not None
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert view.mark() is None


def test_period_and_method_change_the_numbers(page: ChartsPage, qtbot: QtBot) -> None:
    page._choose_length("1")
    drawn(page, qtbot)
    assert page.headline.text().startswith("至11月23日　受理 5 件")
    page.period.previous_button.click()
    drawn(page, qtbot)
    assert page.headline.text().startswith("受理 1 件")
    page.period.next_button.click()
    page.method_button.basis_actions[1].trigger()
    drawn(page, qtbot)
    trend = card(page, "trend").chart
    assert trend is not None
    assert trend.title == "各月办结"
    assert trend.marks[-1].value == 1
    assert page._note() == "2026年11月（至11月23日），按办结日期"


def test_other_subjects_have_tabs(page: ChartsPage, qtbot: QtBot) -> None:
    for key in ("training", "outreach", "rectification"):
        page._choose_subject(key)
        drawn(page, qtbot)
        assert page.shown is not None
        assert page.shown.ledger == key
        assert not page.method_button.isVisible()
    page._choose_subject("complaint")
    drawn(page, qtbot)
    assert page.method_button.isVisible()


def test_new_records_are_counted(page: ChartsPage, add_complaint: Callable[..., Record], qtbot: QtBot) -> None:
    saved = add_complaint("2026-11-20", "张明")
    assert saved.id is not None
    bus().announce((("complaint", saved.id),))
    drawn(page, qtbot)
    assert "受理 7 件" in page.headline.text()


def test_a_picture_is_copied_with_its_title_dark_on_white(page: ChartsPage, look: QApplication, qtbot: QtBot) -> None:
    theme.apply(look, theme.DARK_MODE)
    made = card(page, "source")
    with qtbot.waitSignal(made.told, timeout=10_000) as told:
        made.copy_button.click()
    assert told.args == ["已复制图片，可以粘贴到文档里"]
    image = QGuiApplication.clipboard().image()
    assert image.width() == 1440
    assert image.pixelColor(2, 2).name() == "#ffffff"


@pytest.mark.parametrize(("kind", "begins"), [("png", b"\x89PNG"), ("svg", b"<?xml")])
def test_pictures_are_saved_whole(page: ChartsPage, tmp_path: Path, qtbot: QtBot, kind: str, begins: bytes) -> None:
    target = tmp_path / f"图.{kind}"
    made = card(page, "heat")
    with qtbot.waitSignal(made.told, timeout=10_000) as told:
        made.save_to(target, kind)
    assert told.args == [f"已另存：图.{kind}"]
    assert target.read_bytes().startswith(begins)
    assert list(tmp_path.glob("*.part*")) == []
    assert not QImage(str(target)).isNull()


def test_every_glyph_is_drawn(page: ChartsPage) -> None:
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for made in page.cards:
            assert made.chart is not None
            assert png_of(made.chart, "2026年（至11月23日），按收到日期", 2)


def test_colours_follow_the_look(page: ChartsPage, look: QApplication, qtbot: QtBot) -> None:
    theme.apply(look, theme.DARK_MODE)
    drawn(page, qtbot)
    view = card(page, "source").view
    assert view._image is not None
    assert view._image.pixelColor(2, 2).name().upper() == theme.tokens().base


def test_narrow_windows_have_one_column(page: ChartsPage, window: MainWindow, qtbot: QtBot) -> None:
    first, second = page.cards[:2]
    assert first.y() == second.y()
    window.resize(820, 540)
    QApplication.processEvents()
    drawn(page, qtbot)
    assert first.x() == second.x()
    assert second.y() > first.y()
    # The figures are not cut: they have a line of their own.
    assert page.headline.y() > page.method_button.y()
    assert page.headline.fontMetrics().horizontalAdvance(page.headline.text()) <= page.headline.width()


def test_an_empty_chart_says_so_and_opens_nothing(page: ChartsPage, qtbot: QtBot) -> None:
    page._choose_length("1")
    for _month in range(4):
        page.period.previous_button.click()
    drawn(page, qtbot)
    view = card(page, "branch").view
    assert view._picture is not None
    assert view._picture.hits == ()
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Down)
    assert view.mark() is None


def reports(window: MainWindow, qtbot: QtBot) -> ReportPage:
    """The page of reports, its report made."""
    window.show_page("reports")
    shown = window.current_page()
    assert isinstance(shown, ReportPage)
    qtbot.waitUntil(lambda: shown.print_button.isEnabled() and shown._task is None, timeout=20_000)
    return shown


def text_of(page: ReportPage) -> str:
    document = page.preview.document
    return "".join("".join(document.getAllText(at).text() for at in range(document.pageCount())).split())


def offered(dialog: ChartIntoReportDialog) -> list[str]:
    """The reports in the list."""
    return [str(dialog.table.model().index(row, 0).data()) for row in range(dialog.table.rowCount())]


def test_ctrl_p_shows_all_charts_on_one_page(
    page: ChartsPage, window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    page.period.previous_button.click()
    page.period.next_button.click()
    drawn(page, qtbot)
    found: list[tuple[int, str]] = []

    def look(dialog: PaperDialog) -> None:
        qtbot.waitUntil(dialog.print_button.isEnabled, timeout=20_000)
        document = dialog.preview.document
        dialog.save_to(tmp_path / "看板.pdf", "pdf")
        qtbot.waitUntil(lambda: dialog.words.text() == "已另存：看板.pdf", timeout=20_000)
        found.append((document.pageCount(), "".join(document.getAllText(0).text().split())))

    in_dialog(PaperDialog, look, leave=True)
    QTest.keyClick(window, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: bool(found), timeout=20_000)
    ((pages, text),) = found
    assert pages == 1
    assert "2026年消费者权益保护数据看板" in text
    assert "统计期间：2026年（至11月23日）" in text
    assert page.print_button.isEnabled()
    (newest, *_earlier) = audit_log.rows(page.session, audit_log.find(page.session, audit_log.LogQuery()))
    assert newest.operation == "另存 PDF 2026年消费者权益保护数据看板"


def test_who_only_reads_puts_nothing_into_reports(window: MainWindow, qtbot: QtBot) -> None:
    window.session.role = Role.READER
    window.show_page("charts")
    page = window.current_page()
    assert isinstance(page, ChartsPage)
    drawn(page, qtbot)
    assert page.cards[0].copy_button.isVisible()
    assert not page.cards[0].report_button.isVisible()


def test_a_chart_is_put_into_a_report_and_taken_out_again(page: ChartsPage, window: MainWindow, qtbot: QtBot) -> None:
    page._choose_length("1")
    page.period.previous_button.click()
    drawn(page, qtbot)
    told: list[str] = []
    page.taking.told.connect(told.append)

    def choose(dialog: ChartIntoReportDialog) -> None:
        assert offered(dialog)[0] == "2026年10月消保工作月报"
        dialog.parts.setCurrentIndex(dialog.parts.findData("problems"))
        dialog.take_button.click()

    for _time in range(2):
        in_dialog(ChartIntoReportDialog, choose)
        card(page, "branch").report_button.click()
    assert told == ["已放进2026年10月消保工作月报", "2026年10月消保工作月报里已经有这幅图"]
    made = reports(window, qtbot)
    assert made.period.period == parse_period("2026-10")
    assert "图2投诉按网点（2026年10月，按收到日期）" in text_of(made)
    (kept,) = made.words.charts.cards
    assert kept.chart.title == "投诉按网点"
    kept.out_button.click()
    qtbot.waitUntil(lambda: made.print_button.isEnabled() and "投诉按网点（" not in text_of(made), timeout=20_000)
    assert report_words.read(made.session, Place("monthly", "2026-10")).charts == ()
    assert made.words.charts.cards == []


def test_a_chart_that_comes_when_the_report_was_made_is_in_it_on_return(
    page: ChartsPage, window: MainWindow, qtbot: QtBot
) -> None:
    made = reports(window, qtbot)
    assert "投诉按来源（" not in text_of(made)
    window.show_page("charts")

    def choose(dialog: ChartIntoReportDialog) -> None:
        dialog.table.selectRow(offered(dialog).index("2026年10月消保工作月报"))
        dialog.take()

    in_dialog(ChartIntoReportDialog, choose)
    card(page, "source").report_button.click()
    again = reports(window, qtbot)
    qtbot.waitUntil(lambda: "投诉按来源（2026年，至10月31日，按收到日期）" in text_of(again), timeout=20_000)


def test_giving_up_puts_nothing_in(page: ChartsPage) -> None:
    in_dialog(ChartIntoReportDialog, lambda dialog: dialog.reject())
    card(page, "trend").report_button.click()
    assert not any(key.startswith(report_words.SETTING) for key in page.session.book.settings())


def test_period_and_method_are_those_of_the_reports(page: ChartsPage, window: MainWindow, qtbot: QtBot) -> None:
    made = reports(window, qtbot)
    assert made.period.period == parse_period("2026-10")
    made.period.previous_button.click()
    made.basis_button.merge_action.trigger()
    qtbot.waitUntil(made.print_button.isEnabled, timeout=20_000)
    window.show_page("charts")
    drawn(page, qtbot)
    assert (page.period.period, page.length.current()) == (parse_period("2026-09"), "1")
    assert page.method_button.method.merge_repeats
    assert page.method_button.merge_action.isChecked()
    page._choose_length("3")
    page.period.previous_button.click()
    page.method_button.basis_actions[1].trigger()
    drawn(page, qtbot)
    assert page.period.period == parse_period("2026Q3")
    # A monthly report cannot be made for a quarter: it turns to the quarter's last month.
    again = reports(window, qtbot)
    assert again.period.period == parse_period("2026-09")
    assert again.basis_button.method.basis == "closed"
    window.show_page("charts")
    drawn(page, qtbot)
    assert page.period.period == parse_period("2026Q3"), "what was chosen here stays until something else is chosen"
