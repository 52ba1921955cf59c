"""Is the book's file still as it was written? A quick look after every start, everything once a week.

Both go on beside the officer's work. When the last full check was is noted beside the book, not in it: a note in the
book would itself be a change to back up.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import BinaryIO, NamedTuple

from xiaobao_desktop.errors import UserError
from xiaobao_desktop.files import DiskFull, write_atomically
from xiaobao_desktop.services import anchors
from xiaobao_desktop.services.backups import Stop, go_on
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store import space
from xiaobao_desktop.store.errors import BookDamaged
from xiaobao_desktop.store.layout import BOOK_FILE
from xiaobao_desktop.store.verify import Finding

EVERY_DAYS = 7
"""How often the whole book is checked."""
_FILE = "checks.json"
_MEGABYTE = 1024 * 1024


class NoRoomForCheck(UserError):
    """本周的完整检查没有做：磁盘空间不足，需要 {needed} MB。请清出一些空间，明天会自动再试。"""  # noqa: D415

    @property
    def first(self) -> bool:
        """Whether this is the first day on which there was no room: later ones need not be told again."""
        return bool(self.values["first"])


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


class FullChecks(NamedTuple):
    """What is noted of the full checks.

    Attributes:
        last: when the last one that found nothing was, None for never.
        skipped: when the one that was due could not be done for want of room, None when nothing is in the way.
        needed: megabytes that were needed then.
    """

    last: datetime | None = None
    skipped: datetime | None = None
    needed: int = 0


def full_checks(session: Session) -> FullChecks:
    """What is noted beside the book; a note that cannot be read says nothing."""
    try:
        kept = json.loads((session.directory / _FILE).read_text(encoding="utf-8"))
        return FullChecks(_moment(kept.get("full")), _moment(kept.get("skipped")), int(kept.get("needed", 0)))
    except (OSError, ValueError, AttributeError, TypeError):
        return FullChecks()


def full_check_due(session: Session) -> bool:
    """Whether the last full check that found nothing is a week ago, or lies in the future of the clock.

    One for which there was no room is tried again on the next day.
    """
    known, now = full_checks(session), session.now()
    if known.skipped is not None and known.skipped.date() == now.date():
        return False
    return known.last is None or not timedelta() <= now - known.last < timedelta(days=EVERY_DAYS)


def told(session: Session) -> str:
    """When the whole book was checked by the program itself, and what kept it from that, in a sentence."""
    known = full_checks(session)
    last = f"{known.last:%Y-%m-%d}" if known.last is not None else "还没有做过"
    if known.skipped is None:
        return f"每周自动完整检查，上次：{last}"
    return (
        f"每周自动完整检查，上次：{last}；本周未能检查：磁盘空间不足，需要 {known.needed} MB，"
        "请清出一些空间，明天会自动再试"
    )


def full_check(session: Session, stop: Stop = go_on) -> Health:
    """Check everything: pages, history, every record, every attachment.

    Raises:
        BackupStopped: ``stop`` said so.
        NoRoomForCheck: there is no room for the copy that is checked; noted for the officer and the next day.
    """
    needed = (session.directory / BOOK_FILE).stat().st_size + space.RESERVE_BYTES
    try:
        if session.book.free_space().free < needed:
            raise _skipped(session, needed)
        kept = [item.anchor for item in anchors.not_fitting(session.book)]
        faults = tuple(finding for finding in session.book.verify_copy(kept, stop) if not finding.ok)
    except BookDamaged:
        return Health(1)
    except DiskFull as error:
        raise _skipped(session, needed) from error
    if not faults:
        _note(session, {"full": session.now().isoformat(timespec="seconds")})
    return Health(0, faults)


def _skipped(session: Session, needed: int) -> NoRoomForCheck:
    known, megabytes = full_checks(session), -(-needed // _MEGABYTE)
    body: dict[str, object] = {"skipped": session.now().isoformat(timespec="seconds"), "needed": megabytes}
    if known.last is not None:
        body["full"] = known.last.isoformat(timespec="seconds")
    _note(session, body)
    return NoRoomForCheck(needed=megabytes, first=known.skipped is None)


def _moment(text: object) -> datetime | None:
    return datetime.fromisoformat(text) if isinstance(text, str) else None


def _note(session: Session, body: Mapping[str, object]) -> None:
    content = json.dumps(body).encode()

    def write(stream: BinaryIO) -> None:
        stream.write(content)

    try:
        write_atomically(session.directory / _FILE, write)
    except UserError:
        # Only the next check comes sooner.
        return
