"""Files that belong to one dated step of a case: which kind they are, and saving them together with their step."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from xiaobao_desktop.domain.fields import Evidence, Ledger, Record
from xiaobao_desktop.services import attachments, records
from xiaobao_desktop.services.records import Saved
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.book import Transaction


def kind_for(session: Session, ledger: Ledger, step_kind: str) -> Evidence:
    """The kind of attachment that files of a step of this kind are, as the rules say; else the ledger's last kind."""
    known = session.rules.step_kind(step_kind)
    return ledger.evidence_kind(known.evidence) if known and known.evidence else ledger.evidence[-1]


def save_step(
    session: Session, ledger: Ledger, record: Record, place: tuple[str, int], paths: Sequence[Path], *, operation: str
) -> Saved:
    """Save a case and put files at one of its steps, in one operation, so that one undo takes all of it back.

    Args:
        session: the open book.
        ledger: of the case.
        record: as entered, with the step among its child rows.
        place: key of the child table and place of the step among its rows.
        paths: the files; they stay as they are.
        operation: name in the history.

    Raises:
        FileUnreadable, FileTooLarge, TargetRefused: one of the files is not to be had; nothing was saved.
        RecordRefused, RecordMissing: as for ``records.save``.
    """
    table, row = place
    kind = kind_for(session, ledger, str(record.children[table][row].get("kind") or ""))
    files = [attachments.keep(session, path) for path in paths]

    def attach(changes: Transaction, written: Record) -> None:
        assert written.id is not None
        child_id = int(str(written.children[table][row]["id"]))
        for file in files:
            changes.attach(ledger, written.id, file, evidence=kind.key, child_id=child_id)

    return records.save(session, ledger, record, operation=operation, also=attach)
