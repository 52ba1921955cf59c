"""到期可销毁: what may be destroyed and what may not yet; the list to be signed; destroying it; old backups."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QHeaderView, QTableWidgetItem, QVBoxLayout, QWidget

from xiaobao_desktop import paths
from xiaobao_desktop.errors import UserError
from xiaobao_desktop.services import erasing, erasing_papers, retention
from xiaobao_desktop.services.erasing import Leftovers, Result, Returned
from xiaobao_desktop.services.leaving import WayOut
from xiaobao_desktop.services.retention import Candidate
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import fonts, help_key, rights, theme
from xiaobao_desktop.ui.bus import bus
from xiaobao_desktop.ui.dialogs.confirm import confirm
from xiaobao_desktop.ui.dialogs.erasing_questions import ApprovalDialog, HoldDialog, YearsDialog
from xiaobao_desktop.ui.dialogs.error_dialog import show_error, show_user_error
from xiaobao_desktop.ui.dialogs.pdf_dialog import PdfDialog
from xiaobao_desktop.ui.dialogs.waiting import wait_for
from xiaobao_desktop.ui.tasks import Progress, Task, tasks
from xiaobao_desktop.ui.widgets.buttons import DANGER, GHOST, button
from xiaobao_desktop.ui.widgets.cards import Notice
from xiaobao_desktop.ui.widgets.labels import hairline, label
from xiaobao_desktop.ui.widgets.period_selector import QuietCombo
from xiaobao_desktop.ui.widgets.plain_table import PlainTable
from xiaobao_desktop.ui.widgets.segmented import Segmented

TITLE = "到期可销毁"
_READY, _NOT_YET = "ready", "not_yet"
_HEADS = ("", "台账", "编号", "摘要", "起算日期", "可销毁日", "为什么还不能")
_TITLE_COLUMN, _REASON_COLUMN = 3, 6
_SHOWN = 1000
"""Lines shown; more are destroyed in further rounds."""


class ErasingListDialog(PdfDialog):
    """The list to be signed, as it is printed."""

    def __init__(self, session: Session, chosen: Sequence[Candidate], parent: QWidget | None = None) -> None:
        paper = erasing_papers.build(session, chosen)
        way = WayOut(session, erasing_papers.TITLE)
        super().__init__(way, erasing_papers.TITLE, paper.file_name, "erasing", parent)
        self.draw(lambda: erasing_papers.render(paper))


class ErasingDialog(QDialog):
    """The list with its ways.

    Attributes:
        found: as read; shown are those of the chosen part and ledger.
        shown: the lines of the table.
        busy: something is being read.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        help_key.bind(self, "erasing")
        self.setWindowTitle(TITLE)
        theme.surface(self)
        self.resize(theme.px(960), theme.px(600))
        self._session = session
        self._task: Task | None = None
        self.found: list[Candidate] = []
        self.shown: list[Candidate] = []
        self._leftovers = Leftovers()
        self._returned: tuple[Returned, ...] = ()
        self.count = label("", tone="2")
        self.told = Notice("", "green", "circle-check")
        self.returned_notice = Notice("", "red", "circle-alert")
        self.leftovers_notice = Notice("", "amber", "hard-drive")
        self.again_button = button("重新销毁…", DANGER)
        self.drop_button = button("现在删除旧备份…")
        self.parts = Segmented(((_READY, "可销毁"), (_NOT_YET, "还不能销毁")))
        self.ledgers = QuietCombo(self)
        self.all_button = button("全选", GHOST)
        self.years_button = button("保管年限…", GHOST)
        self.table = PlainTable("到期的记录", _HEADS, _TITLE_COLUMN, self._toggle)
        self.chosen_words = label("", tone="2")
        self.print_button = button("打印清单…", icon="printer")
        self.sheet_button = button("导出 Excel…", icon="file-spreadsheet")
        self.hold_button = button("保留…")
        self.erase_button = button("销毁…", DANGER)
        self.close_button = button("关闭", shortcut="Esc")
        self._build()
        self._connect()
        writing = (self.hold_button, self.erase_button, self.years_button, self.again_button, self.drop_button)
        rights.restrict(session, *writing, self.sheet_button, self.print_button)
        self.read()

    @property
    def busy(self) -> bool:
        """Whether the list is being read."""
        return self._task is not None

    def chosen(self) -> list[Candidate]:
        """The ticked records."""
        checked = Qt.CheckState.Checked
        return [one for row, one in enumerate(self.shown) if (item := self._box(row)) and item.checkState() is checked]

    def read(self) -> None:
        """Let the worker read the list, and what old backups still hold."""
        session = self._session
        self.count.setText("正在查找…")

        def work(_progress: Progress) -> tuple[list[Candidate], Leftovers, tuple[Returned, ...]]:
            found = retention.candidates(session, session.today())
            return found, erasing.leftovers(session), erasing.returned(session)

        self._task = tasks().run(work, self._show, self._failed, self)

    def choose_all(self) -> None:
        """Tick every line, or none when all are ticked."""
        every = len(self.chosen()) == len(self.shown)
        for row in range(len(self.shown)):
            if (box := self._box(row)) is not None:
                box.setCheckState(Qt.CheckState.Unchecked if every else Qt.CheckState.Checked)

    def erase(self) -> None:
        """Ask for approval and confirmation, and destroy what is ticked."""
        session, chosen = self._session, self.chosen()
        dialog = ApprovalDialog(session, len(chosen), self)
        accepted = dialog.exec() == QDialog.DialogCode.Accepted
        approval, typed = dialog.approval, dialog.typed
        dialog.deleteLater()
        if not accepted:
            return
        result = self._done("正在销毁并清理账簿…", lambda: erasing.erase(session, chosen, approval, typed))
        if isinstance(result, Result):
            self.told.set_text(_result_words(result))
            bus().announce(one.place for one in chosen)
            self.read()

    def erase_again(self) -> None:
        """Destroy what a restored backup brought back."""
        session, back = self._session, self._returned
        count = sum(len(item.records) for item in back)
        text = "按当时的批准再销毁一次，不能恢复。"
        if confirm(self, f"重新销毁 {count} 件？", text, yes="销毁", danger=True):
            done = self._done("正在销毁并清理账簿…", lambda: erasing.erase_again(session, back))
            if done is not None:
                self.told.set_text(f"已按当时的批准重新销毁 {count} 件。")
                bus().announce(one[:2] for item in back for one in item.records)
                self.read()

    def drop_leftovers(self) -> None:
        """Back up anew, then delete what still holds destroyed content."""
        session, left = self._session, self._leftovers
        text = "先在同一处做一份新备份并查验，成功后才删除这些旧备份；删除后不能再恢复到那些日子。"
        if confirm(self, f"删除 {len(left.copies)} 份旧备份？", text, yes="删除", danger=True):
            after = self._done("正在备份、查验、删除…", lambda: erasing.drop_leftovers(session, left))
            if isinstance(after, Leftovers):
                self.told.set_text(f"已做新备份，删除旧备份 {len(left.copies) - len(after.copies)} 份。")
                self.read()

    def hold_or_release(self) -> None:
        """Mark the line to be kept, or take its mark away."""
        row = self.table.currentRow()
        if not 0 <= row < len(self.shown):
            return
        one = self.shown[row]
        try:
            if one.held:
                retention.release(self._session, one)
            else:
                dialog = HoldDialog(self._session, one.number, self)
                accepted, reason = dialog.exec() == QDialog.DialogCode.Accepted, dialog.reason
                dialog.deleteLater()
                if not accepted:
                    return
                retention.hold(self._session, one, reason)
        except UserError as error:
            show_user_error(error, self)
            return
        self.read()

    def print_list(self) -> None:
        """Show the list to be signed."""
        dialog = ErasingListDialog(self._session, self.chosen(), self)
        dialog.exec()
        dialog.deleteLater()

    def export_list(self) -> None:
        """Ask where to, and write the list as a workbook."""
        proposed = paths.documents_dir() / f"{erasing_papers.TITLE}{self._session.today():%Y%m%d}.xlsx"
        target, _kind = QFileDialog.getSaveFileName(self, "导出清单", str(proposed), "Excel 工作簿 (*.xlsx)")
        if target:
            session, chosen, file = self._session, self.chosen(), Path(target).with_suffix(".xlsx")
            if self._done("正在导出…", lambda: erasing_papers.write_sheet(session, chosen, file)) is not None:
                self.told.set_text(f"已导出：{file.name}")

    def set_years(self) -> None:
        """Show how long each ledger keeps its records."""
        dialog = YearsDialog(self._session, self)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            bus().settings_changed.emit()
            self.read()
        dialog.deleteLater()

    def _done(self, words: str, work: Callable[[], object]) -> object:
        """What ``work`` gives, done by the worker; None when it was refused, which is told."""
        try:
            return wait_for(words, lambda _progress: work(), self)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is shown, and a defect is kept
            show_error(error, self)
        return None

    def _show(self, read: tuple[list[Candidate], Leftovers, tuple[Returned, ...]]) -> None:
        self._task = None
        self.found, self._leftovers, self._returned = read
        ready = sum(one.ready for one in self.found)
        self.count.setText(f"可销毁 {ready} 件，还不能销毁 {len(self.found) - ready} 件")
        self.leftovers_notice.set_text(_leftover_words(self._leftovers))
        self.drop_button.setVisible(bool(self._leftovers.copies))
        numbers = [number for item in self._returned for number in item.numbers]
        self.returned_notice.set_text(_returned_words(numbers))
        self.again_button.setVisible(bool(numbers))
        kept = self.ledgers.currentData()
        self.ledgers.blockSignals(True)
        self.ledgers.clear()
        self.ledgers.addItem("全部台账", "")
        for key, name in {one.ledger.key: one.ledger.label for one in self.found}.items():
            self.ledgers.addItem(name, key)
        self.ledgers.setCurrentIndex(max(0, self.ledgers.findData(kept)))
        self.ledgers.blockSignals(False)
        self._show_lines()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_lines(self) -> None:
        ready, ledger = self.parts.current() == _READY, self.ledgers.currentData() or ""
        wanted = [one for one in self.found if one.ready == ready and ledger in ("", one.ledger.key)]
        self.shown = wanted[:_SHOWN]
        self.table.blockSignals(True)
        self.table.fill([_cells(one) for one in self.shown], [False] * len(self.shown), least=8)
        self.table.setMinimumHeight(theme.px(200))
        self.table.setMaximumHeight(16_777_215)
        for row in range(len(self.shown)):
            if ready and (box := self._box(row)) is not None:
                box.setFlags(box.flags() | Qt.ItemFlag.ItemIsUserCheckable)
                box.setCheckState(Qt.CheckState.Unchecked)
        self.table.setColumnHidden(0, not ready)
        self.table.setColumnHidden(_REASON_COLUMN, ready)
        self.table.blockSignals(False)
        header, modes = self.table.horizontalHeader(), QHeaderView.ResizeMode
        header.setSectionResizeMode(_TITLE_COLUMN, modes.Stretch if ready else modes.ResizeToContents)
        header.setSectionResizeMode(_REASON_COLUMN, modes.ResizeToContents if ready else modes.Stretch)
        self.all_button.setVisible(ready)
        self._show_chosen()

    def _show_chosen(self) -> None:
        number, ready = len(self.chosen()), self.parts.current() == _READY
        row = self.table.currentRow()
        held = 0 <= row < len(self.shown) and self.shown[row].held
        words = f"已选 {number} 件" if ready and self.shown else ""
        if words and len(self.shown) == _SHOWN:
            words += f"，先显示 {_SHOWN} 件，销毁后再显示其余"
        if not self.shown and not self.busy:
            words = "没有到期可以销毁的记录。" if ready else "没有别的到期记录。"
        self.chosen_words.setText(words)
        self.all_button.setText("全不选" if number and number == len(self.shown) else "全选")
        for thing in (self.print_button, self.sheet_button, self.erase_button):
            thing.setVisible(ready)
            thing.setEnabled(number > 0)
        self.hold_button.setText("取消保留" if held else "保留…")
        self.hold_button.setEnabled(bool(self.shown))

    def _box(self, row: int) -> QTableWidgetItem | None:
        return self.table.item(row, 0)

    def _toggle(self) -> None:
        """Enter or a double click ticks the line."""
        box = self._box(self.table.currentRow())
        if box is not None and self.parts.current() == _READY:
            ticked = box.checkState() is Qt.CheckState.Checked
            box.setCheckState(Qt.CheckState.Unchecked if ticked else Qt.CheckState.Checked)

    def _failed(self, error: BaseException) -> None:
        self._task = None
        self.count.setText("没有查完")
        show_error(error, self)

    def _connect(self) -> None:
        self.parts.chosen.connect(lambda _key: self._show_lines())
        self.ledgers.currentIndexChanged.connect(lambda _place: self._show_lines())
        self.table.itemChanged.connect(lambda _item: self._show_chosen())
        self.table.itemSelectionChanged.connect(self._show_chosen)
        for thing, act in (
            (self.all_button, self.choose_all),
            (self.years_button, self.set_years),
            (self.print_button, self.print_list),
            (self.sheet_button, self.export_list),
            (self.hold_button, self.hold_or_release),
            (self.erase_button, self.erase),
            (self.again_button, self.erase_again),
            (self.drop_button, self.drop_leftovers),
            (self.close_button, self.reject),
        ):
            thing.clicked.connect(lambda _on=False, act=act: act())

    def _build(self) -> None:
        edge = theme.px(20)
        column = QVBoxLayout()
        column.setContentsMargins(edge, theme.px(12), edge, theme.px(12))
        column.setSpacing(theme.px(10))
        for notice, way in (
            (self.told, None),
            (self.returned_notice, self.again_button),
            (self.leftovers_notice, self.drop_button),
        ):
            column.addLayout(_row((notice,), (way,) if way else (), stretched=True))
            notice.set_text("")
            if way is not None:
                way.hide()
        self.ledgers.setAccessibleName("台账")
        self.ledgers.setMinimumWidth(theme.px(120))
        column.addLayout(_row((self.parts, self.ledgers, self.all_button), (self.years_button,)))
        column.addWidget(self.table, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        head = _row((label(TITLE, fonts.PAGE_TITLE, medium=True), self.count), ())
        head.setContentsMargins(edge, theme.px(14), edge, theme.px(12))
        ways = (self.hold_button, self.sheet_button, self.print_button, self.erase_button, self.close_button)
        foot = _row((self.chosen_words,), ways)
        foot.setContentsMargins(edge, theme.px(10), edge, theme.px(10))
        whole.addLayout(head)
        whole.addWidget(hairline())
        whole.addLayout(column, 1)
        whole.addWidget(hairline())
        whole.addLayout(foot)


def _row(left: Iterable[QWidget], right: Iterable[QWidget], *, stretched: bool = False) -> QHBoxLayout:
    """Widgets at both ends of a line; ``stretched`` gives those at the left the room between."""
    row = QHBoxLayout()
    row.setSpacing(theme.px(8))
    for widget in left:
        row.addWidget(widget, 1 if stretched else 0)
    if not stretched:
        row.addStretch(1)
    for widget in right:
        row.addWidget(widget)
    return row


def _cells(one: Candidate) -> tuple[str, ...]:
    title = f"{one.title}（回收站）" if one.deleted else one.title
    return ("", one.ledger.label, one.number, title, one.ended_on, one.due_on, "；".join(one.reasons))


def _result_words(result: Result) -> str:
    words = f"已销毁 {result.records} 件记录的内容，清除附件 {result.files} 个；校验链完整，统计数字不变。"
    if not result.tidied:
        words += "磁盘空间不够，账簿文件没有整理完，搜索索引里还可能有零散的字。请清出空间，下次销毁时一并整理。"
    if result.exports:
        words += f"这些台账以前导出过 {result.exports} 次，发出去的文件不归小保管，请按导出台账收回或销毁。"
    return words


def _leftover_words(left: Leftovers) -> str:
    parts = []
    if left.copies:
        days = "、".join(f"{copy.made_at:%Y-%m-%d}" for copy in left.copies[:4])
        more = "等" if len(left.copies) > 4 else ""
        parts.append(
            f"这 {len(left.copies)} 份旧备份（{days}{more}）还含有已销毁的内容。"
            "以后做新备份时会逐步清掉，最长要一年；也可以现在删除。"
        )
    if left.files:
        parts.append(f"备份位置里有 {left.files} 个附件没有删掉，请检查 U 盘是否写保护，再打开这里一次。")
    return "".join(parts)


def _returned_words(numbers: Sequence[str]) -> str:
    if not numbers:
        return ""
    told = "、".join(numbers[:5]) + ("等" if len(numbers) > 5 else "")
    return f"恢复备份后，已经批准销毁的 {len(numbers)} 件（{told}）又回到了账簿里。请重新销毁。"
