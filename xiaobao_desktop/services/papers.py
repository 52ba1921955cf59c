"""Papers that are printed of one record: 签到表, 情况表.

A ledger that has some has a module ``services/<key>_papers.py`` with ``PAPERS`` and ``document(session, record,
paper)``; it is found by its name, so that no page asks which ledger it shows. The module may also have
``refusal(session, record, paper)`` (why a paper makes no sense yet) and ``advice(session, record, paper)`` (what is
still lacking on it), both in Chinese.
"""

from __future__ import annotations

import importlib
import importlib.util
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from xiaobao_desktop import __version__
from xiaobao_desktop.domain.fields import Ledger, Record, Values
from xiaobao_desktop.domain.period import chinese_day_span
from xiaobao_desktop.errors import UserError
from xiaobao_desktop.reports.document import Metadata
from xiaobao_desktop.services.audit import PRINTED, SAVED
from xiaobao_desktop.services.leaving import WayOut
from xiaobao_desktop.services.records import get
from xiaobao_desktop.services.report_kind import ReportInfo
from xiaobao_desktop.services.reporting import Built
from xiaobao_desktop.services.session import Session


class PaperRefused(UserError):
    """现在还不能出{paper}：{reason}。"""  # noqa: D415


@dataclass(frozen=True)
class Paper:
    """A paper: its key, the words of the menu, the name of its files."""

    key: str
    label: str
    title: str


@dataclass(frozen=True)
class Offer:
    """A paper for one record, and why it makes no sense yet ("" when it does)."""

    paper: Paper
    refusal: str = ""


@dataclass(frozen=True)
class TakenOut:
    """A paper that was printed or saved: when, by whom, and "打印 答复函"."""

    at: datetime
    who: str
    words: str


def papers(ledger: Ledger) -> tuple[Paper, ...]:
    """The papers of a ledger's records, in the order of the menu."""
    module = _module(ledger)
    found: tuple[Paper, ...] = module.PAPERS if module else ()
    return found


def offers(session: Session, ledger: Ledger, record: Record) -> tuple[Offer, ...]:
    """The papers of a record, those that make no sense yet with the reason."""
    refuse = getattr(_module(ledger), "refusal", None)
    return tuple(Offer(item, refuse(session, record, item.key) if refuse else "") for item in papers(ledger))


def advice(session: Session, ledger: Ledger, record_id: int, key: str) -> tuple[str, ...]:
    """What is still lacking on a paper, as Chinese sentences; errors as for :func:`build`."""
    tell = getattr(_module(ledger), "advice", None)
    found: tuple[str, ...] = tell(session, get(session, ledger, record_id), key) if tell else ()
    return found


def way_out(session: Session, ledger: Ledger, record_id: int, title: str) -> WayOut:
    """How a paper of a record leaves the program: it names persons in full, and the record's history tells of it."""
    return WayOut(session, title, masked=False, ledger=ledger, record_id=record_id)


def taken_out(session: Session, ledger: Ledger, record_id: int) -> tuple[TakenOut, ...]:
    """Every printing and saving of a record's papers, oldest first."""
    ways = tuple(f"{way} " for way in (PRINTED, SAVED))
    return tuple(
        TakenOut(change.at, change.who, change.operation)
        for change in session.book.history(ledger, record_id)
        if change.action == "access" and change.operation.startswith(ways)
    )


def build(session: Session, ledger: Ledger, record_id: int, key: str) -> Built:
    """Read a record and build one of its papers; the result no longer needs the book.

    Raises:
        RecordMissing: the record is gone.
        PaperRefused: the paper makes no sense yet.
        KeyError: the ledger has no such paper (a bug).
    """
    paper = next((item for item in papers(ledger) if item.key == key), None)
    if paper is None:
        raise KeyError(key)
    session.require(f"打开{paper.label}")
    record = get(session, ledger, record_id)
    refusal = next(item.refusal for item in offers(session, ledger, record) if item.paper.key == key)
    if refusal:
        raise PaperRefused(paper=paper.label, reason=refusal)
    document = _module(ledger).document(session, record, key)
    metadata = Metadata(paper.title, session.settings.printed_name, session.now(), f"小保 {__version__}")
    info = ReportInfo(paper.key, paper.title)
    return Built(info, document, metadata, f"{record.number} {paper.title}")


def when(values: Values) -> str:
    """Days and times of an activity as printed: 2026年11月18日14:30—17:00."""
    return chinese_day_span(*(str(values.get(key) or "") for key in ("held_on", "start_time", "ended_on", "end_time")))


def _module(ledger: Ledger) -> Any:
    name = f"xiaobao_desktop.services.{ledger.key}_papers"
    return importlib.import_module(name) if importlib.util.find_spec(name) else None
