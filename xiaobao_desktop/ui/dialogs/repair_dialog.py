"""A damaged book: examined beside the window, told in plain words, and one of two ways to go on chosen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QProgressBar, QStackedWidget, QVBoxLayout, QWidget

from xiaobao_desktop.errors import UserError
from xiaobao_desktop.services import books, repair
from xiaobao_desktop.services.clock import Clock, wall_clock
from xiaobao_desktop.services.repair import Examined
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.errors import WrongPassword
from xiaobao_desktop.ui import fonts, help_key, theme
from xiaobao_desktop.ui.dialogs.error_dialog import show_error
from xiaobao_desktop.ui.tasks import Progress, tasks
from xiaobao_desktop.ui.widgets import buttons
from xiaobao_desktop.ui.widgets.cards import FieldError, icon_disc, mark_wrong, scrolling
from xiaobao_desktop.ui.widgets.labels import hairline, label, set_tone
from xiaobao_desktop.ui.widgets.password_field import PasswordField

_SAFE = "现在的账簿不会删除：换上好的之前，整本移到一旁，在“数据”的“另存的旧账簿…”里看得到。"
_WAYS = (
    "检查时逐页读原来的账簿，把读得出来的另存成一本",
    "同时核对最近的备份，告诉您两边差在哪里",
    "由您选用哪一本；选好以前，什么也不改动",
)


class RepairDialog(QDialog):
    """Three pages: what happened (and the password), examining, what was found. ``session`` is the mended book.

    Attributes:
        examined: what was found, None before.
        session: the opened book after a choice, None when the officer left it as it is.
    """

    told = Signal(str)

    def __init__(
        self,
        directory: Path,
        reason: str,
        parent: QWidget | None = None,
        *,
        secret: str | None = None,
        clock: Clock = wall_clock,
    ) -> None:
        """Tell of the damage.

        Args:
            directory: folder of the damaged book, which nobody has open.
            reason: what was noticed, one sentence.
            parent: owner.
            secret: the password where it was just typed.
            clock: gives the local time.
        """
        super().__init__(parent)
        help_key.bind(self, "backup")
        self.setWindowTitle("小保")
        self.setFixedWidth(theme.px(580))
        theme.surface(self)
        self.examined: Examined | None = None
        self.session: Session | None = None
        self._directory, self._clock, self._secret = directory, clock, secret
        self._busy = False
        self._asks = secret is None and _needs_password(directory)
        self.password = PasswordField("密码")
        self.problem = FieldError()
        self.progress = label("", tone="2", wrap=True)
        self.copy_button = buttons.button("复制这份说明", buttons.GHOST, icon="copy")
        self.leave_button = buttons.button("先不动")
        self.backup_button = buttons.button("恢复备份")
        self.rescued_button = buttons.button("用救出的账簿")
        self.examine_button = buttons.button("检查并修复", buttons.PRIMARY)
        self.pages = QStackedWidget(self)
        self._findings = QVBoxLayout()
        self._build(reason)
        self._connect()
        self._show_buttons()

    def examine(self) -> None:
        """Read what can be read, beside the window."""
        if self._asks and not self.password.text():
            self._refuse("请输入账簿的密码")
            return
        secret = self.password.text() if self._asks else self._secret
        self._secret = secret
        self._work(
            lambda _progress: repair.examine(self._directory, secret, clock=self._clock, tell=self.told.emit),
            self._show_found,
        )

    def reject(self) -> None:
        """Leave everything as it is; not while work is under way."""
        if self._busy:
            return
        repair.discard(self._directory)
        super().reject()

    def copy(self) -> None:
        """Put what was found on the clipboard, for whoever helps."""
        if self.examined is not None:
            QGuiApplication.clipboard().setText("\n".join(repair.report(self.examined)))
            self.copy_button.setText("已复制")

    def _build(self, reason: str) -> None:
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(self._head(reason))
        whole.addWidget(hairline())
        for page in (self._first_page(), self._waiting_page(), self._found_page()):
            self.pages.addWidget(page)
        self.pages.setFixedHeight(theme.px(250))
        whole.addWidget(self.pages)
        whole.addWidget(hairline())
        foot = QHBoxLayout()
        foot.setContentsMargins(theme.px(16), theme.px(14), theme.px(20), theme.px(14))
        foot.setSpacing(theme.px(8))
        foot.addWidget(self.copy_button)
        foot.addStretch(1)
        for button in (self.leave_button, self.backup_button, self.rescued_button, self.examine_button):
            foot.addWidget(button)
        whole.addLayout(foot)

    def _head(self, reason: str) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(theme.px(24), theme.px(22), theme.px(24), theme.px(18))
        row.setSpacing(theme.px(14))
        row.addWidget(icon_disc("circle-alert", "red"), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(theme.px(4))
        self.title = label("账簿的文件有损坏", 12, medium=True, wrap=True)
        words.addWidget(self.title)
        words.addWidget(label(f"{reason}{_SAFE}", tone="2", wrap=True))
        row.addLayout(words, 1)
        return row

    def _first_page(self) -> QWidget:
        page, column = _page()
        column.addWidget(label("小保会这样做", tone="2"))
        for place, text in enumerate(_WAYS, start=1):
            column.addLayout(_numbered(place, text))
        if self._asks:
            column.addSpacing(theme.px(8))
            column.addWidget(label("账簿的密码（或恢复密钥）", tone="2"))
            column.addWidget(self.password)
            column.addWidget(self.problem)
        column.addStretch(1)
        return page

    def _waiting_page(self) -> QWidget:
        page, column = _page()
        bar = QProgressBar()
        bar.setRange(0, 0)
        column.addWidget(self.progress)
        column.addWidget(bar)
        column.addStretch(1)
        return page

    def _found_page(self) -> QWidget:
        page, column = _page()
        column.addLayout(self._findings)
        column.addStretch(1)
        return scrolling(page)

    def _connect(self) -> None:
        self.told.connect(self.progress.setText)
        self.copy_button.clicked.connect(self.copy)
        self.leave_button.clicked.connect(self.reject)
        self.examine_button.clicked.connect(self.examine)
        self.rescued_button.clicked.connect(lambda: self._go_on(repair.go_on_with_rescued))
        self.backup_button.clicked.connect(lambda: self._go_on(repair.go_on_with_backup))
        self.password.textEdited.connect(lambda _text: self._refuse(""))

    def _show_buttons(self) -> None:
        """Those that make sense now; the advised one is blue."""
        found = self.examined
        self.copy_button.setVisible(found is not None)
        self.examine_button.setVisible(found is None)
        self.examine_button.setDefault(found is None)
        self.backup_button.setVisible(found is not None and found.backup is not None)
        self.rescued_button.setVisible(found is not None and found.rescued is not None)
        for button in (self.leave_button, self.backup_button, self.rescued_button, self.examine_button):
            button.setEnabled(not self._busy)
        if found is not None:
            advised = self.rescued_button if found.rescued_best or found.backup is None else self.backup_button
            other = self.backup_button if advised is self.rescued_button else self.rescued_button
            set_tone(advised, buttons.PRIMARY, "look")
            set_tone(other, buttons.SECONDARY, "look")
            advised.setDefault(True)
            advised.setFocus()
        elif self._asks:
            self.password.setFocus()

    def _show_found(self, found: Examined) -> None:
        self.examined = found
        for line in repair.report(found):
            self._findings.addWidget(label(line, wrap=True))
        advice = (
            "建议用救出的账簿：备份里有的，它都有。"
            if found.rescued_best
            else "建议恢复备份：救出的账簿里缺了备份里有的记录。"
        )
        if found.backup is None or found.rescued is None:
            advice = (
                "只有一本可以用。" if found.backup or found.rescued else "没有可用的账簿。请把整个文件夹交给科技人员。"
            )
        self._findings.addWidget(label(advice, medium=True, wrap=True))
        self.title.setText("检查完了，请选用哪一本")
        self.pages.setCurrentIndex(2)

    def _go_on(self, choose: Callable[[Examined, datetime], Path | None]) -> None:
        found, secret = self.examined, self._secret
        assert found is not None
        self.progress.setText("正在换上选好的账簿…")

        def work(_progress: Progress) -> Session:
            choose(found, self._clock())
            return books.open_book(self._directory, secret, clock=self._clock)

        self._work(work, self._opened)

    def _opened(self, session: Session) -> None:
        self.session = session
        self.accept()

    def _work(self, work: Callable[[Progress], object], done: Callable[..., None]) -> None:
        self._busy = True
        before = self.pages.currentIndex()
        self.pages.setCurrentIndex(1)
        self._show_buttons()

        def finished(result: object) -> None:
            self._busy = False
            done(result)
            self._show_buttons()

        def failed(error: BaseException) -> None:
            self._busy = False
            self.pages.setCurrentIndex(before)
            self._show_buttons()
            self._tell(error)

        tasks().run(work, finished, failed, self)

    def _tell(self, error: BaseException) -> None:
        if isinstance(error, WrongPassword):
            self._refuse("密码不对，请看大小写和输入法")
        else:
            show_error(error, self)

    def _refuse(self, reason: str) -> None:
        self.problem.say(reason)
        mark_wrong(self.password, bool(reason))


def repaired(
    directory: Path, reason: str, parent: QWidget | None = None, *, secret: str | None = None
) -> Session | None:
    """Show the dialog; the mended and opened book, or None when the officer left it as it is."""
    dialog = RepairDialog(directory, reason, parent, secret=secret)
    dialog.exec()
    session = dialog.session
    dialog.deleteLater()
    return session


def _needs_password(directory: Path) -> bool:
    try:
        return books.needs_password(directory)
    except UserError:
        # Examining meets the same error and tells it.
        return False


def _page() -> tuple[QWidget, QVBoxLayout]:
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(theme.px(24), theme.px(18), theme.px(24), theme.px(12))
    column.setSpacing(theme.px(6))
    return page, column


def _numbered(place: int, text: str) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(theme.px(8))
    number: QLabel = label(str(place), fonts.BODY, tone="link", medium=True)
    row.addWidget(number, 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(label(text, wrap=True), 1)
    return row
