"""What the papers of a complaint say, read from its record: names for ids, days in words, the clock around extensions.

Name and telephone of the complainant stand whole, the number of the identity card masked: the papers are letters to
that person or working papers of the bank (PRODUCT §7).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from xiaobao_desktop.domain import case
from xiaobao_desktop.domain.case import Case, Step
from xiaobao_desktop.domain.case_clock import REVIEW_RULE
from xiaobao_desktop.domain.case_steps import ARCHIVED, REVIEW_DECIDED, REVIEW_REQUESTED, SUPPLEMENT
from xiaobao_desktop.domain.deadline import profile_for
from xiaobao_desktop.domain.fields import Record, Value
from xiaobao_desktop.domain.ledgers.complaint import LEDGER
from xiaobao_desktop.domain.period import chinese_date
from xiaobao_desktop.domain.rules import Rules
from xiaobao_desktop.reports.case_facts import CaseFacts, Extension, Node
from xiaobao_desktop.reports.forms import Box
from xiaobao_desktop.services.listing import display
from xiaobao_desktop.services.session import Session

TRANSFER, INVESTIGATION = "transfer", "investigate"
EXTENSIONS = ("extend_30", case.SECOND_EXTENSION)
_CONTACTS = (SUPPLEMENT, case.NEW_FACTS, case.INFORMED, case.WITHDRAWN, case.FOLLOW_UP)
_FROM_OTHERS = re.compile(r"(转办|转来|转送)$")
_INSIDE = "行内"
"""Group of the sources where the complainant came to the bank itself."""
_MALE, _FEMALE, _EITHER = "先生", "女士", "先生（女士）"


def facts(session: Session, record: Record) -> CaseFacts:
    """All texts of a case."""
    reader = _Reader(session, record)
    return CaseFacts(
        **_bank(session, reader),
        **_person(reader),
        **_matter(session, reader),
        **_handling(reader),
        **_extension(reader),
        **_steps(reader),
        by_agent=bool(record.values.get("by_agent")),
        repeat=bool(record.values.get("repeat")),
        recusal=bool(record.values.get("recusal_checked")),
        rights_boxes=reader.boxes("rights"),
        level_boxes=reader.boxes("level"),
        closing_boxes=reader.boxes("closing_way"),
        satisfaction_boxes=reader.boxes("satisfaction"),
        nodes=_nodes(reader),
        extensions=_extensions(reader),
    )


class _Reader:
    """A record with its timeline, and how its values read."""

    def __init__(self, session: Session, record: Record) -> None:
        self.session, self.record = session, record
        self.rules: Rules = session.rules
        self.steps: tuple[Step, ...] = case.read_steps(record.children.get("step", ()), session.rules)
        self.case: Case = case.of_record(record, session.rules)

    def derived(self, steps: Sequence[Step]) -> Case:
        """What some of the steps say."""
        values = self.record.values
        return case.derive(steps, str(values.get("rule_profile") or ""), self.rules, agency_on=case.agency_day(values))

    def text(self, key: str, *, masked: bool = False) -> str:
        """A field as shown."""
        return display(self.session, LEDGER.field(key), self.record.values.get(key), masked=masked).strip()

    def money(self, key: str) -> str:
        """A field of money with its unit."""
        shown = self.text(key)
        return f"{shown}元" if shown else ""

    def boxes(self, key: str) -> tuple[Box, ...]:
        """The choices of a field as boxes to tick; those out of use only where they are chosen."""
        value = self.record.values.get(key)
        chosen = value if isinstance(value, tuple) else (value,)
        items = self.rules.catalog.list(LEDGER.field(key).options).items
        return tuple(Box(item.name, item.id in chosen) for item in items if item.active or item.id in chosen)

    def last(self, *kinds: str) -> Step | None:
        """The last step of some kinds."""
        return next((step for step in reversed(self.steps) if step.kind in kinds), None)

    def of(self, step: Step | None, key: str) -> str:
        """A value of a step as shown."""
        if step is None:
            return ""
        return display(self.session, LEDGER.child("step").field(key), step.values.get(key), masked=False).strip()

    def named(self, kind: str) -> str:
        """Name of a kind of step."""
        found = self.rules.step_kind(kind)
        return found.name if found else kind


def _bank(session: Session, reader: _Reader) -> dict[str, str]:
    settings = session.settings
    return {
        "bank": settings.bank,
        "short_name": settings.printed_name,
        "department_in_charge": settings.department,
        "contact": reader.text("handler") or settings.preparer or session.user,
        "contact_phone": settings.phone,
        "address": settings.address,
        "postcode": settings.postcode,
        "letter_code": settings.letter_code,
        "today": chinese_date(session.today()),
    }


def _person(reader: _Reader) -> dict[str, str]:
    people = reader.record.values.get("people_count")
    many = isinstance(people, int) and people > 1
    name = reader.text("complainant")
    return {
        "complainant": name,
        "salutation": (f"等{people}人" if many else _salutation(reader.record.values.get("id_number"))) if name else "",
        "phone": reader.text("phone"),
        "id_number": reader.text("id_number", masked=True),
        "agent": reader.text("agent"),
        "agent_papers": reader.text("agent_papers"),
        "people": f"{people}人" if isinstance(people, int) else "",
    }


def _salutation(id_number: Value) -> str:
    """先生 or 女士 as the seventeenth digit of an 18-digit number says (odd: male), both where it is not known."""
    digits = str(id_number or "").strip()
    if not re.fullmatch(r"\d{17}[\dXx]", digits):
        return _EITHER
    return _MALE if int(digits[16]) % 2 else _FEMALE


def _matter(session: Session, reader: _Reader) -> dict[str, str]:
    received = reader.case.received_on
    day = chinese_date(received) if received else ""
    merged = reader.record.values.get("merged_into")
    return {
        "number": reader.record.number or "",
        "received": day,
        "received_at": f"{day} {reader.case.received_at}".strip(),
        "source": reader.text("source"),
        "source_number": reader.text("source_number"),
        "raised": _raised(session, reader),
        "branch": reader.text("branch"),
        "respondent": reader.text("respondent"),
        "amount": reader.money("amount"),
        "product": reader.text("product"),
        "subject": reader.text("product") or _leaf(session, reader.record.values.get("category")),
        "channel": reader.text("channel"),
        "category": reader.text("category"),
        "cause": reader.text("cause"),
        "rights": reader.text("rights"),
        "level": reader.text("level"),
        "content": reader.text("content"),
        "request": reader.text("request"),
        "merged_into": session.link_names(LEDGER.key).get(merged, "") if isinstance(merged, int) else "",
    }


def _raised(session: Session, reader: _Reader) -> str:
    """向我行柳河支行 where the person came to the bank, 通过金融监管总局12378 where others passed it on."""
    source = session.rules.catalog.list("source").get(str(reader.record.values.get("source") or ""))
    if source is None or source.group == _INSIDE:
        return f"向我行{reader.text('branch')}"
    return f"通过{_FROM_OTHERS.sub('', source.name)}"


def _leaf(session: Session, category: Value) -> str:
    """Name of the business without those above it; 其他 keeps the one above it."""
    path = session.rules.catalog.tree("B").path(str(category or ""))
    names = [node.name for node in path]
    if len(names) > 1 and names[-1].startswith("其他"):
        return f"{names[-2]}业务"
    return names[-1] if names else ""


def _handling(reader: _Reader) -> dict[str, str]:
    keys = {
        "department": "department",
        "handler": "handler",
        "dispute": "dispute",
        "investigation": "investigation",
        "basis": "basis",
        "decision": "decision",
        "closing_way": "closing_way",
        "satisfaction": "satisfaction",
        "root_cause": "root_cause",
        "rectification": "rectification_number",
        "archive_number": "archive_number",
    }
    found = {name: reader.text(key) for name, key in keys.items()}
    transfer = reader.last(TRANSFER)
    return {
        **found,
        "department": found["department"] or reader.of(transfer, "department"),
        "handler": found["handler"] or reader.of(transfer, "person"),
        "inquiry": found["investigation"] or _inquiries(reader),
        "compensation": reader.money("compensation"),
    }


def _inquiries(reader: _Reader) -> str:
    """What the steps of the investigation say, one a line; for working papers only: nobody wrote it for a letter."""
    steps = [step for step in reader.steps if step.kind == INVESTIGATION and reader.of(step, "note")]
    return "\n".join(f"{_month_day(step.on)}：{reader.of(step, 'note')}" for step in steps)


def _extension(reader: _Reader) -> dict[str, str]:
    """The clock before and after the last extension, or after the next one where none was recorded."""
    step = reader.last(*EXTENSIONS)
    after = reader.case
    before = after
    if step is not None:
        place = reader.steps.index(step)
        before, after = reader.derived(reader.steps[:place]), reader.derived(reader.steps[: place + 1])
    known = step is not None
    rule = re.sub(r"（[^）]*）$", "", reader.case.basis)
    return {
        "rule": rule,
        "limits": _limits(reader),
        "limit_days": str(reader.case.stage.days) if reader.case.stage else "",
        "due": _words(reader.case.due_on),
        "days_before_extension": str(before.stage.days) if before.stage else "",
        "due_before_extension": _words(before.due_on),
        "extended_days": str(after.stage.days) if known and after.stage else "",
        "extended_due": _words(after.due_on) if known else "",
        "extension_reason": reader.of(step, "reason").rstrip("。"),
        "extension_approver": reader.of(step, "approver"),
        "extension_told": _told(reader, step),
        "extension_way": reader.of(step, "way"),
        "extensions_told": _all_extensions(reader),
    }


def _limits(reader: _Reader) -> str:
    """The days of all stages of the rule that is followed: 15/30/60日."""
    due = reader.case.due
    days = sorted({stage.days for stage in due.profile.stages}) if due else []
    return "/".join(str(day) for day in days) + "日" if days else ""


def _all_extensions(reader: _Reader) -> str:
    """Every extension as a sentence; 未延期 without one."""
    told = []
    for place, step in enumerate(reader.steps):
        if step.kind not in EXTENSIONS:
            continue
        after = reader.derived(reader.steps[: place + 1])
        until = f"，期限至{chinese_date(after.due_on)}" if after.due_on else ""
        reason, approver, day = reader.of(step, "reason"), reader.of(step, "approver"), _told(reader, step)
        more = "".join(
            text
            for text in (
                f"；原因：{reason.rstrip('。')}" if reason else "",
                f"；批准人：{approver}" if approver else "",
                f"；{day}告知投诉人" if day else "",
            )
        )
        told.append(f"{chinese_date(step.on)}{reader.named(step.kind)}{until}{more}。")
    return "\n".join(told) or "未延期。"


def _steps(reader: _Reader) -> dict[str, str]:
    transfer, inform = reader.last(TRANSFER), reader.last(case.INFORMED)
    withdraw, decided = reader.last(case.WITHDRAWN), reader.last(case.DECIDED)
    asked, answered = reader.last(REVIEW_REQUESTED), reader.last(REVIEW_DECIDED)
    feedback = reader.last(case.FEEDBACK)
    return {
        "transferred": _day(transfer),
        "transfer_department": reader.of(transfer, "department"),
        "transfer_person": reader.of(transfer, "person"),
        "transfer_note": reader.of(transfer, "note"),
        "decided": _day(decided),
        "informed": _day(inform),
        "inform_way": reader.of(inform, "way"),
        "inform_proof": reader.of(inform, "proof"),
        "contacts": _contacts(reader),
        "withdrawn": _day(withdraw),
        "withdrawal_note": reader.of(withdraw, "note").rstrip("。"),
        "review_days": _review_days(reader),
        "review_asked": _day(asked),
        "review_grounds": reader.of(asked, "note"),
        "review_decided": _day(answered),
        "review_result": reader.of(answered, "note"),
        "review_approver": reader.of(answered, "approver"),
        "followed_up": _short(reader.last(case.FOLLOW_UP)),
        "fed_back": " ".join(text for text in (_short(feedback), reader.of(feedback, "department")) if text),
        "paused": _paused(reader),
        "closed": _words(reader.case.closed_on),
        "archived": _short(reader.last(ARCHIVED)),
    }


def _review_days(reader: _Reader) -> str:
    """In how many days a review may be asked for, by the rule in force on the day of the decision or today."""
    on = reader.case.decided_on or reader.session.today()
    rule = profile_for(reader.rules.profiles, REVIEW_RULE, on)
    return str(rule.window_days) if rule and rule.window_days else ""


def _contacts(reader: _Reader) -> str:
    """Every contact with the complainant that the steps tell of, one a line."""
    lines = []
    for step in reader.steps:
        if step.kind not in _CONTACTS:
            continue
        way, note, proof = (reader.of(step, key) for key in ("way", "note", "proof"))
        more = "；".join(text.rstrip("。") for text in (way, note, f"凭证：{proof}" if proof else "") if text)
        lines.append(f"{chinese_date(step.on)}{reader.named(step.kind)}{f'（{more}）' if more else ''}。")
    return "\n".join(lines)


def _paused(reader: _Reader) -> str:
    """Days that did not count, as the due date shows them."""
    found = reader.case
    if found.paused_on is not None:
        return f"{_month_day(found.paused_on)}起"
    return f"{found.due.by_rule.paused_days}日" if found.due else ""


def _nodes(reader: _Reader) -> tuple[Node, ...]:
    """The dated nodes of the sheet, and the day on which the term ends."""
    received = reader.case.received_on

    def node(label: str, day: date | None) -> Node:
        if day is None or received is None:
            return Node(label)
        return Node(label, _month_day(day), f"第{(day - received).days}日")

    first = next((step for step in reader.steps if step.kind == INVESTIGATION), None)
    transferred = reader.last(TRANSFER)
    days = reader.case.stage.days if reader.case.stage else None
    return (
        node("收到", received),
        node("转办", transferred.on if transferred else None),
        node("调查", first.on if first else None),
        node("作出决定", reader.case.decided_on),
        node("告知", reader.case.informed_on),
        node("办结", reader.case.closed_on),
        node(f"{days}日届满" if days else "期限届满", reader.case.due_on),
    )


def _extensions(reader: _Reader) -> tuple[Extension, ...]:
    found = []
    for kind in EXTENSIONS:
        step = reader.last(kind)
        approved = " ".join(text for text in (reader.of(step, "approver"), _short(step)) if text)
        told = reader.of(step, "told_on")
        day = _month_day(date.fromisoformat(told)) if told else ""
        found.append(Extension(reader.named(kind), step is not None, approved, day))
    return tuple(found)


def _told(reader: _Reader, step: Step | None) -> str:
    told = reader.of(step, "told_on")
    return chinese_date(date.fromisoformat(told)) if told else ""


def _day(step: Step | None) -> str:
    return chinese_date(step.on) if step else ""


def _short(step: Step | None) -> str:
    return _month_day(step.on) if step else ""


def _words(day: date | None) -> str:
    return chinese_date(day) if day else ""


def _month_day(day: date) -> str:
    return f"{day.month}月{day.day}日"
