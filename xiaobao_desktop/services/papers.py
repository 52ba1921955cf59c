"""Papers that are printed of one record: 签到表, 情况表.

A ledger that has some has a module ``services/<key>_papers.py`` with ``PAPERS`` and ``document(session, record,
paper)``; it is found by its name, so that no page asks which ledger it shows.
"""

from __future__ import annotations

import importlib
import importlib.util
from dataclasses import dataclass
from typing import Any

from xiaobao_desktop import __version__
from xiaobao_desktop.domain.fields import Ledger, Values
from xiaobao_desktop.domain.period import chinese_day_span
from xiaobao_desktop.reports.document import Metadata
from xiaobao_desktop.services.records import get
from xiaobao_desktop.services.reporting import FORMATS, Built, ReportInfo
from xiaobao_desktop.services.session import Session


@dataclass(frozen=True)
class Paper:
    """A paper: its key, the words of the menu, the name of its files."""

    key: str
    label: str
    title: str


def papers(ledger: Ledger) -> tuple[Paper, ...]:
    """The papers of a ledger's records, in the order of the menu."""
    module = _module(ledger)
    found: tuple[Paper, ...] = module.PAPERS if module else ()
    return found


def build(session: Session, ledger: Ledger, record_id: int, key: str) -> Built:
    """Read a record and build one of its papers; the result no longer needs the book.

    Raises:
        RecordMissing: the record is gone.
        KeyError: the ledger has no such paper (a bug).
    """
    paper = next((item for item in papers(ledger) if item.key == key), None)
    if paper is None:
        raise KeyError(key)
    record = get(session, ledger, record_id)
    document = _module(ledger).document(session, record, key)
    metadata = Metadata(paper.title, session.settings.printed_name, session.now(), f"小保 {__version__}")
    info = ReportInfo(paper.key, paper.title, FORMATS, 0)
    return Built(info, document, metadata, f"{record.number} {paper.title}")


def when(values: Values) -> str:
    """Days and times of an activity as printed: 2026年11月18日14:30—17:00."""
    return chinese_day_span(*(str(values.get(key) or "") for key in ("held_on", "start_time", "ended_on", "end_time")))


def _module(ledger: Ledger) -> Any:
    name = f"xiaobao_desktop.services.{ledger.key}_papers"
    return importlib.import_module(name) if importlib.util.find_spec(name) else None
