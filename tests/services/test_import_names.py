"""Old names in a source stand for an entry of the tree, a list or a branch: said once, kept, offered next month."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services.support import COMPLAINT, add_branch, imported, new_book, planned, sheet
from xiaobao_desktop.domain.ledgers import ledger
from xiaobao_desktop.services import import_names, importing, listing, records
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.query import Query

HEADS = ("收到日期", "投诉来源", "被投诉机构", "业务类别", "投诉内容")
MARCH = ("2026-03-02", "来电", "老城分理处", "存折类", "打印不出")
APRIL = (
    ("2026-04-02", "来电", "老城分理处", "存 折 类", "又打印不出"),
    ("2026-04-03", "来电", "老城分理处", "其他老类", "等候"),
)


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    opened = new_book(tmp_path / "book")
    yield opened
    opened.close()


def categories(session: Session) -> list[str]:
    ids = listing.ids(session, COMPLAINT, Query(order=(("number", False),)))
    return [str(records.get(session, COMPLAINT, one).values["category"]) for one in ids]


def test_what_was_said_of_a_name_is_offered_for_the_next_file_of_the_same_headers(
    session: Session, tmp_path: Path
) -> None:
    branch = add_branch(session, "城关支行")
    first = sheet(tmp_path / "三月.csv", HEADS, MARCH)
    plan = planned(session, first)
    assert {(item.field, item.name, item.rows, item.target) for item in plan.unknown} == {
        ("branch", "老城分理处", 1, None),
        ("category", "存折类", 1, None),
    }
    import_names.tell(session, COMPLAINT, plan.table, "category", "存折类", "B.02")
    import_names.tell(session, COMPLAINT, plan.table, "branch", "老城分理处", branch)
    imported(session, first)
    assert categories(session) == ["B.02"]
    assert listing.count(session, ledger("branch"), Query()) == 1

    later = planned(session, sheet(tmp_path / "四月.csv", tuple(reversed(HEADS)), *(row[::-1] for row in APRIL)))
    told = {(item.field, item.name): (item.rows, item.target) for item in later.unknown}
    assert told == {
        ("branch", "老城分理处"): (2, branch),
        ("category", "存 折 类"): (1, "B.02"),
        ("category", "其他老类"): (1, None),
    }
    assert [new.name for new in later.new_names] == ["其他老类"]
    importing.carry_out(session, later)
    assert categories(session)[:2] == ["B.02", "B.02"]
    found = records.get(session, COMPLAINT, listing.ids(session, COMPLAINT, Query())[0])
    assert found.values["branch"] == branch


def test_other_headers_are_another_source_and_mended_rows_the_same_one(session: Session, tmp_path: Path) -> None:
    plan = planned(session, sheet(tmp_path / "三月.csv", HEADS, MARCH))
    import_names.tell(session, COMPLAINT, plan.table, "category", "存折类", "B.02")
    other = planned(session, sheet(tmp_path / "别的.csv", (*HEADS, "投诉人"), (*MARCH, "张三")))
    assert [item.target for item in other.unknown if item.field == "category"] == [None]
    mended = sheet(tmp_path / "改.csv", (*HEADS, "原行号", "不能导入的原因"), (*MARCH, "7", "日期"))
    assert [item.target for item in planned(session, mended).unknown if item.field == "category"] == ["B.02"]


def test_what_was_said_can_be_forgotten(session: Session, tmp_path: Path) -> None:
    file = sheet(tmp_path / "三月.csv", HEADS, MARCH)
    table = planned(session, file).table
    import_names.tell(session, COMPLAINT, table, "category", "存折类", "B.02")
    assert import_names.tell(session, COMPLAINT, table, "category", "存折类", None) == {}
    assert [item.target for item in planned(session, file).unknown if item.field == "category"] == [None]


def test_what_stands_for_nothing_any_more_is_not_offered(session: Session, tmp_path: Path) -> None:
    branch = add_branch(session, "城关支行")
    file = sheet(tmp_path / "三月.csv", HEADS, MARCH)
    table = planned(session, file).table
    import_names.tell(session, COMPLAINT, table, "branch", "老城分理处", branch)
    import_names.tell(session, COMPLAINT, table, "category", "存折类", "B.没有")
    records.delete(session, ledger("branch"), branch)
    assert import_names.told(session, COMPLAINT, table) == {}


def test_a_name_that_was_told_is_not_rejected_where_unknown_ones_are(session: Session, tmp_path: Path) -> None:
    add_branch(session, "老城分理处")
    file = sheet(tmp_path / "三月.csv", HEADS, MARCH)
    assert planned(session, file, unknown="reject").rejected
    import_names.tell(session, COMPLAINT, planned(session, file).table, "category", "存折类", "B.02")
    plan = planned(session, file, unknown="reject")
    assert (plan.rejected, len(plan.rows)) == ((), 1)
