"""Charts by 来源机构 of any ledger, once the book took in records of others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from xiaobao_desktop.domain import origin_charts
from xiaobao_desktop.domain.charts import Chart, Trend, span
from xiaobao_desktop.domain.fields import Ledger
from xiaobao_desktop.domain.origin_charts import Item, OriginItems
from xiaobao_desktop.domain.period import Period
from xiaobao_desktop.services import origins
from xiaobao_desktop.services.origins import OWN_SIGN, Chosen
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.query import OWN, Query


def with_gaps(session: Session, ledger: Ledger, chosen: Chosen, chart: Trend, year: int, as_of: date) -> Trend:
    """A trend of some 来源机构 (() for all) in which a month for which none of them sent anything is a gap."""
    if not session.banks:
        return chart
    books = dict(origins.reported_by(session, ledger.key))
    if not session.book.count(ledger, Query(where=(OWN,))):
        # A book that only consolidates has nothing of its own to show.
        del books[OWN_SIGN]
    return origin_charts.with_gaps(chart, year, as_of, [books[sign] for sign in chosen or books if sign in books])


def charts(
    session: Session, ledger: Ledger, chosen: Chosen, items: Iterable[Item], period: Period, as_of: date, unit: str = ""
) -> tuple[Chart, ...]:
    """By 来源机构, and 来源机构 × month; none where only one can have anything.

    Args:
        session: the open book.
        ledger: what is counted.
        chosen: signs of those that count; () for all.
        items: day, record id and amount of everything that may count, of the years before too.
        period: the period shown; its year is that of the months.
        as_of: later days do not count yet.
        unit: measure word where it is not that of the ledger.
    """
    if not session.banks or len(chosen) == 1:
        return ()
    found = _by_name(session, ledger, chosen, list(items), unit or ledger.unit)
    days = span(period, as_of)
    return (origin_charts.bars(found, days), origin_charts.months(found, days.last.year, as_of))


def _by_name(session: Session, ledger: Ledger, chosen: Chosen, items: Sequence[Item], unit: str) -> OriginItems:
    sign_of, books = origins.of_records(session, ledger), origins.reported_by(session, ledger.key)
    by_sign: dict[str, list[Item]] = {sign: [] for sign in origins.signs(session) if not chosen or sign in chosen}
    for item in items:
        sign = sign_of.get(item[1], OWN_SIGN)
        if sign in by_sign:
            by_sign[sign].append(item)
    if not by_sign.get(OWN_SIGN, True):
        # A book that only consolidates has nothing of its own to show.
        del by_sign[OWN_SIGN]
    names: Mapping[str, str] = {sign: origins.short_name(session, sign) for sign in by_sign}
    return OriginItems(
        {names[sign]: some for sign, some in by_sign.items()},
        {names[sign]: books[sign] for sign in by_sign},
        unit,
    )
