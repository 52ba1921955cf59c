"""Rules as the bank keeps them: versions of rule profiles with a day from which they hold, and years of days off.

The rules that come with the program are never changed: a version is a row in the book that lies over them from its
day on (PRODUCT §10.3). It is for cases received from that day, and never for a case that had ended before it was
recorded. Open cases that it is for are counted anew in the same transaction. A version that does not hold yet can be
withdrawn; one that holds already has done its work and is followed by another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from xiaobao_desktop.domain.calendar import NoticeUnreadable, RollOver, Year, read_notice
from xiaobao_desktop.domain.case_clock import LEAK_RULE, REVIEW_RULE
from xiaobao_desktop.domain.deadline import Profile, Stage, profile_for
from xiaobao_desktop.domain.fields import Record
from xiaobao_desktop.domain.ledgers.complaint import LEDGER
from xiaobao_desktop.errors import UserError
from xiaobao_desktop.services.records import Changed
from xiaobao_desktop.services.rules import HOLIDAY_YEARS, RULE_VERSIONS, as_extra, own_version
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.query import OWN, Condition, Query
from xiaobao_desktop.store.transaction import Transaction

FIRST, EXTENDED, EXTENDED_AGAIN = "", "extend_30", "extend_60"
STAGE_NAMES: Mapping[str, str] = {FIRST: "一般", EXTENDED: "延期", EXTENDED_AGAIN: "再延期"}
"""The stages of a term by the kind of step that opens them, with the words of their names."""

MOST_DAYS, MOST_HOURS = 366, 720
_NOTICE_MONTH = 11


class RuleUnfit(UserError):
    """{reason}。"""  # noqa: D415


class RuleInForce(UserError):
    """“{name}”从 {day} 起已经适用，不能撤回。要改，请再记一个版本。"""  # noqa: D415


class NoticeUnread(UserError):
    """{reason}。"""  # noqa: D415


@dataclass(frozen=True)
class Version:
    """A version of a rule profile as the officer sees it.

    Attributes:
        profile: what it says.
        state: "now", "later", "past", or "withdrawn".
        recorded_by: who recorded it, "" for the program's own.
    """

    profile: Profile
    state: str
    recorded_by: str


@dataclass(frozen=True)
class Typed:
    """What the officer types for a version.

    Attributes:
        effective_from: cases received from this day on follow it.
        name: Chinese name of the rule.
        basis: the act.
        article: of the act, may be empty.
        days: by kind of the opening step ("" = the first stage); None = there is no such stage.
        workdays: whether the days are working days.
        roll_over: what happens to a last day on a day off.
        window_days: of a review.
        hours: of a clock of hours.
    """

    effective_from: date
    name: str
    basis: str
    article: str
    days: Mapping[str, int | None]
    workdays: bool
    roll_over: RollOver
    window_days: int
    hours: int


def profiles(session: Session) -> tuple[Profile, ...]:
    """The version in force today of every rule profile, in the order of the program's own list."""
    today = session.today()
    ids = dict.fromkeys(item.id for item in session.rules.profiles)
    found = (profile_for(session.rules.profiles, profile_id, today) for profile_id in ids)
    return tuple(item for item in found if item is not None)


def versions(session: Session, profile_id: str) -> tuple[Version, ...]:
    """Every version of a rule profile, the latest first, withdrawn ones included."""
    today = session.today()
    now = profile_for(session.rules.profiles, profile_id, today)
    rows = {str(row["id"]): row for row in session.book.own_choices() if row["list_name"] == RULE_VERSIONS}
    gone = [own_version(row) for row in rows.values() if not row["active"]]
    found = []
    for profile in [*session.rules.profiles, *gone]:
        if profile.id != profile_id:
            continue
        state = "now" if profile == now else "later" if profile.effective_from > today else "past"
        row = rows.get(profile.key)
        state = "withdrawn" if row is not None and not row["active"] else state
        found.append(Version(profile, state, str(row["extra"].get("recorded_by", "")) if row else ""))
    return tuple(sorted(found, key=lambda item: (item.profile.effective_from, item.profile.key), reverse=True))


def reworked(profile: Profile, typed: Typed) -> Profile:
    """A further version of a profile, as typed.

    Raises:
        RuleUnfit: the numbers cannot be.
    """
    made = profile._replace(
        effective_from=typed.effective_from,
        effective_to=None,
        name=typed.name.strip(),
        basis=typed.basis.strip(),
        article=typed.article.strip(),
        stages=_stages(profile, typed),
        workdays=typed.workdays,
        roll_over=typed.roll_over,
        window_days=typed.window_days,
        hours=typed.hours,
        caution="",
        recorded_on=None,
        key="",
    )
    if reason := _unfit(profile, made):
        raise RuleUnfit(reason=reason)
    return made


def _stages(profile: Profile, typed: Typed) -> tuple[Stage, ...]:
    """The stages that were typed; one whose days stay keeps its name."""
    known = {stage.opened_by: stage for stage in profile.stages}
    unit = "个工作日" if typed.workdays else "日"
    stages = []
    for opened_by, number in typed.days.items():
        if number is None:
            continue
        old = known.get(opened_by)
        if old is not None and old.days == number and typed.workdays == profile.workdays:
            stages.append(old)
        else:
            title = f"{STAGE_NAMES[opened_by]} {number} {unit}"
            stages.append(Stage(number, title, opened_by, old.needs if old else ()))
    return tuple(stages)


def _unfit(old: Profile, new: Profile) -> str:
    """Why a version cannot be recorded, "" when it can."""
    numbers = [stage.days for stage in new.stages]
    if not new.name or not new.basis:
        return "请填写规则名称和依据"
    if old.hours and not 1 <= new.hours <= MOST_HOURS:
        return f"小时数请填 1 到 {MOST_HOURS}"
    if old.stages and not any(stage.opened_by == FIRST for stage in new.stages):
        return "请填写一般期限"
    if any(not 1 <= number <= MOST_DAYS for number in numbers):
        return f"天数请填 1 到 {MOST_DAYS}"
    if any(later < earlier for earlier, later in pairwise(numbers)):
        return "延期后的天数从收到起算，不能比前一段少"
    if old.window_days and not 1 <= new.window_days <= MOST_DAYS:
        return f"申请期请填 1 到 {MOST_DAYS} 天"
    same = new._replace(
        effective_from=old.effective_from,
        effective_to=old.effective_to,
        caution=old.caution,
        recorded_on=old.recorded_on,
        key=old.key,
    )
    return "和现在的规则一样，没有改动" if same == old else ""


def affected(session: Session, version: Profile) -> int:
    """How many open cases a version would be counted anew for."""
    found = session.book.ids(session.ledger(LEDGER.key), Query(where=_open_since(version.effective_from)))
    rows = session.book.rows(session.ledger(LEDGER.key), found, ("rule_profile",))
    return sum(row["rule_profile"] == version.id for row in rows)


def add_version(session: Session, version: Profile) -> Changed:
    """Record a version and count the open cases it is for anew, in one transaction.

    Returns:
        What changed.
    """
    known = sum(row["list_name"] == RULE_VERSIONS for row in session.book.own_choices())
    kept = version._replace(recorded_on=session.today())
    row = {
        "list_name": RULE_VERSIONS,
        "id": f"{version.id}@{version.effective_from}#{known + 1}",
        "name": version.name,
        "extra": {**as_extra(kept), "recorded_by": session.user},
    }
    return _write(session, f"修改规则：{version.name}（{version.effective_from} 起）", row, version.effective_from)


def withdraw(session: Session, version: Profile) -> Changed:
    """Take back a version that does not hold yet; it stays in the history.

    Raises:
        RuleInForce: it holds already.
    """
    if not version.key or version.effective_from <= session.today():
        raise RuleInForce(name=version.name, day=version.effective_from)
    row = {"list_name": RULE_VERSIONS, "id": version.key, "name": version.name, "active": False}
    return _write(session, f"撤回规则：{version.name}（{version.effective_from} 起）", row, version.effective_from)


def missing_years(session: Session) -> tuple[int, ...]:
    """Years near today whose days off are not known: this one, and the next from November on (the notice is out)."""
    today = session.today()
    near = [today.year, today.year + 1] if today.month >= _NOTICE_MONTH else [today.year]
    return tuple(year for year in near if not session.rules.calendar.knows(year))


def read_year(text: str, year: int) -> Year:
    """Days off of a year from the pasted lines of the State Council's notice.

    Raises:
        NoticeUnread: nothing can be read from it.
    """
    try:
        return read_notice(text, year)
    except NoticeUnreadable as error:
        raise NoticeUnread(reason=str(error)) from error


def put_year(session: Session, year: int, known: Year) -> Changed:
    """Keep the days off of a year and count the open cases anew, in one transaction."""
    extra = {
        "days_off": [{"name": name, "first": str(first), "last": str(last)} for name, first, last in spans(known)],
        "workdays": [str(day) for day in sorted(known.workdays)],
        "recorded_on": session.today().isoformat(),
        "recorded_by": session.user,
    }
    row = {"list_name": HOLIDAY_YEARS, "id": str(year), "name": f"{year} 年放假安排", "extra": extra}
    return _write(session, f"录入 {year} 年放假安排", row, date(year - 2, 1, 1))


def spans(known: Year) -> tuple[tuple[str, date, date], ...]:
    """The days off as name, first and last day."""
    found: list[tuple[str, date, date]] = []
    for day in sorted(known.days_off):
        name = known.days_off[day]
        if found and found[-1][0] == name and found[-1][2] + timedelta(days=1) == day:
            found[-1] = (name, found[-1][1], day)
        else:
            found.append((name, day, day))
    return tuple(found)


def is_case_rule(profile: Profile) -> bool:
    """Whether a profile is for the term of a case, not for its review or the report of a leak."""
    return profile.id not in (REVIEW_RULE, LEAK_RULE)


def _open_since(day: date) -> tuple[Condition, ...]:
    # The terms of other books' cases (汇总) are counted there.
    return (OWN, Condition("closed_on", "empty"), Condition("received_on", "between", (day.isoformat(), "9999-12-31")))


def _write(session: Session, operation: str, row: Mapping[str, Any], since: date) -> Changed:
    try:
        with session.book.transaction(operation, session.user, session.now()) as changes:
            changes.put_choice(row)
            session.forget()
            _count_anew(session, changes, since)
            return tuple(changes.changed)
    finally:
        session.forget()


def _count_anew(session: Session, changes: Transaction, since: date) -> None:
    """Write the derived values of every case that something still runs for."""
    ledger = session.ledger(LEDGER.key)
    running: list[tuple[Condition, ...]] = [_open_since(since)]
    running += [(OWN, Condition(key, "not_empty")) for key in ("review_due_on", "leak_due_on")]
    ids = dict.fromkeys(found for where in running for found in session.book.ids(ledger, Query(where=where)))
    for record_id in ids:
        record = session.book.record(ledger, record_id)
        assert record is not None
        whole = ledger.complete(record, record, session.rules)
        changed = {
            item.key: whole.values.get(item.key)
            for item in ledger.fields
            if item.derived and whole.values.get(item.key) != record.values.get(item.key)
        }
        if changed:
            changes.update(ledger, Record(changed, {}, record_id))
