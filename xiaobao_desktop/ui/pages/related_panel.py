"""相关: what belongs to the opened record, of every ledger, a click away; what can be made of it with one key."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from xiaobao_desktop.domain.fields import Ledger, Record
from xiaobao_desktop.domain.relations import reference
from xiaobao_desktop.errors import RecordRefused, UserError
from xiaobao_desktop.services import followups, relations
from xiaobao_desktop.services.followups import FollowUp
from xiaobao_desktop.services.relations import Changed, Group, Related
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import fonts, rights, theme
from xiaobao_desktop.ui.bus import bus
from xiaobao_desktop.ui.pages.ledger_presenter import DetailActions, presenter_for
from xiaobao_desktop.ui.pages.page import Page
from xiaobao_desktop.ui.widgets.buttons import LINK, button, icon_button
from xiaobao_desktop.ui.widgets.flow import FlowLayout
from xiaobao_desktop.ui.widgets.labels import ElidedLabel, label
from xiaobao_desktop.ui.widgets.pill import Pill

FOLLOW_KEY, ADD_KEY = "Ctrl+T", "Ctrl+Shift+J"
"""Make of the record what comes first, or go to the ways there are; put another record beside it."""
_CROSS = 12
"""Edge of the small × on the design sheet."""


class RelatedPanel(QWidget):
    """The related records of one record.

    Attributes:
        links: the buttons that open a record, by its RECORD value.
        ways: the buttons that make something of the record.
    """

    def __init__(
        self,
        session: Session,
        ledger: Ledger,
        record: Record,
        actions: DetailActions,
        own: Sequence[QWidget] = (),
    ) -> None:
        """Read and show what belongs to ``record``.

        Args:
            session: the open book.
            ledger: of the record.
            record: a saved one.
            actions: what the detail does.
            own: blocks about relations that only this ledger knows; they come first.
        """
        super().__init__()
        self.setObjectName("relations")
        self._session, self._ledger, self._record, self._actions = session, ledger, record, actions
        self.groups = relations.related(session, ledger, record)
        self._found = followups.ways(session, ledger, record)
        self.links: dict[str, QPushButton] = {}
        self.ways = [button(way.label, icon=way.icon) for way in self._found]
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.px(6))
        self._column.addLayout(self._head("" if own else "还没有"))
        if self.ways:
            self._column.addWidget(self._follow_row())
        for block in own:
            self._column.addWidget(block)
        for group in self.groups:
            self._add_group(group)
        rights.restrict(session, self.add_button, *self.ways)

    def _head(self, nothing: str) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(theme.px(6))
        row.addWidget(label("相关", medium=True, tone="2"))
        count = sum(len(group.ids) for group in self.groups)
        row.addWidget(label(f"{count} 条" if count else nothing, fonts.SECOND, tone="2"))
        row.addStretch(1)
        self.add_button = button("关联…", LINK)
        self.add_button.setToolTip(f"把别的记录放到一起（{ADD_KEY}）")
        self.add_button.clicked.connect(self.ask)
        self._key(ADD_KEY, self.ask)
        row.addWidget(self.add_button)
        return row

    def _follow_row(self) -> QWidget:
        box = QWidget()
        flow = FlowLayout(theme.px(6))
        box.setLayout(flow)
        for way, pressed in zip(self._found, self.ways, strict=True):
            pressed.clicked.connect(partial(self._follow, way))
            flow.addWidget(pressed)
        self.ways[0].setToolTip(FOLLOW_KEY)
        self._key(FOLLOW_KEY, self.follow_by_key)
        return box

    def _key(self, keys: str, act: Callable[[], None]) -> None:
        shortcut = QShortcut(QKeySequence(keys), self)
        shortcut.activated.connect(act)
        rights.restrict(self._session, shortcut)

    def follow_by_key(self) -> None:
        """Take the only way there is, or go to the first of several."""
        if len(self.ways) == 1:
            self.ways[0].click()
        else:
            self.ways[0].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def ask(self) -> None:
        """Ask for another record and put it beside this one."""
        from xiaobao_desktop.ui.dialogs.pick_record import PickRecordDialog

        dialog = PickRecordDialog(self._session, self._ledger, int(str(self._record.id)), self.window())
        dialog.exec()
        chosen = dialog.chosen
        dialog.deleteLater()
        if chosen is not None:
            self._later(partial(self._add, chosen.reference, chosen.number))

    # Groups

    def _add_group(self, group: Group) -> None:
        target = group.ledger
        words = f"{target.label} {len(group.ids)} {target.unit}"
        head = QHBoxLayout()
        head.addWidget(label(words, fonts.SECOND, tone="2"))
        head.addStretch(1)
        if len(group.ids) > len(group.items):
            every = button("看全部", LINK)
            every.setAccessibleName(f"看全部 {words}")
            every.clicked.connect(partial(self._show_all, group))
            head.addWidget(every)
        self._column.addLayout(head)
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.px(8))
        grid.setVerticalSpacing(theme.px(4))
        grid.setColumnStretch(1, 1)
        for place, item in enumerate(group.items):
            self._add_line(grid, place, target, item)
        self._column.addLayout(grid)

    def _add_line(self, grid: QGridLayout, place: int, target: Ledger, item: Related) -> None:
        grid.addWidget(self._number(target, item), place, 0)
        day = item.day.removeprefix(f"{self._session.today().year}-")
        title = ElidedLabel(" ".join(part for part in (day, item.title) if part), fonts.SECOND)
        title.setToolTip("·".join(part for part in (item.why, item.title) if part))
        grid.addWidget(title, place, 1)
        head = presenter_for(self._session, target).head(item.record)
        if item.record.deleted:
            grid.addWidget(label("在回收站", fonts.SECOND, tone="2"), place, 2)
        elif head.text:
            grid.addWidget(Pill(head.text, head.tone), place, 2)
        if item.removable:
            cross = icon_button("x", f"取消关联 {item.record.number}", size=_CROSS)
            cross.clicked.connect(partial(self._cross, target, item))
            rights.restrict(self._session, cross)
            grid.addWidget(cross, place, 3)

    def _number(self, target: Ledger, item: Related) -> QWidget:
        """The number of a record: a link while it can be opened."""
        number = item.record.number or ""
        if item.record.deleted:
            return label(number, tone="2")
        link = button(number, LINK)
        link.setAccessibleName(f"打开 {target.label} {number} {item.title}")
        record_id = int(str(item.record.id))
        link.clicked.connect(partial(self._open, target.key, record_id))
        self.links[reference(target.key, record_id)] = link
        return link

    # What happens; this panel is made anew by most of it, so that it waits until the click is over.

    def _later(self, act: partial[None]) -> None:
        QTimer.singleShot(0, self, act)

    def _open(self, ledger: str, record_id: int, _checked: bool = False) -> None:
        page = self._page()
        if page is not None:
            self._later(partial(page.record_asked.emit, ledger, record_id))

    def _show_all(self, group: Group, _checked: bool = False) -> None:
        page = self._page()
        if page is not None:
            words = f"与 {self._record.number} 相关"
            self._later(partial(page.records_asked.emit, group.ledger.key, group.ids, words))

    def _cross(self, target: Ledger, item: Related, _checked: bool = False) -> None:
        self._later(partial(self._remove, reference(target.key, int(str(item.record.id))), item.record.number or ""))

    def _add(self, other: str, number: str) -> None:
        self._do(lambda: relations.add(self._session, self._ledger, self._id, other), f"已关联 {number}")

    def _remove(self, other: str, number: str) -> None:
        self._do(lambda: relations.remove(self._session, self._ledger, self._id, other), f"已取消关联 {number}")

    def _follow(self, way: FollowUp, _checked: bool = False) -> None:
        self._later(partial(self._carry_out, way))

    def _carry_out(self, way: FollowUp) -> None:
        page = self._page()
        if page is None:
            return
        if way.at_once:
            try:
                saved = followups.carry_out(self._session, way)
            except RecordRefused:
                page.begin_asked.emit(way.target, way.begun)
                return
            bus().announce(saved.changed)
            self._actions.told(f"已{way.label}，见 {saved.record.number}")
        else:
            page.begin_asked.emit(way.target, way.begun)

    def _do(self, act: Callable[[], Changed], words: str) -> None:
        from xiaobao_desktop.ui.dialogs.error_dialog import show_user_error

        try:
            changed = act()
        except UserError as refusal:
            show_user_error(refusal, self.window())
            return
        bus().announce(changed)
        self._actions.told(words)

    @property
    def _id(self) -> int:
        return int(str(self._record.id))

    def _page(self) -> Page | None:
        """The page of the window in which this stands."""
        widget = self.parentWidget()
        while widget is not None and not isinstance(widget, Page):
            widget = widget.parentWidget()
        return widget
