"""Choice lists and code trees: names, aliases, levels, search by code, pinyin initials and part of a name."""

from __future__ import annotations

import pytest

from xiaobao_desktop.pinyin import initials
from xiaobao_desktop.services import rules as rule_files

CATALOG = rule_files.load().catalog
B, C = CATALOG.tree("B"), CATALOG.tree("C")


def test_the_tree_is_the_whole_standard() -> None:
    assert (len(CATALOG.tree("A").codes), len(B.codes), len(C.codes)) == (13, 88, 13)
    assert [code.name for code in B.roots()][:3] == ["人民币储蓄", "贷款", "银行卡"]
    assert len(B.roots()) == 14
    assert [code.name for code in B.path("B.03.01.2")] == ["银行卡", "借记卡", "借记卡收费及挂失"]


@pytest.mark.parametrize(
    ("names", "key"),
    [
        (["贷款", "个人住房贷款"], "B.02.01"),
        (["人民币储蓄", "人民币储蓄"], "B.01"),
        (["债务催收", "贷款债务催收"], "B.12.02"),
        (["", "账户管理"], "B.05.01"),
        (["银行卡"], "B.03"),
        (["b.03.01"], "B.03.01"),
        (["手机银行"], "B.05.05"),
    ],
)
def test_names_of_several_levels_lead_to_the_deepest_node(names: list[str], key: str) -> None:
    found = B.find(names)
    assert found is not None
    assert found.key == key


def test_unknown_names_lead_nowhere() -> None:
    assert B.find(["火星业务"]) is None
    assert B.find(["贷款", "火星贷款"]) is None


@pytest.mark.parametrize("text", ["因定价收费引起的投诉", "定价收费", "收费", "因定价收费引起", "C.07"])
def test_causes_are_found_by_their_short_forms(text: str) -> None:
    found = C.find([text])
    assert found is not None
    assert found.key == "C.07"


@pytest.mark.parametrize(
    ("typed", "first"), [("jjk", "借记卡"), ("B.03.01.2", "借记卡收费及挂失"), ("盗刷", "借记卡盗刷")]
)
def test_search(typed: str, first: str) -> None:
    matches = B.search(typed, initials)
    assert matches[0].code.name.startswith(first)
    span = matches[0].span
    if span is not None:
        assert len(matches[0].code.name[span[0] : span[1]]) == len(typed)


def test_a_source_is_found_by_alias_and_width() -> None:
    source = CATALOG.list("source")
    for text, wanted in (
        ("１２３７８", "nfra_12378"),
        ("客服热线", "call"),
        ("人行转办", "pboc"),
        ("省联社客服热线转办", "union_hotline"),
    ):
        found = source.find(text)
        assert found is not None
        assert found.id == wanted


def test_own_entries_override_and_add() -> None:
    own = [
        {"list_name": "source", "id": "call", "name": "客服来电", "aliases": [], "active": True},
        {"list_name": "B", "id": "own-1", "name": "惠农贷", "code_parent": "B.02", "active": True},
        {"list_name": "B", "id": "B.03", "official": "0300", "active": True},
    ]
    catalog = rule_files.load(own).catalog
    assert catalog.list("source").label("call") == "客服来电"
    tree = catalog.tree("B")
    top = tree.top("own-1")
    assert top is not None
    assert top.name == "贷款"
    assert tree.search("0300", initials)[0].code.key == "B.03"
    assert B.get("own-1") is None, "the defaults stay as they are"
