"""Published figures of four rural banks, reproduced: records with the banks' own names, statistics, report text.

Counts are equal, percentages are rounded half up; what the banks misprinted is named and not reproduced. The figures in
``tests/data/published`` are copied from public reports; ``None`` where the bank printed no percentage.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.services.report_text import lines_of, taken_apart, written
from tests.services.support import COMPLAINT, DATA, add_branch, imported, new_book, pdf_text, sheet
from xiaobao_desktop.domain.charts import short_cause
from xiaobao_desktop.domain.period import parse_period
from xiaobao_desktop.services import catalog_edit, complaint_statistics, listing, reporting
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.query import Query

BANKS: dict[str, dict[str, Any]] = {
    item["id"]: item
    for item in json.loads((DATA / "published" / "rural-banks.json").read_text(encoding="utf-8"))["tables"]
}
# Heading of the bank -> column of the sheet, dimension of the statistics, tree or list.
PLACES = {
    "业务办理渠道": ("办理渠道", "channel", "A"),
    "投诉业务渠道": ("办理渠道", "channel", "A"),
    "业务类别": ("业务类别", "subcategory", "B"),
    "投诉业务类别": ("业务类别", "subcategory", "B"),
    "投诉原因": ("投诉原因", "cause", "C"),
    "投诉来源": ("投诉来源", "source", "source"),
    "投诉地区": ("被投诉机构", "region", ""),
}
MISPRINTS = {
    ("xiushui2024", "柜面业务", "12.68", "11.97"),
    ("xiushui2024", "文明规范化", "11.97", "7.75"),
    ("dafeng2024", "卡业务", "27.74", "27.75"),
}


def half_up(part: int, whole: int) -> str:
    return str((Decimal(part) * 100 / Decimal(whole)).quantize(Decimal("0.01"), ROUND_HALF_UP))


def workbook(path: Path, bank: dict[str, Any]) -> Path:
    """The bank's ledger as a sheet: as many rows as it counted, each breakdown dealt out down its column."""
    columns: dict[str, list[str]] = {}
    for heading, items in bank["breakdowns"].items():
        if heading in PLACES:
            columns[PLACES[heading][0]] = [name for name, (count, _) in items.items() for _ in range(count)]
    rows = []
    for place in range(bank["total"]):
        cells = [column[place] for column in columns.values()]
        rows.append(
            [f"{bank['period'][:4]}-12-{1 + place % 20:02d}", f"第{place + 1}件", *cells, f"{bank['period'][:4]}-12-28"]
        )
    return sheet(path, ["收到日期", "投诉内容", *columns, "办结日期"], *rows)


@pytest.fixture(scope="module", params=list(BANKS))
def bank(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Session, dict[str, Any]]]:
    folder = tmp_path_factory.mktemp(request.param)
    session = new_book(folder / "book")
    add_branch(session, "城区", region="urban")
    add_branch(session, "乡镇地区", region="rural")
    found = BANKS[request.param]
    plan, _result = imported(session, workbook(folder / "台账.xlsx", found))
    assert (plan.read, len(plan.rows), plan.rejected) == (found["total"], found["total"], ())
    yield session, found
    session.close()


def shown(session: Session, name: str, source: str) -> str:
    """The bank's name for it in the statistics: its own, or the standard's where the standard knows the name."""
    catalog = session.rules.catalog
    if not source:
        return {"乡镇地区": "乡镇"}.get(name, name)
    if source in catalog.trees:
        code = catalog.tree(source).find([name])
        return code.name if code else name
    choice = catalog.list(source).find(name)
    return choice.name if choice else name


def year(session: Session, found: dict[str, Any]) -> dict[str, Any]:
    period = parse_period(found["period"][:4])
    return complaint_statistics.as_json(complaint_statistics.statistics(session, period))


def test_every_published_count_comes_out_with_its_percentage_half_up(bank: tuple[Session, dict[str, Any]]) -> None:
    session, found = bank
    result = year(session, found)
    total = found["total"]
    assert (result["total"], result["closed"], result["closed_rate"]) == (total, total, "100.00")
    for heading, items in found["breakdowns"].items():
        if heading not in PLACES:
            continue
        _column, dimension, source = PLACES[heading]
        wanted: dict[str, int] = {}
        for name, (count, _printed) in items.items():
            label = shown(session, name, source)
            wanted[label] = wanted.get(label, 0) + count
        groups = result["dimensions"][dimension]
        assert {name: group["count"] for name, group in groups.items()} == wanted, heading
        for name, group in groups.items():
            assert group["percent"] == half_up(group["count"], total), (heading, name)


def test_the_banks_misprints_are_exactly_these_three() -> None:
    found = {
        (bank["id"], name, printed, half_up(count, bank["total"]))
        for bank in BANKS.values()
        for items in bank["breakdowns"].values()
        for name, (count, printed) in items.items()
        if printed is not None and Decimal(printed) != Decimal(half_up(count, bank["total"]))
    }
    assert found == MISPRINTS


def test_the_program_prints_the_right_figure_for_each_misprint(bank: tuple[Session, dict[str, Any]]) -> None:
    session, found = bank
    groups = year(session, found)["dimensions"]["subcategory"]
    for name_of_bank, name, printed, right in MISPRINTS:
        if name_of_bank == found["id"] and name in groups:
            assert groups[name]["percent"] == right != printed


def test_unknown_names_become_own_entries_and_are_known_again(
    bank: tuple[Session, dict[str, Any]], tmp_path: Path
) -> None:
    session, found = bank
    own = {entry.name for entry in catalog_edit.entries(session, "B") if entry.own}
    heading = next(name for name in found["breakdowns"] if "业务类别" in name)
    known = {
        "贷款",
        "银行卡",
        "电子支付",
        "人民币储蓄",
        "账户管理",
        "代理保险业务",
        "支付结算",
        "代收代付业务",
        "债务催收",
    }
    assert own == set(found["breakdowns"][heading]) - known
    before = len(catalog_edit.entries(session, "B"))
    imported(
        session,
        sheet(
            tmp_path / "再来.xlsx", ["收到日期", "业务类别"], *[[f"2025-01-{n + 1:02d}", x] for n, x in enumerate(own)]
        ),
    )
    assert len(catalog_edit.entries(session, "B")) == before


def test_the_report_states_the_same_figures(bank: tuple[Session, dict[str, Any]], tmp_path: Path) -> None:
    session, found = bank
    period = parse_period(f"{found['period'][:4]}-12")
    text = pdf_text(written(reporting.build(session, "monthly", period), tmp_path, "pdf"))
    total = found["total"]
    assert f"{total}件" in text
    for item in year(session, found)["dimensions"]["category"].values():
        assert f"{item['count']}件" in text or str(item["count"]) in text
        assert half_up(item["count"], total) in text, item


TABLES = {"业务办理渠道": "channel", "业务类别": "category", "投诉原因": "cause"}


def published(session: Session, found: dict[str, Any], dimension: str) -> dict[str, int]:
    """The bank's counts under the names that the analysis report prints: top categories, causes in short."""
    wanted: dict[str, int] = {}
    for heading, items in found["breakdowns"].items():
        if heading not in PLACES or PLACES[heading][1].removeprefix("sub") != dimension:
            continue
        for name, (count, _printed) in items.items():
            label = shown(session, name, PLACES[heading][2])
            if dimension == "category":
                code = session.rules.catalog.tree("B").find([label])
                top = session.rules.catalog.tree("B").top(code.key) if code else None
                label = top.name if top else label
            label = "".join(short_cause(label).split())
            wanted[label] = wanted.get(label, 0) + count
    return wanted


def test_the_analysis_report_prints_every_published_count(bank: tuple[Session, dict[str, Any]], tmp_path: Path) -> None:
    session, found = bank
    total, year_of = found["total"], found["period"][:4]
    prose, tables = taken_apart(lines_of(session, tmp_path, "complaint-analysis", year_of))
    assert f"{year_of}年，我行共计受理金融消费者投诉{total}件" in prose
    assert f"办结{total}件，投诉办结率100.00%" in prose
    assert list(tables) == list(TABLES)
    for label, rows in tables.items():
        wanted = published(session, found, TABLES[label])
        counted = {name: (int(cells[0]), cells[1]) for name, cells in rows.items() if cells[0] != "0"}
        assert counted.pop("合计") == (total, "100.00")
        assert counted == {name: (count, half_up(count, total)) for name, count in wanted.items()}, label
        assert sum(wanted.values()) == total
    for name, (count, _printed) in found["breakdowns"].get("投诉地区", {}).items():
        assert f"受理{name}投诉{count}件，占比{half_up(count, total)}%" in prose


def test_the_copied_figures_are_those_that_were_published() -> None:
    original = Path(__file__).resolve().parents[3] / "shared" / "domain" / "published" / "rural-banks.json"
    if not original.exists():
        pytest.skip("the collection of published figures is not beside the project")
    tables = json.loads(original.read_text(encoding="utf-8"))["tables"]
    assert {item["id"] for item in tables} == set(BANKS)
    for item in tables:
        ours = BANKS[item["id"]]
        assert (ours["total"], ours["breakdowns"]) == (item["total"], item["breakdowns"]), item["id"]


def test_own_card_names_mapped_to_the_tree_add_up_to_the_banks_card_business(tmp_path: Path) -> None:
    found = BANKS["dafeng2024"]
    session = new_book(tmp_path / "book")
    file = workbook(tmp_path / "台账.xlsx", found)
    imported(session, file)
    own = {entry.name: entry.id for entry in catalog_edit.entries(session, "B") if entry.own}
    assert catalog_edit.map_to(session, "B", own["借记卡业务"], "B.03.01").records == 50
    assert catalog_edit.map_to(session, "B", own["信用卡业务"], "B.03.02").records == 3
    assert year(session, found)["dimensions"]["category"]["银行卡"] == {"count": 53, "percent": "27.75"}
    # Remembered: the same names in a later file go straight to the standard.
    later = sheet(
        tmp_path / "下一年.xlsx", ["收到日期", "业务类别"], ["2025-01-02", "借记卡业务"], ["2025-01-03", "信用卡业务"]
    )
    plan, _result = imported(session, later)
    assert [row.record.values["category"] for row in plan.rows] == ["B.03.01", "B.03.02"]
    assert plan.new_names == ()
    assert listing.count(session, COMPLAINT, Query()) == found["total"] + 2
    session.close()
