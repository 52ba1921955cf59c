"""What the program itself writes into the history: openings, locks, printings, changed passwords.

Kept light, because the start of the window needs it; reading the history as a log is ``audit_log``.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from xiaobao_desktop.errors import UserError
from xiaobao_desktop.services import tries
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store import audit
from xiaobao_desktop.store.book import Anchor

PRINTED, SAVED, COPIED = "打印", "另存", "复制"
"""What the operations begin with by which something leaves the program."""
PAPER = "paper"
"""Name of the notes about a paper that belongs to no single record."""


def note(
    session: Session, about: str, operation: str, facts: Mapping[str, Any] | None = None, record_id: int | None = None
) -> None:
    """Write an entry that changes no record; ``about`` is one of the names of ``store.audit`` or a ledger's key."""
    with session.book.noting(operation, session.user, session.now()) as log:
        log.note(about, record_id, facts or {})


def signed_in(session: Session, way: str = "打开账簿") -> None:
    """Write down that the book was opened, and wrong passwords since the last time, which no closed book can take."""
    found = tries.take_past(session.directory)
    if found is not None:
        facts = {"tries": found.number, "last_try": f"{found.last:%Y-%m-%d %H:%M}"}
        note(session, audit.SIGN_IN, f"登录失败 {found.number} 次", facts)
    note(session, audit.SIGN_IN, way)


def signed_out(session: Session) -> None:
    """Write down that the book is being closed."""
    note(session, audit.SIGN_IN, "关闭账簿")


def locked(session: Session, way: str) -> None:
    """Write down that the window was locked or unlocked; ``way`` says which and why. A full disk stops no lock."""
    with suppress(UserError):
        note(session, audit.LOCK, way)


def keys_changed(session: Session, operation: str) -> None:
    """Write down that a password or the recovery key was changed."""
    note(session, audit.KEYS, operation)


def anchor_text(anchor: Anchor) -> str:
    """核对码 as printed and typed: 128-0123456789abcdef."""
    return f"{anchor.sequence}-{anchor.mac16}"
