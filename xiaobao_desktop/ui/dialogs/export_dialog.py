"""导出: a package for the stick, or whole ledgers as Excel or CSV; what, for whom, masked or not, where to."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QCheckBox, QDialog, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from xiaobao_desktop.errors import UserError
from xiaobao_desktop.services import export_run, exporting
from xiaobao_desktop.services.export_run import Outcome
from xiaobao_desktop.services.exporting import ExportCancelled, Order
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import fonts, help_key, theme
from xiaobao_desktop.ui.dialogs.confirm import confirm
from xiaobao_desktop.ui.dialogs.error_dialog import show_bug, show_user_error
from xiaobao_desktop.ui.dialogs.export_place import PlacePicker
from xiaobao_desktop.ui.dialogs.export_result import ExportResult
from xiaobao_desktop.ui.dialogs.stopping import Stop
from xiaobao_desktop.ui.tasks import Progress, Task, tasks
from xiaobao_desktop.ui.typed_draft import Parts, TypedDraft
from xiaobao_desktop.ui.widgets.buttons import GHOST, PRIMARY, button
from xiaobao_desktop.ui.widgets.cards import FieldError, Notice, scrolling
from xiaobao_desktop.ui.widgets.form_field import LabelledField
from xiaobao_desktop.ui.widgets.labels import hairline, label
from xiaobao_desktop.ui.widgets.period_selector import PeriodSelector
from xiaobao_desktop.ui.widgets.segmented import Segmented

WIDTH, HEIGHT = 620, 520
PACKAGE, PROGRAM, XLSX, CSV = "package", "xbpack", "xlsx", "csv"
_WHAT = ((PACKAGE, "报送包"), (PROGRAM, "小保报送包"), (XLSX, "Excel 表格"), (CSV, "CSV"))
_PACKAGES = (PACKAGE, PROGRAM)
_HINTS = {
    PACKAGE: "一个 zip：每本台账的 Excel 和 PDF、本期工作报告、核对用的清单。谁都能打开。",
    PROGRAM: "内容和报送包一样，后缀是 .xbpack：对方也用小保，双击就能打开、汇总。",
    XLSX: "每本台账一个文件，全部期间的记录。",
    CSV: "给别的系统用；要在 WPS 里看请选 Excel，长号码才不会变样。",
}
_LENGTHS = (("1", "月"), ("3", "季"), ("6", "半年"), ("12", "年"))
_COLUMNS = 4


class ExportDialog(QDialog):
    """The form; while it works a line tells how far; then what was written."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        help_key.bind(self, "export")
        self.setWindowTitle("导出")
        theme.surface(self)
        self._session = session
        self._task: Task | None = None
        self._stop = Stop()
        self.result_view: ExportResult | None = None
        self.what = Segmented(_WHAT)
        self.what_hint = label("", fonts.SECOND, tone="2", wrap=True)
        self.lengths = Segmented(_LENGTHS)
        self.period = PeriodSelector(session.today())
        self.ticks = {ledger.key: QCheckBox(ledger.label) for ledger in session.ledgers}
        self.report = QCheckBox("附本期工作报告 PDF")
        self.report.setChecked(True)
        self.data = QCheckBox("附汇总数据")
        self.data.setToolTip("全部项目和办理过程；对方用小保汇总时要。遮盖的包里也遮盖")
        self.data.setChecked(True)
        self.files = QCheckBox()
        self.sight = Segmented((("masked", "遮盖"), ("full", "不遮盖，加密")))
        self.sight_notice = Notice("", "amber", "lock")
        self.reason, self.approver = QLineEdit(), QLineEdit()
        self.recipient, self.purpose = QLineEdit(), QLineEdit("报送")
        self.place = PlacePicker()
        self.problem = FieldError()
        self.told = label("", tone="2", wrap=True)
        self.cancel_button = button("取消", GHOST, shortcut="Esc")
        self.go_button = button("开始导出", PRIMARY, icon="usb")
        self._build()
        self._connect()
        self._tick_filled()
        self._show_kind()
        lines = {"reason": self.reason, "approver": self.approver, "recipient": self.recipient, "purpose": self.purpose}
        TypedDraft(self, session, Parts(lines)).begin("export", "导出")

    @property
    def busy(self) -> bool:
        """Whether something is being read, drawn or written."""
        return self._task is not None

    def order(self) -> Order:
        """What the form asks for."""
        masked = self.sight.current() == "masked"
        return Order(
            period=self.period.period,
            ledgers=tuple(key for key, tick in self.ticks.items() if tick.isChecked()),
            masked=masked,
            recipient=self.recipient.text().strip(),
            purpose=self.purpose.text().strip(),
            reason="" if masked else self.reason.text().strip(),
            approver="" if masked else self.approver.text().strip(),
            with_report=self.report.isChecked(),
            with_data=self.data.isChecked(),
            with_files=self.files.isChecked() and self.files.isEnabled(),
            for_program=self.what.current() == PROGRAM,
        )

    def start(self) -> None:
        """Check the form and do it, beside the window."""
        order, folder = self.order(), self.place.folder
        lack = self._lack(order, folder)
        if lack is not None:
            reason, field = lack
            self.problem.say(reason)
            field.setFocus()
            return
        assert folder is not None
        self.problem.say("")
        self._set_busy(busy=True)
        what = self.what.current()
        session, stop = self._session, Stop()
        self._stop = stop

        def work(progress: Progress) -> Outcome:
            if what in _PACKAGES:
                return export_run.package(session, order, folder, progress.step, stop.asked)
            return export_run.tables(session, order, folder, what, progress.step, stop.asked)

        self._task = tasks().run(work, self._done, self._failed, self)
        self._task.stepped.connect(self._tell)

    def reject(self) -> None:
        """Cancel what is under way; a passphrase on the screen is not closed by chance."""
        if self._task is not None:
            self.told.setText("正在取消…")
            self.cancel_button.setEnabled(False)
            # Its end is still waited for: a file that got its name meanwhile must be shown.
            self._stop.wanted = True
            return
        shown = self.result_view
        if shown is None or not shown.passphrases or self._noted():
            super().reject()

    def _noted(self) -> bool:
        return confirm(
            self,
            "口令抄下来了吗？",
            "关闭以后，程序里再也看不到这个口令；没有它，谁也打不开这个文件。",
            yes="抄好了，关闭",
            no="再看看",
        )

    # Making

    def _build(self) -> None:
        body = QWidget()
        self._column = QVBoxLayout(body)
        edge = theme.px(24)
        self._column.setContentsMargins(edge, theme.px(18), edge, theme.px(18))
        self._column.setSpacing(theme.px(14))
        self._add("导出什么", self.what, self.what_hint)
        self._period_row = self._row(self.lengths, self.period)
        self._period_block = self._add("期间", self._period_row)
        self._add("台账", self._tick_grid())
        self._parts = self._add("包里还放", self._row(self.report, self.data, self.files))
        self._add("姓名、电话、证件号", self._row(self.sight), self.sight_notice)
        self._reason_row = QWidget()
        pair = QHBoxLayout(self._reason_row)
        pair.setContentsMargins(0, 0, 0, 0)
        pair.setSpacing(theme.px(12))
        pair.addWidget(LabelledField("不遮盖的原因", self.reason, required=True), 2)
        pair.addWidget(LabelledField("批准人", self.approver, required=True), 1)
        self._column.addWidget(self._reason_row)
        whom = QHBoxLayout()
        whom.setSpacing(theme.px(12))
        self.recipient.setPlaceholderText("如：省联社消保部")
        whom.addWidget(LabelledField("报送给", self.recipient), 1)
        whom.addWidget(LabelledField("用途", self.purpose), 1)
        self._column.addLayout(whom)
        self._column.addStretch(1)
        self._area = scrolling(body, self)
        theme.surface(body)
        self._where = QWidget()
        where = QHBoxLayout(self._where)
        where.setContentsMargins(edge, theme.px(10), theme.px(20), 0)
        where.setSpacing(theme.px(8))
        where.addWidget(label("写到", tone="2"))
        where.addWidget(self.place, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(edge, theme.px(10), theme.px(20), theme.px(12))
        foot.setSpacing(theme.px(8))
        foot.addWidget(self.problem, 1)
        foot.addWidget(self.told, 1)
        foot.addWidget(self.cancel_button)
        foot.addWidget(self.go_button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._area, 1)
        whole.addWidget(hairline())
        whole.addWidget(self._where)
        whole.addLayout(foot)
        self.resize(theme.px(WIDTH), theme.px(HEIGHT))

    def _add(self, title: str, *parts: QWidget) -> QWidget:
        """A titled block of the form."""
        block = QWidget()
        column = QVBoxLayout(block)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(6))
        column.addWidget(label(title, tone="2"))
        for part in parts:
            column.addWidget(part)
        self._column.addWidget(block)
        return block

    def _row(self, *parts: QWidget) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(12))
        for part in parts:
            row.addWidget(part)
        row.addStretch(1)
        return holder

    def _tick_grid(self) -> QWidget:
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.px(16))
        grid.setVerticalSpacing(theme.px(6))
        for place, tick in enumerate(self.ticks.values()):
            grid.addWidget(tick, place // _COLUMNS, place % _COLUMNS)
        for column in range(_COLUMNS):
            grid.setColumnStretch(column, 1)
        return holder

    def _connect(self) -> None:
        self.what.chosen.connect(lambda _key: self._show_kind())
        self.sight.chosen.connect(lambda _key: self._show_sight())
        self.lengths.chosen.connect(lambda key: self._set_length(int(key)))
        self.period.chosen.connect(lambda _period: self._tick_filled())
        self.data.toggled.connect(lambda _on: self._show_kind())
        self.cancel_button.clicked.connect(self.reject)
        self.go_button.clicked.connect(self.start)
        for field in (self.reason, self.approver):
            field.textEdited.connect(lambda _text: self.problem.say(""))
        self.place.changed.connect(lambda: self.problem.say(""))

    def _set_length(self, months: int) -> None:
        self.period.set_length(months)
        self._tick_filled()

    def _tick_filled(self) -> None:
        """Tick the dated ledgers that have records in the period; lists are chosen by hand."""
        filled = set(exporting.ledgers_with_records(self._session, self.period.period))
        for ledger in self._session.ledgers:
            self.ticks[ledger.key].setChecked(bool(ledger.dated_by) and ledger.key in filled)

    def _show_sight(self) -> None:
        """Ask for reason and approver, and bring them into sight."""
        self._show_kind()
        if self.sight.current() != "masked":
            QTimer.singleShot(0, self, lambda: self._area.ensureWidgetVisible(self._reason_row))

    def _show_kind(self) -> None:
        """Show what the chosen kind of export asks for."""
        what = self.what.current()
        # A CSV has no password: what is not masked leaves as a locked workbook or zip only.
        self.sight.offer(("masked",) if what == CSV else ("masked", "full"))
        masked = self.sight.current() == "masked"
        self.what_hint.setText(_HINTS[what])
        self._period_block.setVisible(what in _PACKAGES)
        self._parts.setVisible(what in _PACKAGES)
        self.data.setVisible(what == PACKAGE)
        self.files.setEnabled(what == PROGRAM or self.data.isChecked())
        self.files.setText("附照片" if masked else "附全部附件")
        self.files.setToolTip("只放活动照片；别的附件里的个人信息没法遮盖，不放" if masked else "照片和全部附件")
        self._reason_row.setVisible(not masked)
        kind = "加密的包" if what in _PACKAGES else "有打开密码的 Excel"
        self.sight_notice.set_text(
            ""
            if masked
            else f"个人信息和投诉内容原样导出，文件是{kind}，24 位口令由程序定，只显示一次。原因和批准人记入导出台账。"
        )
        self.problem.say("")

    # Doing

    def _lack(self, order: Order, folder: Path | None) -> tuple[str, QWidget] | None:
        """What is missing in the form, and the field for it."""
        if not order.ledgers:
            return "请至少勾选一本台账", next(iter(self.ticks.values()))
        if not order.masked and not order.reason:
            return "请写明不遮盖的原因", self.reason
        if not order.masked and not order.approver:
            return "请写明批准人", self.approver
        if folder is None:
            return "请插好 U 盘，或选一个文件夹", self.place.folder_button
        return None

    def _set_busy(self, *, busy: bool) -> None:
        self._area.setEnabled(not busy)
        self._where.setEnabled(not busy)
        self.go_button.setEnabled(not busy)
        self.cancel_button.setEnabled(True)
        self.told.setText("正在读取台账…" if busy else "")
        if busy:
            self.cancel_button.setFocus()

    def _tell(self, done: int, total: int, what: str) -> None:
        if self._task is not None and not self._stop.wanted:
            self.told.setText(f"{what}（{done}/{total}）" if total else what)

    def _done(self, outcome: Outcome) -> None:
        self._task = None
        self._set_busy(busy=False)
        self.result_view = ExportResult(outcome)
        theme.surface(self.result_view)
        self._area.setWidget(self.result_view)
        self._where.hide()
        self.go_button.hide()
        self.cancel_button.setText("关闭")
        self.cancel_button.setAccessibleName("关闭")
        self.cancel_button.setFocus()

    def _failed(self, error: BaseException) -> None:
        self._task = None
        self._set_busy(busy=False)
        self.go_button.setFocus()
        if isinstance(error, ExportCancelled):
            self.told.setText(error.message)
        elif isinstance(error, UserError):
            show_user_error(error, self)
        else:
            show_bug(error, parent=self)
