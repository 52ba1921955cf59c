"""What a password must be like: long enough and not one that everybody tries first.

Source: project decision (NIST SP 800-63B §3.1.1: length and a list of common passwords instead of rules on letters).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection

LEAST = 8
"""Characters a password has at least."""
_FEW = 2
_SEQUENCES = ("0123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm")


def weakness(password: str, names: Collection[str], common: Collection[str]) -> str:
    """Why a password cannot be taken, as a Chinese sentence; "" when it can.

    Args:
        password: as typed.
        names: real names and the like that it must not be made of alone.
        common: passwords that are tried first, in lower case.
    """
    plain = unicodedata.normalize("NFKC", password).lower()
    if not plain:
        return f"请设一个密码，至少 {LEAST} 位"
    if len(plain) < LEAST:
        return f"密码至少 {LEAST} 位，还差 {LEAST - len(plain)} 位"
    if len(set(plain)) <= _FEW:
        return "密码里来回只有一两个字符，太容易猜到，请换一个"
    if plain in common or _core(plain) in common:
        return "这个密码人人都会先试，太容易猜到，请换一个；可以用一句只有您知道的话"
    if _is_sequence(plain):
        return "密码是键盘上连着的字符，太容易猜到，请换一个"
    if any(name and plain.replace(name.lower(), "").isdigit() for name in names if name.lower() in plain):
        return "密码只有姓名加数字，太容易猜到，请换一个"
    return ""


def same(one: str, other: str) -> bool:
    """Whether two passwords are one to the program: full-width and half-width characters count as equal."""
    return unicodedata.normalize("NFKC", one) == unicodedata.normalize("NFKC", other)


def _core(plain: str) -> str:
    """The word without the digits and signs at its end: Password2026! is password."""
    return plain.rstrip("0123456789!@#$%^&*.?_- ")


def _is_sequence(plain: str) -> bool:
    """Whether it is made of neighbouring keys, forwards or backwards, once or twice."""
    halves = (plain, plain[: len(plain) // 2]) if plain[: len(plain) // 2] * 2 == plain else (plain,)
    runs = [run for keys in _SEQUENCES for run in (keys * 2, keys[::-1] * 2)]
    return any(half in run for half in halves for run in runs)
