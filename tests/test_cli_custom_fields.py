"""Fields of the bank's own on the command line: fields, import, list, masking, a restored backup."""

from __future__ import annotations

from pathlib import Path

from tests.cli_program import PASSWORD, xiaobao
from tests.services.support import new_book, sheet
from xiaobao_desktop.domain.custom_fields import CustomField
from xiaobao_desktop.services import books
from xiaobao_desktop.services.custom_fields import put

MANAGER = CustomField("", "客户经理", personal=True)
HEADERS = ["收到日期", "来源", "投诉人", "联系电话", "客户经理"]


def test_fields_import_list_and_restore(tmp_path: Path) -> None:
    place = tmp_path / "账簿"
    session = new_book(place)
    put(session, "complaint", MANAGER)
    session.close()
    listed = xiaobao("--book", place, "fields", "complaint")
    assert listed.code == 0, listed
    assert "x1\t客户经理" in listed.out.splitlines()

    file = sheet(tmp_path / "台账.xlsx", HEADERS, ["2026-10-08", "来电", "刘秀兰", "13907991234", "赵文华"])
    assert xiaobao("--book", place, "import", "complaint", file, "--json").data["imported"] == 1
    found = xiaobao("--book", place, "list", "complaint", "--where", "x1=赵文华")
    assert [row["x1"] for row in found.data] == ["赵**"]
    shown = xiaobao("--book", place, "list", "complaint", "--reveal", "--reason", "核对")
    assert [row["x1"] for row in shown.data] == ["赵文华"]

    saved = xiaobao("--book", place, "backup", "--out", tmp_path / "盘", "--json").data["file"]
    other = tmp_path / "另一处"
    assert xiaobao("--book", other, "restore", saved).code == 0
    assert xiaobao("--book", other, "verify").code == 0
    again = xiaobao("--book", other, "list", "complaint", "--search", "赵文华")
    assert [row["x1"] for row in again.data] == ["赵**"]


def test_fields_without_a_password_are_those_of_the_program(tmp_path: Path) -> None:
    place = tmp_path / "locked"
    session, _key = books.create_book(place, bank="某行", officer="王芳", password=PASSWORD)
    put(session, "staff", MANAGER)
    session.close()
    assert "客户经理" not in xiaobao("--book", place, "fields", "staff", password=None).out
    assert "客户经理" in xiaobao("--book", place, "fields", "staff", password=PASSWORD).out
