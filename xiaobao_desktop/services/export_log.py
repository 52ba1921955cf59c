"""导出台账: whatever leaves the book as a file is a note in its history: what, for whom, how many rows, which hash."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from xiaobao_desktop.exchange import usb
from xiaobao_desktop.files import TargetRefused, explain, sha256_of
from xiaobao_desktop.services.session import Session

ABOUT = "export"
"""The name of the notes; no ledger is called so."""
_FAILED = "failed"


@dataclass(frozen=True)
class Export:
    """One export.

    Attributes:
        operation: what was done, in Chinese.
        file: name of the file, masked where it may name a person; "" takes that of the target.
        sha256: of its content.
        rows: number of records by ledger key.
        masked: personal data is hidden.
        purpose: what for.
        recipient: for whom.
        reason: why unmasked.
        approver: who agreed to it.
        period: as on the command line, "" for a list.
        anchor: (sequence, first 16 hex digits) where the history stood when it was read.
        at: when; None before it is written.
        who: real name of the one who exported.
        done: whether the file got its name in the end.
    """

    operation: str
    file: str
    sha256: str
    rows: Mapping[str, int]
    masked: bool
    purpose: str = ""
    recipient: str = ""
    reason: str = ""
    approver: str = ""
    period: str = ""
    anchor: tuple[int, str] = (0, "")
    at: datetime | None = None
    who: str = ""
    done: bool = True

    @property
    def total(self) -> int:
        """Number of records in all."""
        return sum(self.rows.values())


def written(
    session: Session,
    export: Export,
    target: Path,
    content: bytes,
    *,
    told: usb.Told | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> str:
    """Write an export and its note, and return the SHA-256 of the file.

    The note is written when the file is proven and before it gets its name: there is no export without one. Should the
    name then fail, a second note says so.

    Raises:
        TargetRefused: one of its kinds; nothing is left of the file.
    """
    session.require(export.operation)
    digest = hashlib.sha256(content).hexdigest()
    kept = replace(export, sha256=digest, file=export.file or target.name)
    if kept.anchor == (0, ""):
        now = session.book.anchor()
        kept = replace(kept, anchor=(now.sequence, now.mac16))
    noted: list[str] = []

    def note() -> None:
        with session.book.transaction(kept.operation, session.user, session.now()) as log:
            log.note(ABOUT, None, _facts(kept))
        noted.append(digest)

    try:
        usb.write_proven(target, content, told=told, cancelled=cancelled, ready=note)
    except TargetRefused:
        if noted:
            with session.book.transaction(f"{kept.operation}没有完成", session.user, session.now()) as log:
                log.note(ABOUT, None, {_FAILED: digest, "file": kept.file})
        raise
    return digest


def entries(session: Session) -> list[Export]:
    """The exports of this book, the newest first.

    A reader does not get to know what for: the words by which a list was narrowed may name a person.
    """
    texts = [name for name in _TEXTS if name != "purpose" or session.role.may_change]
    found: list[Export] = []
    failed: dict[tuple[str, str], int] = {}
    for note in session.book.notes(ABOUT):
        facts = note.facts
        key = (str(facts.get(_FAILED) or facts.get("sha256", "")), str(facts.get("file", "")))
        if _FAILED in facts:
            failed[key] = failed.get(key, 0) + 1
            continue
        done = not failed.get(key)
        if not done:
            failed[key] -= 1
        anchor = facts.get("anchor", [0, ""])
        found.append(
            Export(
                operation=note.operation,
                file=key[1],
                sha256=key[0],
                rows=facts.get("rows", {}),
                masked=bool(facts.get("masked", True)),
                **{name: str(facts.get(name, "")) for name in texts},
                anchor=(int(anchor[0]), str(anchor[1])),
                at=note.at,
                who=note.who,
                done=done,
            )
        )
    return found


def of_file(session: Session, file: Path) -> Export | None:
    """The export that gave exactly this file, None when none of this book did.

    Raises:
        TargetRefused: the file cannot be read.
    """
    try:
        digest = sha256_of(file)
    except OSError as error:
        raise explain(error, file) from error
    return next((item for item in entries(session) if item.sha256 == digest and item.done), None)


_TEXTS = ("purpose", "recipient", "reason", "approver", "period")


def _facts(export: Export) -> dict[str, object]:
    texts = {name: getattr(export, name) for name in _TEXTS}
    return {
        "file": export.file,
        "sha256": export.sha256,
        "rows": dict(export.rows),
        "masked": export.masked,
        **{name: value for name, value in texts.items() if value},
        "anchor": list(export.anchor),
    }
