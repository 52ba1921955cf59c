"""The rules a declaration may ask for when it completes a record: catalog, deadline profiles, step kinds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from xiaobao_desktop.domain.calendar import WorkingCalendar
from xiaobao_desktop.domain.catalog import Catalog
from xiaobao_desktop.domain.deadline import Profile, version_for, versions_of
from xiaobao_desktop.domain.fields import EMPTY, Values

if TYPE_CHECKING:
    from xiaobao_desktop.domain.checklist import Checklist


@dataclass(frozen=True)
class StepKind:
    """A kind of dated step in a complaint's timeline.

    Attributes:
        id: stable English id.
        name: Chinese name.
        order: place among steps of the same day.
        fields: keys of the step fields its small form asks for (beside date and time).
        required: keys among ``fields`` that must be filled.
        state: state the case is in after this step ("" = unchanged).
        hint: one Chinese sentence about when to use it.
        ends: the procedure ends on the day of this step.
        instead: required key -> key that stands for it in steps recorded before it was asked for.
        evidence: kind of attachment that files added to this step are ("" = the last kind of the ledger).
        fills: key of a step field -> key of the case's field that it fills while that one says nothing else.
        labels: key of a step field -> its label for this kind, where the common one would mislead.
    """

    id: str
    name: str
    order: int
    fields: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    state: str = ""
    hint: str = ""
    ends: bool = False
    evidence: str = ""
    instead: Mapping[str, str] = field(default_factory=dict)
    fills: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)

    def missing(self, row: Mapping[str, object]) -> list[str]:
        """Required keys that a row of this kind leaves empty."""
        return [key for key in self.required if not row.get(key) and not row.get(self.instead.get(key, key))]


def _nameless(_ledger: str, _record_id: int) -> str:
    return ""


def _unlisted(_checklist_id: str) -> Checklist | None:
    return None


def _unknown(_ledger: str, _record_id: int) -> Values:
    return EMPTY


@dataclass(frozen=True)
class Rules:
    """Everything dated or editable that record logic needs, read once from ``resources/rules`` and the book.

    Attributes:
        catalog: choice lists and code trees.
        profiles: every version of every rule profile.
        step_kinds: kinds of dated steps.
        calendar: legal days off by year.
        link_name: name of a linked record by ledger key and id, "" where nobody knows it.
        checklist: the version in use of a checklist by its id, None where nobody knows it; read when it is asked for.
        link_values: values of a linked record by ledger key and id, none where nobody knows it.
    """

    catalog: Catalog
    profiles: tuple[Profile, ...] = ()
    step_kinds: tuple[StepKind, ...] = field(default_factory=tuple)
    calendar: WorkingCalendar = field(default_factory=WorkingCalendar)
    link_name: Callable[[str, int], str] = field(default=_nameless, compare=False)
    checklist: Callable[[str], Checklist | None] = field(default=_unlisted, compare=False)
    link_values: Callable[[str, int], Values] = field(default=_unknown, compare=False)

    def step_kind(self, kind_id: str) -> StepKind | None:
        """The step kind with this id, or None."""
        return self._kinds_by_id.get(kind_id)

    def profile_for(self, profile_id: str, on: date, closed_on: date | None = None) -> Profile | None:
        """As :func:`deadline.profile_for` of all profiles."""
        return version_for(self._versions.get(profile_id, ()), on, closed_on)

    @cached_property
    def ending_kinds(self) -> frozenset[str]:
        """Ids of the step kinds that end the procedure."""
        return frozenset(kind.id for kind in self.step_kinds if kind.ends)

    @cached_property
    def _versions(self) -> Mapping[str, tuple[Profile, ...]]:
        return {key: versions_of(self.profiles, key) for key in {item.id for item in self.profiles}}

    @cached_property
    def _kinds_by_id(self) -> Mapping[str, StepKind]:
        return {kind.id: kind for kind in self.step_kinds}
