"""月结: what is to be done before a month can be filed, line by line, each with its state and where to go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from xiaobao_desktop.domain.ledgers.filing import LEDGER as FILING
from xiaobao_desktop.domain.ledgers.filing import PENDING
from xiaobao_desktop.domain.ledgers.training import LEDGER as TRAINING
from xiaobao_desktop.domain.period import Period, month
from xiaobao_desktop.services import backup_places, filing, filing_warnings, todo
from xiaobao_desktop.services.complaint_filing import Point
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.query import Condition, Query

REPORT = "monthly"
_SOON = 7
"""Days ahead in which something due to be sent is shown."""
_EARLIEST = "0001-01-01"


class State(StrEnum):
    """How far a line is: done, to be done, or to be looked at before the report goes out."""

    DONE = "done"
    OPEN = "open"
    LATE = "late"


class Go(StrEnum):
    """Where a line leads: some records, the report of the month, the page for data, nowhere."""

    RECORDS = "records"
    REPORT = "report"
    DATA = "data"
    LEDGER = "ledger"
    NOWHERE = ""


@dataclass(frozen=True)
class CloseLine:
    """One line of the checklist.

    Attributes:
        name: what has to be in order.
        words: how it stands.
        state: done, open or late.
        go: where it leads.
        ledger: key of the ledger of its records.
        ids: the records.
        period: code of the month whose report it leads to.
    """

    name: str
    words: str
    state: State
    go: Go = Go.NOWHERE
    ledger: str = ""
    ids: tuple[int, ...] = ()
    period: str = ""


def month_to_close(today: date) -> Period:
    """The month that is to be filed now: the one that ended last."""
    return month(today.year, today.month).before()


def lines(session: Session, period: Period) -> tuple[CloseLine, ...]:
    """The checklist of a month."""
    today = session.today()
    draft = filing.prepare(session, REPORT, period)
    points = filing_warnings.records_open(session, draft.figures, period, draft.request.as_of)
    return (
        _ended(period, today),
        *_points(session, points),
        *_lacking(session, today),
        _filed(session, period.before(), last=True),
        _due(session, today),
        _backed_up(session, period),
        _filed(session, period, last=False),
    )


def _ended(period: Period, today: date) -> CloseLine:
    name = "本月已经结束"
    if today > period.last:
        return CloseLine(name, f"{period.title}已过完，数字不会再因到期变动", State.DONE)
    left = (period.last - today).days + 1
    return CloseLine(name, f"{period.title}还有 {left} 天，现在出的数只到今天", State.OPEN)


def _points(session: Session, points: list[Point]) -> list[CloseLine]:
    """One line for each thing that is open in the records of a ledger; one for all when there is none."""
    if not points:
        return [CloseLine("登记内容齐全", "分类、步骤、凭证、签到表和照片都齐了", State.DONE)]
    labels = {item.ledger: f"{session.ledger(item.ledger).label}登记齐全" for item in points}
    return [
        CloseLine(labels[item.ledger], item.words, State.OPEN, Go.RECORDS, item.ledger, item.ids) for item in points
    ]


def _lacking(session: Session, today: date) -> list[CloseLine]:
    """What a ledger as a whole lacks; that staff is trained is said even where nothing is lacking."""
    gaps = {item.ledger.key: item for item in todo.gaps(session, today) if not item.ids}
    trained = gaps.pop(TRAINING.key, None)
    name = "培训覆盖三类人员"
    if trained is None:
        lines = [CloseLine(name, "今年三类人员都已培训", State.DONE)]
    else:
        lines = [CloseLine(name, trained.words, State.OPEN, Go.LEDGER, TRAINING.key)]
    others = (
        CloseLine(f"{item.ledger.label}齐全", item.words, State.OPEN, Go.LEDGER, key) for key, item in gaps.items()
    )
    return [*lines, *others]


def _filed(session: Session, period: Period, *, last: bool) -> CloseLine:
    name = "上一期月报已定稿" if last else "本期月报定稿"
    found = filing.versions(session, REPORT, period)
    if not found:
        state = State.LATE if last else State.OPEN
        return CloseLine(name, f"{period.title}的月报还没有定稿", state, Go.REPORT, period=period.code)
    told = f"第 {found[0].version} 版，{found[0].filed_on} 报出"
    ids = tuple(item.record_id for item in found)
    return CloseLine(name, told, State.DONE, Go.RECORDS, FILING.key, ids)


def _due(session: Session, today: date) -> CloseLine:
    """What is due to be sent within a week, or should have been."""
    until = (today + timedelta(days=_SOON)).isoformat()
    where = (Condition("state", "eq", (PENDING,)), Condition("due_on", "between", (_EARLIEST, until)))
    rows = session.book.select(FILING, Query(where=where, order=(("due_on", False),)), ("title", "due_on"))
    name = "应报的都已报出"
    if not rows:
        return CloseLine(name, f"{_SOON} 天内没有登记应报的材料", State.DONE)
    late = sum(str(row["due_on"]) < today.isoformat() for row in rows)
    told = f"{len(rows)} 件待报，最早 {rows[0]['due_on']}" + (f"，其中 {late} 件已过应报日" if late else "")
    ids = tuple(int(str(row["id"])) for row in rows)
    return CloseLine(name, told, State.LATE if late else State.OPEN, Go.RECORDS, FILING.key, ids)


def _backed_up(session: Session, period: Period) -> CloseLine:
    """A backup made after the month had ended."""
    folders = (backup_places.own_folder(session), backup_places.chosen_folder(session))
    found = [item for folder in folders if folder and (item := backup_places.latest(folder))]
    newest = max((item.made_at for item in found), default=None)
    name = "月末以后备份过"
    if newest is None:
        return CloseLine(name, "还没有备份", State.LATE, Go.DATA)
    told = f"最近一次备份 {newest:%Y-%m-%d %H:%M}"
    done = newest.date() > period.last
    return CloseLine(name, told, State.DONE if done else State.OPEN, Go.NOWHERE if done else Go.DATA)
