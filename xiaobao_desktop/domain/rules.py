"""The rules a declaration may ask for when it completes a record: catalog, deadline profiles, step kinds."""

from __future__ import annotations

from dataclasses import dataclass, field

from xiaobao_desktop.domain.catalog import Catalog
from xiaobao_desktop.domain.deadline import Profile


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
    """

    id: str
    name: str
    order: int
    fields: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    state: str = ""
    hint: str = ""
    ends: bool = False


@dataclass(frozen=True)
class Rules:
    """Everything dated or editable that record logic needs, read once from ``resources/rules`` and the book."""

    catalog: Catalog
    profiles: tuple[Profile, ...] = ()
    step_kinds: tuple[StepKind, ...] = field(default_factory=tuple)

    def step_kind(self, kind_id: str) -> StepKind | None:
        """The step kind with this id, or None."""
        return next((kind for kind in self.step_kinds if kind.id == kind_id), None)
