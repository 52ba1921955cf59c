"""记一步: the dialog for one dated step of a case, new or changed. It asks only for what this kind of step needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QDialog, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from xiaobao_desktop.domain import case
from xiaobao_desktop.domain.case import RECEIVED
from xiaobao_desktop.domain.case_checks import needs
from xiaobao_desktop.domain.fields import Field, Kind, Ledger, Problem, Record, Value, Values, is_empty
from xiaobao_desktop.domain.rules import StepKind
from xiaobao_desktop.domain.values import check_value
from xiaobao_desktop.errors import RecordRefused, UserError
from xiaobao_desktop.services import records, step_files
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import fonts, help_key, theme
from xiaobao_desktop.ui.bus import bus
from xiaobao_desktop.ui.dialogs.confirm import confirm
from xiaobao_desktop.ui.dialogs.error_dialog import show_bug, show_user_error
from xiaobao_desktop.ui.dialogs.leave import may_leave
from xiaobao_desktop.ui.dialogs.step_gaps import StepGaps
from xiaobao_desktop.ui.dialogs.step_kinds import StepKindList
from xiaobao_desktop.ui.editors import make_editor
from xiaobao_desktop.ui.pages.record_form_cell import FieldCell
from xiaobao_desktop.ui.pages.record_form_draft import retype, unread
from xiaobao_desktop.ui.pages.record_form_section import COLUMNS, cell_grid
from xiaobao_desktop.ui.tasks import Progress, tasks
from xiaobao_desktop.ui.typed_draft import State, TypedDraft
from xiaobao_desktop.ui.widgets.buttons import DANGER, GHOST, PRIMARY, button
from xiaobao_desktop.ui.widgets.cards import Notice, scrolling
from xiaobao_desktop.ui.widgets.file_drop import dropped_files
from xiaobao_desktop.ui.widgets.file_picks import FilePicks
from xiaobao_desktop.ui.widgets.labels import hairline, label, set_shown
from xiaobao_desktop.ui.widgets.picker_line import alt_digit

TABLE = "step"
"""Key of the child table that holds the steps."""

_KIND, _ON = "kind", "happened_on"
_ALWAYS = (_ON, "happened_at")
_WIDTH, _HEIGHT, _LIST = 760, 500, 208
_SETTLED_MS = 50
_PICK_FIRST = "先在左边选做了什么：↑↓，Alt+1–9，或拼音首字母"


class StepDialog(QDialog):
    """One step of ``record``; when it is accepted, the record is saved.

    Attributes:
        saved: the services' answer; None before.
        told: what was done, for the note at the bottom: 已记：转办.
    """

    def __init__(
        self,
        session: Session,
        ledger: Ledger,
        record: Record,
        parent: QWidget | None = None,
        *,
        index: int | None = None,
        kind: str = "",
    ) -> None:
        """Prepare the dialog.

        Args:
            session: the open book.
            ledger: a ledger with a child table of steps.
            record: the case as it is in the book.
            parent: the dialog stands over its window.
            index: row of the step to change; None adds one.
            kind: kind of a new step that is chosen beforehand.
        """
        super().__init__(parent)
        help_key.bind(self, "steps")
        self._session, self._ledger, self._record, self._index = session, ledger, record, index
        self._rows: tuple[Values, ...] = tuple(record.children.get(TABLE, ()))
        self._table = ledger.child(TABLE)
        self._start: dict[str, Value] = self._first_values(kind)
        self._values = dict(self._start)
        due = case.of_record(record, session.rules).due
        self._profile = due.profile if due else None
        self._known = {problem.message for problem in records.check(session, ledger, record)}
        self._visited: set[str] = set()
        self._refused = False
        self.saved: records.Saved | None = None
        self.told = ""
        self.cells: dict[str, FieldCell] = {}
        self.kinds = StepKindList(self._offered())
        self.gaps = StepGaps(ledger, record)
        self.files = FilePicks("凭证文件", "选好的文件随这一步保存；也可以拖到这里")
        set_shown(self.files, shown=bool(ledger.evidence))
        self.setAcceptDrops(bool(ledger.evidence))
        self._saving = False
        self._build()
        self._bind()
        self._begin()
        place = f"step.{ledger.key}.{record.id}.{'new' if index is None else index}"
        TypedDraft(self, session, self).begin(place, f"{self.windowTitle()} {record.number or ''}".strip())

    # What others ask.

    def state(self) -> State:
        """What is entered, for the draft: kind, values, and texts that cannot be read."""
        kind = self.kinds.kind()
        values = {**self._values, **{key: cell.editor.value() for key, cell in self.cells.items()}}
        plain = {key: list(value) if isinstance(value, tuple) else value for key, value in values.items()}
        texts = {key: text for key, cell in self.cells.items() if (text := unread(cell.editor))}
        return {"kind": kind.id if kind else None, "values": {**plain, _KIND: None}, "texts": texts}

    def show_state(self, state: State) -> None:
        """Show what a draft kept."""
        if state.get("kind"):
            self.kinds.choose(str(state["kind"]))
        values = state.get("values", {})
        for key, value in values.items():
            if key != _KIND:
                self._values[key] = tuple(value) if isinstance(value, list) else value
                if key in self.cells:
                    self.cells[key].editor.set_value(self._values[key])
        for key, text in state.get("texts", {}).items():
            if key in self.cells:
                retype(self.cells[key].editor, text)

    @property
    def dirty(self) -> bool:
        """Whether something differs from the start."""
        return bool(self._changed_labels())

    def save(self) -> bool:
        """Check and save the step; False when it was refused."""
        kind = self.kinds.kind()
        if kind is None:
            self._notice.set_text(_PICK_FIRST)
            return False
        for cell in self.cells.values():
            cell.editor.leaving()
        self._refused = True
        self._refresh()
        wrong = next((cell for cell in self.cells.values() if cell.error and self._blocks(cell)), None)
        if wrong is not None:
            wrong.editor.control.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return False
        name = "记一步" if self._index is None else "修改步骤"
        self.told = f"已记：{kind.name}" if self._index is None else f"已修改：{kind.name}"
        rows, operation = self._rows_with(self._row()), f"{name}：{kind.name}"
        return self._write_with_files(rows, operation) if self.files.paths else self._write(rows, operation)

    def remove(self) -> bool:
        """Delete this step, after asking; False when it was kept or refused."""
        assert self._index is not None
        name = self._kind_name()
        words = f"“{name}”这一步将从办理过程中去掉，期限和状态随之重算；修改记录里仍能查到。"
        if not confirm(self, "删除这一步？", words, yes="删除这一步", no="保留", danger=True):
            return False
        self.told = f"已删除：{name}"
        rest = (*self._rows[: self._index], *self._rows[self._index + 1 :])
        return self._write(rest, f"删除这一步：{name}")

    def reject(self) -> None:
        """Esc, 取消 and the window's own button: ask when something would be lost; not in the middle of saving."""
        if not self._saving and may_leave(self._changed_labels(), self):
            super().reject()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Alt+digit picks a kind wherever the keyboard is; only in a field it keeps to that field."""
        here = QApplication.focusWidget()
        in_field = here is not None and any(cell.isAncestorOf(here) for cell in self.cells.values())
        number = alt_digit(event)
        if number is None or in_field or not self.kinds.pick(number):
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files may be dropped anywhere on the dialog."""
        if dropped_files(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take the files."""
        event.acceptProposedAction()
        self.files.add(dropped_files(event.mimeData()))

    # Making.

    def _first_values(self, kind: str) -> dict[str, Value]:
        if self._index is not None:
            return dict(self._rows[self._index])
        return {_KIND: kind or None, _ON: self._session.today().isoformat()}

    def _offered(self) -> list[StepKind]:
        """Kinds that can be chosen: a case is received once."""
        here = self._start.get(_KIND)
        taken = {RECEIVED} if any(row.get(_KIND) == RECEIVED for row in self._rows) else set()
        return [kind for kind in self._session.rules.step_kinds if kind.id not in taken or kind.id == here]

    def _build(self) -> None:
        new = self._index is None
        title = "记一步" if new else "修改这一步"
        self.setWindowTitle(title)
        self.resize(theme.px(_WIDTH), theme.px(_HEIGHT))
        head = QHBoxLayout()
        head.setContentsMargins(theme.px(20), theme.px(12), theme.px(20), theme.px(10))
        head.setSpacing(theme.px(10))
        head.addWidget(label(title, fonts.PAGE_TITLE, medium=True))
        head.addWidget(label(self._record.number or "", fonts.CARD_TITLE, tone="2"))
        head.addStretch(1)
        middle = QHBoxLayout()
        middle.setContentsMargins(theme.px(12), 0, 0, 0)
        middle.setSpacing(0)
        self.kinds.setFixedWidth(theme.px(_LIST))
        self.kinds.setViewportMargins(0, theme.px(8), 0, theme.px(8))
        middle.addWidget(self.kinds)
        middle.addSpacing(theme.px(8))
        middle.addWidget(hairline(vertical=True))
        middle.addWidget(self._body(), 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(hairline())
        column.addLayout(middle, 1)
        column.addWidget(hairline())
        column.addLayout(self._foot(new))

    def _body(self) -> QScrollArea:
        self._hint = label("", tone="2", wrap=True)
        self._notice = Notice("", "red", "circle-alert")
        self._notice.setVisible(False)
        self._fields = QVBoxLayout()
        self._box: QWidget | None = None
        content = QWidget()
        column = QVBoxLayout(content)
        edge = theme.px(20)
        column.setContentsMargins(edge, theme.px(16), edge, edge)
        column.setSpacing(theme.px(14))
        column.addWidget(self._hint)
        column.addWidget(self.gaps)
        column.addWidget(self._notice)
        column.addLayout(self._fields)
        column.addWidget(self.files)
        column.addStretch(1)
        self._scroll = scrolling(content, self)
        return self._scroll

    def _foot(self, new: bool) -> QHBoxLayout:
        self._remove = button("删除这一步", DANGER, icon="trash-2")
        self._remove.setVisible(not new)
        self._cancel = button("取消", GHOST, shortcut="Esc")
        self._save = button("保存", PRIMARY, shortcut="Ctrl+S")
        self._save.setAutoDefault(True)
        row = QHBoxLayout()
        row.setContentsMargins(theme.px(20), theme.px(10), theme.px(16), theme.px(10))
        row.setSpacing(theme.px(8))
        row.addWidget(self._remove)
        row.addStretch(1)
        row.addWidget(self._cancel)
        row.addWidget(self._save)
        return row

    def _bind(self) -> None:
        self.kinds.chosen.connect(self._show_kind)
        self.kinds.done.connect(self._enter_fields)
        self._remove.clicked.connect(self.remove)
        self._cancel.clicked.connect(self.reject)
        self._save.clicked.connect(self.save)
        self.files.changed.connect(self._files_changed)
        keys: dict[str, Callable[[], object]] = {"Ctrl+S": self.save, "F8": self._next_error}
        for combination, action in keys.items():
            QShortcut(QKeySequence(combination), self).activated.connect(action)

    def _begin(self) -> None:
        self._save.setEnabled(False)
        self._save.setToolTip("先选做了什么")
        self._hint.setText(_PICK_FIRST)
        kind = str(self._start.get(_KIND) or "")
        if kind:
            self.kinds.choose(kind)
            self._enter_fields()
        else:
            self.kinds.setFocus()

    # Fields of the kind chosen.

    def _show_kind(self, kind: StepKind) -> None:
        """Make the fields of ``kind``; what was typed into a field of the same name stays."""
        self._keep_values()
        self._values[_KIND] = kind.id
        self._visited.clear()
        self._refused = False
        if self._box is not None:
            self._fields.removeWidget(self._box)
            self._box.hide()
            self._box.deleteLater()
        keys = (*_ALWAYS, *kind.fields)
        self.cells = {key: self._cell(self._table.field(key), kind) for key in keys}
        self._box = QWidget()
        self._box.setLayout(cell_grid(list(self.cells.values())))
        self._fields.addWidget(self._box)
        self._hint.setText(kind.hint)
        self.gaps.show_for(kind)
        self._save.setEnabled(True)
        self._save.setToolTip("")
        self._order_tabs()
        self._refresh()

    def _cell(self, item: Field, kind: StepKind) -> FieldCell:
        wide = COLUMNS if item.kind is Kind.LONG_TEXT else COLUMNS // 2
        required = item.key in (_ON, *kind.required, *needs(kind.id, self._profile))
        words = kind.labels.get(item.key, item.label)
        cell = FieldCell(make_editor(replace(item, span=wide, label=words), self._session), required=required)
        cell.editor.set_value(self._values.get(item.key))
        cell.editor.edited.connect(lambda key=item.key: self._on_edited(key))
        cell.editor.left.connect(lambda key=item.key: self._on_left(key))
        cell.editor.advance.connect(lambda key=item.key: self._go_on(key))
        return cell

    def _order_tabs(self) -> None:
        before: QWidget = self.kinds
        cells = (cell.editor.control for cell in self.cells.values())
        files = (self.files.add_button, *self.files.chips())
        for widget in (self.gaps.to_form, *cells, *files, self._save, self._cancel, self._remove):
            QWidget.setTabOrder(before, widget)
            before = widget

    def _files_changed(self) -> None:
        self._order_tabs()
        # When the chips have their places: the layouts pass them on in several turns of the event loop.
        QTimer.singleShot(_SETTLED_MS, self, lambda: self._scroll.ensureWidgetVisible(self.files, 0, theme.px(8)))

    def _enter_fields(self) -> None:
        first = next(iter(self.cells.values()), None)
        if first is not None:
            first.editor.control.setFocus(Qt.FocusReason.TabFocusReason)

    def _go_on(self, key: str) -> None:
        keys = list(self.cells)
        at = keys.index(key) + 1
        target = self.cells[keys[at]].editor.control if at < len(keys) else self._save
        target.setFocus(Qt.FocusReason.TabFocusReason)
        if at < len(keys):
            self._scroll.ensureWidgetVisible(self.cells[keys[at]])

    # Values and checks.

    def _keep_values(self) -> None:
        for key, cell in self.cells.items():
            self._values[key] = cell.editor.value()

    def _row(self) -> Values:
        """The step's row: what is asked for now, and what the row held before in fields of its own kind."""
        kind = self.kinds.kind()
        asked = {key: cell.editor.value() for key, cell in self.cells.items()}
        kept = self._start if kind is not None and kind.id == self._start.get(_KIND) else {"id": self._start.get("id")}
        row = {**kept, **asked, _KIND: kind.id if kind else None}
        return {key: value for key, value in row.items() if key != "id" or value is not None}

    def _rows_with(self, row: Values) -> tuple[Values, ...]:
        if self._index is None:
            return (*self._rows, row)
        return (*self._rows[: self._index], row, *self._rows[self._index + 1 :])

    def _changed_labels(self) -> list[str]:
        """Labels of what would be lost; a kind of a new step that was only looked at is nothing to lose."""
        changed = [
            cell.field.label
            for key, cell in self.cells.items()
            if cell.editor.problem() or cell.editor.value() != self._start.get(key)
        ]
        if self.files.paths:
            changed.append("凭证文件")
        kind = self.kinds.kind()
        if self._index is not None and kind is not None and kind.id != self._start.get(_KIND):
            changed.insert(0, self._table.field(_KIND).label)
        return changed

    def _on_edited(self, key: str) -> None:
        if self.cells[key].error:
            self._visited.discard(key)
            self._refresh()

    def _on_left(self, key: str) -> None:
        if key in self.cells:
            self._visited.add(key)
            self._refresh()

    def _refresh(self) -> None:
        """Say what is wrong at each field left, or at all of them after a refusal."""
        found = {key: self._field_problem(cell) for key, cell in self.cells.items()}
        whole: list[str] = []
        if not any(found.values()):
            for problem in self._new_problems():
                if problem.field in self._dated_fields() and not found[_ON]:
                    found[_ON] = problem.message
                elif problem.blocking:
                    whole.append(problem.message)
        for key, cell in self.cells.items():
            empty = is_empty(cell.editor.value()) and not cell.editor.problem()
            said = self._refused or (key in self._visited and not empty)
            cell.say(found[key] if said else "")
        self._notice.set_text("；".join(whole) if self._refused else "")

    def _field_problem(self, cell: FieldCell) -> str:
        if sentence := cell.editor.problem():
            return sentence
        if cell.required and is_empty(cell.editor.value()):
            return f"请填写{cell.field.label}"
        problem = check_value(cell.field, cell.editor.value())
        return problem.message if problem else ""

    def _new_problems(self) -> list[Problem]:
        """What the case as a whole would object to because of this step."""
        candidate = self._candidate(self._rows_with(self._row()))
        found = records.check(self._session, self._ledger, candidate)
        return [problem for problem in found if problem.message not in self._known]

    def _dated_fields(self) -> set[str]:
        """Keys under which the case reports dates and order of steps."""
        dates = {item.key for item in self._ledger.fields if item.derived and item.kind is Kind.DATE}
        return {"steps", TABLE, *dates}

    def _blocks(self, cell: FieldCell) -> bool:
        problem = check_value(cell.field, cell.editor.value())
        hint_only = problem is not None and not problem.blocking and problem.message == cell.error
        return not hint_only

    def _candidate(self, rows: tuple[Values, ...]) -> Record:
        return replace(self._record, children={**self._record.children, TABLE: rows})

    # Saving.

    def _write(self, rows: tuple[Values, ...], operation: str) -> bool:
        try:
            done = records.save(self._session, self._ledger, self._candidate(rows), operation=operation)
        except UserError as error:
            self._refuse(error)
            return False
        self._written(done)
        return True

    def _write_with_files(self, rows: tuple[Values, ...], operation: str) -> bool:
        """Save beside the window: reading, shrinking and encrypting files takes its time."""
        session, ledger, candidate, paths = self._session, self._ledger, self._candidate(rows), self.files.paths
        place = (TABLE, len(rows) - 1 if self._index is None else self._index)
        self._set_saving(saving=True)

        def work(_progress: Progress) -> records.Saved:
            return step_files.save_step(session, ledger, candidate, place, paths, operation=operation)

        tasks().run(work, self._written, self._refuse, self)
        return True

    def _set_saving(self, *, saving: bool) -> None:
        self._saving = saving
        self._save.setText("正在保存…" if saving else "保存  Ctrl+S")
        for button_of_foot in (self._save, self._remove):
            button_of_foot.setEnabled(not saving)

    def _written(self, done: records.Saved) -> None:
        self._saving = False
        self.saved = done
        bus().announce(done.changed)
        self.accept()

    def _refuse(self, error: BaseException) -> None:
        """Say why nothing was saved; what was entered stays."""
        if self._saving:
            self._set_saving(saving=False)
            self._save.setFocus(Qt.FocusReason.OtherFocusReason)
        if isinstance(error, RecordRefused):
            problems = error.values["problems"]
            assert isinstance(problems, tuple)
            self._notice.set_text("没有保存：" + "；".join(problem.message for problem in problems))
        elif isinstance(error, UserError):
            show_user_error(error, self)
        else:
            show_bug(error, parent=self)

    def _next_error(self) -> None:
        self._refused = True
        self._refresh()
        wrong = [cell for cell in self.cells.values() if cell.error]
        if wrong:
            wrong[0].editor.control.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _kind_name(self) -> str:
        kind = self._session.rules.step_kind(str(self._start.get(_KIND) or ""))
        return kind.name if kind else str(self._start.get(_KIND) or "")
