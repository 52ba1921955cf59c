"""The panels of the settings: this bank, appearance, password."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from xiaobao_desktop.errors import UserError
from xiaobao_desktop.services import audit, books, credentials, options
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.settings import OPTIONS, Option
from xiaobao_desktop.store.errors import WrongPassword
from xiaobao_desktop.ui import fonts, rights, theme
from xiaobao_desktop.ui.bus import bus
from xiaobao_desktop.ui.dialogs.confirm import ConfirmDialog
from xiaobao_desktop.ui.dialogs.error_dialog import show_bug, show_user_error
from xiaobao_desktop.ui.dialogs.recovery_key import KeySheet, RecoveryKeyDialog
from xiaobao_desktop.ui.tasks import Progress, tasks
from xiaobao_desktop.ui.typed_draft import Parts, TypedDraft
from xiaobao_desktop.ui.widgets import buttons
from xiaobao_desktop.ui.widgets.cards import Card, Notice, scrolling
from xiaobao_desktop.ui.widgets.form_field import LabelledField
from xiaobao_desktop.ui.widgets.labels import hairline, label
from xiaobao_desktop.ui.widgets.password_field import PasswordField, password_advice, password_problem
from xiaobao_desktop.ui.widgets.segmented import Segmented

LOOKS = ("theme", "row_height")
"""Options of the appearance panel."""
ELSEWHERE = (*LOOKS, "lock_minutes")
"""Options that have a panel of their own; all others belong to the bank."""

if TYPE_CHECKING:
    from xiaobao_desktop.services.reencrypting import Outlook

_WIDE = 720


class Panel(QWidget):
    """A scrolling column of cards, at most 720 wide; ``done`` carries a note for the toast."""

    done = Signal(str)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        inner = QWidget()
        inner.setMaximumWidth(theme.px(_WIDE))
        self.column = QVBoxLayout(inner)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(theme.px(12))
        middle = QWidget()
        row = QHBoxLayout(middle)
        edge = theme.px(20)
        row.setContentsMargins(edge, theme.px(16), edge, edge)
        row.addWidget(inner, 10)
        row.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scrolling(middle))

    def tell(self, error: BaseException) -> None:
        """Show an error."""
        if isinstance(error, UserError):
            show_user_error(error, self)
        else:
            show_bug(error, parent=self)

    def unsaved(self) -> list[str]:
        """Names of what was typed and is not saved."""
        return []

    def give_up(self) -> None:
        """Let go what was typed and not saved."""


class BankPanel(Panel):
    """The options of the bank; written when 保存 is pressed."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.options = tuple(item for item in OPTIONS if item.key not in ELSEWHERE)
        self.editors: dict[str, QLineEdit | QComboBox] = {item.key: self._editor(item) for item in self.options}
        self.fields = {
            item.key: LabelledField(
                item.label, self.editors[item.key], required=item.key == self.options[0].key, help_text=item.help
            )
            for item in self.options
        }
        self.save_button = buttons.button("保存", buttons.PRIMARY)
        card = Card("本行信息", "印在每份报表上。已经打印出去的报表不会变。")
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.px(14))
        grid.setVerticalSpacing(theme.px(12))
        for place, field in enumerate(self.fields.values()):
            grid.addWidget(field, place // 2, place % 2, Qt.AlignmentFlag.AlignTop)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        card.body.addLayout(grid)
        card.body.addWidget(hairline())
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.save_button)
        card.body.addLayout(row)
        self.column.addWidget(card)
        self.column.addStretch(1)
        self.save_button.clicked.connect(self.save)
        self._draft = TypedDraft(self, session, Parts(self.editors), self.column)
        self.load()

    def load(self) -> None:
        """Show what the book says."""
        for key, editor in self.editors.items():
            value = str(getattr(self.session.settings, key))
            if isinstance(editor, QLineEdit):
                editor.setText(value)
            else:
                editor.setCurrentIndex(max(0, editor.findData(value)))
        self._draft.begin("bank", "本行信息")
        self._changed()

    def changes(self) -> dict[str, str]:
        """What differs from the book."""
        return {key: text for key, text in self._typed().items() if text != str(getattr(self.session.settings, key))}

    def unsaved(self) -> list[str]:
        """Labels of the options that differ from the book."""
        return [item.label for item in self.options if item.key in self.changes()]

    def give_up(self) -> None:
        """Show what the book says."""
        self.load()

    def save(self) -> bool:
        """Write what was changed; False when the bank's name is missing or the book refuses."""
        first = self.options[0].key
        if not self._typed()[first]:
            self.fields[first].complain("请填银行全称，它印在每份报表上")
            self.editors[first].setFocus()
            return False
        try:
            options.save_settings(self.session, **self.changes())
        except UserError as error:
            self.tell(error)
            return False
        self._draft.begin("bank", "本行信息")
        self._changed()
        bus().settings_changed.emit()
        self.done.emit("已保存本行信息")
        return True

    def _typed(self) -> dict[str, str]:
        return {
            key: editor.text().strip() if isinstance(editor, QLineEdit) else str(editor.currentData())
            for key, editor in self.editors.items()
        }

    def _editor(self, option: Option) -> QLineEdit | QComboBox:
        if not option.choices:
            line = QLineEdit()
            line.textChanged.connect(lambda _text: self._changed())
            return line
        combo = QComboBox()
        combo.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        for value, name in option.choices:
            combo.addItem(name, value)
        combo.currentIndexChanged.connect(lambda _index: self._changed())
        return combo

    def _changed(self) -> None:
        if hasattr(self, "save_button"):
            self.fields[self.options[0].key].complain("")
            self.save_button.setEnabled(bool(self.changes()))
            self.save_button.setToolTip("" if self.save_button.isEnabled() else "没有改动")


class LookPanel(Panel):
    """Light or dark, height of the rows; window and lists follow the news that a setting changed."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        card = Card("外观")
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.px(16))
        grid.setVerticalSpacing(theme.px(12))
        grid.setColumnStretch(2, 1)
        self.choices: dict[str, Segmented] = {}
        for place, option in enumerate(item for item in OPTIONS if item.key in LOOKS):
            choice = Segmented(option.choices)
            choice.choose(str(getattr(session.settings, option.key)))
            choice.chosen.connect(lambda value, key=option.key: self.use(key, value))
            self.choices[option.key] = choice
            grid.addWidget(label(option.label, tone="2"), place, 0)
            grid.addWidget(choice, place, 1)
        card.body.addLayout(grid)
        self.column.addWidget(card)
        self.column.addStretch(1)

    def use(self, key: str, value: str) -> None:
        """Keep an option and let the window follow."""
        try:
            options.save_settings(self.session, **{key: value})
        except UserError as error:
            self.tell(error)
            return
        bus().settings_changed.emit()


class PasswordPanel(Panel):
    """Change the password; make a new recovery key."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.old, self.first, self.second = (PasswordField(name) for name in ("现在的密码", "新密码", "再填一遍"))
        self.old_field = LabelledField("现在的密码", self.old)
        self.first_field = LabelledField("新密码", self.first, help_text="至少 8 位")
        self.second_field = LabelledField("再填一遍", self.second)
        self.advice = label("", fonts.SECOND, tone="green", wrap=True)
        self.save_button = buttons.button("改密码", buttons.PRIMARY)
        self.recovery_notice = Notice(
            "恢复密钥还没有留好：忘了密码就再也打不开账簿。请重新做一把，打印出来锁进柜子。", "red", "circle-alert"
        )
        self.renew_button = buttons.button("重新做一把恢复密钥…", icon="key-round")
        self.handover_button = buttons.button("开始交接…", icon="users")
        self.reencrypt_button = buttons.button("疑似泄露：重新加密…", icon="shield-check")
        self.old_copies_button = buttons.button("旧备份…", buttons.GHOST)
        self._build()
        self.save_button.clicked.connect(self.change)
        self.renew_button.clicked.connect(self.ask_renewal)
        self.handover_button.clicked.connect(self.open_handover)
        self.reencrypt_button.clicked.connect(self.open_reencryption)
        self.old_copies_button.clicked.connect(self.open_old_copies)
        self.first.textEdited.connect(lambda text: self.advice.setText(password_advice(text)))
        for field in (self.old_field, self.first_field, self.second_field):
            editor = field.editor
            assert isinstance(editor, PasswordField)
            editor.textEdited.connect(lambda _text, shown=field: shown.complain(""))
        self.show_recovery()

    def change(self) -> None:
        """Check what was typed, then replace the password beside the window."""
        reason = password_problem(self.first.text(), self.second.text())
        self.second_field.complain(reason)
        self.old_field.complain("" if self.old.text() else "请填现在的密码")
        if reason or not self.old.text():
            return
        self.save_button.setEnabled(False)
        directory, old, new, user = self.session.directory, self.old.text(), self.first.text(), self.session.user

        def work(_progress: Progress) -> None:
            credentials.change_password(directory, old, new, user)
            audit.keys_changed(self.session, "修改密码")

        tasks().run(
            work,
            lambda _result: self._changed(),
            self._refused,
            self,
        )

    def ask_renewal(self) -> None:
        """Ask for the password, then show a new recovery key."""
        password = PasswordField("密码")
        dialog = ConfirmDialog(
            "重新做一把恢复密钥？",
            "旧的那一把从此作废，请销毁旧的纸。请先输入密码。",
            yes="做新的",
            extra=password,
            parent=self,
        )
        password.setFocus()
        if dialog.exec() == QDialog.DialogCode.Accepted:
            self.renew(password.text())
        dialog.deleteLater()

    def renew(self, password: str) -> None:
        """Make a new recovery key and show it once."""

        def work(_progress: Progress) -> str:
            words = credentials.renew_recovery_key(self.session, password)
            audit.keys_changed(self.session, "重新做恢复密钥")
            return words

        tasks().run(work, self._show_key, self.tell, self)

    def show_recovery(self) -> None:
        """Say whether the recovery key lies on paper; the demo book has no password at all."""
        open_book = not books.needs_password(self.session.directory)
        self.recovery_notice.setVisible(not open_book and not credentials.recovery_kept(self.session))
        officers = (self.renew_button, self.handover_button, self.reencrypt_button)
        for widget in (self.old, self.first, self.second, self.save_button, *officers):
            widget.setEnabled(not open_book)
        self.demo_note.setVisible(open_book)
        self.old_copies_button.setVisible(bool(self.session.book.retired_keys()))
        rights.restrict(self.session, *officers, self.old_copies_button)
        rights.hide(self.session, self.recovery_notice)

    def _build(self) -> None:
        card = Card("改密码", "改密码不动账簿内容，马上完成。")
        self.demo_note = Notice("演示台账不要密码。", "blue", "info")
        card.body.addWidget(self.demo_note)
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.px(14))
        grid.setVerticalSpacing(theme.px(12))
        top = Qt.AlignmentFlag.AlignTop
        grid.addWidget(self.old_field, 0, 0, top)
        grid.addWidget(self.first_field, 1, 0, top)
        grid.addWidget(self.second_field, 1, 1, top)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        card.body.addLayout(grid)
        card.body.addWidget(self.advice)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.save_button)
        card.body.addLayout(row)
        recovery = Card("恢复密钥", "忘了密码，只有它能打开账簿。程序里没有备用。")
        recovery.body.addWidget(self.recovery_notice)
        renewal = QHBoxLayout()
        renewal.addWidget(self.renew_button)
        renewal.addStretch(1)
        recovery.body.addLayout(renewal)
        self.column.addWidget(card)
        self.column.addWidget(recovery)
        succession = Card("交接", "换人接手时用：打印清单，接手人自设密码，原来的密码停用，两人姓名都记入操作记录。")
        handing = QHBoxLayout()
        handing.addWidget(self.handover_button)
        handing.addStretch(1)
        succession.body.addLayout(handing)
        self.column.addWidget(succession)
        leak = Card(
            "疑似泄露", "账簿文件夹、备份或 U 盘可能到了别人手里，密码也可能被知道：改密码不够，要换新钥匙重新加密。"
        )
        leaking = QHBoxLayout()
        leaking.addWidget(self.reencrypt_button)
        leaking.addWidget(self.old_copies_button)
        leaking.addStretch(1)
        leak.body.addLayout(leaking)
        self.column.addWidget(leak)
        self.column.addStretch(1)

    def open_handover(self) -> None:
        """Hand the book over to a successor."""
        from xiaobao_desktop.ui.dialogs.handover import HandoverDialog

        dialog = HandoverDialog(self.session, self)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            self.done.emit(f"已交接给{self.session.user}，以后用新密码打开")
            self.show_recovery()
            bus().settings_changed.emit()
        dialog.deleteLater()

    def open_reencryption(self) -> None:
        """Re-encrypt the book after a suspected leak."""
        from xiaobao_desktop.services import reencrypting

        session = self.session
        self.reencrypt_button.setEnabled(False)
        tasks().run(lambda _progress: reencrypting.look(session), self._show_reencryption, self._not_looked, self)

    def open_old_copies(self) -> None:
        """Show what still opens with a password of before the last re-encryption."""
        from xiaobao_desktop.services import reencrypting
        from xiaobao_desktop.ui.dialogs.old_copies import OldCopiesDialog

        session = self.session

        def show(copies: tuple[reencrypting.OldCopy, ...]) -> None:
            dialog = OldCopiesDialog(session, copies, self)
            dialog.exec()
            dialog.deleteLater()

        tasks().run(lambda _progress: reencrypting.old_copies(session), show, self.tell, self)

    def _show_reencryption(self, outlook: Outlook) -> None:
        from xiaobao_desktop.ui.dialogs.reencrypt import ReencryptDialog

        self.reencrypt_button.setEnabled(True)
        dialog = ReencryptDialog(self.session, outlook, self)
        dialog.exec()
        if dialog.done_with is not None:
            self.done.emit("已重新加密，以后用新密码打开")
            bus().settings_changed.emit()
        dialog.deleteLater()
        self.show_recovery()

    def _not_looked(self, error: BaseException) -> None:
        self.reencrypt_button.setEnabled(True)
        self.tell(error)

    def _changed(self) -> None:
        self.save_button.setEnabled(True)
        for field in (self.old, self.first, self.second):
            field.clear()
        self.advice.setText("")
        self.done.emit("密码已改，下次打开用新密码")

    def _refused(self, error: BaseException) -> None:
        self.save_button.setEnabled(True)
        if isinstance(error, WrongPassword):
            self.old_field.complain("现在的密码不对，请再试一次；密码没有改")
            self.old.selectAll()
            self.old.setFocus()
        else:
            self.tell(error)

    def _show_key(self, key: str) -> None:
        sheet = KeySheet(self.session.settings.bank, self.session.user, self.session.today().isoformat())
        dialog = RecoveryKeyDialog(key, sheet, self)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            credentials.set_recovery_kept(self.session, kept=True)
        dialog.deleteLater()
        self.show_recovery()
        bus().settings_changed.emit()
