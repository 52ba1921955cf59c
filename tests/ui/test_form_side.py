from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel
from pytestqt.qtbot import QtBot

from tests.ui.conftest import step
from xiaobao_desktop.domain.fields import Record, Values
from xiaobao_desktop.domain.ledgers import ledger
from xiaobao_desktop.services import records
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui.widgets.form_side import FormSide, Lack, Note, notes_of

COMPLAINT = ledger("complaint")
BASIS = "依据：银保监会令2020年第3号"


@pytest.mark.parametrize(
    ("received", "more", "headline", "lines", "tone"),
    [
        ("2026-11-08", (), "11月23日 星期一", ("今天到期", "11-08 收到为第 0 日，第 15 日到期", BASIS), "amber"),
        ("2026-11-01", (), "11月16日 星期一", ("已逾期 7 天", "11-01 收到为第 0 日，第 15 日到期", BASIS), "red"),
        ("2026-11-20", (), "12月5日 星期六", ("11-20 收到为第 0 日，第 15 日到期", BASIS), "blue"),
        (
            "2026-11-01",
            (step("new_facts", "2026-11-18", note="x"),),
            "12月3日 星期四",
            ("11-18 新事实为第 0 日，第 15 日到期", BASIS),
            "blue",
        ),
        (
            "2026-11-01",
            (step("extend_30", "2026-11-10", reason="x"),),
            "12月1日 星期二",
            ("11-01 收到为第 0 日，第 30 日到期", BASIS),
            "blue",
        ),
        ("2026-11-01", (step("pause", "2026-11-10", reason="x"),), "11月10日 星期二 起", (BASIS,), "grey"),
        ("2026-11-01", (step("close", "2026-11-12"),), "用时 11 天", ("11-01 收到，11-12 办结",), "green"),
    ],
)
def test_what_the_complaint_form_says(
    session: Session, received: str, more: tuple[Values, ...], headline: str, lines: tuple[str, ...], tone: str
) -> None:
    entered = Record({"received_on": received}, {"step": (step("received", received), *more)})
    (note,) = notes_of(COMPLAINT)(session, records.preview(session, COMPLAINT, entered))
    assert (note.headline, note.lines, note.tone) == (headline, lines, tone)


def test_a_ledger_without_a_module_of_its_own_says_nothing(session: Session) -> None:
    assert list(notes_of(ledger("staff"))(session, Record({}))) == []


def test_gaps_are_grouped_by_when_they_are_needed(look: QApplication, qtbot: QtBot) -> None:
    side = FormSide()
    qtbot.addWidget(side)
    side.show()
    side.tell([Note("应办结", "12月8日")], [Lack("a", "甲：错", wrong=True), Lack("b", "乙", stage="办结前")])
    qtbot.wait(20)
    rows = {row.text(): row for row in side.findChildren(QAbstractButton)}
    assert list(rows) == ["甲：错", "乙"]
    texts = [child.text() for child in side.findChildren(QLabel) if not child.isHidden()]
    assert {"还差 1 项", "办结前还要 1 项"} <= set(texts)
    with qtbot.waitSignal(side.wanted) as wanted:
        QTest.mouseClick(rows["乙"], Qt.MouseButton.LeftButton)
    assert wanted.args == ["b"]
    side.tell([], [])
    qtbot.wait(20)
    texts = [child.text() for child in side.findChildren(QLabel) if not child.isHidden()]
    assert "必填项已齐" in texts
