"""数据: import a ledger, export, back the book up, bring a backup back, check the book."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from xiaobao_desktop import paths
from xiaobao_desktop.domain.fields import Ledger
from xiaobao_desktop.errors import UserError
from xiaobao_desktop.services import backup_places, backups, kept_aside, restoring
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.errors import WrongPassword
from xiaobao_desktop.ui import rights, theme
from xiaobao_desktop.ui.bus import bus
from xiaobao_desktop.ui.dialogs.backup_restore import RestoreDialog
from xiaobao_desktop.ui.dialogs.error_dialog import show_error, show_user_error
from xiaobao_desktop.ui.pages.data_check import CheckCard
from xiaobao_desktop.ui.pages.data_export import ExportCard
from xiaobao_desktop.ui.pages.import_page import ImportPage
from xiaobao_desktop.ui.pages.page import Page
from xiaobao_desktop.ui.tasks import Progress, tasks
from xiaobao_desktop.ui.widgets import buttons
from xiaobao_desktop.ui.widgets.cards import Card, Notice, TopBar, scrolling
from xiaobao_desktop.ui.widgets.flow import FlowLayout
from xiaobao_desktop.ui.widgets.labels import ElidedLabel, hairline, label
from xiaobao_desktop.ui.widgets.toast import Toast

if TYPE_CHECKING:
    from xiaobao_desktop.store.restore import RestoreResult
    from xiaobao_desktop.store.verify import Finding
    from xiaobao_desktop.ui.pages.audit_page import AuditPage

_MEGABYTE = 1024 * 1024


class DataPage(Page):
    """Five cards; an import takes the whole page until it is closed."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.busy = False
        self.import_page: ImportPage | None = None
        self.import_buttons = {
            ledger.key: buttons.button(
                f"导入{ledger.label}…", buttons.PRIMARY if place == 0 else buttons.SECONDARY, icon="file-input"
            )
            for place, ledger in enumerate(session.ledgers)
        }
        self.export_card = ExportCard(session)
        self.backup_button = buttons.button("现在备份", icon="save")
        self.folder_button = buttons.button("换一个位置…", buttons.GHOST, icon="folder-open")
        self.restore_button = buttons.button("从备份恢复…", icon="history")
        self.aside_button = buttons.button("另存的旧账簿…", buttons.GHOST, icon="hard-drive")
        self.aside_notice = Notice("", "amber", "hard-drive")
        self.check_card = CheckCard(session)
        self.verify_button, self.verdict = self.check_card.verify_button, self.check_card.verdict
        self.audit_page: AuditPage | None = None
        self.bin_button = buttons.button("回收站…", icon="trash-2")
        self.erasing_button = buttons.button("到期可销毁…", icon="calendar-check")
        self.folder = ElidedLabel("", token="text2")  # noqa: S106 - a colour, not a password
        self.own_backup = label("", tone="2", wrap=True)
        self.last_backup = label("", tone="2", wrap=True)
        self.backup_notice = Notice("", "red", "circle-alert")
        self.looking = self._narrow = False
        self._second: Path | None = None
        self.stack = QStackedWidget()
        self._build()
        for notice in (self.aside_notice, self.backup_notice):
            # Nothing is known before the backups were looked for; an empty red strip would frighten.
            notice.set_text("")
        self.toast = Toast(self)
        self._connect()
        taking = (self.backup_button, self.folder_button, self.restore_button, self.bin_button)
        rights.restrict(session, *taking, *self.import_buttons.values())

    def showEvent(self, event: QShowEvent) -> None:
        """Look for the last backup each time the page is shown: the stick may have come or gone."""
        super().showEvent(event)
        self._show_backups()
        self.export_card.refresh()
        self.check_card.refresh()
        if self.audit_page is not None:
            self.audit_page.refresh()

    def status_text(self) -> str:
        """Where the book lies; how much the log shows while it is open."""
        if self.audit_page is not None:
            return self.audit_page.status_text()
        return f"账簿在 {self.session.directory}"

    def focus_main(self) -> None:
        """The first import; an open import keeps the focus where it is."""
        if self.audit_page is not None:
            self.audit_page.focus_main()
        elif self.import_page is None:
            next(iter(self.import_buttons.values())).setFocus(Qt.FocusReason.OtherFocusReason)

    def help_topic(self) -> str:
        """The import or the log while it is open."""
        if self.audit_page is not None:
            return self.audit_page.help_topic()
        return "import" if self.import_page is not None else ""

    def may_leave(self) -> bool:
        """Not in the middle of a backup, a restore or an import."""
        return not self.busy and (self.import_page is None or self.import_page.may_leave())

    def begin_import(self, ledger: Ledger) -> ImportPage:
        """Open the import of a ledger over the cards."""
        self.close_log()
        self.end_import()
        page = ImportPage(self.session, ledger)
        page.closed.connect(self.end_import)
        page.list_wanted.connect(self._show_list)
        self.import_page = page
        self.stack.addWidget(page)
        self.stack.setCurrentWidget(page)
        page.focus_step()
        return page

    def end_import(self) -> None:
        """Close the import and show the cards again."""
        if self.import_page is not None:
            self.stack.removeWidget(self.import_page)
            self.import_page.deleteLater()
            self.import_page = None
        self.stack.setCurrentIndex(0)

    def back_up(self, folder: Path) -> None:
        """Back up into ``folder`` and remember it."""
        session = self.session

        def work(_progress: Progress) -> Path:
            return backup_places.back_up_to_second(session, folder, backups.BackupKind.BY_HAND)

        self._work(self.backup_button, "正在备份并核对…", work, self._backed_up)

    def restore_file(self, file: Path, secret: str | None) -> None:
        """Replace the present book by the one in ``file``."""
        session = self.session
        self._work(
            self.restore_button,
            "正在查验并恢复…",
            lambda _progress: (restoring.restore_into(session, file, secret), backups.verify(session)),
            self._restored,
        )

    def verify(self) -> None:
        """Check the whole book and show every finding."""
        session = self.session
        self._work(self.verify_button, "正在检查…", lambda _progress: backups.verify(session), self._show_findings)

    def open_log(self) -> AuditPage:
        """Show the log over the cards."""
        from xiaobao_desktop.ui.pages.audit_page import AuditPage

        self.close_log()
        page = AuditPage(self.session)
        page.closed.connect(self.close_log)
        page.record_asked.connect(self._show_record)
        page.status_changed.connect(self.status_changed)
        page.set_narrow(narrow=self._narrow)
        self.audit_page = page
        self.stack.addWidget(page)
        self.stack.setCurrentWidget(page)
        page.focus_main()
        self.status_changed.emit(self.status_text())
        return page

    def close_log(self) -> None:
        """Close the log and show the cards again."""
        if self.audit_page is not None:
            self.stack.removeWidget(self.audit_page)
            self.audit_page.deleteLater()
            self.audit_page = None
            self.check_card.refresh()
            self.status_changed.emit(self.status_text())
        self.stack.setCurrentIndex(0)

    def set_narrow(self, *, narrow: bool) -> None:
        """Hand the layout on to the log."""
        self._narrow = narrow
        if self.audit_page is not None:
            self.audit_page.set_narrow(narrow=narrow)

    def print_page(self) -> bool:
        """The log while it is open."""
        return self.audit_page is not None and self.audit_page.print_page()

    def focus_search(self) -> bool:
        """The search field of the log while it is open."""
        return self.audit_page is not None and self.audit_page.focus_search()

    def _show_record(self, ledger_key: str, record_id: int) -> None:
        """Open a record on its page, or go to its list in the settings; the log stays open behind it."""
        from xiaobao_desktop.ui.main_window import MainWindow

        window = self.window()
        if self.session.ledger(ledger_key).dated_by:
            self.record_asked.emit(ledger_key, record_id)
        elif isinstance(window, MainWindow):
            window.show_ledger(ledger_key)

    def open_bin(self) -> None:
        """Show the deleted records."""
        from xiaobao_desktop.ui.dialogs.recycle_bin import RecycleBinDialog

        dialog = RecycleBinDialog(self.session, self)
        dialog.exec()
        dialog.deleteLater()

    def open_erasing(self) -> None:
        """Show what may be destroyed."""
        from xiaobao_desktop.ui.dialogs.erasing import ErasingDialog

        dialog = ErasingDialog(self.session, self)
        dialog.exec()
        dialog.deleteLater()

    def _build(self) -> None:
        cards = QWidget()
        grid = QGridLayout(cards)
        edge = theme.px(20)
        grid.setContentsMargins(edge, theme.px(16), edge, edge)
        grid.setSpacing(theme.px(12))
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        top = Qt.AlignmentFlag.AlignTop
        grid.addWidget(self._import_card(), 0, 0)
        grid.addWidget(self._backup_card(), 0, 1)
        grid.addWidget(self.export_card, 1, 0)
        grid.addWidget(self._restore_card(), 1, 1)
        grid.addWidget(self.check_card, 2, 0, 1, 2, top)
        grid.setRowStretch(3, 1)
        front = QWidget()
        column = QVBoxLayout(front)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        bar = TopBar("数据")
        bar.row.addStretch(1)
        bar.row.addWidget(self.erasing_button)
        bar.row.addWidget(self.bin_button)
        column.addWidget(bar)
        column.addWidget(hairline())
        column.addWidget(scrolling(cards), 1)
        self.stack.addWidget(front)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.stack)

    def _import_card(self) -> Card:
        card = Card("导入台账", "从 Excel、WPS 或 CSV 导入；先预览、核对，再写入。重复的行不会再导入。")
        flow = FlowLayout(theme.px(8))
        for choice in self.import_buttons.values():
            flow.addWidget(choice)
        card.body.addLayout(flow)
        card.body.addStretch(1)
        return card

    def _backup_card(self) -> Card:
        card = Card(
            "备份",
            f"加密的文件，写完即查验。改动后每 {backup_places.INTERVAL_MINUTES} 分钟和关闭时自动备在这台电脑上；"
            "每周请再备一份到 U 盘或另一块硬盘，电脑坏了也不怕。",
        )
        card.body.addWidget(self.own_backup)
        row = QHBoxLayout()
        row.addWidget(label("另备到", tone="2"))
        row.addWidget(self.folder, 1)
        card.body.addLayout(row)
        card.body.addWidget(self.last_backup)
        card.body.addWidget(self.backup_notice)
        card.body.addStretch(1)
        card.body.addLayout(_row(self.backup_button, self.folder_button))
        return card

    def _restore_card(self) -> Card:
        card = Card("恢复", "用备份文件换回以前的账簿。现在的账簿整本移到一旁，不会删除。")
        card.body.addWidget(self.aside_notice)
        card.body.addStretch(1)
        card.body.addLayout(_row(self.restore_button, self.aside_button))
        self.aside_button.hide()
        return card

    def _connect(self) -> None:
        for ledger in self.session.ledgers:
            self.import_buttons[ledger.key].clicked.connect(
                lambda _on=False, key=ledger.key: self.begin_import(self.session.ledger(key))
            )
        self.backup_button.clicked.connect(self._backup_clicked)
        self.folder_button.clicked.connect(self._ask_folder)
        self.restore_button.clicked.connect(self._ask_restore)
        self.aside_button.clicked.connect(self.open_aside)
        self.verify_button.clicked.connect(self.verify)
        self.bin_button.clicked.connect(self.open_bin)
        self.erasing_button.clicked.connect(self.open_erasing)
        self.check_card.log_button.clicked.connect(lambda: self.open_log())

    def _show_backups(self) -> None:
        """Look at both places, beside the window: a share that is away can take long to say so."""
        session, today = self.session, self.session.today()
        self.looking = True
        tasks().run(lambda _progress: backup_places.look(session, today), self._show_places, self._places_unknown, self)

        def look_aside(_progress: Progress) -> tuple[int, str]:
            found = kept_aside.listed(session)
            return len(found), kept_aside.advice(session, found)

        tasks().run(look_aside, self._show_aside, self._places_unknown, self)

    def _show_aside(self, found: tuple[int, str]) -> None:
        count, advice = found
        self.aside_button.setText(f"另存的旧账簿（{count}）…")
        self.aside_button.setVisible(bool(count))
        self.aside_notice.set_text(advice)

    def open_aside(self) -> None:
        """Show the old books that lie beside the present one."""
        from xiaobao_desktop.ui.dialogs.kept_aside import KeptAsideDialog

        dialog = KeptAsideDialog(self.session, self)
        dialog.exec()
        dialog.deleteLater()
        self._show_backups()

    def _show_places(self, places: backup_places.Places) -> None:
        self.looking = False
        own, found, folder = places.own, places.second_file, places.second.folder
        self._second = folder if places.second.there else None
        self.own_backup.setText(f"这台电脑上：{_backup_words(own) if own else '还没有，改动后自动做'}")
        self.folder.set_text(str(folder) if folder else "还没有选位置")
        self.folder_button.setVisible(folder is not None)
        self.last_backup.setText(f"上次备份：{_backup_words(found)}\n{found.path.name}" if found else "")
        self.last_backup.setVisible(found is not None)
        self.backup_notice.set_text(places.advice)

    def _places_unknown(self, error: BaseException) -> None:
        self.looking = False
        if not self.session.book.closed:
            self._tell(error)

    def _backup_clicked(self) -> None:
        if self._second is None:
            self._ask_folder()
        else:
            self.back_up(self._second)

    def _ask_folder(self) -> None:
        start = backup_places.chosen_folder(self.session) or paths.documents_dir()
        chosen = QFileDialog.getExistingDirectory(self, "备份放在哪个文件夹", str(start))
        if chosen:
            self.back_up(Path(chosen))

    def _backed_up(self, file: Path) -> None:
        self._show_backups()
        self.toast.tell(f"已备份并查验：{file.name}")

    def _ask_restore(self) -> None:
        from xiaobao_desktop.ui.dialogs.restore_list import RestoreListDialog

        dialog = RestoreListDialog(self.session, self)
        dialog.exec()
        file = dialog.file
        dialog.deleteLater()
        if file is not None:
            self.offer_restore(file)

    def offer_restore(self, file: Path) -> None:
        """Ask whether the backup in ``file`` is to replace the present book, and do so."""
        try:
            needs_password = backups.backup_needs_password(file)
        except UserError as error:
            show_user_error(error, self)
            return
        dialog = RestoreDialog(file, needs_password=needs_password, parent=self)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            self.restore_file(file, dialog.secret)
        dialog.deleteLater()

    def _restored(self, done: tuple[RestoreResult, Sequence[Finding]]) -> None:
        result, findings = done
        self._show_findings(findings)
        self._show_backups()
        bus().settings_changed.emit()
        bus().announce((ledger.key, 0) for ledger in self.session.ledgers)
        aside = "；原来的账簿在“另存的旧账簿”里" if result.replaced else ""
        if result.missing_attachments:
            aside += f"；有 {result.missing_attachments} 个附件没有找到"
        self.toast.tell(f"已恢复到 {result.made_at[:16].replace('T', ' ')} 的备份{aside}")

    def _show_findings(self, findings: Sequence[Finding]) -> None:
        self.check_card.show_findings(findings)

    def _show_list(self, ledger_key: str) -> None:
        """Go to the list of a ledger, which may be a page of its own or a tab of the settings."""
        from xiaobao_desktop.ui.main_window import MainWindow
        from xiaobao_desktop.ui.pages.settings_page import SettingsPage

        window = self.window()
        if not isinstance(window, MainWindow):
            self.end_import()
            return
        # The list first: while this page is shown, Qt would hand the focus of the closed import to the sidebar.
        if next(item for item in self.session.ledgers if item.key == ledger_key).dated_by:
            window.show_page(ledger_key)
        else:
            page = window.page("settings")
            if window.show_page("settings") and isinstance(page, SettingsPage):
                page.open_tab(ledger_key)
        self.end_import()

    def _work(
        self,
        button: QPushButton,
        what: str,
        work: Callable[[Progress], object],
        done: Callable[[Any], None],
    ) -> None:
        """Do something beside the window; the button says what, the others are off."""
        text, focused = button.text(), self.window().focusWidget()
        self._set_busy(True)
        button.setText(what)

        def back(action: Callable[[], None]) -> None:
            button.setText(text)
            self._set_busy(False)
            if focused in self._switched():
                # A disabled button gives the keyboard away, to the sidebar.
                focused.setFocus(Qt.FocusReason.OtherFocusReason)
            action()

        tasks().run(
            work, lambda result: back(lambda: done(result)), lambda error: back(lambda: self._tell(error)), self
        )

    def _set_busy(self, busy: bool) -> None:
        self.busy = busy
        for button in self._switched():
            button.setEnabled(not busy)

    def _switched(self) -> tuple[QPushButton, ...]:
        """The buttons that are off while something is under way."""
        backup = (self.backup_button, self.folder_button, self.restore_button, self.verify_button)
        return (*backup, *self.import_buttons.values())

    def _tell(self, error: BaseException) -> None:
        if isinstance(error, WrongPassword):
            show_user_error(RestoreWrongPassword(), self)
        else:
            show_error(error, self)


class RestoreWrongPassword(UserError):
    """没有恢复：备份的密码不对。现在的账簿没有改动。请用做备份那天的密码再试，或用恢复密钥。"""  # noqa: D415


def _backup_words(file: backup_places.BackupFile) -> str:
    """When a backup was made and how large it is."""
    return f"{file.made_at:%Y-%m-%d %H:%M}，约 {max(1, round(file.size / _MEGABYTE))} MB"


def _row(*widgets: QWidget) -> QHBoxLayout:
    """Widgets side by side from the left."""
    row = QHBoxLayout()
    row.setSpacing(theme.px(8))
    for widget in widgets:
        row.addWidget(widget)
    row.addStretch(1)
    return row
