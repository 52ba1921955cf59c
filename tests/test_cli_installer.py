"""What the Windows installer asks of the program, as it asks: a process of its own and a note in UTF-16."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli_program import Outcome, xiaobao
from tests.services.support import new_book
from xiaobao_desktop import app, cli
from xiaobao_desktop.services import closed_copy
from xiaobao_desktop.store.layout import BACKUP_SUFFIX


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XIAOBAO_HOME", str(tmp_path / "home"))
    return tmp_path


def asked(step: str, note: Path) -> tuple[Outcome, str]:
    """Ask as the installer does; the process and what it wrote into the note."""
    done = xiaobao("installer", step, "--note", note, "--json")
    return done, note.read_bytes().decode("utf-16")


def test_the_book_opened_last_is_kept_before_an_upgrade_and_named_at_the_end(home: Path) -> None:
    place = home / "D 盘" / "小保账簿"
    session = new_book(place)
    app.remember(session)
    done, words = asked("upgrade", home / "note.txt")
    assert done.code == 1
    assert "正在另一个小保窗口里使用" in words
    session.close()
    done, words = asked("upgrade", home / "note.txt")
    assert done.code == 0, done
    assert [Path(done.data["copy"])] == closed_copy.copies(place)
    assert words == f"升级前的账簿已另存并核对：\r\n{done.data['copy']}"
    done, words = asked("uninstall", home / "note.txt")
    assert done.data["book"] == str(place)
    assert words.endswith(str(place))


def test_a_computer_without_a_book_may_be_upgraded(home: Path) -> None:
    done, words = asked("upgrade", home / "note.txt")
    assert done.code == 0
    assert "没有找到账簿" in words


def test_the_command_line_knows_a_backup_by_the_ending_that_the_store_gives() -> None:
    assert cli.BACKUP_SUFFIX == BACKUP_SUFFIX
