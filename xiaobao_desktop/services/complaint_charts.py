"""The charts of complaints for the screen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from xiaobao_desktop import resources
from xiaobao_desktop.domain import charts
from xiaobao_desktop.domain.charts import Bars, Chart, ChartSet, Trend
from xiaobao_desktop.domain.ledgers.complaint import LEDGER
from xiaobao_desktop.domain.numbers import percent
from xiaobao_desktop.domain.origin_charts import Item
from xiaobao_desktop.domain.period import Period
from xiaobao_desktop.domain.statistics import CaseRow, Method, countable, figures
from xiaobao_desktop.services import origin_charts
from xiaobao_desktop.services.complaint_as_of import case_rows_at
from xiaobao_desktop.services.complaint_statistics import orders
from xiaobao_desktop.services.origin_charts import with_gaps
from xiaobao_desktop.services.origins import Chosen
from xiaobao_desktop.services.session import Session


def build(session: Session, period: Period, as_of: date, method: Method, chosen: Chosen = ()) -> ChartSet:
    """The charts of a period.

    Args:
        session: the open book.
        period: the period counted.
        as_of: day of view; of a period that is not over, the days up to it count, also for the year before.
        method: 口径.
        chosen: the 来源机构 that count; () for all.
    """
    rows, order = case_rows_at(session, as_of, chosen), orders(session)
    days = charts.span(period, as_of)
    then = case_rows_at(session, days.last, chosen)
    found = figures(then, days, days.last, method)
    rate = percent(found.closed_rate, int(session.settings.percent_digits))
    headline = (
        f"受理 {found.received.count} 件",
        f"办结 {found.received_closed.count} 件",
        f"办结率 {rate}%" if found.closed_rate is not None else f"办结率 {rate}",
    )
    trend, *others = _charts(rows, then, order, days, as_of, method, _short_causes(session))
    first = with_gaps(session, LEDGER, chosen, trend, days.last.year, as_of) if isinstance(trend, Trend) else trend
    by_origin = origin_charts.charts(session, LEDGER, chosen, _items(rows, method), period, as_of)
    return ChartSet(LEDGER.key, (first, *by_origin, *others), headline)


def _items(rows: Sequence[CaseRow], method: Method) -> Iterator[Item]:
    """What is counted, by the day that the 口径 names."""
    for row in countable(rows, method):
        day = row.closed_on if method.basis == "closed" else row.received_on
        if day is not None:
            yield day, row.id, 1


def _short_causes(session: Session) -> dict[str, str]:
    """Short names of the causes by their own names, for narrow columns."""
    short = resources.json_data("rules", "short_names.json")
    return {code.name: short[code.key] for code in session.rules.catalog.tree("C").codes if code.key in short}


def _charts(
    rows: Sequence[CaseRow],
    then: Sequence[CaseRow],
    order: dict[str, tuple[str, ...]],
    days: Period,
    as_of: date,
    method: Method,
    short: dict[str, str],
) -> tuple[Chart, ...]:
    year = days.last.year
    months, last_year = charts.trend(rows, year, min(as_of, date(year, 12, 31)), method)
    bars = {name: charts.dimension_bars(rows, name, order.get(name, ()), days, method) for name in _RANKED}
    ended = "办结" if method.basis == "closed" else "受理"
    branches = Bars("branch", *_TITLES["branch"], bars["branch"])
    categories = Bars("category", *_TITLES["category"], bars["category"])
    causes = Bars("cause", *_TITLES["cause"], charts.shortened(bars["cause"]))
    sources = Bars("source", *_TITLES["source"], bars["source"])
    channels = Bars("channel", *_TITLES["channel"], bars["channel"])
    return (
        Trend("trend", f"各月{ended}", "与去年同月比", months, last_year, f"{year}年", f"{year - 1}年"),
        branches,
        categories,
        charts.heat(rows, order, days, method, short),
        causes,
        sources,
        channels,
        Bars("timeliness", *_TITLES["timeliness"], charts.timeliness_bars(then, days, method), ranked=False),
        Bars("days", "办结用时", "从收到到办结的自然日", charts.days_bars(rows, days, method), ranked=False),
        Bars(
            "ageing",
            "在办时长",
            f"截至{as_of.month}月{as_of.day}日尚未办结的全部投诉",
            charts.ageing_bars(rows, as_of, method),
            ranked=False,
        ),
    )


_RANKED = ("branch", "category", "cause", "source", "channel")
_TITLES = {
    "branch": ("按网点", "被投诉机构"),
    "category": ("按业务类别", "JR/T 0169 大类"),
    "cause": ("按投诉原因", "JR/T 0169 原因"),
    "source": ("按来源", "怎么来的"),
    "channel": ("按办理渠道", "业务在哪里办的"),
    "timeliness": ("办理时效", "占比：办结的占本期办结，在办的占期末在办"),
}
