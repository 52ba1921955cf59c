"""交接: the book goes from one officer to the next, with a signed list, a new password and a new recovery key.

Nothing is written before the end: the list and the keys are prepared, and one replacement of the key file hands over.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta

from xiaobao_desktop import __version__
from xiaobao_desktop.domain.denominators import Denominators
from xiaobao_desktop.domain.period import Period, month, months_later, parse_period
from xiaobao_desktop.errors import UnknownPeriod, UnknownReport, UserError
from xiaobao_desktop.reports import handover as paper
from xiaobao_desktop.reports.document import Metadata
from xiaobao_desktop.reports.handover import DUE_DAYS, HandoverInput
from xiaobao_desktop.services import (
    backup_places,
    books,
    complaint_open,
    credentials,
    denominators,
    filing,
    report_words,
    reporting,
    todo,
)
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.services.todo_print import Sheet
from xiaobao_desktop.store import keyslots, own_texts
from xiaobao_desktop.store.layout import KEY_FILE
from xiaobao_desktop.store.query import Query

__all__ = ["HandOver", "HandoverInput"]

HandOver = keyslots.HandOver
"""Keys that are ready and not in force yet; ``words`` is the new recovery key."""

_MONTHLY = "monthly"
_EARLIEST = date(1, 1, 1)


class SuccessorKnown(UserError):
    """没有交接：{name}已经能打开这本账簿。请填接手人的姓名，不是自己的。"""  # noqa: D415


def look(session: Session, today: date) -> HandoverInput:
    """Read what is handed over; the successor is not named yet."""
    cases = complaint_open.open_cases(session)
    listed = {case.number for case in cases}
    second = backup_places.second_place(session, today)
    own = backup_places.latest(backup_places.own_folder(session))
    anchor = session.book.anchor()
    due = todo.between(session, _EARLIEST, today + timedelta(days=DUE_DAYS))
    return HandoverInput(
        settings=session.settings,
        given=session.user,
        taken="",
        today=today,
        counts=tuple((item.label, item.unit, session.book.count(item, Query())) for item in session.ledgers),
        cases=cases,
        due=tuple(item for item in due if item.number not in listed),
        reports=unfinished_reports(session, today),
        attachments=session.book.attachment_count(),
        own_backup=_moment(own.made_at if own else None),
        second_folder=str(second.folder or ""),
        second_backup=_moment(second.last),
        denominators=denominators.load(session).get(today.year, Denominators()),
        recovery_kept=credentials.recovery_kept(session),
        anchor=(anchor.sequence, anchor.mac16),
        own_texts=len(own_texts.of_book(session.directory)),
    )


def unfinished_reports(session: Session, today: date) -> tuple[str, ...]:
    """Titles of reports with words of the officer that were not filed, and of last month's report if it was not."""
    before = months_later(today.replace(day=1), -1)
    wanted = {(_MONTHLY, month(before.year, before.month))}
    for key in session.book.settings():
        if key.startswith(report_words.SETTING):
            name, code = (*key.removeprefix(report_words.SETTING).split("."), "", "")[:2]
            try:
                wanted.add((name, parse_period(code)))
            except UnknownPeriod:
                continue
    found = []
    for name, period in sorted(wanted, key=lambda pair: (pair[1].first, pair[0])):
        if period.code not in filing.filed_periods(session, name):
            found.append(_title(name, period))
    return tuple(title for title in found if title)


def sheet(session: Session, found: HandoverInput, successor: str = "") -> Sheet:
    """The list as a document; drawn by ``todo_print.render``, which no longer needs the book.

    Raises:
        NotAllowed: a reader.
    """
    session.require("打印交接清单")
    document = paper.build(replace(found, taken=successor))
    title = document.title[0]
    metadata = Metadata(title, session.settings.printed_name, session.now(), f"小保 {__version__}")
    return Sheet(document, metadata, f"{title}{found.today:%Y-%m-%d}")


def prepare(session: Session, password: str, successor: str, new_password: str) -> keyslots.HandOver:
    """Make the successor's keys; nothing is changed yet.

    Args:
        session: the open book of the officer who hands over.
        password: hers, or the recovery key.
        successor: real name.
        new_password: the successor's.

    Raises:
        WrongPassword: not the password of this officer.
        SuccessorKnown: the successor has a password for this book already.
    """
    session.require("交接")
    if successor in credentials.users(session.directory):
        raise SuccessorKnown(name=successor)
    return keyslots.prepare_hand_over(session.directory / KEY_FILE, password, session.user, successor, new_password)


def carry_out(session: Session, ready: keyslots.HandOver, successor: str) -> None:
    """Hand the book over: afterwards the successor works in it, and only the new password and recovery key open it.

    Cut off at any moment, the book opens with the old keys and nothing changed, or with the new ones; the next opening
    writes down which.

    Raises:
        TargetNotWritable, DiskFull: nothing was handed over; the old keys open the book.
    """
    session.require("交接")
    given = session.user
    with session.book.transaction(f"交接开始：{given} → {successor}", given, session.now()) as writing:
        writing.set_setting(books.HANDING_OVER, json.dumps([given, successor], ensure_ascii=False))
    try:
        keyslots.hand_over(session.directory / KEY_FILE, ready)
    except UserError:
        books.settle_hand_over(session)
        raise
    session.user = successor
    books.finish_hand_over(session, given, successor, done=True)


def _title(name: str, period: Period) -> str:
    try:
        return f"{period.title}{reporting.info(name).title}"
    except UnknownReport:
        return ""


def _moment(at: object) -> str:
    return f"{at:%Y-%m-%d %H:%M}" if at else ""
