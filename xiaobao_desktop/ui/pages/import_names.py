"""Names that no list knows, each with the entry it stands for; what is chosen here is kept for the next file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from xiaobao_desktop.domain.fields import Kind, Ledger
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import fonts
from xiaobao_desktop.ui.editors import Editor, make_editor
from xiaobao_desktop.ui.widgets import buttons
from xiaobao_desktop.ui.widgets.cards import scrolling
from xiaobao_desktop.ui.widgets.labels import ElidedLabel, label
from xiaobao_desktop.ui.widgets.summary_card import SummaryCard, headed_grid

if TYPE_CHECKING:
    from xiaobao_desktop.exchange.planning import UnknownName

_SHOWN = 100
"""Names shown at once; a file with more has another column in this place by mistake."""


class NamesCard(SummaryCard):
    """One line a name: where it stands, how often, what it stands for.

    ``told`` carries the field's key, the name and its target (None forgets it).
    """

    told = Signal(str, str, object)

    def __init__(self, session: Session, ledger: Ledger) -> None:
        scroll = scrolling(QWidget())
        super().__init__("旧名称对应", scroll)
        self._scroll = scroll
        self._session, self._ledger = session, ledger
        self.editors: dict[tuple[str, str], Editor] = {}
        self._last: tuple[str, str] | None = None

    def show_names(self, names: Sequence[UnknownName]) -> None:
        """Show the names of a plan; the card hides itself when there is none."""
        self.editors = {}
        order = [item.key for item in self._ledger.fields]
        names = sorted(names, key=lambda name: (order.index(name.field), -name.rows))
        inner = QWidget()
        grid = headed_grid(inner, (("项目", 2), ("表里写的", 4), ("行数", 1), ("对应", 6), ("", 0)), gap=4)
        for line, name in enumerate(names[:_SHOWN], start=1):
            self._add(grid, line, name)
        grid.setRowStretch(len(names) + 1, 1)
        self._scroll.setWidget(inner)
        inner.setAutoFillBackground(False)
        said = sum(name.target is not None for name in names)
        kept = f"，{said} 个已对应，下次导入同样的表还会这样对应" if said else "；不选就新增为本行的名称"
        more = f"，这里列出前 {_SHOWN} 个" if len(names) > _SHOWN else ""
        self.summary.setText(f"{len(names)} 个名称在名单里没有{more}{kept}")
        self._stand_on(names[:_SHOWN])
        self.setVisible(bool(names))

    def _stand_on(self, names: Sequence[UnknownName]) -> None:
        """The keyboard goes on at the name after the one told last, else at the first that stands for nothing."""
        keys = [(name.field, name.name) for name in names]
        place = keys.index(self._last) + 1 if self._last in keys else 0
        following = [*keys[place:], *keys[:place]]
        if following:
            self.setFocusProxy(self.editors[following[0]].control)

    def _add(self, grid: QGridLayout, line: int, name: UnknownName) -> None:
        field = self._ledger.field(name.field)
        grid.addWidget(label(field.label, tone="2"), line, 0)
        grid.addWidget(ElidedLabel(name.name), line, 1)
        grid.addWidget(label(f"{name.rows} 行", fonts.SECOND, tone="2"), line, 2)
        kind = Kind.CHOICE if field.kind is Kind.CHOICES else field.kind
        editor = make_editor(replace(field, kind=kind, hint="新增为本行的名称"), self._session)
        editor.control.setAccessibleName(f"{name.name} 对应哪一项")
        editor.set_value(name.target)
        editor.edited.connect(partial(self._chosen, name, editor))
        self.editors[name.field, name.name] = editor
        grid.addWidget(editor, line, 3)
        forget = buttons.icon_button("x", f"不再对应“{name.name}”")
        forget.clicked.connect(partial(self.told.emit, name.field, name.name, None))
        forget.setVisible(name.target is not None)
        grid.addWidget(forget, line, 4)

    def _chosen(self, name: UnknownName, editor: Editor) -> None:
        value = editor.value()
        if not editor.problem() and value != name.target and (value is None or isinstance(value, (str, int))):
            self._last = (name.field, name.name)
            self.told.emit(name.field, name.name, value)
