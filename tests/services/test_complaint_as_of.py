"""A report says the same whenever it is printed: what happens after its day of view changes nothing in it."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from tests.services.support import COMPLAINT, Clock, a_complaint, add_branch, new_book
from xiaobao_desktop.domain.fields import Record, Value, Values
from xiaobao_desktop.domain.period import month, parse_period
from xiaobao_desktop.domain.statistics import Method, figures
from xiaobao_desktop.reports.document import Block, Document, Note, Paragraph, Table
from xiaobao_desktop.services import records, reporting
from xiaobao_desktop.services.complaint_as_of import case_rows_at
from xiaobao_desktop.services.complaint_rows import case_rows
from xiaobao_desktop.services.session import Session

OCTOBER, END = month(2026, 10), date(2026, 10, 31)
FIRST_OF_NOVEMBER = datetime(2026, 11, 1, 9, tzinfo=timezone(timedelta(hours=8)))
WHY: dict[str, Value] = {"reason": "需外部核实", "approver": "王建国", "told_on": "2026-11-03"}
PAUSED: dict[str, Value] = {"pause_for": "mediation", "proof": "受理书"}


def step(kind: str, day: str, **more: Value) -> Values:
    return {"kind": kind, "happened_on": f"2026-{day}", **more}


def told(decided: str, informed: str) -> tuple[Values, ...]:
    return step("decide", decided), step("inform", informed, way="phone")


CASES: tuple[tuple[str, tuple[Values, ...], tuple[Values, ...]], ...] = (
    # Received; what was known on 31 October; what came later.
    ("10-01", told("10-09", "10-10"), (step("close", "11-05"),)),
    ("10-02", (), (*told("11-04", "11-05"), step("close", "11-05"))),
    ("10-03", (step("decide", "10-09"),), (step("inform", "11-02", way="phone"),)),
    (
        "10-05",
        (*told("10-12", "10-12"), step("close", "10-25")),
        (step("follow_up", "11-10", satisfaction="satisfied"),),
    ),
    (
        "10-06",
        (*told("10-12", "10-12"), step("close", "10-13"), step("follow_up", "10-14", satisfaction="satisfied")),
        (step("follow_up", "11-10", satisfaction="unsatisfied"),),
    ),
    ("10-04", (step("pause", "10-10", **PAUSED),), (step("resume", "11-05"),)),
    ("10-07", (), (step("new_facts", "11-03", note="新的流水"),)),
    ("10-22", (), (step("extend_30", "11-03", **WHY),)),
    ("10-23", told("10-28", "10-28"), ()),
    ("10-24", (), (step("withdraw", "11-02"),)),
)


@pytest.fixture
def book(tmp_path: Path) -> Session:
    return new_book(tmp_path / "book", Clock(FIRST_OF_NOVEMBER))


def enter(session: Session) -> list[int]:
    branch = add_branch(session, "城关支行")
    made = []
    for day, known, _later in CASES:
        received = f"2026-{day}"
        record = a_complaint(received, step("received", day), *known, branch=branch)
        made.append(int(str(records.save(session, COMPLAINT, record).record.id)))
    return made


def go_on(session: Session, ids: list[int], clock: Clock) -> None:
    """Everything that came later, on 20 December."""
    clock.move(days=49)
    for record_id, (_day, _known, later) in zip(ids, CASES, strict=True):
        record = records.get(session, COMPLAINT, record_id)
        steps = (*record.children["step"], *later)
        records.save(session, COMPLAINT, Record(record.values, {**record.children, "step": steps}, record_id))
    records.save(session, COMPLAINT, a_complaint("2026-11-02"))


def said(document: Document) -> list[object]:
    """What a document says, its date and its pictures left out."""
    blocks: list[Block] = [*document.blocks, *(block for annex in document.appendices for block in annex.blocks)]
    return [block for block in blocks if isinstance(block, Paragraph | Note | Table)]


@pytest.mark.parametrize("name", ["monthly", "progress", "assessment", "complaint-table"])
def test_what_happens_later_changes_no_report(tmp_path: Path, name: str) -> None:
    clock = Clock(FIRST_OF_NOVEMBER)
    session = new_book(tmp_path / "book", clock)
    ids = enter(session)
    before = said(reporting.build(session, name, OCTOBER, END).document)
    go_on(session, ids, clock)
    assert said(reporting.build(session, name, OCTOBER, END).document) == before
    session.close()


def test_november_says_of_october_what_october_said_of_itself(tmp_path: Path) -> None:
    clock = Clock(FIRST_OF_NOVEMBER)
    session = new_book(tmp_path / "book", clock)
    ids = enter(session)
    go_on(session, ids, clock)

    def headline(code: str) -> dict[str, tuple[str, ...]]:
        document = reporting.build(session, "monthly", parse_period(code)).document
        table = next(block for block in document.blocks if isinstance(block, Table))
        return {row[0]: row[1:] for row in table.rows}

    october, november = headline("2026-10"), headline("2026-11")
    assert {name: row[0] for name, row in october.items()} == {name: row[1] for name, row in november.items()}
    assert october["满意度（%）"][0] == "100.00"
    session.close()


def test_whose_term_runs_on_the_day_of_view(book: Session) -> None:
    ids = enter(book)
    text = "".join(
        run.text
        for block in reporting.build(book, "monthly", OCTOBER, END).document.blocks
        if isinstance(block, Paragraph)
        for run in block.runs
    )
    # Open and past the 15 days: the second, the third (decided, nobody told) and the seventh; the sixth is paused.
    assert "截至10月末已超期未办结3件，应立即办理。" in text
    assert "未办结8件，其中超期3件。" in text
    # Of those due in November the ninth has had its answer.
    assert "下月到期事项共2项" in text or "下月投诉到期事项共2项" in text
    rows = {row.id: row for row in case_rows_at(book, END)}
    assert [row.id for row in rows.values() if row.due_on is None] == [ids[5]]
    assert [row.id for row in rows.values() if row.told] == [ids[0], ids[8]]


def test_rows_seen_today_are_the_rows(book: Session) -> None:
    branch = add_branch(book, "城关支行")
    records.save(book, COMPLAINT, a_complaint("2026-10-08", branch=branch))
    assert case_rows_at(book, date(2026, 11, 1)) is case_rows(book)
    september = parse_period("2026-09")
    then = figures(case_rows_at(book, september.last), september, september.last, Method())
    assert (then.received.count, then.ending.count) == (0, 0), "received later"
