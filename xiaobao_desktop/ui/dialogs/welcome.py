"""First start: a new book in three short pages, or an existing book, or a look around in the demo book."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QProgressBar, QStackedWidget, QVBoxLayout, QWidget

from xiaobao_desktop import paths
from xiaobao_desktop.domain.fields import Record
from xiaobao_desktop.domain.ledgers.branch import LEDGER as BRANCH
from xiaobao_desktop.errors import UserError
from xiaobao_desktop.services import backups, books, credentials, demo, options, records, restoring
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.errors import BookMissing
from xiaobao_desktop.ui import fonts, help_key, theme
from xiaobao_desktop.ui.dialogs.backup_restore import BACKUP_KINDS, RestoreDialog
from xiaobao_desktop.ui.dialogs.entrance import PROGRAM_TITLE, EntranceWindow
from xiaobao_desktop.ui.dialogs.login import LoginDialog
from xiaobao_desktop.ui.dialogs.recovery_key import KeySheet, RecoveryKeyPanel
from xiaobao_desktop.ui.dialogs.welcome_pages import BankAnswers, BankPage, OfficerAnswers, OfficerPage
from xiaobao_desktop.ui.tasks import Progress, tasks
from xiaobao_desktop.ui.widgets import buttons
from xiaobao_desktop.ui.widgets.cards import AppMark, scrolling
from xiaobao_desktop.ui.widgets.labels import hairline, label
from xiaobao_desktop.ui.widgets.stepper import Step, UprightStepper

BANK, OFFICER, KEY = range(3)


class WelcomeWindow(EntranceWindow):
    """The first window; ``session`` holds an open book after acceptance."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(820, 560, parent)
        help_key.bind(self, "welcome")
        self.session: Session | None = None
        self.bank_page = BankPage()
        self.officer_page = OfficerPage()
        self.key_panel: RecoveryKeyPanel | None = None
        self.steps = UprightStepper(
            [
                Step("这家银行", "名称、网点、监管机构"),
                Step("专员与密码", "实名登录"),
                Step("恢复密钥", "打印并锁进柜子"),
            ]
        )
        self.pages = QStackedWidget()
        self.back_button = buttons.button("上一步")
        self.demo_button = buttons.button("先看看演示台账", buttons.GHOST, icon="play")
        self.existing_button = buttons.button("打开原有账簿…", buttons.GHOST, icon="folder-open")
        self.backup_button = buttons.button("从备份恢复…", buttons.GHOST, icon="history")
        self.later_button = buttons.button("稍后再留", buttons.GHOST)
        self.next_button = buttons.button("下一步：专员与密码", buttons.PRIMARY)
        self.progress = QProgressBar()
        self._build()
        self._connect()
        self._turn_to(BANK)

    def go_on(self) -> None:
        """Leave the present page if nothing is missing on it."""
        page = self.pages.currentIndex()
        if page == BANK and self.bank_page.ready():
            self._turn_to(OFFICER)
        elif page == OFFICER and self.officer_page.ready():
            bank, officer = self.bank_page.answers(), self.officer_page.answers()
            self._work("正在建立账簿…", lambda _progress: make_book(bank, officer), self._show_key)
        elif page == KEY:
            self.finish(kept=True)

    def finish(self, *, kept: bool) -> None:
        """Open the new book; ``kept`` says that the recovery key was proved to lie on paper."""
        if self.session is not None and kept:
            credentials.set_recovery_kept(self.session, kept=True)
        self.accept()

    def open_existing(self, directory: Path) -> None:
        """Open the book in ``directory``, asking for its password where it has one."""
        if not books.book_at(directory):
            self.tell(BookMissing(folder=directory))
            return
        login = LoginDialog(directory, self)
        if login.exec() == LoginDialog.DialogCode.Accepted:
            self._opened(login.session)
        login.deleteLater()

    def offer_restore(self, file: Path) -> None:
        """Ask whether the backup in ``file`` is to become the book of this computer, and open it."""
        place = paths.default_book_dir()
        try:
            dialog = RestoreDialog(
                file, needs_password=backups.backup_needs_password(file), new_place=place, parent=self
            )
        except UserError as error:
            self.tell(error)
            return
        if dialog.exec() == RestoreDialog.DialogCode.Accepted:
            secret = dialog.secret
            self._work("正在恢复…", lambda _progress: restoring.restore_as_book(file, place, secret), self._opened)
        dialog.deleteLater()

    def look_around(self) -> None:
        """Open the demo book of this computer, making it first when there is none."""
        directory = paths.program_data_dir() / demo.FOLDER
        self._work("正在准备演示台账…", lambda _progress: demo.open_demo(directory), self._opened)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes to the next field, and from the last one on to the next page."""
        here = self.focusWidget()
        needed = (self.bank_page.bank, self.officer_page.officer, self.officer_page.first)
        entered = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        within = isinstance(here, QLineEdit) and here is not self.officer_page.second
        if not (entered and within and self.pages.currentIndex() < KEY):
            super().keyPressEvent(event)
        elif isinstance(here, QLineEdit) and here in needed and not here.text().strip():
            self.go_on()
        else:
            self.focusNextChild()

    def reject(self) -> None:
        """Close the window; a book just made is closed and asks for its password at the next start."""
        if self.busy:
            return
        if self.session is not None:
            self.session.close()
            self.session = None
        super().reject()

    def _build(self) -> None:
        whole = QHBoxLayout(self.card)
        whole.setContentsMargins(1, 1, 1, 1)
        whole.setSpacing(0)
        whole.addWidget(self._side())
        whole.addWidget(hairline(vertical=True))
        right = QVBoxLayout()
        right.setSpacing(0)
        self.pages.addWidget(scrolling(self.bank_page))
        self.pages.addWidget(scrolling(self.officer_page))
        right.addWidget(self.pages, 1)
        self.progress.setRange(0, 0)
        self.progress.setTextVisible(False)
        self.progress.setFixedHeight(theme.px(2))
        keeps_room = self.progress.sizePolicy()
        keeps_room.setRetainSizeWhenHidden(True)
        self.progress.setSizePolicy(keeps_room)
        right.addWidget(self.progress)
        right.addWidget(hairline())
        foot = QHBoxLayout()
        foot.setContentsMargins(theme.px(20), theme.px(12), theme.px(20), theme.px(12))
        foot.setSpacing(theme.px(8))
        for button in (
            self.back_button,
            self.demo_button,
            self.existing_button,
            self.backup_button,
            self.later_button,
        ):
            foot.addWidget(button)
        foot.addStretch(1)
        foot.addWidget(self.next_button)
        right.addLayout(foot)
        whole.addLayout(right, 1)
        self.next_button.setAutoDefault(True)
        self.next_button.setDefault(True)

    def _side(self) -> QWidget:
        side = QWidget()
        side.setFixedWidth(theme.px(212))
        column = QVBoxLayout(side)
        column.setContentsMargins(theme.px(24), theme.px(26), theme.px(16), theme.px(24))
        column.setSpacing(theme.px(4))
        column.addWidget(AppMark(36))
        column.addSpacing(theme.px(8))
        column.addWidget(label(PROGRAM_TITLE, fonts.PAGE_TITLE - 1.5, medium=True))
        column.addWidget(label("建一本新台账，约 3 分钟", fonts.SECOND, tone="2"))
        column.addSpacing(theme.px(24))
        column.addWidget(self.steps)
        column.addStretch(1)
        column.addWidget(label("全程不联网。台账只存在\n这台电脑上，并且加密。", fonts.SECOND, tone="2"))
        return side

    def _connect(self) -> None:
        self.next_button.clicked.connect(self.go_on)
        self.back_button.clicked.connect(lambda: self._turn_to(BANK))
        self.demo_button.clicked.connect(self.look_around)
        self.existing_button.clicked.connect(self._ask_existing)
        self.backup_button.clicked.connect(self._ask_backup)
        self.later_button.clicked.connect(lambda: self.finish(kept=False))

    def _turn_to(self, page: int) -> None:
        self.pages.setCurrentIndex(page)
        self.steps.set_current(page)
        self.progress.setVisible(False)
        self.back_button.setVisible(page == OFFICER)
        self.demo_button.setVisible(page == BANK)
        self.existing_button.setVisible(page == BANK)
        self.backup_button.setVisible(page == BANK)
        self.later_button.setVisible(page == KEY)
        words = ("下一步：专员与密码", "建立账簿", "完成，打开台账")[page]
        self.next_button.setText(words)
        self.next_button.setAccessibleName(words)
        self.next_button.setEnabled(page != KEY)
        self.next_button.setToolTip("先把纸上要求的两组填对，或点“稍后再留”" if page == KEY else "")
        first = (self.bank_page.bank, self.officer_page.officer)
        if page < len(first):
            first[page].setFocus()

    def _ask_existing(self) -> None:
        start = str(paths.default_book_dir().parent)
        chosen = QFileDialog.getExistingDirectory(self, "选择账簿所在的文件夹", start)
        if chosen:
            self.open_existing(Path(chosen))

    def _ask_backup(self) -> None:
        chosen, _kind = QFileDialog.getOpenFileName(self, "选择备份文件", str(paths.documents_dir()), BACKUP_KINDS)
        if chosen:
            self.offer_restore(Path(chosen))

    def _work(self, what: str, work: Callable[[Progress], object], done: Callable[..., None]) -> None:
        """Do something beside the window, with the buttons off and a moving bar."""
        text = self.next_button.text()
        self._set_busy(True)
        self.next_button.setText(what)

        def back(action: Callable[[], None]) -> None:
            self._set_busy(False)
            self.next_button.setText(text)
            action()

        tasks().run(work, lambda result: back(lambda: done(result)), lambda error: back(lambda: self.tell(error)))

    def _set_busy(self, busy: bool) -> None:
        self.busy = busy
        self.progress.setVisible(busy)
        ways_out = (self.back_button, self.demo_button, self.existing_button, self.backup_button)
        for widget in (self.pages, self.next_button, *ways_out):
            widget.setEnabled(not busy)

    def _show_key(self, made: tuple[Session, str]) -> None:
        """The book exists; show its recovery key."""
        self.session, key = made
        settings = self.session.settings
        sheet = KeySheet(settings.bank, self.session.user, self.session.today().isoformat())
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(theme.px(28), theme.px(24), theme.px(28), theme.px(12))
        column.setSpacing(theme.px(2))
        column.addWidget(label("恢复密钥", fonts.PAGE_TITLE, medium=True))
        column.addWidget(label("忘了密码，只有它能打开台账。程序里没有备用，我们也没有。", tone="2", wrap=True))
        column.addSpacing(theme.px(10))
        self.key_panel = RecoveryKeyPanel(key, sheet)
        column.addWidget(self.key_panel, 1)
        self.pages.addWidget(scrolling(page))
        self.key_panel.proved.connect(self.next_button.setEnabled)
        stops = (*self.key_panel.fields, self.later_button, self.next_button)
        for before, after in pairwise(stops):
            self.setTabOrder(before, after)
        self._turn_to(KEY)
        self.key_panel.print_button.setFocus()

    def _opened(self, session: Session | None) -> None:
        self.session = session
        self.accept()


def make_book(bank: BankAnswers, officer: OfficerAnswers) -> tuple[Session, str]:
    """Make the book with what the pages asked for; returns the session and the recovery key.

    Raises:
        BookExists, TargetNotWritable, DiskFull: there is no new book.
    """
    session, key = books.create_book(
        officer.directory, bank=bank.bank, officer=officer.officer, password=officer.password
    )
    try:
        options.save_settings(session, short_name=bank.short_name, department=bank.department, regulator=bank.regulator)
        for name in bank.branches:
            records.save(session, BRANCH, Record({**BRANCH.defaults(), "name": name}), operation="首次启动登记网点")
    except BaseException:
        session.close()
        raise
    return session, key
