"""Sentences that the figures suggest for the officer's own sections, to be accepted or dropped one by one.

What there is to say is found by pure functions over the statistics; how it is said is prose in
``resources/reports/suggestions.j2``. A suggestion goes into the section it fits; a report without that section does
not get it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from xiaobao_desktop.domain.catalog import UNFILLED
from xiaobao_desktop.domain.charts import short_cause
from xiaobao_desktop.domain.ledgers.outreach import LEDGER as OUTREACH
from xiaobao_desktop.domain.outreach_statistics import in_period as events_in
from xiaobao_desktop.domain.period import Period
from xiaobao_desktop.domain.rectification_statistics import figures as figures_of_mending
from xiaobao_desktop.domain.statistics import Comparison, compare, figures
from xiaobao_desktop.reports.period_words import period_words
from xiaobao_desktop.reports.prose import Prose
from xiaobao_desktop.services.complaint_as_of import case_rows_at
from xiaobao_desktop.services.complaint_statistics import orders
from xiaobao_desktop.services.governance_rows import governance
from xiaobao_desktop.services.outreach_statistics import outreach_rows
from xiaobao_desktop.services.report_kind import COMPLAINTS, MENDING, OUTREACH_EVENTS, TRAININGS, ReportKind, Request
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.services.training_statistics import statistics as training_statistics

TEMPLATE = "suggestions.j2"
PROBLEMS, NEXT_STEPS = "problems", "next_steps"
NAMED = 3
"""Names told in one sentence when several share the first place; more would say nothing."""


@dataclass(frozen=True)
class Suggestion:
    """A sentence for a section: id (the same for the same finding), key of the section, text."""

    id: str
    section: str
    text: str


@dataclass(frozen=True)
class Leading:
    """The names that share the first place, the number they share, and for one name how many there are now and were."""

    names: tuple[str, ...]
    count: int
    now: int = 0
    before: int = 0


@dataclass(frozen=True)
class Findings:
    """What the figures show; None and 0 where there is nothing to say.

    Attributes:
        period: the period reported on.
        received: complaints of the period.
        risen: the categories of business that rose most against the period before.
        risen_causes: the same of causes.
        most: the most frequent causes.
        overdue: open cases past their limit on the day of view.
        missing: groups of staff that no training of the year has reached.
        events: outreach activities of the period.
        unpictured: how many of them have none of the pictures they should have.
        late: rectifications that are past their planned day at the end of the period.
        as_of: day of view; None for the end of the period.
    """

    period: Period
    received: int = 0
    risen: Leading | None = None
    risen_causes: Leading | None = None
    most: Leading | None = None
    overdue: int = 0
    missing: tuple[str, ...] = ()
    events: int = 0
    unpictured: int = 0
    late: int = 0
    as_of: date | None = None


def suggestions(session: Session, kind: ReportKind, request: Request) -> tuple[Suggestion, ...]:
    """What can be suggested for a report, in the order of its sections; () for one without such sections.

    Raises:
        TemplateBroken: the prose has an error.
    """
    keys = [section.key for section in kind.sections]
    if not {PROBLEMS, NEXT_STEPS} & set(keys) or not kind.topics:
        return ()
    found = suggest(read(session, kind, request), int(session.settings.percent_digits))
    return tuple(sorted((item for item in found if item.section in keys), key=lambda item: keys.index(item.section)))


def suggest(found: Findings, digits: int) -> tuple[Suggestion, ...]:
    """The sentences for what was found; percentages with ``digits`` decimals."""
    prose = Prose(TEMPLATE, digits, p=period_words(found.period, found.as_of))
    told: list[Suggestion] = []

    def add(name: str, section: str, block: str = "", **values: object) -> None:
        told.append(Suggestion(name, section, prose.say(block or name, **values)))

    if found.risen:
        add("risen_category", PROBLEMS, "risen", rise=found.risen, what="业务类别")
    if found.risen_causes:
        add("risen_cause", PROBLEMS, "risen", rise=found.risen_causes, what="投诉原因")
    if found.most:
        add("most_cause", PROBLEMS, most=found.most, total=found.received)
        add("cause_step", NEXT_STEPS, most=found.most)
    if found.overdue:
        add("overdue", PROBLEMS, overdue=found.overdue)
        add("overdue_step", NEXT_STEPS, overdue=found.overdue)
    if found.late:
        add("late", PROBLEMS, late=found.late)
        add("late_step", NEXT_STEPS, late=found.late)
    if found.missing:
        add("uncovered", PROBLEMS, missing=found.missing)
        add("uncovered_step", NEXT_STEPS, missing=found.missing)
    if found.unpictured:
        add("unpictured", PROBLEMS, events=found.events, unpictured=found.unpictured)
        add("unpictured_step", NEXT_STEPS, unpictured=found.unpictured)
    return tuple(told)


def most_risen(items: Sequence[Comparison]) -> Leading | None:
    """The names with the largest rise against the period before; None when none rose or too many rose alike."""
    return _leading({item.name: item.change for item in items}, {item.name: item for item in items})


def most_frequent(items: Sequence[Comparison]) -> Leading | None:
    """The names with the largest count; None without any, or when too many share it."""
    return _leading({item.name: item.now.count for item in items}, {item.name: item for item in items})


def _leading(numbers: Mapping[str, int], items: Mapping[str, Comparison]) -> Leading | None:
    named = {name: number for name, number in numbers.items() if name != UNFILLED}
    top = max(named.values(), default=0)
    names = tuple(name for name, number in named.items() if number == top)
    if top <= 0 or len(names) > NAMED:
        return None
    first = items[names[0]]
    return Leading(tuple(short_cause(name) for name in names), top, first.now.count, first.before)


def read(session: Session, kind: ReportKind, request: Request) -> Findings:
    """What the book shows about the topics of a report."""
    period, as_of = request.period, request.as_of
    values: dict[str, object] = {}
    if COMPLAINTS in kind.topics:
        values.update(_of_complaints(session, request))
    if MENDING in kind.topics:
        values["late"] = figures_of_mending(governance(session, as_of).rectifications, period, as_of).overdue.count
    if TRAININGS in kind.topics:
        values["missing"] = training_statistics(session, period, as_of).missing
    if OUTREACH_EVENTS in kind.topics:
        events = kind.events(session, request) if kind.events else _events(session, request)
        wanted = {item.key for item in OUTREACH.evidence if item.wanted}
        have = session.book.attachment_kinds(OUTREACH, events)
        values["events"] = len(events)
        values["unpictured"] = sum(not wanted <= have.get(row_id, frozenset()) for row_id in events)
    return Findings(period, as_of=as_of, **values)  # type: ignore[arg-type]  # each value is made for its own name above


def _events(session: Session, request: Request) -> list[int]:
    return [row.id for row in events_in(outreach_rows(session), request.period, request.as_of)]


def _of_complaints(session: Session, request: Request) -> dict[str, object]:
    period, as_of, method = request.period, request.as_of, request.method
    rows, order = case_rows_at(session, as_of), orders(session)
    now = figures(rows, period, as_of, method)
    by_receipt = replace(method, basis="received")
    categories, causes = (compare(rows, period, as_of, by_receipt, name, order[name]) for name in ("category", "cause"))
    open_ids = set(now.ending.ids)
    return {
        "received": now.received.count,
        "risen": most_risen(categories),
        "risen_causes": most_risen(causes),
        "most": most_frequent(causes),
        "overdue": sum(row.overdue_on(as_of) for row in rows if row.id in open_ids and not row.closed_by(as_of)),
    }
