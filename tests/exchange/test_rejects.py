"""The Excel file of refused rows, opened with another library."""

from __future__ import annotations

from io import BytesIO

from openpyxl import load_workbook

from tests.exchange.tables_of import table_of
from tests.exchange.test_planning import GOOD, HEADS, plan
from xiaobao_desktop.exchange.rejects import rejects_workbook

MARKED = "FFFBEBE9"


def test_only_refused_rows_are_handed_back_their_bad_cells_marked() -> None:
    table = table_of(HEADS, GOOD, ("2026.2.30", *GOOD[1:]), first=5)
    page = load_workbook(BytesIO(rejects_workbook(plan(table)))).active
    rows = [[cell.value for cell in row] for row in page.iter_rows()]
    assert rows[0] == [*HEADS, "原行号", "不能导入的原因"]
    assert len(rows) == 2
    assert rows[1][:5] == ["2026.2.30", *GOOD[1:], "6"]
    assert str(rows[1][5]).startswith("收到日期：“2026.2.30”不是日期")
    assert [cell.fill.fgColor.rgb == MARKED for cell in page[2]] == [True, False, False, False, False, True]


def test_long_numbers_stay_whole_and_formulas_stay_text() -> None:
    heads = (*HEADS, "证件号", "投诉内容", "诉求")
    row = (None, *GOOD[1:], 410121200211074852, "=HYPERLINK(1)", "http://例.中国")
    page = load_workbook(BytesIO(rejects_workbook(plan(table_of(heads, row))))).active
    assert [cell.value for cell in page[2]][4:7] == ["410121200211074852", "=HYPERLINK(1)", "http://例.中国"]
    assert [cell.data_type for cell in page[2]][4:7] == ["s", "s", "s"]
    assert all(cell.hyperlink is None for cell in page[2])
    assert all(cell.number_format == "@" for cell in page[2])


def test_reasons_of_an_earlier_time_give_way() -> None:
    table = table_of((*HEADS, "原行号", "不能导入的原因"), ("2026.2.30", *GOOD[1:], "144", "旧的原因"))
    page = load_workbook(BytesIO(rejects_workbook(plan(table)))).active
    assert [cell.value for cell in page[1]] == [*HEADS, "原行号", "不能导入的原因"]
    assert page["E2"].value == "2"
    assert "旧的原因" not in str(page["F2"].value)


def test_several_reasons_stand_in_one_cell() -> None:
    table = table_of((*HEADS, "联名人数"), ("2026.2.30", *GOOD[1:], "几"))
    page = load_workbook(BytesIO(rejects_workbook(plan(table)))).active
    reasons = str(page["G2"].value)
    assert reasons.count("；") == 1
    assert "收到日期：" in reasons
    assert "联名人数：" in reasons
