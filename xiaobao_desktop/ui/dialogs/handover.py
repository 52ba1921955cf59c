"""交接: the successor's name and password, the signed list, the new recovery key; the last button hands over."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from xiaobao_desktop.errors import UserError
from xiaobao_desktop.services import backup_places, credentials, handover, todo_print
from xiaobao_desktop.services.handover import HandOver, HandoverInput
from xiaobao_desktop.services.leaving import WayOut
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.errors import WrongPassword
from xiaobao_desktop.ui import fonts, help_key, theme
from xiaobao_desktop.ui.dialogs.confirm import confirm
from xiaobao_desktop.ui.dialogs.error_dialog import show_error, show_user_error
from xiaobao_desktop.ui.dialogs.pdf_dialog import PdfDialog
from xiaobao_desktop.ui.dialogs.recovery_key import KeySheet, RecoveryKeyPanel
from xiaobao_desktop.ui.dialogs.wizard_parts import advise, complain, page_below, wizard_foot
from xiaobao_desktop.ui.tasks import Progress, tasks
from xiaobao_desktop.ui.widgets import buttons
from xiaobao_desktop.ui.widgets.cards import Notice, scrolling
from xiaobao_desktop.ui.widgets.form_field import LabelledField
from xiaobao_desktop.ui.widgets.labels import hairline, label
from xiaobao_desktop.ui.widgets.password_field import PasswordField, password_problem
from xiaobao_desktop.ui.widgets.stepper import Stepper

SUCCESSOR, LIST, KEY = range(3)
_WIDTH, _HEIGHT = 680, 510
_NEXT = ("下一步：清单", "下一步：恢复密钥", "完成交接")


class HandoverDialog(QDialog):
    """Accepted when the book was handed over; before that, nothing is changed by anything done here."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        help_key.bind(self, "backup")
        self.setWindowTitle("交接")
        theme.surface(self)
        self.resize(theme.px(_WIDTH), theme.px(_HEIGHT))
        self.session = session
        self.busy = False
        self.found: HandoverInput | None = None
        self.ready: HandOver | None = None
        self.key_panel: RecoveryKeyPanel | None = None
        self.person = SuccessorPage(session.user)
        self.list_page = ListPage()
        self._key_place = QVBoxLayout()
        self.stepper = Stepper(("接手人", "交接清单", "恢复密钥"))
        self.pages = QStackedWidget()
        self.cancel_button = buttons.button("取消")
        self.back_button = buttons.button("上一步")
        self.later_button = buttons.button("密钥稍后再留，完成交接", buttons.GHOST)
        self.next_button = buttons.button(_NEXT[SUCCESSOR], buttons.PRIMARY)
        self._build()
        self._connect()
        self._turn_to(SUCCESSOR)

    def go_on(self) -> None:
        """Leave the present page if nothing is missing on it; the last one hands over."""
        page = self.pages.currentIndex()
        if page == SUCCESSOR and self.person.ready():
            self._prepare()
        elif page == LIST:
            self._turn_to(KEY)
        elif page == KEY:
            self.hand_over(kept=True)

    def hand_over(self, *, kept: bool) -> None:
        """Hand the book over; ``kept`` says that the new recovery key was proved to lie on paper."""
        session, ready, successor = self.session, self.ready, self.person.name.text().strip()
        if ready is None:
            return

        def work(_progress: Progress) -> str:
            handover.carry_out(session, ready, successor)
            if kept:
                credentials.set_recovery_kept(session, kept=True)
            return _fresh_backup(session)

        self._work("正在交接…", work, self._handed_over)

    def show_list(self) -> None:
        """Preview the list, with the button that prints it."""
        if self.found is None:
            return
        dialog = PdfDialog(WayOut(self.session, "交接清单"), "交接清单", "交接清单", "backup", self)
        sheet = handover.sheet(self.session, self.found, self.person.name.text().strip())
        dialog.draw(lambda: todo_print.render(sheet))
        dialog.exec()
        dialog.deleteLater()

    def reject(self) -> None:
        """Close; nothing was changed. A key that was shown is void then, and that is said."""
        if self.busy:
            return
        shown = self.key_panel is not None and self.pages.currentIndex() == KEY
        if shown and not confirm(
            self,
            "不交接了？",
            "账簿、密码和原来的恢复密钥都没有改动。刚才显示或打印的新恢复密钥不能用，印出来的请销毁。",
            yes="不交接",
            no="继续交接",
        ):
            return
        super().reject()

    def _prepare(self) -> None:
        """Make the new keys, in memory only, and read what stands on the list."""
        session, person = self.session, self.person
        password, name, new = person.old.text(), person.name.text().strip(), person.first.text()
        today = session.today()

        def work(_progress: Progress) -> tuple[HandOver, HandoverInput]:
            return handover.prepare(session, password, name, new), handover.look(session, today)

        self._work("正在核对密码…", work, self._prepared)

    def _prepared(self, made: tuple[HandOver, HandoverInput]) -> None:
        self.ready, self.found = made
        self.list_page.show_found(self.found)
        sheet = KeySheet(self.session.settings.bank, self.person.name.text().strip(), f"{self.session.today()}")
        if self.key_panel is not None:
            self._key_place.removeWidget(self.key_panel)
            self.key_panel.deleteLater()
        self.key_panel = RecoveryKeyPanel(self.ready.words, sheet)
        self.key_panel.proved.connect(lambda _proved: self._allow())
        self._key_place.addWidget(self.key_panel)
        self._turn_to(LIST)

    def _handed_over(self, trouble: str) -> None:
        if trouble:
            show_user_error(UserError(message=trouble), self)
        super().accept()

    def _turn_to(self, page: int) -> None:
        self.pages.setCurrentIndex(page)
        self.stepper.set_current(page)
        self.back_button.setVisible(page != SUCCESSOR)
        self.later_button.setVisible(page == KEY)
        self.next_button.setText(_NEXT[page])
        self.next_button.setAccessibleName(_NEXT[page])
        self._allow()
        first = (self.person.name, self.list_page.print_button, self.key_panel and self.key_panel.print_button)[page]
        if first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _allow(self) -> None:
        """The last step waits for the two groups of the key."""
        waiting = self.pages.currentIndex() == KEY and not (self.key_panel and self.key_panel.is_proved)
        self.next_button.setEnabled(not self.busy and not waiting)
        self.next_button.setToolTip("先照纸上的内容填对两组" if waiting else "")

    def _work(self, words: str, work: Callable[[Progress], Any], done: Callable[[Any], None]) -> None:
        text = self.next_button.text()
        self._set_busy(busy=True)
        self.next_button.setText(words)

        def back(act: Callable[[], None]) -> None:
            self.next_button.setText(text)
            self._set_busy(busy=False)
            act()

        tasks().run(
            work, lambda result: back(lambda: done(result)), lambda error: back(lambda: self._tell(error)), self
        )

    def _set_busy(self, *, busy: bool) -> None:
        self.busy = busy
        for widget in (self.pages, self.cancel_button, self.back_button, self.later_button):
            widget.setEnabled(not busy)
        self._allow()

    def _tell(self, error: BaseException) -> None:
        if isinstance(error, WrongPassword):
            self.person.old_field.complain("密码不对，请再试一次；什么都没有改")
            self.person.old.selectAll()
            self.person.old.setFocus()
        else:
            show_error(error, self)

    def _build(self) -> None:
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(theme.px(24), theme.px(14), theme.px(24), theme.px(12))
        head.addWidget(label("交接", fonts.PAGE_TITLE, medium=True))
        head.addSpacing(theme.px(16))
        head.addWidget(self.stepper)
        head.addStretch(1)
        whole.addLayout(head)
        whole.addWidget(hairline())
        key_words = "给接手人的新恢复密钥。点“完成交接”才启用，旧的从那时起作废，请当面销毁。"
        key_page = page_below(key_words, self._key_place)
        for page in (self.person, self.list_page, key_page):
            self.pages.addWidget(scrolling(page))
        whole.addWidget(self.pages, 1)
        whole.addWidget(hairline())
        whole.addLayout(wizard_foot(self.cancel_button, (self.later_button, self.back_button, self.next_button)))
        self.next_button.setDefault(True)

    def _connect(self) -> None:
        self.next_button.clicked.connect(self.go_on)
        self.cancel_button.clicked.connect(self.reject)
        self.back_button.clicked.connect(lambda: self._turn_to(max(SUCCESSOR, self.pages.currentIndex() - 1)))
        self.later_button.clicked.connect(lambda: self.hand_over(kept=False))
        self.list_page.print_button.clicked.connect(self.show_list)


class SuccessorPage(QWidget):
    """Who takes the book over, and both passwords."""

    def __init__(self, given: str) -> None:
        super().__init__()
        self._given = given
        self.name = QLineEdit()
        self.old, self.first, self.second = (PasswordField(name) for name in ("移交人的密码", "新密码", "再填一遍"))
        self.name_field = LabelledField("接手人姓名", self.name, required=True)
        self.old_field = LabelledField(f"移交人（{given}）现在的密码", self.old, required=True)
        self.first_field = LabelledField(
            "接手人的密码", self.first, required=True, help_text="至少 8 位，请接手人自己设"
        )
        self.second_field = LabelledField("再填一遍", self.second, required=True)
        self.advice = label("", fonts.SECOND, tone="green", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.px(24), theme.px(16), theme.px(24), theme.px(12))
        column.setSpacing(theme.px(12))
        column.addWidget(
            label(
                "请移交人和接手人都在场。到最后一步点“完成交接”才生效，中途取消什么都不改。"
                "交接后移交人的密码不能再打开账簿，接手人用自己的密码接着用。",
                tone="2",
                wrap=True,
            )
        )
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.px(14))
        grid.setVerticalSpacing(theme.px(12))
        top = Qt.AlignmentFlag.AlignTop
        grid.addWidget(self.name_field, 0, 0, top)
        grid.addWidget(self.old_field, 0, 1, top)
        grid.addWidget(self.first_field, 1, 0, top)
        grid.addWidget(self.second_field, 1, 1, top)
        grid.addWidget(self.advice, 2, 0, 1, 2)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        column.addLayout(grid)
        column.addStretch(1)
        self.first.textEdited.connect(partial(advise, self.advice))
        fields = (self.name_field, self.old_field, self.first_field, self.second_field)
        for editor, field in zip((self.name, self.old, self.first, self.second), fields, strict=True):
            editor.textEdited.connect(lambda _text, shown=field: shown.complain(""))

    def ready(self) -> bool:
        """Whether the page can be left; says at the fields what is missing."""
        name = self.name.text().strip()
        unfit = "请填接手人的姓名，改动记录里要用" if not name else ""
        if name == self._given:
            unfit = "接手人不能是移交人自己；只想换密码，请到“设置 → 密码”"
        reason = password_problem(self.first.text(), self.second.text())
        in_second = "一遍" in reason or "不一样" in reason
        problems = (
            (self.name_field, self.name, unfit),
            (self.old_field, self.old, "" if self.old.text() else "请填移交人现在的密码"),
            (self.first_field, self.first, "" if in_second else reason),
            (self.second_field, self.second, reason if in_second else ""),
        )
        return complain(problems)


class ListPage(QWidget):
    """What is handed over in a few lines, and the button that shows the list to print."""

    def __init__(self) -> None:
        super().__init__()
        self.lines = label("", wrap=True)
        self.print_button = buttons.button("看清单、打印三份…", icon="printer")
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.px(24), theme.px(16), theme.px(24), theme.px(12))
        column.setSpacing(theme.px(12))
        column.addWidget(label("打印交接清单，逐项核对后由移交人、接收人（接手人）、监交人签名。", tone="2", wrap=True))
        column.addWidget(self.lines)
        row = QHBoxLayout()
        row.addWidget(self.print_button)
        row.addStretch(1)
        column.addLayout(row)
        self.notice = Notice("以前的备份文件仍用做备份那天的密码打开：U 盘上的旧备份请一并交给接手人，或当面销毁。")
        column.addWidget(self.notice)
        column.addStretch(1)

    def show_found(self, found: HandoverInput) -> None:
        """Tell the figures of the list."""
        counts = "，".join(f"{name} {number} {unit}" for name, unit, number in found.counts if number)
        self.lines.setText(
            "\n".join(
                (
                    f"台账：{counts or '还没有记录'}",
                    f"未办结的投诉：{len(found.cases)} 件；此外到期事项：{len(found.due)} 项",
                    f"未定稿的报告：{'、'.join(found.reports) or '没有'}",
                    f"附件：{found.attachments} 个文件",
                    f"另一处备份：{found.second_backup or '没有'}",
                )
            )
        )


def _fresh_backup(session: Session) -> str:
    """A backup with the new keys; why there is none, "" when it was made."""
    try:
        backup_places.back_up_if_changed(session)
    except UserError as error:
        return error.message
    return ""
