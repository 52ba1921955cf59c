"""The command ``repair``: what it says of a sound and of a damaged book, and what it puts in its place."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli_program import PASSWORD, Outcome, xiaobao
from tests.services.support import COMPLAINT, Clock, a_complaint
from tests.store.books import QUICK
from xiaobao_desktop import cli
from xiaobao_desktop.services import backups, books, records
from xiaobao_desktop.store.layout import ASIDE_BEGINS, BACKUPS, BOOK_FILE, CANDIDATE, RESCUE
from xiaobao_desktop.store.query import Query


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed book with a password: three complaints, the last of them not in its backup."""
    place = tmp_path_factory.mktemp("repair") / "账簿"
    session, _recovery = books.create_book(
        place, bank="样本农商银行", officer="王芳", password=PASSWORD, clock=Clock(), cost=QUICK
    )
    for number in range(2):
        records.save(session, COMPLAINT, a_complaint(phone=f"1390000000{number}", content="扣费" * 300))
    backups.backup(session, place / BACKUPS)
    records.save(session, COMPLAINT, a_complaint(phone="13900000009"))
    session.close()
    return place


@pytest.fixture
def damaged(whole: Path, tmp_path: Path) -> Path:
    """A copy whose first page is damaged: it cannot be opened."""
    place = tmp_path / "账簿"
    shutil.copytree(whole, place)
    file = place / BOOK_FILE
    content = bytearray(file.read_bytes())
    content[2000] ^= 1
    file.write_bytes(content)
    return place


Run = Callable[..., Outcome]


@pytest.fixture
def repair(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command in this process, which saves the start of one."""

    def run(place: Path, *words: str, password: str = PASSWORD) -> Outcome:
        monkeypatch.setenv(cli.PASSWORD_VARIABLE, password)
        capsys.readouterr()
        code = cli.run(["--book", str(place), "repair", *words])
        return Outcome(code, *capsys.readouterr())

    return run


def count(place: Path) -> int:
    session = books.open_book(place, PASSWORD)
    try:
        assert all(finding.ok for finding in session.book.verify())
        return session.book.count(COMPLAINT, Query())
    finally:
        session.close()


def test_a_sound_book_needs_no_repair(whole: Path, repair: Run) -> None:
    done = repair(whole, "--apply", "--json")
    assert (done.code, done.data["sound"]) == (0, True), done
    assert not list(whole.glob(f"{ASIDE_BEGINS}*"))


def test_a_dry_run_tells_everything_and_changes_nothing(damaged: Path) -> None:
    before = {path.name: path.read_bytes() for path in damaged.iterdir() if path.is_file()}
    done = xiaobao("--book", damaged, "repair", "--json", password=PASSWORD)
    assert done.code == 1, done
    assert "有损坏" in done.err
    found = done.data
    assert (found["sound"], found["applied"], found["use"], found["kept_aside"]) == (False, False, "rescued", None)
    assert found["rescued"]["counts"] == {"投诉": 3}
    assert found["backup"]["counts"] == {"投诉": 2}
    assert found["differences"]["only_rescued"] == ["TS-2026-0003"]
    assert any("备份以后登记的" in line for line in found["report"])
    assert not (damaged / RESCUE).exists()
    assert not (damaged / CANDIDATE).exists()
    after = {path.name: path.read_bytes() for path in damaged.iterdir() if path.is_file()}
    assert {name: after[name] for name in before if name != "book.lock"} == {
        name: text for name, text in before.items() if name != "book.lock"
    }


@pytest.mark.parametrize(("use", "left"), [((), 3), (("--use", "backup"), 2)])
def test_the_chosen_book_takes_the_place_and_the_damaged_one_is_kept(
    use: tuple[str, ...], left: int, damaged: Path, repair: Run
) -> None:
    done = repair(damaged, "--apply", *use)
    assert done.code == 0, done
    assert "已换上" in done.out
    (aside,) = damaged.glob(f"{ASIDE_BEGINS}*")
    assert str(aside) in done.out
    assert (aside / BOOK_FILE).is_file()
    assert count(damaged) == left


def test_what_cannot_be_repaired_is_refused_in_words(damaged: Path, tmp_path: Path, repair: Run) -> None:
    assert "密码不对" in repair(damaged, "--apply", password="falsch-falsch").refusal
    assert "没有台账" in repair(tmp_path / "leer").refusal
    (damaged / BOOK_FILE).write_bytes(b"")
    shutil.rmtree(damaged / BACKUPS)
    done = repair(damaged, "--apply")
    assert (done.code, done.out) == (1, ""), done
    assert "没有修复：什么也读不出来，也没有完好的备份" in done.err
    assert "Traceback" not in done.err
