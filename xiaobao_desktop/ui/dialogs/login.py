"""Opening a book with a password or the recovery key, and unlocking a locked window."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from xiaobao_desktop.errors import UserError
from xiaobao_desktop.services import books, credentials
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.errors import BookMissing, WrongPassword
from xiaobao_desktop.ui import fonts, help_key, theme
from xiaobao_desktop.ui.dialogs.entrance import EntranceWindow
from xiaobao_desktop.ui.tasks import Progress, tasks
from xiaobao_desktop.ui.widgets import buttons
from xiaobao_desktop.ui.widgets.cards import FieldError, Initial, mark_wrong, scrolling
from xiaobao_desktop.ui.widgets.labels import hairline, label
from xiaobao_desktop.ui.widgets.password_field import PasswordField, password_advice, password_problem

TRIES = 5
"""Wrong passwords before the window makes a pause (the key derivation itself slows guessing)."""
PAUSE_SECONDS = 30

CREATE_WANTED = 2
"""Result of the dialog when the officer wants to make a new book instead."""

_COLUMN = 300


class LoginDialog(EntranceWindow):
    """Asks for the password of the book in a folder; ``session`` holds the opened book after acceptance.

    With ``locked`` given, the book is open already: the password is only proved, and the other ways out are hidden.
    """

    def __init__(self, directory: Path, parent: QWidget | None = None, *, locked: Session | None = None) -> None:
        super().__init__(420, 396, parent)
        help_key.bind(self, "password")
        self.directory = directory
        self.session: Session | None = None
        self._locked = locked
        self._tries_left = TRIES
        self._by_recovery = False
        self._secret = ""
        self._pause = QTimer(self)
        self._pause.setInterval(1000)
        self._pause_left = 0
        self.initial = Initial("", parent=self.card)
        self.name = label("", fonts.PAGE_TITLE - 1, medium=True)
        self.place = label("", tone="2")
        self.folder = label("", fonts.SECOND, tone="3")
        self.password = PasswordField("密码")
        self.problem = FieldError()
        self.open_button = buttons.button("打开" if locked is None else "解锁", buttons.PRIMARY, shortcut="Enter")
        self.recovery_link = buttons.button("忘记密码？用恢复密钥", buttons.LINK)
        self.other_link = buttons.button("打开其他账簿…", buttons.LINK)
        self.new_link = buttons.button("新建账簿", buttons.LINK)
        self.pages = QStackedWidget(self.card)
        self.new_password = NewPasswordPanel()
        self._build()
        self._connect()
        self._introduce()

    def use(self, directory: Path) -> None:
        """Ask for the password of another book."""
        self.directory = directory
        self._tries_left = TRIES
        self._introduce()

    def submit(self) -> None:
        """Try what was typed, beside the window."""
        secret = self.password.text()
        if self.busy or self._pause.isActive():
            return
        if not secret:
            self._refuse("请输入恢复密钥" if self._by_recovery else "请输入密码")
            return
        self._secret = secret
        self._set_busy(True)
        directory, locked = self.directory, self._locked

        def work(_progress: Progress) -> Session | None:
            if locked is not None:
                credentials.check_secret(directory, secret)
                return None
            return books.open_book(directory, secret)

        tasks().run(work, self._opened, self._failed)

    def ask_for_recovery_key(self) -> None:
        """Switch between the password and the recovery key."""
        self._by_recovery = not self._by_recovery
        self.password.clear()
        self.password.show_letters(self._by_recovery)
        self.password.setPlaceholderText("48 位数字，空格可有可无" if self._by_recovery else "")
        self.password.setAccessibleName("恢复密钥" if self._by_recovery else "密码")
        self.recovery_link.setText("改用密码" if self._by_recovery else "忘记密码？用恢复密钥")
        self._refuse("")
        self.password.setFocus()

    def choose_other(self) -> None:
        """Let the officer choose the folder of another book."""
        chosen = QFileDialog.getExistingDirectory(self, "选择账簿所在的文件夹", str(self.directory.parent))
        if chosen:
            self.open_other(Path(chosen))

    def open_other(self, directory: Path) -> None:
        """Turn to the book in ``directory``, or say that there is none."""
        if not books.book_at(directory):
            self.tell(BookMissing(folder=directory))
            return
        self.use(directory)

    def _build(self) -> None:
        self.open_button.setAutoDefault(True)
        self.open_button.setDefault(True)
        whole = QVBoxLayout(self.card)
        whole.setContentsMargins(1, 1, 1, 1)
        whole.setSpacing(0)
        self.pages.addWidget(scrolling(self._password_page()))
        self.pages.addWidget(scrolling(self.new_password))
        whole.addWidget(self.pages, 1)
        foot = QWidget(self.card)
        row = QHBoxLayout(foot)
        row.setContentsMargins(theme.px(20), theme.px(8), theme.px(20), theme.px(8))
        row.addWidget(self.other_link)
        row.addStretch(1)
        row.addWidget(self.new_link)
        foot.setVisible(self._locked is None)
        whole.addWidget(hairline())
        whole.addWidget(foot)

    def _password_page(self) -> QWidget:
        page = QWidget(self.card)
        column = QVBoxLayout(page)
        side = theme.px((420 - _COLUMN) // 2)
        column.setContentsMargins(side, theme.px(28), side, theme.px(12))
        column.setSpacing(theme.px(4))
        center = Qt.AlignmentFlag.AlignHCenter
        column.addWidget(self.initial, 0, center)
        column.addSpacing(theme.px(8))
        column.addWidget(self.name, 0, center)
        column.addWidget(self.place, 0, center)
        column.addWidget(self.folder, 0, center)
        column.addSpacing(theme.px(10))
        column.addWidget(self.password)
        column.addWidget(self.problem)
        column.addSpacing(theme.px(8))
        column.addWidget(self.open_button)
        column.addSpacing(theme.px(4))
        column.addWidget(self.recovery_link, 0, center)
        column.addStretch(1)
        return page

    def _connect(self) -> None:
        self.open_button.clicked.connect(self.submit)
        self.password.textEdited.connect(lambda _text: self._refuse(""))
        self.recovery_link.clicked.connect(self.ask_for_recovery_key)
        self.other_link.clicked.connect(self.choose_other)
        self.new_link.clicked.connect(lambda: self.done(CREATE_WANTED))
        self._pause.timeout.connect(self._count_down)
        self.new_password.accepted.connect(self._set_new_password)

    def _introduce(self) -> None:
        """Say whose book it is, or why its owner cannot be told."""
        self.password.clear()
        self._refuse("")
        try:
            names = credentials.users(self.directory)
        except UserError as error:
            names = ()
            self._refuse(error.message)
        name = names[0] if names else "账簿"
        self.initial.set_name(name)
        self.name.setText(name)
        bank = self._locked.settings.printed_name if self._locked is not None else ""
        self.place.setText(f"{bank}·消保专员" if bank else "消保专员")
        room = theme.px(_COLUMN)
        shown = self.folder.fontMetrics().elidedText(str(self.directory), Qt.TextElideMode.ElideMiddle, room)
        self.folder.setText(shown)
        self.folder.setToolTip(str(self.directory))
        self.folder.setVisible(self._locked is None)
        self.password.setFocus()

    def _opened(self, session: Session | None) -> None:
        self._set_busy(False)
        self.session = session if session is not None else self._locked
        if self._by_recovery:
            self.pages.setCurrentIndex(1)
            self.new_password.begin()
            return
        self.accept()

    def _failed(self, error: BaseException) -> None:
        self._set_busy(False)
        if not isinstance(error, WrongPassword):
            self.tell(error)
            return
        self._tries_left -= 1
        self.password.selectAll()
        self.password.setFocus()
        if self._tries_left <= 0:
            self._tries_left = TRIES
            self._pause_left = PAUSE_SECONDS
            self._pause.start()
            self._tell_pause()
        elif self._by_recovery:
            self._refuse("恢复密钥不对，请对照纸上逐组核对")
        else:
            self._refuse(f"密码不对，还可以试 {self._tries_left} 次，请看大小写和输入法")

    def _count_down(self) -> None:
        self._pause_left -= 1
        if self._pause_left > 0:
            self._tell_pause()
            return
        self._pause.stop()
        self._set_busy(False)
        self._refuse("")

    def _tell_pause(self) -> None:
        self.open_button.setEnabled(False)
        self._refuse(f"连续 {TRIES} 次不对，请等 {self._pause_left} 秒再试")

    def _refuse(self, reason: str) -> None:
        self.problem.say(reason)
        mark_wrong(self.password, bool(reason))

    def _set_busy(self, busy: bool) -> None:
        self.busy = busy
        waiting, ready = ("正在打开…", "打开") if self._locked is None else ("正在核对…", "解锁")
        self.open_button.setText(waiting if busy else f"{ready}  Enter")
        for widget in (self.open_button, self.password, self.recovery_link, self.other_link, self.new_link):
            widget.setEnabled(not busy)
        if not busy:
            self.password.setFocus()

    def _set_new_password(self, password: str) -> None:
        """After the recovery key: the old password is gone, so a new one is set before going on."""
        try:
            credentials.change_password(self.directory, self._secret, password)
        except UserError as error:
            self.tell(error)
            return
        self.accept()

    def reject(self) -> None:
        """Close; a book opened by the recovery key but not given a new password is closed again."""
        if self.busy:
            return
        if self.session is not None and self._locked is None:
            self.session.close()
            self.session = None
        super().reject()


class NewPasswordPanel(QWidget):
    """Two fields for a new password with what is still wrong about it; ``accepted`` carries the password."""

    accepted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.first = PasswordField("新密码")
        self.second = PasswordField("再填一遍")
        self.advice = label("", fonts.SECOND, tone="2", wrap=True)
        self.problem = FieldError()
        self.save_button = buttons.button("设为新密码并打开", buttons.PRIMARY)
        column = QVBoxLayout(self)
        side = theme.px((420 - _COLUMN) // 2)
        column.setContentsMargins(side, theme.px(28), side, theme.px(12))
        column.setSpacing(theme.px(4))
        column.addWidget(label("恢复密钥对上了，请设一个新密码", fonts.CARD_TITLE, medium=True, wrap=True))
        column.addWidget(label("旧密码从此不能用；恢复密钥还能用，请放回保险柜。", fonts.SECOND, tone="2", wrap=True))
        for title, field in (("新密码", self.first), ("再填一遍", self.second)):
            column.addSpacing(theme.px(8))
            column.addWidget(label(title, tone="2"))
            column.addWidget(field)
        column.addWidget(self.advice)
        column.addWidget(self.problem)
        column.addSpacing(theme.px(8))
        column.addWidget(self.save_button)
        column.addStretch(1)
        self.first.textEdited.connect(self._advise)
        self.first.returnPressed.connect(self.second.setFocus)
        self.second.returnPressed.connect(self._submit)
        self.save_button.clicked.connect(self._submit)

    def begin(self) -> None:
        """Start with empty fields."""
        self.first.clear()
        self.second.clear()
        self.first.setFocus()

    def _advise(self, text: str) -> None:
        self.advice.setText(password_advice(text))
        self.problem.say("")

    def _submit(self) -> None:
        reason = password_problem(self.first.text(), self.second.text())
        self.problem.say(reason)
        if not reason:
            self.accepted.emit(self.first.text())
