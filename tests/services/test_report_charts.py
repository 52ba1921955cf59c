"""Charts in reports and the page with all of them: real books, real PDF and Word files read back."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.services.report_text import written
from tests.services.support import COMPLAINT, Clock, a_complaint, new_book, pdf_text
from xiaobao_desktop.domain.ledgers import ledger
from xiaobao_desktop.domain.numbers import percent
from xiaobao_desktop.domain.period import month, parse_period
from xiaobao_desktop.domain.statistics import Method
from xiaobao_desktop.services import (
    attachments,
    chart_targets,
    complaint_statistics,
    filing,
    records,
    report_states,
    report_words,
    reporting,
    undo,
)
from xiaobao_desktop.services.chart_targets import Target
from xiaobao_desktop.services.filing import Details
from xiaobao_desktop.services.report_words import KeptChart, Place, Words
from xiaobao_desktop.services.reporting import Built
from xiaobao_desktop.services.session import Session

FILING = ledger("filing")
OCTOBER, YEAR = month(2026, 10), parse_period("2026")
PLACE = Place("monthly", "2026-10")
BRANCHES = KeptChart(COMPLAINT.key, "branch", "2026", section="problems", title="投诉按网点")
TREND = KeptChart(COMPLAINT.key, "trend", "2026-10", "closed", merge_repeats=True)


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """A book with two complaints of October and one of November, on 3 November 2026."""
    opened = new_book(tmp_path / "账簿", Clock())
    for received in ("2026-10-08", "2026-10-20", "2026-11-02"):
        records.save(opened, COMPLAINT, a_complaint(received, category="B.01", cause="C.01", phone="13907991234"))
    yield opened
    opened.close()


def monthly(session: Session) -> Target:
    return next(target for target in chart_targets.targets(session, OCTOBER) if target.place == PLACE)


def printed(session: Session, built: Built, folder: Path) -> str:
    return pdf_text(written(built, folder, "pdf"))


def test_a_chart_goes_into_the_printed_and_the_word_report(session: Session, tmp_path: Path) -> None:
    report_words.keep(session, PLACE, Words({"problems": "公示不及时。", "next_steps": "加强检查。"}), "月报")
    assert chart_targets.put_in(session, monthly(session), BRANCHES)
    assert chart_targets.put_in(session, monthly(session), TREND)
    assert not chart_targets.put_in(session, monthly(session), KeptChart(COMPLAINT.key, "branch", "2026"))
    assert len(monthly(session).charts) == 2
    built = reporting.build(session, "monthly", OCTOBER)
    text = printed(session, built, tmp_path)
    # The figures go up to the report's own day of view, whatever came later.
    first = "图2投诉按网点（2026年，至10月31日，按收到日期）"
    second = "图3投诉各月办结（2026年10月，按办结日期、重复并计）"
    assert text.index("存在问题") < text.index(first) < text.index("下一步工作") < text.index(second)
    assert "未填写2100.00%" in text
    with ZipFile(io.BytesIO(reporting.render(built, "docx"))) as word:
        body = word.read("word/document.xml").decode()
        assert "图2  投诉按网点（2026年，至10月31日，按收到日期）" in body
        assert len([name for name in word.namelist() if name.startswith("word/media/")]) == 3


def test_putting_in_is_one_step_of_history_and_belongs_to_one_report(session: Session) -> None:
    chart_targets.put_in(session, monthly(session), BRANCHES)
    assert undo.last_operation(session) == "把图放进2026年10月消保工作月报"
    assert report_words.read(session, PLACE).charts == (BRANCHES,)
    assert report_words.read(session, Place("monthly", "2026-11")).charts == ()
    assert report_words.earlier(session, Place("monthly", "2026-11"), ("problems",)) is None
    state = next(one for one in report_states.states(session, OCTOBER) if one.name == "monthly")
    assert state.drafted
    undo.undo(session)
    assert report_words.read(session, PLACE) == Words()


def test_what_is_being_typed_stays_when_a_chart_comes(session: Session) -> None:
    report_words.keep_draft(session, PLACE, Words({"problems": "公示不及时。"}, ("overdue",)))
    chart_targets.put_in(session, monthly(session), BRANCHES)
    assert report_words.read(session, PLACE) == Words({"problems": "公示不及时。"}, ("overdue",), (BRANCHES,))
    report_words.keep_draft(session, PLACE, Words({}, (), (BRANCHES, TREND)))
    assert report_words.read(session, PLACE).charts == (BRANCHES, TREND)


def test_a_filed_report_keeps_its_chart(session: Session, tmp_path: Path) -> None:
    chart_targets.put_in(session, monthly(session), BRANCHES)
    draft = filing.prepare(session, "monthly", OCTOBER)
    details = Details(date(2026, 11, 2))
    contents = filing.render(draft, details)
    record = filing.file(session, draft, details, contents).record
    report_words.keep(session, PLACE, Words(), "月报")
    assert record.id is not None
    kept = next(one for one in attachments.list_of(session, FILING, record.id) if one.name.endswith(".pdf"))
    (tmp_path / "定稿.pdf").write_bytes(attachments.open_bytes(session, kept.id))
    assert "图2投诉按网点" in pdf_text(tmp_path / "定稿.pdf")
    assert "图2投诉按网点" not in printed(session, reporting.build(session, "monthly", OCTOBER), tmp_path)


def test_what_another_version_put_in_does_no_harm(session: Session, tmp_path: Path) -> None:
    foreign = {"subject": "x", "chart": "y", "period": "2026"}
    odd = [foreign, {"shape": "round"}, 7, _kept("2026年份"), {**_kept("2026"), "basis": "moon"}, _kept("2026")]
    with session.book.transaction("另一个版本", session.user, session.now()) as writing:
        writing.set_setting(PLACE.key, json.dumps({"texts": {}, "settled": [], "charts": odd}))
    assert len(report_words.read(session, PLACE).charts) == 3
    text = printed(session, reporting.build(session, "monthly", OCTOBER), tmp_path)
    assert "图2投诉按网点" in text
    assert "图3" not in text


def _kept(period: str) -> dict[str, str]:
    return {"subject": COMPLAINT.key, "chart": "branch", "period": period}


def test_only_reports_with_parts_of_her_own_are_offered_those_of_the_period_first(session: Session) -> None:
    titles = [target.title for target in chart_targets.targets(session, OCTOBER)]
    assert titles[0] == "2026年10月消保工作月报"
    assert "2026年第三季度消保工作季报" in titles
    assert not any("统计表" in title or "台账" in title or "活动总结" in title for title in titles)
    assert chart_targets.targets(session, YEAR)[0].title == "2026年度消保工作报告"


def test_the_dashboard_is_one_page_with_the_figures_of_the_statistics(filled: Session, tmp_path: Path) -> None:
    built = reporting.build(filled, "dashboard", OCTOBER)
    file = written(built, tmp_path, "pdf")
    text = pdf_text(file)
    assert file.read_bytes().count(b"/Type /Page\n") == 1
    found = complaint_statistics.statistics(filled, OCTOBER, OCTOBER.last).figures
    assert "2026年10月消费者权益保护数据看板" in text
    assert "填报机构：某某农村商业银行" in text
    assert "口径：按收到日期统计，仅含投诉，重复投诉各计一件" in text
    assert "数据截至2026年10月31日" in text
    for figure in (f"{found.received.count}件", f"{found.closed.count}件", f"{percent(found.closed_rate)}%"):
        assert figure in text
    shown = ("各月受理", "按业务类别", "按来源", "业务类别×投诉原因", "按投诉原因", "按网点", "办理时效", "办结用时")
    assert all(title in text for title in (*shown, "在办时长", "参训覆盖", "按专项活动"))
    assert reporting.render(built, "pdf") == file.read_bytes(), "the same figures give the same bytes"


def test_the_dashboard_of_an_empty_book_says_so_and_follows_the_method(session: Session, tmp_path: Path) -> None:
    empty = printed(session, reporting.build(session, "dashboard", month(2026, 3)), tmp_path)
    assert empty.count("本期没有记录") >= 6
    assert "0件" in empty
    assert "—" in empty
    closed = reporting.build(session, "dashboard", OCTOBER, method=Method("closed", merge_repeats=True))
    text = printed(session, closed, tmp_path)
    assert "各月办结" in text
    assert "口径：按办结日期统计分类，仅含投诉，重复投诉并计一件" in text
    assert reporting.render(closed, "docx")[:2] == b"PK"


def test_the_dashboard_can_be_filed_with_its_figures(session: Session) -> None:
    draft = filing.prepare(session, "dashboard", OCTOBER)
    assert {figure.key for figure in draft.figures} >= {"received", "closed"}
