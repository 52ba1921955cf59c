"""The pages of the re-encryption: what it does, the passwords, the work, what came of it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLineEdit, QProgressBar, QVBoxLayout, QWidget

from xiaobao_desktop.services.reencrypting import Done, Outlook
from xiaobao_desktop.ui import fonts, theme
from xiaobao_desktop.ui.dialogs.wizard_parts import advise, complain
from xiaobao_desktop.ui.widgets.cards import Notice
from xiaobao_desktop.ui.widgets.form_field import LabelledField
from xiaobao_desktop.ui.widgets.labels import label
from xiaobao_desktop.ui.widgets.password_field import PasswordField, password_problem

_MB = 1024 * 1024
_WHEN = (
    "账簿文件夹、备份或 U 盘可能到了别人手里，密码也可能被人知道了，就用它。"
    "只是密码被人看见、文件没有流出去的，到“设置 → 密码”改密码就够了。"
)
_CANNOT = (
    "做不到的：已经流出去的那一份收不回来，用旧密码仍然打得开，以前的备份也一样。"
    "它只保护从现在起的账簿。里面有客户信息的，请按行里的规定报告。"
)


class ExplainPage(QWidget):
    """What it does, what it cannot do, what it needs."""

    def __init__(self, outlook: Outlook) -> None:
        super().__init__()
        column = _column(self)
        column.addWidget(label(_WHEN, wrap=True))
        column.addWidget(label("要做的事", medium=True))
        others = f"其他 {len(outlook.others)} 位用户（{_some(outlook.others)}）各拿一张临时密码，首次登录自己改。"
        points = (
            "换一把新钥匙，把台账、附件、修改历史全部重新加密，逐条核对无误才换上；内容、编号、操作记录一样不少。",
            f"您设一个新密码，打印一把新的恢复密钥。{others if outlook.others else ''}",
            "马上用新钥匙做一份备份并查验，再删除旧账簿；知道位置的旧备份列出来，由您勾选删除。",
        )
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.px(8))
        grid.setVerticalSpacing(theme.px(6))
        grid.setColumnStretch(1, 1)
        for row, words in enumerate(points):
            grid.addWidget(label(f"{row + 1}.", tone="2"), row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(label(words, wrap=True), row, 1)
        column.addLayout(grid)
        column.addWidget(Notice(_CANNOT))
        self.room = Notice(
            _room_words(outlook), *(("green", "circle-check") if outlook.room.enough else ("red", "circle-alert"))
        )
        column.addWidget(self.room)
        column.addStretch(1)


class PasswordPage(QWidget):
    """The officer's password of now and her new one, and why it is done."""

    def __init__(self, user: str) -> None:
        super().__init__()
        self.old, self.first, self.second = (PasswordField(name) for name in ("现在的密码", "新密码", "再填一遍"))
        self.reason = QLineEdit()
        self.reason.setPlaceholderText("如 备份 U 盘和密码本一起丢失")
        self.old_field = LabelledField(f"{user}现在的密码", self.old, required=True)
        self.first_field = LabelledField("新密码", self.first, required=True, help_text="至少 8 位，不能和现在的一样")
        self.second_field = LabelledField("再填一遍", self.second, required=True)
        self.reason_field = LabelledField("原因", self.reason, required=True, help_text="写进操作记录，检查时要看")
        self.advice = label("", fonts.SECOND, tone="green", wrap=True)
        self.stopped = Notice("", "blue", "info")
        self.stopped.set_text("")
        column = _column(self)
        column.addWidget(self.stopped)
        column.addWidget(label("到最后点“开始重新加密”才动账簿，在那以前取消什么都不改。", tone="2", wrap=True))
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.px(14))
        grid.setVerticalSpacing(theme.px(12))
        top = Qt.AlignmentFlag.AlignTop
        grid.addWidget(self.old_field, 0, 0, top)
        grid.addWidget(self.first_field, 1, 0, top)
        grid.addWidget(self.second_field, 1, 1, top)
        grid.addWidget(self.advice, 2, 0, 1, 2)
        grid.addWidget(self.reason_field, 3, 0, 1, 2)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        column.addLayout(grid)
        column.addStretch(1)
        self.first.textEdited.connect(partial(advise, self.advice))
        fields = (self.old_field, self.first_field, self.second_field, self.reason_field)
        for editor, field in zip((self.old, self.first, self.second, self.reason), fields, strict=True):
            editor.textEdited.connect(lambda _text, shown=field: shown.complain(""))

    def ready(self) -> bool:
        """Whether the page can be left; says at the fields what is missing."""
        reason = password_problem(self.first.text(), self.second.text())
        if not reason and self.first.text() == self.old.text():
            reason = "新密码不能和现在的一样，旧密码可能已经被别人知道"
        in_second = "一遍" in reason or "不一样" in reason
        problems = (
            (self.old_field, self.old, "" if self.old.text() else "请填现在的密码"),
            (self.first_field, self.first, "" if in_second else reason),
            (self.second_field, self.second, reason if in_second else ""),
            (self.reason_field, self.reason, "" if self.reason.text().strip() else "请写明原因"),
        )
        return complain(problems)


class WorkPage(QWidget):
    """How far it is."""

    def __init__(self) -> None:
        super().__init__()
        self.words = label("", fonts.CARD_TITLE, medium=True)
        self.bar = QProgressBar()
        self.note = label("", tone="2", wrap=True)
        column = _column(self)
        column.addStretch(1)
        for widget in (self.words, self.bar, self.note):
            column.addWidget(widget)
        column.addStretch(2)
        self.begin()

    def begin(self) -> None:
        """Nothing was done yet."""
        self.note.setText("请不要关电脑。换上新账簿以前可以取消，取消了什么都不改；断电也不会坏。")
        self.step(0, 0, "正在准备…")

    def step(self, done: int, total: int, what: str) -> None:
        """Show how much of it is done, of how much (0 = unknown)."""
        self.words.setText(what)
        self.bar.setRange(0, total)
        self.bar.setValue(done)

    def last_part(self) -> None:
        """It cannot be given up any more."""
        self.note.setText("新账簿正在换上，马上就好，不能取消了。")


class DonePage(QWidget):
    """What came of it; the old copies stand below."""

    def __init__(self, below: QWidget) -> None:
        super().__init__()
        self.good = Notice("", "green", "circle-check")
        self.trouble = Notice("", "amber", "triangle-alert")
        column = _column(self)
        for widget in (self.good, self.trouble, below):
            column.addWidget(widget)
        column.addStretch(1)

    def show_done(self, done: Done) -> None:
        """Tell it."""
        words = "已经重新加密，以后用新密码打开。旧密码、旧恢复密钥打不开现在的账簿。"
        if done.backup is not None:
            words += f"新备份已做好并查验：{done.backup.name}。"
        self.good.set_text(f"{words}{'旧账簿已删除。' if done.aside is None else ''}")
        parts = [done.trouble] if done.trouble else []
        if done.aside is not None:
            parts.append(f"旧账簿留在账簿文件夹的 {done.aside.name} 里，用旧密码还能打开。")
        if done.lost:
            parts.append(
                f"有 {len(done.lost)} 个附件原来就缺失或损坏（{_some(done.lost)}），请从旧备份或原件找回来重新添加。"
            )
        self.trouble.set_text("".join(parts))


def _column(page: QWidget) -> QVBoxLayout:
    column = QVBoxLayout(page)
    column.setContentsMargins(theme.px(24), theme.px(16), theme.px(24), theme.px(12))
    column.setSpacing(theme.px(12))
    return column


def _some(names: tuple[str, ...]) -> str:
    return "、".join(names[:4]) + ("等" if len(names) > 4 else "")


def _room_words(outlook: Outlook) -> str:
    needed, free = -(-outlook.room.needed // _MB), outlook.room.free // _MB
    files = f"（账簿和 {outlook.files} 个附件各写一份新的，另留备份用的地方）"
    if outlook.room.enough:
        return f"磁盘要空出 {needed} MB{files}，现在有 {free} MB，够用。"
    return f"磁盘要空出 {needed} MB{files}，现在只有 {free} MB。请先清出空间，再打开这里。"
