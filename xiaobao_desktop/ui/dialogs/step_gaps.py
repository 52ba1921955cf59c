"""The hint of a step that ends a case: what must be filled before closing and is not. It refuses nothing."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from xiaobao_desktop.domain.fields import Grade, Ledger, Record, gaps
from xiaobao_desktop.domain.rules import StepKind
from xiaobao_desktop.ui import theme
from xiaobao_desktop.ui.widgets.cards import Notice
from xiaobao_desktop.ui.widgets.labels import set_shown


class StepGaps(QWidget):
    """Names the gaps of ``record`` and offers to fill them when the step is saved."""

    def __init__(self, ledger: Ledger, record: Record) -> None:
        """Look for the gaps; nothing is shown before :meth:`show_for` says that the step ends the case."""
        super().__init__()
        self._missing = gaps(ledger, record.values, Grade.TO_CLOSE)
        self.labels: tuple[str, ...] = ()
        self._notice = Notice("", "amber")
        self.to_form = QCheckBox("保存后打开登记表，接着补填")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(6))
        column.addWidget(self._notice)
        column.addWidget(self.to_form)
        set_shown(self, shown=False)

    def show_for(self, kind: StepKind) -> None:
        """Show the hint for a kind that ends the case, unless nothing is missing but what the step itself fills."""
        asked = kind.fills.values()
        self.labels = tuple(item.label for item in self._missing if item.key not in asked)
        self._notice.set_text(self.words)
        set_shown(self, shown=kind.ends and bool(self.labels))

    @property
    def words(self) -> str:
        """The hint for the kind shown last."""
        named = "、".join(self.labels)
        return f"办结前要填的还缺 {len(self.labels)} 项：{named}。现在也可以记这一步，缺的以后从“待补”里补上。"

    @property
    def form_wanted(self) -> bool:
        """Whether the officer asked for the form after this step."""
        return not self.isHidden() and self.to_form.isChecked()
