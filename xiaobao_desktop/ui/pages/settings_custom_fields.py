"""设置, tab 自定义字段: the bank's own fields of each ledger."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
)

from xiaobao_desktop.domain import custom_fields as rules
from xiaobao_desktop.domain.custom_fields import CustomField
from xiaobao_desktop.domain.fields import Grade
from xiaobao_desktop.errors import UserError
from xiaobao_desktop.services import custom_fields
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import fonts, theme
from xiaobao_desktop.ui.bus import bus
from xiaobao_desktop.ui.dialogs.custom_field import CustomFieldDialog
from xiaobao_desktop.ui.pages.settings_panels import Panel
from xiaobao_desktop.ui.widgets.buttons import GHOST, PRIMARY, button
from xiaobao_desktop.ui.widgets.cards import Card
from xiaobao_desktop.ui.widgets.labels import label
from xiaobao_desktop.ui.widgets.segmented import Segmented

HEADERS = ("名称", "类型", "必填于", "个人信息", "列表", "状态")
_LINE, _LINES = 32, 8
"""Height of a row; rows shown before the table scrolls."""


class _Table(QTableWidget):
    """Read-only rows; Enter opens the chosen one, Tab goes on to the buttons."""

    def __init__(self, opened: Callable[[], None]) -> None:
        super().__init__(0, len(HEADERS))
        self._opened = opened
        self.setAccessibleName("自定义字段")
        self.setHorizontalHeaderLabels(HEADERS)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setProperty("look", "plain")
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(theme.px(_LINE))
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.doubleClicked.connect(lambda _index: opened())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the chosen row."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentRow() >= 0:
            self._opened()
        else:
            super().keyPressEvent(event)


class CustomFieldsPanel(Panel):
    """Choose a ledger; add, change, order and retire its own fields. Everybody who shows the ledger is told."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.ledger_choice = Segmented([(ledger.key, ledger.label) for ledger in session.ledgers])
        self.table = _Table(self.change)
        self.note = label("", fonts.SECOND, tone="2", wrap=True)
        self.add_button = button("添加字段…", PRIMARY, icon="plus")
        self.change_button = button("修改…")
        self.retire_button = button("停用")
        self.up_button = button("上移", GHOST, icon="arrow-up")
        self.down_button = button("下移", GHOST, icon="arrow-down")
        self._build()
        self.ledger_choice.chosen.connect(lambda _key: self.load())
        self.add_button.clicked.connect(self.add)
        self.change_button.clicked.connect(self.change)
        self.retire_button.clicked.connect(self.retire)
        self.up_button.clicked.connect(lambda: self.move_by(-1))
        self.down_button.clicked.connect(lambda: self.move_by(1))
        self.table.itemSelectionChanged.connect(self._show_buttons)
        bus().settings_changed.connect(self.load)
        self.load()

    def load(self) -> None:
        """Show the fields of the chosen ledger; the chosen row stays."""
        row = max(0, self.table.currentRow())
        items = self._items()
        self.table.setRowCount(len(items))
        for place, item in enumerate(items):
            for column, words in enumerate(_cells(item)):
                cell = QTableWidgetItem(words)
                if item.retired:
                    cell.setForeground(theme.color("text3"))
                self.table.setItem(place, column, cell)
        if items:
            self.table.selectRow(min(row, len(items) - 1))
        self.table.setFixedHeight(theme.px(_LINE * (min(max(len(items), 3), _LINES) + 1)))
        for widget in (self.table, self.up_button, self.down_button, self.retire_button, self.change_button):
            widget.setVisible(bool(items))
        used = rules.in_use(items)
        ledger = self.session.ledger(self.ledger_choice.current()).label
        self.note.setText(
            f"在用 {used} 项，还可以加 {rules.MOST - used} 项。停用的不再填写，老记录里照样能看到。"
            if items
            else f"{ledger}还没有自定义字段。本行要记、程序里没有的内容，加在这里。"
        )
        self.add_button.setEnabled(used < rules.MOST)
        self.add_button.setToolTip("" if used < rules.MOST else f"已有 {rules.MOST} 项在用，先停用一项")
        self._show_buttons()

    def add(self) -> None:
        """Ask for a new field."""
        self._open(None)

    def change(self) -> None:
        """Open the chosen field."""
        if (item := self._chosen()) is not None:
            self._open(item)

    def retire(self) -> None:
        """Put the chosen field out of use, or back."""
        item = self._chosen()
        if item is None:
            return
        turned = replace(item, retired=not item.retired)
        choices = custom_fields.entries(self.session, self._key(), item)
        words = f"{'已停用' if turned.retired else '已重新启用'}“{item.label}”"
        self._carry_out(lambda: custom_fields.put(self.session, self._key(), turned, choices), words)

    def move_by(self, by: int) -> None:
        """Move the chosen field up or down."""
        keys = [item.key for item in self._items()]
        row = self.table.currentRow()
        if not 0 <= row + by < len(keys) or row < 0:
            return
        keys.insert(row + by, keys.pop(row))
        self.table.selectRow(row + by)
        self._carry_out(lambda: custom_fields.arrange(self.session, self._key(), keys), "")

    def _open(self, item: CustomField | None) -> None:
        dialog = CustomFieldDialog(self.session, self._key(), item, self.window())
        dialog.exec()
        saved = dialog.saved
        dialog.deleteLater()
        if saved is not None:
            bus().settings_changed.emit()
            keys = [known.key for known in self._items()]
            self.table.selectRow(keys.index(saved.key))
            self.done.emit(f"已保存“{saved.label}”，登记表、列表和导入里都有了")
        if self.table.isVisible():
            self.table.setFocus()

    def _carry_out(self, act: Callable[[], object], words: str) -> None:
        try:
            act()
        except UserError as error:
            self.tell(error)
            return
        bus().settings_changed.emit()
        if words:
            self.done.emit(words)

    def _key(self) -> str:
        return self.ledger_choice.current()

    def _items(self) -> tuple[CustomField, ...]:
        return custom_fields.own_fields(self.session, self._key())

    def _chosen(self) -> CustomField | None:
        items, row = self._items(), self.table.currentRow()
        return items[row] if 0 <= row < len(items) else None

    def _show_buttons(self) -> None:
        item, row = self._chosen(), self.table.currentRow()
        self.retire_button.setText("重新启用" if item is not None and item.retired else "停用")
        for made, on in (
            (self.change_button, item is not None),
            (self.retire_button, item is not None),
            (self.up_button, item is not None and row > 0),
            (self.down_button, item is not None and row < self.table.rowCount() - 1),
        ):
            _enable(made, on=on)

    def _build(self) -> None:
        card = Card("自定义字段", f"每本台账最多 {rules.MOST} 项在用。加好以后，登记表、列表、筛选、导入和历史里都有。")
        card.body.addWidget(self.ledger_choice)
        card.body.addWidget(self.table)
        card.body.addWidget(self.note)
        row = QHBoxLayout()
        row.setSpacing(theme.px(8))
        for made in (self.up_button, self.down_button):
            row.addWidget(made)
        row.addStretch(1)
        for made in (self.retire_button, self.change_button, self.add_button):
            row.addWidget(made)
        card.body.addLayout(row)
        self.column.addWidget(card)
        self.column.addStretch(1)


def _cells(item: CustomField) -> tuple[str, ...]:
    required = "" if item.grade is Grade.FREE else rules.GRADES[item.grade]
    state = "已停用" if item.retired else "在用"
    return (
        item.label,
        rules.KINDS[item.kind],
        required,
        "是" if item.personal else "",
        "显示" if item.in_list else "",
        state,
    )


def _enable(made: QPushButton, *, on: bool) -> None:
    made.setEnabled(on)
    made.setToolTip("" if on else "先选一项")
