"""Old books kept aside: what a restore, a repair or a re-encryption took out of use, until the officer lets it go.

Nothing here deletes by itself.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from xiaobao_desktop.errors import UserError
from xiaobao_desktop.services import audit
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.audit import BACKUP
from xiaobao_desktop.store.layout import ASIDE_BEGINS, BOOK_FILE

OLD_DAYS, MANY_BYTES = 30, 500 * 1024 * 1024
"""Older and together larger than this they are told of; on a disk that is running full in any case."""
OPERATION = "删除另存的旧账簿"
_NAME = re.compile(rf"{re.escape(ASIDE_BEGINS)}(\d{{8}}-\d{{6}})(?:-\d+)?")
_MEGABYTE = 1024 * 1024


class NotAllDeleted(UserError):
    """没有删完：{names} 里有文件删不掉，可能正被别的程序打开。请关掉它再删一次；现在的账簿没有改动。"""  # noqa: D415


@dataclass(frozen=True)
class KeptAside:
    """A folder with an old book: where, when it was put aside (local time), bytes, whether the book is still in it."""

    path: Path
    made_at: datetime
    size: int
    whole: bool


def listed(session: Session) -> tuple[KeptAside, ...]:
    """The old books beside the open one, the newest first; nothing else is ever taken for one."""
    found = []
    for path in session.directory.glob(f"{ASIDE_BEGINS}*"):
        match = _NAME.fullmatch(path.name)
        if match is None or path.is_symlink() or not path.is_dir():
            continue
        with suppress(ValueError):
            # The PC's local time, as in the name.
            made_at = datetime.strptime(match[1], "%Y%m%d-%H%M%S")  # noqa: DTZ007
            found.append(KeptAside(path, made_at, _size(path), (path / BOOK_FILE).is_file()))
    return tuple(sorted(found, key=lambda item: (item.made_at, item.path.name), reverse=True))


def advice(session: Session, found: Sequence[KeptAside]) -> str:
    """That old books take room that is wanted, as a sentence; "" while they may well stay."""
    now = session.now().replace(tzinfo=None)
    old = [item for item in found if now - item.made_at > timedelta(days=OLD_DAYS)]
    if found and session.book.free_space().low:
        return f"磁盘空间不多了：另存的旧账簿占着 {megabytes(found)}，确定不用的可以删除。"
    if sum(item.size for item in old) > MANY_BYTES:
        return f"有 {len(old)} 本旧账簿另存超过 {OLD_DAYS} 天，占着 {megabytes(old)}，确定不用的可以删除。"
    return ""


def drop(session: Session, chosen: Sequence[KeptAside]) -> None:
    """Delete old books for good; that it was done stands in the log.

    Raises:
        NotAllowed: a reader.
        NotAllDeleted: some files are held by other programs.
    """
    session.require(OPERATION)
    known = {item.path for item in listed(session)}
    wanted = [item for item in chosen if item.path in known]
    if not wanted:
        return
    facts = {"file": "、".join(item.path.name for item in wanted), "bytes": sum(item.size for item in wanted)}
    audit.note(session, BACKUP, f"{OPERATION} {len(wanted)} 本", facts)
    left = []
    for item in wanted:
        try:
            shutil.rmtree(item.path)
        except OSError:
            left.append(item.path.name)
    if left:
        raise NotAllDeleted(names="、".join(left))


def megabytes(found: Sequence[KeptAside]) -> str:
    """How much room some of them take, in words."""
    size = sum(item.size for item in found)
    return f"{size / 1024 / _MEGABYTE:.1f} GB" if size >= 1024 * _MEGABYTE else f"{max(1, round(size / _MEGABYTE))} MB"


def _size(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        # What vanishes meanwhile takes no room.
        with suppress(OSError):
            total += path.stat().st_size if path.is_file() else 0
    return total
