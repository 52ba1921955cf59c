"""用户与权限: who may open the book and do what in it, and when it locks by itself."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from xiaobao_desktop.domain.roles import Role
from xiaobao_desktop.errors import UserError
from xiaobao_desktop.services import books, options, users
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.settings import OPTIONS
from xiaobao_desktop.ui import fonts, rights, theme
from xiaobao_desktop.ui.bus import bus
from xiaobao_desktop.ui.dialogs import user
from xiaobao_desktop.ui.dialogs.user import UserDialog
from xiaobao_desktop.ui.pages.settings_panels import Panel
from xiaobao_desktop.ui.widgets import buttons
from xiaobao_desktop.ui.widgets.cards import Card, Initial, Notice
from xiaobao_desktop.ui.widgets.labels import hairline, label
from xiaobao_desktop.ui.widgets.pill import Pill
from xiaobao_desktop.ui.widgets.segmented import Segmented

LOCK = "lock_minutes"


class UserRow(QWidget):
    """One user: name, role, what may be done about him."""

    def __init__(self, item: users.User, *, last_officer: bool) -> None:
        super().__init__()
        self.reset_button = buttons.button("重设密码…", buttons.GHOST)
        self.remove_button = buttons.button("移除…", buttons.GHOST)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, theme.px(4), 0, theme.px(4))
        row.setSpacing(theme.px(10))
        row.addWidget(Initial(item.name, 30))
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(label(item.name, medium=True))
        about = "登记、修改、导出、设置，全部都能做" if item.role is Role.OFFICER else "只能看；看完整信息会记录"
        words.addWidget(label(about, fonts.SECOND, tone="2"))
        row.addLayout(words)
        row.addWidget(Pill(item.role.label, "blue" if item.role is Role.OFFICER else "grey"))
        row.addStretch(1)
        if item.own:
            row.addWidget(label("您自己", tone="2"))
        for made in (self.reset_button, self.remove_button):
            made.setAccessibleName(f"{made.text()} {item.name}")
            made.setVisible(not item.own)
            row.addWidget(made)
        if last_officer:
            self.remove_button.setEnabled(False)
            self.remove_button.setToolTip("最后一位专员不能移除；换人请用“密码 → 开始交接”")


class UsersPanel(Panel):
    """The users of the book, and the minutes after which it locks."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.rows: dict[str, UserRow] = {}
        self.demo_note = Notice("演示台账不要密码，没有用户可设，也不会锁定。", "blue", "info")
        self.add_button = buttons.button("添加用户…", buttons.PRIMARY, icon="user")
        card = Card("用户", "每人用自己的姓名和密码打开账簿；谁做了什么，操作记录里都有。只加真正需要看的人。")
        card.body.addWidget(self.demo_note)
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        card.body.addLayout(self._list)
        card.body.addWidget(hairline())
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.add_button)
        card.body.addLayout(foot)
        self.column.addWidget(card)
        self.column.addWidget(self._lock_card())
        self.column.addStretch(1)
        self.add_button.clicked.connect(lambda: self.ask(user.adding(session, self), "已添加"))
        bus().settings_changed.connect(self.load)
        self.load()

    def load(self) -> None:
        """Show who there is now."""
        for row in self.rows.values():
            self._list.removeWidget(row)
            row.deleteLater()
        open_book = not books.needs_password(self.session.directory)
        listed = () if open_book else users.listed(self.session)
        officers = [item.name for item in listed if item.role is Role.OFFICER]
        self.rows = {item.name: UserRow(item, last_officer=officers == [item.name]) for item in listed}
        for name, row in self.rows.items():
            self._list.addWidget(row)
            row.reset_button.clicked.connect(self._asker(user.resetting, name, "密码已重设："))
            row.remove_button.clicked.connect(self._asker(user.removing, name, "已移除"))
            rights.restrict(self.session, row.reset_button, row.remove_button)
        self.demo_note.setVisible(open_book)
        self.add_button.setEnabled(not open_book)
        self.lock.setEnabled(not open_book)
        rights.restrict(self.session, self.add_button, self.lock)

    def ask(self, dialog: UserDialog, done: str) -> None:
        """Show a dialog of ``dialogs/user.py``, and the users anew when it has changed something."""
        if dialog.exec() == QDialog.DialogCode.Accepted:
            self.load()
            self.done.emit(f"{done}{dialog.name}")
        dialog.deleteLater()

    def use_minutes(self, minutes: str) -> None:
        """Keep after how many minutes the program locks."""
        try:
            options.save_settings(self.session, **{LOCK: minutes})
        except UserError as error:
            self.tell(error)
            self.lock.choose(self.session.settings.lock_minutes)
            return
        self.done.emit(f"没人动 {minutes} 分钟后锁定")

    def _asker(self, make: Callable[[Session, str, QWidget], UserDialog], name: str, done: str) -> Callable[[], None]:
        return lambda: self.ask(make(self.session, name, self), done)

    def _lock_card(self) -> Card:
        option = next(item for item in OPTIONS if item.key == LOCK)
        card = Card("自动锁定", "锁定时账簿关闭，屏幕上什么都看不到；没保存的内容留在账簿的草稿里，解锁后回到原处。")
        self.lock = Segmented(option.choices)
        self.lock.choose(self.session.settings.lock_minutes)
        self.lock.setAccessibleName(option.label)
        self.lock.chosen.connect(self.use_minutes)
        row = QHBoxLayout()
        row.setSpacing(theme.px(12))
        row.addWidget(label(option.label, tone="2"))
        row.addWidget(self.lock)
        row.addStretch(1)
        card.body.addLayout(row)
        card.body.addWidget(label(option.help, fonts.SECOND, tone="2", wrap=True))
        return card
