from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.store.books import (
    AT,
    CASE,
    LEDGERS,
    PASSWORD,
    PLACE,
    QUICK,
    WHO,
    a_case,
    add,
    fill,
    make_book,
    make_keyed_book,
)
from xiaobao_desktop.domain.fields import Column, Field, Kind, Record
from xiaobao_desktop.errors import UserError
from xiaobao_desktop.files import TargetRefused
from xiaobao_desktop.store import errors, keyslots, schema
from xiaobao_desktop.store.book import Book
from xiaobao_desktop.store.layout import BACKUPS, BOOK_FILE, KEY_FILE, LOCK_FILE
from xiaobao_desktop.store.query import Query
from xiaobao_desktop.store.sqlite import DriverError, open_database
from xiaobao_desktop.store.subkeys import new_data_key


def snapshot_of(directory: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in directory.iterdir() if path.is_file() and path.suffix != ".lock"}


def refused(directory: Path, data_key: bytes, kind: type[UserError]) -> str:
    """The message of the refusal; the folder's files must be as before."""
    before = snapshot_of(directory) if directory.is_dir() else {}
    with pytest.raises(kind) as caught:
        Book.open(directory, data_key, LEDGERS)
    assert (snapshot_of(directory) if directory.is_dir() else {}) == before
    return caught.value.message


def test_settings_of_the_connection_are_in_force(tmp_path: Path) -> None:
    book, _key = make_book(tmp_path)
    with book:

        def pragma(name: str) -> object:
            return book._db.execute(f"PRAGMA {name}").fetchone()[0]

        assert pragma("journal_mode") == "wal"
        assert pragma("locking_mode") == "exclusive"
        assert (pragma("synchronous"), pragma("foreign_keys"), pragma("trusted_schema")) == (2, 1, 0)
        assert (pragma("cell_size_check"), pragma("temp_store"), pragma("user_version")) == (
            1,
            2,
            schema.SCHEMA_VERSION,
        )
        assert pragma("cipher_version")


def test_nothing_readable_lies_on_the_disk(tmp_path: Path) -> None:
    book, _key = make_book(tmp_path)
    add(book, a_case(person="记号甲乙丙", phone="13800138000", content="MARKER-TEXT"))
    marks = ["记号甲乙丙".encode(), b"13800138000", b"MARKER-TEXT", "记号甲乙丙".encode("utf-16-le"), b"CREATE TABLE"]
    for _ in range(2):  # with its write-ahead log, then closed
        files = snapshot_of(tmp_path)
        assert BOOK_FILE in files
        assert not [(name, mark) for name, content in files.items() for mark in marks if mark in content]
        book.close()


def test_missing_book(tmp_path: Path) -> None:
    assert "没有台账" in refused(tmp_path, new_data_key(), errors.BookMissing)
    assert "没有台账" in refused(tmp_path / "nowhere", new_data_key(), errors.BookMissing)
    assert not (tmp_path / "nowhere").exists()
    assert list(tmp_path.iterdir()) == []


def test_empty_book(tmp_path: Path) -> None:
    (tmp_path / BOOK_FILE).touch()
    assert "空的" in refused(tmp_path, new_data_key(), errors.BookEmpty)


@pytest.mark.parametrize("what", ["plain", "text", "other key", "not ours"])
def test_foreign_book(tmp_path: Path, what: str) -> None:
    file, data_key = tmp_path / BOOK_FILE, new_data_key()
    if what == "plain":
        file.write_bytes(b"SQLite format 3\0" + bytes(8176))
    elif what == "text":
        file.write_text("这是一个文本文件" * 900, "utf-8")
    elif what == "other key":
        make_book(tmp_path)[0].close()
    else:  # encrypted with our key, but by another program
        db = open_database(file, data_key, "rwc")
        db.execute("CREATE TABLE t (a)")
        db.conn.close()
    assert "不是这把钥匙能打开的小保台账" in refused(tmp_path, data_key, errors.BookForeign)


def test_newer_book(tmp_path: Path) -> None:
    book, data_key = make_book(tmp_path)
    book._db.execute("PRAGMA user_version = 7")
    book.close()
    message = refused(tmp_path, data_key, errors.BookNewer)
    assert "第 7 版" in message
    assert "升级小保" in message


@pytest.mark.parametrize("place", [0, 15, 16, 100, 4095])
def test_damaged_first_page(tmp_path: Path, place: int) -> None:
    book, data_key = make_book(tmp_path)
    book.close()
    content = bytearray((tmp_path / BOOK_FILE).read_bytes())
    content[place] ^= 0x10
    (tmp_path / BOOK_FILE).write_bytes(content)
    assert "损坏" in refused(tmp_path, data_key, errors.BookDamaged)


def test_truncated_book(tmp_path: Path) -> None:
    book, data_key = make_book(tmp_path)
    fill(book, 30)
    book.close()
    content = (tmp_path / BOOK_FILE).read_bytes()
    (tmp_path / BOOK_FILE).write_bytes(content[: len(content) // 2 // 4096 * 4096])
    try:
        book = Book.open(tmp_path, data_key, LEDGERS)
    except errors.BookDamaged:
        return
    with book:
        assert not all(finding.ok for finding in book.verify())


def test_a_book_without_its_guards_is_refused(tmp_path: Path) -> None:
    book, data_key = make_book(tmp_path)
    book._db.execute("DROP TRIGGER change_no_update")
    book.close()
    refused(tmp_path, data_key, errors.BookDamaged)


def test_a_second_instance_in_another_process(tmp_path: Path) -> None:
    book, data_key = make_book(tmp_path)
    code = (
        "import sys; from pathlib import Path; from xiaobao_desktop.store.book import Book;"
        "from tests.store.books import LEDGERS; from xiaobao_desktop.store.errors import BookInUse\n"
        "try:\n    Book.open(Path(sys.argv[1]), bytes.fromhex(sys.argv[2]), LEDGERS).close()\n    print('opened')\n"
        "except BookInUse as error:\n    print(error.message)\n"
    )

    def second() -> str:
        command = [sys.executable, "-X", "utf8", "-c", code, str(tmp_path), data_key.hex()]
        return subprocess.run(command, capture_output=True, encoding="utf-8", check=True).stdout.strip()

    with book:
        assert "另一个小保窗口" in second()
        assert add(book, a_case())
    assert second() == "opened"


def test_a_second_instance_in_this_process(tmp_path: Path) -> None:
    book, data_key = make_book(tmp_path)
    with book:
        refused(tmp_path, data_key, errors.BookInUse)
        with pytest.raises(errors.BookExists):
            Book.create(tmp_path, new_data_key(), LEDGERS)
        assert add(book, a_case())


def test_target_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", "utf-8")
    with pytest.raises(TargetRefused):
        Book.create(tmp_path / "file", new_data_key(), LEDGERS)
    with pytest.raises(TargetRefused):
        Book.create(tmp_path / "file" / "below", new_data_key(), LEDGERS)
    with pytest.raises(TargetRefused):
        keyslots.create(tmp_path / "no" / KEY_FILE, password="x", user=WHO, data_key=new_data_key(), cost=QUICK)


def test_a_creation_cut_off_leaves_no_book_and_can_be_repeated(tmp_path: Path) -> None:
    (tmp_path / "book.db.new").write_bytes(b"half")
    (tmp_path / "book.db.new-wal").write_bytes(b"half")
    refused(tmp_path, new_data_key(), errors.BookMissing)
    make_book(tmp_path)[0].close()
    assert not (tmp_path / "book.db.new").exists()
    assert not (tmp_path / "book.db.new-wal").exists()


def test_folders_with_blanks_and_chinese_names(tmp_path: Path) -> None:
    # Signs that mean something in an SQLite address; Windows itself forbids the question mark.
    place = tmp_path / "小保 账簿 #1 100%" / ("二#级" if os.name == "nt" else "二?级")
    book, data_key = make_book(place)
    add(book, a_case())
    book.close()
    with Book.open(place, data_key, LEDGERS) as again:
        assert again.count(CASE, Query()) == 1


def test_new_fields_and_ledgers_are_added_after_a_backup(tmp_path: Path) -> None:
    book, data_key = make_keyed_book(tmp_path, (CASE,))
    (stored,) = add(book, a_case(title="收费"))
    book.close()
    wider = replace(
        CASE,
        fields=(*CASE.fields, Field("colour", "颜色", Kind.TEXT), Field("where", "地点", Kind.LINK, options="place")),
        columns=(*CASE.columns, Column("colour", 5)),
        children=(
            replace(
                CASE.children[0], fields=(*CASE.children[0].fields, Field("way", "方式", Kind.CHOICES, options="w"))
            ),
        ),
    )
    with Book.open(tmp_path, data_key, (wider, PLACE)) as book:
        old = book.record(wider, stored.id or 0)
        assert old is not None
        assert (old.values["title"], old.values["colour"]) == ("收费", None)
        add(book, Record({"name": "城关"}), ledger=PLACE)
        with book.transaction("补", WHO, AT) as changes:
            changes.update(wider, Record({"colour": "红", "where": 1}, {"step": ({"way": ("a",)},)}, id=stored.id))
        assert book.ids(wider, Query(search="红", order=(("colour", False),))) == [stored.id]
        assert [change.action for change in book.history(wider, stored.id or 0)] == ["insert", "update"]
        assert all(finding.ok for finding in book.verify())
    (backup,) = (tmp_path / BACKUPS).iterdir()
    assert backup.name.startswith("升级前备份-")
    with Book.open(tmp_path, data_key, (wider, PLACE)):
        assert list((tmp_path / BACKUPS).iterdir()) == [backup]
    # A program that does not know the new field still opens the book and leaves the field alone.
    with Book.open(tmp_path, data_key, LEDGERS) as book:
        with book.transaction("改", WHO, AT) as changes:
            changes.update(CASE, Record({"title": "收费二"}, id=stored.id))
        assert all(finding.ok for finding in book.verify())
    with Book.open(tmp_path, data_key, (wider, PLACE)) as book:
        assert book.rows(wider, [stored.id or 0], ["title", "colour"])[0]["colour"] == "红"


def test_a_field_of_another_type_needs_a_migration(tmp_path: Path) -> None:
    book, data_key = make_book(tmp_path, (PLACE,))
    book.close()
    with pytest.raises(ValueError, match="migration"):
        Book.open(tmp_path, data_key, (replace(PLACE, fields=(Field("name", "名称", Kind.INTEGER),)),))
    with Book.open(tmp_path, data_key, (PLACE,)):
        pass


def test_wrong_password_never_reaches_the_book(tmp_path: Path) -> None:
    book, data_key = make_keyed_book(tmp_path)
    book.close()
    with pytest.raises(errors.WrongPassword):
        keyslots.unlock(tmp_path / KEY_FILE, "not it")
    before = (tmp_path / BOOK_FILE).read_bytes()
    keyslots.change_password(tmp_path / KEY_FILE, PASSWORD, "新的密码", cost=QUICK)
    assert (tmp_path / BOOK_FILE).read_bytes() == before
    with Book.open(tmp_path, keyslots.unlock(tmp_path / KEY_FILE, "新的密码").data_key, LEDGERS):
        pass
    assert keyslots.unlock(tmp_path / KEY_FILE, "新的密码").data_key == data_key


def test_folder_that_cannot_be_written(tmp_path: Path) -> None:
    book, data_key = make_book(tmp_path)
    book.close()
    (tmp_path / LOCK_FILE).unlink()
    (tmp_path / LOCK_FILE).mkdir()  # refuses to be opened for writing, even for the administrator
    assert "不能写入" in refused(tmp_path, data_key, errors.BookReadOnly)


@pytest.mark.parametrize(
    "kind", [item for item in vars(errors).values() if isinstance(item, type) and item.__module__ == errors.__name__]
)
def test_every_message_is_plain_chinese_that_says_what_to_do(kind: Callable[..., UserError]) -> None:
    message = kind(
        folder="D:/小保账簿", file="book.db", found="7", known="1", reason="x", needed="3", name="证据.pdf"
    ).message
    assert "请" in message
    assert message.endswith("。")
    assert not any(word in message for word in ("系统", "异常", "非法", "失败", "！", "错误"))


def test_the_standard_library_keeps_its_own_sqlite(tmp_path: Path) -> None:
    code = (
        "import sys; import xiaobao_desktop.store.sqlite as ours; import sqlite_utils.utils, sqlcipher3;"
        "assert sqlite_utils.utils.sqlite3 is sqlcipher3;"
        "import sqlite3; assert sqlite3 is not sqlcipher3;"
        "print(sqlite3.connect(':memory:').execute('select 1').fetchone())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "(1,)"


def test_history_can_only_grow(tmp_path: Path) -> None:
    """INSERT OR REPLACE deletes without a word where triggers do not reach that far."""
    book, _key = make_book(tmp_path)
    with book:
        fill(book, 1)
        for statement in (
            "UPDATE change SET who = 'x'",
            "DELETE FROM change",
            "UPDATE change_content SET after = NULL",
            "DELETE FROM change_content",
            "INSERT OR REPLACE INTO change SELECT * FROM change",
        ):
            with pytest.raises(DriverError, match="append-only"):
                book._db.execute(statement)
        assert schema.trigger_faults(book._db) == ()


def test_a_transaction_is_kept_whole_or_not_at_all(tmp_path: Path) -> None:
    book, _key = make_book(tmp_path)
    with book:
        db = book._db

        def insert(*keys: str) -> None:
            with db.atomic():
                for key in keys:
                    db.execute("INSERT INTO setting (key, value) VALUES (?, 'b')", (key,))

        with pytest.raises(DriverError, match="UNIQUE"):
            insert("a", "a")
        assert not db.conn.in_transaction
        assert book.setting("a") is None
        insert("a")
        assert book.setting("a") == "b"


def test_traps_of_the_library_are_closed(tmp_path: Path) -> None:
    """RETURNING inside a query, errors caught under the right class, triggers lost by a rebuilt table."""
    book, _key = make_book(tmp_path)
    with book:
        db = book._db
        with db.atomic():
            rows = list(db.query("INSERT INTO setting (key, value) VALUES ('a', 'b') RETURNING key"))
        assert rows == [{"key": "a"}]
        assert not db.conn.in_transaction
        with pytest.raises(DriverError, match="UNIQUE"):
            db.table("setting").insert({"key": "a", "value": "c"})
        assert not db.conn.in_transaction
        db.execute("PRAGMA foreign_keys = OFF")
        db.table("change").transform(rename={"who": "whom"})
        assert schema.trigger_faults(book._db) == ("change_no_delete", "change_no_update")
