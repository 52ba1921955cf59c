"""What a form knows beside its looks: values entered, what is changed, what is wrong, what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from xiaobao_desktop.domain.fields import Grade, Ledger, Problem, Record, Value, gaps, is_empty
from xiaobao_desktop.domain.values import check_value
from xiaobao_desktop.services import records
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui.editors.child_table import TableEditor
from xiaobao_desktop.ui.pages.record_form_cell import STAGES, FieldCell
from xiaobao_desktop.ui.widgets.form_side import Lack

Cells = Mapping[str, FieldCell]
Tables = Mapping[str, TableEditor]


@dataclass(frozen=True)
class Findings:
    """What a look at the entry found.

    Attributes:
        completed: the record as it would be saved, derived values filled in.
        problems: the first problem of each field, unreadable texts included; key "" for the whole record.
    """

    completed: Record
    problems: Mapping[str, Problem]


class Entry:
    """The record being entered: the one opened, and what the cells hold now."""

    def __init__(
        self, session: Session, ledger: Ledger, record: Record, cells: Cells, tables: Tables | None = None
    ) -> None:
        """Remember how the cells and tables look at the start; they show ``record`` already."""
        self._session, self._ledger, self._cells = session, ledger, cells
        self._tables: Tables = tables or {}
        self.record = record
        self._start_rows = {key: table.rows for key, table in self._tables.items()}
        self._start: dict[str, Value] = {key: cell.editor.value() for key, cell in cells.items()}

    def collect(self) -> Record:
        """The record with what was changed; values that were not touched stay as they are to the letter."""
        changed = {key: self._cells[key].editor.value() for key in self.changed_keys()}
        rows = {key: self._tables[key].rows for key in self.changed_tables()}
        return replace(
            self.record,
            values={**self.record.values, **changed},
            children={**self.record.children, **rows},
        )

    def changed_tables(self) -> list[str]:
        """Keys of the child tables whose rows differ from the start."""
        return [key for key, table in self._tables.items() if table.rows != self._start_rows[key]]

    def changed_keys(self) -> list[str]:
        """Keys of the fields that differ from the start, in reading order; a field set back does not differ."""
        return [
            key for key, cell in self._cells.items() if cell.editor.problem() or cell.editor.value() != self._start[key]
        ]

    def look(self) -> Findings:
        """Check everything entered; nothing is written."""
        entered = self.collect()
        completed = records.preview(self._session, self._ledger, entered)
        found: dict[str, Problem] = {}
        for key, cell in self._cells.items():
            if sentence := cell.editor.problem():
                found[key] = Problem(key, sentence)
            elif problem := check_value(cell.field, cell.editor.value()):
                found[key] = problem
        for problem in records.check(self._session, self._ledger, entered):
            key = problem.field if problem.field in self._cells else ""
            found.setdefault(key, problem)
        return Findings(completed, found)


def is_gap(cell: FieldCell) -> bool:
    """Whether nothing was typed or chosen at all."""
    return is_empty(cell.editor.value()) and not cell.editor.problem()


def lacks(ledger: Ledger, cells: Cells, findings: Findings, shown: Iterable[str]) -> list[Lack]:
    """What the side panel lists: errors shown at fields, gaps that refuse the save, gaps of later grades.

    Args:
        ledger: the declaration.
        cells: by field key, in reading order.
        findings: of the last look.
        shown: keys of the fields at which an error is shown.
    """
    wrong = set(shown)
    found = [
        Lack(key, f"{cell.field.label}：{_brief(findings.problems[key].message)}", wrong=True)
        for key, cell in cells.items()
        if key in wrong and key in findings.problems and not is_gap(cell)
    ]
    for grade in (Grade.TO_SAVE, *STAGES):
        for item in gaps(ledger, findings.completed.values, grade):
            if item.key in cells and is_gap(cells[item.key]):
                found.append(Lack(item.key, item.label, stage=STAGES.get(grade, "")))
    return found


def _brief(message: str) -> str:
    """The first clause of a sentence: enough to know what is wrong."""
    return message.split("，")[0]
