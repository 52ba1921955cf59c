"""Masking: 刘**, 138****5621, 前3后4, 账号后4, address to the township."""

from __future__ import annotations

import pytest

from xiaobao_desktop.domain.fields import Kind
from xiaobao_desktop.domain.masking import mask_text


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
