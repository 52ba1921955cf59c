"""Importing real files into a real book: what comes in, what is refused, what a second time adds, what faults leave."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest

from tests.services.support import (
    COMPLAINT,
    KEY,
    LEDGER_FILE,
    Clock,
    a_complaint,
    add_branch,
    filed_rows,
    imported,
    new_book,
    planned,
    sheet,
)
from xiaobao_desktop.domain.fields import Record
from xiaobao_desktop.domain.ledgers import ledger
from xiaobao_desktop.errors import UserError
from xiaobao_desktop.exchange.mapping import MappingUnknownColumn, MappingUnknownField
from xiaobao_desktop.services import importing, listing, records
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.query import Condition, Query

HEADS = ("收到日期", "投诉来源", "投诉人", "联系电话", "被投诉机构", "业务类别", "投诉内容")
GOOD = ("2026-10-08", "来电", "刘秀兰", "13907991234", "城关支行", "贷款", "利息算错了")


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    opened = new_book(tmp_path / "book")
    yield opened
    opened.close()


def one(session: Session) -> Record:
    """The only complaint in the book."""
    (record_id,) = listing.ids(session, COMPLAINT, Query())
    return records.get(session, COMPLAINT, record_id)


def test_the_real_ledger_comes_in_whole_and_exactly_three_rows_are_refused(session: Session) -> None:
    plan, result = imported(session)
    outcome = importing.as_json(plan, result)
    assert (outcome["read"], outcome["imported"], outcome["duplicates"]) == (140, KEY["records"], [])
    refused = outcome["rejected"]
    assert isinstance(refused, list)
    assert [(item["row"], item["column"], item["value"]) for item in refused] == [
        (144, "收到日期", "2026.2.30"),
        (145, "收到日期", ""),
        (146, "办结日期", "2026.4.1"),
    ]
    assert [item["row"] for item in refused] == [item["row"] for item in KEY["rejected"]]
    assert ["不是日期" in refused[0]["reason"], "请填写" in refused[1]["reason"], "早于收到日" in refused[2]["reason"]]
    assert list(result.numbers) == [row.number for row in plan.rows]
    assert result.numbers[5] == "TS-2025-0001"
    assert "导入 137 行，重复 0 行，不能导入 3 行" in importing.as_text(plan, result)


def test_every_cell_of_the_real_ledger_stands_in_the_book(session: Session) -> None:
    imported(session)
    keys = {
        "收到日期": "received_on",
        "投诉来源": "source",
        "投诉人": "complainant",
        "联系电话": "phone",
        "身份证号": "id_number",
        "被投诉机构": "branch",
        "业务小类": "category",
        "投诉原因": "cause",
        "投诉内容": "content",
        "办结日期": "closed_on",
        "处理结果": "decision",
        "满意度": "satisfaction",
    }
    ids = listing.ids(session, COMPLAINT, Query(order=(("id", False),)))
    found = listing.rows(session, COMPLAINT, ids, tuple(keys.values()))
    wanted = filed_rows()
    assert len(found) == len(wanted) == KEY["records"]
    for filed, row in zip(wanted, found, strict=True):
        for head, key in keys.items():
            cell = filed[head]
            text = cell.isoformat() if isinstance(cell, date) else str(cell or "").strip()
            assert listing.display(session, COMPLAINT.field(key), row[key], masked=False) == text, (filed["序号"], head)


def test_a_dry_run_writes_nothing(session: Session) -> None:
    anchor = session.book.anchor()
    plan = planned(session)
    assert len(plan.rows) == KEY["records"]
    assert importing.as_json(plan, None)["dry_run"] is True
    assert "可导入 137 行" in importing.as_text(plan, None)
    assert session.book.anchor() == anchor
    assert listing.count(session, ledger("branch"), Query()) == 0


def test_the_same_file_again_adds_nothing(session: Session, tmp_path: Path) -> None:
    _plan, first = imported(session)
    anchor = session.book.anchor()
    copy = shutil.copy(LEDGER_FILE, tmp_path / "改了名.xlsx")
    plan, result = imported(session, Path(copy))
    outcome = importing.as_json(plan, result)
    assert outcome["imported"] == 0
    assert outcome["duplicates"] == [{"row": row, "of": number} for row, number in first.numbers.items()]
    assert len(plan.rejected_rows) == 3
    assert session.book.anchor() == anchor


def test_a_later_version_brings_only_its_new_rows_and_spares_what_was_edited(session: Session, tmp_path: Path) -> None:
    heads = ("序号", *HEADS)
    other = ("2026.10.9", "来访", "王五", "", "河东支行", "", "态度")
    first = sheet(tmp_path / "九月.xlsx", heads, (1, *GOOD), (2, *other))
    imported(session, first)
    records.save(session, COMPLAINT, Record({"content": "改过的"}, {}, one_by(session, "刘秀兰").id))
    edited = one_by(session, "刘秀兰")
    assert (edited.values["content"], edited.values["received_on"]) == ("改过的", "2026-10-08")
    # Columns the other way round, running numbers shifted, a blank column more, one row more.
    rows = [
        (7, "2026-10-11", "来电", "赵六", "", "城关支行", "银行卡", "年费"),
        (8, *GOOD),
        (9, "2026.10.9", "来访", "王五", None, "河东支行", None, "态度"),
    ]
    later = sheet(tmp_path / "十月.xlsx", (*heads[::-1], "备注"), *[(*row[::-1], None) for row in rows])
    plan, result = imported(session, later)
    assert result.numbers == {2: "TS-2026-0003"}
    assert plan.repeats == {3: "TS-2026-0001", 4: "TS-2026-0002"}
    assert one_by(session, "刘秀兰") == edited
    assert listing.count(session, COMPLAINT, Query()) == 3


def one_by(session: Session, name: str) -> Record:
    (record_id,) = listing.ids(session, COMPLAINT, Query(where=(Condition("complainant", "eq", (name,)),)))
    return records.get(session, COMPLAINT, record_id)


def test_equal_rows_of_one_file_come_in_once(session: Session, tmp_path: Path) -> None:
    alike = (*GOOD[:-1], "利息算错了，第二次来电")
    file = sheet(tmp_path / "a.xlsx", ("序号", *HEADS), (1, *GOOD), (2, *GOOD), (3, *alike))
    plan = planned(session, file)
    assert importing.as_json(plan, None)["duplicates"] == [{"row": 3, "of": "第2行"}]
    result = importing.carry_out(session, plan, file=file.name)
    assert importing.as_json(plan, result)["duplicates"] == [{"row": 3, "of": "TS-2026-0001"}]
    assert listing.count(session, COMPLAINT, Query()) == 2


def test_unknown_choices_are_added_emptied_or_refused(session: Session, tmp_path: Path) -> None:
    row = ("2026-10-08", "行长信箱", "刘秀兰", "13907991234", "新街支行", "贷款", "某事")
    file = sheet(tmp_path / "a.xlsx", (*HEADS, "特殊群体"), (*row, "老年人、渔民"))
    refused = planned(session, file, unknown="reject")
    assert {(item.column, item.value) for item in refused.rejected} == {
        ("投诉来源", "行长信箱"),
        ("被投诉机构", "新街支行"),
        ("特殊群体", "渔民"),
    }
    assert refused.rows == ()
    emptied = planned(session, file, unknown="empty")
    values = emptied.rows[0].record.values
    assert (values.get("source"), values.get("branch"), values.get("special_groups")) == (None, None, ("elderly",))
    assert "有 3 个不认识的选项留空了" in emptied.warnings
    plan, _result = imported(session, file)
    assert {(new.options, new.name) for new in plan.new_names} == {
        ("source", "行长信箱"),
        ("branch", "新街支行"),
        ("special_group", "渔民"),
    }
    record = one(session)

    def shown(key: str) -> str:
        return listing.display(session, COMPLAINT.field(key), record.values[key])

    assert (shown("source"), shown("branch"), shown("special_groups")) == ("行长信箱", "新街支行", "老年人、渔民")
    # What was added is known from now on, and found by its words.
    assert planned(session, sheet(tmp_path / "b.xlsx", HEADS, ("2026-10-09", *row[1:]))).new_names == ()
    assert listing.ids(session, COMPLAINT, Query(search="行长信箱")) == [record.id]


def test_unknown_codes_become_the_banks_own_below_what_is_known(session: Session, tmp_path: Path) -> None:
    heads = (*HEADS[:5], "业务类别", "业务小类", "投诉内容")
    file = sheet(
        tmp_path / "a.xlsx",
        heads,
        (*GOOD[:5], "贷款", "惠农贷", "一"),
        (*GOOD[:5], "惠民业务", "惠民卡", "二"),
        (*GOOD[:5], "惠民业务", None, "三"),
    )
    add_branch(session, "城关支行")
    refused = planned(session, file, unknown="reject")
    assert [(item.row, item.column, item.value) for item in refused.rejected] == [
        (2, "业务小类", "惠农贷"),
        (3, "业务类别", "惠民业务"),
        (3, "业务小类", "惠民卡"),
        (4, "业务类别", "惠民业务"),
    ]
    imported(session, file)
    tree = session.rules.catalog.tree("B")

    def path_of(content: str) -> list[str]:
        (record_id,) = listing.ids(session, COMPLAINT, Query(where=(Condition("content", "eq", (content,)),)))
        code = records.get(session, COMPLAINT, record_id).values["category"]
        return [node.name for node in tree.path(str(code))]

    assert path_of("一") == ["贷款", "惠农贷"]
    assert path_of("二") == ["惠民业务", "惠民卡"]
    assert path_of("三") == ["惠民业务"]
    # Known now: importing the like adds no second entry.
    again = planned(session, sheet(tmp_path / "b.xlsx", heads, ("2026-10-10", *GOOD[1:5], "惠民业务", "惠民卡", "四")))
    assert again.new_names == ()


def test_names_of_refused_rows_are_not_added(session: Session, tmp_path: Path) -> None:
    file = sheet(tmp_path / "a.xlsx", HEADS, ("2026-02-30", "行长信箱", "刘", "", "新街支行", "惠民业务", "某事"), GOOD)
    plan, _result = imported(session, file)
    assert {new.name for new in plan.new_names} == {"城关支行"}
    assert [row["name"] for row in listing.rows(session, ledger("branch"), [1], ("name",))] == ["城关支行"]
    assert session.book.own_choices() == []


def test_a_complaint_is_never_made_from_a_name_in_a_link_column(session: Session, tmp_path: Path) -> None:
    first = records.save(session, COMPLAINT, a_complaint()).record
    into = (first.number, "TS-2020-0099", "刘秀兰")
    file = sheet(tmp_path / "a.xlsx", (*HEADS, "并入"), *[(*GOOD, name) for name in into])
    plan, _result = imported(session, file)
    assert [(item.row, item.column, item.value) for item in plan.rejected] == [
        (3, "并入", "TS-2020-0099"),
        (4, "并入", "刘秀兰"),
    ]
    assert listing.count(session, COMPLAINT, Query()) == 2
    assert records.get(session, COMPLAINT, 2).values["merged_into"] == first.id


def test_branches_are_known_by_short_name_and_number(session: Session, tmp_path: Path) -> None:
    wanted = add_branch(session, "某某农商行城关支行", short_name="城关支行")
    rows = (GOOD, (*GOOD[:4], "JG-2026-0001", *GOOD[5:]), (*GOOD[:4], "某某农商行 城关支行", *GOOD[5:]))
    plan = planned(session, sheet(tmp_path / "a.xlsx", HEADS, *rows))
    assert plan.new_names == ()
    assert [row.record.values["branch"] for row in plan.rows] == [wanted] * 3


def test_hidden_rows_come_in_with_a_warning(session: Session, tmp_path: Path) -> None:
    import openpyxl

    file = sheet(tmp_path / "a.xlsx", HEADS, GOOD, ("2026-10-09", *GOOD[1:]))
    book = openpyxl.load_workbook(file)
    book.active.row_dimensions[3].hidden = True
    book.save(file)
    plan, result = imported(session, file)
    assert len(result.numbers) == 2
    assert "有 1 行在表里是隐藏的，也会导入：第 3 行" in plan.warnings


def test_ten_thousands_and_columns_without_a_place(session: Session, tmp_path: Path) -> None:
    heads = (*HEADS, "涉及金额（万元）", "客户经理工号", "空列")
    imported(session, sheet(tmp_path / "a.xlsx", heads, (*GOOD, 12.5, 80123, None)))
    record = one(session)
    assert record.values["amount"] == 12_500_000  # fen: 125,000 yuan
    assert record.values["remark"] == "客户经理工号：80123"


def test_odd_values_come_in_and_are_named(session: Session, tmp_path: Path) -> None:
    heads = (*HEADS[:4], "身份证号", *HEADS[4:])
    rows = [
        (*GOOD[:3], "1390799123", "", *GOOD[4:]),
        ("2026-10-09", *GOOD[1:4], "410121200211074853", *GOOD[4:]),
    ]
    plan, result = imported(session, sheet(tmp_path / "a.xlsx", heads, *rows))
    assert len(result.numbers) == 2
    assert plan.warnings == ("有 2 行的联系电话、证件号看起来不对，照原样导入，可在台账里核对",)


def test_refused_rows_are_mended_in_their_file_and_brought_in(session: Session, tmp_path: Path) -> None:
    import openpyxl

    plan, _result = imported(session)
    rejects = tmp_path / "不能导入的行.xlsx"
    importing.write_rejects(session, plan, rejects)
    page = openpyxl.load_workbook(rejects).active
    heads = [cell.value for cell in page[1]]
    assert heads == [*plan.table.headers, "原行号", "不能导入的原因"]
    rows = [dict(zip(heads, row, strict=True)) for row in page.iter_rows(min_row=2, values_only=True)]
    assert [row["原行号"] for row in rows] == ["144", "145", "146"]
    assert [row["投诉人"] for row in rows] == ["测试甲", "测试乙", "测试丙"]
    assert "早于收到日" in rows[2]["不能导入的原因"]

    # As it is, it is refused again, and the new file names the same columns once.
    again = planned(session, rejects)
    assert len(again.rejected_rows) == 3
    importing.write_rejects(session, again, tmp_path / "again.xlsx")
    second = openpyxl.load_workbook(tmp_path / "again.xlsx").active
    assert [cell.value for cell in second[1]] == heads
    assert [row[heads.index("原行号")] for row in second.iter_rows(min_row=2, values_only=True)] == ["2", "3", "4"]

    book = openpyxl.load_workbook(tmp_path / "again.xlsx")
    for row, column, text in ((2, "收到日期", "2026.2.28"), (3, "收到日期", "2026-05-05"), (4, "办结日期", "2026.6.1")):
        book.active.cell(row, heads.index(column) + 1).value = text
    book.save(tmp_path / "mended.xlsx")
    mended, result = imported(session, tmp_path / "mended.xlsx")
    assert (mended.rejected, len(result.numbers)) == ((), 3)
    assert [one_by(session, name).values["received_on"] for name in ("测试甲", "测试乙", "测试丙")] == [
        "2026-02-28",
        "2026-05-05",
        "2026-05-06",
    ]
    # The notes of the first import are no part of the record, and the mended file brings nothing twice.
    assert one_by(session, "测试甲").values.get("remark") is None
    assert planned(session, tmp_path / "mended.xlsx").rows == ()
    assert listing.count(session, COMPLAINT, Query()) == KEY["records"] + 3


def test_the_named_mapping_wins(session: Session, tmp_path: Path) -> None:
    file = sheet(tmp_path / "a.xlsx", ("哪天", "投诉来源", "投诉内容"), ("2026-10-08", "来电", "某事"))
    with pytest.raises(importing.RequiredColumnMissing, match="收到日期"):
        planned(session, file)
    named = tmp_path / "对应.json"
    named.write_text(json.dumps({"哪天": "received_on", "投诉来源": None}, ensure_ascii=False), encoding="utf-8-sig")
    imported(session, file, named=importing.read_mapping_file(named))
    record = one(session)
    assert record.values["received_on"] == "2026-10-08"
    assert record.values.get("source") is None
    assert record.values.get("remark") is None
    with pytest.raises(MappingUnknownField, match="colour"):
        planned(session, file, named={"哪天": "colour"})
    with pytest.raises(MappingUnknownColumn, match="哪天、投诉来源、投诉内容"):
        planned(session, file, named={"何时": "received_on"})


@pytest.mark.parametrize("content", ["[1]", '{"a": 1}', "{", "\ufeff"])
def test_a_mapping_file_that_is_none_is_named(tmp_path: Path, content: str) -> None:
    file = tmp_path / "对应.json"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(importing.MappingFileUnreadable, match=r"对应\.json"):
        importing.read_mapping_file(file)
    with pytest.raises(importing.MappingFileUnreadable):
        importing.read_mapping_file(tmp_path / "没有.json")


def test_each_imported_record_has_its_history(session: Session) -> None:
    imported(session)
    (entry,) = records.history(session, COMPLAINT, 1)
    assert entry.operation == "导入投诉 137 件（complaint-ledger.xlsx）"
    assert ("投诉人", "", "杨**") in {(line.label, line.old, line.new) for line in entry.lines}


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on file sizes")
def test_when_the_disk_fails_midway_nothing_at_all_is_kept(session: Session) -> None:
    import resource

    plan = planned(session)
    anchor = session.book.anchor()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    # The log that the rows are written to first may not grow as far as they need.
    resource.setrlimit(resource.RLIMIT_FSIZE, (100 * 1024, limits[1]))
    try:
        with pytest.raises(UserError, match="这一步没有保存"):
            importing.carry_out(session, plan)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert session.book.anchor() == anchor
    assert listing.count(session, COMPLAINT, Query()) == 0
    assert listing.count(session, ledger("branch"), Query()) == 0
    assert session.link_names("branch") == {}
    # The book goes on working, and the same plan can be carried out.
    assert len(importing.carry_out(session, plan).numbers) == KEY["records"]
    assert all(finding.ok for finding in session.book.verify())


def test_a_plan_is_refused_when_the_book_is_closed(tmp_path: Path) -> None:
    session = new_book(tmp_path / "closed", Clock(datetime(2026, 11, 3, 9).astimezone()))
    plan = planned(session)
    session.close()
    with pytest.raises(Exception, match=r"closed|关"):
        importing.carry_out(session, plan)
