"""Where the book, the documents and the program's own files lie."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from xiaobao_desktop import paths

linux_only = pytest.mark.skipif(sys.platform == "win32", reason="the folders of a Linux desktop")


@pytest.fixture
def desktop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A Linux home folder without any setting that would point elsewhere."""
    for name in ("XIAOBAO_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


def test_one_variable_moves_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XIAOBAO_HOME", str(tmp_path))
    assert paths.default_book_dir() == tmp_path / "小保账簿"
    assert {paths.documents_dir().parent, paths.program_data_dir().parent} == {tmp_path}
    assert paths.documents_dir() != paths.program_data_dir()


def test_the_test_run_never_uses_the_real_home() -> None:
    assert str(paths.program_data_dir()).startswith(os.environ["XIAOBAO_HOME"])


@linux_only
def test_without_documents_folder_the_home_folder_serves(desktop: Path) -> None:
    assert paths.documents_dir() == desktop
    assert paths.default_book_dir() == desktop / "小保账簿"


@linux_only
@pytest.mark.parametrize("name", ["文档", "Documents"])
def test_usual_documents_folder(desktop: Path, name: str) -> None:
    (desktop / name).mkdir()
    assert paths.documents_dir() == desktop / name


@linux_only
def test_user_dirs_file_names_the_documents_folder(desktop: Path) -> None:
    (desktop / "Documents").mkdir()
    (desktop / "我的 资料").mkdir()
    (desktop / ".config").mkdir()
    lines = '# written by xdg-user-dirs\nXDG_DESKTOP_DIR="$HOME/桌面"\nXDG_DOCUMENTS_DIR="$HOME/我的 资料"\n'
    (desktop / ".config" / "user-dirs.dirs").write_text(lines, encoding="utf-8")
    assert paths.documents_dir() == desktop / "我的 资料"


@linux_only
def test_user_dirs_file_may_name_a_folder_that_is_gone(desktop: Path) -> None:
    (desktop / "文档").mkdir()
    (desktop / ".config").mkdir()
    (desktop / ".config" / "user-dirs.dirs").write_text('XDG_DOCUMENTS_DIR="/gone"\n', encoding="utf-8")
    assert paths.documents_dir() == desktop / "文档"


@linux_only
def test_program_files_follow_the_desktop(desktop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert paths.program_data_dir() == desktop / ".local" / "share" / "xiaobao-desktop"
    monkeypatch.setenv("XDG_DATA_HOME", str(desktop / "data"))
    assert paths.program_data_dir() == desktop / "data" / "xiaobao-desktop"


def test_nothing_is_made_by_asking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XIAOBAO_HOME", str(tmp_path))
    paths.default_book_dir()
    paths.documents_dir()
    paths.program_data_dir()
    assert list(tmp_path.iterdir()) == []
