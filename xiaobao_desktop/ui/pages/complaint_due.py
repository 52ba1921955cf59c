"""What an opened complaint says about its clocks: what is to be done by when, why it is this day, review and leak."""

from __future__ import annotations

from datetime import date, datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from xiaobao_desktop.domain import case
from xiaobao_desktop.domain.case_clock import Due, Leak, Review
from xiaobao_desktop.domain.case_words import why
from xiaobao_desktop.domain.fields import Record
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import fonts, theme
from xiaobao_desktop.ui.widgets.banner import Banner
from xiaobao_desktop.ui.widgets.labels import label

SOON_DAYS = 3
WHY, HIDE = "为什么是这一天", "收起"
_DAY_HOURS = 24

Words = tuple[str, str, str, str]
"""Tone, icon, title and detail of a banner."""


def due_blocks(session: Session, record: Record) -> list[QWidget]:
    """The banners: the term with its reasons, then whatever else runs; nothing without a received step."""
    found = case.of_record(record, session.rules)
    if found.received_on is None:
        return []
    today = session.today()
    term = DueBanner(due_words(found, today), found.due)
    blocks: list[QWidget] = [term, *([term.reasons] if term.reasons else [])]
    for words in (
        leak_words(found.leak, session.now()),
        review_words(found.review, today),
        feedback_words(found, today),
    ):
        if words is not None:
            blocks.append(Banner(*words))
    return blocks


class DueBanner(Banner):
    """The banner of the term; its link unfolds the reasons, which stand below it.

    Attributes:
        reasons: the lines that say why it is this day; None without a term.
    """

    def __init__(self, words: Words, due: Due | None) -> None:
        super().__init__(*words)
        self.reasons = _reasons(due) if due else None
        if self.reasons is not None:
            self.reasons.hide()
            self.link = self.add_action(WHY)
            self.link.clicked.connect(self._turn)

    def _turn(self) -> None:
        assert self.reasons is not None
        shown = self.reasons.isHidden()
        self.reasons.setVisible(shown)
        self.link.setText(HIDE if shown else WHY)
        self.link.setAccessibleName(HIDE if shown else WHY)


def _reasons(due: Due) -> QWidget:
    box = QWidget()
    grid = QGridLayout(box)
    grid.setContentsMargins(theme.px(12), theme.px(4), theme.px(12), theme.px(4))
    grid.setHorizontalSpacing(theme.px(12))
    grid.setVerticalSpacing(theme.px(4))
    grid.setColumnStretch(1, 1)
    lines = why(due)
    for row, (name, text) in enumerate(lines):
        grid.addWidget(label(name, fonts.SECOND, tone="2"), row, 0, Qt.AlignmentFlag.AlignTop)
        said = label(text, fonts.SECOND, wrap=True)
        said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        grid.addWidget(said, row, 1)
    box.setAccessibleName("；".join(f"{name}：{text}" for name, text in lines))
    return box


def due_words(found: case.Case, today: date) -> Words:
    """The banner of the term."""
    detail = _basis(found)
    if found.closed_on is not None:
        return _ended_words(found, today, detail)
    if found.paused_on is not None:
        days = (today - found.paused_on).days
        return "grey", "clock", f"{_short(found.paused_on)} 起暂停计时，已 {days} 天", detail
    if found.due is None:
        return "grey", "info", f"已收到 {found.days_used(today)} 天，没有期限规则", ""
    left = found.days_left(today)
    if left is None:
        return _answered_words(found, today, detail)
    duty = f"{_duty(found)}（{_which_day(found.due)}）"
    if left < 0:
        return "red", "triangle-alert", f"逾期 {-left} 天：{duty}", detail
    if left == 0:
        return "amber", "clock", f"今天到期：{duty}", detail
    return "amber" if left <= SOON_DAYS else "blue", "clock", f"还剩 {left} 天：{duty}", detail


def _basis(found: case.Case) -> str:
    why_short = "，".join(text for text in (found.basis, found.stage.name if found.stage else "") if text)
    moved = f"；不顺延是 {_short(found.due.by_rule.plain_on)}" if found.due and _moved(found.due) else ""
    return f"依据：{why_short}{moved}" if why_short else ""


def _moved(due: Due) -> bool:
    """Whether the day that counts was moved over days off, so that an earlier, cautious day is worth saying."""
    return not due.by_agency and due.by_rule.on != due.by_rule.plain_on


def _which_day(due: Due) -> str:
    if due.by_agency:
        return f"转办单位要求 {_short(due.on)} 前反馈"
    return f"第 {due.stage.days} {'个工作日' if due.profile.workdays else '日'}"


def _ended_words(found: case.Case, today: date, detail: str) -> Words:
    assert found.closed_on is not None
    ended = _short(found.closed_on) if found.closed_on.year == today.year else str(found.closed_on)
    title = f"{ended} 结束，用时 {found.days_used(today)} 天"
    late = _late_days(found)
    if found.undecided:
        over = "用时超过一般期限，有没有延期没有记录；" if late else ""
        return "grey", "info", title, f"旧台账补登的投诉，只有收到和办结日期。{over}处理决定和告知的情况待补"
    if late:
        return "grey", "clock", f"{title}，答复超期 {late} 天", detail
    return "green", "circle-check", title, _with_window(found, today, detail)


def _answered_words(found: case.Case, today: date, detail: str) -> Words:
    """The banner of a case whose complainant has been told and that is still to be closed: no term runs any more."""
    assert found.informed_on is not None
    late = _late_days(found)
    title = f"{_short(found.informed_on)} 已告知投诉人，待办结"
    words = f"{title}，答复超期 {late} 天" if late else title
    return "grey", "info", words, _with_window(found, today, detail)


def _late_days(found: case.Case) -> int:
    if found.due_on is None or found.answered_on is None:
        return 0
    return max(0, (found.answered_on - found.due_on).days)


def _with_window(found: case.Case, today: date, detail: str) -> str:
    """Until when a review may still be asked for, while that is so."""
    review = found.review
    if review is None or review.until is None or review.requested_on is not None or today > review.until:
        return detail
    return f"{detail}；投诉人在 {_short(review.until)} 以前可以申请核查".lstrip("；")


def _duty(found: case.Case) -> str:
    """What has to be done next for the term."""
    if found.decided_on is None:
        return "作出处理决定并告知"
    return "告知投诉人" if found.informed_on is None else "办结"


def leak_words(leak: Leak | None, now: datetime) -> Words | None:
    """The banner of a leak that is still to be reported."""
    if leak is None or leak.reported_on is not None:
        return None
    detail = f"依据：{leak.profile.source}；报告后记“报告信息泄露”"
    duty = "向当地人民银行报告，并告知消费者"
    if leak.at_once:
        return "red", "triangle-alert", f"信息泄露可能危及人身、财产安全：立即{duty}", detail
    seconds = (leak.due_at - now.replace(tzinfo=None)).total_seconds()
    by = f"{leak.due_at:%m-%d %H:%M} 前{duty}"
    if seconds < 0:
        return "red", "triangle-alert", f"信息泄露报告已超 {_hours(-seconds)}：{by}", detail
    tone = "amber" if seconds > _DAY_HOURS * 3600 else "red"
    return tone, "clock", f"信息泄露报告还剩 {_hours(seconds)}：{by}", detail


def _hours(seconds: float) -> str:
    """Whole hours; the last hour in minutes."""
    minutes = int(seconds // 60)
    return f"{minutes // 60} 小时" if minutes >= 60 else f"{minutes} 分钟"


def review_words(review: Review | None, today: date) -> Words | None:
    """The banner of a review that waits for its decision."""
    if review is None or not review.running or review.due_on is None or review.requested_on is None:
        return None
    left = (review.due_on - today).days
    late = "；申请超过了申请期，请核对是否受理" if review.late else ""
    detail = f"{_short(review.requested_on)} 收到核查申请，依据：{review.profile.source}{late}"
    if left < 0:
        return "red", "triangle-alert", f"核查逾期 {-left} 天：作出核查决定并告知", detail
    when = "今天到期" if left == 0 else f"还剩 {left} 天"
    return (
        "amber" if left <= SOON_DAYS else "blue",
        "clock",
        f"核查{when}：最晚 {_short(review.due_on)} 决定并告知",
        detail,
    )


def feedback_words(found: case.Case, today: date) -> Words | None:
    """The banner of an answer that the transferring agency still waits for, once the complainant has been told."""
    day = found.reply_due_on
    if day is None:
        return None
    left = (day - today).days
    detail = "反馈后记“反馈监管”"
    if left < 0:
        return "red", "triangle-alert", f"向转办单位反馈逾期 {-left} 天（要求 {_short(day)} 前）", detail
    when = "今天到期" if left == 0 else f"还剩 {left} 天"
    return "amber", "clock", f"向转办单位反馈{when}（要求 {_short(day)} 前）", detail


def _short(day: date) -> str:
    return f"{day:%m-%d}"
