"""When a record may be destroyed, and what is left of it: pure functions over the declared ledgers."""

from __future__ import annotations

import pytest

from xiaobao_desktop import resources
from xiaobao_desktop.domain import retention
from xiaobao_desktop.domain.fields import Field, Kind, Privacy, Record, Value, Values
from xiaobao_desktop.domain.ledgers import all_ledgers, ledger
from xiaobao_desktop.domain.masking import ERASED
from xiaobao_desktop.domain.retention import Retention

COMPLAINT, TRAINING = ledger("complaint"), ledger("training")
RULE = Retention("complaint", 3, 5, "retention_years", ("closed_on", "answered_on"), frozenset({"new"}), ("due_on",))


@pytest.mark.parametrize(
    ("ended", "years", "first"),
    [
        ("2026-10-31", 3, "2029-11-01"),
        ("2026-12-31", 5, "2032-01-01"),
        ("2024-02-29", 3, "2027-03-01"),
        ("2024-02-29", 4, "2028-03-01"),
    ],
)
def test_whole_years_must_have_passed(ended: str, years: int, first: str) -> None:
    assert retention.destroyable_from(ended, years) == first


@pytest.mark.parametrize(("kept", "years"), [(None, 5), ("", 5), ("两年", 5), ("1", 3), ("10", 10), ("1000", 99)])
def test_years_in_force(kept: str | None, years: int) -> None:
    assert retention.years_of(RULE, kept) == years


def test_the_term_begins_with_the_first_filled_end_of_a_finished_record() -> None:
    assert retention.ended_on(RULE, {"state": "closed", "closed_on": "2026-10-12"}) == "2026-10-12"
    assert retention.ended_on(RULE, {"state": "closed", "answered_on": "2026-10-11"}) == "2026-10-11"
    assert retention.ended_on(RULE, {"state": "new", "closed_on": "2026-10-12"}) == ""
    assert retention.ended_on(RULE, {"state": "new"}, deleted_on="2026-11-01") == "2026-11-01"


def test_texts_of_customers_go_and_those_of_activities_stay() -> None:
    note, topic = Field("note", "说明", Kind.LONG_TEXT), Field("topic", "主题", Kind.TEXT)
    leader = Field("leader", "组长", Kind.TEXT, privacy=Privacy.C1)
    assert retention.of_customers(COMPLAINT)
    assert not retention.of_customers(TRAINING)
    assert [retention.goes(RULE, item, customers=False) for item in (note, topic, leader)] == [True, False, True]
    assert retention.goes(RULE, topic, customers=True)


def test_what_stays_keeps_codes_and_the_ids_of_rows() -> None:
    values: dict[str, Value] = {
        "complainant": "刘秀兰",
        "category": "B.01",
        "received_on": "2026-10-08",
        "amount": 100,
        "phone": None,
    }
    rows: tuple[Values, ...] = ({"id": 7, "kind": "close", "happened_on": "2026-10-12", "note": "已告知"},)
    left = retention.remains(COMPLAINT, RULE, Record(values, {"step": rows}, 1, "TS-2026-0001"))
    assert left.values == {**values, "complainant": ERASED}
    assert left.children["step"] == ({**rows[0], "note": ERASED},)
    assert retention.personal_words(COMPLAINT, Record(values)) == {"刘秀兰"}
    assert retention.personal_words(COMPLAINT, left) == frozenset()


def test_every_dated_ledger_has_a_rule_that_names_its_own_fields() -> None:
    rules = {item["ledger"]: item for item in resources.json_data("rules", "retention.json")["items"]}
    assert set(rules) == {item.key for item in all_ledgers() if item.dated_by}
    for item in all_ledgers():
        rule = rules.get(item.key)
        if rule is not None:
            assert rule["years"] >= rule["floor_years"] >= 3
            named = (*rule["ends"], *rule.get("pending", ()), *rule.get("kept_texts", ()))
            assert all(item.has(key) for key in named), item.key
            assert item.has("state") or not rule.get("open_states")
