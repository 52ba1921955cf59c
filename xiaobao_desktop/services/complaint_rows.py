"""Narrow rows of complaints for statistics: names resolved, one query, nothing personal read."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

from xiaobao_desktop.collector import collector_resting
from xiaobao_desktop.domain.case import DEFAULT_PROFILE
from xiaobao_desktop.domain.deadline import profile_for
from xiaobao_desktop.domain.ledgers import ledger
from xiaobao_desktop.domain.ledgers.complaint import LEDGER
from xiaobao_desktop.domain.statistics import CaseRow, Cases
from xiaobao_desktop.services import origins
from xiaobao_desktop.services.origins import Chosen
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.query import Condition, Query

KEYS = (
    "id",
    "received_on",
    "closed_on",
    "answered_on",
    "due_on",
    "source",
    "category",
    "cause",
    "channel",
    "branch",
    "nature",
    "satisfaction",
    "repeat",
    "merged_into",
    "level",
    "ended_by",
    "state",
    "limit_days",
    "rule_profile",
    "origin",
    "paused_on",
)
"""The columns that statistics are made from."""
EVERY = Query(where=(Condition("received_on", "not_empty"),), order=(("received_on", False), ("number", False)))
"""All complaints in order of receipt."""


def case_rows(session: Session, chosen: Chosen = ()) -> Cases:
    """Every complaint outside the recycle bin as a statistics row, in order of receipt; read once for each change.

    ``chosen`` leaves only those of some 来源机构.
    """
    every = session.once("case rows", lambda: _read(session))
    if not chosen:
        return every
    names = {origins.name(session, sign) for sign in chosen}
    return every.once(("origins", chosen), lambda: Cases(row for row in every if row.origin in names))


def _read(session: Session) -> Cases:
    rows = _Rows(session)
    with collector_resting():
        return Cases(session.book.each(LEDGER, EVERY, KEYS, rows.row))


class _Rows:
    """Makes rows of raw values; each code and day is looked up once: a ledger has few of them and many rows."""

    def __init__(self, session: Session) -> None:
        catalog, profiles = session.rules.catalog, session.rules.profiles
        self._sources = catalog.list("source")
        categories, causes, channels = (catalog.tree(name) for name in ("B", "C", "A"))
        self._units = _units(session)

        def category(key: str | None) -> tuple[str, str]:
            top = categories.top(key) if key else None
            return (top.name if top else key or "", categories.label(key) if key else "")

        def first_limit(profile_id: str | None, on: date) -> int:
            found = profile_for(profiles, profile_id or DEFAULT_PROFILE, on)
            return min((stage.days for stage in found.stages), default=0) if found else 0

        self._day, self._category, self._first_limit = cache(_day), cache(category), cache(first_limit)
        self._cause = cache(lambda key: causes.label(key) if key else "")
        self._channel = cache(lambda key: channels.label(key) if key else "")
        self._source = cache(self._how)
        self._judged = cache(lambda key: counted_as(session, key))
        self._told = cache(lambda key: is_told(session, key))
        names = {sign: origins.name(session, sign) for sign in origins.signs(session)} if session.banks else {}
        self._origin = {sign or None: name for sign, name in names.items()}

    def row(self, raws: tuple[Any, ...]) -> CaseRow:
        """The row of the values of ``KEYS``."""
        (row_id, received, closed, answered, due, source, category, cause, channel, branch) = raws[:10]
        (nature, satisfaction, repeat, merged_into, level, ended_by, state, limit_days) = raws[10:18]
        (profile, origin, paused) = raws[18:]
        day = self._day(received)
        assert day is not None
        how, regulator = self._source(source)
        unit, region, department = self._units.get(branch, ("", "", False))
        return CaseRow(
            row_id,
            day,
            self._day(closed),
            self._day(answered),
            # A clock that stands still has no last day.
            None if paused else self._day(due),
            how,
            *self._category(category),
            self._cause(cause),
            self._channel(channel),
            unit,
            region,
            nature or "complaint",
            self._judged(satisfaction),
            bool(repeat or merged_into or ended_by == "merge"),
            level == "major",
            ended_by == "withdraw",
            self._told(state),
            limit_days or 0,
            self._first_limit(profile, day),
            department,
            regulator,
            self._origin.get(origin, ""),
        )

    def _how(self, key: str | None) -> tuple[str, bool]:
        """Name of a source, and whether it is a regulator."""
        found = self._sources.get(key or "")
        return (found.name, found.group == "监管") if found else (key or "", False)


def counted_as(session: Session, satisfaction: str | None) -> str:
    """How an id of the list 满意度 counts: "satisfied", "unsatisfied" or "" (no valid follow-up)."""
    found = session.rules.catalog.list("satisfaction").get(satisfaction or "")
    judged = found.extra.get("counts", "") if found else ""
    return judged if judged in ("satisfied", "unsatisfied") else ""


def is_told(session: Session, state: str | None) -> bool:
    """Whether a state says that the complainant has been told: no term runs any more."""
    found = session.rules.catalog.list("complaint_state").get(state or "")
    return bool(found and found.extra.get("term") == "met")


def _units(session: Session) -> dict[int | None, tuple[str, str, bool]]:
    """Name, region and whether it is a department, of every unit by id."""
    names, regions = session.link_names("branch"), session.rules.catalog.list("region")
    found: dict[int | None, tuple[str, str, bool]] = {}
    for row in session.book.rows(ledger("branch"), tuple(names), ("kind", "region")):
        row_id = int(str(row["id"]))
        region = regions.label(str(row["region"])) if row["region"] else ""
        found[row_id] = (names[row_id], region, row["kind"] == "department")
    return found


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
