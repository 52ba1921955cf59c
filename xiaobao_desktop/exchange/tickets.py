"""粘贴工单: the text of a ticket from another system becomes fields to be checked (PRODUCT §10.11).

Pure: labels, layouts and words come in as data. What is not recognised, or only in part, goes to the remark with its
label, so that every word of the ticket stands in some field.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from xiaobao_desktop.domain.fields import Kind, Ledger, Value, is_empty
from xiaobao_desktop.exchange.cell_values import Lookups
from xiaobao_desktop.exchange.mapping import LIKELY, SURE, WEAK
from xiaobao_desktop.exchange.ticket_text import Label, Labels, Piece, cut
from xiaobao_desktop.exchange.ticket_values import Reading, in_running_text, read_words

_TITLE = 40
"""A first line no longer than this is the heading of the ticket."""


@dataclass(frozen=True)
class Layout:
    """A kind of ticket: id, Chinese name, the words that tell it, the choice of the source field it stands for."""

    id: str
    name: str
    choice: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class TicketRules:
    """How tickets of one ledger are read.

    Attributes:
        labels: every label known.
        body: field of the text itself.
        rest: field of everything else.
        source: field of where it came from, "" for none.
        date: field of the day it came in; a line that is nothing but a date can be it.
        time: field of its time of day.
        layouts: kinds of tickets, most specific first.
        guessed: fields that are looked for in the whole text when no label named them.
        names: expressions that find a name in running text (first group).
        words: field key -> code -> words that speak for it.
    """

    labels: Labels
    body: str
    rest: str
    source: str = ""
    date: str = ""
    time: str = ""
    layouts: tuple[Layout, ...] = ()
    guessed: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    words: Mapping[str, Mapping[str, Sequence[str]]] = field(default_factory=dict)


@dataclass(frozen=True)
class Found:
    """A recognised field: key, value, the words it was read from, confidence (as of columns), a Chinese note."""

    field: str
    value: Value
    words: str
    confidence: int
    note: str = ""


@dataclass(frozen=True)
class Ticket:
    """What a ticket came to: the name of its layout ("" = none known) and its fields in declared order."""

    layout: str
    found: tuple[Found, ...]

    def get(self, key: str) -> Found | None:
        """The field called ``key``, None when nothing was found for it."""
        return next((item for item in self.found if item.field == key), None)


def labels_of(ledger: Ledger, given: Mapping[str, Label]) -> Labels:
    """The labels of the rules, and the ledger's own labels and synonyms besides."""
    names = {
        name: Label(item.key, 1) for item in ledger.entered_fields for name in (item.label, *item.synonyms) if name
    }
    names.update(given)
    running = {item.key for item in ledger.fields if item.kind is Kind.LONG_TEXT} | {""}
    return Labels(names, frozenset(running))


def recognise(text: str, rules: TicketRules, ledger: Ledger, lookups: Lookups, today: date) -> Ticket:
    """Read a pasted ticket.

    Args:
        text: as pasted.
        rules: labels, layouts, words.
        ledger: where it will be recorded.
        lookups: names of choices, codes and linked records.
        today: completes dates without a year.
    """
    reader = _Reader(rules, ledger, lookups, today)
    pieces = cut(text, rules.labels)
    reader.labelled(pieces)
    reader.loose(pieces)
    reader.guess(text)
    layout = _layout(text, pieces, rules)
    if layout is not None:
        reader.source(layout)
    return Ticket(layout.name if layout else "", reader.result())


class _Reader:
    """Collects values; ``rest`` holds what goes to the remark."""

    def __init__(self, rules: TicketRules, ledger: Ledger, lookups: Lookups, today: date) -> None:
        self._rules, self._ledger, self._lookups, self._today = rules, ledger, lookups, today
        self._found: dict[str, Found] = {}
        self._rest: list[tuple[int, str]] = []
        self._place = 0

    def labelled(self, pieces: Sequence[Piece]) -> None:
        """Take every piece with a label; of several for one short field the best rank that can be read wins."""
        known = [(piece.rank, place, piece) for place, piece in enumerate(pieces) if piece.label and piece.words]
        for _rank, self._place, piece in sorted(known, key=lambda item: item[:2]):
            if not piece.field or piece.field == self._rules.rest:
                self._keep(piece)
            elif piece.field in self._rules.labels.running:
                self._append(piece.field, piece.words, SURE)
            else:
                self._short(piece)

    def loose(self, pieces: Sequence[Piece]) -> None:
        """Words without a label: a heading and a lone date are told apart, the others are the body of the ticket."""
        has_body = self._rules.body in self._found
        alone = sum(not piece.label for piece in pieces) == 1
        for self._place, piece in enumerate(pieces):
            if piece.label:
                continue
            first, _, others = piece.words.partition("\n")
            if self._is_heading(first) and (others or has_body or not alone or self._found):
                self._rest.append((self._place, first))
                words = others.strip()
            else:
                words = piece.words
            if not words:
                continue
            if has_body:
                self._rest.append((self._place, words))
            else:
                self._append(self._rules.body, words, LIKELY)

    def guess(self, text: str) -> None:
        """Look in the whole text for what no label named; the words stay where they are."""
        for key in self._rules.guessed:
            if key in self._found:
                continue
            item, words = self._ledger.field(key), self._rules.words.get(key, {})
            reading = in_running_text(item, text, self._lookups, self._today, words, self._rules.names)
            if reading is not None:
                self._put(item.key, reading, LIKELY if reading.exact else WEAK)

    def source(self, layout: Layout) -> None:
        """The source that the layout stands for, unless the ticket named one."""
        if self._rules.source and self._rules.source not in self._found:
            note = f"按“{layout.name}”认的"
            self._found[self._rules.source] = Found(self._rules.source, layout.choice, "", LIKELY, note)

    def result(self) -> tuple[Found, ...]:
        """Everything found in declared order; the rest joined in the remark."""
        if self._rest:
            words = "\n".join(text for _place, text in sorted(self._rest, key=lambda item: item[0]))
            self._found[self._rules.rest] = Found(self._rules.rest, words, words, SURE, "其余内容都放在这里")
        return tuple(self._found[item.key] for item in self._ledger.fields if item.key in self._found)

    def _short(self, piece: Piece) -> None:
        item = self._ledger.field(piece.field)
        reading = read_words(item, piece.words, self._lookups, self._today) if piece.field not in self._found else None
        if reading is None:
            self._keep(piece)
            return
        self._put(piece.field, reading, SURE if reading.exact and piece.rank == 1 else LIKELY)
        if not reading.exact:
            self._keep(piece)

    def _put(self, key: str, reading: Reading, confidence: int) -> None:
        self._found[key] = Found(key, reading.value, reading.words, confidence, reading.note)
        time = self._rules.time
        if reading.time and key == self._rules.date and time and time not in self._found:
            self._found[time] = Found(time, reading.time, reading.words, confidence)

    def _append(self, key: str, words: str, confidence: int) -> None:
        before = self._found.get(key)
        value = words if before is None or is_empty(before.value) else f"{before.value}\n{words}"
        self._found[key] = Found(key, value, value, confidence)

    def _keep(self, piece: Piece) -> None:
        self._rest.append((self._place, f"{piece.label}：{piece.words}"))

    def _is_heading(self, line: str) -> bool:
        known = any(_holds(line, word) for layout in self._rules.layouts for word in layout.words)
        return (
            len(line) <= _TITLE and not re.search(r"[，。；,;]", line) and (known or line.endswith(("单", "表", "函")))
        )


def _layout(text: str, pieces: Sequence[Piece], rules: TicketRules) -> Layout | None:
    """The kind of ticket: told by its headings and labelled short values, else by the whole text."""
    running = rules.labels.running - {""}
    head = "\n".join(f"{piece.label}：{piece.words}" for piece in pieces if piece.field not in running)
    for words in (head, text):
        for layout in rules.layouts:
            if any(_holds(words, word) for word in layout.words):
                return layout
    return None


def _holds(text: str, word: str) -> bool:
    """Whether a word stands in the text; a number only by itself (12345 is not part of a telephone number)."""
    if word.isdigit():
        return re.search(rf"(?<!\d){word}(?!\d)", text) is not None
    return word in text
