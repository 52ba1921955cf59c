"""The project file, the lock beside it, and the scripts that a fresh machine runs."""

from __future__ import annotations

import itertools
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCK_LINES = (ROOT / "packaging" / "requirements.lock").read_text(encoding="utf-8").splitlines()
EXTRAS: dict[str, list[str]] = PROJECT["project"]["optional-dependencies"]


def name_of(requirement: str) -> str:
    """Return a requirement's package name in its normal form."""
    return re.split(r"[<>=!~\[; ]", requirement, maxsplit=1)[0].lower().replace("_", "-").replace(".", "-")


LOCK = {name_of(line): line.split("==")[1].split()[0] for line in LOCK_LINES if "==" in line}


@pytest.mark.parametrize("requirement", PROJECT["project"]["dependencies"])
def test_dependencies_are_pinned_and_the_lock_agrees(requirement: str) -> None:
    assert requirement.split("==")[1:] == [LOCK[name_of(requirement)]]


@pytest.mark.parametrize("requirement", [item for extra in EXTRAS.values() for item in extra])
def test_tools_are_in_the_lock(requirement: str) -> None:
    assert name_of(requirement) in LOCK


def test_every_locked_file_is_known_by_its_hash() -> None:
    following = itertools.pairwise(LOCK_LINES)
    without = [line for line, after in following if name_of(line) in LOCK and "--hash=sha256:" not in after]
    assert len(LOCK) > 50
    assert without == []


def test_the_lock_serves_both_systems() -> None:
    only = {name_of(line): line.split(";")[1].strip(" \\") for line in LOCK_LINES if "sys_platform" in line}
    assert only["pefile"] == only["pywin32-ctypes"] == only["colorama"] == "sys_platform == 'win32'"
    assert not [name for name, marker in only.items() if "linux" in marker]


def test_no_host_is_named_in_the_lock() -> None:
    assert not [line for line in LOCK_LINES if "://" in line]


def test_tools_of_the_design_are_declared() -> None:
    names = {name_of(item) for item in PROJECT["project"]["dependencies"]}
    assert {"pyside6-essentials", "pyside6-addons", "sqlite-utils", "matplotlib", "reportlab"} <= names
    assert "pyinstaller" in {name_of(item) for item in EXTRAS["build"]}
    assert "pytest-qt" in {name_of(item) for item in EXTRAS["dev"]}


def test_the_scripts_accept_the_same_python_as_the_project() -> None:
    assert PROJECT["project"]["requires-python"] == ">=3.11,<3.13"
    common = (ROOT / "packaging" / "common.sh").read_text(encoding="utf-8")
    assert "(3, 11) <= sys.version_info < (3, 13)" in common


@pytest.mark.skipif(sys.platform == "win32", reason="bash scripts for Linux")
@pytest.mark.parametrize("arguments", [[], ["--demo"], ["--book", "/tmp/some book"]])
def test_run_without_a_screen_says_so(arguments: list[str]) -> None:
    hidden = {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}
    environment = {name: value for name, value in os.environ.items() if name not in hidden}
    command = ["bash", str(ROOT / "packaging" / "run.sh"), *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 1
    assert "打开窗口需要桌面环境" in done.stderr
