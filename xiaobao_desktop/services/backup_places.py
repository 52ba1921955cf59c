"""Where backups lie: the folder beside the book, and a second place that survives the PC.

The first place is filled by the program itself: on leaving, every half an hour, before what changes much. The second
place (a stick, another disk, a share) is the officer's choice; its absence stays visible until it is mended.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, BinaryIO

from xiaobao_desktop.errors import UserError
from xiaobao_desktop.files import ensure_folder, write_atomically
from xiaobao_desktop.services.backups import BackupKind, Stop, backup, go_on
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store import backup_files, container, own_texts, space
from xiaobao_desktop.store.backup_files import NamedBackup
from xiaobao_desktop.store.errors import BackupStopped
from xiaobao_desktop.store.history import Anchor
from xiaobao_desktop.store.layout import BACKUPS, BOOK_FILE

INTERVAL_MINUTES = 30
"""How often the program backs a changed book up by itself."""
STALE_DAYS = 7
"""A second place that is older than this is asked for."""

SAME_DISK = "这个位置和账簿在同一块盘上：盘坏了，两份一起没有。请点“换一个位置…”，选 U 盘或另一块硬盘。"

FOLDER = "backup_folder"
_NOTES = "places.json"
"""Beside the backups, not in the book: a note in the book would itself be a change to back up."""
_KINDS = {
    BackupKind.BY_HAND: "手工",
    BackupKind.BY_ITSELF: "自动",
    BackupKind.BEFORE: "操作前",
    BackupKind.UPGRADE: "升级前",
}


class NoRoomForBackup(UserError):
    """自动备份没有做：账簿所在的盘只剩 {free} MB。请清出一些空间，或到“数据”里备到 U 盘。"""  # noqa: D415


@dataclass(frozen=True)
class BackupFile:
    """A backup file: where it is, when it was made (local time), its size in bytes."""

    path: Path
    made_at: datetime
    size: int


@dataclass(frozen=True)
class SecondPlace:
    """The second place as it is now.

    Attributes:
        folder: the chosen folder, None before one was chosen.
        there: it can be reached.
        last: when the last backup was made there, None for never.
        stale: there is none, or it is older than :data:`STALE_DAYS` days.
        current: the last one there holds everything that the book holds now.
        same_disk: it lies on the disk of the book and would go with it.
    """

    folder: Path | None
    there: bool
    last: datetime | None
    stale: bool
    current: bool
    same_disk: bool = False


@dataclass(frozen=True)
class Places:
    """Both places, the latest backup in each, and what the officer has to do ("" = nothing)."""

    own: BackupFile | None
    second: SecondPlace
    second_file: BackupFile | None
    advice: str


@dataclass(frozen=True)
class ListedBackup:
    """A backup to choose from: its occasion in Chinese, when, bytes, how many records, and where it lies."""

    path: Path
    kind: str
    made_at: datetime
    size: int
    records: int
    place: str


def own_folder(session: Session) -> Path:
    """The folder beside the book for the backups made by the program itself; it goes when the disk goes."""
    return session.directory / BACKUPS


def chosen_folder(session: Session) -> Path | None:
    """The second place, None before the officer chose one."""
    kept = session.book.setting(FOLDER)
    return Path(kept) if kept else None


def choose_folder(session: Session, folder: Path) -> None:
    """Remember the folder for the next backup."""
    if chosen_folder(session) != folder:
        with session.book.transaction("选择备份位置", session.user, session.now()) as writing:
            writing.set_setting(FOLDER, str(folder))


def changed(session: Session) -> bool:
    """Whether the book, or a text of the bank's own beside it, is not as in the backups beside it."""
    return not _holds_end(session, own_folder(session)) or _texts_changed(session)


def _texts_changed(session: Session) -> bool:
    """Whether the bank's own texts of reports are not those of the newest backup beside the book."""
    now = own_texts.digest(session.directory, session.book._data_key)
    found = latest(own_folder(session))
    try:
        kept = container.glance(found.path).manifest.sha256.get(container.TEXTS) if found is not None else None
    except UserError:
        return True
    return now != kept


def back_up_if_changed(session: Session, stop: Stop = go_on) -> Path | None:
    """The program's own backup: beside the book, when something changed; afterwards old ones make room.

    Returns:
        The new file, or None when nothing had changed; a reader changes nothing, the demo book is never backed up.

    Raises:
        NoRoomForBackup, TargetRefused, BackupNotMade, BackupStopped: there is no new backup.
    """
    if not session.role.may_change or session.settings.demo or not changed(session):
        return None
    try:
        _check_room(session)
        file = _thinned(session, own_folder(session), BackupKind.BY_ITSELF, stop)
    except BackupStopped:
        raise
    except UserError as error:
        _note(session, trouble=error.message)
        raise
    _note(session, trouble=None)
    return file


def backup_here(session: Session) -> Path:
    """Back the book up into its own folder, before something that changes much; errors as in ``backups.backup``."""
    return _thinned(session, own_folder(session), BackupKind.BEFORE, go_on)


def back_up_to_second(session: Session, folder: Path, kind: BackupKind, stop: Stop = go_on) -> Path:
    """Back the book up into the second place, and remember the place.

    Raises:
        TargetRefused, BackupNotMade, BackupStopped: there is no new backup.
    """
    choose_folder(session, folder)
    file = _thinned(session, folder, kind, stop)
    made = backup_files.named(file)
    if made is not None:
        _note(session, second={"folder": str(folder), "made_at": made.made_at.isoformat(), "end": _end(made.anchor)})
    return file


def second_lacks(session: Session) -> bool:
    """Whether the book holds something that the second place did not get; says nothing of whether it is there.

    Looks at notes only: a share that is away can take long to say so.
    """
    folder = chosen_folder(session)
    kept = _notes(session).get("second") or {}
    if folder is None:
        return False
    sequence, _dash, mac16 = str(kept.get("end", "")).partition("-")
    known = kept.get("folder") == str(folder) and sequence.isdecimal()
    return not (known and _holds_all(session, Anchor(int(sequence), mac16)))


def second_place(session: Session, today: date) -> SecondPlace:
    """The second place as it is now; a place that is away is judged by what was noted of it."""
    folder = chosen_folder(session)
    if folder is None:
        return SecondPlace(None, there=False, last=None, stale=True, current=False)
    there = folder.is_dir()
    found = latest(folder) if there else None
    last = found.made_at if found else None
    if not there:
        last = _noted(session, folder)
    stale = last is None or (today - last.date()).days > STALE_DAYS
    current = there and _holds_end(session, folder)
    return SecondPlace(folder, there, last, stale, current, there and on_disk_of_book(session, folder))


def on_disk_of_book(session: Session, folder: Path) -> bool:
    """Whether a folder lies on the same drive as the book; what cannot be told counts as another."""
    try:
        return folder.stat().st_dev == session.directory.stat().st_dev
    except OSError:
        return False


def look(session: Session, today: date) -> Places:
    """Both places as they are now; a share that is away can take long to say so, so this belongs beside the window."""
    second = second_place(session, today)
    found = latest(second.folder) if second.folder is not None and second.there else None
    words = "\n".join(part for part in (trouble(session), advice(second, today)) if part)
    return Places(latest(own_folder(session)), second, found, words)


def advice(place: SecondPlace, today: date) -> str:
    """What the officer has to do about the second place, "" when all is well."""
    if place.folder is None:
        return "U 盘或另一块硬盘上还没有备份过，电脑坏了就没有了。点“现在备份”，选那里的文件夹。"
    days = (today - place.last.date()).days if place.last else 0
    late = f"上次备份是 {days} 天前。" if place.last and place.stale else ""
    if not place.there:
        return f"现在找不到这个位置：U 盘没有插，或文件夹改了名。{late}"
    near = SAME_DISK if place.same_disk else ""
    if place.last is None:
        return f"这个位置里还没有备份。{near}"
    return f"{late}请现在备一份，每周一次。{near}" if late else near


def trouble(session: Session) -> str:
    """Why the program's last backup of its own was not made; "" when it was."""
    return str(_notes(session).get("trouble") or "")


def latest(folder: Path) -> BackupFile | None:
    """The newest backup in a folder by the time in its name; None when there is none or the folder is away."""
    found = backup_files.named_in(folder)
    return BackupFile(found[0].path, found[0].made_at, found[0].size) if found else None


def listed(session: Session) -> list[ListedBackup]:
    """The backups in both places, the newest first; what cannot be read as a backup is left out."""
    own, second = own_folder(session), chosen_folder(session)
    places = [(own, "这台电脑")] + ([(second, str(second))] if second is not None and second != own else [])
    counted = {ledger.key for ledger in session.ledgers}
    found = []
    for folder, words in places:
        for item in backup_files.named_in(folder):
            listed_one = _listed(item, words, counted)
            if listed_one is not None:
                found.append(listed_one)
    return sorted(found, key=lambda item: item.made_at, reverse=True)


def _listed(item: NamedBackup, place: str, counted: set[str]) -> ListedBackup | None:
    try:
        counts = container.glance(item.path).manifest.counts
    except UserError:
        return None
    records = sum(number for table, number in counts.items() if table in counted)
    return ListedBackup(item.path, _KINDS[item.kind], item.made_at, item.size, records, place)


def _end(anchor: Anchor) -> str:
    """The end of a history in one word."""
    return f"{anchor.sequence}-{anchor.mac16}"


def _holds_end(session: Session, folder: Path) -> bool:
    return any(_holds_all(session, item.anchor) for item in backup_files.named_in(folder))


def _holds_all(session: Session, anchor: Anchor) -> bool:
    """Whether a backup that ends so holds all work; notes of the program's own running behind it do not count."""
    return anchor.sequence >= session.book.log.last_work() and not session.book.misfits([anchor])


def _thinned(session: Session, folder: Path, kind: BackupKind, stop: Stop) -> Path:
    file = backup(session, folder, kind, stop)
    session.book.thin_out(folder)
    return file


def _check_room(session: Session) -> None:
    """The program's own backups must not take the room that saving needs."""
    needed = 2 * (session.directory / BOOK_FILE).stat().st_size + space.LOW_BYTES
    free = session.book.free_space().free
    if free < needed:
        raise NoRoomForBackup(free=free // (1024 * 1024))


def _noted(session: Session, folder: Path) -> datetime | None:
    kept = _notes(session).get("second") or {}
    if kept.get("folder") != str(folder):
        return None
    with suppress(KeyError, ValueError, TypeError):
        return datetime.fromisoformat(kept["made_at"]).replace(tzinfo=None)
    return None


def _notes(session: Session) -> dict[str, Any]:
    try:
        found = json.loads((own_folder(session) / _NOTES).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _note(session: Session, **news: object) -> None:
    """Keep something about the places; if that is refused, the next backup notes it again."""
    kept = _notes(session)
    if all(kept.get(key) == value for key, value in news.items()):
        return
    content = json.dumps({**kept, **news}, ensure_ascii=False).encode()

    def write(stream: BinaryIO) -> None:
        stream.write(content)

    with suppress(UserError):
        ensure_folder(own_folder(session))
        write_atomically(own_folder(session) / _NOTES, write)
