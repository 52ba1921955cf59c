"""The parts of an opened complaint: what is due and why, and the timeline of its steps."""

from __future__ import annotations

from datetime import date

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from xiaobao_desktop.domain import case
from xiaobao_desktop.domain.fields import Ledger, Record, Values
from xiaobao_desktop.services import listing
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import fonts, theme
from xiaobao_desktop.ui.pages.ledger_presenter import DetailActions
from xiaobao_desktop.ui.widgets.banner import Banner
from xiaobao_desktop.ui.widgets.labels import label
from xiaobao_desktop.ui.widgets.timeline import Timeline, TimelineStep

SOON_DAYS = 3


def case_of(session: Session, record: Record) -> case.Case:
    """What the steps of a record say."""
    steps = case.read_steps(record.children.get("step", ()), session.rules)
    return case.derive(steps, str(record.values.get("rule_profile") or ""), session.rules)


def due_blocks(session: Session, record: Record) -> list[QWidget]:
    """The banner: what is to be done by when, or how it ended; nothing without a received step."""
    found = case_of(session, record)
    if found.received_on is None:
        return []
    tone, icon, title, detail = _due_words(found, session.today())
    return [Banner(tone, icon, title, detail)]


def timeline_blocks(session: Session, ledger: Ledger, record: Record, actions: DetailActions) -> list[QWidget]:
    """Title line and timeline; a click on a step opens it."""
    found = case_of(session, record)
    rows = record.children.get("step", ())
    steps = [_step(session, ledger, place, row) for place, row in _ordered(session, rows)]
    upcoming = _upcoming(found, session.today())
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(theme.px(6))
    head = QHBoxLayout()
    head.setSpacing(theme.px(6))
    head.addWidget(label(ledger.child("step").label, medium=True, tone="2"))
    used = found.days_used(session.today())
    head.addWidget(label(f"{len(steps)} 步" + (f"·第 {used} 天" if used is not None else ""), fonts.SECOND, tone="2"))
    head.addStretch(1)
    column.addLayout(head)
    line = Timeline([*steps, *([upcoming] if upcoming else [])])
    line.chosen.connect(actions.step)
    line.next_chosen.connect(lambda: actions.step(None))
    column.addWidget(line)
    return [box]


def _due_words(found: case.Case, today: date) -> tuple[str, str, str, str]:
    """Tone, icon, title and detail of the banner."""
    why = "，".join(text for text in (found.basis, found.stage.name if found.stage else "") if text)
    basis = f"依据：{why}" if why else ""
    used = found.days_used(today)
    if found.closed_on is not None:
        late = found.due_on is not None and found.answered_on is not None and found.answered_on > found.due_on
        title = f"{_short(found.closed_on)} 结束，用时 {used} 天"
        if late and found.due_on is not None and found.answered_on is not None:
            return "grey", "clock", f"{title}，答复超期 {(found.answered_on - found.due_on).days} 天", basis
        return "green", "circle-check", title, basis
    if found.paused_on is not None:
        return "grey", "clock", f"{_short(found.paused_on)} 起暂停计时，已 {(today - found.paused_on).days} 天", basis
    left = found.days_left(today)
    if found.due_on is None:
        return "grey", "info", f"已收到 {used} 天，没有期限规则", ""
    if left is None:
        return _answered_words(found, basis)
    duty = f"{_duty(found)}（第 {found.stage.days if found.stage else used} 日）"
    if left < 0:
        return "red", "triangle-alert", f"逾期 {-left} 天：{duty}", basis
    if left == 0:
        return "amber", "clock", f"今天到期：{duty}", basis
    tone = "amber" if left <= SOON_DAYS else "blue"
    return tone, "clock", f"还剩 {left} 天：{duty}", basis


def _answered_words(found: case.Case, basis: str) -> tuple[str, str, str, str]:
    """The banner of a case whose complainant has been told and that is still to be closed: no term runs any more."""
    assert found.informed_on is not None
    assert found.due_on is not None
    late = (found.informed_on - found.due_on).days
    title = f"{_short(found.informed_on)} 已告知投诉人，待办结"
    return "grey", "info", f"{title}，答复超期 {late} 天" if late > 0 else title, basis


def _duty(found: case.Case) -> str:
    """What has to be done next for the term."""
    if found.decided_on is None:
        return "作出处理决定并告知"
    return "告知投诉人" if found.informed_on is None else "办结"


def _upcoming(found: case.Case, today: date) -> TimelineStep | None:
    """The step to be expected; None when the case has ended."""
    if not found.open or found.received_on is None:
        return None
    if found.paused_on is not None:
        return TimelineStep("恢复计时", "", "鉴定、检测、评估或调解结束后记这一步")
    when = ""
    if found.due_on is not None and found.informed_on is None:
        left = (found.due_on - today).days
        near = "今天" if left == 0 else f"逾期 {-left} 天" if left < 0 else f"剩 {left} 天"
        when = f"{_short(found.due_on)} {near}"
    if found.decided_on is None:
        return TimelineStep("处理决定并告知", when, "应作出决定并留下告知凭证")
    if found.informed_on is None:
        return TimelineStep("告知", when, "应把处理决定告知投诉人，留存凭证")
    return TimelineStep("办结", when, "已告知投诉人，材料齐全后办结")


def _ordered(session: Session, rows: tuple[Values, ...]) -> list[tuple[int, Values]]:
    """The rows with their places in the record, in timeline order."""
    order = case.read_steps(rows, session.rules)
    places = {id(row): place for place, row in enumerate(rows)}
    return [(places[id(step.values)], step.values) for step in order]


def _step(session: Session, ledger: Ledger, place: int, row: Values) -> TimelineStep:
    """One recorded step as a line."""
    table = ledger.child("step")
    shown = {item.key: listing.display(session, item, row.get(item.key), masked=False) for item in table.fields}
    day = date.fromisoformat(shown["happened_on"])
    when = shown["happened_on"] if day.year != session.today().year else _short(day)
    who = "·".join(text for text in (shown["department"], shown["person"]) if text)
    told = f"{_short_text(shown['told_on'])} 告知投诉人" if shown["told_on"] else ""
    approved = f"{shown['approver']}批准" if shown["approver"] else ""
    parts = [who, shown["way"], shown["reason"], approved, told, shown["note"], shown["proof"]]
    detail = "；".join(" ".join(text.split()) for text in parts if text)
    return TimelineStep(shown["kind"], f"{when} {shown['happened_at']}".strip(), detail, place)


def _short(day: date) -> str:
    return f"{day:%m-%d}"


def _short_text(day: str) -> str:
    return day[5:]
