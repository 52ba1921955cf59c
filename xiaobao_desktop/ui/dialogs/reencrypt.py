"""疑似泄露：重新加密: explained, new password, new recovery key and start passwords, the work, the old backups."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from xiaobao_desktop.services import credentials, reencrypting
from xiaobao_desktop.services.reencrypting import Done, OldCopy, Outlook, Ready
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.errors import RekeyStopped, WrongPassword
from xiaobao_desktop.ui import fonts, help_key, theme
from xiaobao_desktop.ui.dialogs.confirm import confirm
from xiaobao_desktop.ui.dialogs.error_dialog import show_error
from xiaobao_desktop.ui.dialogs.old_copies import OldCopiesPanel
from xiaobao_desktop.ui.dialogs.recovery_key import KeySheet, RecoveryKeyPanel
from xiaobao_desktop.ui.dialogs.reencrypt_pages import DonePage, ExplainPage, PasswordPage, WorkPage
from xiaobao_desktop.ui.dialogs.start_passwords import StartPasswordPanel
from xiaobao_desktop.ui.dialogs.stopping import Stop
from xiaobao_desktop.ui.dialogs.wizard_parts import page_below, wizard_foot
from xiaobao_desktop.ui.tasks import Progress, Task, tasks
from xiaobao_desktop.ui.widgets import buttons
from xiaobao_desktop.ui.widgets.cards import scrolling
from xiaobao_desktop.ui.widgets.labels import hairline, label
from xiaobao_desktop.ui.widgets.stepper import Stepper

EXPLAIN, PASSWORD, KEY, STARTS, WORK, DONE = range(6)
_WIDTH, _HEIGHT = 720, 516
_START = "开始重新加密"


class ReencryptDialog(QDialog):
    """Accepted when the book was re-encrypted; before the last step nothing is changed by anything done here."""

    def __init__(self, session: Session, outlook: Outlook, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        help_key.bind(self, "reencrypt")
        self.setWindowTitle("疑似泄露：重新加密")
        theme.surface(self)
        self.resize(theme.px(_WIDTH), theme.px(_HEIGHT))
        self.session, self.outlook = session, outlook
        self.ready: Ready | None = None
        self.done_with: Done | None = None
        self.key_panel: RecoveryKeyPanel | None = None
        self.start_panel: StartPasswordPanel | None = None
        self._task: Task | None = None
        self._stop = Stop()
        self._kept = False
        self.explain = ExplainPage(outlook)
        self.person = PasswordPage(session.user)
        self._key_place, self._start_place = QVBoxLayout(), QVBoxLayout()
        self.work = WorkPage()
        self.old = OldCopiesPanel(session)
        self.result_page = DonePage(self.old)
        middle = ("恢复密钥", "临时密码") if outlook.others else ("恢复密钥",)
        self.stepper = Stepper(("说明", "新密码", *middle, "加密", "旧备份"))
        self.pages = QStackedWidget()
        self.cancel_button = buttons.button("取消")
        self.back_button = buttons.button("上一步")
        self.later_button = buttons.button("密钥稍后再留", buttons.GHOST)
        self.next_button = buttons.button("", buttons.PRIMARY)
        self._build()
        self._connect()
        self._turn_to(EXPLAIN)

    @property
    def busy(self) -> bool:
        """Whether something is under way."""
        return self._task is not None

    def go_on(self) -> None:
        """Leave the present page if nothing is missing on it; the last one before the work begins it."""
        page = self.pages.currentIndex()
        if page == EXPLAIN:
            self._turn_to(PASSWORD)
        elif page == PASSWORD and self.person.ready():
            self._prepare()
        elif page == KEY:
            self._after_key(kept=True)
        elif page == STARTS:
            self.carry_out()
        elif page == DONE:
            self.accept()

    def carry_out(self) -> None:
        """Re-encrypt; can be cancelled until the new book takes the place of the old one."""
        session, ready, kept = self.session, self.ready, self._kept
        if ready is None:
            return
        self._stop = stop = Stop()
        self.work.begin()
        self._turn_to(WORK)

        def work(progress: Progress) -> tuple[Done, tuple[OldCopy, ...]]:
            done = reencrypting.carry_out(session, ready, recovery_kept=kept, tell=progress.step, stop=stop.asked)
            return done, reencrypting.old_copies(session)

        self._run(work, self._carried_out)
        if self._task is not None:
            self._task.stepped.connect(self._step)

    def reject(self) -> None:
        """Give up; nothing was changed. Keys that were shown are void then, and that is said."""
        page = self.pages.currentIndex()
        if page == DONE:
            self.accept()
        elif page == WORK:
            if self.cancel_button.isEnabled():
                self._stop.wanted = True
                self.cancel_button.setEnabled(False)
                self.work.words.setText("正在停下…")
        elif not self.busy and (page not in (KEY, STARTS) or self._give_up()):
            super().reject()

    def _give_up(self) -> bool:
        return confirm(
            self,
            "不重新加密了？",
            "账簿、密码和原来的恢复密钥都没有改动。刚才显示或打印的新恢复密钥、临时密码不能用，印出来的请销毁。",
            yes="不做了",
            no="继续",
        )

    def _prepare(self) -> None:
        """Make the new keys, in memory only."""
        session, person = self.session, self.person
        old, new, reason = person.old.text(), person.first.text(), person.reason.text()
        self._run(lambda _progress: reencrypting.prepare(session, old, new, reason), self._prepared)

    def _prepared(self, ready: Ready) -> None:
        self.ready = ready
        bank, user = self.session.settings.bank, self.session.user
        for place, panel in ((self._key_place, self.key_panel), (self._start_place, self.start_panel)):
            if panel is not None:
                place.removeWidget(panel)
                panel.deleteLater()
        self.key_panel = RecoveryKeyPanel(ready.keys.words, KeySheet(bank, user, f"{self.session.today()}"))
        self.key_panel.proved.connect(lambda _proved: self._allow())
        self._key_place.addWidget(self.key_panel)
        self.start_panel = StartPasswordPanel(ready.starts, bank)
        self.start_panel.kept_changed.connect(lambda _kept: self._allow())
        self._start_place.addWidget(self.start_panel)
        self._turn_to(KEY)

    def _after_key(self, *, kept: bool) -> None:
        self._kept = kept
        if self.ready is not None and self.ready.starts:
            self._turn_to(STARTS)
        else:
            self.carry_out()

    def _step(self, done: int, total: int, what: str) -> None:
        if self._stop.wanted and what != reencrypting.SWAPPING:
            return
        self.work.step(done, total, what)
        if what == reencrypting.SWAPPING:
            self.cancel_button.setEnabled(False)
            self.work.last_part()

    def _carried_out(self, made: tuple[Done, tuple[OldCopy, ...]]) -> None:
        self.done_with, old = made
        self.ready = None
        self.result_page.show_done(self.done_with)
        self.old.show_copies(old)
        self._turn_to(DONE)

    def _run(self, work: Callable[[Progress], Any], done: Callable[[Any], None]) -> None:
        def ended(act: Callable[[], None]) -> None:
            self._task = None
            self._allow()
            act()

        self._task = tasks().run(
            work, lambda result: ended(lambda: done(result)), lambda error: ended(lambda: self._tell(error)), self
        )
        self._allow()

    def _tell(self, error: BaseException) -> None:
        """What went wrong, where it can be mended; nothing was changed."""
        if self.pages.currentIndex() == WORK:
            # The keys shown before are void: what was shown once is made anew.
            self._turn_to(PASSWORD)
        self.person.stopped.set_text(error.message if isinstance(error, RekeyStopped) else "")
        if isinstance(error, RekeyStopped):
            return
        if isinstance(error, WrongPassword):
            self.person.old_field.complain("密码不对，请再试一次；什么都没有改")
            self.person.old.selectAll()
            self.person.old.setFocus()
        elif isinstance(error, credentials.PasswordUnfit):
            self.person.first_field.complain(error.message)
            self.person.first.setFocus()
        else:
            show_error(error, self)

    def _turn_to(self, page: int) -> None:
        self.pages.setCurrentIndex(page)
        skipped = 1 if page > STARTS and not self.outlook.others else 0
        self.stepper.set_current(page - skipped)
        self.back_button.setVisible(page in (PASSWORD, KEY, STARTS))
        self.later_button.setVisible(page == KEY)
        self.cancel_button.setVisible(page != DONE)
        self.next_button.setVisible(page != WORK)
        last = STARTS if self.outlook.others else KEY
        names = {EXPLAIN: "下一步：新密码", PASSWORD: "下一步：恢复密钥", KEY: "下一步：临时密码", DONE: "完成"}
        self.next_button.setText(_START if page == last else names.get(page, _START))
        self.next_button.setAccessibleName(self.next_button.text())
        self._allow()
        first = {
            PASSWORD: self.person.old,
            KEY: self.key_panel.print_button if self.key_panel else None,
            STARTS: self.start_panel.print_button if self.start_panel else None,
            WORK: self.cancel_button,
        }.get(page, self.next_button)
        if first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _allow(self) -> None:
        """What may be pressed now, and why something may not."""
        page = self.pages.currentIndex()
        why = ""
        if page == EXPLAIN and not self.outlook.room.enough:
            why = "磁盘空间不够，请先清出空间"
        elif page == KEY and not (self.key_panel and self.key_panel.is_proved):
            why = "先照纸上的内容填对两组"
        elif page == STARTS and not (self.start_panel and self.start_panel.kept.isChecked()):
            why = "先打印或抄好每个人的临时密码，再打勾"
        self.next_button.setEnabled(not self.busy and not why)
        self.next_button.setToolTip(why)
        waiting = self.busy and page != WORK
        for widget in (self.pages, self.back_button, self.later_button):
            widget.setEnabled(not waiting)
        self.cancel_button.setEnabled(not waiting)

    def _build(self) -> None:
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(theme.px(24), theme.px(14), theme.px(24), theme.px(12))
        head.addWidget(label("重新加密", fonts.PAGE_TITLE, medium=True))
        head.addSpacing(theme.px(16))
        head.addWidget(self.stepper)
        head.addStretch(1)
        whole.addLayout(head)
        whole.addWidget(hairline())
        key_words = "新的恢复密钥，换上新账簿以后启用；旧的从那时起作废，请销毁旧的纸。"
        start_words = "他们现在不在场，旧密码从换上以后打不开账簿。每人一张条子："
        for page in (
            self.explain,
            self.person,
            page_below(key_words, self._key_place),
            page_below(start_words, self._start_place),
            self.work,
            self.result_page,
        ):
            self.pages.addWidget(scrolling(page))
        whole.addWidget(self.pages, 1)
        whole.addWidget(hairline())
        whole.addLayout(wizard_foot(self.cancel_button, (self.later_button, self.back_button, self.next_button)))
        self.next_button.setDefault(True)

    def _connect(self) -> None:
        self.next_button.clicked.connect(self.go_on)
        self.cancel_button.clicked.connect(self.reject)
        self.back_button.clicked.connect(lambda: self._turn_to(max(EXPLAIN, self.pages.currentIndex() - 1)))
        self.later_button.clicked.connect(lambda: self._after_key(kept=False))
        self.old.told.connect(self.result_page.good.set_text)
