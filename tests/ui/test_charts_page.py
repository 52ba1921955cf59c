"""The charts page on a real book: charts from the worker, pointing, keys, opening records, pictures taken along."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from xiaobao_desktop.domain.fields import Record
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import theme
from xiaobao_desktop.ui.bus import bus
from xiaobao_desktop.ui.charts.card import ChartCard, png_of
from xiaobao_desktop.ui.charts.view import ChartView
from xiaobao_desktop.ui.main_window import MainWindow
from xiaobao_desktop.ui.pages.charts_page import ChartsPage
from xiaobao_desktop.ui.pages.ledger_page import LedgerPage
from xiaobao_desktop.ui.tasks import tasks

Cases = dict[str, Record]


@pytest.fixture
def window(look: QApplication, session: Session, cases: Cases) -> Iterator[MainWindow]:
    """The window on a book with six complaints."""
    made = MainWindow(session)
    made.resize(1366, 738)
    made.show()
    look.processEvents()
    yield made
    tasks().close()
    made.hide()
    made.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


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
    assert keys == ["trend", "branch", "category", "heat", "cause", "source", "days", "ageing"]
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
    for key in ("training", "outreach"):
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
