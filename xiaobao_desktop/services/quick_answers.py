"""随手查: one sentence with exact numbers for a leader's question.

The questions are data in ``resources/reports/quick_answers.json``, the sentences the blocks of the same name in
``quick_answers.j2``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from xiaobao_desktop import resources
from xiaobao_desktop.domain import outreach_statistics, training_statistics
from xiaobao_desktop.domain.catalog import UNFILLED
from xiaobao_desktop.domain.charts import short_cause
from xiaobao_desktop.domain.ledgers.complaint import LEDGER as COMPLAINT
from xiaobao_desktop.domain.numbers import round_half_up
from xiaobao_desktop.domain.period import Period, chinese_date, month, parse_period
from xiaobao_desktop.domain.statistics import CaseRow, Group, Method, breakdown, countable, figures, in_period
from xiaobao_desktop.reports.prose import Prose
from xiaobao_desktop.services.complaint_as_of import case_rows_at
from xiaobao_desktop.services.outreach_statistics import outreach_rows
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.services.training_statistics import summarise, training_rows

_FILE, _TEMPLATE = "quick_answers.json", "quick_answers.j2"
_DIMENSIONS = ("branch", "cause", "category", "source")


@dataclass(frozen=True)
class Question:
    """A question that can be asked.

    Attributes:
        id: block of the template that answers it.
        question: its words.
        keys: further words that find it.
        of: the classification whose most frequent name is asked for, "" for another question.
        what: how that classification is called.
    """

    id: str
    question: str
    keys: str = ""
    of: str = ""
    what: str = ""


@dataclass(frozen=True)
class Span:
    """A period that can be asked about, with its name as seen from today: 本月, 上月."""

    label: str
    period: Period


def questions() -> tuple[Question, ...]:
    """Every question in the order of the list."""
    return tuple(Question(**item) for item in resources.json_data("reports", _FILE)["items"])


def spans(today: date) -> tuple[Span, ...]:
    """The periods offered, this month first."""
    this = month(today.year, today.month)
    quarter = parse_period(f"{today.year}Q{(today.month + 2) // 3}")
    year = parse_period(str(today.year))
    return (
        Span("本月", this),
        Span("上月", this.before()),
        Span("本季度", quarter),
        Span("上季度", quarter.before()),
        Span("今年", year),
        Span("去年", year.before()),
    )


def answers(session: Session, period: Period) -> dict[str, str]:
    """The sentence for every question about a period, by the question's id; while it runs, up to today.

    Raises:
        TemplateBroken: the template has an error.
    """
    today = session.today()
    as_of = min(period.last, today)
    rows = case_rows_at(session, as_of)
    chosen = in_period(countable(rows, Method()), period, as_of, Method())
    facts = {**_facts(session, rows, period, as_of), "total": len(chosen)}
    prose = Prose(_TEMPLATE, int(session.settings.percent_digits), **facts)
    tops = {name: _most(chosen, name) for name in _DIMENSIONS}
    return {item.id: _said(prose, item, tops) for item in questions()}


def _said(prose: Prose, question: Question, tops: Mapping[str, list[Group]]) -> str:
    if question.of:
        return prose.say("most", groups=tops[question.of], what=question.what)
    return prose.say(question.id)


def _facts(session: Session, rows: Sequence[CaseRow], period: Period, as_of: date) -> dict[str, object]:
    """What the sentences are told from. A period that still runs is compared with the same days of last year alone."""
    method, digits = Method(), max(int(session.settings.percent_digits), 1)
    complete = as_of == period.last
    seen = period if complete else Period(period.first, as_of)
    now = figures(rows, period, as_of, method)
    before, last_year = seen.before(), seen.year_before()
    trainings = summarise(session, training_rows(session), period, as_of)
    cut = chinese_date(as_of)
    return {
        "span": period.title if complete else f"{period.title}（截至{as_of.month}月{as_of.day}日）",
        "cut_off": cut,
        "now": now,
        "before": figures(rows, before, before.last, method).received.count if complete else None,
        "last_year": figures(rows, last_year, last_year.last, method).received.count,
        "overdue": _overdue(session, rows, now.ending, as_of),
        "average": "" if now.average_days is None else f"{round_half_up(now.average_days, digits)}",
        "training": training_statistics.figures(training_rows(session), period, as_of),
        "missing": trainings.missing,
        "year": period.last.year,
        "outreach": outreach_statistics.figures(outreach_rows(session), period, as_of),
    }


def _most(rows: Sequence[CaseRow], dimension: str) -> list[Group]:
    """The names with the highest count; what is not filled in is none of them."""
    named = [group for group in breakdown(rows, dimension) if group.name != UNFILLED]
    top = max((group.count for group in named), default=0)
    return [Group(short_cause(group.name), group.ids) for group in named if group.count == top]


def _overdue(session: Session, rows: Sequence[CaseRow], ending: Group, as_of: date) -> list[str]:
    """Numbers of the cases that are open and past their limit."""
    still_open = set(ending.ids)
    late = [row.id for row in rows if row.id in still_open and row.overdue_on(as_of)]
    return [str(row["number"]) for row in session.book.rows(COMPLAINT, late, ())]
