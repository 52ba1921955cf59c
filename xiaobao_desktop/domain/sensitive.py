"""Sensitive words in advertising and terms: where a text uses them, why they should not stand, what to write instead.

The words are a choice list that the bank may change (``resources/rules/sensitive_words.json``). Pure functions.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from xiaobao_desktop.domain.catalog import Choice

LIST = "sensitive_word"
"""Name of the choice list."""

OWN_REASON = "本行列入的敏感用语"
"""The reason for a word that the bank has added; no reason is kept with it."""

_AROUND = 8
"""Characters shown before and after a hit."""
_SEPARATOR = "、"


class Hit(NamedTuple):
    """One place where a text uses a sensitive word.

    Attributes:
        word_id: id of the entry of the list.
        text: the words as they stand in the text.
        kind: Chinese name of the kind of fault, "" for a word that the bank added without one.
        start: place of the first character in the text, from 0.
        end: place after the last character.
        line: number of the line, from 1.
        context: the words around it in the same line.
        reason: why it should not stand.
        advice: what to write instead, "" where nothing is known.
    """

    word_id: str
    text: str
    kind: str
    start: int
    end: int
    line: int
    context: str
    reason: str
    advice: str


def find(text: str, words: Iterable[Choice]) -> tuple[Hit, ...]:
    """Every use of a sensitive word, in order of place.

    Width of letters, case and blanks make no difference (保 本 is found). Of words that overlap the longest counts; a
    word inside one of its harmless phrases (``unless``) does not.

    Args:
        text: as pasted, with its line breaks.
        words: the list; entries out of use are not looked for.
    """
    folded, places = _folded(text)
    found: list[tuple[int, int, Choice]] = []
    for word in words:
        if word.active:
            harmless = _spans(folded, word.extra.get("unless", "").split(_SEPARATOR))
            for first, last in _spans(folded, (word.name, *word.aliases)):
                if not any(begin <= first and last <= end for begin, end in harmless):
                    found.append((first, last, word))
    hits = []
    for first, last, word in _longest(found):
        hits.append(_hit(text, places[first], places[last - 1] + 1, word))
    return tuple(hits)


def word_ids(hits: Iterable[Hit]) -> tuple[str, ...]:
    """Ids of the words that were used, each once, in order of their first use."""
    return tuple(dict.fromkeys(hit.word_id for hit in hits))


def opinion(hits: Sequence[Hit]) -> str:
    """The hits as numbered lines of a review's opinion; equal words are told once with all their lines."""
    told: dict[tuple[str, str], list[Hit]] = {}
    for hit in hits:
        told.setdefault((hit.word_id, hit.text), []).append(hit)
    lines = []
    for number, same in enumerate(told.values(), start=1):
        first = same[0]
        rows = _SEPARATOR.join(str(line) for line in dict.fromkeys(hit.line for hit in same))
        advice = f"建议：{first.advice}。" if first.advice else ""
        lines.append(f"{number}. 第{rows}行“{first.text}”：{first.reason}。{advice}")
    return "\n".join(lines)


def _folded(text: str) -> tuple[str, list[int]]:
    """The text for comparing, and for each of its characters the place in the original."""
    signs: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(text):
        for plain in unicodedata.normalize("NFKC", sign).lower():
            if not plain.isspace() or sign == "\n":
                signs.append(plain)
                places.append(place)
    return "".join(signs), places


def _spans(folded: str, words: Iterable[str]) -> list[tuple[int, int]]:
    """Where any of the words stands in a folded text."""
    found = []
    for word in words:
        wanted = _folded(word)[0]
        at = folded.find(wanted) if wanted else -1
        while at >= 0:
            found.append((at, at + len(wanted)))
            at = folded.find(wanted, at + 1)
    return found


def _longest(found: Iterable[tuple[int, int, Choice]]) -> list[tuple[int, int, Choice]]:
    """Those that overlap no longer one, in order of place."""
    kept: list[tuple[int, int, Choice]] = []
    for first, last, word in sorted(found, key=lambda item: (item[0] - item[1], item[0])):
        if all(last <= begin or end <= first for begin, end, _word in kept):
            kept.append((first, last, word))
    return sorted(kept, key=lambda item: item[0])


def _hit(text: str, start: int, end: int, word: Choice) -> Hit:
    extra: Mapping[str, str] = word.extra
    return Hit(
        word_id=word.id,
        text=text[start:end],
        kind=word.group,
        start=start,
        end=end,
        line=text.count("\n", 0, start) + 1,
        context=_context(text, start, end),
        reason=extra.get("reason") or OWN_REASON,
        advice=extra.get("advice", ""),
    )


def _context(text: str, start: int, end: int) -> str:
    line_start = text.rfind("\n", 0, start) + 1
    line_end = text.find("\n", end)
    line_end = len(text) if line_end < 0 else line_end
    first, last = max(line_start, start - _AROUND), min(line_end, end + _AROUND)
    before = "…" if first > line_start else ""
    after = "…" if last < line_end else ""
    return f"{before}{text[first:last]}{after}"
