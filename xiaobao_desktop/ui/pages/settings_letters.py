"""The panel 文书 of the settings: the texts of letters and of 回填, edited, looked at, and taken back."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QTextOption
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from xiaobao_desktop.errors import UserError
from xiaobao_desktop.services import complaint_papers, letter_templates
from xiaobao_desktop.services.letter_templates import TEMPLATES, LetterTemplate
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import fonts, theme
from xiaobao_desktop.ui.dialogs.error_dialog import show_user_error
from xiaobao_desktop.ui.dialogs.leave import may_leave
from xiaobao_desktop.ui.typed_draft import Parts, TypedDraft
from xiaobao_desktop.ui.widgets.buttons import PRIMARY, button
from xiaobao_desktop.ui.widgets.cards import FieldError, mark_wrong
from xiaobao_desktop.ui.widgets.labels import hairline, label

_SIDE, _ROW, _PAUSE_MS = 200, 34, 300
_HINT = "每一行是一段。双花括号里是占位，出文书时换成这一件投诉的内容；没有内容的印成一条横线，可以手写。"
_CONDITION = "{%"
_CONDITIONS = "带百分号的花括号是“有内容才印”的记号，从 if 到 endif 是一对：中间的字可以改，记号请照原样留着。"
_OWN = "　本行已改"


class LettersPanel(QWidget):
    """The list of texts at the left, the chosen one beside it. ``done`` carries a note for the toast."""

    done = Signal(str)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.list = QListWidget()
        self.list.setAccessibleName("文书")
        self.list.setProperty("look", "menu")
        self.editor = QPlainTextEdit()
        self.editor.setAccessibleName("文书的文字")
        self.editor.setTabChangesFocus(True)
        self.editor.setWordWrapMode(QTextOption.WrapMode.WrapAnywhere)
        self.error = FieldError()
        # Told only where such a mark stands: most texts have none.
        self.conditions = label(_CONDITIONS, fonts.SECOND, tone="2", wrap=True)
        self.names = QComboBox()
        self.names.setAccessibleName("占位")
        self.names.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.names.addItems(list(letter_templates.placeholders()))
        self.insert_button = button("插入占位")
        self.look_button = button("预览", icon="eye")
        self.restore_button = button("恢复原文")
        self.save_button = button("保存", PRIMARY)
        self._shown: LetterTemplate = TEMPLATES[0]
        self._kept, self._is_own = "", False
        self._checking = QTimer(self)
        self._checking.setSingleShot(True)
        self._checking.setInterval(_PAUSE_MS)
        self._build()
        self._bind()
        self._draft = TypedDraft(self, session, Parts({"text": self.editor}), self._right)
        self.load()

    def load(self) -> None:
        """Show what the book has, and mark the texts that are the bank's own."""
        self.list.blockSignals(True)
        self.list.clear()
        for item in TEMPLATES:
            own = _OWN if letter_templates.own(self.session, item.name) else ""
            entry = QListWidgetItem(f"{item.title}{own}")
            entry.setData(Qt.ItemDataRole.UserRole, item.name)
            entry.setSizeHint(QSize(0, theme.px(_ROW)))
            self.list.addItem(entry)
        self.list.setCurrentRow(TEMPLATES.index(self._shown))
        self.list.blockSignals(False)
        # Kept here: the book may be closed while the check after typing still waits.
        self._is_own = bool(letter_templates.own(self.session, self._shown.name))
        self._kept = letter_templates.source(self.session, self._shown.name)
        self.editor.setPlainText(self._kept)
        self._draft.begin(f"letter.{self._shown.name}", f"文书“{self._shown.title}”的文字")
        self._check()

    def unsaved(self) -> list[str]:
        """Names of what was typed and is not saved."""
        return [f"“{self._shown.title}”的文字"] if self._changed() else []

    def give_up(self) -> None:
        """Show the text as the book has it."""
        self.load()

    def choose(self, name: str) -> None:
        """Show another text."""
        self.list.setCurrentRow([item.name for item in TEMPLATES].index(name))

    def save(self) -> None:
        """Keep the text as the bank's own; a broken one stays on the screen with its fault."""
        if not self._check():
            self.editor.setFocus()
            return
        letter_templates.save(self.session, self._shown.name, self.editor.toPlainText())
        self.load()
        self.done.emit(f"已保存“{self._shown.title}”，以后出的文书都用它")

    def restore(self) -> None:
        """Go back to the shipped text."""
        if self._changed() and not may_leave(self.unsaved(), self):
            return
        letter_templates.restore(self.session, self._shown.name)
        self.load()
        self.done.emit(f"“{self._shown.title}”已恢复原文")

    def look(self) -> None:
        """Show the text as a paper, each placeholder standing for itself."""
        from xiaobao_desktop.services.leaving import WayOut
        from xiaobao_desktop.ui.dialogs.paper_dialog import PaperDialog

        try:
            built = complaint_papers.example(self.session, self._shown.name, self.editor.toPlainText())
        except UserError as error:
            show_user_error(error, self)
            return
        PaperDialog(WayOut(self.session, built.file_name), built, self.window()).exec()

    # Making

    def _build(self) -> None:
        edge = theme.px(20)
        self.list.setFixedWidth(theme.px(_SIDE))
        self.error.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        tools = QHBoxLayout()
        tools.setSpacing(theme.px(8))
        tools.addWidget(self.names)
        tools.addWidget(self.insert_button)
        tools.addStretch(1)
        for made in (self.look_button, self.restore_button, self.save_button):
            tools.addWidget(made)
        self._right = right = QVBoxLayout()
        right.setContentsMargins(edge, theme.px(14), edge, theme.px(14))
        right.setSpacing(theme.px(8))
        right.addWidget(label(_HINT, fonts.SECOND, tone="2", wrap=True))
        right.addWidget(self.conditions)
        right.addWidget(self.editor, 1)
        right.addWidget(self.error)
        right.addLayout(tools)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        left = QVBoxLayout()
        left.setContentsMargins(theme.px(8), theme.px(8), theme.px(8), theme.px(8))
        left.addWidget(self.list)
        whole.addLayout(left)
        whole.addWidget(hairline(vertical=True))
        whole.addLayout(right, 1)

    def _bind(self) -> None:
        self.list.currentRowChanged.connect(self._row_changed)
        self.editor.textChanged.connect(self._typed)
        self._checking.timeout.connect(self._check)
        self.insert_button.clicked.connect(self._insert)
        self.look_button.clicked.connect(self.look)
        self.restore_button.clicked.connect(self.restore)
        self.save_button.clicked.connect(self.save)

    def _row_changed(self, row: int) -> None:
        if row < 0 or TEMPLATES[row] == self._shown:
            return
        if not may_leave(self.unsaved(), self):
            # Not at once: the list is still busy with the row that was clicked.
            QTimer.singleShot(0, self, lambda: self.list.setCurrentRow(TEMPLATES.index(self._shown)))
            return
        self._shown = TEMPLATES[row]
        self.load()

    def _changed(self) -> bool:
        return self.editor.toPlainText() != self._kept

    def _typed(self) -> None:
        self.save_button.setEnabled(self._changed())
        self._checking.start()

    def _check(self) -> bool:
        """Say below the text what is wrong with it; True when nothing is."""
        try:
            letter_templates.example(self._shown.name, self.editor.toPlainText())
            fault = ""
        except UserError as error:
            fault = error.message
        self.conditions.setVisible(_CONDITION in self.editor.toPlainText())
        self.error.say(fault)
        mark_wrong(self.editor, bool(fault))
        self.look_button.setEnabled(not fault)
        self.save_button.setEnabled(self._changed())
        self.restore_button.setEnabled(self._is_own)
        return not fault

    def _insert(self) -> None:
        self.editor.insertPlainText(f"{{{{{self.names.currentText()}}}}}")
        self.editor.setFocus()
