"""Numbers in the sentences of a report are those of its tables: both are taken out of the printed PDF."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest

from tests.services.report_text import Rows, lines_of, taken_apart
from tests.services.support import Clock
from xiaobao_desktop.services import books, demo
from xiaobao_desktop.services.session import Session

CLAUSE = re.compile(r"^(.+?)(各?)(\d+)件，占比\2(\d+\.\d\d)%(?:，.比(.+))?$")
TAILS = ("其他来源", "其他渠道", "其他业务", "其他原因")


def percent(part: int, whole: int) -> str:
    return str((Decimal(part) * 100 / Decimal(whole)).quantize(Decimal("0.01"), ROUND_HALF_UP))


def named(text: str, rows: Rows) -> list[str]:
    """The names of table rows in the head of a clause; nothing else may stand there."""
    found = []
    spoken = {form: name for name in rows for form in (f"因{name}引起的投诉", name)}
    for form in sorted(spoken, key=len, reverse=True):
        if form in text:
            text = text.replace(form, "", 1)
            found.append(spoken[form])
    assert text.strip("、") == "", f"no row of the table: {text}"
    return found


def check_breakdown(sentence: str, rows: Rows, base: int | None) -> int:
    """Compare one sentence with its table; ``base`` is the column of the change it tells. How many rows it told."""
    told: dict[str, int] = {}
    total = int(rows["合计"][0])
    body = re.sub(r"；[^；]*?(?<!\d)0件$", "", sentence)
    for clause in body.split("；"):
        match = CLAUSE.match(clause)
        assert match, clause
        head, count, share, change = match[1], int(match[3]), match[4], match[5]
        if head in TAILS and head not in rows:
            rest = [int(cells[0]) for name, cells in rows.items() if name != "合计" and name not in told]
            assert (count, share) == (sum(rest), percent(sum(rest), total)), clause
            continue
        names = named(head, rows)
        assert bool(match[2]) == (len(names) > 1), clause
        for name in names:
            assert rows[name][:2] == [str(count), share], clause
            told[name] = count
        if change:
            assert base is not None
            check_change(change, rows[names[0]], base)
    assert sum(told.values()) <= total
    return len(told)


def check_change(words: str, cells: list[str], base: int) -> None:
    """增加1件、上升20.00% against the columns of the base, the change and the growth."""
    before, change, growth = cells[base : base + 3]
    if change == "0":
        assert words == "持平"
        return
    amount = f"{'增加' if change.startswith('+') else '减少'}{change.lstrip('+−')}件"
    if before == "0":
        assert words.startswith(f"{amount}（")
    else:
        assert words == f"{amount}、{'上升' if growth.startswith('+') else '下降'}{growth.lstrip('+−')}%"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("monthly", "2026-10"),
        ("quarterly", "2026Q3"),
        ("half-year", "2026H1"),
        ("annual", "2026"),
        ("complaint-analysis", "2026"),
    ],
)
def test_the_sentences_say_what_the_tables_say(filled: Session, tmp_path: Path, name: str, code: str) -> None:
    lines = lines_of(filled, tmp_path, name, code)
    prose, tables = taken_apart(lines)
    told = 0
    for label, rows in tables.items():
        sentence = re.search(rf"（.）按{label}分类。(.*?)。", prose)
        if sentence is None or label == "被投诉机构":
            continue
        told += check_breakdown(sentence[1], rows, 2)
        counts = [int(cells[0]) for row, cells in rows.items() if row != "合计"]
        assert sum(counts) == int(rows["合计"][0])
    assert told >= 8, "sentences were compared"
    totals = {int(rows["合计"][0]) for rows in tables.values()}
    received = re.search(r"受理(?:金融)?消费者?投诉(\d+)件，[环同]比(.+?)[，；]", prose)
    assert received
    assert totals == {int(received[1])}
    if name == "complaint-analysis":
        check_change(received[2], tables["业务类别"]["合计"], 2)
    else:
        check_headline(prose, lines)


def check_headline(prose: str, lines: list[str]) -> None:
    """The first table of the report of a period against its first two paragraphs."""
    start = lines.index("表1 消费投诉办理主要指标")
    table = {line.split()[0]: line.split()[1] for line in lines[start + 1 : start + 11] if " " in line}
    head = prose[: prose.index("表1消费投诉办理主要指标")]
    patterns = {
        "受理投诉（件）": r"受理消费投诉(\d+)件",
        "其中：期末已办结": r"；办结(\d+)件，办结率",
        "办结率（%）": r"；办结\d+件，办结率([\d.]+)%",
        "办结投诉（含结转，件）": r"共办结投诉(\d+)件",
        "及时率（%）": r"及时率([\d.]+)%",
        "期末在办（件）": r"件，\S+?未结(\d+)件。",
    }
    for row, pattern in patterns.items():
        found = re.search(pattern, head)
        assert found, row
        assert found[1] == table[row], row


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """The demo book with some of its complaints, and all of its trainings and activities."""
    folder = tmp_path_factory.mktemp("shown") / "book"
    demo.make_demo(folder, complaints=60)
    session = books.open_book(folder, None, clock=Clock())
    yield session
    session.close()


def total_of(lines: list[str], caption: str) -> list[str]:
    """The cells of the last row of a table."""
    start = next(place for place, line in enumerate(lines) if line.startswith(caption))
    return next(line for line in lines[start:] if line.startswith("合 计 ")).split()[2:]


def numbers(pattern: str, prose: str) -> list[str]:
    """The numbers of a sentence, which has to be there."""
    found = re.search(pattern, prose)
    assert found, pattern
    return list(found.groups())


@pytest.mark.parametrize(
    ("name", "code"),
    [("monthly", "2026-09"), ("quarterly", "2026Q3"), ("half-year", "2026H1"), ("annual", "2026")],
)
def test_trainings_and_activities_are_those_of_the_annex(shown: Session, tmp_path: Path, name: str, code: str) -> None:
    lines = lines_of(shown, tmp_path, name, code)
    prose, tables = taken_apart(lines)
    told = numbers(r"开展培训(\d+)次，应到([\d,]+)人次，实到([\d,]+)人次，参训率([\d.]+)%", prose)
    assert told == total_of(lines, "附表1 教育培训情况")[:4]
    told = numbers(
        r"开展活动(\d+)场次.*?；参与员工([\d,]+)人次，受众([\d,]+)人次，发放资料([\d,]+)份，解答咨询([\d,]+)人次"
        r".*?投入费用([\d,.]+)元",
        prose,
    )
    assert told == total_of(lines, "附表2 宣传教育情况")[:6]
    if name == "annual":
        received, trainings, events = (r"；受理投诉(\d+)件、", r"；开展培训(\d+)次", r"开展宣传教育(\d+)场次")
        assert numbers(received, prose) == [tables["业务类别"]["合计"][0]]
        assert numbers(trainings, prose) == total_of(lines, "附表1 教育培训情况")[:1]
        assert numbers(events, prose) == total_of(lines, "附表2 宣传教育情况")[:1]


TRAINING_ROW = re.compile(r"^\d+ \d{4}-\d\d-\d\d .+ (\S+) (\d+) (\d+) ([\d.]+)$")
COVERAGE_ROW = re.compile(r"^(\S+人员) (\d+) (\d+) (\d+) (\d+) ([\d.]+)$")


def test_the_training_summary_tells_its_two_tables(shown: Session, tmp_path: Path) -> None:
    lines = lines_of(shown, tmp_path, "training", "2026")
    rows = [match.groups() for line in lines if (match := TRAINING_ROW.match(line))]
    coverage = [match.groups() for line in lines if (match := COVERAGE_ROW.match(line))]
    prose = "".join(line for line in lines if not TRAINING_ROW.match(line) and not COVERAGE_ROW.match(line))
    prose = re.sub(r"表1 培训开展情况.*?学时", "", "".join(prose)).replace(" ", "")
    expected, attended = (sum(int(row[place]) for row in rows) for place in (1, 2))
    told = numbers(r"共组织培训(\d+)次.*?应到([\d,]+)人次，实到([\d,]+)人次，参训率([\d.]+)%；累计学时([\d.]+)", prose)
    hours = sum(Decimal(row[3]) for row in rows)
    assert [word.replace(",", "") for word in told[:4]] == [
        str(len(rows)),
        str(expected),
        str(attended),
        percent(attended, expected),
    ]
    assert Decimal(told[4]) == hours
    by_category = Counter(row[0] for row in rows)
    assert {
        name: int(count)
        for name, count in re.findall(r"([^，；。看]+?)(\d+)次[，；]", numbers(r"从培训类别看，(.*?；)", prose)[0])
    } == by_category
    assert len(coverage) == 3
    for group, _times, _people, staff, reached, rate in coverage:
        assert f"{group}在册{staff}人，已参训{reached}人，覆盖率{rate}%" in prose


def test_the_campaign_summary_tells_its_table(shown: Session, tmp_path: Path) -> None:
    lines = lines_of(shown, tmp_path, "campaign", "2026")
    prose, _tables = taken_apart(lines)
    table = " ".join(lines[lines.index("机构 日期 活动名称 地点 场次 受众人次") + 1 :])
    rows = re.findall(r"(\S+) \d{4}-\d\d-\d\d .+? (\d+) ([\d,]+)(?= )", table)
    told = numbers(r"共开展活动(\d+)次、(\d+)场次，参加机构(\d+)家；.*?受众([\d,]+)人次", prose)
    sessions, audience = total_of(lines, "表1 各机构活动开展情况")
    assert told == [str(len(rows)), sessions, str(len({unit for unit, *_more in rows})), audience]
    assert sum(int(one) for _unit, one, _people in rows) == int(sessions)
    assert sum(int(people.replace(",", "")) for _unit, _one, people in rows) == int(audience.replace(",", ""))


def test_reports_without_tables_say_what_the_years_tables_say(shown: Session, tmp_path: Path) -> None:
    year = lines_of(shown, tmp_path, "annual", "2026")
    _prose, tables = taken_apart(year)
    total = tables["投诉来源"]["合计"][0]
    trainings, events = total_of(year, "附表1 教育培训情况"), total_of(year, "附表2 宣传教育情况")
    for name in ("implementation", "summary"):
        prose = "".join("".join(lines_of(shown, tmp_path, name, "2026")).split())
        assert numbers(r"受理(?:消费者)?投诉(\d+)件", prose) == [total], name
        assert numbers(r"组织消保培训(\d+)次，参训([\d,]+)人次", prose) == [trainings[0], trainings[2]], name
        assert numbers(r"宣传教育(\d+)场次", prose) == events[:1], name
        told = numbers(r"参与员工([\d,]+)人次，受众([\d,]+)人次，发放资料([\d,]+)份，解答咨询([\d,]+)人次", prose)
        assert told == events[1:5], name
        if name == "summary":
            for category, count in re.findall(r"(?:集中在|、)([^、（）]+)（(\d+)件）", prose):
                assert tables["业务类别"][category][0] == count
        else:
            for label, heading in (("投诉来源", "投诉来源"), ("投诉业务类别", "业务类别"), ("投诉原因", "投诉原因")):
                (sentence,) = numbers(rf"按{label}分类：(.*?)。", prose)
                assert check_breakdown(sentence, tables[heading], None)
