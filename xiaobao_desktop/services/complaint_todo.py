"""What complaints put on the workbench: running terms, records with gaps.

Narrow queries only: the workbench is the first thing seen at every start.
"""

from __future__ import annotations

import re
from datetime import date

from xiaobao_desktop.domain.fields import Grade, Value
from xiaobao_desktop.domain.ledgers.complaint import LEDGER
from xiaobao_desktop.domain.masking import Hider, name_fields
from xiaobao_desktop.domain.todo import DueItem
from xiaobao_desktop.services import listing
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.query import OWN, Condition, Query

_DUE_KEYS = (
    "due_on",
    "review_due_on",
    "leak_due_on",
    "reply_due_on",
    "complainant",
    "content",
    "category",
    "branch",
    "department",
)
_SENTENCE_END = re.compile(r"[。；;！!？?\n]")
_OPEN = Condition("closed_on", "empty")
_CLOSED = Condition("closed_on", "not_empty")
_EARLIEST = "0001-01-01"

_OTHER_CLOCKS = (("review_due_on", "核查"), ("leak_due_on", "信息泄露报告"), ("reply_due_on", "向转办单位反馈"))
"""Clocks that run beside the term, also after the end of a case: field of their last day, what they are for."""


_NAMES = tuple(item.key for item in name_fields(LEDGER))
"""Fields with a person's name, which is starred in the words about the case too."""


def unanswered(session: Session) -> Condition:
    """States in which the term still runs: all but those of a case whose complainant has been told."""
    states = session.rules.catalog.list("complaint_state").items
    return Condition("state", "in", (*(state.id for state in states if state.extra.get("term") != "met"), None))


def due(session: Session, until: date) -> list[DueItem]:
    """What ends by ``until``, overdue or not: terms of open cases, reviews, reports of leaks, answers to agencies."""
    running: tuple[Condition, ...] = (_OPEN, Condition("paused_on", "empty"), unanswered(session))
    branches = session.link_names("branch")
    found = [_item(session, row, branches) for row in _due_rows(session, "due_on", until, running)]
    for key, what in _OTHER_CLOCKS:
        found += [_item(session, row, branches, key, what) for row in _due_rows(session, key, until)]
    return found


def _due_rows(session: Session, key: str, until: date, running: tuple[Condition, ...] = ()) -> list[dict[str, Value]]:
    days = Condition(key, "between", (_EARLIEST, until.isoformat()))
    return session.book.select(LEDGER, Query(where=(OWN, *running, days), order=((key, False),)), _DUE_KEYS)


def gaps(session: Session) -> tuple[int, ...]:
    """Ids of ended complaints in which something is not filled in that closing or filing needs."""
    found: set[int] = set()
    ledger = session.ledger(LEDGER.key)
    for field in ledger.fields:
        if field.grade in (Grade.TO_CLOSE, Grade.TO_FILE):
            found.update(session.book.ids(ledger, Query(where=(OWN, _CLOSED, Condition(field.key, "empty")))))
    return tuple(sorted(found))


def _item(
    session: Session, row: dict[str, Value], branches: dict[int, str], key: str = "due_on", what: str = ""
) -> DueItem:
    branch = row["branch"]
    unit = branches.get(branch, "") if isinstance(branch, int) else str(row["department"] or "")
    return DueItem(
        ledger=LEDGER.key,
        record_id=int(str(row["id"])),
        number=str(row["number"]),
        kind=LEDGER.label,
        subject="·".join(part for part in (what, _subject(session, row)) if part),
        unit=unit,
        due_on=date.fromisoformat(str(row[key])),
        icon=LEDGER.icon,
    )


def _subject(session: Session, row: dict[str, Value]) -> str:
    """Masked name and the first sentence of the complaint, or its category."""
    name = listing.display(session, LEDGER.field("complainant"), row["complainant"])
    first = Hider(row.get(key) for key in _NAMES)(_SENTENCE_END.split(str(row["content"] or "").strip(), maxsplit=1)[0])
    what = " ".join(first.split()) or listing.display(session, LEDGER.field("category"), row["category"])
    return "·".join(part for part in (name, what) if part)
