"""Texts of letters from templates the bank may edit: what is printed, what is refused, what a fault says."""

from __future__ import annotations

import pytest

from xiaobao_desktop.reports import letter_text
from xiaobao_desktop.reports.case_facts import every_placeholder
from xiaobao_desktop.reports.letter_text import BLANK, LetterTemplateBroken, check, compose, fields
from xiaobao_desktop.services.letter_templates import TEMPLATES, LetterTemplate

VALUES = {"投诉人": "韩㛃", "处理结果": "第一条。\n\n第二条。", "诉求": "", "邮编": ""}


def test_each_line_is_a_paragraph_and_what_is_missing_a_line_to_write_on() -> None:
    own = "{{投诉人}}：\n\n  {{处理结果}}\n诉求是{{诉求}}。{% if 邮编 %}邮编{{邮编}}。{% endif %}\n此复。"
    found = compose("case_reply", "答复函", VALUES, own)
    assert found.paragraphs == ("韩㛃：", "第一条。", "第二条。", f"诉求是{BLANK}。", "此复。")
    assert found.fault == ""


@pytest.mark.parametrize(
    ("broken", "line", "says"),
    [
        ("一\n二{{没有这项}}", 2, "没有“没有这项”这个占位"),
        ("一\n\n{% if 投诉人 %}\n三", 3, "没有成对"),
        ("一\n{% endif %}", 2, "没有成对"),
        ("{{ 投诉人 }\n二", 1, "写法不对"),
        ("一\n{{ 投诉人.__class__.__mro__ }}", 2, "写法不对"),
        ("一\n{{ 1 // 0 }}", 2, "写法不对"),
        ("一\n{% include 'monthly.j2' %}", 2, "写法不对"),
        ("{% if 诉求 %}\n{{从不打印}}\n{% endif %}", 2, "没有“从不打印”这个占位"),
    ],
)
def test_a_broken_template_names_file_line_and_placeholder(broken: str, line: int, says: str) -> None:
    with pytest.raises(LetterTemplateBroken) as refused:
        check("答复函", broken, VALUES)
    assert refused.value.message.startswith(f"文书“答复函”的文字第 {line} 行有错：")
    assert says in refused.value.message


def test_instead_of_a_broken_template_of_the_bank_the_shipped_one_is_used() -> None:
    values = every_placeholder()
    found = compose("case_reply", "答复函", values, "一\n{{旧占位}}")
    assert found.paragraphs == compose("case_reply", "答复函", values).paragraphs
    assert "第 2 行有错：没有“旧占位”这个占位" in found.fault
    assert "随程序安装的文字" in found.fault


@pytest.mark.parametrize("item", TEMPLATES, ids=lambda item: str(item.name))
def test_the_shipped_templates_know_their_placeholders(item: LetterTemplate) -> None:
    source = letter_text.shipped(item.name)
    assert not source.startswith("{#"), "the remark for the reader of the file is not the officer's"
    check(item.title, source, every_placeholder())


def test_fields_give_each_text_exactly_and_what_is_lacking() -> None:
    own = "抬头不算\n【结果】\n{{处理结果}}\n【诉求】\n{% if 诉求 %}\n诉求：{{诉求}}\n{% endif %}\n"
    own += "【人】\n{{投诉人}}、{{邮编}}"
    found, fault = fields("feedback_12378", "回填", VALUES, own)
    assert [(item.label, item.text, item.lacking) for item in found] == [
        ("结果", "第一条。\n\n第二条。", ()),
        ("诉求", "", ()),
        ("人", "韩㛃、", ("邮编",)),
    ]
    assert fault == ""


def test_a_fault_in_a_field_counts_lines_from_the_top_of_the_template() -> None:
    found, fault = fields("feedback_order5", "回填", every_placeholder(), "【甲】\n一\n【乙】\n{{没有这项}}")
    assert "第 4 行有错" in fault
    assert [item.label for item in found] == [
        "投诉基本情况",
        "争议焦点",
        "调查结果及证据",
        "处理依据",
        "与消费者沟通情况",
        "延期情况",
        "投诉人满意度",
    ]
