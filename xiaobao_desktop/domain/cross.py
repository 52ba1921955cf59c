"""Two classifications of complaints against each other: how many of each kind for each reason. Pure functions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from xiaobao_desktop.domain.catalog import UNFILLED
from xiaobao_desktop.domain.statistics import CaseRow, Group

NameOf = Callable[[CaseRow], str]


@dataclass(frozen=True)
class Cross:
    """Counts of two classifications with the records behind each.

    Attributes:
        rows: a total for each name of the first classification, in order.
        columns: a total for each name of the second, in order.
        cells: for each row the group of each column.
        total: how many records were counted; rows, columns and cells each add up to it.
    """

    rows: tuple[Group, ...]
    columns: tuple[Group, ...]
    cells: tuple[tuple[Group, ...], ...]
    total: int

    @property
    def most(self) -> int:
        """The largest count of one cell."""
        return max((cell.count for line in self.cells for cell in line), default=0)


def cross(
    rows: Iterable[CaseRow], row_of: NameOf, column_of: NameOf, row_order: Sequence[str], column_order: Sequence[str]
) -> Cross:
    """Count rows by two names at once.

    Args:
        rows: the rows of the period.
        row_of: name of the first classification; "" counts as 未填写.
        column_of: name of the second.
        row_order: names to show, in order, zero or not; names found beside them follow, 未填写 last.
        column_order: as ``row_order``.
    """
    found: dict[tuple[str, str], list[int]] = {}
    for row in rows:
        found.setdefault((row_of(row) or UNFILLED, column_of(row) or UNFILLED), []).append(row.id)
    names = _names(row_order, [one for one, _other in found])
    heads = _names(column_order, [other for _one, other in found])
    cells = tuple(
        tuple(Group(f"{one}×{other}", tuple(found.get((one, other), ()))) for other in heads) for one in names
    )
    return Cross(
        rows=tuple(_sum(name, line) for name, line in zip(names, cells, strict=True)),
        columns=tuple(_sum(head, [line[place] for line in cells]) for place, head in enumerate(heads)),
        cells=cells,
        total=sum(len(ids) for ids in found.values()),
    )


def _names(order: Sequence[str], found: Sequence[str]) -> tuple[str, ...]:
    extra = sorted({name for name in found if name not in order and name != UNFILLED})
    return (*order, *extra, *([UNFILLED] if UNFILLED in found else []))


def _sum(name: str, groups: Sequence[Group]) -> Group:
    return Group(name, tuple(record_id for group in groups for record_id in group.ids))
