"""Before a month is filed: warnings with their records, the checklist, and sentences with numbers for a leader."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services.support import COMPLAINT, Clock, a_complaint, add_branch, new_book
from xiaobao_desktop.domain.check_figures import Check
from xiaobao_desktop.domain.fields import Record, Value, Values
from xiaobao_desktop.domain.ledgers import ledger
from xiaobao_desktop.domain.period import month, parse_period
from xiaobao_desktop.services import (
    attachments,
    backup_places,
    books,
    filing,
    filing_warnings,
    month_close,
    quick_answers,
    records,
    reporting,
    todo,
)
from xiaobao_desktop.services.filing import Details
from xiaobao_desktop.services.month_close import CloseLine, Go, State
from xiaobao_desktop.services.session import Session

FILING, TRAINING, OUTREACH = (ledger(key) for key in ("filing", "training", "outreach"))
OCTOBER = month(2026, 10)
GROUPS = {"managers_count": 1, "front_line_count": 1, "newcomers_count": 1}


def a_case(session: Session, received: str, *kinds: tuple[str, str], **values: Value) -> int:
    steps: list[Values] = [{"kind": kind, "happened_on": on} for kind, on in kinds]
    entered: dict[str, Value] = {"category": "B.01", "cause": "C.01", "channel": "A.01.1", "branch": 1, **values}
    return int(str(records.save(session, COMPLAINT, a_complaint(received, *steps, **entered)).record.id))


def attach(session: Session, key: str, record_id: int, evidence: str, folder: Path) -> None:
    file = folder / f"{evidence}.txt"
    file.write_text("凭证", encoding="utf-8")
    attachments.add(session, ledger(key), record_id, evidence, file)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed empty book with two branches."""
    opened = new_book(tmp_path_factory.mktemp("close") / "book")
    for name in ("城关支行", "河口支行"):
        add_branch(opened, name)
    opened.close()
    return opened.directory


@pytest.fixture
def session(template: Path, tmp_path: Path) -> Iterator[Session]:
    """A copy of it, open on 3 November 2026."""
    shutil.copytree(template, tmp_path / "book")
    opened = books.open_book(tmp_path / "book", None, clock=Clock())
    yield opened
    opened.close()


def warned(session: Session) -> dict[str, tuple[int, ...]]:
    points = filing_warnings.warnings(session, filing.prepare(session, "monthly", OCTOBER))
    return {point.words: point.ids for point in points}


def test_what_is_open_is_warned_of_with_its_records(session: Session, tmp_path: Path) -> None:
    a_case(session, "2026-10-02", ("decide", "2026-10-05"), ("inform", "2026-10-05"), ("close", "2026-10-06"))
    attach(session, "complaint", 1, "proof", tmp_path)
    a_case(session, "2026-10-03", ("decide", "2026-10-05"), ("close", "2026-10-06"))
    a_case(session, "2026-10-04", ("withdraw", "2026-10-05"))
    a_case(session, "2026-10-10", category=None, cause=None)
    a_case(session, "2026-09-10", ("decide", "2026-09-12"), ("close", "2026-09-12"), category=None)
    for day in ("2026-10-15", "2026-11-01"):
        records.save(session, TRAINING, Record({"held_on": day, "topic": "双录"}))
        records.save(session, OUTREACH, Record({"held_on": day, "name": "进社区"}))
    attach(session, "training", 1, "photo", tmp_path)
    found = warned(session)
    assert found["1 件仍未办结，其中 1 件已超期"] == (4,)
    assert found["1 件没有填业务类别"] == (4,)
    assert found["1 件没有填投诉原因"] == (4,)
    assert found["1 件已办结但步骤不全（缺告知）"] == (2,)
    assert found["1 件已办结但没有答复凭证"] == (2,)
    assert found["1 次培训没有签到表"] == (1,)
    assert found["1 次宣传教育没有照片"] == (1,)
    assert "1 次培训没有照片" not in found


def test_nothing_to_warn_of_in_an_empty_month(session: Session) -> None:
    assert warned(session) == {}


def test_figures_other_than_those_filed_before_are_named(session: Session) -> None:
    a_case(session, "2026-10-02")
    draft = filing.prepare(session, "monthly", OCTOBER)
    filing.file(session, draft, Details(session.today()), {"pdf": b"%PDF-1.7"})
    assert not any("不同" in words for words in warned(session))
    late = a_case(session, "2026-10-30")
    told = next(words for words in warned(session) if "不同" in words)
    assert told.startswith("与已定稿的第 1 版不同：本月受理由1件变为2件")
    assert warned(session)[told] == (late,)


def test_a_sum_that_does_not_hold_is_warned_of(session: Session) -> None:
    a_case(session, "2026-10-02")
    records.save(session, TRAINING, Record({"held_on": "2026-10-15", "topic": "双录", "expected": 9, "attended": 9}))
    figures = {figure.key: figure for figure in filing.prepare(session, "monthly", OCTOBER).figures}
    assert all(figure.state is not Check.WRONG for figure in figures.values())
    assert figures["training_groups"].state is Check.NOTE
    assert (figures["training_rate"].value, figures["training_rate"].calculation) == ("100.00%", "9÷9＝100.00%")


def lines(session: Session) -> dict[str, CloseLine]:
    return {line.name: line for line in month_close.lines(session, OCTOBER)}


def test_the_checklist_says_what_is_left_and_where_to_go(session: Session) -> None:
    assert month_close.month_to_close(session.today()) == OCTOBER
    a_case(session, "2026-10-02")
    due: dict[str, Value] = {"title": "自评估报告", "due_on": "2026-11-01"}
    records.save(session, FILING, Record(due))
    found = lines(session)
    assert found["本月已经结束"].state is State.DONE
    assert (found["投诉登记齐全"].go, found["投诉登记齐全"].ids) == (Go.RECORDS, (1,))
    assert (found["培训覆盖三类人员"].state, found["培训覆盖三类人员"].ledger) == (State.OPEN, "training")
    last = found["上一期月报已定稿"]
    assert (last.state, last.go, last.period) == (State.LATE, Go.REPORT, "2026-09")
    assert found["应报的都已报出"].words == "1 件待报，最早 2026-11-01，其中 1 件已过应报日"
    assert (found["月末以后备份过"].state, found["月末以后备份过"].go) == (State.LATE, Go.DATA)
    assert (found["本期月报定稿"].state, found["本期月报定稿"].period) == (State.OPEN, "2026-10")


def test_the_checklist_is_done_when_everything_is(session: Session) -> None:
    records.save(session, TRAINING, Record({"held_on": "2026-01-15", "topic": "双录", "attended": 3, **GROUPS}))
    for period in (OCTOBER.before(), OCTOBER):
        draft = filing.prepare(session, "monthly", period)
        filing.file(session, draft, Details(session.today()), {"pdf": b"%PDF-1.7"})
    backup_places.backup_here(session)
    assert {line.name: line.state for line in lines(session).values() if line.state is not State.DONE} == {}
    assert lines(session)["本期月报定稿"].words == "第 1 版，2026-11-03 报出"


def test_the_checklist_of_a_month_that_still_runs_says_so(session: Session) -> None:
    first = month_close.lines(session, month(2026, 11))[0]
    assert (first.state, first.words) == (State.OPEN, "2026年11月还有 28 天，现在出的数只到今天")


def test_what_is_to_be_sent_stands_on_the_workbench_until_it_is(session: Session) -> None:
    entered: dict[str, Value] = {"title": "自评估报告", "due_on": "2026-11-01", "addressee": "人行"}
    saved = records.save(session, FILING, Record(entered)).record
    (late,) = todo.bands(session, session.today())[0].items
    assert (late.number, late.subject, late.unit, late.kind) == (saved.number, "自评估报告", "人行", "报送")
    records.save(session, FILING, Record({"filed_on": "2026-11-02"}, {}, saved.id))
    assert not any(band.items for band in todo.bands(session, session.today()))


def test_answers_with_nothing_registered(session: Session) -> None:
    found = quick_answers.answers(session, OCTOBER)
    assert set(found) == {question.id for question in quick_answers.questions()}
    assert found["received"] == "2026年10月受理消费投诉0件，环比持平，同比持平。"
    assert found["closed_rate"] == "2026年10月没有受理消费投诉，本期共办结0件。"
    assert found["branch_most"] == "2026年10月没有受理消费投诉，无从比较被投诉机构。"
    assert found["overdue"] == "截至2026年10月31日，没有超期未办结的投诉。"
    assert found["coverage"] == "2026年还没有培训到中高级管理人员、基层业务人员和新入职人员。"


def test_answers_with_one_and_with_many(session: Session) -> None:
    a_case(session, "2026-09-08", ("decide", "2026-10-12"), ("close", "2026-10-12"), cause=None)
    one = quick_answers.answers(session, month(2026, 9))
    assert (
        one["received"]
        == "2026年9月受理消费投诉1件，环比增加1件（上期为0，不计算增幅），同比增加1件（上年同期为0，不计算增幅）。"
    )
    assert one["cause_most"] == "2026年9月受理的1件消费投诉还没有填原因，无从比较。"
    assert one["branch_most"] == "2026年9月受理消费投诉1件，被投诉机构最多的是城关支行，1件，占100.00%。"
    assert one["overdue"] == "截至2026年9月30日，超期未办结1件：TS-2026-0001。"
    a_case(session, "2026-10-02")
    a_case(session, "2026-10-03", branch=2)
    records.save(session, TRAINING, Record({"held_on": "2026-10-15", "topic": "双录", "expected": 8, "attended": 6}))
    values: dict[str, Value] = {"held_on": "2026-10-16", "name": "赶集", "sessions": 2, "audience_count": 1200}
    records.save(session, OUTREACH, Record(values))
    many = quick_answers.answers(session, OCTOBER)
    assert many["branch_most"] == "2026年10月受理消费投诉2件，被投诉机构最多的是城关支行、河口支行，各1件，各占50.00%。"
    assert many["in_time"] == "2026年10月办结消费投诉1件，期限内办结0件，及时率0.00%。"
    assert many["average"] == "2026年10月办结消费投诉1件，平均用时34.00日。"
    assert many["training"] == "2026年10月开展消保培训1次，参训6人次，参训率75.00%。"
    assert many["outreach"] == "2026年10月开展宣传教育活动2场次，受众1,200人次，发放资料0份。"


def test_a_running_period_is_named_with_its_last_day_and_compared_with_the_same_days(session: Session) -> None:
    a_case(session, "2025-11-02")
    a_case(session, "2025-11-20")
    a_case(session, "2026-11-01")
    found = quick_answers.answers(session, month(2026, 11))
    assert found["received"] == "2026年11月（截至11月3日）受理消费投诉1件，同比持平。"
    labels = [(span.label, span.period.code) for span in quick_answers.spans(session.today())]
    assert labels[:4] == [("本月", "2026-11"), ("上月", "2026-10"), ("本季度", "2026Q4"), ("上季度", "2026Q3")]


def test_every_kind_of_report_is_checked_without_records(session: Session) -> None:
    codes = {1: "2026-10", 3: "2026Q3", 6: "2026H1", 12: "2026", 0: "2026-10"}
    for info in reporting.reports():
        kind = reporting.kind(info.name)
        period = parse_period(codes[next(iter(info.months), 0)])
        if kind.subjects is None:
            figures = filing.prepare(session, info.name, period).figures
            assert figures, info.name
            assert not [figure.name for figure in figures if figure.state is Check.WRONG or figure.ids], info.name


def test_counters_of_events_are_added_up_to_the_fen(session: Session) -> None:
    for cost, days in ((10050, 150), (20, None)):
        values: dict[str, Value] = {"held_on": "2026-10-16", "name": "赶集", "cost": cost, "person_days": days}
        records.save(session, OUTREACH, Record(values))
    found = {figure.key: figure for figure in filing.prepare(session, "monthly", OCTOBER).figures}
    assert (found["outreach:cost"].value, found["outreach:cost"].calculation) == ("100.70元", "100.50＋0.20＝100.70")
    assert (found["outreach:person_days"].value, found["outreach:person_days"].ids) == ("1.5人天", (1,))
