"""粘贴工单: the text of a ticket at the left, the fields recognised in it at the right, ticked to be taken over.

The fields follow the text while it is typed or pasted. Nothing is saved here: the form opens with what was ticked.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHeaderView,
    QPlainTextEdit,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from xiaobao_desktop.domain.fields import Ledger, Record
from xiaobao_desktop.services import tickets
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.services.tickets import LIKELY, SURE, WEAK, Proposal, Proposed
from xiaobao_desktop.ui import fonts, help_key, theme
from xiaobao_desktop.ui.dialogs import two_sided
from xiaobao_desktop.ui.typed_draft import Parts, TypedDraft
from xiaobao_desktop.ui.widgets.buttons import GHOST, PRIMARY, button
from xiaobao_desktop.ui.widgets.labels import label

_WIDTH, _HEIGHT = 980, 500
_PATIENCE_MS = 150
_ROW, _NAME, _SURENESS = 30, 150, 84
_AT_LEAST = 12
"""A shorter text on the clipboard is no ticket and is left there."""

_WORDS = {SURE: "认得准", LIKELY: "请核对", WEAK: "猜的"}
_TOKENS = {SURE: "green_text", LIKELY: "text2", WEAK: "amber_text"}
_EMPTY = "把 12378、12345、省联社、人行转来的工单，或邮件、电话记录的文字粘贴到左边（Ctrl+V）。"
_UNKNOWN = "没有认出工单的样式，已按文字认了下面这些项，请逐项核对。"


class FieldTable(QTableWidget):
    """The recognised fields: tick and name, value, how sure. Space ticks the row that has the keyboard."""

    def __init__(self) -> None:
        super().__init__(0, 3)
        self.setHorizontalHeaderLabels(["项目", "填入的值", "把握"])
        self.setAccessibleName("认出的项目")
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(theme.px(_ROW))
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        head.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        self.setColumnWidth(0, theme.px(_NAME))
        self.setColumnWidth(2, theme.px(_SURENESS))

    def fill(self, fields: tuple[Proposed, ...], unticked: set[str]) -> None:
        """Show fields; those in ``unticked`` stay without a tick."""
        row = max(self.currentRow(), 0)
        self.setRowCount(len(fields))
        for place, proposed in enumerate(fields):
            name = QTableWidgetItem(proposed.field.label)
            name.setData(Qt.ItemDataRole.UserRole, proposed.field.key)
            name.setFlags(name.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            on = proposed.field.key not in unticked
            name.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)
            value = QTableWidgetItem(" ".join(proposed.shown.split()))
            value.setToolTip(proposed.shown)
            sure = QTableWidgetItem(_WORDS[proposed.confidence])
            sure.setForeground(theme.color(_TOKENS[proposed.confidence]))
            sure.setToolTip(proposed.note or (f"工单里写的是：{proposed.words[:80]}" if proposed.words else ""))
            for column, item in enumerate((name, value, sure)):
                self.setItem(place, column, item)
        if fields:
            self.setCurrentCell(min(row, len(fields) - 1), 0)

    def ticked(self) -> set[str]:
        """Keys of the fields to be taken over."""
        return {key for key, on in self._states() if on}

    def unticked(self) -> set[str]:
        """Keys of the fields that were unticked."""
        return {key for key, on in self._states() if not on}

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space ticks or unticks."""
        item = self.item(self.currentRow(), 0)
        if event.key() == Qt.Key.Key_Space and item is not None:
            on = item.checkState() == Qt.CheckState.Checked
            item.setCheckState(Qt.CheckState.Unchecked if on else Qt.CheckState.Checked)
            return
        super().keyPressEvent(event)

    def _states(self) -> list[tuple[str, bool]]:
        items = [item for row in range(self.rowCount()) if (item := self.item(row, 0)) is not None]
        return [(item.data(Qt.ItemDataRole.UserRole), item.checkState() == Qt.CheckState.Checked) for item in items]


class PasteTicketDialog(QDialog):
    """Text and fields; when it is accepted, ``record`` is a new, unsaved record with the ticked fields."""

    def __init__(self, session: Session, ledger: Ledger, parent: QWidget | None = None) -> None:
        """Prepare the dialog; a text on the clipboard is taken at once."""
        super().__init__(parent)
        help_key.bind(self, "paste")
        self._session, self._ledger = session, ledger
        self._proposal = Proposal("", ())
        self.record: Record | None = None
        self.text = QPlainTextEdit()
        self.table = FieldTable()
        self.use_button = button("填入登记表", PRIMARY, shortcut="Ctrl+Enter")
        self.cancel_button = button("取消", GHOST, shortcut="Esc")
        self._words = label("", fonts.SECOND, tone="2", wrap=True)
        self._patience = QTimer(self, singleShot=True, interval=_PATIENCE_MS)
        self._build()
        self._bind()
        draft = TypedDraft(self, session, Parts({"text": self.text}), given_up=self._take_clipboard)
        if not draft.begin(f"ticket.{ledger.key}", "粘贴工单"):
            self._take_clipboard()
        self._recognise()

    def accept(self) -> None:
        """Hand over what is ticked; without a text nothing happens."""
        self._recognise()
        if self._proposal.fields:
            self.record = tickets.record(self._session, self._ledger, self._proposal, self.table.ticked())
            super().accept()

    def _build(self) -> None:
        self.setWindowTitle("粘贴工单")
        self.resize(theme.px(_WIDTH), theme.px(_HEIGHT))
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName("工单文字")
        self.text.setPlaceholderText("在这里粘贴工单文字")
        note = "没有勾选的内容也不会丢，都放进备注"
        buttons = (self.cancel_button, self.use_button)
        two_sided.lay_out(self, self._words, self.text, self.table, note, buttons, widths=(4, 5))

    def _bind(self) -> None:
        self.text.textChanged.connect(self._patience.start)
        self._patience.timeout.connect(self._recognise)
        self.use_button.clicked.connect(self.accept)
        self.cancel_button.clicked.connect(self.reject)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self).activated.connect(self.accept)

    def _take_clipboard(self) -> None:
        pasted = QGuiApplication.clipboard().text()
        if len(pasted.strip()) >= _AT_LEAST:
            self.text.setPlainText(pasted)

    def _recognise(self) -> None:
        """Bring the fields in line with the text; ticks taken away stay away."""
        self._patience.stop()
        text = self.text.toPlainText()
        self._proposal = tickets.recognise(self._session, self._ledger, text) if text.strip() else Proposal("", ())
        self.table.fill(self._proposal.fields, self.table.unticked())
        some = bool(self._proposal.fields)
        self.use_button.setEnabled(some)
        self.use_button.setToolTip("" if some else "先在左边粘贴工单文字")
        self._words.setText(self._told(some))

    def _told(self, some: bool) -> str:
        if not some:
            return _EMPTY
        if not self._proposal.layout:
            return _UNKNOWN
        return f"认出是{self._proposal.layout}。请核对，不要的用空格去掉勾。"


def ask(session: Session, ledger: Ledger, parent: QWidget | None) -> Record | None:
    """Show the dialog; the unsaved record, or None when the officer gave up."""
    dialog = PasteTicketDialog(session, ledger, parent)
    dialog.exec()
    dialog.deleteLater()
    return dialog.record
