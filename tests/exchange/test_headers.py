from __future__ import annotations

import json
from pathlib import Path

import pytest

from xiaobao_desktop.domain.dates import read_date
from xiaobao_desktop.exchange.errors import HeaderNotFound
from xiaobao_desktop.exchange.headers import find_table, find_tables
from xiaobao_desktop.exchange.readers import read_workbook
from xiaobao_desktop.exchange.sheets import Cell, MergedRange, Sheet, Workbook, split_range
from xiaobao_desktop.exchange.tables import RawTable, SkippedRow

DATA = Path(__file__).parents[1] / "data"


def sheet(
    rows: dict[int, list[Cell]],
    merges: tuple[str, ...] = (),
    hidden_rows: tuple[int, ...] = (),
    hidden_columns: tuple[int, ...] = (),
) -> Sheet:
    return Sheet(
        name="表",
        rows=list(rows.values()),
        row_numbers=list(rows),
        merged=tuple(split_range(merge) for merge in merges),
        hidden_rows=frozenset(hidden_rows),
        hidden_columns=frozenset(hidden_columns),
    )


@pytest.fixture(scope="module")
def ledger() -> RawTable:
    return find_table(read_workbook(DATA / "complaint-ledger.xlsx").sheets[0])


def test_ledger_header(ledger: RawTable) -> None:
    assert ledger.header_rows == (3, 4)
    assert ledger.headers == [
        "序号", "收到日期", "投诉来源", "投诉人", "联系电话", "身份证号", "被投诉机构", "业务类别",
        "业务小类", "投诉原因", "投诉内容", "办结日期", "处理结果", "是否办结", "满意度", "备注",
    ]  # fmt: skip
    assert ledger.groups == ["基本情况"] * 7 + ["投诉内容"] * 4 + ["处理情况"] * 3 + ["回访", ""]
    assert ledger.columns == list(range(1, 17))


def test_ledger_rows(ledger: RawTable) -> None:
    assert len(ledger.rows) == 140
    assert [row.cells[0] for row in ledger.rows] == list(range(1, 141))
    assert [row.number for row in ledger.rows] == [*range(5, 45), *range(46, 96), *range(97, 147)]
    assert ledger.skipped == [SkippedRow(147, "合计行"), SkippedRow(149, "签字行")]
    assert {row.cells[3] for row in ledger.rows} >= {"董春䶮", "郑玉𬱖"}
    assert all(len(row.cells) == 16 for row in ledger.rows)
    assert ledger.warnings == []


def test_every_date_of_the_ledger_reads_as_the_key_says(ledger: RawTable) -> None:
    key = json.loads((DATA / "complaint-ledger.key.json").read_text(encoding="utf-8"))
    received = {row.number: read_date(row.cells[1]) for row in ledger.rows}
    closed = {row.number: read_date(row.cells[11]) for row in ledger.rows}
    assert received[144].problem == "“2026.2.30”不是日期：2月没有30日"
    assert received[145].is_empty
    rejected = {item["row"] for item in key["rejected"]}
    good = {number: read.value for number, read in received.items() if number not in rejected}
    months: dict[str, int] = {}
    for day in good.values():
        assert day is not None
        months[f"{day:%Y-%m}"] = months.get(f"{day:%Y-%m}", 0) + 1
    assert months == key["by_month"]
    days = [end.value - good[number] for number, end in closed.items() if number in good and end.value]  # type: ignore[operator]
    assert len(days) == key["closed"]
    assert sum(day.days <= 15 for day in days) == key["days_to_close"]["<=15"]
    assert not any(read.question for read in [*received.values(), *closed.values()])


def test_titles_and_lines_above_are_no_header() -> None:
    table = find_table(
        sheet(
            {
                2: ["消费投诉登记台账"],
                3: ["填报部门：合规部", None, "填报人：周敏", "单位：件"],
                5: ["序号", "投诉人", "联系电话", "办结\n日期"],
                6: [1, "张三", 13800000001, "2026.3.5"],
            }
        )
    )
    assert table.header_rows == (5,)
    assert table.headers == ["序号", "投诉人", "联系电话", "办结日期"]
    assert table.groups == [""] * 4


def test_groups_above_vertically_merged_names() -> None:
    table = find_table(
        sheet(
            {
                1: ["序号", "投诉人信息", None, "回访", "备注"],
                2: [None, "姓 名", "电话", "满意度"],
                3: [1, "张三", "138", "满意", None],
            },
            ("A1:A2", "B1:C1", "E1:E2"),
        )
    )
    assert table.headers == ["序号", "姓名", "电话", "满意度", "备注"]
    assert table.groups == ["", "投诉人信息", "投诉人信息", "回访", ""]


def test_groups_without_any_merge() -> None:
    table = find_table(
        sheet(
            {
                1: ["投诉人", None, "被投诉人", None, None],
                2: ["姓名", "电话", "姓名", "电话", "部门"],
                3: ["张三", "138", "李四", "139", "营业部"],
            }
        )
    )
    assert table.headers == ["投诉人/姓名", "投诉人/电话", "被投诉人/姓名", "被投诉人/电话", "部门"]


def test_one_level_header_above_short_rows_of_words() -> None:
    table = find_table(sheet({1: ["姓名", "部门"], 2: ["张三", "营业部"], 3: ["李四"]}))
    assert (table.header_rows, [row.number for row in table.rows]) == ((1,), [2, 3])


def test_equal_and_missing_names() -> None:
    table = find_table(sheet({1: ["备注", "备注", "备注2", None, "日期"], 2: ["a", "b", "c", "d", "2026.1.1"]}))
    assert table.headers == ["备注", "备注3", "备注2", "第D列", "日期"]
    assert "D 列没有名称" in table.warnings[0]


def test_empty_columns_between_are_dropped() -> None:
    table = find_table(sheet({1: ["甲", None, "乙"], 2: ["1", None, "2"]}))
    assert (table.headers, table.columns, table.rows[0].cells) == (["甲", "乙"], [1, 3], ("1", "2"))


def test_a_name_merged_over_two_columns_names_both() -> None:
    table = find_table(sheet({1: ["甲", "乙", None], 2: ["1", "2", "3"]}, ("B1:C1",)))
    assert table.headers == ["甲", "乙", "乙2"]


def test_merged_cells_fill_down_and_no_further() -> None:
    table = find_table(
        sheet(
            {
                1: ["日期", "网点", "件数"],
                2: ["2026.3.5", "城关", 1],
                3: [None, None, 2],
                4: [None, "河东", 3],
                5: [None, "河东", 4],
            },
            ("A2:A4", "B2:B3"),
        )
    )
    assert [row.cells for row in table.rows] == [
        ("2026.3.5", "城关", 1), ("2026.3.5", "城关", 2), ("2026.3.5", "河东", 3), (None, "河东", 4),
    ]  # fmt: skip


def test_rows_that_are_no_records() -> None:
    header: list[Cell] = ["序号", "投诉人", "联系电话", "投诉内容"]
    table = find_table(
        sheet(
            {
                1: header,
                2: ["示例", "张某某", "138", "这样填"],
                3: [1, "合计", "138", "姓合名计也是一条"],
                4: ["本页小计", None, 2],
                5: header,
                6: [2, "李四", "139", "审核人：这里是正文"],
                7: [None, "合 计：", "2件"],
                8: ["备注：本表每月 5 日前报送"],
                9: ["制表人：周敏", None, "审核人：", "日期："],
                10: ["以上由各网点填写"],
            }
        )
    )
    assert [row.number for row in table.rows] == [3, 6]
    assert table.skipped == [
        (2, "示例行"), (4, "合计行"), (5, "重复的表头"), (7, "合计行"), (8, "说明行"), (9, "签字行"), (10, "表尾说明"),
    ]  # fmt: skip


def test_narrow_tables_keep_their_short_rows() -> None:
    table = find_table(sheet({1: ["姓名", "备注"], 2: ["张三"], 3: ["李四"]}))
    assert len(table.rows) == 2


def test_hidden_rows_and_columns_are_read_and_told() -> None:
    table = find_table(sheet({1: ["甲", "乙"], 2: ["1", "2"], 3: ["3", "4"]}, hidden_rows=(3,), hidden_columns=(2, 9)))
    assert [row.hidden for row in table.rows] == [False, True]
    assert table.hidden_headers == ["乙"]
    assert table.warnings == ["有 1 行是隐藏的（第 3 行），也会读入", "有 1 列是隐藏的：乙"]


def test_known_names_decide_a_doubtful_header() -> None:
    rows: dict[int, list[Cell]] = {
        1: ["甲栏", "乙栏", "丙栏", "丁栏"],
        2: ["收到日期", "投诉人", None, None],
        3: ["2026.3.5", "张三", None, None],
    }
    assert find_table(sheet(rows)).header_rows == (1,)
    assert find_table(sheet(rows), known={"收到日期", "投诉人"}).header_rows == (2,)


@pytest.mark.parametrize(
    "rows",
    [{}, {1: [1, 2], 2: [3, 4]}, {1: ["2026-01-01", "138"]}, {1: ["标题"], 2: [1, 2, 3]}],
    ids=["empty", "numbers", "dates", "title only"],
)
def test_no_header(rows: dict[int, list[Cell]]) -> None:
    with pytest.raises(HeaderNotFound, match="“表”里没有认出表头"):
        find_table(sheet(rows))


def test_header_below_the_eighth_row_is_not_looked_for() -> None:
    rows: dict[int, list[Cell]] = {number: [number] for number in range(1, 9)}
    with pytest.raises(HeaderNotFound):
        find_table(sheet(rows | {9: ["甲", "乙"]}))


def test_best_table_of_a_workbook_comes_first() -> None:
    small = sheet({1: ["甲", "乙"], 2: ["1", "2"]})
    known = sheet({1: ["收到日期", "投诉人"], 2: ["2026.1.1", "张三"]})
    hidden = Sheet("藏", known.rows, known.row_numbers, hidden=True)
    empty = Sheet("空", [], [])
    tables = find_tables(Workbook("x.xlsx", "xlsx", (empty, hidden, small, known)), known={"收到日期", "投诉人"})
    assert [table.headers[0] for table in tables] == ["收到日期", "甲", "收到日期"]
    assert tables[-1].sheet == "藏"
    with pytest.raises(HeaderNotFound, match="空"):
        find_tables(Workbook("x.xlsx", "xlsx", (empty,)))


def test_many_merges_are_quick() -> None:
    rows: dict[int, list[Cell]] = {1: ["甲", "乙"]}
    rows |= {number: ["1" if number % 2 == 0 else None, number] for number in range(2, 60_002)}
    merged = tuple(MergedRange(number, 1, number + 1, 1) for number in range(2, 60_002, 2))
    table = find_table(Sheet("表", list(rows.values()), list(rows), merged))
    assert all(row.cells[0] == "1" for row in table.rows)
