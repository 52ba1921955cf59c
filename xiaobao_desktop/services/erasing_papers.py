"""销毁清单 as a PDF to be signed and as a workbook; both masked, both on record."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from xiaobao_desktop import __version__
from xiaobao_desktop.domain.period import chinese_date
from xiaobao_desktop.reports import erasing_list
from xiaobao_desktop.reports.document import Document, Metadata
from xiaobao_desktop.reports.erasing_list import Line
from xiaobao_desktop.reports.sheets import Sheet, SheetColumn
from xiaobao_desktop.services import export_log, list_export
from xiaobao_desktop.services.export_log import Export
from xiaobao_desktop.services.retention import Candidate, terms
from xiaobao_desktop.services.session import Session

TITLE = erasing_list.TITLE


@dataclass(frozen=True)
class Paper:
    """The list ready to be drawn, with its file name (without ending); it no longer needs the book."""

    document: Document
    metadata: Metadata
    file_name: str


def build(session: Session, chosen: Sequence[Candidate]) -> Paper:
    """The list of these records.

    Raises:
        NotAllowed: a reader.
    """
    session.require(f"打印{TITLE}")
    today, bank = session.today(), session.settings.printed_name
    document = erasing_list.build(_lines(chosen), bank, _terms(session, chosen), today)
    metadata = Metadata(TITLE, bank, session.now(), f"小保 {__version__}")
    return Paper(document, metadata, f"{TITLE}{chinese_date(today)}")


def render(paper: Paper) -> bytes:
    """The PDF; may run beside the window."""
    from xiaobao_desktop.reports.pdf import write_pdf

    buffer = io.BytesIO()
    write_pdf(paper.document, buffer, metadata=paper.metadata)
    return buffer.getvalue()


def write_sheet(session: Session, chosen: Sequence[Candidate], target: Path) -> str:
    """Write the list as a workbook, and the export into the log; its SHA-256.

    Raises:
        NotAllowed: a reader.
        TargetRefused: nothing was written.
    """
    session.require(f"导出{TITLE}")
    lines = _lines(chosen)
    columns = tuple(SheetColumn(column.title, max(8, column.width / 2), wrap=True) for column in erasing_list.COLUMNS)
    sheet = Sheet(
        name=TITLE,
        title="到期记录销毁清单",
        columns=columns,
        rows=erasing_list.cells(lines),
        head_line=f"填报机构：{session.settings.printed_name}　　共{len(lines)}件",
        notes=(
            *_terms(session, chosen),
            "销毁原因：　　　　　　　　批准文号：　　　　　　　　",
            "经办人：　　　　　　部门负责人：　　　　　　批准人：　　　　　　监销人：　　　　　　日期：",
        ),
    )
    rows: dict[str, int] = {}
    for one in chosen:
        rows[one.ledger.key] = rows.get(one.ledger.key, 0) + 1
    export = Export(operation=f"导出{TITLE}", file=target.name, sha256="", rows=rows, masked=True)
    return export_log.written(session, export, target, list_export.content(session, sheet, list_export.XLSX))


def _lines(chosen: Sequence[Candidate]) -> list[Line]:
    return [Line(one.ledger.label, one.number, one.title, one.ended_on, one.due_on) for one in chosen]


def _terms(session: Session, chosen: Sequence[Candidate]) -> list[str]:
    wanted = {one.ledger.key for one in chosen}
    return [
        f"{term.ledger.label}保管 {term.years} 年（{term.rule.source}）"
        for term in terms(session)
        if term.ledger.key in wanted
    ]
