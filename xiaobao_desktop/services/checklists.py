"""The checklists of the bank: which there are, copied, changed in versions, put out of use.

A checklist that comes with the program is never changed: the bank's version is a row of the book that lies over it
(PRODUCT §10.3). A version that a run has used stays as it is; a change then makes the next one. Runs keep the items
that they began with.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

from xiaobao_desktop.domain import checklist
from xiaobao_desktop.domain.checklist import Checklist, Item
from xiaobao_desktop.domain.ledgers import inspection
from xiaobao_desktop.errors import UserError
from xiaobao_desktop.services import checklist_files
from xiaobao_desktop.services.checklist_files import VERSIONS
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.query import Query

LIST = "checklist"
"""Name of the choice list of checklists."""


class ChecklistUnfit(UserError):
    """没有保存检查表：{reasons}。"""  # noqa: D415


@dataclass(frozen=True)
class Listed:
    """A checklist as the settings show it.

    Attributes:
        checklist: the version in use.
        active: offered for new runs.
        runs: how many runs, the recycle bin left out, were begun with any version.
        newer: the program has a later version than the one that the bank's began from.
    """

    checklist: Checklist
    active: bool
    runs: int
    newer: bool


def listed(session: Session) -> tuple[Listed, ...]:
    """Every checklist in the order of the choice list, those without items (names of old rows) left out."""
    used = _used(session)
    found = []
    for choice in session.rules.catalog.list(LIST).items:
        known = session.rules.checklist(choice.id)
        if known is not None:
            runs = sum(count for (key, _version), count in used.items() if key == choice.id)
            original = checklist_files.shipped().get(choice.id)
            newer = known.own and original is not None and original.version > known.base
            found.append(Listed(known, choice.active, runs, newer))
    return tuple(found)


def versions(session: Session, checklist_id: str) -> tuple[Checklist, ...]:
    """Every version of a checklist, the latest first, that of the program last."""
    mine = checklist_files.own(session.book.own_choices()).get(checklist_id, [])
    original = checklist_files.shipped().get(checklist_id)
    return (*reversed(mine), *((original,) if original else ()))


def version(session: Session, checklist_id: str, number: int) -> Checklist | None:
    """One version of a checklist, also one that was taken back; None when there is none."""
    for row in session.book.own_choices():
        if row["list_name"] == VERSIONS and row["id"] == f"{checklist_id}@{number}":
            return checklist_files.own_version(row)
    original = checklist_files.shipped().get(checklist_id)
    return original if original is not None and original.version == number else None


def save(session: Session, changed: Checklist) -> Checklist:
    """Keep a changed checklist: as it is now when no run has used it yet, else as the next version.

    Returns:
        The version as kept; the one in use when nothing differs.

    Raises:
        ChecklistUnfit: something is lacking, or the weights do not add up; nothing was changed.
    """
    reasons = checklist.faults(changed)
    if reasons:
        raise ChecklistUnfit(reasons="；".join(reasons))
    now = session.rules.checklist(changed.id)
    if now is not None and _contents(now) == _contents(changed):
        return now
    used = _used(session)
    reuses = now is not None and now.own and not used[now.id, now.version]
    number = now.version if now is not None and reuses else _last(session, changed.id) + 1
    original = checklist_files.shipped().get(changed.id)
    made = replace(
        changed,
        # Old rows are recognised by the program's own names: these stay.
        title=original.title if original else changed.title.strip(),
        version=number,
        own=True,
        archived=False,
        base=original.version if original else 0,
        recorded_by=session.user,
        recorded_on=session.today().isoformat(),
    )
    _write(session, f"修改检查表“{made.title}”", made)
    return made


def copy(session: Session, checklist_id: str, title: str) -> Checklist:
    """A new checklist of the bank's own with the items of another one.

    Raises:
        ChecklistUnfit: the title is empty or taken.
    """
    source = session.rules.checklist(checklist_id)
    assert source is not None
    known = session.rules.catalog.list(LIST)
    if not title.strip() or known.find(title) is not None:
        reason = "这个名称已经有了，请换一个" if title.strip() else "请填写检查表的名称"
        raise ChecklistUnfit(reasons=reason)
    taken = {item.id for item in known.items}
    number = next(n for n in range(1, len(taken) + 2) if f"own_{n}" not in taken)
    made = replace(
        source,
        id=f"own_{number}",
        title=title.strip(),
        version=1,
        own=True,
        archived=False,
        base=0,
        recorded_by=session.user,
        recorded_on=session.today().isoformat(),
    )
    _write(session, f"新增检查表“{made.title}”", made)
    return made


def set_active(session: Session, checklist_id: str, *, active: bool) -> None:
    """Offer a checklist for new runs, or no longer; runs that have it keep it."""
    choice = session.rules.catalog.list(LIST).get(checklist_id)
    assert choice is not None
    name = f"{'启用' if active else '停用'}检查表“{choice.name}”"
    with session.book.transaction(name, session.user, session.now()) as changes:
        changes.put_choice({"list_name": LIST, "id": checklist_id, "name": choice.name, "active": active})
    session.forget()


def restore_shipped(session: Session, checklist_id: str) -> None:
    """Go back to the program's version: the bank's own are taken out of use, runs keep their items."""
    original = checklist_files.shipped()[checklist_id]
    with session.book.transaction(f"检查表“{original.title}”恢复标准版", session.user, session.now()) as changes:
        for item in versions(session, checklist_id):
            if item.own:
                changes.put_choice(
                    {"list_name": VERSIONS, "id": f"{item.id}@{item.version}", "name": item.title, "active": False}
                )
    session.forget()


def has_original(checklist_id: str) -> bool:
    """Whether a checklist comes with the program."""
    return checklist_id in checklist_files.shipped()


def new_key(session: Session, checklist_id: str, items: tuple[Item, ...]) -> str:
    """A key for a new item that no version of the checklist has had."""
    taken = {item.key for item in items}
    taken |= {item.key for known in versions(session, checklist_id) for item in known.items}
    return next(f"own_{n}" for n in range(1, len(taken) + 2) if f"own_{n}" not in taken)


def _used(session: Session) -> Counter[tuple[str, int]]:
    """How many runs each version of each checklist has."""
    rows = session.book.select(inspection.LEDGER, Query(), ("taken_from", "version"))
    return Counter((str(row["taken_from"]), int(str(row["version"] or 0))) for row in rows if row["taken_from"])


def _last(session: Session, checklist_id: str) -> int:
    """The highest number that a version of the checklist ever had."""
    numbers = [item.version for item in versions(session, checklist_id)]
    for row in session.book.own_choices():
        if row["list_name"] == VERSIONS and str(row["id"]).startswith(f"{checklist_id}@"):
            numbers.append(int(str(row["id"]).rpartition("@")[2]))
    return max(numbers, default=0)


def _contents(known: Checklist) -> Checklist:
    """What the officer can change of a checklist, for comparing."""
    return replace(known, version=0, own=False, base=0, archived=False, recorded_by="", recorded_on="")


def _write(session: Session, operation: str, made: Checklist) -> None:
    with session.book.transaction(operation, session.user, session.now()) as changes:
        changes.put_choice(
            {
                "list_name": VERSIONS,
                "id": f"{made.id}@{made.version}",
                "name": made.title,
                "active": True,
                "extra": checklist_files.as_extra(made),
            }
        )
        choice = session.rules.catalog.list(LIST).get(made.id)
        if choice is None or choice.name != made.title:
            changes.put_choice({"list_name": LIST, "id": made.id, "name": made.title})
    session.forget()
