"""Masking of personal data on screen, in lists and in what leaves the PC.

Default digits: 姓名 刘**, 手机 前3后4, 证件 前3后4, 账号 后4, 地址 to the township (JR/T 0171-2020 grades the data; its
annex is informative, the digits here are the product's decision).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from xiaobao_desktop.domain.fields import Field, Kind, Ledger, Privacy, Value, Values

ERASED = "已销毁"
"""Stands where personal data stood that was destroyed as the rules ask; there is nothing left to hide."""

_NUMBERED = re.compile(r"\d[^\u4e00-\u9fff]{5}|[@＠]")
"""What may hold the number of a person or a mail address: a digit with more signs than words behind it."""
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


_WORDS = frozenset({Kind.TEXT, Kind.LONG_TEXT})
"""Kinds of fields whose words may name a person."""


def mask_named(text: str, names: Iterable[Value]) -> str:
    """A free text with these names masked wherever they stand: the complainant's name in the words of the complaint.

    Names of one character are let alone; they stand in too many words.
    """
    for name in names:
        if isinstance(name, str) and len(name) > 1 and name in text:
            text = text.replace(name, mask_name(name))
    return text


class Hider:
    """Stars the person of a record in words about it."""

    def __init__(self, names: Iterable[Value], *, hides: bool = True) -> None:
        """Look for these names; one that does not hide gives every text as it is."""
        self._names = tuple(name for name in names if name)
        self._hides = hides

    def __call__(self, text: str, kind: Kind = Kind.LONG_TEXT) -> str:
        """``text`` of a field of ``kind``: names in all words, numbers of persons in long ones.

        A short text may be the number of a ticket or of an office, which is needed and names nobody.
        """
        if not self._hides or kind not in _WORDS:
            return text
        named = mask_named(text, self._names)
        if kind is Kind.TEXT or not _NUMBERED.search(named):
            return named
        # Its patterns take a while to load, and the workbench at the start has mostly words without numbers.
        from xiaobao_desktop.domain.scrub import scrub

        return scrub(named)


def hider(ledger: Ledger, *states: Values) -> Hider:
    """What stars the masked names of a record in words about it; ``states`` are its values, of now and of before."""
    return Hider(values.get(item.key) for item in name_fields(ledger) for values in states)


OPEN = Hider((), hides=False)
"""For whoever may read the words as they are written."""
