"""One open book and the person who works in it: rules, settings, names of linked records, the clock."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

from xiaobao_desktop.domain import custom_fields
from xiaobao_desktop.domain.custom_fields import Definitions
from xiaobao_desktop.domain.fields import Field, Kind, Ledger
from xiaobao_desktop.domain.ledgers import all_ledgers
from xiaobao_desktop.domain.rules import Rules
from xiaobao_desktop.errors import UnknownLedger
from xiaobao_desktop.services import rules as rule_files
from xiaobao_desktop.services.clock import Clock, wall_clock
from xiaobao_desktop.settings import KEYS, BankSettings
from xiaobao_desktop.store.book import Book
from xiaobao_desktop.store.query import Query

OWN_FIELDS = "custom_fields"
"""Key of the setting that holds the fields of the bank's own."""


class Session:
    """An open book with everything that services read again and again, kept until it changes."""

    def __init__(self, book: Book, user: str, clock: Clock = wall_clock) -> None:
        """Take over an opened ``book``; ``user`` is the real name written into the history."""
        self.book = book
        self.user = user
        self._clock = clock
        self._rules: Rules | None = None
        self._settings: BankSettings | None = None
        self._links: dict[str, dict[int, str]] = {}
        self._declare()

    @property
    def directory(self) -> Path:
        """The folder of the book."""
        return self.book.directory

    @property
    def ledgers(self) -> tuple[Ledger, ...]:
        """Every ledger of the program, each with the fields that this bank has added."""
        return self._ledgers

    @property
    def own_fields(self) -> Definitions:
        """The fields that this bank has added, by ledger."""
        return self._own_fields

    def ledger(self, key: str) -> Ledger:
        """The ledger called ``key`` with the fields that this bank has added.

        Raises:
            UnknownLedger: no ledger has that key.
        """
        for item in self._ledgers:
            if item.key == key:
                return item
        raise UnknownLedger(key=key, known="、".join(item.key for item in self._ledgers))

    @property
    def rules(self) -> Rules:
        """Rules in force, the bank's own entries included."""
        if self._rules is None:
            self._rules = rule_files.load(self.book.own_choices(), self._own_lists(), self.link_name)
        return self._rules

    @property
    def settings(self) -> BankSettings:
        """The bank's settings."""
        if self._settings is None:
            kept = self.book.settings()
            self._settings = BankSettings(**{key: kept[key] for key in KEYS if kept.get(key) is not None})
        return self._settings

    def now(self) -> datetime:
        """Local time of the history entries."""
        return self._clock()

    def today(self) -> date:
        """Today; rules get it as an argument."""
        return self._clock().date()

    def link_names(self, ledger_key: str) -> dict[int, str]:
        """Name of every record of a ledger that others link to, by id, recycle bin included."""
        if ledger_key not in self._links:
            target = self.ledger(ledger_key)
            name = target.title[0]
            found: dict[int, str] = {}
            for deleted in (True, False):
                ids = self.book.ids(target, Query(order=(("number", False),), deleted=deleted))
                for row in self.book.rows(target, ids, (name,)):
                    found[int(str(row["id"]))] = _link_label(target, row)
            self._links[ledger_key] = found
        return self._links[ledger_key]

    def link_name(self, ledger_key: str, record_id: int) -> str:
        """Name of one record that others link to, "" for an unknown id.

        A dated ledger may have very many records: of these the one name is read, not all of them.
        """
        target = self.ledger(ledger_key)
        if ledger_key in self._links or not target.dated_by:
            return self.link_names(ledger_key).get(record_id, "")
        rows = self.book.rows(target, (record_id,), (target.title[0],))
        return _link_label(target, rows[0]) if rows else ""

    def forget(self, *ledger_keys: str) -> None:
        """Read names of these ledgers again next time; without arguments also rules, settings and own fields."""
        if not ledger_keys:
            self._rules, self._settings = None, None
            self._links.clear()
            self._declare()
        for key in ledger_keys:
            self._links.pop(key, None)

    def close(self) -> None:
        """Close the book and let go of its lock."""
        self.book.close()

    def _declare(self) -> None:
        """Read which fields the bank has added; the book then checks and searches its records by them too."""
        self._own_fields: Definitions = custom_fields.from_text(self.book.setting(OWN_FIELDS) or "")
        self._ledgers = custom_fields.merge_all(all_ledgers(), self._own_fields)
        self.book.declare(self._ledgers)

    def _own_lists(self) -> dict[str, str]:
        """Titles of the choice lists that belong to own fields."""
        return {
            custom_fields.list_name(key, item.key): item.label
            for key, items in self._own_fields.items()
            for item in items
            if item.kind is Kind.CHOICE
        }


def _link_label(target: Ledger, row: Mapping[str, object]) -> str:
    """What a link shows: the record's name where it has one, its number where the name is personal data."""
    first: Field = target.field(target.title[0])
    if first.kind is Kind.PERSON_NAME and first.privacy.value == "C2":
        return str(row["number"])
    return str(row[first.key] or row["number"])
