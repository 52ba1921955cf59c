"""Whatever leaves the program is one entry: written before the file has its name, told again when the name fails."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services.support import COMPLAINT, a_complaint, new_book
from xiaobao_desktop.domain.period import parse_period
from xiaobao_desktop.domain.roles import Role
from xiaobao_desktop.files import TargetRefused
from xiaobao_desktop.services import (
    attachments,
    audit_log,
    chart_pictures,
    complaint_back_fill,
    export_log,
    list_export,
    opened_files,
    papers,
    records,
    reporting,
)
from xiaobao_desktop.services.audit_log import LogQuery, Row
from xiaobao_desktop.services.leaving import WayOut
from xiaobao_desktop.services.session import Session

OCTOBER = parse_period("2026-10")


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    made = new_book(tmp_path / "账簿")
    yield made
    made.close()


@pytest.fixture
def case(session: Session) -> int:
    return int(str(records.save(session, COMPLAINT, a_complaint()).record.id))


def since(session: Session, before: int) -> list[Row]:
    """What the log tells of what was done since an entry, the first thing first."""
    found = audit_log.find(session, LogQuery())
    return list(reversed(audit_log.rows(session, [one for one in found if one > before])))


def test_each_way_out_is_one_entry(session: Session, case: int, tmp_path: Path) -> None:
    note = tmp_path / "刘秀兰的来信.txt"
    note.write_text("来信", encoding="utf-8")
    attachments.add(session, COMPLAINT, case, COMPLAINT.evidence[0].key, note)
    entry = attachments.list_of(session, COMPLAINT, case)[0].id
    paper = papers.way_out(session, COMPLAINT, case, "答复函")
    report = reporting.build(session, "ledger", OCTOBER, subject="complaint")
    before = session.book.anchor().sequence
    acts = (
        lambda: reporting.save(session, report, tmp_path / "台账.xlsx", "xlsx"),
        lambda: reporting.way_out(session, report).printed(),
        lambda: paper.saved(tmp_path / "答复函.docx", b"PK", "docx"),
        lambda: paper.printed(),
        lambda: chart_pictures.save(session, "各月受理", tmp_path / "图.png", b"\x89PNG", "png"),
        lambda: chart_pictures.copied(session, "各月受理"),
        lambda: list_export.copied(session, COMPLAINT, 3),
        lambda: attachments.looked_at(session, entry),
        lambda: attachments.export_to(session, entry, tmp_path / "出"),
        lambda: opened_files.write_out(session, entry),
        lambda: [complaint_back_fill.read(session, case, form) for form in complaint_back_fill.FORMS],
    )
    for act in acts:
        act()
    told = [(row.sort, row.operation, row.note) for row in since(session, before)]
    title = report.title
    kind = COMPLAINT.evidence[0].label
    assert [(sort, operation) for sort, operation, _note in told] == [
        ("导出", f"另存 Excel {title}"),
        ("打印、另存", f"打印 {title}"),
        ("打印、另存", "另存 Word 答复函"),
        ("打印、另存", "打印 答复函"),
        ("导出", "另存 PNG 图表：各月受理"),
        ("打印、另存", "复制图表：各月受理"),
        ("打印、另存", "复制投诉列表"),
        ("查看完整信息", f"查看附件：{kind}"),
        ("导出", "另存附件"),
        ("查看完整信息", f"查看附件（用别的程序打开）：{kind}"),
        ("查看完整信息", "查看回填内容"),
    ]
    notes = [note for _sort, _operation, note in told]
    assert "条数：投诉 1" in notes[0]
    assert "个人信息：已遮盖" in notes[0]
    assert "个人信息：未遮盖" in notes[2]
    assert "刘秀兰" not in str(told), "the name of a scan is masked"
    listed = export_log.entries(session)
    assert [(item.operation, item.total, item.masked) for item in listed] == [
        ("另存附件", 1, False),
        ("另存 PNG 图表：各月受理", 0, True),
        (f"另存 Excel {title}", 1, True),
    ]
    assert all(item.ok for item in session.book.verify())


def test_a_file_that_got_no_name_is_told_as_not_done(session: Session, case: int, tmp_path: Path) -> None:
    taken = tmp_path / "答复函.pdf"
    (taken / "别的东西").mkdir(parents=True)
    before = session.book.anchor().sequence
    with pytest.raises(TargetRefused):
        papers.way_out(session, COMPLAINT, case, "答复函").saved(taken, b"%PDF", "pdf")
    assert [row.operation for row in since(session, before)] == ["另存 PDF 答复函", "另存 PDF 答复函 没有完成"]
    with pytest.raises(TargetRefused):
        WayOut(session, "复核页").saved(taken, b"%PDF", "pdf")
    assert [item.done for item in export_log.entries(session)] == [False]
    assert list(tmp_path.glob("*.part*")) == []


def test_nothing_is_written_down_where_nothing_could_be_written(session: Session, case: int, tmp_path: Path) -> None:
    before = session.book.anchor()
    for way in (WayOut(session, "复核页"), papers.way_out(session, COMPLAINT, case, "答复函")):
        with pytest.raises(TargetRefused):
            way.saved(tmp_path / "没有这个文件夹" / "a.pdf", b"%PDF", "pdf")
    assert session.book.anchor() == before


def test_what_a_list_was_narrowed_by_is_for_the_officer_alone(session: Session, case: int, tmp_path: Path) -> None:
    order = list_export.ListOrder(COMPLAINT, (case,), ("complainant",), {}, narrowed="搜索“刘秀兰”")
    list_export.write(session, order, tmp_path / "投诉.xlsx")
    assert "刘秀兰" in str(export_log.entries(session)) + str(since(session, 0)[-1])
    assert "刘秀兰" not in str(audit_log.cells(session, LogQuery())[-1])
    session.role = Role.READER
    assert "刘秀兰" not in str(export_log.entries(session)) + str(since(session, 0)[-1])
