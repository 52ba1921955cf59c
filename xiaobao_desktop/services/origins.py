"""来源机构: the sign of this book in its packages, and the other books whose records were taken in."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from secrets import token_hex
from typing import Any

from xiaobao_desktop.domain.denominators import ByYear, Denominators
from xiaobao_desktop.domain.fields import Column, Field, Kind, Ledger, Record, Value
from xiaobao_desktop.domain.period import month, parse_period
from xiaobao_desktop.domain.reported import OWN, Reported, Span, reported
from xiaobao_desktop.services.session import OTHER_BOOK, Session
from xiaobao_desktop.store.origins import ORIGIN
from xiaobao_desktop.store.query import Condition, Query
from xiaobao_desktop.store.transaction import Transaction

_OWN = "origin"
"""Key of the setting that names this book in its packages."""
OWN_LABEL = "本机构"
FIELD = Field(ORIGIN, "来源机构", Kind.CHOICE, derived=True, entered=False)
"""What every list can be filtered by once there are records of other books; no ledger declares it."""
COLUMN = Column(ORIGIN, 12)
"""The same as a column of every list."""
Chosen = tuple[str, ...]
"""Signs of the 来源机构 that count, :data:`OWN_SIGN` for the book itself; () for all of them."""
OWN_SIGN = ""


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

    @property
    def span(self) -> Span:
        """The days whose records it had: of a period that was not over, those up to the day when it was made."""
        period = parse_period(self.period)
        made = datetime.fromisoformat(self.generation.split(" ")[0]).astimezone().date()
        return period.first, min(period.last, made)


@dataclass(frozen=True)
class OtherBook:
    """Another book: its sign, the full name of its bank, what was taken in from it (the first first), its 年度基数."""

    sign: str
    bank: str
    packages: tuple[TakenPackage, ...] = field(default=())
    denominators: ByYear = field(default_factory=dict)

    def with_package(self, bank: str, taken: TakenPackage, denominators: ByYear) -> OtherBook:
        """The same with one more package, under the name that it gave, with the numbers of the years that it told."""
        told = {**self.denominators, **denominators}
        return replace(self, bank=bank, packages=(*self.packages, taken), denominators=told)

    def reported(self, ledger_key: str) -> Reported:
        """For which days it sent all records of a ledger."""
        return reported(package.span for package in self.packages if ledger_key in package.ledgers)


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
    body = {
        "bank": book.bank,
        "packages": [asdict(item) for item in book.packages],
        "denominators": {str(year): asdict(numbers) for year, numbers in book.denominators.items()},
    }
    writing.set_setting(f"{OTHER_BOOK}{book.sign}", json.dumps(body, ensure_ascii=False, sort_keys=True))


def name(session: Session, sign: object) -> str:
    """The bank whose book has a sign; 本机构 for a record of the book's own."""
    return session.banks.get(str(sign), str(sign)) if sign else OWN_LABEL


def signs(session: Session) -> Chosen:
    """Every 来源机构: the book itself, then the others in order of their names."""
    return (OWN_SIGN, *sorted(session.banks, key=lambda sign: session.banks[sign]))


def names(session: Session, chosen: Iterable[str]) -> str:
    """Some 来源机构 in a few words: one or two short names, of more the first and how many."""
    found = [short_name(session, sign) for sign in chosen]
    return "、".join(found) if len(found) <= 2 else f"{found[0]}等{len(found)}家机构"


def conditions(chosen: Chosen) -> tuple[Condition, ...]:
    """What a query asks for to get the records of some 来源机构 alone."""
    return (Condition(ORIGIN, "in", tuple(sign or None for sign in chosen)),) if chosen else ()


def reported_by(session: Session, ledger_key: str) -> dict[str, Reported]:
    """For which days each 来源机构 sent its records of a ledger, by sign; read once for each change."""

    def read() -> dict[str, Reported]:
        return {OWN_SIGN: OWN, **{sign: book.reported(ledger_key) for sign, book in others(session).items()}}

    return session.once(f"reported {ledger_key}", read)


def told_sent(session: Session) -> str:
    """How many other books there are, and which of them sent nothing for the last whole month; "" without any."""
    books = list(others(session).values())
    if not books:
        return ""
    today = session.today()
    last = month(today.year, today.month).before()
    late = [book.sign for book in books if reported(package.span for package in book.packages).lacks(last)]
    named = "、".join(short_name(session, sign) for sign in late)
    told = f"还没有报送的 {len(late)} 家：{named}。" if late else "都已报送。"
    return f"汇总了 {len(books)} 家机构。{last.title}{told}"


def of_records(session: Session, ledger: Ledger) -> dict[int, str]:
    """The sign of the 来源机构 of every living record of a ledger, by its id; read once for each change."""

    def read() -> dict[int, str]:
        rows = session.book.each(ledger, Query(), ("id", ORIGIN), lambda raws: raws)
        return {int(record_id): str(sign or OWN_SIGN) for record_id, sign in rows}

    return session.once(f"origins {ledger.key}", read)


def short_name(session: Session, sign: object) -> str:
    """The same for a narrow place: without what kind of company it is, where no two would be called alike then."""
    return session.short_banks.get(str(sign), str(sign)) if sign else OWN_LABEL


def columns(session: Session, ledger: Ledger) -> tuple[Column, ...]:
    """The columns of a ledger's list; 来源机构 is the last once there are records of other books."""
    return (*ledger.columns, *((COLUMN,) if session.banks else ()))


def field_of(ledger: Ledger, key: str) -> Field:
    """The field behind a column; 来源机构 is declared by no ledger."""
    return FIELD if key == FIELD.key else ledger.field(key)


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
    numbers = {int(year): Denominators(**found) for year, found in body.get("denominators", {}).items()}
    return OtherBook(sign, str(body["bank"]), tuple(packages), numbers)
