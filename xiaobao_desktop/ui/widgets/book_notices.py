"""What is wrong with the book or the PC's clock, told above every page until it is settled."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from xiaobao_desktop.errors import UserError
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import rights, theme
from xiaobao_desktop.ui.bus import bus
from xiaobao_desktop.ui.tasks import tasks
from xiaobao_desktop.ui.widgets.banner import Banner

if TYPE_CHECKING:
    from xiaobao_desktop.services.anchors import Kept
    from xiaobao_desktop.services.clock_watch import ClockWatch

_EVERY_MS = 60_000


class BookNotices(QWidget):
    """Banners, hidden while all is well: the clock at each change and every minute, anchors and key at the start."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._older: Sequence[Kept] = ()
        self.clock = Banner("red", "clock")
        self.right_button = self.clock.add_action("时间没有错")
        self.older = Banner("red", "triangle-alert")
        self.accept_button = self.older.add_action("是我自己换回的，继续使用")
        self.retired = Banner("red", "key-round")
        column = QVBoxLayout(self)
        edge = theme.px(8)
        column.setContentsMargins(edge, edge, edge, 0)
        column.setSpacing(theme.px(6))
        column.addWidget(self.clock)
        column.addWidget(self.older)
        column.addWidget(self.retired)
        self.right_button.clicked.connect(self._confirm)
        self.accept_button.clicked.connect(self._accept)
        bus().changed.connect(lambda _changed: self.look_at_clock())
        bus().settings_changed.connect(self.look_at_key)
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self.look_at_clock)
        self._timer.start()
        rights.restrict(session, self.right_button, self.accept_button)
        self._fit()

    @cached_property
    def _watch(self) -> ClockWatch:
        # The services are loaded after the window has come up.
        from xiaobao_desktop.services.clock_watch import ClockWatch

        return ClockWatch(self._session)

    def look_at_clock(self) -> None:
        """Compare the clock with the history now."""
        try:
            found = self._watch.look()
        except UserError:
            # The disk is full or the book away: whatever the officer does next tells it.
            return
        self.clock.tell("red", "clock", found.title if found else "", found.detail if found else "")
        self._fit()

    def look_at_key(self) -> None:
        """Tell when the book has a key that a re-encryption put out of use: an old copy was put in its place."""
        from xiaobao_desktop.services import anchors

        if self._session.book.closed:
            return
        when = anchors.retired_at(self._session)
        title = "这本账簿用的是已经作废的旧密钥" if when else ""
        detail = (
            f"{when:%Y-%m-%d %H:%M} 因为疑似泄露重新加密过，现在打开的是那以前的账簿或备份，旧密码又能打开它。"
            "确实要用它的，请到“设置 → 密码”再重新加密一次；"
            "不是您自己换回来的，请到“数据”从最新的备份恢复，并查明原因。"
            if when
            else ""
        )
        self.retired.tell("red", "key-round", title, detail)
        self._fit()

    def look_at_book(self) -> None:
        """Compare the book with what is kept outside it, beside the window; what fits is remembered anew."""
        from xiaobao_desktop.services import anchors

        self.look_at_key()
        session = self._session

        def work(_progress: object) -> Sequence[Kept]:
            if session.book.closed or session.settings.demo:
                return ()
            found = anchors.not_fitting(session.book)
            if not found:
                anchors.remember(session)
            return found

        tasks().run(work, self.show_older, lambda _error: None, self)

    def show_older(self, found: Sequence[Kept]) -> None:
        """Tell that the book is older than what is kept outside it; nothing hides the banner."""
        self._older = found
        title = detail = ""
        if found:
            last = max(found, key=lambda item: item.anchor.sequence)
            title = "这本账簿比上次用的旧，或者不是同一本"
            detail = (
                f"{last.where}核对码到第 {last.anchor.sequence} 条操作记录，这本账簿对不上，"
                f"现在只有 {self._session.book.anchor().sequence} 条。最近的登记可能不在里面：先不要登记，"
                "到“数据”点“从备份恢复…”选最新的一份。不是您自己换的，请把账簿文件夹留给科技部门查原因。"
            )
        self.older.tell("red", "triangle-alert", title, detail)
        self._fit()

    def _confirm(self) -> None:
        self._settle(self._watch.confirm)
        self.look_at_clock()

    def _accept(self) -> None:
        from xiaobao_desktop.services import anchors

        older = self._older
        if self._settle(lambda: anchors.accept(self._session, older)):
            self.show_older(())

    def _settle(self, act: Callable[[], None]) -> bool:
        try:
            act()
        except UserError as error:
            from xiaobao_desktop.ui.dialogs.error_dialog import show_user_error

            show_user_error(error, self)
            return False
        return True

    def _fit(self) -> None:
        self.setVisible(not all(banner.isHidden() for banner in (self.clock, self.older, self.retired)))
