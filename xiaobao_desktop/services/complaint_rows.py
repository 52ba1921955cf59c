"""Narrow rows of complaints for statistics: names resolved, one query, nothing personal read."""

from __future__ import annotations

from datetime import date

from xiaobao_desktop.domain.deadline import profile_for
from xiaobao_desktop.domain.fields import Value
from xiaobao_desktop.domain.ledgers import ledger
from xiaobao_desktop.domain.ledgers.complaint import LEDGER
from xiaobao_desktop.domain.statistics import CaseRow
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.query import Query

_KEYS = (
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
)


class _Names:
    """Looks names up once each; a ledger has few different codes and many rows."""

    def __init__(self, session: Session) -> None:
        catalog = session.rules.catalog
        self.sources = catalog.list("source")
        self.satisfaction = catalog.list("satisfaction")
        self.states = catalog.list("complaint_state")
        self.categories, self.causes, self.channels = (catalog.tree(name) for name in ("B", "C", "A"))
        self.branches = session.link_names("branch")
        regions = catalog.list("region")
        branch = ledger("branch")
        rows = session.book.rows(branch, tuple(self.branches), ("kind", "region"))
        self.regions = {row["id"]: regions.label(str(row["region"])) if row["region"] else "" for row in rows}
        self.departments = {row["id"] for row in rows if row["kind"] == "department"}
        self._tops: dict[str, tuple[str, str]] = {}
        self._limits: dict[tuple[str, date], int] = {}
        self._profiles = session.rules.profiles

    def category(self, key: Value) -> tuple[str, str]:
        """Names of the 大类 and of the node itself."""
        if not key:
            return "", ""
        text = str(key)
        if text not in self._tops:
            top = self.categories.top(text)
            self._tops[text] = (top.name if top else text, self.categories.label(text))
        return self._tops[text]

    def first_limit(self, profile_id: str, on: date) -> int:
        """Days of the first stage of a profile in force on a day."""
        key = (profile_id, on)
        if key not in self._limits:
            profile = profile_for(self._profiles, profile_id, on)
            self._limits[key] = min((stage.days for stage in profile.stages), default=0) if profile else 0
        return self._limits[key]


def case_rows(session: Session) -> list[CaseRow]:
    """Every complaint outside the recycle bin as a statistics row, in order of receipt."""
    names = _Names(session)
    found = session.book.select(LEDGER, Query(order=(("received_on", False), ("number", False))), _KEYS)
    return [_case_row(names, row) for row in found if row["received_on"]]


def _case_row(names: _Names, row: dict[str, Value]) -> CaseRow:
    received = date.fromisoformat(str(row["received_on"]))
    top, deepest = names.category(row["category"])
    source = names.sources.get(str(row["source"] or ""))
    followed = names.satisfaction.get(str(row["satisfaction"] or ""))
    state = names.states.get(str(row["state"] or ""))
    judged = followed.extra.get("counts", "") if followed else ""
    branch = row["branch"]
    return CaseRow(
        id=int(str(row["id"])),
        received_on=received,
        closed_on=_day(row["closed_on"]),
        answered_on=_day(row["answered_on"]),
        due_on=_day(row["due_on"]),
        source=source.name if source else str(row["source"] or ""),
        category=top,
        subcategory=deepest,
        cause=names.causes.label(str(row["cause"])) if row["cause"] else "",
        channel=names.channels.label(str(row["channel"])) if row["channel"] else "",
        branch=names.branches.get(branch, "") if isinstance(branch, int) else "",
        region=names.regions.get(branch, "") if isinstance(branch, int) else "",
        nature=str(row["nature"] or "complaint"),
        satisfaction=judged if judged in ("satisfied", "unsatisfied") else "",
        repeat=bool(row["repeat"] or row["merged_into"] or row["ended_by"] == "merge"),
        major=row["level"] == "major",
        withdrawn=row["ended_by"] == "withdraw",
        told=bool(state and state.extra.get("term") == "met"),
        limit_days=int(str(row["limit_days"] or 0)),
        first_limit=names.first_limit(str(row["rule_profile"] or "order3"), received),
        department=branch in names.departments,
        regulator=bool(source and source.group == "监管"),
    )


def _day(value: Value) -> date | None:
    return date.fromisoformat(str(value)) if value else None
