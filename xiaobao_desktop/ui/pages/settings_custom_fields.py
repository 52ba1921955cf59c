"""设置, tab 自定义字段: the bank's own fields of each ledger."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QPushButton,
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
from xiaobao_desktop.ui.widgets.plain_table import PlainTable

HEADERS = ("名称", "类型", "必填于", "个人信息", "列表", "状态")


class CustomFieldsPanel(Panel):
    """Choose a ledger; add, change, order and retire its own fields. Everybody who shows the ledger is told."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.ledger_choice = QComboBox()
        self.ledger_choice.setAccessibleName("台账")
        self.ledger_choice.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        for ledger in session.ledgers:
            self.ledger_choice.addItem(ledger.label, ledger.key)
        self.table = PlainTable("自定义字段", HEADERS, 0, self.change)
        self.note = label("", fonts.SECOND, tone="2", wrap=True)
        self.add_button = button("添加字段…", PRIMARY, icon="plus")
        self.change_button = button("修改…")
        self.retire_button = button("停用")
        self.up_button = button("上移", GHOST, icon="arrow-up")
        self.down_button = button("下移", GHOST, icon="arrow-down")
        self._build()
        self.ledger_choice.currentIndexChanged.connect(lambda _place: self.load())
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
        items = self._items()
        self.table.fill([_cells(item) for item in items], [item.retired for item in items], least=3)
        for widget in (self.table, self.up_button, self.down_button, self.retire_button, self.change_button):
            widget.setVisible(bool(items))
        used = rules.in_use(items)
        ledger = self.session.ledger(self._key()).label
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
        saved = dialog.changed
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
        return str(self.ledger_choice.currentData())

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
        choice = QHBoxLayout()
        choice.setSpacing(theme.px(8))
        name = label("台账", tone="2")
        name.setBuddy(self.ledger_choice)
        choice.addWidget(name)
        choice.addWidget(self.ledger_choice)
        choice.addStretch(1)
        card.body.addLayout(choice)
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
