"""来源机构: the sign of this book in its packages, and the other books whose records were taken in."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from secrets import token_hex
from typing import Any

from xiaobao_desktop.domain.fields import Field, Kind, Ledger, Record, Value
from xiaobao_desktop.services.session import OTHER_BOOK, Session
from xiaobao_desktop.store.origins import ORIGIN
from xiaobao_desktop.store.query import Query
from xiaobao_desktop.store.transaction import Transaction

_OWN = "origin"
"""Key of the setting that names this book in its packages."""
OWN_LABEL = "本机构"
FIELD = Field(ORIGIN, "来源机构", Kind.CHOICE, derived=True, entered=False)
"""What every list can be filtered by once there are records of other books; no ledger declares it."""


@dataclass(frozen=True)
class TakenPackage:
    """A package that was taken in.

    Attributes:
        digest: of its manifest.
        period: as on the command line.
        generation: orders the packages of one origin, see ``exchange.package_reading.generation_of``.
        ledgers: keys of those it had whole.
        masked: personal data was hidden.
        taken_at: ISO moment.
    """

    digest: str
    period: str
    generation: str
    ledgers: tuple[str, ...]
    masked: bool
    taken_at: str


@dataclass(frozen=True)
class OtherBook:
    """Another book: its sign, the full name of its bank, what was taken in from it, the first first."""

    sign: str
    bank: str
    packages: tuple[TakenPackage, ...] = field(default=())

    def with_package(self, bank: str, taken: TakenPackage) -> OtherBook:
        """The same with one more package, under the name that it gave."""
        return replace(self, bank=bank, packages=(*self.packages, taken))


def own(session: Session) -> str:
    """The sign of this book, made when it is first asked for."""
    sign = session.book.setting(_OWN)
    if sign is None:
        sign = token_hex(8)
        with session.book.transaction("给账簿一个报送编号", session.user, session.now()) as writing:
            writing.set_setting(_OWN, sign)
    return sign


def known_sign(session: Session) -> str | None:
    """The sign of this book, None when it never made a package."""
    return session.book.setting(_OWN)


def others(session: Session) -> dict[str, OtherBook]:
    """The other books by sign, in order of their banks' names."""
    found = [
        _read(key.removeprefix(OTHER_BOOK), json.loads(value))
        for key, value in session.book.settings().items()
        if key.startswith(OTHER_BOOK)
    ]
    return {book.sign: book for book in sorted(found, key=lambda item: item.bank)}


def keep(writing: Transaction, book: OtherBook) -> None:
    """Note what was taken in from another book, in the transaction that took it in."""
    body = {"bank": book.bank, "packages": [asdict(item) for item in book.packages]}
    writing.set_setting(f"{OTHER_BOOK}{book.sign}", json.dumps(body, ensure_ascii=False, sort_keys=True))


def name(session: Session, sign: object) -> str:
    """The bank whose book has a sign; 本机构 for a record of the book's own."""
    return session.banks.get(str(sign), str(sign)) if sign else OWN_LABEL


def told(session: Session, ledger: Ledger, record: Record) -> str:
    """Where a record comes from, as a sentence; "" for one of the book itself."""
    found = session.book.origin(ledger, record.id) if record.id is not None and session.banks else None
    if found is None:
        return ""
    return f"汇总自{name(session, found.book)}，对方编号 {found.number}。期限和待办由对方办理，这里只计入统计。"


def facets(session: Session, ledger: Ledger, query: Query) -> list[tuple[Value, str, int]]:
    """The origins of the records of a query: sign (None for own records), name, count; own ones first."""
    counted = dict(session.book.distinct(ledger, ORIGIN, query))
    found = [(sign, name(session, sign), number) for sign, number in counted.items()]
    return sorted(found, key=lambda facet: (facet[0] is not None, facet[1]))


def own_only(session: Session, ledger: Ledger, ids: Sequence[int]) -> tuple[int, ...]:
    """Those of the records that are this book's own, in their order."""
    if not ids or not session.banks:
        return tuple(ids)
    return tuple(int(str(row["id"])) for row in session.book.rows(ledger, ids, (ORIGIN,)) if row[ORIGIN] is None)


def _read(sign: str, body: Mapping[str, Any]) -> OtherBook:
    packages = (TakenPackage(**{**item, "ledgers": tuple(item["ledgers"])}) for item in body["packages"])
    return OtherBook(sign, str(body["bank"]), tuple(packages))
