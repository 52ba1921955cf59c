"""The chapters of the manual: titles, texts, which part of the window each explains, and where words occur in them.

The texts lie in ``resources/help``: ``manual.json`` lists the chapters in order, each with the file of its HTML text
and the topics (keys of pages and dialogs) it explains. Links between chapters are written ``chapter:KEY``, pictures by
the name of their file in ``resources/help/pictures``.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from functools import cache

from xiaobao_desktop import resources

FOLDER, PICTURES = "help", "pictures"
LINK = "chapter:"


@dataclass(frozen=True)
class Chapter:
    """One page of the manual: key, title, HTML text without its title, the topics it explains."""

    key: str
    title: str
    text: str
    topics: tuple[str, ...]

    @property
    def words(self) -> str:
        """Title and text without markup, for searching."""
        bare = re.sub(r"<[^>]*>", " ", self.text)
        return f"{self.title}\n{html.unescape(bare)}"

    @property
    def pictures(self) -> tuple[str, ...]:
        """Names of the picture files it shows."""
        return tuple(re.findall(r'<img src="([^"]+)"', self.text))

    @property
    def links(self) -> tuple[str, ...]:
        """Targets of its links."""
        return tuple(re.findall(r'<a href="([^"]+)"', self.text))

    @property
    def shortcuts(self) -> tuple[str, ...]:
        """Key combinations it names."""
        return tuple(re.findall(r'<span class="key">([^<]+)</span>', self.text))


@cache
def chapters() -> tuple[Chapter, ...]:
    """The chapters in reading order.

    Raises:
        resources.MissingResource: a text is not installed.
    """
    listed = resources.json_data(FOLDER, "manual.json")["chapters"]
    return tuple(
        Chapter(item["key"], item["title"], resources.text(FOLDER, item["file"]), tuple(item["topics"]))
        for item in listed
    )


def chapter(key: str) -> Chapter:
    """The chapter called ``key``; KeyError when there is none."""
    for item in chapters():
        if item.key == key:
            return item
    raise KeyError(key)


def chapter_for(topic: str) -> Chapter:
    """The chapter that explains a page or dialog, the first one when none does."""
    return next((item for item in chapters() if topic in item.topics), chapters()[0])


def hits(text: str) -> dict[str, int]:
    """How often the typed words occur in each chapter that has all of them, by key."""
    wanted = text.casefold().split()
    found: dict[str, int] = {}
    for item in chapters():
        words = item.words.casefold()
        counts = [words.count(word) for word in wanted]
        if counts and all(counts):
            found[item.key] = sum(counts)
    return found
