"""What a kind of report is: its name and period, what it is asked for, how its document is built."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from xiaobao_desktop.domain.check_figures import CheckFigure
from xiaobao_desktop.domain.period import Period
from xiaobao_desktop.domain.statistics import Method
from xiaobao_desktop.reports.document import Document
from xiaobao_desktop.reports.sheets import Sheet
from xiaobao_desktop.services.ledger_cells import Audience
from xiaobao_desktop.services.origins import Chosen
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.settings import BankSettings

PAPER_FORMATS = ("pdf", "docx")
"""What every report can be written as: to print, and to edit further."""
COMPLAINTS, TRAININGS, OUTREACH_EVENTS, MENDING = "complaints", "trainings", "events", "mending"
"""Topics on which the figures may suggest sentences for the officer's own sections."""
ALL_TOPICS = (COMPLAINTS, TRAININGS, OUTREACH_EVENTS, MENDING)


@dataclass(frozen=True)
class ReportInfo:
    """A report that can be made.

    Attributes:
        name: its command-line name.
        title: its Chinese title.
        formats: the file formats, the one to print first.
        months: the lengths in months its period may have, the usual one first; () for any period.
        group: heading of the report list under which it stands.
        order: place in the list.
    """

    name: str
    title: str
    formats: tuple[str, ...] = PAPER_FORMATS
    months: tuple[int, ...] = ()
    group: str = "常用"
    order: int = 0


@dataclass(frozen=True)
class Subject:
    """What one of several papers of a report is about (a campaign, a ledger): its key and Chinese name."""

    key: str
    label: str


@dataclass(frozen=True)
class WordsSection:
    """A part of a report that the officer writes herself: its key, its Chinese heading and what belongs there."""

    key: str
    label: str
    hint: str = ""


@dataclass(frozen=True)
class Request:
    """What a report is asked for.

    Attributes:
        period: the period reported on.
        as_of: day of view; later steps are not yet known.
        method: 口径 of complaints.
        subject: key of the subject, "" for a report without subjects.
        words: the officer's own paragraphs by key of their :class:`WordsSection`.
        audience: who is to read a list of records.
        purpose: what a list of records is printed for, at its foot; "" for 内部使用.
        digits: decimals of its percentages; None for those of the bank's settings.
        chosen: signs of the 来源机构 that count, () for all; the charts page alone asks for some.
    """

    period: Period
    as_of: date
    method: Method = field(default_factory=Method)
    subject: str = ""
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    audience: Audience = Audience.WORK
    purpose: str = ""
    digits: int | None = None
    chosen: Chosen = ()

    def day_in(self, period: Period) -> date:
        """The day of view for something of another period that stands in the report."""
        return min(period.last, max(self.as_of, period.first))

    def settings(self, session: Session) -> BankSettings:
        """The bank's settings with the decimals of this request."""
        kept = session.settings
        return kept if self.digits is None else replace(kept, percent_digits=str(self.digits))


@dataclass(frozen=True)
class ReportKind:
    """A kind of report; each module of ``services/report_kinds`` has one, called ``REPORT``.

    Attributes:
        info: how it is called and when it is due.
        build: reads the book and makes the document.
        subjects: the papers there are for a period; None for a report that is one paper.
        sections: the parts that the officer writes herself, in order.
        sheets: the same as sheets of a workbook; None for a report that is not a table.
        follows_method: whether the 口径 of complaints changes it.
        events: ids of the outreach activities it tells about; None for all of the period.
        topics: what it tells about, for sentences suggested by the figures.
        nothing: what to do when a report with subjects has none in the period.
        figures: its figures one by one, for the check page and for filing; None when it has none of its own.
    """

    info: ReportInfo
    build: Callable[[Session, Request], Document]
    subjects: Callable[[Session, Period], tuple[Subject, ...]] | None = None
    sections: tuple[WordsSection, ...] = ()
    sheets: Callable[[Session, Request], tuple[Sheet, ...]] | None = None
    follows_method: bool = True
    events: Callable[[Session, Request], Sequence[int]] | None = None
    topics: tuple[str, ...] = ()
    nothing: str = "请先登记有关的记录，或换一个期间。"
    figures: Callable[[Session, Request], tuple[CheckFigure, ...]] | None = None
