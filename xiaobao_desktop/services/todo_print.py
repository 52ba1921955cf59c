"""本周待办 as a PDF for the desk."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from xiaobao_desktop import __version__
from xiaobao_desktop.domain.period import chinese_date
from xiaobao_desktop.domain.todo import Band
from xiaobao_desktop.reports import todo_list
from xiaobao_desktop.reports.document import Document, Metadata
from xiaobao_desktop.services import todo
from xiaobao_desktop.services.session import Session


@dataclass(frozen=True)
class Sheet:
    """A sheet ready to be drawn, with the file name (without ending); it no longer needs the book."""

    document: Document
    metadata: Metadata
    file_name: str


def build(session: Session, today: date, bands: Sequence[Band] | None = None) -> Sheet:
    """The sheet of what is overdue or due within seven days; ``bands`` when they were read before.

    Raises:
        NotAllowed: a reader; it is the working paper of whoever does it.
    """
    session.require("打印本周待办")
    found = todo.bands(session, today) if bands is None else bands
    document = todo_list.build(found, today, session.user)
    metadata = Metadata("本周待办", session.settings.printed_name, session.now(), f"小保 {__version__}")
    return Sheet(document, metadata, f"本周待办{chinese_date(today)}")


def render(sheet: Sheet) -> bytes:
    """The PDF of a sheet; may run beside the window."""
    from xiaobao_desktop.reports.pdf import write_pdf

    buffer = io.BytesIO()
    write_pdf(sheet.document, buffer, metadata=sheet.metadata)
    return buffer.getvalue()
