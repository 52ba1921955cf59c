"""导入台账: from a foreign file to records in five steps; nothing is written before the last one.

Reading and planning run beside the window. What the officer changes (sheet, header row, a column's field) is planned
anew from the file already read.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import shiboken6
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QFileDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from xiaobao_desktop import paths
from xiaobao_desktop.domain.fields import Ledger
from xiaobao_desktop.errors import UserError
from xiaobao_desktop.services import backup_places, import_names, import_undo, import_view, importing
from xiaobao_desktop.services.import_view import Preview, Refusal
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import fonts, theme
from xiaobao_desktop.ui.bus import bus
from xiaobao_desktop.ui.dialogs.error_dialog import show_bug, show_user_error
from xiaobao_desktop.ui.pages.import_names import NamesCard
from xiaobao_desktop.ui.pages.import_past import PastImports, outcome, take_back
from xiaobao_desktop.ui.pages.import_preview import PreviewCard, RefusalsCard
from xiaobao_desktop.ui.pages.import_side import ImportSide
from xiaobao_desktop.ui.pages.import_steps import ColumnsCard, FileStep, HeaderStep, ResultStep
from xiaobao_desktop.ui.pages.import_suspicions import SuspicionLine, imported_ids
from xiaobao_desktop.ui.pages.page import Page
from xiaobao_desktop.ui.tasks import Progress, tasks
from xiaobao_desktop.ui.widgets import buttons
from xiaobao_desktop.ui.widgets.cards import TopBar
from xiaobao_desktop.ui.widgets.labels import hairline, label
from xiaobao_desktop.ui.widgets.stepper import Stepper
from xiaobao_desktop.ui.widgets.toast import Toast

if TYPE_CHECKING:
    from xiaobao_desktop.exchange.mapping import ColumnMapping
    from xiaobao_desktop.exchange.planning import ImportPlan
    from xiaobao_desktop.exchange.sheets import Workbook
    from xiaobao_desktop.exchange.tables import RawTable

FILE, HEADER, COLUMNS, PROBLEMS, DONE = range(5)
STEPS = ("选文件", "认表头", "对应列", "查问题", "导入")
PREVIEW_ROWS = 200


@dataclass(frozen=True)
class Planned:
    """A plan with everything the page shows of it."""

    plan: ImportPlan
    preview: Preview
    refusals: tuple[Refusal, ...]
    new_names: tuple[tuple[str, str], ...]


def _over_each_other(*parts: tuple[QWidget, int]) -> QWidget:
    """One step made of several cards, each with its share of the height."""
    whole = QWidget()
    column = QVBoxLayout(whole)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(theme.px(12))
    for part, share in parts:
        column.addWidget(part, share)
    return whole


class ImportPage(Page):
    """The import into one ledger.

    ``closed`` asks to go back to where the import was begun; ``list_wanted`` carries the ledger's key when the
    officer wants to see what came in.
    """

    closed = Signal()
    list_wanted = Signal(str)

    def __init__(self, session: Session, ledger: Ledger, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session, self.ledger = session, ledger
        self.path: Path | None = None
        self.origin = ""
        self.source: Workbook | None = None
        self.table: RawTable | None = None
        self.mapping: ColumnMapping | None = None
        self.planned: Planned | None = None
        self.busy = False
        self.bar = TopBar(f"导入{ledger.label}台账")
        self.back_arrow = buttons.icon_button("arrow-left", "返回")
        self.file_name = label("", tone="2")
        self.stepper = Stepper(STEPS)
        self.pages = QStackedWidget()
        self.file_step, self.header_step = FileStep(ledger), HeaderStep()
        self.columns_card, self.preview_card = ColumnsCard(ledger), PreviewCard()
        self.names_card, self.refusals_card = NamesCard(session, ledger), RefusalsCard()
        self.past = PastImports(session, ledger)
        self.result_step = ResultStep(ledger)
        self.suspicions = SuspicionLine(session, ledger)
        self.result_step.below.addWidget(self.suspicions)
        self.side = ImportSide()
        self.back_button = buttons.button("上一步")
        self.cancel_button = buttons.button("取消", buttons.GHOST)
        self.next_button = buttons.button("", buttons.PRIMARY)
        self._build()
        self.toast = Toast(self)
        self._connect()
        self._turn_to(FILE)

    def read_file(self, path: Path) -> None:
        """Read a file (in a child process) and show what table it holds."""
        self.path = path
        self._named(path.name)
        ledger = self.ledger

        def work(_progress: Progress) -> tuple[Workbook, RawTable]:
            source = importing.read_source(path)
            return source, importing.best_table(ledger, source)

        self._work(work, self._recognised)

    def take_pasted(self, source: Workbook, table: RawTable, name: str) -> None:
        """Go on with a block that was pasted, as with a file that was read; ``name`` is what history calls it."""
        self._named(name)
        self._recognised((source, table))
        self.focus_step()

    def choose_table(self, sheet: str, first_row: int) -> None:
        """Look for the table in another sheet, or from another row on."""
        if self.source is None:
            return
        found = self.table
        try:
            found = importing.best_table(self.ledger, import_view.only(self.source, sheet, first_row))
        except UserError as error:
            self._tell(error)
        if found is not None:
            self._take_table(found)

    def set_field(self, index: int, field: str) -> None:
        """Send a column into another field ("" = leave it out), keep that for the next such file, and plan anew."""
        if self.mapping is not None and self.table is not None:
            self.mapping = self.mapping.with_field(index, field)
            self._show_mapping()
            session, ledger, table, header = self.session, self.ledger, self.table, self.table.headers[index]
            self._plan(first=lambda: import_names.tell_column(session, ledger, table, header, field))

    def tell_name(self, field: str, name: str, target: str | int | None) -> None:
        """Say what a name stands for (None forgets it), keep that for the next such file, and plan anew."""
        if self.table is not None:
            session, ledger, table = self.session, self.ledger, self.table
            self._plan(self.names_card, lambda: import_names.tell(session, ledger, table, field, name, target))

    def take_back(self) -> None:
        """Take back the import just made, after asking."""
        found = import_undo.past_imports(self.session, self.ledger)
        done = take_back(self.session, self.ledger, found[0], self.window()) if found else None
        if done is not None:
            self.suspicions.forget()
            self.result_step.show_taken_back(outcome(done, self.ledger))
            self.focus_step()

    def go_on(self) -> None:
        """To the next step; from the step of problems, carry the import out."""
        page = self.pages.currentIndex()
        if page == HEADER:
            self._show_mapping()
            self._turn_to(COLUMNS)
            self._plan(self.next_button)
        elif page == COLUMNS:
            self._turn_to(PROBLEMS)
        elif page == PROBLEMS:
            self.carry_out()

    def go_back(self) -> None:
        """To the step before."""
        self._turn_to(max(FILE, self.pages.currentIndex() - 1))

    def start_again(self) -> None:
        """Forget the file and begin with another one."""
        self.path = self.source = self.table = self.mapping = self.planned = None
        self._named("")
        self.side.forget()
        self.suspicions.forget()
        self.past.load()
        self._turn_to(FILE)

    def carry_out(self) -> None:
        """Back up if asked to, then write every good row in one transaction."""
        if self.planned is None or not self.origin:
            return
        session, plan, name, wanted = self.session, self.planned.plan, self.origin, self.side.backup.isChecked()

        def work(_progress: Progress) -> tuple[importing.ImportResult, Path | None]:
            saved = backup_places.backup_here(session) if wanted and plan.rows else None
            return importing.carry_out(session, plan, file=name), saved

        self._work(work, self._imported)

    def save_rejects(self, target: Path) -> None:
        """Write the refused rows with their reasons as an Excel file."""
        if self.planned is None:
            return
        session, plan, source = self.session, self.planned.plan, self.path
        target = target if target.suffix else target.with_suffix(".xlsx")

        def work(_progress: Progress) -> Path:
            importing.write_rejects(session, plan, target, source=source)
            return target

        self._work(work, lambda path: self.toast.tell(f"已另存：{path.name}"))

    def may_leave(self) -> bool:
        """Not while the file is being written into the book."""
        return not self.busy

    def _build(self) -> None:
        self.bar.row.insertWidget(0, self.back_arrow)
        self.bar.row.addWidget(self.file_name)
        self.bar.row.addStretch(1)
        file = _over_each_other((self.file_step, 1), (self.past, 0))
        columns = _over_each_other((self.columns_card, 3), (self.preview_card, 2))
        problems = _over_each_other((self.names_card, 1), (self.refusals_card, 1))
        for step in (file, self.header_step, columns, problems, self.result_step):
            self.pages.addWidget(step)
        left = QVBoxLayout()
        left.setContentsMargins(theme.px(20), theme.px(10), theme.px(16), theme.px(12))
        left.setSpacing(theme.px(12))
        steps = QHBoxLayout()
        steps.addWidget(self.stepper)
        steps.addStretch(1)
        left.addLayout(steps)
        left.addWidget(self.pages, 1)
        body = QHBoxLayout()
        body.setSpacing(0)
        body.addLayout(left, 1)
        self._side_line = hairline(vertical=True)
        body.addWidget(self._side_line)
        body.addWidget(self.side)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.bar)
        whole.addWidget(hairline())
        whole.addLayout(body, 1)
        whole.addWidget(hairline())
        whole.addWidget(self._foot())

    def _foot(self) -> QWidget:
        foot = QWidget()
        foot.setFixedHeight(theme.px(54))
        row = QHBoxLayout(foot)
        row.setContentsMargins(theme.px(20), 0, theme.px(16), 0)
        row.setSpacing(theme.px(8))
        row.addWidget(self.back_button)
        self.waiting = label("", fonts.SECOND, tone="2")
        row.addWidget(self.waiting)
        row.addStretch(1)
        row.addWidget(self.cancel_button)
        row.addWidget(self.next_button)
        return foot

    def _connect(self) -> None:
        self.file_step.chosen.connect(self.read_file)
        self.header_step.changed.connect(self.choose_table)
        self.columns_card.changed.connect(self.set_field)
        self.names_card.told.connect(self.tell_name)
        self.past.taken_back.connect(lambda done: self.toast.tell(outcome(done, self.ledger)))
        self.result_step.undo_button.clicked.connect(self.take_back)
        self.next_button.clicked.connect(self.go_on)
        self.back_button.clicked.connect(self.go_back)
        self.cancel_button.clicked.connect(self.closed)
        self.back_arrow.clicked.connect(self.closed)
        self.result_step.again_button.clicked.connect(self.start_again)
        self.result_step.list_button.clicked.connect(lambda: self.list_wanted.emit(self.ledger.key))
        self.result_step.rejects_button.clicked.connect(self._ask_rejects)

    def _turn_to(self, page: int) -> None:
        self.pages.setCurrentIndex(page)
        self.stepper.set_current(page)
        planned = page in (COLUMNS, PROBLEMS)
        self.side.setVisible(planned)
        self._side_line.setVisible(planned)
        self.back_button.setVisible(HEADER <= page <= PROBLEMS)
        self.cancel_button.setText("取消" if page < DONE else "关闭")
        self._show_next()
        if page in (FILE, DONE):
            self.focus_step()

    def _show_next(self) -> None:
        page = self.pages.currentIndex()
        self.next_button.setVisible(page not in (FILE, DONE))
        ready = not self.busy
        if page == PROBLEMS:
            count = len(self.planned.plan.rows) if self.planned is not None else 0
            self.next_button.setText(f"导入 {count} 行" if count else "没有可导入的行")
            ready = ready and count > 0
        elif page < DONE:
            self.next_button.setText(f"下一步：{STEPS[page + 1]}")
            ready = ready and (page != COLUMNS or self.planned is not None)
        self.next_button.setEnabled(ready)
        for widget in (self.back_button, self.cancel_button, self.back_arrow, self.pages):
            widget.setEnabled(not self.busy)

    def _recognised(self, found: tuple[Workbook, RawTable]) -> None:
        self.source, table = found
        self._take_table(table)
        self._turn_to(HEADER)

    def _take_table(self, table: RawTable) -> None:
        assert self.source is not None
        self.table = table
        named = import_names.columns(self.session, self.ledger, table)
        self.mapping = importing.propose(self.ledger, table, named=named)
        self.planned = None
        self.header_step.show_table(self.source, table)

    def _named(self, name: str) -> None:
        self.origin = name
        self.file_name.setText(name)

    def _show_mapping(self) -> None:
        assert self.mapping is not None
        missing = [item.label for item in self.mapping.missing]
        self.columns_card.show_columns(import_view.columns(self.mapping), missing)

    def _plan(self, held: QWidget | None = None, first: Callable[[], object] | None = None) -> None:
        """Do what comes ``first``, plan beside the window, then give ``held`` the focus.

        While a required column is missing there is nothing to plan.
        """
        self.planned = None
        self.side.forget()
        if self.mapping is None or self.table is None or self.mapping.missing:
            if first is not None:
                first()
            self._show_next()
            return
        session, ledger, table, mapping = self.session, self.ledger, self.table, self.mapping

        def work(_progress: Progress) -> Planned:
            if first is not None:
                first()
            plan = importing.plan(session, ledger, table, mapping)
            return Planned(
                plan,
                import_view.preview(session, plan, PREVIEW_ROWS),
                import_view.refusals(plan),
                import_view.new_names(plan, session),
            )

        self._work(work, self._show_plan, held)

    def _show_plan(self, planned: Planned) -> None:
        self.planned = planned
        rows = "—".join(dict.fromkeys(str(row) for row in planned.plan.table.header_rows))
        self.preview_card.show_preview(planned.preview, planned.plan.read, f"表头在第 {rows} 行")
        self.refusals_card.show_refusals(planned.refusals)
        self.names_card.show_names(planned.plan.unknown)
        self.side.show_plan(planned.plan, planned.refusals, planned.new_names)
        self._show_next()

    def _imported(self, outcome: tuple[importing.ImportResult, Path | None]) -> None:
        result, saved = outcome
        assert self.planned is not None
        plan = self.planned.plan
        self.result_step.show_result(
            len(result.numbers),
            len(plan.repeats),
            len(plan.rejected_rows),
            result.pictures,
            saved.name if saved else "",
        )
        self._turn_to(DONE)
        bus().announce(result.changed)
        self.suspicions.compare(imported_ids(result.changed, self.ledger))

    def _ask_rejects(self) -> None:
        name = f"{Path(self.origin).stem or self.ledger.label}-不能导入的行.xlsx"
        chosen, _kind = QFileDialog.getSaveFileName(
            self, "另存不能导入的行", str(paths.documents_dir() / name), "Excel 工作簿 (*.xlsx)"
        )
        if chosen:
            self.save_rejects(Path(chosen))

    def _work(
        self, work: Callable[[Progress], object], done: Callable[[Any], None], held: QWidget | None = None
    ) -> None:
        """Do something beside the window with the buttons off."""
        held = held or QApplication.focusWidget()
        self._set_busy(True)

        def back(action: Callable[[], None]) -> None:
            self._set_busy(False)
            action()
            self._give_focus(held)

        tasks().run(
            work, lambda result: back(lambda: done(result)), lambda error: back(lambda: self._tell(error)), self
        )

    def focus_step(self) -> None:
        """Put the focus where the present step goes on."""
        page = self.pages.currentIndex()
        if page in (FILE, DONE):
            (self.file_step.choose_button if page == FILE else self.result_step.list_button).setFocus()
        else:
            (self.next_button if self.next_button.isEnabled() else self.back_button).setFocus()

    def _give_focus(self, held: QWidget | None) -> None:
        """After work in which everything was off: back to where it was, else to where the step goes on."""
        now = QApplication.focusWidget()
        if not self.isVisible() or (now is not None and not self.isAncestorOf(now)):
            return
        if held is not None and shiboken6.isValid(held) and held.isVisible() and held.isEnabled():
            held.setFocus()
        else:
            self.focus_step()

    def _set_busy(self, busy: bool) -> None:
        self.busy = busy
        self.waiting.setText("请稍候…" if busy else "")
        self._show_next()

    def _tell(self, error: BaseException) -> None:
        if isinstance(error, UserError):
            show_user_error(error, self)
        else:
            show_bug(error, parent=self)
