"""The Windows installer: one name for one thing, and nothing frozen that must not be shipped."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

from xiaobao_desktop import paths
from xiaobao_desktop.cli import PACKAGE_SUFFIX
from xiaobao_desktop.services.opened_files import FOLDER
from xiaobao_desktop.store.layout import BACKUP_SUFFIX

ROOT = Path(__file__).resolve().parents[2]
WINDOWS = ROOT / "packaging" / "windows"


@pytest.fixture(scope="module")
def freeze() -> ModuleType:
    spec = importlib.util.spec_from_file_location("freeze", WINDOWS / "freeze.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def program_in(folder: Path, *more: str) -> Path:
    """A folder that looks like the frozen program, with more files."""
    for name in ("xiaobao.exe", "xiaobao-cli.exe", "_internal/sqlcipher3/_sqlite3.cp311-win_amd64.pyd", *more):
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"MZ")
    return folder


def test_the_installer_uses_the_programs_own_names() -> None:
    script = (WINDOWS / "setup.nsi").read_text(encoding="utf-8")
    assert re.search(r'!define KEY "(.+)"', script)[1] == paths.PROGRAM_NAME  # type: ignore[index]
    registered = re.findall(r'!insertmacro Register "(\.\w+)" "(\S+)" "(.+)"', script)
    assert [(ending, words) for ending, _kind, words in registered] == [
        (BACKUP_SUFFIX, "小保备份"),
        (PACKAGE_SUFFIX, "小保报送包"),
    ]
    # Uninstalling takes back what was registered, all of it.
    taken_back = re.findall(r'!insertmacro Unregister "(\.\w+)" "(\S+)"', script)
    assert taken_back == [(ending, kind) for ending, kind, _words in registered]
    assert f"${{KEY}}\\{FOLDER}" in script


@pytest.mark.parametrize(
    "name",
    [
        "_internal/libreadline.dll",
        "_internal/PySide6/Qt6VirtualKeyboard.dll",
        "_internal/bcryptprimitives.dll",
        "_internal/windows.ui.dll",
        "_internal/PySide6/opengl32sw.dll",
        "_internal/_ssl.pyd",
    ],
)
def test_what_must_not_be_shipped_stops_the_build(freeze: ModuleType, tmp_path: Path, name: str) -> None:
    assert freeze.faults_in(program_in(tmp_path / "good")) == []
    assert freeze.faults_in(program_in(tmp_path / "bad", name)) == [f"must not be inside: {name}"]


def test_a_program_that_is_missing_or_too_large_stops_the_build(
    freeze: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = program_in(tmp_path)
    (folder / "xiaobao-cli.exe").unlink()
    monkeypatch.setattr(freeze, "LARGEST", 3)
    assert freeze.faults_in(folder) == ["missing: xiaobao-cli.exe", "4 bytes are more than 3"]


def test_the_version_reaches_the_installer(freeze: ModuleType, tmp_path: Path) -> None:
    freeze.write_defines(tmp_path)
    text = (tmp_path / "setup.nsh").read_text(encoding="utf-8-sig")
    version = freeze.contents.version()
    assert f'!define VERSION "{version}"\n' in text
    assert re.search(r'!define VERSION4 "\d+\.\d+\.\d+\.\d+"\n', text)
    assert (tmp_path / "xiaobao.ico").read_bytes()[:4] == b"\0\0\1\0"
