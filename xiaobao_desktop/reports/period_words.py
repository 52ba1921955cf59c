"""How reports name a period and its neighbours: 本月 and 上月, 本季度 and 上季度."""

from __future__ import annotations

from dataclasses import dataclass

from xiaobao_desktop import resources
from xiaobao_desktop.domain.period import Period


@dataclass(frozen=True)
class PeriodWords:
    """Words for periods of one length.

    Attributes:
        title: the report's name in its headline.
        this: 本月.
        before: 上月.
        last_year: 上年同月.
        after: 下月.
        start: 月初.
        end: 月末.
    """

    title: str
    this: str
    before: str
    last_year: str
    after: str
    start: str
    end: str


def period_words(period: Period) -> PeriodWords:
    """The words for a period of whole months; those of a half-year (本期, 上期) for any other length."""
    items = {item.pop("months"): item for item in resources.json_data("reports", "period_words.json")["items"]}
    return PeriodWords(**items.get(period.months, items[6]))
