"""What an opened complaint says about its clocks, in the real window parts with a real book."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.conftest import AddComplaint, step
from xiaobao_desktop.domain.calendar import RollOver
from xiaobao_desktop.domain.fields import Record, Value, Values
from xiaobao_desktop.domain.ledgers import ledger
from xiaobao_desktop.services import rule_editing
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui.pages.complaint_due import HIDE, WHY, DueBanner, due_blocks
from xiaobao_desktop.ui.widgets.banner import Banner
from xiaobao_desktop.ui.widgets.form_side import notes_of

COMPLAINT = ledger("complaint")
TOLD = (step("decide", "2026-11-05"), step("inform", "2026-11-06", way="phone"))
ENDED = (*TOLD, step("close", "2026-11-07"))


def titles(session: Session, record: Record) -> list[str]:
    return [block.title() for block in due_blocks(session, record) if isinstance(block, Banner)]


@pytest.mark.parametrize(
    ("received", "steps", "values", "wanted"),
    [
        ("2026-11-20", (), {}, ["还剩 12 天：作出处理决定并告知（第 15 日）"]),
        (
            "2026-11-20",
            (),
            {"feedback_due_on": "2026-11-25"},
            ["还剩 2 天：作出处理决定并告知（转办单位要求 11-25 前反馈）"],
        ),
        (
            "2026-11-01",
            TOLD,
            {"feedback_due_on": "2026-11-20"},
            ["11-06 已告知投诉人，待办结", "向转办单位反馈逾期 3 天（要求 11-20 前）"],
        ),
        (
            "2026-11-20",
            (step("leak", "2026-11-22", happened_at="10:30", note="误发名单"),),
            {},
            [
                "还剩 12 天：作出处理决定并告知（第 15 日）",
                "信息泄露报告还剩 48 小时：11-25 10:30 前向当地人民银行报告，并告知消费者",
            ],
        ),
        (
            "2026-11-20",
            (step("leak", "2026-11-22", happened_at="10:30", note="被冒用", endangers=True),),
            {},
            [
                "还剩 12 天：作出处理决定并告知（第 15 日）",
                "信息泄露可能危及人身、财产安全：立即向当地人民银行报告，并告知消费者",
            ],
        ),
        (
            "2026-11-01",
            (*ENDED, step("review_request", "2026-11-10")),
            {},
            ["11-07 结束，用时 6 天", "核查还剩 17 天：最晚 12-10 决定并告知"],
        ),
        (
            "2026-11-01",
            (*ENDED, step("review_request", "2026-11-10"), step("review_decide", "2026-11-18")),
            {},
            ["11-07 结束，用时 6 天"],
        ),
    ],
)
def test_every_clock_that_runs_has_its_banner(
    session: Session,
    look: QApplication,
    add_complaint: AddComplaint,
    received: str,
    steps: tuple[Values, ...],
    values: dict[str, Value],
    wanted: list[str],
) -> None:
    assert titles(session, add_complaint(received, "刘秀兰", *steps, **values)) == wanted


def test_why_it_is_this_day_is_unfolded_and_folded(
    session: Session, look: QApplication, add_complaint: AddComplaint, qtbot: QtBot
) -> None:
    pause = (step("pause", "2026-11-05", pause_for="appraisal"), step("resume", "2026-11-12"))
    record = add_complaint("2026-11-01", "陈伟", *pause, source="pboc")
    window = shown(due_blocks(session, record), qtbot)
    banner = window.findChildren(DueBanner)[0]
    reasons = banner.reasons
    assert reasons is not None
    assert not reasons.isVisible()
    assert banner.link.text() == WHY
    banner.link.click()
    assert reasons.isVisible()
    said = [label.text() for label in reasons.findChildren(QLabel)]
    assert said[:8] == [
        "起算",
        "2026-11-01 收到，这天是第 0 日",
        "规则",
        "5号令：人民银行令〔2020〕第5号第四十三条",
        "期限",
        "转办投诉 15 日，按日历日数到第 15 日",
        "暂停",
        "鉴定，2026-11-05 到 2026-11-12，7 天不计",
    ]
    assert "最后一天是 2026-11-23" in said
    assert "暂停的天数是否扣除" in said[-1]
    assert banner.link.text() == HIDE
    banner.link.click()
    assert not reasons.isVisible()


def test_a_moved_last_day_is_shown_with_the_cautious_one(
    session: Session, look: QApplication, add_complaint: AddComplaint
) -> None:
    rule = rule_editing.profiles(session)[0]
    days = {stage.opened_by: stage.days for stage in rule.stages}
    typed = rule_editing.Typed(
        date(2026, 9, 1), rule.name, rule.basis, "", days, False, RollOver.HOLIDAYS, window_days=0, hours=0
    )
    rule_editing.add_version(session, rule_editing.reworked(rule, typed))
    record = add_complaint("2026-09-16", "刘秀兰")
    assert record.values["due_on"] == "2026-10-08"
    (banner,) = [block for block in due_blocks(session, record) if isinstance(block, DueBanner)]
    assert banner.title() == "逾期 46 天：作出处理决定并告知（第 15 日）"
    assert banner.accessibleName().endswith("一般投诉 15 日；不顺延是 10-01")
    (note,) = [note for note in notes_of(COMPLAINT)(session, record) if note.title == "应办结"]
    assert "遇国庆节顺延；不顺延是 10-01" in note.lines


def test_an_old_case_of_which_only_the_end_is_known_is_no_error(
    session: Session, look: QApplication, add_complaint: AddComplaint, qtbot: QtBot
) -> None:
    record = add_complaint("2025-03-01", "刘秀兰", closed_on="2025-04-20")
    (banner,) = [block for block in due_blocks(session, record) if isinstance(block, DueBanner)]
    assert (banner.title(), banner.property("look")) == ("2025-04-20 结束，用时 50 天", "grey")
    narrow = QWidget()
    qtbot.addWidget(narrow)
    narrow.setFixedWidth(300)
    column = QVBoxLayout(narrow)
    column.addWidget(banner)
    column.addStretch(1)
    narrow.resize(300, 600)
    narrow.show()
    qtbot.waitUntil(lambda: banner.height() >= banner.heightForWidth(banner.width()))
    assert all(words.height() >= words.heightForWidth(words.width()) for words in wrapped(banner))


def wrapped(banner: Banner) -> list[QLabel]:
    return [words for words in banner.findChildren(QLabel) if words.wordWrap() and words.isVisible()]


def shown(blocks: list[QWidget], qtbot: QtBot) -> QWidget:
    """A window with the blocks, to be held by the caller."""
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    for block in blocks:
        column.addWidget(block)
    window.resize(400, 600)
    window.show()
    return window
