"""Editing lists and trees in a real book: rename, official codes, out of use, mapping; the next import knows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services.support import COMPLAINT, a_complaint, imported, new_book, sheet
from xiaobao_desktop.services import catalog_edit, records
from xiaobao_desktop.services.catalog_edit import Entry, EntryNameMissing, EntryNameTaken, EntryNotOwn, TargetUnfit
from xiaobao_desktop.services.session import Session


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    opened = new_book(tmp_path / "book")
    yield opened
    opened.close()


def entry(session: Session, source: str, entry_id: str) -> Entry:
    return next(item for item in catalog_edit.entries(session, source) if item.id == entry_id)


def test_trees_come_first_and_the_programs_own_rules_are_left_out(session: Session) -> None:
    found = catalog_edit.sources(session)
    assert [source.name for source in found if source.tree] == ["B", "C", "A"]
    assert found[3].name == "source"
    assert not {"rule_profile", "step_kind", "complaint_state"} & {source.name for source in found}


def test_a_renamed_entry_is_shown_by_its_new_name_and_found_by_the_old(session: Session, tmp_path: Path) -> None:
    old = entry(session, "B", "B.05.05")
    catalog_edit.change(session, "B", old.id, name="线上支付", aliases=["扫码"], official="0505", active=True)
    new = entry(session, "B", "B.05.05")
    assert (new.name, new.official, new.aliases) == ("线上支付", "0505", ("扫码", "电子支付"))
    file = sheet(
        tmp_path / "表.xlsx",
        ["收到日期", "业务类别"],
        ["2026-10-01", "电子支付"],
        ["2026-10-02", "扫码"],
        ["2026-10-03", "0505"],
    )
    plan, _result = imported(session, file)
    assert [row.record.values["category"] for row in plan.rows] == ["B.05.05"] * 3


def test_an_entry_out_of_use_is_no_longer_offered_but_old_records_keep_it(session: Session) -> None:
    saved = records.save(session, COMPLAINT, a_complaint(category="B.08")).record
    old = entry(session, "B", "B.08")
    catalog_edit.change(session, "B", "B.08", name=old.name, aliases=(), official="", active=False)
    tree = session.rules.catalog.tree("B")
    assert "B.08" not in [match.code.key for match in tree.search("贵金属", lambda _text: "")]
    assert "B.08" not in [match.code.key for match in tree.search("", lambda _text: "", 500)]
    assert tree.label(str(saved.values["category"])) == "贵金属"
    assert entry(session, "B", "B.08").uses == 1


def test_an_own_entry_is_added_once(session: Session) -> None:
    made = catalog_edit.add(session, "source", " 行长 信箱 ")
    assert entry(session, "source", made).own
    assert entry(session, "source", made).name == "行长 信箱"
    with pytest.raises(EntryNameTaken, match="来源里已有“行长信箱”"):
        catalog_edit.add(session, "source", "行长信箱")
    with pytest.raises(EntryNameMissing):
        catalog_edit.add(session, "source", "  ")
    below = catalog_edit.add(session, "B", "乡村振兴卡", "B.03.01")
    assert (entry(session, "B", below).depth, session.rules.catalog.tree("B").top(below).key) == (2, "B.03")  # type: ignore[union-attr]


def test_mapping_moves_records_names_and_what_stands_below(session: Session) -> None:
    own = catalog_edit.add(session, "B", "卡片类")
    below = catalog_edit.add(session, "B", "社保卡类", own)
    first = records.save(session, COMPLAINT, a_complaint(category=own)).record
    other = records.save(session, COMPLAINT, a_complaint(category=below)).record
    binned = records.save(session, COMPLAINT, a_complaint(category=own)).record
    records.delete(session, COMPLAINT, int(str(binned.id)))
    mapped = catalog_edit.map_to(session, "B", own, "B.03")
    assert mapped.records == 1
    for record, key in ((first, "B.03"), (other, below), (binned, "B.03")):
        assert records.get(session, COMPLAINT, int(str(record.id))).values["category"] == key
    tree = session.rules.catalog.tree("B")
    assert [code.key for code in tree.path(below)] == ["B.03", below]
    assert tree.find(["卡片类"]) is tree.get("B.03")
    gone = entry(session, "B", own)
    assert (gone.active, gone.mapped_to, gone.uses) == (False, "银行卡", 0)
    entries = records.history(session, COMPLAINT, int(str(first.id)))
    assert entries[0].operation == "选项并入：卡片类 → 银行卡（1 件）"
    assert [(line.label, line.old, line.new) for line in entries[0].lines] == [("业务类别", "卡片类", "银行卡")]
    assert all(finding.ok for finding in session.book.verify())


def test_only_own_entries_are_mapped_and_not_to_themselves(session: Session) -> None:
    own = catalog_edit.add(session, "C", "本行原因")
    below = catalog_edit.add(session, "C", "更细的原因", own)
    with pytest.raises(EntryNotOwn):
        catalog_edit.map_to(session, "C", "C.01", "C.02")
    for target in (own, below):
        with pytest.raises(TargetUnfit):
            catalog_edit.map_to(session, "C", own, target)


def test_an_own_entry_of_a_list_of_several_is_mapped_inside_the_record(session: Session) -> None:
    own = catalog_edit.add(session, "special_group", "高龄老人")
    saved = records.save(session, COMPLAINT, a_complaint(special_groups=(own, "farmer", "elderly"))).record
    catalog_edit.map_to(session, "special_group", own, "elderly")
    stored = records.get(session, COMPLAINT, int(str(saved.id))).values["special_groups"]
    assert stored == ("elderly", "farmer")
