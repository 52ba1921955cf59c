"""Making a report for its page: what is asked for, and everything that the page shows of it. Runs in the worker."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from xiaobao_desktop.domain.period import Period
from xiaobao_desktop.domain.statistics import Method
from xiaobao_desktop.services import report_suggestions, report_words, reporting
from xiaobao_desktop.services.report_kind import Request, Subject
from xiaobao_desktop.services.report_suggestions import Suggestion
from xiaobao_desktop.services.report_words import Earlier, Place, Words
from xiaobao_desktop.services.session import Session


@dataclass(frozen=True)
class Wanted:
    """What is asked for.

    Attributes:
        name: of the report.
        period: the period.
        method: 口径.
        subject: key of the subject that is chosen, "" for the first there is.
        typed: words that are not kept yet, and where they belong; None for those of the book.
    """

    name: str
    period: Period
    method: Method
    subject: str = ""
    typed: tuple[Place, Words] | None = None


@dataclass(frozen=True)
class Made:
    """A report as the page shows it.

    Attributes:
        built: what it says, for further files.
        pdf: its pages.
        place: where its words belong.
        subjects: the papers there are for the period; () for a report that is one paper.
        words: the officer's own words in it.
        earlier: words of an earlier period to begin with.
        suggestions: sentences that the figures suggest.
    """

    built: reporting.Built
    pdf: bytes
    place: Place
    subjects: tuple[Subject, ...] = ()
    words: Words = field(default_factory=Words)
    earlier: Earlier | None = None
    suggestions: tuple[Suggestion, ...] = ()


def make(session: Session, wanted: Wanted) -> Made | None:
    """Build and draw a report; None when the period has nothing that one of its papers could be about.

    Raises:
        UserError: the report cannot be made, with what to do.
    """
    kind = reporting.kind(wanted.name)
    subjects = reporting.subjects(session, wanted.name, wanted.period)
    if kind.subjects is not None and not subjects:
        return None
    keys = [subject.key for subject in subjects]
    subject = wanted.subject if wanted.subject in keys else next(iter(keys), "")
    place = Place(wanted.name, wanted.period.code, subject)
    words = _words(session, wanted, place)
    made = _drawn(session, wanted, place, words)
    sections = [section.key for section in kind.sections]
    return replace(
        made,
        subjects=subjects,
        earlier=report_words.earlier(session, place, sections) if sections else None,
        suggestions=report_suggestions.suggestions(session, kind, _request(session, wanted, subject)),
    )


def make_again(session: Session, wanted: Wanted, before: Made) -> Made:
    """The same report with other words: its figures were read a moment ago; errors as for :func:`make`."""
    made = _drawn(session, wanted, before.place, _words(session, wanted, before.place))
    return replace(before, built=made.built, pdf=made.pdf, words=made.words)


def _drawn(session: Session, wanted: Wanted, place: Place, words: Words) -> Made:
    built = reporting.build(
        session,
        wanted.name,
        wanted.period,
        method=wanted.method,
        subject=place.subject,
        words=words.paragraphs,
        own=words.charts,
    )
    return Made(built, reporting.render(built, "pdf"), place, words=words)


def _words(session: Session, wanted: Wanted, place: Place) -> Words:
    if wanted.typed is not None and wanted.typed[0] == place:
        return wanted.typed[1]
    return report_words.read(session, place)


def _request(session: Session, wanted: Wanted, subject: str) -> Request:
    return Request(wanted.period, reporting.day_of_view(session, wanted.period), wanted.method, subject)
