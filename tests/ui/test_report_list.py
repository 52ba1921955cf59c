"""The list of reports in the window: how far each is for the chosen period."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.e2e.waiting import until
from tests.ui.conftest import AddComplaint
from xiaobao_desktop.domain.fields import Record
from xiaobao_desktop.domain.ledgers import ledger
from xiaobao_desktop.domain.period import parse_period
from xiaobao_desktop.services import filing, records
from xiaobao_desktop.services.filing import Details
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import theme
from xiaobao_desktop.ui.bus import bus
from xiaobao_desktop.ui.pages.report_page import ReportPage

COMPLAINT = ledger("complaint")


def file_report(session: Session, name: str, period: str) -> None:
    draft = filing.prepare(session, name, parse_period(period))
    filing.file(session, draft, Details(date(2026, 11, 5)), {"pdf": b"%PDF-1.7"})


@pytest.fixture
def page(look: QApplication, qtbot: QtBot, session: Session, add_complaint: AddComplaint) -> ReportPage:
    """A book whose third quarter was filed, and one of its complaints changed since."""
    august = add_complaint("2026-08-05", "张明")
    add_complaint("2026-10-20", "刘秀兰", category="B.03.01.2")
    file_report(session, "quarterly", "2026Q3")
    file_report(session, "annual", "2025")
    records.save(session, COMPLAINT, Record({"category": "B.02"}, {}, august.id))
    made = ReportPage(session)
    qtbot.addWidget(made)
    made.resize(1170, 680)
    made.show()
    return made


def told(page: ReportPage, name: str) -> tuple[str, str, str]:
    shown = page.reports.state(name)
    return shown.period, shown.pill, shown.tone


def test_the_list_tells_how_far_each_report_is(page: ReportPage, session: Session) -> None:
    until(lambda: told(page, "quarterly")[1] == "此后变动1件")
    assert told(page, "monthly") == ("10月", "未做", "grey")
    assert told(page, "quarterly") == ("三季度", "此后变动1件", "amber")
    assert told(page, "annual") == ("2025年", "已定稿 v1", "green")
    assert told(page, "half-year") == ("上半年", "未做", "grey")
    item = next(page.list.item(row) for row in range(page.list.count()) if page.list.item(row).text() == "消保工作季报")
    assert item.data(Qt.ItemDataRole.AccessibleTextRole) == "消保工作季报，三季度，此后变动1件"
    assert "已定稿 v1" in item.toolTip()

    # Words make a draft, filing makes it filed, another period is told by itself.
    page.words.boxes["problems"].lines.setPlainText("两个网点叫号机老化。")
    page.words.keep()
    until(lambda: told(page, "monthly")[1] == "草稿")
    file_report(session, "monthly", "2026-10")
    bus().settings_changed.emit()
    until(lambda: told(page, "monthly") == ("10月", "已定稿 v1", "green"))
    until(lambda: page.status_text().startswith("已定稿 v1·预览的数据截至11-"))
    page.period.previous_button.click()
    until(lambda: told(page, "monthly") == ("9月", "未做", "grey"))
    until(lambda: told(page, "quarterly")[1] == "此后变动1件")


def test_the_pill_is_painted_in_its_tone(page: ReportPage) -> None:
    until(lambda: told(page, "quarterly")[1] == "此后变动1件")
    row = next(row for row in range(page.list.count()) if page.list.item(row).text() == "消保工作季报")
    area = page.list.visualItemRect(page.list.item(row))
    picture = page.list.viewport().grab(area).toImage()
    tint = theme.color("amber_tint").rgb()
    seen = sum(picture.pixel(x, y) == tint for x in range(picture.width()) for y in range(picture.height()))
    assert seen > 300
