"""Counting by plain loops over what was typed, for comparing with what is printed. Imports nothing of the program."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

from tests.services.figures_book import DEPARTMENTS, ENDS, Case, Plain

RULES = Path(__file__).resolve().parents[2] / "resources" / "rules"
ORDER5 = ("pboc",)
UNFILLED = "未填写"


def names_of(list_name: str) -> dict[str, dict[str, str]]:
    """The entries of a choice list by id."""
    found: dict[str, Any] = json.loads((RULES / "choices.json").read_text(encoding="utf-8"))
    return {item["id"]: item for item in found[list_name]["items"]}


def code_names() -> dict[str, str]:
    """Names of all codes of JR/T 0169."""
    with (RULES / "jrt0169.csv").open(encoding="utf-8") as file:
        return {row["key"]: row["name"] for row in csv.DictReader(file)}


SOURCE, CODES = names_of("source"), code_names()


def pct(part: int, whole: int) -> str:
    """50.00, or — without anything to divide by."""
    if not whole:
        return "—"
    return str((Decimal(part) * 100 / Decimal(whole)).quantize(Decimal("0.01"), ROUND_HALF_UP))


def grown(now: int, base: int) -> str:
    """+12.50, −3.00, 0.00 or —."""
    if not base:
        return "—"
    value = (Decimal(now - base) * 100 / Decimal(base)).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return signed(str(value))


def signed(text: str) -> str:
    if not text.strip("-0."):
        return text.lstrip("-")
    return "−" + text[1:] if text.startswith("-") else "+" + text


def moved(now: int, base: int, unit: str, why: str) -> str:
    """增加3件、上升30.00%; 持平; or that nothing can be said."""
    if now == base:
        return "持平"
    amount = f"{'增加' if now > base else '减少'}{abs(now - base)}{unit}"
    if not base:
        return f"{amount}（{why}为0，不计算增幅）"
    return f"{amount}、{'上升' if now > base else '下降'}{grown(now, base).strip('+−')}%"


class Seen:
    """A case as it was known on one day."""

    def __init__(self, case: Case, day: date) -> None:
        order = {
            "received": 0,
            "supplement": 1,
            "new_facts": 2,
            "extend_30": 5,
            "extend_60": 6,
            "pause": 7,
            "resume": 8,
        }
        late = {"decide": 20, "inform": 21, "withdraw": 22, "merge": 23, "close": 40, "follow_up": 30}
        steps = [step for step in case.steps if step[1] <= day]
        self.case, self.day = case, day
        self.steps = sorted(steps, key=lambda step: (step[1], {**order, **late}[step[0]]))

    def days(self, kind: str) -> list[date]:
        return [on for name, on, _more in self.steps if name == kind]

    @cached_property
    def ended(self) -> date | None:
        return min((on for kind, on, _more in self.steps if kind in ENDS), default=None)

    @cached_property
    def answered(self) -> date | None:
        for kind in ("inform", "decide"):
            if days := self.days(kind):
                return days[-1]
        return self.ended

    @cached_property
    def paused(self) -> bool:
        return self.ended is None and len(self.days("pause")) > len(self.days("resume"))

    @cached_property
    def limits(self) -> tuple[int, date]:
        """Days of the last stage that was opened in time, and the last day."""
        order5 = self.case.values["source"] in ORDER5
        restarts = [on for on in self.days("new_facts") if not (self.ended and on > self.ended)]
        start = max([self.case.received, *restarts])
        stages = {"extend_30": 60 if order5 else 30, "extend_60": 60}
        limit, moved_by = 15, timedelta()
        due = start + timedelta(days=limit)
        begun: date | None = None
        for kind, on, _more in self.steps:
            if on < start or (self.ended and on > self.ended):
                continue
            if kind in stages and stages[kind] > limit and on <= due:
                limit = stages[kind]
            elif kind == "pause":
                begun = on
            elif begun is not None and (kind == "resume" or on == self.ended) and begun <= due:
                moved_by += on - begun
                begun = None
            due = start + timedelta(days=limit) + moved_by
        return limit, due

    @property
    def due(self) -> date:
        agency = self.case.values.get("feedback_due_on")
        day = self.limits[1]
        return min(day, date.fromisoformat(str(agency))) if agency else day

    @property
    def in_time(self) -> bool:
        return self.answered is not None and self.answered <= self.due

    @property
    def waiting(self) -> bool:
        """Whether the clock runs: open, not paused, the complainant not told, or told and then there was more."""
        moves = [kind for kind, _on, _more in self.steps if kind in ("inform", "new_facts", "extend_30", "extend_60")]
        return not (self.ended or self.paused or moves[-1:] == ["inform"])

    @property
    def overdue(self) -> bool:
        """Past the last day while the clock runs."""
        return self.waiting and self.due < self.day

    @property
    def satisfaction(self) -> str:
        judged = [more.get("satisfaction") for kind, _on, more in self.steps if kind == "follow_up"]
        found = judged[-1] if judged else self.case.values.get("satisfaction")
        return {"satisfied": "yes", "fair": "yes", "unsatisfied": "no"}.get(str(found), "")

    @property
    def used(self) -> int:
        assert self.ended is not None
        return (self.ended - self.case.received).days

    @property
    def extended(self) -> bool:
        return self.limits[0] > 15 and self.used > 15


@dataclass
class Counts:
    """The figures of the days from ``first`` to ``last`` as known on ``day``."""

    first: date
    last: date
    day: date
    received: list[Seen]
    closed: list[Seen]
    opening: int
    ending: list[Seen]
    repeats: int

    @property
    def received_closed(self) -> int:
        return sum(one.ended is not None for one in self.received)

    @property
    def overdue(self) -> int:
        return sum(one.overdue for one in self.received)

    @property
    def in_time(self) -> int:
        return sum(one.in_time for one in self.closed)

    @property
    def plain(self) -> int:
        return sum(one.in_time and not one.extended for one in self.closed)

    @property
    def carried(self) -> int:
        return sum(one.case.received < self.first for one in self.closed)

    @property
    def judged(self) -> tuple[int, int]:
        """Followed up with an opinion, and satisfied."""
        found = [one.satisfaction for one in self.closed if one.satisfaction]
        return len(found), found.count("yes")

    @property
    def regulator(self) -> int:
        return sum(SOURCE.get(str(one.case.values["source"]), {}).get("group") == "监管" for one in self.received)

    @property
    def withdrawn(self) -> int:
        return sum(one.steps[-1][0] == "withdraw" for one in self.received if one.ended)

    @property
    def major(self) -> int:
        return sum(one.case.values["level"] == "major" for one in self.received)

    @property
    def average(self) -> str:
        whole = Decimal(sum(one.used for one in self.closed))
        return str((whole / len(self.closed)).quantize(Decimal("0.01"), ROUND_HALF_UP)) if self.closed else "—"


def is_repeat(case: Case) -> bool:
    """Marked as a repeat, or merged into another."""
    return bool(case.values["repeat"]) or any(kind == "merge" for kind, _on, _more in case.steps)


def count(plain: Plain, first: date, last: date, day: date, *, merged: bool = False) -> Counts:
    """Count the complaints of some days; ``merged`` leaves repeats out."""
    every = [case for case in plain.cases if not case.deleted and case.values["nature"] == "complaint"]
    cases = [case for case in every if not (merged and is_repeat(case))]
    seen = [Seen(case, day) for case in cases if case.received <= day]
    stop = min(last, day)
    return Counts(
        first,
        last,
        day,
        received=[one for one in seen if first <= one.case.received <= stop],
        closed=[one for one in seen if one.ended and first <= one.ended <= stop],
        opening=sum(one.case.received < first and not (one.ended and one.ended < first) for one in seen),
        ending=[one for one in seen if one.case.received <= stop and not (one.ended and one.ended <= stop)],
        repeats=sum(is_repeat(case) and first <= case.received <= stop for case in every),
    )


def name_by(plain: Plain) -> dict[str, Callable[[Case], str]]:
    """How a case is called in each breakdown."""

    def code(key: str, *, top: bool = False) -> Callable[[Case], str]:
        def name(case: Case) -> str:
            found = str(case.values[key] or "")
            found = ".".join(found.split(".")[:2]) if top else found
            return CODES.get(found, UNFILLED)

        return name

    return {
        "投诉来源": lambda case: SOURCE.get(str(case.values["source"]), {}).get("name", UNFILLED),
        "业务类别": code("category", top=True),
        "投诉原因": code("cause"),
        "业务办理渠道": code("channel"),
        "被投诉机构": lambda case: plain.branches.get(int(str(case.values["branch"] or 0)), UNFILLED),
    }


def by_name(cases: Iterable[Case], name: Callable[[Case], str]) -> Counter[str]:
    return Counter(name(case) for case in cases)


def departments(counts: Counter[str]) -> int:
    return sum(counts[name] for name in DEPARTMENTS)


def in_days(rows: Sequence[dict[str, Any]], key: str, first: date, last: date) -> list[dict[str, Any]]:
    return [row for row in rows if first.isoformat() <= str(row[key]) <= last.isoformat()]


def total(rows: Iterable[dict[str, Any]], key: str) -> int:
    return sum(int(row[key]) for row in rows if row.get(key) is not None)
