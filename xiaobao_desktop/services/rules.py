"""Loads the dated rules from ``resources/rules`` and lays the bank's own entries of the book over them."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from xiaobao_desktop import resources
from xiaobao_desktop.domain.calendar import RollOver, WorkingCalendar, Year
from xiaobao_desktop.domain.catalog import Catalog, Choice, ChoiceList, Code, CodeTree
from xiaobao_desktop.domain.deadline import Profile, Stage
from xiaobao_desktop.domain.fields import Values
from xiaobao_desktop.domain.rules import Rules, StepKind
from xiaobao_desktop.domain.sensitive import LIST as SENSITIVE_WORDS

if TYPE_CHECKING:
    from xiaobao_desktop.domain.checklist import Checklist

_CHOICE_KEYS = {"id", "name", "aliases", "group", "active"}

RULE_VERSIONS, HOLIDAY_YEARS = "rule_version", "holiday_year"
"""Names under which the book keeps the bank's own versions of rule profiles and years of days off."""

LinkName = Callable[[str, int], str]
LinkValues = Callable[[str, int], Values]


def load(
    own_entries: Iterable[Mapping[str, Any]] = (),
    own_lists: Mapping[str, str] | None = None,
    link_name: LinkName | None = None,
    link_values: LinkValues | None = None,
) -> Rules:
    """All rules in force.

    Args:
        own_entries: rows of the book's own choices and codes: ``list_name``, ``id``, ``name``, ``aliases`` (list),
            ``group``, ``active``, ``code_parent``, ``official``; a row with a known id overrides the default. Rows of
            :data:`RULE_VERSIONS` and :data:`HOLIDAY_YEARS` carry their rule in ``extra``.
        own_lists: titles of choice lists that only this book has (own fields), by name.
        link_name: tells the name of a linked record.
        link_values: tells the values of a linked record.
    """
    own_entries = list(own_entries)
    defaults = _defaults()
    lists, trees = dict(defaults.catalog.lists), dict(defaults.catalog.trees)
    lists.update({name: ChoiceList(name, title, ()) for name, title in (own_lists or {}).items()})
    profiles, years = list(defaults.profiles), dict(defaults.calendar.years)
    for row in own_entries:
        name = str(row["list_name"])
        if name == RULE_VERSIONS and row.get("active", True):
            profiles.append(own_version(row))
            lists["rule_profile"] = _without_note(lists["rule_profile"], profiles[-1].id)
        elif name == HOLIDAY_YEARS and row.get("active", True):
            years[int(row["id"])] = _year(row["extra"])
        elif name in trees:
            trees[name] = _with_code(trees[name], row)
        elif name in lists:
            lists[name] = _with_choice(lists[name], row)
    own = replace(
        defaults,
        catalog=Catalog(lists, trees),
        profiles=tuple(profiles),
        calendar=WorkingCalendar(years),
        checklist=partial(_checklist, own_entries),
    )
    own = replace(own, link_name=link_name) if link_name else own
    return replace(own, link_values=link_values) if link_values else own


def _checklist(own_entries: Sequence[Mapping[str, Any]], checklist_id: str) -> Checklist | None:
    """The version of a checklist in use; loaded when it is asked for: the window does not wait for it."""
    from xiaobao_desktop.services import checklist_files

    mine = [row for row in own_entries if row["list_name"] == checklist_files.VERSIONS]
    return checklist_files.current(mine, checklist_id)


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
    sensitive = resources.json_data("rules", "sensitive_words.json")
    words = tuple(_choice(item) for item in sensitive["items"])
    lists[SENSITIVE_WORDS] = ChoiceList(SENSITIVE_WORDS, sensitive["title"], words)
    profiles = tuple(_profile(item) for item in resources.json_data("rules", "deadlines.json")["items"])
    holidays = resources.json_data("rules", "holidays.json")["years"]
    calendar = WorkingCalendar({int(year): _year(data) for year, data in holidays.items()})
    return Rules(Catalog(lists, _code_trees()), profiles, steps, calendar)


def _choice(item: Mapping[str, Any]) -> Choice:
    extra = {key: str(value) for key, value in item.items() if key not in _CHOICE_KEYS}
    return Choice(
        item["id"],
        item["name"],
        tuple(item.get("aliases", ())),
        item.get("group", ""),
        bool(item.get("active", True)),
        extra=extra,
    )


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
        item.get("evidence", ""),
        item.get("instead", {}),
        item.get("fills", {}),
        item.get("labels", {}),
    )


def _profile(item: Mapping[str, Any]) -> Profile:
    stages = tuple(
        Stage(stage["days"], stage["name"], stage.get("opened_by", ""), tuple(stage.get("needs", ())))
        for stage in item["stages"]
    )
    until, recorded = item.get("effective_to"), item.get("recorded_on")
    return Profile(
        id=item["id"],
        name=item["name"],
        basis=item["basis"],
        effective_from=date.fromisoformat(item["effective_from"]),
        stages=stages,
        effective_to=date.fromisoformat(until) if until else None,
        article=item.get("article", ""),
        restarts=tuple(item.get("restarts", ("new_facts",))),
        workdays=bool(item.get("workdays")),
        roll_over=RollOver(item.get("roll_over", "none")),
        window_days=int(item.get("window_days", 0)),
        hours=int(item.get("hours", 0)),
        caution=item.get("caution", ""),
        recorded_on=date.fromisoformat(recorded) if recorded else None,
        key=item.get("key", ""),
    )


def own_version(row: Mapping[str, Any]) -> Profile:
    """A version of a rule profile that the book keeps."""
    return _profile({**row["extra"], "name": row["name"], "key": row["id"]})


def as_extra(profile: Profile) -> dict[str, Any]:
    """What the book keeps of a version of a rule profile, besides its name: the reverse of :func:`own_version`."""
    return {
        "id": profile.id,
        "basis": profile.basis,
        "article": profile.article,
        "effective_from": profile.effective_from.isoformat(),
        "recorded_on": profile.recorded_on.isoformat() if profile.recorded_on else None,
        "stages": [
            {"days": stage.days, "name": stage.name, "opened_by": stage.opened_by, "needs": list(stage.needs)}
            for stage in profile.stages
        ],
        "restarts": list(profile.restarts),
        "workdays": profile.workdays,
        "roll_over": profile.roll_over.value,
        "window_days": profile.window_days,
        "hours": profile.hours,
        "caution": profile.caution,
    }


def _without_note(known: ChoiceList, profile_id: str) -> ChoiceList:
    """The list of profiles: what it notes of the days is no longer sure for one that the bank has changed."""
    items = tuple(replace(item, extra={}) if item.id == profile_id else item for item in known.items)
    return replace(known, items=items)


def _year(data: Mapping[str, Any]) -> Year:
    off: dict[date, str] = {}
    for item in data["days_off"]:
        first, last = date.fromisoformat(item["first"]), date.fromisoformat(item["last"])
        off.update({first + timedelta(days=after): item["name"] for after in range((last - first).days + 1)})
    recorded = data.get("recorded_on")
    return Year(
        off,
        frozenset(date.fromisoformat(day) for day in data["workdays"]),
        date.fromisoformat(recorded) if recorded else None,
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
