"""Statistics of outreach for screen, report and command line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from xiaobao_desktop.domain.fields import Value
from xiaobao_desktop.domain.ledgers.outreach import LEDGER
from xiaobao_desktop.domain.numbers import plain_decimal, yuan
from xiaobao_desktop.domain.outreach_statistics import (
    COUNTERS,
    OutreachFigures,
    OutreachRow,
    Tally,
    breakdown,
    figures,
    in_period,
)
from xiaobao_desktop.domain.period import Period
from xiaobao_desktop.services.origins import Chosen, conditions
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.query import Query

_KEYS = ("held_on", "sessions", "campaign", "forms", "venues", "groups", "branch", *COUNTERS)
_ORDERS = {
    "series": "campaign_series",
    "form": "outreach_form",
    "venue": "outreach_venue",
    "group": "outreach_group",
}


@dataclass(frozen=True)
class OutreachStatistics:
    """Figures of a period and its breakdowns (campaign, series, form, venue, group, branch)."""

    figures: OutreachFigures
    dimensions: dict[str, tuple[Tally, ...]]


def outreach_rows(session: Session, chosen: Chosen = ()) -> list[OutreachRow]:
    """Every activity outside the recycle bin as a statistics row, in order of its day.

    ``chosen`` leaves only those of some 来源机构.
    """
    query = Query(where=conditions(chosen), order=(("held_on", False), ("number", False)))
    found = session.book.select(LEDGER, query, _KEYS)
    branches = session.link_names("branch")
    return [_row(session, row, branches) for row in found if row["held_on"]]


def statistics(session: Session, period: Period, as_of: date | None = None, chosen: Chosen = ()) -> OutreachStatistics:
    """Statistics of a period.

    Args:
        session: the open book.
        period: the period counted.
        as_of: day of view; by default the last day of the period.
        chosen: the 来源机构 that count; () for all.
    """
    return summarise(session, outreach_rows(session, chosen), period, as_of or period.last)


def summarise(session: Session, rows: list[OutreachRow], period: Period, as_of: date) -> OutreachStatistics:
    """Statistics from rows that were read before."""
    chosen = in_period(rows, period, as_of)
    catalog = session.rules.catalog
    orders = {
        name: tuple(item.name for item in catalog.list(choices).items if item.active)
        for name, choices in _ORDERS.items()
    }
    names = ("campaign", "series", "form", "venue", "group", "branch")
    dimensions = {name: breakdown(chosen, name, orders.get(name, ())) for name in names}
    return OutreachStatistics(figures(rows, period, as_of), dimensions)


def as_json(result: OutreachStatistics) -> dict[str, object]:
    """Statistics as the command line prints them: counters as numbers, yuan and 人天 as exact text."""
    found = result.figures
    counters: dict[str, object] = dict(found.sums)
    counters["cost"] = yuan(found.sums["cost"]).replace(",", "")
    counters["person_days"] = plain_decimal(found.sums["person_days"])
    return {
        "activities": found.activities.count,
        "sessions": found.sessions,
        **counters,
        "dimensions": {
            name: {
                tally.name: {"activities": tally.count, "sessions": tally.sessions, "audience": tally.audience}
                for tally in tallies
            }
            for name, tallies in result.dimensions.items()
        },
    }


def _row(session: Session, row: dict[str, Value], branches: dict[int, str]) -> OutreachRow:
    campaign = session.rules.catalog.list("campaign").get(str(row["campaign"] or ""))
    series = campaign.extra.get("series", "") if campaign else ""
    branch = row["branch"]
    counters = {key: value for key in COUNTERS if isinstance(value := row[key], int)}
    sessions = row["sessions"]
    return OutreachRow(
        id=int(str(row["id"])),
        held_on=date.fromisoformat(str(row["held_on"])),
        sessions=sessions if isinstance(sessions, int) else None,
        counters=counters,
        campaign=campaign.name if campaign else str(row["campaign"] or ""),
        series=_series_name(session, series, campaign.name if campaign else ""),
        forms=_several(session, "outreach_form", row["forms"]),
        venues=_several(session, "outreach_venue", row["venues"]),
        groups=_several(session, "outreach_group", row["groups"]),
        branch=branches.get(branch, "") if isinstance(branch, int) else "",
    )


def _series_name(session: Session, series: str, campaign: str) -> str:
    """The campaign without its year; a campaign of the bank's own is a series by itself."""
    return session.rules.catalog.list("campaign_series").label(series) if series else campaign


def _several(session: Session, choices: str, value: Value) -> tuple[str, ...]:
    known = session.rules.catalog.list(choices)
    return tuple(known.label(item) for item in value) if isinstance(value, tuple) else ()
