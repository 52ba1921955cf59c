"""报送计划: what the bank has to report in a year, as pending filings; the list of obligations as the bank keeps it.

What comes with the program is never changed: the bank's own wording, days and switches are rows in the book that lie
over it. Each change is a row of its own; the last one holds. A report filed for the same kind and period ticks its
pending filing off (``services/filing.py``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from xiaobao_desktop import resources
from xiaobao_desktop.domain.fields import Record, Value
from xiaobao_desktop.domain.ledgers.filing import LEDGER
from xiaobao_desktop.domain.obligations import DueRule, Obligation, Owed, problem, year_plan
from xiaobao_desktop.errors import UserError
from xiaobao_desktop.services import records
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.settings import KEYS
from xiaobao_desktop.store.query import OWN, Condition, Query

OBLIGATIONS = "obligation"
"""Name under which the book keeps the bank's own obligations and changes."""
_OWN_PREFIX = "own-"
_DECEMBER = 12

Changed = tuple[tuple[str, int], ...]


class ObligationUnfit(UserError):
    """没有保存：{reason}。"""  # noqa: D415


@dataclass(frozen=True)
class Generated:
    """What came of a year's plan: how many filings were added, and what changed."""

    count: int
    changed: Changed


def obligations(session: Session) -> tuple[Obligation, ...]:
    """Every obligation as the bank keeps it: those of the program in their order, then the bank's own."""
    shipped = {item.id: item for item in _shipped()}
    found = dict(shipped)
    for row in sorted(_rows(session), key=lambda row: int(str(row["id"]).rpartition("#")[2])):
        key, original = row["extra"]["of"], shipped.get(row["extra"]["of"])
        if row["active"]:
            found[key] = original if original and row["extra"].get("shipped") else _own(row, original)
    return tuple(found.values())


def put(session: Session, item: Obligation) -> Changed:
    """Keep an obligation as the bank has it; one without an id is new.

    Raises:
        ObligationUnfit: it cannot be; the sentence says why.
    """
    if reason := problem(item):
        raise ObligationUnfit(reason=reason)
    known = {one.id: one for one in obligations(session)}
    if any(one.name == item.name.strip() and one.id != item.id for one in known.values()):
        raise ObligationUnfit(reason=f"已经有“{item.name.strip()}”，请换个名称，或改原来那一项")
    rows = _rows(session)
    key = item.id or f"{_OWN_PREFIX}{len(rows) + 1}"
    old = known.get(key)
    if old is None:
        name = f"新增报送事项：{item.name}"
    elif old.active != item.active:
        name = f"{'启用' if item.active else '停用'}报送事项：{item.name}"
    else:
        name = f"修改报送事项：{item.name}"
    return _write(session, name, key, item.name.strip(), _extra(item))


def restore(session: Session, item: Obligation) -> Changed:
    """Take back what the bank changed of an obligation that came with the program."""
    return _write(session, f"恢复报送事项原样：{item.name}", item.id, item.name, {"shipped": True})


def missing(session: Session, year: int) -> tuple[Owed, ...]:
    """What is owed from today to the end of a year and stands in no filing, not even in a deleted one."""
    today = session.today()
    plan = [owed for owed in year_plan(obligations(session), year) if owed.due_on >= today]
    if not plan:
        return ()
    by_key, by_report = _known(session)
    return tuple(
        owed
        for owed in plan
        if (owed.obligation.id, owed.period.code) not in by_key
        and (owed.obligation.report, owed.period.code) not in by_report
    )


def years(today: date) -> tuple[int, ...]:
    """The years that may be planned: this one, in December the next as well."""
    return (today.year, today.year + 1) if today.month == _DECEMBER else (today.year,)


def offered(session: Session, today: date) -> str:
    """Words for the workbench at the turn of the year while the plan is not made, "" at other times."""
    if today.month not in (1, _DECEMBER):
        return ""
    year = years(today)[-1]
    number = len(missing(session, year))
    return f"{year} 年的报送计划还没有生成（{number} 件）" if number else ""


def generate(session: Session) -> Generated:
    """Add a pending filing for everything owed that has none, in one transaction; a second time adds nothing."""
    planned = [(year, owed) for year in years(session.today()) for owed in missing(session, year)]
    if not planned:
        return Generated(0, ())
    ledger = session.ledger(LEDGER.key)
    named = "、".join(f"{year} 年" for year in dict.fromkeys(year for year, _owed in planned))
    name = f"生成 {named}报送计划（{len(planned)} 件）"
    with session.book.transaction(name, session.user, session.now()) as changes:
        for _year, owed in planned:
            whole, _problems = records.completed(session, ledger, None, Record(_values(session, owed)))
            changes.insert(ledger, whole, extra_text=records.search_words(session, ledger, whole))
        changed = tuple(changes.changed)
    session.forget(LEDGER.key)
    return Generated(len(planned), changed)


def addressee(session: Session, item: Obligation) -> str:
    """To whom, the bank's settings filled in; "" where it is not known yet."""
    words = item.addressee
    for key in KEYS:
        words = words.replace(f"{{{key}}}", str(getattr(session.settings, key)))
    return words


def _values(session: Session, owed: Owed) -> dict[str, Value]:
    item = owed.obligation
    return {
        "title": owed.title,
        "report": item.report or None,
        "period": owed.period.code,
        "cycle": item.cycle,
        "version": 1,
        "addressee": addressee(session, item) or None,
        "due_on": owed.due_on.isoformat(),
        "obligation": item.id,
        "remark": item.basis or None,
    }


def _known(session: Session) -> tuple[set[tuple[Value, Value]], set[tuple[Value, Value]]]:
    """(obligation, period) of every filing made by a plan, deleted or not; (report, period) of those living."""
    made = (OWN, Condition("obligation", "not_empty"))
    rows = [
        row
        for deleted in (False, True)
        for row in session.book.select(LEDGER, Query(where=made, deleted=deleted), ("obligation", "period"))
    ]
    whole = (OWN, Condition("report", "not_empty"), Condition("subject", "empty"))
    reports = session.book.select(LEDGER, Query(where=whole), ("report", "period"))
    return (
        {(row["obligation"], row["period"]) for row in rows},
        {(row["report"], row["period"]) for row in reports},
    )


def _shipped() -> tuple[Obligation, ...]:
    items = resources.json_data("rules", "obligations.json")["items"]
    return tuple(_obligation(item, DueRule(**item["due"])) for item in items)


def _rows(session: Session) -> list[Mapping[str, Any]]:
    """Every change of an obligation that the book keeps, those taken back too."""
    return [row for row in session.book.own_choices() if row["list_name"] == OBLIGATIONS]


def _own(row: Mapping[str, Any], shipped: Obligation | None) -> Obligation:
    """A row of the book: the bank's version of a shipped one, or one of its own."""
    extra = row["extra"]
    made = _obligation({**extra, "id": extra["of"], "name": row["name"]}, DueRule(**extra["due"]))
    return replace(made, own=shipped is None, changed=shipped is not None)


def _obligation(item: Mapping[str, Any], due: DueRule) -> Obligation:
    return Obligation(
        id=str(item["id"]),
        name=item["name"],
        cycle=item["cycle"],
        due=due,
        report=item.get("report", ""),
        addressee=item.get("addressee", ""),
        basis=item.get("basis", ""),
        effective_from=item.get("effective_from", ""),
        effective_to=item.get("effective_to", ""),
        certainty=item.get("certainty", ""),
        active=bool(item["active"]),
    )


def _extra(item: Obligation) -> dict[str, Any]:
    due = {"days": item.due.days} if not item.due.month else {"month": item.due.month, "day": item.due.day}
    return {
        "cycle": item.cycle,
        "due": due,
        "report": item.report,
        "addressee": item.addressee,
        "basis": item.basis,
        "effective_from": item.effective_from,
        "effective_to": item.effective_to,
        "certainty": item.certainty,
        "active": item.active,
    }


def _write(session: Session, operation: str, key: str, name: str, extra: Mapping[str, Any]) -> Changed:
    row = {
        "list_name": OBLIGATIONS,
        "id": f"{key}#{len(_rows(session)) + 1}",
        "name": name,
        "extra": {**extra, "of": key},
    }
    with session.book.transaction(operation, session.user, session.now()) as changes:
        changes.put_choice(row)
        changed = tuple(changes.changed)
    session.forget()
    return changed
