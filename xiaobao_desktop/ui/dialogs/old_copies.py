"""旧备份: what still opens with the password of before a re-encryption, each to be ticked and deleted for good."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QLineEdit, QVBoxLayout, QWidget

from xiaobao_desktop.services import reencrypting
from xiaobao_desktop.services.reencrypting import OldCopy
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import help_key, theme
from xiaobao_desktop.ui.dialogs.confirm import ConfirmDialog
from xiaobao_desktop.ui.dialogs.error_dialog import show_error
from xiaobao_desktop.ui.dialogs.scrolled import ScrolledDialog
from xiaobao_desktop.ui.dialogs.waiting import wait_for
from xiaobao_desktop.ui.widgets import buttons
from xiaobao_desktop.ui.widgets.cards import Notice
from xiaobao_desktop.ui.widgets.form_field import LabelledField
from xiaobao_desktop.ui.widgets.labels import label
from xiaobao_desktop.ui.widgets.plain_table import PlainTable

TITLE = "重新加密以前的旧备份"
_EXPLAINED = (
    "下面这些用旧密码还能打开。有了用新密钥做的备份，旧的不需要时请删除；"
    "删除后不能再恢复到那些日子。没插的 U 盘、拷到别处的，请另外找出来销毁。"
)
_WIDTH, _HEIGHT = 720, 440
_HEADS = ("", "日期", "是什么", "在哪里")


class OldCopiesPanel(QWidget):
    """The list with its buttons; ``told`` carries what was done, ``emptied`` comes when nothing is left."""

    told = Signal(str)
    emptied = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.shown: tuple[OldCopy, ...] = ()
        self.words = label(_EXPLAINED, tone="2", wrap=True)
        self.none = Notice("知道的位置里没有旧备份了。", "green", "circle-check")
        self.table = PlainTable("旧备份", _HEADS, 3, self._toggle)
        self.all_button = buttons.button("全选", buttons.GHOST)
        self.drop_button = buttons.button("删除选中的旧备份…", buttons.DANGER)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(10))
        for widget in (self.none, self.words, self.table):
            column.addWidget(widget)
        row = QHBoxLayout()
        row.addWidget(self.all_button)
        row.addStretch(1)
        row.addWidget(self.drop_button)
        column.addLayout(row)
        column.addStretch(1)
        self.table.itemChanged.connect(lambda _item: self._allow())
        self.all_button.clicked.connect(self.choose_all)
        self.drop_button.clicked.connect(self.drop)
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.ResizeToContents)

    def show_copies(self, copies: Sequence[OldCopy]) -> None:
        """Show these."""
        self.shown = tuple(copies)
        self.table.blockSignals(True)
        rows = [("", f"{one.made_at:%Y-%m-%d %H:%M}", _kind(one), str(one.path)) for one in self.shown]
        self.table.fill(rows, [False] * len(rows), least=3)
        for row in range(len(rows)):
            if (box := self.table.item(row, 0)) is not None:
                box.setFlags(box.flags() | Qt.ItemFlag.ItemIsUserCheckable)
                box.setCheckState(Qt.CheckState.Unchecked)
        self.table.blockSignals(False)
        for widget in (self.words, self.table, self.all_button, self.drop_button):
            widget.setVisible(bool(rows))
        self.none.setVisible(not rows)
        self._allow()

    def chosen(self) -> tuple[OldCopy, ...]:
        """What is ticked."""
        return tuple(one for row, one in enumerate(self.shown) if self._is_ticked(row))

    def choose_all(self) -> None:
        """Tick every line, or none when all are ticked."""
        every = len(self.chosen()) == len(self.shown)
        for row in range(len(self.shown)):
            if (box := self.table.item(row, 0)) is not None:
                box.setCheckState(Qt.CheckState.Unchecked if every else Qt.CheckState.Checked)

    def drop(self) -> None:
        """Have the number typed, and delete what is ticked."""
        session, chosen = self._session, self.chosen()
        dialog = DropDialog(len(chosen), self)
        accepted, typed = dialog.exec() == DropDialog.DialogCode.Accepted, dialog.typed
        dialog.deleteLater()
        if not accepted:
            return

        def work(_progress: object) -> tuple[tuple[OldCopy, ...], tuple[OldCopy, ...]]:
            return reencrypting.drop(session, chosen, typed), reencrypting.old_copies(session)

        try:
            left, now = wait_for("正在删除…", work, self)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is shown, and a defect is kept
            show_error(error, self)
            return
        self.show_copies(now)
        stays = f"；有 {len(left)} 份没有删掉，请看是不是正被占用或写保护" if left else ""
        self.told.emit(f"已删除 {len(chosen) - len(left)} 份旧备份{stays}")
        if not now:
            self.emptied.emit()

    def _is_ticked(self, row: int) -> bool:
        box = self.table.item(row, 0)
        return box is not None and box.checkState() is Qt.CheckState.Checked

    def _toggle(self) -> None:
        """Enter or a double click ticks the line."""
        row = self.table.currentRow()
        if (box := self.table.item(row, 0)) is not None:
            box.setCheckState(Qt.CheckState.Unchecked if self._is_ticked(row) else Qt.CheckState.Checked)

    def _allow(self) -> None:
        number = len(self.chosen())
        self.drop_button.setEnabled(number > 0)
        self.drop_button.setToolTip("" if number else "先勾选要删除的旧备份")
        self.all_button.setText("全不选" if number and number == len(self.shown) else "全选")


class OldCopiesDialog(ScrolledDialog):
    """The list in a window of its own, for later."""

    def __init__(self, session: Session, copies: Sequence[OldCopy], parent: QWidget | None = None) -> None:
        super().__init__(TITLE, "reencrypt", _WIDTH, _HEIGHT, parent)
        self.panel = OldCopiesPanel(session)
        self.panel.show_copies(copies)
        body = QWidget()
        column = QVBoxLayout(body)
        edge = theme.px(20)
        column.setContentsMargins(edge, theme.px(14), edge, theme.px(14))
        column.addWidget(self.panel)
        self.show_body(body)
        self.foot.addStretch(1)
        self.foot.addWidget(self.close_button)
        self.panel.told.connect(self.count.setText)


class DropDialog(ConfirmDialog):
    """Has the officer type what will happen; ``typed`` once it was accepted."""

    def __init__(self, count: int, parent: QWidget | None = None) -> None:
        """Ask about ``count`` old copies."""
        self._phrase = reencrypting.phrase(count)
        self.confirmation = QLineEdit()
        self._field = LabelledField(f"确认：请照样输入“{self._phrase}”", self.confirmation, required=True)
        text = "删掉就找不回来了，只剩用新密钥做的备份。删除会记进操作记录。"
        super().__init__(f"删除 {count} 份旧备份？", text, yes="删除", danger=True, extra=self._field, parent=parent)
        help_key.bind(self, "reencrypt")
        self.confirmation.setFocus()

    @property
    def typed(self) -> str:
        """What was typed."""
        return self.confirmation.text().strip()

    def accept(self) -> None:
        """Go on when it was typed as asked."""
        if self.typed != self._phrase:
            self._field.complain(f"请照样输入“{self._phrase}”")
            self.fit()
            return
        super().accept()


def _kind(one: OldCopy) -> str:
    if not one.path.is_dir():
        return "备份文件"
    return "整本旧账簿"
