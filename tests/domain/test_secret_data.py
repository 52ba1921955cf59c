"""Passwords, codes and card numbers in free text are warned of at the field; ordinary texts are let alone."""

from __future__ import annotations

import pytest

from xiaobao_desktop.domain import secret_data
from xiaobao_desktop.domain.fields import Field, Kind
from xiaobao_desktop.domain.values import check_value


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("客户卡号6222020200112233446，要求退年费", "尾号 3446"),
        ("卡号 6228 4800 1234 5678 911 被盗刷", "尾号 8911"),
        ("客户告知密码是 198765", "像是写了密码"),
        ("取款密码：8a7b6c", "像是写了密码"),
        ("短信验证码为 482913，转走 5000 元", "像是写了验证码"),
        ("ＣＶＶ２ 或 CVV2: 321", "像是写了验证码"),
        ("验证码４８２９１３", "像是写了验证码"),
        ("卡号６２２２０２０２００１１２２３３４４６", "尾号 3446"),
        ("告知口令为 8a7b6c", "像是写了密码"),
        ("客户说 Pin 是 4321", "像是写了验证码"),
        ("客户忘记密码，柜面重置后无法登录", ""),
        ("密码输错 3 次被锁，2026年10月8日来电", ""),
        ("要求重设密码。2026-10-08 已答复", ""),
        ("身份证 11010119900307803X，电话 13856215621", ""),
        ("转账 1234567890.00 元，流水 20261008143000", ""),
        ("修改密码请拨 96588 或 95588", ""),
        ("", ""),
    ],
)
def test_what_is_found_and_what_is_not(text: str, words: str) -> None:
    said = "；".join(secret_data.warnings(text))
    assert words in said
    assert bool(said) == bool(words)


def test_the_warning_stands_at_the_field_and_lets_the_record_be_saved() -> None:
    problem = check_value(Field("content", "投诉内容", Kind.LONG_TEXT), "密码是 198765，卡号6222020200112233446")
    assert problem is not None
    assert (problem.field, problem.blocking) == ("content", False)
    assert "银行卡号" in problem.message
    assert "密码" in problem.message
