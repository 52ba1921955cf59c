"""The finder of resources, in the three shapes of the program: checkout, wheel, frozen."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from xiaobao_desktop import resources

ROOT = Path(__file__).resolve().parent.parent
ASK = """import sys
{before}
from xiaobao_desktop import resources
print(resources.root())
print(resources.path("fonts", "fonts.json"))
"""


def ask(package_parent: Path, cwd: Path, before: str = "") -> list[Path]:
    """Return the root and the path of fonts.json that a child process finds with the package in ``package_parent``."""
    environment = os.environ | {"PYTHONPATH": str(package_parent), "PYTHONUTF8": "1"}
    # -S keeps the editable install of the checkout out of the way.
    command = [sys.executable, "-S", "-c", ASK.format(before=before)]
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, encoding="utf-8", check=True)
    return [Path(line) for line in done.stdout.splitlines()]


def test_checkout(tmp_path: Path) -> None:
    assert ask(ROOT, tmp_path) == [ROOT / "resources", ROOT / "resources" / "fonts" / "fonts.json"]


def test_wheel(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path / "dist")]
    subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    site = tmp_path / "有 空格" / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    tops = {entry.name for entry in site.iterdir()}
    assert {name for name in tops if not name.endswith(".dist-info")} == {"xiaobao_desktop"}
    inside = site / "xiaobao_desktop" / "_resources"
    assert ask(site, tmp_path) == [inside, inside / "fonts" / "fonts.json"]
    assert names_below(inside) == names_below(ROOT / "resources")


def names_below(folder: Path) -> set[str]:
    """Return the relative names of all files below a folder."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_frozen(tmp_path: Path) -> None:
    fonts = tmp_path / "resources" / "fonts"
    fonts.mkdir(parents=True)
    (fonts / "fonts.json").write_text("{}", encoding="utf-8")
    found = ask(ROOT, tmp_path, before=f"sys._MEIPASS = {str(tmp_path)!r}")
    assert found == [tmp_path / "resources", fonts / "fonts.json"]


def test_frozen_program_never_looks_outside_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    with pytest.raises(resources.MissingResource, match="no resources folder"):
        resources.root()


def test_missing_resource_is_named() -> None:
    with pytest.raises(resources.MissingResource, match=r"fonts/Arial\.ttf"):
        resources.path("fonts", "Arial.ttf")


def test_text_and_json() -> None:
    assert "SIL Open Font License" in resources.text("fonts", "LICENSE-NotoSansSC.txt")
    assert resources.json_data("fonts", "fonts.json")["faces"]["fang"]["file"] == "FandolFang-Regular.ttf"
