"""Checklists as data: what the shipped ones hold, and which versions of the bank's own are refused with which words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from xiaobao_desktop.domain.checklist import WHOLE, Checklist, Item, faults
from xiaobao_desktop.services import checklist_files
from xiaobao_desktop.services import rules as rule_files

SHIPPED = checklist_files.shipped()
EVALUATION = SHIPPED["evaluation_2025"]


def weighted(*weights: int | None, **more: object) -> Checklist:
    items = tuple(Item(f"i{place}", "甲", f"第{place}项", weight=weight) for place, weight in enumerate(weights))
    return replace(Checklist("own_1", "检查表", 1, items), **more)  # type: ignore[arg-type]


def test_every_shipped_checklist_is_named_in_the_choice_list_and_in_order() -> None:
    choices = rule_files.load().catalog.list("checklist").items
    assert {item.id: item.name for item in choices} == {key: item.title for key, item in SHIPPED.items()}
    assert [item.id for item in choices if not item.active] == ["evaluation_2021"]
    for known in SHIPPED.values():
        assert faults(known) == ()
        assert len({item.key for item in known.items}) == len(known.items)
        # Items of one section stand together: their numbers follow from that.
        ordered = [item.section for item in known.items]
        assert ordered == [name for name in known.sections for item in known.items if item.section == name]


def test_the_evaluation_of_2025_has_its_seven_elements_with_their_least_weights() -> None:
    assert EVALUATION.minimums == {
        "体制机制": 1000,
        "适当性管理": 1000,
        "营销行为管理": 2500,
        "纠纷化解": 2500,
        "金融教育": 1000,
        "消费者服务": 500,
        "个人信息保护": 500,
    }
    assert EVALUATION.total == 9000 == WHOLE - EVALUATION.rest
    assert all(EVALUATION.section_weight(name) == least for name, least in EVALUATION.minimums.items())


def test_the_double_check_asks_for_the_performance_assessment_too() -> None:
    known = SHIPPED["double_check"]
    assert known.sections[:5] == tuple(
        f"公司治理：{part}" for part in ("董事会", "高管层", "委员会", "专职部门", "决策经营机制")
    )
    assert known.sections[5:] == ("绩效考核", "内部审计：机制", "内部审计：内容", "内部审计：结果运用")
    assert known.finding_source == "double_check"
    assert "不涉及" in known.note


def test_the_old_set_is_archived_and_adds_up() -> None:
    known = SHIPPED["evaluation_2021"]
    assert known.archived
    assert [known.section_weight(name) for name in known.sections] == [1000, 2500, 3000, 1000, 2500]


@pytest.mark.parametrize(
    ("known", "said"),
    [
        (weighted(4000, 5500), "权重合计 95%，少 5%，请调到 100%"),
        (weighted(4000, 6250), "权重合计 102.5%，多 2.5%，请调到 100%"),
        (weighted(4000, 4000, rest=1000), "权重合计 80%，少 20%，请调到 100%（年度计划还没有定时，可以先按 90% 保存）"),
        (weighted(10000, None), "“第1项”没有填权重：要么每一项都填，要么都不填"),
        (
            weighted(10000, None, None, None, None),
            "“第1项”、“第2项”、“第3项”等 4 项没有填权重：要么每一项都填，要么都不填",
        ),
        (weighted(10000, minimums={"乙": 2500}), "“乙”的权重合计 0%，低于下限 25%，少 25%"),
        (weighted(), "检查表里还没有检查项，请先新增"),
        (replace(weighted(10000), title=" "), "请填写检查表的名称"),
    ],
)
def test_what_does_not_add_up_is_said_with_the_difference(known: Checklist, said: str) -> None:
    assert faults(known) == (said,)


@pytest.mark.parametrize("known", [weighted(4000, 6000), weighted(None, None), weighted(5000, 4000, rest=1000)])
def test_what_adds_up_is_taken(known: Checklist) -> None:
    assert faults(known) == ()


def test_an_item_without_a_name_is_refused() -> None:
    known = replace(weighted(None), items=(Item("a", "甲", ""), Item("b", "", "有名")))
    assert faults(known) == ("有 2 项没有填部分或检查项，请补上或删去",)
