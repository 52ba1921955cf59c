"""Sentences suggested by the figures: what is found in a real book, and prose that is right with none, one and many."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PIL import Image

from tests.services.support import COMPLAINT, a_complaint, new_book
from xiaobao_desktop.domain.fields import Record
from xiaobao_desktop.domain.ledgers import ledger
from xiaobao_desktop.domain.period import month, parse_period
from xiaobao_desktop.domain.statistics import Comparison, Group
from xiaobao_desktop.services import attachments, records, reporting
from xiaobao_desktop.services.report_kind import Request
from xiaobao_desktop.services.report_suggestions import (
    Findings,
    Leading,
    most_frequent,
    most_risen,
    suggest,
    suggestions,
)
from xiaobao_desktop.services.session import Session

OUTREACH = ledger("outreach")
OCTOBER = month(2026, 10)
REQUEST = Request(OCTOBER, date(2026, 10, 31))


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    opened = new_book(tmp_path / "book")
    yield opened
    opened.close()


def compared(name: str, now: int, before: int) -> Comparison:
    return Comparison(name, Group(name, tuple(range(now))), before, 0, 0)


def told(found: Findings) -> dict[str, str]:
    return {item.id: item.text for item in suggest(found, 2)}


def test_the_largest_rise_is_found() -> None:
    items = [compared("贷款", 5, 4), compared("银行卡", 6, 2), compared("支付", 0, 3), compared("未填写", 9, 0)]
    assert most_risen(items) == Leading(("银行卡",), 4, 6, 2)
    assert most_risen([compared("贷款", 2, 2), compared("未填写", 9, 0)]) is None
    assert most_risen([]) is None
    assert most_risen([compared(str(place), 1, 0) for place in range(4)]) is None, "four firsts say nothing"
    found = most_frequent([compared("因服务态度及质量引起的投诉", 3, 0), compared("乙", 3, 0), compared("丙", 1, 0)])
    assert found is not None
    assert found.names == ("服务态度及质量", "乙")


def test_the_prose_is_right_with_none_one_and_many() -> None:
    assert told(Findings(OCTOBER)) == {}
    one = told(
        Findings(OCTOBER, 3, Leading(("银行卡",), 4, 6, 2), None, Leading(("服务态度",), 2), 1, ("新入职人员",), 1, 1)
    )
    assert one["risen_category"] == "与上月相比，业务类别为银行卡的投诉增加最多，由2件增加到6件，增加4件。"
    assert one["most_cause"] == "本月投诉原因最集中的是服务态度，2件，占比66.67%。"
    assert one["overdue_step"] == "对超期未办结的1件投诉专人督办，尽快作出处理决定并告知投诉人。"
    assert one["uncovered_step"] == "组织新入职人员参加消费者权益保护专题培训，确保年内全部覆盖。"
    assert one["unpictured"] == "本月开展的1次宣传教育活动没有留存现场照片，活动资料归档不完整。"
    many = told(
        Findings(
            parse_period("2026"), 9, Leading(("贷款", "支付"), 2), Leading(("收费",), 1, 1), None, 2, ("甲", "乙"), 5, 5
        )
    )
    assert many["risen_category"] == "与上年相比，业务类别为贷款、支付的投诉增加最多，各增加2件。"
    assert many["risen_cause"] == "与上年相比，投诉原因为收费的投诉增加最多，由0件增加到1件。"
    assert many["overdue"] == "2件投诉超过期限仍未办结，办理时效需要加强。"
    assert many["uncovered_step"] == "分别组织甲、乙参加消费者权益保护专题培训，确保年内全部覆盖。"
    assert many["unpictured"] == "本年开展的5次宣传教育活动均没有留存现场照片，活动资料归档不完整。"
    some = told(Findings(parse_period("2026Q3"), 0, events=5, unpictured=2))
    assert some["unpictured"] == "本季度开展的5次宣传教育活动中，2次没有留存现场照片，活动资料归档不完整。"
    for text in (*one.values(), *many.values(), *some.values()):
        assert "。。" not in text
        assert "，。" not in text
        assert " " not in text


def test_a_real_book_is_read(session: Session, tmp_path: Path) -> None:
    for received, category in (("2026-10-05", "B.01"), ("2026-10-12", "B.01"), ("2026-09-20", "B.02")):
        records.save(session, COMPLAINT, a_complaint(received, category=category, cause="C.01"))
    for day, with_photo in (("2026-10-10", True), ("2026-10-11", False), ("2026-09-01", False)):
        event = records.save(
            session, OUTREACH, Record({**OUTREACH.defaults(), "held_on": day, "name": "进社区"})
        ).record
        if with_photo:
            Image.new("RGB", (40, 30), "green").save(tmp_path / "a.jpg")
            attachments.add(session, OUTREACH, event.id or 0, "photo", tmp_path / "a.jpg")
    monthly = {item.id: item for item in suggestions(session, reporting.kind("monthly"), REQUEST)}
    name = session.rules.catalog.tree("B").label("B.01")
    assert f"{name}的投诉增加最多，由0件增加到2件" in monthly["risen_category"].text
    assert "2次宣传教育活动中，1次没有留存现场照片" in monthly["unpictured"].text
    assert monthly["unpictured_step"].section == "next_steps"
    assert "高级管理人员" in monthly["uncovered"].text
    sections = [item.section for item in monthly.values()]
    assert sections == sorted(sections, key=("problems", "next_steps").index), "in the order of the report"
    later = Request(OCTOBER, date(2026, 10, 31))
    analysis = suggestions(session, reporting.kind("complaint-analysis"), Request(parse_period("2026"), later.as_of))
    assert {item.section for item in analysis} == {"next_steps"}, "it has no section for problems"
    assert all("培训" not in item.text and "宣传" not in item.text for item in analysis)
    training = {item.id for item in suggestions(session, reporting.kind("training"), REQUEST)}
    assert training == {"uncovered", "uncovered_step"}
    assert suggestions(session, reporting.kind("ledger"), REQUEST) == ()
