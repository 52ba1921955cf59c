"""Trainings and events of the demo book: the same for the same dice. The data lie in ``resources/demo``."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from xiaobao_desktop import resources
from xiaobao_desktop.domain.catalog import Catalog, Choice
from xiaobao_desktop.domain.fields import Record, Value, Values
from xiaobao_desktop.domain.ledgers import outreach, training
from xiaobao_desktop.domain.period import Period

_ABSENT, _FAILED = 0.04, 0.03
"""Share of people who do not come to a training, and of those present who do not pass."""


@dataclass(frozen=True)
class Person:
    """Someone of the staff: id in the book and group."""

    id: int
    group: str


class Activities:
    """Invents the trainings and events of some months."""

    def __init__(self, dice: random.Random, catalog: Catalog, until: date) -> None:
        """Use ``dice``; nothing is later than ``until``."""
        self.dice, self.until = dice, until
        self._campaigns = catalog.list("campaign").items
        self._data: Mapping[str, Any] = resources.json_data("demo", "activities.json")

    def trainings(self, months: Iterable[Period], staff: Sequence[Person]) -> list[Record]:
        """Trainings of the months in order of their days, with their attendees."""
        found = []
        for span in months:
            chosen = self._several(self._data["trainings"], self.dice.choice(self._data["trainings_a_month"]))
            if span.first.month == self._data["induction_month"]:
                chosen.append(self._data["induction"])
            for day, about in zip(self._days(span, len(chosen)), chosen, strict=False):
                found.append(self._training(day, about, staff))
        return found

    def events(self, months: Iterable[Period], branches: Mapping[int, str]) -> list[Record]:
        """Events of the months in order of their days; ``branches`` names the outlets by id."""
        found = []
        for span in months:
            busy = str(span.first.month) in self._data["campaign_months"]
            least, most = self._data["events_a_month"]["campaign" if busy else "usual"]
            chosen = self._several(self._data["events"], self.dice.randrange(least, most + 1))
            for day, about in zip(self._days(span, len(chosen)), chosen, strict=False):
                found.append(self._event(day, about, branches))
        return found

    def _training(self, day: date, about: Mapping[str, Any], staff: Sequence[Person]) -> Record:
        lecturer, lecturer_from = self.dice.choice(self._data["lecturers"])
        hours = about["hours"]
        start = self.dice.choice((9, 14))
        minutes = 60 * start + 30 + hours * 45 // 100
        values: dict[str, Value] = {
            "held_on": day.isoformat(),
            "start_time": f"{start:02d}:30",
            "end_time": f"{minutes // 60:02d}:{minutes % 60:02d}",
            "topic": about["topic"],
            "category": about["category"],
            "form": about["form"],
            "place": self.dice.choice(self._data["rooms"]),
            "department": self.dice.choice(self._data["departments"]),
            "lecturer": lecturer,
            "lecturer_from": lecturer_from,
            "hours": hours,
            "exam_way": about["exam"],
            "audience": tuple(about["groups"]),
            "extra_for_complaints": bool(about.get("extra")),
            "content": about["content"],
        }
        rows = self._attendees(about, staff)
        return Record(values, {training.ATTENDEES.key: tuple(rows)})

    def _attendees(self, about: Mapping[str, Any], staff: Sequence[Person]) -> list[Values]:
        invited = [person for person in staff if person.group in about["groups"]]
        if about.get("extra"):
            invited = sorted(self.dice.sample(invited, len(invited) // 3), key=lambda person: person.id)
        rows: list[Values] = []
        for person in invited:
            present = self.dice.random() > _ABSENT
            passed = present and about["exam"] != training.NOT_EXAMINED and self.dice.random() > _FAILED
            rows.append({"staff": person.id, "group": person.group, "attended": present, "passed": passed})
        return rows

    def _event(self, day: date, about: Mapping[str, Any], branches: Mapping[int, str]) -> Record:
        branch_id = self.dice.choice(list(branches))
        branch, town = branches[branch_id], self.dice.choice(self._data["towns"])
        place = about["place"].format(branch=branch, town=town)
        numbers = self._online() if about.get("online") else self._counters()
        words = {"branch": branch, "place": place, **{key: numbers.get(key) for key in ("materials", "questions")}}
        start = self.dice.choice((8, 9, 14, 15))
        values: dict[str, Value] = {
            **outreach.LEDGER.defaults(),
            "held_on": day.isoformat(),
            "start_time": f"{start:02d}:30",
            "end_time": f"{start + 2:02d}:30",
            "name": about["name"],
            "campaign": self._campaign(day),
            "topic": about["topic"],
            "forms": tuple(about["forms"]),
            "venues": tuple(about["venues"]) or None,
            "groups": tuple(about["groups"]),
            "place": place or None,
            "branch": branch_id,
            "content": about["content"].format(**words),
            "highlights": about["highlights"] or None,
            **numbers,
        }
        return Record(values)

    def _counters(self) -> dict[str, Value]:
        people = self.dice.randrange(3, 11)
        audience = self.dice.randrange(60, 420, 10)
        return {
            "staff_count": people,
            "audience_count": audience,
            "materials": audience + self.dice.randrange(0, 120, 10),
            "questions": self.dice.randrange(8, 45),
            "teams": 1,
            "originals": 0,
            "media_reports": int(self.dice.random() < 0.1),
            "cost": self.dice.randrange(200, 1300, 50) * 100,
            "person_days": people * 50,
        }

    def _online(self) -> dict[str, Value]:
        return {
            "staff_count": self.dice.randrange(1, 4),
            "audience_count": self.dice.randrange(400, 2600),
            "originals": self.dice.randrange(1, 4),
            "reposts": self.dice.randrange(1, 6),
            "clicks": self.dice.randrange(600, 4200),
            "cost": 0,
            "person_days": 100,
        }

    def _campaign(self, day: date) -> str:
        """The campaign of the month, else 万里行 or 常态化."""
        series = self._data["campaign_months"].get(str(day.month))
        if series is None:
            series = "long_march" if self.dice.random() < 0.2 else "routine"
        fitting = [item for item in self._campaigns if item.extra.get("series") == series]
        of_year = [item for item in fitting if item.extra.get("year") == str(day.year) and _open_on(item, day)]
        return (of_year or [item for item in self._campaigns if item.id == "routine"])[0].id

    def _days(self, span: Period, count: int) -> list[date]:
        """Working days of a month, in order; none after the last known day."""
        last = min(span.last, self.until)
        days = [span.first + timedelta(days=number) for number in range((last - span.first).days + 1)]
        working = [day for day in days if day.weekday() < 5]
        return sorted(self.dice.choices(working, k=count)) if working else []

    def _several(self, options: Sequence[Mapping[str, Any]], count: int) -> list[Mapping[str, Any]]:
        return self.dice.choices(options, [item["weight"] for item in options], k=count)


def _open_on(campaign: Choice, day: date) -> bool:
    """Whether a campaign runs on a day; one without days runs all year."""
    first, last = campaign.extra.get("first"), campaign.extra.get("last")
    return not (first and last) or first <= day.isoformat() <= last
