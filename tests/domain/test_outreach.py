"""The outreach ledger: the campaign of its year, hints and refusals."""

from __future__ import annotations

from datetime import date

from xiaobao_desktop.domain.fields import Record, Value
from xiaobao_desktop.domain.ledgers import outreach
from xiaobao_desktop.services import rules

RULES = rules.load()
CAMPAIGNS = RULES.catalog.list("campaign")


def campaign(held_on: str, chosen: str) -> Value:
    entered = Record({"held_on": held_on, "name": "进社区", "campaign": chosen})
    return outreach.complete(None, entered, RULES).values["campaign"]


def problems(**values: Value) -> list[tuple[str, bool, str]]:
    record = Record({"name": "进社区", **values})
    return [(item.field, item.blocking, item.message) for item in outreach.check(record, "2026-11-23", RULES)]


def test_a_campaign_without_its_year_is_that_of_the_activity() -> None:
    found = CAMPAIGNS.find("3·15")
    assert found is not None
    assert campaign("2026-03-12", found.id) == "consumer_day_2026"
    assert campaign("2025-03-12", found.id) == "consumer_day_2025"
    assert campaign("2025-09-16", "education_week_2026") == "education_week_2025"


def test_what_has_no_year_and_what_has_no_edition_stay() -> None:
    assert campaign("2024-03-12", "routine") == "routine"
    assert campaign("2019-03-12", "consumer_day_2026") == "consumer_day_2026"
    assert campaign("2026-03-12", "own-123") == "own-123"


def test_days_outside_the_campaign_are_a_hint_only() -> None:
    assert problems(held_on="2026-03-12", campaign="consumer_day_2026") == []
    ((field, blocking, words),) = problems(held_on="2026-03-20", campaign="consumer_day_2026")
    assert (field, blocking) == ("campaign", False)
    assert "2026-03-09" in words
    ((_field, blocking, words),) = problems(held_on="2019-03-12", campaign="consumer_day_2026")
    assert (blocking, words) == (False, "这是 2026 年的专项，活动在 2019 年，请核对")


def test_an_end_before_the_beginning_is_refused() -> None:
    assert problems(held_on="2026-03-12", ended_on="2026-03-11") == [("ended_on", True, "结束日期早于开始日期，请核对")]


def test_campaigns_are_dated_data() -> None:
    series = {item.id for item in RULES.catalog.list("campaign_series").items}
    for item in CAMPAIGNS.items:
        assert item.extra["series"] in series
        if item.extra["first"]:
            first, last = (date.fromisoformat(item.extra[key]) for key in ("first", "last"))
            assert first <= last
            assert str(first.year) == item.extra["year"]
