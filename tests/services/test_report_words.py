"""The officer's own words in reports: kept in the book and its history, typed ones as drafts, carried on, printed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services.report_text import written
from tests.services.support import Clock, new_book, pdf_text
from xiaobao_desktop import cli
from xiaobao_desktop.domain.period import parse_period
from xiaobao_desktop.services import books, report_words, reporting, undo
from xiaobao_desktop.services.report_words import Place, Words
from xiaobao_desktop.services.session import Session

OCTOBER = Place("monthly", "2026-10")
WRITTEN = Words(
    {"problems": "一线员工对收费政策掌握不够。\n\n  个别网点公示更新不及时。 ", "next_steps": ""}, ("overdue",)
)
SECTIONS = ("highlights", "problems", "next_steps")


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    opened = new_book(tmp_path / "账 簿", Clock())
    yield opened
    opened.close()


def test_a_line_is_a_paragraph() -> None:
    assert WRITTEN.paragraphs == {"problems": ("一线员工对收费政策掌握不够。", "个别网点公示更新不及时。")}
    assert Words({"problems": " \n"}).empty


def test_words_are_kept_for_their_report_period_and_subject_alone(session: Session) -> None:
    assert report_words.keep(session, OCTOBER, WRITTEN, "2026年10月消保工作月报")
    assert report_words.read(session, OCTOBER).paragraphs == WRITTEN.paragraphs
    assert report_words.read(session, OCTOBER).settled == ("overdue",)
    for other in (Place("monthly", "2026-09"), Place("quarterly", "2026-10"), Place("monthly", "2026-10", "x")):
        assert report_words.read(session, other) == Words()


def test_every_keeping_is_one_operation_that_can_be_undone(session: Session) -> None:
    report_words.keep(session, OCTOBER, Words({"problems": "甲。"}), "2026年10月消保工作月报")
    report_words.keep(session, OCTOBER, Words({"problems": "乙。"}), "2026年10月消保工作月报")
    assert not report_words.keep(
        session, OCTOBER, Words({"problems": "乙。", "highlights": " "}), "2026年10月消保工作月报"
    )
    assert undo.last_operation(session) == "填写2026年10月消保工作月报的文字"
    undo.undo(session)
    assert report_words.read(session, OCTOBER).texts == {"problems": "甲。"}
    undo.undo(session)
    assert report_words.read(session, OCTOBER) == Words()
    assert undo.last_operation(session) is None
    assert all(finding.ok for finding in session.book.verify())


def test_other_settings_are_still_not_undone(session: Session) -> None:
    with session.book.transaction("修改设置", session.user, session.now()) as writing:
        writing.set_setting("phone", "0000-000000")
    assert undo.last_operation(session) is None


def test_what_was_typed_survives_a_crash_and_makes_no_history(tmp_path: Path) -> None:
    session = new_book(tmp_path / "book", Clock())
    before = session.book.last_undoable()
    report_words.keep_draft(session, OCTOBER, Words({"problems": "写到一半"}))
    report_words.keep_draft(session, OCTOBER, Words({"problems": "写到一半，程序没了"}))
    assert session.book.last_undoable() == before
    session.close()
    again = books.open_book(tmp_path / "book", "", clock=Clock())
    assert report_words.read(again, OCTOBER).texts == {"problems": "写到一半，程序没了"}
    report_words.keep(again, OCTOBER, report_words.read(again, OCTOBER), "2026年10月消保工作月报")
    assert again.book.named_draft(OCTOBER.key) is None
    assert report_words.read(again, OCTOBER).texts == {"problems": "写到一半，程序没了"}
    again.close()


def test_the_last_period_with_words_is_offered(session: Session) -> None:
    assert report_words.earlier(session, OCTOBER, SECTIONS) is None
    for code, text in (("2026-07", "七月。"), ("2026-08", "八月。"), ("2026-11", "以后的。")):
        report_words.keep(session, Place("monthly", code), Words({"problems": text}, ("overdue",)), code)
    report_words.keep(session, Place("monthly", "2026-09"), Words({}, ("overdue",)), "没有文字")
    report_words.keep(session, Place("quarterly", "2026Q3"), Words({"problems": "三季度。"}), "季报")
    report_words.keep(session, Place("training", "2026Q3"), Words({"problems": "季度培训。"}), "培训总结")
    report_words.keep(session, Place("training", "2025"), Words({"problems": "全年培训。"}), "培训总结")
    found = report_words.earlier(session, OCTOBER, SECTIONS)
    assert found is not None
    assert (found.title, found.words) == ("2026年8月", Words({"problems": "八月。"}))
    assert report_words.earlier(session, OCTOBER, ("highlights",)) is None
    yearly = report_words.earlier(session, Place("training", "2026"), SECTIONS)
    assert yearly is not None
    assert yearly.words.texts == {"problems": "全年培训。"}, "a quarter does not speak for a year"


def test_a_setting_of_another_version_is_no_hindrance(session: Session) -> None:
    with session.book.transaction("测试", session.user, session.now()) as writing:
        writing.set_setting(OCTOBER.key, "不是 JSON")
        writing.set_setting("report_words.monthly.2026年9月.", '{"texts": {"problems": "期间写法不同。"}}')
        writing.set_setting("report_words.monthly.2026-08.", '{"texts": ["problems"], "settled": 3}')
    assert report_words.read(session, OCTOBER) == Words()
    assert report_words.earlier(session, OCTOBER, SECTIONS) is None


def test_a_report_takes_the_kept_words(session: Session, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report_words.keep(session, OCTOBER, WRITTEN, "2026年10月消保工作月报")
    built = reporting.build(session, "monthly", parse_period("2026-10"))
    text = pdf_text(written(built, tmp_path, "pdf"))
    assert "六、存在问题一线员工对收费政策掌握不够。个别网点公示更新不及时。" in text
    assert "存在问题" not in pdf_text(
        written(reporting.build(session, "monthly", parse_period("2026-10"), words={}), tmp_path, "pdf")
    )
    directory = session.directory
    session.close()
    out = tmp_path / "out"
    code = cli.run(["--book", str(directory), "report", "monthly", "--period", "2026-10", "--out", str(out)])
    assert code == 0, capsys.readouterr().err
    assert "一线员工对收费政策掌握不够。" in pdf_text(next(out.glob("*.pdf")))
