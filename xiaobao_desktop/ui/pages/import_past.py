"""导入记录: earlier imports into a ledger, each with a button that takes it back whole."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from xiaobao_desktop.domain.fields import Ledger
from xiaobao_desktop.errors import UserError
from xiaobao_desktop.services import backup_places, import_undo
from xiaobao_desktop.services.import_undo import Kept, PastImport, TakenBack
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import fonts, theme
from xiaobao_desktop.ui.bus import bus
from xiaobao_desktop.ui.dialogs.confirm import confirm
from xiaobao_desktop.ui.dialogs.error_dialog import show_user_error
from xiaobao_desktop.ui.dialogs.waiting import wait_for
from xiaobao_desktop.ui.widgets import buttons
from xiaobao_desktop.ui.widgets.cards import Card
from xiaobao_desktop.ui.widgets.labels import ElidedLabel, label, set_shown

_SHOWN = 5
_NAMED = 6
"""Records named in the question and in the answer."""


class PastImports(Card):
    """The last imports into a ledger; ``taken_back`` says that one was."""

    taken_back = Signal(object)

    def __init__(self, session: Session, ledger: Ledger) -> None:
        super().__init__("导入记录", "最近 5 次；撤回时没有改过的记录移到回收站，改过的留下")
        self._session, self._ledger = session, ledger
        self._lines = QVBoxLayout()
        self._lines.setSpacing(theme.px(2))
        self.body.addLayout(self._lines)
        self.load()

    def load(self) -> None:
        """Read the imports anew; the card hides itself when there is none."""
        while self._lines.count():
            widget = self._lines.takeAt(0).widget()
            if widget is not None:
                widget.deleteLater()
        found = import_undo.past_imports(self._session, self._ledger)
        for past in found[:_SHOWN]:
            self._lines.addWidget(self._line(past))
        set_shown(self, shown=bool(found))

    def ask(self, past: PastImport) -> None:
        """Take an import back after asking."""
        done = take_back(self._session, self._ledger, past, self.window())
        if done is not None:
            self.load()
            self.taken_back.emit(done)

    def _line(self, past: PastImport) -> QWidget:
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(12))
        row.addWidget(label(f"{past.at:%Y-%m-%d %H:%M}", fonts.SECOND, tone="2"))
        row.addWidget(ElidedLabel(past.name), 1)
        row.addWidget(label(f"{past.who}　现有 {past.rows} {self._ledger.unit}", fonts.SECOND, tone="2"))
        button = buttons.button("撤回…", buttons.LINK)
        button.setAccessibleName(f"撤回 {past.name}")
        button.clicked.connect(partial(self.ask, past))
        row.addWidget(button, 0, Qt.AlignmentFlag.AlignRight)
        return line


def take_back(session: Session, ledger: Ledger, past: PastImport, parent: QWidget) -> TakenBack | None:
    """Ask, back up, take an import back and say what stays; None when it was not taken back."""
    try:
        kept = wait_for("正在查看有哪些记录改过…", lambda _: import_undo.changed_since(session, ledger, past), parent)
        if not confirm(parent, f"撤回“{past.name}”？", _question(past, ledger, kept), yes="撤回", danger=True):
            return None

        def work(_progress: object) -> TakenBack:
            backup_places.backup_here(session)
            return import_undo.take_back(session, ledger, past)

        done: TakenBack = wait_for("正在备份，然后撤回…", work, parent)
    except UserError as error:
        show_user_error(error, parent)
        return None
    bus().announce(done.changed)
    return done


def outcome(done: TakenBack, ledger: Ledger) -> str:
    """What was taken back and what stays, in one sentence."""
    stays = f"；{_named(done.kept, ledger)}后来改过，留在台账里" if done.kept else "；同样的表可以重新导入"
    return f"已撤回 {done.records} {ledger.unit}{stays}"


def _question(past: PastImport, ledger: Ledger, kept: Sequence[Kept]) -> str:
    going = past.rows - len(kept)
    words = (
        f"这次导入的 {going} {ledger.unit}会移到回收站，随它们来的图片、机构和本行名称一起撤回，"
        "以后可以重新导入。撤回前先自动备份。"
    )
    return f"{words}\n{_named(kept, ledger)}后来改过，会留下。" if kept else words


def _named(kept: Sequence[Kept], ledger: Ledger) -> str:
    numbers = "、".join(one.number for one in kept[:_NAMED])
    return f"{numbers} " if len(kept) <= _NAMED else f"{numbers} 等 {len(kept)} {ledger.unit}"
