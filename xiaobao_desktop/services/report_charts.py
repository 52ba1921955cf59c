"""The charts that the officer put into a report, read from the book as the report looks at it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from xiaobao_desktop.domain.charts import Chart, ChartSet
from xiaobao_desktop.domain.period import Period
from xiaobao_desktop.domain.statistics import Method
from xiaobao_desktop.reports.own_charts import OwnChart
from xiaobao_desktop.services import charts, origins
from xiaobao_desktop.services.origins import Chosen
from xiaobao_desktop.services.report_kind import Request, WordsSection
from xiaobao_desktop.services.report_words import KeptChart
from xiaobao_desktop.services.session import Session

BASES = {"received": "按收到日期", "closed": "按办结日期"}


def own_charts(
    session: Session, request: Request, kept: Sequence[KeptChart], sections: Sequence[WordsSection]
) -> tuple[OwnChart, ...]:
    """The charts of a report, those of a period that is not over counted up to the report's day of view.

    One that the program does not know any more is left out.

    Args:
        session: the open book.
        request: what the report is asked for.
        kept: what was put in.
        sections: the parts of the report that the officer writes.
    """
    labels = {section.key: section.label for section in sections}
    known = {subject.key: subject for subject in charts.subjects()}

    @cache
    def read(subject: str, period: Period, method: Method, chosen: Chosen) -> ChartSet:
        return known[subject].build(session, period, request.day_in(period), method, chosen)

    made = []
    for one in kept:
        period = one.span
        if one.subject not in known or period is None:
            continue
        charted = read(one.subject, period, one.method, one.origins).charts
        found = next((chart for chart in charted if chart.key == one.chart), None)
        if found is not None:
            about = caption(one, period, request, has_method=known[one.subject].has_method)
            about += f"，{origins.names(session, one.origins)}" if one.origins else ""
            digits = int(request.settings(session).percent_digits)
            named = replace(found, title=title(known[one.subject].label, found))
            made.append(OwnChart(named, about, labels.get(one.section, ""), digits))
    return tuple(made)


def title(label: str, chart: Chart) -> str:
    """The title of a chart away from its page, with the name of the tab where that does not say itself: 投诉按网点."""
    return chart.title if label in chart.title else f"{label}{chart.title}"


def caption(kept: KeptChart, period: Period, request: Request, *, has_method: bool) -> str:
    """Period and 口径 as they stand behind the title of a chart: 2026年，至10月31日，按收到日期."""
    parts = [period.title]
    day = request.day_in(period)
    if day < period.last:
        parts.append(f"至{day.month}月{day.day}日")
    if has_method:
        parts.append(f"{BASES[kept.basis]}{'、重复并计' if kept.merge_repeats else ''}")
    return "，".join(parts)
