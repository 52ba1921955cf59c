from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import threading
import time
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest

from tests.store.books import AT, CASE, LEDGERS, PASSWORD, QUICK, WHO, a_case, add, fill, make_book, make_keyed_book
from xiaobao_desktop.files import TargetRefused
from xiaobao_desktop.store import backup, backup_files, container, errors, keyslots
from xiaobao_desktop.store.backup_files import BackupKind
from xiaobao_desktop.store.book import Book
from xiaobao_desktop.store.drafts import Draft
from xiaobao_desktop.store.layout import BACKUPS, BOOK_FILE, KEY_FILE, READY, STAGING
from xiaobao_desktop.store.query import Query
from xiaobao_desktop.store.restore import restore


def contents(book: Book) -> list[object]:
    """Everything an officer could see in the test book."""
    ids = book.ids(CASE, Query())
    return [book.records(CASE, ids), [book.history(CASE, key) for key in ids], book.settings(), book.anchor()]


def read_book(directory: Path, secret: str = PASSWORD) -> list[object]:
    with Book.open(directory, keyslots.unlock(directory / KEY_FILE, secret).data_key, LEDGERS) as book:
        assert all(finding.ok for finding in book.verify())
        return contents(book)


@pytest.fixture
def made(tmp_path: Path) -> tuple[Path, Path, list[object]]:
    """Folder of a closed book with 8 records, a backup of it elsewhere, and what the backup holds."""
    book, _key = make_keyed_book(tmp_path / "book")
    fill(book, 8)
    file = book.backup(tmp_path / "stick", at=AT)
    kept = contents(book)
    book.close()
    return tmp_path / "book", file, kept


def test_backup_and_restore_are_equal(made: tuple[Path, Path, list[object]], tmp_path: Path) -> None:
    _directory, file, kept = made
    anchor = kept[-1]
    result = restore(file, tmp_path / "other PC" / "小保账簿", PASSWORD)
    assert (result.replaced, result.anchor, result.user, result.made_at) == (None, anchor, "王芳", AT.isoformat())
    assert result.counts["case"] == 8
    assert read_book(result.directory) == kept
    assert sorted(path.name for path in result.directory.iterdir()) == [
        "book.db",
        "book.lock",
        "keys.json",
        "keys.json.bak",
    ]


def test_the_name_tells_moment_and_anchor(made: tuple[Path, Path, list[object]]) -> None:
    _directory, file, kept = made
    assert file.name.startswith("小保备份-20261031-093000-8-")
    assert backup_files.anchors_in(file.parent) == [kept[-1]]
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_a_backup_taken_while_working_and_to_a_named_file(tmp_path: Path) -> None:
    book, data_key = make_keyed_book(tmp_path / "book")
    with book:
        add(book, a_case())
        file = book.backup(tmp_path / "a.xbbak", at=AT)
        assert file == tmp_path / "a.xbbak"
        add(book, a_case())
        assert not (book.directory / backup.COPY_FILE).exists()
        assert container.read(file).counts["case"] == 1
        assert not container.needs_password(file) or keyslots.needs_password(book.directory / KEY_FILE)
    assert zipfile.is_zipfile(file)
    with zipfile.ZipFile(file) as archive:
        assert archive.namelist() == ["manifest.json", "keys.json", "book.db"]
    assert data_key.hex().encode() not in file.read_bytes()


def test_restore_with_the_recovery_key_and_an_old_password(tmp_path: Path) -> None:
    directory = tmp_path / "book"
    book, data_key = make_book(directory)
    words = keyslots.create(directory / KEY_FILE, password=PASSWORD, user="王芳", data_key=data_key, cost=QUICK)
    file = book.backup(tmp_path, at=AT)
    book.close()
    keyslots.change_password(directory / KEY_FILE, PASSWORD, "后来的密码", cost=QUICK)
    assert restore(file, tmp_path / "one", words).user == ""
    with pytest.raises(errors.WrongPassword):
        restore(file, tmp_path / "two", "后来的密码")
    assert not (tmp_path / "two" / BOOK_FILE).exists()
    assert not (tmp_path / "two" / STAGING).exists()
    assert restore(file, tmp_path / "two", PASSWORD).data_key == data_key


def test_the_book_that_was_there_is_kept_aside(made: tuple[Path, Path, list[object]], tmp_path: Path) -> None:
    directory, file, kept = made
    with Book.open(directory, keyslots.unlock(directory / KEY_FILE, PASSWORD).data_key, LEDGERS) as book:
        add(book, a_case(title="备份之后"))
        later = contents(book)
        with pytest.raises(errors.BookInUse):
            restore(file, directory, PASSWORD)
    result = restore(file, directory, PASSWORD, at=AT)
    assert result.replaced == directory / "replaced-20261031-093000"
    assert read_book(directory) == kept
    assert read_book(result.replaced) == later
    again = restore(file, directory, PASSWORD, at=AT)
    assert again.replaced == directory / "replaced-20261031-093000-2"


def test_a_damaged_book_is_replaced_and_kept_too(made: tuple[Path, Path, list[object]]) -> None:
    directory, file, kept = made
    (directory / BOOK_FILE).write_bytes(b"ruin")
    (directory / KEY_FILE).unlink()
    result = restore(file, directory, PASSWORD)
    assert result.replaced is not None
    assert (result.replaced / BOOK_FILE).read_bytes() == b"ruin"
    assert read_book(directory) == kept


def test_every_flipped_bit_of_a_backup_is_noticed(made: tuple[Path, Path, list[object]], tmp_path: Path) -> None:
    directory, file, kept = made
    content = file.read_bytes()
    draw = random.Random(8)
    ends = [*range(40), *range(len(content) - 200, len(content))]
    for place in draw.sample(range(len(content)), 40) + draw.sample(ends, 40):
        flipped = bytearray(content)
        flipped[place] ^= 1 << draw.randrange(8)
        file.write_bytes(flipped)
        with pytest.raises(errors.BackupDamaged):
            restore(file, directory, PASSWORD)
    for size in (0, 10, len(content) // 2, len(content) - 1):
        file.write_bytes(content[:size])
        with pytest.raises(errors.BackupDamaged):
            restore(file, tmp_path / "new", PASSWORD)
    assert not (tmp_path / "new").exists()
    with pytest.raises(errors.BackupMissing):
        restore(tmp_path / "none.xbbak", directory, PASSWORD)
    assert read_book(directory) == kept


def test_a_backup_of_a_newer_program_is_refused(tmp_path: Path) -> None:
    book, _key = make_keyed_book(tmp_path / "book")
    with book:
        book._db.execute("PRAGMA user_version = 9")
        file = book.backup(tmp_path, at=AT)
    with pytest.raises(errors.BookNewer, match="第 9 版"):
        restore(file, tmp_path / "other", PASSWORD)


def test_a_target_that_cannot_be_written_keeps_the_old_backup(made: tuple[Path, Path, list[object]]) -> None:
    directory, file, _kept = made
    before = file.read_bytes()
    with Book.open(directory, keyslots.unlock(directory / KEY_FILE, PASSWORD).data_key, LEDGERS) as book:
        with pytest.raises(TargetRefused):
            book.backup(file / "below")
        file.with_name("dir.xbbak.part").mkdir()
        with pytest.raises(TargetRefused):
            book.backup(file.with_name("dir.xbbak"))
        assert not (directory / backup.COPY_FILE).exists()
    assert file.read_bytes() == before
    with pytest.raises(TargetRefused):
        restore(file, file / "below", PASSWORD)


def test_backups_beside_the_book_prove_a_history_cut_off(tmp_path: Path) -> None:
    book, data_key = make_keyed_book(tmp_path)
    add(book, a_case())
    old = (tmp_path / BOOK_FILE, tmp_path / (BOOK_FILE + "-wal"))
    book.close()
    early = old[0].read_bytes()
    with Book.open(tmp_path, data_key, LEDGERS) as book:
        add(book, a_case())
        book.backup(tmp_path / BACKUPS, at=AT)
    old[0].write_bytes(early)
    with Book.open(tmp_path, data_key, LEDGERS) as book:
        assert [finding.what for finding in book.verify() if not finding.ok] == ["历史锚点"]


def test_the_book_goes_on_while_it_is_backed_up(tmp_path: Path) -> None:
    book, _key = make_keyed_book(tmp_path / "book")
    fill(book, 8)
    kept = contents(book)
    asked: list[int] = []

    def meanwhile() -> bool:
        """Called while the file is read: write, so much that SQLite would move its log into the file by itself."""
        if not asked:
            asked.append(1)
            add(book, a_case(title="备份的时候"))
            book.put_draft(Draft(None, "case", None, AT.isoformat(), WHO, {"content": "写" * 2_000_000}))
        return False

    with book:
        file = book.backup(tmp_path / "stick", at=AT, stop=meanwhile)
        assert asked, "the work was asked whether to go on"
        assert book.count(CASE, Query()) == 9
        later = contents(book)
        assert book._db.execute("PRAGMA wal_autocheckpoint").fetchone()[0] == backup._AUTOCHECKPOINT
    assert read_book(tmp_path / "book") == later, "what was written meanwhile is kept"
    result = restore(file, tmp_path / "other", PASSWORD)
    assert read_book(result.directory) == kept, "the backup is the book as it was when it began"


@pytest.mark.parametrize("asked", [1, 2, 3, 4])
def test_a_backup_that_is_given_up_leaves_nothing(tmp_path: Path, asked: int) -> None:
    book, _key = make_keyed_book(tmp_path / "book")
    left = iter([False] * (asked - 1) + [True] * 9)
    with book:
        fill(book, 3)
        with pytest.raises(errors.BackupStopped):
            book.backup(tmp_path / "stick", at=AT, stop=lambda: next(left))
        assert not (book.directory / backup.COPY_FILE).exists()
        assert not list(tmp_path.glob("stick/*"))
        assert book.backup(tmp_path / "stick", at=AT).exists(), "the next one is made"


def test_closing_gives_a_backup_up_and_waits_for_it(tmp_path: Path) -> None:
    book, _key = make_keyed_book(tmp_path / "book")
    fill(book, 3)
    began, refused = threading.Event(), []

    def slow() -> bool:
        began.set()
        time.sleep(0.05)
        return False

    def back_up() -> None:
        with pytest.raises(errors.BackupStopped) as stopped:
            book.backup(tmp_path / "stick", at=AT, stop=slow)
        refused.append(stopped.value)

    worker = threading.Thread(target=back_up)
    worker.start()
    began.wait()
    book.close()
    worker.join()
    assert refused
    assert len(read_book(tmp_path / "book")) == 4


def test_only_our_own_whole_backups_ever_make_room(tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    other, _key = make_keyed_book(tmp_path / "other")
    with other:
        foreign = other.backup(stick, at=AT - timedelta(days=900))
    book, _key = make_keyed_book(tmp_path / "book")
    with book:
        first = book.backup(stick, at=AT - timedelta(days=800))
        for number in range(60):
            moment = AT - timedelta(days=700, minutes=number)
            shutil.copy(first, stick / backup_files.file_name(book.anchor(), moment, BackupKind.BY_ITSELF))
        damaged = stick / backup_files.file_name(book.anchor(), AT - timedelta(days=750))
        damaged.write_bytes(first.read_bytes()[:-4000])
        renamed = stick / "2024年终.xbbak"
        shutil.copy(first, renamed)
        notes = stick / "说明.txt"
        notes.write_text("x", encoding="utf-8")
        gone = book.thin_out(stick)
        # The ten latest of the one day (the last of day and month is among them), and the one of another day.
        assert len(gone) == 50
        assert all(path.exists() for path in (foreign, first, damaged, renamed, notes))
        assert len(list(stick.glob("小保自动备份-*"))) == 10
        assert book.thin_out(stick) == []
        assert book.thin_out(tmp_path / "away") == []


def test_names_tell_occasion_and_moment(tmp_path: Path) -> None:
    book, _key = make_keyed_book(tmp_path / "book")
    with book:
        for kind in BackupKind:
            book.backup(tmp_path / "stick", at=AT, kind=kind)
        found = backup_files.named_in(tmp_path / "stick")
        assert {item.kind for item in found} == set(BackupKind)
        assert {item.made_at for item in found} == {AT.replace(tzinfo=None)}
        assert {item.anchor for item in found} == {book.anchor()}
        assert all(item.size == item.path.stat().st_size for item in found)


_CUT = """
import os, sys
from pathlib import Path
from tests.store.books import PASSWORD
from xiaobao_desktop.store.restore import restore
left = int(sys.argv[3])
def watch(event, arguments):
    global left
    if event in ("os.rename", "os.mkdir", "os.remove", "os.rmdir"):
        left -= 1
        if left < 0:
            os._exit(9)
sys.addaudithook(watch)
restore(Path(sys.argv[1]), Path(sys.argv[2]), PASSWORD)
"""


def test_a_restore_cut_off_anywhere_leaves_one_good_book(made: tuple[Path, Path, list[object]]) -> None:
    directory, file, kept = made
    with Book.open(directory, keyslots.unlock(directory / KEY_FILE, PASSWORD).data_key, LEDGERS) as book:
        add(book, a_case(title="备份之后"))
        later = contents(book)
    seen = []
    for step in range(40):
        command = [sys.executable, "-c", _CUT, str(file), str(directory), str(step)]
        done = subprocess.run(command, capture_output=True, check=False, env={**os.environ, "PYTHONUTF8": "1"})
        assert done.returncode in (0, 9), done.stderr
        found = read_book(directory)
        assert found in (kept, later)
        assert not (directory / READY).exists()
        seen.append(found == kept)
        if done.returncode == 0:
            break
        if found == kept:  # put the later book back for the next cut
            aside = max(directory.glob("replaced-*"), key=lambda path: path.stat().st_mtime_ns)
            assert read_book(aside) == later
            for path in (directory / BOOK_FILE, directory / KEY_FILE, directory / "keys.json.bak"):
                (aside / path.name).replace(path)
    assert done.returncode == 0
    assert False in seen
    assert seen.count(True) > 3
