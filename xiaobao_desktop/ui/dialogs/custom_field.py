"""One field of the bank's own: name, kind, entries, when it must be filled, whether it is personal data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from xiaobao_desktop.domain import custom_fields as rules
from xiaobao_desktop.domain.custom_fields import CustomField
from xiaobao_desktop.domain.fields import Grade, Kind
from xiaobao_desktop.services import custom_fields
from xiaobao_desktop.services.custom_fields import Entry
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import theme
from xiaobao_desktop.ui.dialogs.form_dialog import FormDialog
from xiaobao_desktop.ui.typed_draft import Parts, State, TypedDraft
from xiaobao_desktop.ui.widgets.buttons import button
from xiaobao_desktop.ui.widgets.form_field import LabelledField, at_left
from xiaobao_desktop.ui.widgets.segmented import Segmented

WIDTH, HIGHEST, FOOT, LINES = 480, 520, 56, 108
"""Pixels: the dialog, its buttons with the line above them, the list of entries."""
_ENTRY_ROLE = Qt.ItemDataRole.UserRole


class _NewEntry(QLineEdit):
    """Enter adds what was typed instead of ending the dialog."""

    def __init__(self, owner: EntryEditor) -> None:
        super().__init__()
        self._owner = owner
        self.setAccessibleName("新选项")
        self.setPlaceholderText("写一项，按回车加入")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter adds; with nothing typed it goes on to the dialog."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.text().strip():
            self._owner.add()
        else:
            super().keyPressEvent(event)


class EntryEditor(QWidget):
    """The entries of a choice list: a tick is in use, F2 gives another name, new ones are typed below.

    An entry is never taken away once it is kept: records may have it.
    """

    def __init__(self, entries: Sequence[Entry]) -> None:
        super().__init__()
        self.list = QListWidget()
        self.list.setAccessibleName("选项")
        self.list.setProperty("look", "box")
        self.list.setFixedHeight(theme.px(LINES))
        self.list.setEditTriggers(QListWidget.EditTrigger.EditKeyPressed | QListWidget.EditTrigger.DoubleClicked)
        self.line = _NewEntry(self)
        self.add_button = button("加入")
        self.add_button.clicked.connect(self.add)
        row = QHBoxLayout()
        row.setSpacing(theme.px(8))
        row.addWidget(self.line, 1)
        row.addWidget(self.add_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(6))
        column.addWidget(self.list)
        column.addLayout(row)
        for entry in entries:
            self._show(entry)
        self.setFocusProxy(self.line)

    def entries(self) -> list[Entry]:
        """All entries as they stand, a typed one that was not yet added too."""
        found = []
        for place in range(self.list.count()):
            item = self.list.item(place)
            kept: Entry = item.data(_ENTRY_ROLE)
            active = item.checkState() is Qt.CheckState.Checked
            if kept.id or active:
                found.append(replace(kept, name=item.text().strip(), active=active))
        if self.line.text().strip():
            found.append(Entry("", self.line.text().strip()))
        return found

    def state(self) -> State:
        """The entries as they stand, for the draft."""
        return {"entries": [[entry.id, entry.name, entry.active] for entry in self.entries()]}

    def show_state(self, state: State) -> None:
        """Show the entries of a draft instead."""
        self.list.clear()
        self.line.clear()
        for entry_id, name, active in state["entries"]:
            self._show(Entry(entry_id, name, active))

    def add(self) -> None:
        """Add what was typed."""
        if self.line.text().strip():
            self._show(Entry("", self.line.text().strip()))
            self.list.scrollToBottom()
        self.line.clear()
        self.line.setFocus()

    def _show(self, entry: Entry) -> None:
        item = QListWidgetItem(entry.name)
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        item.setFlags(flags | Qt.ItemFlag.ItemIsEditable | Qt.ItemFlag.ItemIsUserCheckable)
        item.setCheckState(Qt.CheckState.Checked if entry.active else Qt.CheckState.Unchecked)
        item.setData(_ENTRY_ROLE, entry)
        self.list.addItem(item)


class CustomFieldDialog(FormDialog[CustomField]):
    """Adds a field, or changes one; the kind of a kept field cannot change."""

    what = "自定义字段"

    def __init__(
        self, session: Session, ledger_key: str, item: CustomField | None = None, parent: QWidget | None = None
    ) -> None:
        """For a new field ``item`` is None."""
        super().__init__("settings", parent)
        self._session, self._ledger_key = session, ledger_key
        self._item = item or CustomField("", "")
        self.name = QLineEdit(self._item.label)
        self.name.setMaxLength(rules.LONGEST_LABEL)
        self.kind = self._kind_box()
        self.choices = EntryEditor(custom_fields.entries(session, ledger_key, self._item))
        self.grade = Segmented([(grade.value, words) for grade, words in rules.GRADES.items()])
        self.grade.choose(self._item.grade.value)
        self.personal = QCheckBox("个人信息（C2）：列表和导出里遮盖")
        self.personal.setChecked(self._item.personal)
        self.in_list = QCheckBox("在列表里显示这一列")
        self.in_list.setChecked(self._item.in_list)
        self.name_field = LabelledField("名称", self.name, required=True, help_text=f"最多 {rules.LONGEST_LABEL} 个字")
        self.choices_field = LabelledField("选项", self.choices, required=True, help_text="去掉勾就不再提供；F2 改名")
        self._build()
        self._kind_chosen()
        self._start = (self.entered(), self.choices.entries())
        self._keep_typing()
        self.name.setFocus()

    def entered(self) -> CustomField:
        """What the dialog says now."""
        kind = Kind(self.kind.currentData())
        return replace(
            self._item,
            label=self.name.text().strip(),
            kind=kind,
            personal=self.personal.isChecked() and rules.may_be_personal(kind),
            in_list=self.in_list.isChecked(),
            grade=Grade(self.grade.current()) if rules.may_be_required(kind) else Grade.FREE,
        )

    def save(self) -> None:
        """Keep the field and close; what is wrong is said at its place."""
        item, entries = self.entered(), self.choices.entries()
        reason = custom_fields.refusal(self._session, self._ledger_key, item, entries)
        at_entries = reason and "选项" in reason
        self.name_field.complain("" if at_entries else reason)
        self.choices_field.complain(reason if at_entries else "")
        if reason:
            (self.choices.line if at_entries else self.name).setFocus()
            return
        self._keep(lambda: custom_fields.put(self._session, self._ledger_key, item, entries))

    def is_touched(self) -> bool:
        """Whether anything is not as it was."""
        return (self.entered(), self.choices.entries()) != self._start

    def _keep_typing(self) -> None:
        parts = {"name": self.name, "kind": self.kind, "choices": self.choices, "grade": self.grade}
        typing = Parts({**parts, "personal": self.personal, "in_list": self.in_list}, self._kind_chosen)
        place = f"custom_field.{self._ledger_key}.{self._item.key or 'new'}"
        TypedDraft(self, self._session, typing).begin(place, self.windowTitle())

    def _kind_box(self) -> QComboBox:
        box = QComboBox()
        for kind, words in rules.KINDS.items():
            box.addItem(words, kind.value)
        box.setCurrentIndex(box.findData(self._item.kind.value))
        box.setEnabled(not self._item.key)
        box.currentIndexChanged.connect(lambda _index: self._kind_chosen())
        return box

    def _build(self) -> None:
        title = "修改自定义字段" if self._item.key else "添加自定义字段"
        self.setFixedWidth(theme.px(WIDTH))
        note = "建好以后不能改：已经填的内容会对不上" if self._item.key else "建好以后不能再改"
        kind = LabelledField("类型", self.kind, help_text=note)
        self._grade_field = LabelledField("必填于", at_left(self.grade), help_text="没填的显示为“待补”，不妨碍保存")
        parts = (self.name_field, kind, self.choices_field, self._grade_field, self.in_list, self.personal)
        self._lay_out(title, parts, f"{title}·{self._session.ledger(self._ledger_key).label}")

    def _kind_chosen(self) -> None:
        kind = Kind(self.kind.currentData())
        self.choices_field.setVisible(kind is Kind.CHOICE)
        self.personal.setVisible(rules.may_be_personal(kind))
        self._grade_field.setVisible(rules.may_be_required(kind))
        self.content.adjustSize()
        wanted = self.content.heightForWidth(theme.px(WIDTH))
        self.resize(theme.px(WIDTH), min(theme.px(HIGHEST), wanted + theme.px(FOOT)))
