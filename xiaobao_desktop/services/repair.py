"""A damaged book: what can still be read, the newest good backup, what differs between the two, and going on with one.

Nothing is taken away: the damaged book stays in a folder ``replaced-…`` beside the one that takes its place.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from xiaobao_desktop.domain import custom_fields
from xiaobao_desktop.domain.fields import Ledger
from xiaobao_desktop.domain.ledgers import all_ledgers
from xiaobao_desktop.errors import UserError
from xiaobao_desktop.files import explain
from xiaobao_desktop.services.backup_places import FOLDER
from xiaobao_desktop.services.clock import Clock, wall_clock
from xiaobao_desktop.services.session import OWN_FIELDS
from xiaobao_desktop.store import backup, backup_files, container, keyslots, layout, repair
from xiaobao_desktop.store.book import Book
from xiaobao_desktop.store.lock import BookLock, finish_restore
from xiaobao_desktop.store.pool import Pool
from xiaobao_desktop.store.query import Query
from xiaobao_desktop.store.records import snapshot
from xiaobao_desktop.store.repair import Rescued
from xiaobao_desktop.store.restore import exchange
from xiaobao_desktop.store.wreck import Wreck

Progress = Callable[[str], None]
"""Told in Chinese what is being done."""


class OnlyOfficerRepairs(UserError):
    """没有修复：{name}是查阅人员，不能修复账簿。请由消保专员输入自己的密码来修复。"""  # noqa: D415


class RepairGone(UserError):
    """没有换上：检查时备好的账簿不在了。请再检查一次。"""  # noqa: D415


@dataclass(frozen=True)
class GoodBackup:
    """The newest backup that was proven: its file, moment (local time), and records by label of their ledger."""

    file: Path
    made_at: datetime
    counts: Mapping[str, int]


@dataclass(frozen=True)
class Differences:
    """Numbers of records by where they are: only in what was rescued, only in the backup, in both but different."""

    only_rescued: tuple[str, ...] = ()
    only_backup: tuple[str, ...] = ()
    different: tuple[str, ...] = ()


@dataclass(frozen=True)
class Examined:
    """What can be done for a damaged book.

    Attributes:
        directory: its folder.
        rescued: what was read of it, ready to take its place; None when nothing at all could be read.
        backup: the newest good backup, ready in the same way, or None.
        differences: between the two.
        missing_files: names of attachments whose files are gone or damaged.
    """

    directory: Path
    rescued: Rescued | None
    backup: GoodBackup | None
    differences: Differences
    missing_files: tuple[str, ...]

    @property
    def rescued_best(self) -> bool:
        """Whether going on with what was rescued is to be advised: the backup has nothing that it lacks."""
        return self.rescued is not None and not (self.rescued.lost or self.differences.only_backup)


def examine(
    directory: Path, secret: str | None, *, clock: Clock = wall_clock, tell: Progress = lambda _words: None
) -> Examined:
    """Read what can be read, prove the newest backup, compare both; the damaged book is not touched.

    Args:
        directory: folder of the damaged book.
        secret: password or recovery key; None for a book that needs none.
        clock: gives the local time.
        tell: told what is being done.

    Raises:
        WrongPassword, KeyFileMissing, KeyFileDamaged: the key cannot be had.
        OnlyOfficerRepairs: it is the password of somebody who may only read.
        BookInUse: the book is open.
        TargetRefused: there is no room beside the book.
    """
    unlocked = keyslots.unlock(directory / layout.KEY_FILE, secret)
    if not unlocked.role.may_change:
        raise OnlyOfficerRepairs(name=unlocked.user)
    who = unlocked.user or keyslots.first_officer(directory / layout.KEY_FILE)
    try:
        finish_restore(directory)
        lock = BookLock(directory)
        try:
            return _Examining(directory, unlocked.data_key, who, clock(), tell).run()
        except BaseException:
            discard(directory)
            raise
        finally:
            lock.release()
    except OSError as error:
        raise explain(error, directory / layout.RESCUE) from error


def go_on_with_rescued(examined: Examined, at: datetime) -> Path | None:
    """Put what was rescued in the place of the damaged book; the folder that keeps the damaged one."""
    return _go_on(examined.directory, layout.RESCUE, layout.CANDIDATE, at)


def go_on_with_backup(examined: Examined, at: datetime) -> Path | None:
    """Put the book of the backup in the place of the damaged one; the folder that keeps the damaged one."""
    return _go_on(examined.directory, layout.CANDIDATE, layout.RESCUE, at)


def discard(directory: Path) -> None:
    """Leave the damaged book as it is; what was made ready is deleted."""
    for name in (layout.RESCUE, layout.CANDIDATE):
        shutil.rmtree(directory / name, ignore_errors=True)


def report(examined: Examined) -> list[str]:
    """What was found, in plain sentences for the officer."""
    lines = []
    found = examined.rescued
    if found is None:
        lines.append("原来的账簿里什么也读不出来。")
    else:
        lines.append(f"从原来的账簿救出 {_told(found.counts)}；{found.broken} 页读不出来。")
        if found.whole:
            lines.append("每一件都在，修改历史也是完整的。")
        if found.lost:
            lines.append(f"读不出来的有 {len(found.lost)} 件：{_some(found.lost)}。")
        if found.uncertain:
            named = _some(found.uncertain)
            lines.append(f"有 {len(found.uncertain)} 件按读得到的历史写回，可能不是最后的样子，请核对：{named}。")
        if found.entered:
            lines.append(f"有 {found.entered} 件最后一次修改的历史读不出来，内容按账簿里的重新记了一笔。")
        lines += [f"{gap}。" for gap in found.gaps]
    if examined.backup is None:
        lines.append("没有找到完好的备份。")
    else:
        lines.append(
            f"最近一份完好的备份是 {examined.backup.made_at:%Y-%m-%d %H:%M} 的，有 {_told(examined.backup.counts)}。"
        )
    if found is not None and examined.backup is not None:
        lines += _compared(examined.differences)
    if examined.missing_files:
        lines.append(f"有 {len(examined.missing_files)} 个附件的文件不在了：{_some(examined.missing_files)}。")
    return lines


def _compared(found: Differences) -> Iterator[str]:
    if found == Differences():
        yield "两边的记录一件不差。"
    if found.only_rescued:
        yield f"只有救出的账簿里有：{len(found.only_rescued)} 件（{_some(found.only_rescued)}），是备份以后登记的。"
    if found.only_backup:
        yield f"只有备份里有：{len(found.only_backup)} 件（{_some(found.only_backup)}）。"
    if found.different:
        yield f"两边都有但内容不同：{len(found.different)} 件（{_some(found.different)}），备份后改过，或没有读全。"


def _told(counts: Mapping[str, int]) -> str:
    return "、".join(f"{label} {count} 条" for label, count in counts.items()) or "0 条记录"


def _some(names: Sequence[str]) -> str:
    return "、".join(names[:_SHOWN]) + ("等" if len(names) > _SHOWN else "")


_SHOWN = 8


def _go_on(directory: Path, chosen: str, other: str, at: datetime) -> Path | None:
    staging = directory / chosen
    if not (staging / layout.BOOK_FILE).is_file():
        raise RepairGone
    try:
        lock = BookLock(directory)
        try:
            aside = exchange(staging, directory, at)
        finally:
            lock.release()
    except OSError as error:
        raise explain(error, directory / layout.BOOK_FILE) from error
    shutil.rmtree(directory / other, ignore_errors=True)
    return aside


class _Examining:
    def __init__(self, directory: Path, data_key: bytes, who: str, at: datetime, tell: Progress) -> None:
        self._directory, self._data_key, self._who, self._at, self._tell = directory, data_key, who, at, tell

    def run(self) -> Examined:
        discard(self._directory)
        self._tell("正在逐页读原来的账簿…")
        wreck = Wreck(self._directory / layout.BOOK_FILE, self._data_key)
        own = custom_fields.from_text(repair.setting(wreck, OWN_FIELDS) or "")
        ledgers = custom_fields.merge_all(all_ledgers(), own)
        place = repair.setting(wreck, FOLDER)
        second = (Path(place),) if place else ()
        rescued = self._rescue(wreck, ledgers)
        self._tell("正在核对最近的备份…")
        found = self._newest_backup(second, ledgers)
        self._tell("正在和备份对比…")
        ours = self._states(layout.RESCUE, ledgers, repair.OPERATION) if rescued else {}
        name = f"账簿损坏后恢复到 {found.made_at:%Y-%m-%d %H:%M} 的备份" if found else ""
        theirs = self._states(layout.CANDIDATE, ledgers, name) if found else {}
        self._tell("正在核对附件…")
        missing = self._missing_files(wreck, tuple(folder / layout.BACKUP_POOL for folder in second))
        return Examined(self._directory, rescued, found, _differences(ours, theirs), missing)

    def _rescue(self, wreck: Wreck, ledgers: Sequence[Ledger]) -> Rescued | None:
        staging = self._directory / layout.RESCUE
        rescued = repair.rebuild(wreck, staging, self._data_key, ledgers, who=self._who, at=self._at)
        if not rescued.counts and not rescued.history:
            shutil.rmtree(staging)
            return None
        self._with_keys(staging)
        return rescued

    def _newest_backup(self, second: Sequence[Path], ledgers: Sequence[Ledger]) -> GoodBackup | None:
        """The newest backup of this book that holds a sound one, unpacked with the present keys."""
        places = (self._directory / layout.BACKUPS, *second)
        named = [item for folder in places for item in backup_files.named_in(folder)]
        for item in sorted(named, key=lambda one: one.made_at, reverse=True):
            staging = self._directory / layout.CANDIDATE
            shutil.rmtree(staging, ignore_errors=True)
            staging.mkdir()
            try:
                if not keyslots.is_about(container.glance(item.path).keys, self._data_key):
                    continue
                container.extract(item.path, container.read(item.path), staging)
                backup.check_copy(staging / layout.BOOK_FILE, self._data_key)
                self._with_keys(staging)
                counts = self._counts(staging, ledgers)
            except UserError:
                continue
            return GoodBackup(item.path, item.made_at, counts)
        shutil.rmtree(self._directory / layout.CANDIDATE, ignore_errors=True)
        return None

    def _with_keys(self, staging: Path) -> None:
        """The keys of today: the password stays as it is."""
        content = keyslots.file_bytes(self._directory / layout.KEY_FILE)
        for name in (layout.KEY_FILE, layout.KEY_COPY):
            with (staging / name).open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())

    def _counts(self, staging: Path, ledgers: Sequence[Ledger]) -> dict[str, int]:
        with Book.open(staging, self._data_key, ledgers) as book:
            found = {item.label: sum(len(_ids(book, item, gone)) for gone in (False, True)) for item in ledgers}
        _only_the_book(staging)
        return {label: count for label, count in found.items() if count}

    def _states(self, name: str, ledgers: Sequence[Ledger], operation: str) -> dict[str, bytes]:
        """A digest of every record by its number; the history then tells which other ends of it were left behind."""
        staging = self._directory / name
        with Book.open(staging, self._data_key, ledgers) as book:
            found = {
                str(record.number): hashlib.sha256(snapshot(record).encode()).digest()
                for item in ledgers
                for gone in (False, True)
                for record in book.records(item, _ids(book, item, gone))
            }
            left_behind = book.misfits(backup_files.anchors_in(self._directory / layout.BACKUPS))
            if left_behind or name == layout.CANDIDATE:
                with book.transaction(operation, self._who, self._at) as writing:
                    writing.note_restored(self._at.isoformat(timespec="seconds"), left_behind)
        _only_the_book(staging)
        return found

    def _missing_files(self, wreck: Wreck, pools: tuple[Path, ...]) -> tuple[str, ...]:
        """Files of attachments that are neither here nor beside the backups; those found there are brought in."""
        names = {str(row["content"]): str(row["name"]) for row in wreck.attachments()}
        taken = Pool(self._directory / layout.ATTACHMENTS, self._data_key).take_from(pools, set(names))
        return tuple(names[content] for content in taken.missing)


def _ids(book: Book, ledger: Ledger, gone: bool) -> list[int]:
    return book.ids(ledger, Query(deleted=gone))


def _only_the_book(staging: Path) -> None:
    """Delete what opening left beside the book: the lock, and the backup before an upgrade."""
    for path in staging.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        elif path.name not in (layout.BOOK_FILE, layout.KEY_FILE, layout.KEY_COPY):
            path.unlink()


def _differences(ours: Mapping[str, bytes], theirs: Mapping[str, bytes]) -> Differences:
    return Differences(
        tuple(sorted(ours.keys() - theirs.keys())),
        tuple(sorted(theirs.keys() - ours.keys())),
        tuple(sorted(number for number in ours.keys() & theirs.keys() if ours[number] != theirs[number])),
    )
