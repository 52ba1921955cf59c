"""A list beside an open record on the usual screen: no sideways scrolling, and what tells the state stays in sight."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.form_keys import show
from xiaobao_desktop.domain.ledgers import all_ledgers
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import theme
from xiaobao_desktop.ui.pages.ledger_page import LedgerPage
from xiaobao_desktop.ui.widgets.ledger_table import LedgerTable

BESIDE_DETAIL = 1366 - 196 - 384
"""What sidebar and detail leave of a screen of 1366 pixels (LOOK, grid)."""

DATED = tuple(ledger.key for ledger in all_ledgers() if ledger.dated_by)


def table_of(page: LedgerPage) -> LedgerTable:
    found = page.findChild(LedgerTable)
    assert found is not None
    return found


@pytest.mark.parametrize("key", DATED)
def test_no_list_scrolls_sideways_beside_its_detail(
    key: str, session: Session, look: QApplication, qtbot: QtBot
) -> None:
    page = LedgerPage(session, session.ledger(key))
    qtbot.addWidget(page)
    show(page, theme.px(BESIDE_DETAIL), theme.px(700))
    table = table_of(page)
    qtbot.waitUntil(lambda: table.horizontalScrollBar().maximum() == 0)
    shown = set(table.ledger_model.columns)
    declared = {column.key for column in session.ledger(key).columns if column.shown}
    assert {name for name in declared if page.presenter.tells_state(name)} <= shown
    page.resize(theme.px(1170), theme.px(700))
    qtbot.waitUntil(lambda: declared <= set(table.ledger_model.columns))
