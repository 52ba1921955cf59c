"""Statistics of the invented ledger against its key, number by number; and against plain counting."""

from __future__ import annotations

import calendar
from collections import Counter
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.services.support import BRANCH, COMPLAINT, KEY, a_complaint, add_branch, filed_rows, new_book
from xiaobao_desktop.domain.fields import Record
from xiaobao_desktop.domain.period import month, parse_period
from xiaobao_desktop.domain.statistics import Method
from xiaobao_desktop.services import complaint_statistics, listing, records, undo
from xiaobao_desktop.services.complaint_rows import case_rows
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.query import Query

ALL = "2025-01-01..2026-10-31"
BY = {
    "source": "by_source",
    "category": "by_category",
    "subcategory": "by_subcategory",
    "cause": "by_cause",
    "branch": "by_branch",
    "month": "by_month",
}


def as_json(session: Session, period: str, as_of: date | None = None, method: Method | None = None) -> dict[str, Any]:
    return complaint_statistics.as_json(complaint_statistics.statistics(session, parse_period(period), as_of, method))


def percent(part: int, whole: int) -> str:
    """Two digits, the half away from zero, counted with decimals instead of fractions."""
    return str((Decimal(part) * 100 / Decimal(whole)).quantize(Decimal("0.01"), ROUND_HALF_UP))


# The key was counted with everything that had ended when it was written.
LATER = date(2027, 12, 31)


def test_every_number_of_the_key_comes_out(filled: Session) -> None:
    found = as_json(filled, ALL, LATER)
    assert (found["total"], found["closed"]) == (KEY["records"], KEY["closed"])
    assert found["closed_rate"] == percent(KEY["closed"], KEY["records"])
    for name, key in BY.items():
        groups = found["dimensions"][name]
        assert {group: item["count"] for group, item in groups.items()} == KEY[key], name
        for group, item in groups.items():
            assert item["percent"] == percent(item["count"], KEY["records"]), group
    assert found["days_to_close"] == {">60": 0, **KEY["days_to_close"]}


def test_every_breakdown_adds_up_and_names_what_is_not_filled_in(filled: Session) -> None:
    found = as_json(filled, ALL)
    for name, groups in found["dimensions"].items():
        assert sum(item["count"] for item in groups.values()) == KEY["records"], name
    assert found["dimensions"]["channel"] == {"未填写": {"count": 137, "percent": "100.00"}}
    assert found["dimensions"]["region"] == {"未填写": {"count": 137, "percent": "100.00"}}
    assert sum(found["days_to_close"].values()) == KEY["records"]


@pytest.mark.parametrize("text", ["2025-02", "2025-12", "2026-01", "2026-10", "2026Q3", "2025H2", "2025"])
def test_a_period_agrees_with_plain_counting_as_of_its_end(filled: Session, text: str) -> None:
    period = parse_period(text)
    rows = filed_rows()
    received = [row for row in rows if row["收到日期"] in period]
    ended = [row for row in received if row["办结日期"] and row["办结日期"] <= period.last]
    found = as_json(filled, text)
    assert (found["total"], found["closed"]) == (len(received), len(ended))
    assert found["closed_rate"] == percent(len(ended), len(received))
    closed_in = [row for row in rows if row["办结日期"] in period]
    assert found["closed_in_period"] == len(closed_in)
    in_time = [row for row in closed_in if (row["办结日期"] - row["收到日期"]).days <= 15]
    assert (found["in_time"], found["in_time_rate"]) == (len(in_time), percent(len(in_time), len(closed_in)))
    followed = Counter(row["满意度"] for row in closed_in if row["满意度"])
    satisfied = followed["满意"] + followed["基本满意"]
    assert found["satisfaction_rate"] == percent(satisfied, sum(followed.values()))
    for name, head in (("source", "投诉来源"), ("subcategory", "业务小类"), ("cause", "投诉原因")):
        counted = Counter(row[head] for row in received)
        assert {key: item["count"] for key, item in found["dimensions"][name].items()} == counted


def test_the_balance_holds_in_every_month(filled: Session) -> None:
    ending = 0
    for year, number in [(2025, n) for n in range(1, 13)] + [(2026, n) for n in range(1, 11)]:
        balance = as_json(filled, month(year, number).code)["balance"]
        assert balance["ok"]
        assert balance["opening"] == ending
        assert balance["opening"] + balance["received"] - balance["closed"] == balance["ending"]
        ending = balance["ending"]
        last = date(year, number, calendar.monthrange(year, number)[1])
        waiting = [r for r in filed_rows() if r["收到日期"] <= last and not (r["办结日期"] and r["办结日期"] <= last)]
        assert ending == len(waiting)


def test_by_closed_date_counts_what_ended_in_the_period(filled: Session) -> None:
    found = as_json(filled, "2026-03", method=Method("closed"))
    ended = [row for row in filed_rows() if row["办结日期"] and f"{row['办结日期']:%Y-%m}" == "2026-03"]
    assert (found["total"], found["closed"], found["closed_rate"]) == (len(ended), len(ended), "100.00")
    assert found["basis"] == "closed"
    counted = Counter(row["被投诉机构"] for row in ended)
    assert {key: item["count"] for key, item in found["dimensions"]["branch"].items()} == counted


def test_what_is_not_yet_known_on_the_day_of_view_does_not_count(filled: Session) -> None:
    day = date(2026, 10, 15)
    received = [row for row in filed_rows() if date(2026, 10, 1) <= row["收到日期"] <= day]
    found = as_json(filled, "2026-10", day)
    assert found["as_of"] == "2026-10-15"
    assert 0 < found["total"] == len(received) < 6
    assert found["closed"] == sum(bool(row["办结日期"] and row["办结日期"] <= day) for row in received)


def test_an_empty_period_has_no_rates(filled: Session) -> None:
    found = as_json(filled, "2024-05")
    assert (found["total"], found["closed"], found["closed_rate"]) == (0, 0, "—")
    assert all(groups == {} for groups in found["dimensions"].values())


def test_rows_are_read_once_for_each_change_of_the_book(tmp_path: Path) -> None:
    session = new_book(tmp_path / "book")
    one = int(str(records.save(session, COMPLAINT, a_complaint("2026-10-08", category="B.01")).record.id))
    rows = case_rows(session)
    assert case_rows(session) is rows
    listing.ids(session, COMPLAINT, Query(search="刘秀兰"))
    assert case_rows(session) is rows, "a look at a list is no change"
    records.save(session, COMPLAINT, Record({"category": "B.02"}, {}, one))
    assert [row.category for row in case_rows(session)] == ["贷款"] != [row.category for row in rows]
    undo.undo(session)
    assert case_rows(session) == rows
    records.delete(session, COMPLAINT, one)
    assert case_rows(session) == ()
    session.close()


def test_rows_follow_a_name_and_an_operation_that_was_given_up(tmp_path: Path) -> None:
    session = new_book(tmp_path / "book")
    branch = add_branch(session, "城关支行")
    one = records.save(session, COMPLAINT, a_complaint("2026-10-08", branch=branch)).record
    assert [row.branch for row in case_rows(session)] == ["城关支行"]
    records.save(session, BRANCH, Record({"name": "城东支行"}, {}, branch))
    assert [row.branch for row in case_rows(session)] == ["城东支行"]

    def give_up() -> None:
        with session.book.transaction("x", "王芳", session.now()) as writing:
            writing.update(COMPLAINT, Record({"received_on": "2026-10-09"}, {}, one.id))
            assert [row.received_on.day for row in case_rows(session)] == [9]
            raise RuntimeError("given up")

    with pytest.raises(RuntimeError, match="given up"):
        give_up()
    assert [row.received_on.day for row in case_rows(session)] == [8]
    with session.book.transaction("y", "王芳", session.now()) as writing:
        writing.update(COMPLAINT, Record({"received_on": "2026-10-10"}, {}, one.id))
    assert [row.received_on.day for row in case_rows(session)] == [10]
    session.close()
