"""Statistics by 来源机构: figures, charts and papers of a book that took in packages; what was not sent is never 0."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.services.banks import OCTOBER, PASSPHRASE, Bank, take
from tests.services.report_text import written
from tests.services.support import COMPLAINT, Clock, a_complaint, new_book, pdf_text
from xiaobao_desktop.domain.charts import Bars, Chart, Heat, Trend
from xiaobao_desktop.domain.denominators import Denominators
from xiaobao_desktop.domain.fields import Record
from xiaobao_desktop.domain.ledgers import ledger
from xiaobao_desktop.domain.period import month, parse_period
from xiaobao_desktop.domain.statistics import Method
from xiaobao_desktop.reports.chart_board import Style
from xiaobao_desktop.reports.chart_drawing import picture
from xiaobao_desktop.reports.chart_palettes import COLOUR
from xiaobao_desktop.reports.chart_trend import unbroken
from xiaobao_desktop.reports.consolidated import Complaints, ConsolidatedInput, Line
from xiaobao_desktop.reports.consolidated import build as build_consolidated
from xiaobao_desktop.reports.document import Table
from xiaobao_desktop.services import (
    charts,
    complaint_month,
    complaint_rows,
    complaint_statistics,
    consolidation,
    denominators,
    list_export,
    origins,
    records,
    report_charts,
    report_facts,
    report_words,
    reporting,
)
from xiaobao_desktop.services.report_kind import Request
from xiaobao_desktop.services.report_kinds import consolidated
from xiaobao_desktop.services.report_words import KeptChart, Place, Words
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.query import Query

YEAR, AUGUST, SEPTEMBER = parse_period("2026"), month(2026, 8), month(2026, 9)
TODAY = date(2026, 11, 4)
BOTH = ("complaint", "training")
TRAINING = ledger("training")


def ending(day: str) -> tuple[dict[str, str], ...]:
    return tuple({"kind": kind, "happened_on": day} for kind in ("decide", "inform", "close"))


def received(day: str) -> dict[str, str]:
    return {"kind": "received", "happened_on": day}


@pytest.fixture(scope="module")
def union(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """Packages of four banks: 云岭 without September, 清溪 whole, 白石 with nothing to tell, 河湾 October alone."""
    folder = tmp_path_factory.mktemp("union")
    clock = Clock()
    clock.move(days=1)
    made = new_book(folder / "union", clock)
    yun, qing, bai, he = (Bank(folder, f"{name}村镇银行股份有限公司") for name in ("云岭", "清溪", "白石", "河湾"))
    denominators.save(yun.session, {2026: Denominators(customers=20_000)})
    old = yun.complaint(received("2026-08-03"), on="2026-08-03")
    yun.complaint(received("2026-10-08"), *ending("2026-10-12"))
    yun.complaint()
    he.complaint(received("2026-08-04"), on="2026-08-04")  # open in October, but August was never sent
    for day in ("2026-08-05", "2026-09-01", "2026-09-02"):
        qing.complaint(received(day), *ending("2026-09-20"), on=day)
    records.save(qing.session, TRAINING, Record({**TRAINING.defaults(), "held_on": "2026-09-15", "topic": "反诈"}))
    packages = [qing.send(period, ledgers=BOTH) for period in (AUGUST, SEPTEMBER, OCTOBER)]
    packages += [bai.send(period, ledgers=BOTH) for period in (AUGUST, SEPTEMBER, OCTOBER)]
    packages += [he.send(OCTOBER), yun.send(AUGUST)]
    steps = (received("2026-08-03"), *ending("2026-10-09"))
    records.save(yun.session, COMPLAINT, Record({}, {"step": steps}, id=old))
    take(made, *packages, yun.send(OCTOBER))
    for bank in (yun, qing, bai, he):
        bank.session.close()
    yield made
    made.close()


def sign(union: Session, name: str) -> str:
    return next(sign for sign, bank in union.banks.items() if bank.startswith(name))


def charted(union: Session, key: str, *names: str, subject: int = 0) -> Chart:
    chosen = tuple(sign(union, name) for name in names)
    made = charts.subjects()[subject].build(union, YEAR, TODAY, Method(), chosen)
    return next(chart for chart in made.charts if chart.key == key)


def test_statistics_have_the_dimension_and_add_up(union: Session) -> None:
    found = complaint_statistics.statistics(union, YEAR, TODAY)
    groups = {group.name: group for group in found.dimensions["origin"]}
    assert {name: group.count for name, group in groups.items()} == {
        "云岭村镇银行股份有限公司": 3,
        "清溪村镇银行股份有限公司": 3,
    }
    assert sum(group.count for group in groups.values()) == found.total == 6
    told = complaint_statistics.as_json(found)["dimensions"]
    assert isinstance(told, dict)
    assert told["origin"]["云岭村镇银行股份有限公司"] == {"count": 3, "percent": "50.00"}
    shown = union.book.rows(COMPLAINT, groups["云岭村镇银行股份有限公司"].ids, ("origin",))
    assert {row["origin"] for row in shown} == {sign(union, "云岭")}


def test_what_ended_after_its_period_is_told_by_a_later_package(union: Session) -> None:
    found = complaint_statistics.statistics(union, OCTOBER).figures
    assert found.closed.count == 2, "one of August ended in October; the package of October carries it"
    assert found.opening.count == 1
    assert found.balanced


def test_an_unmasked_package_has_its_period_alone_and_nothing_hides_what_it_brought(tmp_path: Path) -> None:
    clock = Clock()
    clock.move(days=1)
    union, bank = new_book(tmp_path / "union", clock), Bank(tmp_path, "云岭村镇银行")
    open_case = bank.complaint(received("2026-09-08"), on="2026-09-08")
    openly: dict[str, Any] = {"masked": False, "reason": "检查"}
    take(union, bank.send(SEPTEMBER, **openly), passphrases=(PASSPHRASE,))
    bank.change(open_case, content="后来补充")
    bank.complaint()
    for package in (bank.send(**openly), bank.send()):
        take(union, package, passphrases=(PASSPHRASE,))
    first, second = union.book.records(COMPLAINT, union.book.ids(COMPLAINT, Query(order=(("received_on", False),))))
    assert (first.values["complainant"], first.values["content"]) == ("刘秀兰", None), "as it was sent openly"
    assert second.values["complainant"] == "刘**", "of the period itself the newer package counts"
    for session in (union, bank.session):
        session.close()


def test_bars_leave_out_who_sent_nothing_and_say_so(union: Session) -> None:
    bars = charted(union, "origin")
    assert isinstance(bars, Bars)
    assert [(mark.name, mark.value) for mark in bars.marks] == [
        ("云岭村镇银行", 3),
        ("清溪村镇银行", 3),
        ("河湾村镇银行", 0),
        ("白石村镇银行", 0),
    ]
    assert sum(len(mark.ids) for mark in bars.marks) == 6
    assert bars.hint == "2家缺月份：云岭村镇银行、河湾村镇银行"
    trained = charted(union, "origin", subject=1)
    assert [mark.name for mark in trained.marks] == ["清溪村镇银行", "白石村镇银行"]
    assert trained.hint == "2家未报送：云岭村镇银行、河湾村镇银行"


def test_the_map_by_month_marks_what_was_not_sent(union: Session) -> None:
    heat = charted(union, "origin_months")
    assert isinstance(heat, Heat)
    assert heat.columns == ("8月", "9月", "10月")
    cells = {
        (row, column): (heat.cell(at, place).value, heat.cell(at, place).missing)
        for at, row in enumerate(heat.rows)
        for place, column in enumerate(heat.columns)
    }
    assert heat.rows[:2] == ("河湾村镇银行", "云岭村镇银行"), "who has to send something stands first"
    assert cells["云岭村镇银行", "9月"] == (0, True)
    assert cells["白石村镇银行", "9月"] == (0, False), "nothing happened there, and that was told"
    assert cells["河湾村镇银行", "8月"] == (0, True)
    assert cells["云岭村镇银行", "8月"] == (1, False)
    assert "2家有缺的月份" in heat.hint


def test_a_bank_by_itself_has_gaps_in_its_trend_and_no_chart_by_origin(union: Session) -> None:
    trend = charted(union, "trend", "云岭")
    assert isinstance(trend, Trend)
    told = {mark.name: (mark.value, mark.missing) for mark in trend.marks}
    assert told["2026年8月"] == (1, False)
    assert told["2026年9月"] == (0, True)
    assert told["2026年10月"] == (2, False)
    assert trend.last_year == (None,) * 12
    made = charts.subjects()[0].build(union, YEAR, TODAY, Method(), (sign(union, "云岭"),))
    assert not {"origin", "origin_months"} & {chart.key for chart in made.charts}
    assert made.headline[0] == "受理 3 件"
    two = charted(union, "trend", "云岭", "清溪")
    assert {mark.name: mark.value for mark in two.marks}["2026年9月"] == 2
    assert not two.marks[8].missing, "one of them sent it"


def test_the_table_compares_the_banks_with_all_together(union: Session, tmp_path: Path) -> None:
    built = reporting.build(union, "consolidated", parse_period("2026Q3"), TODAY)
    page = openpyxl.load_workbook(written(built, tmp_path, "xlsx")).active
    assert page is not None
    rows = {str(row[1]).removesuffix("村镇银行股份有限公司"): row[2:] for row in page.iter_rows(values_only=True)}
    head = next(row for row in page.iter_rows(values_only=True) if row[0] == "序号")
    assert head[9:] == ("满意率(%)", "每万客户投诉(件)", "培训（次）")
    assert rows["清溪"][:4] == ("缺7月", 3, 3, 100)
    assert rows["清溪"][-1] == 1
    assert rows["云岭"][:3] == ("缺7月、9月；培训未报送", 1, 1), "what is known by the day of view"
    assert rows["云岭"][-2:] == (0.5, None)
    assert rows["白石"][:2] == ("缺7月", 0)
    assert rows["河湾"][:4] == ("未报送", None, None, None)
    assert rows["合　计"][1:3] == (4, 4)
    text = pdf_text(written(built, tmp_path, "pdf"))
    assert "4河湾村镇银行股份有限公司未报送———" in text or "河湾村镇银行股份有限公司未报送———" in text


def test_a_month_that_was_not_sent_is_no_month_without_complaints(union: Session, tmp_path: Path) -> None:
    """云岭 sent nothing of September; its open complaint of August does not make September a month with 0."""
    built = reporting.build(union, "consolidated", SEPTEMBER)
    page = openpyxl.load_workbook(written(built, tmp_path, "xlsx")).active
    assert page is not None
    rows = {str(row[1]).removesuffix("村镇银行股份有限公司"): row[2:9] for row in page.iter_rows(values_only=True)}
    assert rows["云岭"] == ("未报送", *[None] * 6)
    assert rows["白石"][:3] == ("齐", 0, 0)
    assert rows["合　计"][:3] == ("2家齐", 2, 2)


def test_many_ledgers_have_a_table_of_their_own(union: Session) -> None:
    ledgers = tuple((name, "次") for name in ("培训", "宣传教育", "会议", "制度", "审查", "自查"))
    line = Line("云岭村镇银行", "齐", Complaints(3, 2, 2, 1), (1, 2, 3, 4, 5, None))
    data = ConsolidatedInput(union.settings, OCTOBER, TODAY, ledgers, (line,), replace(line, name="合　计"), TODAY)
    first, second = (block for block in build_consolidated(data).blocks if isinstance(block, Table))
    assert [row[1:] for row in first.rows] == [
        (name, "齐", "3", "2", "66.67", "2", "1", "50.00", "—") for name in ("云岭村镇银行", "合　计")
    ]
    assert second.rows[0] == ("1", "云岭村镇银行", "齐", "1", "2", "3", "4", "5", "—")
    assert second.rows[1][0] == ""


def test_every_bank_stands_on_the_check_page_with_its_records(union: Session) -> None:
    request = reporting.build(union, "consolidated", OCTOBER, TODAY).request
    assert request is not None
    assert consolidated.REPORT.figures is not None
    found = {figure.name: figure for figure in consolidated.REPORT.figures(union, request)}
    assert found["各机构收到合计"].state.value == "ok"
    of_one = found["云岭村镇银行股份有限公司收到"]
    assert (of_one.value, len(of_one.ids)) == ("2件", 2)
    assert found["云岭村镇银行股份有限公司办结率"].value == "50.00%"


def test_two_books_of_one_name_are_told_apart(tmp_path: Path) -> None:
    clock = Clock()
    clock.move(days=1)
    union = new_book(tmp_path / "union", clock)
    first, second = (Bank(tmp_path / place, "清溪村镇银行") for place in ("甲", "乙"))
    for bank in (first, second):
        bank.complaint()
    one, other = first.send(), second.send()
    assert [item.namesake for item in consolidation.look(union, [one])] == [False]
    assert [item.namesake for item in consolidation.look(union, [one, other])] == [True, True]
    take(union, one)
    assert [item.namesake for item in consolidation.look(union, [other])] == [True]
    take(union, other)
    assert len(set(union.banks.values())) == 2
    assert all(name.startswith("清溪村镇银行（账簿") for name in union.banks.values())
    groups = complaint_statistics.statistics(union, OCTOBER).dimensions["origin"]
    assert sorted(group.count for group in groups) == [1, 1]
    assert [item.namesake for item in consolidation.look(union, [first.send()])] == [False], "known already"
    for session in (union, first.session, second.session):
        session.close()


def test_lists_and_papers_have_the_column(union: Session, tmp_path: Path) -> None:
    order = list_export.ListOrder(COMPLAINT, union.book.ids(COMPLAINT, Query()), ("origin", "received_on"), {})
    made = list_export.sheet(union, order)
    assert [column.title for column in made.columns][:3] == ["编号", "来源机构", "收到日期"]
    assert len(made.columns) == 3
    built = reporting.build(union, "ledger", OCTOBER, TODAY, subject="complaint")
    text = pdf_text(written(built, tmp_path, "pdf"))
    assert "来源机构" in text
    assert "云岭村镇银行" in text
    page = openpyxl.load_workbook(written(built, tmp_path, "xlsx")).active
    assert page is not None
    assert "云岭村镇银行股份有限公司" in {row[-1] for row in page.iter_rows(values_only=True)}


def test_the_page_of_charts_and_a_chart_in_a_report_keep_their_origins(union: Session) -> None:
    chosen = (sign(union, "云岭"),)
    page = reporting.build(union, "dashboard", YEAR, TODAY, chosen=chosen).document
    assert page.head_line is not None
    assert page.head_line.left == "填报机构：某某农村商业银行股份有限公司（来源机构：云岭村镇银行）"
    place = Place("monthly", "2026-10")
    kept = KeptChart(COMPLAINT.key, "trend", "2026", section="problems", title="投诉各月受理", origins=chosen)
    report_words.keep(union, place, Words({}, (), (kept,)), "月报")
    assert report_words.read(union, place).charts == (kept,)
    (made,) = report_charts.own_charts(union, Request(OCTOBER, OCTOBER.last), (kept,), ())
    assert made.about == "2026年，至10月31日，按收到日期，云岭村镇银行"
    assert sum(mark.value for mark in made.chart.marks) == 3
    report_words.keep(union, place, Words(), "月报")


def test_who_sent_nothing_for_the_last_month_is_named(tmp_path: Path) -> None:
    clock = Clock()
    clock.move(days=1)
    union = new_book(tmp_path / "union", clock)
    assert origins.told_sent(union) == ""
    bank, late = Bank(tmp_path, "云岭村镇银行股份有限公司"), Bank(tmp_path, "清溪村镇银行股份有限公司")
    take(union, bank.send(OCTOBER), late.send(SEPTEMBER))
    assert origins.told_sent(union) == "汇总了 2 家机构。2026年10月还没有报送的 1 家：清溪村镇银行。"
    take(union, late.send(OCTOBER))
    assert origins.told_sent(union) == "汇总了 2 家机构。2026年10月都已报送。"
    for session in (union, bank.session, late.session):
        session.close()


def test_gaps_are_drawn_and_cannot_be_opened(union: Session) -> None:
    style = Style(COLOUR, 1.0, 2)
    trend, heat = charted(union, "trend", "云岭"), charted(union, "origin_months")
    assert len(picture(trend, 480, 250, 1.0, style).hits) == len(trend.marks)
    assert len(picture(heat, 480, 250, 1.0, style).hits) == len(heat.marks)
    assert not any(mark.ids for chart in (trend, heat) for mark in chart.marks if mark.missing)
    line = [(float(at), 0.0) for at in range(5)]
    gaps = [False, False, True, False, True]
    assert unbroken(line, gaps) == [line[:2]], "a point by itself is no line"


def test_the_work_of_others_is_not_her_work(union: Session) -> None:
    rows = complaint_rows.case_rows(union)
    assert any(row.closed_on is None for row in rows)
    assert report_facts.due_items(union, rows, OCTOBER, OCTOBER.last, Method()) == ()
    view = complaint_month.month_view(union, OCTOBER.last)
    assert (view.now.received.count, sum(view.this_year)) == (0, 0)


def test_a_book_of_its_own_has_no_such_dimension(tmp_path: Path) -> None:
    session = new_book(tmp_path / "book")
    records.save(session, COMPLAINT, a_complaint())
    assert "origin" not in complaint_statistics.statistics(session, OCTOBER).dimensions
    made = charts.subjects()[0].build(session, YEAR, TODAY, Method(), ())
    assert "origin" not in {chart.key for chart in made.charts}
    assert not any(mark.missing for mark in made.charts[0].marks)
    assert "origin" not in [column.key for column in origins.columns(session, COMPLAINT)]
    session.close()
