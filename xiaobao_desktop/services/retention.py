"""到期可销毁: which records may be destroyed, which may not yet and why; how long each ledger keeps its records.

Records of other books (汇总) are left out: the bank they came from decides about them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache

from xiaobao_desktop import resources
from xiaobao_desktop.domain import retention
from xiaobao_desktop.domain.fields import Field, Kind, Ledger, Value, Values
from xiaobao_desktop.domain.relations import read_reference
from xiaobao_desktop.domain.retention import Retention
from xiaobao_desktop.errors import UserError
from xiaobao_desktop.services.listing import title_texts
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store import erasing
from xiaobao_desktop.store.query import OWN, Query

AHEAD_DAYS = 365
"""What comes up within so many days is shown too."""
HOLD = "hold."
"""What the settings begin with that keep a record; then come ledger and id."""
_STATE = "state"

Place = tuple[str, int]
"""Key of a ledger and id of a record."""


class YearsRefused(UserError):
    """没有保存：{ledger}的保管年限要填 {floor} 到 99 的整数。{source}"""  # noqa: D415


class ReasonMissing(UserError):
    """没有标记：请写明为什么要保留，例如“法院正在审理”。"""  # noqa: D415


@dataclass(frozen=True)
class Term:
    """How long a ledger keeps its records: its declaration, the rule, and the years in force."""

    ledger: Ledger
    rule: Retention
    years: int


@dataclass(frozen=True)
class Candidate:
    """A record whose term is over, or soon will be, or should be and cannot end.

    Attributes:
        ledger: its declaration.
        id: row id.
        number: shown number.
        title: a line that tells it, masked.
        ended_on: ISO day on which the term began, "" for a record that is not finished.
        due_on: first ISO day on which it may be destroyed, "" for the same.
        reasons: why it may not be destroyed now, in Chinese; empty when it may.
        held: the officer marked it to be kept.
        deleted: it lies in the recycle bin.
    """

    ledger: Ledger
    id: int
    number: str
    title: str
    ended_on: str
    due_on: str
    reasons: tuple[str, ...] = ()
    held: bool = False
    deleted: bool = False

    @property
    def place(self) -> Place:
        """What tells it from any other record."""
        return self.ledger.key, self.id

    @property
    def ready(self) -> bool:
        """Whether it may be destroyed now."""
        return not self.reasons


def terms(session: Session) -> tuple[Term, ...]:
    """The terms of all ledgers that have one, in the order of the ledgers."""
    known = {rule.ledger: rule for rule in _rules()}
    kept = session.book.settings()
    return tuple(
        Term(ledger, known[ledger.key], retention.years_of(known[ledger.key], kept.get(known[ledger.key].setting)))
        for ledger in session.ledgers
        if ledger.key in known
    )


def set_years(session: Session, term: Term, typed: str) -> None:
    """Keep the bank's own number of years for a ledger.

    Raises:
        YearsRefused: it is no whole number, or below the floor.
    """
    years = _checked(term, typed)
    if years != term.years:
        with session.book.transaction("修改保管年限", session.user, session.now()) as writing:
            writing.set_setting(term.rule.setting, str(years))
        session.forget()


def check_settings(session: Session, changes: Mapping[str, str]) -> None:
    """Look whether settings about to be written (by key) hold years that cannot be; an empty one means the default.

    Raises:
        YearsRefused: a number is none, or below the floor.
    """
    for term in terms(session):
        typed = changes.get(term.rule.setting, "")
        if typed.strip():
            _checked(term, typed)


def _checked(term: Term, typed: str) -> int:
    text = typed.strip()
    if not (text.isascii() and text.isdecimal() and term.rule.floor_years <= int(text) <= retention.MOST_YEARS):
        raise YearsRefused(ledger=term.ledger.label, floor=term.rule.floor_years, source=term.rule.source)
    return int(text)


def hold(session: Session, candidate: Candidate, reason: str) -> None:
    """Mark a record to be kept whatever its term says.

    Raises:
        ReasonMissing: no reason was given.
    """
    if not reason.strip():
        raise ReasonMissing
    with session.book.transaction(f"保留 {candidate.number}", session.user, session.now()) as writing:
        writing.set_setting(_hold_key(candidate.place), reason.strip())


def release(session: Session, candidate: Candidate) -> None:
    """Take the mark away."""
    with session.book.transaction(f"取消保留 {candidate.number}", session.user, session.now()) as writing:
        writing.set_setting(_hold_key(candidate.place), None)


def holds(session: Session) -> dict[Place, str]:
    """The reasons of all marked records."""
    found = {}
    for key, reason in session.book.settings().items():
        if key.startswith(HOLD):
            place = read_reference(key.removeprefix(HOLD))
            if place is not None:
                found[place] = reason
    return found


def candidates(session: Session, today: date, ahead: int = AHEAD_DAYS) -> list[Candidate]:
    """Records whose term is over or will be within ``ahead`` days, and old ones that are not finished.

    Those that may be destroyed come first, the longest due first.
    """
    kept, found, open_places = holds(session), [], {}
    until = (today + timedelta(days=ahead)).isoformat()
    for term in terms(session):
        erased = erasing.erased_ids(session.book, term.ledger)
        for deleted in (False, True):
            for row in _rows(session, term, deleted=deleted):
                one = _candidate(term, row, deleted=deleted)
                if one.id in erased:
                    continue
                if not one.ended_on and not deleted:
                    open_places[one.place] = one.number
                if one.due_on <= until if one.due_on else _is_old(term, row, today):
                    found.append(_with_reasons(one, term, row, today, kept))
    tied = _tied(session, [one for one in found if one.ready], open_places)
    titles = _titles(session, found)
    told = [replace(one, title=titles.get(one.place, ""), reasons=tied.get(one.place, one.reasons)) for one in found]
    return sorted(told, key=lambda one: (not one.ready, one.due_on or "9", one.ledger.key, one.id))


def _with_reasons(one: Candidate, term: Term, row: Values, today: date, kept: Mapping[Place, str]) -> Candidate:
    reasons = []
    if not one.ended_on:
        reasons.append("还没有办结")
    elif one.due_on > today.isoformat():
        reasons.append(f"保管期未满，{one.due_on} 起可以销毁")
    pending = retention.still_pending(term.ledger, term.rule, row)
    if pending:
        reasons.append(f"还有没办完的：{'、'.join(pending)}")
    if one.place in kept:
        reasons.append(f"已标记保留：{kept[one.place]}")
    return replace(one, reasons=tuple(reasons), held=one.place in kept)


def _candidate(term: Term, row: Values, *, deleted: bool) -> Candidate:
    gone = str(row.get("updated_at") or "")[:10] if deleted else ""
    ended = retention.ended_on(term.rule, row, gone)
    due = retention.destroyable_from(ended, term.years) if ended else ""
    return Candidate(term.ledger, int(str(row["id"])), str(row["number"]), "", ended, due, deleted=deleted)


def _rows(session: Session, term: Term, *, deleted: bool) -> list[dict[str, Value]]:
    ledger, rule = term.ledger, term.rule
    keys = dict.fromkeys((*rule.ends, *rule.pending, ledger.dated_by))
    wanted = [key for key in (*keys, _STATE) if key and ledger.has(key)]
    query = Query(where=(OWN,), order=(("number", False),), deleted=deleted)
    return session.book.select(ledger, query, [*wanted, *(["updated_at"] if deleted else [])])


def _is_old(term: Term, row: Values, today: date) -> bool:
    """Whether a record that is not finished was begun longer ago than its ledger keeps finished ones."""
    begun = str(row.get(term.ledger.dated_by) or "") if term.ledger.dated_by else ""
    return bool(begun) and retention.destroyable_from(begun, term.years) <= today.isoformat()


def _titles(session: Session, found: Sequence[Candidate]) -> dict[Place, str]:
    """The line that tells each record, masked."""
    titles = {}
    for ledger in {one.ledger.key: one.ledger for one in found}.values():
        for row in session.book.rows(ledger, [one.id for one in found if one.ledger is ledger], ledger.title):
            titles[ledger.key, int(str(row["id"]))] = "·".join(title_texts(session, ledger, row))
    return titles


def _tied(
    session: Session, ready: Sequence[Candidate], open_places: Mapping[Place, str]
) -> dict[Place, tuple[str, ...]]:
    """Records that are named by, or name, one that is not finished: their reasons."""
    wanted = {one.place for one in ready}
    found: dict[Place, set[str]] = {}
    for ledger in session.ledgers:
        ids = [record_id for key, record_id in (*wanted, *open_places) if key == ledger.key]
        for place, other in _links(session, ledger, ids):
            for one, tie in ((place, other), (other, place)):
                if one in wanted and tie in open_places:
                    found.setdefault(one, set()).add(open_places[tie])
    return {place: (f"关联的 {'、'.join(sorted(numbers))} 还没有办结",) for place, numbers in found.items()}


def _links(session: Session, ledger: Ledger, ids: Sequence[int]) -> Iterator[tuple[Place, Place]]:
    """Which records these records name, in fields and child rows."""
    own = [item for item in ledger.fields if _names_record(item)]
    if own and ids:
        for row in session.book.rows(ledger, ids, [item.key for item in own]):
            yield from _named((ledger.key, int(str(row["id"]))), own, row)
    for table in ledger.children:
        fields = [item for item in table.fields if _names_record(item)]
        found = session.book.child_rows(ledger, table, ids) if fields and ids else {}
        for record_id, children in found.items():
            for child in children:
                yield from _named((ledger.key, record_id), fields, child)


def _names_record(item: Field) -> bool:
    return item.kind in (Kind.LINK, Kind.RECORD)


def _named(place: Place, fields: Iterable[Field], row: Values) -> Iterator[tuple[Place, Place]]:
    for item in fields:
        value = row.get(item.key)
        if item.kind is Kind.LINK and isinstance(value, int):
            yield place, (item.options, value)
        elif item.kind is Kind.RECORD and value:
            other = read_reference(str(value))
            if other is not None:
                yield place, other


def _hold_key(place: Place) -> str:
    return f"{HOLD}{place[0]}/{place[1]}"


@cache
def _rules() -> tuple[Retention, ...]:
    data = resources.json_data("rules", "retention.json")
    words = data["certainties"]
    return tuple(
        Retention(
            ledger=item["ledger"],
            floor_years=item["floor_years"],
            years=item["years"],
            setting=item["setting"],
            ends=tuple(item["ends"]),
            open_states=frozenset(item.get("open_states", ())),
            pending=tuple(item.get("pending", ())),
            kept_texts=frozenset(item.get("kept_texts", ())),
            source=item["source"] or words[item["certainty"]],
        )
        for item in data["items"]
    )
