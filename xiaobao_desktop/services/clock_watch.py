"""The PC's clock against the book: a clock that went back, or jumped far ahead, is told, asked about and written down.

Days of receipt, time limits and the moments in the history come from the PC. A clock that is wrong must not make them
wrong in silence. Source of the two bounds: project decision (a PC corrects itself by minutes, not by more; nobody
leaves a book closed for a year).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from xiaobao_desktop.services import audit
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.audit import CLOCK
from xiaobao_desktop.store.book import Note

TOLERANCE = timedelta(minutes=5)
"""A clock that was set right by a time server goes back by less."""
FAR = timedelta(days=366)
_LOOKED_AT = 500
"""Entries of the history whose moments are compared."""


class Jump(StrEnum):
    """What is odd about the clock."""

    BACK = "back"
    AHEAD = "ahead"


@dataclass(frozen=True)
class Oddity:
    """A clock that does not fit the history: which way, what it says, and the last moment that was written."""

    jump: Jump
    now: datetime
    before: datetime

    @property
    def title(self) -> str:
        """What is wrong, in one sentence."""
        if self.jump is Jump.BACK:
            return f"电脑时间不对：现在显示 {_words(self.now)}，比上一条操作记录（{_words(self.before)}）还早"
        return f"电脑时间对吗？现在显示 {_words(self.now)}，离上一条操作记录（{_words(self.before)}）过了一年多"

    @property
    def detail(self) -> str:
        """What follows and what to do."""
        return (
            "收到日期、期限和操作记录都按电脑时间算。请先点屏幕右下角的时钟把日期时间改对，再登记；"
            "这段时间里登记的请核对日期。时间没有错的，点“时间没有错”。"
        )


def judge(before: datetime | None, now: datetime) -> Jump | None:
    """What is odd about ``now`` when the last entry was written at ``before``; None for nothing."""
    if before is None:
        return None
    if now < before - TOLERANCE:
        return Jump.BACK
    return Jump.AHEAD if now > before + FAR else None


class ClockWatch:
    """Compares the clock with the history as often as it is asked; each change of what it finds is an entry there."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def look(self) -> Oddity | None:
        """What is odd about the clock now, None when it fits (or the book is closed, or a demo)."""
        session = self._session
        if session.book.closed or session.settings.demo:
            return None
        now = _aware(session.now())
        standing = _standing(session)
        before = _before(session, standing)
        jump = judge(before, now)
        if jump is None:
            if standing is not None:
                self._note("电脑时间恢复正常", {"moment": _words(now), "fits": True})
            return None
        assert before is not None
        if standing is None or standing.facts.get("jump") != jump.value:
            words = "电脑时间比上一条操作记录早" if jump is Jump.BACK else "电脑时间比上一条操作记录晚一年以上"
            facts = {"moment": _words(now), "before": _words(before), "jump": jump.value, "last": before.isoformat()}
            self._note(words, facts)
        return Oddity(jump, now, before)

    def confirm(self) -> None:
        """The officer says that the clock is right: from now on the history is compared with this moment.

        Raises:
            NotAllowed: a reader.
        """
        self._session.require("确认电脑时间")
        self._note("确认电脑时间没有错", {"moment": _words(_aware(self._session.now())), "fits": True})

    def _note(self, operation: str, facts: Mapping[str, object]) -> None:
        audit.note(self._session, CLOCK, operation, facts)


def _standing(session: Session) -> Note | None:
    """The oddity that was written down and not settled since."""
    notes = session.book.notes(CLOCK)
    return notes[0] if notes and not notes[0].facts.get("fits") and "last" in notes[0].facts else None


def _before(session: Session, standing: Note | None) -> datetime | None:
    """The latest moment of the history since the clock was last known to be right."""
    if standing is not None:
        return datetime.fromisoformat(str(standing.facts["last"]))
    settled = session.book.notes(CLOCK)
    after = settled[0].sequence - 1 if settled else 0
    moments = session.book.log.moments(after, _LOOKED_AT)
    return max((_aware(moment) for moment in moments), default=None)


def _aware(moment: datetime) -> datetime:
    """With its zone, so that moments of different zones can be compared; without one it is the PC's."""
    return (moment if moment.tzinfo else moment.astimezone()).replace(microsecond=0)


def _words(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"
