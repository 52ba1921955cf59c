"""消保培训总结: the trainings of a month, a quarter, half a year or a year."""

from __future__ import annotations

from xiaobao_desktop.domain.fields import Value
from xiaobao_desktop.domain.ledgers.training import LEDGER as TRAINING
from xiaobao_desktop.domain.numbers import NO_BASE, plain_decimal
from xiaobao_desktop.domain.training_statistics import figures, in_period
from xiaobao_desktop.reports import training_summary
from xiaobao_desktop.reports.document import Document
from xiaobao_desktop.reports.training_summary import TrainingInput
from xiaobao_desktop.services.listing import display
from xiaobao_desktop.services.report_figures import of_trainings
from xiaobao_desktop.services.report_kind import TRAININGS, ReportInfo, ReportKind, Request, WordsSection
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.services.training_statistics import summarise, training_rows

SECTIONS = (
    WordsSection("effects", "培训成效"),
    WordsSection("problems", "存在不足"),
    WordsSection("next_steps", "下一步计划"),
)
_KEYS = ("held_on", "topic", "category", "expected", "attended", "hours")


def build(session: Session, request: Request) -> Document:
    """The summary of a book's trainings."""
    rows = training_rows(session)
    found = summarise(session, rows, request.period, request.as_of)
    _before, last_year = request.period.compared(request.as_of)
    chosen = [row.id for row in in_period(rows, request.period, request.as_of)]
    return training_summary.build(
        TrainingInput(
            settings=request.settings(session),
            period=request.period,
            as_of=request.as_of,
            now=found.figures,
            last_year=figures(rows, last_year, last_year.last),
            categories=found.dimensions["category"],
            forms=found.dimensions["form"],
            coverage=[(found.group_names[item.group], item) for item in found.coverage],
            sessions=[_listed(session, row) for row in session.book.rows(TRAINING, chosen, _KEYS)],
            sections=[(section.label, request.words.get(section.key, ())) for section in SECTIONS],
            signed_on=session.today(),
        )
    )


def _listed(session: Session, row: dict[str, Value]) -> training_summary.Session:
    def text(key: str) -> str:
        return display(session, TRAINING.field(key), row[key]) or NO_BASE

    hours = row["hours"]
    return training_summary.Session(
        text("held_on"),
        text("topic"),
        text("category"),
        text("expected"),
        text("attended"),
        plain_decimal(hours) if isinstance(hours, int) else NO_BASE,
    )


REPORT = ReportKind(
    ReportInfo("training", "消保培训总结", months=(12, 6, 3, 1), group="专题", order=80),
    build,
    sections=SECTIONS,
    follows_method=False,
    topics=(TRAININGS,),
    figures=of_trainings,
)
