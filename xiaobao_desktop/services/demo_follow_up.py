"""Rectifications and plan items of the demo book: the same for the same dice. The data lie in ``resources/demo``."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from xiaobao_desktop import resources
from xiaobao_desktop.domain.fields import Record, Value
from xiaobao_desktop.domain.ledgers import rectification


class FollowUps:
    """Invents what was put right and what was planned in the last year of the book."""

    def __init__(self, dice: random.Random, staff: Sequence[int], complaints: Mapping[int, str], until: date) -> None:
        """Use ``dice`` for who is responsible; nothing was done after ``until``.

        ``complaints`` are the days of receipt by id.
        """
        self.dice, self.staff, self.complaints, self.until = dice, staff, complaints, until
        self._data: Mapping[str, Any] = resources.json_data("demo", "follow_up.json")

    def rectifications(self) -> list[Record]:
        """Faults in order of the days they were found."""
        return [self._fault(about) for about in self._data["rectifications"]]

    def plans(self) -> list[Record]:
        """The plan of the year in order of the planned days."""
        return [self._task(about) for about in self._data["plans"]]

    def _fault(self, about: Mapping[str, Any]) -> Record:
        found = self.until - timedelta(days=about["found"])

        def after(key: str) -> str | None:
            return (found + timedelta(days=about[key])).isoformat() if key in about else None

        owner, verifier = self._two()
        verified = after("verified")
        values: dict[str, Value] = {
            "source": about["source"],
            "found_on": found.isoformat(),
            "right": tuple(about["right"]) or None,
            "clause": about.get("clause"),
            "problem": about["problem"],
            "measure": about["measure"],
            "department": about["department"],
            "owner": owner,
            "planned_on": after("planned"),
            "finished_on": after("finished"),
            "verifier": verifier if verified else None,
            "verified_on": verified,
            "verdict": rectification.PASSED if verified else None,
            "accountability": about.get("accountability"),
            "complaint": self._complaint(about, found),
        }
        rows = [{"on": (found + timedelta(days=days)).isoformat(), "done": done} for days, done in about["progress"]]
        return Record(values, {rectification.PROGRESS.key: tuple(rows)})

    def _task(self, about: Mapping[str, Any]) -> Record:
        planned = date(self.until.year, about["month"], about["day"])

        def later(key: str) -> str | None:
            day = planned + timedelta(days=about[key]) if key in about else None
            return day.isoformat() if day is not None and day <= self.until else None

        begun = planned - timedelta(days=60) <= self.until
        values: dict[str, Value] = {
            "title": about["title"],
            "kind": about["kind"],
            "planned_on": planned.isoformat(),
            "finished_on": later("done"),
            "department": about["department"],
            "owner": self._two()[0],
            "progress": about.get("progress") if begun else None,
            "happened_on": later("happened"),
            "reported_on": later("reported"),
        }
        if planned <= self.until:
            values.update({key: about.get(key) for key in ("situation", "participants", "conclusion")})
        return Record(values)

    def _two(self) -> tuple[int, int]:
        """Two different people of the staff."""
        owner, verifier = self.dice.sample(self.staff, 2)
        return owner, verifier

    def _complaint(self, about: Mapping[str, Any], found: date) -> int | None:
        """The last complaint that came in before the fault was found, of one that complaints brought to light."""
        before = [one for one, day in self.complaints.items() if day < found.isoformat()]
        return max(before, key=lambda one: self.complaints[one]) if about.get("complaint") and before else None
