"""定稿: number, addressee and days of an issue, with what is still open; what was filed, opened again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QGridLayout, QLineEdit, QVBoxLayout, QWidget

from xiaobao_desktop.domain.ledgers.filing import LEDGER
from xiaobao_desktop.services.complaint_filing import Point
from xiaobao_desktop.services.filing import Details, Draft
from xiaobao_desktop.services.leaving import WayOut
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import fonts, theme
from xiaobao_desktop.ui.dialogs.paper_dialog import SavingDialog
from xiaobao_desktop.ui.dialogs.scrolled import ScrolledDialog
from xiaobao_desktop.ui.editors import Editor, make_editor
from xiaobao_desktop.ui.typed_draft import Parts, TypedDraft
from xiaobao_desktop.ui.widgets.buttons import PRIMARY, button
from xiaobao_desktop.ui.widgets.cards import Notice
from xiaobao_desktop.ui.widgets.form_field import LabelledField
from xiaobao_desktop.ui.widgets.labels import label
from xiaobao_desktop.ui.widgets.point_list import PointList

_EXPLAINED = (
    "定稿后文件按原样逐字节存进账簿，文号和日期印在上面。以后这些记录再有变动，只计“此后变动 N 件”，不改已报出的文件。"
)
TITLE = "定稿"


class FileReportDialog(ScrolledDialog):
    """Asks for the details of an issue.

    Attributes:
        asked: what the officer wanted to look at instead: key of a ledger, ids, words; None when she filed.
    """

    def __init__(
        self, session: Session, draft: Draft, points: Sequence[Point], number: str, parent: QWidget | None = None
    ) -> None:
        """Make the dialog.

        Args:
            session: the open book.
            draft: what would be filed.
            points: what to look at before.
            number: the 文号 to begin with.
            parent: owner.
        """
        super().__init__(TITLE, LEDGER.key, 560, 520, parent)
        self.asked: tuple[str, tuple[int, ...], str] | None = None
        self._today = session.today()
        self.number = QLineEdit(number)
        self.number.setPlaceholderText(LEDGER.field("document_number").hint)
        self.addressee = QLineEdit(draft.built.document.addressee.rstrip("：:"))
        self.addressee.setPlaceholderText(LEDGER.field("addressee").hint)
        self.filed_on: Editor = make_editor(LEDGER.field("filed_on"), session)
        self.filed_on.set_value(self._today.isoformat())
        self.due_on: Editor = make_editor(LEDGER.field("due_on"), session)
        if draft.pending is not None:
            self.due_on.set_value(draft.pending.values.get("due_on"))
            self.addressee.setText(self.addressee.text() or str(draft.pending.values.get("addressee") or ""))
        self._fields = {
            "filed_on": LabelledField("实报日", self.filed_on, required=True, help_text="印在报告落款处"),
            "due_on": LabelledField("应报日", self.due_on, help_text="没有规定期限可不填"),
        }
        self.points = PointList()
        self.points.asked.connect(self._look)
        self.points.show_points(f"定稿前请看 {len(points)} 处", points)
        self.file_button = button(TITLE, PRIMARY, icon="stamp", shortcut="Ctrl+S")
        self.file_button.clicked.connect(self.file)
        QShortcut(QKeySequence("Ctrl+S"), self).activated.connect(self.file)
        for editor in (self.filed_on, self.due_on):
            editor.advance.connect(self.focusNextChild)
        self.count.setText(f"{draft.built.title}·第 {draft.version} 版")
        self.show_body(self._made(draft))
        self.close_button.setText("取消  Esc")
        self.foot.addStretch(1)
        self.foot.addWidget(self.close_button)
        self.foot.addWidget(self.file_button)
        parts = {"number": self.number, "addressee": self.addressee, "on": self.filed_on, "due": self.due_on}
        title = f"{TITLE} {draft.built.title}"
        TypedDraft(self, session, Parts(parts)).begin(f"file_report.{draft.built.title}.{draft.version}", title)

    def showEvent(self, event: QShowEvent) -> None:
        """The number has the keyboard."""
        super().showEvent(event)
        self.number.setFocus()
        self.number.end(False)

    @property
    def details(self) -> Details:
        """What was entered; to be read after the dialog was accepted."""
        due = self.due_on.value()
        return Details(
            filed_on=date.fromisoformat(str(self.filed_on.value())),
            document_number=self.number.text().strip(),
            addressee=self.addressee.text().strip(),
            due_on=date.fromisoformat(str(due)) if due else None,
        )

    def file(self) -> None:
        """Accept what was entered, unless a day cannot be."""
        reasons = {"filed_on": self._filed_problem(), "due_on": self.due_on.problem()}
        for key, reason in reasons.items():
            self._fields[key].complain(reason)
        wrong = next((key for key, reason in reasons.items() if reason), "")
        if wrong:
            {"filed_on": self.filed_on, "due_on": self.due_on}[wrong].control.setFocus()
            return
        self.accept()

    def _filed_problem(self) -> str:
        if self.filed_on.problem():
            return self.filed_on.problem()
        value = self.filed_on.value()
        if not value:
            return "请填哪一天报出"
        return "这一天还没有到，请填实际报出的日期" if str(value) > self._today.isoformat() else ""

    def _look(self, ledger: str, ids: tuple[int, ...], words: str) -> None:
        self.asked = (ledger, ids, words)
        self.reject()

    def _made(self, draft: Draft) -> QWidget:
        body = QWidget()
        column = QVBoxLayout(body)
        edge = theme.px(20)
        column.setContentsMargins(edge, theme.px(14), edge, theme.px(14))
        column.setSpacing(theme.px(12))
        if draft.versions:
            words = f"这是更正稿：定为第 {draft.version} 版，第 {draft.versions[0].version} 版原样留着，标为已更正。"
            column.addWidget(Notice(words, "blue", "info"))
        elif draft.pending is not None:
            words = f"报送计划里有这一件（{draft.pending.number}），定稿后它就算已报，不另记一条。"
            column.addWidget(Notice(words, "blue", "info"))
        column.addWidget(LabelledField("文号", self.number, help_text="没有文号可不填"))
        column.addWidget(LabelledField("主送", self.addressee))
        days = QGridLayout()
        days.setHorizontalSpacing(theme.px(16))
        for place, field in enumerate(self._fields.values()):
            days.addWidget(field, 0, place)
        column.addLayout(days)
        column.addWidget(self.points)
        column.addWidget(label(_EXPLAINED, fonts.SECOND, tone="2", wrap=True))
        column.addStretch(1)
        return body


class FiledDialog(SavingDialog):
    """A filed issue as it went out: looked at, printed, saved; every way gives the kept bytes."""

    def __init__(
        self, way: WayOut, title: str, file_name: str, contents: Mapping[str, bytes], parent: QWidget | None = None
    ) -> None:
        """Show the kept files; ``contents`` are their bytes by format, a PDF among them."""
        super().__init__(way, title, file_name, LEDGER.key, parent)
        self._contents = dict(contents)
        self.word_button.setVisible("docx" in self._contents)
        self.draw(lambda: self.content("pdf"))

    def content(self, file_format: str) -> bytes:
        """The kept bytes."""
        return self._contents[file_format]
