"""The bar over a list: which ledger of a group, its tabs, the search, and the buttons that begin a record."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget

from xiaobao_desktop.domain.fields import Ledger
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import fonts, rights, theme
from xiaobao_desktop.ui.pages.ledger_presenter import Presenter
from xiaobao_desktop.ui.widgets.buttons import PRIMARY, button
from xiaobao_desktop.ui.widgets.group_switch import GroupSwitch
from xiaobao_desktop.ui.widgets.labels import label
from xiaobao_desktop.ui.widgets.search_box import SearchBox
from xiaobao_desktop.ui.widgets.segmented import TabStrip

_HEIGHT, _SEARCH, _LEAST_SEARCH = 56, 236, 120
"""Pixels of the design sheet."""


class LedgerBar(QWidget):
    """Its parts, for the page that listens to them.

    Attributes:
        switch: the ledgers of the group; None for a ledger without mates and where the place has a title.
        tabs: of the list.
        search_box: searches the list.
        create_button: begins a record.
        ways: the buttons of other ways to begin one.
    """

    def __init__(self, session: Session, ledger: Ledger, presenter: Presenter, *, embedded: bool) -> None:
        """Make it; ``embedded`` leaves the title out."""
        super().__init__()
        mates = [item for item in session.ledgers if ledger.group and item.group == ledger.group]
        self.switch = GroupSwitch(mates, ledger) if len(mates) > 1 and not embedded else None
        self.tabs = TabStrip([(tab.key, tab.label) for tab in presenter.tabs()])
        self.search_box = SearchBox("搜索编号、姓名、内容…" if presenter.takes_steps else "搜索编号、名称…")
        self.create_button = button(ledger.create_action, PRIMARY, icon="plus")
        self.create_button.setToolTip("Ctrl+N")
        self.ways = {way: button(way.label, icon=way.icon) for way in presenter.create_ways()}
        for way, pressed in self.ways.items():
            pressed.setToolTip(way.shortcut)
        rights.restrict(session, self.create_button, *self.ways.values())
        title = None if embedded else self.switch or label(ledger.label, fonts.PAGE_TITLE, medium=True)
        self._lay_out(title)

    def _lay_out(self, title: QWidget | None) -> None:
        self.setFixedHeight(theme.px(_HEIGHT))
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(20), 0, theme.px(20), 0)
        row.setSpacing(theme.px(8))
        if title is not None:
            row.addWidget(title)
            row.addSpacing(theme.px(20))
        row.addWidget(self.tabs)
        row.addStretch(1)
        self.search_box.setMinimumWidth(theme.px(_LEAST_SEARCH))
        self.search_box.setMaximumWidth(theme.px(_SEARCH))
        row.addWidget(self.search_box, 2)
        for way in self.ways.values():
            row.addWidget(way)
        row.addWidget(self.create_button)
