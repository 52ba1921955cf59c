"""The days off of a year, read from the pasted lines of the State Council's notice and shown before they are kept."""

from __future__ import annotations

from datetime import date

from PySide6.QtWidgets import QComboBox, QDialog, QPlainTextEdit, QVBoxLayout, QWidget

from xiaobao_desktop.domain.calendar import Year
from xiaobao_desktop.errors import UserError
from xiaobao_desktop.services import rule_editing
from xiaobao_desktop.services.records import Changed
from xiaobao_desktop.services.rule_editing import NoticeUnread
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import fonts, help_key, theme
from xiaobao_desktop.ui.dialogs.error_dialog import show_user_error
from xiaobao_desktop.ui.dialogs.form_foot import save_foot
from xiaobao_desktop.ui.dialogs.leave import may_leave
from xiaobao_desktop.ui.widgets.cards import FieldError, scrolling
from xiaobao_desktop.ui.widgets.form_field import LabelledField
from xiaobao_desktop.ui.widgets.labels import hairline, label

_WIDTH, _HEIGHT, _PASTE = 520, 500, 150
_EXAMPLE = "春节：2月15日（周日）至23日（周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。"


class HolidayYearDialog(QDialog):
    """Takes the notice of a year.

    Attributes:
        changed: what was changed; None until it was kept.
    """

    def __init__(self, session: Session, year: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        help_key.bind(self, "settings")
        self._session = session
        self.changed: Changed | None = None
        self.read: Year | None = None
        self.year = QComboBox()
        this_year = session.today().year
        for each in range(this_year - 1, this_year + 3):
            self.year.addItem(f"{each} 年", each)
        self.year.setCurrentIndex(self.year.findData(year))
        self.text = QPlainTextEdit()
        self.text.setPlaceholderText(f"把国务院办公厅放假通知里的各行贴到这里，如：\n{_EXAMPLE}")
        self.text.setTabChangesFocus(True)
        self.text.setFixedHeight(theme.px(_PASTE))
        self.found = label("", fonts.SECOND, wrap=True)
        self.problem = FieldError()
        self._build()
        self.text.textChanged.connect(self._show)
        self.year.currentIndexChanged.connect(lambda _index: self._show())
        self._show()
        self.text.setFocus()

    def chosen_year(self) -> int:
        """The year that the notice is for."""
        return int(self.year.currentData())

    def save(self) -> None:
        """Keep what was read and close."""
        if self.read is None:
            self.text.setFocus()
            return
        try:
            self.changed = rule_editing.put_year(self._session, self.chosen_year(), self.read)
        except UserError as error:
            show_user_error(error, self)
            return
        self.accept()

    def reject(self) -> None:
        """Ask when something pasted would be lost."""
        if may_leave(["放假安排"] if self.text.toPlainText().strip() else [], self):
            super().reject()

    def _show(self) -> None:
        """Say at once what was read."""
        text, self.read, reason = self.text.toPlainText(), None, ""
        if text.strip():
            try:
                self.read = rule_editing.read_year(text, self.chosen_year())
            except NoticeUnread as error:
                reason = str(error)
        self.problem.say(reason)
        self.found.setText(described(self.read) if self.read else "")
        self.save_button.setEnabled(self.read is not None)

    def _build(self) -> None:
        self.setWindowTitle("录入放假安排")
        self.resize(theme.px(_WIDTH), theme.px(_HEIGHT))
        content = QWidget()
        column = QVBoxLayout(content)
        edge = theme.px(20)
        column.setContentsMargins(edge, theme.px(16), edge, theme.px(16))
        column.setSpacing(theme.px(12))
        column.addWidget(label("录入放假安排", fonts.PAGE_TITLE, medium=True))
        column.addWidget(LabelledField("哪一年", self.year))
        column.addWidget(LabelledField("通知原文", self.text, required=True))
        column.addWidget(self.problem)
        column.addWidget(self.found)
        column.addStretch(1)
        foot, self.save_button = save_foot(self, self.save)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(scrolling(content, self), 1)
        whole.addWidget(hairline())
        whole.addLayout(foot)


def described(known: Year) -> str:
    """The days off and make-up workdays of a year in lines."""
    lines = [
        f"{name}：{_short(first)} 到 {_short(last)}，{(last - first).days + 1} 天"
        if first != last
        else f"{name}：{_short(first)}"
        for name, first, last in rule_editing.spans(known)
    ]
    worked = "、".join(_short(day) for day in sorted(known.workdays))
    return "\n".join([*lines, f"调休上班：{worked}" if worked else "没有调休上班的日子"])


def _short(day: date) -> str:
    return f"{day.month}月{day.day}日"
