"""Editor of the child rows of a record: find and add, paste a list, tick all, take away."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QPushButton, QVBoxLayout, QWidget

from xiaobao_desktop.domain.fields import EMPTY, ChildTable, Field, Kind, Values
from xiaobao_desktop.services import roster
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import fonts, theme
from xiaobao_desktop.ui.delegates.child_cell import ChildCellDelegate
from xiaobao_desktop.ui.editors.child_view import HEAD, MOST_ROWS, ROW, ChildView
from xiaobao_desktop.ui.editors.link import LinkLine
from xiaobao_desktop.ui.editors.row_table import RowTableEditor
from xiaobao_desktop.ui.models.child_model import ChildModel
from xiaobao_desktop.ui.widgets.buttons import button
from xiaobao_desktop.ui.widgets.choice_popup import Option
from xiaobao_desktop.ui.widgets.flow import FlowLayout
from xiaobao_desktop.ui.widgets.labels import label, set_tone

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


class ChildTableEditor(QWidget):
    """The rows of one child table.

    Signals:
        edited: a row was added, changed or taken away.
        advance: Enter in the empty finding line asks for what comes next.
    """

    edited = Signal()
    advance = Signal()

    def __init__(self, session: Session, table: ChildTable) -> None:
        super().__init__()
        self._session, self.table = session, table
        self._link = roster.link_field(table)
        if self._link is None:
            raise ValueError(f"child table {table.key} links to nothing")
        self._unit = next(item.unit for item in session.ledgers if item.key == self._link.options)
        self._record: Values = EMPTY
        self.model = ChildModel(session, table)
        self.line = RosterLine(session, self._link.options)
        self.view = ChildView(self.model)
        self.paste_button = button("粘贴名单", icon="clipboard-paste")
        self.branch_button = button("整个机构…", icon="building-2")
        self.branch_button.setToolTip("添加一个机构的全部在岗人员")
        self.remove_button = button("移除所选", icon="trash-2")
        self.all_buttons = {item.key: button(f"全部{item.label}") for item in self._ticks()}
        self.count = label("", fonts.SECOND, tone="2")
        self.message = label("", fonts.SECOND, tone="2", wrap=True)
        self._build()
        self._connect()
        self._changed(tell=False)

    @property
    def rows(self) -> tuple[Values, ...]:
        """The rows as they go into the record."""
        return self.model.rows

    def set_rows(self, rows: Sequence[Values]) -> None:
        """Show rows; ``edited`` is not sent."""
        self.model.set_rows(rows)
        self._say("")
        self._changed(tell=False)

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

    def remove_selected(self) -> None:
        """Take the selected rows away."""
        places = {index.row() for index in self.view.selectionModel().selectedIndexes()}
        if places:
            self.model.remove(places)
            self._say(f"已移除 {len(places)} {self._unit}")
            self._changed()

    # Making.

    def _tools(self) -> tuple[QPushButton, ...]:
        return (self.paste_button, self.branch_button, *self.all_buttons.values(), self.remove_button)

    def _ticks(self) -> list[Field]:
        return [item for item in self.table.fields if item.kind is Kind.YES_NO]

    def _build(self) -> None:
        self.line.setPlaceholderText("姓名或拼音，Enter 添加")
        self.line.setAccessibleName(f"添加{self.table.label}")
        self.line.setFixedWidth(theme.px(_LINE))
        self.view.setItemDelegate(ChildCellDelegate(self._session, self.model, self.view))
        self.view.setAccessibleName(self.table.label)
        tools = FlowLayout(theme.px(8))
        for tool in (self.line, *self._tools()):
            tools.addWidget(tool)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(theme.px(8))
        whole.addLayout(tools)
        whole.addWidget(self.message)
        whole.addWidget(self.view)

    def _connect(self) -> None:
        self.line.done.connect(self._take)
        self.line.refused.connect(lambda words: self._say(words, "amber"))
        self.line.popup.chosen.connect(lambda _option: self._take())
        self.paste_button.clicked.connect(self.paste)
        self.branch_button.clicked.connect(self._choose_branch)
        self.remove_button.clicked.connect(self.remove_selected)
        for key, tick_all in self.all_buttons.items():
            tick_all.clicked.connect(lambda _checked=False, key=key: self._tick_all(key))
        self.model.dataChanged.connect(lambda *_cells: self._changed())
        self.view.removed.connect(self.remove_selected)
        pasted = QShortcut(QKeySequence.StandardKey.Paste, self.view)
        pasted.setContext(Qt.ShortcutContext.WidgetShortcut)
        pasted.activated.connect(self.paste)

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

    def _row_start(self, record: Values) -> Values:
        return self.table.row_start(record, self._session.today().isoformat())

    def _tick_all(self, key: str) -> None:
        self.model.set_all(key, True)

    def _changed(self, *, tell: bool = True) -> None:
        rows = self.model.rows
        link = self._link.key if self._link else ""
        self.line.taken = {value for row in rows if isinstance(value := row.get(link), int)}
        words = [f"{len(rows)} {self._unit}"] if rows else ["还没有人员"]
        words += [f"{item.label} {sum(bool(row.get(item.key)) for row in rows)}" for item in self._ticks() if rows]
        self.count.setText("·".join(words))
        self.view.setVisible(bool(rows))
        self.view.setFixedHeight(theme.px(HEAD + ROW * min(MOST_ROWS, max(1, len(rows))) + 2))
        for tool in (self.remove_button, *self.all_buttons.values()):
            tool.setEnabled(bool(rows))
        if tell:
            self.edited.emit()

    def _say(self, words: str, tone: str = "2") -> None:
        self.message.setText(words)
        self.message.setVisible(bool(words))
        set_tone(self.message, tone)


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
