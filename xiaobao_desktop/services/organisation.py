"""Who stands for consumer protection in the bank, as reports print it: leading group, department, people in charge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from xiaobao_desktop.domain.fields import Value
from xiaobao_desktop.domain.ledgers.staff import LEDGER
from xiaobao_desktop.services import listing
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.query import OWN, Condition, Query

_GROUP_POST, _DUTY = "group_post", "duty"
_KEYS = ("name", "post", "department", _GROUP_POST, _DUTY)


@dataclass(frozen=True)
class Member:
    """Someone of the staff in the organisation.

    Attributes:
        id: in the staff list.
        name: real name.
        post: post in the bank, "" when it is not on record.
        department: department, "" when it is not on record.
        role: 组长, 副组长, 组员 in the leading group; 专岗 or 兼岗 among those in charge.
    """

    id: int
    name: str
    post: str
    department: str
    role: str


@dataclass(frozen=True)
class Organisation:
    """The organisation on the day it is read.

    Attributes:
        group: full name of the leading group.
        members: its people in order of their role, each role in the order of the staff list.
        executive: the executive in charge, as typed in the settings.
        department: the department in charge.
        officers: people who do this work, those with no other work first.
    """

    group: str
    members: tuple[Member, ...]
    executive: str
    department: str
    officers: tuple[Member, ...]

    def with_role(self, role: str) -> tuple[Member, ...]:
        """The people of the leading group with a role, such as 组长."""
        return tuple(member for member in self.members if member.role == role)


def read(session: Session) -> Organisation:
    """The organisation as staff list and settings have it now; people no longer in office are left out."""
    return Organisation(
        group=session.settings.leading_group,
        members=_people(session, _GROUP_POST),
        executive=session.settings.executive,
        department=session.settings.department,
        officers=_people(session, _DUTY),
    )


def _people(session: Session, role_key: str) -> tuple[Member, ...]:
    """Staff in office with a role, in the order of the list of roles."""
    role = LEDGER.field(role_key)
    where = (OWN, Condition(role_key, "not_empty"), Condition("active", "eq", (True,)))
    rows = session.book.select(LEDGER, Query(where=where, order=(("number", False),)), _KEYS)
    order = [item.id for item in session.rules.catalog.list(role.options).items]

    def place(row: Mapping[str, Value]) -> int:
        value = str(row[role_key])
        return order.index(value) if value in order else len(order)

    return tuple(
        Member(
            id=int(str(row["id"])),
            name=str(row["name"] or ""),
            post=str(row["post"] or ""),
            department=str(row["department"] or ""),
            role=listing.display(session, role, row[role_key]),
        )
        for row in sorted(rows, key=place)
    )
