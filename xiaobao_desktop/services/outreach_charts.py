"""The charts of outreach for the screen."""

from __future__ import annotations

from datetime import date

from xiaobao_desktop.domain import charts
from xiaobao_desktop.domain.charts import Bars, ChartSet, Mark, Trend
from xiaobao_desktop.domain.ledgers.outreach import LEDGER
from xiaobao_desktop.domain.period import Period
from xiaobao_desktop.domain.statistics import Method
from xiaobao_desktop.services import origin_charts, outreach_statistics
from xiaobao_desktop.services.origins import Chosen
from xiaobao_desktop.services.outreach_statistics import OutreachStatistics
from xiaobao_desktop.services.session import Session


def build(session: Session, period: Period, as_of: date, _method: Method, chosen: Chosen = ()) -> ChartSet:
    """The charts of a period: how often, and how many people were reached."""
    rows = outreach_statistics.outreach_rows(session, chosen)
    found = outreach_statistics.summarise(session, rows, period, as_of)
    year = period.last.year
    items = [(row.held_on, row.id, row.times) for row in rows]
    months, last_year = charts.month_marks(items, year, as_of)
    trend = Trend("trend", "各月场次", "与去年同月比", months, last_year, f"{year}年", f"{year - 1}年", "场")
    figures = found.figures
    return ChartSet(
        LEDGER.key,
        (
            origin_charts.with_gaps(session, LEDGER, chosen, trend, year, as_of),
            *origin_charts.charts(session, LEDGER, chosen, items, period, as_of, "场"),
            Bars("campaign", "按专项活动", "本期受众人次", _reached(found, "campaign"), "人次"),
            Bars("venue", "按进入场所", "本期受众人次，一场可进多处", _reached(found, "venue"), "人次"),
            Bars("group", "按重点人群", "本期受众人次，一场可为多种人群", _reached(found, "group"), "人次"),
            Bars("form", "按活动形式", "本期场次", _times(found, "form"), "场"),
            Bars("branch", "按组织网点", "本期场次", _times(found, "branch"), "场"),
        ),
        (
            f"活动 {figures.activities.count} 项",
            f"{figures.activities.sessions} 场次",
            f"受众 {figures.activities.audience:,} 人次",
        ),
    )


def _reached(found: OutreachStatistics, dimension: str) -> tuple[Mark, ...]:
    return charts.summed((tally.name, tally.ids, tally.audience) for tally in found.dimensions[dimension])


def _times(found: OutreachStatistics, dimension: str) -> tuple[Mark, ...]:
    return charts.summed((tally.name, tally.ids, tally.sessions) for tally in found.dimensions[dimension])
