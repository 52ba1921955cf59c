"""Masking of personal data on screen, in lists and in what leaves the PC.

Default digits: 姓名 刘**, 手机 前3后4, 证件 前3后4, 账号 后4, 地址 to the township (JR/T 0171-2020 grades the data; its
annex is informative, the digits here are the product's decision).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from xiaobao_desktop.domain.fields import Field, Kind, Ledger, Privacy, Value

ERASED = "已销毁"
"""Stands where personal data stood that was destroyed as the rules ask; there is nothing left to hide."""

_TOWNSHIP = re.compile(r"^.*?(?:乡|镇|街道|区|县|市)")


def mask_name(text: str) -> str:
    """First character and two stars: 刘秀兰 -> 刘**."""
    return f"{text[0]}**" if text else ""


def mask_middle(text: str, first: int, last: int) -> str:
    """Keep ``first`` and ``last`` characters, stars between; short texts keep at most one character at each end."""
    if len(text) <= first + last:
        return f"{text[:1]}***{text[-1:]}" if len(text) > 3 else "*" * len(text)
    return f"{text[:first]}{'*' * (len(text) - first - last)}{text[len(text) - last :]}"


def mask_address(text: str) -> str:
    """Keep the address down to township or street office: 云岭市城关镇人民路3号 -> 云岭市城关镇**."""
    ends = [match.end() for match in re.finditer(r"乡|镇|街道", text)] or [
        m.end() for m in [_TOWNSHIP.match(text)] if m
    ]
    return f"{text[: ends[-1]]}**" if ends else mask_middle(text, 3, 0)


def mask_text(kind: Kind, text: str) -> str:
    """``text`` of a field of ``kind``, masked."""
    if text == ERASED:
        return text
    if kind is Kind.PERSON_NAME:
        return mask_name(text)
    if kind is Kind.PHONE:
        return mask_middle(text, 3, 4)
    if kind is Kind.ID_NUMBER:
        return mask_middle(text, 3, 4)
    if kind is Kind.ACCOUNT:
        return mask_middle(text, 0, 4)
    if kind is Kind.ADDRESS:
        return mask_address(text)
    return mask_middle(text, 1, 0)


def is_masked(field: Field) -> bool:
    """Whether a field's value is masked by default: personal data of level C2."""
    return field.privacy is Privacy.C2


def name_fields(ledger: Ledger) -> tuple[Field, ...]:
    """The fields of a ledger that hold the masked name of a person."""
    return tuple(item for item in ledger.fields if item.kind is Kind.PERSON_NAME and is_masked(item))


def mask_named(text: str, names: Iterable[Value]) -> str:
    """A free text with these names masked wherever they stand: the complainant's name in the words of the complaint.

    Names of one character are let alone; they stand in too many words.
    """
    for name in names:
        if isinstance(name, str) and len(name) > 1 and name in text:
            text = text.replace(name, mask_name(name))
    return text
