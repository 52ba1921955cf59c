"""The program's icon files are drawn from the one vector."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
ICONS = ROOT / "packaging" / "icons"


def test_the_committed_icons_are_what_the_script_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "packaging"))
    import make_app_icons

    drawn = make_app_icons.files()
    assert set(drawn) == {file.name for file in ICONS.iterdir()}
    for name, content in drawn.items():
        ours, committed = Image.open(io.BytesIO(content)), Image.open(ICONS / name)
        assert ours.convert("RGBA").tobytes() == committed.convert("RGBA").tobytes(), name


def test_windows_finds_every_size_in_the_icon() -> None:
    found = Image.open(ICONS / "xiaobao.ico").info["sizes"]
    assert {(16, 16), (32, 32), (48, 48), (256, 256)} <= found
