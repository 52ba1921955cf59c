"""Editor of the child rows of a record: find and add, paste a list, tick all, take away."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QPushButton, QVBoxLayout, QWidget

from xiaobao_desktop.domain.fields import ChildTable, Values
from xiaobao_desktop.services import roster
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import fonts, theme
from xiaobao_desktop.ui.editors.child_rows import ChildRowsEditor
from xiaobao_desktop.ui.editors.link import LinkLine
from xiaobao_desktop.ui.editors.row_table import RowTableEditor
from xiaobao_desktop.ui.widgets.buttons import button
from xiaobao_desktop.ui.widgets.choice_popup import Option
from xiaobao_desktop.ui.widgets.flow import FlowLayout
from xiaobao_desktop.ui.widgets.labels import label

_LINE = 220
_NAMED = 5
"""Names told in a sentence before the rest is only counted."""


class RosterLine(LinkLine):
    """Finds records that are not among the rows yet; what tells equal names apart stands beside them.

    ``refused`` carries the sentence for a text that names none, or several, when Enter is pressed.
    """

    refused = Signal(str)

    def __init__(self, session: Session, ledger_key: str) -> None:
        super().__init__(session, ledger_key)
        self.taken: set[int] = set()
        self._notes: dict[int, str] | None = None

    def find_options(self, text: str) -> Sequence[Option]:
        """As for any link, those taken left out."""
        if self._notes is None:
            self._notes = roster.notes(self._session, self._ledger.key)
        return [
            Option(option.value, option.name, note=self._notes.get(int(str(option.value)), ""), span=option.span)
            for option in super().find_options(text)
            if option.value not in self.taken
        ]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Say why Enter adds nobody."""
        super().keyPressEvent(event)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and (words := self.problem()):
            self.refused.emit(words)


class ChildTableEditor(ChildRowsEditor):
    """The rows of one child table that links to another ledger: found and added, pasted as a list, ticked all."""

    line: RosterLine

    def __init__(self, session: Session, table: ChildTable) -> None:
        link = roster.link_field(table)
        if link is None:
            raise ValueError(f"child table {table.key} links to nothing")
        unit = next(item.unit for item in session.ledgers if item.key == link.options)
        super().__init__(session, table, RosterLine(session, link.options), unit, "还没有人员")
        self._link = link
        self.paste_button = button("粘贴名单", icon="clipboard-paste")
        self.branch_button = button("整个机构…", icon="building-2")
        self.branch_button.setToolTip("添加一个机构的全部在岗人员")
        self.all_buttons = {item.key: button(f"全部{item.label}") for item in self._ticks()}
        self.line.setPlaceholderText("姓名或拼音，Enter 添加")
        self.line.setFixedWidth(theme.px(_LINE))
        tools = FlowLayout(theme.px(8))
        for tool in (self.line, *self._tools()):
            tools.addWidget(tool)
        self._connect()
        self._arrange(tools)

    def belong_to(self, values: Values) -> None:
        """Say what the record holds now: rows begin by it.

        Rows of a list being made (not in the book yet) that are still as they began follow; ``edited`` is sent then.
        """
        old, new = (self._row_start(record) for record in (self._record, values))
        self._record = values
        if old == new:
            return
        keys = {*old, *new}
        followed = [
            row if "id" in row or any(row.get(key) != old.get(key) for key in keys) else _restarted(row, keys, new)
            for row in self.model.rows
        ]
        if tuple(followed) != self.model.rows:
            self.model.set_rows(followed)
            self._changed()

    def controls(self) -> tuple[QWidget, ...]:
        """What the Tab key visits, in order."""
        return (self.line, *self._tools(), self.view)

    def add(self, ids: Sequence[int]) -> int:
        """Add rows for records that have none yet; returns how many."""
        new = [record_id for record_id in ids if record_id not in self.line.taken]
        self.model.add([roster.new_row(self._session, self.table, record_id, self._record) for record_id in new])
        if new:
            self.view.scrollToBottom()
            self._changed()
        return len(new)

    def paste(self) -> None:
        """Add everyone whom the clipboard names, and say who was not found."""
        text = QGuiApplication.clipboard().text()
        found = roster.match(self._session, self.table, text)
        words = [self._add_told(found.ids)]
        if found.unknown:
            words.append(f"没有找到：{_few(found.unknown)}")
        if found.several:
            words.append(f"有重名，请逐个添加：{_few(found.several)}")
        if not text.strip():
            words = ["剪贴板里没有文字。先在 Excel 里复制姓名，再点“粘贴名单”"]
        self._say("；".join(words), "amber" if found.unknown or found.several or not text.strip() else "green")

    def branch_menu(self) -> QMenu:
        """The branches to choose from, each with the number of its people; choosing one adds them all."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for name, ids in roster.by_branch(self._session, self.table):
            action = menu.addAction(f"{name}（{len(ids)} {self._unit}）")
            action.triggered.connect(lambda _checked=False, ids=ids: self._say(self._add_told(ids), "green"))
        if menu.isEmpty():
            menu.addAction("还没有人员登记了所在机构").setEnabled(False)
        return menu

    # Making.

    def _tools(self) -> tuple[QPushButton, ...]:
        return (self.paste_button, self.branch_button, *self.all_buttons.values(), self.remove_button)

    def _connect(self) -> None:
        self.line.done.connect(self._take)
        self.line.refused.connect(lambda words: self._say(words, "amber"))
        self.line.popup.chosen.connect(lambda _option: self._take())
        self.paste_button.clicked.connect(self.paste)
        self.branch_button.clicked.connect(self._choose_branch)
        for key, tick_all in self.all_buttons.items():
            tick_all.clicked.connect(lambda _checked=False, key=key: self._tick_all(key))

    # What happens.

    def _take(self) -> None:
        """Enter or a click: add the record found; without one go on."""
        value = self.line.value()
        if not isinstance(value, int):
            self.advance.emit()
            return
        self.line.set_value(None)
        self._say("")
        self.add([value])

    def _choose_branch(self) -> None:
        menu = self.branch_menu()
        menu.popup(self.branch_button.mapToGlobal(self.branch_button.rect().bottomLeft()))
        menu.setActiveAction(menu.actions()[0])

    def _add_told(self, ids: Sequence[int]) -> str:
        """Add rows, and the sentence about it."""
        added = self.add(ids)
        words = f"已添加 {added} {self._unit}"
        known = len(ids) - added
        return f"{words}；{known} {self._unit}已在名单里" if known else words

    def _tick_all(self, key: str) -> None:
        self.model.set_all(key, True)

    def _changed(self, *, tell: bool = True) -> None:
        """Nobody among the rows is offered again."""
        rows = self.model.rows
        self.line.taken = {value for row in rows if isinstance(value := row.get(self._link.key), int)}
        for tick_all in self.all_buttons.values():
            tick_all.setEnabled(bool(rows))
        super()._changed(tell=tell)


TableEditor = ChildTableEditor | RowTableEditor


class ChildBox(QWidget):
    """The editor under its title, as a section of the form."""

    def __init__(self, session: Session, table: ChildTable) -> None:
        super().__init__()
        linked = roster.link_field(table) is not None
        self.editor: TableEditor = ChildTableEditor(session, table) if linked else RowTableEditor(session, table)
        title: QLabel = label(table.label, fonts.CARD_TITLE, medium=True)
        head = QHBoxLayout()
        head.setSpacing(theme.px(8))
        head.addWidget(title)
        head.addWidget(self.editor.count)
        head.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(theme.px(8))
        whole.addLayout(head)
        whole.addWidget(self.editor)


def _restarted(row: Values, keys: Collection[str], start: Values) -> Values:
    """The row with these keys as it would begin now."""
    return {**{key: value for key, value in row.items() if key not in keys}, **start}


def _few(names: Sequence[str]) -> str:
    """The first names, and how many more there are."""
    more = len(names) - _NAMED
    return "、".join(names[:_NAMED]) + (f" 等 {len(names)} 个" if more > 0 else "")
