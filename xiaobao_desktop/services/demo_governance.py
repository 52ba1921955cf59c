"""Policies, meetings and reviews of the demo book: the same for the same dice. The data lie in ``resources/demo``."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from xiaobao_desktop import resources
from xiaobao_desktop.domain.fields import Record, Value, Values
from xiaobao_desktop.domain.ledgers import meeting, policy, review
from xiaobao_desktop.domain.period import Period

_STILL_OPEN_DAYS = 4
"""What was to be done so shortly before the end is still to be done."""
_HIGHEST_NUMBER = 90


class Governance:
    """Invents the papers of the bank's bodies over some months."""

    def __init__(self, dice: random.Random, name: Callable[[], str], officer: str, until: date) -> None:
        """Use ``dice``; ``name`` invents a person, ``officer`` reviews, nothing is later than ``until``."""
        self.dice, self.officer, self.until = dice, officer, until
        self._chairs = [name() for _place in range(4)]
        self._others = [name() for _place in range(6)]
        self._data: Mapping[str, Any] = resources.json_data("demo", "governance.json")

    def policies(self, insert: Callable[[Record], int]) -> int:
        """Put the policies into the book, those replaced before those that replace them; how many there are."""
        own = {about["name"]: about for about in self._data["policies"]}
        ids: dict[str, int] = {}
        for about in self._data["external"]:
            values = {**about, "level": policy.EXTERNAL, "categories": ("other",), "change": "made"}
            insert(Record({key: value for key, value in values.items() if value}))
        for about in sorted(own.values(), key=lambda item: bool(item.get("replaces"))):
            ids[about["name"]] = insert(self._policy(about, ids))
        return len(own) + len(self._data["external"])

    def meetings(self, months: Iterable[Period]) -> list[Record]:
        """Meetings of the months in order of their days."""
        found: list[Record] = []
        for span in months:
            for about in self._data["meetings"]:
                day = self._working(span.first + timedelta(days=self.dice.randrange(9, 20)))
                if about["month"] == span.first.month and day <= self.until:
                    found.append(self._meeting(about, day, len(found) + 1))
        return found

    def reviews(self, months: Iterable[Period]) -> list[Record]:
        """Reviews of the months in order of the days they came in."""
        found = []
        for span in months:
            count = self.dice.choice(self._data["reviews_a_month"])
            last = (min(span.last, self.until) - span.first).days
            days = sorted(self.dice.randrange(last + 1) for _review in range(count))
            for day, about in zip(days, self.dice.sample(self._data["reviews"], count), strict=True):
                found.append(self._review(about, self._working(span.first + timedelta(days=day))))
        return found

    def _policy(self, about: Mapping[str, Any], ids: Mapping[str, int]) -> Record:
        issued = self._months_before(about["age"])
        number = self.dice.randrange(3, _HIGHEST_NUMBER)
        values: dict[str, Value] = {
            **policy.LEDGER.defaults(),
            "name": about["name"],
            "document_number": self._data["document_number"].format(year=issued.year, number=number),
            "categories": tuple(about["categories"]),
            "change": about["change"],
            "version": about["version"],
            "replaces": ids.get(about.get("replaces", "")),
            "issued_on": min(issued, self.until).isoformat(),
            "in_force_on": issued.isoformat(),
            "approved_by": about["by"],
            "department": "消费者权益保护部",
            "summary": about["summary"],
        }
        for key, months in (("repealed_on", about.get("repealed")), ("reviewed_on", about.get("reviewed"))):
            values[key] = self._months_before(months).isoformat() if months is not None else None
        due = about.get("due")
        values["review_due_on"] = self._months_before(-due).isoformat() if due is not None else None
        return Record({key: value for key, value in values.items() if value is not None})

    def _meeting(self, about: Mapping[str, Any], day: date, place: int) -> Record:
        chair = self._chairs[about["chair"]]
        attended = about["expected"] - (self.dice.random() < 0.3)
        names = [chair, *(name for name in (*self._chairs, *self._others) if name != chair)]
        rows = [self._resolution(words, unit, days, day) for words, unit, days in about["resolutions"]]
        values: dict[str, Value] = {
            "held_on": day.isoformat(),
            "kind": about["kind"],
            "title": about["title"].format(year=day.year),
            "place": self.dice.choice(self._data["rooms"]),
            "chair": chair,
            "recorder": self.officer,
            "minutes_number": self._data["minutes_number"].format(year=day.year, number=place),
            "expected": about["expected"],
            "attended": attended,
            "attendees": "、".join(names[:attended]),
            "topics": "\n".join(about["topics"]),
            "summary": about["summary"],
        }
        return Record(values, {meeting.RESOLUTIONS.key: tuple(rows)})

    def _resolution(self, words: str, unit: str, days: int, day: date) -> Values:
        due = day + timedelta(days=days)
        row: dict[str, Value] = {
            "resolution": words,
            "department": unit,
            "owner": self.dice.choice(self._others),
            "due_on": due.isoformat(),
        }
        done = due - timedelta(days=self.dice.randrange(days // 3))
        if due <= self.until - timedelta(days=_STILL_OPEN_DAYS):
            row.update(done=True, done_on=done.isoformat(), outcome="已按要求完成")
        return row

    def _review(self, about: Mapping[str, Any], received: date) -> Record:
        values: dict[str, Value] = {
            "received_on": received.isoformat(),
            "title": about["title"],
            "kind": about["kind"],
            "department": about["department"],
            "contact": self.dice.choice(self._others),
            "due_on": (received + timedelta(days=self._data["review_term"])).isoformat(),
            "launch_on": (received + timedelta(days=30)).isoformat(),
            "checked_text": about.get("text"),
        }
        finished = received + timedelta(days=self.dice.randrange(*self._data["review_days"]))
        if finished <= self.until - timedelta(days=_STILL_OPEN_DAYS):
            values.update(
                finished_on=finished.isoformat(),
                reviewer=self.officer,
                opinion=about["opinion"],
                conclusion=about["conclusion"],
                adopted=about["adopted"],
                not_adopted_why=about.get("why"),
            )
        return Record({**review.LEDGER.defaults(), **values})

    def _months_before(self, months: int) -> date:
        """The day so many months before the last one (after it when negative), at the latest the 28th of its month."""
        number = self.until.year * 12 + self.until.month - 1 - months
        return date(number // 12, number % 12 + 1, min(self.until.day, 28))

    @staticmethod
    def _working(day: date) -> date:
        """The day itself, or the Friday before a weekend."""
        return day - timedelta(days=max(0, day.weekday() - 4))
