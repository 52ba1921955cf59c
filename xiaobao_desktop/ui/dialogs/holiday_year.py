"""The days off of a year, read from the pasted lines of the State Council's notice and shown before they are kept."""

from __future__ import annotations

from datetime import date

from PySide6.QtWidgets import QComboBox, QPlainTextEdit, QWidget

from xiaobao_desktop.domain.calendar import Year
from xiaobao_desktop.services import rule_editing
from xiaobao_desktop.services.records import Changed
from xiaobao_desktop.services.rule_editing import NoticeUnread
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import fonts, theme
from xiaobao_desktop.ui.dialogs.form_dialog import FormDialog
from xiaobao_desktop.ui.typed_draft import Parts, TypedDraft
from xiaobao_desktop.ui.widgets.cards import FieldError
from xiaobao_desktop.ui.widgets.form_field import LabelledField
from xiaobao_desktop.ui.widgets.labels import label

_WIDTH, _HEIGHT, _PASTE = 520, 500, 150
_EXAMPLE = "春节：2月15日（周日）至23日（周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。"


class HolidayYearDialog(FormDialog[Changed]):
    """Takes the notice of a year."""

    what = "放假安排"

    def __init__(self, session: Session, year: int, parent: QWidget | None = None) -> None:
        super().__init__("settings", parent)
        self._session = session
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
        TypedDraft(self, session, Parts({"year": self.year, "text": self.text})).begin("holiday_year", "录入放假安排")
        self.text.setFocus()

    def chosen_year(self) -> int:
        """The year that the notice is for."""
        return int(self.year.currentData())

    def save(self) -> None:
        """Keep what was read and close."""
        read = self.read
        if read is None:
            self.text.setFocus()
            return
        self._keep(lambda: rule_editing.put_year(self._session, self.chosen_year(), read))

    def is_touched(self) -> bool:
        """Whether something was pasted."""
        return bool(self.text.toPlainText().strip())

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
        self.resize(theme.px(_WIDTH), theme.px(_HEIGHT))
        year, notice = LabelledField("哪一年", self.year), LabelledField("通知原文", self.text, required=True)
        self._lay_out("录入放假安排", (year, notice, self.problem, self.found))


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
