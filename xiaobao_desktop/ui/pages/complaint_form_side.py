"""What the complaint form says at its side: until when the case must be decided, counted from what, by which rule."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from xiaobao_desktop.domain import case
from xiaobao_desktop.domain.case_clock import Due
from xiaobao_desktop.domain.case_steps import NEW_FACTS, RECEIVED, SUPPLEMENT
from xiaobao_desktop.domain.fields import Record
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui.pages.complaint_presenter import SOON_DAYS
from xiaobao_desktop.ui.widgets.form_side import Note

WEEKDAYS = "一二三四五六日"
_STARTED_BY = {RECEIVED: "收到", NEW_FACTS: "新事实", SUPPLEMENT: "补正"}


def notes(session: Session, record: Record) -> Sequence[Note]:
    """The boxes for a completed record: its term, and whether it looks like a complaint told before."""
    from xiaobao_desktop.ui.pages import complaint_relations

    return (*_term(session, record), *complaint_relations.notes(session, record))


def _term(session: Session, record: Record) -> Sequence[Note]:
    """One box: the due date, or how long it took, or what is needed to say so."""
    found = case.of_record(record, session.rules)
    if found.received_on is None:
        return (Note("应办结", "—", ("填了收到日期就算出期限",), "grey"),)
    if found.closed_on is not None:
        used = found.days_used(found.closed_on)
        return (
            Note(
                "已办结",
                f"用时 {used} 天",
                (f"{_short(found.received_on)} 收到，{_short(found.closed_on)} 办结",),
                "green",
            ),
        )
    if found.paused_on is not None:
        return (Note("计时已暂停", f"{_long(found.paused_on)} 起", _basis(found), "grey"),)
    if found.due is None or found.due_on is None:
        return (Note("应办结", "—", ("这一规则档没有期限", *_basis(found)), "grey"),)
    left = (found.due_on - session.today()).days
    tone = "red" if left < 0 else "amber" if left <= SOON_DAYS else "blue"
    title = "应办结" if record.id else "按此登记，应办结"
    return (Note(title, _long(found.due_on), _lines(found.due, _basis(found), left), tone),)


def _lines(due: Due, basis: tuple[str, ...], left: int) -> tuple[str, ...]:
    late = f"已逾期 {-left} 天" if left < 0 else "今天到期" if left == 0 else ""
    unit = "个工作日" if due.profile.workdays else "日"
    start = f"{_short(due.start)} {_STARTED_BY[due.started_by]}为第 0 日，第 {due.stage.days} {unit}到期"
    agency = f"转办单位要求 {_short(due.on)} 前反馈，以它为准" if due.by_agency else ""
    plain = due.by_rule.plain_on
    moved = f"遇{'、'.join(due.by_rule.moved_over)}顺延；不顺延是 {_short(plain)}" if plain != due.by_rule.on else ""
    return tuple(line for line in (late, start, moved, agency, *basis) if line)


def _basis(found: case.Case) -> tuple[str, ...]:
    return (f"依据：{found.basis}",) if found.basis else ()


def _long(day: date) -> str:
    return f"{day.month}月{day.day}日 星期{WEEKDAYS[day.weekday()]}"


def _short(day: date) -> str:
    return f"{day.month:02d}-{day.day:02d}"
