"""Cutting a pasted ticket: labels in every writing, tables, several lines, and nothing lost whatever is pasted."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xiaobao_desktop.exchange.ticket_text import Label, Labels, cut

LABELS = Labels(
    {"投诉人": Label("name"), "联系电话": Label("phone"), "电话": Label("phone", 2), "投诉内容": Label("content")}
    | {"办理时限": Label(""), "备注": Label("")},
    frozenset({"content", ""}),
)


def parts(text: str) -> list[tuple[str, str]]:
    return [(piece.label, piece.words) for piece in cut(text, LABELS)]


@pytest.mark.parametrize(
    "line",
    [
        "投诉人：张桂兰",
        "投诉人: 张桂兰",
        "投 诉 人 ：张桂兰",
        "投\u3000诉\u3000人：\u3000张桂兰",
        "【投诉人】张桂兰",
        "[投诉人]：张桂兰",
        "1. 投诉人：张桂兰",
        "（一）投诉人：张桂兰",
        "投诉人（必填）：张桂兰",
        "投诉人\t张桂兰",
        "投诉人：\t张桂兰",
        "投诉人\n张桂兰",
        "投诉人：\n张桂兰",
        "\u3000投诉人：张桂兰\u3000",
    ],
)
def test_a_label_is_known_in_every_writing(line: str) -> None:
    assert parts(line) == [("投诉人", "张桂兰")]


def test_the_longer_label_wins_and_a_label_inside_a_word_is_none() -> None:
    assert parts("联系电话：1") == [("联系电话", "1")]
    assert parts("代理投诉人：李四") == [("", "代理投诉人：李四")]
    assert parts("他说投诉人：李四") == [("", "他说投诉人：李四")]


@pytest.mark.parametrize("gap", ["  ", "\u3000\u3000", "\t", "；", "; ", " | "])
def test_two_labels_stand_on_one_line(gap: str) -> None:
    assert parts(f"投诉人：张桂兰{gap}联系电话：13900000000") == [("投诉人", "张桂兰"), ("联系电话", "13900000000")]


def test_a_running_value_goes_on_and_a_short_one_ends_with_its_line() -> None:
    text = "投诉内容：第一行\n\n第二行\n投诉人：张桂兰\n这一行没有名称\n办理时限：15日\n从收到起算\n\n正文在这里"
    assert parts(text) == [
        ("投诉内容", "第一行\n\n第二行"),
        ("投诉人", "张桂兰"),
        ("", "这一行没有名称"),
        ("办理时限", "15日\n从收到起算"),
        ("", "正文在这里"),
    ]


def test_tables_pasted_with_tabs() -> None:
    assert parts("投诉人\t张桂兰\t联系电话\t1390\n投诉内容\t多收年费\t\t\n") == [
        ("投诉人", "张桂兰"),
        ("联系电话", "1390"),
        ("投诉内容", "多收年费"),
    ]
    assert parts("投诉人\t联系电话\t投诉内容\n张桂兰\t1390\t多收年费\n落款") == [
        ("投诉人", "张桂兰"),
        ("联系电话", "1390"),
        ("投诉内容", "多收年费"),
        ("", "落款"),
    ]
    # A row of labels over a row of labels is no heading with values.
    assert parts("投诉人\t联系电话\n联系电话\t1390") == [("投诉人", ""), ("联系电话", ""), ("联系电话", "1390")]


NAMES = sorted(LABELS.names)
WORDS = st.text(alphabet="甲乙丙丁戊己庚辛壬癸0123456789，。！（）abc", min_size=1, max_size=9)
BITS = st.one_of(
    WORDS,
    st.tuples(st.sampled_from(NAMES), st.sampled_from(["：", ":", "\t", "\n", "： "]), WORDS).map("".join),
    st.tuples(WORDS, st.just("："), WORDS).map("".join),
    st.sampled_from(["", "\t", "\u3000", "【", "|"]),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(BITS, st.sampled_from(["\n", "\r\n", "\t", "  ", "；", "\n\n"])), max_size=12))
def test_no_word_is_ever_lost(bits: list[tuple[str, str]]) -> None:
    text = "".join(bit + gap for bit, gap in bits)
    kept = "".join(piece.label + piece.words for piece in cut(text, LABELS))
    for name in {char for char in text if char not in " \t\r\n\u3000：:；【|（）"}:
        assert kept.count(name) == text.count(name), (name, text)
