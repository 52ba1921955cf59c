"""Who may do what with a book: 专员 does everything, 查阅 (leader, inspector) reads.

Source: PRODUCT §10.8. Approvers and verifiers are recorded names, not users.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from enum import StrEnum


class Role(StrEnum):
    """What a user may do; the value is what is kept."""

    OFFICER = "officer"
    READER = "reader"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return "专员" if self is Role.OFFICER else "查阅"

    @property
    def may_change(self) -> bool:
        """Whether records and settings may be changed, and data may leave the book."""
        return self is Role.OFFICER


def lower(one: Role, other: Role) -> Role:
    """The role of the two that may do less."""
    return Role.READER if Role.READER in (one, other) else Role.OFFICER


def to_text(users: Mapping[str, Role]) -> str:
    """Users and their roles as the book keeps them."""
    return json.dumps({name: role.value for name, role in users.items()}, ensure_ascii=False)


def from_text(text: str) -> dict[str, Role]:
    """The users of :func:`to_text`."""
    return {name: Role(value) for name, value in json.loads(text).items()}
