"""One obligation to report: what, how often, by when, to whom, on what basis."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from xiaobao_desktop.domain.obligations import MONTHS, DueRule, Obligation, problem
from xiaobao_desktop.services import obligations
from xiaobao_desktop.services.obligations import Changed
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import theme
from xiaobao_desktop.ui.dialogs.form_dialog import FormDialog
from xiaobao_desktop.ui.typed_draft import Parts, TypedDraft
from xiaobao_desktop.ui.widgets.cards import FieldError
from xiaobao_desktop.ui.widgets.form_field import LabelledField
from xiaobao_desktop.ui.widgets.labels import label
from xiaobao_desktop.ui.widgets.segmented import Segmented

_WIDTH, _HEIGHT, _NUMBER = 520, 520, 64
_NEW = Obligation("", "", "quarter", DueRule(days=10), own=True)
AFTER, FIXED = "after", "fixed"
"""The two ways to say by when: some days after the period, a fixed day of the next year."""


class ObligationDialog(FormDialog[Changed]):
    """Adds an obligation or changes one."""

    what = "报送事项"

    def __init__(self, session: Session, item: Obligation | None = None, parent: QWidget | None = None) -> None:
        """For a new obligation ``item`` is None."""
        super().__init__("obligations", parent)
        self._session, self._item = session, item or _NEW
        catalog = session.rules.catalog
        self.name = QLineEdit(self._item.name)
        self.name.setPlaceholderText("如 季度消费投诉情况报告")
        self.cycle = QComboBox()
        for choice in catalog.list("filing_cycle").items:
            if choice.id in MONTHS:
                self.cycle.addItem(choice.name, choice.id)
        self.cycle.setCurrentIndex(self.cycle.findData(self._item.cycle))
        self.way = Segmented([(AFTER, "期后多少天"), (FIXED, "次年几月几日")])
        due = self._item.due
        self.days, self.month, self.day = _line_of(due.days or 10), _line_of(due.month or 1), _line_of(due.day or 31)
        self.way.choose(FIXED if due.month else AFTER)
        self.report = QComboBox()
        self.report.addItem("不是程序里的报告", "")
        for choice in catalog.list("filing_report").items:
            if choice.active:
                self.report.addItem(choice.name, choice.id)
        self.report.setCurrentIndex(max(0, self.report.findData(self._item.report)))
        self.addressee = QLineEdit(obligations.addressee(session, self._item))
        self.basis = QLineEdit(self._item.basis)
        self.problem = FieldError()
        self._build()
        self._start = self.entered()
        self.way.chosen.connect(lambda _key: self._arrange())
        self._arrange()
        self._keep_typing()
        self.name.setFocus()

    def entered(self) -> Obligation:
        """The obligation as it stands in the dialog."""
        fixed = self.way.current() == FIXED
        month, day, days = (_number(line) for line in (self.month, self.day, self.days))
        due = DueRule(month=month, day=day) if fixed else DueRule(days=days)
        shown = self.addressee.text().strip()
        # A setting that was named stays named while nothing else was typed.
        kept = shown == obligations.addressee(self._session, self._item)
        return replace(
            self._item,
            name=self.name.text().strip(),
            cycle=str(self.cycle.currentData()),
            due=due,
            report=str(self.report.currentData()),
            addressee=self._item.addressee if kept else shown,
            basis=self.basis.text().strip(),
        )

    def save(self) -> None:
        """Keep it and close, unless something cannot be."""
        item = self.entered()
        reason = problem(item)
        self.problem.say(reason)
        if not reason:
            self._keep(lambda: obligations.put(self._session, item))

    def is_touched(self) -> bool:
        """Whether anything is not as it was."""
        return self.entered() != self._start

    def _keep_typing(self) -> None:
        parts = {"name": self.name, "cycle": self.cycle, "way": self.way, "days": self.days, "month": self.month}
        more = {"day": self.day, "report": self.report, "addressee": self.addressee, "basis": self.basis}
        title = f"{self.windowTitle()} {self._item.name}".strip()
        draft = TypedDraft(self, self._session, Parts({**parts, **more}, self._arrange))
        draft.begin(f"obligation.{self._item.id or 'new'}", title)

    def _arrange(self) -> None:
        fixed = self.way.current() == FIXED
        self._after.setVisible(not fixed)
        self._fixed.setVisible(fixed)

    def _build(self) -> None:
        title = "修改报送事项" if self._item.id else "新增报送事项"
        self.resize(theme.px(_WIDTH), theme.px(_HEIGHT))
        self._after = _line("期间结束后", self.days, "天内")
        self._fixed = _line("次年", self.month, "月", self.day, "日前")
        due = QWidget()
        lines = QVBoxLayout(due)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(theme.px(8))
        for part in (self.way, self._after, self._fixed):
            lines.addWidget(part)
        words = "选了程序里的报告，定稿时这一件就自动算已报"
        parts = (
            LabelledField("事项名称", self.name, required=True),
            LabelledField("报送周期", self.cycle),
            LabelledField("应报日", due, help_text="改了以后，下次生成的按新的日子；已经生成的不变"),
            self.problem,
            LabelledField("主送", self.addressee),
            LabelledField("报告种类", self.report, help_text=words),
            LabelledField("依据", self.basis, help_text="哪一条制度或哪一份通知要求的"),
        )
        self._lay_out(title, parts)


def _line_of(number: int) -> QLineEdit:
    made = QLineEdit(str(number))
    made.setFixedWidth(theme.px(_NUMBER))
    return made


def _number(line: QLineEdit) -> int:
    """The number typed; -1 for what is none."""
    text = unicodedata.normalize("NFKC", line.text()).strip()
    return int(text) if text.isascii() and text.isdigit() else -1


def _line(*parts: str | QWidget) -> QWidget:
    box = QWidget()
    row = QHBoxLayout(box)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(theme.px(8))
    for part in parts:
        row.addWidget(label(part) if isinstance(part, str) else part)
    row.addStretch(1)
    return box
