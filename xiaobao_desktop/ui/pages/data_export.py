"""The card 导出 of the data page: packages out and in, whole ledgers, the check of a package, the log of exports."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from xiaobao_desktop.services import export_log, origins
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import fonts, rights, theme
from xiaobao_desktop.ui.widgets import buttons
from xiaobao_desktop.ui.widgets.cards import Card
from xiaobao_desktop.ui.widgets.flow import FlowLayout
from xiaobao_desktop.ui.widgets.labels import label


class ExportCard(Card):
    """Four buttons, and what was exported last."""

    def __init__(self, session: Session) -> None:
        super().__init__(
            "导出、报送、汇总",
            "做成报送包或 Excel，写到 U 盘并读回核对；默认遮盖姓名、电话、证件号。别的机构送来的报送包，在这里汇总。",
        )
        self._session = session
        self.export_button = buttons.button("导出…", icon="usb")
        self.take_button = buttons.button("汇总报送包…", icon="download")
        self.check_button = buttons.button("校验报送包…", icon="file-check")
        self.log_button = buttons.button("查看导出台账…", icon="scroll-text")
        self.last = label("", fonts.SECOND, tone="2", wrap=True)
        self.sent = label("", fonts.SECOND, tone="2", wrap=True)
        flow = FlowLayout(theme.px(8))
        for button in (self.export_button, self.take_button, self.check_button, self.log_button):
            flow.addWidget(button)
        self.body.addWidget(self.last)
        self.body.addWidget(self.sent)
        self.body.addLayout(flow)
        rights.restrict(session, self.export_button, self.take_button)
        self.export_button.clicked.connect(self.open_export)
        self.take_button.clicked.connect(lambda: self.open_consolidation())
        self.check_button.clicked.connect(self.open_check)
        self.log_button.clicked.connect(self.open_log)

    def refresh(self) -> None:
        """Tell what was exported last, and who sent nothing for the last month."""
        self.sent.setText(origins.told_sent(self._session))
        self.sent.setVisible(bool(self.sent.text()))
        found = export_log.entries(self._session)
        newest = next((entry for entry in found if entry.done and entry.at), None)
        if newest is None or newest.at is None:
            self.last.setText("还没有导出过。")
        else:
            self.last.setText(f"上次导出：{newest.at:%Y-%m-%d %H:%M} {newest.who}，{newest.file}")

    def open_export(self) -> None:
        """Show the form."""
        from xiaobao_desktop.ui.dialogs.export_dialog import ExportDialog

        dialog = ExportDialog(self._session, self.window())
        dialog.exec()
        dialog.deleteLater()
        self.refresh()

    def open_consolidation(self, files: Sequence[Path] = ()) -> None:
        """Show the dialog that takes in the packages of other banks, with some files to begin with."""
        from xiaobao_desktop.ui.dialogs.consolidation_dialog import ConsolidationDialog

        dialog = ConsolidationDialog(self._session, self.window())
        if files:
            dialog.look_at(files)
        dialog.exec()
        dialog.deleteLater()
        self.refresh()

    def open_check(self) -> None:
        """Choose a package and check it."""
        from xiaobao_desktop.ui.dialogs.export_check import ask_and_check

        ask_and_check(self._session, self)

    def open_log(self) -> None:
        """Show every export."""
        from xiaobao_desktop.ui.dialogs.export_log import ExportLogDialog

        dialog = ExportLogDialog(self._session, self.window())
        dialog.exec()
        dialog.deleteLater()
