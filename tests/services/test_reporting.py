"""The monthly report of a real book, read back from PDF and Word, against numbers counted from the source file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest

from tests.services.report_text import written
from tests.services.support import Clock, a_complaint, filed_rows, imported, new_book, pdf_text
from xiaobao_desktop.domain.period import Period, month, parse_period
from xiaobao_desktop.domain.statistics import Method, figures
from xiaobao_desktop.errors import UnknownReport
from xiaobao_desktop.files import TargetRefused
from xiaobao_desktop.services import records, reporting
from xiaobao_desktop.services.complaint_rows import case_rows
from xiaobao_desktop.services.options import save_settings
from xiaobao_desktop.services.reporting import AsOfTooEarly, FormatUnknown, PeriodUnfit
from xiaobao_desktop.services.session import Session


def docx_text(file: Path) -> str:
    """All text of a Word file, tables included, without blanks."""
    import docx

    document = docx.Document(str(file))
    return "".join("".join(node.text or "" for node in document.element.body.iter() if node.tag.endswith("}t")).split())


READERS: dict[str, Callable[[Path], str]] = {"pdf": pdf_text, "docx": docx_text}


def percent(part: int, whole: int) -> str:
    return str((Decimal(part) * 100 / Decimal(whole)).quantize(Decimal("0.01"), ROUND_HALF_UP))


def moved(word: str, now: int, base: int) -> str:
    """How the prose says a change."""
    if now == base:
        return f"{word}持平"
    amount = f"{word}{'增加' if now > base else '减少'}{abs(now - base)}件"
    return f"{amount}、{'上升' if now > base else '下降'}{percent(abs(now - base), base)}%"


def received_in(period: Period) -> int:
    return sum(row["收到日期"] in period for row in filed_rows())


@pytest.mark.parametrize("file_format", ["pdf", "docx"])
@pytest.mark.parametrize("span", [month(2026, 10), month(2026, 3)], ids=lambda span: span.code)
def test_the_report_says_what_the_source_file_says(
    filled: Session, tmp_path: Path, span: Period, file_format: str
) -> None:
    file = written(reporting.build(filled, "monthly", span), tmp_path / "新 文件夹", file_format)
    assert file.name == f"某某农村商业银行{span.title}消保工作月报.{file_format}"
    text = READERS[file_format](file)
    rows = filed_rows()
    now, before, last_year = (received_in(item) for item in (span, span.before(), span.year_before()))
    number = span.first.month
    assert f"我行本月受理消费投诉{now}件，{moved('环比', now, before)}，{moved('同比', now, last_year)}" in text
    received = [row for row in rows if row["收到日期"] in span]
    ended = sum(bool(row["办结日期"] and row["办结日期"] <= span.last) for row in received)
    assert f"办结{ended}件，办结率{percent(ended, now)}%" in text
    year = received_in(span.year_to_date())
    assert (
        f"1至{number}月累计受理{year}件，{moved('同比', year, received_in(span.year_to_date().year_before()))}" in text
    )
    closed = [row for row in rows if row["办结日期"] in span]
    carried = sum(row["收到日期"] < span.first for row in closed)
    assert f"本月共办结投诉{len(closed)}件" + (f"（含上月结转{carried}件）" if carried else "") in text
    in_time = sum((row["办结日期"] - row["收到日期"]).days <= 15 for row in closed)
    assert f"及时率{percent(in_time, len(closed))}%" in text
    satisfied = sum(row["满意度"] in ("满意", "基本满意") for row in closed)
    followed = sum(bool(row["满意度"]) for row in closed)
    assert f"有效回访{followed}件，满意{satisfied}件，满意度{percent(satisfied, followed)}%" in text
    days = sum((row["办结日期"] - row["收到日期"]).days for row in closed)
    average = (Decimal(days) / len(closed)).quantize(Decimal("0.01"), ROUND_HALF_UP)
    assert f"平均用时{average}日" in text
    opening = sum(r["收到日期"] < span.first and not (r["办结日期"] and r["办结日期"] < span.first) for r in rows)
    ending = opening + now - len(closed)
    assert f"月初未结{opening}件，月末未结{ending}件" in text
    assert f"期初未结{opening}件＋新收{now}件－办结{len(closed)}件＝期末未结{ending}件" in text


@pytest.mark.parametrize("file_format", ["pdf", "docx"])
def test_the_annex_holds_every_count_and_share(filled: Session, tmp_path: Path, file_format: str) -> None:
    span = month(2026, 10)
    text = READERS[file_format](written(reporting.build(filled, "monthly", span), tmp_path, file_format))
    received = [row for row in filed_rows() if row["收到日期"] in span]
    before = Counter(r["被投诉机构"] for r in filed_rows() if r["收到日期"] in span.before())
    now = Counter(row["被投诉机构"] for row in received)
    for name in {row["被投诉机构"] for row in filed_rows()}:
        assert f"{name}{now[name]}{percent(now[name], len(received))}{before[name]}" in text, name
    for head, cut in (("投诉来源", 0), ("业务类别", 0), ("投诉原因", 5)):
        for name, count in Counter(row[head] for row in received).items():
            shown = name[1:-cut] if cut and name.startswith("因") else name
            assert f"{shown}{count}{percent(count, len(received))}" in text, name
    assert "附表1按投诉来源分类" in text
    assert "附表5按被投诉机构分类" in text
    assert "未填写6100.00" in text  # no channel in the source file


def test_pages_name_who_gets_and_who_signs(filled: Session, tmp_path: Path) -> None:
    text = pdf_text(written(reporting.build(filled, "monthly", month(2026, 10)), tmp_path, "pdf"))
    assert "董事会消费者权益保护委员会：" in text
    assert "某某农村商业银行消费者权益保护部2026年11月3日" in text
    assert "制表：王芳" in text


def test_the_day_of_view_is_obeyed_and_printed(filled: Session, tmp_path: Path) -> None:
    day = date(2026, 10, 15)
    built = reporting.build(filled, "monthly", month(2026, 10), day)
    text = pdf_text(written(built, tmp_path, "pdf"))
    count = sum(date(2026, 10, 1) <= row["收到日期"] <= day for row in filed_rows())
    assert 0 < count < 6
    assert f"截至2026年10月15日，我行本月受理消费投诉{count}件" in text
    assert "数据截至2026年10月15日" in text
    with pytest.raises(AsOfTooEarly, match="早于期间的第一天 2026-10-01"):
        reporting.build(filled, "monthly", month(2026, 10), date(2026, 9, 30))


def test_a_month_that_is_not_over_is_seen_as_of_today(tmp_path: Path) -> None:
    session = new_book(tmp_path / "book", Clock(datetime(2026, 11, 20, 9).astimezone()))
    try:
        imported(session)
        text = pdf_text(written(reporting.build(session, "monthly", month(2026, 11)), tmp_path, "pdf"))
    finally:
        session.close()
    assert "截至2026年11月20日，我行本月受理消费投诉0件" in text
    assert "本月未受理消费投诉（0件），不作分类" in text


def test_the_same_book_gives_the_same_bytes(filled: Session) -> None:
    for file_format in ("pdf", "docx"):
        first, second = (
            reporting.render(reporting.build(filled, "monthly", month(2026, 10)), file_format) for _ in range(2)
        )
        assert first == second, file_format


def test_other_words_reckon_no_figure_anew(filled: Session) -> None:
    span, plain = month(2026, 10), Method()
    reporting.build(filled, "monthly", span)
    rows = case_rows(filled)
    before = figures(rows, span, span.last, plain)
    built = reporting.build(filled, "monthly", span, words={"problems": ("柜面排队时间长。",)})
    assert "柜面排队时间长。" in repr(built.document)
    assert case_rows(filled) is rows
    assert figures(rows, span, span.last, plain) is before, "the figures of the first build were taken again"


@pytest.mark.parametrize("text", ["2026Q3", "2026", "2026H1", "2026-10-01..2026-10-31"])
def test_a_wrong_period_is_refused_with_the_right_one(filled: Session, text: str) -> None:
    with pytest.raises(PeriodUnfit, match=r"消保工作月报只能按月出.*2026-10 这样的期间"):
        reporting.build(filled, "monthly", parse_period(text))


def test_unknown_reports_and_formats_are_named(filled: Session, tmp_path: Path) -> None:
    with pytest.raises(UnknownReport, match="quartely"):
        reporting.build(filled, "quartely", month(2026, 10))
    with pytest.raises(FormatUnknown, match="pdf、docx"):
        reporting.save_into(filled, reporting.build(filled, "monthly", month(2026, 10)), tmp_path / "out", "xlsx")
    assert not (tmp_path / "out").exists()
    assert ("monthly", "消保工作月报") in [(item.name, item.title) for item in reporting.reports()]


def test_a_folder_that_cannot_be_made_is_told(filled: Session, tmp_path: Path) -> None:
    (tmp_path / "文件").write_text("", encoding="utf-8")
    built = reporting.build(filled, "monthly", month(2026, 10))
    with pytest.raises(TargetRefused, match="换"):
        reporting.save_into(filled, built, tmp_path / "文件" / "报表", "pdf")
    taken = tmp_path / f"{built.file_name}.pdf"
    taken.mkdir()
    with pytest.raises(TargetRefused):
        reporting.save_into(filled, built, tmp_path, "pdf")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["文件", taken.name])


def test_names_unfit_for_files_are_changed(tmp_path: Path) -> None:
    session = new_book(tmp_path / "book")
    try:
        save_settings(session, short_name='某某/农商行:"一"')
        file = reporting.save_into(session, reporting.build(session, "monthly", month(2026, 10)), tmp_path, "pdf")
    finally:
        session.close()
    assert file.name == "某某_农商行__一_2026年10月消保工作月报.pdf"


def test_cases_due_next_month_and_overdue_ones_are_listed(tmp_path: Path) -> None:
    """Overdue cases of earlier months are told too; a case that is not a complaint is not listed."""
    from tests.services.support import COMPLAINT

    session = new_book(tmp_path / "book")
    try:
        for day, more in (
            ("2026-08-03", {"department": "零售金融部"}),  # due 18 August, open: overdue
            ("2026-10-20", {"department": "电子银行部"}),  # due 4 November
            ("2026-10-25", {}),  # due 9 November
            ("2026-10-26", {"nature": "inquiry"}),
            ("2026-10-28", {"closed_on": "2026-10-30"}),
        ):
            records.save(session, COMPLAINT, a_complaint(day, **more))
        text = pdf_text(written(reporting.build(session, "monthly", month(2026, 10)), tmp_path, "pdf"))
    finally:
        session.close()
    assert "下月投诉到期事项共2项（见表2）。截至10月末已超期未办结1件，应立即办理。" in text
    assert "111月4日TS-2026-0002答复（第15日）投诉电子银行部" in text
    assert "211月9日TS-2026-0003答复（第15日）投诉—" in text
    assert "不含咨询1件、建议0件" in text
