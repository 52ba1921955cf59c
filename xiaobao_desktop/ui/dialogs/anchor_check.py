"""核对码: an anchor printed on paper or carried by a file, compared with the history of the open book."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from xiaobao_desktop import paths
from xiaobao_desktop.errors import UserError
from xiaobao_desktop.services import anchors, audit
from xiaobao_desktop.services.anchors import Compared
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import fonts, theme
from xiaobao_desktop.ui.dialogs.scrolled import ScrolledDialog
from xiaobao_desktop.ui.widgets import buttons
from xiaobao_desktop.ui.widgets.banner import Banner
from xiaobao_desktop.ui.widgets.labels import label, set_shown


class AnchorDialog(ScrolledDialog):
    """A field for the code, a button for a file, the answer below."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__("核对码", "audit", 560, 400, parent)
        self._session = session
        self.field = QLineEdit()
        self.field.setAccessibleName("核对码")
        self.field.setPlaceholderText("如 128-0123456789abcdef")
        self.compare_button = buttons.button("核对", buttons.PRIMARY, shortcut="Enter")
        self.compare_button.setDefault(True)
        self.file_button = buttons.button("从文件读出…", icon="folder-open")
        self.answer = Banner("grey", "info")
        self.foot.addStretch(1)
        self.foot.addWidget(self.close_button)
        self.show_body(self._contents())
        self.compare_button.clicked.connect(self.compare)
        self.file_button.clicked.connect(self._ask_file)
        self.field.returnPressed.connect(self.compare)
        self.field.setFocus()

    def compare(self) -> None:
        """Compare what is in the field."""
        try:
            self._show(anchors.compare(self._session, anchors.parse(self.field.text())))
        except UserError as error:
            self.answer.tell("amber", "triangle-alert", "没有核对", error.message)

    def read_file(self, file: Path) -> None:
        """Take the code out of a file and compare it."""
        try:
            self.field.setText(audit.anchor_text(anchors.of_file(file)))
        except UserError as error:
            self.answer.tell("amber", "triangle-alert", "没有核对", error.message)
            return
        self.compare()

    def _show(self, found: Compared) -> None:
        if found.ok:
            self.answer.tell("green", "circle-check", "对得上", found.words)
        else:
            self.answer.tell("red", "circle-alert", "对不上", found.words)

    def _contents(self) -> QWidget:
        body = QWidget()
        column = QVBoxLayout(body)
        edge = theme.px(20)
        column.setContentsMargins(edge, theme.px(14), edge, theme.px(14))
        column.setSpacing(theme.px(10))
        about = (
            "核对码记着操作记录到第几条、那一条的校验码。复核页、交接清单、备份的文件名、报送包和定稿的数字底稿里都有。"
            "填上它，就知道那时以前的记录有没有被改过、账簿是不是被换成了旧的。"
        )
        column.addWidget(label(about, fonts.SECOND, tone="2", wrap=True))
        row = QHBoxLayout()
        row.setSpacing(theme.px(8))
        row.addWidget(self.field, 1)
        row.addWidget(self.compare_button)
        row.addWidget(self.file_button)
        column.addLayout(row)
        set_shown(self.answer, shown=False)
        column.addWidget(self.answer)
        column.addStretch(1)
        now = label(f"现在的核对码：{anchors.note_text(self._session)}", fonts.SECOND, tone="2", wrap=True)
        now.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column.addWidget(now)
        return body

    def _ask_file(self) -> None:
        kinds = "备份、报送包、数字底稿 (*.xbbak *.zip *.xbpack *.json)"
        chosen, _kind = QFileDialog.getOpenFileName(self, "从文件读出核对码", str(paths.documents_dir()), kinds)
        if chosen:
            self.read_file(Path(chosen))
