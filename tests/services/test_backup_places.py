"""Backups that happen by themselves: when, where, what they leave, and how loudly they are missing."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services.support import BANK, COMPLAINT, OFFICER, PASSWORD, Clock, a_complaint, new_book
from xiaobao_desktop.files import TargetRefused
from xiaobao_desktop.services import backup_places, backups, books, credentials, listing, records, restoring, todo
from xiaobao_desktop.services.backups import BackupKind
from xiaobao_desktop.services.options import save_settings
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store import space
from xiaobao_desktop.store.errors import BackupStopped
from xiaobao_desktop.store.query import Query


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def session(tmp_path: Path, clock: Clock) -> Iterator[Session]:
    opened = new_book(tmp_path / "book", clock)
    yield opened
    opened.close()


def names(folder: Path) -> list[str]:
    """The beginnings of the names of the backups in a folder."""
    return sorted(path.name.split("-")[0] for path in folder.glob("*.xbbak"))


def test_a_backup_is_made_when_something_changed_and_not_again(session: Session, clock: Clock) -> None:
    own = backup_places.own_folder(session)
    assert backup_places.changed(session)
    first = backup_places.back_up_if_changed(session)
    assert first is not None
    assert first.parent == own
    assert not backup_places.changed(session)
    clock.move(minutes=30)
    assert backup_places.back_up_if_changed(session) is None
    records.save(session, COMPLAINT, a_complaint())
    assert backup_places.changed(session)
    assert backup_places.back_up_if_changed(session) is not None
    assert names(own) == ["小保自动备份", "小保自动备份"]


def test_the_demo_book_is_left_alone(session: Session) -> None:
    save_settings(session, demo="1")
    assert backup_places.back_up_if_changed(session) is None


def test_old_backups_make_room_for_new_ones(session: Session, clock: Clock) -> None:
    own = backup_places.own_folder(session)
    for _ in range(14):
        clock.move(minutes=30)
        save_settings(session, phone=f"0799-{clock.now:%H%M}")
        backup_places.back_up_if_changed(session)
    assert len(names(own)) == 10
    clock.move(days=40)
    backup_places.backup_here(session)
    assert names(own).count("操作前备份") == 1
    assert len(names(own)) == 10, "the nine latest of that day, and the new one"


def test_trouble_is_kept_until_it_is_mended(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    backup_places.back_up_if_changed(session)
    records.save(session, COMPLAINT, a_complaint())
    monkeypatch.setattr(space, "LOW_BYTES", 1 << 62)
    with pytest.raises(backup_places.NoRoomForBackup, match="清出一些空间"):
        backup_places.back_up_if_changed(session)
    assert "没有做" in backup_places.trouble(session)
    assert backup_places.look(session, session.today()).advice.startswith("自动备份没有做")
    monkeypatch.undo()
    backup_places.back_up_if_changed(session)
    assert backup_places.trouble(session) == ""


def test_giving_up_is_no_trouble(session: Session) -> None:
    with pytest.raises(BackupStopped):
        backup_places.back_up_if_changed(session, lambda: True)
    assert backup_places.trouble(session) == ""
    assert backup_places.changed(session)


def test_the_second_place_is_asked_for_until_it_is_there_and_fresh(
    session: Session, clock: Clock, other_disk: Path
) -> None:
    stick = other_disk / "U 盘" / "小保备份"

    def advice() -> str:
        today = session.today()
        return backup_places.advice(backup_places.second_place(session, today), today)

    assert "还没有备份过" in advice()
    assert not backup_places.second_lacks(session)
    backup_places.back_up_to_second(session, stick, BackupKind.BY_HAND)
    second = backup_places.second_place(session, session.today())
    assert (second.folder, second.there, second.stale, second.current) == (stick, True, False, True)
    assert advice() == ""
    assert not backup_places.second_lacks(session)
    records.save(session, COMPLAINT, a_complaint())
    assert backup_places.second_lacks(session)
    assert not backup_places.second_place(session, session.today()).current
    clock.move(days=7)
    assert advice() == ""
    clock.move(days=1)
    assert advice() == "上次备份是 8 天前。请现在备一份，每周一次。"
    # Away: what was noted of it counts.
    stick.parent.rename(other_disk / "拔出")
    assert advice() == "现在找不到这个位置：U 盘没有插，或文件夹改了名。上次备份是 8 天前。"
    assert backup_places.second_place(session, session.today()).last == clock.now.replace(day=3, tzinfo=None), (
        "the day of the backup"
    )
    shutil.rmtree(backup_places.own_folder(session))
    assert backup_places.second_place(session, session.today()).stale


def test_a_second_place_on_the_disk_of_the_book_is_warned_of(session: Session, tmp_path: Path) -> None:
    backup_places.back_up_to_second(session, tmp_path / "另一个文件夹", BackupKind.BY_HAND)
    place = backup_places.second_place(session, session.today())
    assert place.same_disk
    assert "盘坏了，两份一起没有" in backup_places.advice(place, session.today())
    assert "两份一起没有" in backup_places.look(session, session.today()).advice


def test_a_second_place_that_refuses_is_told_and_noted_nowhere(session: Session, tmp_path: Path) -> None:
    (tmp_path / "文件").write_text("", encoding="utf-8")
    with pytest.raises(TargetRefused):
        backup_places.back_up_to_second(session, tmp_path / "文件", BackupKind.BY_HAND)
    assert backup_places.second_lacks(session)
    assert backup_places.second_place(session, session.today()).stale


def test_the_list_shows_both_places_with_occasion_and_records(session: Session, clock: Clock, tmp_path: Path) -> None:
    backup_places.back_up_if_changed(session)
    clock.move(minutes=1)
    records.save(session, COMPLAINT, a_complaint())
    backup_places.back_up_to_second(session, tmp_path / "U 盘", BackupKind.BY_HAND)
    clock.move(minutes=1)
    backup_places.backup_here(session)
    unreadable = tmp_path / "U 盘" / backup_places.listed(session)[0].path.name
    unreadable.write_bytes(b"x")
    found = backup_places.listed(session)
    assert [(item.kind, item.records, item.place) for item in found] == [
        ("操作前", 1, "这台电脑"),
        ("手工", 1, str(tmp_path / "U 盘")),
        ("自动", 0, "这台电脑"),
    ]
    assert all(item.size == item.path.stat().st_size for item in found)


def test_after_going_back_the_later_backups_are_no_alarm(session: Session, clock: Clock) -> None:
    early = backup_places.back_up_if_changed(session)
    assert early is not None
    for name in ("甲", "乙"):
        clock.move(minutes=1)
        records.save(session, COMPLAINT, a_complaint(complainant=name))
        late = backup_places.back_up_if_changed(session)
    assert late is not None
    restoring.restore_into(session, early, None)
    assert listing.count(session, COMPLAINT, Query()) == 0
    assert all(finding.ok for finding in backups.verify(session)), "it was said that the book came from a backup"
    clock.move(minutes=1)
    assert backup_places.back_up_if_changed(session) is not None
    # And forward again, to a backup of the life that was left behind; the same through the closed book.
    restoring.restore_into(session, late, None)
    assert listing.count(session, COMPLAINT, Query()) == 2
    assert all(finding.ok for finding in backups.verify(session))
    session.close()
    backups.restore(early, session.directory, None, clock=clock)
    again = books.open_book(session.directory, None, clock=clock)
    assert all(finding.ok for finding in backups.verify(again))
    # A history that is really cut off is still noticed.
    anchor = again.book.anchor()
    again.close()
    forged = late.with_name(f"小保备份-20261103-093000-{anchor.sequence + 9}-0123456789abcdef.xbbak")
    shutil.copy(late, forged)
    again = books.open_book(session.directory, None, clock=clock)
    assert [finding.what for finding in backups.verify(again) if not finding.ok] == ["历史锚点"]
    again.close()


def test_what_the_book_lacks_is_a_chore_until_it_is_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    session, _key = books.create_book(tmp_path / "book", bank=BANK, officer=OFFICER, password=PASSWORD, clock=clock)

    def chores() -> list[tuple[str, str]]:
        return [(chore.name, chore.words) for chore in todo.chores(session, session.today())]

    assert chores() == [("恢复密钥", "还没有留好"), ("备份到 U 盘", "还没有做过")]
    credentials.set_recovery_kept(session, kept=True)
    backup_places.back_up_to_second(session, tmp_path / "U 盘", BackupKind.BY_HAND)
    assert chores() == []
    clock.move(days=8)
    assert chores() == [("备份到 U 盘", "8 天没有做")]
    monkeypatch.setattr(space, "LOW_BYTES", 1 << 62)
    with pytest.raises(backup_places.NoRoomForBackup):
        backup_places.back_up_if_changed(session)
    assert chores() == [("自动备份", "上次没有做成"), ("备份到 U 盘", "8 天没有做")]
    session.close()
