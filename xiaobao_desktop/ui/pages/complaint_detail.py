"""The parts of an opened complaint: what is due and why, and the timeline of its steps."""

from __future__ import annotations

from datetime import date

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from xiaobao_desktop.domain import case
from xiaobao_desktop.domain.fields import Ledger, Record, Values
from xiaobao_desktop.domain.masking import Hider
from xiaobao_desktop.services import access, listing
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import fonts, rights, theme
from xiaobao_desktop.ui.pages.complaint_due import due_blocks
from xiaobao_desktop.ui.pages.complaint_paper_lines import with_papers
from xiaobao_desktop.ui.pages.ledger_presenter import DetailActions
from xiaobao_desktop.ui.widgets.labels import label
from xiaobao_desktop.ui.widgets.timeline import Timeline, TimelineStep

__all__ = ["due_blocks", "timeline_blocks"]


def timeline_blocks(session: Session, ledger: Ledger, record: Record, actions: DetailActions) -> list[QWidget]:
    """Title line and timeline; a click on a step opens it, its paper clip takes files."""
    found = case.of_record(record, session.rules)
    rows = record.children.get("step", ())
    hide = access.hiding(session, ledger, record.values)
    steps = [_step(session, ledger, place, row, hide) for place, row in _ordered(session, rows)]
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
    files = {place: actions.files(int(str(row.get("id") or 0))) for place, row in enumerate(rows)}
    days = [date.fromisoformat(str(row["happened_on"])) for _place, row in _ordered(session, rows)]
    told = with_papers(session, ledger, record, list(zip(days, steps, strict=True)))
    line = Timeline([*told, *([upcoming] if upcoming else [])], files)
    if not session.role.may_change:
        line.only_read(rights.WHY)
    line.chosen.connect(actions.step)
    line.next_chosen.connect(lambda: actions.step(None))
    line.files_asked.connect(actions.attach)
    column.addWidget(line)
    return [box]


def _upcoming(found: case.Case, today: date) -> TimelineStep | None:
    """The step to be expected; None when the case has ended and nothing about it is left open."""
    if found.received_on is None:
        return None
    if not found.open:
        return TimelineStep("处理决定、告知", "待补", "旧台账里没有；查到了在这里补记") if found.undecided else None
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


def _step(session: Session, ledger: Ledger, place: int, row: Values, hide: Hider) -> TimelineStep:
    """One recorded step as a line; ``hide`` stars the person in its words where that is due."""
    table = ledger.child("step")
    shown = {item.key: listing.display(session, item, row.get(item.key), masked=False) for item in table.fields}
    day = date.fromisoformat(shown["happened_on"])
    when = shown["happened_on"] if day.year != session.today().year else _short(day)
    who = "·".join(text for text in (shown["department"], shown["person"]) if text)
    told = f"{_short_text(shown['told_on'])} 告知投诉人" if shown["told_on"] else ""
    approved = f"{shown['approver']}批准" if shown["approver"] else ""
    danger = "可能危及人身、财产安全" if row.get("endangers") else ""
    parts = [who, shown["way"], shown["pause_for"], shown["reason"], shown["satisfaction"], danger, approved, told]
    parts += [shown["note"], shown["proof"]]
    detail = hide("；".join(" ".join(text.split()) for text in parts if text))
    return TimelineStep(shown["kind"], f"{when} {shown['happened_at']}".strip(), detail, place)


def _short(day: date) -> str:
    return f"{day:%m-%d}"


def _short_text(day: str) -> str:
    return day[5:]
