"""设置, tab 规则: the terms as they are, from which day another version holds, and the years of days off."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget

from xiaobao_desktop.domain.deadline import Profile
from xiaobao_desktop.errors import UserError
from xiaobao_desktop.services import rule_editing
from xiaobao_desktop.services.rule_editing import Version
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import fonts
from xiaobao_desktop.ui.bus import bus
from xiaobao_desktop.ui.dialogs.confirm import confirm
from xiaobao_desktop.ui.dialogs.holiday_year import HolidayYearDialog, described
from xiaobao_desktop.ui.dialogs.rule_version import ROLL_OVER_WORDS, RuleVersionDialog
from xiaobao_desktop.ui.pages.settings_panels import Panel
from xiaobao_desktop.ui.widgets.buttons import PRIMARY, button
from xiaobao_desktop.ui.widgets.cards import Card, Notice
from xiaobao_desktop.ui.widgets.labels import label
from xiaobao_desktop.ui.widgets.plain_table import PlainTable

_RULE_HEADS = ("规则", "期限", "最后一天不上班时", "依据")
_VERSION_HEADS = ("从哪天起", "期限", "依据", "录入", "状态")
_STATES = {"now": "现在适用", "later": "到时适用", "past": "以前适用", "withdrawn": "已撤回"}


class RulesPanel(Panel):
    """The rules in force, the versions of the chosen one, the days off. Everybody who shows a term is told."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.rules: tuple[Profile, ...] = ()
        self.versions: tuple[Version, ...] = ()
        self.table = PlainTable("规则", _RULE_HEADS, 3, self.change)
        self.version_table = PlainTable("版本", _VERSION_HEADS, 2, self.withdraw)
        self.caution = Notice("", "blue", "info")
        self.change_button = button("从某天起改…", PRIMARY)
        self.withdraw_button = button("撤回")
        self.year_button = button("录入放假安排…")
        self.year_notice = Notice("", "amber", "triangle-alert")
        self.year_words = label("", fonts.SECOND, tone="2", wrap=True)
        self._build()
        self.table.itemSelectionChanged.connect(self._show_versions)
        self.version_table.itemSelectionChanged.connect(self._show_buttons)
        self.change_button.clicked.connect(self.change)
        self.withdraw_button.clicked.connect(self.withdraw)
        self.year_button.clicked.connect(self.enter_year)
        bus().settings_changed.connect(self.load)
        self.load()

    def load(self) -> None:
        """Read rules and days off again."""
        self.rules = rule_editing.profiles(self.session)
        cells = [
            (rule.name, limits(rule), ROLL_OVER_WORDS[rule.roll_over] if rule.stages else "", rule.source)
            for rule in self.rules
        ]
        self.table.blockSignals(True)
        self.table.fill(cells, [False] * len(cells))
        self.table.blockSignals(False)
        self._show_versions()
        self._show_years()

    def rule(self) -> Profile | None:
        """The rule that is chosen."""
        row = self.table.currentRow()
        return self.rules[row] if 0 <= row < len(self.rules) else None

    def change(self) -> None:
        """Ask for another version of the chosen rule."""
        rule = self.rule()
        if rule is None:
            return
        dialog = RuleVersionDialog(self.session, rule, self.window())
        dialog.exec()
        changed = dialog.changed
        dialog.deleteLater()
        if changed is not None:
            bus().announce(changed)
            self._told(f"已改规则“{rule.name}”")

    def withdraw(self) -> None:
        """Take the chosen version back while it does not hold yet."""
        version = self._version()
        if version is None or version.state != "later":
            return
        words = f"{version.profile.effective_from} 起的版本不再生效，仍留在下面的记录里。"
        if not confirm(self, "撤回这个版本？", words, yes="撤回", no="保留", danger=True):
            return
        try:
            changed = rule_editing.withdraw(self.session, version.profile)
        except UserError as error:
            self.tell(error)
            return
        bus().announce(changed)
        self._told(f"已撤回“{version.profile.name}”")

    def enter_year(self) -> None:
        """Ask for the days off of a year."""
        missing = rule_editing.missing_years(self.session)
        year = missing[0] if missing else self.session.today().year + 1
        dialog = HolidayYearDialog(self.session, year, self.window())
        dialog.exec()
        changed, year = dialog.changed, dialog.chosen_year()
        dialog.deleteLater()
        if changed is not None:
            bus().announce(changed)
            self._told(f"已录入 {year} 年放假安排")

    def _told(self, words: str) -> None:
        bus().settings_changed.emit()
        self.done.emit(words)

    def _version(self) -> Version | None:
        row = self.version_table.currentRow()
        return self.versions[row] if 0 <= row < len(self.versions) else None

    def _show_versions(self) -> None:
        rule = self.rule()
        self.versions = rule_editing.versions(self.session, rule.id) if rule else ()
        cells = [
            (
                str(item.profile.effective_from),
                limits(item.profile),
                f"{item.profile.name}：{item.profile.source}",
                f"{item.recorded_by} {item.profile.recorded_on}" if item.profile.recorded_on else "程序自带",
                _STATES[item.state],
            )
            for item in self.versions
        ]
        self.version_table.fill(cells, [item.state in ("past", "withdrawn") for item in self.versions])
        self.caution.set_text(rule.caution if rule else "")
        self._show_buttons()

    def _show_buttons(self) -> None:
        version = self._version()
        self.change_button.setEnabled(self.rule() is not None)
        later = version is not None and version.state == "later"
        self.withdraw_button.setEnabled(later)
        self.withdraw_button.setToolTip("" if later else "只有还没有到日子的版本可以撤回")

    def _show_years(self) -> None:
        calendar, today = self.session.rules.calendar, self.session.today()
        missing = rule_editing.missing_years(self.session)
        names = "、".join(str(year) for year in missing)
        words = f"{names} 年的放假安排还没有录入：落在这一年的期限不按节假日推算。通知出来后请贴进来。"
        self.year_notice.set_text(words if missing else "")
        known = [year for year in (today.year, today.year + 1) if calendar.knows(year)]
        lines = [f"已有 {min(calendar.years)} 到 {max(calendar.years)} 年。"] if calendar.years else []
        lines += [f"{year} 年\n{described(calendar.years[year])}" for year in known]
        self.year_words.setText("\n".join(lines))

    def _build(self) -> None:
        hint = "程序按这些规则算期限。改规则要写明从哪天起：那天起收到的按新的算，以前收到的和办结的不变。"
        card = Card("办理期限", hint)
        card.body.addWidget(self.table)
        card.body.addWidget(self.caution)
        card.body.addLayout(_at_right(self.change_button))
        history = Card("版本", "选中的规则改过几次、谁改的。还没有到日子的可以撤回。")
        history.body.addWidget(self.version_table)
        history.body.addLayout(_at_right(self.withdraw_button))
        years = Card("放假安排", "规则里选了顺延或按工作日算的，要用到法定节假日和调休。")
        years.body.addWidget(self.year_notice)
        years.body.addWidget(self.year_words)
        years.body.addLayout(_at_right(self.year_button))
        for part in (card, history, years):
            self.column.addWidget(part)
        self.column.addStretch(1)


def limits(rule: Profile) -> str:
    """The limits of a rule in a few words, such as 15/30/60 日."""
    if rule.hours:
        return f"{rule.hours} 小时"
    days = "/".join(str(number) for number in dict.fromkeys(stage.days for stage in rule.stages))
    return f"{days} {'个工作日' if rule.workdays else '日'}"


def _at_right(widget: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.addStretch(1)
    row.addWidget(widget)
    return row
