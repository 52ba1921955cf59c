"""What reports tell of policies, meetings, reviews, inspections and plan: narrow rows and pure functions over them.

Whoever reports gives a period and a day of view; nothing that happened after that day is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from xiaobao_desktop.domain.fields import Values
from xiaobao_desktop.domain.ledgers.plan import CANCELLED, DONE
from xiaobao_desktop.domain.ledgers.policy import REVISED, WITHDRAWN, in_force
from xiaobao_desktop.domain.ledgers.review import ADOPTED
from xiaobao_desktop.domain.period import Period
from xiaobao_desktop.domain.rectification_statistics import RectificationRow
from xiaobao_desktop.domain.statistics import Group


@dataclass(frozen=True)
class PolicyRow:
    """A policy: its name as printed, whether others made it, ids of its categories, kind of change, and its values."""

    id: int
    name: str
    external: bool
    categories: tuple[str, ...]
    change: str
    dated_on: date | None
    repealed_on: date | None
    values: Values

    def holds(self, day: date) -> bool:
        """Whether it is in force on a day."""
        return in_force(self.values, day.isoformat())


@dataclass(frozen=True)
class Resolution:
    """A resolution of a meeting; ``done_on`` is None where the day is not known."""

    words: str
    department: str = ""
    owner: str = ""
    due_on: date | None = None
    done: bool = False
    done_on: date | None = None
    outcome: str = ""

    def done_by(self, day: date) -> bool:
        """Whether it was carried out by the end of a day."""
        return self.done and (self.done_on is None or self.done_on <= day)


@dataclass(frozen=True)
class MeetingRow:
    """A meeting: day, id and Chinese name of its kind, title, topics, resolutions."""

    id: int
    held_on: date
    kind: str
    kind_name: str
    title: str
    topics: tuple[str, ...] = ()
    chair: str = ""
    minutes: str = ""
    resolutions: tuple[Resolution, ...] = ()


@dataclass(frozen=True)
class ReviewRow:
    """A review: days, Chinese name of its kind, ids of conclusion and of whether its opinion was followed.

    Attributes:
        assessed: it was about a product or service, not about advertising or the bank's own rules.
    """

    id: int
    received_on: date
    title: str
    kind_name: str
    finished_on: date | None = None
    conclusion: str = ""
    adopted: str = ""
    assessed: bool = False


@dataclass(frozen=True)
class InspectionRow:
    """A run of a checklist, or an inspection of which only the result is known.

    Attributes:
        checklist: id of its checklist.
        source: id of the source under which its findings become rectifications.
        findings: number of findings, None when it is not known.
        sampled, failed: records drawn and failed, None without any.
    """

    id: int
    begun_on: date
    name: str
    checklist: str = ""
    source: str = ""
    finished_on: date | None = None
    findings: int | None = None
    sampled: int | None = None
    failed: int | None = None


@dataclass(frozen=True)
class PlanRow:
    """An item of the year's plan: planned day, day of doing, state that is kept, kind."""

    id: int
    title: str
    kind: str
    planned_on: date
    finished_on: date | None = None
    state: str = ""


@dataclass(frozen=True)
class People:
    """The organisation as printed: names with their posts.

    Attributes:
        group: full name of the leading group.
        leaders, deputies, members: of the leading group.
        executive: the executive in charge.
        department: the department in charge.
        full, part: how many people do this work with no other work, and beside other work.
    """

    group: str = ""
    leaders: tuple[str, ...] = ()
    deputies: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    executive: str = ""
    department: str = ""
    full: int = 0
    part: int = 0

    @property
    def known(self) -> bool:
        """Whether there is anyone to name."""
        return bool(self.leaders or self.deputies or self.members or self.executive or self.full or self.part)


@dataclass(frozen=True)
class Governance:
    """Everything of the book besides complaints, trainings and outreach that reports tell about.

    Attributes:
        review_conclusions: id and Chinese name of each conclusion, in order.
        wanted: how many categories of policies a bank has to have.
        missing: names of those that no policy served on the day of view.
        people: the organisation now.
    """

    policies: Sequence[PolicyRow] = ()
    meetings: Sequence[MeetingRow] = ()
    reviews: Sequence[ReviewRow] = ()
    rectifications: Sequence[RectificationRow] = ()
    inspections: Sequence[InspectionRow] = ()
    plans: Sequence[PlanRow] = ()
    review_conclusions: Mapping[str, str] = field(default_factory=dict)
    wanted: int = 0
    missing: tuple[str, ...] = ()
    people: People = field(default_factory=People)


@dataclass(frozen=True)
class PolicyChanges:
    """Policies of the bank made, revised and repealed in a period."""

    made: tuple[PolicyRow, ...]
    revised: tuple[PolicyRow, ...]
    repealed: tuple[PolicyRow, ...]

    @property
    def adjusted(self) -> tuple[PolicyRow, ...]:
        """Made or revised, in the order of their days, each once."""
        return tuple(sorted((*self.made, *self.revised), key=lambda row: (row.dated_on or date.min, row.id)))


@dataclass(frozen=True)
class ReviewFigures:
    """Reviews of a period.

    Attributes:
        received, finished: in the period.
        assessed: of the finished, those about a product or service.
        conclusions: the finished by id of their conclusion.
        adopted, answered: of the finished, those whose opinion was followed, and those of which that is known.
        waiting: under review at the end.
    """

    received: Group
    finished: Group
    assessed: Group
    conclusions: Mapping[str, Group]
    adopted: Group
    answered: Group
    waiting: Group


def policy_changes(rows: Iterable[PolicyRow], period: Period, as_of: date) -> PolicyChanges:
    """What changed among the bank's own policies; a policy counts on the day it was issued, else in force."""
    own = [row for row in rows if not row.external]
    span = _span(period, as_of)
    dated = [row for row in own if row.dated_on and row.dated_on in span]
    return PolicyChanges(
        made=tuple(row for row in dated if row.change not in (REVISED, WITHDRAWN)),
        revised=tuple(row for row in dated if row.change == REVISED),
        repealed=tuple(row for row in own if row.repealed_on and row.repealed_on in span),
    )


def holding(rows: Iterable[PolicyRow], day: date) -> list[PolicyRow]:
    """The bank's own policies in force on a day."""
    return [row for row in rows if not row.external and row.holds(day)]


def meetings_in(rows: Iterable[MeetingRow], period: Period, as_of: date) -> list[MeetingRow]:
    """The meetings of a period by day."""
    span = _span(period, as_of)
    return [row for row in rows if row.held_on in span]


def inspections_in(rows: Iterable[InspectionRow], period: Period, as_of: date) -> list[InspectionRow]:
    """The inspections that began in a period, by day."""
    span = _span(period, as_of)
    return [row for row in rows if row.begun_on in span]


def plans_in(rows: Iterable[PlanRow], period: Period) -> list[PlanRow]:
    """The items planned for a period; those called off are left out."""
    return [row for row in rows if row.planned_on in period and row.state != CANCELLED]


def plans_done(rows: Iterable[PlanRow], as_of: date) -> list[PlanRow]:
    """Of these, those done by a day."""
    return [row for row in rows if row.state == DONE and (row.finished_on is None or row.finished_on <= as_of)]


def reviews_of(rows: Sequence[ReviewRow], period: Period, as_of: date, conclusions: Iterable[str]) -> ReviewFigures:
    """The figures of reviews; ``conclusions`` are the ids to count by."""
    span = _span(period, as_of)
    finished = [row for row in rows if row.finished_on and row.finished_on in span]
    waiting = [
        row for row in rows if row.received_on <= span.last and not (row.finished_on and row.finished_on <= span.last)
    ]

    def group(name: str, chosen: Iterable[ReviewRow]) -> Group:
        return Group(name, tuple(row.id for row in chosen))

    return ReviewFigures(
        received=group("received", (row for row in rows if row.received_on in span)),
        finished=group("finished", finished),
        assessed=group("assessed", (row for row in finished if row.assessed)),
        conclusions={one: group(one, (row for row in finished if row.conclusion == one)) for one in conclusions},
        adopted=group("adopted", (row for row in finished if row.adopted == ADOPTED)),
        answered=group("answered", (row for row in finished if row.adopted)),
        waiting=group("waiting", waiting),
    )


def _span(period: Period, as_of: date) -> Period:
    """The days of a period that have come by the day of view."""
    return Period(period.first, min(period.last, as_of))
