"""汇总 in the window: what each package is, passphrases, the run, the filter by origin, the notice at the record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from tests.services.support import COMPLAINT, Clock, a_complaint, new_book
from xiaobao_desktop.domain.period import parse_period
from xiaobao_desktop.services import consolidation, exporting, listing, options, records
from xiaobao_desktop.services.exporting import Order
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.query import Query
from xiaobao_desktop.ui.dialogs.consolidation_dialog import ConsolidationDialog
from xiaobao_desktop.ui.main_window import MainWindow
from xiaobao_desktop.ui.pages.charts_page import ChartsPage
from xiaobao_desktop.ui.pages.ledger_page import LedgerPage
from xiaobao_desktop.ui.tasks import tasks
from xiaobao_desktop.ui.widgets.filter_panel import FilterPanel

PASSPHRASE = "482173905561028448217390"


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    """A masked package of one bank, a locked one of another, and something else."""
    folder = tmp_path / "U 盘"
    folder.mkdir()
    for number, name in enumerate(("云岭村镇银行", "清溪村镇银行")):
        bank = new_book(tmp_path / name, Clock())
        options.save_settings(bank, bank=name)
        records.save(bank, COMPLAINT, a_complaint("2026-10-08", {"kind": "received", "happened_on": "2026-10-08"}))
        order = Order(parse_period("2026-10"), ("complaint",), with_report=False, for_program=True)
        order = replace(order, masked=False, reason="检查") if number else order
        made = exporting.make(exporting.prepare(bank, order), PASSPHRASE if number else "")
        exporting.write(bank, made, folder)
        bank.close()
    (folder / "坏的.zip").write_bytes(b"x")
    return folder


@pytest.fixture
def union(tmp_path: Path) -> Iterator[Session]:
    clock = Clock()
    clock.now += timedelta(days=1)
    made = new_book(tmp_path / "union", clock)
    yield made
    if not made.book.closed:
        made.close()


def finish(qtbot: QtBot, dialog: ConsolidationDialog) -> None:
    qtbot.waitUntil(lambda: not dialog.busy, timeout=20_000)


def told(dialog: ConsolidationDialog) -> list[str]:
    """What the list says of each package."""
    found = [dialog.table.item(row, 4) for row in range(dialog.table.rowCount())]
    return [item.text() for item in found if item is not None]


def test_packages_are_looked_at_and_taken_in(qtbot: QtBot, look: QApplication, union: Session, stick: Path) -> None:
    window = MainWindow(union)
    qtbot.addWidget(window)
    window.resize(1366, 738)
    window.show()
    list_page = window.page("complaint")
    assert isinstance(list_page, LedgerPage)
    dialog = ConsolidationDialog(union, window)
    dialog.show()
    assert not dialog.go_button.isEnabled()
    assert dialog.empty.isVisible()
    dialog.look_at([stick])
    finish(qtbot, dialog)
    assert sum(text == "可汇总" for text in told(dialog)) == 1
    assert any("要口令" in text for text in told(dialog))
    assert any("不完整" in text for text in told(dialog))
    assert dialog.key_row.isVisible()
    dialog.keys.setPlainText(f"不对的\n{PASSPHRASE[:12]} {PASSPHRASE[12:]}\n")
    QTest.mouseClick(dialog.again_button, Qt.MouseButton.LeftButton)
    finish(qtbot, dialog)
    assert not dialog.key_row.isVisible()
    assert "可汇总 2 个：2 家机构，2 条记录" in dialog.summary.words.text()
    QTest.keyClick(dialog.go_button, Qt.Key.Key_Return)
    finish(qtbot, dialog)
    assert "已汇总 2 个包：新增 2 条" in dialog.outcome.words.text()
    assert sorted(told(dialog))[-2:] == ["新增 1", "新增 1"]
    assert dialog.cancel_button.text() == "关闭"
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    shown_by_origin(window)
    charted_by_origin(window, qtbot)
    tasks().close()


def test_packages_that_were_taken_in_before_are_told_as_such(
    qtbot: QtBot, look: QApplication, union: Session, stick: Path
) -> None:
    (good,) = (path for path in stick.iterdir() if "云岭" in path.name)
    consolidation.run(union, consolidation.look(union, [good]))
    dialog = ConsolidationDialog(union)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.look_at([good])
    finish(qtbot, dialog)
    assert dialog.summary.words.text() == "1 个包以前都汇总过，不用再来一次。"
    assert not dialog.go_button.isEnabled()
    tasks().close()


def shown_by_origin(window: MainWindow) -> None:
    """The list offers 来源机构 and the record says where it comes from; it is not among those in hand."""
    window.show_page("complaint")
    page = window.page("complaint")
    assert isinstance(page, LedgerPage)
    page.list.show_tab("open")
    assert page.list.model.rowCount() == 0, "在办 shows what is answered here"
    page.list.show_tab("all")
    assert page.list.model.rowCount() == 2
    panel = page.list._panel("origin", with_sort=False)
    assert panel._list is not None
    assert [panel._list.item(row).text() for row in range(panel._list.count())] == ["云岭村镇银行", "清溪村镇银行"]
    panel._list.item(0).setCheckState(Qt.CheckState.Checked)
    assert page.list.model.rowCount() == 1
    assert page.list.chips.chip("origin").text().startswith("来源机构：云岭村镇银行")
    assert "origin" in page.list.columns.shown()
    columns = page.list.model.columns
    assert page.list.model.cell(0, columns.index("origin")).text == "云岭村镇银行"
    assert page.list.model.copied_cell(0, columns.index("origin")).text == "云岭村镇银行"
    page.list.sort("origin")
    page.list.sort("origin")
    assert page.list.model.rowCount() == 1
    kept = page.list.present()
    page.list.clear_filters()
    assert page.list.model.rowCount() == 2
    page.list.show_saved(kept)
    assert page.list.model.rowCount() == 1, "a named filter keeps it"
    page.open_record(page.list.model.ids[0])
    words = "\n".join(found.text() for found in page.findChildren(QLabel))
    assert "汇总自云岭村镇银行，对方编号 TS-2026-0001" in words


def charted_by_origin(window: MainWindow, qtbot: QtBot) -> None:
    """The page of charts has the chip; ticking one bank counts its complaints alone, and a bar opens its records."""
    window.show_page("charts")
    page = window.current_page()
    assert isinstance(page, ChartsPage)
    assert page.origin_button.isVisible()
    assert page.origin_button.text() == "来源机构：全部"
    qtbot.waitUntil(lambda: page._task is None and "受理 2 件" in page.headline.text(), timeout=20_000)
    QTest.mouseClick(page.origin_button, Qt.MouseButton.LeftButton)
    panel = next(found for found in window.findChildren(FilterPanel) if found.isVisible())
    assert panel._list is not None
    panel._list.item(1).setCheckState(Qt.CheckState.Checked)
    panel.close_panel()
    qtbot.waitUntil(lambda: page._task is None and "受理 1 件" in page.headline.text(), timeout=20_000)
    assert page.origin_button.text() == "来源机构：清溪村镇银行"
    assert page._note().endswith("，清溪村镇银行")
    page.origin_button._use(None)
    qtbot.waitUntil(lambda: page._task is None and "受理 2 件" in page.headline.text(), timeout=20_000)
    view = next(card.view for card in page.cards if card.chart is not None and card.chart.key == "origin")
    view.setFocus()
    qtbot.waitUntil(lambda: view.ready, timeout=20_000)
    QTest.keyClick(view, Qt.Key.Key_Down)
    QTest.keyClick(view, Qt.Key.Key_Return)
    shown = window.current_page()
    assert isinstance(shown, LedgerPage)
    assert len(shown.list.model.ids) == 1


def test_cancelling_writes_nothing(qtbot: QtBot, look: QApplication, union: Session, stick: Path) -> None:
    dialog = ConsolidationDialog(union)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.look_at([stick])
    finish(qtbot, dialog)
    dialog.start()
    dialog.reject()
    assert dialog.isVisible()
    finish(qtbot, dialog)
    assert "一条也没有汇总" in dialog.told.text()
    assert listing.count(union, COMPLAINT, Query()) == 0
    tasks().close()
