"""The command ``reencrypt``: passwords from file and environment, what is printed only once, who opens it then."""

from __future__ import annotations

from pathlib import Path

from tests.cli_program import PASSWORD, xiaobao
from tests.services.support import BANK, COMPLAINT, OFFICER, Clock, a_complaint
from tests.store.books import QUICK
from xiaobao_desktop.domain.roles import Role
from xiaobao_desktop.services import backup_places, backups, books, records, users

NEW_PASSWORD, READER = "换过的 Xiaobao 2027", "赵行长"


def test_a_book_is_re_encrypted_without_a_window(tmp_path: Path) -> None:
    place, new = tmp_path / "账簿", tmp_path / "新密码.txt"
    session, _old_key = books.create_book(
        place, bank=BANK, officer=OFFICER, password=PASSWORD, clock=Clock(), cost=QUICK
    )
    records.save(session, COMPLAINT, a_complaint())
    users.add(session, PASSWORD, READER, Role.READER, "hangzhang-2026")
    old = backups.backup(session, backup_places.own_folder(session))
    session.close()
    new.write_text(f"{NEW_PASSWORD}\n", encoding="utf-8")
    assert "请打开小保的窗口" in xiaobao("--book", place, "verify", password="hangzhang-2026").refusal
    words = ("--book", place, "reencrypt", "--reason", "U 盘丢失")
    done = xiaobao(*words, "--new-password-file", new, "--json", password=PASSWORD)
    assert (done.code, done.err) == (0, "")
    assert done.data["old_copies"] == [str(old)]
    assert (done.data["kept_aside"], done.data["lost_attachments"]) == (None, [])
    assert Path(done.data["backup"]).is_file()
    (start,) = done.data["start_passwords"]
    assert (start["name"], start["role"]) == (READER, "reader")
    assert "请打开小保的窗口" in xiaobao("--book", place, "verify", password=start["password"]).refusal
    session = books.open_book(place, done.data["recovery_key"], clock=Clock())
    assert all(finding.ok for finding in session.book.verify())
    session.close()
