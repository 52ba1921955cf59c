"""Adding a user of the book, giving one a new password, removing one: each asks for the officer's own password."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QLineEdit, QVBoxLayout, QWidget

from xiaobao_desktop.domain.roles import Role
from xiaobao_desktop.services import tries, users
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.errors import WrongPassword
from xiaobao_desktop.ui import help_key, theme
from xiaobao_desktop.ui.dialogs import framed
from xiaobao_desktop.ui.dialogs.error_dialog import show_error
from xiaobao_desktop.ui.tasks import tasks
from xiaobao_desktop.ui.widgets import buttons
from xiaobao_desktop.ui.widgets.cards import icon_disc
from xiaobao_desktop.ui.widgets.form_field import LabelledField, at_left
from xiaobao_desktop.ui.widgets.labels import label
from xiaobao_desktop.ui.widgets.password_field import PasswordField, password_problem
from xiaobao_desktop.ui.widgets.segmented import Segmented

_WIDTH = 480
_ROLES = ((Role.READER.value, "查阅（只能看）"), (Role.OFFICER.value, "专员（全部）"))


class UserDialog(QDialog):
    """One of the three; :attr:`name` is the user it is about."""

    def __init__(self, session: Session, title: str, text: str, yes: str, parent: QWidget | None = None) -> None:
        """For the functions below; ``title``, ``text`` and ``yes`` as for ``ConfirmDialog``."""
        super().__init__(parent)
        help_key.bind(self, "password")
        self.session = session
        self.name = ""
        self.setWindowTitle("小保")
        self.setFixedWidth(theme.px(_WIDTH))
        self.person = LabelledField("姓名", QLineEdit(), required=True, help_text="写真实姓名，操作记录里用它")
        self.role = Segmented(_ROLES)
        self.role.choose(Role.READER.value)
        self.role_field = LabelledField(
            "权限", at_left(self.role), help_text="查阅：行领导、检查人员。只能看，看完整信息会记录"
        )
        self.first, self.second, self.own = (PasswordField(name) for name in ("临时密码", "再填一遍", "您自己的密码"))
        self.first_field = LabelledField(
            "给他的临时密码", self.first, required=True, help_text="至少 8 位，只能登录一次；他登录时先设自己的密码"
        )
        self.second_field = LabelledField("再填一遍", self.second, required=True)
        self.own_field = LabelledField("您自己的密码", self.own, required=True, help_text="确认是您本人在操作")
        self.yes_button = buttons.button(yes, buttons.PRIMARY)
        self.no_button = buttons.button("取消")
        self.act: Callable[[], None] = self.add
        form = QWidget()
        column = QVBoxLayout(form)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(10))
        for field in (self.person, self.role_field, self.first_field, self.second_field, self.own_field):
            column.addWidget(field)
        words = (label(title, 12, medium=True, wrap=True), label(text, tone="2", wrap=True))
        framed.lay_out(self, icon_disc("users", "blue"), words, (self.no_button, self.yes_button), form)
        self.yes_button.setDefault(True)
        self.yes_button.clicked.connect(lambda: self.act())
        self.no_button.clicked.connect(self.reject)

    def showEvent(self, event: QShowEvent) -> None:
        """Take the height that the fields need."""
        super().showEvent(event)
        framed.fit(self)

    def add(self) -> None:
        """Add the user that was typed."""
        editor = self.person.editor
        assert isinstance(editor, QLineEdit)
        self.name, secret, password = " ".join(editor.text().split()), self.own.text(), self.first.text()
        self.person.complain("" if self.name else "请填姓名")
        if self._is_typed() and self.name:
            role = Role(self.role.current())
            self._run(lambda: users.add(self.session, secret, self.name, role, password))

    def reset(self) -> None:
        """Give the user the password that was typed."""
        secret, password = self.own.text(), self.first.text()
        if self._is_typed():
            self._run(lambda: users.reset_password(self.session, secret, self.name, password))

    def remove(self) -> None:
        """Remove the user."""
        secret = self.own.text()
        self.own_field.complain("" if secret else "请填您自己的密码")
        if secret:
            self._run(lambda: users.remove(self.session, secret, self.name))

    def _is_typed(self) -> bool:
        reason = password_problem(self.first.text(), self.second.text())
        self.second_field.complain(reason)
        self.own_field.complain("" if self.own.text() else "请填您自己的密码")
        framed.fit(self)
        return not reason and bool(self.own.text())

    def _run(self, work: Callable[[], None]) -> None:
        self.yes_button.setEnabled(False)
        tasks().run(lambda _progress: work(), lambda _result: self.accept(), self._failed, self)

    def _failed(self, error: BaseException) -> None:
        self.yes_button.setEnabled(True)
        if isinstance(error, WrongPassword):
            self.own_field.complain(f"密码不对，还可以试 {tries.left(self.session.directory)} 次；什么都没有改")
            self.own.selectAll()
            self.own.setFocus()
        elif isinstance(error, users.UserKnown):
            self.person.complain(error.message)
        else:
            show_error(error, self)
        framed.fit(self)


def adding(session: Session, parent: QWidget | None = None) -> UserDialog:
    """Adds a user."""
    text = "临时密码请当面告诉他。他第一次登录时先设只有自己知道的密码，做了什么都记在他名下。"
    return UserDialog(session, "添加用户", text, "添加", parent)


def resetting(session: Session, name: str, parent: QWidget | None = None) -> UserDialog:
    """Gives ``name`` a new password."""
    text = f"{name}忘了密码时用。旧密码马上不能用，权限不变；他用临时密码登录时，先设自己的密码。"
    return _about(UserDialog(session, f"重设{name}的密码", text, "重设", parent), name, removing_one=False)


def removing(session: Session, name: str, parent: QWidget | None = None) -> UserDialog:
    """Removes ``name``."""
    text = f"{name}从此打不开这本账簿；做过的事还在操作记录里。以前的备份里还有他的旧密码，不用的备份请收好。"
    return _about(UserDialog(session, f"移除{name}？", text, "移除", parent), name, removing_one=True)


def _about(dialog: UserDialog, name: str, *, removing_one: bool) -> UserDialog:
    dialog.name = name
    dialog.act = dialog.remove if removing_one else dialog.reset
    hidden = [dialog.person, dialog.role_field]
    if removing_one:
        hidden += [dialog.first_field, dialog.second_field]
    for field in hidden:
        field.hide()
    return dialog
