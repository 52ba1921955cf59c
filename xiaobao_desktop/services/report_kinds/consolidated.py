"""汇总表: complaints and the other work of a period by 来源机构, once packages of other banks were taken in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from xiaobao_desktop.domain.check_figures import CheckFigure, Collector, number, total
from xiaobao_desktop.domain.denominators import Denominators, of_period, per_10k_customers
from xiaobao_desktop.domain.fields import Ledger
from xiaobao_desktop.domain.ledgers.complaint import LEDGER as COMPLAINT
from xiaobao_desktop.domain.period import Period
from xiaobao_desktop.domain.reported import Reported
from xiaobao_desktop.domain.statistics import Figures
from xiaobao_desktop.reports import consolidated
from xiaobao_desktop.reports.consolidated import WHOLE, Complaints, ConsolidatedInput, Line
from xiaobao_desktop.services import complaint_origins, denominators, origins
from xiaobao_desktop.services.origins import OWN_SIGN
from xiaobao_desktop.services.report_figures import complaint_figures
from xiaobao_desktop.services.report_kind import PAPER_FORMATS, ReportInfo, Request, Subject
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.services.table_report import table_report
from xiaobao_desktop.store.query import Condition, Query

SUBJECT = Subject("origin", "按来源机构")
_SECTION = "三、各机构"
_Counted = Sequence[tuple[Ledger, Mapping[str, int]]]


def subjects(session: Session, _period: Period) -> tuple[Subject, ...]:
    """The one table, once there are records of other books."""
    return (SUBJECT,) if session.banks else ()


def check_figures(session: Session, request: Request) -> tuple[CheckFigure, ...]:
    """The headline of all, then of each bank what the table says of its complaints; the banks add up to all."""
    headline = complaint_figures()(session, request)
    collect = Collector(int(request.settings(session).percent_digits))
    collect.section = _SECTION
    found = _known(session, request)
    whole = complaint_origins.in_all(session, request).received
    terms = [one.received.count for one in found.values()]
    holds = sum(terms) == whole.count
    value = f"{number(whole.count)}件"
    collect.add("origins", "各机构收到合计", value, "各机构收到件数相加", total(terms), whole.ids, holds=holds)
    for sign, one in found.items():
        _figures_of(collect, f"origin_{sign or 'own'}", origins.name(session, sign), one)
    return (*headline, *collect.found)


def _figures_of(collect: Collector, key: str, name: str, found: Figures) -> None:
    received, closed = found.received, found.closed
    count = f"{number(received.count)}件"
    collect.add(f"{key}_received", f"{name}收到", count, "收到日期在期间内", f"明细{received.count}条", received.ids)
    for word, title, part, whole in (
        ("closed_rate", "办结率", found.received_closed, received),
        ("in_time_rate", "及时率", found.closed_in_time, closed),
        ("satisfaction_rate", "满意率", found.satisfied, found.followed_up),
    ):
        formula = f"{part.name}÷{whole.name}"
        collect.share(f"{key}_{word}", f"{name}{title}", formula, part.count, whole.count, whole.ids)


def _known(session: Session, request: Request) -> dict[str, Figures]:
    """The figures of the banks that sent something for the period, and of the book itself if it has any."""
    books, days = origins.reported_by(session, COMPLAINT.key), _days(request)

    def is_known(sign: str, found: Figures) -> bool:
        if sign == OWN_SIGN:
            return _has_any(found)
        # What ended in a month that was not sent says nothing of how many came in.
        return bool(found.received.count) or not books[sign].lacks(days)

    found = complaint_origins.by_origin(session, request)
    return {sign: one for sign, one in found.items() if is_known(sign, one)}


def _input(session: Session, request: Request) -> ConsolidatedInput:
    counted = [(ledger, _counts(session, ledger, request)) for ledger in session.ledgers if _is_counted(ledger)]
    counted = [(ledger, counts) for ledger, counts in counted if counts]
    complaints = _known(session, request)
    numbers = _denominators(session, request.period)
    lines = {
        sign: _line(session, request, sign, complaints.get(sign), counted, numbers) for sign in origins.signs(session)
    }
    lines[OWN_SIGN] = replace(lines[OWN_SIGN], name=session.settings.bank)
    if lines[OWN_SIGN].complaints is None and not any(lines[OWN_SIGN].counts):
        # A book that only consolidates has nothing of its own to show.
        del lines[OWN_SIGN]
    every = complaint_origins.in_all(session, request)
    whole = sum(line.sent == WHOLE for line in lines.values())
    customers = _together(numbers[sign] for sign in lines)
    return ConsolidatedInput(
        settings=request.settings(session),
        period=request.period,
        as_of=request.as_of,
        ledgers=[(ledger.label, ledger.unit) for ledger, _counts in counted],
        lines=list(lines.values()),
        total=Line(
            consolidated.TOTAL,
            f"{whole}家齐" if whole < len(lines) else WHOLE,
            _complaints(every, customers),
            tuple(sum(counts.values()) for _ledger, counts in counted),
        ),
        signed_on=session.today(),
    )


def _line(
    session: Session,
    request: Request,
    sign: str,
    complaints: Figures | None,
    counted: _Counted,
    numbers: Mapping[str, Denominators],
) -> Line:
    counts = []
    lacking = []
    for ledger, found in counted:
        book = origins.reported_by(session, ledger.key)[sign]
        missing = not found.get(sign) and book.lacks(_days(request))
        counts.append(None if missing else found.get(sign, 0))
        lacking.append((ledger.label, book))
    told = _told(request, origins.reported_by(session, COMPLAINT.key)[sign], lacking)
    made = None if complaints is None else _complaints(complaints, numbers[sign])
    return Line(origins.name(session, sign), told, made, tuple(counts))


def _told(request: Request, complaints: Reported, others: Sequence[tuple[str, Reported]]) -> str:
    """What is missing: of the complaints, and of the other ledgers where that is something else."""
    first = complaints.told(request.period, request.as_of)
    more = []
    for label, book in others:
        told = book.told(request.period, request.as_of)
        if told and told != first:
            more.append(f"{label}{told}")
    return "；".join(part for part in (first, *more) if part) or WHOLE


def _is_counted(ledger: Ledger) -> bool:
    return bool(ledger.dated_by) and ledger.key != COMPLAINT.key


def _days(request: Request) -> Period:
    return Period(request.period.first, min(request.period.last, request.as_of))


def _counts(session: Session, ledger: Ledger, request: Request) -> dict[str, int]:
    days = _days(request)
    where = Condition(ledger.dated_by, "between", (days.first.isoformat(), days.last.isoformat()))
    found = session.book.distinct(ledger, origins.FIELD.key, Query(where=(where,)))
    return {str(sign or OWN_SIGN): count for sign, count in found}


def _denominators(session: Session, period: Period) -> dict[str, Denominators]:
    """The 年度基数 of each bank by sign, as its packages told them."""
    own = {OWN_SIGN: of_period(denominators.load(session), period)}
    return {**own, **{sign: of_period(book.denominators, period) for sign, book in origins.others(session).items()}}


def _together(numbers: Iterable[Denominators]) -> Denominators:
    """The customers of all banks; not known where one of them did not tell its own."""
    found = [one.customers for one in numbers]
    return Denominators(customers=sum(filter(None, found)) if found and all(found) else None)


def _complaints(found: Figures, numbers: Denominators) -> Complaints:
    return Complaints(
        received=found.received.count,
        received_closed=found.received_closed.count,
        closed=found.closed.count,
        in_time=found.closed_in_time.count,
        followed_up=found.followed_up.count,
        satisfied=found.satisfied.count,
        per_10k=per_10k_customers(found.received.count, numbers),
    )


def _has_any(found: Figures) -> bool:
    return bool(found.received.count or found.closed.count or found.ending.count)


REPORT = table_report(
    ReportInfo("consolidated", "汇总表", (*PAPER_FORMATS, "xlsx"), group="表格", order=140),
    _input,
    consolidated.build,
    consolidated.sheet,
    subjects=subjects,
    nothing="还没有汇总过别的机构的报送包。请到“数据”，点“汇总报送包…”。",
    figures=check_figures,
)
