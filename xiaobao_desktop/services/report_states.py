"""How far each report is for a period: nothing done, words written, filed, records changed since it was filed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from xiaobao_desktop.domain.ledgers.filing import LEDGER
from xiaobao_desktop.domain.period import Period, period_of
from xiaobao_desktop.services import filing_look, report_words, reporting
from xiaobao_desktop.services.report_kind import ReportInfo
from xiaobao_desktop.services.report_words import Place
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.query import Condition, Query


@dataclass(frozen=True)
class Issue:
    """The latest filed version of one paper: its record, subject ("" for none) and version."""

    record_id: int
    subject: str
    version: int


@dataclass(frozen=True)
class ReportState:
    """How far one report is.

    Attributes:
        name: of the report.
        period: the period it is told for.
        issues: what was filed, the latest version of each of its papers.
        drafted: whether the officer wrote words of her own.
        papers: how many papers it has in the period; 1 for a report without subjects.
    """

    name: str
    period: Period
    issues: tuple[Issue, ...] = ()
    drafted: bool = False
    papers: int = 1

    @property
    def filed(self) -> str:
        """v2 for a report of one paper, 2/5份 for one of several; "" for one that was not filed."""
        if not self.issues:
            return ""
        return f"{len(self.issues)}/{self.papers}份" if self.papers > 1 else f"v{self.issues[0].version}"


def fitting(report: ReportInfo, period: Period, today: date) -> Period:
    """The period to tell of a report while ``period`` is looked at.

    The same where the report is made for periods of that length; else the last one of its usual length that is over
    by the end of ``period`` and by ``today``.
    """
    if not report.months or period.months in report.months:
        return period
    limit = min(period.last, today)
    found = period_of(limit, report.months[0])
    return found if found.last <= limit else found.before()


def states(session: Session, period: Period) -> tuple[ReportState, ...]:
    """How far each report is, in the order of the list; what changed since is reckoned by :func:`later`."""
    filed = _filed(session)
    return tuple(_state(session, info, fitting(info, period, session.today()), filed) for info in reporting.reports())


def later(session: Session, state: ReportState) -> int:
    """此后变动: how many records changed since the papers of a report were filed; one entered by hand tells nothing."""
    found = (filing_look.later_or_none(session, issue.record_id) for issue in state.issues)
    return sum(len(changes.items) for changes in found if changes is not None)


def _state(
    session: Session, info: ReportInfo, period: Period, filed: dict[tuple[str, str], list[Issue]]
) -> ReportState:
    subjects = [subject.key for subject in reporting.subjects(session, info.name, period)] or [""]
    issues = tuple(filed.get((info.name, period.code), ()))
    drafted = bool(reporting.kind(info.name).sections) and any(
        not report_words.read(session, Place(info.name, period.code, key)).empty for key in subjects
    )
    papers = len({*subjects, *(issue.subject for issue in issues)})
    return ReportState(info.name, period, issues, drafted, papers)


def _filed(session: Session) -> dict[tuple[str, str], list[Issue]]:
    """The latest issues by report and code of the period."""
    where = (Condition("report", "not_empty"), Condition("filed_on", "not_empty"))
    query = Query(where=where, order=(("version", False), ("number", False)))
    latest: dict[tuple[str, str, str], Issue] = {}
    for row in session.book.select(LEDGER, query, ("report", "period", "subject", "version")):
        subject = str(row["subject"] or "")
        issue = Issue(int(str(row["id"])), subject, int(str(row["version"] or 1)))
        latest[str(row["report"]), str(row["period"] or ""), subject] = issue
    return _grouped(latest.items())


def _grouped(latest: Iterable[tuple[tuple[str, str, str], Issue]]) -> dict[tuple[str, str], list[Issue]]:
    found: dict[tuple[str, str], list[Issue]] = {}
    for (report, period, _subject), issue in latest:
        found.setdefault((report, period), []).append(issue)
    return found
