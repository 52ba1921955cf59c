"""Blocks copied in WPS, pasted into a list: Chinese dates, several choices, cells of several lines, ids as text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services.support import COMPLAINT, new_book
from xiaobao_desktop.domain.fields import Record
from xiaobao_desktop.services import importing, listing, pasting, records
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.query import Query

HEADS = ("收到日期", "投诉来源", "投诉人", "联系电话", "证件号", "特殊群体", "投诉内容", "涉及金额")
FIRST = (
    "2026年10月20日",
    "来电",
    "钱多多",
    "０１３９07991111",
    "11010119900307803X",
    "老年人、残疾人",
    '"年费未告知，\n要求""退还"""',
    "1,234.50",
)
SECOND = ("46314", "来访", "孙某", "13907992222", "", "", "第二件", "")


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    opened = new_book(tmp_path / "book")
    yield opened
    opened.close()


def pasted(session: Session, text: str, html: str = "") -> list[Record]:
    _source, table = pasting.recognise(COMPLAINT, text, html, [])
    plan = importing.plan(session, COMPLAINT, table, importing.propose(COMPLAINT, table))
    assert plan.rejected == ()
    importing.carry_out(session, plan, file=pasting.NAME)
    ids = listing.ids(session, COMPLAINT, Query(order=(("number", False),)))
    return [records.get(session, COMPLAINT, one) for one in ids]


def test_a_block_is_read_by_the_rules_of_an_import(session: Session) -> None:
    first, second = pasted(session, "\n".join("\t".join(line) for line in (HEADS, FIRST, SECOND)))
    values = first.values
    assert (values["received_on"], second.values["received_on"]) == ("2026-10-20", "2026-10-19")
    assert (values["source"], second.values["source"]) == ("call", "visit")
    assert values["id_number"] == "11010119900307803X"
    assert values["content"] == '年费未告知，\n要求"退还"'
    assert values["amount"] == 123_450
    groups = COMPLAINT.field("special_groups")
    assert listing.display(session, groups, values["special_groups"]) == "老年人、残障人士"


def test_the_same_block_again_adds_nothing(session: Session) -> None:
    text = "\n".join("\t".join(line) for line in (HEADS, FIRST))
    assert len(pasted(session, text)) == len(pasted(session, text)) == 1


def test_lines_inside_a_cell_of_copied_html_stay_one_cell(session: Session) -> None:
    cells = "".join(f"<td>{cell}</td>" for cell in ("2026年10月20日", "来电", "甲<br>乙", "410122198401134795"))
    heads = "".join(f"<td>{head}</td>" for head in ("收到日期", "投诉来源", "投诉内容", "证件号"))
    (record,) = pasted(session, "一块", f"<html><table><tr>{heads}</tr><tr>{cells}</tr></table></html>")
    assert (record.values["content"], record.values["id_number"]) == ("甲\n乙", "410122198401134795")
