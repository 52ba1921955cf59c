"""Fields of the bank's own laid over a declaration; how they are kept as text."""

from __future__ import annotations

import pytest

from xiaobao_desktop.domain import custom_fields as rules
from xiaobao_desktop.domain.custom_fields import CustomField
from xiaobao_desktop.domain.fields import Grade, Kind, Privacy
from xiaobao_desktop.domain.ledgers import all_ledgers, ledger

COMPLAINT = ledger("complaint")
MANAGER = CustomField("x1", "客户经理", Kind.TEXT, personal=True, in_list=True, grade=Grade.TO_CLOSE)
LEVEL = CustomField("x2", "客户等级", Kind.CHOICE)
GONE = CustomField("x3", "旧编号", Kind.TEXT, in_list=True, grade=Grade.TO_FILE, retired=True)


def test_without_own_fields_the_declaration_is_the_same() -> None:
    assert rules.merge(COMPLAINT, ()) is COMPLAINT
    assert rules.merge_all(all_ledgers(), {}) == all_ledgers()


def test_own_fields_come_last_in_fields_form_and_list() -> None:
    merged = rules.merge(COMPLAINT, (LEVEL, MANAGER))
    assert [item.key for item in merged.fields[-2:]] == ["x2", "x1"]
    assert merged.sections[-1].title == rules.SECTION
    assert merged.sections[-1].fields == ("x2", "x1")
    assert [(column.key, column.shown) for column in merged.columns[-2:]] == [("x2", False), ("x1", True)]
    assert merged.fields[: len(COMPLAINT.fields)] == COMPLAINT.fields
    manager, level = merged.field("x1"), merged.field("x2")
    assert (manager.privacy, manager.grade, manager.entered) == (Privacy.C2, Grade.TO_CLOSE, True)
    assert level.options == "custom.complaint.x2"


def test_a_retired_field_is_shown_and_no_longer_asked_for() -> None:
    merged = rules.merge(COMPLAINT, (GONE,))
    assert not merged.field("x3").entered
    assert merged.field("x3").grade is Grade.FREE
    assert "x3" in merged.sections[-1].fields
    assert "x3" not in [column.key for column in merged.columns]


@pytest.mark.parametrize("kind", [Kind.YES_NO, Kind.CHOICE])
def test_ticks_and_lists_are_never_masked(kind: Kind) -> None:
    assert rules.as_field("complaint", CustomField("x1", "名称", kind, personal=True)).privacy is Privacy.NONE


def test_a_tick_is_never_a_gap() -> None:
    item = CustomField("x1", "名称", Kind.YES_NO, grade=Grade.TO_CLOSE)
    assert rules.as_field("complaint", item).grade is Grade.FREE


def test_keys_are_never_given_twice() -> None:
    assert rules.next_key(()) == "x1"
    assert rules.next_key((LEVEL,)) == "x3"
    assert rules.next_key((GONE, MANAGER)) == "x4"


def test_definitions_survive_being_kept() -> None:
    kept = {"complaint": (LEVEL, MANAGER, GONE), "staff": (CustomField("x1", "工号", Kind.INTEGER),)}
    assert rules.from_text(rules.to_text(kept)) == kept
    assert rules.from_text("") == {}


def test_no_ledger_declares_a_key_of_that_form() -> None:
    """Own columns stand beside declared ones: x1, x2 … must stay free."""
    taken = {item.key for declared in all_ledgers() for item in declared.fields}
    assert not {key for key in taken if key.startswith("x") and key[1:].isdecimal()}
