"""Numbers in the sentences of a report are those of its tables: both are taken out of the printed PDF."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest

from xiaobao_desktop.domain.period import parse_period
from xiaobao_desktop.services import reporting
from xiaobao_desktop.services.session import Session

Rows = Mapping[str, list[str]]

CAPTION = re.compile(r"^附?表\d+ 按(.+)分类 单位：件$")
ROW = re.compile(r"^(\S.*?) (\d[\d,]* .*)$")
CLAUSE = re.compile(r"^(.+?)(各?)(\d+)件，占比\2(\d+\.\d\d)%(?:，.比(.+))?$")
TAILS = ("其他来源", "其他渠道", "其他业务", "其他原因")


def lines_of(session: Session, folder: Path, name: str, code: str) -> list[str]:
    """The lines of the printed report, page numbers left out."""
    file = reporting.write(reporting.build(session, name, parse_period(code), words={}), folder, "pdf")
    command = ["pdftotext", "-raw", str(file), "-"]
    text = subprocess.run(command, check=True, capture_output=True, text=True, encoding="utf-8").stdout
    return [line for line in text.splitlines() if not re.fullmatch(r"— \d+ —", line)]


def taken_apart(lines: list[str]) -> tuple[str, dict[str, Rows]]:
    """The sentences without blanks, and the breakdown tables by what they break down by."""
    tables: dict[str, Rows] = {}
    prose: list[str] = []
    rows: dict[str, list[str]] | None = None
    for line in lines:
        caption = CAPTION.match(line)
        if caption:
            rows = tables[caption[1]] = {}
        elif rows is None:
            prose.append(line)
        elif row := ROW.match(line):
            name = row[1].replace(" ", "")
            rows[name] = row[2].split()
            if name == "合计":
                rows = None
    return "".join("".join(prose).split()), tables


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
    [("monthly", "2026-10"), ("quarterly", "2026Q3"), ("annual", "2026"), ("complaint-analysis", "2026")],
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
        "期末在办（件）": r"末未结(\d+)件",
    }
    for row, pattern in patterns.items():
        found = re.search(pattern, head)
        assert found, row
        assert found[1] == table[row], row
