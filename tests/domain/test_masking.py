"""Masking: 刘**, 138****5621, 前3后4, 账号后4, address to the township."""

from __future__ import annotations

import pytest

from xiaobao_desktop.domain.fields import Kind
from xiaobao_desktop.domain.ledgers import ledger
from xiaobao_desktop.domain.masking import mask_named, mask_text, name_fields


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


def test_a_name_is_masked_wherever_it_stands_in_a_text() -> None:
    text = "刘秀兰来电，刘秀兰称借记卡年费未告知，张三在场。"
    assert mask_named(text, ["刘秀兰", None]) == "刘**来电，刘**称借记卡年费未告知，张三在场。"
    assert mask_named(text, ["来"]) == text, "one character stands in too many words"
    assert mask_named(text, []) == text


def test_the_fields_with_names_of_persons() -> None:
    complaint = ledger("complaint")
    assert "complainant" in [item.key for item in name_fields(complaint)]
    assert all(item.kind is Kind.PERSON_NAME for item in name_fields(complaint))
