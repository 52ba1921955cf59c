"""回填: the fields of a regulator's system in its order, each with a button that copies its text."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from xiaobao_desktop.services import complaint_back_fill
from xiaobao_desktop.services.complaint_back_fill import FORMS, Filled, Form
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import clipboard, fonts, help_key, theme
from xiaobao_desktop.ui.widgets.buttons import SECONDARY, button
from xiaobao_desktop.ui.widgets.cards import Notice, scrolling
from xiaobao_desktop.ui.widgets.labels import hairline, label
from xiaobao_desktop.ui.widgets.segmented import Segmented

WIDTH, HEIGHT = 640, 600
COPY, COPIED = "复制", "已复制"
_KEYS = 9
"""So many fields have a key of their own: Alt+1 …"""


class FieldRow(QFrame):
    """One field: its name, its text, what is lacking in it, and the button that copies the text as it stands."""

    def __init__(self, number: int, filled: Filled) -> None:
        super().__init__()
        self.filled = filled
        self.setProperty("look", "card")
        key = f"Alt+{number}" if number <= _KEYS else ""
        self.copy_button = button(COPY, SECONDARY, icon="copy", shortcut=key)
        self.copy_button.setAccessibleName(f"复制{filled.label}")
        self.copy_button.setEnabled(bool(filled.text))
        self.copy_button.setToolTip("" if filled.text else "还没有内容")
        self._key = key
        self.copy_button.clicked.connect(self.copy)
        top = QHBoxLayout()
        top.addWidget(label(filled.label, medium=True))
        top.addStretch(1)
        top.addWidget(self.copy_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.px(12), theme.px(8), theme.px(12), theme.px(10))
        column.setSpacing(theme.px(4))
        column.addLayout(top)
        if filled.text:
            words = label(filled.text, wrap=True)
            words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            column.addWidget(words)
        if filled.lacking:
            column.addWidget(label(f"待补：{'、'.join(filled.lacking)}", fonts.SECOND, tone="amber", wrap=True))

    def copy(self) -> None:
        """Put the text on the clipboard."""
        if self.filled.text:
            clipboard.copy_personal(self.filled.text)
            self.show_copied(copied=True)
            self.copy_button.setToolTip(clipboard.NOTE)

    def show_copied(self, *, copied: bool) -> None:
        """Say on the button that this field is the one on the clipboard."""
        self.copy_button.setText(f" {COPIED if copied else COPY}{f'  {self._key}' if self._key else ''}")


class BackFillDialog(QDialog):
    """Shows the fields of one case; Alt+1–9 or Enter on a button copies one, the focus then stands on the next."""

    def __init__(self, session: Session, record_id: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        help_key.bind(self, "papers")
        self.setWindowTitle("回填")
        self._session, self._record_id = session, record_id
        self.rows: list[FieldRow] = []
        usual = complaint_back_fill.usual(session, record_id)
        self.forms = Segmented([(form.template, form.label) for form in FORMS])
        self.forms.choose(usual.template)
        self.forms.chosen.connect(self._choose)
        self.basis = label("", fonts.SECOND, tone="2", wrap=True)
        self.fault = Notice("", "amber")
        self.area = scrolling(QWidget())
        self.close_button = button("关闭", shortcut="Esc")
        self.close_button.clicked.connect(self.reject)
        self._build()
        for number in range(1, _KEYS + 1):
            keys = QShortcut(QKeySequence(f"Alt+{number}"), self)
            keys.activated.connect(lambda place=number - 1: self.copy(place))
        self.show_form(usual)

    def show_form(self, form: Form) -> None:
        """Read the case and show the fields of a form."""
        found = complaint_back_fill.read(self._session, self._record_id, form)
        self.basis.setText(form.basis)
        self.fault.set_text(found.fault)
        self.rows = [FieldRow(number, filled) for number, filled in enumerate(found.fields, start=1)]
        body = QWidget()
        column = QVBoxLayout(body)
        edge = theme.px(16)
        column.setContentsMargins(edge, theme.px(10), edge, edge)
        column.setSpacing(theme.px(8))
        for place, row in enumerate(self.rows):
            row.copy_button.clicked.connect(lambda _checked=False, at=place: self._copied(at))
            column.addWidget(row)
        column.addStretch(1)
        self.area.setWidget(body)
        self._focus_from(0)

    def copy(self, place: int) -> None:
        """Copy one field."""
        if place < len(self.rows) and self.rows[place].copy_button.isEnabled():
            self.rows[place].copy_button.click()

    def _copied(self, place: int) -> None:
        """Only one text is on the clipboard: the others say 复制 again; the next one waits for Enter."""
        for at, row in enumerate(self.rows):
            row.show_copied(copied=at == place)
        self._focus_from(place + 1)

    def _focus_from(self, place: int) -> None:
        waiting = [row.copy_button for row in self.rows[place:] if row.copy_button.isEnabled()]
        target: QPushButton = waiting[0] if waiting else self.close_button
        target.setFocus()
        self.area.ensureWidgetVisible(target)

    def _choose(self, template: str) -> None:
        self.show_form(next(form for form in FORMS if form.template == template))

    def _build(self) -> None:
        over = self.parentWidget()
        most = over.window().height() - theme.px(20) if over is not None else theme.px(HEIGHT)
        self.resize(theme.px(WIDTH), min(theme.px(HEIGHT), most))
        edge = theme.px(16)
        head = QVBoxLayout()
        head.setContentsMargins(edge, theme.px(12), edge, theme.px(8))
        head.setSpacing(theme.px(6))
        choice = QHBoxLayout()
        choice.addWidget(self.forms)
        choice.addStretch(1)
        head.addLayout(choice)
        head.addWidget(self.basis)
        head.addWidget(self.fault)
        foot = QHBoxLayout()
        foot.setContentsMargins(edge, theme.px(10), edge, theme.px(10))
        foot.addStretch(1)
        foot.addWidget(self.close_button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(head)
        whole.addWidget(hairline())
        whole.addWidget(self.area, 1)
        whole.addWidget(hairline())
        whole.addLayout(foot)
