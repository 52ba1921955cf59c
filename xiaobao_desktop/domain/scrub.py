"""Free text that leaves the bank: phones, ID, card and account numbers starred; amounts, dates and hotlines kept.

What is starred keeps the digits that the masks of the same kinds of fields keep (``masking.mask_text``). Formats:
mobile numbers of 11 digits from 13 to 19; area codes of 3 or 4 digits with 0, then 7 or 8; IDs of 18 digits
(GB 11643-1999) or the former 15; cards of 13 to 19 digits (the last one by Luhn). In doubt a long number is starred.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

from xiaobao_desktop.domain.fields import Kind
from xiaobao_desktop.domain.masking import mask_text

_GAP = r"[ \t\u3000\xa0\-‐‑–—－_.·•/)）]{0,2}"
"""What people put between the digits of one number."""
_GAP_THERE = _GAP.replace("{0,2}", "{1,2}")
_FULL_WIDTH = str.maketrans("０１２３４５６７８９Ｘｘ＋－．：，／＠　", "0123456789Xx+-.:,/@ ")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_SHORTEST, _LONGEST_AMOUNT, _LONGEST_YUAN = 7, 12, 11
"""Digits: of the shortest number that is starred, of the longest sum of money with and without decimals."""
_CALL_WORDS = r"(?:电话|座机|固话|手机|号码|联系|拨打|致电|来电|微信|QQ|qq)[^\dA-Za-z\n，。；]{0,4}"

Decide = Callable[[str, str], str | None]
"""(digits without gaps, as written) -> what stands there instead, None to leave it as it is."""


def scrub(text: str) -> str:
    """``text`` without numbers that name or reach a person; of the same meaning otherwise.

    Digits may be of full width and have blanks, dashes, dots or brackets between them.
    """
    return "".join(piece if kept else _starred(piece) for piece, kept in _without_mail(text))


def _without_mail(text: str) -> list[tuple[str, bool]]:
    """Pieces of the text; mail addresses are starred already (True)."""
    pieces: list[tuple[str, bool]] = []
    place = 0
    for found in re.finditer(r"[A-Za-z0-9._%+-]+[@＠][A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+", text):
        name, mark, host = re.split("([@＠])", found[0], maxsplit=1)
        pieces += [(text[place : found.start()], False), (f"{name[0]}***{mark}{host}", True)]
        place = found.end()
    return [*pieces, (text[place:], False)]


def _starred(text: str) -> str:
    plain = text.translate(_FULL_WIDTH)  # sign for sign: places are those of the text
    taken: list[tuple[int, int, str | None]] = []
    for pattern, decide in _RULES:
        for found in pattern.finditer(plain):
            start, end = found.span("n")
            if any(start < other_end and other_start < end for other_start, other_end, _words in taken):
                continue
            written = plain[start:end]
            made = decide(re.sub(r"[^0-9A-Za-z]", "", written), written)
            if made is not None:
                taken.append((start, end, made))
    out, place = [], 0
    for start, end, made in sorted(taken):
        out += [text[place:start], text[start:end] if made == _KEPT else made or ""]
        place = end
    return "".join([*out, text[place:]])


_KEPT = "\0"
"""Says that a number is known to be harmless."""


def _keep(_digits: str, _written: str) -> str | None:
    return _KEPT


def _as_phone(digits: str, _written: str) -> str | None:
    bare = re.sub(r"^(?:0086|86)(?=1[3-9]\d{9}$)", "", digits)
    return mask_text(Kind.PHONE, bare)


def _as_id(digits: str, written: str) -> str | None:
    """An 18-digit ID; with gaps inside only when its check digit is right (an amount and a date may stand together)."""
    solid = len(written) == len(digits)
    return mask_text(Kind.ID_NUMBER, digits) if solid or id_fits(digits) else None


def _as_long(digits: str, _written: str) -> str | None:
    """A number with gaps: an ID or card by its check digit, or one printed in groups of four."""
    if len(digits) == 18 and id_fits(digits):
        return mask_text(Kind.ID_NUMBER, digits)
    return mask_text(Kind.ACCOUNT, digits) if digits.isdigit() and luhn_fits(digits) else None


def _as_read_out(digits: str, _written: str) -> str | None:
    return mask_text(Kind.ID_NUMBER if id_fits(digits) else Kind.ACCOUNT, digits)


def _as_account(digits: str, _written: str) -> str | None:
    return mask_text(Kind.ACCOUNT, digits)


def _as_document(digits: str, _written: str) -> str | None:
    return mask_text(Kind.ID_NUMBER, digits)


def _as_moment(digits: str, _written: str) -> str | None:
    try:
        year = datetime.strptime(digits, "%Y%m%d%H%M%S").year  # noqa: DTZ007 - only asked whether it is one
    except ValueError:
        return None
    return _KEPT if 1990 <= year < 2100 else None


def _as_amount(digits: str, written: str) -> str | None:
    whole = written.split(".")[0]
    limit = _LONGEST_AMOUNT if "." in written or "," in written else _LONGEST_YUAN
    mobile = re.fullmatch(r"1[3-9]\d{9}", digits)
    return _KEPT if sum(sign.isdigit() for sign in whole) <= limit and not mobile else None


def is_reference(text: str) -> bool:
    """Whether a whole text is the number of a ticket or document: no words, and neither a mobile number nor an ID."""
    plain = text.translate(_FULL_WIDTH).strip()
    bare = re.sub(r"[ \-]", "", plain)
    return (
        re.fullmatch(r"[A-Za-z0-9\-_/#.〔〕\[\]() ]+", plain) is not None
        and re.fullmatch(r"(?:\+?86)?1[3-9]\d{9}|0\d{9,11}", bare) is None
        and not id_fits(bare)
    )


def id_fits(digits: str) -> bool:
    """Whether 18 signs are an ID number by its check digit (GB 11643-1999: ISO 7064 MOD 11-2)."""
    if not re.fullmatch(r"\d{17}[\dXx]", digits):
        return False
    total = sum(int(sign) * weight for sign, weight in zip(digits[:17], _WEIGHTS, strict=True))
    return digits[17].upper() == _CHECKS[total % 11]


def luhn_fits(digits: str) -> bool:
    """Whether the last digit is right by Luhn's rule, as on bank cards (ISO/IEC 7812-1)."""
    doubled = [int(sign) * (2 if place % 2 else 1) for place, sign in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def _rule(pattern: str, decide: Decide) -> tuple[re.Pattern[str], Decide]:
    return re.compile(pattern), decide


_DAY = r"(?:0[1-9]|1[0-2])%s(?:0[1-9]|[12]\d|3[01])"
_RULES: tuple[tuple[re.Pattern[str], Decide], ...] = (
    _rule(
        rf"(?<!\d)(?P<n>[1-9]\d{{5}}{_GAP}(?:18|19|20)\d\d{_GAP}{_DAY % _GAP}{_GAP}\d{{3}}{_GAP}[\dXx])(?!\d)", _as_id
    ),
    # Read out digit by digit.
    _rule(rf"(?<!\d)(?P<n>\d(?:{_GAP_THERE}\d){{14,18}}(?:{_GAP_THERE}[Xx])?)(?!\d)", _as_read_out),
    # The former ID of 15 digits.
    _rule(rf"(?<!\d)(?P<n>[1-9]\d{{7}}{_DAY % ''}\d{{3}})(?!\d)", _as_document),
    _rule(rf"(?<!\d)(?P<n>(?:(?:\+|00)?86{_GAP})?1{_GAP}[3-9]{_GAP}(?:\d{_GAP}){{8}}\d)(?!\d)", _as_phone),
    _rule(r"(?<![\d.])(?P<n>\d{4}(?:[ \-\u3000.]{1,2}\d{4}){3,4}(?:[ \-\u3000.]{1,2}\d{1,3})?)(?!\d)", _as_account),
    # Lines with an area code, perhaps an extension.
    _rule(
        r"(?P<n>(?<!\d)(?:[(（]0\d{2,3}[)）]|0\d{2,3})[ \-－—_\u3000]{0,2}\d{3,4}[ -]?\d{4}(?:(?:-|转)\d{1,6})?)(?!\d)",
        _as_phone,
    ),
    # Dates and moments.
    _rule(r"(?<!\d)(?P<n>(?:19|20)\d\d[-/.年]\s?\d{1,2}[-/.月]\s?\d{1,2}日?)(?!\d)", _keep),
    _rule(rf"(?<!\d)(?P<n>(?:19|20)\d\d{_DAY % ''})(?!\d)", _keep),
    _rule(r"(?<!\d)(?P<n>\d{14})(?!\d)", _as_moment),
    # Hotlines of banks and authorities are nobody's own number.
    _rule(r"(?<!\d)(?P<n>[48]00[- ]?\d{3,4}[- ]?\d{3,4})(?!\d)", _keep),
    # Money.
    _rule(r"(?P<n>(?<=[¥￥])\s?\d[\d,]*(?:\.\d+)?)(?!\d)", _as_amount),
    _rule(r"(?<![\d.])(?P<n>\d{1,3}(?:,\d{3})+(?:\.\d+)?)(?!\d)", _as_amount),
    _rule(r"(?<![\d.])(?P<n>\d+(?:\.\d+)?)(?=\s?(?:元|万|亿|块|圆|美元|港元|欧元))", _as_amount),
    _rule(
        r"(?:金额|人民币|本金|余额|贷款|存款|利息|合计|共计|损失)[为是约共达计：:]?\s?(?P<n>\d+(?:\.\d+)?)(?!\d)",
        _as_amount,
    ),
    _rule(r"(?<![\d.])(?P<n>\d{1,12}\.\d{1,2})(?![\d.])(?!-\d)", _as_amount),
    _rule(rf"{_CALL_WORDS}(?P<n>\d(?:[ -]?\d){{6,14}})(?!\d)", _as_phone),
    _rule(r"(?:护照|通行证|证件|军官证)[^\dA-Za-z\n]{0,6}(?P<n>[A-Za-z]{1,2}\d{7,9})(?!\d)", _as_document),
    # Numbers with gaps anywhere, and whatever long number is left.
    _rule(rf"(?<!\d)(?P<n>\d(?:{_GAP}\d){{14,17}}(?:{_GAP}\d|{_GAP}[Xx])?)(?!\d)", _as_long),
    _rule(rf"(?<!\d)(?P<n>\d{{{_SHORTEST},11}})(?!\d)", _as_phone),
    _rule(r"(?<!\d)(?P<n>\d{12,}[Xx]?)", _as_account),
)
"""In this order: what an earlier rule has taken, no later one touches. Group ``n`` is the number."""
