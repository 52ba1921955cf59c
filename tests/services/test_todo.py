"""The workbench's numbers from a real book."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from tests.services.support import COMPLAINT, Clock, new_book
from xiaobao_desktop.domain.fields import Record, Value, Values
from xiaobao_desktop.domain.ledgers import ledger
from xiaobao_desktop.domain.todo import OVERDUE, SOON, TODAY, WEEK
from xiaobao_desktop.services import complaint_month, records, todo, todo_print
from xiaobao_desktop.services.session import Session

NOW = date(2026, 11, 23)


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    clock = Clock(datetime(2026, 11, 23, 9, 41, tzinfo=timezone(timedelta(hours=8))))
    opened = new_book(tmp_path / "book", clock)
    yield opened
    opened.close()


def add(session: Session, received: str, name: str, *steps: Values, **more: Value) -> Record:
    ended = next((row["happened_on"] for row in steps if row["kind"] == "close"), None)
    values: dict[str, Value] = {
        **COMPLAINT.defaults(),
        "received_on": received,
        "closed_on": ended,
        "complainant": name,
        "source": "visit",
        "category": "B.01",
        **more,
    }
    rows = ({"kind": "received", "happened_on": received}, *steps)
    return records.save(session, COMPLAINT, Record(values, {"step": rows})).record


def step(kind: str, on: str, **more: Value) -> Values:
    return {"kind": kind, "happened_on": on, **more}


def closed(on: str) -> tuple[Values, ...]:
    return step("decide", on), step("inform", on, way="phone"), step("close", on)


def test_running_terms_stand_in_their_bands(session: Session) -> None:
    add(session, "2026-10-30", "张明", content="提前还款违约金争议。要求减免。")
    add(session, "2026-11-08", "刘秀兰", content="")
    add(session, "2026-11-10", "赵国强", content="网银\n转账延迟")
    add(session, "2026-11-13", "孙丽")
    add(session, "2026-11-20", "周静")
    add(session, "2026-10-20", "陈伟", step("pause", "2026-10-25", reason="外部鉴定"))
    add(session, "2026-10-20", "吴桂英", *closed("2026-10-22"))
    bands = {band.key: band.items for band in todo.bands(session, NOW)}
    assert {key: len(items) for key, items in bands.items()} == {OVERDUE: 1, TODAY: 1, SOON: 1, WEEK: 1}
    assert bands[OVERDUE][0].subject == "张**·提前还款违约金争议"
    assert bands[OVERDUE][0].days_left(NOW) == -9
    assert bands[TODAY][0].subject.endswith("·人民币储蓄")
    assert bands[SOON][0].subject.endswith("·网银")
    assert all("秀兰" not in item.subject for items in bands.values() for item in items)


def test_the_month_is_compared_with_the_same_days_of_the_last_month(session: Session) -> None:
    add(session, "2026-11-02", "甲某", *closed("2026-11-07"))
    add(session, "2026-11-23", "乙某")
    add(session, "2026-10-01", "丙某", *closed("2026-11-03"))
    add(session, "2026-10-23", "丁某", *closed("2026-10-23"))
    add(session, "2026-10-24", "戊某")
    add(session, "2026-10-05", "己某", nature="consultation")
    add(session, "2025-11-30", "庚某")
    view = complaint_month.month_view(session, NOW)
    assert (view.now.received.count, view.now.received_closed.count, view.now.closed.count) == (2, 1, 2)
    assert (view.before.received.count, view.before.received_closed.count) == (2, 1)
    assert view.now.closed_in_time.count == 1
    assert view.this_year == (*[0] * 9, 3, 2)
    assert view.last_year == (*[0] * 10, 1, 0)


def test_the_last_day_of_a_long_month_meets_a_short_one(session: Session) -> None:
    add(session, "2026-02-28", "甲某")
    view = complaint_month.month_view(session, date(2026, 3, 31))
    assert view.before.received.count == 1


def test_gaps_are_those_of_ended_complaints(session: Session) -> None:
    add(session, "2026-11-20", "甲某")
    lacking = add(session, "2026-11-02", "乙某", *closed("2026-11-07"))
    first = next(gap for gap in todo.gaps(session, NOW) if gap.ledger.key == "complaint")
    assert first.ids == (lacking.id,)
    assert first.words == "1 件已办结的有待补项"


def test_answered_complaints_wait_for_proof_call_and_review(session: Session) -> None:
    lately = add(session, "2026-11-02", "甲某", *closed("2026-11-07"))
    earlier = add(session, "2026-09-20", "乙某", *closed("2026-10-01"), satisfaction="satisfied")
    add(session, "2026-03-02", "丙某", *closed("2026-03-07"))
    add(session, "2026-11-02", "丁某", step("withdraw", "2026-11-05"))

    def waiting() -> dict[str, tuple[int, ...]]:
        return {gap.words: gap.ids for gap in todo.gaps(session, NOW) if gap.ledger.key == "complaint"}

    found = waiting()
    assert found["2 件已答复，没有答复凭证"] == (lately.id, earlier.id)
    assert found["1 件已答复，待回访满意度"] == (lately.id,)
    assert found["1 件还在 30 日核查申请期内"] == (lately.id,)
    steps = (*lately.children["step"], step("follow_up", "2026-11-20", satisfaction="satisfied"))
    records.save(session, COMPLAINT, Record(lately.values, {"step": steps}, lately.id))
    assert not [words for words in waiting() if "回访" in words]


def test_groups_without_a_training_are_named_and_missing_evidence_counted(session: Session) -> None:
    before = {gap.ledger.key: gap for gap in todo.gaps(session, NOW)}
    assert before["training"].words.endswith("今年尚无场次")
    assert before["training"].ids == ()
    outreach = ledger("outreach")
    values = {**outreach.defaults(), "held_on": "2026-03-15", outreach.title[0]: "守住钱袋子"}
    saved = records.save(session, outreach, Record(values)).record
    after = {gap.ledger.key: gap for gap in todo.gaps(session, NOW)}
    assert after["outreach"].ids == (saved.id,)
    assert after["outreach"].words.startswith(f"1 {outreach.unit}缺")


def test_search_goes_over_all_dated_ledgers_and_stays_masked(session: Session) -> None:
    found = add(session, "2026-11-02", "欧阳明月", content="年费")
    (group,) = todo.search(session, "年费")
    assert (group.ledger.key, group.total) == ("complaint", 1)
    assert group.items[0].record_id == found.id
    assert "明月" not in group.items[0].subject
    assert todo.search(session, "没有的字") == ()
    assert todo.search(session, "  ") == ()


def test_the_printed_sheet_lists_what_is_due(session: Session, tmp_path: Path) -> None:
    from tests.services.support import pdf_text

    add(session, "2026-10-30", "张明", content="提前还款违约金争议")
    add(session, "2026-11-12", "刘秀兰", content="年费扣收未告知")
    sheet = todo_print.build(session, NOW)
    file = tmp_path / f"{sheet.file_name}.pdf"
    file.write_bytes(todo_print.render(sheet))
    text = pdf_text(file)
    for words in (
        "本周待办",
        "2026年11月23日起7天",
        "逾期9天",
        "提前还款违约金争议",
        "□",
        "共2件：已逾期1件，7天内1件",
    ):
        assert words in text, words
    assert "秀兰" not in text
    assert text.index("提前还款") < text.index("年费扣收")


def test_a_sheet_with_nothing_due_says_so(session: Session, tmp_path: Path) -> None:
    from tests.services.support import pdf_text

    file = tmp_path / "待办.pdf"
    file.write_bytes(todo_print.render(todo_print.build(session, NOW)))
    assert "没有逾期事项" in pdf_text(file)
