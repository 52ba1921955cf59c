"""The panel of 常用筛选: choose a named filter, give it another name, delete it, or keep the present one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QListWidget, QListWidgetItem, QWidget

from xiaobao_desktop.domain.fields import Ledger
from xiaobao_desktop.errors import UserError
from xiaobao_desktop.services import saved_filters
from xiaobao_desktop.services.saved_filters import LONGEST_NAME, SavedFilter
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import fonts, rights, theme
from xiaobao_desktop.ui.widgets.buttons import GHOST, button
from xiaobao_desktop.ui.widgets.labels import hairline, label, set_tone
from xiaobao_desktop.ui.widgets.popup_panel import PopupPanel

LINE, LINES_SHOWN, WIDTH = 32, 8, 300
_NONE_YET = "设好条件后起个名字存下来，下次一选就到。"


class _NameList(QListWidget):
    """Sends ``picked`` for Enter and a click, ``delete_asked`` for the Delete key; F2 edits the name in place."""

    picked = Signal(QListWidgetItem)
    delete_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("look", "menu")
        self.setAccessibleName("常用筛选")
        self.setEditTriggers(QListWidget.EditTrigger.EditKeyPressed)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.itemClicked.connect(self.picked.emit)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter chooses, Delete takes away."""
        # A key that the editor of a name does not use arrives here too.
        here = self.currentRow() >= 0 and self.state() is not QListWidget.State.EditingState
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and here:
            self.picked.emit(self.currentItem())
        elif event.key() == Qt.Key.Key_Delete and here:
            self.delete_asked.emit()
        else:
            super().keyPressEvent(event)


class SavedFiltersPanel(PopupPanel):
    """Sends ``chosen`` with the :class:`SavedFilter` to be shown."""

    chosen = Signal(object)

    def __init__(self, window: QWidget, session: Session, ledger: Ledger, present: SavedFilter, words: str) -> None:
        """Offer the named filters of a ledger.

        Args:
            window: the top-level widget it lies over.
            session: the open book.
            ledger: whose list it is.
            present: what the list shows now, without a name.
            words: the same in words; "" when there is nothing worth keeping.
        """
        super().__init__(window)
        self._session, self._ledger, self._present = session, ledger, present
        self.frame.setFixedWidth(theme.px(WIDTH))
        self.list = _NameList()
        self._none = label(_NONE_YET, fonts.SECOND, tone="2", wrap=True)
        self._note = label("", fonts.HEADER, tone="red", wrap=True)
        self.name_line = QLineEdit()
        self._rename, self._delete = button("改名", GHOST, shortcut="F2"), button("删除", GHOST, shortcut="Delete")
        self._keep = button("存下来")
        self._build(words)
        self._connect()
        self._fill()

    @property
    def first_focus(self) -> QWidget:
        """The names, or the field for a new one while there are none."""
        if self.list.count():
            return self.list
        return self.name_line if self.name_line.isEnabled() else self

    def _build(self, words: str) -> None:
        acts = QHBoxLayout()
        acts.addWidget(self._rename)
        acts.addWidget(self._delete)
        acts.addStretch(1)
        self.name_line.setAccessibleName("常用筛选的名称")
        self.name_line.setPlaceholderText("名称，如 本月未办结")
        self.name_line.setMaxLength(LONGEST_NAME)
        self._keep.setAutoDefault(True)
        typing = QHBoxLayout()
        typing.addWidget(self.name_line, 1)
        typing.addWidget(self._keep)
        self.body.addWidget(self._none)
        self.body.addWidget(self.list)
        self.body.addLayout(acts)
        self.body.addWidget(hairline())
        self.body.addWidget(label(f"现在的条件：{words or '没有'}", fonts.SECOND, tone="2", wrap=True))
        self.body.addLayout(typing)
        self.body.addWidget(self._note)
        self._note.hide()
        for widget in (self.name_line, self._keep):
            widget.setEnabled(bool(words))
            widget.setToolTip("" if words else "先选条件、搜索或排序，再存下来")
        rights.restrict(self._session, self.name_line, self._keep, self._rename, self._delete)

    def _connect(self) -> None:
        self.list.picked.connect(self._choose)
        self.list.delete_asked.connect(self._remove)
        self.list.itemChanged.connect(self._renamed)
        self._rename.clicked.connect(self._edit)
        self._delete.clicked.connect(self._remove)
        self._keep.clicked.connect(self._keep_present)
        self.name_line.returnPressed.connect(self._keep_present)
        self.name_line.textChanged.connect(self._hint)

    def _fill(self) -> None:
        row = max(0, self.list.currentRow())
        self.list.blockSignals(True)
        self.list.clear()
        for entry in saved_filters.saved_filters(self._session, self._ledger):
            line = QListWidgetItem(entry.name)
            if self._session.role.may_change:
                line.setFlags(line.flags() | Qt.ItemFlag.ItemIsEditable)
            line.setData(Qt.ItemDataRole.UserRole, entry)
            self.list.addItem(line)
        self.list.setCurrentRow(min(row, self.list.count() - 1))
        self.list.blockSignals(False)
        count = self.list.count()
        self.list.setFixedHeight(theme.px(LINE) * min(LINES_SHOWN, max(1, count)) + theme.px(4))
        for widget in (self.list, self._rename, self._delete):
            widget.setVisible(bool(count))
        self._none.setVisible(not count)

    def _choose(self, line: QListWidgetItem) -> None:
        entry = line.data(Qt.ItemDataRole.UserRole)
        self.close_panel()
        self.chosen.emit(entry)

    def _edit(self) -> None:
        if self.list.currentRow() >= 0:
            self.list.setFocus()
            self.list.editItem(self.list.currentItem())

    def _renamed(self, line: QListWidgetItem) -> None:
        # The line is mended and not made anew: its editor still has the focus.
        old: SavedFilter = line.data(Qt.ItemDataRole.UserRole)
        done = self._try(lambda: saved_filters.rename(self._session, self._ledger, old.name, line.text()))
        name = " ".join(line.text().split()) if done else old.name
        self.list.blockSignals(True)
        line.setText(name)
        line.setData(Qt.ItemDataRole.UserRole, replace(old, name=name))
        self.list.blockSignals(False)

    def _remove(self) -> None:
        if self.list.currentRow() < 0 or not self._delete.isEnabled():
            return
        name = self.list.currentItem().text()
        saved_filters.remove(self._session, self._ledger, name)
        self._fill()
        self._say(f"已删除“{name}”，台账里的记录不受影响", "2")
        self.first_focus.setFocus()
        self.adjustSize()

    def _keep_present(self) -> None:
        wanted = replace(self._present, name=self.name_line.text())
        if self._try(lambda: saved_filters.keep(self._session, self._ledger, wanted)):
            self.close_panel()

    def _hint(self, text: str) -> None:
        taken = any(self.list.item(row).text() == text.strip() for row in range(self.list.count()))
        self._say("已有同名的，存下来会替换它" if taken else "", "amber")

    def _try(self, act: Callable[[], object]) -> bool:
        try:
            act()
        except UserError as refusal:
            self._say(str(refusal), "red")
            return False
        self._say("", "red")
        return True

    def _say(self, text: str, tone: str) -> None:
        set_tone(self._note, tone)
        self._note.setText(text)
        self._note.setVisible(bool(text))
        self.adjustSize()
