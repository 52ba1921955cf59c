"""Books made by dice for auditing printed figures: every odd case a bank has, kept as plain data beside the book.

Nothing here knows how the program counts: the plain data are what an officer would have typed.
"""

from __future__ import annotations

import calendar
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

from tests.services.support import Clock, new_book
from xiaobao_desktop.domain.fields import Ledger, Record, Value, Values
from xiaobao_desktop.domain.ledgers import ledger
from xiaobao_desktop.services import options, records
from xiaobao_desktop.services.session import Session

TODAY = date(2026, 12, 20)
FIRST = date(2024, 2, 1)
BRANCHES = ("营业部", "城关支行", "河口支行", "柳河支行", "东山支行", "南关支行")
DEPARTMENTS = ("个人金融部", "运营管理部")
SOURCES = ("visit", "call", "letter", "nfra_12378", "pboc", "hotline_12345", "union_hotline", "other")
CATEGORIES = ("B.01", "B.02", "B.03", "B.04", "B.05", "B.12", "B.03.01")
CAUSES = ("C.01", "C.02", "C.03", "C.05", "C.07", "C.11")
CHANNELS = ("A.1.01", "A.1.02", "A.1.03.1", "A.2")
TRAINING_GROUPS = ("managers", "front_line", "newcomers")


@dataclass
class Case:
    """A complaint as typed: its fields, its dated steps; ``id`` once it is in the book."""

    received: date
    values: dict[str, Value]
    steps: list[tuple[str, date, dict[str, Value]]] = field(default_factory=list)
    merged: int | None = None
    deleted: bool = False
    id: int = 0


@dataclass
class Plain:
    """What was typed into a book."""

    cases: list[Case]
    trainings: list[dict[str, Value]]
    events: list[dict[str, Value]]
    mended: list[dict[str, Value]]
    branches: dict[int, str] = field(default_factory=dict)


def make(folder: Path, seed: int, size: int, today: date = TODAY) -> tuple[Session, Plain]:
    """A new open book with ``size`` complaints and what belongs to them, the same for the same seed."""
    dice = random.Random(seed)
    now = datetime(today.year, today.month, today.day, 9, tzinfo=timezone(timedelta(hours=8)))
    session = new_book(folder, Clock(now))
    options.save_settings(session, short_name="云岭村镇银行", preparer="周敏")
    units = _units(session)
    plain = Plain(
        [_case(dice, today, list(units)) for _ in range(size)],
        [_training(dice, today) for _ in range(size // 12)],
        [_event(dice, today) for _ in range(size // 10)],
        [_mended(dice, today) for _ in range(size // 14)],
        units,
    )
    plain.cases.sort(key=lambda item: item.received)
    _merge(dice, plain.cases)
    _put_cases(session, plain.cases)
    for key, rows in (("training", plain.trainings), ("outreach", plain.events), ("rectification", plain.mended)):
        _insert(session, ledger(key), [Record({**ledger(key).defaults(), **row}) for row in rows])
    _bin(session, dice, plain.cases)
    return session, plain


def day_in(dice: random.Random, today: date) -> date:
    """A day up to ``today``; often the last one of a month, a year, or a leap day."""
    day = FIRST + timedelta(days=int((today - FIRST).days * max(dice.random(), dice.random())))
    if dice.random() < 0.15:
        day = min(today, day.replace(day=calendar.monthrange(day.year, day.month)[1]))
    if dice.random() < 0.02:
        day = dice.choice((date(2024, 2, 29), date(2025, 12, 31), date(2026, 1, 1), date(2026, 10, 31)))
    return day


def _units(session: Session) -> dict[int, str]:
    target = ledger("branch")
    rows: list[dict[str, Value]] = [
        {"name": name, "kind": "department" if name in DEPARTMENTS else "outlet", "active": True}
        for name in (*BRANCHES, *DEPARTMENTS)
    ]
    ids = _insert(session, target, [Record({**target.defaults(), **row}) for row in rows])
    return dict(zip(ids, (*BRANCHES, *DEPARTMENTS), strict=True))


def _case(dice: random.Random, today: date, units: Sequence[int]) -> Case:
    received = day_in(dice, today)
    values: dict[str, Value] = {
        "source": dice.choice(SOURCES) if dice.random() > 0.03 else None,
        "category": dice.choice(CATEGORIES) if dice.random() > 0.05 else None,
        "cause": dice.choice(CAUSES) if dice.random() > 0.05 else None,
        "channel": dice.choice(CHANNELS) if dice.random() > 0.2 else None,
        "branch": dice.choice(units) if dice.random() > 0.08 else None,
        "nature": "complaint" if dice.random() > 0.1 else dice.choice(("inquiry", "suggestion", "praise")),
        "level": "major" if dice.random() < 0.05 else "normal",
        "repeat": dice.random() < 0.08,
        "closing_way": dice.choice(("settled", "explained", "not_ours", None)),
        "compensation": dice.randrange(1, 90_000) if dice.random() < 0.1 else None,
        "complainant": "刘秀兰",
        "phone": "13907991234",
        "content": "反映收费问题。",
    }
    case = Case(received, values, [("received", received, {})])
    _course(dice, case)
    case.steps = [step for step in case.steps if step[1] <= today]
    if not any(kind in ENDS for kind, _on, _more in case.steps):
        values["closing_way"] = None
    return case


ENDS = ("close", "withdraw", "merge")


def _course(dice: random.Random, case: Case) -> None:
    """How a case went on; steps that would come later than today are cut by the caller."""
    steps, start = case.steps, case.received

    def add(kind: str, after: int, **more: Value) -> date:
        on = start + timedelta(days=after)
        steps.append((kind, on, more))
        return on

    way = dice.random()
    if way < 0.06:
        add("withdraw", dice.randrange(0, 20))
        return
    if way < 0.2:
        # An old ledger gave the day of the end alone.
        add("close", dice.choice((0, 3, 14, 15, 16, 31, 70)))
        case.values["satisfaction"] = dice.choice(("satisfied", "fair", "unsatisfied", "unreached", None))
        return
    _delays(dice, case, add)
    if way > 0.92:
        return
    decided = dice.choice((1, 5, 10, 14, 15, 16, 17, 28, 30, 31, 45, 60, 75))
    add("decide", decided)
    informed = decided + dice.choice((0, 0, 1, 3))
    if way < 0.85:
        add("inform", informed, way="phone")
    if way > 0.88:
        return
    closed = informed + dice.choice((0, 0, 0, 2, 10, 25))
    add("close", closed)
    if dice.random() < 0.6:
        judged = dice.choice(("satisfied", "satisfied", "fair", "unsatisfied", "unreached"))
        add("follow_up", closed + dice.choice((0, 1, 5, 20, 40)), satisfaction=judged)


def _delays(dice: random.Random, case: Case, add: object) -> None:
    """Extensions (some too late), pauses (some without an end), new facts, a day that the agency set."""
    assert callable(add)
    told = (case.received + timedelta(days=10)).isoformat()
    reasons: dict[str, Value] = {"reason": "需外部核实", "approver": "王建国", "told_on": told}
    way = dice.random()
    if way < 0.12:
        add("extend_30", dice.choice((9, 14, 15, 16, 20)), **reasons)
    if way < 0.05:
        add("extend_60", dice.choice((28, 30, 31)), **reasons)
    if 0.12 < way < 0.2:
        begin = dice.choice((2, 8, 14, 15, 16, 18))
        add("pause", begin, pause_for="mediation", proof="受理书")
        if dice.random() < 0.7:
            add("resume", begin + dice.choice((1, 7, 30)))
    if 0.2 < way < 0.25:
        add("new_facts", dice.choice((3, 10)), note="补充了新的流水")
    if way > 0.92 and case.values["source"] in ("nfra_12378", "hotline_12345"):
        case.values["feedback_due_on"] = (case.received + timedelta(days=dice.choice((5, 10, 15)))).isoformat()


def _merge(dice: random.Random, cases: list[Case]) -> None:
    """Some of the open ones are merged into an earlier one."""
    for place, case in enumerate(cases):
        if place and len(case.steps) == 1 and dice.random() < 0.3:
            on = case.received + timedelta(days=2)
            if on <= TODAY:
                case.steps.append(("merge", on, {}))
                case.merged = dice.randrange(place)


def _put_cases(session: Session, cases: Sequence[Case]) -> None:
    """The cases in the order of receipt, so that what one is merged into is there already."""
    target = ledger("complaint")
    for start in range(0, len(cases), 50):
        with session.book.transaction("登记投诉", session.user, session.now()) as writing:
            for case in cases[start : start + 50]:
                rows: list[Values] = [
                    {"kind": kind, "happened_on": on.isoformat(), **more} for kind, on, more in case.steps
                ]
                into = {"merged_into": cases[case.merged].id} if case.merged is not None else {}
                typed = {**target.defaults(), **case.values, **into}
                whole = target.complete(None, Record(typed, {"step": tuple(rows)}), session.rules)
                case.id = int(str(writing.insert(target, whole).id))
    session.forget(target.key)


def _bin(session: Session, dice: random.Random, cases: Sequence[Case]) -> None:
    """A few go into the recycle bin; half of them come out again."""
    target = ledger("complaint")
    for case in dice.sample(list(cases), max(1, len(cases) // 50) if cases else 0):
        if any(other.merged is not None and cases[other.merged] is case for other in cases):
            continue
        records.delete(session, target, case.id)
        case.deleted = True
        if dice.random() < 0.5:
            records.restore(session, target, case.id)
            case.deleted = False


def _training(dice: random.Random, today: date) -> dict[str, Value]:
    counts: dict[str, Value] = {
        f"{group}_count": dice.randrange(0, 20) for group in TRAINING_GROUPS if dice.random() < 0.6
    }
    expected = dice.randrange(10, 1200) if dice.random() > 0.1 else None
    return {
        "held_on": day_in(dice, today).isoformat(),
        "topic": dice.choice(("投诉处理", "个人信息保护", "适当性管理")),
        "category": dice.choice(("complaint", "law", None)),
        "expected": expected,
        "attended": expected - dice.randrange(0, 9) if expected and dice.random() > 0.1 else None,
        "hours": dice.choice((100, 150, 225)),
        **counts,
    }


def _event(dice: random.Random, today: date) -> dict[str, Value]:
    def some(most: int) -> int | None:
        return dice.randrange(0, most) if dice.random() > 0.2 else None

    return {
        "held_on": day_in(dice, today).isoformat(),
        "name": "进社区宣传",
        "campaign": dice.choice(("routine", "education_week_2026", None)),
        "sessions": dice.choice((None, 1, 1, 2, 5)),
        "staff_count": some(20),
        "audience_count": some(2500),
        "materials": some(900),
        "questions": some(60),
        "originals": some(4),
        "cost": some(300_000),
        "person_days": dice.choice((None, 50, 150, 300)),
    }


def _mended(dice: random.Random, today: date) -> dict[str, Value]:
    found = day_in(dice, today)
    planned = found + timedelta(days=dice.choice((5, 30, 60)))
    finished = found + timedelta(days=dice.choice((3, 20, 45, 90))) if dice.random() < 0.7 else None
    finished = finished if finished and finished <= today else None
    verified = finished + timedelta(days=dice.choice((0, 5, 20))) if finished and dice.random() < 0.8 else None
    verified = verified if verified and verified <= today else None
    return {
        "source": dice.choice(("supervision", "audit", "self_check", "root_cause")),
        "found_on": found.isoformat(),
        "problem": "公示牌更新不及时",
        "planned_on": planned.isoformat() if dice.random() > 0.1 else None,
        "finished_on": finished.isoformat() if finished else None,
        "verified_on": verified.isoformat() if verified else None,
        "verdict": dice.choice(("pass", "pass", "fail")) if verified else None,
    }


def _insert(session: Session, target: Ledger, made: Sequence[Record]) -> list[int]:
    with session.book.transaction("登记", session.user, session.now()) as writing:
        ids = [int(str(writing.insert(target, target.complete(None, record, session.rules)).id)) for record in made]
    session.forget(target.key)
    return ids
