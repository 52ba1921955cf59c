"""Draws once, unseen, what the first window is made of, while the officer types her password.

Qt loads fonts, reads the style sheet and draws icons when they are first needed. Done in this idle time, the window
needs less when the book is there. Nothing here depends on a book.
"""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from xiaobao_desktop.domain.ledgers import all_ledgers
from xiaobao_desktop.ui import theme
from xiaobao_desktop.ui.navigation import NavEntry, Sidebar
from xiaobao_desktop.ui.pages.workbench_cards import MonthCard
from xiaobao_desktop.ui.widgets import buttons
from xiaobao_desktop.ui.widgets.cards import TopBar, scrolling
from xiaobao_desktop.ui.widgets.due_strip import DueStrip
from xiaobao_desktop.ui.widgets.search_box import SearchBox
from xiaobao_desktop.ui.widgets.todo_list import TodoList

_SIZE = (1366, 738)


def rehearse() -> None:
    """Make and draw a sidebar, a bar with its buttons, figures and a list, and let go of them."""
    stage = QWidget()
    column = QVBoxLayout(stage)
    places = [ledger.group or ledger for ledger in all_ledgers() if ledger.dated_by]
    shown = {place.key: NavEntry(place.key, place.label, place.icon, 1) for place in places}
    bar = TopBar("工作台")
    bar.row.addWidget(SearchBox())
    bar.row.addWidget(buttons.button("登记投诉", buttons.PRIMARY, icon="plus"))
    bar.row.addWidget(buttons.button("打印", icon="printer"))
    for part in (Sidebar("小保", "小保", tuple(shown.values())), bar, DueStrip(), scrolling(MonthCard()), TodoList()):
        column.addWidget(part)
    stage.resize(theme.px(_SIZE[0]), theme.px(_SIZE[1]))
    stage.grab()
    stage.deleteLater()
