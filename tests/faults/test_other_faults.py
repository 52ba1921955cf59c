"""Bits that flip, files cut short, media that cannot be written, other programs' books, clocks that jump.

Every refusal says in Chinese what to do next.
"""

from __future__ import annotations

import errno
import importlib
import inspect
import json
import pkgutil
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

import xiaobao_desktop
from tests.faults import disk, preload
from tests.faults.words import technical
from tests.services.support import COMPLAINT, Clock, a_complaint, new_book
from tests.store.make_sample_book import PASSWORD
from xiaobao_desktop import files
from xiaobao_desktop.errors import UserError
from xiaobao_desktop.services import backups, books, drafts, health, records, undo
from xiaobao_desktop.store import errors, layout
from xiaobao_desktop.store.layout import BACKUPS, BOOK_FILE, JOURNALS, KEY_COPY, KEY_FILE
from xiaobao_desktop.store.query import Query
from xiaobao_desktop.store.schema import SCHEMA_VERSION

COUNT = 25


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed book without a password, with some complaints."""
    folder = tmp_path_factory.mktemp("others") / "book"
    session = new_book(folder)
    for number in range(COUNT):
        records.save(session, COMPLAINT, a_complaint(phone=f"1390000{number:04d}", content="扣费" * 200))
    session.close()
    return folder


@pytest.fixture
def book(whole: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    shutil.copytree(whole, tmp_path / "book")
    return tmp_path / "book"


def answer(directory: Path) -> UserError | None:
    """How opening is refused, None when it is not."""
    refusal = None
    try:
        books.open_book(directory, None, clock=Clock()).close()
    except UserError as error:
        refusal = error
    assert refusal is None or ("请" in refusal.message and not technical(refusal.message)), refusal
    return refusal


def damage_seen(directory: Path) -> bool:
    """Whether opening, the check after the start or the full check notices something."""
    try:
        session = books.open_book(directory, None, clock=Clock())
    except errors.BookDamaged:
        return True
    try:
        quick = health.quick_check(session)
        findings = session.book.verify()
        full = all(finding.ok for finding in findings)
        told = "".join(f"{item.detail}{item.advice}" for item in findings if not item.ok)
        assert technical(told) == [], told
        # What the full check sees, the quick look at the seals sees too, but for the salt.
        assert quick.broken or full
        return not full
    except errors.BookDamaged:
        return True
    finally:
        session.close()


def flip_bits(book: Path, times: int, seed: int) -> list[int]:
    """Flip one bit after the other, each in a sound book; those that nobody noticed."""
    file, draw = book / BOOK_FILE, random.Random(seed)
    content = file.read_bytes()
    unseen = []
    for bit in draw.sample(range(len(content) * 8), times):
        flipped = bytearray(content)
        flipped[bit // 8] ^= 1 << bit % 8
        file.write_bytes(flipped)
        if not damage_seen(book):
            unseen.append(bit)
        for name in JOURNALS:
            (book / name).unlink(missing_ok=True)
    return unseen


def test_every_flipped_bit_is_seen(book: Path) -> None:
    assert flip_bits(book, 8, 1) == []


@pytest.mark.full
def test_three_hundred_flipped_bits_are_seen(book: Path) -> None:
    assert flip_bits(book, 300, 2) == []


def cut_short(book: Path, times: int, seed: int) -> list[int]:
    """Cut the file at many lengths; those that nobody noticed."""
    file, draw = book / BOOK_FILE, random.Random(seed)
    content = file.read_bytes()
    unseen = []
    for length in [0, 1, 15, 16, 4095, 4096, *draw.sample(range(4097, len(content)), times)]:
        file.write_bytes(content[:length])
        refused: UserError | None = None
        try:
            seen = damage_seen(book)
        except (errors.BookEmpty, errors.BookForeign) as error:
            refused, seen = error, True
        assert refused is None or ("请" in refused.message and not technical(refused.message)), refused
        if not seen:
            unseen.append(length)
        for name in JOURNALS:
            (book / name).unlink(missing_ok=True)
    return unseen


def test_every_truncation_is_seen(book: Path) -> None:
    assert cut_short(book, 4, 3) == []


@pytest.mark.full
def test_two_hundred_truncations_are_seen(book: Path) -> None:
    assert cut_short(book, 200, 4) == []


def test_a_medium_that_cannot_be_written(book: Path, tmp_path: Path) -> None:
    place = tmp_path / "medium"
    place.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "tmpfs", str(place)], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("needs the right to mount a small disk")
    try:
        shutil.copytree(book, place / "book")
        subprocess.run(["mount", "-o", "remount,ro", str(place)], check=True)
        refusal = answer(place / "book")
        assert isinstance(refusal, errors.BookReadOnly)
        assert "复制到本机硬盘" in refusal.message
        shutil.copytree(place / "book", tmp_path / "copied")
    finally:
        subprocess.run(["umount", str(place)], check=True)
    assert answer(tmp_path / "copied") is None


_HOLDING = """
import sys
from pathlib import Path
from xiaobao_desktop.services import books
session = books.open_book(Path(sys.argv[1]), None)
print("open", flush=True)
sys.stdin.read()
"""


def test_a_second_program_waits_until_the_first_is_gone(book: Path) -> None:
    command = [sys.executable, "-c", _HOLDING, str(book)]
    first = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=preload.ROOT)
    try:
        assert first.stdout is not None
        assert first.stdout.readline() == b"open\n"
        assert isinstance(answer(book), errors.BookInUse)
    finally:
        first.kill()
        first.wait()
    assert answer(book) is None


def test_a_book_of_a_newer_program_is_left_alone(book: Path) -> None:
    session = books.open_book(book, None, clock=Clock())
    session.book._db.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    session.close()
    before = (book / BOOK_FILE).read_bytes()
    refusal = answer(book)
    assert isinstance(refusal, errors.BookNewer)
    assert "升级小保" in refusal.message
    assert (book / BOOK_FILE).read_bytes() == before


def upgrade_cuts(tmp_path: Path, wanted: int, seed: int) -> None:
    """Cut the power while the book of an older program is brought up: it opens, and nothing is missing."""
    root, log_file, draw = tmp_path / "disk", tmp_path / "log", random.Random(seed)
    root.mkdir()
    preload.run(preload.compiled(tmp_path), root, log_file, "tests.faults.upgrade", str(root), "schema-1")
    log = list(disk.entries(log_file))
    watched, begun = disk.Disk(root), 0
    for place, entry in enumerate(log):
        watched.take(entry)
        if watched.said and not begun:
            begun = place
    for cut in draw.sample(range(begun, len(log)), wanted):
        watched, left = disk.Disk(root), tmp_path / "left"
        for entry in log[: cut + 1]:
            watched.take(entry)
        watched.cut(left, draw, draw.choice((0.0, 0.5, 1.0)))
        session = books.open_book(left / "book", PASSWORD, clock=Clock())
        assert all(finding.ok for finding in session.book.verify()), cut
        assert session.book.by_number(COMPLAINT, "TS-2026-0001") is not None
        session.close()
        shutil.rmtree(left)


def test_a_power_cut_during_the_upgrade_of_an_older_book(tmp_path: Path) -> None:
    upgrade_cuts(tmp_path, 2, 5)


@pytest.mark.full
def test_sixty_power_cuts_during_the_upgrade_of_an_older_book(tmp_path: Path) -> None:
    upgrade_cuts(tmp_path, 60, 6)


@pytest.mark.parametrize("lost", [KEY_FILE, "both"])
def test_lost_keys(lost: str, book: Path) -> None:
    (book / KEY_FILE).unlink()
    if lost == "both":
        (book / KEY_COPY).unlink()
    refusal = answer(book)
    assert (refusal is None) == (lost == KEY_FILE)
    assert refusal is None or isinstance(refusal, errors.KeyFileMissing)


def test_a_clock_that_jumps_loses_and_mixes_nothing(book: Path) -> None:
    clock = Clock()
    session = books.open_book(book, None, clock=clock)
    draw, numbers = random.Random(7), []
    try:
        for turn in range(12):
            clock.now += timedelta(days=draw.choice((-900, -30, -1, 1, 45, 1100)), seconds=draw.randrange(86_400))
            day = f"{clock.now:%Y-%m-%d}"
            saved = records.save(session, COMPLAINT, a_complaint(day, phone=f"1370000{turn:04d}"), operation="跳钟")
            numbers.append(saved.record.number)
            drafts.keep(session, COMPLAINT, None, {"content": f"第 {turn} 次"}, {}, draft_id=1)
            health.full_check_due(session)
        backups.backup(session, book / BACKUPS)
        undo.undo(session)
        assert session.book.count(COMPLAINT, Query()) == COUNT + 11
        assert len(set(numbers)) == 12
        pending = drafts.pending(session, COMPLAINT, None)
        assert pending is not None
        assert pending.values == {"content": "第 11 次"}
        assert [item.detail for item in session.book.verify() if not item.ok] == []
    finally:
        session.close()
    assert answer(book) is None


def test_the_notes_of_the_checks_may_be_lost_or_spoilt(book: Path) -> None:
    session = books.open_book(book, None, clock=Clock())
    assert health.full_check(session).sound
    for text in ("", "{", json.dumps({"full": 5}), json.dumps({"full": "morgen"})):
        (book / "checks.json").write_text(text, encoding="utf-8")
        assert health.full_check_due(session)
    (book / "checks.json").unlink()
    assert health.full_check_due(session)
    session.close()


def every_refusal(kind: type[UserError] = UserError) -> Iterator[type[UserError]]:
    """All errors of the officer's world."""
    for below in kind.__subclasses__():
        yield below
        yield from every_refusal(below)


def test_no_sentence_of_the_program_speaks_of_its_own_insides() -> None:
    for module in pkgutil.walk_packages(xiaobao_desktop.__path__, "xiaobao_desktop."):
        if not module.name.startswith(("xiaobao_desktop.ui", "xiaobao_desktop.__main__")):
            importlib.import_module(module.name)
    said = {kind: inspect.cleandoc(kind.__doc__ or "") for kind in every_refusal()}
    ours = {kind: text for kind, text in said.items() if kind.__module__.startswith("xiaobao_desktop.")}
    assert len(ours) > 100
    assert {kind.__name__: found for kind, text in ours.items() if (found := technical(text))} == {
        # An example of what is asked for, and the ending of a file that she chooses.
        "AnchorUnreadable": ["0123456789abcdef"],
        "NoAnchorInFile": [".json"],
    }


def test_the_files_of_a_book_are_called_what_they_are() -> None:
    named = {
        value for key, value in vars(layout).items() if key.isupper() and isinstance(value, str) and value.isascii()
    }
    inner = {name for name in named if re.fullmatch(r"[\w.-]+\.\w+|\w+-(new|backup)", name)} - {layout.LOCK_FILE}
    assert inner <= files.KNOWN_AS.keys(), inner - files.KNOWN_AS.keys()
    place = Path("账簿")
    for error in (
        OSError(errno.ENOSPC, "No space left on device"),
        OSError(errno.EIO, "I/O error"),
        OSError(99, "odd"),
    ):
        in_pool = [f"attachments/3f/{0x3F9A:064x}.bin", f"附件池/00/{1:064x}.bin.part", "附件池/00"]
        for name in (*files.KNOWN_AS, *in_pool):
            message = files.explain(error, place / name).message
            assert "attachments" not in message
            assert technical(message) == [], message
            assert "请" in message
