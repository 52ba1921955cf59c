"""What the ledgers can say about an item of a checklist: a sentence with numbers that the officer may take over.

A checklist names its source as data: a name of :data:`_FIGURES`, or records of a ledger, ``records:LEDGER?field=value``
for those of the year of the run, ``standing:LEDGER?field=value`` for those of any day.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from urllib.parse import parse_qsl

from xiaobao_desktop.domain.fields import Kind, Ledger, Value
from xiaobao_desktop.domain.ledgers import policy
from xiaobao_desktop.domain.numbers import percent
from xiaobao_desktop.domain.period import Period
from xiaobao_desktop.errors import UnknownLedger
from xiaobao_desktop.services import listing
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.query import Condition, Query

_NAMED = 3
"""So many records are named; the others are counted."""
_OF_YEAR, _STANDING = "records", "standing"


def suggestion(session: Session, evidence_from: str, day: date) -> str:
    """A sentence about what the ledgers hold on a day, "" when they say nothing about it.

    Args:
        session: the open book.
        evidence_from: as the item of the checklist says.
        day: of the run; figures are those of its year up to this day.
    """
    year = Period(date(day.year, 1, 1), date(day.year, 12, 31), 12)
    figure = _FIGURES.get(evidence_from)
    if figure is not None:
        return figure(session, year, day)
    kind, _colon, wanted = evidence_from.partition(":")
    if kind not in (_OF_YEAR, _STANDING):
        return ""
    return _records(session, wanted, year if kind == _OF_YEAR else None, day)


def _training_coverage(session: Session, year: Period, day: date) -> str:
    from xiaobao_desktop.services import training_statistics

    found = training_statistics.statistics(session, year, day)
    reached = [
        f"{found.group_names[item.group]} {item.sessions.count} 次 {item.attended} 人次" for item in found.coverage
    ]
    lacking = f"；{'、'.join(found.missing)}今年尚无场次" if found.missing else "，三类人员均已覆盖"
    return f"{year.title}截至{_day(day)}培训 {found.figures.sessions.count} 次：{'，'.join(reached)}{lacking}。"


def _outreach(session: Session, year: Period, day: date) -> str:
    from xiaobao_desktop.services import outreach_statistics

    found = outreach_statistics.statistics(session, year, day).figures
    audience, materials = found.sums["audience_count"], found.sums["materials"]
    return (
        f"{year.title}截至{_day(day)}开展宣传 {found.activities.count} 项 {found.sessions} 场次，"
        f"受众 {audience} 人次，发放资料 {materials} 份。"
    )


def _complaints(session: Session, year: Period, day: date) -> str:
    from xiaobao_desktop.services import complaint_statistics

    found = complaint_statistics.statistics(session, year, day).figures
    rate = f"，办结率 {percent(found.closed_rate)}%" if found.closed_rate is not None else ""
    return (
        f"{year.title}截至{_day(day)}登记投诉 {found.received.count} 件，办结 {found.received_closed.count} 件{rate}，"
        f"其中监管转办 {found.regulator.count} 件。"
    )


def _timeliness(session: Session, year: Period, day: date) -> str:
    from xiaobao_desktop.services import complaint_statistics

    found = complaint_statistics.statistics(session, year, day).figures
    if found.in_time_rate is None:
        return f"{year.title}截至{_day(day)}没有办结的投诉。"
    return (
        f"{year.title}截至{_day(day)}办结投诉 {found.closed.count} 件，按期 {found.closed_in_time.count} 件，"
        f"及时率 {percent(found.in_time_rate)}%；目前逾期未结 {found.open_overdue.count} 件。"
    )


def _satisfaction(session: Session, year: Period, day: date) -> str:
    from xiaobao_desktop.services import complaint_statistics

    found = complaint_statistics.statistics(session, year, day).figures
    if found.satisfaction_rate is None:
        return f"{year.title}截至{_day(day)}没有有效回访。"
    return (
        f"{year.title}截至{_day(day)}有效回访 {found.followed_up.count} 件，满意 {found.satisfied.count} 件，"
        f"满意度 {percent(found.satisfaction_rate)}%。"
    )


def _policies(session: Session, _year: Period, day: date) -> str:
    from xiaobao_desktop.services import policy_todo

    wanted = [item for item in session.rules.catalog.list(policy.CATEGORIES).items if item.extra.get("wanted")]
    missing = policy_todo.missing_categories(session, day)
    lacking = f"缺{'、'.join(missing)}" if missing else "各类都有"
    return (
        f"制度台账{_day(day)}现行有效的制度覆盖应有 {len(wanted)} 类中的 {len(wanted) - len(missing)} 类，{lacking}。"
    )


_FIGURES: dict[str, Callable[[Session, Period, date], str]] = {
    "training_coverage": _training_coverage,
    "outreach": _outreach,
    "complaints": _complaints,
    "complaint_timeliness": _timeliness,
    "satisfaction": _satisfaction,
    "policies": _policies,
}


def _records(session: Session, wanted: str, year: Period | None, day: date) -> str:
    """How many records fulfil what the checklist asks for, and the names of the first."""
    key, _mark, conditions = wanted.partition("?")
    try:
        ledger = session.ledger(key)
    except UnknownLedger:
        return ""
    pairs = parse_qsl(conditions)
    if not all(ledger.has(name) for name, _value in pairs):
        return ""
    where = [Condition(name, "eq", (_value(ledger, name, value),)) for name, value in pairs]
    if year is not None and ledger.dated_by:
        where.append(Condition(ledger.dated_by, "between", (year.first.isoformat(), day.isoformat())))
    ids = listing.ids(session, ledger, Query(where=tuple(where), order=(("number", False),)))
    rows = listing.rows(session, ledger, ids[:_NAMED], ledger.title[:1])
    item = ledger.field(ledger.title[0])
    names = [f"{listing.display(session, item, row[item.key])}（{row['number']}）" for row in rows]
    of = "、".join(_words(session, ledger, name, value) for name, value in pairs if name != "state")
    when = f"{year.title}截至{_day(day)}" if year is not None else "现有"
    what = f"{ledger.label}台账{when}{f'“{of}”' if of else ''}"
    more = f"等 {len(ids)} {ledger.unit}" if len(ids) > len(names) else f"，共 {len(ids)} {ledger.unit}"
    return f"{what}：{'、'.join(names)}{more}。" if ids else f"{what}没有记录。"


def _value(ledger: Ledger, name: str, value: str) -> Value:
    return value == "true" if ledger.field(name).kind is Kind.YES_NO else value


def _words(session: Session, ledger: Ledger, name: str, value: str) -> str:
    return listing.display(session, ledger.field(name), _value(ledger, name, value))


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日"
