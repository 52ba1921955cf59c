"""Reports: which exist, how one is built from the book, how it is written to a file."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from xiaobao_desktop import __version__
from xiaobao_desktop.domain.period import Period
from xiaobao_desktop.domain.statistics import Method
from xiaobao_desktop.errors import UnknownReport, UserError
from xiaobao_desktop.files import ensure_folder
from xiaobao_desktop.reports.document import Document, Metadata
from xiaobao_desktop.reports.own_charts import with_charts
from xiaobao_desktop.reports.prose import own_texts
from xiaobao_desktop.reports.sheets import Sheet
from xiaobao_desktop.resources import MissingResource
from xiaobao_desktop.services import report_charts, report_words
from xiaobao_desktop.services.leaving import WayOut
from xiaobao_desktop.services.ledger_cells import Audience
from xiaobao_desktop.services.origins import Chosen
from xiaobao_desktop.services.report_kind import ReportInfo, ReportKind, Request, Subject
from xiaobao_desktop.services.report_kinds import kinds
from xiaobao_desktop.services.report_words import KeptChart, Place
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.layout import OWN_TEXTS


class PeriodUnfit(UserError):
    """{title}只能按{lengths}出，“{period}”不合。请写成 {example} 这样的期间。"""  # noqa: D415


class FormatUnknown(UserError):
    """{title}没有“{format}”这种文件。可以用：{known}。"""  # noqa: D415


class NothingToReport(UserError):
    """{period}没有{title}要写的内容。{what}"""  # noqa: D415


class PartMissing(UserError):
    """没有生成{title}：程序自带的文件 {file} 不在了。账簿没有问题，请重新安装小保，再出一次。"""  # noqa: D415


class AsOfTooEarly(UserError):
    """数据截至日 {day} 早于期间的第一天 {first}，这时还没有数可报。请改截至日或期间。"""  # noqa: D415


@dataclass(frozen=True)
class Built:
    """A report ready to be written.

    Attributes:
        info: which report it is.
        document: what it says.
        metadata: what the file says of itself.
        file_name: without ending.
        sheets: the same for a workbook.
        request: what a report was asked for, defaults filled in; None for papers about one record.
        title: of a report with its period and subject: 2026年10月消保工作月报.
        mistakes: what was wrong with the bank's own versions of its sentences.
    """

    info: ReportInfo
    document: Document
    metadata: Metadata
    file_name: str
    sheets: tuple[Sheet, ...] = ()
    request: Request | None = None
    title: str = ""
    mistakes: tuple[str, ...] = ()


_LENGTHS = {1: ("月", "2026-10"), 3: ("季", "2026Q3"), 6: ("半年", "2026H1"), 12: ("年", "2026")}
"""How a length of a period is called and written, by its months."""


def reports() -> tuple[ReportInfo, ...]:
    """The reports that can be made, in the order of the list."""
    return tuple(found.info for found in kinds().values())


def kind(name: str) -> ReportKind:
    """The kind of report called ``name``.

    Raises:
        UnknownReport: there is none.
    """
    if name not in kinds():
        raise UnknownReport(name=name)
    return kinds()[name]


def info(name: str) -> ReportInfo:
    """How the report called ``name`` presents itself; UnknownReport when there is none."""
    return kind(name).info


def subjects(session: Session, name: str, period: Period) -> tuple[Subject, ...]:
    """The papers of a report for a period; () for a report that is one paper. UnknownReport when there is none."""
    found = kind(name).subjects
    return found(session, period) if found else ()


def check_format(report: ReportInfo, file_format: str) -> None:
    """Refuse a file format that a report is not made in.

    Raises:
        FormatUnknown: it is none of the report's.
    """
    if file_format not in report.formats:
        raise FormatUnknown(title=report.title, format=file_format, known="、".join(report.formats))


def build(
    session: Session,
    name: str,
    period: Period,
    as_of: date | None = None,
    method: Method | None = None,
    subject: str = "",
    words: Mapping[str, tuple[str, ...]] | None = None,
    own: Sequence[KeptChart] | None = None,
    chosen: Chosen = (),
) -> Built:
    """Read the book and build a report; the result no longer needs the book.

    Args:
        session: the open book.
        name: as in :func:`reports`.
        period: a period of one of the report's own lengths.
        as_of: day of view; by default the last day of the period, or today when the period is not over.
        method: 口径.
        subject: key of one of :func:`subjects`; by default the first.
        words: the officer's own paragraphs by section; by default those kept in the book.
        own: the charts that she put in; by default those kept in the book.
        chosen: the 来源机构 that count on the page of charts; () for all.

    Raises:
        UnknownReport: there is no such report.
        PeriodUnfit: the period has the wrong length.
        AsOfTooEarly: the day of view lies before the period.
        NothingToReport: a report with subjects has none in the period.
        TemplateBroken: the prose template has an error.
    """
    found = kind(name)
    check_period(found.info, period)
    day = as_of or day_of_view(session, period)
    if day < period.first:
        raise AsOfTooEarly(day=day, first=period.first)
    topic = _subject(session, found, period, subject)
    key = topic.key if topic else ""
    kept = report_words.read(session, Place(found.info.name, period.code, key))
    words = kept.paragraphs if words is None else words
    audience = Audience.WORK if session.role.may_change else Audience.OUTSIDE
    digits = int(session.settings.percent_digits)
    request = Request(period, day, method or Method(), key, words, audience, digits=digits, chosen=chosen)
    with own_texts(session.directory / OWN_TEXTS) as texts:
        document = found.build(session, request)
    charts = report_charts.own_charts(session, request, kept.charts if own is None else own, found.sections)
    document = with_charts(document, charts)
    about = f" {topic.label}" if topic else ""
    title = f"{dated_title(found.info, period)}{about}"
    name = f"{session.settings.printed_name}{title}"
    sheets = found.sheets(session, request) if found.sheets else ()
    about_file = metadata(session, document)
    return Built(found.info, document, about_file, name, sheets, request, title, tuple(texts.mistakes))


def metadata(session: Session, document: Document) -> Metadata:
    """What the file of a document says about itself, made now."""
    return Metadata("".join(document.title), session.settings.printed_name, session.now(), f"小保 {__version__}")


def dated_title(report: ReportInfo, period: Period) -> str:
    """What a report of a period is called: 2026年10月消保工作月报."""
    # 2025年 and 年度消保工作报告 share their 年.
    return (period.title.removesuffix("年") if report.title.startswith("年") else period.title) + report.title


def build_all(
    session: Session, name: str, period: Period, as_of: date | None = None, method: Method | None = None
) -> list[Built]:
    """Build every paper of a report for a period: one for each subject, or the one there is; errors as in build."""
    keys = [subject.key for subject in subjects(session, name, period)] or [""]
    return [build(session, name, period, as_of, method, key) for key in keys]


def day_of_view(session: Session, period: Period) -> date:
    """Up to when a report's data go unless told otherwise: the end of its period, or today when it is not over."""
    return min(period.last, max(session.today(), period.first))


def check_period(report: ReportInfo, period: Period) -> None:
    """Refuse a period that a report is not made for.

    Raises:
        PeriodUnfit: its length is none of the report's.
    """
    if report.months and period.months not in report.months:
        names = [_LENGTHS[months] for months in report.months]
        lengths = "、".join(length for length, _example in names)
        raise PeriodUnfit(title=report.title, lengths=lengths, period=period.code, example=names[0][1])


def _subject(session: Session, report: ReportKind, period: Period, wanted: str) -> Subject | None:
    if report.subjects is None:
        return None
    there = report.subjects(session, period)
    found = next((item for item in there if item.key == wanted or not wanted), None)
    if found is None:
        raise NothingToReport(title=report.info.title, period=period.title, what=report.nothing)
    return found


def render(built: Built, file_format: str) -> bytes:
    """The bytes of a report in one format; needs no book, so it may run beside the window.

    Raises:
        FormatUnknown: the report is not made in this format.
        PartMissing: a face of the program is not there.
    """
    check_format(built.info, file_format)
    try:
        return _drawn(built, file_format)
    except MissingResource as error:
        raise PartMissing(title=built.title or built.info.title, file=error.file) from error


def _drawn(built: Built, file_format: str) -> bytes:
    buffer = io.BytesIO()
    if file_format == "pdf":
        from xiaobao_desktop.reports.pdf import write_pdf

        write_pdf(built.document, buffer, metadata=built.metadata)
    elif file_format == "xlsx":
        from xiaobao_desktop.reports.xlsx import write_xlsx

        write_xlsx(built.sheets, buffer, metadata=built.metadata)
    else:
        from xiaobao_desktop.reports.docx import write_docx

        write_docx(built.document, buffer, metadata=built.metadata)
    return buffer.getvalue()


def save(session: Session, built: Built, target: Path, file_format: str, content: bytes | None = None) -> Path:
    """Write a report into a file and the export into the log, and return the file.

    Args:
        session: the open book.
        built: the report.
        target: the file to make or replace; its folder is made when it is missing.
        file_format: ``pdf``, ``docx`` or ``xlsx``.
        content: what was drawn already; drawn now when not given.

    Raises:
        NotAllowed: a reader.
        FormatUnknown, PartMissing, TargetRefused: nothing half-written is left.
    """
    way = way_out(session, built)
    session.require(f"导出{way.title}")
    drawn = render(built, file_format) if content is None else content
    ensure_folder(target.parent)
    way.saved(target, drawn, file_format)
    return target


def save_into(session: Session, built: Built, folder: Path, file_format: str) -> Path:
    """The same under the report's own name in a folder."""
    return save(session, built, folder / f"{_safe(built.file_name)}.{file_format}", file_format)


def way_out(session: Session, built: Built) -> WayOut:
    """How a report leaves the program; the lists among them tell how many records they hold."""
    subject = built.request.subject if built.request else ""
    lists = any(ledger.key == subject for ledger in session.ledgers)
    rows = {subject: sum(len(sheet.rows) for sheet in built.sheets)} if lists and built.sheets else {}
    return WayOut(session, built.title or built.info.title, rows=rows)


def _safe(name: str) -> str:
    return "".join("_" if ch in '<>:"/\\|?*' else ch for ch in name)
