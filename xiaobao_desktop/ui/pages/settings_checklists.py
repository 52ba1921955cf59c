"""The panel 检查表 of the settings: items of a checklist as a table, the chosen one beside it, kept as a version."""

from __future__ import annotations

from dataclasses import asdict, replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from xiaobao_desktop.domain.checklist import Checklist, Item, faults
from xiaobao_desktop.domain.numbers import fen, plain_decimal
from xiaobao_desktop.errors import UserError
from xiaobao_desktop.services import checklists
from xiaobao_desktop.services.checklists import Listed
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import fonts, theme
from xiaobao_desktop.ui.bus import bus
from xiaobao_desktop.ui.dialogs.confirm import ConfirmDialog, confirm
from xiaobao_desktop.ui.dialogs.error_dialog import show_user_error
from xiaobao_desktop.ui.dialogs.leave import may_leave
from xiaobao_desktop.ui.editors.text import Lines
from xiaobao_desktop.ui.typed_draft import State, TypedDraft
from xiaobao_desktop.ui.widgets.buttons import PRIMARY, button
from xiaobao_desktop.ui.widgets.cards import Notice, scrolling
from xiaobao_desktop.ui.widgets.form_field import LabelledField
from xiaobao_desktop.ui.widgets.labels import label, set_tone
from xiaobao_desktop.ui.widgets.plain_table import PlainTable

_HEADS = ("部分", "检查项", "要求", "权重", "依据")
_SIDE = 300


class ChecklistsPanel(QWidget):
    """A checklist at the left, the chosen item at the right. ``done`` carries a note for the toast.

    Attributes:
        items: the items as they are typed now.
    """

    done = Signal(str)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.items: list[Item] = []
        self._listed: tuple[Listed, ...] = ()
        self._place, self._loading = 0, False
        self.source = QComboBox()
        self.source.setAccessibleName("检查表")
        self.source.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.version = label("", fonts.SECOND, tone="2")
        self.copy_button = button("复制为新表…", icon="copy")
        self.active_button = button("停用")
        self.restore_button = button("恢复标准版")
        self.note = Notice("", "blue", "info")
        self.table = PlainTable("检查项", _HEADS, 2, self._edit_chosen)
        self.add_button = button("新增一项", icon="plus", shortcut="Insert")
        self.up_button, self.down_button = button("上移", icon="arrow-up"), button("下移", icon="arrow-down")
        self.remove_button = button("删除", "danger")
        self.sum = label("", fonts.SECOND, tone="2", wrap=True)
        self.section = QComboBox()
        self.section.setEditable(True)
        self.section.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.title, self.basis, self.weight = QLineEdit(), QLineEdit(), QLineEdit()
        self.text, self.how = Lines(4), Lines(4)
        self.sampled = QCheckBox("要填抽查笔数和不合格笔数")
        self.save_button = button("保存", PRIMARY)
        self._weight = LabelledField("权重（%）", self.weight, help_text="不计分的检查表都不填")
        self._build()
        self._bind()
        self._draft = TypedDraft(self, session, self)
        self.load()

    def load(self, checklist_id: str = "") -> None:
        """Read the checklists again and show one, by default the one shown now."""
        wanted = checklist_id or (self._shown.checklist.id if self._listed else "")
        self._listed = checklists.listed(self.session)
        ids = [item.checklist.id for item in self._listed]
        self.source.blockSignals(True)
        self.source.clear()
        for item in self._listed:
            self.source.addItem(item.checklist.title + ("" if item.active else "（停用）"), item.checklist.id)
        self._place = ids.index(wanted) if wanted in ids else 0
        self.source.setCurrentIndex(self._place)
        self.source.blockSignals(False)
        self.items = list(self._shown.checklist.items)
        self._show_checklist()
        self._fill(0)
        known = self._shown.checklist
        self._draft.begin(f"checklist.{known.id}.{known.version}", f"检查表“{known.title}”")

    def state(self) -> State:
        """The items as they are typed, for the draft."""
        return {"items": [asdict(item) for item in self.items]}

    def show_state(self, state: State) -> None:
        """Show the items of a draft."""
        self.items = [Item(**row) for row in state["items"]]
        self._fill(0)

    def showEvent(self, event: QShowEvent) -> None:
        """Runs may have been begun, or another book may have come back; what is typed stays."""
        super().showEvent(event)
        if not self.unsaved():
            self.load()

    @property
    def changed(self) -> Checklist:
        """The checklist as it is typed now."""
        return replace(self._shown.checklist, items=tuple(self.items))

    def unsaved(self) -> list[str]:
        """The checklist, when something was typed and is not saved."""
        known = self._shown.checklist
        return [f"检查表“{known.title}”"] if tuple(self.items) != known.items else []

    def give_up(self) -> None:
        """Show the checklist as the book has it."""
        self.load()

    def save(self) -> None:
        """Keep what was typed; the weights and names must be in order."""
        before = self._shown
        row = self.table.currentRow()
        try:
            made = checklists.save(self.session, self.changed)
        except UserError as error:
            show_user_error(error, self)
            return
        used = before.runs and made.version != before.checklist.version
        after = "，以前的自查仍用原来的版本" if used else ""
        self._told(f"已保存“{made.title}”第 {made.version} 版{after}", made.id)
        self.table.selectRow(row)

    def add(self) -> None:
        """Put a new item below the chosen one, in the same section."""
        row = self.table.currentRow()
        section = self.items[row].section if 0 <= row < len(self.items) else "一般"
        key = checklists.new_key(self.session, self._shown.checklist.id, tuple(self.items))
        weight = 0 if self.changed.weighted else None
        self.items.insert(row + 1, Item(key, section, "", weight=weight))
        self._fill(row + 1)
        self.title.setFocus()

    def remove(self) -> None:
        """Take the chosen item out; runs that have it keep it."""
        row = self.table.currentRow()
        if 0 <= row < len(self.items):
            del self.items[row]
            self._fill(min(row, len(self.items) - 1))

    def shift(self, by: int) -> None:
        """Move the chosen item up or down; at the edge of its section it goes over into the next one."""
        row, to = self.table.currentRow(), self.table.currentRow() + by
        if not (0 <= row < len(self.items) and 0 <= to < len(self.items)):
            return
        item, other = self.items[row], self.items[to]
        if item.section != other.section:
            self.items[row] = replace(item, section=other.section)
            to = row
        else:
            self.items[row], self.items[to] = other, item
        self._fill(to)

    def ask_copy(self) -> None:
        """Ask for the name of a new checklist with the items of this one."""
        if not self._may_go():
            return
        name = QLineEdit(f"{self._shown.checklist.title}（本行）")
        name.setAccessibleName("名称")
        words = "新表先有同样的检查项，可以再增删改；原来的表不变。"
        dialog = ConfirmDialog("复制为新检查表", words, yes="复制", extra=name, parent=self.window())
        name.setFocus()
        accepted = dialog.exec() == QDialog.DialogCode.Accepted
        title = name.text()
        dialog.deleteLater()
        if accepted:
            self.copy(title)

    def copy(self, title: str) -> None:
        """Make a new checklist with the items of this one."""
        try:
            made = checklists.copy(self.session, self._shown.checklist.id, title)
        except UserError as error:
            show_user_error(error, self)
            return
        self._told(f"已新增检查表“{made.title}”", made.id)

    def switch_active(self) -> None:
        """Offer the checklist for new runs, or no longer."""
        if not self._may_go():
            return
        shown = self._shown
        checklists.set_active(self.session, shown.checklist.id, active=not shown.active)
        words = "已停用，新的自查不再出现它" if shown.active else "已启用"
        self._told(f"“{shown.checklist.title}”{words}", shown.checklist.id)

    def restore(self) -> None:
        """Go back to the program's version, when the officer agrees."""
        known = self._shown.checklist
        words = "本行改过的内容不再使用；已经开始的自查仍用原来的检查项。"
        if confirm(self, f"“{known.title}”恢复标准版？", words, yes="恢复", no="保留本行的"):
            checklists.restore_shipped(self.session, known.id)
            self._told(f"“{known.title}”已恢复标准版", known.id)

    @property
    def _shown(self) -> Listed:
        return self._listed[self._place]

    def _may_go(self) -> bool:
        """Ask before something typed is let go."""
        if not may_leave(self.unsaved(), self.window()):
            return False
        self.items = list(self._shown.checklist.items)
        return True

    def _told(self, words: str, checklist_id: str) -> None:
        bus().settings_changed.emit()
        self.load(checklist_id)
        self.done.emit(words)

    def _source_chosen(self, place: int) -> None:
        if place == self._place:
            return
        if self._may_go():
            self._place = place
            self.load(str(self.source.itemData(place)))
        else:
            self.source.setCurrentIndex(self._place)

    # Showing

    def _show_checklist(self) -> None:
        shown = self._shown
        known = shown.checklist
        kept = f"{known.recorded_by} {known.recorded_on} 修改" if known.own else "程序自带"
        runs = f"用过 {shown.runs} 次" if shown.runs else "还没有用过"
        self.version.setText(f"第 {known.version} 版·{kept}·{runs}")
        self.active_button.setText("停用" if shown.active else "启用")
        original = checklists.has_original(known.id)
        self.restore_button.setVisible(known.own and original)
        newer = "程序自带的这张表有了新版，点“恢复标准版”可以改用。" if shown.newer else ""
        self.note.set_text(newer or known.note)

    def _fill(self, row: int) -> None:
        """Show the items as they are typed and choose one."""
        rows = [
            (
                item.section,
                item.title,
                item.text,
                "" if item.weight is None else plain_decimal(item.weight) or "0",
                item.source,
            )
            for item in self.items
        ]
        self.table.blockSignals(True)
        self.table.fill(rows, [False] * len(rows))
        self.table.setMinimumHeight(0)
        self.table.setMaximumHeight(16_777_215)
        self.table.setCurrentCell(row, 0)
        self.table.blockSignals(False)
        self._show_item()
        self._show_sum()

    def _show_item(self) -> None:
        row = self.table.currentRow()
        item = self.items[row] if 0 <= row < len(self.items) else None
        self._loading = True
        self.section.clear()
        self.section.addItems(list(self.changed.sections))
        self.section.setEditText(item.section if item else "")
        for line, text in ((self.title, "title"), (self.basis, "source")):
            line.setText(getattr(item, text) if item else "")
            line.setCursorPosition(0)
        for lines, text in ((self.text, "text"), (self.how, "how")):
            lines.setPlainText(getattr(item, text) if item else "")
        weight = item.weight if item else None
        self.weight.setText("" if weight is None else plain_decimal(weight) or "0")
        self._weight.complain("")
        self.sampled.setChecked(bool(item and item.sampled))
        for part in (self.section, self.title, self.basis, self.text, self.how, self.weight, self.sampled):
            part.setEnabled(item is not None)
        self._loading = False

    def _show_sum(self) -> None:
        """How many items, what they weigh together, and what is wrong; saving waits for changes."""
        found = faults(self.changed)
        words = f"{len(self.items)} 项"
        if self.changed.weighted:
            words += f"，权重合计 {plain_decimal(self.changed.total) or '0'}%"
        self.sum.setText("；".join((words, *found)))
        set_tone(self.sum, "red" if found else "2")
        self.save_button.setEnabled(bool(self.unsaved()))

    def _typed(self) -> None:
        """Take over what is typed for the chosen item."""
        row = self.table.currentRow()
        if self._loading or not 0 <= row < len(self.items):
            return
        weight, problem = _weight(self.weight.text())
        self._weight.complain(problem)
        item = replace(
            self.items[row],
            section=self.section.currentText().strip(),
            title=self.title.text().strip(),
            text=self.text.toPlainText().strip(),
            how=self.how.toPlainText().strip(),
            source=self.basis.text().strip(),
            weight=self.items[row].weight if problem else weight,
            sampled=self.sampled.isChecked(),
        )
        self.items[row] = item
        shown = (item.section, item.title, item.text, self.weight.text().strip(), item.source)
        for column, words in enumerate(shown):
            cell = self.table.item(row, column)
            if cell is not None:
                cell.setText(words)
        self._show_sum()

    def _edit_chosen(self) -> None:
        self.title.setFocus()
        self.title.selectAll()

    # Making

    def _build(self) -> None:
        edge = theme.px(20)
        bar = QHBoxLayout()
        bar.setSpacing(theme.px(8))
        bar.addWidget(self.source)
        bar.addWidget(self.version)
        bar.addStretch(1)
        for made in (self.restore_button, self.active_button, self.copy_button):
            bar.addWidget(made)
        tools = QHBoxLayout()
        tools.setSpacing(theme.px(8))
        for made in (self.add_button, self.up_button, self.down_button, self.remove_button):
            tools.addWidget(made)
        tools.addStretch(1)
        self.up_button.setToolTip("Alt+↑")
        self.down_button.setToolTip("Alt+↓")
        self.remove_button.setToolTip("Delete")
        header = self.table.horizontalHeader()
        for column, width in ((0, 160), (1, 150), (3, 56), (4, 150)):
            header.setSectionResizeMode(column, header.ResizeMode.Interactive)
            self.table.setColumnWidth(column, theme.px(width))
        left = QVBoxLayout()
        left.setSpacing(theme.px(10))
        left.addWidget(self.table, 1)
        left.addLayout(tools)
        body = QHBoxLayout()
        body.setSpacing(theme.px(20))
        body.addLayout(left, 1)
        body.addWidget(self._side())
        whole = QVBoxLayout(self)
        whole.setContentsMargins(edge, theme.px(16), edge, theme.px(14))
        whole.setSpacing(theme.px(10))
        whole.addLayout(bar)
        whole.addWidget(self.note)
        whole.addLayout(body, 1)

    def _side(self) -> QWidget:
        sheet = QWidget()
        column = QVBoxLayout(sheet)
        column.setContentsMargins(0, 0, theme.px(8), 0)
        column.setSpacing(theme.px(10))
        for part in (
            LabelledField("部分", self.section, required=True),
            LabelledField("检查项", self.title, required=True),
            LabelledField("要求", self.text),
            LabelledField("怎么查", self.how),
            LabelledField("依据", self.basis),
            self._weight,
            self.sampled,
        ):
            column.addWidget(part)
        column.addStretch(1)
        side = QWidget()
        side.setFixedWidth(theme.px(_SIDE))
        foot = QHBoxLayout()
        foot.addWidget(self.sum, 1)
        foot.addWidget(self.save_button, 0, Qt.AlignmentFlag.AlignBottom)
        whole = QVBoxLayout(side)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(theme.px(8))
        whole.addWidget(scrolling(sheet), 1)
        whole.addLayout(foot)
        return side

    def _bind(self) -> None:
        self.source.currentIndexChanged.connect(self._source_chosen)
        self.table.currentCellChanged.connect(lambda *_cells: self._show_item())
        self.section.editTextChanged.connect(lambda _text: self._typed())
        for line in (self.title, self.basis, self.weight):
            line.textEdited.connect(lambda _text: self._typed())
        for lines in (self.text, self.how):
            lines.textChanged.connect(self._typed)
        self.sampled.toggled.connect(lambda _on: self._typed())
        self.add_button.clicked.connect(self.add)
        self.remove_button.clicked.connect(self.remove)
        self.up_button.clicked.connect(lambda: self.shift(-1))
        self.down_button.clicked.connect(lambda: self.shift(1))
        self.copy_button.clicked.connect(self.ask_copy)
        self.active_button.clicked.connect(self.switch_active)
        self.restore_button.clicked.connect(self.restore)
        self.save_button.clicked.connect(self.save)
        for keys, act in (
            ("Insert", self.add),
            ("Delete", self.remove),
            ("Alt+Up", lambda: self.shift(-1)),
            ("Alt+Down", lambda: self.shift(1)),
        ):
            shortcut = QShortcut(QKeySequence(keys), self.table)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(act)


def _weight(text: str) -> tuple[int | None, str]:
    """The weight typed, in hundredths; and what keeps it from being one."""
    cleaned = text.strip().rstrip("%％")
    if not cleaned:
        return None, ""
    try:
        weight = fen(cleaned)
    except ValueError:
        return None, f"“{text.strip()}”不是权重，请填 2 或 2.5 这样的数"
    return (weight, "") if 0 <= weight <= 10_000 else (None, "权重请填 0 到 100")
