"""First letters of Chinese readings, so that 借记卡 is found by typing jjk.

Every result has one letter for each character of the text: a place found in the letters is the same place in the text.
Readings come from pypinyin (imported when the first text is asked for); ``resources/rules/pinyin.json`` overrides it.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import Any

from xiaobao_desktop import resources


@lru_cache(maxsize=16_384)
def initials(text: str) -> str:
    """First letters of the readings, in lower case, as long as ``text``; what is not Chinese stays itself.

    Examples: 借记卡 -> jjk, 其他（借记卡） -> qt（jjk）, ATM存款 -> atmck.
    """
    letters = _read(text)
    for match in _words().finditer(text):
        letters[match.start() : match.end()] = list(_overrides()["words"][match.group(0)])
    return "".join(letters)


@lru_cache(maxsize=16_384)
def name_initials(name: str) -> str:
    """Like :func:`initials` for a person's name: the family name is read as a family name (单 -> s, 尉迟 -> yc)."""
    letters = initials(name)
    for length in (2, 1):
        surname = _overrides()["surnames"].get(name[:length])
        if surname and len(name) >= length:
            return str(surname) + letters[length:]
    return letters


def _read(text: str) -> list[str]:
    from pypinyin import Style, lazy_pinyin

    each_alone: Any = list
    letters: list[str] = []
    for run in re.findall(r"[\u3400-\u9fff\U00020000-\U000323af]+|[^\u3400-\u9fff\U00020000-\U000323af]+", text):
        read = (
            lazy_pinyin(run, style=Style.FIRST_LETTER, errors=each_alone, strict=False)
            if _is_chinese(run)
            else list(run)
        )
        # A reading that does not give one entry a character (never seen) must not shift the others.
        letters.extend(read if len(read) == len(run) else list(run))
    return [_plain(letter, char) for letter, char in zip(letters, text, strict=True)]


def _is_chinese(run: str) -> bool:
    return run[0] >= "\u3400" and not unicodedata.category(run[0]).startswith(("P", "S"))


def _plain(letter: str, char: str) -> str:
    """One lower-case character: the letter without its accent, or the character itself."""
    bare = unicodedata.normalize("NFD", letter)[:1].lower()
    return bare if len(bare) == 1 else char


@cache
def _overrides() -> dict[str, Any]:
    data: dict[str, Any] = resources.json_data("rules", "pinyin.json")
    return data


@cache
def _words() -> re.Pattern[str]:
    longest_first = sorted(_overrides()["words"], key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first)))
