"""Old registers of rectifications and plans come in by the headers that banks give them."""

from __future__ import annotations

from pathlib import Path

from tests.services.support import Clock, imported, new_book, sheet
from xiaobao_desktop.domain.fields import Value
from xiaobao_desktop.domain.ledgers import ledger
from xiaobao_desktop.services import listing, records
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.query import Query


def shown(session: Session, key: str, *fields: str) -> list[list[str]]:
    """The records of a ledger as they are shown, in order of entry."""
    target = ledger(key)

    def text(name: str, value: Value) -> str:
        return listing.display(session, target.field(name), value)

    found = [records.get(session, target, one).values for one in session.book.ids(target, Query())]
    return [[text(name, values.get(name)) for name in fields] for values in found]


def test_a_register_of_rectifications(tmp_path: Path) -> None:
    session = new_book(tmp_path / "book", Clock())
    file = sheet(
        tmp_path / "整改.xlsx",
        (
            "序号",
            "检查来源",
            "检查日期",
            "存在问题",
            "责任部门",
            "责任人",
            "整改措施",
            "整改期限",
            "整改完成日期",
            "整改状态",
        ),
        (1, "监管检查", "2026-03-05", "公示不及时", "零售部", "王强", "专人更新", "2026-04-30", "2026-04-20", "已完成"),
        (2, "内部审计", "2026/6/1", "权限未收回", "科技部", "李娜", "联动停用", "2026-07-15", None, "整改中"),
        title="整改台账",
    )
    plan, _done = imported(session, file, key="rectification")
    assert plan.rejected == ()
    assert shown(session, "rectification", "source", "problem", "owner", "planned_on", "finished_on", "state") == [
        ["监管检查", "公示不及时", "王强", "2026-04-30", "2026-04-20", "待验证"],
        ["内审", "权限未收回", "李娜", "2026-07-15", "", "未开始"],
    ]


def test_a_work_plan(tmp_path: Path) -> None:
    session = new_book(tmp_path / "book", Clock())
    file = sheet(
        tmp_path / "计划.xlsx",
        ("序号", "工作事项", "完成期限", "责任部门", "负责人", "完成情况", "完成日期"),
        (1, "3·15 宣传", "2026-03-31", "消保部", "王强", "已开展", "2026-03-20"),
        (2, "应急演练", "2026-12-20", "安保部", None, None, None),
        title="2026年消保工作计划",
    )
    plan, _done = imported(session, file, key="plan")
    assert plan.rejected == ()
    assert shown(session, "plan", "title", "planned_on", "owner", "progress", "state", "year") == [
        ["3·15 宣传", "2026-03-31", "王强", "已开展", "已完成", "2026"],
        ["应急演练", "2026-12-20", "", "", "未开始", "2026"],
    ]
