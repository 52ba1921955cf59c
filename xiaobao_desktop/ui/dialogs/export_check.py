"""校验报送包: every file of a package on a stick compared with its manifest, and the package with the 导出台账."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from xiaobao_desktop import paths
from xiaobao_desktop.errors import UserError
from xiaobao_desktop.services import export_log, exporting
from xiaobao_desktop.services.export_log import Export
from xiaobao_desktop.services.exporting import Checked
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import fonts, help_key, theme
from xiaobao_desktop.ui.dialogs.confirm import ConfirmDialog
from xiaobao_desktop.ui.dialogs.error_dialog import show_error, show_user_error
from xiaobao_desktop.ui.dialogs.scrolled import ScrolledDialog
from xiaobao_desktop.ui.tasks import Progress, tasks
from xiaobao_desktop.ui.widgets.cards import Notice, line_icon
from xiaobao_desktop.ui.widgets.labels import label


class PassphraseDialog(ConfirmDialog):
    """Asks for the passphrase of an encrypted package; blanks between the groups do no harm."""

    def __init__(self, file: Path, parent: QWidget | None = None) -> None:
        self.field = QLineEdit()
        self.field.setAccessibleName("口令")
        self.field.setPlaceholderText("24 位数字")
        super().__init__(
            "这个报送包要口令",
            f"{file.name}\n填上导出时显示的口令，才能核对里面的每个文件。",
            yes="核对",
            extra=self.field,
            parent=parent,
        )
        help_key.bind(self, "export")
        self.field.setFocus()

    @property
    def passphrase(self) -> str:
        """What was typed."""
        return self.field.text().strip()


_PROOF = (
    "清单只能证明路上没有损坏，不能证明是谁做的。要确认，请打电话让导出的人念他“导出台账”里这次 SHA-256 的前 16 位，"
    "和这里一样才是：{spoken}"
)


class CheckDialog(ScrolledDialog):
    """What was found in a package."""

    def __init__(
        self, file: Path, checked: Checked, known: Export | None, parent: QWidget | None = None, *, spoken: str = ""
    ) -> None:
        """Show ``checked``; ``spoken`` is the fingerprint of a file that is not in the 导出台账 here."""
        super().__init__("校验报送包", "export", 640, 480, parent)
        wrong = sum(not item.ok for item in checked.findings)
        self.verdict = Notice(
            f"有 {wrong} 处不对，这个包不要用，请重新导出一份"
            if wrong
            else f"{len(checked.findings)} 个文件都和导出时一样",
            "red" if wrong else "green",
            "circle-alert" if wrong else "circle-check",
        )
        self.foot.addStretch(1)
        self.foot.addWidget(self.close_button)
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(theme.px(20), theme.px(14), theme.px(20), theme.px(14))
        column.setSpacing(theme.px(8))
        column.addWidget(self.verdict)
        proof = _PROOF.format(spoken=spoken) if spoken and known is None and not wrong else ""
        for line in filter(None, (file.name, _about(checked), _in_log(known), proof)):
            column.addWidget(label(line, tone="2", wrap=True))
        for item in checked.findings:
            row = QHBoxLayout()
            row.setSpacing(theme.px(8))
            icon, token = ("circle-check", "green_text") if item.ok else ("circle-alert", "red_text")
            row.addWidget(line_icon(icon, token), 0, Qt.AlignmentFlag.AlignTop)
            row.addWidget(label(item.what, wrap=True), 1)
            row.addWidget(label(item.detail, fonts.SECOND, tone="2" if item.ok else "red"))
            column.addLayout(row)
        column.addStretch(1)
        self.show_body(body)


def _about(checked: Checked) -> str:
    told = checked.manifest
    sight = "个人信息已遮盖" if told.get("masked") else "个人信息未遮盖"
    made = str(told.get("made_at", ""))[:16].replace("T", " ")
    return f"{told.get('bank', '')}　{told.get('period_title', '')}　{made} 由 {told.get('made_by', '')} 导出　{sight}"


def _in_log(known: Export | None) -> str:
    if known is None or known.at is None:
        return "这本账簿的导出台账里没有它：可能是别的行导出的，或者导出后改动过。"
    return f"和导出台账里 {known.at:%Y-%m-%d %H:%M} 导出的那份完全一样。"


def ask_and_check(session: Session, parent: QWidget) -> None:
    """Choose a package and check it."""
    drives = exporting.drives()
    start = drives[0].path if drives else paths.documents_dir()
    chosen, _kind = QFileDialog.getOpenFileName(parent, "选择报送包", str(start), "报送包 (*.zip *.xbpack)")
    if chosen:
        check_file(session, Path(chosen), parent)


def check_file(session: Session, file: Path, parent: QWidget) -> None:
    """Ask for the passphrase where there is one, check beside the window, and show what was found."""
    passphrase = ""
    try:
        if exporting.is_locked(file):
            asking = PassphraseDialog(file, parent)
            accepted = asking.exec() == QDialog.DialogCode.Accepted
            passphrase = asking.passphrase
            asking.deleteLater()
            if not accepted:
                return
    except UserError as error:
        show_user_error(error, parent)
        return

    def work(_progress: Progress) -> tuple[Checked, Export | None, str]:
        return exporting.verify(file, passphrase), export_log.of_file(session, file), exporting.fingerprint(file)

    def done(found: tuple[Checked, Export | None, str]) -> None:
        checked, known, spoken = found
        dialog = CheckDialog(file, checked, known, parent, spoken=spoken)
        dialog.exec()
        dialog.deleteLater()

    def failed(error: BaseException) -> None:
        show_error(error, parent)

    tasks().run(work, done, failed, parent)
