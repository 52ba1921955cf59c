"""The officer's day: what is due in every ledger, what is missing, what a search over everything finds.

A ledger with dates of its own to keep has a module beside this one; it is named in :data:`_DUE`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple

from xiaobao_desktop.domain.fields import Ledger, Value
from xiaobao_desktop.domain.ledgers.complaint import LEDGER as COMPLAINT
from xiaobao_desktop.domain.ledgers.filing import LEDGER as FILING
from xiaobao_desktop.domain.ledgers.policy import LEDGER as POLICY
from xiaobao_desktop.domain.ledgers.rectification import LEDGER as RECTIFICATION
from xiaobao_desktop.domain.ledgers.training import LEDGER as TRAINING
from xiaobao_desktop.domain.period import Period
from xiaobao_desktop.domain.todo import Band, DueItem, grouped, horizon
from xiaobao_desktop.services import (
    complaint_todo,
    filing_todo,
    listing,
    meeting_todo,
    origins,
    plan_todo,
    policy_todo,
    rectification_todo,
    review_todo,
)
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.query import OWN, Condition, Query

FOUND_LIMIT = 50
"""At most this many records of each ledger in the result of a search."""

_FAR_DAYS = 366
"""No term of a ledger is longer."""

_DUE: tuple[Callable[[Session, date], list[DueItem]], ...] = (
    complaint_todo.due,
    meeting_todo.due,
    review_todo.due,
    policy_todo.due,
    rectification_todo.due,
    plan_todo.due,
    filing_todo.due,
)


class Gap(NamedTuple):
    """Something missing in a ledger: words for the card, and the records; none where a record itself is missing."""

    ledger: Ledger
    words: str
    ids: tuple[int, ...]


class Chore(NamedTuple):
    """Something to be done for the book itself: its name, what is lacking, its icon.

    ``tab`` is the tab of the settings where it is done, "" for the page 数据.
    """

    name: str
    words: str
    icon: str
    tab: str


class Found(NamedTuple):
    """A record that a search found."""

    ledger: str
    record_id: int
    number: str
    subject: str
    unit: str
    day: str
    icon: str


class FoundGroup(NamedTuple):
    """What a search found in one ledger: the first :data:`FOUND_LIMIT` and how many in all."""

    ledger: Ledger
    items: tuple[Found, ...]
    total: int


def bands(session: Session, today: date) -> tuple[Band, ...]:
    """What is overdue, due today, within 3 and within 7 days, of all ledgers."""
    until = horizon(today)
    return grouped(_due(session, until), today)


def between(session: Session, first: date, last: date) -> tuple[DueItem, ...]:
    """What is due from ``first`` to ``last``, both included, of all ledgers, in order of the last day and number."""
    found = [item for item in _due(session, last) if item.due_on >= first]
    return tuple(sorted(found, key=lambda item: (item.due_on, item.number)))


def _due(session: Session, until: date) -> list[DueItem]:
    """What is due in all ledgers; records taken in from other books (汇总) are answered there."""
    found = [item for due in _DUE for item in due(session, until)]
    ids: dict[str, list[int]] = {}
    for item in found:
        ids.setdefault(item.ledger, []).append(item.record_id)
    own = {key: set(origins.own_only(session, session.ledger(key), some)) for key, some in ids.items()}
    return [item for item in found if item.record_id in own[item.ledger]]


def next_due(session: Session, today: date) -> DueItem | None:
    """The first item due after the bands, None when nothing more is due."""
    first = horizon(today) + timedelta(days=1)
    return next(iter(between(session, first, first + timedelta(days=_FAR_DAYS))), None)


def chores(session: Session, today: date) -> tuple[Chore, ...]:
    """What the book itself still needs: a recovery key that lies on paper, backups. Nothing for the demo book."""
    # Read by the worker after the start; the window need not wait for it.
    from xiaobao_desktop.services import backup_places, books, credentials, kept_aside

    if not books.needs_password(session.directory):
        return ()
    found = []
    if not credentials.recovery_kept(session):
        found.append(Chore("恢复密钥", "还没有留好", "key-round", "password"))
    if backup_places.trouble(session):
        found.append(Chore("自动备份", "上次没有做成", "save", ""))
    second = backup_places.second_place(session, today)
    if second.stale:
        days = f"{(today - second.last.date()).days} 天没有做" if second.last else "还没有做过"
        found.append(Chore("备份到 U 盘", days, "save", ""))
    aside = kept_aside.listed(session)
    if kept_aside.advice(session, aside):
        found.append(Chore(f"另存的旧账簿占着 {kept_aside.megabytes(aside)}", "不用的可以删除", "hard-drive", ""))
    return tuple(found)


def gaps(session: Session, today: date) -> tuple[Gap, ...]:
    """What is to be judged or missing this year, ledger by ledger; what has no gaps is left out."""
    found = [*_doubtful(session, today), *_unfilled(session), *_answered(session, today)]
    found += _not_trained(session, today)
    found += _without_policy(session, today)
    found += _not_planned(session, today)
    found += [Gap(RECTIFICATION, words, ids) for words, ids in rectification_todo.gaps(session)]
    for ledger in session.ledgers:
        found += _without_evidence(session, ledger, today)
    return tuple(found)


def _unfilled(session: Session) -> list[Gap]:
    ids = complaint_todo.gaps(session)
    return [Gap(COMPLAINT, f"{len(ids)} {COMPLAINT.unit}已办结的有待补项", ids)] if ids else []


def _doubtful(session: Session, today: date) -> list[Gap]:
    """New complaints that look like others: the officer has to say whether they are."""
    # Read by the worker after the start; the window need not wait for it.
    from xiaobao_desktop.services import complaint_suspicion

    ids = complaint_suspicion.waiting(session, today)
    return [Gap(COMPLAINT, f"{len(ids)} {COMPLAINT.unit}疑似重复或群体，待判断", ids)] if ids else []


def _answered(session: Session, today: date) -> list[Gap]:
    """Answered complaints that still wait for something."""
    # Read by the worker after the start; the window need not wait for it.
    from xiaobao_desktop.services import complaint_after

    return [Gap(COMPLAINT, words, ids) for words, ids in complaint_after.waiting(session, today)]


def _not_trained(session: Session, today: date) -> list[Gap]:
    """The groups that no training of the year has reached (PBOC order 5 of 2020, article 10)."""
    # Read by the worker after the start; the window need not wait for it.
    from xiaobao_desktop.services import training_statistics

    year = Period(date(today.year, 1, 1), date(today.year, 12, 31), 12)
    missing = training_statistics.statistics(session, year, today).missing
    return [Gap(TRAINING, f"{'、'.join(missing)}今年尚无场次", ())] if missing else []


def _without_policy(session: Session, today: date) -> list[Gap]:
    """The systems that the bank has to have (PBOC order 5 of 2020, article 8) and has not."""
    words = policy_todo.gap_words(session, today)
    return [Gap(POLICY, words, ())] if words else []


def _not_planned(session: Session, today: date) -> list[Gap]:
    """The year's filings, at the turn of the year while they are not planned."""
    # Read by the worker after the start; the window need not wait for it.
    from xiaobao_desktop.services import obligations

    words = obligations.offered(session, today)
    return [Gap(FILING, words, ())] if words else []


def _without_evidence(session: Session, ledger: Ledger, today: date) -> list[Gap]:
    """Records of the year that lack a wanted kind of attachment: 3 次缺照片、签到表."""
    wanted = [kind for kind in ledger.evidence if kind.wanted]
    if not wanted or not ledger.dated_by:
        return []
    days = (f"{today.year}-01-01", today.isoformat())
    ids = session.book.ids(ledger, Query(where=(OWN, Condition(ledger.dated_by, "between", days))))
    have = session.book.attachment_kinds(ledger, ids)
    lacking = {one: [kind for kind in wanted if kind.key not in have.get(one, frozenset())] for one in ids}
    found = tuple(one for one in ids if lacking[one])
    names = "、".join(kind.label for kind in wanted if any(kind in lacking[one] for one in found))
    return [Gap(ledger, f"{len(found)} {ledger.unit}缺{names}", found)] if found else []


def search(session: Session, text: str) -> tuple[FoundGroup, ...]:
    """Records of the dated ledgers that hold all the words, the latest first; ledgers without any are left out."""
    groups = []
    for ledger in session.ledgers:
        if not ledger.dated_by or not text.strip():
            continue
        query = Query(search=text, order=((ledger.dated_by, True), ("number", True)))
        ids = listing.ids(session, ledger, query)
        if ids:
            groups.append(FoundGroup(ledger, _found(session, ledger, ids[:FOUND_LIMIT]), len(ids)))
    return tuple(groups)


def _found(session: Session, ledger: Ledger, ids: list[int]) -> tuple[Found, ...]:
    keys = [*ledger.title, ledger.dated_by, *([ledger.branch_by] if ledger.branch_by else [])]
    return tuple(_record(session, ledger, row) for row in listing.rows(session, ledger, ids, keys))


def _record(session: Session, ledger: Ledger, row: dict[str, Value]) -> Found:
    unit = listing.display(session, ledger.field(ledger.branch_by), row[ledger.branch_by]) if ledger.branch_by else ""
    return Found(
        ledger=ledger.key,
        record_id=int(str(row["id"])),
        number=str(row["number"]),
        subject="·".join(listing.title_texts(session, ledger, row)),
        unit=unit,
        day=str(row[ledger.dated_by] or ""),
        icon=ledger.icon,
    )
