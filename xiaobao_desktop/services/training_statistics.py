"""Statistics of training for screen, report and command line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from xiaobao_desktop.domain.fields import Value, Values
from xiaobao_desktop.domain.ledgers import ledger
from xiaobao_desktop.domain.ledgers.training import ATTENDEES, GROUP_COUNTS, LEDGER, NOT_EXAMINED
from xiaobao_desktop.domain.numbers import percent, plain_decimal
from xiaobao_desktop.domain.period import Period
from xiaobao_desktop.domain.statistics import Group
from xiaobao_desktop.domain.training_statistics import (
    Coverage,
    TrainingFigures,
    TrainingRow,
    breakdown,
    coverage,
    figures,
    in_period,
)
from xiaobao_desktop.services.origins import Chosen, conditions
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.query import OWN, Condition, Query

_KEYS = (
    "held_on",
    "expected",
    "attended",
    "passed",
    "audience",
    "hours",
    "exam_way",
    "extra_for_complaints",
    "category",
    "form",
    *GROUP_COUNTS.values(),
)


@dataclass(frozen=True)
class TrainingStatistics:
    """Figures of a period and the coverage of the year in which it ends.

    Attributes:
        dimensions: trainings by category and form.
        coverage: of the year up to the day of view.
        group_names: name of each group by id.
    """

    figures: TrainingFigures
    dimensions: dict[str, tuple[Group, ...]]
    coverage: tuple[Coverage, ...]
    group_names: dict[str, str]

    @property
    def missing(self) -> tuple[str, ...]:
        """Names of the groups that no training of the year has reached yet."""
        return tuple(self.group_names[item.group] for item in self.coverage if not item.covered)


def training_rows(session: Session, chosen: Chosen = ()) -> list[TrainingRow]:
    """Every training outside the recycle bin as a statistics row, in order of its day.

    ``chosen`` leaves only those of some 来源机构.
    """
    query = Query(where=conditions(chosen), order=(("held_on", False), ("number", False)))
    found = session.book.select(LEDGER, query, _KEYS)
    dated = [row for row in found if row["held_on"]]
    attendees = session.book.child_rows(LEDGER, ATTENDEES, [int(str(row["id"])) for row in dated])
    return [_row(session, row, attendees.get(int(str(row["id"])), ())) for row in dated]


def statistics(session: Session, period: Period, as_of: date | None = None, chosen: Chosen = ()) -> TrainingStatistics:
    """Statistics of a period.

    Args:
        session: the open book.
        period: the period counted.
        as_of: day of view; by default the last day of the period.
        chosen: the 来源机构 that count; () for all.
    """
    return summarise(session, training_rows(session, chosen), period, as_of or period.last)


def summarise(session: Session, rows: list[TrainingRow], period: Period, as_of: date) -> TrainingStatistics:
    """Statistics from rows that were read before."""
    chosen = in_period(rows, period, as_of)
    catalog = session.rules.catalog
    return TrainingStatistics(
        figures=figures(rows, period, as_of),
        dimensions={
            "category": breakdown(chosen, "category", _names(session, "training_category")),
            "form": breakdown(chosen, "form", _names(session, "training_form")),
        },
        coverage=coverage(rows, period.last.year, min(as_of, period.last), staff_groups(session)),
        group_names={group: catalog.list("staff_group").label(group) for group in GROUP_COUNTS},
    )


def staff_groups(session: Session) -> dict[str, frozenset[int]]:
    """The groups that training must reach, each with the ids of its people at work."""
    staff = ledger("staff")
    found = session.book.select(staff, Query(where=(OWN, Condition("active", "eq", (True,)))), ("group",))
    return {group: frozenset(int(str(row["id"])) for row in found if row["group"] == group) for group in GROUP_COUNTS}


def as_json(result: TrainingStatistics) -> dict[str, object]:
    """Statistics as the command line prints them: rates as text, exact and rounded half up to two digits."""
    found = result.figures
    return {
        "sessions": found.sessions.count,
        "expected": found.expected,
        "attended": found.attended,
        "attendance_rate": percent(found.rate),
        "uncounted": found.uncounted.count,
        "groups": {name: found.groups.get(group, 0) for group, name in result.group_names.items()},
        "hours": plain_decimal(found.hours),
        "person_hours": plain_decimal(found.person_hours),
        "examined": found.examined.count,
        "passed": found.passed,
        "pass_rate": percent(found.pass_rate),
        "extra_for_complaints": found.extra.count,
        "dimensions": {
            name: {group.name: group.count for group in groups} for name, groups in result.dimensions.items()
        },
        "coverage": {
            "year": found.period.last.year,
            "groups": {
                result.group_names[item.group]: {
                    "sessions": item.sessions.count,
                    "attended": item.attended,
                    "people": item.people,
                    "staff": item.staff,
                }
                for item in result.coverage
            },
            "missing": list(result.missing),
        },
    }


def _row(session: Session, row: dict[str, Value], attendees: tuple[Values, ...]) -> TrainingRow:
    catalog = session.rules.catalog
    attended = _number(row["attended"])
    if attendees and attended is None:
        attended = 0  # A list on which nobody is said to have been there yet reaches nobody.
    groups = {group: number for group, key in GROUP_COUNTS.items() if (number := _number(row[key])) is not None}
    audience = row["audience"] if isinstance(row["audience"], tuple) else ()
    return TrainingRow(
        id=int(str(row["id"])),
        held_on=date.fromisoformat(str(row["held_on"])),
        expected=_number(row["expected"]),
        attended=_number(row["attended"]),
        passed=_number(row["passed"]),
        groups=groups,
        reached=_reached(groups, audience, attended),
        hours=_number(row["hours"]),
        examined=bool(row["exam_way"]) and row["exam_way"] != NOT_EXAMINED,
        extra=bool(row["extra_for_complaints"]),
        category=catalog.list("training_category").label(str(row["category"])) if row["category"] else "",
        form=catalog.list("training_form").label(str(row["form"])) if row["form"] else "",
        people=frozenset(int(str(item["staff"])) for item in attendees if item.get("attended") and item.get("staff")),
    )


def _reached(groups: dict[str, int], audience: tuple[str, ...], attended: int | None) -> frozenset[str]:
    """The groups that came; where people came but nobody counted the groups, those it was meant for."""
    counted = frozenset(group for group, number in groups.items() if number)
    return counted if counted or attended == 0 else frozenset(audience)


def _number(value: Value) -> int | None:
    return value if isinstance(value, int) else None


def _names(session: Session, choices: str) -> tuple[str, ...]:
    return tuple(item.name for item in session.rules.catalog.list(choices).items if item.active)
