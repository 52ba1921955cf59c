"""The pages of the first start: this bank, the officer and the password. The third one is the recovery key panel."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QGridLayout, QLineEdit, QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget

from xiaobao_desktop import paths
from xiaobao_desktop.services import books
from xiaobao_desktop.settings import BankSettings
from xiaobao_desktop.ui import fonts, theme
from xiaobao_desktop.ui.widgets import buttons
from xiaobao_desktop.ui.widgets.form_field import LabelledField
from xiaobao_desktop.ui.widgets.labels import hairline, label, set_tone
from xiaobao_desktop.ui.widgets.password_field import PasswordField, password_advice, password_problem

_COMPANY = re.compile(r"(股份)?有限(责任)?公司$")


@dataclass(frozen=True)
class BankAnswers:
    """What the first page asked for; ``branches`` are names, one each."""

    bank: str
    short_name: str
    department: str
    regulator: str
    branches: tuple[str, ...]


@dataclass(frozen=True)
class OfficerAnswers:
    """What the second page asked for."""

    officer: str
    password: str
    directory: Path


def short_name_of(bank: str) -> str:
    """The name without its legal form: 云岭惠民村镇银行股份有限公司 -> 云岭惠民村镇银行."""
    return _COMPANY.sub("", bank.strip())


def branch_names(pasted: str) -> tuple[str, ...]:
    """Names from pasted text: one a line, the first cell of a row copied from a table, blanks and repeats dropped."""
    names = (line.split("\t")[0].strip() for line in pasted.splitlines())
    return tuple(dict.fromkeys(name for name in names if name))


class _Page(QWidget):
    """Title, one sentence, then the fields."""

    def __init__(self, title: str, sentence: str) -> None:
        super().__init__()
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(theme.px(28), theme.px(24), theme.px(28), theme.px(16))
        self.column.setSpacing(theme.px(12))
        words = QVBoxLayout()
        words.setSpacing(theme.px(2))
        words.addWidget(label(title, fonts.PAGE_TITLE, medium=True))
        words.addWidget(label(sentence, tone="2", wrap=True))
        self.column.addLayout(words)


class BankPage(_Page):
    """Names that are printed on every report, and the outlets."""

    def __init__(self) -> None:
        super().__init__("这家银行", "印在每份报表上，以后可在“设置”里改。")
        self.bank, self.short_name, self.department, self.regulator = (QLineEdit() for _field in range(4))
        self.branches = QPlainTextEdit()
        self.branches.setTabChangesFocus(True)
        self.branches.setMinimumHeight(theme.px(84))
        self.branches.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self.department.setText(BankSettings().department)
        self.bank.setPlaceholderText("如 云岭惠民村镇银行股份有限公司")
        self.regulator.setPlaceholderText("如 金融监管总局云岭监管支局")
        self.bank_field = LabelledField("银行全称", self.bank, required=True)
        self.regulator_field = LabelledField(
            "监管机构（报送对象）", self.regulator, help_text="报表抬头用。旧名“银监分局”不要再填。"
        )
        self.branches_field = LabelledField("网点（每行一个，可从 Excel 粘贴；以后再填也行）", self.branches)
        self._short_name_typed = False
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.px(14))
        grid.setVerticalSpacing(theme.px(12))
        grid.addWidget(self.bank_field, 0, 0, 1, 2)
        top = Qt.AlignmentFlag.AlignTop
        grid.addWidget(LabelledField("报表里的简称", self.short_name), 1, 0, top)
        grid.addWidget(LabelledField("负责部门", self.department), 1, 1, top)
        grid.addWidget(self.regulator_field, 2, 0, 1, 2)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        self.column.addLayout(grid)
        self.column.addWidget(hairline())
        self.column.addWidget(self.branches_field, 1)
        self.bank.textChanged.connect(self._propose_short_name)
        self.short_name.textEdited.connect(self._note_typed)
        self.branches.textChanged.connect(self._count)

    def answers(self) -> BankAnswers:
        """What was typed, trimmed."""
        return BankAnswers(
            self.bank.text().strip(),
            self.short_name.text().strip(),
            self.department.text().strip(),
            self.regulator.text().strip(),
            branch_names(self.branches.toPlainText()),
        )

    def ready(self) -> bool:
        """Whether the page can be left; says at the field what is missing."""
        missing = not self.bank.text().strip()
        self.bank_field.complain("请填银行全称，它印在每份报表上" if missing else "")
        if missing:
            self.bank.setFocus()
        return not missing

    def _propose_short_name(self, text: str) -> None:
        self.bank_field.complain("")
        if not self._short_name_typed:
            self.short_name.setText(short_name_of(text))

    def _note_typed(self, text: str) -> None:
        self._short_name_typed = bool(text)

    def _count(self) -> None:
        found = len(branch_names(self.branches.toPlainText()))
        self.branches_field.right.setText(f"已识别 {found} 个" if found else "")


class OfficerPage(_Page):
    """Real name, password, and where the book lies."""

    def __init__(self) -> None:
        super().__init__("专员与密码", "实名登录；每次改动都记下是谁改的。")
        self.officer = QLineEdit()
        self.first, self.second = PasswordField("密码"), PasswordField("再填一遍密码")
        self.officer_field = LabelledField("姓名", self.officer, required=True)
        self.first_field = LabelledField(
            "密码", self.first, required=True, help_text="至少 8 位。密码不会存在电脑里，忘了只能用恢复密钥。"
        )
        self.second_field = LabelledField("再填一遍", self.second, required=True)
        self.advice = label("", fonts.SECOND, tone="green", wrap=True)
        self.directory = paths.default_book_dir()
        self.place = QLineEdit(str(self.directory))
        self.place.setReadOnly(True)
        self.change_button = buttons.button("更改…", icon="folder-open")
        self.place_field = LabelledField(
            "账簿放在",
            self.place,
            help_text="里面的内容全部加密。不要放在 U 盘或共享文件夹里。",
            beside=self.change_button,
        )
        self._build()
        self.first.textEdited.connect(self._advise)
        self.second.textEdited.connect(lambda _text: self.second_field.complain(""))
        self.officer.textEdited.connect(lambda _text: self.officer_field.complain(""))
        self.change_button.clicked.connect(self._ask_place)

    def answers(self) -> OfficerAnswers:
        """What was typed."""
        return OfficerAnswers(self.officer.text().strip(), self.first.text(), self.directory)

    def ready(self) -> bool:
        """Whether the page can be left; says at the fields what is missing."""
        name_missing = not self.officer.text().strip()
        self.officer_field.complain("请填姓名，改动记录里要用" if name_missing else "")
        reason = password_problem(self.first.text(), self.second.text())
        in_second = "一遍" in reason or "不一样" in reason
        self.first_field.complain("" if in_second else reason)
        self.second_field.complain(reason if in_second else "")
        taken = books.book_at(self.directory)
        self.place_field.complain("这个文件夹里已经有一本账簿，请点“更改…”换一个，或返回上一步打开它" if taken else "")
        wrong = (
            (name_missing, self.officer),
            (bool(reason) and not in_second, self.first),
            (bool(reason), self.second),
            (taken, self.change_button),
        )
        first = next((widget for bad, widget in wrong if bad), None)
        if first is not None:
            first.setFocus()
        return first is None

    def use_place(self, directory: Path) -> None:
        """Put the book into ``directory``; a folder that holds other files gets a folder of its own inside."""
        filled = directory.is_dir() and any(directory.iterdir()) and not books.book_at(directory)
        self.directory = directory / paths.BOOK_NAME if filled else directory
        self.place.setText(str(self.directory))
        self.place_field.complain("")

    def _build(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.px(14))
        grid.setVerticalSpacing(theme.px(12))
        top = Qt.AlignmentFlag.AlignTop
        grid.addWidget(self.officer_field, 0, 0, top)
        grid.addWidget(self.first_field, 1, 0, top)
        grid.addWidget(self.second_field, 1, 1, top)
        grid.addWidget(self.advice, 2, 0, 1, 2)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        self.column.addLayout(grid)
        self.column.addWidget(hairline())
        self.column.addWidget(self.place_field)
        self.column.addStretch(1)

    def _advise(self, text: str) -> None:
        self.first_field.complain("")
        self.advice.setText(password_advice(text))
        set_tone(self.advice, "amber" if text.isdigit() else "green")

    def _ask_place(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "账簿放在哪个文件夹", str(self.directory.parent))
        if chosen:
            self.use_place(Path(chosen))
