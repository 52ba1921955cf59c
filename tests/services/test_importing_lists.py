"""Staff and branch lists as banks keep them: titles, 序号, merged cells, blanks in headers, 在岗/离岗, 是/否."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.services.support import BRANCH, STAFF, imported, new_book
from xiaobao_desktop import cli
from xiaobao_desktop.services import listing
from xiaobao_desktop.store.query import Query


def staff_file(path: Path) -> Path:
    import openpyxl

    book = openpyxl.Workbook()
    page = book.active
    for row in (
        ["全行员工花名册"],
        ["填报部门：综合部", None, None, None, "2026年10月"],
        ["序号", "姓 名", "员 工 号", "机构", "岗位\n名称", "培训对象类别", "入职时间", "手机号", "是否在岗"],
        [1, "张建国", "0012", "城关支行", "行长", "中高管", "2009.3.5", "13900000001", "是"],
        [2, "李秀英", "0035", None, "柜员", "基层", "2018/7/1", "13900000002", "是"],
        [3, "王明", "0107", "河口支行", "大堂经理", "新入职", "2026年7月1日", "13900000003", "否"],
        ["合计", "3人"],
    ):
        page.append(row)
    page.merge_cells("A1:I1")
    page.merge_cells("D4:D5")
    book.save(path)
    return path


def branch_file(path: Path) -> Path:
    import openpyxl

    book = openpyxl.Workbook()
    page = book.active
    for row in (
        ["序号", "网点名称", "机构代码", "机构类型", "城乡", "营业地址", "联系电话", "机构负责人", "是否在用"],
        [1, "城关支行", "8001", "支行", "县城", "城关镇人民路1号", "0870-3120001", "张建国", "√"],
        [2, "清溪分理处", "8002", "分理处", "农村", "清溪镇", "0870-3120002", "赵敏", "否"],
        [3, "消费者权益保护部", "8100", "部门", None, None, None, None, "是"],
    ):
        page.append(row)
    book.save(path)
    return path


def test_a_staff_list_with_its_branches(tmp_path: Path) -> None:
    session = new_book(tmp_path / "book")
    plan, _result = imported(session, staff_file(tmp_path / "花名册.xlsx"), key="staff")
    assert (plan.read, plan.rejected) == (3, ())
    keys = ("name", "staff_no", "branch", "post", "group", "joined_on", "phone", "active")
    rows = listing.rows(session, STAFF, listing.ids(session, STAFF, Query(order=(("id", False),))), keys)
    names = session.link_names("branch")
    assert [names[int(str(row["branch"]))] for row in rows] == ["城关支行", "城关支行", "河口支行"]
    assert [row["group"] for row in rows] == ["managers", "front_line", "newcomers"]
    assert [row["joined_on"] for row in rows] == ["2009-03-05", "2018-07-01", "2026-07-01"]
    assert [row["staff_no"] for row in rows] == ["0012", "0035", "0107"]
    assert [row["active"] for row in rows] == [True, True, False]
    assert listing.count(session, BRANCH, Query()) == 2
    session.close()


def test_a_branch_list_by_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    new_book(tmp_path / "book").close()
    command = ["--book", str(tmp_path / "book"), "import", "branch", str(branch_file(tmp_path / "网点.xlsx")), "--json"]
    assert cli.run(command) == 0
    outcome = json.loads(capsys.readouterr().out)
    assert (outcome["read"], outcome["imported"], outcome["rejected"]) == (3, 3, [])
    assert cli.run(["--book", str(tmp_path / "book"), "list", "branch"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [(row["name"], row["code"], row["kind"], row["region"], row["active"]) for row in rows] == [
        ("城关支行", "8001", "网点", "城区", "是"),
        ("清溪分理处", "8002", "网点", "乡镇", "否"),
        ("消费者权益保护部", "8100", "总行部门", "", "是"),
    ]
    assert cli.run(command) == 0
    again = json.loads(capsys.readouterr().out)
    assert (again["imported"], len(again["duplicates"])) == (0, 3)
