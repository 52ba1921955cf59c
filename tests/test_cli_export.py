"""The command ``export``: a package, a locked one, its check, and what is refused; the first as a real process."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.cli_program import Outcome, xiaobao
from tests.services.support import COMPLAINT, a_complaint, new_book
from xiaobao_desktop import cli
from xiaobao_desktop.services import records

OCTOBER = ("--period", "2026-10", "--ledgers", "complaint", "--no-report")


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book without a password and with one complaint."""
    place = tmp_path_factory.mktemp("cli-export") / "账 簿"
    session = new_book(place)
    records.save(session, COMPLAINT, a_complaint("2026-10-08", content="来电13907991234"))
    session.close()
    return place


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Any:
    """Runs a command in this process."""

    def command(*arguments: str | Path) -> Outcome:
        code = cli.run([str(item) for item in arguments])
        said = capsys.readouterr()
        return Outcome(code, said.out, said.err)

    return command


def test_a_package_is_written_checked_and_every_damage_told(book: Path, tmp_path: Path, run: Any) -> None:
    stick = tmp_path / "U 盘"
    done = xiaobao("--book", book, "export", "--out", stick, *OCTOBER, "--json")
    assert done.code == 0, done
    file = Path(done.data["file"])
    assert file.parent == stick
    assert done.data["rows"] == {"complaint": 1}
    assert "已写好并核对" in done.err
    checked = run("export", "--verify", file, "--json")
    assert checked.code == 0, checked
    assert json.loads(checked.out)["ok"]
    with zipfile.ZipFile(file, "a") as packed:
        packed.writestr("多的.txt", "x")
    damaged = run("export", "--verify", file)
    assert damaged.code == 1
    assert "有问题\t多的.txt" in damaged.out


def test_unmasked_is_locked_with_the_passphrase_that_the_program_made(book: Path, tmp_path: Path, run: Any) -> None:
    words = ("--book", book, "export", "--out", tmp_path / "U", *OCTOBER, "--unmasked")
    assert "写明原因" in run(*words).refusal
    kept = tmp_path / "口令.txt"
    done = run(*words, "--reason", "监管检查", "--zip-password-file", kept, "--json")
    assert done.code == 0, done
    assert "passphrase" not in done.data
    passphrase = kept.read_text(encoding="ascii").strip()
    assert len(passphrase) == 24
    assert passphrase not in done.out + done.err
    assert "要口令" in run("export", "--verify", done.data["file"]).refusal
    assert run("export", "--verify", done.data["file"], "--zip-password-file", kept).code == 0


def test_a_passphrase_of_ones_own_opens_the_package(book: Path, tmp_path: Path, run: Any) -> None:
    words = ("--book", book, "export", "--out", tmp_path / "U", *OCTOBER, "--unmasked", "--reason", "检查")
    weak, good = tmp_path / "weak.txt", tmp_path / "good.txt"
    weak.write_text("123456\n", encoding="utf-8")
    good.write_text("Yunling-2026-Xiaobao\n", encoding="utf-8")
    assert "至少要 12 位" in run(*words, "--zip-password-file", weak).refusal
    done = run(*words, "--zip-password-file", good, "--json")
    assert run("export", "--verify", done.data["file"], "--zip-password-file", good).code == 0


def test_without_a_file_the_passphrase_is_told_once(book: Path, tmp_path: Path, run: Any) -> None:
    done = run("--book", book, "export", "--out", tmp_path, *OCTOBER, "--unmasked", "--reason", "检查", "--json")
    assert len(done.data["passphrase"]) == 24


def test_the_passphrase_never_lies_beside_the_package(book: Path, tmp_path: Path, run: Any) -> None:
    more = ("--unmasked", "--reason", "检查", "--zip-password-file", tmp_path / "口令.txt")
    assert "不能和加密包放在一起" in run("--book", book, "export", "--out", tmp_path, *OCTOBER, *more).refusal
    assert list(tmp_path.iterdir()) == []


def test_wrong_usage_and_unknown_ledgers_are_told(book: Path, tmp_path: Path, run: Any) -> None:
    assert run("export").code == 2
    words = ("--book", book, "export", "--out", tmp_path, "--period", "2026-10", "--ledgers", "nothing")
    assert "没有名为“nothing”的台账" in run(*words).refusal
