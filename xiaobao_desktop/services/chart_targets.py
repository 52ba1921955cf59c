"""Into which reports a chart can be put, and putting it in."""

from __future__ import annotations

from dataclasses import dataclass

from xiaobao_desktop.domain.period import Period
from xiaobao_desktop.services import report_words, reporting
from xiaobao_desktop.services.report_kind import Subject, WordsSection
from xiaobao_desktop.services.report_states import fitting
from xiaobao_desktop.services.report_words import KeptChart, Place
from xiaobao_desktop.services.session import Session


@dataclass(frozen=True)
class Target:
    """A report that has parts of the officer's own.

    Attributes:
        place: where its words are kept.
        title: with its period: 2026年10月消保工作月报.
        sections: the parts that she writes.
        charts: what was put in so far.
    """

    place: Place
    title: str
    sections: tuple[WordsSection, ...]
    charts: tuple[KeptChart, ...] = ()


def targets(session: Session, period: Period) -> tuple[Target, ...]:
    """The reports that fit a period that is looked at, those of this very period first."""
    found = []
    for info in reporting.reports():
        sections = reporting.kind(info.name).sections
        if not sections:
            continue
        fits = fitting(info, period, session.today())
        subjects: tuple[Subject | None, ...] = reporting.subjects(session, info.name, fits)
        if reporting.kind(info.name).subjects is None:
            subjects = (None,)
        for subject in subjects:
            place = Place(info.name, fits.code, subject.key if subject else "")
            title = reporting.dated_title(info, fits) + (f" {subject.label}" if subject else "")
            charts = report_words.read(session, place).charts
            found.append((fits != period, Target(place, title, sections, charts)))
    return tuple(target for _other, target in sorted(found, key=lambda item: item[0]))


def put_in(session: Session, target: Target, chart: KeptChart) -> bool:
    """Put a chart into a report; False when it stands there already."""
    return report_words.put_in(session, target.place, chart, target.title)
