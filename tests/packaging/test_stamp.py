"""When the installers are built again: the sum over what they are made from."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small project under version control, and the script looking at it."""
    monkeypatch.syspath_prepend(str(Path(__file__).parents[2] / "packaging"))
    import stamp

    files = {"packaging/contents.py": "a", "packaging/README.md": "b", "resources/rules/x.json": "c", "code.py": "d"}
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    monkeypatch.setattr(stamp, "ROOT", tmp_path)
    monkeypatch.setattr(stamp, "VERIFIED", tmp_path / "packaging" / "verified.json")
    return tmp_path


@pytest.mark.parametrize(
    "name", ["packaging/contents.py", "resources/rules/x.json", "pyproject.toml", "packaging/new.sh"]
)
def test_what_goes_into_the_installers_changes_the_sum(project: Path, name: str) -> None:
    import stamp

    before = stamp.stamp()
    (project / name).write_text("other", encoding="utf-8")
    assert stamp.stamp() != before


@pytest.mark.parametrize("name", ["code.py", "packaging/README.md"])
def test_code_and_documents_do_not(project: Path, name: str) -> None:
    import stamp

    before = stamp.stamp()
    (project / name).write_text("other", encoding="utf-8")
    assert stamp.stamp() == before


def test_a_recorded_state_counts_as_verified(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import stamp

    monkeypatch.setattr("sys.argv", ["stamp.py"])
    assert stamp.main() == 1
    monkeypatch.setattr("sys.argv", ["stamp.py", "--record"])
    assert stamp.main() == 0
    monkeypatch.setattr("sys.argv", ["stamp.py"])
    assert stamp.main() == 0
    (project / "resources" / "rules" / "x.json").unlink()
    assert stamp.main() == 1
