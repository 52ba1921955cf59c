"""Fields of the bank's own in a real book: made, filled in, imported, searched, retired, reopened, restored."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.services.support import COMPLAINT, LEDGER_FILE, PASSWORD, a_complaint, add_branch, new_book, sheet
from xiaobao_desktop.domain.custom_fields import MOST, CustomField
from xiaobao_desktop.domain.fields import Grade, Kind, Ledger, Record, Value
from xiaobao_desktop.services import backups, books, complaint_todo, importing, listing, records
from xiaobao_desktop.services.custom_fields import CustomFieldRefused, Entry, arrange, entries, own_fields, put
from xiaobao_desktop.services.restoring import restore_into
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.query import Condition, Query

MANAGER = CustomField("", "客户经理", Kind.TEXT, personal=True, in_list=True)
LEVELS = [Entry("", "金卡"), Entry("", "银卡")]


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    made = new_book(tmp_path / "book")
    yield made
    made.close()


@pytest.fixture
def complaint(session: Session) -> Ledger:
    """Complaints with 客户经理 (x1) and 客户等级 (x2)."""
    put(session, "complaint", MANAGER)
    put(session, "complaint", CustomField("", "客户等级", Kind.CHOICE), LEVELS)
    return session.ledger("complaint")


def whole(session: Session) -> bool:
    """Whether the book proves itself."""
    return all(finding.ok for finding in session.book.verify())


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        (Kind.TEXT, "柜面", "柜面"),
        (Kind.LONG_TEXT, "第一行\n第二行", "第一行\n第二行"),
        (Kind.DATE, "2026-10-31", "2026-10-31"),
        (Kind.INTEGER, 12, "12"),
        (Kind.MONEY, 123450, "1,234.50"),
        (Kind.YES_NO, True, "是"),
        (Kind.CHOICE, "c2", "银卡"),
    ],
)
def test_every_kind_is_kept_and_shown(session: Session, kind: Kind, value: str | int | bool, shown: str) -> None:
    made = put(session, "complaint", CustomField("", "本行项目", kind), LEVELS if kind is Kind.CHOICE else ())
    ledger = session.ledger("complaint")
    entered: dict[str, Value] = {**a_complaint().values, made.key: value}
    saved = records.save(session, ledger, Record(entered)).record
    again = records.get(session, ledger, int(str(saved.id)))
    assert again.values[made.key] == value
    assert listing.display(session, ledger.field(made.key), again.values[made.key]) == shown
    assert whole(session)


def test_values_are_masked_searched_filtered_and_told_in_history(session: Session, complaint: Ledger) -> None:
    first = records.save(session, complaint, a_complaint(x1="赵文华", x2="c2")).record
    records.save(session, complaint, a_complaint("2026-10-09", x2="c1"))
    assert listing.display(session, complaint.field("x1"), "赵文华") == "赵**"
    assert listing.ids(session, complaint, Query(search="赵文华")) == [first.id]
    assert listing.ids(session, complaint, Query(search="银卡")) == [first.id]
    assert listing.ids(session, complaint, Query(where=(Condition("x2", "eq", ("c2",)),))) == [first.id]
    assert {name: count for _value, name, count in listing.facets(session, complaint, "x2", Query())} == {
        "金卡": 1,
        "银卡": 1,
    }
    records.save(session, complaint, Record({"x2": "c1"}, {}, first.id))
    newest = records.history(session, complaint, int(str(first.id)))[0]
    assert [(line.label, line.old, line.new) for line in newest.lines] == [("客户等级", "银卡", "金卡")]


def test_a_writer_that_knows_no_own_fields_keeps_them_and_the_history_whole(
    session: Session, complaint: Ledger
) -> None:
    saved = records.save(session, complaint, a_complaint(x1="赵文华")).record
    records.save(session, COMPLAINT, Record({"request": "退还年费"}, {}, saved.id))
    assert records.get(session, complaint, int(str(saved.id))).values["x1"] == "赵文华"
    assert whole(session)


def test_reopening_and_another_ledger(tmp_path: Path, session: Session, complaint: Ledger) -> None:
    put(session, "branch", CustomField("", "网点等级", Kind.TEXT))
    branch_id = add_branch(session, "城关支行")
    records.save(session, session.ledger("branch"), Record({"x1": "一级"}, {}, branch_id))
    directory = session.directory
    session.close()
    opened = books.open_book(directory, None)
    try:
        assert opened.ledger("complaint") == complaint
        assert records.get(opened, opened.ledger("branch"), branch_id).values["x1"] == "一级"
        assert [entry.name for entry in entries(opened, "complaint", own_fields(opened, "complaint")[1])] == [
            "金卡",
            "银卡",
        ]
        assert whole(opened)
    finally:
        opened.close()


def test_a_retired_field_stays_readable_and_can_come_back(session: Session, complaint: Ledger) -> None:
    saved = records.save(session, complaint, a_complaint(x1="赵文华", x2="c1")).record
    kept = own_fields(session, "complaint")[0]
    put(session, "complaint", replace(kept, retired=True))
    ledger = session.ledger("complaint")
    assert "x1" not in [item.key for item in ledger.entered_fields]
    assert records.get(session, ledger, int(str(saved.id))).values["x1"] == "赵文华"
    assert any(line.label == "客户经理" for line in records.history(session, ledger, int(str(saved.id)))[0].lines)
    records.save(session, ledger, Record({"request": "退费"}, {}, saved.id))
    assert whole(session)
    back = put(session, "complaint", kept)
    assert (back.key, session.ledger("complaint").field("x1").entered) == ("x1", True)


def test_renaming_keeps_values_and_entries_keep_their_meaning(session: Session, complaint: Ledger) -> None:
    saved = records.save(session, complaint, a_complaint(x2="c1")).record
    level = own_fields(session, "complaint")[1]
    gold, silver = entries(session, "complaint", level)
    put(
        session,
        "complaint",
        replace(level, label="贵宾等级"),
        [replace(gold, name="白金卡"), replace(silver, active=False), Entry("", "普通")],
    )
    ledger = session.ledger("complaint")
    assert ledger.field("x2").label == "贵宾等级"
    assert listing.display(session, ledger.field("x2"), saved.values["x2"]) == "白金卡"
    assert [(entry.id, entry.active) for entry in entries(session, "complaint", level)] == [
        ("c1", True),
        ("c2", False),
        ("c3", True),
    ]


def test_order(session: Session, complaint: Ledger) -> None:
    arrange(session, "complaint", ["x2", "x1"])
    assert session.ledger("complaint").sections[-1].fields == ("x2", "x1")


def complete(session: Session) -> Record:
    """A closed complaint with everything that the declared fields want."""
    catalog, branch = session.rules.catalog, add_branch(session, "城关支行")
    values: dict[str, Value] = {}
    for item in COMPLAINT.entered_fields:
        if item.grade is Grade.FREE or item.kind in (Kind.DATE, Kind.PHONE):
            continue
        if item.kind is Kind.CHOICE:
            values[item.key] = catalog.list(item.options).items[0].id
        elif item.kind is Kind.CODE:
            values[item.key] = catalog.tree(item.options).codes[0].key
        else:
            values[item.key] = branch if item.kind is Kind.LINK else "已填"
    return a_complaint("2026-10-08", **{**values, "closed_on": "2026-10-10"})


def test_an_own_field_needed_before_closing_is_a_gap(session: Session, complaint: Ledger) -> None:
    closed = records.save(session, complaint, complete(session)).record
    assert complaint_todo.gaps(session) == ()
    put(session, "complaint", replace(own_fields(session, "complaint")[0], grade=Grade.TO_CLOSE))
    assert complaint_todo.gaps(session) == (closed.id,)


@pytest.mark.parametrize(
    ("item", "choices", "words"),
    [
        (CustomField("", " "), (), "请填写名称"),
        (CustomField("", "一二三四五六七八九十一二三"), (), "最多 12 个"),
        (CustomField("", "投诉人"), (), "已有“投诉人”"),
        (CustomField("", "编号"), (), "已有“编号”"),
        (CustomField("", "客户 经理"), (), "已有“客户 经理”"),
        (CustomField("x1", "客户经理", Kind.DATE), (), "类型建好以后不能改"),
        (CustomField("", "客群", Kind.CHOICE), (), "至少加一个选项"),
        (CustomField("", "客群", Kind.CHOICE), (Entry("", "甲"), Entry("", "甲 ")), "选项“甲”有两个"),
        (CustomField("", "客群", Kind.CHOICE), (Entry("", "甲"), Entry("", "")), "没有名称"),
    ],
)
def test_what_is_refused_changes_nothing(
    session: Session, complaint: Ledger, item: CustomField, choices: tuple[Entry, ...], words: str
) -> None:
    with pytest.raises(CustomFieldRefused) as refusal:
        put(session, "complaint", item, choices)
    assert words in refusal.value.message
    assert session.ledger("complaint") == complaint


def test_ten_in_use_and_no_more(session: Session) -> None:
    for place in range(MOST):
        put(session, "staff", CustomField("", f"第{place + 1}项"))
    with pytest.raises(CustomFieldRefused, match="已有 10 个"):
        put(session, "staff", CustomField("", "第十一项"))
    first = own_fields(session, "staff")[0]
    put(session, "staff", replace(first, retired=True))
    assert put(session, "staff", CustomField("", "第十一项")).key == "x11"
    with pytest.raises(CustomFieldRefused, match="先停用一个"):
        put(session, "staff", first)


def test_import_maps_own_columns_and_adds_names(tmp_path: Path, session: Session, complaint: Ledger) -> None:
    file = sheet(
        tmp_path / "台账.xlsx",
        ["收到日期", "来源", "投诉人", "联系电话", "客户经理", "客户等级"],
        ["2026-10-08", "来电", "刘秀兰", "13907991234", "赵文华", "银卡"],
        ["2026-10-09", "来电", "王桂英", "13907991235", "孙立", "黑卡"],
    )
    table = importing.best_table(complaint, importing.read_source(file))
    plan = importing.plan(session, complaint, table, importing.propose(complaint, table))
    importing.carry_out(session, plan, file=file.name)
    chosen = listing.ids(session, complaint, Query(order=(("received_on", False),)))
    rows = listing.rows(session, complaint, chosen, ("x1", "x2"))
    assert [row["x1"] for row in rows] == ["赵文华", "孙立"]
    assert [listing.display(session, complaint.field("x2"), row["x2"]) for row in rows] == ["银卡", "黑卡"]
    assert [entry.name for entry in entries(session, "complaint", own_fields(session, "complaint")[1])] == [
        "金卡",
        "银卡",
        "黑卡",
    ]
    assert whole(session)


def test_a_restored_backup_brings_its_fields_and_values(tmp_path: Path, session: Session) -> None:
    put(session, "complaint", MANAGER)
    saved = records.save(session, session.ledger("complaint"), a_complaint(x1="赵文华")).record
    file = backups.backup(session, tmp_path / "stick")
    put(session, "complaint", CustomField("", "后来加的"))
    assert session.ledger("complaint").has("x2")
    restore_into(session, file, None)
    assert not session.ledger("complaint").has("x2")
    assert records.get(session, session.ledger("complaint"), int(str(saved.id))).values["x1"] == "赵文华"
    assert put(session, "complaint", CustomField("", "金额项", Kind.MONEY)).key == "x2"
    assert whole(session)


def test_a_book_with_a_password_brings_them_too(tmp_path: Path) -> None:
    made, _key = books.create_book(tmp_path / "b", bank="某行", officer="王芳", password=PASSWORD)
    put(made, "training", CustomField("", "课件编号"))
    made.close()
    opened = books.open_book(tmp_path / "b", PASSWORD)
    assert opened.ledger("training").field("x1").label == "课件编号"
    opened.close()


def test_the_invented_ledger_imports_as_before(session: Session, complaint: Ledger) -> None:
    """Own fields take no column away from the declared ones."""
    workbook = importing.read_source(LEDGER_FILE)
    table = importing.best_table(COMPLAINT, workbook)
    plain = importing.propose(COMPLAINT, table)
    own = importing.propose(complaint, table)
    assert [column.field for column in own.columns] == [column.field for column in plain.columns]
