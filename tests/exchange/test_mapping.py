"""Which column goes into which field, for headers as banks write them."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from tests.exchange.tables_of import table_of
from xiaobao_desktop.domain.ledgers import all_ledgers, ledger
from xiaobao_desktop.exchange.mapping import (
    LIKELY,
    NONE,
    SURE,
    WEAK,
    ColumnMapping,
    MappingUnknownColumn,
    MappingUnknownField,
    cell_text,
    known_names,
    propose,
)
from xiaobao_desktop.exchange.sheets import Cell, CellProblem

COMPLAINT = ledger("complaint")


def mapped(*headers: str, **named: str) -> ColumnMapping:
    return propose(COMPLAINT, table_of(headers, ["x"] * len(headers)), named)


def field_of(header: str) -> tuple[str, int]:
    column = mapped(header).columns[0]
    return ("", NONE) if column.append else (column.field, column.confidence)


@pytest.mark.parametrize(
    ("header", "field", "confidence"),
    [
        ("收到日期", "received_on", SURE),
        (" 收 到 日 期 ", "received_on", SURE),
        ("收到日期（年月日）", "received_on", SURE),
        ("受理时间", "received_on", SURE),
        ("基本情况/投诉人", "complainant", SURE),
        ("投诉人姓名", "complainant", SURE),
        ("客户联系电话", "phone", LIKELY),
        ("投诉渠道", "source", SURE),
        ("业务办理渠道", "channel", SURE),
        ("涉及金额（万元）", "amount", SURE),
        ("投诉处理结果", "decision", LIKELY),
        ("天气", "", NONE),
    ],
)
def test_headers_find_their_field(header: str, field: str, confidence: int) -> None:
    assert field_of(header) == (field, confidence)


@pytest.mark.parametrize("target", all_ledgers(), ids=lambda target: target.key)
def test_every_label_finds_its_own_field(target: object) -> None:
    """What the program exports or shows can be imported again."""
    from xiaobao_desktop.domain.fields import Ledger

    assert isinstance(target, Ledger)
    labels = [item.label for item in target.entered_fields]
    assert len(set(labels)) == len(labels)
    found = propose(target, table_of(labels, ["x"] * len(labels)), {})
    assert [column.field for column in found.columns] == [item.key for item in target.entered_fields]
    assert set(known_names(target)) >= set(labels)


def test_running_numbers_and_derived_columns_are_left_out_with_a_reason() -> None:
    number, state = mapped("序号", "是否办结").columns
    assert (number.field, number.remark, number.bookkeeping) == ("", "不导入（行号）", True)
    assert (state.field, state.remark, state.bookkeeping) == ("", "不导入（由办结日期得出）", False)


def test_two_levels_of_a_code_share_a_field_other_fields_take_one_column() -> None:
    found = mapped("业务大类", "业务小类", "收到日期", "登记日期", "投诉内容", "诉求内容")
    assert [column.index for column in found.of("category")] == [0, 1]
    assert [column.index for column in found.of("received_on")] == [2]
    assert [column.index for column in found.of("content")] == [4, 5]
    second = found.columns[3]
    assert (second.field, second.append, second.remark) == ("remark", True, "“收到日期”已对应另一列，放进备注")


def test_the_surer_column_wins_wherever_it_stands() -> None:
    found = mapped("客户联系电话", "联系电话")
    assert [column.field for column in found.columns if not column.append] == ["phone"]
    assert found.of("phone")[0].header == "联系电话"


def test_columns_without_a_place_are_collected_unless_empty() -> None:
    full = propose(COMPLAINT, table_of(("天气", "空"), ("晴", None)), {})
    assert [(column.field, column.append, column.confidence) for column in full.columns] == [
        ("remark", True, WEAK),
        ("", False, NONE),
    ]


def test_the_officers_word_wins() -> None:
    found = mapped("天气", "投诉人", 天气="content", 投诉人="")
    assert [(column.field, column.confidence) for column in found.columns] == [("content", SURE), ("", NONE)]
    with pytest.raises(MappingUnknownField, match="fields complaint"):
        mapped("天气", 天气="state")  # shown only, never entered
    with pytest.raises(MappingUnknownColumn, match="表里的列是：天气"):
        mapped("天气", 气温="content")


def test_what_must_be_there_is_missed() -> None:
    assert [item.key for item in mapped("投诉人").missing] == ["received_on"]
    assert mapped("受理日期").missing == ()


def test_a_column_sent_elsewhere_counts_as_sure() -> None:
    changed = mapped("天气", "收到日期").with_field(0, "content")
    assert (changed.columns[0].field, changed.columns[0].confidence, changed.columns[0].append) == (
        "content",
        SURE,
        False,
    )
    assert changed.with_field(1, "").missing != ()


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, ""),
        ("  甲 ", "甲"),
        (13907991234, "13907991234"),
        (True, "是"),
        (date(2026, 3, 5), "2026-03-05"),
        (datetime(2026, 3, 5, 0, 0), "2026-03-05"),  # noqa: DTZ001
        (datetime(2026, 3, 5, 14, 20), "2026-03-05 14:20"),  # noqa: DTZ001
        (CellProblem("算错了", "#REF!"), "#REF!"),
    ],
)
def test_cells_as_text(cell: Cell, text: str) -> None:
    assert cell_text(cell) == text
