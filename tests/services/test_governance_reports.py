"""Reports on policies, meetings, reviews, rectifications and runs: Word and Excel read back, days of view, nothing."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tests.services.report_text import written
from tests.services.sample_book import sample_book
from tests.services.support import Clock, new_book, pdf_text
from xiaobao_desktop.domain.fields import Record, Value
from xiaobao_desktop.domain.ledgers import inspection, rectification
from xiaobao_desktop.domain.period import parse_period
from xiaobao_desktop.reports.document import Document, Heading, Paragraph
from xiaobao_desktop.services import (
    checking,
    filing,
    filing_changes,
    inspection_run,
    inspection_view,
    month_close,
    records,
    report_suggestions,
    reporting,
)
from xiaobao_desktop.services.filing import Details
from xiaobao_desktop.services.reporting import NothingToReport
from xiaobao_desktop.services.session import Session

YEAR = parse_period("2026")
EARLY = date(2026, 3, 22)
"""After the first two were finished and before they were verified."""


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """The book of the samples. Read only."""
    session = sample_book(tmp_path_factory.mktemp("governance") / "book")
    yield session
    session.close()


def prose(document: Document) -> str:
    """Headings and paragraphs, one a line."""
    return "\n".join(block.text for block in document.blocks if isinstance(block, Heading | Paragraph))


def told(session: Session, name: str, code: str = "2026", as_of: date | None = None) -> str:
    return prose(reporting.build(session, name, parse_period(code), as_of, words={}).document)


def cells(session: Session, name: str) -> list[tuple[object, ...]]:
    import openpyxl

    content = reporting.render(reporting.build(session, name, YEAR, words={}), "xlsx")
    return [row for row in openpyxl.load_workbook(io.BytesIO(content)).active.values if any(row)]


def test_the_list_of_policies_names_what_is_missing(book: Session, tmp_path: Path) -> None:
    rows = cells(book, "policy-list")
    assert [row[:3] for row in rows if row[1] == "投诉处理"] == [(1, "投诉处理", "客户投诉管理办法")]
    assert ("—", "重大事件应急", "尚无有效制度") in [row[:3] for row in rows]
    outside = [row for row in rows if row[1] == "外部法规"]
    assert [row[2] for row in outside] == ["银行保险机构消费者权益保护管理办法"]
    text = pdf_text(written(reporting.build(book, "policy-list", YEAR), tmp_path, "pdf"))
    assert "现行有效3项" in text
    assert "应建立的9类中已有2类，尚缺考核评价、" in text


def test_the_list_of_meetings_follows_each_resolution(book: Session) -> None:
    rows = [row for row in cells(book, "meeting-list") if row[6] is not None]
    kept = [(row[2], row[6], str(row[9]).split("\n")[0]) for row in rows[1:]]
    assert kept == [
        ("消保委员会", "修订考核办法", "已落实"),
        ("消保委员会", "补充消保专岗一名", "逾期未落实"),
        ("董事会", "—", "—"),
    ]
    note = reporting.build(book, "meeting-list", YEAR).sheets[0].notes[0]
    assert "召开会议2次，形成决议2项，截至2026年11月3日已落实1项、未落实1项（其中已过期限1项）" in note
    before = reporting.build(book, "meeting-list", YEAR, date(2026, 5, 1)).sheets[0]
    assert [row[9] for row in before.rows] == ["落实中", "落实中"], "nothing was carried out by then"


def test_the_self_assessment_scores_by_weight(book: Session) -> None:
    rows = cells(book, "evaluation")
    shown = {str(row[2] or row[1]): row[3:6] for row in rows}
    assert shown["董事会和高管层履职"] == (2.5, "符合", 2.5)
    assert shown["牵头部门和人员"] == (2.5, "部分符合", 1.25)
    assert shown["十类内控制度"] == (2.5, "不涉及", "—")
    assert shown["考核与审计"] == (2.5, "未评", "—")
    assert shown["合计"] == (90, None, 3.75)
    assert [row[6] for row in rows if row[2] == "董事会和高管层履职"] == ["董事会听取报告 2 次"]
    figures = {item.key: item for item in checking.figures(book, reporting.build(book, "evaluation", YEAR))}
    assert figures["element:体制机制"].value == "3.75分、权重10.00分"
    assert (figures["score"].value, figures["score"].calculation) == ("75.00分", "3.75÷5.00×100＝75.00")
    assert all(item.state.value == "ok" for item in figures.values())


def test_the_assessment_checks_what_is_sound(book: Session) -> None:
    """及时率 and 合格率 stand on the same cases; one without everything it must have is in time and not sound."""
    figures = {item.key: item for item in checking.figures(book, reporting.build(book, "assessment", YEAR))}
    assert figures["assessed_in_time"].calculation == "3÷3＝100.00%"
    assert figures["sound_rate"].calculation == "0÷3＝0.00%"
    assert (figures["sound"].value, len(figures["sound_rate"].ids)) == ("0件", 3)


def test_the_list_of_rectifications_for_excel_knows_no_later_day(book: Session) -> None:
    (sheet,) = reporting.build(book, "rectification", YEAR, EARLY, words={}).sheets
    finished = date(2026, 3, 20)
    assert [(row[1], row[8], row[9], row[10], row[11]) for row in sheet.rows] == [
        ("内审", finished, "", None, "待验证"),
        ("监管检查", finished, "", None, "待验证"),
    ]
    (today,) = reporting.build(book, "rectification", YEAR, words={}).sheets
    assert [row[11] for row in today.rows] == ["已完成", "已完成", "逾期", "整改中"]
    assert "已完成0项，整改完成率0.00%，未完成2项（完成待验证2项、整改中0项、逾期0项）" in told(
        book, "rectification", as_of=EARLY
    )


def test_word_says_what_the_pdf_says(book: Session, tmp_path: Path) -> None:
    import docx

    for name in ("double-check", "rectification", "station", "progress"):
        built = reporting.build(book, name, YEAR, words={})
        document = docx.Document(str(written(built, tmp_path, "docx")))
        text = "".join(node.text or "" for node in document.element.body.iter() if node.tag.endswith("}t"))
        for line in prose(built.document).splitlines():
            assert line in text, (name, line)


def test_the_monthly_report_tells_of_every_ledger_that_is_used(book: Session) -> None:
    text = told(book, "monthly", "2026-06")
    assert "四、溯源整改情况\n月初未完成整改0项，本月新增0项、完成0项" not in text, "nothing was open in June"
    assert "四、教育培训和宣传教育情况" in text
    assert "五、制度、会议和消保审查情况\n（一）制度建设。本月没有制定、修订或废止制度（0项）；" in text
    assert "（二）会议和决议。本月没有召开消保会议（0次）。" in text
    assert "（三）消保审查。本月收到消保审查3件，完成审查3件，其中同意2件、修改后同意1件；" in text
    assert "六、下月到期事项" in text
    july = told(book, "monthly", "2026-07")
    assert "四、溯源整改情况\n月初未完成整改0项，本月新增1项、完成0项，月末未完成1项，其中逾期0项。" in july
    assert "五、教育培训和宣传教育情况" in july
    october = told(book, "monthly", "2026-10")
    assert "月初未完成整改1项，本月新增1项、完成0项，月末未完成2项，其中逾期1项。本月新增的1项中，双查1项。" in october
    built = reporting.build(book, "monthly", parse_period("2026-10"), words={})
    figures = {item.key: item for item in checking.figures(book, built)}
    assert figures["rectification:ending"].calculation == "1＋1－0＝2"
    assert len(figures["rectification:ending"].ids) == 2
    assert figures["rectification:ending"].ledger == rectification.LEDGER.key


def test_a_year_without_a_record_writes_its_zeros(tmp_path: Path) -> None:
    session = new_book(tmp_path / "book", Clock())
    text = told(session, "annual")
    assert "本年调整组织0个；调整制度0个；消保评估产品和服务0个；受理投诉0件、办结0件；" in text
    assert "本年没有制定、修订或废止制度（0项）" in text
    assert "本年没有收到消保审查（0件）" in text
    assert "本年外部检查发现问题0项。" in text
    assert "2026年没有需要整改的事项（0项）。" in told(session, "rectification")
    with pytest.raises(NothingToReport, match="用“双查”检查表登记一次检查"):
        told(session, "double-check")
    session.close()


def test_a_run_of_which_only_the_result_is_known_is_told(tmp_path: Path) -> None:
    session = new_book(tmp_path / "book", Clock())
    values: dict[str, Value] = {"begun_on": "2025-12-28", "finished_on": "2026-01-05", "checklist": "double_check"}
    values |= {"name": "2025年双查", "problems": "年报披露不充分。\n内审未覆盖网点。", "conclusion": "共发现问题2项。"}
    records.save(session, inspection.LEDGER, Record(values))
    text = told(session, "double-check", "2025")
    assert "我行于2025年12月28日至2026年1月5日开展了“双查”工作。" in text
    assert "二、“双查”情况\n共发现问题2项。" in text
    assert "三、存在问题\n一是年报披露不充分；二是内审未覆盖网点。" in text
    assert "针对上述2项问题，我行正在逐项研究整改措施，明确责任部门和完成期限。" in text
    session.close()


def test_a_late_rectification_suggests_what_to_write(book: Session) -> None:
    for name in ("rectification", "annual"):
        built = reporting.build(book, name, YEAR, words={})
        assert built.request is not None
        found = report_suggestions.suggestions(book, reporting.kind(name), built.request)
        told = {item.section: item.text for item in found if item.id.startswith("late")}
        assert told["problems"].endswith("有整改事项1项逾期未完成，整改责任落实不到位。")
        assert told["next_steps"].startswith("对逾期未完成的1项整改逐项说明原因")


def test_what_each_ledger_lacks_has_a_line_of_its_own_at_the_months_close(book: Session) -> None:
    """A gap of the policies once stood on the line about training."""
    lines = {line.name: line for line in month_close.lines(book, parse_period("2026-10"))}
    trained, policies = lines["培训覆盖三类人员"], lines["制度齐全"]
    assert (trained.words, trained.ledger) == ("中高级管理人员、新入职人员今年尚无场次", "training")
    assert "重大事件应急尚无有效制度" in policies.words
    assert (policies.ledger, policies.state) == ("policy", month_close.State.OPEN)


def test_a_rectification_verified_after_filing_is_a_later_change(tmp_path: Path) -> None:
    session = sample_book(tmp_path / "book")
    draft = filing.prepare(session, "rectification", YEAR)
    contents = {name: name.encode() for name in draft.built.info.formats}
    filed = filing.file(session, draft, Details(date(2026, 11, 3)), contents).record
    rows = records.get(session, rectification.LEDGER, 3)
    done: dict[str, Value] = {
        "finished_on": "2026-11-02",
        "verified_on": "2026-11-03",
        "verdict": "pass",
        "verifier": 4,
    }
    records.save(session, rectification.LEDGER, Record({**rows.values, **done}, {}, 3))
    found = filing_changes.later_changes(session, int(str(filed.id)))
    assert [item.record_id for item in found.items] == [3]
    assert ("完成整改", "2项", "3项") in found.figures
    assert ("逾期整改", "1项", "0项") in found.figures
    session.close()


def test_a_check_that_is_not_finished_tells_what_was_checked(tmp_path: Path) -> None:
    session = new_book(tmp_path / "book", Clock())
    run = int(str(inspection_run.start_run(session, "double_check", begun_on="2026-10-20").record.id))
    first = inspection_view.view(session, run).items[0]
    inspection_run.set_verdict(session, run, first.key, "conform")
    text = told(session, "double-check").replace("\n", "")
    assert "共28项，已检查1项，其中符合1项，尚未检查27项；符合率100.00%（不涉及和尚未检查的不计）。" in text
    assert "共19项，已检查1项，符合1项，尚未检查18项。" in text
    session.close()
