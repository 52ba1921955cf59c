"""What is asked before records are destroyed, or kept: approval and confirmation, years, the reason of a mark."""

from __future__ import annotations

from datetime import date

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QGridLayout, QLineEdit, QVBoxLayout, QWidget

from xiaobao_desktop.domain.fields import Field, Kind
from xiaobao_desktop.errors import UserError
from xiaobao_desktop.services import erasing, retention
from xiaobao_desktop.services.erasing import Approval
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import fonts, help_key, theme
from xiaobao_desktop.ui.dialogs.confirm import ConfirmDialog
from xiaobao_desktop.ui.dialogs.scrolled import ScrolledDialog
from xiaobao_desktop.ui.editors import make_editor
from xiaobao_desktop.ui.typed_draft import Parts, TypedDraft
from xiaobao_desktop.ui.widgets.buttons import PRIMARY, button
from xiaobao_desktop.ui.widgets.cards import FieldError, mark_wrong
from xiaobao_desktop.ui.widgets.form_field import LabelledField
from xiaobao_desktop.ui.widgets.labels import label

_WARNING = (
    "姓名、电话、证件号、各项文字和附件从台账、修改历史、搜索和附件库里清除，谁也恢复不了，撤销也没有用；"
    "编号、日期、分类和数字留着，以前报表的数字不变。销毁前不另做备份。"
)
_REASON = "保管期满"


class ApprovalDialog(ConfirmDialog):
    """Asks who agreed, and has the officer type what will happen; ``approval`` and ``typed`` once it was accepted."""

    def __init__(self, session: Session, count: int, parent: QWidget | None = None) -> None:
        """Ask about ``count`` records."""
        self._phrase, self._today = erasing.phrase(count), session.today()
        self.approver, self.document = QLineEdit(), QLineEdit()
        self.approver.setPlaceholderText("如 李建国（分管行长）")
        self.document.setPlaceholderText("如 某行消保〔2032〕3号，没有可不填")
        self.reason, self.confirmation = QLineEdit(_REASON), QLineEdit()
        self.approved_on = make_editor(Field("approved_on", "批准日期", Kind.DATE), session)
        self.approved_on.set_value(self._today.isoformat())
        self._fields = {
            "approver": LabelledField("批准人", self.approver, required=True),
            "approved_on": LabelledField("批准日期", self.approved_on, required=True),
            "document": LabelledField("批准文号", self.document),
            "reason": LabelledField("销毁原因", self.reason, required=True),
            "confirmation": LabelledField(f"确认：请照样输入“{self._phrase}”", self.confirmation, required=True),
        }
        super().__init__(
            f"销毁这 {count} 件记录的内容？", _WARNING, yes="销毁", danger=True, extra=self._form(), parent=parent
        )
        help_key.bind(self, "erasing")
        # What confirms it is typed anew each time.
        parts = {"approver": self.approver, "document": self.document, "reason": self.reason, "on": self.approved_on}
        TypedDraft(self, session, Parts(parts), given_up=self.fit).begin("erasing.approval", "销毁的批准")

    @property
    def approval(self) -> Approval:
        """What was entered."""
        day = self.approved_on.value()
        texts = [line.text().strip() for line in (self.approver, self.document, self.reason)]
        return Approval(texts[0], date.fromisoformat(str(day)) if day else None, texts[1], texts[2])

    @property
    def typed(self) -> str:
        """What was typed as confirmation."""
        return self.confirmation.text().strip()

    def showEvent(self, event: QShowEvent) -> None:
        """The approver is asked first."""
        super().showEvent(event)
        self.approver.setFocus()

    def accept(self) -> None:
        """Go on when everything is there."""
        reasons = {
            "approver": "" if self.approver.text().strip() else "请填批准人",
            "approved_on": self._day_problem(),
            "reason": "" if self.reason.text().strip() else "请填销毁原因",
            "confirmation": "" if self.typed == self._phrase else f"请照样输入“{self._phrase}”",
        }
        for key, reason in reasons.items():
            self._fields[key].complain(reason)
        if any(reasons.values()):
            self.fit()
            first = next(key for key, reason in reasons.items() if reason)
            self._fields[first].editor.setFocus()
            return
        super().accept()

    def _day_problem(self) -> str:
        if self.approved_on.problem():
            return self.approved_on.problem()
        day = self.approved_on.value()
        if not day:
            return "请填批准日期"
        return "这一天还没有到，请填实际批准的日期" if str(day) > self._today.isoformat() else ""

    def _form(self) -> QWidget:
        form = QWidget()
        grid = QGridLayout(form)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.px(12))
        grid.setVerticalSpacing(theme.px(10))
        grid.addWidget(self._fields["approver"], 0, 0)
        grid.addWidget(self._fields["approved_on"], 0, 1)
        grid.addWidget(self._fields["document"], 1, 0, 1, 2)
        grid.addWidget(self._fields["reason"], 2, 0, 1, 2)
        grid.addWidget(self._fields["confirmation"], 3, 0, 1, 2)
        return form


class HoldDialog(ConfirmDialog):
    """Asks why a record is to be kept; ``reason`` once it was accepted."""

    def __init__(self, session: Session, number: str, parent: QWidget | None = None) -> None:
        """Ask about the record with this number."""
        self.line, self.problem = QLineEdit(), FieldError()
        self.line.setPlaceholderText("如 法院正在审理")
        extra = QWidget()
        column = QVBoxLayout(extra)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(label("为什么保留", tone="2"))
        column.addWidget(self.line)
        column.addWidget(self.problem)
        text = "有诉讼、仲裁、检查等事情还没有了结的，标记保留；取消标记以前不能销毁。"
        super().__init__(f"保留 {number}？", text, yes="保留", extra=extra, parent=parent)
        help_key.bind(self, "erasing")
        TypedDraft(self, session, Parts({"reason": self.line}), given_up=self.fit).begin(
            f"erasing.hold.{number}", f"保留 {number} 的原因"
        )
        self.line.setAccessibleName("为什么保留")
        self.line.setFocus()

    @property
    def reason(self) -> str:
        """What was typed."""
        return self.line.text().strip()

    def accept(self) -> None:
        """Go on when a reason was given."""
        if not self.reason:
            mark_wrong(self.line, True)
            self.problem.say("请写明原因")
            self.fit()
            return
        super().accept()


class YearsDialog(ScrolledDialog):
    """How many years each ledger keeps its records; never fewer than its floor."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__("保管年限", "erasing", 660, 600, parent)
        self._session = session
        self.terms = retention.terms(session)
        self.lines = {term.ledger.key: QLineEdit(str(term.years)) for term in self.terms}
        self.problem = FieldError()
        self.save_button = button("保存", PRIMARY, shortcut="Ctrl+S")
        self.save_button.clicked.connect(self.save)
        self.close_button.setText("取消  Esc")
        self.foot.addStretch(1)
        self.foot.addWidget(self.close_button)
        self.foot.addWidget(self.save_button)
        self.show_body(self._body())
        TypedDraft(self, session, Parts(self.lines)).begin("erasing.years", "保管年限")

    def save(self) -> None:
        """Keep what was typed; stays open when a number cannot be."""
        for line in self.lines.values():
            mark_wrong(line, False)
        for term in self.terms:
            line = self.lines[term.ledger.key]
            try:
                retention.set_years(self._session, term, line.text())
            except UserError as error:
                mark_wrong(line, True)
                self.problem.say(error.message)
                line.setFocus()
                return
        self.accept()

    def _body(self) -> QWidget:
        body = QWidget()
        grid = QGridLayout(body)
        grid.setContentsMargins(theme.px(20), theme.px(12), theme.px(20), theme.px(12))
        grid.setHorizontalSpacing(theme.px(12))
        grid.setVerticalSpacing(theme.px(8))
        grid.setColumnStretch(3, 1)
        for row, term in enumerate(self.terms):
            line = self.lines[term.ledger.key]
            line.setAccessibleName(f"{term.ledger.label}保管年限")
            line.setFixedWidth(theme.px(56))
            grid.addWidget(label(term.ledger.label), row, 0)
            grid.addWidget(line, row, 1)
            grid.addWidget(label("年", tone="2"), row, 2)
            words = f"至少 {term.rule.floor_years} 年，{term.rule.source}"
            grid.addWidget(label(words, fonts.SECOND, tone="2", wrap=True), row, 3)
        last = len(self.terms)
        grid.addWidget(self.problem, last + 1, 0, 1, 4)
        words = "从办结（或活动、会议、报送）那天起算。到期只是可以销毁，不会自动销毁。"
        grid.addWidget(label(words, fonts.SECOND, tone="2", wrap=True), last, 0, 1, 4)
        grid.setRowStretch(last + 2, 1)
        return body
