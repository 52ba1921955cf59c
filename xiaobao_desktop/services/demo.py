"""A believable demo book: an invented bank of 14 outlets and two years of its work, the same for the same seed.

The data lie in ``resources/demo``; only the dice are here.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from xiaobao_desktop import resources
from xiaobao_desktop.domain.fields import Ledger, Record, Value, Values
from xiaobao_desktop.domain.ledgers import (
    ledger,
    meeting,
    outreach,
    plan,
    policy,
    rectification,
    review,
    training,
)
from xiaobao_desktop.domain.period import Period, month, parse_period
from xiaobao_desktop.errors import UnknownPeriod
from xiaobao_desktop.services import demo_inspections
from xiaobao_desktop.services.books import book_at, create_book, open_book
from xiaobao_desktop.services.clock import Clock, wall_clock
from xiaobao_desktop.services.demo_activities import Activities, Person
from xiaobao_desktop.services.demo_follow_up import FollowUps
from xiaobao_desktop.services.demo_governance import Governance
from xiaobao_desktop.services.records import search_words
from xiaobao_desktop.services.session import Session

FOLDER = "演示台账"
"""Name of the demo book's folder among the program's own files."""

MONTHS = 24
DEFAULT_COMPLAINTS = 420
BATCH = 500
STILL_OPEN_DAYS = 17
STILL_OPEN_SHARE = 0.45
LEADING_GROUP = ("leader", "deputy", "member", "member", "member", "member", "member")
"""Posts in the leading group, outlet by outlet."""


def make_demo(
    directory: Path, *, seed: int = 1, complaints: int | None = None, end: str = "2026-10", today: date | None = None
) -> dict[str, int]:
    """Make a demo book that opens without a password.

    Args:
        directory: must not hold a book.
        seed: the same seed gives the same records.
        complaints: how many; about seventeen a month by default.
        end: last month, YYYY-MM; two years end with it.
        today: nothing is recorded after this day; by default the last day of ``end``.

    Returns:
        Number of records by ledger key.

    Raises:
        BookExists: the folder holds a book already.
        UnknownPeriod: ``end`` is not a month.
    """
    last = parse_period(end)
    if last.months != 1:
        raise UnknownPeriod(text=end)
    data = resources.json_data("demo", "bank.json")
    until = min(today or last.last, last.last)
    session, _recovery = create_book(
        directory,
        bank=data["bank"],
        officer=data["officer"],
        password="",
        open_without_password=True,
        clock=lambda: datetime.combine(until, time(9)).astimezone(),
    )
    try:
        dice = random.Random(seed)  # noqa: S311 - dice for a show, no secret
        return _Demo(session, data, dice, until).make(DEFAULT_COMPLAINTS if complaints is None else complaints)
    finally:
        session.close()


def open_demo(directory: Path, clock: Clock = wall_clock) -> Session:
    """The demo book in ``directory``, made up to today when it is not there yet.

    Raises:
        UserError: it cannot be made or opened.
    """
    if not book_at(directory):
        today = clock().date()
        make_demo(directory, end=f"{today:%Y-%m}", today=today)
    return open_book(directory, None, clock=clock)


class _Demo:
    """Fills one empty book."""

    def __init__(self, session: Session, data: Mapping[str, Any], dice: random.Random, until: date) -> None:
        self.session, self.data, self.dice, self.until = session, data, dice, until
        self.branches: list[int] = []
        self.handlers: dict[int, int] = {}

    def make(self, complaints: int) -> dict[str, int]:
        keys = ("short_name", "department", "addressee", "regulator", "reviewer", "responsible", "executive")
        with self.session.book.transaction("建立演示账簿", self.session.user, self.session.now()) as changes:
            for key in keys:
                changes.set_setting(key, self.data[key])
            changes.set_setting("demo", "1")
        branches = self._insert(ledger("branch"), [self._branch(item) for item in self.data["branches"]])
        self.branches = branches
        people = self._staff()
        staff = self._insert(ledger("staff"), people)
        for person, staff_id in zip(people, staff, strict=True):
            self.handlers.setdefault(int(str(person.values["branch"])), staff_id)
        found = self._insert(ledger("complaint"), self._complaints(complaints))
        counted = {"branch": len(branches), "staff": len(staff), "complaint": len(found)}
        counted.update(self._add_activities(people, staff))
        counted.update(self._add_governance())
        counted.update(self._add_follow_ups(staff, found))
        return self._add_inspections(counted)

    def _add_activities(self, people: Sequence[Record], staff: Sequence[int]) -> dict[str, int]:
        """Trainings and events, with dice of their own: more of them change no complaint."""
        dice = random.Random(self.dice.randrange(10**9))  # noqa: S311 - dice for a show, no secret
        made = Activities(dice, self.session.rules.catalog, self.until)
        months = self._months()[::-1]
        persons = [Person(number, str(record.values["group"])) for record, number in zip(people, staff, strict=True)]
        names = {key: self.session.link_names("branch")[key] for key in self.branches}
        added = ((training.LEDGER, made.trainings(months, persons)), (outreach.LEDGER, made.events(months, names)))
        return {target.key: len(self._insert(target, records)) for target, records in added}

    def _add_governance(self) -> dict[str, int]:
        """Policies, meetings and reviews, with dice of their own."""
        dice = random.Random(self.dice.randrange(10**9))  # noqa: S311 - dice for a show, no secret
        made = Governance(dice, self._name, self.data["officer"], self.until)
        months = self._months()[::-1]
        policies = made.policies(lambda record: self._insert(policy.LEDGER, [record])[0])
        added = ((meeting.LEDGER, made.meetings(months)), (review.LEDGER, made.reviews(months)))
        counted = {target.key: len(self._insert(target, records)) for target, records in added}
        return {policy.LEDGER.key: policies, **counted}

    def _add_follow_ups(self, staff: Sequence[int], complaints: Sequence[int]) -> dict[str, int]:
        """Rectifications and the year's plan, with dice of their own."""
        dice = random.Random(self.dice.randrange(10**9))  # noqa: S311 - dice for a show, no secret
        rows = self.session.book.rows(ledger("complaint"), complaints, ("received_on",))
        received = {int(str(row["id"])): str(row["received_on"]) for row in rows}
        made = FollowUps(dice, staff, received, self.until)
        added = ((rectification.LEDGER, made.rectifications()), (plan.LEDGER, made.plans()))
        return {target.key: len(self._insert(target, records)) for target, records in added}

    def _add_inspections(self, counted: Mapping[str, int]) -> dict[str, int]:
        """Inspections, and what came of them, on top of what was made before; nothing of it is thrown by dice."""
        names = self.session.link_names("branch")
        branches = {names[branch_id]: branch_id for branch_id in self.branches}
        made = demo_inspections.add(self.session, branches, self.until)
        return {**counted, **{key: counted.get(key, 0) + number for key, number in made.items()}}

    def _insert(self, target: Ledger, records: Sequence[Record]) -> list[int]:
        ids: list[int] = []
        rules = self.session.rules
        for start in range(0, len(records), BATCH):
            with self.session.book.transaction("演示数据", self.session.user, self.session.now()) as changes:
                for record in records[start : start + BATCH]:
                    whole = target.complete(None, record, rules)
                    written = changes.insert(target, whole, extra_text=search_words(self.session, target, whole))
                    ids.append(int(str(written.id)))
        self.session.forget(target.key)
        return ids

    def _branch(self, item: Mapping[str, Any]) -> Record:
        head = self._name()
        phone = f"0799-6{self.dice.randrange(100000, 999999)}"
        values: dict[str, Value] = {"name": item["name"], "kind": "outlet", "region": item["region"], "active": True}
        return Record({**values, "head": head, "phone": phone, "code": f"8{self.dice.randrange(10000, 99999)}"})

    def _staff(self) -> list[Record]:
        people = []
        for branch_id in self.branches:
            for number, (post, group) in enumerate(self.data["posts"]):
                joined = date(self.dice.randrange(2008, 2026), self.dice.randrange(1, 13), 15)
                values: dict[str, Value] = {
                    "name": self._name(),
                    "staff_no": f"{branch_id:02d}{number + 1:03d}",
                    "branch": branch_id,
                    "department": None,
                    "post": post,
                    "group": group,
                    "joined_on": joined.isoformat(),
                    "phone": self._phone(),
                    "active": True,
                    "group_post": self._group_post(branch_id, number),
                    "duty": "part" if branch_id == self.branches[0] and number == 1 else None,
                }
                people.append(Record(values))
        return people

    def _group_post(self, branch_id: int, number: int) -> str | None:
        """The heads of the first outlets make up the leading group."""
        place = self.branches.index(branch_id)
        return (LEADING_GROUP[place] if place < len(LEADING_GROUP) else None) if number == 0 else None

    def _complaints(self, total: int) -> list[Record]:
        months = self._months()
        weights = [self.data["months"][span.first.month - 1] for span in months]
        days = []
        for span in self.dice.choices(months, weights, k=total):
            latest = min(span.last, self.until)
            days.append(span.first + timedelta(days=self.dice.randrange((latest - span.first).days + 1)))
        return [self._complaint(day) for day in sorted(days)]

    def _months(self) -> list[Period]:
        """The months of the demo, the last one first."""
        months = [month(self.until.year, self.until.month)]
        for _step in range(MONTHS - 1):
            months.append(months[-1].before())
        return months

    def _complaint(self, received: date) -> Record:
        matter = self._weighted(self.data["matters"], [item["weight"] for item in self.data["matters"]])
        low, high = matter["amount"]
        amount = self.dice.randrange(low, high + 1) if high else 0
        branch = self._weighted(self.branches, [item["weight"] for item in self.data["branches"]])
        source = self._pick(self.data["sources"])
        values: dict[str, Value] = {
            **ledger("complaint").defaults(),
            "received_on": received.isoformat(),
            "received_time": f"{self.dice.randrange(8, 18):02d}:{self.dice.randrange(0, 60, 5):02d}",
            "source": source,
            "source_number": self._ticket(source, received),
            "complainant": self._name(),
            "phone": self._phone(),
            "id_number": self._id_number() if self.dice.random() < 0.4 else None,
            "special_groups": ("elderly",) if self.dice.random() < 0.12 else (),
            "category": matter["category"],
            "cause": self._pick(matter["causes"]),
            "channel": matter["channel"],
            "branch": branch,
            "amount": amount * 100 if amount else None,
            "rights": tuple(matter["rights"]),
            "content": self.dice.choice(matter["content"]).format(amount=amount),
            "request": self.dice.choice(matter["request"]).format(amount=amount),
            "department": matter["department"],
            "handler": self.handlers.get(branch),
            "recusal_checked": True,
            "repeat": self.dice.random() < 0.03,
        }
        steps = self._steps(received, str(values["received_time"]), matter, values, amount)
        return Record(values, {"step": tuple(steps)})

    def _steps(
        self, received: date, at: str, matter: Mapping[str, Any], values: dict[str, Value], amount: int
    ) -> list[Values]:
        """The timeline of a case up to the last known day; an end adds result, satisfaction and way of closing."""
        days = max(1, int(self.dice.triangular(1, 15, 6)))
        late = self.dice.random()
        extended = late < 0.05
        days = days + 15 if extended else (days + 16 if late > 0.98 else days)
        if not extended and (self.until - received).days <= STILL_OPEN_DAYS and self.dice.random() < STILL_OPEN_SHARE:
            # Some recent cases wait for their decision, so that the workbench has something due, today and late.
            days = 2 * STILL_OPEN_DAYS
        plan: list[dict[str, Value]] = [{"kind": "received", "happened_on": received.isoformat(), "happened_at": at}]

        def add(kind: str, after: int, **more: Value) -> None:
            on = received + timedelta(days=after)
            if on <= self.until:
                clock = f"{self.dice.randrange(9, 17):02d}:{self.dice.randrange(0, 60, 5):02d}"
                plan.append({"kind": kind, "happened_on": on.isoformat(), "happened_at": clock, **more})

        answer_by = (received + timedelta(days=8)).isoformat()[5:]
        note = self.dice.choice(self.data["transfer_note"]).format(day=answer_by)
        if self.dice.random() < 0.04 and days > 2:
            add("withdraw", 2, note="客户来电撤回投诉")
            return [*plan]
        if days >= 2:
            add("transfer", min(1, days), department=matter["department"], note=note)
            add("investigate", min(3, days - 1) or 1, note=self.dice.choice(self.data["investigation"]))
        if extended:
            told = (received + timedelta(days=14)).isoformat()
            reason = self.dice.choice(self.data["extension_reasons"])
            add("extend_30", 14, reason=reason, approver=self.data["approver"], told_on=told)
        add("decide", days, approver=self.data["approver"])
        add("inform", days, way=self.dice.choice(("phone", "phone", "written", "message")), proof="通话录音或送达回证")
        add("close", days)
        if received + timedelta(days=days) <= self.until:
            values["decision"] = self.dice.choice(matter["decision"]).format(amount=amount)
            values["closing_way"] = self._pick(self.data["closing_words"])
            values["satisfaction"] = self._pick(self.data["satisfaction"])
        return [*plan]

    def _ticket(self, source: str, received: date) -> str | None:
        if source in ("call", "visit", "letter", "online"):
            return None
        return f"{received:%Y%m%d}{self.dice.randrange(1000, 9999)}"

    def _name(self) -> str:
        return f"{self.dice.choice(self.data['surnames'])}{self.dice.choice(self.data['given'])}"

    def _phone(self) -> str:
        return f"1{self.dice.choice((38, 39, 50, 51, 58, 77, 82, 87, 99))}{self.dice.randrange(10**7, 10**8)}"

    def _id_number(self) -> str:
        """A well-formed number of district 999999, which no district has."""
        born = date(1945, 1, 1) + timedelta(days=self.dice.randrange(21000))
        body = f"999999{born:%Y%m%d}{self.dice.randrange(1, 999):03d}"
        weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
        return body + "10X98765432"[sum(int(a) * b for a, b in zip(body, weights, strict=True)) % 11]

    def _pick(self, weights: Mapping[str, int]) -> str:
        return str(self._weighted(list(weights), list(weights.values())))

    def _weighted(self, options: Sequence[Any], weights: Sequence[int]) -> Any:
        return self.dice.choices(options, weights)[0]
