"""设置, tab 报送事项: what the bank reports how often and by when; the year's plan is made from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtWidgets import QHBoxLayout

from xiaobao_desktop.domain.obligations import Obligation, due_words
from xiaobao_desktop.errors import UserError
from xiaobao_desktop.services import obligations
from xiaobao_desktop.services.obligations import Changed
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import fonts
from xiaobao_desktop.ui.bus import bus
from xiaobao_desktop.ui.dialogs.obligation import ObligationDialog
from xiaobao_desktop.ui.pages.settings_panels import Panel
from xiaobao_desktop.ui.widgets.buttons import PRIMARY, button
from xiaobao_desktop.ui.widgets.cards import Card
from xiaobao_desktop.ui.widgets.labels import label
from xiaobao_desktop.ui.widgets.plain_table import PlainTable

_HEADS = ("事项", "周期", "应报日", "状态")
_HINT = (
    "“报送”里的“生成本年报送计划”按这里算。标“法规”的日期出自法规，标“通常”的是多数银行的做法，"
    "请按当地通知改；不报的请停用。"
)
_SOURCES = {"seen": "法规", "one province": "通常", "proposed": "通常"}


class ObligationsPanel(Panel):
    """The list with its buttons."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.items: tuple[Obligation, ...] = ()
        self.table = PlainTable("报送事项", _HEADS, 0, self.change)
        self.about = label("", fonts.SECOND, tone="2", wrap=True)
        self.add_button = button("新增…", PRIMARY)
        self.change_button = button("修改…")
        self.switch_button = button("停用")
        self.restore_button = button("恢复原样")
        for pressed, act in (
            (self.add_button, self.add),
            (self.change_button, self.change),
            (self.switch_button, self.switch),
            (self.restore_button, self.restore),
        ):
            pressed.clicked.connect(act)
        card = Card("报送事项", _HINT)
        card.body.addWidget(self.table)
        card.body.addWidget(self.about)
        row = QHBoxLayout()
        row.addStretch(1)
        for pressed in (self.restore_button, self.switch_button, self.change_button, self.add_button):
            row.addWidget(pressed)
        card.body.addLayout(row)
        self.column.addWidget(card)
        self.column.addStretch(1)
        self.table.itemSelectionChanged.connect(self._show_buttons)
        bus().settings_changed.connect(self.load)
        self.load()

    def load(self) -> None:
        """Read the obligations again."""
        self.items = obligations.obligations(self.session)
        cycles = self.session.rules.catalog.list("filing_cycle")
        cells = [
            (
                item.name,
                cycles.label(item.cycle),
                due_words(item.due),
                _state(item),
            )
            for item in self.items
        ]
        self.table.blockSignals(True)
        self.table.fill(cells, [not item.active for item in self.items])
        self.table.blockSignals(False)
        self._show_buttons()

    def chosen(self) -> Obligation | None:
        """The obligation that is chosen."""
        row = self.table.currentRow()
        return self.items[row] if 0 <= row < len(self.items) else None

    def add(self) -> None:
        """Ask for one more."""
        self._ask(None)

    def change(self) -> None:
        """Ask for changes of the chosen one."""
        if self.chosen() is not None:
            self._ask(self.chosen())

    def switch(self) -> None:
        """Turn the chosen one off or on."""
        item = self.chosen()
        if item is not None:
            words = "已停用" if item.active else "已启用"
            turned = replace(item, active=not item.active)
            self._do(lambda: obligations.put(self.session, turned), f"{words}“{item.name}”")

    def restore(self) -> None:
        """Take back the bank's changes of the chosen one."""
        item = self.chosen()
        if item is not None and item.changed:
            self._do(lambda: obligations.restore(self.session, item), f"已恢复“{item.name}”")

    def _ask(self, item: Obligation | None) -> None:
        dialog = ObligationDialog(self.session, item, self.window())
        dialog.exec()
        changed, name = dialog.changed, dialog.entered().name
        dialog.deleteLater()
        if changed is not None:
            self._do(lambda: changed, f"已保存报送事项“{name}”")

    def _do(self, act: Callable[[], Changed], words: str) -> None:
        try:
            changed = act()
        except UserError as error:
            self.tell(error)
            return
        bus().announce(changed)
        bus().settings_changed.emit()
        self.done.emit(words)

    def _show_buttons(self) -> None:
        item = self.chosen()
        self.about.setText(self._about(item) if item is not None else "")
        for pressed in (self.change_button, self.switch_button):
            pressed.setEnabled(item is not None)
        self.switch_button.setText("停用" if item is None or item.active else "启用")
        self.restore_button.setVisible(item is not None and item.changed)

    def _about(self, item: Obligation) -> str:
        """To whom, and who asks for it."""
        addressee = obligations.addressee(self.session, item) or "还没有填（在“本行信息”里填监管机构和月报主送）"
        return f"主送：{addressee}\n依据：{item.basis or '还没有填'}"


def _state(item: Obligation) -> str:
    """启用·法规, 停用·本行改."""
    source = "本行" if item.own else "本行改" if item.changed else _SOURCES.get(item.certainty, "")
    return "·".join(part for part in ("启用" if item.active else "停用", source) if part)
