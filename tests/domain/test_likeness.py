"""How alike two texts are: exact, without order, blind to signs and width."""

from __future__ import annotations

from fractions import Fraction

from xiaobao_desktop.domain.likeness import likeness, pairs

TOLD = "柜台扣了短信服务费三十六元，本人没有签过短信服务协议，要求退回"


def test_pairs_of_neighbours_without_signs_case_and_width() -> None:
    assert pairs("短信费，ＡＢ 1") == {"短信", "信费", "费a", "ab", "b1"}
    assert pairs("费") == frozenset()
    assert pairs("") == frozenset()


def test_common_pairs_against_all_pairs() -> None:
    # 短信 信费 | 短信 信息: one in three.
    assert likeness(pairs("短信费"), pairs("短信息")) == Fraction(1, 3)
    assert likeness(pairs("短信息"), pairs("短信费")) == Fraction(1, 3)
    assert likeness(pairs("短信费"), pairs("短 信 费。")) == 1
    assert likeness(pairs("贷款"), pairs("短信费")) == 0
    assert likeness(pairs(""), pairs("")) == 0


def test_a_long_text_told_again_with_more_words_is_the_same() -> None:
    longer = f"您好，我是贵行的老客户。{TOLD}。上次打过电话，一直没有人回复，请领导尽快处理，谢谢"
    assert likeness(pairs(TOLD), pairs(longer)) == 1


def test_a_few_words_are_no_part_of_a_long_text() -> None:
    assert likeness(pairs("短信服务费"), pairs(TOLD)) < Fraction(1, 4)
