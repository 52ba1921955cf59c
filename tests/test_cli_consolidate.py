"""The command ``consolidate``: many packages, refusals one by one, a backup before, ``--dry-run`` and ``--strict``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli_program import Outcome
from tests.services.support import COMPLAINT, a_complaint, new_book
from xiaobao_desktop import cli
from xiaobao_desktop.exchange import package, package_reading
from xiaobao_desktop.services import books, listing, records
from xiaobao_desktop.store.layout import BACKUPS
from xiaobao_desktop.store.query import Query

OCTOBER = ("--period", "2026-10", "--ledgers", "complaint", "--no-report")


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Any:
    """Runs a command in this process."""

    def command(*arguments: str | Path) -> Outcome:
        code = cli.run([str(item) for item in arguments])
        said = capsys.readouterr()
        return Outcome(code, said.out, said.err)

    return command


def a_book(place: Path, *days: str) -> Path:
    """A closed book without a password, with a complaint of each day."""
    session = new_book(place)
    for day in days:
        records.save(session, COMPLAINT, a_complaint(day))
    session.close()
    return place


def test_packages_of_two_banks_come_in_and_the_rest_is_told(tmp_path: Path, run: Any) -> None:
    stick, keys, union = tmp_path / "U 盘", tmp_path / "口令.txt", a_book(tmp_path / "省")
    one, two = a_book(tmp_path / "甲", "2026-10-08"), a_book(tmp_path / "乙", "2026-10-09", "2026-10-10")
    file = run("--book", one, "export", "--out", stick, *OCTOBER, "--xbpack", "--json").data["file"]
    assert file.endswith(".xbpack")
    assert package_reading.check(Path(file)).ok
    locked = ("--unmasked", "--reason", "检查", "--zip-password-file", keys)
    assert run("--book", two, "export", "--out", stick, *OCTOBER, *locked).code == 0
    (stick / "坏的.zip").write_bytes(b"PK")
    tried = run("--book", union, "consolidate", stick, "--zip-password-file", keys, "--dry-run", "--json")
    assert tried.code == 0, tried
    assert [item["rows"] for item in tried.data["usable"]] == [{"complaint": 1}, {"complaint": 2}]
    assert not list((union / BACKUPS).glob("*.xbbak"))
    done = run("--book", union, "consolidate", stick, "--zip-password-file", keys, "--strict", "--json")
    assert done.code == 1, "one of them was refused"
    assert sorted((item["added"], item["gone"]) for item in done.data["packages"]) == [(1, 0), (2, 0)]
    assert [(item["state"], Path(item["file"]).name) for item in done.data["refused"]] == [("refused", "坏的.zip")]
    assert list((union / BACKUPS).glob("*.xbbak")), "backed up before"
    again = run("--book", union, "consolidate", file, "--strict")
    assert again.code == 0
    assert "以前汇总过" in again.out
    session = books.open_book(union, None)
    assert listing.count(session, COMPLAINT, Query()) == 3
    session.close()
    listed = json.loads(run("--book", union, "stats", "--period", "2026-10", "--json").out)
    assert listed["total"] == 3
    assert "没有找到报送包" in run("--book", union, "consolidate", tmp_path / "甲").refusal


def test_the_ending_that_a_double_click_opens_is_that_of_the_packages() -> None:
    assert package.PROGRAM_SUFFIX == cli.PACKAGE_SUFFIX
