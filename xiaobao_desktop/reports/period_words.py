"""How reports name a period and its neighbours: 本月 and 上月, 本季度 and 上季度."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from xiaobao_desktop import resources
from xiaobao_desktop.domain.period import Period, chinese_date


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
        previous: 上月, also where ``before`` says that only the same days of it count.
    """

    title: str
    this: str
    before: str
    last_year: str
    after: str
    start: str
    end: str
    previous: str = ""


def period_words(period: Period, as_of: date | None = None) -> PeriodWords:
    """The words for a period of whole months; those of a half-year (本期, 上期) for any other length.

    On a day of view before its end, the periods that it is compared with are those of the same days (上月同期), and its
    end is that day.
    """
    items = {item.pop("months"): item for item in resources.json_data("reports", "period_words.json")["items"]}
    words = PeriodWords(**items.get(period.months, items[6]))
    words = replace(words, previous=words.before)
    if as_of is None or as_of >= period.last:
        return words
    same_days = f"{words.before.removesuffix('同期')}同期"
    return replace(words, before=same_days, last_year="上年同期", end=f"截至{chinese_date(as_of)}")
