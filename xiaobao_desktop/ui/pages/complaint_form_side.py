"""What the complaint form says at its side: until when the case must be decided, counted from what, by which rule."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from xiaobao_desktop.domain import case
from xiaobao_desktop.domain.fields import Record
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui.pages.complaint_presenter import SOON_DAYS
from xiaobao_desktop.ui.widgets.form_side import Note

WEEKDAYS = "一二三四五六日"


def notes(session: Session, record: Record) -> Sequence[Note]:
    """One box for a completed record: the due date, or how long it took, or what is needed to say so."""
    steps = case.read_steps(record.children.get("step", ()), session.rules)
    found = case.derive(steps, str(record.values.get("rule_profile") or ""), session.rules)
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
    if found.due_on is None:
        return (Note("应办结", "—", ("这一规则档没有期限", *_basis(found)), "grey"),)
    left = (found.due_on - session.today()).days
    tone = "red" if left < 0 else "amber" if left <= SOON_DAYS else "blue"
    title = "应办结" if record.id else "按此登记，应办结"
    return (Note(title, _long(found.due_on), _lines(found, steps, left), tone),)


def _lines(found: case.Case, steps: Sequence[case.Step], left: int) -> tuple[str, ...]:
    assert found.received_on is not None
    days = found.stage.days if found.stage else 0
    late = f"已逾期 {-left} 天" if left < 0 else "今天到期" if left == 0 else ""
    new_facts = max((step.on for step in steps if step.kind == case.NEW_FACTS), default=found.received_on)
    what = "收到" if new_facts == found.received_on else "新事实"
    start = f"{_short(new_facts)} {what}为第 0 日，第 {days} 日到期"
    return tuple(line for line in (late, start, *_basis(found)) if line)


def _basis(found: case.Case) -> tuple[str, ...]:
    return (f"依据：{found.basis}",) if found.basis else ()


def _long(day: date) -> str:
    return f"{day.month}月{day.day}日 星期{WEEKDAYS[day.weekday()]}"


def _short(day: date) -> str:
    return f"{day.month:02d}-{day.day:02d}"
