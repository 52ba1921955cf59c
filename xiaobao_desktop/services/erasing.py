"""销毁到期记录: with an approval on record, for good; what old backups still hold, and what a restore brought back.

What stays of a record are number, dates, codes and figures: statistics of past years do not change. The history keeps
who did what and when, without what it said.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from xiaobao_desktop.domain import retention
from xiaobao_desktop.domain.catalog import plain
from xiaobao_desktop.domain.fields import Ledger, Record
from xiaobao_desktop.domain.period import chinese_date
from xiaobao_desktop.errors import UserError
from xiaobao_desktop.services import backup_places, export_log, import_names, report_words, saved_filters
from xiaobao_desktop.services.backups import BackupKind
from xiaobao_desktop.services.records import search_words
from xiaobao_desktop.services.retention import HOLD, Candidate, candidates, terms
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store import erasing
from xiaobao_desktop.store.audit import BACKUP
from xiaobao_desktop.store.erasing import Done, Erasure, OldCopy, Remains
from xiaobao_desktop.store.forgetting import Noted
from xiaobao_desktop.store.layout import ATTACHMENTS, BACKUP_POOL

OPERATION = "销毁到期记录"
_AGAIN = "恢复备份后重新销毁"
_TELLING = ("purpose", "file", "reason", "note", "what", "narrowed")
"""Facts of notes in which an officer may have named a person."""
_WRITTEN = (saved_filters.SETTING, import_names.SETTING, report_words.SETTING, HOLD)
"""Settings in which she may have done so: searches, names of an import, words of reports, reasons to keep a record."""


class ApprovalMissing(UserError):
    """没有销毁：请填写{what}。"""  # noqa: D415


class ApprovalLater(UserError):
    """没有销毁：批准日期 {day} 还没有到，请填实际批准的日期。"""  # noqa: D415


class NotConfirmed(UserError):
    """没有销毁：请在确认栏里照样输入“{phrase}”。"""  # noqa: D415


class NotDestroyable(UserError):
    """没有销毁：{numbers} 现在不能销毁（{reason}）。请重新打开列表再选。"""  # noqa: D415


@dataclass(frozen=True)
class Approval:
    """Who agreed to it: real name, day, number of the paper, reason; all but the number must be there."""

    approver: str
    approved_on: date | None
    document: str
    reason: str

    def facts(self) -> dict[str, str]:
        """As the register keeps it."""
        day = self.approved_on.isoformat() if self.approved_on else ""
        return {"approver": self.approver, "approved_on": day, "document": self.document, "reason": self.reason}


@dataclass(frozen=True)
class Result:
    """What an erasure came to.

    Attributes:
        records: how many records.
        files: how many files of attachments went for good.
        tidied: whether the book's file could be rewritten.
        leftovers: what still holds the content.
        exports: how many exported files of these ledgers the log tells of; they are in other hands.
    """

    records: int
    files: int
    tidied: bool
    leftovers: Leftovers
    exports: int


@dataclass(frozen=True)
class Leftovers:
    """Old backups and replaced books that still hold destroyed content, and files in backup pools that could not go."""

    copies: tuple[OldCopy, ...] = ()
    files: int = 0

    @property
    def none(self) -> bool:
        """Whether nothing is left."""
        return not self.copies and not self.files


@dataclass(frozen=True)
class Returned:
    """Records that a restored backup brought back: of which erasure, and their numbers."""

    erasure: Erasure
    records: tuple[tuple[str, int, str], ...]

    @property
    def numbers(self) -> tuple[str, ...]:
        """Their numbers."""
        return tuple(number for _key, _id, number in self.records)


def phrase(count: int) -> str:
    """What has to be typed before so many records are destroyed."""
    return f"销毁{count}件"


def erase(session: Session, chosen: Sequence[Candidate], approval: Approval, typed: str) -> Result:
    """Destroy the content of records whose term is over. There is no way back.

    Args:
        session: the open book; whoever shows records must read them again.
        chosen: from ``retention.candidates``.
        approval: who agreed to it.
        typed: the :func:`phrase`.

    Raises:
        NotAllowed: a reader.
        ApprovalMissing, ApprovalLater, NotConfirmed: as their names say.
        NotDestroyable: a record may not be destroyed (any more).
    """
    session.require(OPERATION)
    today = session.today()
    _check(approval, typed, len(chosen), today)
    now = {one.place: one for one in candidates(session, today, 0)}
    refused = [one for one in chosen if one.place not in now or not now[one.place].ready]
    if refused:
        reasons = [*now[refused[0].place].reasons, ""] if refused[0].place in now else ["已经销毁或改过"]
        raise NotDestroyable(numbers="、".join(one.number for one in refused[:5]), reason=reasons[0])
    places: dict[str, list[int]] = {}
    for one in chosen:
        places.setdefault(one.ledger.key, []).append(one.id)
    done = _erase(session, places, approval.facts(), OPERATION)
    files = len(done.erasure.contents)
    return Result(len(chosen), files, done.tidied, leftovers(session), _exports(session, places))


def leftovers(session: Session) -> Leftovers:
    """What still holds destroyed content, in both places of backups; a place that is away says nothing."""
    erasing.keep_register(session.book, _registers(session))
    copies = erasing.old_copies(session.book, _backup_folders(session))
    return Leftovers(tuple(copies), erasing.clear_pools(session.book, _pools(session)))


def known(session: Session) -> list[Erasure]:
    """Every erasure that the open book knows of, for :func:`remember` of the book that takes its place."""
    return erasing.known(session.book, _registers(session))


def remember(session: Session, known_before: Iterable[Erasure]) -> None:
    """Let the book that a backup has brought back know of erasures that only the book before could read of."""
    erasing.keep_register(session.book, _registers(session), known_before)


def drop_leftovers(session: Session, found: Leftovers) -> Leftovers:
    """Delete old backups and replaced books, after a new backup in each of their places was proven; what is left.

    Raises:
        NotAllowed: a reader.
        TargetRefused, BackupNotMade: there is no new backup; nothing was deleted.
    """
    session.require("删除含有已销毁内容的旧备份")
    folders = {copy.path.parent for copy in found.copies}
    backup_places.backup_here(session)
    second = backup_places.chosen_folder(session)
    if second is not None and second in folders:
        backup_places.back_up_to_second(session, second, BackupKind.BY_HAND)
    with session.book.transaction("删除含有已销毁内容的旧备份", session.user, session.now()) as writing:
        writing.note(BACKUP, None, {"file": "、".join(copy.path.name for copy in found.copies)})
    erasing.drop(found.copies)
    return leftovers(session)


def returned(session: Session) -> tuple[Returned, ...]:
    """What was destroyed once and is in the book again, because a backup was restored."""
    return tuple(Returned(item, back) for item, back in erasing.returned(session.book, _registers(session)))


def erase_again(session: Session, found: Iterable[Returned]) -> int:
    """Destroy what a restore brought back, under the approval of then; how many records."""
    session.require(OPERATION)
    count = 0
    for item in found:
        places: dict[str, list[int]] = {}
        for key, record_id, _number in item.records:
            places.setdefault(key, []).append(record_id)
        _erase(session, places, item.erasure.facts, _AGAIN)
        count += len(item.records)
    return count


def told(session: Session, ledger: Ledger, record: Record) -> str:
    """That the content of a record was destroyed, as a sentence; "" for any other record."""
    found = erasing.erased_at(session.book, ledger, record.id) if record.id is not None else None
    if found is None:
        return ""
    return (
        f"个人信息、文字和附件已于{chinese_date(found[0].date())}按规定销毁，不能恢复。"
        "编号、日期、分类和数字留着，统计不受影响。"
    )


def _check(approval: Approval, typed: str, count: int, today: date) -> None:
    wanted = {"批准人": approval.approver, "批准日期": approval.approved_on, "销毁原因": approval.reason}
    missing = [name for name, value in wanted.items() if not value or not str(value).strip()]
    if missing or not count:
        raise ApprovalMissing(what="、".join(missing) or "要销毁的记录")
    if approval.approved_on is not None and approval.approved_on > today:
        raise ApprovalLater(day=chinese_date(approval.approved_on))
    if typed.strip() != phrase(count):
        raise NotConfirmed(phrase=phrase(count))


def _erase(session: Session, places: Mapping[str, Sequence[int]], facts: Mapping[str, str], operation: str) -> Done:
    rules = {term.ledger.key: term for term in terms(session)}
    wanted: list[Remains] = []
    words: set[str] = set()
    for key, ids in places.items():
        ledger, rule = rules[key].ledger, rules[key].rule
        for record in session.book.records(ledger, ids):
            stays = retention.remains(ledger, rule, record)
            wanted.append(Remains(ledger, stays, search_words(session, ledger, stays)))
            words |= retention.personal_words(ledger, record)
    words |= {plain(word) for word in words}
    noted = Noted(_TELLING, frozenset(words), _WRITTEN)
    done = erasing.erase(
        session.book, wanted, noted, dict(facts), operation=operation, who=session.user, at=session.now()
    )
    session.forget()
    erasing.keep_register(session.book, _registers(session))
    erasing.clear_pools(session.book, _pools(session))
    return done


def _exports(session: Session, places: Mapping[str, Sequence[int]]) -> int:
    """Exports that may hold what was destroyed now."""
    return sum(1 for export in export_log.entries(session) if export.done and export.rows.keys() & places.keys())


def _backup_folders(session: Session) -> list[Path]:
    second = backup_places.chosen_folder(session)
    return [backup_places.own_folder(session), *([second] if second is not None and second.is_dir() else [])]


def _registers(session: Session) -> list[Path]:
    """Where the register lies: beside the book, and beside the backups that survive the PC."""
    return [session.directory, *_backup_folders(session)[1:]]


def _pools(session: Session) -> list[Path]:
    """The pool of the book too: a cut of the power may have come between the erasure and its files."""
    return [session.directory / ATTACHMENTS, *(folder / BACKUP_POOL for folder in _backup_folders(session))]
