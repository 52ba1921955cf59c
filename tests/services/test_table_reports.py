"""消费投诉统计表 and 台账 of a real book: paper and Excel read back against counts made from the source file."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from tests.services.report_text import written
from tests.services.support import COMPLAINT, a_complaint, filed_rows, new_book, pdf_text
from xiaobao_desktop.domain.period import month, parse_period
from xiaobao_desktop.services import records, reporting
from xiaobao_desktop.services.reporting import NothingToReport
from xiaobao_desktop.services.session import Session

YEAR, OCTOBER = parse_period("2025"), month(2026, 10)


def workbook_rows(file: Path) -> list[tuple[object, ...]]:
    page = openpyxl.load_workbook(file).active
    assert page is not None
    return [tuple(row) for row in page.iter_rows(values_only=True)]


def test_every_cell_of_the_table_is_the_count_of_the_source(filled: Session, tmp_path: Path) -> None:
    built = reporting.build(filled, "complaint-table", YEAR, subject="category-cause")
    rows = workbook_rows(written(built, tmp_path, "xlsx"))
    heads = rows[2]
    counted = {str(row[0]): dict(zip(heads[1:-2], row[1:-2], strict=True)) for row in rows[3:] if row[0]}
    source = [row for row in filed_rows() if row["收到日期"] in YEAR]
    causes = Counter(str(row["投诉原因"]).removeprefix("因").removesuffix("引起的投诉") for row in source)
    assert counted["合　计"] == {head: causes.get(str(head), 0) for head in heads[1:-2]}
    assert rows[-4][-2] == len(source), "the sum of the sums"
    tops = Counter(str(row["业务类别"]) for row in source)
    assert {
        name: sum(int(str(count)) for count in line.values()) for name, line in counted.items() if name in tops
    } == dict(tops)


def test_paper_and_workbook_of_the_table_agree(filled: Session, tmp_path: Path) -> None:
    for subject in reporting.subjects(filled, "complaint-table", YEAR):
        built = reporting.build(filled, "complaint-table", YEAR, subject=subject.key)
        text = pdf_text(written(built, tmp_path, "pdf"))
        rows = workbook_rows(written(built, tmp_path, "xlsx"))
        total = next(row for row in rows if row[0] == "合　计")
        assert "合计" + "".join(str(cell) for cell in total[1:-1]) + "100.00" in text, subject.label
        assert f"（{subject.label}）" in text
        assert "不作调整，合计可能不等于100%" in text


def test_the_bank_card_is_one_line_or_told_by_its_kinds(filled: Session, tmp_path: Path) -> None:
    def first_column(subject: str) -> dict[str, object]:
        built = reporting.build(filled, "complaint-table", YEAR, subject=subject)
        return {str(row[0]): row[-2] for row in workbook_rows(written(built, tmp_path, "xlsx"))}

    whole, split = first_column("category-cause"), first_column("category-split-cause")
    assert "借记卡" not in whole
    assert "银行卡" not in split
    kinds = [count for name, count in split.items() if "卡" in name and isinstance(count, int)]
    assert sum(kinds) == whole["银行卡"]


@pytest.mark.parametrize("file_format", ["pdf", "xlsx"])
def test_the_printed_ledger_lists_the_month_masked(filled: Session, tmp_path: Path, file_format: str) -> None:
    built = reporting.build(filled, "ledger", OCTOBER, subject="complaint")
    file = written(built, tmp_path, file_format)
    names = [str(row["投诉人"]) for row in filed_rows() if row["收到日期"] in OCTOBER]
    assert names
    if file_format == "pdf":
        text = pdf_text(file)
        assert f"共{len(names)}件" in text
        assert "个人信息已遮蔽" in text
        shown = text
    else:
        rows = workbook_rows(file)
        head = rows[2]
        days = [row[head.index("收到日期")] for row in rows[3:] if row[0] and str(row[0]).isdigit()]
        assert len(days) == len(names)
        assert all(isinstance(day, datetime) for day in days)
        assert head.count("处理结果") == 1, "the workbook has every field"
        shown = str(rows)
    assert not [name for name in names if name in shown]


def test_every_filled_ledger_has_a_paper_of_its_own(filled: Session, tmp_path: Path) -> None:
    made = reporting.build_all(filled, "ledger", OCTOBER)
    assert [built.document.title[0] for built in made] == ["消费投诉台账", "机构台账"]
    assert len({built.file_name for built in made}) == len(made)
    text = pdf_text(written(made[-1], tmp_path, "pdf"))
    assert "个人信息已遮蔽" not in text, "nothing there is masked"


def test_a_ledger_without_records_says_so(filled: Session) -> None:
    with pytest.raises(NothingToReport, match="换一个期间"):
        reporting.build(filled, "ledger", month(2031, 1), subject="complaint")


def test_a_case_without_category_is_counted_as_unfilled(tmp_path: Path) -> None:
    session = new_book(tmp_path / "book")
    records.save(session, COMPLAINT, a_complaint("2026-10-08"))
    built = reporting.build(session, "complaint-table", OCTOBER, subject="category-cause")
    found = workbook_rows(written(built, tmp_path, "xlsx"))
    session.close()
    assert {row[0]: row[-2] for row in found if row[0] in ("未填写", "合　计", "贷款")} == {
        "贷款": 0,
        "未填写": 1,
        "合　计": 1,
    }


def test_the_assessment_counts_quality_and_not_numbers(filled: Session, tmp_path: Path) -> None:
    built = reporting.build(filled, "assessment", YEAR)
    rows = workbook_rows(written(built, tmp_path, "xlsx"))
    shown = {str(row[0]): row[1:] for row in rows[3:] if row[1] is not None}
    ended = [row for row in filed_rows() if row["办结日期"] in YEAR]
    assert shown["合　计"][0] == len(ended)
    for branch in {str(row["被投诉机构"]) for row in ended}:
        own = [row for row in ended if row["被投诉机构"] == branch]
        satisfied = sum(row["满意度"] in ("满意", "基本满意") for row in own)
        followed = sum(bool(row["满意度"]) for row in own)
        assert (shown[branch][0], shown[branch][5], shown[branch][6]) == (len(own), followed, satisfied), branch
    assert sum(int(str(line[0])) for name, line in shown.items() if name != "合　计") == len(ended)
    text = pdf_text(written(built, tmp_path, "pdf"))
    assert "本表不排名次" in text


def test_a_late_or_incomplete_case_is_not_sound(tmp_path: Path) -> None:
    session = new_book(tmp_path / "book")
    for closed in ("2026-10-10", "2026-10-31"):
        ended = records.save(session, COMPLAINT, a_complaint("2026-10-08", branch=None)).record
        steps = [*ended.children["step"], {"kind": "withdraw", "happened_on": closed}]
        records.save(session, COMPLAINT, type(ended)(ended.values, {"step": tuple(steps)}, ended.id))
    rows = workbook_rows(written(reporting.build(session, "assessment", OCTOBER), tmp_path, "xlsx"))
    session.close()
    closed_in_october = next(row for row in rows if row[0] == "未填写")
    assert closed_in_october[1:6] == (2, 1, 50, 0, 0), "one in time, none complete"
