"""The officer's own charts in a report: numbered after the report's own figures, in the part that she chose."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import ceil

from xiaobao_desktop.domain.charts import Bars, Chart, Heat, printed
from xiaobao_desktop.reports.chart_dashboard import FOOT, IN_REPORT
from xiaobao_desktop.reports.document import Block, Document, Figure, Heading, Photos, ScreenChart
from xiaobao_desktop.reports.typeset_parts import LINE

TREND_LINES = 6
"""Height of a trend with its caption, in lines of the grid."""
_ROW, _CAPTION = 21.0, 23.0
"""Pixels of the design sheet for a row of bars; points for the caption."""
_HEAT_ROW, _HEAT_REST = 26.0, 64.0
_NUMBERED = re.compile(r"图(\d+)")


@dataclass(frozen=True)
class OwnChart:
    """A chart for a report.

    Attributes:
        chart: what it shows.
        about: period and 口径, for its caption.
        section: heading of the part in which it stands, "" for the end of the text.
        digits: decimals of its percentages.
    """

    chart: Chart
    about: str
    section: str = ""
    digits: int = 2


def with_charts(document: Document, charts: Sequence[OwnChart]) -> Document:
    """The document with the charts in it; a part that was not written has none, its charts stand at the end."""
    blocks = list(document.blocks)
    first = 1 + max(_numbers(document), default=0)
    ends = {own.section: _end_of(blocks, own.section) for own in charts}
    placed = sorted(charts, key=lambda own: ends[own.section])
    numbered = [(ends[own.section], _figure(own, number)) for number, own in enumerate(placed, start=first)]
    for place, figure in reversed(numbered):
        blocks.insert(place, figure)
    return replace(document, blocks=tuple(blocks))


def lines_of(chart: Chart) -> int:
    """Height of a chart with its caption, in lines of the grid."""
    if isinstance(chart, Bars):
        high = _ROW * len(chart.marks) + FOOT
    elif isinstance(chart, Heat):
        high = _HEAT_ROW * len(chart.rows) + _HEAT_REST
    else:
        return TREND_LINES
    return max(4, ceil((high * IN_REPORT + _CAPTION) / LINE))


def _figure(own: OwnChart, number: int) -> Figure:
    chart = printed(own.chart)
    return Figure(f"图{number}  {chart.title}（{own.about}）", ScreenChart(chart, own.digits), lines_of(chart))


def _numbers(document: Document) -> Iterator[int]:
    """The numbers that figures and photos of the document have."""
    parts: list[Iterable[Block]] = [document.blocks, *(appendix.blocks for appendix in document.appendices)]
    for block in (block for part in parts for block in part):
        if isinstance(block, Photos):
            yield len(block.photos)
        elif isinstance(block, Figure) and (found := _NUMBERED.match(block.caption)):
            yield int(found[1])


def _end_of(blocks: Sequence[Block], section: str) -> int:
    """Where the part under a heading ends; the end of all when there is no such heading."""
    inside = False
    for place, block in enumerate(blocks):
        if isinstance(block, Heading) and block.level == 1:
            if inside:
                return place
            inside = bool(section) and block.text.endswith(f"、{section}")
    return len(blocks)
