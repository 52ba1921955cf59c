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


@pytest.fixture
def stick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a frozen program with the marker beside it; the environment names no other place."""
    for name in ("XIAOBAO_HOME", "MPLCONFIGDIR"):
        monkeypatch.delenv(name, raising=False)
    for name in ("TMPDIR", "TEMP", "TMP"):
        monkeypatch.setenv(name, str(tmp_path / "of the PC"))
    folder = tmp_path / "U盘 小保"
    folder.mkdir()
    (folder / "portable").touch()
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(folder / "xiaobao"))
    return folder


def test_a_portable_program_keeps_everything_beside_itself(stick: Path) -> None:
    data = stick / "小保数据"
    assert paths.portable_dir() == data
    assert paths.default_book_dir() == data / "小保账簿"
    assert paths.documents_dir().parent == paths.program_data_dir().parent == data
    paths.prepare_environment()
    for name in ("TMPDIR", "TEMP", "TMP", "MPLCONFIGDIR"):
        assert Path(os.environ[name]).is_relative_to(data)
    assert Path(os.environ["TMPDIR"]).is_dir()


def test_temporary_files_of_the_stick_are_cleared(stick: Path) -> None:
    paths.prepare_environment()
    place = Path(os.environ["TMPDIR"])
    (place / "folder" / "inner").mkdir(parents=True)
    (place / "file").write_text("secret", encoding="utf-8")
    paths.clear_temporary()
    assert place.is_relative_to(stick)
    assert list(place.iterdir()) == []


def test_without_the_marker_the_frozen_program_uses_the_desktop(stick: Path) -> None:
    (stick / "portable").unlink()
    assert paths.portable_dir() is None
    assert paths.temporary_dir() is None
    assert not paths.default_book_dir().is_relative_to(stick)


def test_the_marker_counts_for_the_frozen_program_only(stick: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(sys, "frozen")
    assert paths.portable_dir() is None
    assert stick.is_dir()


def test_a_named_home_goes_before_the_marker(stick: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XIAOBAO_HOME", str(tmp_path / "home"))
    assert paths.default_book_dir() == tmp_path / "home" / "小保账簿"
    assert paths.temporary_dir() is None
    assert stick.is_dir()


def test_the_last_book_is_found_again_under_another_drive(
    stick: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from xiaobao_desktop import app
    from xiaobao_desktop.services import books

    directory = paths.portable_dir()
    assert directory is not None
    session, _key = books.create_book(
        directory / "城关支行", bank="云岭农商银行", officer="周晓岚", password="窗前明月光-2026"
    )
    app.remember(session)
    session.close()
    moved = tmp_path / "F盘"
    stick.rename(moved)
    monkeypatch.setattr(sys, "executable", str(moved / "xiaobao"))
    assert app.last_book() == moved / "小保数据" / "城关支行"
