"""Plans of imports over small tables: fingerprints, refusals, new names, warnings. No book, nothing written."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pytest

from tests.exchange.tables_of import table_of
from xiaobao_desktop.domain.dates import DateHints
from xiaobao_desktop.domain.fields import Kind, Problem, Record
from xiaobao_desktop.domain.ledgers import ledger
from xiaobao_desktop.exchange.cell_values import Lookups
from xiaobao_desktop.exchange.mapping import propose
from xiaobao_desktop.exchange.planning import ImportPlan, Planner, Unknown, fingerprint, identity, with_links
from xiaobao_desktop.exchange.sheets import Cell, CellProblem
from xiaobao_desktop.exchange.tables import RawTable
from xiaobao_desktop.services import rules as rule_files

COMPLAINT = ledger("complaint")
RULES = rule_files.load()
HEADS = ("收到日期", "来源", "投诉人", "被投诉机构")
GOOD: tuple[Cell, ...] = ("2026-10-08", "来电", "刘秀兰", "城关支行")


def finish(record: Record) -> tuple[Record, tuple[Problem, ...]]:
    whole = COMPLAINT.complete(None, record, RULES)
    return whole, COMPLAINT.checks(whole, "2026-11-03", RULES)


def plan(
    table: RawTable,
    unknown: Unknown = "add",
    known: Mapping[str, str] | None = None,
    branches: Mapping[str, int] | None = None,
) -> ImportPlan:
    links = {"branch": branches or {}, "staff": {}, "complaint": {"ts20260001": 7}}
    lookups = Lookups(RULES.catalog, links, frozenset({"branch", "staff"}))
    mapping = propose(COMPLAINT, table, {})
    return Planner(mapping, lookups, known or {}, finish, unknown, DateHints()).plan(table)


def prints(table: RawTable) -> list[str]:
    mapping = propose(COMPLAINT, table, {})
    return [fingerprint(identity(table, mapping), row) for row in table.rows]


def test_a_row_is_the_same_whatever_the_order_of_columns_and_its_running_number() -> None:
    (first,) = prints(table_of(HEADS, GOOD))
    assert prints(table_of(HEADS[::-1], GOOD[::-1])) == [first]
    assert prints(table_of(("序号", *HEADS, "备注"), (17, *GOOD, None))) == [first]
    assert prints(table_of((*HEADS, "原行号", "不能导入的原因"), (*GOOD, "144", "某因"))) == [first]
    assert prints(table_of(HEADS, ("2026-10-08 ", "来电", " 刘秀兰", "城关支行"))) == [first]


@pytest.mark.parametrize(
    ("heads", "row"),
    [
        (HEADS, ("2026-10-09", *GOOD[1:])),
        (HEADS, (GOOD[0], GOOD[2], GOOD[1], GOOD[3])),
        ((*HEADS, "备注"), (*GOOD, "又来")),
        (("来源", "收到日期", *HEADS[2:]), GOOD),
    ],
)
def test_any_other_cell_makes_another_row(heads: tuple[str, ...], row: tuple[Cell, ...]) -> None:
    assert prints(table_of(heads, row)) != prints(table_of(HEADS, GOOD))


def test_known_rows_and_equal_rows_are_repeats() -> None:
    table = table_of(HEADS, GOOD, GOOD, ("2026-10-09", *GOOD[1:]))
    known = {prints(table)[2]: "TS-2026-0042"}
    found = plan(table, known=known)
    assert [row.number for row in found.rows] == [2]
    assert found.repeats == {3: 2, 4: "TS-2026-0042"}
    assert found.read == 3


def test_each_bad_cell_is_refused_once_with_what_stood_there() -> None:
    table = table_of(
        (*HEADS, "涉及金额", "联名人数", "当面共同投诉"),
        ("2026.2.30", *GOOD[1:], "很多", Decimal("1.5"), "也许"),
        (CellProblem("这一格是错误值", "#REF!"), *GOOD[1:], 10, 2, "否"),
        (None, *GOOD[1:], None, None, None),
    )
    found = plan(table)
    assert found.rows == ()
    assert [(item.row, item.column, item.value) for item in found.rejected] == [
        (2, "收到日期", "2026.2.30"),
        (2, "联名人数", "1.5"),
        (2, "当面共同投诉", "也许"),
        (2, "涉及金额", "很多"),
        (3, "收到日期", "#REF!"),
        (4, "收到日期", ""),
    ]
    assert all(item.reason and "None" not in item.reason for item in found.rejected)
    assert found.rejected_rows == (2, 3, 4)


def test_a_refused_row_is_no_pattern_for_repeats() -> None:
    bad = ("2026.2.30", *GOOD[1:])
    found = plan(table_of(HEADS, bad, bad))
    assert found.rejected_rows == (2, 3)
    assert found.repeats == {}


def test_a_new_name_is_made_once_and_linked_later() -> None:
    found = plan(table_of(HEADS, GOOD, ("2026-10-09", *GOOD[1:3], "城关 支行"), ("2026-10-10", *GOOD[1:3], "河东支行")))
    assert [(new.options, new.kind, new.name) for new in found.new_names] == [
        ("branch", Kind.LINK, "城关支行"),
        ("branch", Kind.LINK, "河东支行"),
    ]
    ids = {("branch", "城关支行"): 4, ("branch", "河东支行"): 5}
    assert [with_links(row, ids, COMPLAINT).values["branch"] for row in found.rows] == [4, 4, 5]
    known = plan(table_of(HEADS, GOOD), branches={"城关支行": 9})
    assert (known.new_names, known.rows[0].record.values["branch"]) == ((), 9)


def test_a_new_choice_gets_the_same_id_in_every_file() -> None:
    row = (GOOD[0], "行长信箱", *GOOD[2:])
    first, second = plan(table_of(HEADS, row)), plan(table_of(HEADS, row, ("2026-10-09", "行长 信箱", *GOOD[2:])))
    ids = {item.record.values["source"] for item in (*first.rows, *second.rows)}
    assert len(ids) == 1
    assert str(ids.pop()).startswith("own-")
    assert [new.name for new in second.new_names if new.options == "source"] == ["行长信箱"]


def test_new_levels_of_a_tree_come_with_everything_above_them() -> None:
    """Of three levels that no tree knew, the top one was lost: the others then hung in the air."""
    heads = (*HEADS, "业务大类", "业务中类", "业务小类")
    found = plan(table_of(heads, (*GOOD, "数字钱包", "碰一碰支付", "离线限额")))
    new = [name for name in found.new_names if name.kind is Kind.CODE]
    assert [name.name for name in new] == ["数字钱包", "碰一碰支付", "离线限额"]
    assert [name.parent for name in new] == ["", new[0].id, new[1].id]
    assert found.rows[0].record.values["category"] == new[2].id


def test_links_that_cannot_be_made_from_a_name_are_refused_or_emptied() -> None:
    table = table_of((*HEADS, "并入"), (*GOOD, "TS-2026-0001"), (*GOOD, "TS-2026-0002"))
    found = plan(table)
    assert [row.record.values["merged_into"] for row in found.rows] == [7]
    assert [(item.row, item.column, item.value) for item in found.rejected] == [(3, "并入", "TS-2026-0002")]
    assert [row.record.values.get("merged_into") for row in plan(table, "empty").rows] == [7, None]


def test_a_time_written_with_the_date_is_kept() -> None:
    found = plan(table_of(HEADS, ("2026-10-08 14:20", *GOOD[1:])))
    assert found.rows[0].record.values["received_time"] == "14:20"
    own = plan(table_of((*HEADS, "收到时刻"), ("2026-10-08 14:20", *GOOD[1:], "9:05")))
    assert own.rows[0].record.values["received_time"] == "09:05"


def test_gaps_hints_and_hidden_rows_are_counted() -> None:
    table = table_of((*HEADS, "联系电话", "代理投诉"), (*GOOD, "139", "是"), (*GOOD, "13907991234", None), hidden=(3,))
    found = plan(table)
    assert all(row.gaps > 0 for row in found.rows)
    assert found.warnings[0] == "有 1 行在表里是隐藏的，也会导入：第 3 行"
    assert [problem.field for problem in found.rows[0].hints] == ["agent"]
    assert "有 1 行的代理人看起来不对" in found.warnings[1]
