"""The panel 选项 of the settings: lists and code trees of this bank, with other names, official codes and mappings."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from xiaobao_desktop.errors import UserError
from xiaobao_desktop.services import catalog_edit
from xiaobao_desktop.services.catalog_edit import Entry, Source
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import fonts, theme
from xiaobao_desktop.ui.bus import bus
from xiaobao_desktop.ui.dialogs.confirm import ConfirmDialog
from xiaobao_desktop.ui.dialogs.error_dialog import show_user_error
from xiaobao_desktop.ui.dialogs.leave import may_leave
from xiaobao_desktop.ui.typed_draft import Parts, TypedDraft
from xiaobao_desktop.ui.widgets.buttons import PRIMARY, button
from xiaobao_desktop.ui.widgets.form_field import LabelledField
from xiaobao_desktop.ui.widgets.labels import label

_HEADERS = ("名称", "代码", "别名", "来历", "件数")
_ROW, _SIDE = 30, 280
_SEPARATOR = "、"


class ListsPanel(QWidget):
    """A list or tree at the left, the chosen entry at the right. ``done`` carries a note for the toast."""

    done = Signal(str)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.source = QComboBox()
        self.source.setAccessibleName("选项表")
        self.source.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._sources: dict[str, Source] = {item.name: item for item in catalog_edit.sources(session)}
        for item in self._sources.values():
            self.source.addItem(item.title, item.name)
        self.find_line = QLineEdit()
        self.find_line.setPlaceholderText("找名称、代码、别名")
        self.find_line.setAccessibleName("找选项")
        self.find_line.setClearButtonEnabled(True)
        self.table = _table()
        self.name, self.aliases, self.official = QLineEdit(), QLineEdit(), QLineEdit()
        self.active = QCheckBox("在用（登记时可以选）")
        self.add_button = button("新增…", icon="plus")
        self.save_button = button("保存", PRIMARY)
        self.map_button = button("并入标准项…")
        self._origin = label("", fonts.SECOND, tone="2", wrap=True)
        self._entries: tuple[Entry, ...] = ()
        self._shown: Entry | None = None
        self._place = 0
        self._build()
        self._bind()
        parts = {"name": self.name, "aliases": self.aliases, "official": self.official, "active": self.active}
        self._draft = TypedDraft(self, session, Parts(parts), self._right)
        self.load()

    def load(self, entry_id: str = "") -> None:
        """Read the list again and choose an entry, by default the one chosen now."""
        wanted = entry_id or (self.entry.id if self.entry else "")
        self._entries = catalog_edit.entries(self.session, self._chosen().name)
        self._place = self.source.currentIndex()
        self._fill(wanted)
        self._show()

    def unsaved(self) -> list[str]:
        """Names of what was typed for the entry shown and is not saved."""
        entry = self._shown
        if entry is None:
            return []
        typed = (
            ("名称", self.name.text(), entry.name),
            ("别名", self.aliases.text(), _SEPARATOR.join(entry.aliases)),
            ("官方代码", self.official.text(), entry.official),
            ("在用", self.active.isChecked(), entry.active),
        )
        return [f"“{entry.name}”的{words}" for words, now, before in typed if now != before]

    def give_up(self) -> None:
        """Show the entry as the book has it."""
        self._show()

    @property
    def entry(self) -> Entry | None:
        """The entry that is chosen."""
        item = self.table.item(self.table.currentRow(), 0)
        key = item.data(Qt.ItemDataRole.UserRole) if item is not None else ""
        return next((entry for entry in self._entries if entry.id == key), None)

    def save(self) -> None:
        """Write the chosen entry as it is typed."""
        entry = self.entry
        if entry is None:
            return
        aliases = self.aliases.text().replace("，", _SEPARATOR).replace(",", _SEPARATOR).split(_SEPARATOR)
        try:
            catalog_edit.change(
                self.session,
                self._chosen().name,
                entry.id,
                name=self.name.text(),
                aliases=aliases,
                official=self.official.text(),
                active=self.active.isChecked(),
            )
        except UserError as error:
            show_user_error(error, self)
            return
        self._told(f"已保存“{self.name.text().strip()}”", entry.id)

    def ask_new(self) -> None:
        """Ask for the name of a new entry; in a tree it stands under the chosen one."""
        if not self._may_go():
            return
        source, name = self._chosen(), QLineEdit()
        name.setAccessibleName("名称")
        above = self.entry if source.tree and self.entry and self.entry.depth < 2 and self.entry.active else None
        where = f"放在“{above.name}”下面。" if above else "加在最后。"
        dialog = ConfirmDialog(f"新增{source.title}", where, yes="新增", extra=name, parent=self.window())
        name.setFocus()
        if dialog.exec() == QDialog.DialogCode.Accepted:
            self.add(name.text(), above.id if above else "")
        dialog.deleteLater()

    def add(self, name: str, parent: str = "") -> None:
        """Add an entry of the bank's own."""
        try:
            made = catalog_edit.add(self.session, self._chosen().name, name, parent)
        except UserError as error:
            show_user_error(error, self)
            return
        self.find_line.clear()
        self._told(f"已新增“{name.strip()}”", made)

    def ask_target(self) -> None:
        """Ask which entry the chosen one is mapped to, and do it."""
        entry = self.entry
        if entry is None or not entry.own or not self._may_go():
            return
        picker = self._targets(entry)
        words = f"用到它的 {entry.uses} 件记录会改成选定的项，以后导入同样的名称也归到那里。修改记录里查得到。"
        dialog = ConfirmDialog(f"“{entry.name}”并入哪一项？", words, yes="并入", extra=picker, parent=self.window())
        picker.setFocus()
        accepted = dialog.exec() == QDialog.DialogCode.Accepted
        target = str(picker.currentData())
        dialog.deleteLater()
        if accepted:
            self.map_to(target)

    def map_to(self, target: str) -> None:
        """Map the chosen entry to another one."""
        entry = self.entry
        if entry is None:
            return
        try:
            mapped = catalog_edit.map_to(self.session, self._chosen().name, entry.id, target)
        except UserError as error:
            show_user_error(error, self)
            return
        bus().announce(mapped.changed)
        self._told(f"已并入“{entry.name}”，改了 {mapped.records} 件", target)

    def _targets(self, entry: Entry) -> QComboBox:
        """Every other entry in use, by code and name; typing the code goes there."""
        made = QComboBox()
        made.setAccessibleName("并入哪一项")
        made.setMaxVisibleItems(14)
        for other in self._entries:
            if other.active and other.id != entry.id and other.parent != entry.id:
                code = _cells(other, indented=False)[1]
                made.addItem(f"{code}  {other.name}".strip(), other.id)
        return made

    def _told(self, words: str, entry_id: str) -> None:
        bus().settings_changed.emit()
        self.load(entry_id)
        self.done.emit(words)

    def _chosen(self) -> Source:
        return self._sources[str(self.source.currentData())]

    def _build(self) -> None:
        edge = theme.px(20)
        bar = QHBoxLayout()
        bar.setSpacing(theme.px(8))
        bar.addWidget(self.source)
        bar.addWidget(self.find_line, 1)
        bar.addWidget(self.add_button)
        left = QVBoxLayout()
        left.setSpacing(theme.px(10))
        left.addLayout(bar)
        left.addWidget(self.table, 1)
        side = QWidget()
        side.setFixedWidth(theme.px(_SIDE))
        self._right = right = QVBoxLayout(side)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(theme.px(12))
        self._official = LabelledField("官方代码", self.official, help_text="标准里的代码，导入时也认")
        right.addWidget(LabelledField("名称", self.name))
        right.addWidget(LabelledField("别名", self.aliases, help_text="用顿号隔开；导入时按这些名称也认得出"))
        right.addWidget(self._official)
        right.addWidget(self.active)
        right.addWidget(self._origin)
        keys = QHBoxLayout()
        keys.addWidget(self.map_button)
        keys.addStretch(1)
        keys.addWidget(self.save_button)
        right.addLayout(keys)
        right.addStretch(1)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(edge, theme.px(16), edge, edge)
        whole.setSpacing(theme.px(20))
        whole.addLayout(left, 1)
        whole.addWidget(side)

    def _bind(self) -> None:
        self.source.currentIndexChanged.connect(self._source_chosen)
        self.find_line.textChanged.connect(lambda _text: self._searched())
        self.table.currentCellChanged.connect(lambda *_cells: self._row_chosen())
        self.add_button.clicked.connect(self.ask_new)
        self.save_button.clicked.connect(self.save)
        self.map_button.clicked.connect(self.ask_target)

    def _fill(self, wanted: str) -> None:
        text = self.find_line.text().strip().lower()
        shown = [entry for entry in self._entries if _holds(entry, text)]
        self.table.blockSignals(True)
        self.table.setRowCount(len(shown))
        for row, entry in enumerate(shown):
            for column, words in enumerate(_cells(entry, indented=not text)):
                item = QTableWidgetItem(words)
                item.setData(Qt.ItemDataRole.UserRole, entry.id)
                item.setForeground(theme.color("text" if entry.active else "text3"))
                self.table.setItem(row, column, item)
        self.table.blockSignals(False)
        places = [row for row, entry in enumerate(shown) if entry.id == wanted]
        self._stand_on(places[0] if places else 0 if shown else -1)

    def _stand_on(self, row: int) -> None:
        self.table.blockSignals(True)
        self.table.setCurrentCell(row, 0)
        self.table.blockSignals(False)

    def _may_go(self) -> bool:
        """Ask before something typed is let go."""
        if not may_leave(self.unsaved(), self.window()):
            return False
        self.give_up()
        return True

    def _source_chosen(self, place: int) -> None:
        if place == self._place:
            return
        if may_leave(self.unsaved(), self.window()):
            self.load()
        else:
            self.source.setCurrentIndex(self._place)

    def _row_chosen(self) -> None:
        if self.unsaved():
            # After the click that chose the row: the table would go on selecting it behind the question.
            QTimer.singleShot(0, self, self._take_row)
        else:
            self._show()

    def _searched(self) -> None:
        """Show what fits; an entry that stays in the list keeps what was typed for it."""
        self._fill(self._shown.id if self._shown else "")
        self._take_row()

    def _take_row(self) -> None:
        """Show the entry stood on, or go back to the one with unsaved changes."""
        if self.entry == self._shown:
            return
        if may_leave(self.unsaved(), self.window()):
            self._show()
            return
        self.find_line.blockSignals(True)
        self.find_line.clear()
        self.find_line.blockSignals(False)
        self._fill(self._shown.id if self._shown else "")

    def _show(self) -> None:
        entry = self._shown = self.entry
        for editor in (self.name, self.aliases, self.official, self.active, self.save_button):
            editor.setEnabled(entry is not None)
        self._official.setVisible(self._chosen().tree)
        self.map_button.setVisible(entry is not None and entry.own and not entry.mapped_to)
        self.name.setText(entry.name if entry else "")
        self.aliases.setText(_SEPARATOR.join(entry.aliases) if entry else "")
        self.official.setText(entry.official if entry else "")
        self.active.setChecked(entry is not None and entry.active)
        self._origin.setText(_origin(entry) if entry else "没有符合的选项")
        if entry is not None:
            self._draft.begin(f"list.{self._chosen().name}.{entry.id}", f"选项“{entry.name}”")


def _table() -> QTableWidget:
    made = QTableWidget(0, len(_HEADERS))
    made.setHorizontalHeaderLabels(list(_HEADERS))
    made.setAccessibleName("选项")
    made.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    made.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    made.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    made.setTabKeyNavigation(False)
    made.setShowGrid(False)
    made.setWordWrap(False)
    made.verticalHeader().hide()
    made.verticalHeader().setDefaultSectionSize(theme.px(_ROW))
    head = made.horizontalHeader()
    head.setHighlightSections(False)
    head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    head.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
    for column, width in ((1, 96), (2, 150), (3, 64), (4, 56)):
        made.setColumnWidth(column, theme.px(width))
    return made


def _cells(entry: Entry, *, indented: bool) -> tuple[str, ...]:
    name = ("\u3000" * entry.depth if indented else "") + entry.name + ("" if entry.active else "（停用）")
    code = entry.official or ("" if entry.own else entry.id if "." in entry.id else "")
    return name, code, _SEPARATOR.join(entry.aliases), "本行" if entry.own else "标准", str(entry.uses or "")


def _holds(entry: Entry, text: str) -> bool:
    return any(text in word.lower() for word in (entry.name, entry.id, entry.official, *entry.aliases))


def _origin(entry: Entry) -> str:
    if entry.mapped_to:
        return f"已并入“{entry.mapped_to}”"
    if entry.own:
        return f"本行类别，用到它的有 {entry.uses} 件。可以并入标准项。"
    return f"标准里的项，用到它的有 {entry.uses} 件。"
