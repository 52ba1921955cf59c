"""定稿: a report goes out and is kept byte for byte, with the records behind its figures.

Each issue is a record of the register of filings with the files that went out. A corrected issue is a new version; the
one before stays as it was.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from xiaobao_desktop.domain.check_figures import CheckFigure
from xiaobao_desktop.domain.fields import EMPTY, Record, Value
from xiaobao_desktop.domain.ledgers.filing import BASIS, COPY, LEDGER, REPLACED
from xiaobao_desktop.domain.period import Period, chinese_date
from xiaobao_desktop.domain.statistics import Method
from xiaobao_desktop.errors import UserError
from xiaobao_desktop.reports.document import Layout
from xiaobao_desktop.services import attachments, checking, records, reporting
from xiaobao_desktop.services.attachments import FileEntry
from xiaobao_desktop.services.records import Saved
from xiaobao_desktop.services.report_kind import Request
from xiaobao_desktop.services.reporting import Built
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.attachments import NewFile
from xiaobao_desktop.store.book import Anchor, Transaction
from xiaobao_desktop.store.query import OWN, Condition, Query

BASIS_FILE = "数字底稿.json"
_CYCLES = {1: "month", 3: "quarter", 6: "half", 12: "year"}
_MEDIA = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}
_RUNNING = re.compile(r"(\d+)(?=号\s*$)")


class FiledMeanwhile(UserError):
    """没有定稿：{title}刚才已经定过第 {version} 版。请先看这一版，确要更正再定稿一次。"""  # noqa: D415


@dataclass(frozen=True)
class Draft:
    """A report as it would be filed.

    Attributes:
        built: the report.
        figures: its figures with the ids behind them.
        anchor: where the history of the book ended before the report was read.
        versions: the versions filed before, the latest first.
        pending: the filing that waits for it (from the year's plan or entered by hand), None when none does.
    """

    built: Built
    figures: tuple[CheckFigure, ...]
    anchor: Anchor
    versions: tuple[Version, ...]
    pending: Record | None = None

    @property
    def version(self) -> int:
        """The number this issue would have."""
        return max((item.version for item in self.versions), default=0) + 1

    @property
    def request(self) -> Request:
        """What the report was asked for."""
        assert self.built.request is not None
        return self.built.request


@dataclass(frozen=True)
class Details:
    """What the officer says when a report goes out: number (文号), addressee, days of sending and due."""

    filed_on: date
    document_number: str = ""
    addressee: str = ""
    due_on: date | None = None


@dataclass(frozen=True)
class Version:
    """One filed issue of a report: its record, and the files that went out."""

    record_id: int
    number: str
    version: int
    filed_on: str
    document_number: str
    replaced: bool
    files: tuple[FileEntry, ...]


def prepare(
    session: Session,
    name: str,
    period: Period,
    as_of: date | None = None,
    method: Method | None = None,
    subject: str = "",
) -> Draft:
    """Read a report with its figures, ready to be filed; errors as for ``reporting.build``."""
    # Before anything is read: what is written meanwhile counts as later.
    anchor = session.book.anchor()
    built = reporting.build(session, name, period, as_of, method, subject)
    assert built.request is not None
    found = versions(session, name, period, built.request.subject)
    waiting = pending(session, name, period, built.request.subject)
    return Draft(built, checking.figures(session, built), anchor, found, waiting)


def finished(draft: Draft, details: Details) -> Built:
    """The report as it goes out: with number, addressee and the day of sending."""
    document = draft.built.document
    if document.layout is Layout.OFFICIAL:
        signature = document.signature and replace(document.signature, date=chinese_date(details.filed_on))
        addressee = f"{details.addressee}：" if details.addressee else document.addressee
        document = replace(document, number=details.document_number, addressee=addressee, signature=signature)
    return replace(draft.built, document=document)


def render(draft: Draft, details: Details) -> dict[str, bytes]:
    """The files of an issue by format; needs no book, so it may run beside the window."""
    built = finished(draft, details)
    return {file_format: reporting.render(built, file_format) for file_format in built.info.formats}


def file(session: Session, draft: Draft, details: Details, contents: Mapping[str, bytes]) -> Saved:
    """Keep an issue: its record, the files, the frozen figures; the version before becomes a replaced one.

    A pending filing of this report and period is ticked off: it becomes the record of the issue.

    Args:
        session: the open book.
        draft: from :func:`prepare`.
        details: as the officer gave them.
        contents: from :func:`render`, byte for byte what went out.

    Raises:
        FiledMeanwhile: another version was filed since the draft was read.
        RecordRefused: a detail cannot be; nothing was kept.
        TargetRefused: the book's disk does not take the files.
    """
    built, request = draft.built, draft.request
    now = versions(session, built.info.name, request.period, request.subject)
    if [item.record_id for item in now] != [item.record_id for item in draft.versions]:
        raise FiledMeanwhile(title=built.title, version=max((item.version for item in now), default=1))
    files = [(COPY, _kept(session, f"{built.file_name}.{name}", content)) for name, content in contents.items()]
    basis = frozen(draft, details, {new.name: new.sha256 for _kind, new in files})
    files.append((BASIS, _kept(session, BASIS_FILE, basis)))

    def also(changes: Transaction, written: Record) -> None:
        for kind, new in files:
            changes.attach(LEDGER, written.id or 0, new, evidence=kind)
        for item in draft.versions:
            if not item.replaced:
                changes.update(LEDGER, Record({"replaced": True, "state": REPLACED}, {}, item.record_id))

    name = f"定稿：{built.title}" + (f"（第 {draft.version} 版）" if draft.version > 1 else "")
    ledger = session.ledger(LEDGER.key)
    waiting = pending(session, built.info.name, request.period, request.subject)
    record = Record(_values(session, draft, details, waiting), {}, waiting.id if waiting else None)
    return records.save(session, ledger, record, operation=name, also=also)


def frozen(draft: Draft, details: Details, files: Mapping[str, str]) -> bytes:
    """The figures of an issue with the ids behind them, as JSON.

    Args:
        draft: the report with its figures.
        details: number and day.
        files: SHA-256 of the files that went out, by name.
    """
    request = draft.request
    body = {
        "report": draft.built.info.name,
        "title": draft.built.title,
        "version": draft.version,
        "period": request.period.code,
        "as_of": request.as_of.isoformat(),
        "method": {
            "basis": request.method.basis,
            "merge_repeats": request.method.merge_repeats,
            "natures": list(request.method.natures),
        },
        "subject": request.subject,
        "digits": request.digits,
        "document_number": details.document_number,
        "filed_on": details.filed_on.isoformat(),
        "sequence": draft.anchor.sequence,
        "anchor": {"sequence": draft.anchor.sequence, "mac16": draft.anchor.mac16},
        "files": dict(files),
        "figures": [
            {
                "key": item.key,
                "section": item.section,
                "name": item.name,
                "value": item.value,
                "formula": item.formula,
                "calculation": item.calculation,
                "ledger": item.ledger,
                "ids": list(item.ids),
                "state": item.state.value,
            }
            for item in draft.figures
        ],
    }
    return json.dumps(body, ensure_ascii=False, indent=1).encode()


def versions(session: Session, name: str, period: Period, subject: str = "") -> tuple[Version, ...]:
    """The filed issues of a report for a period, the latest first."""
    where = (
        Condition("report", "eq", (name,)),
        Condition("period", "eq", (period.code,)),
        Condition("subject", "eq", (subject or None,)),
        Condition("filed_on", "not_empty"),
    )
    query = Query(where=where, order=(("version", True), ("number", True)))
    rows = session.book.select(LEDGER, query, ("version", "filed_on", "document_number", "replaced"))
    return tuple(_version(session, row) for row in rows)


def pending(session: Session, name: str, period: Period, subject: str = "") -> Record | None:
    """The filing that waits for a report of a period, the one due first; None when none does."""
    where = (
        OWN,
        Condition("report", "eq", (name,)),
        Condition("period", "eq", (period.code,)),
        Condition("subject", "eq", (subject or None,)),
        Condition("filed_on", "empty"),
    )
    ids = session.book.ids(LEDGER, Query(where=where, order=(("due_on", False), ("number", False)), limit=1))
    return session.book.record(session.ledger(LEDGER.key), ids[0]) if ids else None


def filed_periods(session: Session, name: str) -> frozenset[str]:
    """Codes of the periods for which a report was filed."""
    where = (Condition("report", "eq", (name,)), Condition("filed_on", "not_empty"))
    return frozenset(str(row["period"]) for row in session.book.select(LEDGER, Query(where=where), ("period",)))


def suggested_number(session: Session, filed_on: date) -> str:
    """The 文号 after the last one of the year, "" when none of the year ends in a number and 号."""
    days = (f"{filed_on.year}-01-01", f"{filed_on.year}-12-31")
    where = (Condition("filed_on", "between", days), Condition("document_number", "not_empty"))
    rows = session.book.select(LEDGER, Query(where=where, order=(("number", True),)), ("document_number",))
    last = next((str(row["document_number"]) for row in rows if _RUNNING.search(str(row["document_number"]))), "")
    return _RUNNING.sub(lambda match: str(int(match[1]) + 1), last)


def _values(session: Session, draft: Draft, details: Details, waiting: Record | None) -> dict[str, Value]:
    request = draft.request
    kept = waiting.values if waiting else EMPTY
    return {
        "title": draft.built.title,
        "report": draft.built.info.name,
        "period": request.period.code,
        "subject": request.subject or None,
        "cycle": _CYCLES.get(request.period.months, "once"),
        "version": draft.version,
        "addressee": details.addressee or kept.get("addressee"),
        "due_on": details.due_on.isoformat() if details.due_on else kept.get("due_on"),
        "filed_on": details.filed_on.isoformat(),
        "document_number": details.document_number or None,
        "sender": session.user,
    }


def _kept(session: Session, name: str, content: bytes) -> NewFile:
    suffix = name.rsplit(".", 1)[-1]
    digest = hashlib.sha256(content).hexdigest()
    return NewFile(session.book.keep_content(content), digest, name, _MEDIA[suffix], len(content))


def _version(session: Session, row: dict[str, Value]) -> Version:
    record_id = int(str(row["id"]))
    files = tuple(item for item in _files(session, record_id) if item.evidence == COPY)
    return Version(
        record_id,
        str(row["number"]),
        int(str(row["version"] or 1)),
        str(row["filed_on"]),
        str(row["document_number"] or ""),
        bool(row["replaced"]),
        files,
    )


def _files(session: Session, record_id: int) -> tuple[FileEntry, ...]:
    return attachments.list_of(session, LEDGER, record_id)
