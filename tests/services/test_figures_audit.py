"""Every printed figure counted a second time: books made by dice, plain loops over what was typed, papers read back.

The counting (``figures_oracle``) and the sentences it must lead to (``figures_expected``, ``figures_others``) know
nothing of the program's own statistics. With ``--full`` more and larger books are audited.
"""

from __future__ import annotations

import io
import re
import subprocess
from collections.abc import Callable, Iterator
from datetime import date
from typing import NamedTuple

import openpyxl
import pytest

from tests.services import figures_others as others
from tests.services.figures_book import TODAY, Plain, make
from tests.services.figures_expected import Expected, end_of, short
from tests.services.figures_oracle import Seen, by_name, count, pct
from xiaobao_desktop.domain.period import parse_period
from xiaobao_desktop.domain.statistics import Method
from xiaobao_desktop.reports.document import (
    Block,
    Dashboard,
    DaysDots,
    Document,
    Figure,
    MonthlyPairs,
    Note,
    Paragraph,
    Table,
)
from xiaobao_desktop.services import (
    checking,
    complaint_charts,
    complaint_month,
    complaint_statistics,
    quick_answers,
    reporting,
)
from xiaobao_desktop.services.reporting import Built
from xiaobao_desktop.services.session import Session

NAMES = {1: "monthly", 3: "quarterly", 6: "half-year", 12: "annual"}
FEW = ("2026-10", "2026-01", "2025-02", "2026Q3", "2025H2", "2025")
MANY = ("2024-02", "2024-12", "2026-02", "2026-03", "2025Q4", "2026Q1", "2026H1", "2024", *FEW)
RUNNING = (("2026-10", "2026-10-15"), ("2026-10", "2026-11-20"), ("2026Q3", "2026-08-31"), ("2026", "2026-12-20"))
DIMENSIONS = {
    "source": "投诉来源",
    "category": "业务类别",
    "cause": "投诉原因",
    "channel": "业务办理渠道",
    "branch": "被投诉机构",
}
COURSES: tuple[Callable[[Seen], bool], ...] = (
    lambda one: one.in_time and not one.extended,
    lambda one: one.in_time and one.extended,
    lambda one: not one.in_time,
)
"""In time, in time after an extension, late."""
FOLDED = re.compile(r"其余\d+类")


class Audited(NamedTuple):
    """A book and what was typed into it."""

    session: Session
    plain: Plain
    codes: tuple[str, ...]


SEEDS = [
    pytest.param((1, 170, FEW), id="few"),
    pytest.param((9, 1, FEW[:1]), id="a single one"),
    *(pytest.param((seed, 400, MANY), id=f"seed {seed}", marks=pytest.mark.full) for seed in range(2, 12)),
]


@pytest.fixture(scope="module", params=SEEDS)
def book(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Audited]:
    seed, size, codes = request.param
    session, plain = make(tmp_path_factory.mktemp("audit") / "book", seed, size)
    yield Audited(session, plain, codes)
    session.close()


def blocks_of(document: Document) -> list[Block]:
    return [*document.blocks, *(block for annex in document.appendices for block in annex.blocks)]


def prose_of(document: Document) -> str:
    """All running text without blanks."""
    texts = []
    for block in blocks_of(document):
        if isinstance(block, Paragraph):
            texts += [run.text for run in block.runs]
        elif isinstance(block, Note):
            texts.append(block.text)
    return "".join("".join(texts).split())


def rows_of(document: Document) -> dict[str, dict[str, list[str]]]:
    """The rows of every table by caption and first cell, without blanks."""
    return {
        "".join(table.caption.split()): {"".join(row[0].split()): list(row[1:]) for row in table.rows}
        for table in blocks_of(document)
        if isinstance(table, Table)
    }


def paper(built: Built) -> str:
    """The text of the PDF without blanks."""
    command = ["pdftotext", "-raw", "-", "-"]
    drawn = subprocess.run(command, input=reporting.render(built, "pdf"), check=True, capture_output=True).stdout
    return "".join(drawn.decode().split())


def printed(said: str, text: str) -> bool:
    """Whether a sentence stands on the paper, whole or broken once by the turn of a page and what stands there."""
    return any(said[:place] in text and said[place:] in text for place in range(len(said)))


def periodic(
    book: Audited, code: str, day: date | None, *, merged: bool, by_end: bool = False
) -> tuple[Expected, Built]:
    period = parse_period(code)
    as_of = day or period.last
    expected = Expected(book.plain, period.first, period.months, as_of, merged, by_end)
    name, method = NAMES[period.months], Method("closed" if by_end else "received", merge_repeats=merged)
    return expected, reporting.build(book.session, name, period, as_of, method, words={})


def audit(expected: Expected, document: Document) -> None:
    """Every sentence, every cell of every table on complaints, what is due next."""
    text, tables = prose_of(document), rows_of(document)
    assert [said for said in expected.sentences() if said not in text] == []
    assert expected.classes(text) == []
    assert tables["表1消费投诉办理主要指标"] == expected.headline()
    found = {
        caption.split("按")[1].removesuffix("分类"): rows
        for caption, rows in tables.items()
        if "表" in caption and "按" in caption
    }
    for what, rows in expected.tables().items():
        assert {name: found[what][name] for name in rows} == rows, what
        rest = {name: row for name, row in found[what].items() if name not in rows and not FOLDED.match(name)}
        assert all(set(row) <= {"0", "0.00", "—"} for row in rest.values()), rest
    days = expected.now.closed
    for spec in (block.spec for block in blocks_of(document) if isinstance(block, Figure)):
        if isinstance(spec, MonthlyPairs):
            assert (spec.last_year, spec.this_year) == tuple(map(tuple, expected.months_of_two_years()))
        elif isinstance(spec, DaysDots):
            drawn = [sorted(one.used for one in days if wanted(one)) for wanted in COURSES]
            assert [list(series.days) for series in spec.series] == drawn
    listed = next((rows for caption, rows in tables.items() if caption.startswith("表2")), {})
    answers = sorted(row[1].split("答复")[0] for row in listed.values() if row[2] == "投诉")
    assert len(answers) == len(expected.due_cases()), (answers, expected.due_cases())


@pytest.mark.parametrize("merged", [False, True], ids=["each", "merged"])
def test_reports_of_a_period_say_what_was_counted(book: Audited, merged: bool) -> None:
    for code in book.codes:
        expected, built = periodic(book, code, None, merged=merged)
        audit(expected, built.document)


def test_classes_by_the_day_of_the_end_are_parts_of_what_ended(book: Audited) -> None:
    for code in book.codes:
        expected, built = periodic(book, code, None, merged=False, by_end=True)
        audit(expected, built.document)
        said = prose_of(built.document)
        assert "投诉按收到日期统计，分类按办结日期统计，" in said
        ended = len(expected.now.closed)
        told = f"{expected.words[0]}办结的{ended}件（不论何时受理）。" if ended else "办结投诉0件，不作分类。"
        assert told in said
        sums = [item for item in checking.figures(book.session, built) if item.key.startswith("sum:")]
        assert all(item.state.value != "wrong" for item in sums)
        assert {item.value for item in sums if item.key != "sum:compared"} == {f"{ended}件"}


def test_reports_that_tell_of_what_came_in_do_so_under_every_method(book: Audited) -> None:
    by_end = Method("closed")
    for name in ("implementation", "summary", "progress"):
        period = parse_period("2026H1")
        told = [
            prose_of(reporting.build(book.session, name, period, period.last, method, words={}).document)
            for method in (Method(), by_end)
        ]
        assert told[0] == told[1], name


def test_a_period_that_is_not_over_is_compared_with_the_same_days(book: Audited) -> None:
    for code, day in RUNNING:
        expected, built = periodic(book, code, date.fromisoformat(day), merged=False)
        audit(expected, built.document)


def test_the_paper_says_what_the_document_says(book: Audited) -> None:
    expected, built = periodic(book, "2026-10", None, merged=False)
    text = paper(built)
    assert [said for said in expected.sentences() if not printed(said, text)] == []
    for name, row in expected.headline().items():
        assert "".join([name, *row]) in text
    for rows in expected.tables().values():
        assert [name for name, row in rows.items() if "".join([name, *row]) not in text] == []


def test_reports_of_any_period_say_what_was_counted(book: Audited) -> None:
    for code in book.codes:
        period = parse_period(code)
        days = (period.first, period.last)
        wanted = {
            "implementation": others.implementation(book.plain, *days),
            "station": others.handled(book.plain, period.title, *days),
            "progress": [
                *others.handled(book.plain, period.title, *days),
                others.paid(count(book.plain, *days, period.last)),
                others.ways(count(book.plain, *days, period.last)),
            ],
        }
        if period.months == 12:
            wanted["complaint-analysis"] = others.analysis(book.plain, period.first.year)
        if period.months >= 6:
            january = period.first if period.first.month > 1 else date(period.last.year, 1, 1)
            words = {7: "本期"}.get(period.first.month, "本年")
            told = count(book.plain, january, period.last, period.last)
            wanted["summary"] = [others.quality(told, words), others.paid(told)]
        for name, said in wanted.items():
            text = prose_of(reporting.build(book.session, name, period, period.last, words={}).document)
            assert [sentence for sentence in said if sentence not in text] == [], (name, code)


def sheet_rows(built: Built) -> list[tuple[object, ...]]:
    page = openpyxl.load_workbook(io.BytesIO(reporting.render(built, "xlsx"))).active
    assert page is not None
    return [tuple(row) for row in page.iter_rows(values_only=True)]


def shown(cell: object) -> str:
    return f"{cell:.2f}" if isinstance(cell, float) else str(cell)


def test_the_quality_of_the_branches_is_what_was_counted(book: Audited) -> None:
    for code in book.codes[:3]:
        period = parse_period(code)
        built = reporting.build(book.session, "assessment", period, period.last)
        printed = next(iter(rows_of(built.document).values()))
        typed = {"".join(str(row[0]).split()): row for row in sheet_rows(built)}
        for unit, row in others.assessment(book.plain, period.first, period.last).items():
            kept = printed[unit]
            assert [*kept[:3], *kept[5:]] == row, (code, unit)
            cells = [*typed[unit][1:3], typed[unit][3], *typed[unit][6:8], typed[unit][8]]
            assert [
                f"{float(str(cell)):.2f}" if "." in want else shown(cell) for cell, want in zip(cells, row, strict=True)
            ] == row


def test_the_crossed_table_is_what_was_counted_on_paper_and_in_excel(book: Audited) -> None:
    for code in book.codes[:3]:
        period = parse_period(code)
        built = reporting.build(book.session, "complaint-table", period, period.last, subject="category-cause")
        counted = others.crossed(book.plain, period.first, period.last)
        table = next(block for block in blocks_of(built.document) if isinstance(block, Table))
        heads = [short("".join(column.title.split())) for column in table.columns]
        lines = {"".join(row[0].split()): dict(zip(heads[1:], row[1:], strict=True)) for row in table.rows}
        assert {key: int(lines[key[0]][key[1]]) for key in counted} == dict(counted)
        whole = sum(counted.values())
        assert lines["合计"]["合计"] == str(whole)
        assert lines["占比(%)"]["合计"] == lines["合计"]["占比(%)"] == pct(whole, whole)
        typed = sheet_rows(built)
        start = next(place for place, row in enumerate(typed) if row[0] == "业务类别") + 1
        for cells, row in zip(typed[start:], table.rows, strict=False):
            said = [
                f"{float(str(cell)):.2f}" if "." in text else str(cell) for cell, text in zip(cells, row, strict=True)
            ]
            assert said[1:] == list(row[1:]), row[0]


def test_charts_answers_and_statistics_say_the_same(book: Audited) -> None:
    for code in book.codes[:3]:
        period = parse_period(code)
        expected = Expected(book.plain, period.first, period.months, period.last)
        now, figures = expected.now, others.key_figures(expected)
        board = reporting.build(book.session, "dashboard", period, period.last).document.blocks[0]
        assert isinstance(board, Figure)
        assert isinstance(board.spec, Dashboard)
        keys = {item.label: item.value + (item.unit if item.unit == "件" else "") for item in board.spec.figures}
        assert {label: keys[label] for label in figures} == figures
        told = complaint_statistics.as_json(complaint_statistics.statistics(book.session, period))
        closed = len(now.closed)
        assert (told["total"], told["closed"], told["closed_in_period"]) == (
            len(now.received),
            now.received_closed,
            closed,
        )
        assert told["satisfaction_rate"] == pct(*now.judged[::-1])
        assert told["in_time_rate"] == pct(now.in_time, closed)
        answers = "".join(quick_answers.answers(book.session, period).values())
        late = sum(one.overdue for one in now.ending)
        if late:
            assert f"还有{len(now.ending):,}件投诉未办结，其中{late:,}件已超过期限。" in answers
        if now.judged[0]:
            followed, satisfied = now.judged
            assert f"有效回访{followed:,}件，满意{satisfied:,}件，满意度{pct(satisfied, followed)}%。" in answers


def test_charts_show_what_was_counted(book: Audited) -> None:
    for code, day in (("2026-10", date(2026, 10, 31)), ("2026", date(2026, 10, 3)), ("2026Q3", date(2026, 12, 20))):
        period = parse_period(code)
        expected = Expected(book.plain, period.first, period.months, min(day, period.last))
        charts = {chart.key: chart for chart in complaint_charts.build(book.session, period, day, Method()).charts}
        for key, what in DIMENSIONS.items():
            name = expected.names[what]
            now, year_ago = (
                by_name((one.case for one in span.received), name) for span in (expected.now, expected.year_ago)
            )
            bars = {mark.name: mark for mark in charts[key].marks}
            assert {label: mark.value for label, mark in bars.items()} == {short(label): now[label] for label in now}
            assert {label: mark.last_year for label, mark in bars.items()} == {short(one): year_ago[one] for one in now}
        open_now = count(book.plain, period.first, day, day).ending
        waiting = {mark.name: mark.value for mark in charts["ageing"].marks}
        assert sum(waiting.values()) == len(open_now)
        assert waiting.get("7 天内", 0) == sum((day - one.case.received).days <= 7 for one in open_now)
        kept = {mark.name: mark.value for mark in charts["timeliness"].marks}
        now_ = expected.now
        late = sum(one.overdue for one in now_.ending)
        assert list(kept.values()) == [
            now_.plain,
            now_.in_time - now_.plain,
            len(now_.closed) - now_.in_time,
            len(now_.ending) - late,
            late,
        ]
        starts = [date(period.last.year, number, 1) for number in range(1, day.month + 1)]
        received = [len(count(book.plain, start, end_of(start, 1), day).received) for start in starts]
        assert [mark.value for mark in charts["trend"].marks] == received


def test_the_workbench_says_of_this_month_what_the_report_says(book: Audited) -> None:
    seen, first = complaint_month.month_view(book.session, TODAY), TODAY.replace(day=1)
    expected = Expected(book.plain, first, 1, TODAY)
    for found, wanted in ((seen.now, expected.now), (seen.before, expected.before)):
        counts = (len(wanted.received), len(wanted.closed), wanted.in_time)
        assert (found.received.count, found.closed.count, found.closed_in_time.count) == counts
    year = [
        count(book.plain, date(TODAY.year, number, 1), end_of(date(TODAY.year, number, 1), 1), TODAY)
        for number in range(1, 13)
    ]
    assert list(seen.this_year) == [len(month.received) for month in year]
