"""汇总: taking the 报送包 of other books into this one, many in one go.

Each package is looked at by itself: one that is damaged, foreign, known or older is refused with its reason and the
others go on. All that is taken in is one operation, so that one undo takes it back. Records keep their origin; the
clocks and to-dos of this book leave them alone, because they are answered elsewhere; statistics count them.
"""

# ruff: noqa: D415 - the docstrings of the errors are the sentences shown to the officer

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from pathlib import Path
from typing import Any

from xiaobao_desktop.domain.period import parse_period
from xiaobao_desktop.errors import UserError
from xiaobao_desktop.exchange import package, package_data, package_reading
from xiaobao_desktop.exchange.package import PackageLocked, PackagePassphraseWrong, PackageUnreadable
from xiaobao_desktop.exchange.package_data import DataUnreadable, PackageData
from xiaobao_desktop.exchange.package_reading import Opened
from xiaobao_desktop.services import origins
from xiaobao_desktop.services.consolidation_taking import Taking, TookIn, is_earlier
from xiaobao_desktop.services.origins import OtherBook, TakenPackage
from xiaobao_desktop.services.records import Changed
from xiaobao_desktop.services.session import Session

SUFFIXES = (package.SUFFIX, package.PROGRAM_SUFFIX)
OPERATION = "汇总报送包"
"""How the operation begins in the history."""
_AHEAD = timedelta(days=1)
"""A package may be made so much later than now: two clocks differ."""

Told = Callable[[int, int, str], None]
"""Hears how far it is: (done, of, what in Chinese)."""
Cancelled = Callable[[], bool]


class NoPackages(UserError):
    """没有找到报送包。请选 .zip、.xbpack 文件，或放着它们的文件夹。"""


class ConsolidationCancelled(UserError):
    """已取消，一条也没有汇总。"""


class State(Enum):
    """What a package is to this book; the value is what the list says."""

    NEW = "可汇总"
    NEWER = "换掉上次的"
    KNOWN = "以前汇总过"
    OLDER = "比已汇总的旧"
    LOCKED = "要口令"
    REFUSED = "不能汇总"


@dataclass(frozen=True)
class Candidate:
    """A package that was looked at.

    Attributes:
        path: file or folder.
        state: what it is to this book.
        reason: why it is not taken in, "" when it is.
        bank: full name, "" when it could not be read.
        origin: sign of its book.
        period: as on the command line.
        period_title: in Chinese.
        made_at: as its manifest says.
        generation: orders the packages of one origin.
        rows: number of records of the period by ledger key.
        masked: personal data is hidden.
        namesake: another book gives the same name of a bank: two banks, or one that began a new book.
    """

    path: Path
    state: State
    reason: str = ""
    bank: str = ""
    origin: str = ""
    period: str = ""
    period_title: str = ""
    made_at: str = ""
    generation: str = ""
    rows: Mapping[str, int] | None = None
    masked: bool = True
    namesake: bool = False

    @property
    def usable(self) -> bool:
        """Whether it is taken in."""
        return self.state in (State.NEW, State.NEWER)

    @property
    def total(self) -> int:
        """Number of records in all."""
        return sum((self.rows or {}).values())


@dataclass(frozen=True)
class Result:
    """What came of a run.

    Attributes:
        taken: the packages that were taken in, with what they did.
        refused: the others with their reasons.
        changed: every record that changed.
    """

    taken: tuple[tuple[Candidate, TookIn], ...]
    refused: tuple[Candidate, ...]
    changed: Changed

    def total(self, part: str) -> int:
        """Sum of one number of :class:`TookIn` over all packages."""
        return sum(int(getattr(took, part)) for _candidate, took in self.taken)


def _never() -> bool:
    return False


def _silent(_done: int, _of: int, _what: str) -> None:
    """Nobody listens."""


def find(paths: Iterable[Path]) -> list[Path]:
    """The packages among files and folders, folders searched to the bottom; each once, in order of name.

    Raises:
        NoPackages: there are none.
    """
    found: dict[Path, None] = {}
    for path in paths:
        found.update(dict.fromkeys(_packages_in(path) if path.is_dir() else (path,)))
    if not found:
        raise NoPackages
    return list(found)


def _packages_in(folder: Path) -> Iterator[Path]:
    if (folder / package.MANIFEST).is_file():
        yield folder
        return
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.is_symlink():
            continue
        if path.is_dir():
            yield from _packages_in(path)
        elif path.suffix.lower() in SUFFIXES:
            yield path


def look(
    session: Session,
    paths: Sequence[Path],
    passphrases: Sequence[str] = (),
    told: Told = _silent,
    cancelled: Cancelled = _never,
) -> tuple[Candidate, ...]:
    """Read and check packages; nothing is written.

    Args:
        session: the open book.
        paths: as found.
        passphrases: those the officer has; each is tried on each encrypted package.
        told: hears how far it is.
        cancelled: asked before each package.

    Raises:
        ConsolidationCancelled: as asked.
    """
    found: list[Candidate] = []
    books, own = origins.others(session), origins.known_sign(session)
    for place, path in enumerate(paths):
        if cancelled():
            raise ConsolidationCancelled
        told(place, len(paths), path.name)
        found.append(_examined(session, path, passphrases, books, own))
    return _with_namesakes(tuple(_once_each(found)), books)


def run(
    session: Session,
    candidates: Sequence[Candidate],
    passphrases: Sequence[str] = (),
    told: Told = _silent,
    cancelled: Cancelled = _never,
) -> Result:
    """Take in the usable ones of the packages that were looked at, all in one operation.

    A package that cannot be read any more is told and the others go on.

    Args:
        session: the open book.
        candidates: as looked at.
        passphrases: as for :func:`look`.
        told: hears how far it is.
        cancelled: asked before each package.

    Raises:
        ConsolidationCancelled: as asked; nothing was written.
    """
    usable = sorted((item for item in candidates if item.usable), key=lambda item: (item.origin, item.generation))
    refused = [item for item in candidates if not item.usable]
    taken: list[tuple[Candidate, TookIn]] = []
    if not usable:
        return Result((), tuple(refused), ())
    books = origins.others(session)
    name = f"{OPERATION} {len(usable)} 个"
    try:
        with session.book.transaction(name, session.user, session.now()) as changes:
            for place, item in enumerate(usable):
                if cancelled():
                    raise ConsolidationCancelled
                told(place, len(usable), f"{item.bank} {item.period_title}")
                before = books.get(item.origin, OtherBook(item.origin, item.bank))
                try:
                    with _readable(item.path, passphrases) as (opened, data):
                        taking = Taking(session, changes, before, item.generation, data, opened)
                        taken.append((item, taking.take(parse_period(item.period))))
                except (PackageUnreadable, PackageLocked, PackagePassphraseWrong) as error:
                    refused.append(_refused(item.path, State.REFUSED, _short(error), item))
                    continue
                noted = _noted(session, opened, data, item)
                books[item.origin] = before.with_package(item.bank, noted, data.denominators)
                origins.keep(changes, books[item.origin])
            changed = tuple(changes.changed)
    finally:
        # Names added inside the transaction were read on the way; they count only if it went through.
        session.forget()
    return Result(tuple(taken), tuple(refused), changed)


def _noted(session: Session, opened: Opened, data: PackageData, item: Candidate) -> TakenPackage:
    whole = tuple(key for key, packed in data.ledgers.items() if packed.whole)
    at = session.now().isoformat(timespec="seconds")
    return TakenPackage(opened.digest, item.period, item.generation, whole, item.masked, at)


@contextmanager
def _readable(path: Path, passphrases: Sequence[str]) -> Iterator[tuple[Opened, PackageData]]:
    """A whole package and its data; raises PackageUnreadable and its like with the reason."""
    key = _passphrase_of(path, passphrases)
    with package_reading.opened(path, key) as opened:
        wrong = [item for item in opened.checked.findings if not item.ok]
        if wrong:
            raise PackageUnreadable(file=path.name, reason=f"“{wrong[0].what}”{wrong[0].detail}")
        name = opened.first(package.DATA)
        if not name:
            raise PackageUnreadable(file=path.name, reason="里面没有供汇总的数据，对方导出时没有勾选，或小保版本太旧")
        try:
            data = package_data.load(opened.read(name))
        except DataUnreadable as error:
            raise PackageUnreadable(file=path.name, reason=str(error)) from error
        yield opened, data


def _passphrase_of(path: Path, passphrases: Sequence[str]) -> str:
    """The passphrase that opens a package, "" for one that needs none.

    Raises:
        PackageLocked: none was given.
        PackagePassphraseWrong: none of them fits.
    """
    if not package_reading.is_locked(path):
        return ""
    if not passphrases:
        raise PackageLocked(file=path.name)
    for passphrase in passphrases:
        if package_reading.fits(path, passphrase):
            return passphrase
    raise PackagePassphraseWrong(file=path.name)


def _examined(
    session: Session, path: Path, passphrases: Sequence[str], books: Mapping[str, OtherBook], own: str | None
) -> Candidate:
    try:
        with _readable(path, passphrases) as (opened, data):
            told = opened.checked.manifest
            item = _candidate(session, path, told, data)
            if item.origin == own:
                return _refused(path, State.REFUSED, "这是本行自己的报送包，不用汇总", item)
            if datetime.fromisoformat(item.made_at) > session.now() + _AHEAD:
                why = f"制作时间 {item.made_at[:10]} 在今天以后，请对方核对电脑的日期，重新导出"
                return _refused(path, State.REFUSED, why, item)
            return _compared(item, opened.digest, data, books.get(item.origin))
    except (PackageLocked, PackagePassphraseWrong) as error:
        return Candidate(path, State.LOCKED, _short(error))
    except UserError as error:
        return Candidate(path, State.REFUSED, _short(error))
    except (ValueError, KeyError, TypeError, OSError):
        return Candidate(path, State.REFUSED, "清单里的内容不对")


def _short(error: UserError) -> str:
    """Why, without the name of the file, which stands beside it."""
    if isinstance(error, PackageLocked):
        return "加密的包，要口令"
    if isinstance(error, PackagePassphraseWrong):
        return "口令不对，请向对方核对"
    return str(error.values.get("reason") or error.message)


def _candidate(session: Session, path: Path, told: Mapping[str, Any], data: PackageData) -> Candidate:
    period, ledgers = parse_period(str(told["period"])), {ledger.key: ledger for ledger in session.ledgers}
    return Candidate(
        path=path,
        state=State.NEW,
        bank=str(told["bank"]),
        origin=_sign(told["origin"]),
        period=str(told["period"]),
        period_title=str(told["period_title"]),
        made_at=datetime.fromisoformat(str(told["made_at"])).astimezone().isoformat(timespec="seconds"),
        generation=package_reading.generation_of(told),
        rows={
            key: sum(not is_earlier(ledgers[key], one, period) for one in packed.records)
            for key, packed in data.ledgers.items()
            if packed.whole and key in ledgers
        },
        masked=bool(told["masked"]),
    )


def _sign(text: object) -> str:
    sign = str(text)
    if not (sign.isascii() and sign.isalnum() and len(sign) <= 64):
        raise ValueError("no sign of a book")
    return sign


def _compared(item: Candidate, digest: str, data: PackageData, book: OtherBook | None) -> Candidate:
    """What a readable package is beside those that were taken in from the same book."""
    if book is None:
        return item
    if any(before.digest == digest for before in book.packages):
        return _refused(item.path, State.KNOWN, "同一个包以前汇总过，不用再来一次", item)
    whole = {key for key, packed in data.ledgers.items() if packed.whole}
    same = [before for before in book.packages if before.period == item.period]
    if any(before.generation > item.generation and whole <= set(before.ledgers) for before in same):
        return _refused(item.path, State.OLDER, "这个期间已经汇总过对方后来做的包", item)
    return Candidate(**{**vars(item), "state": State.NEWER}) if same else item


def _refused(path: Path, state: State, reason: str, item: Candidate) -> Candidate:
    return Candidate(**{**vars(item), "path": path, "state": state, "reason": reason})


def _with_namesakes(found: Sequence[Candidate], books: Mapping[str, OtherBook]) -> tuple[Candidate, ...]:
    """The same; where two books give one name, those of the books that are new here say so."""
    signs: dict[str, set[str]] = {}
    for sign, bank in ((book.sign, book.bank) for book in books.values()):
        signs.setdefault(bank, set()).add(sign)
    for item in found:
        if item.usable:
            signs.setdefault(item.bank, set()).add(item.origin)
    return tuple(
        replace(item, namesake=True) if item.usable and item.origin not in books and len(signs[item.bank]) > 1 else item
        for item in found
    )


def _once_each(found: Sequence[Candidate]) -> Iterator[Candidate]:
    """The same; of copies of one package in one go the second is refused."""
    seen: set[tuple[str, str, str]] = set()
    for item in found:
        key = (item.origin, item.period, item.generation)
        if item.usable and key in seen:
            yield _refused(item.path, State.KNOWN, "和前面的一个是同一个包", item)
        else:
            seen.add(key)
            yield item
