"""Making and opening books through the services, passwords and recovery keys, settings. Real key files."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services.support import BANK, COMPLAINT, OFFICER, PASSWORD, Clock, a_complaint, new_book
from xiaobao_desktop.errors import UserError
from xiaobao_desktop.services import books, credentials, records
from xiaobao_desktop.services.access import reveal, reveal_one
from xiaobao_desktop.services.options import save_settings
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.errors import BookExists, BookInUse, BookMissing, WrongPassword
from xiaobao_desktop.store.layout import BOOK_FILE, KEY_FILE


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "小保 账簿"


@pytest.fixture
def session(place: Path) -> Iterator[Session]:
    opened = new_book(place)
    yield opened
    opened.close()


def test_a_new_book_knows_bank_and_officer_and_opens_with_either_secret(place: Path) -> None:
    assert not books.book_at(place)
    session, recovery = books.create_book(place, bank=BANK, officer=OFFICER, password=PASSWORD, clock=Clock())
    assert (session.settings.bank, session.settings.preparer, session.user) == (BANK, OFFICER, OFFICER)
    record_id = int(str(records.save(session, COMPLAINT, a_complaint()).record.id))
    session.close()
    assert books.book_at(place)
    assert books.needs_password(place)
    assert credentials.users(place) == (OFFICER,)
    for secret in (PASSWORD, recovery, recovery.replace(" ", "-")):
        session = books.open_book(place, secret, clock=Clock())
        assert session.user == OFFICER
        assert records.get(session, COMPLAINT, record_id).values["complainant"] == "刘秀兰"
        session.close()


def test_the_wrong_password_opens_nothing(place: Path) -> None:
    session, _recovery = books.create_book(place, bank=BANK, officer=OFFICER, password=PASSWORD)
    session.close()
    before = (place / BOOK_FILE).read_bytes()
    for secret in (PASSWORD + "7", PASSWORD.swapcase(), "", None, "000000 " * 8):
        with pytest.raises(WrongPassword, match="检查大小写和输入法"):
            books.open_book(place, secret)
    with pytest.raises(WrongPassword):
        credentials.check_secret(place, "别的密码")
    assert (place / BOOK_FILE).read_bytes() == before
    books.open_book(place, PASSWORD).close()


def test_changing_the_password_leaves_the_book_as_it_is(place: Path) -> None:
    session, recovery = books.create_book(place, bank=BANK, officer=OFFICER, password=PASSWORD)
    session.close()
    before = (place / BOOK_FILE).read_bytes()
    with pytest.raises(WrongPassword):
        credentials.change_password(place, "不是这个", "新的密码 2027")
    credentials.change_password(place, PASSWORD, "新的密码 2027")
    assert (place / BOOK_FILE).read_bytes() == before
    with pytest.raises(WrongPassword):
        credentials.check_secret(place, PASSWORD)
    credentials.check_secret(place, "新的密码 2027")
    credentials.change_password(place, recovery, PASSWORD)
    credentials.check_secret(place, PASSWORD)


def test_a_new_recovery_key_ends_the_old_one(place: Path) -> None:
    session, old = books.create_book(place, bank=BANK, officer=OFFICER, password=PASSWORD)
    assert not credentials.recovery_kept(session)
    credentials.set_recovery_kept(session, kept=True)
    assert credentials.recovery_kept(session)
    with pytest.raises(WrongPassword):
        credentials.renew_recovery_key(session, "不是这个")
    assert credentials.recovery_kept(session)
    new = credentials.renew_recovery_key(session, PASSWORD)
    assert not credentials.recovery_kept(session)  # the new one has to be written down as well
    session.close()
    assert new != old
    with pytest.raises(WrongPassword):
        credentials.check_secret(place, old)
    credentials.check_secret(place, new)


def test_a_book_is_never_made_over_another(session: Session, place: Path) -> None:
    before = (place / KEY_FILE).read_bytes()
    with pytest.raises(BookExists, match="已经有一本台账"):
        books.create_book(place, bank=BANK, officer=OFFICER, password=PASSWORD)
    assert (place / KEY_FILE).read_bytes() == before


def test_no_book_and_a_book_in_use_are_told(session: Session, place: Path, tmp_path: Path) -> None:
    with pytest.raises(BookMissing, match=f"{tmp_path.name}.*没有台账"):
        books.open_book(tmp_path, PASSWORD)
    with pytest.raises(BookInUse, match="先关掉那个窗口"):
        books.open_book(place, None)
    records.save(session, COMPLAINT, a_complaint())


def test_a_folder_that_cannot_hold_a_book_is_told(tmp_path: Path) -> None:
    (tmp_path / "文件").write_text("", encoding="utf-8")
    with pytest.raises(UserError, match=r"换一?个"):
        books.create_book(tmp_path / "文件" / "账簿", bank=BANK, officer=OFFICER, password=PASSWORD)
    assert (tmp_path / "文件").read_text(encoding="utf-8") == ""


def test_keys_of_a_book_that_was_moved_away_are_kept(session: Session, place: Path, tmp_path: Path) -> None:
    session.close()
    (place / BOOK_FILE).rename(tmp_path / BOOK_FILE)
    old = (place / KEY_FILE).read_bytes()
    new_book(place).close()
    (kept,) = place.glob("keys-*.json")
    assert kept.read_bytes() == old
    # The old book and its keys, brought together again, open.
    again = tmp_path / "again"
    again.mkdir()
    (tmp_path / BOOK_FILE).rename(again / BOOK_FILE)
    kept.rename(again / KEY_FILE)
    books.open_book(again, None).close()


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on file sizes")
@pytest.mark.parametrize("room", [0, 100, 600, 40_000, 250_000, 303_500])
def test_a_book_that_could_not_be_made_can_be_made_later_in_the_same_folder(place: Path, room: int) -> None:
    import resource

    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, limits[1]))
    try:
        with pytest.raises(UserError):
            books.create_book(place, bank=BANK, officer=OFFICER, password="", open_without_password=True)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert not books.book_at(place)
    new_book(place).close()


def test_settings_are_kept_and_only_changes_are_written(session: Session, place: Path) -> None:
    save_settings(session, short_name="某某农商行", percent_digits="1")
    anchor = session.book.anchor()
    assert save_settings(session, short_name="某某农商行").percent_digits == "1"
    assert session.book.anchor() == anchor
    with pytest.raises(KeyError, match="colour"):
        save_settings(session, colour="red")
    assert session.settings.printed_name == "某某农商行"
    session.close()
    session = books.open_book(place, None)
    assert (session.settings.short_name, session.settings.percent_digits) == ("某某农商行", "1")
    session.close()


def test_looking_at_personal_data_leaves_a_trace(session: Session) -> None:
    record = records.save(session, COMPLAINT, a_complaint()).record
    before = session.book.anchor().sequence
    reveal(session, COMPLAINT, 1, "监管检查")
    reveal_one(session, COMPLAINT, int(str(record.id)), "身份证号")
    assert session.book.anchor().sequence == before + 2
    newest = session.book.history(COMPLAINT, int(str(record.id)))[-1]
    assert (newest.operation, newest.who) == ("查看身份证号", OFFICER)
    # A look changes nothing, so the record's history as shown has no fields for it.
    assert records.history(session, COMPLAINT, int(str(record.id)))[0].lines == ()
    assert all(finding.ok for finding in session.book.verify())


def test_nothing_personal_lies_readable_in_the_folder(session: Session, place: Path) -> None:
    records.save(session, COMPLAINT, a_complaint(complainant="独孤求败", content="只此一句不会重样"))
    session.close()
    for folder, _folders, files in os.walk(place):
        for name in files:
            content = (Path(folder) / name).read_bytes()
            for text in ("独孤求败", "13907991234", "只此一句"):
                for encoding in ("utf-8", "utf-16-le", "gb18030"):
                    assert text.encode(encoding) not in content, (name, text)
