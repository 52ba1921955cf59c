"""Checklists as they come with the program (``resources/rules/checklists``) and as the book keeps the bank's own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from xiaobao_desktop import resources
from xiaobao_desktop.domain.checklist import Checklist, Item

VERSIONS = "checklist_version"
"""Name under which the book keeps the bank's versions; the row's id is that of the checklist, @ and the version."""
_FOLDER = ("rules", "checklists")


@cache
def shipped() -> dict[str, Checklist]:
    """Every checklist of the program by its id, in no order."""
    names = sorted(file.name for file in resources.path(*_FOLDER).glob("*.json"))
    found = [_shipped(resources.json_data(*_FOLDER, name)) for name in names]
    return {item.id: item for item in found}


def own(rows: Iterable[Mapping[str, Any]]) -> dict[str, list[Checklist]]:
    """The bank's versions that were not taken back, by checklist, the oldest first."""
    found: dict[str, list[Checklist]] = {}
    for row in rows:
        if row["list_name"] == VERSIONS and row.get("active", True):
            made = own_version(row)
            found.setdefault(made.id, []).append(made)
    return {key: sorted(items, key=lambda item: item.version) for key, items in found.items()}


def current(rows: Iterable[Mapping[str, Any]], checklist_id: str) -> Checklist | None:
    """The version in use: the bank's latest, else that of the program; None when there is neither."""
    mine = own(row for row in rows if str(row["id"]).startswith(f"{checklist_id}@")).get(checklist_id)
    return mine[-1] if mine else shipped().get(checklist_id)


def own_version(row: Mapping[str, Any]) -> Checklist:
    """A version that the book keeps."""
    extra = row["extra"]
    items = tuple(Item(**item) for item in extra["items"])
    kept = {key: value for key, value in extra.items() if key != "items"}
    return Checklist(title=str(row["name"]), items=items, own=True, **kept)


def as_extra(checklist: Checklist) -> dict[str, Any]:
    """What the book keeps of a version, besides its title: the reverse of :func:`own_version`."""
    names = (
        "id", "version", "basis", "note", "rest", "archived", "finding_source", "base", "recorded_by", "recorded_on",
    )  # fmt: skip
    return {
        **{name: getattr(checklist, name) for name in names},
        "minimums": dict(checklist.minimums),
        "items": [_filled(item) for item in checklist.items],
    }


def _filled(item: Item) -> dict[str, Any]:
    return {name: value for name, value in vars(item).items() if value not in ("", None, False)}


def _shipped(data: Mapping[str, Any]) -> Checklist:
    items = tuple(Item(section=part["name"], **item) for part in data["sections"] for item in part["items"])
    minimums = {part["name"]: part["minimum"] for part in data["sections"] if "minimum" in part}
    names = ("id", "title", "version", "basis", "note", "rest", "archived", "finding_source")
    return Checklist(items=items, minimums=minimums, **{name: data[name] for name in names if name in data})
