"""Choice lists and code trees: what CHOICE, CHOICES and CODE fields take from, and how old names find their place.

Defaults come from ``resources/rules``; the bank's own entries, names and aliases are laid over them by the services.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

UNFILLED = "未填写"
"""Name under which empty values are counted, so that every breakdown adds up to the total."""

Initials = Callable[[str], str]
"""Gives the pinyin initials of a Chinese text, e.g. 借记卡 -> jjk."""


class _Kept(dict[int, str | None]):
    """For ``str.translate``: None for blanks and list marks, every other character itself; filled as they are met."""

    def __missing__(self, character: int) -> str | None:
        sign = chr(character)
        left_out = sign.isspace() or unicodedata.category(sign).startswith("P")
        self[character] = None if left_out else sign
        return self[character]


_KEPT = _Kept()


def plain(text: str) -> str:
    """Text for comparing names: NFKC, lower case, no blanks, no list marks such as 、 or brackets."""
    return unicodedata.normalize("NFKC", text).lower().translate(_KEPT)


@dataclass(frozen=True)
class Choice:
    """One entry of a choice list; ``id`` is stable, ``name`` is what is shown and printed."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    group: str = ""
    active: bool = True
    own: bool = False
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ChoiceList:
    """A named list of choices in display order."""

    name: str
    title: str
    items: tuple[Choice, ...]

    @cached_property
    def _by_id(self) -> dict[str, Choice]:
        return {item.id: item for item in self.items}

    @cached_property
    def _by_plain_name(self) -> dict[str, Choice]:
        found: dict[str, Choice] = {}
        # An entry in use comes before one that is not: its name may be another name of the one it was mapped to.
        for item in sorted(self.items, key=lambda item: not item.active):
            for name in (item.name, *item.aliases):
                found.setdefault(plain(name), item)
        return found

    def get(self, choice_id: str) -> Choice | None:
        """The choice with this id, or None."""
        return self._by_id.get(choice_id)

    def label(self, choice_id: str) -> str:
        """Name of the choice; the id itself when the list does not know it; 未填写 for nothing."""
        if not choice_id:
            return UNFILLED
        found = self._by_id.get(choice_id)
        return found.name if found else choice_id

    def find(self, text: str) -> Choice | None:
        """The choice whose id, name or alias is ``text`` (width, case, blanks and punctuation ignored)."""
        return self._by_id.get(text.strip()) or self._by_plain_name.get(plain(text))


@dataclass(frozen=True)
class Code:
    """One node of a code tree; ``key`` is the project's own, ``official`` the number the bank filled in.

    A node that is not ``active`` is no longer offered; records that have it keep it.
    """

    key: str
    name: str
    level: str
    parent: str = ""
    official: str = ""
    aliases: tuple[str, ...] = ()
    own: bool = False
    active: bool = True


@dataclass(frozen=True)
class CodeMatch:
    """A code found by a search: the node, its path of names above it, the (start, end) of the match in its name."""

    code: Code
    path: tuple[str, ...]
    span: tuple[int, int] | None


@dataclass(frozen=True)
class CodeTree:
    """A tree of codes such as JR/T 0169-2018 dimension B, in the standard's order."""

    name: str
    title: str
    codes: tuple[Code, ...]

    @cached_property
    def _by_key(self) -> dict[str, Code]:
        return {code.key: code for code in self.codes}

    @cached_property
    def _by_plain_name(self) -> dict[str, tuple[Code, ...]]:
        found: dict[str, tuple[Code, ...]] = {}
        for code in self.codes:
            names = (code.key, code.name, code.official, *code.aliases, *_short_names(code.name))
            for name in {plain(item) for item in names}:
                if name:
                    found[name] = (*found.get(name, ()), code)
        # Nodes in use first: a name may be another name of the node that its old bearer was mapped to.
        return {name: tuple(code for code in codes if code.active) or codes for name, codes in found.items()}

    def get(self, key: str) -> Code | None:
        """The node with this key, or None."""
        return self._by_key.get(key)

    def path(self, key: str) -> tuple[Code, ...]:
        """The nodes from the first level down to ``key``; empty when unknown."""
        nodes: list[Code] = []
        code = self._by_key.get(key)
        while code is not None and code not in nodes:
            nodes.insert(0, code)
            code = self._by_key.get(code.parent)
        return tuple(nodes)

    def top(self, key: str) -> Code | None:
        """The first-level node (大类) above ``key``, or None when unknown."""
        path = self.path(key)
        return path[0] if path else None

    def label(self, key: str) -> str:
        """Name of the node; the key itself when unknown; 未填写 for nothing."""
        if not key:
            return UNFILLED
        code = self._by_key.get(key)
        return code.name if code else key

    def roots(self) -> tuple[Code, ...]:
        """First-level nodes in order."""
        return tuple(code for code in self.codes if not code.parent)

    def find(self, names: Sequence[str]) -> Code | None:
        """The deepest node that the given names lead to, each name below the one before.

        Args:
            names: one name, or names of several levels (业务类别, 业务小类); blanks are skipped.

        Returns:
            The node, or None when a name is unknown or fits several nodes equally.
        """
        wanted = [plain(name) for name in names if name and name.strip()]
        chosen: Code | None = None
        for name in wanted:
            options = self._by_plain_name.get(name, ())
            above = chosen
            if above is not None:
                below = tuple(code for code in options if above in self.path(code.key))
                options = below or options
            if not options:
                return None
            chosen = options[0] if len(options) == 1 else _shallowest(self, options)
            if chosen is None:
                return None
        return chosen

    def search(self, text: str, initials: Initials, limit: int = 50) -> tuple[CodeMatch, ...]:
        """Nodes found by key or official code, part of a name, or pinyin initials; best first.

        Args:
            text: what the officer typed.
            initials: gives pinyin initials of a name.
            limit: at most this many.
        """
        wanted = unicodedata.normalize("NFKC", text).strip().lower()
        if not wanted:
            offered = [code for code in self.codes if code.active]
            return tuple(CodeMatch(code, self._path_names(code), None) for code in offered[:limit])
        scored: list[tuple[int, int, CodeMatch]] = []
        for position, code in enumerate(self.codes):
            match = self._match(code, wanted, initials) if code.active else None
            if match is not None:
                rank, span = match
                scored.append((rank, position, CodeMatch(code, self._path_names(code), span)))
        scored.sort(key=lambda item: item[:2])
        return tuple(item[2] for item in scored[:limit])

    def _path_names(self, code: Code) -> tuple[str, ...]:
        return tuple(node.name for node in self.path(code.key)[:-1])

    def _match(self, code: Code, wanted: str, initials: Initials) -> tuple[int, tuple[int, int] | None] | None:
        key, name = code.key.lower(), code.name.lower()
        if key == wanted or (code.official and code.official.lower() == wanted):
            return 0, None
        if key.startswith(wanted) or (code.official and code.official.lower().startswith(wanted)):
            return 1, None
        at = name.find(wanted)
        if at >= 0:
            return (2 if at == 0 else 4), (at, at + len(wanted))
        letters = initials(code.name)
        at = letters.find(wanted)
        if at >= 0 and len(letters) == len(code.name):
            return (3 if at == 0 else 5), (at, at + len(wanted))
        if any(wanted in alias.lower() for alias in code.aliases):
            return 6, None
        return None


def _short_names(name: str) -> tuple[str, ...]:
    """Shorter names banks write for a code: "因…引起的投诉" without its frame."""
    if name.startswith("因") and name.endswith("引起的投诉"):
        return (name[1 : -len("引起的投诉")], name[: -len("的投诉")], name[1:])
    return ()


def _shallowest(tree: CodeTree, options: Iterable[Code]) -> Code | None:
    ranked = sorted(options, key=lambda code: len(tree.path(code.key)))
    first, second = len(tree.path(ranked[0].key)), len(tree.path(ranked[1].key))
    return ranked[0] if first < second else None


@dataclass(frozen=True)
class Catalog:
    """All choice lists and code trees by name."""

    lists: Mapping[str, ChoiceList]
    trees: Mapping[str, CodeTree]

    def list(self, name: str) -> ChoiceList:
        """The choice list called ``name``; KeyError when it is not declared in ``resources/rules``."""
        return self.lists[name]

    def tree(self, name: str) -> CodeTree:
        """The code tree called ``name``; KeyError when it is not declared in ``resources/rules``."""
        return self.trees[name]
