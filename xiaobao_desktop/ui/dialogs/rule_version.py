"""A further version of a rule: from which day on, what it is called, how many days, and how they are counted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit, QWidget

from xiaobao_desktop.domain.calendar import RollOver
from xiaobao_desktop.domain.deadline import Profile
from xiaobao_desktop.domain.fields import Field, Kind
from xiaobao_desktop.services import rule_editing
from xiaobao_desktop.services.records import Changed
from xiaobao_desktop.services.rule_editing import EXTENDED, EXTENDED_AGAIN, FIRST, RuleUnfit
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import fonts, theme
from xiaobao_desktop.ui.dialogs.confirm import confirm
from xiaobao_desktop.ui.dialogs.form_dialog import FormDialog
from xiaobao_desktop.ui.editors import make_editor
from xiaobao_desktop.ui.typed_draft import Parts, TypedDraft
from xiaobao_desktop.ui.widgets.cards import FieldError
from xiaobao_desktop.ui.widgets.form_field import LabelledField
from xiaobao_desktop.ui.widgets.labels import label

ROLL_OVER_WORDS: Mapping[RollOver, str] = {
    RollOver.NONE: "不顺延（最稳妥）",
    RollOver.HOLIDAYS: "在法定节假日内的，顺延到节后",
    RollOver.DAYS_OFF: "在节假日或周末的，顺延到下一个工作日",
}
_DAY_LABELS = {FIRST: "一般", EXTENDED: "延期后", EXTENDED_AGAIN: "再延期后"}
_WIDTH, _HEIGHT = 520, 470
_WRONG = -1


class RuleVersionDialog(FormDialog[Changed]):
    """Asks for a version of ``profile`` and records it."""

    what = "规则"

    def __init__(self, session: Session, profile: Profile, parent: QWidget | None = None) -> None:
        super().__init__("settings", parent)
        self._session, self._profile = session, profile
        self.since = make_editor(Field("effective_from", "从哪天起", Kind.DATE), session)
        self.since.set_value(session.today().isoformat())
        self.since.advance.connect(self.focusNextChild)
        self.name, self.basis, self.article = (
            QLineEdit(text) for text in (profile.name, profile.basis, profile.article)
        )
        self.days = self._day_lines()
        self.window_days, self.hours = _number_line(profile.window_days), _number_line(profile.hours)
        self.unit, self.roll_over = self._unit_box(), self._roll_over_box()
        self.problem = FieldError()
        self._build()
        self._begun = self._typed()
        self._keep_typing()
        self.since.control.setFocus()

    def save(self) -> None:
        """Record the version and close; what is wrong is said below."""
        day = str(self.since.value() or "")
        if not day:
            self.problem.say(self.since.problem() or "请填写从哪天起收到的投诉适用")
            self.since.control.setFocus()
            return
        try:
            version = self._version(date.fromisoformat(day))
        except RuleUnfit as error:
            self.problem.say(str(error))
            return
        self.problem.say("")
        count = rule_editing.affected(self._session, version)
        words = f"{day} 以后收到、还没有办结的 {count} 件，期限马上重新计算。已经办结的不变。"
        if count and not confirm(self, "按新规则重新计算？", words, yes="改规则", no="再看看"):
            return
        self._keep(lambda: rule_editing.add_version(self._session, version))

    def is_touched(self) -> bool:
        """Whether anything is not as it was."""
        return self._typed() != self._begun

    def _keep_typing(self) -> None:
        parts = {"since": self.since, "name": self.name, "basis": self.basis, "article": self.article}
        days = {f"days.{kind}": line for kind, line in self.days.items()}
        numbers = {"window_days": self.window_days, "hours": self.hours, "unit": self.unit, "rolls": self.roll_over}
        draft = TypedDraft(self, self._session, Parts({**parts, **days, **numbers}))
        draft.begin(f"rule.{self._profile.id}", self.windowTitle())

    def _version(self, since: date) -> Profile:
        typed = rule_editing.Typed(
            effective_from=since,
            name=self.name.text(),
            basis=self.basis.text(),
            article=self.article.text(),
            days={kind: _number(line.text()) for kind, line in self.days.items()},
            workdays=self.unit.currentData() == "workdays",
            roll_over=RollOver(self.roll_over.currentData()),
            window_days=_number(self.window_days.text()) or 0,
            hours=_number(self.hours.text()) or 0,
        )
        return rule_editing.reworked(self._profile, typed)

    def _typed(self) -> tuple[str, ...]:
        lines = (self.name, self.basis, self.article, self.window_days, self.hours, *self.days.values())
        boxes = (self.unit, self.roll_over)
        texts = (*(line.text() for line in lines), *(str(box.currentData()) for box in boxes))
        return (str(self.since.value() or self.since.problem()), *texts)

    def _day_lines(self) -> dict[str, QLineEdit]:
        if not self._profile.stages:
            return {}
        kinds = _DAY_LABELS if rule_editing.is_case_rule(self._profile) else {FIRST: ""}
        known = {stage.opened_by: stage.days for stage in self._profile.stages}
        return {kind: _number_line(known.get(kind, 0)) for kind in kinds}

    def _unit_box(self) -> QComboBox:
        box = QComboBox()
        box.addItem("日历日", "days")
        box.addItem("工作日", "workdays")
        box.setCurrentIndex(int(self._profile.workdays))
        return box

    def _roll_over_box(self) -> QComboBox:
        box = QComboBox()
        for how, words in ROLL_OVER_WORDS.items():
            box.addItem(words, how.value)
        box.setCurrentIndex(box.findData(self._profile.roll_over.value))
        return box

    def _build(self) -> None:
        self.resize(theme.px(_WIDTH), theme.px(_HEIGHT))
        what = "收到的投诉" if rule_editing.is_case_rule(self._profile) else ""
        hint = f"从填的那一天起{what}按新规则算；以前的和已经办完的不变。"
        words = label(hint, fonts.SECOND, tone="2", wrap=True)
        self._lay_out(f"修改规则：{self._profile.name}", (words, self._names(), self._numbers(), self.problem))

    def _names(self) -> QGridLayout:
        grid = _grid()
        grid.addWidget(LabelledField("从哪天起", self.since, required=True), 0, 0)
        grid.addWidget(LabelledField("规则名称", self.name, required=True), 0, 1, 1, 2)
        grid.addWidget(LabelledField("依据", self.basis, required=True), 1, 0, 1, 2)
        grid.addWidget(LabelledField("条款", self.article), 1, 2)
        return grid

    def _numbers(self) -> QGridLayout:
        grid = _grid()
        fields: list[LabelledField] = []
        for kind, line in self.days.items():
            words = _DAY_LABELS[kind] if rule_editing.is_case_rule(self._profile) else "决定期限"
            fields.append(LabelledField(f"{words}（天）", line, required=kind == FIRST))
        if self._profile.window_days:
            fields.append(LabelledField("申请期（天）", self.window_days, required=True))
        if self._profile.hours:
            fields.append(LabelledField("报告期限（小时）", self.hours, required=True))
        for place, field in enumerate(fields):
            grid.addWidget(field, 0, place, Qt.AlignmentFlag.AlignTop)
        words = "从收到那天（第 0 日）起算的总天数；没有这一段就空着"
        if not rule_editing.is_case_rule(self._profile):
            words = (
                "从发现的时刻起算" if self._profile.hours else "决定期限从收到申请起算，申请期从投诉人收到处理决定起算"
            )
        grid.addWidget(label(words, fonts.SECOND, tone="2", wrap=True), 1, 0, 1, 3)
        case_rule = rule_editing.is_case_rule(self._profile)
        if case_rule:
            grid.addWidget(LabelledField("按什么算", self.unit), 2, 0)
        if self._profile.stages:
            rolling = LabelledField("最后一天不上班时", self.roll_over)
            grid.addWidget(rolling, 2, int(case_rule), 1, 3 - case_rule)
        return grid


def _grid() -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(theme.px(14))
    grid.setVerticalSpacing(theme.px(12))
    for column in range(3):
        grid.setColumnStretch(column, 1)
    return grid


def _number_line(number: int) -> QLineEdit:
    line = QLineEdit(str(number) if number else "")
    line.setMaxLength(4)
    line.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)
    return line


def _number(text: str) -> int | None:
    """A whole number; None for nothing, a number that no rule can have for anything else."""
    bare = text.strip()
    if not bare:
        return None
    return int(bare) if bare.isascii() and bare.isdigit() else _WRONG
