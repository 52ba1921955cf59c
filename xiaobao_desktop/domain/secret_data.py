"""Data of level C3 in free text: passwords, verification codes, whole card numbers. It must not be kept at all.

Source: JR/T 0171-2020 (C3: what a customer proves himself with; not to be kept by whoever does not need it),
FACTS §7.2. The wording that is looked for is this program's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from xiaobao_desktop.domain.scrub import id_fits, luhn_fits

# Their pattern for a digit (\d) fits the full-width ones as well.
_FULL_WIDTH = str.maketrans("０１２３４５６７８９", "0123456789")
_LIKELY_WORDS = "码", "口令"
_LIKELY = re.compile(r"(?:\d[ \-]?){12}|[CcPp](?i:vv|vn|in)")
"""A quick look, for every text that is saved: most have none of these."""
_CARD = re.compile(r"(?<!\d)\d(?:[ \-]?\d){14,18}(?!\d)")
_SECRET = re.compile(
    r"(?P<what>验证码|校验码|动态码|安全码|(?i:cvv2?|cvn2?)|密码|口令|(?i:pin)码?)"
    r"[^\n，。；,;、0-9A-Za-z]{0,6}(?P<value>(?=[A-Za-z@#$%^&*!._-]*\d)[A-Za-z0-9@#$%^&*!._-]{3,20})(?!\d*(?:年|月|日|元|次|位|条|点))"
)
_HOTLINES = re.compile(r"9\d{4,5}|12\d{3}|[48]00\d{7}")
"""A bank's number that stands behind 密码 by chance."""


def warnings(text: str) -> tuple[str, ...]:
    """Chinese sentences on what must not stay in a text, each kind once; () for nearly every text."""
    if _LIKELY.search(text) or any(word in text for word in _LIKELY_WORDS):
        return tuple(dict.fromkeys(_found(text.translate(_FULL_WIDTH))))
    return ()


def _found(text: str) -> Iterator[str]:
    for match in _CARD.finditer(text):
        digits = re.sub(r"\D", "", match[0])
        if luhn_fits(digits) and not id_fits(digits) and len(set(digits)) > 1:
            yield f"像是写了完整的银行卡号，台账里只留后 4 位：请改成“尾号 {digits[-4:]}”"
    for match in _SECRET.finditer(text):
        if not _HOTLINES.fullmatch(match["value"]):
            kind = "验证码" if match["what"] not in ("密码", "口令") else "密码"
            yield f"像是写了{kind}，这类信息不能存进台账：请删掉，并请客户马上改密码"
