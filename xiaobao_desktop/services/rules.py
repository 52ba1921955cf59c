"""Loads the dated rules from ``resources/rules`` and lays the bank's own entries of the book over them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

from xiaobao_desktop import resources
from xiaobao_desktop.domain.catalog import Catalog, Choice, ChoiceList, Code, CodeTree
from xiaobao_desktop.domain.deadline import Profile, Stage
from xiaobao_desktop.domain.rules import Rules, StepKind

_CHOICE_KEYS = {"id", "name", "aliases", "group"}


def load(own_entries: Iterable[Mapping[str, Any]] = (), own_lists: Mapping[str, str] | None = None) -> Rules:
    """All rules in force.

    Args:
        own_entries: rows of the book's own choices and codes: ``list_name``, ``id``, ``name``, ``aliases`` (list),
            ``group``, ``active``, ``code_parent``, ``official``; a row with a known id overrides the default.
        own_lists: titles of choice lists that only this book has (own fields), by name.
    """
    defaults = _defaults()
    lists, trees = dict(defaults.catalog.lists), dict(defaults.catalog.trees)
    lists.update({name: ChoiceList(name, title, ()) for name, title in (own_lists or {}).items()})
    for row in own_entries:
        name = str(row["list_name"])
        if name in trees:
            trees[name] = _with_code(trees[name], row)
        elif name in lists:
            lists[name] = _with_choice(lists[name], row)
    return replace(defaults, catalog=Catalog(lists, trees))


@cache
def _defaults() -> Rules:
    steps = tuple(_step_kind(item) for item in resources.json_data("rules", "steps.json")["items"])
    lists = {
        name: ChoiceList(name, data["title"], tuple(_choice(item) for item in data["items"]))
        for name, data in resources.json_data("rules", "choices.json").items()
        if not name.startswith("_")
    }
    lists["step_kind"] = ChoiceList("step_kind", "步骤", tuple(Choice(kind.id, kind.name) for kind in steps))
    campaigns = resources.json_data("rules", "campaigns.json")
    lists["campaign"] = ChoiceList("campaign", "专项活动", tuple(_choice(item) for item in campaigns["items"]))
    series = tuple(_choice(item) for item in campaigns["series"])
    lists["campaign_series"] = ChoiceList("campaign_series", "专项活动系列", series)
    profiles = tuple(_profile(item) for item in resources.json_data("rules", "deadlines.json")["items"])
    return Rules(Catalog(lists, _code_trees()), profiles, steps)


def _choice(item: Mapping[str, Any]) -> Choice:
    extra = {key: str(value) for key, value in item.items() if key not in _CHOICE_KEYS}
    return Choice(item["id"], item["name"], tuple(item.get("aliases", ())), item.get("group", ""), extra=extra)


def _step_kind(item: Mapping[str, Any]) -> StepKind:
    return StepKind(
        item["id"],
        item["name"],
        item["order"],
        tuple(item.get("fields", ())),
        tuple(item.get("required", ())),
        item.get("state", ""),
        item.get("hint", ""),
        bool(item.get("ends")),
    )


def _profile(item: Mapping[str, Any]) -> Profile:
    stages = tuple(Stage(stage["days"], stage["name"], stage.get("opened_by", "")) for stage in item["stages"])
    until = item.get("effective_to")
    return Profile(
        item["id"],
        item["name"],
        item["basis"],
        date.fromisoformat(item["effective_from"]),
        stages,
        date.fromisoformat(until) if until else None,
    )


def _code_trees() -> dict[str, CodeTree]:
    about = resources.json_data("rules", "codes.json")
    aliases: Mapping[str, list[str]] = about["aliases"]
    codes: dict[str, list[Code]] = {}
    for row in csv.DictReader(io.StringIO(resources.text("rules", "jrt0169.csv").lstrip("\ufeff"))):
        code = Code(row["key"], row["name"], row["level"], row["parent"], aliases=tuple(aliases.get(row["key"], ())))
        codes.setdefault(row["dimension"], []).append(code)
    return {item["name"]: CodeTree(item["name"], item["title"], tuple(codes[item["name"]])) for item in about["items"]}


def _with_choice(known: ChoiceList, row: Mapping[str, Any]) -> ChoiceList:
    old = known.get(str(row["id"]))
    new = Choice(
        str(row["id"]),
        str(row.get("name") or (old.name if old else row["id"])),
        tuple(row.get("aliases") or (old.aliases if old else ())),
        str(row.get("group") or (old.group if old else "")),
        bool(row.get("active", True)),
        own=old is None,
        extra=old.extra if old else {},
    )
    if old is None:
        return replace(known, items=(*known.items, new))
    return replace(known, items=tuple(new if item.id == new.id else item for item in known.items))


def _with_code(tree: CodeTree, row: Mapping[str, Any]) -> CodeTree:
    old = tree.get(str(row["id"]))
    parent = str(row.get("code_parent") or (old.parent if old else ""))
    level = old.level if old else ("大类", "中类", "小类")[min(len(tree.path(parent)), 2)]
    new = Code(
        str(row["id"]),
        str(row.get("name") or (old.name if old else row["id"])),
        level,
        parent,
        str(row.get("official") or (old.official if old else "")),
        tuple(row.get("aliases") or (old.aliases if old else ())),
        own=old is None,
        active=bool(row.get("active", True)),
    )
    if old is None:
        return replace(tree, codes=(*tree.codes, new))
    return replace(tree, codes=tuple(new if code.key == new.key else code for code in tree.codes))
