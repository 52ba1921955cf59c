"""Masking: 刘**, 138****5621, 前3后4, 账号后4, address to the township; free text scrubbed of numbers."""

from __future__ import annotations

import pytest

from xiaobao_desktop.domain.fields import Kind
from xiaobao_desktop.domain.masking import mask_text, scrub


@pytest.mark.parametrize(
    ("kind", "text", "masked"),
    [
        (Kind.PERSON_NAME, "刘秀兰", "刘**"),
        (Kind.PERSON_NAME, "𬱖", "𬱖**"),
        (Kind.PHONE, "13812345621", "138****5621"),
        (Kind.PHONE, "07996123456", "079****3456"),
        (Kind.PHONE, "12378", "1***8"),
        (Kind.ID_NUMBER, "410121200211074852", "410***********4852"),
        (Kind.ACCOUNT, "6222021234567890123", "***************0123"),
        (Kind.ADDRESS, "云岭市城关镇人民路3号", "云岭市城关镇**"),
        (Kind.ADDRESS, "某路5号", "某路5*"),
    ],
)
def test_mask(kind: Kind, text: str, masked: str) -> None:
    assert mask_text(kind, text) == masked


def test_scrub_stars_numbers_of_persons_and_keeps_dates_and_amounts() -> None:
    text = "客户13812345621，卡号6222 0212 3456 7890，身份证41012120021107485X，2026-10-03在柜面存12000元，20261003到期"
    cleaned = scrub(text)
    for secret in ("13812345621", "6222 0212 3456 7890", "41012120021107485X"):
        assert secret not in cleaned
    for kept in ("2026-10-03", "12000元", "20261003"):
        assert kept in cleaned
