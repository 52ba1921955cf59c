"""The form of a record: made from the declaration, filled by the keyboard alone, checked at the field.

Enter goes to the next field, Shift+Enter begins a line, F8 jumps to the next error or gap (so that a record is typed in
by its must fields alone), Ctrl+S saves, Ctrl+Shift+S saves and begins the next, Esc goes back and asks when something
would be lost.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from xiaobao_desktop.domain.fields import Ledger, Problem, Record, Values, is_empty
from xiaobao_desktop.errors import RecordRefused, UserError
from xiaobao_desktop.services import records
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import fonts, theme
from xiaobao_desktop.ui.bus import bus
from xiaobao_desktop.ui.dialogs.error_dialog import show_user_error
from xiaobao_desktop.ui.dialogs.leave import may_leave
from xiaobao_desktop.ui.editors import make_editor
from xiaobao_desktop.ui.editors.child_table import ChildBox
from xiaobao_desktop.ui.editors.choice import PickerEditor
from xiaobao_desktop.ui.pages.record_form_cell import FieldCell
from xiaobao_desktop.ui.pages.record_form_draft import FormDraft
from xiaobao_desktop.ui.pages.record_form_section import COLUMNS, SectionBox
from xiaobao_desktop.ui.pages.record_form_sight import Sight
from xiaobao_desktop.ui.pages.record_form_start import BeginsNow
from xiaobao_desktop.ui.pages.record_form_state import Entry, Findings, is_gap, lacks
from xiaobao_desktop.ui.widgets.buttons import GHOST, PRIMARY, button, icon_button
from xiaobao_desktop.ui.widgets.cards import Notice, scrolling
from xiaobao_desktop.ui.widgets.form_side import FormSide, notes_of
from xiaobao_desktop.ui.widgets.labels import hairline, label, set_tone

_PATIENCE_MS = 150
_HEADER, _FOOTER, _MARGIN, _WIDEST = 56, 54, 20, 980
_SHORT = 6 * COLUMNS
"""A form of at most six rows is shown whole."""
_KEYS_HINT = "Enter 到下一项，F8 到下一处待填，Shift+Enter 换行"


class RecordForm(QWidget):
    """New or changed record of any ledger.

    Signals:
        saved: carries the ``Saved`` of the services; the form is done and may be closed.
        saved_more: the same after 保存并再登一件; the form stays open, empty again.
        cancelled: the officer goes back; nothing is lost that she did not give up.
    """

    saved = Signal(object)
    saved_more = Signal(object)
    cancelled = Signal()

    def __init__(
        self, session: Session, ledger: Ledger, record: Record | None = None, parent: QWidget | None = None
    ) -> None:
        """Open the form for ``record``, or for a new one when it is None."""
        super().__init__(parent)
        theme.surface(self)
        self._session, self._ledger = session, ledger
        self._notes = notes_of(ledger)
        self._visited: set[str] = set()
        self._refused = False
        self._guarded: QWidget | None = None
        self.cells = self._make_cells()
        self.sections = self._make_sections()
        edited = [table for table in ledger.children if table.edited == "table"]
        self.tables = {table.key: ChildBox(session, table) for table in edited}
        self.side = FormSide(self)
        self._patience = QTimer(self, singleShot=True, interval=_PATIENCE_MS)
        self.draft = FormDraft(session, ledger, self, lambda: self._load(self._entry.record))
        self._build()
        self._bind()
        self._load(record or records.begun(session, ledger))

    # What others ask.

    @property
    def dirty(self) -> bool:
        """Whether something differs from the start (set back by hand counts as not changed)."""
        return bool(self._entry.changed_keys() or self._entry.changed_tables())

    def may_close(self) -> bool:
        """Whether the form may go away: True without changes, else what the officer answers."""
        labels = [self.cells[key].field.label for key in self._entry.changed_keys()]
        labels += [self.tables[key].editor.table.label for key in self._entry.changed_tables()]
        if not may_leave(labels, self):
            return False
        self.draft.drop()
        self._load(self._entry.record)
        return True

    def cancel(self) -> None:
        """Go back, after asking when something would be lost."""
        if self.may_close():
            self.cancelled.emit()

    def save(self) -> bool:
        """Save and be done; False when it was refused."""
        done = self._write()
        if done is not None:
            self.saved.emit(done)
        return done is not None

    def save_and_continue(self) -> bool:
        """Save and begin a new record; False when it was refused."""
        done = self._write()
        if done is None:
            return False
        self._load(records.begun(self._session, self._ledger))
        self._tell(f"已保存 {done.record.number}", "green")
        self.focus_first()
        self.saved_more.emit(done)
        return True

    @property
    def body(self) -> QWidget:
        """The scrolling part between head and foot."""
        return self._scroll

    def focus_first(self) -> None:
        """Put the keyboard into the first field."""
        if self.cells:
            self.go_to(next(iter(self.cells)))

    def restore_draft(self) -> bool:
        """Show what was typed into this form before a crash, and say so; False when there is no draft."""
        if not self.draft.restore():
            return False
        for box in self.sections:
            keys = {cell.field.key for cell in box.folded}
            if keys.intersection(self._entry.changed_keys()):
                box.unfold(True)
        self._refresh()
        return True

    def prefill(self, values: Values) -> None:
        """Fill a new record's cells as if typed, so that nothing goes without a question; begin at the first gap."""
        for key, cell in self.cells.items():
            if not is_empty(values.get(key)):
                cell.editor.set_value(values[key])
        for box in self.sections:
            if any(self._is_filled(cell, Record(values)) for cell in box.folded):
                box.unfold(True)
        self._refresh()
        self.draft.touch()
        gaps = [lack.key for lack in self.side.lacks]
        self.go_to(gaps[0] if gaps else next(iter(self.cells)))

    def begin(self, record: Record) -> None:
        """Fill a new record as :meth:`prefill` does; what has no cell (where it comes from) is saved with it."""
        hidden = {key: value for key, value in record.values.items() if key not in self.cells}
        start = self._entry.record
        self._load(replace(start, values={**start.values, **hidden}, children=record.children))
        self.prefill(record.values)

    def go_to(self, key: str) -> None:
        """Show the field called ``key`` and give it the keyboard."""
        cell = self.cells.get(key)
        if cell is None:
            return
        for box in self.sections:
            if cell in box.folded:
                box.unfold(True)
        cell.editor.control.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def next_lack(self) -> None:
        """Go to the next error or gap after the field that has the keyboard, in the order of the side panel.

        The row stood on in an open list is taken, as by Enter and Tab.
        """
        here = self._current_key()
        if here and isinstance(editor := self.cells[here].editor, PickerEditor):
            editor.line.take_row()
        self._refresh()
        keys = [lack.key for lack in self.side.lacks]
        if not keys:
            self._tell("没有待补或要改的项", "green")
            return
        at = keys.index(here) + 1 if here in keys else 0
        self.go_to(keys[at % len(keys)])

    # Making.

    def _make_cells(self) -> dict[str, FieldCell]:
        """A cell for each field of the form's sections, in reading order (shown ones before folded ones)."""
        keys = [key for section in self._ledger.sections for key in section.fields if self._ledger.field(key).entered]
        return {key: FieldCell(make_editor(self._ledger.field(key), self._session)) for key in keys}

    def _make_sections(self) -> tuple[SectionBox, ...]:
        boxes: list[SectionBox] = []
        folds = sum(cell.field.span for cell in self.cells.values()) > _SHORT
        for section in self._ledger.sections:
            cells = [self.cells[key] for key in section.fields if key in self.cells]
            if cells:
                boxes.append(SectionBox(len(boxes) + 1, section, cells, folds=folds))
        ordered = [cell for box in boxes for cell in box.cells]
        self.cells = {cell.field.key: cell for cell in ordered}
        return tuple(boxes)

    def _build(self) -> None:
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self._body(), 1)
        middle.addWidget(self.side)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._header())
        column.addWidget(hairline())
        column.addLayout(middle, 1)
        column.addWidget(hairline())
        column.addWidget(self._footer())

    def _header(self) -> QWidget:
        self._back = icon_button("arrow-left", "返回")
        self._title = label("", fonts.PAGE_TITLE, medium=True)
        self._number = label("", fonts.CARD_TITLE, tone="2")
        bar = QWidget()
        bar.setFixedHeight(theme.px(_HEADER))
        row = QHBoxLayout(bar)
        row.setContentsMargins(theme.px(_MARGIN), 0, theme.px(_MARGIN), 0)
        row.setSpacing(theme.px(8))
        for widget in (self._back, self._title, self._number):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self.draft.note)
        return bar

    def _body(self) -> QWidget:
        self._notice = Notice("", "red", "circle-alert")
        content = QWidget()
        content.setMaximumWidth(theme.px(_WIDEST + 2 * _MARGIN))
        column = QVBoxLayout(content)
        edge = theme.px(_MARGIN)
        column.setContentsMargins(edge, theme.px(16), edge, edge)
        column.setSpacing(theme.px(18))
        column.addWidget(self.draft.banner)
        column.addWidget(self._notice)
        for box in (*self.sections, *self.tables.values()):
            column.addWidget(box)
        column.addStretch(1)
        self._scroll = scrolling(content, self)
        self._scroll.setAlignment(Qt.AlignmentFlag.AlignLeft)
        self._sight = Sight(self._scroll)
        return self._scroll

    def _footer(self) -> QWidget:
        self._cancel = button("取消", GHOST, shortcut="Esc")
        self._words = label("", fonts.SECOND, tone="2")
        self._more = button("保存并再登一" + self._ledger.unit)
        self._more.setToolTip("Ctrl+Shift+S")
        self._save = button("保存", PRIMARY, shortcut="Ctrl+S")
        bar = QWidget()
        bar.setFixedHeight(theme.px(_FOOTER))
        row = QHBoxLayout(bar)
        row.setContentsMargins(theme.px(_MARGIN), 0, theme.px(16), 0)
        row.setSpacing(theme.px(8))
        row.addWidget(self._cancel)
        row.addStretch(1)
        row.addWidget(self._words)
        row.addSpacing(theme.px(8))
        row.addWidget(self._more)
        row.addWidget(self._save)
        for pressed in (self._more, self._save):
            # Enter presses the button that has the keyboard: it is the end of the way through the fields.
            pressed.setAutoDefault(True)
        return bar

    def _bind(self) -> None:
        for key, cell in self.cells.items():
            cell.editor.edited.connect(lambda key=key: self._on_edited(key))
            cell.editor.left.connect(lambda key=key: self._on_left(key))
            cell.editor.advance.connect(lambda key=key: self._go_on(key))
        for box in self.tables.values():
            box.editor.edited.connect(self._patience.start)
            box.editor.edited.connect(self.draft.touch)
            box.editor.advance.connect(lambda key=box.editor.table.key: self._go_on(key))
            self._sight.watch_rows(box.editor.view, box.editor.line)
        self._patience.timeout.connect(self._refresh)
        self.side.wanted.connect(self.go_to)
        self._back.clicked.connect(self.cancel)
        self._cancel.clicked.connect(self.cancel)
        self._save.clicked.connect(self.save)
        self._more.clicked.connect(self.save_and_continue)
        keys: dict[str, Callable[[], object]] = {
            "Esc": self.cancel,
            "F8": self.next_lack,
            "Ctrl+S": self.save,
            "Ctrl+Shift+S": self.save_and_continue,
        }
        for combination, action in keys.items():
            bound = QShortcut(QKeySequence(combination), self)
            bound.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            bound.activated.connect(action)
        self._order_tabs()

    def _order_tabs(self) -> None:
        """Tab goes as one reads: section by section its fold, shown fields, folded fields; then the foot."""
        chain: list[QWidget] = [self._back]
        for box in self.sections:
            if box.more is not None:
                chain.append(box.more)
            chain.extend(cell.editor.control for cell in box.cells)
        for table in self.tables.values():
            chain.extend(table.editor.controls())
        chain.extend((self._save, self._more, self._cancel))
        for first, second in pairwise(chain):
            QWidget.setTabOrder(first, second)

    # Filling and checking.

    def _load(self, record: Record) -> None:
        """Show a record from its start."""
        self._visited.clear()
        self._refused = False
        for key, cell in self.cells.items():
            cell.editor.set_value(record.values.get(key))
        for key, table in self.tables.items():
            table.editor.set_rows(record.children.get(key, ()))
        tables = {key: table.editor for key, table in self.tables.items()}
        self._entry = Entry(self._session, self._ledger, record, self.cells, tables)
        self._begins_now = BeginsNow(record, self.cells)
        self.draft.watch(self._entry, self.cells, tables)
        for box in self.sections:
            box.unfold(any(self._is_filled(cell, record) for cell in box.folded))
        new = record.id is None
        self._title.setText(self._ledger.create_action if new else f"修改{self._ledger.label}")
        self._number.setText(record.number or "")
        self._more.setVisible(new)
        self._tell(_KEYS_HINT)
        self._refresh()

    def _is_filled(self, cell: FieldCell, record: Record) -> bool:
        value = record.values.get(cell.field.key)
        return not is_gap(cell) and value != cell.field.default and value is not False

    def _on_edited(self, key: str) -> None:
        """Take a corrected error away at once; say new ones only when the field is left."""
        cell = self.cells[key]
        if cell.error and not cell.editor.problem():
            self._visited.discard(key)
        self._patience.start()
        self.draft.touch()

    def _on_left(self, key: str) -> None:
        self._visited.add(key)
        self._refresh()

    def _refresh(self) -> None:
        """Check all that was entered and bring errors, ticks and side panel up to date."""
        self._patience.stop()
        self._begins_now.follow()
        entered = self._entry.collect().values
        for table in self.tables.values():
            table.editor.belong_to(entered)
        findings = self._entry.look()
        self._show_counted(findings)
        for key, cell in self.cells.items():
            problem = findings.problems.get(key)
            cell.say(problem.message if problem and self._may_say(key, cell) else "")
            self._show_automatic(cell, findings)
        shown = [key for key, cell in self.cells.items() if cell.error]
        whole = findings.problems.get("")
        self._notice.set_text(whole.message if whole else "")
        found = lacks(self._ledger, self.cells, findings, shown)
        self.side.tell(self._notes(self._session, findings.completed), found)
        for box in self.sections:
            keys = {cell.field.key for cell in box.cells}
            needed = any(cell.field.grade.value != "free" for cell in box.cells)
            box.set_done(needed and not any(lack.key in keys for lack in found))
            if any(cell.error for cell in box.folded):
                box.unfold(True)

    def _show_counted(self, findings: Findings) -> None:
        """Where there are rows in a table, the fields that follow from them show what was counted."""
        if not any(table.editor.rows for table in self.tables.values()):
            return
        for key, cell in self.cells.items():
            counted = findings.completed.values.get(key)
            if cell.field.derived and counted != cell.editor.value():
                cell.editor.set_value(counted)

    def _may_say(self, key: str, cell: FieldCell) -> bool:
        """Whether an error of this field is said now: not while it is typed, an empty field only after a refusal."""
        if self._refused:
            return True
        return key in self._visited and not is_gap(cell)

    def _show_automatic(self, cell: FieldCell, findings: Findings) -> None:
        """In an empty choice show what the program will fill in by itself."""
        if not isinstance(cell.editor, PickerEditor):
            return
        value = findings.completed.values.get(cell.field.key)
        automatic = f"自动：{cell.editor.line.caption(value)}" if value and is_gap(cell) else cell.field.hint
        if cell.editor.line.placeholderText() != automatic:
            cell.editor.line.setPlaceholderText(automatic)

    # Saving.

    def _write(self) -> records.Saved | None:
        for cell in self.cells.values():
            cell.editor.leaving()
        findings = self._entry.look()
        refusals = [problem for problem in findings.problems.values() if problem.blocking]
        if refusals:
            self._refuse(refusals)
            return None
        try:
            done = records.save(self._session, self._ledger, self._entry.collect())
        except RecordRefused as refusal:
            problems = refusal.values["problems"]
            assert isinstance(problems, tuple)
            self._refuse(list(problems))
            return None
        except UserError as error:
            show_user_error(error, self)
            return None
        self.draft.drop()
        self._load(done.record)
        bus().announce(done.changed)
        return done

    def _refuse(self, problems: list[Problem]) -> None:
        self._refused = True
        self._refresh()
        self._tell(f"没有保存：有 {len(problems)} 处要改，F8 逐处查看", "red")
        first = next((key for key, cell in self.cells.items() if cell.error), None)
        if first is not None:
            self.go_to(first)
        else:
            self._scroll.ensureWidgetVisible(self._notice)

    def _tell(self, words: str, tone: str = "2") -> None:
        self._words.setText(words)
        set_tone(self._words, tone)

    # Moving.

    def _go_on(self, key: str) -> None:
        """Enter: the next field in sight, at last the save button."""
        keys = [*self.cells, *self.tables]
        for later in keys[keys.index(key) + 1 :]:
            found = self.cells.get(later) or self.tables[later]
            if found.isVisibleTo(self):
                control = found.editor.control if isinstance(found, FieldCell) else found.editor.line
                control.setFocus(Qt.FocusReason.TabFocusReason)
                return
        self._save.setFocus(Qt.FocusReason.TabFocusReason)

    def _current_key(self) -> str:
        here = self.focusWidget()
        return next((key for key, cell in self.cells.items() if cell.editor.control is here), "")

    # Closing of the window.

    def showEvent(self, event: QShowEvent) -> None:
        """From now on the window asks before it closes, also while another page covers the form."""
        super().showEvent(event)
        if self._guarded is not self.window():
            self._guarded = self.window()
            self._guarded.installEventFilter(self)

    def hideEvent(self, event: QHideEvent) -> None:
        """Another page, the lock or the end: what was typed is kept at once."""
        self.draft.flush()
        super().hideEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the window open when the officer wants to go on writing."""
        if event.type() == QEvent.Type.Close and watched is self._guarded and not self.may_close():
            event.ignore()
            return True
        return False
