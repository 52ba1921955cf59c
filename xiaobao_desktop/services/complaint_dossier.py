"""卷宗 of one complaint: what belongs to it is read from the book, then it is put together without the book."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from xiaobao_desktop import __version__
from xiaobao_desktop.domain.fields import Record
from xiaobao_desktop.domain.ledgers.complaint import LEDGER
from xiaobao_desktop.domain.period import chinese_date
from xiaobao_desktop.errors import UserError
from xiaobao_desktop.reports import dossier
from xiaobao_desktop.reports.case_archive import Archive
from xiaobao_desktop.reports.case_facts import CaseFacts
from xiaobao_desktop.reports.case_letters import letter_number
from xiaobao_desktop.reports.document import Document, Metadata
from xiaobao_desktop.reports.dossier import Dossier, Part
from xiaobao_desktop.services import access, attachments
from xiaobao_desktop.services.attachments import FileEntry
from xiaobao_desktop.services.complaint_facts import facts
from xiaobao_desktop.services.complaint_papers import CASE_PAPERS, SHEET, document, responsible, view
from xiaobao_desktop.services.records import get
from xiaobao_desktop.services.session import Session

__all__ = ["TITLE", "Dossier", "DossierInput", "build", "read", "word"]

TITLE = "卷宗"
MATERIAL = "material"
"""Kind of attachment that comes from the complainant."""
_FIRST, _SHEET, _PAPER, _FILE = range(4)
"""Order of what was made on one day: the complainant's material, the sheet, other papers, other files."""


@dataclass(frozen=True)
class DossierInput:
    """Everything that goes into a dossier, read from the book."""

    archive: Archive
    parts: tuple[Part, ...]
    metadata: Metadata
    file_name: str


def read(session: Session, record_id: int) -> DossierInput:
    """Read a case with its papers and files; the result no longer needs the book. That it was read is written down.

    Raises:
        NotAllowed: a reader.
        RecordMissing: the case is gone.
        LetterTemplateBroken: a shipped template is broken.
    """
    session.require(TITLE)
    record = get(session, LEDGER, record_id)
    if session.first_look(f"{LEDGER.key}.dossier", record_id):
        access.reveal_one(session, LEDGER, record_id, TITLE)
    texts = facts(session, record)
    found = [*_papers(session, record, texts), *_files(session, record, texts)]
    ordered = sorted(found, key=lambda item: (item[0] or date.min, item[1]))
    title = f"{record.number} {TITLE}"
    metadata = Metadata(title, session.settings.printed_name, session.now(), f"小保 {__version__}")
    return DossierInput(_archive(session, texts), tuple(part for _day, _order, part in ordered), metadata, title)


def build(found: DossierInput, told: Callable[[int, str], None] = lambda _place, _title: None) -> Dossier:
    """Put a dossier together; needs no book."""
    return dossier.build(found.archive, found.parts, found.metadata, told)


def word(found: DossierInput, front: Document) -> bytes:
    """Cover and index as Word file."""
    from io import BytesIO

    from xiaobao_desktop.reports.docx import write_docx

    stream = BytesIO()
    write_docx(front, stream, metadata=found.metadata)
    return stream.getvalue()


Placed = tuple[date | None, int, Part]


def _papers(session: Session, record: Record, texts: CaseFacts) -> list[Placed]:
    """The papers that the case has come to need, as of now."""
    seen = view(session, record)
    found: list[Placed] = []
    for item in CASE_PAPERS:
        day = item.filed(seen)
        if day is None:
            continue
        number = letter_number(texts) if item.letter and not item.letter.by_complainant else ""
        made = document(session, record, item.paper.key)
        part = Part(item.paper.title, responsible(item, texts), day, document=made, number=number)
        found.append((day, _SHEET if item.paper.key == SHEET else _PAPER, part))
    return found


def _files(session: Session, record: Record, texts: CaseFacts) -> list[Placed]:
    days = {row.get("id"): str(row.get("happened_on") or "") for row in record.children.get("step", ())}
    found: list[Placed] = []
    for entry in attachments.list_of(session, LEDGER, record.id or 0):
        day = days.get(entry.step_id, "") if entry.step_id is not None else ""
        made = date.fromisoformat(day) if day else entry.added_at.date()
        material = entry.evidence == MATERIAL
        by = texts.complainant if material else texts.department or texts.department_in_charge
        found.append((made, _FIRST if material else _FILE, _file(session, entry, by, made)))
    return found


def _file(session: Session, entry: FileEntry, by: str, day: date) -> Part:
    """A file with its content; one whose content is not to be had must not stop the others."""
    data, fault = b"", ""
    try:
        data = attachments.open_bytes(session, entry.id)
    except UserError as error:
        fault = error.message
    return Part(
        title=entry.caption or Path(entry.name).stem,
        responsible=by,
        day=day,
        data=data,
        media_type=entry.media_type,
        name=entry.name,
        caption=entry.caption,
        fault=fault,
    )


def _archive(session: Session, texts: CaseFacts) -> Archive:
    settings = session.settings
    about = f"关于{texts.branch}{texts.subject}的投诉" if texts.branch or texts.subject else "的投诉"
    ended = texts.closed or "＿＿＿＿"
    departments = dict.fromkeys(text for text in (texts.department, texts.branch) if text)
    years = settings.retention_years.strip()
    return Archive(
        bank=settings.printed_name,
        title=f"{texts.complainant or '投诉人'}{about}",
        number=texts.number,
        category=texts.category,
        span=f"{texts.received}至{ended}",
        department="、".join(departments),
        year=texts.number.split("-")[1] if texts.number.count("-") == 2 else "",
        archive_number=texts.archive_number,
        retention=f"{years}年" if years else "",
        keeper=session.user,
        day=chinese_date(session.today()),
    )
