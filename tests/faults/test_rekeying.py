"""A re-encryption cut off anywhere, or out of room at any stage: always exactly one good book."""

from __future__ import annotations

import errno
import json
import os
import random
import shutil
import sys
from pathlib import Path

import pytest

from tests.faults import disk, preload, rekeying
from tests.faults.rekeying import NEW_PASSWORD
from tests.services.support import PASSWORD, Clock
from tests.store.books import QUICK
from xiaobao_desktop.errors import UserError
from xiaobao_desktop.services import books, reencrypting
from xiaobao_desktop.services.reencrypting import Ready
from xiaobao_desktop.store import layout

_TOUCHES = ("open", "os.rename", "os.remove", "os.mkdir", "os.rmdir")
_SWAP = range(22, 45)
"""Touches between the first of the exchange and the first after it, about."""


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Ready]:
    """A closed book and the keys that it is to get."""
    directory = tmp_path_factory.mktemp("rekeying") / "账簿"
    rekeying.made(directory)
    session = books.open_book(directory, PASSWORD, clock=Clock())
    ready = reencrypting.prepare(session, PASSWORD, NEW_PASSWORD, "泄露", cost=QUICK)
    session.close()
    return directory, ready


def cut_off(directory: Path, ready: Ready, step: int) -> bool:
    """Re-encrypt in a child process that dies at its ``step``-th touch of a file; whether it came to the end."""
    child = os.fork()
    if not child:
        left = step

        def watch(event: str, _arguments: object) -> None:
            nonlocal left
            if event in _TOUCHES:
                left -= 1
                if left < 0:
                    os._exit(9)

        code = 1
        try:
            session = books.open_book(directory, PASSWORD, clock=Clock())
            sys.addaudithook(watch)
            reencrypting.carry_out(session, ready)
            code = 0
        finally:
            os._exit(code)
    _pid, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) in (0, 9)
    return os.waitstatus_to_exitcode(status) == 0


def cut(template: tuple[Path, Ready], folder: Path, step: int) -> tuple[bool, str]:
    """Cut one re-encryption off: whether it came to the end, and the one password that opens the book."""
    shutil.copytree(template[0], folder)
    ended = cut_off(folder, template[1], step)
    (secret,) = rekeying.opens(folder)
    shutil.rmtree(folder)
    return ended, secret


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_cut_off_anywhere_exactly_one_of_both_passwords_opens_it(template: tuple[Path, Ready], tmp_path: Path) -> None:
    draw = random.Random(9)
    steps = [draw.choice(range(22)), draw.choice(_SWAP), draw.choice(range(50, 80))]
    found = [cut(template, tmp_path / "账簿", step) for step in steps]
    assert not any(ended for ended, _secret in found)
    assert (found[0][1], found[-1][1]) == (PASSWORD, NEW_PASSWORD)


@pytest.mark.full
@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_cut_off_at_every_touch_of_a_file(template: tuple[Path, Ready], tmp_path: Path) -> None:
    seen: list[str] = []
    ended = False
    while not ended:
        ended, secret = cut(template, tmp_path / "账簿", len(seen))
        seen.append(secret)
    first = seen.index(NEW_PASSWORD)
    assert seen == [PASSWORD] * first + [NEW_PASSWORD] * (len(seen) - first)
    assert first > 10
    assert len(seen) - first > 10


def too_little(folder: Path, rooms: list[int]) -> list[dict[str, object]]:
    (folder / "disk").mkdir()
    said = preload.run(
        preload.compiled(folder),
        folder / "disk",
        None,
        "tests.faults.rekeying",
        str(folder / "disk"),
        json.dumps(rooms),
    )
    return [json.loads(line) for line in said.splitlines()]


def judge(tried: list[dict[str, object]]) -> None:
    """Refused in words and unchanged; or done, and what found no room afterwards is told."""
    *some, last = tried
    for item in some:
        if item["told"]:
            assert "没有重新加密" in str(item["told"]), item
            assert "请先清出空间" in str(item["told"]), item
            assert item["opens"] == [PASSWORD], item
        else:
            assert item["opens"] == [NEW_PASSWORD], item
            assert "满" in str(item["trouble"]), item
    assert some[0]["told"]
    assert (last["told"], last["trouble"], last["opens"]) == ("", "", [NEW_PASSWORD])


def test_a_disk_that_fills_up_on_the_way_changes_nothing(tmp_path: Path) -> None:
    judge(too_little(tmp_path, [600]))


@pytest.mark.full
def test_a_disk_that_fills_up_at_every_stage(tmp_path: Path) -> None:
    judge(too_little(tmp_path, [*range(0, 1000, 20)]))


def refused(directory: Path, ready: Ready, name: str) -> str:
    """Re-encrypt in a child process whose disk refuses to move anything to a name; what was said."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:

        def watch(event: str, arguments: tuple[object, ...]) -> None:
            if event == "os.rename" and Path(str(arguments[1])).name == name:
                raise PermissionError(errno.EACCES, "busy")

        code = 1
        try:
            session = books.open_book(directory, PASSWORD, clock=Clock())
            sys.addaudithook(watch)
            try:
                reencrypting.carry_out(session, ready)
            except UserError as error:
                os.write(writing, f"{error.message} 还开着：{not session.book.closed}".encode())
            session.close()
            code = 0
        finally:
            os._exit(code)
    os.close(writing)
    _pid, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    with os.fdopen(reading, encoding="utf-8") as said:
        return said.read()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_move_that_is_refused_leaves_one_good_book(template: tuple[Path, Ready], tmp_path: Path) -> None:
    for name, words, secret in (
        (layout.READY, "还开着：True", PASSWORD),
        (layout.ATTACHMENTS, "请关掉小保重新打开，用新密码登录", NEW_PASSWORD),
    ):
        shutil.copytree(template[0], tmp_path / "账簿")
        assert words in refused(tmp_path / "账簿", template[1], name)
        assert rekeying.opens(tmp_path / "账簿") == [secret]
        shutil.rmtree(tmp_path / "账簿")


def power_cuts(folder: Path, wanted: int) -> list[str]:
    """Cut the power so often, half around the exchange: which password opened the book, in the order of the cuts."""
    root, log_file, draw = folder / "disk", folder / "log", random.Random(9)
    root.mkdir(parents=True)
    preload.run(preload.compiled(folder), root, log_file, "tests.faults.rekeying", str(root))
    log, found = list(disk.entries(log_file)), []
    begun = next(place for place, entry in enumerate(log) if entry.data == b"begun ")
    ready = os.fsencode(f"/{layout.READY}")
    swap = next(place for place, entry in enumerate(log) if entry.kind == disk.RENAMED and entry.data.endswith(ready))
    near = draw.sample(range(swap - 10, swap + 40), (wanted + 1) // 2)
    places = sorted([*near, *draw.sample(range(begun, len(log)), wanted // 2)])
    watched, taken = disk.Disk(root), 0
    for place in places:
        while taken <= place:
            watched.take(log[taken])
            taken += 1
        watched.cut(folder / "left", draw, draw.choice((0.0, 0.3, 0.7, 1.0)))
        (secret,) = rekeying.opens(folder / "left" / "账簿")
        found.append(secret)
        assert b"done" not in watched.said or secret == NEW_PASSWORD, "what was told to be done is done"
        shutil.rmtree(folder / "left")
    return found


def test_a_power_cut_leaves_one_good_book(tmp_path: Path) -> None:
    assert len(power_cuts(tmp_path, 4)) == 4


@pytest.mark.full
def test_sixty_power_cuts(tmp_path: Path) -> None:
    found = power_cuts(tmp_path, 60)
    assert set(found) == {PASSWORD, NEW_PASSWORD}
