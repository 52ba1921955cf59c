"""另存的旧账簿: what lies beside the book since a restore or a repair, how large it is, and letting it go."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from xiaobao_desktop.domain.period import chinese_date
from xiaobao_desktop.services import kept_aside
from xiaobao_desktop.services.kept_aside import KeptAside
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import fonts, rights, theme
from xiaobao_desktop.ui.dialogs.confirm import confirm
from xiaobao_desktop.ui.dialogs.error_dialog import show_error
from xiaobao_desktop.ui.dialogs.scrolled import ScrolledDialog
from xiaobao_desktop.ui.dialogs.waiting import wait_for
from xiaobao_desktop.ui.widgets.buttons import DANGER, button
from xiaobao_desktop.ui.widgets.cards import Notice
from xiaobao_desktop.ui.widgets.labels import label
from xiaobao_desktop.ui.widgets.plain_table import PlainTable

TITLE = "另存的旧账簿"
_WIDTH, _HEIGHT = 640, 420
_HINT = (
    "恢复备份、修复或重新加密时，原来的账簿整本移到这里，密码还是那时的。现在的账簿核对无误、备份也有了，"
    "旧的就可以删掉；删掉后不能再找回。"
)


class KeptAsideDialog(ScrolledDialog):
    """The old books, the newest first; the chosen one can be deleted.

    Attributes:
        found: what is listed.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(TITLE, "backup", _WIDTH, _HEIGHT, parent)
        self._session = session
        self.found: Sequence[KeptAside] = ()
        self.notice = Notice("", "amber", "hard-drive")
        self.table = PlainTable("旧账簿", ("另存的时间", "大小", "文件夹", "内容"), 2, self.drop)
        self.drop_button = button("删除…", DANGER)
        self.drop_button.clicked.connect(self.drop)
        self.foot.addWidget(self.drop_button)
        self.foot.addStretch(1)
        self.foot.addWidget(self.close_button)
        self.show_body(self._body())
        self.load()
        rights.restrict(session, self.drop_button)

    def load(self) -> None:
        """Look again."""
        self.found = kept_aside.listed(self._session)
        self.count.setText(f"{len(self.found)} 本，共 {kept_aside.megabytes(self.found)}" if self.found else "没有了")
        self.notice.set_text(kept_aside.advice(self._session, self.found))
        self.table.fill([_cells(item) for item in self.found], [not item.whole for item in self.found])
        self.table.setVisible(bool(self.found))
        self.drop_button.setEnabled(bool(self.found))
        (self.table if self.found else self.close_button).setFocus(Qt.FocusReason.OtherFocusReason)

    def drop(self) -> None:
        """Ask, then delete the chosen one."""
        row = self.table.currentRow()
        if not (0 <= row < len(self.found) and self._session.role.may_change):
            return
        chosen = self.found[row]
        words = f"{_when(chosen)}另存的账簿，{kept_aside.megabytes([chosen])}。删掉后不能找回；现在的账簿和备份不动。"
        if not confirm(self, "删除这本旧账簿？", words, yes="删除", no="留着", danger=True):
            return
        try:
            wait_for("正在删除…", lambda _progress: kept_aside.drop(self._session, [chosen]), self)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is shown, and a defect is kept
            show_error(error, self)
        self.load()

    def _body(self) -> QWidget:
        body = QWidget()
        column = QVBoxLayout(body)
        edge = theme.px(20)
        column.setContentsMargins(edge, theme.px(14), edge, theme.px(14))
        column.setSpacing(theme.px(12))
        column.addWidget(label(_HINT, fonts.SECOND, tone="2", wrap=True))
        column.addWidget(self.notice)
        column.addWidget(self.table)
        column.addStretch(1)
        return body


def _when(item: KeptAside) -> str:
    return f"{chinese_date(item.made_at.date())} {item.made_at:%H:%M}"


def _cells(item: KeptAside) -> tuple[str, ...]:
    what = "旧账簿" if item.whole else "只剩附件或钥匙"
    return _when(item), kept_aside.megabytes([item]), item.path.name, what
