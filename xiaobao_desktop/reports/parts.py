"""Parts that the builders of prose reports share: paragraphs, and paragraphs with a run-in lead."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from xiaobao_desktop.reports.document import Block, Paragraph, Run, RunStyle

T = TypeVar("T")
TIED = 2
"""So many names more than wanted may be told where they share the last place."""
_NUMBERS = "一二三四五六七八九"


def chinese_number(number: int) -> str:
    """A number from 1 to 99 in Chinese: 一, 十, 十二, 二十一; larger ones in digits."""
    if number >= 100:
        return str(number)
    tens, ones = divmod(number, 10)
    return f"{_NUMBERS[tens - 1] if tens > 1 else ''}{'十' if tens else ''}{_NUMBERS[ones - 1] if ones else ''}"


def listed(texts: Sequence[str]) -> str:
    """Clauses as one sentence: 一是…；二是…。 A single one stands by itself."""
    if len(texts) == 1:
        return f"{texts[0]}。"
    return "；".join(f"{chinese_number(place)}是{text}" for place, text in enumerate(texts, start=1)) + "。"


def foremost(items: Iterable[T], count: Callable[[T], int], most: int) -> list[T]:
    """The first of some names by falling count, about ``most`` of them; zeros are never among them.

    Names of the same count are told together or not at all: who shares the last place comes in, or all of that place
    stay out where they are too many. [] when no name stands before the others.
    """
    ordered = sorted((item for item in items if count(item) > 0), key=count, reverse=True)
    if len(ordered) <= most:
        return ordered
    last = count(ordered[most - 1])
    told = [item for item in ordered if count(item) >= last]
    return told if len(told) <= most + TIED else [item for item in told if count(item) > last]


def paragraph(text: str) -> Paragraph:
    """A plain paragraph."""
    return Paragraph((Run(text),))


def led(lead: str, text: str) -> Paragraph:
    """A paragraph that begins with a lead in 楷体, such as （一）教育培训."""
    return Paragraph((Run(lead, RunStyle.LEAD), Run(text)))


def led_sections(sections: Sequence[tuple[str, Sequence[str]]]) -> list[Block]:
    """Titled parts as （一）, （二）…: the title leads the first paragraph; parts without words are left out."""
    blocks: list[Block] = []
    filled = [(title, [text for text in texts if text]) for title, texts in sections if any(texts)]
    for number, (title, texts) in zip(_NUMBERS, filled, strict=False):
        blocks.append(led(f"（{number}）{title}。", texts[0]))
        blocks += [paragraph(text) for text in texts[1:]]
    return blocks
