"""Opening a book with a password or the recovery key, and unlocking a locked program."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QMenu, QStackedWidget, QVBoxLayout, QWidget

from xiaobao_desktop.domain.roles import Role
from xiaobao_desktop.errors import UserError
from xiaobao_desktop.services import audit, books, credentials, tries
from xiaobao_desktop.services.clock import wall_clock
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.errors import BookDamaged, BookMissing, WrongPassword
from xiaobao_desktop.ui import fonts, help_key, icons, theme
from xiaobao_desktop.ui.dialogs.entrance import EntranceWindow
from xiaobao_desktop.ui.tasks import Progress, Tasks, tasks
from xiaobao_desktop.ui.widgets import buttons
from xiaobao_desktop.ui.widgets.cards import FieldError, Initial, mark_wrong, scrolling
from xiaobao_desktop.ui.widgets.labels import hairline, label
from xiaobao_desktop.ui.widgets.password_field import PasswordField, password_advice, password_problem

CREATE_WANTED = 2
"""Result of the dialog when the officer wants to make a new book instead."""

_COLUMN = 300
_AFTER_RECOVERY = ("恢复密钥对上了，请设一个新密码", "旧密码从此不能用；恢复密钥还能用，请放回保险柜。")
_AFTER_START = (
    "请设一个只有自己知道的密码",
    "不要用以前的密码，它可能已经被别人知道。临时密码只能登录这一次，写着它的条子请撕毁。",
)


class LoginDialog(EntranceWindow):
    """Asks for the password of the book in a folder; ``session`` holds the opened book after acceptance.

    With ``locked`` given, the program is locked: the password of its user opens the book of that session again, and
    the other ways out are hidden; ``bank`` is told with the name, ``why`` below the card what locked
    it, ``kept`` at its foot what becomes of unsaved entries.
    """

    def __init__(
        self,
        directory: Path,
        parent: QWidget | None = None,
        *,
        locked: Session | None = None,
        bank: str = "",
        why: str = "",
        kept: str = "",
    ) -> None:
        super().__init__(420, 396, parent)
        help_key.bind(self, "password")
        self.directory = directory
        self.session: Session | None = None
        self._locked, self._bank = locked, bank
        self._clock = locked.now if locked is not None else wall_clock
        # Work that the lock has met may keep the one worker busy for long: the password is proved beside it.
        self._tasks = Tasks() if locked is not None else tasks()
        self._user: str | None = None
        self._chosen = False
        self._roles: dict[str, Role] = {}
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
        self.person_link = buttons.button("换一个人登录", buttons.LINK)
        self.why = _below(why, self.ground)
        self.kept = label(kept, tone="2", wrap=True)
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
        self._introduce()

    def use_person(self, name: str) -> None:
        """Ask for the password of another user."""
        if self._by_recovery:
            self.ask_for_recovery_key()
        self._chosen = True
        self._show_person(name)

    def submit(self) -> None:
        """Try what was typed, beside the window."""
        secret = self.password.text()
        if self.busy or self._pause.isActive():
            return
        if not secret:
            self._refuse("请输入恢复密钥" if self._by_recovery else "请输入密码")
            return
        self._secret = secret
        locked = self._locked
        if locked is not None:
            self._set_busy(True)
            self._tasks.run(lambda _progress: credentials.unlock(locked, secret), self._go_on, self._failed)
            return
        self._open()

    def _open(self, new_password: str | None = None) -> None:
        """Open the book beside the window; with a new password where the present one is good for one login only."""
        directory, secret = self.directory, self._secret
        # Nobody was chosen: whoever has this password. Else a reader's own one would count as the officer's wrong one.
        user = self._user if self._chosen else None
        self._set_busy(True)

        def work(_progress: Progress) -> Session:
            return books.open_book(directory, secret, user=user, new_password=new_password)

        self._tasks.run(work, self._opened, self._failed)

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
        if self._locked is None:
            row.addWidget(self.other_link)
            row.addStretch(1)
            row.addWidget(self.new_link)
        else:
            mark = QLabel()
            mark.setPixmap(icons.pixmap("file-check", "green_text", icons.SMALL, self.devicePixelRatioF()))
            row.addWidget(mark)
            row.addWidget(self.kept, 1)
            for link in (self.other_link, self.new_link):
                link.setParent(foot)
                link.hide()
        line = hairline()
        whole.addWidget(line)
        whole.addWidget(foot)
        for widget in (line, foot):
            widget.setVisible(self._locked is None or bool(self.kept.text()))

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
        links = QHBoxLayout()
        links.setSpacing(theme.px(16))
        links.addStretch(1)
        links.addWidget(self.recovery_link)
        links.addWidget(self.person_link)
        links.addStretch(1)
        column.addLayout(links)
        column.addStretch(1)
        return page

    def _connect(self) -> None:
        self.open_button.clicked.connect(self.submit)
        self.password.textEdited.connect(lambda _text: self._refuse(""))
        self.recovery_link.clicked.connect(self.ask_for_recovery_key)
        self.person_link.clicked.connect(self._choose_person)
        self.other_link.clicked.connect(self.choose_other)
        self.new_link.clicked.connect(lambda: self.done(CREATE_WANTED))
        self._pause.timeout.connect(self._count_down)
        self.new_password.accepted.connect(self._set_new_password)

    def _introduce(self) -> None:
        """Say whose book it is, or why its owner cannot be told."""
        self._chosen = False
        self.password.clear()
        self._refuse("")
        try:
            self._roles = credentials.roles(self.directory)
        except UserError as error:
            self._roles = {}
            self._refuse(error.message)
        self.person_link.setVisible(self._locked is None and len(self._roles) > 1)
        officers = [name for name, role in self._roles.items() if role is Role.OFFICER]
        self._show_person(self._locked.user if self._locked is not None else next(iter(officers), ""))
        room = theme.px(_COLUMN)
        shown = self.folder.fontMetrics().elidedText(str(self.directory), Qt.TextElideMode.ElideMiddle, room)
        self.folder.setText(shown)
        self.folder.setToolTip(str(self.directory))
        self.folder.setVisible(self._locked is None)
        self._begin_pause(tries.seconds_to_wait(self.directory, self._clock()))
        self.password.setFocus()

    def _show_person(self, name: str) -> None:
        role = self._roles.get(name, Role.OFFICER)
        self._user = name if name in self._roles else None
        self.initial.set_name(name or "账簿")
        self.name.setText(name or "账簿")
        words = "消保专员" if role is Role.OFFICER else "查阅人员"
        self.place.setText(f"{self._bank}·{words}" if self._bank else words)
        # The recovery key is the officer's; whoever only reads gets a new password from her.
        self.recovery_link.setVisible(role is Role.OFFICER)
        self.password.clear()
        self.password.setFocus()

    def _choose_person(self) -> None:
        menu = QMenu(self)
        for name, role in self._roles.items():
            menu.addAction(f"{name}（{role.label}）").triggered.connect(lambda _on, who=name: self.use_person(who))
        menu.exec(self.person_link.mapToGlobal(self.person_link.rect().bottomLeft()))
        menu.deleteLater()

    def _go_on(self, unlocked: credentials.Unlocked) -> None:
        """The password was right: the locked book opens again."""
        assert self._locked is not None
        try:
            credentials.go_on(self._locked, unlocked)
        except UserError as error:
            self._set_busy(False)
            self.tell(error)
            return
        self._opened(self._locked)

    def _opened(self, session: Session) -> None:
        self._set_busy(False)
        self.session = session
        if self._by_recovery:
            self.pages.setCurrentIndex(1)
            self.new_password.begin(*_AFTER_RECOVERY)
            return
        self.accept()

    def _failed(self, error: BaseException) -> None:
        self._set_busy(False)
        if isinstance(error, BookDamaged) and self._locked is None:
            self._repair(error)
            return
        if isinstance(error, books.StartPassword):
            self.pages.setCurrentIndex(1)
            self.new_password.begin(*_AFTER_START)
            return
        if isinstance(error, credentials.PasswordUnfit):
            self.new_password.problem.say(error.message)
            return
        if not isinstance(error, WrongPassword | tries.TooManyTries):
            self.tell(error)
            return
        self.password.selectAll()
        self.password.setFocus()
        left = tries.left(self.directory)
        if not left:
            self._begin_pause(tries.seconds_to_wait(self.directory, self._clock()))
        elif self._by_recovery:
            self._refuse("恢复密钥不对，请对照纸上逐组核对")
        else:
            self._refuse(f"密码不对，还可以试 {left} 次，请看大小写和输入法")

    def _begin_pause(self, seconds: int) -> None:
        if seconds > 0:
            self._pause_left = seconds
            self._pause.start()
            self._tell_pause()

    def _repair(self, damage: BookDamaged) -> None:
        """Offer what can be done for a damaged book; go on with the mended one."""
        from xiaobao_desktop.ui.dialogs.repair_dialog import repaired

        session = repaired(self.directory, f"{damage.values['reason']}。", self, secret=self._secret)
        if session is not None:
            self._opened(session)

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
        self._refuse(f"连续 {tries.failed(self.directory)} 次不对，请等 {self._pause_left} 秒再试")

    def _refuse(self, reason: str) -> None:
        self.problem.say(reason)
        mark_wrong(self.password, bool(reason))

    def _set_busy(self, busy: bool) -> None:
        self.busy = busy
        waiting, ready = ("正在打开…", "打开") if self._locked is None else ("正在核对…", "解锁")
        self.open_button.setText(waiting if busy else f"{ready}  Enter")
        for widget in self._inputs():
            widget.setEnabled(not busy)
        if not busy:
            self.password.setFocus()

    def _set_new_password(self, password: str) -> None:
        """After the recovery key or a start password: a password of one's own is set before going on."""
        if self.session is None:
            if not self.busy:
                self._open(password)
            return
        try:
            credentials.change_password(self.directory, self._secret, password, self.session.user)
            if not self.session.book.closed:
                audit.keys_changed(self.session, "用恢复密钥打开，重设密码")
                books.forget_start_password(self.session)
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

    def done(self, result: int) -> None:
        """End; what proved the password beside the worker goes too."""
        if self._locked is not None:
            self._tasks.end()
        super().done(result)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the words below the card."""
        super().resizeEvent(event)
        below = self.card.geometry().bottom() + theme.px(16)
        self.why.setGeometry(0, below, self.width(), self.why.sizeHint().height())

    def _inputs(self) -> tuple[QWidget, ...]:
        links = (self.recovery_link, self.person_link, self.other_link, self.new_link)
        return (self.open_button, self.password, *links)


def _below(words: str, ground: QWidget) -> QLabel:
    """Words in the middle below the card."""
    found = label(words, fonts.SECOND, tone="2")
    found.setParent(ground)
    found.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    return found


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
        self.title, self.about = (
            label("", fonts.CARD_TITLE, medium=True, wrap=True),
            label("", fonts.SECOND, tone="2", wrap=True),
        )
        column.addWidget(self.title)
        column.addWidget(self.about)
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

    def begin(self, title: str, about: str) -> None:
        """Start with empty fields; say why a password is to be set, and what becomes of what was typed before."""
        self.title.setText(title)
        self.about.setText(about)
        self.problem.say("")
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
