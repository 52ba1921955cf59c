"""核对码: an older book put back, a cut or altered history is noticed by what is kept outside the book."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tests.services.support import COMPLAINT, Clock, a_complaint, new_book
from tests.store.test_history import by_force
from xiaobao_desktop.domain.period import parse_period
from xiaobao_desktop.services import (
    anchors,
    audit_log,
    backup_places,
    backups,
    books,
    exporting,
    filing,
    records,
    restoring,
)
from xiaobao_desktop.services.backups import BackupKind
from xiaobao_desktop.services.exporting import Order
from xiaobao_desktop.services.filing import Details
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.book import Anchor


@pytest.fixture(autouse=True)
def own_profile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XIAOBAO_HOME", str(tmp_path / "profile"))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def session(tmp_path: Path, clock: Clock) -> Iterator[Session]:
    made = new_book(tmp_path / "账簿", clock)
    add(made)
    yield made
    made.close()


def add(session: Session, name: str = "刘秀兰") -> None:
    records.save(session, COMPLAINT, a_complaint(complainant=name))


def wrong(session: Session) -> list[str]:
    return [finding.what for finding in backups.verify(session) if not finding.ok]


def cut(session: Session, sequences: int) -> None:
    """Someone with the key takes the last entries away."""
    last = session.book.anchor().sequence
    by_force(
        session.book,
        f"DELETE FROM change_content WHERE seq > {last - sequences}",
        f"DELETE FROM change WHERE seq > {last - sequences}",
    )


def test_an_older_book_copied_back_is_noticed_by_this_pc(session: Session, tmp_path: Path, clock: Clock) -> None:
    place = session.directory
    anchors.remember(session)
    session.close()
    shutil.copytree(place, tmp_path / "旧的")
    again = books.open_book(place, None, clock=clock)
    add(again, "后来的")
    anchors.remember(again)
    again.close()
    shutil.rmtree(place)
    shutil.copytree(tmp_path / "旧的", place)
    older = books.open_book(place, None, clock=clock)
    try:
        found = anchors.not_fitting(older.book)
        assert [item.where for item in found] == ["这台电脑记下的"]
        assert wrong(older) == ["历史锚点"]
        add(older, "又登记的")
        assert anchors.not_fitting(older.book), "going on does not hide it"
        anchors.remember(older)
        assert anchors.not_fitting(older.book), "nor does closing"
        anchors.accept(older, found)
        assert anchors.not_fitting(older.book) == []
        assert wrong(older) == []
        assert "继续使用较旧的账簿" in [
            row.operation for row in audit_log.rows(older, audit_log.find(older, audit_log.LogQuery()))
        ]
    finally:
        older.close()


def test_a_cut_tail_is_noticed_by_the_second_place_of_the_backups(session: Session, tmp_path: Path) -> None:
    add(session, "要藏起来的")
    backup_places.back_up_to_second(session, tmp_path / "U 盘", BackupKind.BY_HAND)
    shutil.rmtree(tmp_path / "profile")
    assert wrong(session) == []
    cut(session, 4)
    assert "历史锚点" in wrong(session)
    assert any(item.where.startswith("备份 ") for item in anchors.not_fitting(session.book))


def test_the_backups_of_another_book_in_the_same_place_are_no_alarm(session: Session, tmp_path: Path) -> None:
    other = new_book(tmp_path / "别的账簿")
    for _ in range(9):
        add(other)
    backups.backup(other, tmp_path / "U 盘")
    other.close()
    backup_places.choose_folder(session, tmp_path / "U 盘")
    assert anchors.not_fitting(session.book) == []
    assert wrong(session) == []


def test_going_back_by_the_program_is_no_alarm(session: Session, tmp_path: Path, clock: Clock) -> None:
    early = backup_places.back_up_to_second(session, tmp_path / "U 盘", BackupKind.BY_HAND)
    clock.move(minutes=1)
    add(session, "后来的")
    backup_places.back_up_to_second(session, tmp_path / "U 盘", BackupKind.BY_HAND)
    clock.move(minutes=1)
    restoring.restore_into(session, early, None)
    assert anchors.not_fitting(session.book) == []
    assert wrong(session) == []


@pytest.mark.parametrize(
    "typed",
    ["{0}-{1}", "核对码：{0} - {1}", "{0}-{2} {3} {4} {5}", "小保备份-20261103-093000-{0}-{1}.xbbak"],
)
def test_an_anchor_is_read_as_people_type_it(session: Session, typed: str) -> None:
    now = session.book.anchor()
    groups = [now.mac16[place : place + 4] for place in range(0, 16, 4)]
    text = typed.format(now.sequence, now.mac16, *groups)
    assert anchors.parse(text) == now
    assert anchors.compare(session, anchors.parse(text)).ok


@pytest.mark.parametrize("typed", ["", "12", "12-0123", "12-0123456789abcdeg", "abcdef0123456789"])
def test_what_is_no_anchor_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(anchors.AnchorUnreadable, match="128-0123456789abcdef"):
        anchors.parse(typed)


def test_comparing_tells_old_books_slips_and_altered_histories_apart(session: Session) -> None:
    then = session.book.anchor()
    add(session)
    assert "之后又有 1 条" in anchors.compare(session, then).words
    assert "它就是最后一条" in anchors.compare(session, session.book.anchor()).words
    ahead = anchors.compare(session, Anchor(then.sequence + 8, "0" * 16))
    assert (ahead.ok, "少了 7 条" in ahead.words) == (False, True)
    slip = anchors.compare(session, Anchor(then.sequence, "0" * 16))
    assert (slip.ok, "有没有抄错" in slip.words) == (False, True)


def test_backups_packages_and_filed_reports_carry_one(session: Session, tmp_path: Path) -> None:
    backup = backups.backup(session, tmp_path / "U 盘")
    assert anchors.compare(session, anchors.of_file(backup)).ok
    order = Order(parse_period("2026-10"), with_report=False)
    package = exporting.write(session, exporting.make(exporting.prepare(session, order)), tmp_path / "U 盘").path
    assert anchors.compare(session, anchors.of_file(package)).ok
    draft = filing.prepare(session, "monthly", parse_period("2026-10"))
    basis = tmp_path / "数字底稿.json"
    basis.write_bytes(filing.frozen(draft, Details(date(2026, 11, 3)), {}))
    assert anchors.of_file(basis) == draft.anchor
    assert json.loads(basis.read_text(encoding="utf-8"))["anchor"]["mac16"] == draft.anchor.mac16
    assert anchors.compare(session, draft.anchor).ok
    cut(session, 2)
    assert not anchors.compare(session, anchors.of_file(package)).ok
    for name in ("空.json", "不是包.zip", "坏.xbbak"):
        (tmp_path / name).write_text("{}", encoding="utf-8")
        with pytest.raises((anchors.NoAnchorInFile, Exception)) as refused:
            anchors.of_file(tmp_path / name)
        assert name in str(refused.value)


def test_the_program_without_a_profile_it_can_write_works_on(session: Session, tmp_path: Path) -> None:
    (tmp_path / "profile").write_text("", encoding="utf-8")
    anchors.remember(session)
    assert anchors.not_fitting(session.book) == []
