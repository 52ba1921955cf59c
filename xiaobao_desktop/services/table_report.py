"""A report that is one table: what is read of the book for it is drawn on wide pages and as an Excel sheet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from xiaobao_desktop.reports import wide_list
from xiaobao_desktop.reports.document import Document
from xiaobao_desktop.reports.sheets import Sheet
from xiaobao_desktop.reports.wide_list import WideList
from xiaobao_desktop.services.report_kind import ReportInfo, ReportKind, Request
from xiaobao_desktop.services.session import Session

Data = TypeVar("Data")


def table_report(
    info: ReportInfo,
    read: Callable[[Session, Request], Data],
    draw: Callable[[Data], Document],
    sheet: Callable[[Data], Sheet],
    **more: Any,
) -> ReportKind:
    """The kind of report.

    Args:
        info: how it is called and when it is due.
        read: what the table shows, read of the book.
        draw: makes the pages of it.
        sheet: makes the sheet of it.
        more: further fields of :class:`ReportKind`.
    """
    return ReportKind(
        info,
        lambda session, request: draw(read(session, request)),
        sheets=lambda session, request: (sheet(read(session, request)),),
        **more,
    )


def list_report(info: ReportInfo, read: Callable[[Session, Request], WideList], **more: Any) -> ReportKind:
    """A list of records that are no complaints, so that their 口径 does not change it; arguments as above."""
    return table_report(info, read, wide_list.build, wide_list.sheet, follows_method=False, **more)
