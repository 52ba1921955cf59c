"""The panel 年度基数 of the settings: outlets, personal customers and staff of each year."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit

from xiaobao_desktop.domain.denominators import Denominators
from xiaobao_desktop.services import denominators
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import theme
from xiaobao_desktop.ui.bus import bus
from xiaobao_desktop.ui.pages.settings_panels import Panel
from xiaobao_desktop.ui.typed_draft import Parts, TypedDraft
from xiaobao_desktop.ui.widgets.buttons import PRIMARY, button
from xiaobao_desktop.ui.widgets.cards import Card, FieldError, mark_wrong
from xiaobao_desktop.ui.widgets.labels import label

_YEARS = 5
_NAMES = ("网点数", "个人客户数", "员工数")


class DenominatorsPanel(Panel):
    """A row for each of the last years, the present one first; written when 保存 is pressed."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        this_year = session.today().year
        known = denominators.load(session)
        self.years = sorted({*range(this_year - _YEARS + 1, this_year + 1), *known}, reverse=True)
        self.editors: dict[int, tuple[QLineEdit, QLineEdit, QLineEdit]] = {}
        self.problem = FieldError()
        self.save_button = button("保存", PRIMARY)
        self._build()
        named = {f"{year}.{place}": line for year, lines in self.editors.items() for place, line in enumerate(lines)}
        self._draft = TypedDraft(self, session, Parts(named), self.column)
        self.load()
        self.save_button.clicked.connect(self.save)

    def load(self) -> None:
        """Show what the book says."""
        known = denominators.load(self.session)
        for year, lines in self.editors.items():
            for line, text in zip(lines, _texts(known.get(year, Denominators())), strict=True):
                line.setText(text)
                mark_wrong(line, False)
        self._draft.begin("denominators", "年度基数")
        self.problem.say("")

    def give_up(self) -> None:
        """Let go what was typed and not saved."""
        self.load()

    def unsaved(self) -> list[str]:
        """Names of the numbers that differ from the book: 2025年网点数."""
        known = denominators.load(self.session)
        return [
            line.accessibleName()
            for year, lines in self.editors.items()
            for line, text in zip(lines, _texts(known.get(year, Denominators())), strict=True)
            if _number(line.text()) != _number(text)
        ]

    def save(self) -> bool:
        """Write what was typed; False when something is no number."""
        found = {year: tuple(_number(line.text()) for line in lines) for year, lines in self.editors.items()}
        for year, lines in self.editors.items():
            for line, number in zip(lines, found[year], strict=True):
                mark_wrong(line, number == -1)
        if any(-1 in numbers for numbers in found.values()):
            self.problem.say("请填整数，如 12 或 135,600；不知道就空着")
            return False
        self.problem.say("")
        denominators.save(self.session, {year: Denominators(*numbers) for year, numbers in found.items()})
        self._draft.begin("denominators", "年度基数")
        bus().settings_changed.emit()
        self.done.emit("已保存年度基数")
        return True

    def _build(self) -> None:
        card = Card("年度基数", "用来算每网点投诉量、每万个人客户投诉量。按各年年末数填写，不知道可以空着。")
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.px(12))
        grid.setVerticalSpacing(theme.px(8))
        for column, name in enumerate(_NAMES, 1):
            grid.addWidget(label(name, tone="2"), 0, column)
        for row, year in enumerate(self.years, 1):
            lines = (QLineEdit(), QLineEdit(), QLineEdit())
            grid.addWidget(label(f"{year}年", tone="2"), row, 0)
            for column, line in enumerate(lines, 1):
                line.setAlignment(Qt.AlignmentFlag.AlignRight)
                line.setAccessibleName(f"{year}年{_NAMES[column - 1]}")
                grid.addWidget(line, row, column)
            self.editors[year] = lines
        card.body.addLayout(grid)
        card.body.addWidget(self.problem)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.save_button)
        card.body.addLayout(foot)
        self.column.addWidget(card)
        self.column.addStretch(1)


def _texts(numbers: Denominators) -> tuple[str, ...]:
    """The numbers as they stand in their fields."""
    shown = (numbers.outlets, numbers.customers, numbers.staff)
    return tuple("" if number is None else str(number) for number in shown)


def _number(text: str) -> int | None:
    """What was typed: a number, None for nothing, -1 for what is no whole number."""
    bare = text.strip().replace(",", "").replace("，", "")
    if not bare:
        return None
    return int(bare) if bare.isascii() and bare.isdigit() and len(bare) <= 12 else -1
