"""Is the book's file still as it was written? A quick look after every start, everything once a week.

Both go on beside the officer's work. When the last full check was is noted beside the book, not in it: a note in the
book would itself be a change to back up.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import BinaryIO, NamedTuple

from xiaobao_desktop.errors import UserError
from xiaobao_desktop.files import write_atomically
from xiaobao_desktop.services import anchors
from xiaobao_desktop.services.backups import Stop, go_on
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.errors import BookDamaged
from xiaobao_desktop.store.verify import Finding

EVERY_DAYS = 7
"""How often the whole book is checked."""
_FILE = "checks.json"


class Health(NamedTuple):
    """What a check found: broken pages, and the findings of a full check that are not in order."""

    broken: int
    faults: tuple[Finding, ...] = ()

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.broken and not self.faults


def quick_check(session: Session, stop: Stop = go_on) -> Health:
    """Look at the seal of every page of the file (below 3 s for 200 MB)."""
    try:
        return Health(len(session.book.broken_pages(stop)))
    except BookDamaged:
        return Health(1)


def full_check_due(session: Session) -> bool:
    """Whether the last full check that found nothing is a week ago, or lies in the future of the clock."""
    try:
        last = datetime.fromisoformat(json.loads((session.directory / _FILE).read_text(encoding="utf-8"))["full"])
        return not timedelta() <= session.now() - last < timedelta(days=EVERY_DAYS)
    except (OSError, ValueError, KeyError, TypeError):
        return True


def full_check(session: Session, stop: Stop = go_on) -> Health:
    """Check everything: pages, history, every record, every attachment.

    Raises:
        BackupStopped: ``stop`` said so.
        DiskFull: there is no room for the copy that is checked.
    """
    try:
        kept = [item.anchor for item in anchors.not_fitting(session.book)]
        faults = tuple(finding for finding in session.book.verify_copy(kept, stop) if not finding.ok)
    except BookDamaged:
        return Health(1)
    if not faults:
        _note(session)
    return Health(0, faults)


def _note(session: Session) -> None:
    body = json.dumps({"full": session.now().isoformat(timespec="seconds")}).encode()

    def write(stream: BinaryIO) -> None:
        stream.write(body)

    try:
        write_atomically(session.directory / _FILE, write)
    except UserError:
        # Only the next check comes sooner.
        return
