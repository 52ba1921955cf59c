"""操作记录: who did what and when; filtered, searched, looked at entry by entry, exported for inspectors."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from PySide6.QtCore import QModelIndex, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QFileDialog, QHBoxLayout, QHeaderView, QTableView, QVBoxLayout, QWidget

from xiaobao_desktop import paths
from xiaobao_desktop.domain.fields import Field, Kind
from xiaobao_desktop.errors import UserError
from xiaobao_desktop.services import audit_log, audit_paper, todo_print
from xiaobao_desktop.services.audit_log import Detail, LogQuery
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import rights, theme
from xiaobao_desktop.ui.dialogs.error_dialog import show_error, show_user_error
from xiaobao_desktop.ui.dialogs.pdf_dialog import PdfDialog
from xiaobao_desktop.ui.editors.day import DateEditor
from xiaobao_desktop.ui.models.audit_model import HEADS, AuditModel
from xiaobao_desktop.ui.pages.audit_detail import AuditDetail
from xiaobao_desktop.ui.pages.page import Page
from xiaobao_desktop.ui.tasks import Progress, tasks
from xiaobao_desktop.ui.widgets import buttons
from xiaobao_desktop.ui.widgets.cards import TopBar
from xiaobao_desktop.ui.widgets.flow import FlowLayout
from xiaobao_desktop.ui.widgets.labels import hairline, label
from xiaobao_desktop.ui.widgets.period_selector import QuietCombo
from xiaobao_desktop.ui.widgets.search_box import SearchBox
from xiaobao_desktop.ui.widgets.toast import Toast

_WIDTHS = (158, 68, 108, 190, 138)
"""Pixels of the design sheet; the last column takes the rest."""
_ROW, _SIDE = 30, 330
_BESIDE = (HEADS.index("类型"), HEADS.index("说明"))
_OWN, _DAY_WIDTH = -1, 132
"""What stands for days of her own; pixels of a day's field."""
_DAYS = (("不限时间", None), ("今天", 0), ("近 7 天", 6), ("近 30 天", 29), ("近一年", 364), ("自选日期", _OWN))
_FROM = Field("log_from", "从", Kind.DATE, hint="从哪天")
_TO = Field("log_to", "到", Kind.DATE, hint="到哪天")


class _Cancelled(Exception):
    """The window was closed: nobody waits for the file any more."""


class AuditPage(Page):
    """Filters over a list, the chosen entry beside it; ``closed`` goes back to the page it was opened from."""

    closed = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.model = AuditModel(session)
        self.back_button = buttons.icon_button("arrow-left", "返回", edged=True)
        self.search = SearchBox("搜索操作、人员、编号…")
        self.export_button = buttons.button("导出给检查组…", icon="file-spreadsheet")
        self.period = _combo("时间", [(words, days) for words, days in _DAYS])
        self.person = _combo("人员", [("全部人员", "")])
        self.sort = _combo("类型", [("全部类型", ""), *((name, name) for name in audit_log.SORTS)])
        self.ledger = _combo("台账", [("全部台账", ""), *((item.label, item.key) for item in session.ledgers)])
        self.first, self.last = (DateEditor(item, session.today) for item in (_FROM, _TO))
        self.print_button = buttons.button("打印…", icon="printer")
        self.print_button.setToolTip("Ctrl+P")
        self.count = label("", tone="2")
        self.table = QTableView()
        self.detail = AuditDetail()
        self.toast = Toast(self)
        self._build()
        self._connect()
        self.refresh()

    @property
    def query(self) -> LogQuery:
        """What is asked for now."""
        chosen = str(self.sort.currentData() or "")
        first, last = (str(line.value() or "") for line in (self.first, self.last))
        return LogQuery(
            since=first,
            until=last,
            who=str(self.person.currentData() or ""),
            sort=audit_log.SORTS.get(chosen),
            ledger=str(self.ledger.currentData() or ""),
            words=self.search.text().strip(),
        )

    def refresh(self) -> None:
        """Read the log again under the same filters."""
        chosen = self.person.currentData()
        with QSignalBlocker(self.person):
            while self.person.count() > 1:
                self.person.removeItem(1)
            for name in audit_log.people(self.session):
                self.person.addItem(name, name)
            self.person.setCurrentIndex(max(0, self.person.findData(chosen)))
        self._ask()

    def export_to(self, target: Path) -> None:
        """Write what is shown into a workbook, masked, beside the window."""
        query, narrowed, session = self.query, self.narrowed_words(), self.session

        def work(progress: Progress) -> str:
            def told(done: int, total: int) -> None:
                if progress.cancelled:
                    raise _Cancelled
                progress.step(done, total)

            return audit_log.export(session, query, target, narrowed, told)

        def done(digest: str) -> None:
            self.export_button.setEnabled(True)
            self.refresh()
            self.toast.tell(f"已导出 {target.name}，个人信息已遮盖。SHA-256 开头 {digest[:16]}")

        def failed(error: BaseException) -> None:
            self.export_button.setEnabled(True)
            show_error(error, self)

        self.export_button.setEnabled(False)
        tasks().run(work, done, failed, self)

    def narrowed_words(self) -> str:
        """The filters in Chinese, "" for none."""
        first, last = self.query.since, self.query.until
        parts = [f"{first or '最早'} 至 {last or '最近'}"] if first or last else []
        combos = (self.person, self.sort, self.ledger)
        parts += [combo.currentText() for combo in combos if combo.currentIndex() > 0]
        return "，".join([*parts, *(["按搜索"] if self.search.text().strip() else [])])

    def print_page(self) -> bool:
        """Show what is shown as a paper; masked, so that readers may print it too."""
        query, session = self.query, self.session
        try:
            made = audit_paper.sheet(session, query, self.narrowed_words())
        except UserError as error:
            show_user_error(error, self)
            return True
        way = audit_paper.way_out(session, query)
        dialog = PdfDialog(way, "打印操作记录", made.file_name, self.help_topic(), self.window())
        dialog.draw(lambda: todo_print.render(made))
        dialog.exec()
        dialog.deleteLater()
        self.refresh()
        return True

    def focus_search(self) -> bool:
        """Go to the search field."""
        self.search.setFocus()
        return True

    def focus_main(self) -> None:
        """The list."""
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def help_topic(self) -> str:
        """The chapter about the log."""
        return "audit"

    def set_narrow(self, *, narrow: bool) -> None:
        """Less room for the entry on a small window, and no columns for what stands in it anyway."""
        for column in _BESIDE:
            self.table.setColumnHidden(column, narrow)
        self.detail.setFixedWidth(theme.px(260 if narrow else _SIDE))

    def _build(self) -> None:
        bar = TopBar("操作记录")
        bar.row.insertWidget(0, self.back_button)
        bar.row.addWidget(self.search, 1)
        bar.row.addWidget(self.print_button)
        bar.row.addWidget(self.export_button)
        self.search.setMaximumWidth(theme.px(420))
        bar.row.insertStretch(4, 1)
        filters = self._filters()
        self._prepare_table()
        body = QHBoxLayout()
        body.setSpacing(0)
        body.addWidget(self.table, 1)
        body.addWidget(hairline(vertical=True))
        body.addWidget(self.detail)
        self.detail.setFixedWidth(theme.px(_SIDE))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(bar)
        whole.addWidget(hairline())
        whole.addWidget(filters)
        whole.addWidget(hairline())
        whole.addLayout(body, 1)

    def _filters(self) -> QWidget:
        """The row of filters; it breaks into two where the window is small."""
        days = QWidget()
        row = QHBoxLayout(days)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(6))
        row.addWidget(self.period)
        for line, words in ((self.first, "从"), (self.last, "到")):
            line.line.setAccessibleName(f"{words}哪天")
            line.setFixedWidth(theme.px(_DAY_WIDTH))
            row.addWidget(label(words, tone="2"))
            row.addWidget(line)
        flow = FlowLayout(theme.px(8))
        for widget in (days, self.person, self.sort, self.ledger):
            flow.addWidget(widget)
        whole = QWidget()
        bar = QHBoxLayout(whole)
        bar.setContentsMargins(theme.px(20), theme.px(8), theme.px(20), theme.px(8))
        bar.setSpacing(theme.px(8))
        bar.addLayout(flow, 1)
        bar.addWidget(self.count, 0, Qt.AlignmentFlag.AlignTop)
        self.count.setFixedHeight(self.period.sizeHint().height())
        return whole

    def _prepare_table(self) -> None:
        table = self.table
        table.setModel(self.model)
        table.setAccessibleName("操作记录")
        table.setProperty("look", "plain")
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setTabKeyNavigation(False)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        rows = table.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(theme.px(_ROW))
        heads = table.horizontalHeader()
        heads.setHighlightSections(False)
        heads.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        heads.setStretchLastSection(True)
        for place, width in enumerate(_WIDTHS):
            heads.resizeSection(place, theme.px(width))

    def _connect(self) -> None:
        self.back_button.clicked.connect(self.closed.emit)
        self.search.searched.connect(lambda _text: self._ask())
        self.search.entered.connect(self.focus_main)
        for combo in (self.person, self.sort, self.ledger):
            combo.currentIndexChanged.connect(lambda _place: self._ask())
        self.period.currentIndexChanged.connect(lambda _place: self._span_chosen())
        for day in (self.first, self.last):
            day.edited.connect(self._days_typed)
        self.first.advance.connect(lambda: self.last.line.setFocus(Qt.FocusReason.TabFocusReason))
        self.last.advance.connect(self.focus_main)
        self.print_button.clicked.connect(self.print_page)
        self.table.selectionModel().currentRowChanged.connect(self._chosen)
        self.export_button.clicked.connect(self._ask_file)
        self.detail.record_asked.connect(self.record_asked)
        self.detail.reveal_asked.connect(self._reveal)
        rights.restrict(self.session, self.export_button)

    def _span_chosen(self) -> None:
        """Put the days of a span into their fields; days of her own begin with the month so far."""
        days, today = self.period.currentData(), self.session.today()
        if days == _OWN:
            if not self.first.value() and not self.last.value():
                self.first.set_value(today.replace(day=1).isoformat())
                self.last.set_value(today.isoformat())
            self.first.line.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.first.set_value(None if days is None else (today - timedelta(days=int(days))).isoformat())
            self.last.set_value(None)
        self._ask()

    def _days_typed(self) -> None:
        """A day was typed: the span is one of her own; what cannot be read yet asks for nothing."""
        with QSignalBlocker(self.period):
            self.period.setCurrentIndex(self.period.findData(_OWN))
        self._ask()

    def _mark_days(self) -> None:
        """Say at its field why a day is none, or cannot be."""
        first, last = self.query.since, self.query.until
        turned = "早于起始日期" if first and last and last < first else ""
        for line, wrong in ((self.first, self.first.problem()), (self.last, self.last.problem() or turned)):
            line.mark(bool(wrong))
            line.line.setToolTip(wrong)

    def _ask(self) -> None:
        self._mark_days()
        found = audit_log.find(self.session, self.query)
        self.model.show_entries(found)
        self.count.setText(f"{len(found):,} 条")
        self.detail.show_entry(None)
        self.status_changed.emit(self.status_text())
        if found:
            self.table.selectRow(0)

    def status_text(self) -> str:
        """How many entries are shown."""
        return f"操作记录 {self.model.rowCount():,} 条，只能添加，不能改写"

    def _chosen(self, now: QModelIndex, _before: QModelIndex) -> None:
        if now.isValid():
            self.detail.show_entry(audit_log.detail(self.session, self.model.entry(now.row()).sequence))

    def _reveal(self) -> None:
        shown = self.detail.shown
        if shown is None:
            return
        try:
            found: Detail | None = audit_log.reveal(self.session, shown.row.sequence)
        except UserError as error:
            show_user_error(error, self)
            return
        self.detail.show_entry(found)

    def _ask_file(self) -> None:
        day: date = self.session.today()
        name = f"{self.session.settings.printed_name}操作记录{day:%Y%m%d}.xlsx"
        proposed = paths.documents_dir() / name
        chosen, _kind = QFileDialog.getSaveFileName(self, "导出操作记录", str(proposed), "Excel 工作簿 (*.xlsx)")
        if chosen:
            target = Path(chosen)
            self.export_to(target if target.suffix else target.with_suffix(".xlsx"))


def _combo(name: str, choices: Sequence[tuple[str, object]]) -> QuietCombo:
    made = QuietCombo()
    made.setAccessibleName(name)
    made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    made.setSizeAdjustPolicy(QuietCombo.SizeAdjustPolicy.AdjustToContents)
    made.setMaxVisibleItems(18)
    for words, data in choices:
        made.addItem(words, data)
    return made
