"""What rectifications and plan items put on the workbench."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from tests.services.support import Clock, new_book, pdf_text
from xiaobao_desktop.domain.fields import Record, Value
from xiaobao_desktop.domain.period import parse_period
from xiaobao_desktop.services import records, reporting, todo
from xiaobao_desktop.services.session import Session

TODAY = date(2026, 11, 3)


def saved(session: Session, key: str, **values: Value) -> str:
    return str(records.save(session, session.ledger(key), Record(values)).record.number)


def test_open_ones_are_due_and_others_are_not(tmp_path: Path) -> None:
    session = new_book(tmp_path / "book", Clock())
    fault: dict[str, Value] = {"source": "audit", "found_on": "2026-10-02", "department": "运营部"}
    late = saved(session, "rectification", **fault, problem="公示\n过期", planned_on="2026-10-30")
    saved(session, "rectification", **fault, problem="做完了", planned_on="2026-10-30", finished_on="2026-10-29")
    soon = saved(session, "plan", title="应急演练", planned_on="2026-11-05", kind="drill")
    saved(session, "plan", title="不做了", planned_on="2026-11-05", kind="task", cancelled_for="合并")
    saved(session, "plan", title="以后的", planned_on="2026-12-05", kind="task")
    bands = {
        band.key: [(item.number, item.subject, item.unit) for item in band.items] for band in todo.bands(session, TODAY)
    }
    assert bands == {
        "overdue": [(late, "公示 过期", "运营部")],
        "today": [],
        "soon": [(soon, "应急演练", "")],
        "week": [],
    }


def test_what_waits_for_verification_proof_or_a_day_is_told(tmp_path: Path) -> None:
    session = new_book(tmp_path / "book", Clock())
    fault: dict[str, Value] = {"source": "audit", "found_on": "2026-10-02", "problem": "公示过期"}
    saved(session, "rectification", **fault)
    saved(session, "rectification", **fault, planned_on="2026-11-30", finished_on="2026-10-29")
    told = {gap.words: gap.ids for gap in todo.gaps(session, TODAY) if gap.ledger.key == "rectification"}
    assert told == {
        "1 项已完成，待另一个人验证": (2,),
        "1 项没有定计划完成日": (1,),
        "1 项已完成的没有整改佐证": (2,),
    }


def test_the_printed_register_says_what_is_late(tmp_path: Path) -> None:
    session = new_book(tmp_path / "book", Clock())
    fault: dict[str, Value] = {"source": "audit", "found_on": "2026-10-02", "problem": "公示过期"}
    saved(session, "rectification", **fault, planned_on="2026-10-30")
    saved(session, "rectification", **fault, planned_on="2026-11-30")
    built = reporting.build(session, "ledger", parse_period("2026"), TODAY, subject="rectification")
    file = tmp_path / "整改台账.pdf"
    file.write_bytes(reporting.render(built, "pdf"))
    words = pdf_text(file)
    assert (words.count("延期"), words.count("未开始")) == (1, 1)
