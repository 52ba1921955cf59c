"""Reports: which exist, how one is built from the book, how it is written to a file."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import BinaryIO

from xiaobao_desktop import __version__
from xiaobao_desktop.domain.fields import Value
from xiaobao_desktop.domain.ledgers.complaint import LEDGER as COMPLAINT
from xiaobao_desktop.domain.ledgers.training import GROUP_COUNTS
from xiaobao_desktop.domain.period import Period
from xiaobao_desktop.domain.statistics import CaseRow, Method
from xiaobao_desktop.errors import UnknownReport, UserError
from xiaobao_desktop.files import ensure_folder, write_atomically
from xiaobao_desktop.reports import monthly
from xiaobao_desktop.reports.document import Document, Metadata
from xiaobao_desktop.reports.monthly_activities import Activities
from xiaobao_desktop.services.complaint_rows import case_rows
from xiaobao_desktop.services.complaint_statistics import department_names, orders, outlet_count
from xiaobao_desktop.services.outreach_statistics import outreach_rows
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.services.training_statistics import training_rows

FORMATS = ("pdf", "docx")


class PeriodUnfit(UserError):
    """{title}只能按月出，“{period}”不是一个月。请写成 2026-10 这样的月份。"""  # noqa: D415


class FormatUnknown(UserError):
    """{title}没有“{format}”这种文件。可以用：{known}。"""  # noqa: D415


class AsOfTooEarly(UserError):
    """数据截至日 {day} 早于期间的第一天 {first}，这时还没有数可报。请改截至日或期间。"""  # noqa: D415


@dataclass(frozen=True)
class ReportInfo:
    """A report that can be made: its command-line name, Chinese title, file formats, length of its period in months."""

    name: str
    title: str
    formats: tuple[str, ...]
    months: int


@dataclass(frozen=True)
class Built:
    """A report ready to be written: the document, what the file says about itself, the file name without ending."""

    info: ReportInfo
    document: Document
    metadata: Metadata
    file_name: str


Builder = Callable[[Session, Period, date, Method], Document]


def reports() -> tuple[ReportInfo, ...]:
    """The reports that can be made."""
    return tuple(info for info, _builder in _REPORTS.values())


def info(name: str) -> ReportInfo:
    """The report called ``name``.

    Raises:
        UnknownReport: there is none.
    """
    if name not in _REPORTS:
        raise UnknownReport(name=name)
    return _REPORTS[name][0]


def check_format(report: ReportInfo, file_format: str) -> None:
    """Refuse a file format that a report is not made in.

    Raises:
        FormatUnknown: it is none of the report's.
    """
    if file_format not in report.formats:
        raise FormatUnknown(title=report.title, format=file_format, known="、".join(report.formats))


def build(
    session: Session, name: str, period: Period, as_of: date | None = None, method: Method | None = None
) -> Built:
    """Read the book and build a report; the result no longer needs the book.

    Args:
        session: the open book.
        name: as in :func:`reports`.
        period: a period of the report's own length.
        as_of: day of view; by default the last day of the period, or today when the period is not over.
        method: 口径.

    Raises:
        UnknownReport: there is no such report.
        PeriodUnfit: the period has the wrong length.
        AsOfTooEarly: the day of view lies before the period.
        TemplateBroken: the prose template has an error.
    """
    found = info(name)
    if period.months != found.months:
        raise PeriodUnfit(title=found.title, period=period.code)
    day = as_of or min(period.last, max(session.today(), period.first))
    if day < period.first:
        raise AsOfTooEarly(day=day, first=period.first)
    document = _REPORTS[name][1](session, period, day, method or Method())
    settings = session.settings
    title = "".join(document.title)
    metadata = Metadata(title, settings.printed_name, session.now(), f"小保 {__version__}")
    return Built(found, document, metadata, f"{settings.printed_name}{period.title}{found.title}")


def render(built: Built, file_format: str) -> bytes:
    """The bytes of a report in one format; needs no book, so it may run beside the window.

    Raises:
        FormatUnknown: the report is not made in this format.
    """
    check_format(built.info, file_format)
    buffer = io.BytesIO()
    if file_format == "pdf":
        from xiaobao_desktop.reports.pdf import write_pdf

        write_pdf(built.document, buffer, metadata=built.metadata)
    else:
        from xiaobao_desktop.reports.docx import write_docx

        write_docx(built.document, buffer, metadata=built.metadata)
    return buffer.getvalue()


def write(built: Built, folder: Path, file_format: str) -> Path:
    """Write a report into ``folder`` and return the file.

    Raises:
        FormatUnknown, TargetRefused: nothing half-written is left.
    """
    content = render(built, file_format)
    ensure_folder(folder)
    target = folder / f"{_safe(built.file_name)}.{file_format}"

    def put(stream: BinaryIO) -> None:
        stream.write(content)

    write_atomically(target, put)
    return target


def _safe(name: str) -> str:
    return "".join("_" if ch in '<>:"/\\|?*' else ch for ch in name)


def _monthly(session: Session, period: Period, as_of: date, method: Method) -> Document:
    rows = case_rows(session)
    order = orders(session)
    default = next(item for item in session.rules.profiles if item.id == "order3")
    return monthly.build(
        monthly.MonthlyInput(
            settings=session.settings,
            period=period,
            as_of=as_of,
            method=method,
            rows=rows,
            orders=order,
            outlets=outlet_count(session),
            departments=department_names(session),
            due=_due_items(session, rows, period, as_of, method),
            limits=tuple(sorted({stage.days for stage in default.stages})),
            signed_on=session.today(),
            activities=_activities(session),
        )
    )


def _activities(session: Session) -> Activities:
    groups = session.rules.catalog.list("staff_group")
    return Activities(
        trainings=training_rows(session),
        events=outreach_rows(session),
        groups={group: groups.label(group) for group in GROUP_COUNTS},
    )


def _due_items(
    session: Session, rows: list[CaseRow], period: Period, as_of: date, method: Method
) -> tuple[monthly.DueItem, ...]:
    coming = period.after()
    open_rows = [
        row
        for row in rows
        if row.nature in method.natures
        and row.received_on <= as_of
        and not row.closed_by(as_of)
        and row.due_on is not None
        and row.due_on in coming
    ]
    details: dict[Value, dict[str, Value]] = {
        item["id"]: item
        for item in session.book.rows(COMPLAINT, [row.id for row in open_rows], ("department", "branch"))
    }
    branches = session.link_names("branch")
    items = []
    for row in sorted(open_rows, key=lambda item: (item.due_on or item.received_on, item.id)):
        detail = details[row.id]
        branch = detail["branch"]
        unit = str(detail["department"] or "") or (branches.get(branch, "") if isinstance(branch, int) else "")
        day = (row.due_on - row.received_on).days if row.due_on else 0
        items.append(monthly.DueItem(row.due_on or coming.first, f"{detail['number']}答复（第{day}日）", "投诉", unit))
    return tuple(items)


_REPORTS: dict[str, tuple[ReportInfo, Builder]] = {
    "monthly": (ReportInfo("monthly", "消保工作月报", FORMATS, 1), _monthly),
}
