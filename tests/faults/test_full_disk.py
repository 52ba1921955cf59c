"""The disk is full at every stage of every kind of work: refused in words, nothing acknowledged is lost."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.faults import preload
from tests.faults.words import technical


def fill(folder: Path, rooms: list[int]) -> list[dict[str, Any]]:
    """Work with so many pages of room, one after the other; the stages, after the promises were kept."""
    folder.mkdir(exist_ok=True)
    said = preload.run(preload.compiled(folder), folder / "disk", None, "tests.faults.full", *arguments(folder, rooms))
    *stages, last = (json.loads(line) for line in said.splitlines())
    assert last == {"broken": []}
    return stages


def arguments(folder: Path, rooms: list[int]) -> tuple[str, str]:
    """Of the worker; its folder is made."""
    (folder / "disk").mkdir()
    return str(folder / "disk"), json.dumps(rooms)


def judge(stages: list[dict[str, Any]]) -> None:
    """Every refusal says that the disk is full and what to do; with the reserve given up the same act works."""
    refused = [item for item in stages if item["told"]]
    for item in refused:
        assert "满" in item["told"], item
        assert "请" in item["told"], item
        assert technical(item["told"]) == [], item
    assert refused
    saved = [
        item for item in refused if item["released"] and item["act"] in ("enter", "change", "delete", "type", "attach")
    ]
    assert saved
    assert all(item["released"] for item in refused if item["room"] == 0)
    assert [item for item in saved if item["again"]] == []


def test_a_full_disk_is_told_and_costs_nothing(tmp_path: Path) -> None:
    stages = fill(tmp_path, [0, 6])
    judge(stages)
    assert {item["act"] for item in stages if item["told"]} >= {"enter", "change", "attach", "back_up"}


@pytest.mark.full
def test_a_disk_full_after_every_page(tmp_path: Path) -> None:
    stages = fill(tmp_path, [*range(60), 80, 120, 200, 400])
    judge(stages)
    assert len(stages) > 500
