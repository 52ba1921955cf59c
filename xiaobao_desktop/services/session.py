"""One open book and the person who works in it: rules, settings, names of linked records, the clock."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

from xiaobao_desktop.domain import custom_fields
from xiaobao_desktop.domain.custom_fields import Definitions
from xiaobao_desktop.domain.fields import EMPTY, Field, Kind, Ledger, Values
from xiaobao_desktop.domain.ledgers import all_ledgers
from xiaobao_desktop.domain.relations import read_reference
from xiaobao_desktop.domain.roles import Role
from xiaobao_desktop.domain.rules import Rules
from xiaobao_desktop.errors import UnknownLedger, UserError
from xiaobao_desktop.services import rules as rule_files
from xiaobao_desktop.services.clock import Clock, wall_clock
from xiaobao_desktop.settings import KEYS, BankSettings
from xiaobao_desktop.store.book import Anchor, Book
from xiaobao_desktop.store.origins import ORIGIN
from xiaobao_desktop.store.query import Query

T = TypeVar("T")
_COMPANY = re.compile("(股份有限公司|有限责任公司|有限公司)(?=$|（账簿)")
OWN_FIELDS = "custom_fields"
"""Key of the setting that holds the fields of the bank's own."""
OTHER_BOOK = "origin."
"""What the settings about other books begin with; then comes the sign of the book."""


class NotAllowed(UserError):
    """“{what}”没有做：{name}是查阅人员，只能看，不能改，也不能带出或打印完整信息。需要时请消保专员来做。"""  # noqa: D415


class Session:
    """An open book with everything that services read again and again, kept until it changes."""

    def __init__(self, book: Book, user: str, clock: Clock = wall_clock, role: Role = Role.OFFICER) -> None:
        """Take over an opened ``book``; ``user`` is the real name written into the history, with what he may do."""
        self.role = role
        self.book = book
        self.user = user
        self._clock = clock
        self._rules: Rules | None = None
        self._settings: BankSettings | None = None
        self._links: dict[str, dict[int, str]] = {}
        self._banks: dict[str, str] | None = None
        self._short_banks: dict[str, str] = {}
        self._kept: tuple[Anchor, dict[str, Any]] | None = None
        self._looked_at: set[tuple[str, int]] = set()
        self._declare()

    @property
    def book(self) -> Book:
        """The open book; whatever writes to it asks :meth:`require` first."""
        return self._book

    @book.setter
    def book(self, book: Book) -> None:
        self._book = book
        book.gate = self.require

    def require(self, what: str) -> None:
        """The one gate before everything that changes the book or takes data out of it; ``what`` names it in Chinese.

        Raises:
            NotAllowed: the user may only read.
        """
        if not self.role.may_change:
            raise NotAllowed(what=what, name=self.user)

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
            own = (self.book.own_choices(), self._own_lists())
            self._rules = rule_files.load(*own, self.link_name, self.link_values)
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
                for row in self.book.rows(target, ids, (name, ORIGIN)):
                    found[int(str(row["id"]))] = self._link_label(target, row)
            self._links[ledger_key] = found
        return self._links[ledger_key]

    def link_name(self, ledger_key: str, record_id: int) -> str:
        """Name of one record that others link to, "" for an unknown id.

        A dated ledger may have very many records: of these the one name is read, not all of them.
        """
        target = self.ledger(ledger_key)
        if ledger_key in self._links or not target.dated_by:
            return self.link_names(ledger_key).get(record_id, "")
        rows = self.book.rows(target, (record_id,), (target.title[0], ORIGIN))
        return self._link_label(target, rows[0]) if rows else ""

    def first_look(self, ledger_key: str, record_id: int) -> bool:
        """Whether a record is looked at for the first time while the book is open; from then on it is not."""
        key = (ledger_key, record_id)
        first = key not in self._looked_at
        self._looked_at.add(key)
        return first

    def learn(self, ledger_key: str, record_ids: Sequence[int]) -> None:
        """Read the names of these records alone, which are new or changed; the others are kept."""
        if ledger_key in self._links:
            target = self.ledger(ledger_key)
            rows = self.book.rows(target, record_ids, (target.title[0], ORIGIN))
            self._links[ledger_key].update({int(str(row["id"])): self._link_label(target, row) for row in rows})

    def record_name(self, reference: str) -> str:
        """Ledger and number of a record that a RECORD value names, the value itself for one that is gone."""
        found = read_reference(reference)
        target = next((item for item in self._ledgers if found and item.key == found[0]), None)
        if found is None or target is None:
            return reference
        rows = self.book.rows(target, (found[1],), ())
        return f"{target.label} {rows[0]['number']}" if rows else reference

    def link_values(self, ledger_key: str, record_id: int) -> Values:
        """Values of one record that others link to, none for an unknown id."""
        record = self.book.record(self.ledger(ledger_key), record_id)
        return record.values if record is not None else EMPTY

    def once(self, key: str, make: Callable[[], T]) -> T:
        """What ``make`` reads from the book, read once for each state of the book; ``key`` names it.

        The last change of the history tells whether the book is as it was: whoever writes need not tell this.
        """
        anchor = self.book.anchor()
        if self._kept is None or self._kept[0] != anchor:
            self._kept = (anchor, {})
        kept = self._kept[1]
        if key not in kept:
            kept[key] = make()
        found: T = kept[key]
        return found

    def forget(self, *ledger_keys: str) -> None:
        """Read names of these ledgers again next time; without arguments also rules, settings and own fields."""
        self._kept = None
        if not ledger_keys:
            self._rules, self._settings, self._banks = None, None, None
            self._links.clear()
            self._declare()
        for key in ledger_keys:
            self._links.pop(key, None)

    @property
    def banks(self) -> Mapping[str, str]:
        """Names of the banks whose records were taken in (汇总), by the sign of their book; no two are the same."""
        if self._banks is None:
            kept = self.book.settings()
            found = {key.removeprefix(OTHER_BOOK): kept[key] for key in kept if key.startswith(OTHER_BOOK)}
            self._banks = _told_apart({sign: str(json.loads(body)["bank"]) for sign, body in found.items()})
            self._short_banks = _shortened(self._banks)
        return self._banks

    @property
    def short_banks(self) -> Mapping[str, str]:
        """The same names without what kind of company it is, where no two would be called alike then."""
        return self._short_banks if self.banks else {}

    def _link_label(self, target: Ledger, row: Mapping[str, object]) -> str:
        """What a link shows; every bank has a 营业部, so that of another bank is told with its bank."""
        label = _link_label(target, row)
        bank = self.short_banks.get(str(row[ORIGIN]), "") if row[ORIGIN] else ""
        return f"{label}（{bank}）" if bank else label

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


def _shortened(names: Mapping[str, str]) -> dict[str, str]:
    """云岭村镇银行股份有限公司 → 云岭村镇银行, by sign; a name that would be that of another too stays whole."""
    times = Counter(_COMPANY.sub("", name) for name in names.values())
    return {sign: short if times[short := _COMPANY.sub("", name)] == 1 else name for sign, name in names.items()}


def _told_apart(names: Mapping[str, str]) -> dict[str, str]:
    """Names by sign; where two books give the same name, the beginning of the sign stands behind it."""
    shared = {name for name, times in Counter(names.values()).items() if times > 1}
    length = next(size for size in range(4, 65) if len({sign[:size] for sign in names}) == len(names))
    return {sign: f"{name}（账簿{sign[:length]}）" if name in shared else name for sign, name in names.items()}


def _link_label(target: Ledger, row: Mapping[str, object]) -> str:
    """What a link shows: the record's name where it has one, its number where the name is personal data."""
    first: Field = target.field(target.title[0])
    if first.kind is Kind.PERSON_NAME and first.privacy.value == "C2":
        return str(row["number"])
    return str(row[first.key] or row["number"])
